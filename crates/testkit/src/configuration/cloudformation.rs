//! An account of AWS as a template of CloudFormation, in JSON and YAML, plain and written otherwise.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::identifier;
use crate::generate::Account;
use crate::random::Random;

/// A way to write a template otherwise. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StackRewrite {
    /// Values come through parameters with defaults.
    Parameters,
    /// Values come out of mappings.
    Mappings,
    /// Values come out of functions on texts and lists.
    Functions,
    /// Values come out of `Fn::If`, and some resources are not there.
    Conditions,
    /// Rules are resources of their own.
    Apart,
    /// YAML, functions as tags.
    Yaml,
    /// YAML, functions as keys.
    LongYaml,
}

impl StackRewrite {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Parameters,
        Self::Mappings,
        Self::Functions,
        Self::Conditions,
        Self::Apart,
        Self::Yaml,
        Self::LongYaml,
    ];
}

/// The template of an account that can be declared ([`super::declarable`]): the name of its file, and its text.
#[must_use]
pub fn stack(account: &Account, rewrites: &[StackRewrite], random: &mut Random) -> (String, String) {
    let mut writing =
        Writing { rewrites, random, resources: Map::new(), parameters: Map::new(), mapping: Map::new() };
    writing.networks(account);
    writing.lists(account);
    writing.tables(account);
    writing.groups(account);
    writing.interfaces(account);
    writing.public_access(account);
    writing.finish()
}

struct Writing<'w> {
    rewrites: &'w [StackRewrite],
    random: &'w mut Random,
    resources: Map<String, Value>,
    parameters: Map<String, Value>,
    mapping: Map<String, Value>,
}

/// The logical id of what has an id.
fn logical(id: &Value) -> String {
    identifier(id.as_str().unwrap()).chars().filter(char::is_ascii_alphanumeric).collect()
}

fn by_ref(id: &Value) -> Value {
    json!({ "Ref": logical(id) })
}

fn group(id: &Value) -> Value {
    json!({"Fn::GetAtt": [logical(id), "GroupId"]})
}

fn vpc() -> Value {
    by_ref(&json!("vpc-0"))
}

