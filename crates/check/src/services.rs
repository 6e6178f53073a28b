//! Well-known services: which port is whose, what people call it, and what class it is in.
//!
//! Knows no severity; `severity` has those.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use packet::{PortSet, Protocol};

/// What kind of ports are reached. Complete: every port of every exposure is in one at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// Whoever gets in runs the machine.
    Administration,
    /// Whoever gets in reads or writes its data.
    Database,
    /// Every port of a protocol but at most 1,024, or every protocol.
    AllPorts,
    /// Answers a small question from a forged address with a large answer (UDP only).
    Amplifier,
    /// None of the others.
    Other,
    /// Usually meant to be reached: HTTP and HTTPS.
    Web,
    /// A protocol without ports by itself: ICMP, ESP, AH.
    Portless,
    /// HTTP and HTTPS of a service with a filter of its own, where they lead to data and not to pages.
    Endpoint,
}

impl Class {
    /// All that ports are in by themselves.
    pub const ALL: [Self; 7] = [
        Self::Administration,
        Self::Database,
        Self::AllPorts,
        Self::Amplifier,
        Self::Other,
        Self::Web,
        Self::Portless,
    ];
}

/// A service on its well-known port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// The protocol.
    pub protocol: Protocol,
    /// The port.
    pub port: u16,
    /// What people call it: `RDP`.
    pub name: &'static str,
    /// What reaching it means.
    pub class: Class,
}

/// Every service that is known, the best known of a class first. A port may be in two classes.
pub static SERVICES: &[Service] = &[
    administration(Protocol::TCP, 22, "SSH"),
    administration(Protocol::TCP, 3389, "RDP"),
    administration(Protocol::UDP, 3389, "RDP"),
    administration(Protocol::TCP, 5985, "WinRM"),
    administration(Protocol::TCP, 5986, "WinRM"),
    administration(Protocol::TCP, 23, "Telnet"),
    administration(Protocol::TCP, 445, "SMB"),
    administration(Protocol::TCP, 135, "RPC"),
    administration(Protocol::TCP, 139, "NetBIOS"),
    administration(Protocol::TCP, 5900, "VNC"),
    administration(Protocol::TCP, 5901, "VNC"),
    administration(Protocol::TCP, 2375, "Docker"),
    administration(Protocol::TCP, 2376, "Docker"),
    administration(Protocol::TCP, 6443, "Kubernetes"),
    administration(Protocol::TCP, 10250, "Kubelet"),
    administration(Protocol::UDP, 623, "IPMI"),
    administration(Protocol::TCP, 512, "rexec"),
    administration(Protocol::TCP, 513, "rlogin"),
    administration(Protocol::TCP, 514, "rsh"),
    database(Protocol::TCP, 1433, "SQL Server"),
    database(Protocol::TCP, 3306, "MySQL"),
    database(Protocol::TCP, 5432, "PostgreSQL"),
    database(Protocol::TCP, 1521, "Oracle"),
    database(Protocol::TCP, 27017, "MongoDB"),
    database(Protocol::TCP, 27018, "MongoDB"),
    database(Protocol::TCP, 27019, "MongoDB"),
    database(Protocol::TCP, 6379, "Redis"),
    database(Protocol::TCP, 9200, "Elasticsearch"),
    database(Protocol::TCP, 9300, "Elasticsearch"),
    database(Protocol::TCP, 1434, "SQL Server"),
    database(Protocol::TCP, 3342, "SQL Server"),
    database(Protocol::UDP, 1434, "SQL Server Browser"),
    database(Protocol::TCP, 5984, "CouchDB"),
    database(Protocol::TCP, 7000, "Cassandra"),
    database(Protocol::TCP, 9042, "Cassandra"),
    database(Protocol::TCP, 10255, "MongoDB"),
    database(Protocol::TCP, 10350, "Cassandra"),
    database(Protocol::TCP, 11211, "Memcached"),
    database(Protocol::UDP, 11211, "Memcached"),
    database(Protocol::TCP, 50000, "Db2"),
    database(Protocol::TCP, 2379, "etcd"),
    database(Protocol::TCP, 2483, "Oracle"),
    database(Protocol::TCP, 2484, "Oracle"),
    database(Protocol::TCP, 5439, "Redshift"),
    database(Protocol::TCP, 6380, "Redis"),
    database(Protocol::TCP, 7687, "Neo4j"),
    database(Protocol::TCP, 8086, "InfluxDB"),
    database(Protocol::TCP, 26257, "CockroachDB"),
    database(Protocol::TCP, 33060, "MySQL"),
    amplifier(53, "DNS"),
    amplifier(123, "NTP"),
    amplifier(161, "SNMP"),
    amplifier(389, "CLDAP"),
    amplifier(1900, "SSDP"),
    amplifier(11211, "Memcached"),
    amplifier(17, "QOTD"),
    amplifier(19, "CHARGEN"),
    amplifier(69, "TFTP"),
    amplifier(111, "Portmapper"),
    amplifier(137, "NetBIOS"),
    amplifier(520, "RIP"),
    amplifier(1434, "SQL Server Browser"),
    amplifier(3283, "Apple Remote Desktop"),
    amplifier(3702, "WS-Discovery"),
    amplifier(5353, "mDNS"),
    amplifier(5683, "CoAP"),
    amplifier(10001, "Ubiquiti Discovery"),
    amplifier(37810, "DHDiscover"),
    web(Protocol::TCP, 80, "HTTP"),
    web(Protocol::TCP, 443, "HTTPS"),
    web(Protocol::UDP, 443, "HTTP/3"),
    other(Protocol::TCP, 21, "FTP"),
    other(Protocol::TCP, 25, "SMTP"),
    other(Protocol::TCP, 53, "DNS"),
    other(Protocol::TCP, 110, "POP3"),
    other(Protocol::TCP, 111, "Portmapper"),
    other(Protocol::TCP, 143, "IMAP"),
    other(Protocol::TCP, 389, "LDAP"),
    other(Protocol::TCP, 587, "SMTP"),
    other(Protocol::TCP, 636, "LDAPS"),
    other(Protocol::TCP, 993, "IMAPS"),
    other(Protocol::TCP, 995, "POP3S"),
    other(Protocol::TCP, 2049, "NFS"),
    other(Protocol::UDP, 500, "IKE"),
    other(Protocol::UDP, 514, "syslog"),
    other(Protocol::UDP, 1194, "OpenVPN"),
    other(Protocol::UDP, 4500, "IPsec"),
    other(Protocol::UDP, 51820, "WireGuard"),
];

