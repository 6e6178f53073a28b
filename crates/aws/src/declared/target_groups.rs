//! Target groups, and what is registered in each: by attachments, by groups of machines, by services of containers.

use std::collections::{BTreeMap, BTreeSet};

use cloud::json::Tree;
use model::Effect;

use super::Out;
use super::balancers::{LISTENERS, RULES};
use super::machines::{INSTANCES, ids_of_group};
use super::shape::{Shape, perhaps, text};
use super::world::{Thing, World, as_text, blocks_in, value_in};

const GROUPS: &[&str] = &["aws_lb_target_group", "aws_alb_target_group"];
const ATTACHMENTS: &[&str] = &["aws_lb_target_group_attachment", "aws_alb_target_group_attachment"];

pub(super) fn lower<'a>(world: &World<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    let mut targets = attached(world, out);
    for group in world.of_kinds(GROUPS) {
        let arn = world.arn(group);
        let of = |key: &str, default: &str| group.value(key).cloned().unwrap_or_else(|| text(default));
        let own: Vec<Tree<'a>> = targets.remove(&arn).into_iter().flatten().collect();
        let shape = Shape::at(group.at())
            .with("TargetGroupArn", arn.as_str())
            .with("TargetGroupName", world.name(group))
            .with("TargetType", of("target_type", "instance"))
            .with_some("Port", group.value("port").cloned())
            .with_some("Protocol", group.value("protocol").cloned())
            .with_some("VpcId", world.under(group.node(), "vpc_id").filter(|vpc| as_text(vpc).is_some()))
            .with("IpAddressType", of("ip_address_type", "ipv4"))
            .with("LoadBalancerArns", balancers_of(world, &arn))
            .with("TargetGroupAttributes", attributes(group))
            .with("Targets", own);
        out.put("target-group", group, shape);
    }
}

/// W18: whether targets see the addresses of clients; what is not said is as AWS has it for the type.
fn attributes<'a>(group: Thing<'_, 'a>) -> Vec<Tree<'a>> {
    let said =
        group.value("preserve_client_ip").filter(|said| !matches!(said, Tree::Text(text) if text.is_empty()));
    let value = match (said, group.value("target_type")) {
        (Some(said), _) => said.clone(),
        (None, None) => text("true"),
        (None, Some(Tree::Text(kind))) => text(if kind.trim() == "ip" { "false" } else { "true" }),
        (None, Some(unknown)) => unknown.clone(),
    };
    vec![Shape::at(group.at()).with("Key", "preserve_client_ip.enabled").with("Value", value).tree()]
}

/// The load balancers of which a listener or a rule names a group.
fn balancers_of<'a>(world: &World<'_, 'a>, arn: &str) -> Vec<Tree<'a>> {
    let names = |thing: Thing<'_, 'a>, key: &str| {
        thing.blocks(key).iter().any(|block| {
            let Tree::Object(node) = block else { return false };
            let own = world.under(node, "target_group_arn");
            let in_forward = blocks_in(node, "forward").iter().any(|forward| {
                let Tree::Object(forward) = forward else { return false };
                blocks_in(forward, "target_group").iter().any(|group| match group {
                    Tree::Object(group) => world.under(group, "arn").as_ref().and_then(as_text) == Some(arn),
                    _ => false,
                })
            });
            own.as_ref().and_then(as_text) == Some(arn) || in_forward
        })
    };
    let mut found: BTreeSet<String> = BTreeSet::new();
    for listener in world.of_kinds(LISTENERS).filter(|one| names(*one, "default_action")) {
        found.extend(world.id_under(listener, "load_balancer_arn"));
    }
    for rule in world.of_kinds(RULES).filter(|one| names(*one, "action")) {
        let listener = world.id_under(rule, "listener_arn").and_then(|arn| world.with_id(LISTENERS, &arn));
        found.extend(listener.and_then(|listener| world.id_under(listener, "load_balancer_arn")));
    }
    found.into_iter().map(text).collect()
}

type Targets<'a> = BTreeMap<String, Vec<Tree<'a>>>;