impl Writing<'_> {
    fn has(&self, rewrite: StackRewrite) -> bool {
        self.rewrites.contains(&rewrite)
    }

    fn put(&mut self, id: &str, kind: &str, properties: Value) {
        self.resources
            .insert(id.to_owned(), json!({"Type": format!("AWS::{kind}"), "Properties": properties}));
    }

    fn networks(&mut self, account: &Account) {
        for own in account.each("Vpcs") {
            self.put(&logical(&own["VpcId"]), "EC2::VPC", json!({"CidrBlock": own["CidrBlock"]}));
        }
        for own in account.each("Subnets") {
            let properties = json!({
                "VpcId": vpc(), "CidrBlock": own["CidrBlock"], "AvailabilityZone": own["AvailabilityZone"],
            });
            self.put(&logical(&own["SubnetId"]), "EC2::Subnet", properties);
        }
        for own in account.each("InternetGateways") {
            let id = logical(&own["InternetGatewayId"]);
            self.put(&id, "EC2::InternetGateway", json!({}));
            let attachment = json!({"VpcId": vpc(), "InternetGatewayId": {"Ref": id}});
            self.put(&format!("{id}Attachment"), "EC2::VPCGatewayAttachment", attachment);
        }
        for own in account.each("EgressOnlyInternetGateways") {
            let id = logical(&own["EgressOnlyInternetGatewayId"]);
            self.put(&id, "EC2::EgressOnlyInternetGateway", json!({"VpcId": vpc()}));
        }
        for own in account.each("PrefixLists") {
            let told = account.entries.iter().find(|it| it["PrefixListId"] == own["PrefixListId"]).unwrap();
            let properties = json!({
                "PrefixListName": own["PrefixListName"], "AddressFamily": own["AddressFamily"],
                "MaxEntries": own["MaxEntries"], "Entries": told["Entries"],
            });
            self.put(&logical(&own["PrefixListId"]), "EC2::PrefixList", properties);
        }
    }

    /// The default list stands by itself.
    fn lists(&mut self, account: &Account) {
        for own in account.each("NetworkAcls").filter(|own| own["IsDefault"] == false) {
            let id = logical(&own["NetworkAclId"]);
            self.put(&id, "EC2::NetworkAcl", json!({"VpcId": vpc()}));
            let entries = own["Entries"].as_array().unwrap().iter();
            let entries = entries.filter(|it| it["RuleNumber"].as_u64() < Some(32767));
            for (number, entry) in entries.enumerate() {
                let mut properties = json!({"NetworkAclId": {"Ref": id}});
                for (key, name) in ENTRY {
                    if let Some(value) = entry.get(key) {
                        properties[name] = value.clone();
                    }
                }
                self.put(&format!("{id}Entry{number}"), "EC2::NetworkAclEntry", properties);
            }
            for association in own["Associations"].as_array().unwrap() {
                let properties =
                    json!({"NetworkAclId": {"Ref": id}, "SubnetId": by_ref(&association["SubnetId"])});
                let name = format!("{id}{}", logical(&association["SubnetId"]));
                self.put(&name, "EC2::SubnetNetworkAclAssociation", properties);
            }
        }
    }

    /// Nobody can change the main table: whoever has it is given one that says the same.
    fn tables(&mut self, account: &Account) {
        let of = |table: &Value| table["Associations"][0]["SubnetId"].clone();
        let taken: Vec<Value> =
            account.each("RouteTables").map(of).filter(|subnet| !subnet.is_null()).collect();
        for own in account.each("RouteTables") {
            let id = logical(&own["RouteTableId"]);
            self.put(&id, "EC2::RouteTable", json!({"VpcId": vpc()}));
            let routes =
                own["Routes"].as_array().unwrap().iter().filter(|route| route["GatewayId"] != "local");
            for (number, route) in routes.enumerate() {
                let mut properties = json!({"RouteTableId": {"Ref": id}});
                for key in ROUTE {
                    let Some(value) = route.get(key) else { continue };
                    let is_own = ["GatewayId", "EgressOnlyInternetGatewayId", "DestinationPrefixListId"]
                        .contains(&key);
                    properties[key] = if is_own { by_ref(value) } else { value.clone() };
                }
                self.put(&format!("{id}Route{number}"), "EC2::Route", properties);
            }
            let subnets: Vec<Value> = match of(own) {
                Value::Null => account
                    .each("Subnets")
                    .map(|subnet| subnet["SubnetId"].clone())
                    .filter(|subnet| !taken.contains(subnet))
                    .collect(),
                subnet => vec![subnet],
            };
            for subnet in subnets {
                let properties = json!({"RouteTableId": {"Ref": id}, "SubnetId": by_ref(&subnet)});
                let name = format!("{id}{}", logical(&subnet));
                self.put(&name, "EC2::SubnetRouteTableAssociation", properties);
            }
        }
    }

    fn groups(&mut self, account: &Account) {
        for own in account.each("SecurityGroups") {
            let id = logical(&own["GroupId"]);
            let rules: Vec<Value> = own["IpPermissions"].as_array().unwrap().iter().flat_map(rules).collect();
            let mut properties = json!({
                "GroupName": own["GroupName"], "GroupDescription": "made for a test", "VpcId": vpc(),
            });
            // Groups that name each other cannot do so inside of themselves.
            let (apart, inside): (Vec<Value>, Vec<Value>) = rules.into_iter().partition(|rule| {
                rule.get("SourceSecurityGroupId").is_some()
                    || self.has(StackRewrite::Apart) && self.random.chance(50)
            });
            if !inside.is_empty() {
                properties["SecurityGroupIngress"] = Value::Array(inside);
            }
            self.put(&id, "EC2::SecurityGroup", properties);
            for (number, mut rule) in apart.into_iter().enumerate() {
                rule["GroupId"] = json!({"Fn::GetAtt": [id, "GroupId"]});
                self.put(&format!("{id}Rule{number}"), "EC2::SecurityGroupIngress", rule);
            }
        }
    }

    fn interfaces(&mut self, account: &Account) {
        for own in account.each("NetworkInterfaces") {
            let id = logical(&own["NetworkInterfaceId"]);
            let name = &own["TagSet"][0]["Value"];
            let machine = logical(name);
            let tags = json!([{"Key": "Name", "Value": name}]);
            let groups: Vec<Value> =
                own["Groups"].as_array().unwrap().iter().map(|it| group(&it["GroupId"])).collect();
            let is_public = own.get("Association").is_some();
            let shared = json!({
                "SubnetId": by_ref(&own["SubnetId"]), "GroupSet": groups,
                "PrivateIpAddress": own["PrivateIpAddress"], "Ipv6Addresses": own["Ipv6Addresses"],
            });
            if self.random.chance(50) {
                let mut interface = shared;
                interface["DeviceIndex"] = json!("0");
                if is_public {
                    interface["AssociatePublicIpAddress"] = json!(true);
                }
                let properties = json!({"ImageId": "ami-1", "Tags": tags, "NetworkInterfaces": [interface]});
                self.put(&machine, "EC2::Instance", properties);
                continue;
            }
            let mut interface = shared;
            interface["Tags"] = tags.clone();
            self.put(&id, "EC2::NetworkInterface", interface);
            let attached = json!([{"DeviceIndex": "0", "NetworkInterfaceId": {"Ref": id}}]);
            let properties = json!({"ImageId": "ami-1", "Tags": tags, "NetworkInterfaces": attached});
            self.put(&machine, "EC2::Instance", properties);
            if is_public {
                self.put(&format!("{id}Address"), "EC2::EIP", json!({"Domain": "vpc"}));
                let properties = json!({
                    "AllocationId": {"Fn::GetAtt": [format!("{id}Address"), "AllocationId"]},
                    "NetworkInterfaceId": {"Ref": id},
                });
                self.put(&format!("{id}Association"), "EC2::EIPAssociation", properties);
            }
        }
    }

    fn public_access(&mut self, account: &Account) {
        let mode = &account.kinds["VpcBlockPublicAccessOptions"]["InternetGatewayBlockMode"];
        // There is no `off` to be declared.
        if mode != "off" {
            let options = json!({ "InternetGatewayBlockMode": mode });
            self.put("PublicAccess", "EC2::VPCBlockPublicAccessOptions", options);
        }
        for own in account.each("VpcBlockPublicAccessExclusions") {
            let (place, id) = own["ResourceArn"].as_str().unwrap().rsplit_once('/').unwrap();
            let key = if place.ends_with("vpc") { "VpcId" } else { "SubnetId" };
            let properties = json!({
                "InternetGatewayExclusionMode": own["InternetGatewayExclusionMode"], key: by_ref(&json!(id)),
            });
            self.put(&logical(&own["ExclusionId"]), "EC2::VPCBlockPublicAccessExclusion", properties);
        }
    }

    fn finish(mut self) -> (String, String) {
        let mut resources = core::mem::take(&mut self.resources);
        for resource in resources.values_mut() {
            let mut properties = resource["Properties"].take();
            self.value(&mut properties);
            resource["Properties"] = properties;
        }
        let mut template = json!({"AWSTemplateFormatVersion": "2010-09-09"});
        if self.has(StackRewrite::Conditions) {
            template["Conditions"] = json!({
                "Holds": {"Fn::Equals": ["a", "a"]}, "Not": {"Fn::Not": [{"Condition": "Holds"}]},
            });
            let all: Vec<(String, Value)> = resources.clone().into_iter().collect();
            for (name, mut resource) in all {
                if self.random.chance(20) {
                    resource["Condition"] = json!("Not");
                    resource["Properties"] = json!({});
                    resources.insert(format!("{name}NotThere"), resource);
                } else if self.random.chance(20) {
                    resources[&name]["Condition"] = json!("Holds");
                }
            }
        }
        if !self.parameters.is_empty() {
            template["Parameters"] = Value::Object(self.parameters.clone());
        }
        if !self.mapping.is_empty() {
            template["Mappings"] = json!({"Values": {"all": self.mapping}});
        }
        template["Resources"] = Value::Object(resources);
        if self.has(StackRewrite::Yaml) || self.has(StackRewrite::LongYaml) {
            let mut text = String::from("# A stack\n");
            yaml(&mut text, &template, 0, self.has(StackRewrite::Yaml));
            return ("stack.yaml".to_owned(), text);
        }
        ("stack.json".to_owned(), serde_json::to_string_pretty(&template).unwrap())
    }

    fn value(&mut self, value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Object(entries) if entries.keys().any(|key| key == "Ref" || key.starts_with("Fn::")) => {}
            Value::Object(entries) => entries.values_mut().for_each(|value| self.value(value)),
            Value::String(_) | Value::Number(_) => self.leaf(value),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn leaf(&mut self, value: &mut Value) {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if self.has(StackRewrite::Functions) && self.random.chance(50) && !text.is_empty() {
            *value = self.computed(&text);
        } else if self.has(StackRewrite::Parameters) && self.random.chance(50) {
            let name = format!("P{}", self.parameters.len());
            let kind = if value.is_number() { "Number" } else { "String" };
            self.parameters.insert(name.clone(), json!({"Type": kind, "Default": value}));
            *value = json!({ "Ref": name });
        } else if self.has(StackRewrite::Mappings) && self.random.chance(50) {
            let name = format!("M{}", self.mapping.len());
            self.mapping.insert(name.clone(), value.clone());
            *value = json!({"Fn::FindInMap": ["Values", "all", name]});
        }
        if self.has(StackRewrite::Conditions) && self.random.chance(40) {
            *value = match self.random.below(2) {
                0 => json!({"Fn::If": ["Holds", value, {"Ref": "AWS::NoValue"}]}),
                _ => json!({"Fn::If": ["Not", "other", value]}),
            };
        }
    }

    fn computed(&mut self, text: &str) -> Value {
        let middle = text.char_indices().map(|(at, _)| at).nth(text.chars().count() / 2).unwrap_or(0);
        let (first, second) = text.split_at(middle);
        match self.random.below(6) {
            0 => json!({"Fn::Join": ["", [first, second]]}),
            1 => json!({"Fn::Sub": ["${A}${B}", {"A": first, "B": second}]}),
            2 => json!({"Fn::Select": [1, ["x", text]]}),
            3 => json!({"Fn::Select": ["0", {"Fn::Split": ["|", format!("{text}|x")]}]}),
            4 => json!({ "Fn::Sub": text }),
            _ => json!({"Fn::Join": ["", {"Fn::Split": ["@", format!("{first}@{second}")]}]}),
        }
    }
}

