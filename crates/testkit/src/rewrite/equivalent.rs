//! Ways to write the same estate.

use serde_json::{Map, Value};

use super::prefix::{halves, pieces, with_host_bits};
use super::{FIELDS, free_priority, lists, priority, some_list};
use crate::generate::{Estate, put, texts};
use crate::random::Random;

/// A kind of rewrite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rewrite {
    /// A prefix becomes its halves, a star the two families.
    SplitPrefixes,
    /// A rule with a list becomes two rules with a part of it each.
    SplitRules,
    /// One text moves to the plural member; an empty list or text stands beside it.
    Plural,
    /// `*` for `Internet` and the other way round: they differ in addresses that are not Internet.
    TagsAndPrefixes,
    /// Rules, groups and interfaces in another order of the file.
    Order,
    /// Letters of protocols, actions, directions, tags and references in another case.
    LetterCase,
    /// A copy of a rule at a later priority.
    Duplicates,
    /// A rule of some action behind one that matches all it matches.
    Shadowed,
    /// Other priorities in the same order.
    Renumber,
    /// Bits behind the length of a prefix.
    HostBits,
    /// Blanks around texts.
    BlankSpace,
    /// A range of ports in pieces.
    PortPieces,
    /// As REST returns it: everything but id and name below `properties`.
    RestForm,
    /// Attachments told by the group, not by what it is attached to.
    Attachments,
}

impl Rewrite {
    /// All of them; the form comes last, because the others read the flat one.
    pub const ALL: [Self; 14] = [
        Self::SplitPrefixes,
        Self::SplitRules,
        Self::Plural,
        Self::TagsAndPrefixes,
        Self::Order,
        Self::LetterCase,
        Self::Duplicates,
        Self::Shadowed,
        Self::Renumber,
        Self::HostBits,
        Self::PortPieces,
        Self::Attachments,
        Self::BlankSpace,
        Self::RestForm,
    ];

    /// The estate, written in another way.
    #[must_use]
    pub fn apply(self, estate: &Estate, random: &mut Random) -> Estate {
        let mut estate = estate.clone();
        match self {
            Self::SplitPrefixes => each_text(&mut estate, random, &FIELDS[..2], |text, _| split(text)),
            Self::SplitRules => lists(&mut estate).for_each(split_rules),
            Self::Plural => lists(&mut estate).flatten().for_each(|rule| plural(rule, random)),
            Self::TagsAndPrefixes => each_text(&mut estate, random, &FIELDS[..1], |text, _| swap_tag(text)),
            Self::Order => reorder(&mut estate, random),
            Self::LetterCase => letter_case(&mut estate, random),
            Self::Duplicates => duplicate(&mut estate, random, 3),
            Self::Shadowed => shadowed(&mut estate, random, 3),
            Self::Renumber => lists(&mut estate).for_each(|rules| renumber(rules, random)),
            Self::HostBits => each_text(&mut estate, random, &FIELDS[..2], |text, random| {
                with_host_bits(text, random).map(|text| vec![text])
            }),
            Self::BlankSpace => {
                each_text(&mut estate, random, &FIELDS, |text, _| Some(vec![format!(" {text} ")]))
            }
            Self::PortPieces => each_text(&mut estate, random, &FIELDS[2..], |text, random| {
                pieces(text, random).map(Vec::from)
            }),
            Self::RestForm => rest_form(&mut estate),
            Self::Attachments => attachments(&mut estate),
        }
        estate
    }
}

/// Replaces most texts of some fields by others that mean the same.
fn each_text(
    estate: &mut Estate,
    random: &mut Random,
    fields: &[&str],
    change: impl Fn(&str, &mut Random) -> Option<Vec<String>>,
) {
    for rule in lists(estate).flatten() {
        for field in fields {
            let before = texts(rule, field);
            if before.is_empty() {
                continue;
            }
            let mut after = Vec::new();
            for text in before {
                let changed = if random.chance(70) { change(&text, random) } else { None };
                after.extend(changed.unwrap_or_else(|| vec![text]));
            }
            put(rule, field, after);
        }
    }
}

fn split(text: &str) -> Option<Vec<String>> {
    if text == "*" { Some(vec!["0.0.0.0/0".into(), "::/0".into()]) } else { halves(text).map(Vec::from) }
}

fn swap_tag(text: &str) -> Option<Vec<String>> {
    match text {
        "*" => Some(vec!["Internet".into()]),
        "Internet" => Some(vec!["*".into()]),
        _ => None,
    }
}

/// Splits a list of ports or sources over two rules that stand side by side.
fn split_rules(rules: &mut Vec<Value>) {
    for place in 0..rules.len() {
        let rule = rules[place].clone();
        let Some(field) = FIELDS.into_iter().find(|field| texts(&rule, field).len() > 1) else { continue };
        // The next number must be free: no rule may come between the two.
        let next = priority(&rule) + 1;
        if free_priority(rules, priority(&rule)) != Some(next) {
            continue;
        }
        let mut kept = texts(&rule, field);
        let moved = kept.split_off(1);
        let mut second = rule.clone();
        put(&mut rules[place], field, kept);
        put(&mut second, field, moved);
        second["priority"] = next.into();
        second["name"] = format!("{}-rest", rule["name"].as_str().unwrap_or_default()).into();
        rules.push(second);
    }
}

fn plural(rule: &mut Value, random: &mut Random) {
    for field in FIELDS {
        let texts = texts(rule, field);
        let plural = crate::generate::plural(field);
        if texts.len() == 1 && random.chance(70) {
            rule[plural] = texts.into();
            rule[field] = if random.chance(50) { Value::Null } else { "".into() };
        } else if texts.len() == 1 {
            rule[plural] = Value::Array(Vec::new());
        }
    }
}

