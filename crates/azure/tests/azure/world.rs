//! A small Azure for tests: what exists, how exports print it (both sides of every attachment), and the requests that
//! change it (one side, without what the provider makes).

use std::collections::{BTreeMap, BTreeSet};

use cloud::audit::{Act, Edit, Spot};
use cloud::json::Tree;
use serde_json::{Value, json};

use crate::edits::{edit, gone, node};

const SCOPE: &str = "/subscriptions/s1/resourceGroups/rg/providers";

fn id(kind: &str, name: &str) -> String {
    format!("{SCOPE}/Microsoft.Network/{kind}/{name}")
}

/// Numbers that look random, the same for each seed.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed ^ 0x9E37_79B9_7F4A_7C15)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(bound).unwrap()).unwrap()
    }

    pub(crate) fn one<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len())]
    }

    fn some<T: Clone>(&mut self, list: &[T]) -> Option<T> {
        match self.below(list.len() + 1) {
            0 => None,
            at => Some(list[at - 1].clone()),
        }
    }
}

#[derive(Clone)]
struct Nic {
    address: usize,
    group: Option<String>,
    subnet: String,
    public: Option<String>,
    member: Option<String>,
    is_pooled: bool,
}

#[derive(Clone)]
struct Subnet {
    number: usize,
    group: Option<String>,
    table: Option<String>,
}

/// What exists.
#[derive(Clone)]
pub(crate) struct World {
    groups: BTreeMap<String, BTreeMap<String, Value>>,
    nics: BTreeMap<String, Nic>,
    subnets: BTreeMap<String, Subnet>,
    publics: BTreeMap<String, &'static str>,
    tables: BTreeMap<String, BTreeMap<String, &'static str>>,
    machines: BTreeMap<String, BTreeSet<String>>,
    accounts: BTreeMap<String, (&'static str, BTreeSet<&'static str>)>,
    servers: BTreeMap<String, BTreeMap<String, [&'static str; 2]>>,
    has_balancer: bool,
    balanced: u32,
    /// Whether exports nest what is stated under `properties`.
    is_nested: bool,
}

impl World {
    pub(crate) fn new(random: &mut Random) -> Self {
        let mut world = Self {
            groups: BTreeMap::new(),
            nics: BTreeMap::new(),
            subnets: BTreeMap::new(),
            publics: BTreeMap::new(),
            tables: BTreeMap::new(),
            machines: BTreeMap::new(),
            accounts: BTreeMap::new(),
            servers: BTreeMap::new(),
            has_balancer: random.below(3) == 0,
            balanced: 443,
            is_nested: random.below(2) == 0,
        };
        for number in 0..2 + random.below(3) {
            let rules = (0..random.below(5)).map(|at| rule(random, 100 + at * 10)).collect::<Vec<_>>();
            let named = rules.into_iter().map(|rule| (rule["name"].as_str().unwrap().to_owned(), rule));
            world.groups.insert(format!("nsg-{number}"), named.collect());
        }
        world.tables.insert("rt".to_owned(), BTreeMap::new());
        let groups = world.group_names();
        for number in 0..1 + random.below(3) {
            let group = random.some(&groups);
            world.subnets.insert(format!("s{number}"), Subnet { number, group, table: None });
        }
        for number in 0..1 + random.below(4) {
            world.publics.insert(format!("pip-{number}"), *random.one::<&str>(&["Basic", "Standard"]));
        }
        for number in 0..1 + random.below(5) {
            let nic = world.random_nic(random, number + 4, None);
            world.nics.insert(format!("nic-{number}"), nic);
        }
        world.accounts.insert("sto".to_owned(), ("Deny", BTreeSet::new()));
        world.servers.insert("sql".to_owned(), BTreeMap::new());
        world
    }

    fn group_names(&self) -> Vec<String> {
        self.groups.keys().cloned().collect()
    }