/// A permission as rules: one for each source.
fn rules(permission: &Value) -> Vec<Value> {
    let protocol = &permission["IpProtocol"];
    let sources = [
        ("IpRanges", "CidrIp", "CidrIp"),
        ("Ipv6Ranges", "CidrIpv6", "CidrIpv6"),
        ("PrefixListIds", "PrefixListId", "SourcePrefixListId"),
        ("UserIdGroupPairs", "GroupId", "SourceSecurityGroupId"),
    ];
    let mut rules = Vec::new();
    for (list, key, argument) in sources {
        for source in permission[list].as_array().into_iter().flatten() {
            let source = match key {
                "PrefixListId" => by_ref(&source[key]),
                "GroupId" => group(&source[key]),
                _ => source[key].clone(),
            };
            let mut rule = json!({"IpProtocol": protocol, argument: source});
            for key in ["FromPort", "ToPort"] {
                if let Some(port) = permission.get(key).filter(|_| protocol != "-1") {
                    rule[key] = port.clone();
                }
            }
            rules.push(rule);
        }
    }
    rules
}

const ENTRY: [(&str, &str); 8] = [
    ("RuleNumber", "RuleNumber"),
    ("RuleAction", "RuleAction"),
    ("Protocol", "Protocol"),
    ("Egress", "Egress"),
    ("CidrBlock", "CidrBlock"),
    ("Ipv6CidrBlock", "Ipv6CidrBlock"),
    ("PortRange", "PortRange"),
    ("IcmpTypeCode", "Icmp"),
];
const ROUTE: [&str; 8] = [
    "DestinationCidrBlock",
    "DestinationIpv6CidrBlock",
    "DestinationPrefixListId",
    "GatewayId",
    "EgressOnlyInternetGatewayId",
    "NatGatewayId",
    "TransitGatewayId",
    "NetworkInterfaceId",
];

