//! Databases in a network: RDS, Aurora, Neptune, DocumentDB, Redshift, and caches.

use cloud::json::Tree;

use super::Out;
use super::balancers::vpc_of_subnets;
use super::interfaces::default_group;
use super::networks::SUBNETS;
use super::shape::{Shape, each_under, elsewhere, perhaps, text};
use super::world::{Argument, Thing, World, as_text, items_of};

pub(super) fn lower<'a>(world: &World<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    for instance in world.of_kinds(&["aws_db_instance"]) {
        let network = Network::of(world, instance, instance, out);
        let port = port_of(instance, instance.value("engine"));
        let shape = network
            .with(Shape::at(instance.at()))
            .with("DBInstanceIdentifier", world.name(instance))
            .with_some("DBInstanceArn", instance.text("arn"))
            .with_some("Engine", instance.value("engine").cloned())
            .with("Endpoint", Shape::at(instance.at()).with_some("Port", port))
            .with_some("PubliclyAccessible", public_of(instance))
            .with_some("AvailabilityZone", instance.text("availability_zone"))
            .with_some("MultiAZ", instance.value("multi_az").cloned());
        out.put("rds-instance", instance, shape);
    }
    for (clusters, instances, engine) in CLUSTERS {
        for cluster in world.of_kinds(&[clusters]) {
            lower_cluster(world, cluster, instances, engine, out);
        }
        for instance in world.of_kinds(&[instances]) {
            lower_member(world, instance, (clusters, engine), out);
        }
    }
    lower_redshift(world, out);
    for (kind, name, key, fields) in CACHES {
        for thing in world.of_kinds(&[kind]) {
            let shape =
                Shape::at(thing.at()).with(key, world.name(thing)).with_some("ARN", thing.text("arn"));
            let shape = fields.iter().fold(shape, |shape, field| shape.with(field, "declared"));
            out.put(name, thing, shape);
        }
    }
}

/// Types of clusters, those of their instances, and the engine of both.
const CLUSTERS: [(&str, &str, &str); 3] = [
    ("aws_rds_cluster", "aws_rds_cluster_instance", "aurora"),
    ("aws_neptune_cluster", "aws_neptune_cluster_instance", "neptune"),
    ("aws_docdb_cluster", "aws_docdb_cluster_instance", "docdb"),
];

/// Caches, which no way leads to from outside: type, kind, key of the name, and keys that tell the kind.
const CACHES: [(&str, &str, &str, &[&str]); 4] = [
    ("aws_elasticache_cluster", "elasticache-cluster", "CacheClusterId", &[]),
    ("aws_elasticache_replication_group", "elasticache-cluster", "CacheClusterId", &[]),
    ("aws_elasticache_serverless_cache", "elasticache-serverless-cache", "ServerlessCacheName", &[]),
    ("aws_memorydb_cluster", "memorydb-cluster", "Name", &["NodeType", "ACLName"]),
];

/// `publicly_accessible`, which is off where it is not said.
fn public_of<'a>(thing: Thing<'_, 'a>) -> Option<Tree<'a>> {
    thing.flag("publicly_accessible").written(Some(Tree::Flag(false)), Tree::Flag)
}

/// The port of a database, or that of its engine.
fn port_of<'a>(thing: Thing<'_, 'a>, engine: Option<&Tree<'a>>) -> Option<Tree<'a>> {
    if let Some(port) = thing.value("port")
        && !matches!(port, Tree::Text(port) if port.trim() == "0")
    {
        return Some(port.clone());
    }
    let Some(engine) = engine else {
        return Some(elsewhere("the port of a database whose engine is not told"));
    };
    let Tree::Text(word) = engine else { return Some(engine.clone()) };
    let word = word.to_ascii_lowercase();
    ENGINES.iter().find(|(start, _)| word.starts_with(start)).map(|(_, port)| text(*port))
}