fn reorder(estate: &mut Estate, random: &mut Random) {
    lists(estate).for_each(|rules| random.shuffle(rules));
    random.shuffle(&mut estate.groups);
    random.shuffle(&mut estate.interfaces);
    random.shuffle(&mut estate.addresses);
}

fn letter_case(estate: &mut Estate, random: &mut Random) {
    for rule in lists(estate).flatten() {
        for field in ["protocol", "access", "direction"] {
            rule[field] = recased(&rule[field], random);
        }
        for field in &FIELDS[..2] {
            let recased = texts(rule, field).iter().map(|text| case(text, random)).collect::<Vec<_>>();
            if !recased.is_empty() {
                put(rule, field, recased);
            }
        }
    }
    for interface in &mut estate.interfaces {
        recase_reference(interface, "networkSecurityGroup", random);
        for configuration in interface["ipConfigurations"].as_array_mut().into_iter().flatten() {
            recase_reference(configuration, "publicIPAddress", random);
            recase_reference(configuration, "subnet", random);
        }
    }
}

fn recase_reference(holder: &mut Value, name: &str, random: &mut Random) {
    if let Some(id) = holder.get_mut(name).and_then(|reference| reference.get_mut("id")) {
        *id = recased(id, random);
    }
}

fn recased(text: &Value, random: &mut Random) -> Value {
    text.as_str().map_or_else(|| text.clone(), |text| case(text, random).into())
}

fn case(text: &str, random: &mut Random) -> String {
    match random.below(3) {
        0 => text.to_ascii_uppercase(),
        1 => text.to_ascii_lowercase(),
        _ => text.to_owned(),
    }
}

fn duplicate(estate: &mut Estate, random: &mut Random, times: usize) {
    for number in 0..times {
        let rules = some_list(estate, random);
        let mut copy = random.pick(rules).clone();
        let after = priority(&copy) + random.below(100) as u64;
        if let Some(free) = free_priority(rules, after) {
            copy["priority"] = free.into();
            copy["name"] = format!("copy-{number}").into();
            rules.push(copy);
        }
    }
}

fn shadowed(estate: &mut Estate, random: &mut Random, times: usize) {
    for number in 0..times {
        let rules = some_list(estate, random);
        let mut inner = random.pick(rules).clone();
        let Some(free) = free_priority(rules, priority(&inner) + random.below(50) as u64) else { continue };
        for field in FIELDS {
            let mut texts = texts(&inner, field);
            if texts.is_empty() {
                continue;
            }
            let kept = random.below(texts.len());
            let one = texts.swap_remove(kept);
            let narrowed = halves(&one).map_or(one, |[low, _]| low);
            put(&mut inner, field, vec![narrowed]);
        }
        inner["access"] = (*random.pick(&["Allow", "Deny"])).into();
        inner["priority"] = free.into();
        inner["name"] = format!("shadowed-{number}").into();
        rules.push(inner);
    }
}

fn renumber(rules: &mut [Value], random: &mut Random) {
    let mut order: Vec<usize> = (0..rules.len()).collect();
    order.sort_by_key(|place| priority(&rules[*place]));
    let step = (3900 / rules.len().max(1)).min(200);
    let mut next = 100;
    for place in order {
        rules[place]["priority"] = next.into();
        next += random.between(1, step);
    }
}

fn rest_form(estate: &mut Estate) {
    let lists = [
        &mut estate.groups,
        &mut estate.interfaces,
        &mut estate.networks,
        &mut estate.addresses,
        &mut estate.memberships,
    ];
    lists.into_iter().flatten().for_each(nest);
}

/// Moves what is not the head of a resource below `properties`, and the same in the resources inside.
fn nest(resource: &mut Value) {
    let Some(members) = resource.as_object_mut() else { return };
    let mut properties = Map::new();
    for (name, mut value) in core::mem::take(members) {
        if ["id", "name", "sku", "etag", "type"].contains(&name.as_str()) {
            members.insert(name, value);
            continue;
        }
        if ["securityRules", "ipConfigurations", "subnets"].contains(&name.as_str()) {
            value.as_array_mut().into_iter().flatten().for_each(nest);
        }
        properties.insert(name, value);
    }
    members.insert("properties".to_owned(), Value::Object(properties));
}

/// Moves every attachment from interface and subnet to the group.
fn attachments(estate: &mut Estate) {
    let subnets =
        estate.networks.iter_mut().filter_map(|network| network["subnets"].as_array_mut()).flatten();
    let mut told = Vec::new();
    let places = subnets.map(|it| ("subnets", it));
    for (list, holder) in places.chain(estate.interfaces.iter_mut().map(|it| ("networkInterfaces", it))) {
        let reference = holder.as_object_mut().and_then(|members| members.remove("networkSecurityGroup"));
        told.extend(reference.map(|reference| (list, reference["id"].clone(), holder["id"].clone())));
    }
    for (list, group, holder) in told {
        let group =
            estate.groups.iter_mut().find(|it| is_same(&it["id"], &group)).expect("groups are in the estate");
        let mut attached = group[list].as_array().cloned().unwrap_or_default();
        attached.push(serde_json::json!({ "id": holder }));
        group[list] = Value::Array(attached);
    }
}

/// Ids are compared without case.
fn is_same(one: &Value, two: &Value) -> bool {
    one.as_str().zip(two.as_str()).is_some_and(|(one, two)| one.eq_ignore_ascii_case(two))
}