/// A value as YAML below a key or a dash.
fn yaml(text: &mut String, value: &Value, depth: usize, has_tags: bool) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            for (key, value) in entries {
                write!(text, "{indent}{}:", plain(key)).unwrap();
                below(text, value, depth, has_tags);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                write!(text, "{indent}-").unwrap();
                below(text, item, depth, has_tags);
            }
        }
        _ => writeln!(text, "{indent}{value}").unwrap(),
    }
}

fn below(text: &mut String, value: &Value, depth: usize, has_tags: bool) {
    let function = value.as_object().filter(|entries| has_tags && entries.len() == 1).and_then(|entries| {
        let (key, inner) = entries.iter().next()?;
        let name = key.strip_prefix("Fn::").or((key == "Ref" || key == "Condition").then_some(key))?;
        Some((name, inner))
    });
    match (function, value) {
        (Some(("GetAtt", Value::Array(words))), _) => {
            let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
            writeln!(text, " !GetAtt {}", words.join(".")).unwrap();
        }
        (Some((name, inner @ (Value::Array(_) | Value::Object(_)))), _) => {
            writeln!(text, " !{name}").unwrap();
            yaml(text, inner, depth + 1, has_tags);
        }
        (Some((name, inner)), _) => writeln!(text, " !{name} {inner}").unwrap(),
        (None, Value::Object(entries)) if !entries.is_empty() => {
            text.push('\n');
            yaml(text, value, depth + 1, has_tags);
        }
        (None, Value::Array(items)) if !items.is_empty() => {
            text.push('\n');
            yaml(text, value, depth + 1, has_tags);
        }
        (None, Value::String(word)) if is_plain(word) => writeln!(text, " {word}").unwrap(),
        (None, _) => writeln!(text, " {value}").unwrap(),
    }
}

/// A key that needs no quotation marks, else with them.
fn plain(key: &str) -> String {
    if key.contains("::") || is_plain(key) { key.to_owned() } else { json!(key).to_string() }
}

/// Whether a text is one without quotation marks: it is no number, no truth value, and holds no sign of YAML.
fn is_plain(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_alphabetic())
        && word.chars().all(|letter| letter.is_ascii_alphanumeric() || "-./".contains(letter))
        && !["true", "false", "yes", "no", "on", "off", "y", "n", "null"]
            .contains(&word.to_lowercase().as_str())
}
