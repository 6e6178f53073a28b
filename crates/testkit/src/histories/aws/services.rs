//! What is done to load balancers, databases, clusters and the access of whole networks.

use serde_json::{Value, json};

use super::machines::some_groups;
use super::world::{Cluster, Database, Exclusion, World};
use super::{BALANCER, Call, GROUP_ARN, OWNER, REGION, VPC, call, listener_arn, wrapped};
use crate::random::Random;

const TARGET_PORT: u16 = 22;

pub(super) fn listener(id: &str, port: u16) -> Value {
    json!({"ListenerArn": listener_arn(id), "LoadBalancerArn": BALANCER, "Port": port, "Protocol": "TCP",
        "DefaultActions": [{"Type": "forward", "TargetGroupArn": GROUP_ARN}]})
}

pub(super) fn target_group() -> Value {
    json!({"TargetGroupArn": GROUP_ARN, "TargetGroupName": "front", "Protocol": "TCP", "Port": TARGET_PORT, "VpcId": VPC, "TargetType": "instance",
        "IpAddressType": "ipv4", "LoadBalancerArns": [BALANCER]})
}

/// Keys with a small first letter, as answers have them.
fn lowered(value: &Value) -> Value {
    match value {
        Value::Object(object) => object
            .iter()
            .map(|(key, value)| {
                let mut letters = key.chars();
                let first: String = letters.next().into_iter().flat_map(char::to_lowercase).collect();
                (first + letters.as_str(), lowered(value))
            })
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(lowered).collect(),
        other => other.clone(),
    }
}

pub(super) fn balancers(world: &mut World, random: &mut Random) -> Option<Call> {
    let groups = some_groups(world, random);
    let runs: Vec<String> = world.instances.iter().map(|one| one.id.clone()).collect();
    let made = world.id("listener");
    let balancer = world.balancer.as_mut()?;
    let elb = |name, request, response| Some(call("elasticloadbalancing", name, request, response));
    match random.below(10) {
        0..3 => {
            balancer.groups.clone_from(&groups);
            elb(
                "SetSecurityGroups",
                json!({"loadBalancerArn": BALANCER, "securityGroups": groups}),
                json!({"securityGroupIds": groups}),
            )
        }
        3..6 if !runs.is_empty() => {
            let id = random.pick(&runs).clone();
            let port = *random.pick(&[TARGET_PORT, TARGET_PORT, 443]);
            if balancer.targets.contains(&(id.clone(), port)) {
                return None;
            }
            let target = if port == TARGET_PORT && random.chance(50) {
                json!({"id": id})
            } else {
                json!({"id": id, "port": port})
            };
            balancer.targets.push((id, port));
            elb("RegisterTargets", json!({"targetGroupArn": GROUP_ARN, "targets": [target]}), Value::Null)
        }
        6 | 7 => {
            if balancer.targets.is_empty() {
                return None;
            }
            let (id, port) = balancer.targets.remove(random.below(balancer.targets.len()));
            elb(
                "DeregisterTargets",
                json!({"targetGroupArn": GROUP_ARN, "targets": [{"id": id, "port": port}]}),
                Value::Null,
            )
        }
        8 if balancer.listeners.len() < 3 => {
            let port = *random.pick(&[80, 8443, 9000]);
            if balancer.listeners.iter().any(|(_, own)| *own == port) {
                return None;
            }
            balancer.listeners.push((made.clone(), port));
            let request = json!({"loadBalancerArn": BALANCER, "protocol": "TCP", "port": port, "defaultActions": [{"type": "forward", "targetGroupArn": GROUP_ARN}]});
            elb("CreateListener", request, json!({"listeners": [lowered(&listener(&made, port))]}))
        }
        8 => {
            let (id, port) = balancer.listeners.first_mut()?;
            *port = if *port == 80 { 8080 } else { 80 };
            let told = json!({"listeners": [lowered(&listener(id, *port))]});
            elb("ModifyListener", json!({"listenerArn": listener_arn(id), "port": *port}), told)
        }
        _ => {
            if balancer.listeners.len() < 2 {
                return None;
            }
            let (gone, _) = balancer.listeners.remove(random.below(balancer.listeners.len()));
            elb("DeleteListener", json!({"listenerArn": listener_arn(&gone)}), Value::Null)
        }
    }
}

