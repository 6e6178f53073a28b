//! What exports of services say twice, and how something is called that is known by its ARN alone.

use cloud::audit::{Act, Edit, Ledger, Selector, Spot};
use cloud::json::{Cause, Node, Tree};

use super::{Around, object, other, part, text};
use crate::trail::made;
use crate::trail::operation::kinds::PORT_STATES;

/// The groups of a cluster are those of its instances, and so is its port (API reference of `ModifyDBCluster`).
pub(super) fn cluster(edit: &Edit, ledger: &Ledger, around: &mut Around) {
    let (Act::Put(now) | Act::Merge(now)) = &edit.act else { return };
    let groups = now.own("VpcSecurityGroups").cloned();
    let port = text(now, "Port").map(|port| made::tree([("Port", made::text(port))]));
    let shared = made::object([
        ("VpcSecurityGroups", groups.unwrap_or(Tree::Null)),
        ("Endpoint", port.unwrap_or(Tree::Null)),
    ]);
    if shared.entries().is_empty() {
        return;
    }
    let name = edit.id.rsplit(':').next();
    let members =
        ledger.of_kind("rds-instance").filter(|(_, one)| text(&one.node, "DBClusterIdentifier") == name);
    let mut members: Vec<&str> = members.filter_map(|(_, one)| text(&one.node, "DBInstanceArn")).collect();
    members.sort_unstable();
    let members = members.into_iter().filter(|arn| is_beside(arn, &edit.id));
    around.after.extend(members.map(|arn| other(edit, "rds-instance", arn, Act::Merge(shared.clone()))));
}

/// Whether two ARNs are of one account and region.
fn is_beside(one: &str, other: &str) -> bool {
    let place = |arn: &str| arn.splitn(6, ':').take(5).map(str::to_owned).collect::<Vec<_>>();
    place(one) == place(other)
}

/// Databases state their group of subnets themselves.
pub(super) fn subnet_group(edit: &Edit, ledger: &Ledger, around: &mut Around) {
    let (Act::Put(now) | Act::Merge(now)) = &edit.act else { return };
    let Some(subnets) = now.own("Subnets").cloned() else { return };
    let name = text(now, "DBSubnetGroupName");
    for kind in ["rds-instance", "rds-cluster"] {
        let key = if kind == "rds-instance" { "DBInstanceArn" } else { "DBClusterArn" };
        let is_in = |node: &Node<'static>| {
            name.is_some()
                && part(node, "DBSubnetGroup").and_then(|group| text(group, "DBSubnetGroupName")) == name
        };
        let own = ledger.of_kind(kind).filter(|(_, one)| is_in(&one.node));
        let mut own: Vec<&str> = own.filter_map(|(_, one)| text(&one.node, key)).collect();
        own.sort_unstable();
        for arn in own.into_iter().filter(|arn| is_beside(arn, &edit.id)) {
            let at = Spot::of(&["DBSubnetGroup", "Subnets"]);
            around.after.push(other(edit, kind, arn, Act::Set { at, value: subnets.clone() }));
        }
    }
}

/// Open ports of Lightsail stand in the instance, in a list of their own, or in both.
pub(super) fn ports(edit: &Edit, ledger: &Ledger, around: &mut Around) {
    let Some(name) = edit.id.strip_prefix(crate::resource::PORTS) else { return };
    let is_own = |key: &str| {
        edit.scope.is_none()
            || !key.contains('/')
            || key.starts_with(edit.scope.as_deref().unwrap_or_default())
    };
    let instances = ledger.of_kind("lightsail-instance");
    let mut instances = instances.filter(|(key, one)| is_own(key) && text(&one.node, "name") == Some(name));
    let Some((key, instance)) = instances.next() else { return };
    let at = Spot::of(&["networking", "ports"]);
    let act = match &edit.act {
        Act::Put(now) => Act::Set { at, value: now.own("portStates").cloned().unwrap_or(Tree::Null) },
        Act::Insert { items, by, .. } => Act::Insert { into: at, items: items.clone(), by: by.clone() },
        Act::Remove { items, .. } => Act::Remove { from: at, items: items.clone() },
        Act::Drop | Act::Merge(_) | Act::Set { .. } => return,
    };
    let id = text(&instance.node, "arn").map(str::to_owned);
    let id = id.unwrap_or_else(|| {
        key.split_once("lightsail:").map_or_else(|| key.to_string(), |(_, rest)| format!("lightsail:{rest}"))
    });
    let inside = other(edit, "lightsail-instance", &id, act);
    match object(ledger, edit, PORT_STATES, &edit.id) {
        Some(_) => around.after.push(inside),
        None => around.instead = Some(vec![inside]),
    }
}

/// What nobody saw before an edit of it is called what its ARN says. Nothing is assumed to be open there: what may close it
/// is not known, and what may have opened it before neither.
pub(super) fn named(edit: &Edit, ledger: &Ledger) -> Option<Edit> {
    if matches!(edit.act, Act::Put(_) | Act::Drop) || Selector::of(&edit.id).is_some() {
        return None;
    }
    let (_, name_key, arn_key) = NAMED.iter().find(|(kind, ..)| *kind == &*edit.kind)?;
    let is_seen = object(ledger, edit, &edit.kind, &edit.id).is_some();
    let elsewhere = || {
        &*edit.kind == PORT_STATES && {
            let name = edit.id.strip_prefix(crate::resource::PORTS);
            ledger.of_kind("lightsail-instance").any(|(_, one)| text(&one.node, "name") == name)
        }
    };
    if is_seen || elsewhere() {
        return None;
    }
    let name = edit.id.rsplit(['/', ':']).next().unwrap_or(&edit.id);
    let mut node = match &*edit.kind {
        "rds-instance" | "rds-cluster" | "redshift-cluster" => made::object([
            ("PubliclyAccessible", Tree::Flag(false)),
            ("VpcSecurityGroups", Tree::List(Vec::new())),
        ]),
        "eks-cluster" => {
            let unknown = Tree::unknown(Cause::Existing, "publicAccessCidrs");
            made::object([("resourcesVpcConfig", made::tree([("publicAccessCidrs", unknown)]))])
        }
        "opensearch-domain" => {
            made::object([("AccessPolicies", Tree::unknown(Cause::Existing, "AccessPolicies"))])
        }
        // The one key that would be taken for its number.
        "address" => Node::new(vec![("PublicIp".into(), Tree::Null)], None),
        _ => Node::default(),
    };
    node.push((*name_key).into(), made::text(name));
    if let Some(arn_key) = arn_key {
        node.push((*arn_key).into(), made::text(&edit.id));
    }
    Some(other(edit, &edit.kind, &edit.id, Act::Merge(node)))
}

/// Kinds that are known by an ARN or an allocation and called by a name: the keys of both.
const NAMED: [(&str, &str, Option<&str>); 9] = [
    ("address", "AllocationId", None),
    ("rds-instance", "DBInstanceIdentifier", Some("DBInstanceArn")),
    ("rds-cluster", "DBClusterIdentifier", Some("DBClusterArn")),
    ("rds-subnet-group", "DBSubnetGroupName", Some("DBSubnetGroupArn")),
    ("redshift-cluster", "ClusterIdentifier", None),
    ("eks-cluster", "name", Some("arn")),
    ("opensearch-domain", "DomainName", Some("ARN")),
    ("classic-load-balancer", "LoadBalancerName", None),
    (PORT_STATES, "instanceName", None),
];