    fn random_nic(&self, random: &mut Random, address: usize, own: Option<&str>) -> Nic {
        let subnets: Vec<String> = self.subnets.keys().cloned().collect();
        let taken: Vec<&String> = self
            .nics
            .iter()
            .filter(|(name, _)| Some(name.as_str()) != own)
            .filter_map(|(_, nic)| nic.public.as_ref())
            .collect();
        let free: Vec<String> =
            self.publics.keys().filter(|name| !taken.contains(name) && *name != "pip-lb").cloned().collect();
        Nic {
            address,
            group: random.some(&self.group_names()),
            subnet: random.one(&subnets).clone(),
            public: random.some(&free),
            member: random.some(&["asg".to_owned()]),
            is_pooled: self.has_balancer && random.below(3) == 0,
        }
    }

    /// The documents that export it.
    pub(crate) fn documents(&self) -> Vec<Value> {
        let list =
            |values: Vec<Value>| Value::Array(values.into_iter().map(|value| self.printed(value)).collect());
        let mut documents = vec![
            list(self.groups.keys().map(|name| self.group(name)).collect()),
            list(self.nics.keys().map(|name| self.nic(name)).collect()),
            list(vec![self.network()]),
            list(self.publics.keys().map(|name| self.public(name)).collect()),
            list(self.tables.keys().map(|name| self.table(name)).collect()),
            list(self.machines.keys().map(|name| self.machine(name)).collect()),
            list(vec![resource("Microsoft.Network/applicationSecurityGroups", "asg", json!({}))]),
            list(self.accounts.keys().map(|name| self.account(name)).collect()),
            list(self.servers.keys().flat_map(|name| self.server(name)).collect()),
        ];
        if self.has_balancer {
            documents.push(list(vec![self.balancer()]));
        }
        documents
    }

    fn printed(&self, value: Value) -> Value {
        if self.is_nested { value } else { flat(value) }
    }

    fn group(&self, name: &str) -> Value {
        let of = |owner: &Option<String>| owner.as_deref() == Some(name);
        let nics: Vec<Value> = self
            .nics
            .iter()
            .filter(|(_, nic)| of(&nic.group))
            .map(|(nic, _)| refer("networkInterfaces", nic))
            .collect();
        let subnets = self.subnets.iter().filter(|(_, subnet)| of(&subnet.group));
        let subnets: Vec<Value> = subnets.map(|(subnet, _)| json!({"id": subnet_id(subnet)})).collect();
        let rules: Vec<&Value> = self.groups[name].values().collect();
        let mut group = resource(
            "Microsoft.Network/networkSecurityGroups",
            name,
            json!({"securityRules": rules, "defaultSecurityRules": []}),
        );
        if !nics.is_empty() {
            group["properties"]["networkInterfaces"] = Value::Array(nics);
        }
        if !subnets.is_empty() {
            group["properties"]["subnets"] = Value::Array(subnets);
        }
        group
    }

    fn nic(&self, name: &str) -> Value {
        let mut nic = self.nic_request(name);
        let configuration = &mut nic["properties"]["ipConfigurations"][0]["properties"];
        configuration["privateIPAddress"] = json!(format!(
            "10.0.{}.{}",
            self.subnets[&self.nics[name].subnet].number, self.nics[name].address
        ));
        if let Some((machine, _)) = self.machines.iter().find(|(_, nics)| nics.contains(name)) {
            nic["properties"]["virtualMachine"] = json!({"id": machine_id(machine)});
        }
        stamped(nic)
    }

    fn nic_request(&self, name: &str) -> Value {
        let nic = &self.nics[name];
        let mut configuration = json!({
            "privateIPAddressVersion": "IPv4",
            // Static: a request says it.
            "privateIPAddress": format!("10.0.{}.{}", self.subnets[&nic.subnet].number, nic.address),
            "subnet": {"id": subnet_id(&nic.subnet)},
        });
        if let Some(public) = &nic.public {
            configuration["publicIPAddress"] = refer("publicIPAddresses", public);
        }
        if let Some(member) = &nic.member {
            configuration["applicationSecurityGroups"] = json!([refer("applicationSecurityGroups", member)]);
        }
        if nic.is_pooled {
            configuration["loadBalancerBackendAddressPools"] =
                json!([{"id": format!("{}/backendAddressPools/pool", id("loadBalancers", "lb"))}]);
        }
        let mut properties = json!({"ipConfigurations": [{"name": "c1", "id": configuration_id(name), "properties": configuration}]});
        if let Some(group) = &nic.group {
            properties["networkSecurityGroup"] = refer("networkSecurityGroups", group);
        }
        json!({"id": id("networkInterfaces", name), "name": name, "type": "Microsoft.Network/networkInterfaces", "location": "eastus", "properties": properties})
    }

