//! Security groups: rules written in a group, beside it one by one, and beside it in the older way add up.
//!
//! Terraform takes away what somebody else added to a group whose rules are written in it, and adds it again: after an
//! apply all of them have been there.

use std::collections::BTreeMap;

use cloud::json::{Node, Tree};
use model::Effect;

use super::Out;
use super::shape::{Shape, each_under, elsewhere, perhaps, text};
use super::world::{
    Argument, CLUSTER_GROUP, DEFAULT_GROUP, Thing, World, as_text, flag_in, part_id, text_in, value_in,
};

/// The types that are a group.
pub(super) const GROUPS: &[&str] = &["aws_security_group", "aws_default_security_group"];
const RULES: &[&str] = &["aws_security_group_rule", "aws_vpc_security_group_ingress_rule"];

pub(super) fn lower<'a>(world: &World<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    let mut rules: BTreeMap<String, Vec<(Thing<'_, 'a>, Tree<'a>)>> = BTreeMap::new();
    for rule in world.of_kinds(RULES) {
        let Some(permission) = rule_permission(world, rule) else { continue };
        let group = rule.value("security_group_id").map(|value| world.told(value));
        let id = group.as_ref().and_then(as_text).map_or_else(|| world.called(rule), str::to_owned);
        rules.entry(id).or_default().push((rule, permission));
    }
    for group in world.of_kinds(GROUPS) {
        let id = group_id(world, group);
        let mut permissions: Vec<Tree<'a>> = inline(world, group, &id);
        permissions.extend(rules.remove(&id).into_iter().flatten().map(|(_, permission)| permission));
        let is_default = group.is(&["aws_default_security_group"]);
        if is_default && group.text("id").is_none() && world.id_under_any(group, "vpc_id").is_none() {
            out.tell_unowned(group, "vpc_id");
        }
        let name = if is_default { "default".to_owned() } else { world.name(group) };
        let shape = Shape::at(group.at())
            .with("GroupId", id.as_str())
            .with("GroupName", name)
            .with_some("VpcId", vpc_of(world, group))
            .with_some("Tags", group.tags())
            .with("CarriedElsewhere", is_carried_elsewhere(world, group))
            .with("IpPermissions", permissions);
        out.put("security-group", group, shape);
    }
    lower_parts(world, &mut rules, out);
    for (id, rules) in rules {
        let Some((first, _)) = rules.first() else { continue };
        let first = *first;
        let mut permissions = Vec::new();
        match world.id_under(first, "security_group_id") {
            // What carries a group that is not declared is let in by rules of which nothing is known.
            Some(_) => permissions.push(elsewhere("the rules of a group that is not declared")),
            None => {
                let sentence = "`security_group_id` is not known: what carries the group is not told";
                out.tell(first, "unresolved-expression", Effect::Undecided, sentence);
            }
        }
        permissions.extend(rules.into_iter().map(|(_, permission)| permission));
        let name = value_in(first.node(), "security_group_id").and_then(said).unwrap_or_else(|| id.clone());
        let shape = Shape::at(first.at())
            .with("GroupId", id)
            .with("GroupName", name)
            .with("CarriedElsewhere", true)
            .with("IpPermissions", permissions);
        out.put("security-group", first, shape);
    }
}

/// How people wrote what is not known.
fn said(value: &Tree<'_>) -> Option<String> {
    match value {
        Tree::Unknown(unknown) => {
            let address = unknown.refers.as_ref().map(|reference| reference.address.clone());
            address.or_else(|| Some(unknown.text.to_string()).filter(|text| !text.is_empty()))
        }
        Tree::Text(text) => Some(text.to_string()),
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Object(_) => None,
    }
}

/// The id of a group; the default one of a VPC is that of the VPC, whoever declares it.
fn group_id(world: &World<'_, '_>, group: Thing<'_, '_>) -> String {
    if !group.is(&["aws_default_security_group"]) || group.text("id").is_some() {
        return world.id(group);
    }
    match world.id_under_any(group, "vpc_id") {
        Some(vpc) => part_id(&vpc, DEFAULT_GROUP),
        None => world.id(group),
    }
}

fn vpc_of<'a>(world: &World<'_, 'a>, group: Thing<'_, 'a>) -> Option<Tree<'a>> {
    // Without one it is a group of the default VPC.
    let own = group.value("vpc_id").map(|value| world.told(value));
    own.filter(|vpc| !matches!(vpc, Tree::Unknown(_)))
}

