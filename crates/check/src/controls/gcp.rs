//! Controls that speak of Google Cloud alone: the benchmark of CIS.
//!
//! Its letter names rules of VPC networks and `0.0.0.0/0`. A rule of a firewall policy, two halves and `::/0` satisfy
//! that letter and defeat its purpose: they fail it here. Not here: 4.9, no machine has an external address, which a
//! finding about what a filter lets in cannot answer; 3.10 of old and 3.12 of new, which ask who stands behind the
//! Identity-Aware Proxy.

use packet::{Family, Protocol};

use super::{About, Control, all};

const GCP: About = About::cloud("gcp");
/// What stands in front of machines.
const RULES: About = About { kinds: &["vpc-firewall", "firewall-policy"], open_over: &Family::BOTH, ..GCP };

/// SSH from the Internet is restricted.
pub(super) const SSH: [Control; 4] = all(
    "CIS Google Cloud",
    &[("2.0", "3.6"), ("3.0", "3.6"), ("4.0", "3.6"), ("5.0", "3.6")],
    About { ports: &[(Protocol::TCP, 22, 22)], ..RULES },
);

/// RDP from the Internet is restricted.
pub(super) const RDP: [Control; 4] = all(
    "CIS Google Cloud",
    &[("2.0", "3.7"), ("3.0", "3.7"), ("4.0", "3.7"), ("5.0", "3.7")],
    About { ports: &[(Protocol::TCP, 3389, 3389)], ..RULES },
);

/// The network that every project starts with is not there.
pub(super) const DEFAULT_NETWORK: [Control; 4] = all(
    "CIS Google Cloud",
    &[("2.0", "3.1"), ("3.0", "3.1"), ("4.0", "3.1"), ("5.0", "3.1")],
    About { kinds: &["vpc-firewall"], ..GCP },
);

/// No database of Cloud SQL takes every public address.
pub(super) const DATABASES: [Control; 4] = all(
    "CIS Google Cloud",
    &[("2.0", "6.5"), ("3.0", "6.5"), ("4.0", "6.5"), ("5.0", "6.5")],
    About { kinds: &["cloud-sql-instance"], open_over: &Family::BOTH, ..GCP },
);