fn attached<'a>(world: &World<'_, 'a>, out: &mut Out<'_, '_, 'a>) -> Targets<'a> {
    let mut targets = Targets::new();
    for thing in world.of_kinds(ATTACHMENTS) {
        let Some(group) = world.id_under(thing, "target_group_arn") else {
            out.tell(thing, "dangling-reference", Effect::Narrowed, OUTSIDE);
            continue;
        };
        let id = thing.value("target_id").map(|value| target_id(world, value));
        let id = if thing.is_perhaps() { Some(perhaps(&thing.declared.address)) } else { id };
        let shape = Shape::at(thing.at()).with_some("Id", id).with_some("Port", thing.value("port").cloned());
        targets.entry(group).or_default().push(shape.tree());
    }
    for thing in world.of_kinds(&["aws_autoscaling_group"]) {
        let mut named = world.items_under(thing.node(), "target_group_arns");
        named.extend(traffic_sources(world, thing));
        add_machines(world, thing, &named, None, &mut targets, out);
    }
    for thing in world.of_kinds(&["aws_autoscaling_attachment", "aws_autoscaling_traffic_source_attachment"])
    {
        let mut named: Vec<Tree<'a>> = Vec::new();
        named.extend(world.under(thing.node(), "lb_target_group_arn"));
        named.extend(world.under(thing.node(), "alb_target_group_arn"));
        named.extend(traffic_sources(world, thing));
        let group = world.id_under(thing, "autoscaling_group_name");
        let group = group.and_then(|name| {
            world.of_kinds(&["aws_autoscaling_group"]).find(|group| world.name(*group) == name)
        });
        match group {
            Some(group) => add_machines(world, group, &named, None, &mut targets, out),
            None => out.tell(thing, "dangling-reference", Effect::Narrowed, OUTSIDE),
        }
    }
    for thing in world.of_kinds(&["aws_ecs_service"]) {
        for block in thing.blocks("load_balancer").iter().filter(|block| **block != Tree::Null) {
            let Tree::Object(block) = block else {
                out.tell(thing, "dangling-reference", Effect::Narrowed, OUTSIDE);
                continue;
            };
            let named: Vec<Tree<'a>> = world.under(block, "target_group_arn").into_iter().collect();
            let port = value_in(block, "container_port").cloned();
            if thing.block("network_configuration").is_some() {
                add_machines(world, thing, &named, port, &mut targets, out);
            } else {
                // Its containers are on machines of their cluster, which are not known.
                let unknown =
                    Shape::at(thing.at()).with("Id", super::shape::elsewhere("machines of a cluster"));
                let shape = unknown.with_some("Port", None::<Tree<'a>>).tree();
                for group in named.iter().filter_map(as_text) {
                    targets.entry(group.to_owned()).or_default().push(shape.clone());
                }
            }
        }
    }
    targets
}

fn add_machines<'a>(
    world: &World<'_, 'a>,
    thing: Thing<'_, 'a>,
    named: &[Tree<'a>],
    port: Option<Tree<'a>>,
    targets: &mut Targets<'a>,
    out: &mut Out<'_, '_, 'a>,
) {
    for group in named {
        let Some(group) = as_text(group) else {
            out.tell(thing, "dangling-reference", Effect::Narrowed, OUTSIDE);
            continue;
        };
        for id in ids_of_group(world, thing) {
            let shape = Shape::at(thing.at()).with("Id", id).with_some("Port", port.clone());
            targets.entry(group.to_owned()).or_default().push(shape.tree());
        }
    }
}

/// The groups that the machines of something are behind, as blocks say it; a block that is not known is one of these.
fn traffic_sources<'a>(world: &World<'_, 'a>, thing: Thing<'_, 'a>) -> Vec<Tree<'a>> {
    let blocks = thing.blocks("traffic_source").iter().filter(|block| **block != Tree::Null);
    let identifier = |block: &Tree<'a>| match block {
        Tree::Object(block) => world.under(block, "identifier"),
        unknown => Some(unknown.clone()),
    };
    blocks.filter_map(identifier).collect()
}

/// The id of a target. The private address of an instance that is told when it is created stands for the instance.
fn target_id<'a>(world: &World<'_, 'a>, value: &Tree<'a>) -> Tree<'a> {
    let told = world.told(value);
    let Tree::Unknown(unknown) = &told else { return told };
    let instance = unknown.refers.as_ref().and_then(|reference| {
        let found = world.find(&reference.address)?;
        (found.is(INSTANCES) && reference.attribute == "private_ip").then_some(found)
    });
    instance.map_or(told.clone(), |instance| text(world.id(instance)))
}

/// What is told of a target whose group is not declared.
pub(super) const OUTSIDE: &str =
    "it is behind a load balancer that is not declared: what the Internet reaches through that is not told";