/// The ports that engines listen at unless told otherwise.
const ENGINES: [(&str, &str); 11] = [
    ("mysql", "3306"),
    ("mariadb", "3306"),
    ("aurora-postgresql", "5432"),
    ("aurora", "3306"),
    ("postgres", "5432"),
    ("oracle", "1521"),
    ("custom-oracle", "1521"),
    ("sqlserver", "1433"),
    ("custom-sqlserver", "1433"),
    ("neptune", "8182"),
    ("docdb", "27017"),
];

/// Where a database is.
struct Network<'a> {
    group: Tree<'a>,
    groups: Tree<'a>,
    kind: Tree<'a>,
}

impl<'a> Network<'a> {
    /// What a database says of its network; what it leaves open its cluster says.
    fn of(
        world: &World<'_, 'a>,
        own: Thing<'_, 'a>,
        cluster: Thing<'_, 'a>,
        out: &mut Out<'_, '_, 'a>,
    ) -> Self {
        let keys = ["db_subnet_group_name", "neptune_subnet_group_name"];
        let named = [own, cluster]
            .iter()
            .find_map(|thing| keys.iter().find_map(|key| world.under(thing.node(), key)));
        let (group, vpc) = subnet_group(world, own, named, out);
        let said =
            [cluster, own].iter().find_map(|thing| world.under(thing.node(), "vpc_security_group_ids"));
        let said = said.filter(|said| *said != Tree::List(Vec::new()));
        let said = said.unwrap_or_else(|| Tree::List(vec![default_group(world, vpc.as_ref())]));
        Self {
            group,
            groups: Tree::List(each_under(&said, "VpcSecurityGroupId", own.at())),
            kind: cluster.value("network_type").cloned().unwrap_or_else(|| text("IPV4")),
        }
    }

    fn with(self, shape: Shape<'a>) -> Shape<'a> {
        shape
            .with("DBSubnetGroup", self.group)
            .with("VpcSecurityGroups", self.groups)
            .with("NetworkType", self.kind)
    }
}

const SUBNET_GROUPS: &[&str] = &[
    "aws_db_subnet_group",
    "aws_neptune_subnet_group",
    "aws_docdb_subnet_group",
    "aws_redshift_subnet_group",
];

/// The group of subnets that is named, written out where it is declared, and its VPC. Without one it is that of the
/// default VPC.
fn subnet_group<'a>(
    world: &World<'_, 'a>,
    owner: Thing<'_, 'a>,
    named: Option<Tree<'a>>,
    out: &mut Out<'_, '_, 'a>,
) -> (Tree<'a>, Option<Tree<'a>>) {
    let at = owner.at();
    let Some(named) = named else {
        let subnet = super::presumed::subnet_id(world, owner, out);
        let vpc = text(super::presumed::vpc_id(world, owner));
        let site = Shape::at(at).with("SubnetIdentifier", subnet).tree();
        let group = Shape::at(at)
            .with("DBSubnetGroupName", "default")
            .with("VpcId", vpc.clone())
            .with("Subnets", vec![site]);
        return (group.tree(), Some(vpc));
    };
    let declared =
        as_text(&named).and_then(|name| world.of_kinds(SUBNET_GROUPS).find(|one| world.name(*one) == name));
    let Some(declared) = declared else { return (named, None) };
    let (subnets, vpc) = sites(world, declared);
    let group = Shape::at(declared.at())
        .with("DBSubnetGroupName", world.name(declared))
        .with_some("VpcId", vpc.clone())
        .with("Subnets", subnets);
    (group.tree(), vpc)
}

/// The subnets of a group with their zones, and their VPC.
fn sites<'a>(world: &World<'_, 'a>, group: Thing<'_, 'a>) -> (Tree<'a>, Option<Tree<'a>>) {
    let listed = world.under(group.node(), "subnet_ids").unwrap_or_else(|| elsewhere("subnets of a group"));
    let Tree::List(subnets) = &listed else { return (listed, None) };
    let vpc = vpc_of_subnets(world, subnets);
    let site = |subnet: &Tree<'a>| {
        let known = as_text(subnet).and_then(|id| world.with_id(SUBNETS, id));
        let zone = known.and_then(|subnet| subnet.text("availability_zone"));
        let zone = zone.map(|zone| Shape::at(group.at()).with("Name", zone));
        let shape = Shape::at(group.at()).with("SubnetIdentifier", subnet.clone());
        shape.with_some("SubnetAvailabilityZone", zone).tree()
    };
    (Tree::List(subnets.iter().map(site).collect()), vpc)
}