/// A database as `describe-db-instances` prints it.
pub(super) fn database(world: &World, one: &Database) -> Value {
    let subnets = world.subnets.iter();
    let subnets = subnets.map(|one| json!({"SubnetIdentifier": one.id, "SubnetAvailabilityZone": {"Name": format!("{REGION}a")}, "SubnetStatus": "Active"}));
    json!({"DBInstanceIdentifier": one.name, "DBInstanceArn": format!("arn:aws:rds:{REGION}:{OWNER}:db:{}", one.name), "Engine": "mysql",
        "DBInstanceStatus": "available", "PubliclyAccessible": one.is_public, "NetworkType": "IPV4", "MultiAZ": false, "DBSecurityGroups": [],
        "Endpoint": {"Address": format!("{}.x.{REGION}.rds.amazonaws.com", one.name), "Port": 3306}, "AvailabilityZone": format!("{REGION}a"),
        "VpcSecurityGroups": one.groups.iter().map(|id| json!({"VpcSecurityGroupId": id, "Status": "active"})).collect::<Vec<_>>(),
        "DBSubnetGroup": {"DBSubnetGroupName": "all", "VpcId": VPC, "Subnets": subnets.collect::<Vec<_>>()}})
}

pub(super) fn databases(world: &mut World, random: &mut Random) -> Option<Call> {
    let groups = some_groups(world, random);
    let made = world.id("db");
    let rds = |name, request, response| Some(call("rds", name, request, response));
    if world.databases.len() < 3 && random.chance(20) {
        let is_public = random.chance(50);
        let new = Database { name: made.clone(), is_public, groups: groups.clone() };
        let mut told = database(world, &new);
        told["DBInstanceStatus"] = json!("creating");
        // There is none before it is made.
        told.as_object_mut()?.remove("Endpoint");
        world.databases.push(new);
        let request = json!({"dBInstanceIdentifier": made, "engine": "mysql", "publiclyAccessible": is_public, "vpcSecurityGroupIds": groups});
        return rds("CreateDBInstance", request, small(&told));
    }
    let place = random.below(world.databases.len().max(1));
    let before = world.databases.get(place)?.clone();
    let told = small(&database(world, &before));
    if random.chance(8) {
        world.databases.remove(place);
        return rds(
            "DeleteDBInstance",
            json!({"dBInstanceIdentifier": before.name, "skipFinalSnapshot": true}),
            told,
        );
    }
    let own = world.databases.get_mut(place)?;
    let mut request = json!({"dBInstanceIdentifier": own.name, "applyImmediately": random.chance(50)});
    if random.chance(60) {
        own.is_public = !own.is_public;
        request["publiclyAccessible"] = json!(own.is_public);
    } else {
        own.groups.clone_from(&groups);
        request["vpcSecurityGroupIds"] = json!(groups);
    }
    rds("ModifyDBInstance", request, told)
}

/// RDS writes `dBInstance…`, and `vpcSecurityGroups`.
fn small(told: &Value) -> Value {
    lowered(told)
}

/// A cluster as `describe-cluster` prints it.
pub(super) fn cluster(one: &Cluster) -> Value {
    json!({"name": one.name, "arn": format!("arn:aws:eks:{REGION}:{OWNER}:cluster/{}", one.name), "status": "ACTIVE",
        "kubernetesNetworkConfig": {"ipFamily": "ipv4"}, "resourcesVpcConfig": {"subnetIds": [], "vpcId": VPC,
        "endpointPublicAccess": one.is_public, "endpointPrivateAccess": true, "publicAccessCidrs": one.cidrs}})
}

