//! How the types of services and of what they keep beside them are read: one line for each in `DEVICE_KINDS` names a
//! function of this file.

use cloud::json::Node;

use crate::intake::Intake;
use crate::resource::device::Device;

use super::databases::{MARIADB, MYSQL_FLEXIBLE, MYSQL_SINGLE, POSTGRESQL_FLEXIBLE, POSTGRESQL_SINGLE};
use super::namespace::{EVENT_HUBS, SERVICE_BUS, acts_in_event_hubs, acts_in_service_bus};
use super::vault::{COGNITIVE, COGNITIVE_MARKS, KEY_VAULT, VAULT_MARKS};
use super::{databases, namespace, vault};

pub(in crate::resource::device) use super::cosmos::read as cosmos_account;
pub(in crate::resource::device) use super::kubernetes::read as kubernetes_cluster;
pub(in crate::resource::device) use super::managed_instance::read as managed_instance;
pub(in crate::resource::device) use super::redis::{read as redis_cache, read_rule as redis_rule};
pub(in crate::resource::device) use super::registry::read as registry;
pub(in crate::resource::device) use super::site::{read as site, read_configuration as site_configuration};
pub(in crate::resource::device) use super::sql::{
    read as sql_server, read_ipv6_rule as sql_ipv6_rule, read_network_rule as sql_network_rule,
    read_rule as sql_rule,
};
pub(in crate::resource::device) use super::storage::read as storage_account;
pub(in crate::resource::device) use super::synapse::{read as synapse_workspace, read_rule as synapse_rule};

macro_rules! readers {
    ($($name:ident: $read:path, $($of:expr),+;)*) => {
        $(pub(in crate::resource::device) fn $name<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
            $read($($of,)+ node, intake)
        })*
    };
}

readers! {
    mariadb_server: databases::read, &MARIADB;
    mariadb_rule: databases::read_rule, &MARIADB, "mariadb-firewall-rule";
    mariadb_network_rule: databases::read_network_rule, &MARIADB, "mariadb-virtual-network-rule";
    mysql_flexible_server: databases::read, &MYSQL_FLEXIBLE;
    mysql_flexible_rule: databases::read_rule, &MYSQL_FLEXIBLE, "mysql-firewall-rule";
    mysql_server: databases::read, &MYSQL_SINGLE;
    mysql_rule: databases::read_rule, &MYSQL_SINGLE, "mysql-firewall-rule";
    mysql_network_rule: databases::read_network_rule, &MYSQL_SINGLE, "mysql-virtual-network-rule";
    postgresql_flexible_server: databases::read, &POSTGRESQL_FLEXIBLE;
    postgresql_flexible_rule: databases::read_rule, &POSTGRESQL_FLEXIBLE, "postgresql-firewall-rule";
    postgresql_server: databases::read, &POSTGRESQL_SINGLE;
    postgresql_rule: databases::read_rule, &POSTGRESQL_SINGLE, "postgresql-firewall-rule";
    postgresql_network_rule: databases::read_network_rule, &POSTGRESQL_SINGLE, "postgresql-virtual-network-rule";
    event_hubs: namespace::read, (&EVENT_HUBS, acts_in_event_hubs);
    event_hubs_rules: namespace::read_rules_of, (&EVENT_HUBS, "event-hub-network-rules");
    service_bus: namespace::read, (&SERVICE_BUS, acts_in_service_bus);
    service_bus_rules: namespace::read_rules_of, (&SERVICE_BUS, "service-bus-network-rules");
    key_vault: vault::read, (&KEY_VAULT, VAULT_MARKS);
    cognitive_account: vault::read, (&COGNITIVE, COGNITIVE_MARKS);
}
