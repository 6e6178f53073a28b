//! Classic load balancers: known by their names, each of which is unique in a region of an account.

use cloud::audit::{Act, Nature, Spot};
use cloud::json::Tree;

use super::Does;
use super::Does::Read as By;
use crate::trail::body::Body;
use crate::trail::call::{Call, Meaning, Told};
use crate::trail::made::{described, names, object, perhaps, text, tree};

/// What is done to classic load balancers, but for what has a name of the second generation.
pub(super) const OPERATIONS: &[(&str, Does)] = &[
    ("ApplySecurityGroupsToLoadBalancer", By(groups)),
    ("AttachLoadBalancerToSubnets", By(attach)),
    ("DetachLoadBalancerFromSubnets", By(detach)),
    ("CreateLoadBalancerListeners", By(listen)),
    ("DeleteLoadBalancerListeners", By(unlisten)),
    ("RegisterInstancesWithLoadBalancer", By(register)),
    ("DeregisterInstancesFromLoadBalancer", By(deregister)),
];

pub(super) fn create(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let Some((name, arn)) = named(call) else { return told.no_id(NAME) };
    let texts = |key| Tree::List(request.texts(key).into_iter().map(text).collect());
    // Where no group is asked for AWS gives one, and the event does not say which.
    let groups =
        if request.items("securityGroups").is_empty() { Tree::Null } else { texts("securityGroups") };
    let balancer = object([
        ("LoadBalancerName", text(name)),
        ("DNSName", perhaps(call.response.text("dNSName"))),
        // Public unless it says otherwise.
        ("Scheme", text(request.text("scheme").unwrap_or("internet-facing"))),
        ("SecurityGroups", groups),
        ("Subnets", texts("subnets")),
        ("ListenerDescriptions", Tree::List(listeners(request))),
        ("Instances", Tree::List(Vec::new())),
    ]);
    Meaning::edits(vec![call.edit(KIND, &arn, Nature::Attachment, Act::Put(balancer))])
}

pub(super) fn delete(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    one(call, told, Act::Drop)
}

/// Its name, and the ARN that results know it by.
fn named<'n>(call: &Call<'n>) -> Option<(&'n str, String)> {
    let name = call.request.text(NAME)?;
    Some((name, super::arn(call, "elasticloadbalancing", &format!("loadbalancer/{name}"))))
}

fn one(call: &Call<'_>, told: &mut Told<'_>, act: Act) -> Meaning {
    let Some((_, arn)) = named(call) else { return told.no_id(NAME) };
    Meaning::edits(vec![call.edit(KIND, &arn, Nature::Attachment, act)])
}

fn groups(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let groups = call.request.texts("securityGroups").into_iter().map(text).collect();
    one(call, told, Act::Merge(object([("SecurityGroups", Tree::List(groups))])))
}

fn attach(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let items = call.request.texts("subnets").into_iter().map(text).collect();
    one(call, told, Act::Insert { into: Spot::of(&["Subnets"]), items, by: Vec::new() })
}

fn detach(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let items = call.request.texts("subnets").into_iter().map(text).collect();
    one(call, told, Act::Remove { from: Spot::of(&["Subnets"]), items })
}

fn listeners(request: Body<'_>) -> Vec<Tree<'static>> {
    let own = |one: Body<'_>| {
        let listener = Tree::Object(described(one, &[]));
        // The memory of the ledger: there is one listener at each port.
        tree([("#port", perhaps(one.text("loadBalancerPort"))), ("Listener", listener)])
    };
    request.parts("listeners").into_iter().map(own).collect()
}

fn listen(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let items = listeners(call.request);
    one(call, told, Act::Insert { into: Spot::of(&["ListenerDescriptions"]), items, by: names(&["#port"]) })
}

fn unlisten(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let ports = call.request.texts("loadBalancerPorts").into_iter();
    let items = ports.map(|port| tree([("Listener", tree([("LoadBalancerPort", text(port))]))])).collect();
    one(call, told, Act::Remove { from: Spot::of(&["ListenerDescriptions"]), items })
}

fn instances(call: &Call<'_>) -> Vec<Tree<'static>> {
    let ids = call.request.texts_of("instances", "instanceId").into_iter();
    ids.map(|id| tree([("InstanceId", text(id))])).collect()
}

fn register(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let items = instances(call);
    one(call, told, Act::Insert { into: Spot::of(&["Instances"]), items, by: names(&["InstanceId"]) })
}

fn deregister(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    one(call, told, Act::Remove { from: Spot::of(&["Instances"]), items: instances(call) })
}

const NAME: &str = "loadBalancerName";
const KIND: &str = "classic-load-balancer";