pub(super) fn clusters(world: &mut World, random: &mut Random) -> Option<Call> {
    let made = world.id("k");
    let lists: [&[&str]; 4] =
        [&["0.0.0.0/0"], &["0.0.0.0/1"], &["0.0.0.0/1", "128.0.0.0/1"], &["198.51.100.0/24"]];
    let cidrs: Vec<String> = random.pick(&lists).iter().map(|cidr| (*cidr).to_owned()).collect();
    let eks = |name, request, response| Some(call("eks", name, request, response));
    if world.clusters.len() < 2 && random.chance(25) {
        let new = Cluster { name: made.clone(), is_public: random.chance(70), cidrs };
        let mut told = cluster(&new);
        told["status"] = json!("CREATING");
        let request = json!({"name": made, "resourcesVpcConfig": told["resourcesVpcConfig"]});
        world.clusters.push(new);
        return eks("CreateCluster", request, json!({"cluster": told}));
    }
    let place = random.below(world.clusters.len().max(1));
    let own = world.clusters.get_mut(place)?;
    if random.chance(8) {
        let gone = world.clusters.remove(place);
        return eks("DeleteCluster", json!({"name": gone.name}), json!({"cluster": cluster(&gone)}));
    }
    let mut asked = json!({});
    if random.chance(50) {
        own.is_public = !own.is_public;
        asked["endpointPublicAccess"] = json!(own.is_public);
    } else {
        own.cidrs.clone_from(&cidrs);
        asked["publicAccessCidrs"] = json!(cidrs);
    }
    let told =
        json!({"update": {"id": "u", "status": "InProgress", "type": "EndpointAccessUpdate", "params": []}});
    eks("UpdateClusterConfig", json!({"name": own.name, "resourcesVpcConfig": asked}), told)
}

pub(super) fn access(world: &mut World, random: &mut Random) -> Option<Call> {
    let mode = *random.pick(&["allow-bidirectional", "allow-egress"]);
    match random.below(6) {
        0 | 1 => {
            world.mode = *random.pick(&["off", "off", "block-ingress", "block-bidirectional"]);
            let request = json!({"InternetGatewayBlockMode": world.mode});
            let told = json!({"vpcBlockPublicAccessOptions": {"awsAccountId": OWNER, "awsRegion": REGION, "internetGatewayBlockMode": world.mode, "state": "update-in-progress", "managedBy": "account", "exclusionsAllowed": "allowed"}});
            Some(wrapped("ModifyVpcBlockPublicAccessOptions", request, told))
        }
        2 | 3 if world.exclusions.len() < 3 => {
            let subnet = random.pick(&world.subnets).id.clone();
            let (key, id) = *random.pick(&[("VpcId", VPC), ("SubnetId", subnet.as_str())]);
            let place = format!("{}/{id}", if key == "VpcId" { "vpc" } else { "subnet" });
            if world.exclusions.iter().any(|one| one.place == place) {
                return None;
            }
            let made = world.id("vpcbpa-exclude");
            let told = json!({"vpcBlockPublicAccessExclusion": {"exclusionId": made, "internetGatewayExclusionMode": mode, "state": "create-in-progress",
                "resourceArn": format!("arn:aws:ec2:{REGION}:{OWNER}:{place}")}});
            let request = json!({key: id, "InternetGatewayExclusionMode": mode});
            world.exclusions.push(Exclusion { id: made, place, mode });
            Some(wrapped("CreateVpcBlockPublicAccessExclusion", request, told))
        }
        4 => {
            let place = random.below(world.exclusions.len().max(1));
            let own = world.exclusions.get_mut(place)?;
            own.mode = mode;
            Some(wrapped(
                "ModifyVpcBlockPublicAccessExclusion",
                json!({"ExclusionId": own.id, "InternetGatewayExclusionMode": mode}),
                json!({}),
            ))
        }
        _ => {
            let place = random.below(world.exclusions.len().max(1));
            if place >= world.exclusions.len() {
                return None;
            }
            let gone = world.exclusions.remove(place);
            Some(wrapped("DeleteVpcBlockPublicAccessExclusion", json!({"ExclusionId": gone.id}), json!({})))
        }
    }
}
