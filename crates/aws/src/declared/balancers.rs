//! Load balancers of both generations, their listeners and the rules of these.
//!
//! What is behind them is in `target_groups`.

use std::collections::BTreeMap;

use cloud::json::{Node, Tree};
use model::Effect;

use super::Out;
use super::interfaces::default_group;
use super::networks::{SUBNETS, vpc_of};
use super::shape::{Shape, each_under, perhaps, text};
use super::world::{Thing, World, as_text, blocks_in, items_of, text_in, value_in};

pub(super) const BALANCERS: &[&str] = &["aws_lb", "aws_alb"];
pub(super) const LISTENERS: &[&str] = &["aws_lb_listener", "aws_alb_listener"];
pub(super) const RULES: &[&str] = &["aws_lb_listener_rule", "aws_alb_listener_rule"];

pub(super) fn lower<'a>(world: &World<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    for balancer in world.of_kinds(BALANCERS) {
        lower_balancer(world, balancer, out);
    }
    for listener in world.of_kinds(LISTENERS) {
        lower_listener(world, listener, out);
    }
    for (number, rule) in world.of_kinds(RULES).enumerate() {
        lower_rule(world, number, rule, out);
    }
    lower_classic(world, out);
}

/// The scheme that a flag says.
fn scheme<'a>(balancer: Thing<'_, 'a>) -> Option<Tree<'a>> {
    let word = |is_internal: bool| text(if is_internal { "internal" } else { "internet-facing" });
    balancer.flag("internal").written(Some(word(false)), word)
}

/// The VPC of the first of some subnets of which it is known.
pub(super) fn vpc_of_subnets<'a>(world: &World<'_, 'a>, subnets: &[Tree<'a>]) -> Option<Tree<'a>> {
    let ids = subnets.iter().filter_map(as_text);
    let mut known = ids.filter_map(|id| world.with_id(SUBNETS, id));
    let vpc = known.find_map(|subnet| vpc_of(world, subnet))?;
    as_text(&vpc).is_some().then(|| vpc.clone())
}

/// Its groups; what says none has the default one of its VPC.
pub(super) fn groups_of<'a>(
    world: &World<'_, 'a>,
    thing: Thing<'_, 'a>,
    key: &str,
    vpc: Option<&Tree<'a>>,
) -> Tree<'a> {
    let said =
        world.under(thing.node(), key).filter(|said| !matches!(said, Tree::List(items) if items.is_empty()));
    match said {
        Some(Tree::List(items)) => {
            Tree::List(items.into_iter().map(|item| world.group_named(item)).collect())
        }
        Some(unknown) => Tree::List(vec![unknown]),
        None => Tree::List(vec![default_group(world, vpc)]),
    }
}

fn lower_balancer<'a>(world: &World<'_, 'a>, balancer: Thing<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    let at = balancer.at();
    let mut zones: Vec<Tree<'a>> = Vec::new();
    let mut subnets = world.items_under(balancer.node(), "subnets");
    // A state has both.
    let mapped = balancer.blocks("subnet_mapping").iter().filter(|block| **block != Tree::Null);
    let mut addresses: BTreeMap<String, Vec<Tree<'a>>> = BTreeMap::new();
    for block in mapped {
        match block {
            Tree::Object(node) => {
                let subnet =
                    world.under(node, "subnet_id").unwrap_or_else(|| super::shape::elsewhere("a subnet"));
                if let Some(id) = as_text(&subnet) {
                    addresses.entry(id.to_owned()).or_default().extend(mapped_address(world, node));
                }
                if !subnets.contains(&subnet) {
                    subnets.push(subnet);
                }
            }
            unknown => subnets.push(unknown.clone()),
        }
    }
    let vpc = world.under(balancer.node(), "vpc_id").or_else(|| vpc_of_subnets(world, &subnets));
    for subnet in subnets {
        let mapped = as_text(&subnet).and_then(|id| addresses.remove(id));
        let own: Vec<Tree<'a>> = mapped.into_iter().flatten().collect();
        zones.push(Shape::at(at).with("SubnetId", subnet).with("LoadBalancerAddresses", own).tree());
    }
    let kind = balancer.value("load_balancer_type").cloned().unwrap_or_else(|| text("application"));
    let has_groups = as_text(&kind) == Some("application") || balancer.value("security_groups").is_some();
    let groups = has_groups.then(|| match as_text(&kind) {
        Some("application") => groups_of(world, balancer, "security_groups", vpc.as_ref()),
        _ => world.under(balancer.node(), "security_groups").unwrap_or_else(|| Tree::List(Vec::new())),
    });
    let shape = Shape::at(at)
        .with("LoadBalancerArn", world.arn(balancer))
        .with("LoadBalancerName", world.name(balancer))
        .with("Type", kind)
        .with_some("Scheme", scheme(balancer))
        .with_some("VpcId", vpc)
        .with_some("SecurityGroups", groups)
        .with("AvailabilityZones", zones)
        .with("IpAddressType", balancer.value("ip_address_type").cloned().unwrap_or_else(|| text("ipv4")));
    out.put("load-balancer", balancer, shape);
}

