//! SQL servers and managed instances, PostgreSQL, MySQL, MariaDB, Synapse, Redis (P1 to P5).

use serde_json::Value;

use super::super::Estate;
use super::super::fields::{field, has, reference, text};
use super::super::verdict::Verdict;
use super::super::way::{Carries, Gate, Way};
use super::clients::{Clients, Interval};
use super::{Access, endpoint, endpoint_of};

impl Estate {
    pub(super) fn database_ways(&self) -> Vec<Way> {
        let mut ways = Vec::new();
        for server in self.all("microsoft.sql/servers") {
            // P1: a list of each family; where none of IPv6 is in the input there is none.
            let access = Access::of(server);
            let four = self.ranges(server, &["microsoft.sql/servers/firewallrules"]);
            let six = "microsoft.sql/servers/ipv6firewallrules";
            let six = Clients::union_of(self.children(six, server).map(range));
            ways.extend(endpoint_of(server, [true, false], &[1433], access.over(four)));
            ways.extend(endpoint_of(server, [false, true], &[1433], access.over(six)));
        }
        for (kind, port) in SERVERS {
            for server in self.all(kind) {
                let list = self.ranges(server, &[&format!("{kind}/firewallrules")]);
                // P3: injected into a network.
                let delegated = field(server, "network")
                    .is_some_and(|it| text(it, "delegatedSubnetResourceId").is_some());
                let nested = field(server, "network").filter(|it| has(it, "publicNetworkAccess"));
                let nested = nested.map(Access::of).filter(|it| *it != Access::Untold);
                let access = nested.unwrap_or_else(|| Access::of(server));
                let clients = if delegated { Clients::Always(Verdict::Deny) } else { access.over(list) };
                ways.extend(endpoint(server, &[*port], clients));
            }
        }
        for workspace in self.all("microsoft.synapse/workspaces") {
            let list = self.ranges(workspace, &["microsoft.synapse/workspaces/firewallrules"]);
            ways.extend(endpoint(workspace, &[443, 1433], Access::of(workspace).over(list)));
        }
        ways.extend(self.all("microsoft.cache/redis").iter().filter_map(|cache| self.cache_way(cache)));
        let instances = self.all("microsoft.sql/managedinstances").iter();
        ways.extend(instances.filter_map(|instance| self.instance_way(instance)));
        ways
    }

    /// P1: the union of closed intervals. Where the input holds none of a server, it does not say whether there are
    /// some.
    fn ranges(&self, server: &Value, kinds: &[&str]) -> Clients {
        let rules: Vec<&Value> = kinds.iter().flat_map(|kind| self.children(kind, server)).collect();
        if rules.is_empty() {
            return Clients::Always(Verdict::Undecided);
        }
        Clients::union_of(rules.iter().map(|rule| range(rule)))
    }

    /// P5: no rule is open to all; that there is none is nowhere said.
    fn cache_way(&self, cache: &Value) -> Option<Way> {
        let injected = text(cache, "subnetId").is_some() || reference(cache, "subnet").is_some();
        // Nothing is said of an interval that would stand for Azure's own addresses.
        let kind = "microsoft.cache/redis/firewallrules";
        let rules: Vec<&Value> = self.children(kind, cache).collect();
        let list = match rules.as_slice() {
            [] => Clients::Always(Verdict::Undecided),
            rules => Clients::union_of(rules.iter().map(|rule| interval(rule))),
        };
        let clients = if injected { Clients::Always(Verdict::Deny) } else { Access::of(cache).over(list) };
        let plain = field(cache, "enableNonSslPort") == Some(&Value::Bool(true));
        endpoint(cache, if plain { &[6379, 6380] } else { &[6380] }, clients)
    }

    /// P2: only the public endpoint, through the groups of the subnet.
    fn instance_way(&self, instance: &Value) -> Option<Way> {
        let cap = match field(instance, "publicDataEndpointEnabled") {
            Some(Value::Bool(true)) => Verdict::Allow,
            Some(Value::Bool(false)) | None => return None,
            Some(_) => Verdict::Undecided,
        };
        let station = self.subnet_station(text(instance, "subnetId"), false);
        let gates = vec![Gate::AtTarget(station)];
        Some(Way::new(text(instance, "name")?, [true, false], None, Carries::one(6, 3342), gates, cap))
    }
}

/// `None` for the provider's own addresses, other customers' included, and for what cannot be read.
fn range(rule: &Value) -> Option<Interval> {
    let (first, last) = ends(rule)?;
    let azure = first.trim() == "0.0.0.0" && last.trim() == "0.0.0.0";
    if azure { None } else { Interval::between(first, last) }
}

fn interval(rule: &Value) -> Option<Interval> {
    let (first, last) = ends(rule)?;
    Interval::between(first, last)
}

fn ends(rule: &Value) -> Option<(&str, &str)> {
    let either = |names: [&str; 3]| names.into_iter().find_map(|name| text(rule, name));
    let first = either(["startIpAddress", "startIPv6Address", "startIP"])?;
    Some((first, either(["endIpAddress", "endIPv6Address", "endIP"])?))
}

const SERVERS: &[(&str, u16)] = &[
    ("microsoft.dbforpostgresql/servers", 5432),
    ("microsoft.dbforpostgresql/flexibleservers", 5432),
    ("microsoft.dbformysql/servers", 3306),
    ("microsoft.dbformysql/flexibleservers", 3306),
    ("microsoft.dbformariadb/servers", 3306),
];
