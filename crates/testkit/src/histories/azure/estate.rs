//! A small subscription: what exists, how exports print it (both sides of every attachment), and the requests that change
//! it (one side, without what the provider makes).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::histories::Export;
use crate::random::Random;

const SCOPE: &str = "/subscriptions/5e1d0000-0000-4000-8000-000000000001/resourceGroups/rg/providers";
const NETWORK: &str = "virtualNetworks/v";

/// A request as somebody sends it.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) operation: String,
    pub(super) id: String,
    pub(super) method: &'static str,
    /// What it asks for.
    pub(super) body: Option<Value>,
    /// What the provider answers, where it may answer with the whole.
    pub(super) answer: Option<Value>,
}

#[derive(Clone, Debug)]
struct Nic {
    host: usize,
    subnet: usize,
    group: Option<String>,
    public: Option<String>,
}

/// What exists.
#[derive(Clone, Debug)]
pub(super) struct Estate {
    /// Rules by name, by group.
    groups: BTreeMap<String, BTreeMap<String, Value>>,
    /// The group of each subnet.
    subnets: Vec<Option<String>>,
    nics: BTreeMap<String, Nic>,
    publics: BTreeSet<String>,
    /// Whether a storage account lets everybody in, and whom else.
    account: (bool, BTreeSet<&'static str>),
    ranges: BTreeMap<String, [&'static str; 2]>,
    /// Networks of a vault that are let in.
    vault: (bool, BTreeSet<&'static str>),
}

impl Estate {
    pub(super) fn new(random: &mut Random) -> Self {
        let mut estate = Self {
            groups: BTreeMap::new(),
            subnets: vec![None; 2],
            nics: BTreeMap::new(),
            publics: (0..3).map(|number| format!("pip-{number}")).collect(),
            account: (false, BTreeSet::new()),
            ranges: BTreeMap::new(),
            vault: (false, BTreeSet::new()),
        };
        for number in 0..3 {
            let rules =
                (0..random.below(4)).map(|at| (format!("r{}", 100 + at * 10), rule(random, 100 + at * 10)));
            estate.groups.insert(format!("nsg-{number}"), rules.collect());
        }
        for number in 0..3 {
            let nic = estate.nic(random, number + 4, None);
            estate.nics.insert(format!("nic-{number}"), nic);
        }
        estate
    }

    fn nic(&self, random: &mut Random, host: usize, own: Option<&str>) -> Nic {
        let others = self.nics.iter().filter(|(name, _)| Some(name.as_str()) != own);
        let taken: BTreeSet<&String> = others.filter_map(|(_, nic)| nic.public.as_ref()).collect();
        let free: Vec<String> = self.publics.iter().filter(|name| !taken.contains(name)).cloned().collect();
        Nic { host, subnet: random.below(2), group: self.some_group(random), public: some(random, &free) }
    }

    fn some_group(&self, random: &mut Random) -> Option<String> {
        some(random, &self.groups.keys().cloned().collect::<Vec<_>>())
    }

    /// The documents that export it.
    pub(super) fn export(&self) -> Export {
        let network = |all: Vec<Value>| Value::Array(all);
        let ranges = self.ranges.keys().map(|name| self.range(name)).collect::<Vec<_>>();
        let server = stamped(resource(
            "Microsoft.Sql/servers/sql",
            // An export of ranges names no server that has none: an empty list says that there are no others.
            json!({"publicNetworkAccess": "Enabled", "fullyQualifiedDomainName": "sql.example", "firewallRules": []}),
        ));
        let documents = [
            ("nsgs.json", network(self.groups.keys().map(|name| self.group(name)).collect())),
            ("nics.json", network(self.nics.keys().map(|name| self.whole_nic(name)).collect())),
            ("vnets.json", json!([self.network()])),
            ("pips.json", network(self.publics.iter().map(|name| self.public(name)).collect())),
            ("accounts.json", json!([self.account()])),
            ("servers.json", json!([server])),
            ("ranges.json", Value::Array(ranges)),
            ("vaults.json", json!([self.vault()])),
        ];
        let is_something = |value: &Value| value.as_array().is_some_and(|all| !all.is_empty());
        let told = documents.into_iter().filter(|(_, value)| is_something(value));
        told.map(|(name, value)| (name.to_owned(), value.to_string())).collect()
    }

    fn group(&self, name: &str) -> Value {
        let mut group = self.group_request(name);
        let of = |owner: &Option<String>| owner.as_deref() == Some(name);
        let nics = self.nics.iter().filter(|(_, nic)| of(&nic.group));
        let nics: Vec<Value> = nics.map(|(nic, _)| refer(&format!("networkInterfaces/{nic}"))).collect();
        let subnets = self.subnets.iter().enumerate().filter(|(_, group)| of(group));
        let subnets: Vec<Value> = subnets.map(|(number, _)| refer(&subnet_name(number))).collect();
        group["properties"]["defaultSecurityRules"] = json!([]);
        for (key, users) in [("networkInterfaces", nics), ("subnets", subnets)] {
            if !users.is_empty() {
                group["properties"][key] = Value::Array(users);
            }
        }
        stamped(group)
    }

    fn group_request(&self, name: &str) -> Value {
        let own = format!("networkSecurityGroups/{name}");
        let rules = self.groups[name].iter().map(|(rule, stated)| {
            json!({"id": format!("{}/securityRules/{rule}", network_id(&own)), "name": rule, "properties": stated})
        });
        network_resource(&own, json!({"securityRules": rules.collect::<Vec<_>>()}))
    }

    fn whole_nic(&self, name: &str) -> Value {
        stamped(self.nic_request(name))
    }

    fn nic_request(&self, name: &str) -> Value {
        let nic = &self.nics[name];
        let mut configuration = json!({
            "privateIPAddressVersion": "IPv4", "privateIPAllocationMethod": "Static",
            "privateIPAddress": format!("10.0.{}.{}", nic.subnet, nic.host),
            "subnet": refer(&subnet_name(nic.subnet)),
        });
        if let Some(public) = &nic.public {
            configuration["publicIPAddress"] = refer(&format!("publicIPAddresses/{public}"));
        }
        let own = json!({"name": "c1", "id": configuration_id(name), "properties": configuration});
        let mut properties = json!({"ipConfigurations": [own]});
        if let Some(group) = &nic.group {
            properties["networkSecurityGroup"] = refer(&format!("networkSecurityGroups/{group}"));
        }
        network_resource(&format!("networkInterfaces/{name}"), properties)
    }

    fn subnet(&self, number: usize) -> Value {
        let users = self.nics.iter().filter(|(_, nic)| nic.subnet == number);
        let users: Vec<Value> = users.map(|(nic, _)| json!({"id": configuration_id(nic)})).collect();
        let mut subnet = self.subnet_request(number);
        if !users.is_empty() {
            subnet["properties"]["ipConfigurations"] = Value::Array(users);
        }
        stamped(subnet)
    }

    fn subnet_request(&self, number: usize) -> Value {
        let mut properties = json!({"addressPrefix": format!("10.0.{number}.0/24"), "delegations": []});
        if let Some(group) = &self.subnets[number] {
            properties["networkSecurityGroup"] = refer(&format!("networkSecurityGroups/{group}"));
        }
        json!({"id": network_id(&subnet_name(number)), "name": format!("s{number}"), "type": "Microsoft.Network/virtualNetworks/subnets", "properties": properties})
    }

    fn network(&self) -> Value {
        let subnets: Vec<Value> = (0..self.subnets.len()).map(|number| self.subnet(number)).collect();
        stamped(network_resource(
            NETWORK,
            json!({"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": subnets, "virtualNetworkPeerings": []}),
        ))
    }

    fn network_request(&self) -> Value {
        let subnets: Vec<Value> = (0..self.subnets.len()).map(|number| self.subnet_request(number)).collect();
        network_resource(
            NETWORK,
            json!({"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": subnets}),
        )
    }

    fn public(&self, name: &str) -> Value {
        let mut public = self.public_request(name);
        public["properties"]["ipAddress"] = json!(format!("20.50.1.2{}", name.trim_start_matches("pip-")));
        if let Some((nic, _)) = self.nics.iter().find(|(_, nic)| nic.public.as_deref() == Some(name)) {
            public["properties"]["ipConfiguration"] = json!({"id": configuration_id(nic)});
        }
        stamped(public)
    }

    fn public_request(&self, name: &str) -> Value {
        let properties = json!({"publicIPAddressVersion": "IPv4", "publicIPAllocationMethod": "Static"});
        let mut public = network_resource(&format!("publicIPAddresses/{name}"), properties);
        public["sku"] = json!({"name": "Standard"});
        public
    }

    fn account(&self) -> Value {
        let properties = json!({"primaryEndpoints": {"blob": "https://sto.blob.core.windows.net/"}, "supportsHttpsTrafficOnly": true, "publicNetworkAccess": "Enabled", "networkAcls": walls(&self.account)});
        let mut account = resource("Microsoft.Storage/storageAccounts/sto", properties);
        account["kind"] = json!("StorageV2");
        stamped(account)
    }

    fn vault(&self) -> Value {
        let properties = json!({"tenantId": "t", "vaultUri": "https://kv.vault.azure.net/", "publicNetworkAccess": "Enabled", "networkAcls": walls(&self.vault)});
        stamped(resource("Microsoft.KeyVault/vaults/kv", properties))
    }

    fn range(&self, name: &str) -> Value {
        let [start, end] = self.ranges[name];
        resource(&range_path(name), json!({"startIpAddress": start, "endIpAddress": end}))
    }

    /// Changes something; the request that does it.
    pub(super) fn change(&mut self, random: &mut Random) -> Request {
        match random.below(20) {
            0..=6 => self.change_rule(random),
            7 | 8 => self.change_group(random),
            9..=12 => self.change_nic(random),
            13 => self.change_public(random),
            14 | 15 => self.change_subnet(random),
            16 | 17 => self.change_range(random),
            18 => self.change_account(random),
            _ => self.change_vault(random),
        }
    }

    fn change_rule(&mut self, random: &mut Random) -> Request {
        let names: Vec<String> = self.groups.keys().cloned().collect();
        let group = random.pick(&names).clone();
        let rules = self.groups.get_mut(&group).expect("it is one of them");
        let part = |name: &str| network_id(&format!("networkSecurityGroups/{group}/securityRules/{name}"));
        if random.chance(35)
            && let Some(name) = rules.keys().next().cloned()
        {
            rules.remove(&name);
            return gone(&part(&name));
        }
        let priority = 100 + random.below(8) * 10;
        let (name, stated) = (format!("r{priority}"), rule(random, priority));
        rules.insert(name.clone(), stated.clone());
        let answer = json!({"id": part(&name), "name": name, "properties": stated});
        put(&part(&name), json!({"properties": stated}), stamped(answer))
    }

    fn change_group(&mut self, random: &mut Random) -> Request {
        let used: BTreeSet<&String> = self
            .nics
            .values()
            .filter_map(|nic| nic.group.as_ref())
            .chain(self.subnets.iter().flatten())
            .collect();
        let unused: Vec<String> = self.groups.keys().filter(|name| !used.contains(name)).cloned().collect();
        if random.chance(30) && self.groups.len() > 1 && !unused.is_empty() {
            let name = random.pick(&unused).clone();
            self.groups.remove(&name);
            return gone(&network_id(&format!("networkSecurityGroups/{name}")));
        }
        let name = format!("nsg-{}", random.below(5));
        let rules =
            (0..random.below(4)).map(|at| (format!("r{}", 100 + at * 10), rule(random, 100 + at * 10)));
        let rules: BTreeMap<String, Value> = rules.collect();
        self.groups.insert(name.clone(), rules);
        let id = network_id(&format!("networkSecurityGroups/{name}"));
        put(&id, bare(self.group_request(&name)), self.group(&name))
    }

    fn change_nic(&mut self, random: &mut Random) -> Request {
        let names: Vec<String> = self.nics.keys().cloned().collect();
        if random.chance(20) && names.len() > 1 {
            let name = random.pick(&names).clone();
            self.nics.remove(&name);
            return gone(&network_id(&format!("networkInterfaces/{name}")));
        }
        let number = random.below(5);
        let name = format!("nic-{number}");
        let nic = self.nic(random, number + 4, Some(&name));
        self.nics.insert(name.clone(), nic);
        let id = network_id(&format!("networkInterfaces/{name}"));
        put(&id, bare(self.nic_request(&name)), self.whole_nic(&name))
    }

    /// Addresses come with their numbers, which only answers tell.
    fn change_public(&mut self, random: &mut Random) -> Request {
        let name = format!("pip-{}", random.below(5));
        let is_used = self.nics.values().any(|nic| nic.public.as_ref() == Some(&name));
        let id = network_id(&format!("publicIPAddresses/{name}"));
        if self.publics.contains(&name) && !is_used {
            self.publics.remove(&name);
            return gone(&id);
        }
        self.publics.insert(name.clone());
        let answer = self.public(&name);
        Request { body: None, ..put(&id, Value::Null, answer) }
    }

    fn change_subnet(&mut self, random: &mut Random) -> Request {
        let number = random.below(2);
        self.subnets[number] = self.some_group(random);
        if random.chance(50) {
            return put(&network_id(NETWORK), bare(self.network_request()), self.network());
        }
        put(&network_id(&subnet_name(number)), bare(self.subnet_request(number)), self.subnet(number))
    }

    fn change_range(&mut self, random: &mut Random) -> Request {
        let name = format!("f{}", random.below(3));
        let id = format!("{SCOPE}/{}", range_path(&name));
        if random.chance(40) && self.ranges.remove(&name).is_some() {
            return gone(&id);
        }
        let range = *random.pick(&[
            ["0.0.0.0", "0.0.0.0"],
            ["8.8.8.8", "8.8.8.9"],
            ["0.0.0.0", "127.255.255.255"],
            ["128.0.0.0", "255.255.255.255"],
        ]);
        self.ranges.insert(name.clone(), range);
        let whole = self.range(&name);
        put(&id, json!({"properties": whole["properties"]}), whole)
    }

    fn change_account(&mut self, random: &mut Random) -> Request {
        change_walls(&mut self.account, random);
        let whole = self.account();
        patch(
            "Microsoft.Storage/storageAccounts/sto",
            json!({"properties": {"networkAcls": walls(&self.account)}}),
            whole,
        )
    }

    fn change_vault(&mut self, random: &mut Random) -> Request {
        change_walls(&mut self.vault, random);
        let whole = self.vault();
        patch(
            "Microsoft.KeyVault/vaults/kv",
            json!({"properties": {"networkAcls": walls(&self.vault)}}),
            whole,
        )
    }
}

fn change_walls((is_open, addresses): &mut (bool, BTreeSet<&'static str>), random: &mut Random) {
    *is_open = random.chance(30);
    let address = *random.pick(&["8.8.8.8", "9.9.9.0/24", "20.0.0.0/8"]);
    if !addresses.remove(address) {
        addresses.insert(address);
    }
}

fn walls((is_open, addresses): &(bool, BTreeSet<&'static str>)) -> Value {
    let rules: Vec<Value> =
        addresses.iter().map(|address| json!({"value": address, "action": "Allow"})).collect();
    json!({"bypass": "None", "virtualNetworkRules": [], "ipRules": rules, "defaultAction": if *is_open { "Allow" } else { "Deny" }})
}

fn rule(random: &mut Random, priority: usize) -> Value {
    let sources = ["*", "Internet", "8.8.8.0/24", "VirtualNetwork", "20.0.0.0/8", "0.0.0.0/1", "128.0.0.0/1"];
    json!({
        "priority": priority, "sourcePortRange": "*",
        "access": random.pick(&["Allow", "Allow", "Deny"]),
        "direction": random.pick(&["Inbound", "Inbound", "Inbound", "Outbound"]),
        "protocol": random.pick(&["Tcp", "*", "Udp"]),
        "sourceAddressPrefix": random.pick(&sources),
        "destinationAddressPrefix": random.pick(&["*", "*", "10.0.0.0/24"]),
        "destinationPortRange": random.pick(&["22", "*", "80-443"]),
    })
}

fn some(random: &mut Random, of: &[String]) -> Option<String> {
    if of.is_empty() || random.chance(25) { None } else { Some(random.pick(of).clone()) }
}

fn network_id(path: &str) -> String {
    format!("{SCOPE}/Microsoft.Network/{path}")
}

fn refer(path: &str) -> Value {
    json!({"id": network_id(path)})
}

fn subnet_name(number: usize) -> String {
    format!("{NETWORK}/subnets/s{number}")
}

fn configuration_id(nic: &str) -> String {
    network_id(&format!("networkInterfaces/{nic}/ipConfigurations/c1"))
}

fn range_path(name: &str) -> String {
    format!("Microsoft.Sql/servers/sql/firewallRules/{name}")
}

fn network_resource(path: &str, properties: Value) -> Value {
    resource(&format!("Microsoft.Network/{path}"), properties)
}

fn resource(path: &str, properties: Value) -> Value {
    let name = path.rsplit('/').next().unwrap_or_default();
    json!({"id": format!("{SCOPE}/{path}"), "name": name, "type": kind_of(path), "location": "eastus", "properties": properties})
}

/// `Microsoft.Sql/servers/firewallRules` of a path.
fn kind_of(path: &str) -> String {
    let words: Vec<&str> = path.split('/').collect();
    let types = words.iter().skip(1).step_by(2);
    types.fold(words[0].to_owned(), |sum, word| format!("{sum}/{word}"))
}

/// With what everything has that an answer or an export states whole.
fn stamped(mut value: Value) -> Value {
    value["etag"] = json!("W/1");
    value["properties"]["provisioningState"] = json!("Succeeded");
    value
}

/// As somebody asks for it.
fn bare(value: Value) -> Value {
    let Value::Object(object) = value else { return value };
    let kept = object.into_iter().filter(|(key, _)| !["id", "name", "type"].contains(&key.as_str()));
    Value::Object(kept.collect::<Map<_, _>>())
}

fn request(id: &str, method: &'static str, verb: &str) -> Request {
    let path = id.strip_prefix(SCOPE).unwrap_or(id).trim_start_matches('/');
    let operation = format!("{}/{verb}", kind_of(path));
    Request { operation, id: id.to_owned(), method, body: None, answer: None }
}

fn put(id: &str, body: Value, answer: Value) -> Request {
    Request { body: Some(body), answer: Some(answer), ..request(id, "PUT", "write") }
}

fn patch(path: &str, body: Value, answer: Value) -> Request {
    Request {
        body: Some(body),
        answer: Some(answer),
        ..request(&format!("{SCOPE}/{path}"), "PATCH", "write")
    }
}

fn gone(id: &str) -> Request {
    request(id, "DELETE", "delete")
}