/// The addresses that a mapping to a subnet says.
fn mapped_address<'a>(world: &World<'_, 'a>, node: &Node<'a>) -> Option<Tree<'a>> {
    let eip = world.under(node, "allocation_id");
    let eip = eip.as_ref().and_then(as_text).and_then(|id| world.with_id(&["aws_eip"], id));
    let public = eip.and_then(|eip| eip.text("public_ip"));
    let known = |key: &str| text_in(node, key);
    let (private, v6) = (known("private_ipv4_address"), known("ipv6_address"));
    if public.is_none() && private.is_none() && v6.is_none() {
        return None;
    }
    let shape = Shape::at(node.at)
        .with_some("IpAddress", public)
        .with_some("PrivateIPv4Address", private)
        .with_some("IPv6Address", v6);
    Some(shape.tree())
}

fn lower_listener<'a>(world: &World<'_, 'a>, listener: Thing<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    let arn = world.arn(listener);
    let actions = actions(world, listener, "default_action");
    let protocol = listener.value("protocol").cloned().unwrap_or_else(|| text("HTTP"));
    let balancer = world.under(listener.node(), "load_balancer_arn");
    // What it listens to is then possible.
    let protocol = if listener.is_perhaps() { perhaps(&listener.declared.address) } else { protocol };
    let shape = Shape::at(listener.at())
        .with("ListenerArn", arn.as_str())
        .with_some("LoadBalancerArn", balancer)
        .with_some("Port", listener.value("port").cloned())
        .with("Protocol", protocol)
        .with("DefaultActions", actions.clone());
    out.put("listener", listener, shape);
    // What no rule takes is said again by the last of them.
    let rule = Shape::at(listener.at())
        .with("RuleArn", format!("{arn}/default"))
        .with("ListenerArn", arn)
        .with("Priority", "default")
        .with("IsDefault", true)
        .with("Conditions", Vec::new())
        .with("Actions", actions);
    out.put("listener-rule", listener, rule);
}

fn lower_rule<'a>(world: &World<'_, 'a>, number: usize, rule: Thing<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    // Without a number it comes behind those that are there.
    let priority = match (rule.value("priority"), rule.is_perhaps()) {
        (_, true) => perhaps(&rule.declared.address),
        (Some(priority), false) => priority.clone(),
        (None, false) => text((LAST_PRIORITY + number).to_string()),
    };
    let shape = Shape::at(rule.at())
        .with("RuleArn", world.arn(rule))
        .with_some("ListenerArn", world.under(rule.node(), "listener_arn"))
        .with("Priority", priority)
        .with("Conditions", conditions(world, rule))
        .with("Actions", actions(world, rule, "action"));
    out.put("listener-rule", rule, shape);
}

/// The first number behind those that may be given: 1 to 50000.
const LAST_PRIORITY: usize = 50_001;

/// The conditions of a rule: `source-ip` is asked, of the others whether they ask for anything.
fn conditions<'a>(world: &World<'_, 'a>, rule: Thing<'_, 'a>) -> Vec<Tree<'a>> {
    let mut conditions = Vec::new();
    for block in rule.blocks("condition").iter().filter(|block| **block != Tree::Null) {
        let Tree::Object(node) = block else {
            conditions.push(block.clone());
            continue;
        };
        let at = node.at.or(rule.at());
        if let Some(field) = value_in(node, "field") {
            let values = world.under(node, "values").unwrap_or(Tree::Null);
            conditions.push(Shape::at(at).with("Field", field.clone()).with("Values", values).tree());
            continue;
        }
        for (key, field, config) in FIELDS {
            for inner in blocks_in(node, key).iter().filter(|inner| **inner != Tree::Null) {
                let shape = Shape::at(at).with("Field", field);
                let shape = match inner {
                    Tree::Object(inner) => {
                        let values = world.under(inner, "values").unwrap_or(Tree::Null);
                        shape.with(config, Shape::at(inner.at.or(at)).with("Values", values))
                    }
                    unknown => shape.with(config, unknown.clone()),
                };
                conditions.push(shape.tree());
            }
        }
    }
    conditions
}

/// The blocks of a condition: the field of each, and the key that has its values.
const FIELDS: [(&str, &str, &str); 6] = [
    ("host_header", "host-header", "HostHeaderConfig"),
    ("path_pattern", "path-pattern", "PathPatternConfig"),
    ("source_ip", "source-ip", "SourceIpConfig"),
    ("http_header", "http-header", "HttpHeaderConfig"),
    ("http_request_method", "http-request-method", "HttpRequestMethodConfig"),
    ("query_string", "query-string", "QueryStringConfig"),
];

