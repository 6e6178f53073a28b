//! The elements of paths and the services of an estate, written otherwise.
//!
//! Knows no order of translating rules within a collection: that one means something.

use core::net::{IpAddr, Ipv4Addr};

use serde_json::{Map, Value};

use super::prefix::halves;
use crate::generate::Estate;
use crate::random::Random;

/// A kind of rewrite of the documents beside groups, interfaces and networks. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ElementRewrite {
    /// As REST returns it: everything but the head below `properties`, of the parts too.
    RestForm,
    /// Documents, and lists that have no order or a priority, in another order.
    Order,
    /// Letters of words and ids in another case.
    LetterCase,
    /// A prefix becomes its halves, an interval two that touch.
    SplitSources,
    /// What a list says, twice.
    Duplicates,
    /// What stands in a resource of its own within its parent, and the other way round.
    Nesting,
    /// All resources of the estate in one document.
    OneDocument,
}

impl ElementRewrite {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::RestForm,
        Self::Order,
        Self::LetterCase,
        Self::SplitSources,
        Self::Duplicates,
        Self::Nesting,
        Self::OneDocument,
    ];

    /// The estate, written in another way.
    #[must_use]
    pub fn apply(self, estate: &Estate, random: &mut Random) -> Estate {
        let mut estate = estate.clone();
        match self {
            Self::RestForm => resources(&mut estate).for_each(nest),
            Self::Order => {
                random.shuffle(&mut estate.others);
                estate.others.iter_mut().for_each(|(_, list)| random.shuffle(list));
                resources(&mut estate).for_each(|it| reorder(it, random));
            }
            Self::LetterCase => resources(&mut estate).for_each(|it| recase(it, random)),
            Self::SplitSources => split_sources(&mut estate, random),
            Self::Duplicates => resources(&mut estate).for_each(duplicate),
            Self::Nesting => nesting(&mut estate),
            Self::OneDocument => {
                let all = estate.others.drain(..).flat_map(|(_, list)| list).collect();
                estate.others.push(("all.json".to_owned(), all));
            }
        }
        estate
    }
}

fn resources(estate: &mut Estate) -> impl Iterator<Item = &mut Value> {
    estate.others.iter_mut().flat_map(|(_, list)| list)
}

/// Moves what is not the head of a resource below `properties`, and the same in the parts that are resources.
fn nest(resource: &mut Value) {
    let Some(members) = resource.as_object_mut() else { return };
    let mut properties = Map::new();
    for (name, mut value) in core::mem::take(members) {
        if HEAD.contains(&name.as_str()) {
            members.insert(name, value);
            continue;
        }
        if PARTS.contains(&name.as_str()) {
            value.as_array_mut().into_iter().flatten().for_each(nest);
        }
        properties.insert(name, value);
    }
    members.insert("properties".to_owned(), Value::Object(properties));
}

fn reorder(value: &mut Value, random: &mut Random) {
    let Some(members) = value.as_object_mut() else { return };
    for (name, member) in members.iter_mut() {
        if let Some(list) = member.as_array_mut() {
            if UNORDERED.contains(&name.as_str()) {
                random.shuffle(list);
            }
            list.iter_mut().for_each(|it| reorder(it, random));
        } else {
            reorder(member, random);
        }
    }
}

