//! Network ACLs with their entries, and the subnets at which each stands: a subnet that no other claims has the default
//! one of its VPC, which lets everything through unless somebody declares it.

use std::collections::{BTreeMap, BTreeSet};

use cloud::json::{Node, Tree};

use super::Out;
use super::networks::{SUBNETS, VPCS, vpc_of};
use super::shape::{Shape, elsewhere, perhaps, text};
use super::world::{Argument, DEFAULT_LIST, Thing, World, as_text, part_id, value_in};

const LISTS: &[&str] = &["aws_network_acl", "aws_default_network_acl"];

/// A list, as far as it is put together.
struct List<'w, 'a> {
    thing: Thing<'w, 'a>,
    vpc: Option<Tree<'a>>,
    /// The subnets that claim it; items that are not known may be any.
    subnets: Vec<Tree<'a>>,
    entries: Vec<Tree<'a>>,
    is_default: bool,
}

pub(super) fn lower<'a>(world: &World<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    let mut lists = declared(world, out);
    add_rules(world, &mut lists);
    add_associations(world, &mut lists);
    add_defaults(world, &mut lists);
    claim_rest(world, &mut lists);
    for (id, list) in lists {
        let at = list.thing.at();
        let here = |subnet: &Tree<'a>| Shape::at(at).with("SubnetId", subnet.clone()).tree();
        let shape = Shape::at(at)
            .with("NetworkAclId", id)
            .with("IsDefault", list.is_default)
            .with_some("VpcId", list.vpc)
            .with("Associations", list.subnets.iter().map(here).collect::<Vec<_>>())
            .with("Entries", list.entries)
            .with_some("Tags", list.thing.tags().filter(|_| list.thing.is(LISTS)));
        out.put("network-acl", list.thing, shape);
    }
}

type Lists<'w, 'a> = BTreeMap<String, List<'w, 'a>>;

fn declared<'w, 'a>(world: &World<'w, 'a>, out: &mut Out<'_, '_, 'a>) -> Lists<'w, 'a> {
    let mut lists = Lists::new();
    for thing in world.of_kinds(LISTS) {
        let is_default = thing.is(&["aws_default_network_acl"]);
        let named = is_default.then(|| out.owner(world, thing, "default_network_acl_id")).flatten();
        let id = named.unwrap_or_else(|| world.id(thing));
        let mut entries = Vec::new();
        for (key, egress) in [("ingress", false), ("egress", true)] {
            let blocks = thing.blocks(key).iter().filter(|block| **block != Tree::Null);
            entries.extend(blocks.map(|block| match block {
                Tree::Object(node) => {
                    entry(node, node.at.or(thing.at()), Keys::BLOCK, Tree::Flag(egress), None)
                }
                other => other.clone(),
            }));
        }
        let subnets = world.items_under(thing.node(), "subnet_ids");
        let vpc = world.under(thing.node(), "vpc_id");
        lists.insert(id, List { thing, vpc, subnets, entries, is_default });
    }
    lists
}

/// Rules that are declared by themselves. Of a list that is not declared these are not all.
fn add_rules<'w, 'a>(world: &World<'w, 'a>, lists: &mut Lists<'w, 'a>) {
    for rule in world.of_kinds(&["aws_network_acl_rule"]) {
        let id = world.id_under(rule, "network_acl_id").unwrap_or_else(|| world.called(rule));
        let egress = match rule.flag("egress") {
            Argument::Absent => Tree::Flag(false),
            Argument::Known(egress) => Tree::Flag(egress),
            Argument::Unknown(unknown) => unknown,
        };
        let condition = rule.is_perhaps().then(|| perhaps(&rule.declared.address));
        let entry = entry(rule.node(), rule.at(), Keys::RULE, egress, condition);
        list_of(world, lists, id, rule).entries.push(entry);
    }
}

/// The list of an id. One that nobody declares is a default one of a VPC, or has entries that are not known.
fn list_of<'l, 'w, 'a>(
    world: &World<'w, 'a>,
    lists: &'l mut Lists<'w, 'a>,
    id: String,
    by: Thing<'w, 'a>,
) -> &'l mut List<'w, 'a> {
    let vpc = world.of_kinds(VPCS).find(|vpc| default_id(world, *vpc) == id);
    lists.entry(id).or_insert_with(|| match vpc {
        Some(vpc) => default_of(world, vpc),
        None => List {
            thing: by,
            vpc: None,
            subnets: Vec::new(),
            entries: vec![elsewhere("the entries of a list that is not declared")],
            is_default: false,
        },
    })
}

fn add_associations<'w, 'a>(world: &World<'w, 'a>, lists: &mut Lists<'w, 'a>) {
    for thing in world.of_kinds(&["aws_network_acl_association"]) {
        let id = world.id_under(thing, "network_acl_id").unwrap_or_else(|| world.called(thing));
        let subnet = match thing.is_perhaps() {
            true => Some(perhaps(&thing.declared.address)),
            false => world.under(thing.node(), "subnet_id"),
        };
        list_of(world, lists, id, thing).subnets.extend(subnet);
    }
}