    fn subnet(&self, name: &str) -> Value {
        let mut subnet = self.subnet_request(name);
        let users: Vec<Value> = self
            .nics
            .iter()
            .filter(|(_, nic)| nic.subnet == name)
            .map(|(nic, _)| json!({"id": configuration_id(nic)}))
            .collect();
        if !users.is_empty() {
            subnet["properties"]["ipConfigurations"] = Value::Array(users);
        }
        stamped(subnet)
    }

    fn subnet_request(&self, name: &str) -> Value {
        let subnet = &self.subnets[name];
        let mut properties =
            json!({"addressPrefix": format!("10.0.{}.0/24", subnet.number), "delegations": []});
        if let Some(group) = &subnet.group {
            properties["networkSecurityGroup"] = refer("networkSecurityGroups", group);
        }
        if let Some(table) = &subnet.table {
            properties["routeTable"] = refer("routeTables", table);
        }
        json!({"id": subnet_id(name), "name": name, "type": "Microsoft.Network/virtualNetworks/subnets", "properties": properties})
    }

    fn network(&self) -> Value {
        let subnets: Vec<Value> = self.subnets.keys().map(|name| self.subnet(name)).collect();
        resource(
            "Microsoft.Network/virtualNetworks",
            "v",
            json!({"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": subnets, "virtualNetworkPeerings": []}),
        )
    }

    fn network_request(&self) -> Value {
        let subnets: Vec<Value> = self.subnets.keys().map(|name| self.subnet_request(name)).collect();
        json!({"id": id("virtualNetworks", "v"), "location": "eastus", "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": subnets}})
    }

    fn public(&self, name: &str) -> Value {
        let number = name.rsplit('-').next().unwrap().replace("lb", "200");
        let mut properties = json!({"ipAddress": format!("20.50.1.{number}"), "publicIPAddressVersion": "IPv4", "publicIPAllocationMethod": "Static"});
        if let Some((nic, _)) = self.nics.iter().find(|(_, nic)| nic.public.as_deref() == Some(name)) {
            properties["ipConfiguration"] = json!({"id": configuration_id(nic)});
        } else if name == "pip-lb" && self.has_balancer {
            properties["ipConfiguration"] =
                json!({"id": format!("{}/frontendIPConfigurations/front", id("loadBalancers", "lb"))});
        }
        let mut public = resource("Microsoft.Network/publicIPAddresses", name, properties);
        public["sku"] = json!({"name": self.publics[name]});
        public
    }

    fn table(&self, name: &str) -> Value {
        let routes = self.tables[name].iter();
        let routes: Vec<Value> = routes.map(|(name, prefix)| json!({"name": name, "properties": {"addressPrefix": prefix, "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.0.9"}})).collect();
        let users = self.subnets.iter().filter(|(_, subnet)| subnet.table.as_deref() == Some(name));
        let users: Vec<Value> = users.map(|(subnet, _)| json!({"id": subnet_id(subnet)})).collect();
        let mut table = resource("Microsoft.Network/routeTables", name, json!({"routes": routes}));
        if !users.is_empty() {
            table["properties"]["subnets"] = Value::Array(users);
        }
        table
    }

    fn machine(&self, name: &str) -> Value {
        let nics: Vec<Value> =
            self.machines[name].iter().map(|nic| refer("networkInterfaces", nic)).collect();
        let mut machine = resource(
            "Microsoft.Compute/virtualMachines",
            name,
            json!({"networkProfile": {"networkInterfaces": nics}}),
        );
        machine["id"] = json!(machine_id(name));
        machine
    }

