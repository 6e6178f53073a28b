//! Load balancers of the second generation: what they listen to, whom they hand requests to, and who is registered there.
//!
//! Responses of this service say what they made or changed whole, in the letters of the API but for the first of each key.

use cloud::audit::{Act, Bears, Edit, Nature, Spot};
use cloud::json::Tree;
use model::Name;

use super::Does;
use super::Does::Read as By;
use crate::resource::LISTENERS;
use crate::trail::body::Body;
use crate::trail::call::{Call, Meaning, Told};
use crate::trail::made::{described, names, object, perhaps, text, tree};

/// What is done to load balancers of the second generation. Of three operations the first generation has the name too.
pub(super) const OPERATIONS: &[(&str, Does)] = &[
    ("CreateLoadBalancer", By(create)),
    ("DeleteLoadBalancer", By(delete)),
    ("SetSecurityGroups", By(set_groups)),
    ("SetSubnets", By(set_subnets)),
    ("SetIpAddressType", By(set_type)),
    ("CreateListener", By(listener)),
    ("ModifyListener", By(listener)),
    ("DeleteListener", By(delete_listener)),
    ("CreateRule", By(rules)),
    ("ModifyRule", By(rules)),
    ("SetRulePriorities", By(rules)),
    ("DeleteRule", By(delete_rule)),
    ("CreateTargetGroup", By(target_group)),
    ("ModifyTargetGroup", By(target_group)),
    ("DeleteTargetGroup", By(delete_target_group)),
    ("ModifyTargetGroupAttributes", By(attributes)),
    ("ModifyLoadBalancerAttributes", By(super::impairment::balancer)),
    ("RegisterTargets", By(register)),
    ("DeregisterTargets", By(deregister)),
];

/// The two generations share the name of the service; the second one's requests say `name`, and its responses have a list.
fn create(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    if call.request.has("loadBalancerName") {
        return super::classic::create(call, told);
    }
    if !call.is_done() {
        return wanted(call);
    }
    let mut meaning = whole(call, told, "loadBalancers", ("load-balancer", "loadBalancerArn"));
    if let Bears::Edits(edits) = &mut meaning.bears {
        for edit in edits {
            if let Act::Put(balancer) = &mut edit.act {
                // What is new listens nowhere: that is known, and no export says it.
                balancer.push(LISTENERS.into(), Tree::Flag(true));
            }
        }
    }
    meaning
}

/// The load balancer that a refused request asked for. Nothing listens there yet.
fn wanted(call: &Call<'_>) -> Meaning {
    let Some(name) = call.request.text("name") else { return Meaning::recorded("") };
    let word = match call.request.text("type") {
        Some(word) if word.eq_ignore_ascii_case("network") => "net",
        Some(word) if word.eq_ignore_ascii_case("gateway") => "gwy",
        Some(_) | None => "app",
    };
    let arn = super::arn(call, "elasticloadbalancing", &format!("loadbalancer/{word}/{name}"));
    let balancer = object([
        ("LoadBalancerArn", text(&arn)),
        ("LoadBalancerName", text(name)),
        ("Scheme", text(call.request.text("scheme").unwrap_or("internet-facing"))),
        ("SecurityGroups", Tree::List(call.request.texts("securityGroups").into_iter().map(text).collect())),
        ("AvailabilityZones", zones(call.request)),
        (LISTENERS, Tree::Flag(true)),
    ]);
    Meaning::edits(vec![call.edit("load-balancer", &arn, Nature::Attachment, Act::Put(balancer))])
}

/// One of the first generation has a name, one of the second an ARN.
fn delete(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    if call.request.has("loadBalancerName") {
        return super::classic::delete(call, told);
    }
    gone(call, told, ("load-balancer", "loadBalancerArn"), Nature::Attachment)
}