fn lower_cluster<'a>(
    world: &World<'_, 'a>,
    cluster: Thing<'_, 'a>,
    instances: &str,
    engine: &str,
    out: &mut Out<'_, '_, 'a>,
) {
    let name = world.name(cluster);
    let kinds = [instances];
    let members = world.of_kinds(&kinds).filter(|one| cluster_of(world, *one) == Some(name.clone()));
    let members: Vec<Tree<'a>> =
        members.map(|one| Shape::at(one.at()).with("DBInstanceIdentifier", world.name(one)).tree()).collect();
    let engine = cluster.value("engine").cloned().unwrap_or_else(|| text(engine));
    // A cluster of RDS in several zones has endpoints of its own; whether they are public is for AWS to say by its network.
    let is_multi_zone = cluster.value("db_cluster_instance_class").is_some();
    let public = is_multi_zone.then(|| elsewhere("whether a cluster in several zones is public"));
    let port = port_of(cluster, Some(&engine));
    let network = Network::of(world, cluster, cluster, out);
    let shape = network
        .with(Shape::at(cluster.at()))
        .with("DBClusterIdentifier", name)
        .with_some("DBClusterArn", cluster.text("arn"))
        .with("Engine", engine)
        .with_some("EngineMode", cluster.value("engine_mode").cloned())
        .with_some("Port", port)
        .with_some("PubliclyAccessible", public)
        .with("DBClusterMembers", members);
    out.put("rds-cluster", cluster, shape);
}

fn cluster_of(world: &World<'_, '_>, member: Thing<'_, '_>) -> Option<String> {
    match world.told(member.value("cluster_identifier")?) {
        Tree::Text(name) => Some(name.into_owned()),
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => None,
    }
}

fn lower_member<'a>(
    world: &World<'_, 'a>,
    member: Thing<'_, 'a>,
    (clusters, engine): (&str, &str),
    out: &mut Out<'_, '_, 'a>,
) {
    let named = cluster_of(world, member);
    let kinds = [clusters];
    let cluster = named.and_then(|name| world.of_kinds(&kinds).find(|one| world.name(*one) == name));
    let of = |key: &str| {
        let own = member.value(key).cloned();
        own.or_else(|| cluster.and_then(|cluster| cluster.value(key).cloned()))
    };
    let engine = of("engine").unwrap_or_else(|| text(engine));
    let port = match cluster {
        Some(cluster) => port_of(cluster, Some(&engine)),
        None => Some(elsewhere("the port of a cluster that is not declared")),
    };
    let network = match cluster {
        Some(cluster) => Network::of(world, member, cluster, out),
        None => Network {
            group: elsewhere("the network of a cluster that is not declared"),
            groups: elsewhere("the groups of a cluster that is not declared"),
            kind: text("IPV4"),
        },
    };
    // One whose address would be its cluster's is never called by the cluster's name.
    let name = member.text("identifier").map_or_else(|| world.called(member), str::to_owned);
    let shape = network
        .with(Shape::at(member.at()))
        .with("DBInstanceIdentifier", name)
        .with_some("DBInstanceArn", member.text("arn"))
        .with("Engine", engine)
        .with("Endpoint", Shape::at(member.at()).with_some("Port", port))
        .with_some("PubliclyAccessible", public_of(member))
        .with_some("AvailabilityZone", member.text("availability_zone"));
    out.put("rds-instance", member, shape);
}