    fn account(&self, name: &str) -> Value {
        let (action, addresses) = &self.accounts[name];
        let rules: Vec<Value> =
            addresses.iter().map(|address| json!({"value": address, "action": "Allow"})).collect();
        let mut account = resource(
            "Microsoft.Storage/storageAccounts",
            name,
            json!({"primaryEndpoints": {}, "supportsHttpsTrafficOnly": true, "publicNetworkAccess": "Enabled", "networkAcls": {"defaultAction": action, "ipRules": rules, "virtualNetworkRules": [], "bypass": "None"}}),
        );
        account["id"] = json!(account_id(name));
        account
    }

    fn server(&self, name: &str) -> Vec<Value> {
        let mut server = resource(
            "Microsoft.Sql/servers",
            name,
            // An export of ranges names no server that has none: an empty list says that there are no others.
            json!({"publicNetworkAccess": "Enabled", "fullyQualifiedDomainName": "sql.example", "firewallRules": []}),
        );
        server["id"] = json!(format!("{SCOPE}/Microsoft.Sql/servers/{name}"));
        let rules = self.servers[name].iter();
        let rules = rules.map(|(rule, [start, end])| json!({"id": range_id(name, rule), "name": rule, "type": "Microsoft.Sql/servers/firewallRules", "properties": {"startIpAddress": start, "endIpAddress": end}}));
        [server].into_iter().chain(rules).collect()
    }

    fn balancer(&self) -> Value {
        let mut balancer = self.balancer_request();
        let members: Vec<Value> = self
            .nics
            .iter()
            .filter(|(_, nic)| nic.is_pooled)
            .map(|(nic, _)| json!({"id": configuration_id(nic)}))
            .collect();
        if !members.is_empty() {
            balancer["properties"]["backendAddressPools"][0]["properties"]["backendIPConfigurations"] =
                Value::Array(members);
        }
        stamped(balancer)
    }

    fn balancer_request(&self) -> Value {
        let own = id("loadBalancers", "lb");
        let public: Vec<Value> = self
            .publics
            .contains_key("pip-lb")
            .then(|| refer("publicIPAddresses", "pip-lb"))
            .into_iter()
            .collect();
        let mut front =
            json!({"name": "front", "id": format!("{own}/frontendIPConfigurations/front"), "properties": {}});
        if let Some(public) = public.first() {
            front["properties"]["publicIPAddress"] = public.clone();
        }
        json!({"id": own, "name": "lb", "type": "Microsoft.Network/loadBalancers", "location": "eastus", "sku": {"name": "Standard"}, "properties": {
            "frontendIPConfigurations": [front],
            "backendAddressPools": [{"name": "pool", "id": format!("{own}/backendAddressPools/pool"), "properties": {}}],
            "loadBalancingRules": [{"name": "one", "id": format!("{own}/loadBalancingRules/one"), "properties": {
                "frontendIPConfiguration": {"id": format!("{own}/frontendIPConfigurations/front")},
                "backendAddressPool": {"id": format!("{own}/backendAddressPools/pool")},
                "protocol": "Tcp", "frontendPort": self.balanced, "backendPort": self.balanced, "enableFloatingIP": false}}],
            "inboundNatRules": [], "inboundNatPools": [], "probes": [], "outboundRules": []}})
    }

    /// Changes something; the edits that say so.
    pub(crate) fn change(&mut self, random: &mut Random) -> Vec<Edit> {
        match random.below(20) {
            0..=5 => self.change_rule(random),
            6 => self.change_group(random),
            7..=11 => self.change_nic(random),
            12 => self.change_public(random),
            13 | 14 => self.change_subnet(random),
            15 => self.change_table(random),
            16 => self.change_machine(random),
            17 => self.change_account(random),
            18 => self.change_server(random),
            _ => self.change_balancer(random),
        }
    }