fn recase(value: &mut Value, random: &mut Random) {
    let Some(members) = value.as_object_mut() else { return };
    for (name, member) in members.iter_mut() {
        match member {
            Value::String(text) if RECASED.contains(&name.as_str()) => {
                *text = if random.chance(50) { text.to_ascii_uppercase() } else { text.to_ascii_lowercase() };
            }
            Value::Array(list) => list.iter_mut().for_each(|it| recase(it, random)),
            Value::Object(reference) if reference.len() == 1 && reference.contains_key("id") => {
                if let Some(Value::String(id)) = reference.get_mut("id") {
                    *id = if random.chance(50) { id.to_ascii_uppercase() } else { id.to_ascii_lowercase() };
                }
            }
            Value::Object(_) => recase(member, random),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

fn split_sources(estate: &mut Estate, random: &mut Random) {
    for (_, list) in &mut estate.others {
        let mut pieces = Vec::new();
        for resource in list.iter_mut() {
            split_prefixes(resource, random);
            pieces.extend(split_interval(resource));
        }
        list.extend(pieces);
    }
}

/// A list of sources whose members are texts, or objects that hold one.
fn split_prefixes(value: &mut Value, random: &mut Random) {
    let Some(members) = value.as_object_mut() else { return };
    for (name, member) in members.iter_mut() {
        let Some(list) = member.as_array_mut() else { continue };
        if SOURCES.contains(&name.as_str()) {
            let split = list.drain(..).flat_map(|it| if random.chance(70) { split(it) } else { vec![it] });
            let split: Vec<Value> = split.collect();
            *list = split;
        } else {
            list.iter_mut().for_each(|it| split_prefixes(it, random));
        }
    }
    for member in members.values_mut().filter(|it| it.is_object()) {
        split_prefixes(member, random);
    }
}

fn split(source: Value) -> Vec<Value> {
    if let Some(text) = source.as_str() {
        let halves = halves(text).map(|halves| halves.map(Value::String).to_vec());
        return halves.unwrap_or_else(|| vec![source]);
    }
    for key in ["value", "ipAddressOrRange", "ipMask", "addressPrefix"] {
        let Some([low, high]) = source.get(key).and_then(Value::as_str).and_then(halves) else { continue };
        return [low, high]
            .map(|half| {
                let mut piece = source.clone();
                piece[key] = half.into();
                piece
            })
            .to_vec();
    }
    vec![source]
}

/// The rule is cut to its lower half; the upper one is returned.
fn split_interval(rule: &mut Value) -> Option<Value> {
    let [first, last] = [["startIpAddress", "endIpAddress"], ["startIP", "endIP"]]
        .into_iter()
        .find(|names| rule.get(names[0]).is_some())?;
    let number = |rule: &Value, key: &str| rule[key].as_str()?.parse::<Ipv4Addr>().ok().map(u32::from);
    let (low, high) = (number(rule, first)?, number(rule, last)?);
    // An interval of one address, and the one that stands for Azure's own, stay as they are; no piece may look like it.
    if low >= high || low == 0 {
        return None;
    }
    let middle = low + (high - low) / 2;
    let mut upper = rule.clone();
    let text = |value: u32| Value::String(IpAddr::V4(value.into()).to_string());
    rule[last] = text(middle);
    upper[first] = text(middle + 1);
    for key in ["id", "name"] {
        upper[key] = format!("{}-upper", rule[key].as_str().unwrap_or_default()).into();
    }
    Some(upper)
}

fn duplicate(value: &mut Value) {
    let Some(members) = value.as_object_mut() else { return };
    for (name, member) in members.iter_mut() {
        if let Some(list) = member.as_array_mut() {
            if SOURCES.contains(&name.as_str()) {
                let again = list.clone();
                list.extend(again);
            }
            list.iter_mut().for_each(duplicate);
        } else {
            duplicate(member);
        }
    }
    if let Some(pool) = members.get("backendAddressPool").cloned() {
        members.entry("backendAddressPools").or_insert_with(|| Value::Array(vec![pool]));
    }
}

/// The configuration of a site in a document of its own, or within its site.
fn nesting(estate: &mut Estate) {
    let mut configurations: Vec<Value> = Vec::new();
    if let Some(place) = estate.others.iter().position(|(name, _)| name == "configs.json") {
        configurations = estate.others.remove(place).1;
    }
    let mut apart = Vec::new();
    for (_, sites) in estate.others.iter_mut().filter(|(name, _)| name == "sites.json") {
        for site in sites {
            let id = format!("{}/config/web", site["id"].as_str().unwrap_or_default());
            let own = configurations.iter().position(|it| it["id"] == id.as_str());
            if let Some(own) = own {
                let mut settings = configurations.remove(own);
                let members = settings.as_object_mut().unwrap();
                members.remove("id");
                members.remove("name");
                site["siteConfig"] = settings;
            } else if let Some(mut settings) = site.as_object_mut().unwrap().remove("siteConfig") {
                settings["id"] = id.into();
                settings["name"] = site["name"].clone();
                settings["numberOfWorkers"] = 1.into();
                apart.push(settings);
            }
        }
    }
    if !apart.is_empty() {
        estate.put("configs.json", apart);
    }
}

const HEAD: [&str; 9] = ["id", "name", "type", "kind", "sku", "etag", "location", "tags", "zones"];

const PARTS: [&str; 18] = [
    "frontendIPConfigurations",
    "backendAddressPools",
    "loadBalancingRules",
    "inboundNatRules",
    "inboundNatPools",
    "outboundRules",
    "loadBalancerBackendAddresses",
    "ipConfigurations",
    "networkInterfaceConfigurations",
    "gatewayIPConfigurations",
    "frontendPorts",
    "httpListeners",
    "requestRoutingRules",
    "backendHttpSettingsCollection",
    "urlPathMaps",
    "pathRules",
    "natRuleCollections",
    "networkRuleCollections",
];

/// Their members have no order, or a priority.
const UNORDERED: [&str; 22] = [
    "frontendIPConfigurations",
    "backendAddressPools",
    "loadBalancingRules",
    "inboundNatRules",
    "inboundNatPools",
    "backendIPConfigurations",
    "backendAddresses",
    "frontendPorts",
    "httpListeners",
    "requestRoutingRules",
    "backendHttpSettingsCollection",
    "urlPathMaps",
    "pathRules",
    "natRuleCollections",
    "ruleCollections",
    "ipRules",
    "authorizedIPRanges",
    "ipSecurityRestrictions",
    "scmIpSecurityRestrictions",
    "sourceAddresses",
    "ipAddresses",
    "routes",
];

const RECASED: [&str; 8] = [
    "protocol",
    "access",
    "direction",
    "defaultAction",
    "action",
    "publicNetworkAccess",
    "gatewayType",
    "nextHopType",
];

const SOURCES: [&str; 6] =
    ["ipRules", "authorizedIPRanges", "sourceAddresses", "ipAddresses", "sources", "ipAddressList"];