fn lower_redshift<'a>(world: &World<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    for group in world.of_kinds(&["aws_redshift_subnet_group"]) {
        let (subnets, vpc) = sites(world, group);
        let shape = Shape::at(group.at())
            .with("ClusterSubnetGroupName", world.name(group))
            .with_some("VpcId", vpc)
            .with("Subnets", subnets);
        out.put("redshift-subnet-group", group, shape);
    }
    for cluster in world.of_kinds(&["aws_redshift_cluster"]) {
        let at = cluster.at();
        let named = world.under(cluster.node(), "cluster_subnet_group_name");
        let declared = named.as_ref().and_then(as_text);
        let declared =
            declared.and_then(|name| world.of_kinds(SUBNET_GROUPS).find(|one| world.name(*one) == name));
        let vpc = match (&named, declared) {
            (None, _) => {
                let subnet = super::presumed::subnet_id(world, cluster, out);
                let vpc = text(super::presumed::vpc_id(world, cluster));
                let site = Shape::at(at).with("SubnetIdentifier", subnet).tree();
                let name = world.labelled(DEFAULT);
                let shape = Shape::at(at)
                    .with("ClusterSubnetGroupName", name)
                    .with("VpcId", vpc.clone())
                    .with("Subnets", vec![site]);
                out.put("redshift-subnet-group", cluster, shape);
                Some(vpc)
            }
            (Some(_), Some(group)) => sites(world, group).1,
            (Some(_), None) => None,
        };
        let said = world
            .under(cluster.node(), "vpc_security_group_ids")
            .filter(|said| *said != Tree::List(Vec::new()));
        let said = said.unwrap_or_else(|| Tree::List(vec![default_group(world, vpc.as_ref())]));
        let port = cluster.value("port").cloned().unwrap_or_else(|| text("5439"));
        let public = match cluster.flag("publicly_accessible") {
            Argument::Known(flag) => Tree::Flag(flag),
            Argument::Unknown(unknown) => unknown,
            // Version 6 of the provider made it off.
            Argument::Absent => {
                elsewhere("`publicly_accessible`, which versions of the provider before 6 turn on")
            }
        };
        let shape = Shape::at(at)
            .with("ClusterIdentifier", world.name(cluster))
            .with("Endpoint", Shape::at(at).with("Port", port))
            .with("PubliclyAccessible", public)
            .with_some("VpcId", vpc)
            .with("ClusterSubnetGroupName", named.unwrap_or_else(|| text(world.labelled(DEFAULT))))
            .with("VpcSecurityGroups", each_under(&said, "VpcSecurityGroupId", at));
        out.put("redshift-cluster", cluster, shape);
    }
    lower_workgroups(world, out);
}

fn lower_workgroups<'a>(world: &World<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    for workgroup in world.of_kinds(&["aws_redshiftserverless_workgroup"]) {
        let subnets =
            world.under(workgroup.node(), "subnet_ids").filter(|said| *said != Tree::List(Vec::new()));
        let subnets = match subnets {
            Some(subnets) => subnets,
            None => Tree::List(vec![text(super::presumed::subnet_id(world, workgroup, out))]),
        };
        let vpc = vpc_of_subnets(world, &items_of(&subnets));
        let said = world
            .under(workgroup.node(), "security_group_ids")
            .filter(|said| *said != Tree::List(Vec::new()));
        let said = said.unwrap_or_else(|| Tree::List(vec![default_group(world, vpc.as_ref())]));
        let public = match workgroup.is_perhaps() {
            true => Some(perhaps(&workgroup.declared.address)),
            false => public_of(workgroup),
        };
        let shape = Shape::at(workgroup.at())
            .with("workgroupName", world.name(workgroup))
            .with_some("workgroupArn", workgroup.text("arn"))
            .with("port", workgroup.value("port").cloned().unwrap_or_else(|| text("5439")))
            .with_some("publiclyAccessible", public)
            .with("subnetIds", subnets)
            .with("securityGroupIds", said);
        out.put("redshift-workgroup", workgroup, shape);
    }
}

/// The group of subnets of what names none.
const DEFAULT: &str = "default";
