//! Rewrites that change how an organisation is written and nothing of what it means.

use serde_json::{Value, json};

use super::places::{link_spelling, rename_tags};
use super::split::{each_policy, split_policies, split_rules};
use super::{is_predefined, number, without};
use crate::generate::{Organisation, is_inbound};
use crate::random::Random;
use crate::rewrite::prefix::{halves, pieces, with_host_bits};

/// One way to write the same otherwise. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GcpRewrite {
    /// T1: each prefix among sources as its two halves.
    Halves,
    /// T25: prefixes with bits behind their length.
    HostBits,
    /// A range of ports as two.
    PortPieces,
    /// One entry for each port of a protocol.
    SplitEntries,
    /// T18: protocols by name where they had a number, and the other way round.
    ProtocolSpelling,
    /// A rule of a network as several of its priority and action: one for each source and protocol.
    SplitRules,
    /// A rule for several targets as one for each.
    SplitTargets,
    /// A rule of a policy as two neighbours.
    SplitPolicyRules,
    /// Other numbers for rules, in the same order.
    Renumbered,
    /// Copies that are disabled, in front of everything.
    DisabledCopies,
    /// Behind each rule one that says the opposite of the same packets.
    Shadowed,
    /// `goto_next` for what never comes from the Internet in front, and for everything at the end.
    NextAround,
    /// A policy that leaves everything to others, where nothing is associated.
    EmptyPolicy,
    /// Prefixes of a policy's rule as an address group.
    AddressGroup,
    /// Address groups written out.
    Ungrouped,
    /// Beside each tag in force one that is gone.
    GoneTags,
    /// Network tags by other names.
    RenamedTags,
    /// References in the other spellings there are.
    LinkSpelling,
    /// What is there by default left out or stated.
    Defaults,
    /// Rules, members and resources in another order.
    Order,
    /// A route as two for the halves of its prefix.
    RouteHalves,
    /// Everything that is listed, twice.
    Repeated,
}

impl GcpRewrite {
    /// All of them.
    pub const ALL: [Self; 22] = [
        Self::Halves,
        Self::HostBits,
        Self::PortPieces,
        Self::SplitEntries,
        Self::ProtocolSpelling,
        Self::SplitRules,
        Self::SplitTargets,
        Self::SplitPolicyRules,
        Self::Renumbered,
        Self::DisabledCopies,
        Self::Shadowed,
        Self::NextAround,
        Self::EmptyPolicy,
        Self::AddressGroup,
        Self::Ungrouped,
        Self::GoneTags,
        Self::RenamedTags,
        Self::LinkSpelling,
        Self::Defaults,
        Self::Order,
        Self::RouteHalves,
        Self::Repeated,
    ];

    /// The organisation written otherwise.
    #[must_use]
    pub fn apply(self, organisation: &Organisation, random: &mut Random) -> Organisation {
        let mut organisation = organisation.clone();
        match self {
            Self::Halves => each_source(&mut organisation, |text| {
                halves(text).map_or_else(|| vec![text.to_owned()], |halves| halves.to_vec())
            }),
            Self::HostBits => {
                for source in organisation.sources().into_iter().flatten() {
                    let changed = source.as_str().and_then(|text| with_host_bits(text, random));
                    changed.into_iter().for_each(|changed| *source = changed.into());
                }
            }
            Self::PortPieces => each_ports(&mut organisation, |ports| {
                let texts = ports.iter().filter_map(Value::as_str);
                let cut = texts
                    .flat_map(|it| pieces(it, random).map_or_else(|| vec![it.to_owned()], |it| it.to_vec()));
                *ports = cut.map(Value::from).collect();
            }),
            Self::SplitEntries => organisation.layer4().into_iter().for_each(|entries| {
                *entries = entries.iter().flat_map(split_entry).collect();
            }),
            Self::ProtocolSpelling => organisation.layer4().into_iter().flatten().for_each(respell),
            Self::SplitRules => split_rules(&mut organisation),
            Self::SplitTargets => split_targets(&mut organisation),
            Self::SplitPolicyRules => split_policies(&mut organisation),
            Self::Renumbered => renumber(&mut organisation, |rank| 3 + rank * 7),
            Self::DisabledCopies => disabled_copies(&mut organisation),
            Self::Shadowed => shadowed(&mut organisation),
            Self::NextAround => next_around(&mut organisation),
            Self::EmptyPolicy => empty_policy(&mut organisation),
            Self::AddressGroup => group(&mut organisation),
            Self::Ungrouped => ungroup(&mut organisation),
            Self::GoneTags => gone_tags(&mut organisation),
            Self::RenamedTags => rename_tags(&mut organisation),
            Self::LinkSpelling => link_spelling(&mut organisation, random),
            Self::Defaults => defaults(&mut organisation),
            Self::Order => reorder(&mut organisation, random),
            Self::RouteHalves => route_halves(&mut organisation),
            Self::Repeated => repeat(&mut organisation),
        }
        organisation
    }
}