    fn change_rule(&mut self, random: &mut Random) -> Vec<Edit> {
        let group = random.one(&self.group_names()).clone();
        let own = id("networkSecurityGroups", &group);
        let rules = self.groups.get_mut(&group).unwrap();
        let list = Spot::of(&["properties", "securityRules"]);
        if random.below(3) == 0
            && let Some(name) = rules.keys().next().cloned()
        {
            rules.remove(&name);
            let part = format!("{own}/securityRules/{name}");
            let pattern = node(&json!({"name": name.to_uppercase()}).to_string());
            let remove = Act::Remove { from: list, items: vec![Tree::Object(pattern)] };
            return vec![if random.below(2) == 0 { gone(&part) } else { edit(&own, remove) }];
        }
        let priority = 100 + random.below(12) * 10;
        let rule = rule(random, priority);
        let name = rule["name"].as_str().unwrap().to_owned();
        rules.insert(name.clone(), rule.clone());
        let part = format!("{own}/securityRules/{name}");
        let item = node(&rule.to_string());
        vec![match random.below(3) {
            0 => edit(&part, Act::Put(node(&json!({"properties": rule["properties"]}).to_string()))),
            1 => {
                let at = list.item("name", &name).key("properties");
                let properties = node(&rule["properties"].to_string());
                edit(&own, Act::Set { at, value: Tree::Object(properties) })
            }
            _ => edit(
                &own,
                Act::Insert { into: list, items: vec![Tree::Object(item)], by: vec!["name".into()] },
            ),
        }]
        .into_iter()
        .flat_map(|edit_of| match &edit_of.act {
            // To set the properties of a rule that is not there is no request: it is put.
            Act::Set { .. } => vec![edit(&part, Act::Put(node(&rule.to_string())))],
            _ => vec![edit_of],
        })
        .collect()
    }

    fn change_group(&mut self, random: &mut Random) -> Vec<Edit> {
        let used: BTreeSet<&String> = self
            .nics
            .values()
            .filter_map(|nic| nic.group.as_ref())
            .chain(self.subnets.values().filter_map(|subnet| subnet.group.as_ref()))
            .collect();
        let unused: Vec<String> = self.groups.keys().filter(|name| !used.contains(name)).cloned().collect();
        if random.below(3) == 0 && self.groups.len() > 1 && !unused.is_empty() {
            let name = random.one(&unused).clone();
            self.groups.remove(&name);
            return vec![gone(&id("networkSecurityGroups", &name))];
        }
        let name = format!("nsg-{}", random.below(6));
        let rules: Vec<Value> = (0..random.below(4)).map(|at| rule(random, 100 + at * 10)).collect();
        let stated = json!({"location": "eastus", "properties": {"securityRules": rules.clone()}});
        let named = rules.into_iter().map(|rule| (rule["name"].as_str().unwrap().to_owned(), rule));
        self.groups.insert(name.clone(), named.collect());
        vec![edit(&id("networkSecurityGroups", &name), Act::Put(node(&stated.to_string())))]
    }

    fn change_nic(&mut self, random: &mut Random) -> Vec<Edit> {
        let names: Vec<String> = self.nics.keys().cloned().collect();
        let in_use = |name: &String| self.machines.values().any(|nics| nics.contains(name));
        let unused: Vec<String> = names.iter().filter(|name| !in_use(name)).cloned().collect();
        if random.below(4) == 0 && names.len() > 1 && !unused.is_empty() {
            let name = random.one(&unused).clone();
            self.nics.remove(&name);
            return vec![gone(&id("networkInterfaces", &name))];
        }
        let number = random.below(7);
        let name = format!("nic-{number}");
        let nic = self.random_nic(random, number + 4, Some(&name));
        self.nics.insert(name.clone(), nic);
        vec![edit(&id("networkInterfaces", &name), Act::Put(node(&self.nic_request(&name).to_string())))]
    }

