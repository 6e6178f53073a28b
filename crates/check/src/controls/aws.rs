//! Controls that speak of AWS alone: the benchmark of CIS, and the controls of Security Hub by their own ids.
//!
//! A benchmark names `0.0.0.0/0` and `::/0`. Two halves satisfy its letter and defeat its purpose: they fail it here.

use packet::{Family, Protocol};

use super::{About, Control, all};

const AWS: About = About::cloud("aws");
const GROUPS: About = About { kinds: &["security-group"], ..AWS };
const NETWORK_LISTS: About = About { kinds: &["network-acl"], ..AWS };

type Ports = &'static [(Protocol, u16, u16)];

const SSH: Ports = &[(Protocol::TCP, 22, 22)];
const RDP: Ports = &[(Protocol::TCP, 3389, 3389)];
const SSH_AND_RDP: Ports = &[
    (Protocol::TCP, 22, 22),
    (Protocol::TCP, 3389, 3389),
    (Protocol::UDP, 22, 22),
    (Protocol::UDP, 3389, 3389),
];
/// These, and what else machines are run from: Telnet, VNC, WinRM.
const REMOTE: Ports = &[
    (Protocol::TCP, 22, 23),
    (Protocol::TCP, 3389, 3389),
    (Protocol::TCP, 5900, 5901),
    (Protocol::TCP, 5985, 5986),
    (Protocol::UDP, 22, 22),
    (Protocol::UDP, 3389, 3389),
];
const FILES: Ports = &[(Protocol::TCP, 445, 445)];
/// Every port but 80 and 443 of TCP, which Security Hub takes to be meant.
const UNAUTHORISED: Ports = &[
    (Protocol::TCP, 0, 79),
    (Protocol::TCP, 81, 442),
    (Protocol::TCP, 444, u16::MAX),
    (Protocol::UDP, 0, u16::MAX),
];
/// What EC2.19 lists, all of TCP.
const HIGH_RISK: Ports = &[
    (Protocol::TCP, 20, 23),
    (Protocol::TCP, 25, 25),
    (Protocol::TCP, 110, 110),
    (Protocol::TCP, 135, 135),
    (Protocol::TCP, 143, 143),
    (Protocol::TCP, 445, 445),
    (Protocol::TCP, 1433, 1434),
    (Protocol::TCP, 3000, 3000),
    (Protocol::TCP, 3306, 3306),
    (Protocol::TCP, 3389, 3389),
    (Protocol::TCP, 4333, 4333),
    (Protocol::TCP, 5000, 5000),
    (Protocol::TCP, 5432, 5432),
    (Protocol::TCP, 5500, 5500),
    (Protocol::TCP, 5601, 5601),
    (Protocol::TCP, 8080, 8080),
    (Protocol::TCP, 8088, 8088),
    (Protocol::TCP, 8888, 8888),
    (Protocol::TCP, 9200, 9200),
    (Protocol::TCP, 9300, 9300),
];

const fn hub(id: &'static str, about: About) -> Control {
    Control { framework: "AWS Security Hub", version: "CSPM", id, about }
}

/// No network list lets everybody in on a port of administration.
pub(super) const NETWORK_LISTS_REMOTE: [Control; 7] = all(
    "CIS AWS",
    &[
        ("1.5", "5.1"),
        ("2.0", "5.1"),
        ("3.0", "5.1"),
        ("4.0.1", "5.2"),
        ("5.0", "5.2"),
        ("6.0", "6.2"),
        ("7.0", "6.2"),
    ],
    About { ports: REMOTE, open_over: &[Family::V4], ..NETWORK_LISTS },
);

/// No group lets everybody in on a port of administration, over IPv4.
pub(super) const GROUPS_REMOTE_V4: [Control; 7] = all(
    "CIS AWS",
    &[
        ("1.5", "5.2"),
        ("2.0", "5.2"),
        ("3.0", "5.2"),
        ("4.0.1", "5.3"),
        ("5.0", "5.3"),
        ("6.0", "6.3"),
        ("7.0", "6.3"),
    ],
    About { ports: REMOTE, open_over: &[Family::V4], ..GROUPS },
);

/// The same over IPv6.
pub(super) const GROUPS_REMOTE_V6: [Control; 7] = all(
    "CIS AWS",
    &[
        ("1.5", "5.3"),
        ("2.0", "5.3"),
        ("3.0", "5.3"),
        ("4.0.1", "5.4"),
        ("5.0", "5.4"),
        ("6.0", "6.4"),
        ("7.0", "6.4"),
    ],
    About { ports: REMOTE, open_over: &[Family::V6], ..GROUPS },
);

/// Shared files are for networks that are trusted.
pub(super) const GROUPS_FILES: [Control; 4] = all(
    "CIS AWS",
    &[("4.0.1", "5.1.2"), ("5.0", "5.1.2"), ("6.0", "6.1.2"), ("7.0", "6.1.2")],
    About { ports: FILES, open_over: &Family::BOTH, ..GROUPS },
);

/// The group that every network starts with lets nothing in.
pub(super) const DEFAULT_GROUPS: [Control; 7] = all(
    "CIS AWS",
    &[
        ("1.5", "5.4"),
        ("2.0", "5.4"),
        ("3.0", "5.4"),
        ("4.0.1", "5.5"),
        ("5.0", "5.5"),
        ("6.0", "6.5"),
        ("7.0", "6.5"),
    ],
    GROUPS,
);

/// No database of RDS is publicly accessible.
pub(super) const DATABASES: [Control; 2] =
    all("CIS AWS", &[("3.0", "2.3.3"), ("5.0", "2.2.3")], About { kinds: &["rds-instance"], ..AWS });

/// What Security Hub asks of groups.
pub(super) const HUB_GROUPS: [Control; 6] = [
    hub("EC2.13", About { ports: SSH, open_over: &Family::BOTH, ..GROUPS }),
    hub("EC2.14", About { ports: RDP, open_over: &Family::BOTH, ..GROUPS }),
    hub("EC2.18", About { ports: UNAUTHORISED, open_over: &Family::BOTH, ..GROUPS }),
    hub("EC2.19", About { ports: HIGH_RISK, open_over: &Family::BOTH, ..GROUPS }),
    hub("EC2.53", About { ports: SSH_AND_RDP, open_over: &[Family::V4], ..GROUPS }),
    hub("EC2.54", About { ports: SSH_AND_RDP, open_over: &[Family::V6], ..GROUPS }),
];

/// What it asks of the lists of networks.
pub(super) const HUB_NETWORK_LISTS: [Control; 1] =
    [hub("EC2.21", About { ports: SSH_AND_RDP, open_over: &[Family::V4], ..NETWORK_LISTS })];

/// What it asks of the group that every network starts with.
pub(super) const HUB_DEFAULT_GROUPS: [Control; 1] = [hub("EC2.2", GROUPS)];

/// What it asks of services that AWS runs: no public endpoint, whoever gets in by it.
pub(super) const HUB_SERVICES: [Control; 4] = [
    hub("EKS.1", About { kinds: &["eks-cluster"], ..AWS }),
    hub("Opensearch.2", About { kinds: &["opensearch-domain"], ..AWS }),
    hub("RDS.2", About { kinds: &["rds-instance"], ..AWS }),
    hub("Redshift.1", About { kinds: &["redshift-cluster"], ..AWS }),
];