/// The ports of a class, by protocol.
pub(crate) fn ports(class: Class) -> &'static BTreeMap<Protocol, PortSet> {
    static NONE: BTreeMap<Protocol, PortSet> = BTreeMap::new();
    static PORTS: LazyLock<BTreeMap<Class, BTreeMap<Protocol, PortSet>>> = LazyLock::new(|| {
        let mut ports: BTreeMap<Class, BTreeMap<Protocol, PortSet>> = BTreeMap::new();
        for service in SERVICES {
            let of = ports.entry(service.class).or_default();
            let of = of.entry(service.protocol).or_insert_with(PortSet::empty);
            *of = of.union(&PortSet::only(service.port));
        }
        ports
    });
    PORTS.get(&class).unwrap_or(&NONE)
}

const fn administration(protocol: Protocol, port: u16, name: &'static str) -> Service {
    Service { protocol, port, name, class: Class::Administration }
}

const fn database(protocol: Protocol, port: u16, name: &'static str) -> Service {
    Service { protocol, port, name, class: Class::Database }
}

const fn amplifier(port: u16, name: &'static str) -> Service {
    Service { protocol: Protocol::UDP, port, name, class: Class::Amplifier }
}

const fn web(protocol: Protocol, port: u16, name: &'static str) -> Service {
    Service { protocol, port, name, class: Class::Web }
}

const fn other(protocol: Protocol, port: u16, name: &'static str) -> Service {
    Service { protocol, port, name, class: Class::Other }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_port_is_in_a_class_once_and_has_one_name() {
        let rows: BTreeSet<_> = SERVICES.iter().map(|s| (s.protocol, s.port, s.class)).collect();
        assert_eq!(rows.len(), SERVICES.len());
        let places: BTreeSet<_> = SERVICES.iter().map(|s| (s.protocol, s.port)).collect();
        let names: BTreeSet<_> = SERVICES.iter().map(|s| (s.protocol, s.port, s.name)).collect();
        assert_eq!(places.len(), names.len());
    }

    #[test]
    fn what_is_other_or_web_is_in_no_second_class() {
        for service in SERVICES.iter().filter(|s| matches!(s.class, Class::Other | Class::Web)) {
            let here = |s: &&Service| (s.protocol, s.port) == (service.protocol, service.port);
            assert_eq!(SERVICES.iter().filter(here).count(), 1, "{service:?}");
        }
    }

    #[test]
    fn a_class_has_its_ports_and_no_others() {
        let tcp = &ports(Class::Administration)[&Protocol::TCP];
        for (port, expected) in
            [(21, false), (22, true), (23, true), (24, false), (3388, false), (3389, true)]
        {
            assert_eq!(tcp.contains(port), expected, "{port}");
        }
        assert!(!ports(Class::Administration)[&Protocol::UDP].contains(22));
        assert!(!ports(Class::Amplifier).contains_key(&Protocol::TCP));
        assert!(ports(Class::AllPorts).is_empty());
    }
}