/// Objects that a response states whole.
fn whole(call: &Call<'_>, told: &mut Told<'_>, list: &str, (kind, key): (&str, &str)) -> Meaning {
    let made = call.response.parts(list);
    if made.is_empty() {
        return told.no_id(list);
    }
    let mut edits = Vec::with_capacity(made.len());
    for one in made {
        let Some(id) = one.text(key) else { return told.no_id(key) };
        let mut node = described(one, &[]);
        // It is provisioned, which takes some minutes.
        node.edit("State", |state| *state = tree([("Code", text("active"))]));
        edits.push(call.edit(kind, id, Nature::Attachment, Act::Put(node)));
    }
    Meaning::edits(edits)
}

fn gone(call: &Call<'_>, told: &mut Told<'_>, (kind, key): (&str, &str), nature: Nature) -> Meaning {
    let Some(id) = call.request.text(key) else { return told.no_id(key) };
    Meaning::edits(vec![call.edit(kind, id, nature, Act::Drop)])
}

fn balancer<'n>(call: &Call<'n>) -> Option<&'n str> {
    call.request.text("loadBalancerArn")
}

fn set_groups(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(arn) = balancer(call) else { return told.no_id("loadBalancerArn") };
    let groups = call.request.texts("securityGroups").into_iter().map(text).collect();
    let now = object([("SecurityGroups", Tree::List(groups))]);
    Meaning::edits(vec![call.edit("load-balancer", arn, Nature::Attachment, Act::Merge(now))])
}

fn set_subnets(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(arn) = balancer(call) else { return told.no_id("loadBalancerArn") };
    let answered = described(call.response, &[]);
    let zones = answered.own("AvailabilityZones").cloned().unwrap_or_else(|| zones(call.request));
    let kind = call.response.text("ipAddressType").or_else(|| call.request.text("ipAddressType"));
    let now = object([("AvailabilityZones", zones), ("IpAddressType", perhaps(kind))]);
    Meaning::edits(vec![call.edit("load-balancer", arn, Nature::Attachment, Act::Merge(now))])
}

