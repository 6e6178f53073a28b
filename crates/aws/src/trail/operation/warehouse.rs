//! Redshift, its clusters and its workgroups without servers.

use cloud::audit::{Act, Nature};
use cloud::json::Tree;

use super::Does;
use super::Does::Read as By;
use crate::trail::call::{Call, Meaning, Told};
use crate::trail::made::{described, flag, object, perhaps, text, tree};

/// What is done to clusters.
pub(super) const CLUSTERS: &[(&str, Does)] = &[
    ("CreateCluster", By(cluster)),
    ("RestoreFromClusterSnapshot", By(cluster)),
    ("ModifyCluster", By(cluster)),
    ("DeleteCluster", By(delete)),
    ("CreateClusterSubnetGroup", By(subnet_group)),
    ("ModifyClusterSubnetGroup", By(subnet_group)),
    ("DeleteClusterSubnetGroup", By(delete_subnet_group)),
];

/// What is done to workgroups.
pub(super) const WORKGROUPS: &[(&str, Does)] = &[
    ("CreateWorkgroup", By(workgroup)),
    ("UpdateWorkgroup", By(workgroup)),
    ("DeleteWorkgroup", By(delete_workgroup)),
];

fn cluster(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let Some(name) = request.text(CLUSTER) else { return told.no_id(CLUSTER) };
    let arn = super::arn(call, "redshift", &format!("cluster:{}", name.to_ascii_lowercase()));
    let groups = request.texts("vpcSecurityGroupIds");
    let groups = match groups.is_empty() {
        true => Tree::Null,
        false => Tree::List(groups.into_iter().map(|id| tree([("VpcSecurityGroupId", text(id))])).collect()),
    };
    let port = request.text("port");
    let endpoint = port.map_or(Tree::Null, |port| tree([("Port", text(port))]));
    let now = object([
        ("PubliclyAccessible", flag(request.flag("publiclyAccessible"))),
        ("VpcSecurityGroups", groups),
        ("Endpoint", endpoint),
    ]);
    let new_id = request.text("newClusterIdentifier");
    if call.name.starts_with("Modify") && now.entries().is_empty() && new_id.is_none() {
        // Its windows, its size: whom it lets in was somebody else's doing.
        return Meaning::nothing(&arn);
    }
    let inner = call.response.part("cluster");
    let made = if inner.is_empty() { call.response } else { inner };
    let act = match made.has(CLUSTER) && made.has("vpcSecurityGroups") {
        true => {
            let mut node = described(made, &[]);
            for (key, value) in now.into_entries() {
                node.take_out(&key);
                node.push(key, value);
            }
            if node.own("Endpoint").is_none() {
                // API reference of `CreateCluster`.
                node.push("Endpoint".into(), tree([("Port", text("5439"))]));
            }
            Act::Put(node)
        }
        false => {
            super::tell_no_response(call, told);
            match (now.entries().is_empty(), new_id.is_some()) {
                (false, _) => Act::Merge(now),
                (true, true) => return Meaning::recorded(&arn),
                (true, false) => return Meaning::nothing(&arn),
            }
        }
    };
    let edit = |id: &str, act| call.edit("redshift-cluster", id, Nature::Attachment, act);
    match (new_id, act) {
        (Some(new), Act::Put(mut node)) => {
            let new = new.to_ascii_lowercase();
            node.take_out(CLUSTER);
            node.push(CLUSTER.into(), text(&new));
            let new_arn = super::arn(call, "redshift", &format!("cluster:{new}"));
            Meaning::edits(vec![edit(&arn, Act::Drop), edit(&new_arn, Act::Put(node))])
        }
        (_, act) => Meaning::edits(vec![edit(&arn, act)]),
    }
}

/// The subnets in which clusters may be.
fn subnet_group(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let inner = call.response.part("clusterSubnetGroup");
    let made = if inner.is_empty() { call.response } else { inner };
    let Some(name) = call.request.text(GROUP) else { return told.no_id(GROUP) };
    let name = name.to_ascii_lowercase();
    let act = match made.has("subnets") {
        true => Act::Put(described(made, &[])),
        false => {
            let subnets = call.request.texts("subnetIds").into_iter();
            let subnets = subnets.map(|id| tree([("SubnetIdentifier", text(id))])).collect();
            Act::Merge(object([("ClusterSubnetGroupName", text(&name)), ("Subnets", Tree::List(subnets))]))
        }
    };
    Meaning::edits(vec![call.edit(SUBNETS, &name, Nature::Attachment, act)])
}

fn delete_subnet_group(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(name) = call.request.text(GROUP) else { return told.no_id(GROUP) };
    Meaning::edits(vec![call.edit(SUBNETS, &name.to_ascii_lowercase(), Nature::Attachment, Act::Drop)])
}

fn delete(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(name) = call.request.text(CLUSTER) else { return told.no_id(CLUSTER) };
    let arn = super::arn(call, "redshift", &format!("cluster:{}", name.to_ascii_lowercase()));
    Meaning::edits(vec![call.edit("redshift-cluster", &arn, Nature::Attachment, Act::Drop)])
}

fn workgroup(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let is_asked = ["publiclyAccessible", "securityGroupIds", "subnetIds", "port", "ipAddressType"]
        .iter()
        .any(|key| call.request.has(key));
    if call.name.starts_with("Update") && !is_asked {
        return Meaning::nothing(call.request.text("workgroupName").unwrap_or_default());
    }
    let made = call.response.part("workgroup");
    if let Some(arn) = made.text("workgroupArn") {
        let mut node = described(made, &[]);
        for key in ["publiclyAccessible", "securityGroupIds", "subnetIds", "port", "ipAddressType"] {
            if let Some(value) = call.request.tree(key) {
                node.take_out(key);
                node.push(key.into(), value);
            }
        }
        return Meaning::edits(vec![call.edit(WORKGROUP, arn, Nature::Attachment, Act::Put(node))]);
    }
    let Some(name) = call.request.text("workgroupName") else { return told.no_id("workgroupName") };
    let stated = |key| call.request.tree(key).unwrap_or(Tree::Null);
    let now = object([
        ("publiclyAccessible", stated("publiclyAccessible")),
        ("securityGroupIds", stated("securityGroupIds")),
        ("subnetIds", stated("subnetIds")),
        ("port", perhaps(call.request.text("port"))),
        ("ipAddressType", perhaps(call.request.text("ipAddressType"))),
    ]);
    if now.entries().is_empty() {
        return Meaning::nothing(name);
    }
    // Its ARN has an id in it that only responses tell.
    let id = format!("workgroupName={name}");
    Meaning::edits_of(name, vec![call.edit(WORKGROUP, &id, Nature::Attachment, Act::Merge(now))])
}

fn delete_workgroup(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(name) = call.request.text("workgroupName") else { return told.no_id("workgroupName") };
    let id = call.response.part("workgroup").text("workgroupArn").map(str::to_owned);
    let id = id.unwrap_or_else(|| format!("workgroupName={name}"));
    Meaning::edits_of(name, vec![call.edit(WORKGROUP, &id, Nature::Attachment, Act::Drop)])
}

const CLUSTER: &str = "clusterIdentifier";
const GROUP: &str = "clusterSubnetGroupName";
const SUBNETS: &str = "redshift-subnet-group";
const WORKGROUP: &str = "redshift-workgroup";