    fn change_public(&mut self, random: &mut Random) -> Vec<Edit> {
        let name = format!("pip-{}", random.below(5));
        let is_new = !self.publics.contains_key(&name);
        let sku = *random.one(&["Basic", "Standard"]);
        self.publics.insert(name.clone(), sku);
        let mut stated = json!({"location": "eastus", "sku": {"name": sku}, "properties": {"publicIPAddressVersion": "IPv4", "publicIPAllocationMethod": "Static"}});
        if is_new {
            // What the provider answers has the address.
            stated["properties"]["ipAddress"] =
                json!(format!("20.50.1.{}", name.rsplit('-').next().unwrap()));
        }
        vec![edit(&id("publicIPAddresses", &name), Act::Put(node(&stated.to_string())))]
    }

    fn change_subnet(&mut self, random: &mut Random) -> Vec<Edit> {
        let names: Vec<String> = self.subnets.keys().cloned().collect();
        let name = random.one(&names).clone();
        let (group, table) = (random.some(&self.group_names()), random.some(&["rt".to_owned()]));
        let subnet = self.subnets.get_mut(&name).unwrap();
        subnet.group = group;
        if random.below(3) == 0 {
            subnet.table = table;
        }
        if random.below(5) == 0 {
            let number = self.subnets.len();
            self.subnets.insert(format!("s{number}"), Subnet { number, group: None, table: None });
            return vec![edit(
                &id("virtualNetworks", "v"),
                Act::Put(node(&self.network_request().to_string())),
            )];
        }
        vec![match random.below(2) {
            0 => edit(&subnet_id(&name), Act::Put(node(&self.subnet_request(&name).to_string()))),
            _ => edit(&id("virtualNetworks", "v"), Act::Put(node(&self.network_request().to_string()))),
        }]
    }

    fn change_table(&mut self, random: &mut Random) -> Vec<Edit> {
        let own = id("routeTables", "rt");
        let routes = self.tables.get_mut("rt").unwrap();
        let name = format!("r{}", random.below(3));
        if routes.remove(&name).is_some() {
            return vec![gone(&format!("{own}/routes/{name}"))];
        }
        let prefix = *random.one(&["8.8.8.0/24", "172.16.0.0/16", "0.0.0.0/0"]);
        routes.insert(name.clone(), prefix);
        let stated = json!({"properties": {"addressPrefix": prefix, "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.0.9"}});
        vec![edit(&format!("{own}/routes/{name}"), Act::Put(node(&stated.to_string())))]
    }

    fn change_machine(&mut self, random: &mut Random) -> Vec<Edit> {
        let name = format!("vm-{}", random.below(2));
        if self.machines.remove(&name).is_some() {
            return vec![gone(&machine_id(&name))];
        }
        let free: Vec<String> = self
            .nics
            .keys()
            .filter(|nic| !self.machines.values().any(|nics| nics.contains(*nic)))
            .cloned()
            .collect();
        let Some(nic) = random.some(&free) else { return Vec::new() };
        self.machines.insert(name.clone(), BTreeSet::from([nic]));
        vec![edit(&machine_id(&name), Act::Put(node(&self.machine(&name).to_string())))]
    }

    fn change_account(&mut self, random: &mut Random) -> Vec<Edit> {
        let (action, addresses) = self.accounts.get_mut("sto").unwrap();
        *action = *random.one::<&str>(&["Allow", "Deny"]);
        let address = *random.one(&["8.8.8.8", "9.9.9.0/24"]);
        if !addresses.remove(address) {
            addresses.insert(address);
        }
        let rules: Vec<Value> =
            addresses.iter().map(|address| json!({"value": address, "action": "Allow"})).collect();
        let merged = json!({"properties": {"networkAcls": {"defaultAction": action, "ipRules": rules}}});
        vec![edit(&account_id("sto"), Act::Merge(node(&merged.to_string())))]
    }

