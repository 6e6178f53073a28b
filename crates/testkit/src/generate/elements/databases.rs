//! Databases with their own lists (P1 to P5).

use serde_json::json;

use super::super::estates::Estate;
use super::sources::{interval, say_access};
use super::{Element, bare, subnet};
use crate::random::Random;

/// An estate of nothing else.
pub(super) fn only(element: Element, random: &mut Random) -> Estate {
    let mut estate = bare();
    for number in 0..random.between(1, 2) {
        match element {
            Element::SqlServer => sql(&mut estate, number, random),
            Element::PostgresAndMysql => flexible(&mut estate, number, random),
            Element::Synapse => workspace(&mut estate, number, random),
            _ => cache(&mut estate, number, random),
        }
    }
    estate
}

fn id(kind: &str, name: &str) -> String {
    format!("/subscriptions/s/resourceGroups/rg/providers/{kind}/{name}")
}

/// The rules of a server; now and then the one for Azure's own addresses, or one that ends before it starts.
fn rules(estate: &mut Estate, document: &str, parent: &str, names: [&str; 2], random: &mut Random) {
    let rules = (0..random.between(1, 3)).map(|number| {
        let (mut first, mut last) = interval(random);
        if random.chance(10) {
            (first, last) = ("0.0.0.0".to_owned(), "0.0.0.0".to_owned());
        } else if random.chance(3) {
            (first, last) = ("9.0.0.9".to_owned(), "9.0.0.1".to_owned());
        }
        let name = format!("rule-{number}");
        let mut rule = json!({"id": format!("{parent}/firewallRules/{name}"), "name": name});
        rule[names[0]] = first.into();
        rule[names[1]] = last.into();
        rule
    });
    let rules = rules.collect();
    estate.put(document, rules);
}

const ADDRESSES: [&str; 2] = ["startIpAddress", "endIpAddress"];

fn sql(estate: &mut Estate, number: usize, random: &mut Random) {
    let name = format!("sql-{number}");
    let own = id("Microsoft.Sql/servers", &name);
    let mut server = json!({"id": own, "name": name, "version": "12.0", "state": "Ready", "fullyQualifiedDomainName": "s.database.windows.net"});
    say_access(&mut server, random);
    estate.put("sql.json", vec![server]);
    if random.chance(92) {
        rules(estate, "sql-rules.json", &own, ADDRESSES, random);
    }
    if random.chance(30) {
        estate.put("sql-rules6.json", vec![json!({
            "id": format!("{own}/ipv6FirewallRules/six"), "name": "six",
            "startIPv6Address": "2600::", "endIPv6Address": *random.pick(&["2600::ffff", "2a00::", "3fff:ffff::"]),
        })]);
    }
}

fn flexible(estate: &mut Estate, number: usize, random: &mut Random) {
    let kinds = [
        "Microsoft.DBforPostgreSQL/flexibleServers",
        "Microsoft.DBforPostgreSQL/servers",
        "Microsoft.DBforMySQL/flexibleServers",
        "Microsoft.DBforMySQL/servers",
        "Microsoft.DBforMariaDB/servers",
    ];
    let kind = *random.pick(&kinds);
    let name = format!("db-{number}");
    let own = id(kind, &name);
    let mut server = json!({"id": own, "name": name, "state": "Ready", "fullyQualifiedDomainName": "s.database.azure.com"});
    if kind.ends_with("flexibleServers") {
        let mut network = json!({});
        say_access(&mut network, random);
        if random.chance(12) {
            network["delegatedSubnetResourceId"] = super::super::estates::subnet_id(0).into();
        }
        server["network"] = network;
    } else {
        say_access(&mut server, random);
    }
    estate.put("db.json", vec![server]);
    if random.chance(92) {
        rules(estate, "db-rules.json", &own, ADDRESSES, random);
    }
}

fn workspace(estate: &mut Estate, number: usize, random: &mut Random) {
    let name = format!("synapse-{number}");
    let own = id("Microsoft.Synapse/workspaces", &name);
    let mut workspace = json!({"id": own, "name": name, "connectivityEndpoints": {"sql": "s"}});
    say_access(&mut workspace, random);
    estate.put("synapse.json", vec![workspace]);
    if random.chance(92) {
        rules(estate, "synapse-rules.json", &own, ADDRESSES, random);
    }
}

fn cache(estate: &mut Estate, number: usize, random: &mut Random) {
    let name = format!("redis-{number}");
    let own = id("Microsoft.Cache/redis", &name);
    let mut cache = json!({
        "id": own, "name": name, "sku": {"name": "Premium", "family": "P", "capacity": 1},
        "hostName": "s.redis.cache.windows.net", "enableNonSslPort": random.chance(40), "sslPort": 6380, "port": 6379,
    });
    say_access(&mut cache, random);
    if random.chance(10) {
        cache["subnetId"] = super::super::estates::subnet_id(0).into();
    }
    estate.put("redis.json", vec![cache]);
    if random.chance(90) {
        rules(estate, "redis-rules.json", &own, ["startIP", "endIP"], random);
    }
}

/// P2.
pub(super) fn add_instance(estate: &mut Estate, random: &mut Random) {
    let own = subnet(estate, "mi-subnet", "10.0.104.0/27", true, random);
    estate.put(
        "mi.json",
        vec![json!({
            "id": id("Microsoft.Sql/managedInstances", "mi"), "name": "mi",
            "fullyQualifiedDomainName": "mi.database.windows.net",
            "publicDataEndpointEnabled": random.chance(85),
            "subnetId": own["id"],
            "state": "Ready",
        })],
    );
}