/// The groups that come with a VPC or a cluster: everything from itself (W23).
fn lower_parts<'a>(
    world: &World<'_, 'a>,
    rules: &mut BTreeMap<String, Vec<(Thing<'_, 'a>, Tree<'a>)>>,
    out: &mut Out<'_, '_, 'a>,
) {
    let declared: Vec<String> = world.of_kinds(GROUPS).map(|group| group_id(world, group)).collect();
    let parts =
        [(&["aws_vpc", "aws_default_vpc"][..], DEFAULT_GROUP), (&["aws_eks_cluster"][..], CLUSTER_GROUP)];
    for (kinds, part) in parts {
        for thing in world.of_kinds(kinds) {
            let known = match part {
                DEFAULT_GROUP => thing.text("default_security_group_id"),
                _ => None,
            };
            let of = world.id(thing);
            let id = known.map_or_else(|| part_id(&of, part), str::to_owned);
            if declared.contains(&id) {
                continue;
            }
            let itself = Sources { groups: vec![text(id.as_str())], ..Sources::default() };
            let mut permissions = vec![permission(thing.at(), Numbers::every(), itself, None)];
            permissions.extend(rules.remove(&id).into_iter().flatten().map(|(_, permission)| permission));
            let name = if part == DEFAULT_GROUP { "default".to_owned() } else { id.clone() };
            let vpc = (part == DEFAULT_GROUP).then_some(of);
            let shape = Shape::at(thing.at())
                .with("GroupId", id)
                .with("GroupName", name)
                .with_some("VpcId", vpc)
                .with("CarriedElsewhere", part == CLUSTER_GROUP)
                .with("IpPermissions", permissions);
            out.put("security-group", thing, shape);
        }
    }
}

/// Whether something uses a group that is not read here, and may carry it.
fn is_carried_elsewhere(world: &World<'_, '_>, group: Thing<'_, '_>) -> bool {
    let mut users = world.users_of(&group.declared.address);
    users.any(|kind| !GROUPS.contains(&kind) && !READ.contains(&kind))
}

/// Types that name groups and are read: rules, and what carries them.
const READ: &[&str] = &[
    "aws_security_group_rule",
    "aws_vpc_security_group_ingress_rule",
    "aws_vpc_security_group_egress_rule",
    "aws_network_interface",
    "aws_network_interface_sg_attachment",
    "aws_instance",
    "aws_spot_instance_request",
    "aws_launch_template",
    "aws_launch_configuration",
    "aws_autoscaling_group",
    "aws_ecs_service",
    "aws_lb",
    "aws_alb",
    "aws_elb",
    "aws_db_instance",
    "aws_rds_cluster",
    "aws_rds_cluster_instance",
    "aws_neptune_cluster",
    "aws_neptune_cluster_instance",
    "aws_docdb_cluster",
    "aws_redshift_cluster",
    "aws_redshiftserverless_workgroup",
];

/// The rules that are written in a group.
fn inline<'a>(world: &World<'_, 'a>, group: Thing<'_, 'a>, id: &str) -> Vec<Tree<'a>> {
    let one = |block: &Tree<'a>| match block {
        Tree::Object(node) => {
            let sources = Sources::of_block(world, node, &text(id));
            permission(node.at.or(group.at()), Numbers::of(node, "protocol"), sources, None)
        }
        // Rules that are not known: they may be anything.
        other => other.clone(),
    };
    group.blocks("ingress").iter().filter(|block| **block != Tree::Null).map(one).collect()
}

/// What a rule that is declared by itself lets in; `None` for one of the other direction.
fn rule_permission<'a>(world: &World<'_, 'a>, rule: Thing<'_, 'a>) -> Option<Tree<'a>> {
    let node = rule.node();
    let condition = rule.is_perhaps().then(|| perhaps(&rule.declared.address));
    if rule.is(&["aws_vpc_security_group_ingress_rule"]) {
        let sources = Sources::of_single(world, node);
        return Some(permission(rule.at(), Numbers::of(node, "ip_protocol"), sources, condition));
    }
    let condition = match (value_in(node, "type"), condition) {
        (Some(Tree::Text(word)), _) if word.trim().eq_ignore_ascii_case("egress") => return None,
        (Some(unknown @ Tree::Unknown(_)), None) => Some(unknown.clone()),
        (_, condition) => condition,
    };
    let own = world.under(node, "security_group_id").unwrap_or_else(|| elsewhere("the group of the rule"));
    let sources = Sources::of_block(world, node, &own);
    Some(permission(rule.at(), Numbers::of(node, "protocol"), sources, condition))
}

/// Protocol and ports as they are written.
struct Numbers<'a> {
    protocol: Option<Tree<'a>>,
    from: Option<Tree<'a>>,
    to: Option<Tree<'a>>,
}

impl<'a> Numbers<'a> {
    fn every() -> Self {
        Self { protocol: Some(text("-1")), from: None, to: None }
    }

