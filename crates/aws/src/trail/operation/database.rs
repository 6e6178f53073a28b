//! Databases of RDS, Aurora, Neptune and DocumentDB, which share operations and responses.
//!
//! A response is the whole database as it was the moment before; what the request says of its network holds at once or
//! as soon as may be, whatever `ApplyImmediately` says (API reference of `ModifyDBInstance`).

use cloud::audit::{Act, Edit, Nature};
use cloud::json::{Node, Tree};

use super::Does;
use super::Does::Read as By;
use crate::trail::body::Body;
use crate::trail::call::{Call, Meaning, Told};
use crate::trail::made::{described, object, perhaps, text, tree};

/// What is done to databases.
pub(super) const OPERATIONS: &[(&str, Does)] = &[
    ("CreateDBInstance", By(instance)),
    ("CreateDBInstanceReadReplica", By(instance)),
    ("RestoreDBInstanceFromDBSnapshot", By(instance)),
    ("RestoreDBInstanceFromS3", By(instance)),
    ("RestoreDBInstanceToPointInTime", By(instance)),
    ("ModifyDBInstance", By(instance)),
    ("StartDBInstance", By(instance)),
    ("StopDBInstance", By(instance)),
    ("DeleteDBInstance", By(delete_instance)),
    ("CreateDBCluster", By(cluster)),
    ("RestoreDBClusterFromS3", By(cluster)),
    ("RestoreDBClusterFromSnapshot", By(cluster)),
    ("RestoreDBClusterToPointInTime", By(cluster)),
    ("ModifyDBCluster", By(cluster)),
    ("StartDBCluster", By(cluster)),
    ("StopDBCluster", By(cluster)),
    ("DeleteDBCluster", By(delete_cluster)),
    ("CreateDBSubnetGroup", By(subnet_group)),
    ("ModifyDBSubnetGroup", By(subnet_group)),
    ("DeleteDBSubnetGroup", By(delete_subnet_group)),
];

/// What is an instance and what a cluster: the kind, the keys of its id and of its new one, what its ARN has before it,
/// where its state stands.
struct Sort {
    kind: &'static str,
    id: &'static str,
    new_id: &'static str,
    within: &'static str,
    status: &'static str,
    /// Where a request says which port it listens at from now on.
    port: &'static str,
}

const INSTANCE: Sort = Sort {
    kind: "rds-instance",
    id: "dBInstanceIdentifier",
    new_id: "newDBInstanceIdentifier",
    within: "db",
    status: "DBInstanceStatus",
    port: "dBPortNumber",
};

const CLUSTER: Sort = Sort {
    kind: "rds-cluster",
    id: "dBClusterIdentifier",
    new_id: "newDBClusterIdentifier",
    within: "cluster",
    status: "Status",
    port: "port",
};

fn instance(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    stated(call, told, &INSTANCE)
}

fn cluster(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    stated(call, told, &CLUSTER)
}

fn delete_instance(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    delete(call, told, &INSTANCE)
}

fn delete_cluster(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    delete(call, told, &CLUSTER)
}

fn delete(call: &Call<'_>, told: &mut Told<'_>, sort: &Sort) -> Meaning {
    let Some(arn) = arn_of(call, sort) else { return told.no_id(sort.id) };
    Meaning::edits(vec![call.edit(sort.kind, &arn, Nature::Attachment, Act::Drop)])
}

/// Identifiers are small letters, however they were sent.
fn arn_of(call: &Call<'_>, sort: &Sort) -> Option<String> {
    let request = call.request;
    // What is restored to a point in time has the key of its source beside its own.
    let asked = request.text(sort.id).or_else(|| request.text("targetDBInstanceIdentifier"));
    let name = asked.or_else(|| call.response.text(sort.id))?;
    Some(arn_named(call, sort, name))
}

fn arn_named(call: &Call<'_>, sort: &Sort, name: &str) -> String {
    if name.starts_with("arn:") {
        return name.to_owned();
    }
    super::arn(call, "rds", &format!("{}:{}", sort.within, name.to_ascii_lowercase()))
}

fn stated(call: &Call<'_>, told: &mut Told<'_>, sort: &Sort) -> Meaning {
    let Some(arn) = arn_of(call, sort) else { return told.no_id(sort.id) };
    let now = asked(call, sort);
    let new_id = call.request.text(sort.new_id);
    if call.name.starts_with("Modify") && now.entries().is_empty() && new_id.is_none() {
        // Backups, its class, its windows: whom it lets in was somebody else's doing.
        return Meaning::nothing(&arn);
    }
    // A response that was cut or hidden is less than the database.
    let whole = call.response.has(sort.id) && call.response.has("vpcSecurityGroups");
    if !whole {
        super::tell_no_response(call, told);
        return match (now.entries().is_empty(), new_id.is_some()) {
            (false, _) => Meaning::edits(vec![edit(call, sort, &arn, Act::Merge(now))]),
            (true, true) => Meaning::recorded(&arn),
            (true, false) => Meaning::nothing(&arn),
        };
    }
    let mut node = described(call.response, &[]);
    for (key, value) in now.without_nulls().into_entries() {
        node.take_out(&key);
        node.push(key, value);
    }
    listen(&mut node, call);
    let renamed = new_id.filter(|_| call.request.flag("applyImmediately") == Some(true));
    let Some(new) = renamed else {
        return Meaning::edits(vec![edit(call, sort, &arn, Act::Put(node))]);
    };
    let new_arn = arn_named(call, sort, new);
    for (key, value) in [(sort.id, new.to_ascii_lowercase()), (arn_key(sort), new_arn.clone())] {
        node.take_out(key);
        node.push(key.into(), text(&value));
    }
    Meaning::edits(vec![edit(call, sort, &arn, Act::Drop), edit(call, sort, &new_arn, Act::Put(node))])
}

