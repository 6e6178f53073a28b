//! PostgreSQL, MySQL and MariaDB servers, flexible and single (semantics P3): ranges of IPv4, each a resource of its own.

use cloud::json::Node;
use cloud::{Said, Stated};
use packet::{AddressSet, Family};

use crate::intake::Intake;
use crate::resource::device::Device;
use crate::resource::stated::OfAzure as _;

use super::ranges::range_entry;
use super::{
    Entry, Kept, Otherwise, PublicAccess, Ranges, Service, ServiceKind, first_text, has_any, is_full, part,
};

pub(crate) static POSTGRESQL_FLEXIBLE: ServiceKind = ServiceKind::new(
    [
        "postgresql-flexible-server",
        "postgresql-server-firewall",
        "PostgreSQL flexible servers",
        "az postgres flexible-server list",
    ],
    &[5432],
)
.beside("firewall rules", "az postgres flexible-server firewall-rule list")
.with_azure();

pub(crate) static POSTGRESQL_SINGLE: ServiceKind = ServiceKind::new(
    [
        "postgresql-server",
        "postgresql-server-firewall",
        "PostgreSQL single servers",
        "az postgres server list",
    ],
    &[5432],
)
.beside("firewall rules", "az postgres server firewall-rule list")
.with_azure();

pub(crate) static MYSQL_FLEXIBLE: ServiceKind = ServiceKind::new(
    [
        "mysql-flexible-server",
        "mysql-server-firewall",
        "MySQL flexible servers",
        "az mysql flexible-server list",
    ],
    &[3306],
)
.beside("firewall rules", "az mysql flexible-server firewall-rule list")
.with_azure();

pub(crate) static MYSQL_SINGLE: ServiceKind = ServiceKind::new(
    ["mysql-server", "mysql-server-firewall", "MySQL single servers", "az mysql server list"],
    &[3306],
)
.beside("firewall rules", "az mysql server firewall-rule list")
.with_azure();

pub(crate) static MARIADB: ServiceKind = ServiceKind::new(
    ["mariadb-server", "mariadb-server-firewall", "MariaDB servers", "az mariadb server list"],
    &[3306],
)
.beside("firewall rules", "az mariadb server firewall-rule list")
.with_azure();

/// A server of any of these kinds.
pub(crate) fn read<'a>(kind: &'static ServiceKind, node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed database server", intake);
    let is_full = is_full(&stated, MARKS);
    let access = access(&stated, is_full, intake);
    let ranges = Ranges {
        ipv4: nested_ranges(&stated, ("firewallRules", Family::V4), kind, intake),
        ipv6: Some(Vec::new()),
        without: Otherwise::Deny,
    };
    let is_told = is_full || has_any(&stated, &["publicNetworkAccess", "network", "firewallRules"]);
    let is_whole = is_full || access != PublicAccess::Untold;
    let service = Service::new(identity, kind, access, Kept::Ranges(ranges));
    Service { is_told, is_whole, ..service }.into()
}

/// Flexible servers say it under `network`, single ones and some versions of both beside it.
fn access<'a>(stated: &Stated<'_, 'a>, is_full: bool, intake: &mut Intake<'_, 'a>) -> PublicAccess {
    let network = stated.object("network", intake);
    let unsaid = match (&network, is_full) {
        (Said::Unreadable, _) | (_, false) => PublicAccess::Untold,
        (Said::Nothing | Said::This(_), true) => PublicAccess::Enabled,
    };
    let places: Vec<Stated<'_, 'a>> = [Some(*stated), network.this()].into_iter().flatten().collect();
    let integrated: Vec<Option<bool>> = places.iter().map(|place| is_integrated(place, intake)).collect();
    if integrated.contains(&Some(true)) {
        return PublicAccess::Disabled;
    }
    let said = places.iter().filter(|place| place.has("publicNetworkAccess"));
    let said: Vec<PublicAccess> = said.map(|place| PublicAccess::read(place, true, intake)).collect();
    let said = said.into_iter().reduce(PublicAccess::and).unwrap_or(unsaid);
    if integrated.contains(&None) { said.and(PublicAccess::Untold) } else { said }
}

/// P3: a server in a delegated subnet has no public endpoint. `None` where that cannot be read.
fn is_integrated<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<bool> {
    match first_text(stated, &["delegatedSubnetResourceId", "delegatedSubnetArmResourceId"], intake) {
        Said::Nothing => Some(false),
        Said::This(_) => Some(true),
        Said::Unreadable => None,
    }
}

pub(crate) fn read_rule<'a>(
    kind: &'static ServiceKind,
    name: &'static str,
    node: &Node<'a>,
    intake: &mut Intake<'_, 'a>,
) -> Device {
    part::range((kind, name), Family::V4, node, intake)
}

pub(crate) fn read_network_rule<'a>(
    kind: &'static ServiceKind,
    name: &'static str,
    node: &Node<'a>,
    intake: &mut Intake<'_, 'a>,
) -> Device {
    part::unrelated((kind, name), node, intake)
}

/// Ranges that the document of a server lists itself; `None` where it does not say. A list that cannot be read is one
/// whose only range may be anybody.
pub(super) fn nested_ranges<'a>(
    stated: &Stated<'_, 'a>,
    (key, family): (&str, Family),
    kind: &ServiceKind,
    intake: &mut Intake<'_, 'a>,
) -> Option<Vec<Entry>> {
    let rules = match stated.objects(key, intake) {
        Said::Nothing => return None,
        Said::Unreadable => {
            let name = intake.name(key);
            let mut sources = super::ranges::side("", None, kind.zero, intake);
            sources.addresses.may = intake.pool.set(AddressSet::whole(family));
            return Some(vec![Entry::allow(name, sources, stated.read_at)]);
        }
        Said::This(rules) => rules,
    };
    let named = |rule: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>| {
        let name = rule.text("name", intake).this().unwrap_or("unnamed rule");
        let name = intake.name(name);
        range_entry(rule, (name, family), kind.zero, intake)
    };
    Some(rules.iter().map(|rule| named(rule, intake)).collect())
}

/// Keys that a full export has, and a list of names has not.
const MARKS: &[&str] = &["fullyQualifiedDomainName", "administratorLogin"];