fn each_source(organisation: &mut Organisation, change: impl Fn(&str) -> Vec<String>) {
    for sources in organisation.sources() {
        *sources = sources.iter().filter_map(Value::as_str).flat_map(&change).map(Value::from).collect();
    }
}

fn each_ports(organisation: &mut Organisation, change: impl FnMut(&mut Vec<Value>)) {
    let entries = organisation.layer4().into_iter().flatten();
    entries.filter_map(|it| it.get_mut("ports")?.as_array_mut()).for_each(change);
}

fn split_entry(entry: &Value) -> Vec<Value> {
    let Some(ports) = entry.get("ports").and_then(Value::as_array) else { return vec![entry.clone()] };
    let one = |port: &Value| {
        let mut one = entry.clone();
        one["ports"] = json!([port]);
        one
    };
    ports.iter().map(one).collect()
}

fn respell(entry: &mut Value) {
    let names = [
        ("tcp", "6"),
        ("udp", "17"),
        ("icmp", "1"),
        ("esp", "50"),
        ("ah", "51"),
        ("sctp", "132"),
        ("ipip", "4"),
    ];
    for key in ["IPProtocol", "ipProtocol"] {
        let Some(own) = entry.get(key).and_then(Value::as_str).map(str::to_owned) else { continue };
        let other = names.into_iter().find_map(|(name, number)| match own.as_str() {
            word if word == name => Some(number),
            word if word == number => Some(name),
            _ => None,
        });
        other.into_iter().for_each(|other| entry[key] = other.into());
    }
}

/// G4: any one of several targets.
fn split_targets(organisation: &mut Organisation) {
    let mut changed = Vec::new();
    for rule in organisation.all("firewalls").drain(..) {
        let key = ["targetTags", "targetServiceAccounts"].into_iter().find(|key| rule.get(*key).is_some());
        let several = key.map(|key| (key, rule[key].as_array().cloned().unwrap_or_default()));
        match several.filter(|(_, targets)| targets.len() > 1) {
            None => changed.push(rule),
            Some((key, targets)) => changed.extend(targets.into_iter().zip(0..).map(|(target, number)| {
                let mut one = renamed(&rule, number);
                one[key] = json!([target]);
                one
            })),
        }
    }
    *organisation.all("firewalls") = changed;
}

/// A copy of a rule with a name of its own.
pub(super) fn renamed(rule: &Value, number: usize) -> Value {
    let mut one = rule.clone();
    for key in ["name", "selfLink", "id"] {
        let end = if key == "id" { number.to_string() } else { format!("-{number}") };
        one[key] = format!("{}{end}", rule[key].as_str().unwrap_or_default()).into();
    }
    one
}