    fn of(node: &Node<'a>, protocol: &str) -> Self {
        let of = |key: &str| value_in(node, key).cloned();
        Self { protocol: of(protocol), from: of("from_port"), to: of("to_port") }
    }
}

/// Whom a rule lets in.
#[derive(Default)]
struct Sources<'a> {
    v4: Vec<Tree<'a>>,
    v6: Vec<Tree<'a>>,
    lists: Vec<Tree<'a>>,
    groups: Vec<Tree<'a>>,
}

impl<'a> Sources<'a> {
    /// Those of a block, and of a rule in the older way: lists.
    fn of_block(world: &World<'_, 'a>, node: &Node<'a>, own: &Tree<'a>) -> Self {
        let listed = |key: &str| world.items_under(node, key);
        let mut groups: Vec<Tree<'a>> = listed("security_groups");
        groups.extend(world.under(node, "source_security_group_id"));
        match flag_in(node, "self") {
            Argument::Known(true) => groups.push(own.clone()),
            Argument::Unknown(unknown) => groups.push(unknown),
            Argument::Known(false) | Argument::Absent => {}
        }
        Self {
            v4: listed("cidr_blocks"),
            v6: listed("ipv6_cidr_blocks"),
            lists: listed("prefix_list_ids"),
            groups: groups.into_iter().map(|group| world.group_named(group)).collect(),
        }
    }

    /// Those of a rule that has one source.
    fn of_single(world: &World<'_, 'a>, node: &Node<'a>) -> Self {
        let one = |key: &str| world.under(node, key).into_iter().collect();
        Self {
            v4: one("cidr_ipv4"),
            v6: one("cidr_ipv6"),
            lists: one("prefix_list_id"),
            groups: one("referenced_security_group_id"),
        }
    }
}

/// A permission as answers have it.
fn permission<'a>(
    at: Option<&'a str>,
    numbers: Numbers<'a>,
    sources: Sources<'a>,
    condition: Option<Tree<'a>>,
) -> Tree<'a> {
    let under = |items: Vec<Tree<'a>>, key: &'static str| each_under(&Tree::List(items), key, at);
    Shape::at(at)
        .with_some("IpProtocol", numbers.protocol)
        .with_some("FromPort", numbers.from)
        .with_some("ToPort", numbers.to)
        .with("IpRanges", under(sources.v4, "CidrIp"))
        .with("Ipv6Ranges", under(sources.v6, "CidrIpv6"))
        .with("PrefixListIds", under(sources.lists, "PrefixListId"))
        .with("UserIdGroupPairs", under(sources.groups, "GroupId"))
        .with_some("Condition", condition)
        .tree()
}

impl<'a> World<'_, 'a> {
    /// The id under a key, where its reference may be one to what is looked up.
    fn id_under_any(&self, thing: Thing<'_, '_>, key: &str) -> Option<String> {
        match thing.value(key)? {
            Tree::Text(id) => Some(id.to_string()),
            Tree::Unknown(unknown) => {
                let reference = unknown.refers.as_ref()?;
                let target = self.find(&reference.address)?;
                matches!(reference.attribute.as_str(), "id" | "").then(|| self.id(target))
            }
            Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Object(_) => None,
        }
    }

    /// A group as something names it: by its id, or, as groups of the default VPC may be, by its name.
    pub(super) fn group_named(&self, named: Tree<'a>) -> Tree<'a> {
        let Some(name) = as_text(&named) else { return named };
        if name.starts_with("sg-") || self.with_id(GROUPS, name).is_some() {
            return named;
        }
        let mut found = self.of_kinds(GROUPS).filter(|group| text_in(group.node(), "name") == Some(name));
        match (found.next(), found.next()) {
            (Some(group), None) => text(self.id(group)),
            _ => named,
        }
    }
}

/// Attachments of groups to interfaces, by the interface.
pub(super) fn attachments<'a>(
    world: &World<'_, 'a>,
    out: &mut Out<'_, '_, 'a>,
) -> BTreeMap<String, Vec<Tree<'a>>> {
    let mut attached: BTreeMap<String, Vec<Tree<'a>>> = BTreeMap::new();
    for thing in world.of_kinds(&["aws_network_interface_sg_attachment"]) {
        let Some(interface) = world.id_under(thing, "network_interface_id") else {
            let sentence = "its interface is not known: what its group lets in there is not told";
            out.tell(thing, "dangling-reference", Effect::Narrowed, sentence);
            continue;
        };
        let group = match thing.is_perhaps() {
            true => Some(perhaps(&thing.declared.address)),
            false => world.under(thing.node(), "security_group_id"),
        };
        attached.entry(interface).or_default().extend(group);
    }
    attached
}