fn default_id(world: &World<'_, '_>, vpc: Thing<'_, '_>) -> String {
    let known = vpc.text("default_network_acl_id");
    known.map_or_else(|| part_id(&world.id(vpc), DEFAULT_LIST), str::to_owned)
}

fn default_of<'w, 'a>(world: &World<'w, 'a>, vpc: Thing<'w, 'a>) -> List<'w, 'a> {
    List {
        thing: vpc,
        vpc: Some(text(world.id(vpc))),
        subnets: Vec::new(),
        entries: entries_of_default(vpc.at()),
        is_default: true,
    }
}

/// W9: every VPC has a default list.
fn add_defaults<'w, 'a>(world: &World<'w, 'a>, lists: &mut Lists<'w, 'a>) {
    for vpc in world.of_kinds(VPCS) {
        let id = default_id(world, vpc);
        let list = lists.entry(id).or_insert_with(|| default_of(world, vpc));
        list.is_default = true;
        list.vpc.get_or_insert_with(|| text(world.id(vpc)));
    }
}

/// What no list claims has the default one of its VPC. Where a list does not say what it claims, that may be any of it.
fn claim_rest<'w, 'a>(world: &World<'w, 'a>, lists: &mut Lists<'w, 'a>) {
    let claimed: BTreeSet<String> =
        lists.values().flat_map(|list| &list.subnets).filter_map(as_text).map(str::to_owned).collect();
    let mut unclear: Vec<Option<String>> = Vec::new();
    for list in lists.values().filter(|list| list.subnets.iter().any(|subnet| as_text(subnet).is_none())) {
        unclear.push(list.vpc.as_ref().and_then(as_text).map(str::to_owned));
    }
    for list in lists.values_mut().filter(|list| list.is_default) {
        let Some(vpc) = list.vpc.as_ref().and_then(as_text).map(str::to_owned) else { continue };
        let mut rest: Vec<String> = Vec::new();
        for subnet in world.of_kinds(SUBNETS) {
            let own = vpc_of(world, subnet);
            let id = world.id(subnet);
            if own.as_ref().and_then(as_text) == Some(vpc.as_str()) && !claimed.contains(&id) {
                rest.push(id);
            }
        }
        if world.with_id(&["aws_default_vpc"], &vpc).is_some() {
            rest.push(part_id(&vpc, super::presumed::SUBNET));
        }
        let is_unclear = unclear.iter().any(|other| other.as_ref().is_none_or(|other| *other == vpc));
        match is_unclear && !rest.is_empty() {
            true => list.subnets.push(elsewhere("the subnets that no other list claims")),
            false => list.subnets.extend(rest.into_iter().map(text)),
        }
    }
}

/// How an entry names what it says.
#[derive(Clone, Copy)]
struct Keys {
    number: &'static str,
    action: &'static str,
    /// What types and codes of ICMP are where they are not said.
    icmp: Option<&'static str>,
}

impl Keys {
    const BLOCK: Self = Self { number: "rule_no", action: "action", icmp: Some("0") };
    const RULE: Self = Self { number: "rule_number", action: "rule_action", icmp: None };
}

fn entry<'a>(
    node: &Node<'a>,
    at: Option<&'a str>,
    keys: Keys,
    egress: Tree<'a>,
    condition: Option<Tree<'a>>,
) -> Tree<'a> {
    let of = |key: &str| value_in(node, key).cloned();
    let icmp = |key: &str| of(key).or_else(|| keys.icmp.map(text));
    // Plans and states have an empty text where there is none.
    let block =
        |key: &str| of(key).filter(|block| !matches!(block, Tree::Text(text) if text.trim().is_empty()));
    let ports = Shape::at(at).with_some("From", of("from_port")).with_some("To", of("to_port"));
    let types = Shape::at(at).with_some("Type", icmp("icmp_type")).with_some("Code", icmp("icmp_code"));
    Shape::at(at)
        .with_some("RuleNumber", of(keys.number).or_else(|| of("rule_no")).or_else(|| of("rule_number")))
        .with("Egress", egress)
        .with_some("RuleAction", of(keys.action).or_else(|| of("rule_action")).or_else(|| of("action")))
        .with_some("Protocol", of("protocol"))
        .with_some("CidrBlock", block("cidr_block"))
        .with_some("Ipv6CidrBlock", block("ipv6_cidr_block"))
        .with("PortRange", ports)
        .with("IcmpTypeCode", types)
        .with_some("Condition", condition)
        .tree()
}

/// W9: the entries of a default list. Those of IPv6 come with the block of the VPC, and do nothing without one.
pub(super) fn entries_of_default<'a>(at: Option<&'a str>) -> Vec<Tree<'a>> {
    let mut entries = Vec::new();
    for egress in [false, true] {
        for (number, key, block) in [("100", "CidrBlock", "0.0.0.0/0"), ("101", "Ipv6CidrBlock", "::/0")] {
            let entry = Shape::at(at)
                .with("RuleNumber", number)
                .with("Egress", egress)
                .with("RuleAction", "allow")
                .with("Protocol", "-1")
                .with(key, block);
            entries.push(entry.tree());
        }
    }
    entries
}