/// Numbers by the rank of the old ones; what every policy ends with stays.
pub(super) fn renumber(organisation: &mut Organisation, to: impl Fn(i64) -> i64) {
    let ranked = |rules: Vec<&mut Value>| {
        let mut numbers: Vec<i64> = rules.iter().map(|rule| number(rule)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        for rule in rules {
            let rank = numbers.binary_search(&number(rule)).unwrap_or_default();
            rule["priority"] = to(rank as i64).into();
        }
    };
    ranked(organisation.all("firewalls").iter_mut().collect());
    for rules in organisation.policy_rules() {
        ranked(rules.iter_mut().filter(|rule| !is_predefined(rule)).collect());
    }
}

fn disabled_copies(organisation: &mut Organisation) {
    renumber(organisation, |rank| 100 + rank);
    let rules = organisation.all("firewalls");
    let copies: Vec<Value> = rules.iter().map(|rule| opposite(&renamed(rule, 9), 0)).collect();
    rules.extend(copies.into_iter().map(disabled));
    each_policy(organisation, |rules| {
        let copies = rules.iter().filter(|rule| !is_predefined(rule)).zip(0..);
        copies.map(|(rule, place)| disabled(opposite(rule, place))).collect()
    });
}

fn disabled(mut rule: Value) -> Value {
    rule["disabled"] = true.into();
    rule
}

/// The same packets with the other action.
fn opposite(rule: &Value, priority: i64) -> Value {
    let mut other = rule.clone();
    other["priority"] = priority.into();
    for (one, two) in [("allowed", "denied"), ("denied", "allowed")] {
        if let Some(entries) = rule.get(one) {
            without(&mut other, &[one]);
            other[two] = entries.clone();
        }
    }
    if let Some(action) = rule.get("action") {
        other["action"] = (if action == "allow" { "deny" } else { "allow" }).into();
    }
    other
}

fn shadowed(organisation: &mut Organisation) {
    renumber(organisation, |rank| 10 + rank * 10);
    let in_force = |rule: &&Value| rule["disabled"] != true;
    let rules = organisation.all("firewalls");
    let shadows: Vec<Value> =
        rules.iter().filter(in_force).map(|rule| opposite(&renamed(rule, 8), number(rule) + 5)).collect();
    rules.extend(shadows);
    each_policy(organisation, |rules| {
        let own = rules.iter().filter(in_force).filter(|rule| !is_predefined(rule));
        own.map(|rule| opposite(rule, number(rule) + 5)).collect()
    });
}

fn next_around(organisation: &mut Organisation) {
    renumber(organisation, |rank| 10 + rank * 10);
    let next = |priority: i64, key: &str, cidr: &str| {
        json!({"kind": "compute#firewallPolicyRule", "priority": priority, "direction": "INGRESS", "action": "goto_next",
            "match": {key: [cidr], "layer4Configs": [{"ipProtocol": "all"}]}})
    };
    each_policy(organisation, |_| {
        vec![
            next(1, "srcIpRanges", "10.0.0.0/8"),
            next(2, "srcIpRanges", "192.168.0.0/16"),
            next(2_147_483_500, "srcIpRanges", "0.0.0.0/0"),
            next(2_147_483_501, "srcIpRanges", "::/0"),
        ]
    });
}

fn empty_policy(organisation: &mut Organisation) {
    for (number, holder) in ["organizations/1000", "folders/10", "folders/20"].into_iter().enumerate() {
        let taken = organisation
            .each("firewallPolicies")
            .any(|it| it["associations"][0]["attachmentTarget"] == holder);
        if taken {
            continue;
        }
        organisation.all("firewallPolicies").push(json!({
            "kind": "compute#firewallPolicy", "id": format!("390{number}"), "name": format!("390{number}"),
            "shortName": format!("empty-{number}"), "selfLink": format!("https://www.googleapis.com/compute/v1/locations/global/firewallPolicies/390{number}"),
            "associations": [{"name": holder, "attachmentTarget": holder}],
            "rules": [
                {"kind": "compute#firewallPolicyRule", "priority": 2_147_483_645, "direction": "INGRESS", "action": "goto_next", "match": {"srcIpRanges": ["::/0"], "layer4Configs": [{"ipProtocol": "all"}]}},
                {"kind": "compute#firewallPolicyRule", "priority": 2_147_483_647, "direction": "INGRESS", "action": "goto_next", "match": {"srcIpRanges": ["0.0.0.0/0"], "layer4Configs": [{"ipProtocol": "all"}]}},
            ],
        }));
    }
}

/// The prefixes of each rule of a policy as an address group; one is of one family.
fn group(organisation: &mut Organisation) {
    let mut made = Vec::new();
    let rules = organisation.policy_rules().into_iter().flatten();
    for rule in rules.filter(|rule| is_inbound(rule) && !is_predefined(rule)) {
        let ranges = rule["match"]["srcIpRanges"].as_array().cloned().unwrap_or_default();
        let v6 = ranges.iter().any(|it| it.as_str().is_some_and(|it| it.contains(':')));
        // G13: without a range, a rule of tags that are all gone is ignored.
        if ranges.is_empty() || rule["match"].get("srcSecureTags").is_some() {
            continue;
        }
        let name = format!("projects/tailspin/locations/global/addressGroups/made-{}", made.len());
        let family = if v6 { "IPV6" } else { "IPV4" };
        made.push(json!({"name": name, "type": family, "capacity": 100, "items": ranges}));
        without(&mut rule["match"], &["srcIpRanges"]);
        match rule["match"].get_mut("srcAddressGroups").and_then(Value::as_array_mut) {
            Some(groups) => groups.push(name.into()),
            None => rule["match"]["srcAddressGroups"] = json!([name]),
        }
    }
    organisation.all("addressGroups").extend(made);
}

fn ungroup(organisation: &mut Organisation) {
    let groups: Vec<Value> = organisation.each("addressGroups").cloned().collect();
    for rule in organisation.policy_rules().into_iter().flatten() {
        let Some(named) = rule["match"].get("srcAddressGroups").and_then(Value::as_array).cloned() else {
            continue;
        };
        if !named.iter().all(|name| groups.iter().any(|it| it["name"] == *name)) {
            continue;
        }
        let items =
            groups.iter().filter(|it| named.contains(&it["name"])).filter_map(|it| it["items"].as_array());
        let items: Vec<Value> = items.flatten().cloned().collect();
        let ranges = rule["match"].get("srcIpRanges").and_then(Value::as_array).cloned().unwrap_or_default();
        let all = [ranges, items].concat();
        // Of nobody at all there is no other spelling; a range would wake a rule whose tags are gone.
        if all.is_empty() || rule["match"].get("srcSecureTags").is_some() {
            continue;
        }
        without(&mut rule["match"], &["srcAddressGroups"]);
        rule["match"]["srcIpRanges"] = all.into();
    }
}

fn gone_tags(organisation: &mut Organisation) {
    for rule in organisation.policy_rules().into_iter().flatten() {
        let tags = rule.get_mut("targetSecureTags").and_then(Value::as_array_mut);
        for tags in tags.into_iter().filter(|tags| tags.iter().any(|tag| tag["state"] == "EFFECTIVE")) {
            tags.push(json!({"name": "tagValues/399", "state": "INEFFECTIVE"}));
        }
    }
}

fn defaults(organisation: &mut Organisation) {
    for rule in organisation.all("firewalls") {
        if rule["priority"] == 1000 {
            without(rule, &["priority"]);
        }
        if is_inbound(rule) {
            without(rule, &["direction"]);
        }
        if rule["disabled"] == false {
            without(rule, &["disabled"]);
        }
        let inside = ["sourceTags", "sourceServiceAccounts"].iter().any(|key| rule.get(*key).is_some());
        if rule["sourceRanges"] == json!(["0.0.0.0/0"]) && !inside {
            without(rule, &["sourceRanges"]);
        }
    }
    for network in organisation.all("networks") {
        let order = "networkFirewallPolicyEnforcementOrder";
        if network.get(order).is_none() {
            network[order] = "AFTER_CLASSIC_FIREWALL".into();
        } else if network[order] == "AFTER_CLASSIC_FIREWALL" {
            without(network, &[order]);
        }
    }
    for rule in organisation.policy_rules().into_iter().flatten().filter(|rule| rule["disabled"] == false) {
        without(rule, &["disabled"]);
    }
}

fn reorder(organisation: &mut Organisation, random: &mut Random) {
    organisation.sources().into_iter().for_each(|it| random.shuffle(it));
    organisation.layer4().into_iter().for_each(|it| random.shuffle(it));
    organisation.policy_rules().into_iter().for_each(|it| random.shuffle(it));
    for instance in organisation.all("instances") {
        let tags = instance["tags"].get_mut("items").and_then(Value::as_array_mut);
        tags.into_iter().for_each(|it| random.shuffle(it));
        instance["networkInterfaces"].as_array_mut().into_iter().for_each(|it| random.shuffle(it));
    }
    organisation.kinds.values_mut().for_each(|it| random.shuffle(it));
}

/// Where nothing else is as long as a half, the halves go where the whole went.
fn route_halves(organisation: &mut Organisation) {
    let texts: Vec<String> =
        organisation.each("routes").filter_map(|it| Some(it["destRange"].as_str()?.to_owned())).collect();
    let mut changed = Vec::new();
    for route in organisation.all("routes").drain(..) {
        let text = route["destRange"].as_str().unwrap_or_default().to_owned();
        let several = texts.iter().filter(|it| **it == text).count();
        let cut = halves(&text).filter(|halves| !halves.iter().any(|half| texts.contains(half)));
        match cut.filter(|_| route.get("nextHopNetwork").is_none() && (several == 1 || !text.is_empty())) {
            None => changed.push(route),
            Some(halves) => changed.extend(halves.into_iter().zip(0..).map(|(half, number)| {
                let mut one = renamed(&route, number);
                one["destRange"] = half.into();
                one
            })),
        }
    }
    *organisation.all("routes") = changed;
}

fn repeat(organisation: &mut Organisation) {
    organisation.sources().into_iter().for_each(|it| it.extend(it.clone()));
    organisation.layer4().into_iter().for_each(|it| it.extend(it.clone()));
    for rule in organisation.rules() {
        for key in [
            "targetTags",
            "targetServiceAccounts",
            "targetSecureTags",
            "targetResources",
            "destinationRanges",
        ] {
            rule.get_mut(key).and_then(Value::as_array_mut).into_iter().for_each(|it| it.extend(it.clone()));
        }
    }
}