    fn change_server(&mut self, random: &mut Random) -> Vec<Edit> {
        let rules = self.servers.get_mut("sql").unwrap();
        let name = format!("r{}", random.below(3));
        if rules.remove(&name).is_some() {
            return vec![gone(&range_id("sql", &name))];
        }
        let range =
            *random.one(&[["0.0.0.0", "0.0.0.0"], ["8.8.8.8", "8.8.8.9"], ["0.0.0.0", "255.255.255.255"]]);
        rules.insert(name.clone(), range);
        let stated = json!({"properties": {"startIpAddress": range[0], "endIpAddress": range[1]}});
        vec![edit(&range_id("sql", &name), Act::Put(node(&stated.to_string())))]
    }

    fn change_balancer(&mut self, random: &mut Random) -> Vec<Edit> {
        if !self.has_balancer {
            return Vec::new();
        }
        self.balanced = *random.one(&[443, 80, 22]);
        let mut edits = Vec::new();
        if !self.publics.contains_key("pip-lb") {
            self.publics.insert("pip-lb".to_owned(), "Standard");
            let stated = json!({"location": "eastus", "sku": {"name": "Standard"}, "properties": {"ipAddress": "20.50.1.lb", "publicIPAddressVersion": "IPv4"}});
            let mut stated = stated;
            stated["properties"]["ipAddress"] = json!("20.50.1.200");
            edits.push(edit(&id("publicIPAddresses", "pip-lb"), Act::Put(node(&stated.to_string()))));
        }
        edits.push(edit(&id("loadBalancers", "lb"), Act::Put(node(&self.balancer_request().to_string()))));
        edits
    }
}

fn rule(random: &mut Random, priority: usize) -> Value {
    let source = *random.one(&["*", "Internet", "8.8.8.0/24", "VirtualNetwork", "20.0.0.0/8"]);
    let mut properties = json!({
        "priority": priority,
        "access": random.one(&["Allow", "Allow", "Deny"]),
        "direction": random.one(&["Inbound", "Inbound", "Inbound", "Outbound"]),
        "protocol": random.one(&["Tcp", "*", "Udp"]),
        "sourcePortRange": "*",
        "sourceAddressPrefix": source,
        "destinationAddressPrefix": random.one(&["*", "10.0.0.0/24"]),
        "destinationPortRange": random.one(&["22", "*", "80-443"]),
    });
    if random.below(6) == 0 {
        properties.as_object_mut().unwrap().remove("destinationAddressPrefix");
        properties["destinationApplicationSecurityGroups"] =
            json!([refer("applicationSecurityGroups", "asg")]);
    }
    json!({"name": format!("r{priority}"), "properties": properties})
}

fn resource(kind: &str, name: &str, properties: Value) -> Value {
    stamped(
        json!({"id": format!("{SCOPE}/{kind}/{name}"), "name": name, "type": kind, "location": "eastus", "properties": properties}),
    )
}

/// With what everything has that was exported whole.
fn stamped(mut value: Value) -> Value {
    value["etag"] = json!("W/1");
    value["properties"]["provisioningState"] = json!("Succeeded");
    value
}

fn refer(kind: &str, name: &str) -> Value {
    json!({"id": id(kind, name)})
}

fn subnet_id(name: &str) -> String {
    format!("{}/subnets/{name}", id("virtualNetworks", "v"))
}

fn configuration_id(nic: &str) -> String {
    format!("{}/ipConfigurations/c1", id("networkInterfaces", nic))
}

fn machine_id(name: &str) -> String {
    format!("{SCOPE}/Microsoft.Compute/virtualMachines/{name}")
}

fn account_id(name: &str) -> String {
    format!("{SCOPE}/Microsoft.Storage/storageAccounts/{name}")
}

fn range_id(server: &str, name: &str) -> String {
    format!("{SCOPE}/Microsoft.Sql/servers/{server}/firewallRules/{name}")
}

/// As `az` prints it.
fn flat(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut flattened = serde_json::Map::new();
            for (key, value) in map {
                match (key.as_str(), flat(value)) {
                    ("properties", Value::Object(inner)) => flattened.extend(inner),
                    (_, value) => {
                        flattened.insert(key, value);
                    }
                }
            }
            Value::Object(flattened)
        }
        Value::Array(items) => Value::Array(items.into_iter().map(flat).collect()),
        other => other,
    }
}
