//! Servers that let in ranges of addresses, kept in resources of their own (P1, P2, P3, P4, P5).

use cloud::json::{Node, Tree};

use super::one::{One, doubtful};
use super::row::{Make, Parent, Place, Row, Slot};
use super::written::{Written, text};

pub(super) static ROWS: &[Row] = &[
    server("azurerm_mssql_server", SQL, sql),
    server("azurerm_sql_server", SQL, sql),
    range("azurerm_mssql_firewall_rule", &OF_SQL, lone_range),
    range("azurerm_sql_firewall_rule", &OF_SQL, lone_range),
    // Subnets, no addresses (P1).
    unrelated("azurerm_mssql_virtual_network_rule"),
    unrelated("azurerm_sql_virtual_network_rule"),
    unrelated("azurerm_mysql_virtual_network_rule"),
    unrelated("azurerm_postgresql_virtual_network_rule"),
    unrelated("azurerm_mariadb_virtual_network_rule"),
    server("azurerm_mssql_managed_instance", INSTANCE, instance),
    server("azurerm_sql_managed_instance", INSTANCE, instance),
    server("azurerm_postgresql_flexible_server", POSTGRESQL_FLEXIBLE, |one| {
        flexible(one, POSTGRESQL_FLEXIBLE)
    }),
    range("azurerm_postgresql_flexible_server_firewall_rule", &OF_POSTGRESQL_FLEXIBLE, lone_range),
    server("azurerm_postgresql_server", POSTGRESQL, |one| ranged(one, POSTGRESQL, access(one))),
    range("azurerm_postgresql_firewall_rule", &OF_POSTGRESQL, lone_range),
    server("azurerm_mysql_flexible_server", MYSQL_FLEXIBLE, |one| flexible(one, MYSQL_FLEXIBLE)),
    range("azurerm_mysql_flexible_server_firewall_rule", &OF_MYSQL_FLEXIBLE, lone_range),
    server("azurerm_mysql_server", MYSQL, |one| ranged(one, MYSQL, access(one))),
    range("azurerm_mysql_firewall_rule", &OF_MYSQL, lone_range),
    server("azurerm_mariadb_server", MARIADB, |one| ranged(one, MARIADB, access(one))),
    range("azurerm_mariadb_firewall_rule", &OF_MARIADB, lone_range),
    server("azurerm_redis_cache", REDIS, redis),
    range("azurerm_redis_firewall_rule", &OF_REDIS, lone_range),
    server("azurerm_synapse_workspace", SYNAPSE, |one| ranged(one, SYNAPSE, synapse(one))),
    range("azurerm_synapse_firewall_rule", &OF_SYNAPSE, lone_range),
];

const SQL: &str = "Microsoft.Sql/servers";
const INSTANCE: &str = "Microsoft.Sql/managedInstances";
const POSTGRESQL: &str = "Microsoft.DBforPostgreSQL/servers";
const POSTGRESQL_FLEXIBLE: &str = "Microsoft.DBforPostgreSQL/flexibleServers";
const MYSQL: &str = "Microsoft.DBforMySQL/servers";
const MYSQL_FLEXIBLE: &str = "Microsoft.DBforMySQL/flexibleServers";
const MARIADB: &str = "Microsoft.DBforMariaDB/servers";
const REDIS: &str = "Microsoft.Cache/Redis";
const SYNAPSE: &str = "Microsoft.Synapse/workspaces";

const fn owner(kinds: &'static [&'static str], path: &'static str) -> Parent {
    Parent {
        ids: &["server_id", "synapse_workspace_id", "redis_cache_id"],
        names: &["server_name", "redis_cache_name"],
        kinds,
        path,
    }
}

static OF_SQL: Parent = owner(&["azurerm_mssql_server", "azurerm_sql_server"], SQL);
static OF_POSTGRESQL: Parent = owner(&["azurerm_postgresql_server"], POSTGRESQL);
static OF_POSTGRESQL_FLEXIBLE: Parent = owner(&["azurerm_postgresql_flexible_server"], POSTGRESQL_FLEXIBLE);
static OF_MYSQL: Parent = owner(&["azurerm_mysql_server"], MYSQL);
static OF_MYSQL_FLEXIBLE: Parent = owner(&["azurerm_mysql_flexible_server"], MYSQL_FLEXIBLE);
static OF_MARIADB: Parent = owner(&["azurerm_mariadb_server"], MARIADB);
static OF_REDIS: Parent = owner(&["azurerm_redis_cache"], REDIS);
static OF_SYNAPSE: Parent = owner(&["azurerm_synapse_workspace"], SYNAPSE);