/// The subnets that a request names, as a load balancer lists its zones.
fn zones(request: Body<'_>) -> Tree<'static> {
    let mapped = request.texts_of("subnetMappings", "subnetId");
    let subnets = request.texts("subnets").into_iter().chain(mapped);
    Tree::List(subnets.map(|id| tree([("SubnetId", text(id))])).collect())
}

fn set_type(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(arn) = balancer(call) else { return told.no_id("loadBalancerArn") };
    let Some(word) = call.request.text("ipAddressType") else { return told.no_id("ipAddressType") };
    let now = object([("IpAddressType", text(word))]);
    Meaning::edits(vec![call.edit("load-balancer", arn, Nature::Attachment, Act::Merge(now))])
}

fn listener(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    if call.is_done() {
        let mut meaning = whole(call, told, "listeners", ("listener", "listenerArn"));
        if let (Bears::Edits(edits), "CreateListener") = (&mut meaning.bears, call.name) {
            let made: Vec<Name> = edits.iter().map(|edit| Name::clone(&edit.id)).collect();
            edits.extend(made.iter().map(|arn| last_rule(call, arn)));
        }
        if meaning.bears != Bears::Nothing {
            return meaning;
        }
        // The answer is not there, which is told: what was asked for is what is known.
    }
    let Some(balancer) = balancer(call) else { return asked(call, "listener", "listenerArn") };
    let mut node = described(call.request, &[]);
    let arn = format!("{}/a listener without an answer", balancer.replace(":loadbalancer/", ":listener/"));
    node.push("ListenerArn".into(), text(&arn));
    Meaning::edits_of(balancer, vec![call.edit("listener", &arn, Nature::Attachment, Act::Put(node))])
}

/// A new listener has no rules but its last one, which does what the listener says. Its ARN is in no event.
fn last_rule(call: &Call<'_>, listener: &str) -> Edit {
    let arn = format!("{}/default", listener.replace(":listener/", ":listener-rule/"));
    let rule = object([
        ("RuleArn", text(&arn)),
        ("ListenerArn", text(listener)),
        ("IsDefault", Tree::Flag(true)),
        ("Priority", text("default")),
    ]);
    call.edit("listener-rule", &arn, Nature::Attachment, Act::Put(rule))
}

/// What a refused request would have changed of something that is there.
fn asked(call: &Call<'_>, kind: &str, key: &str) -> Meaning {
    let Some(id) = call.request.text(key) else { return Meaning::recorded("") };
    let now = Act::Merge(described(call.request, &[]));
    Meaning::edits(vec![call.edit(kind, id, Nature::Attachment, now)])
}

fn delete_listener(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    if call.service == "globalaccelerator" {
        return told.no_id("listenerArn");
    }
    gone(call, told, ("listener", "listenerArn"), Nature::Attachment)
}

fn rules(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    if call.is_done() {
        let meaning = whole(call, told, "rules", ("listener-rule", "ruleArn"));
        if meaning.bears != Bears::Nothing {
            return meaning;
        }
    }
    asked(call, "listener-rule", "ruleArn")
}

fn delete_rule(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    gone(call, told, ("listener-rule", "ruleArn"), Nature::Rule)
}

/// One that was made has no targets yet and every attribute as it is by default, which nothing else says.
fn target_group(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    if !call.is_done() {
        return Meaning::recorded(call.request.first_text(&["name", ARN]).unwrap_or_default());
    }
    let mut meaning = whole(call, told, "targetGroups", ("target-group", ARN));
    if let (Bears::Edits(edits), "CreateTargetGroup") = (&mut meaning.bears, call.name) {
        let arns: Vec<Name> = edits.iter().map(|edit| Name::clone(&edit.id)).collect();
        for arn in arns {
            for (kind, list) in [(HEALTH, TARGETS), (ATTRIBUTES, "Attributes")] {
                let none = object([("TargetGroupArn", text(&arn)), (list, Tree::List(Vec::new()))]);
                edits.push(call.edit(kind, &arn, Nature::Attachment, Act::Put(none)));
            }
        }
    }
    meaning
}

fn delete_target_group(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(arn) = call.request.text(ARN) else { return told.no_id(ARN) };
    Meaning::edits(vec![call.edit("target-group", arn, Nature::Attachment, Act::Drop)])
}

fn attributes(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(arn) = call.request.text(ARN) else { return told.no_id(ARN) };
    let own =
        |one: Body<'_>| tree([("Key", perhaps(one.text("key"))), ("Value", perhaps(one.text("value")))]);
    let is_told = |one: &Body<'_>| one.text("key").is_some_and(|key| key == "preserve_client_ip.enabled");
    let items: Vec<Tree<'static>> =
        call.request.parts("attributes").into_iter().filter(is_told).map(own).collect();
    if items.is_empty() {
        return Meaning::nothing(arn);
    }
    let act = Act::Insert { into: Spot::of(&["Attributes"]), items, by: names(&["Key"]) };
    Meaning::edits(vec![call.edit(ATTRIBUTES, arn, Nature::Attachment, act)])
}

/// A target as its health names it. The port that a request leaves out is that of the group.
fn target(stated: Body<'_>) -> Option<Tree<'static>> {
    let id = stated.text("id")?;
    Some(tree([("Target", tree([("Id", text(id)), ("Port", perhaps(stated.text("port")))]))]))
}

fn register(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    targets(call, told, |items| Act::Insert { into: Spot::of(&[TARGETS]), items, by: names(&["Target"]) })
}

fn deregister(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    targets(call, told, |items| Act::Remove { from: Spot::of(&[TARGETS]), items })
}

fn targets(call: &Call<'_>, told: &mut Told<'_>, act: impl Fn(Vec<Tree<'static>>) -> Act) -> Meaning {
    let Some(arn) = call.request.text(ARN) else { return told.no_id(ARN) };
    let items: Vec<Tree<'static>> = call.request.parts("targets").into_iter().filter_map(target).collect();
    if items.is_empty() {
        return told.no_id("targets");
    }
    let edit: Edit = call.edit(HEALTH, arn, Nature::Attachment, act(items));
    Meaning::edits(vec![edit])
}

const ARN: &str = "targetGroupArn";
const ATTRIBUTES: &str = "target-group-attributes";
pub(crate) const HEALTH: &str = "target-health";
pub(crate) const TARGETS: &str = "TargetHealthDescriptions";
