//! Controls and recommendations that speak of Azure alone.

use packet::{Family, Protocol};

use super::{About, Control, Recommendation, all};

const AZURE: About = About::cloud("azure");

/// A recommendation of Defender for Cloud.
pub(crate) const fn defender(name: &'static str) -> Recommendation {
    Recommendation { cloud: "azure", name }
}

/// RDP from the Internet is evaluated and restricted.
pub(super) const RDP: [Control; 6] = all(
    "CIS Azure",
    &[("2.0", "6.1"), ("2.1", "6.1"), ("3.0", "7.1"), ("4.0", "8.1"), ("5.0", "7.1"), ("6.0", "7.1")],
    About {
        ports: &[(Protocol::TCP, 3389, 3389), (Protocol::UDP, 3389, 3389)],
        open_over: &Family::BOTH,
        ..AZURE
    },
);

/// SSH from the Internet is evaluated and restricted.
pub(super) const SSH: [Control; 6] = all(
    "CIS Azure",
    &[("2.0", "6.2"), ("2.1", "6.2"), ("3.0", "7.2"), ("4.0", "8.2"), ("5.0", "7.2"), ("6.0", "7.2")],
    About { ports: &[(Protocol::TCP, 22, 22)], open_over: &Family::BOTH, ..AZURE },
);

/// UDP from the Internet is evaluated and restricted.
pub(super) const UDP: [Control; 6] = all(
    "CIS Azure",
    &[("2.0", "6.3"), ("2.1", "6.3"), ("3.0", "7.3"), ("4.0", "8.3"), ("5.0", "7.3"), ("6.0", "7.3")],
    About { ports: &[(Protocol::UDP, 0, u16::MAX)], open_over: &Family::BOTH, ..AZURE },
);

/// HTTP and HTTPS from the Internet are evaluated and restricted.
pub(super) const WEB: [Control; 6] = all(
    "CIS Azure",
    &[("2.0", "6.4"), ("2.1", "6.4"), ("3.0", "7.4"), ("4.0", "8.4"), ("5.0", "7.4"), ("6.0", "7.4")],
    About { ports: &[(Protocol::TCP, 80, 80), (Protocol::TCP, 443, 443)], open_over: &Family::BOTH, ..AZURE },
);

/// No SQL database takes anybody.
pub(super) const DATABASES: [Control; 3] = all(
    "CIS Azure",
    &[("2.0", "4.1.2"), ("2.1", "4.1.2"), ("3.0", "5.1.2")],
    About { kinds: &["sql-server"], ..AZURE },
);

/// The public endpoint of storage is closed.
pub(super) const STORAGE: [Control; 5] = all(
    "CIS Azure",
    &[("2.1", "3.7"), ("3.0", "4.6"), ("4.0", "10.3.2.2"), ("5.0", "9.3.2.2"), ("6.0", "9.3.2.2")],
    About { kinds: &["storage-account"], ..AZURE },
);

/// The public endpoint of key vaults is closed.
pub(super) const VAULTS: [Control; 3] = all(
    "CIS Azure",
    &[("4.0", "9.3.7"), ("5.0", "8.3.7"), ("6.0", "8.3.7")],
    About { kinds: &["key-vault"], ..AZURE },
);

/// Every subnet has a group.
pub(super) const SUBNETS: [Control; 2] = all("CIS Azure", &[("5.0", "7.11"), ("6.0", "7.11")], AZURE);

/// Requests are filtered before what serves them.
pub(super) const CONTENT: [Control; 1] = all("CIS Azure", &[("5.0", "7.10")], AZURE);

/// The cloud security benchmark of Microsoft, of whose sections one is named where it fits.
pub(super) const fn benchmark(id: &'static str) -> Control {
    Control { framework: "MCSB", version: "v1", id, about: AZURE }
}