fn actions<'a>(world: &World<'_, 'a>, thing: Thing<'_, 'a>, key: &str) -> Vec<Tree<'a>> {
    let one = |block: &Tree<'a>| {
        let Tree::Object(node) = block else { return block.clone() };
        let at = node.at.or(thing.at());
        let forward = blocks_in(node, "forward").iter().find(|block| **block != Tree::Null);
        let config = forward.map(|forward| match forward {
            Tree::Object(forward) => {
                let groups = blocks_in(forward, "target_group").iter().filter(|block| **block != Tree::Null);
                let groups = groups.map(|group| match group {
                    Tree::Object(group) => Shape::at(group.at.or(at))
                        .with_some("TargetGroupArn", world.under(group, "arn"))
                        .with_some("Weight", value_in(group, "weight").cloned())
                        .tree(),
                    unknown => unknown.clone(),
                });
                Shape::at(at).with("TargetGroups", groups.collect::<Vec<_>>()).tree()
            }
            unknown => unknown.clone(),
        });
        // States say a single group in both ways.
        let group = world.under(node, "target_group_arn");
        let group = group.filter(|group| !matches!(group, Tree::Text(arn) if arn.trim().is_empty()));
        Shape::at(at)
            .with_some("Type", value_in(node, "type").cloned())
            .with_some("TargetGroupArn", group)
            .with_some("ForwardConfig", config)
            .tree()
    };
    thing.blocks(key).iter().filter(|block| **block != Tree::Null).map(one).collect()
}

/// Classic load balancers, with the instances that are attached in either way.
fn lower_classic<'a>(world: &World<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    let mut attached: BTreeMap<String, Vec<Tree<'a>>> = BTreeMap::new();
    for thing in world.of_kinds(&["aws_elb_attachment"]) {
        let Some(balancer) = world.id_under(thing, "elb") else {
            out.tell(thing, "dangling-reference", Effect::Narrowed, super::target_groups::OUTSIDE);
            continue;
        };
        let instance = match thing.is_perhaps() {
            true => Some(perhaps(&thing.declared.address)),
            false => world.under(thing.node(), "instance"),
        };
        attached.entry(balancer).or_default().extend(instance);
    }
    for group in world.of_kinds(&["aws_autoscaling_group"]) {
        for balancer in world.items_under(group.node(), "load_balancers") {
            let Some(balancer) = as_text(&balancer) else {
                out.tell(group, "dangling-reference", Effect::Narrowed, super::target_groups::OUTSIDE);
                continue;
            };
            let machines = super::machines::ids_of_group(world, group).into_iter().map(text);
            attached.entry(balancer.to_owned()).or_default().extend(machines);
        }
    }
    for balancer in world.of_kinds(&["aws_elb"]) {
        let at = balancer.at();
        let name = world.name(balancer);
        let subnets =
            world.under(balancer.node(), "subnets").filter(|subnets| *subnets != Tree::List(Vec::new()));
        let subnets = match subnets {
            Some(subnets) => subnets,
            // It says zones: those of the default VPC.
            None => Tree::List(vec![text(super::presumed::subnet_id(world, balancer, out))]),
        };
        let vpc = vpc_of_subnets(world, &items_of(&subnets));
        let vpc = vpc.or_else(|| {
            balancer.value("subnets").is_none().then(|| text(super::presumed::vpc_id(world, balancer)))
        });
        let mut instances = world.items_under(balancer.node(), "instances");
        instances.extend(attached.remove(&name).into_iter().flatten());
        let listeners = balancer.blocks("listener").iter().filter(|block| **block != Tree::Null);
        let listeners = listeners.map(|block| match block {
            Tree::Object(node) => {
                let listener = Shape::at(node.at.or(at))
                    .with_some("Protocol", value_in(node, "lb_protocol").cloned())
                    .with_some("LoadBalancerPort", value_in(node, "lb_port").cloned())
                    .with_some("InstancePort", value_in(node, "instance_port").cloned());
                Shape::at(node.at.or(at)).with("Listener", listener).tree()
            }
            unknown => unknown.clone(),
        });
        let groups = groups_of(world, balancer, "security_groups", vpc.as_ref());
        let shape = Shape::at(at)
            .with("LoadBalancerName", name)
            .with_some("Scheme", scheme(balancer))
            .with_some("VPCId", vpc)
            .with("SecurityGroups", groups)
            .with("Subnets", subnets)
            .with("ListenerDescriptions", listeners.collect::<Vec<_>>())
            .with("Instances", each_under(&Tree::List(instances), "InstanceId", at));
        out.put("classic-load-balancer", balancer, shape);
    }
}