const fn server(
    kind: &'static str,
    path: &'static str,
    make: for<'s, 'a> fn(One<'s, 'a>) -> Vec<Node<'a>>,
) -> Row {
    Row { kind, place: Place::Group(path), make: Make::Resources(make) }
}

const fn range(
    kind: &'static str,
    owner: &'static Parent,
    write: for<'s, 'a> fn(One<'s, 'a>) -> Option<Tree<'a>>,
) -> Row {
    Row {
        kind,
        place: Place::Part(owner, "firewallRules"),
        make: Make::Item(Slot::ServerRanges, owner, write),
    }
}

const fn unrelated(kind: &'static str) -> Row {
    Row { kind, place: Place::Nowhere, make: Make::Nothing }
}

/// A server of SQL. Its other list is one that no type declares.
fn sql<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    ranged(one, SQL, access(one).with("ipv6FirewallRules", Tree::List(Vec::new())))
}

fn made<'a>(one: One<'_, 'a>, kind: &'static str, own: Written<'a>) -> Vec<Node<'a>> {
    vec![Written::resource(kind, &one.who(), one.at(), own).node()]
}

/// `publicNetworkAccess`, which is on where nothing else is said.
pub(super) fn public_access<'a>(one: One<'_, 'a>) -> Tree<'a> {
    let names = ["public_network_access_enabled", "public_network_access"];
    match one.block().word(&names, ["Enabled", "Disabled"], true) {
        // Some kinds have the words themselves.
        Tree::Text(word) if word.eq_ignore_ascii_case("disabled") => text("Disabled"),
        other => other,
    }
}

fn access<'a>(one: One<'_, 'a>) -> Written<'a> {
    // What says that this is all of a server, as its interface does.
    let name = text(one.who().name.to_owned());
    Written::default().with("fullyQualifiedDomainName", name).with("publicNetworkAccess", public_access(one))
}

/// A server with the ranges that are let in.
fn ranged<'a>(one: One<'_, 'a>, kind: &'static str, own: Written<'a>) -> Vec<Node<'a>> {
    made(one, kind, own.with("firewallRules", Tree::List(one.added(Slot::ServerRanges))))
}

fn flexible<'a>(one: One<'_, 'a>, kind: &'static str) -> Vec<Node<'a>> {
    let subnet = one.block().value(&["delegated_subnet_id"]);
    let network = Written::default()
        .with("publicNetworkAccess", public_access(one))
        .with("delegatedSubnetResourceId", subnet);
    let name = text(one.who().name.to_owned());
    let own = Written::default().with("fullyQualifiedDomainName", name).with("network", network.tree());
    ranged(one, kind, own)
}

fn instance<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let block = one.block();
    let own = Written::default()
        .with("fullyQualifiedDomainName", text(one.who().name.to_owned()))
        .with("subnetId", block.value(&["subnet_id"]))
        .with("publicDataEndpointEnabled", block.flag(&["public_data_endpoint_enabled"], false));
    made(one, INSTANCE, own)
}

fn redis<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let block = one.block();
    let plain = block.flag(&["non_ssl_port_enabled", "enable_non_ssl_port"], false);
    let own = Written::default()
        .with("hostName", text(one.who().name.to_owned()))
        .with("publicNetworkAccess", public_access(one))
        .with("subnetId", block.value(&["subnet_id"]))
        .with("enableNonSslPort", plain);
    ranged(one, REDIS, own)
}

fn synapse<'a>(one: One<'_, 'a>) -> Written<'a> {
    let mark = Written::default().with("web", text(one.who().name.to_owned()));
    Written::default()
        .with("connectivityEndpoints", mark.tree())
        .with("publicNetworkAccess", public_access(one))
}

/// A range; one that may not be there, or may be of another server, begins where it is not known.
fn lone_range<'a>(one: One<'_, 'a>) -> Option<Tree<'a>> {
    let block = one.block();
    let is_certain = one.is_certain() && one.scene.has_owner(one.index);
    let first = block.value(&["start_ip_address", "start_ip"]).filter(|_| is_certain);
    let own = Written::default()
        .with("startIpAddress", first.unwrap_or_else(|| doubtful(None)))
        .with("endIpAddress", block.value(&["end_ip_address", "end_ip"]));
    let written = Written::within(one.at()).with("name", text(one.who().name.to_owned()));
    Some(written.with("properties", own.tree()).tree())
}