fn edit(call: &Call<'_>, sort: &Sort, arn: &str, act: Act) -> Edit {
    call.edit(sort.kind, arn, Nature::Attachment, act)
}

fn arn_key(sort: &Sort) -> &'static str {
    if sort.kind == INSTANCE.kind { "DBInstanceArn" } else { "DBClusterArn" }
}

/// What a request says of whom it lets in. Groups and public access of a modification hold as soon as may be; a port after
/// the restart that follows at once.
fn asked(call: &Call<'_>, sort: &Sort) -> Node<'static> {
    let request = call.request;
    let groups = request.texts("vpcSecurityGroupIds");
    let groups = match groups.is_empty() {
        true => Tree::Null,
        false => Tree::List(groups.into_iter().map(member).collect()),
    };
    let state = match call.name {
        "StartDBInstance" | "StartDBCluster" => Some("available"),
        "StopDBInstance" | "StopDBCluster" => Some("stopped"),
        _ => None,
    };
    let port = request.text(sort.port).or_else(|| request.text("port"));
    let (endpoint, own_port) = match (port, sort.kind == CLUSTER.kind) {
        (Some(port), false) => (tree([("Port", text(port))]), Tree::Null),
        (Some(port), true) => (Tree::Null, text(port)),
        (None, _) => (Tree::Null, Tree::Null),
    };
    let status = (sort.status, perhaps(state));
    let mut now = object([
        ("PubliclyAccessible", crate::trail::made::flag(request.flag("publiclyAccessible"))),
        ("VpcSecurityGroups", groups),
        ("Endpoint", endpoint),
        ("Port", own_port),
        ("NetworkType", perhaps(request.text("networkType"))),
        status,
    ]);
    if let Some(name) = moved(call) {
        // Its subnets are those of the other group, which is known by itself or not.
        let none = ["Subnets", "VpcId"].map(|key| (key.into(), Tree::Null));
        let own = [("DBSubnetGroupName".into(), text(&name.to_ascii_lowercase()))];
        let entries = own.into_iter().chain(none).collect();
        now.push("DBSubnetGroup".into(), Tree::Object(Node::new(entries, None)));
    }
    now
}

/// The group of subnets that an instance moves to, where a modification names another one than its own.
fn moved<'n>(call: &Call<'n>) -> Option<&'n str> {
    let name = call.request.text(GROUP).filter(|_| call.name == "ModifyDBInstance")?;
    let own = call.response.part("dBSubnetGroup").text(GROUP);
    (!own.is_some_and(|own| own.eq_ignore_ascii_case(name))).then_some(name)
}

fn member(id: &str) -> Tree<'static> {
    tree([("VpcSecurityGroupId", text(id)), ("Status", text("active"))])
}

/// What is being created has no endpoint yet. It will listen at the port of its engine, unless one is asked for.
fn listen(node: &mut Node<'static>, call: &Call<'_>) {
    let has_port = ["Endpoint", "Port"].iter().any(|key| node.own(key).is_some());
    let engine = call.response.text("engine").or_else(|| call.request.text("engine"));
    let known = engine.and_then(|engine| ENGINES.iter().find(|(word, _)| starts(engine, word)));
    if let (false, Some((_, port))) = (has_port, known) {
        node.push("Endpoint".into(), tree([("Port", text(port))]));
    }
}

fn starts(engine: &str, word: &str) -> bool {
    engine.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// The port of an engine where a request names none (API reference of `CreateDBInstance`).
const ENGINES: [(&str, &str); 11] = [
    ("aurora-postgresql", "5432"),
    ("aurora", "3306"),
    ("mysql", "3306"),
    ("mariadb", "3306"),
    ("postgres", "5432"),
    ("oracle", "1521"),
    ("custom-oracle", "1521"),
    ("sqlserver", "1433"),
    ("db2", "50000"),
    ("neptune", "8182"),
    ("docdb", "27017"),
];

fn subnet_group(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    // The service puts it into an object of its own or not, as its version is.
    let inner = call.response.part("dBSubnetGroup");
    let made: Body<'_> = if inner.is_empty() { call.response } else { inner };
    let name = made.text(GROUP).or_else(|| call.request.text(GROUP));
    let Some(name) = name else { return told.no_id(GROUP) };
    let arn = super::arn(call, "rds", &format!("subgrp:{}", name.to_ascii_lowercase()));
    if made.has("subnets") {
        let put = Act::Put(described(made, &[]));
        return Meaning::edits(vec![call.edit("rds-subnet-group", &arn, Nature::Attachment, put)]);
    }
    let subnets = call.request.texts("subnetIds").into_iter();
    let subnets = subnets.map(|id| tree([("SubnetIdentifier", text(id))])).collect();
    let now = object([("DBSubnetGroupName", text(name)), ("Subnets", Tree::List(subnets))]);
    Meaning::edits(vec![call.edit("rds-subnet-group", &arn, Nature::Attachment, Act::Merge(now))])
}

fn delete_subnet_group(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(name) = call.request.text(GROUP) else { return told.no_id(GROUP) };
    let arn = super::arn(call, "rds", &format!("subgrp:{}", name.to_ascii_lowercase()));
    Meaning::edits(vec![call.edit("rds-subnet-group", &arn, Nature::Attachment, Act::Drop)])
}

const GROUP: &str = "dBSubnetGroupName";
