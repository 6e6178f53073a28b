//! Histories of accounts of AWS: operations on a small network, each with its record of CloudTrail.
//!
//! One network with gateways, tables, lists, groups, machines, a load balancer, databases and clusters; everything that
//! the log tells in several spellings is told in each. Knows only what EC2 and its neighbours do.

mod export;
mod machines;
mod networks;
mod services;
mod world;

use serde_json::{Map, Value, json};

use super::{ACTORS, Happening, History, clock};
use crate::random::{Random, mix};
use world::{
    Acl, Address, Attachment, Balancer, Cluster, Database, Entry, Gateway, Group, Instance, Interface, List,
    Route, Subnet, Table, World,
};

const OWNER: &str = "111122223333";
const REGION: &str = "eu-west-1";
const VPC: &str = "vpc-1";
const BALANCER: &str = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/front/aa01";
const GROUP_ARN: &str = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/front/cc01";

fn listener_arn(id: &str) -> String {
    format!("{}/{id}", BALANCER.replace(":loadbalancer/", ":listener/"))
}

/// One call, before anything is said of who made it.
struct Call {
    service: &'static str,
    name: &'static str,
    request: Value,
    response: Value,
}

fn call(service: &'static str, name: &'static str, request: Value, response: Value) -> Call {
    Call { service, name, request, response }
}

fn ec2(name: &'static str, request: Value, response: Value) -> Call {
    call("ec2", name, request, response)
}

/// A call of EC2 whose bodies stand in an object of their own.
fn wrapped(name: &'static str, request: Value, response: Value) -> Call {
    let within = |word: &str, body: Value| {
        let body: Map<String, Value> = [(format!("{name}{word}"), body)].into_iter().collect();
        Value::Object(body)
    };
    ec2(name, within("Request", request), within("Response", response))
}

/// A list of EC2: an empty one is an empty object.
fn items(list: Vec<Value>) -> Value {
    if list.is_empty() { json!({}) } else { json!({"items": list}) }
}

/// What became of a call that is not done.
const ERRORS: [&str; 4] = [
    "Client.UnauthorizedOperation",
    "Client.DryRunOperation",
    "Client.InvalidParameterValue",
    "Server.InternalError",
];

/// The history of a seed: so many events, failed and refused ones among them. `is_watched`: the account is exported
/// after each.
#[must_use]
pub fn history(seed: u64, events: usize, is_watched: bool) -> History {
    let mut random = Random::new(mix(seed ^ 0xa05));
    let mut world = begin(&mut random);
    let before = export::export(&world);
    let mut all = Vec::with_capacity(events);
    let (mut now, mut kinds) = (60_u64, Vec::new());
    while all.len() < events {
        let mut then = world.clone();
        let Some((kind, call)) = operation(&mut then, &mut random) else { continue };
        let error = random.chance(12).then(|| *random.pick(&ERRORS));
        // What is of different kinds and about nothing in common may happen in one second.
        let is_same_moment = ["groups", "acls", "databases", "clusters"].contains(&kind)
            && !kinds.contains(&kind)
            && random.chance(30);
        if !is_same_moment {
            now += 1 + random.below(400) as u64;
            kinds.clear();
        }
        kinds.push(kind);
        if !["groups", "acls", "databases", "clusters"].contains(&kind) {
            kinds.extend(["groups", "acls", "databases", "clusters"]);
        }
        let record = record(&call, &format!("e-{seed}-{}", all.len()), now, error, &mut random);
        if error.is_none() {
            world = then;
        } else {
            world.made = then.made;
        }
        let after = is_watched.then(|| export::export(&world));
        all.push(Happening { records: vec![record], at: clock(now), after });
    }
    History { name: format!("aws {seed}"), before, events: all, after: export::export(&world) }
}

fn operation(world: &mut World, random: &mut Random) -> Option<(&'static str, Call)> {
    let (kind, call) = match random.below(100) {
        0..30 => ("groups", networks::groups(world, random)),
        30..38 => ("lists", networks::lists(world, random)),
        38..50 => ("acls", networks::acls(world, random)),
        50..60 => ("routes", networks::routes(world, random)),
        60..70 => ("interfaces", machines::interfaces(world, random)),
        70..78 => ("instances", machines::instances(world, random)),
        78..86 => ("addresses", machines::addresses(world, random)),
        86..91 => ("balancers", services::balancers(world, random)),
        91..95 => ("databases", services::databases(world, random)),
        95..98 => ("clusters", services::clusters(world, random)),
        _ => ("access", services::access(world, random)),
    };
    Some((kind, call?))
}

fn record(call: &Call, id: &str, now: u64, error: Option<&str>, random: &mut Random) -> Value {
    let who = *random.pick(&ACTORS);
    let identity = if random.chance(30) {
        json!({"type": "AssumedRole", "principalId": format!("AROA:{who}"), "arn": format!("arn:aws:sts::{OWNER}:assumed-role/admin/{who}"), "accountId": OWNER,
            "sessionContext": {"sessionIssuer": {"type": "Role", "arn": format!("arn:aws:iam::{OWNER}:role/admin"), "userName": "admin"}}})
    } else {
        json!({"type": "IAMUser", "arn": format!("arn:aws:iam::{OWNER}:user/{who}"), "accountId": OWNER, "userName": who})
    };
    let mut record = json!({"eventVersion": "1.09", "userIdentity": identity, "eventTime": clock(now), "eventSource": format!("{}.amazonaws.com", call.service),
        "eventName": call.name, "awsRegion": REGION, "sourceIPAddress": "198.51.100.7", "userAgent": "aws-cli/2.15", "requestParameters": call.request,
        "responseElements": call.response, "requestID": format!("r-{id}"), "eventID": id, "readOnly": false, "eventType": "AwsApiCall",
        "managementEvent": true, "recipientAccountId": OWNER, "eventCategory": "Management"});
    if let Some(error) = error {
        record["errorCode"] = json!(error);
        record["errorMessage"] = json!("no");
        record["responseElements"] = Value::Null;
    }
    record
}

/// A small account with something of everything.
#[expect(clippy::too_many_lines, reason = "one operation after the other, nothing shared")]
fn begin(random: &mut Random) -> World {
    let text = str::to_owned;
    let mut world = World {
        lists_rules: random.chance(50),
        groups: Vec::new(),
        lists: vec![List {
            id: text("pl-office"),
            is_v6: false,
            version: 4,
            versions: vec![(4, vec![text("198.51.100.0/24")])],
            entries: vec![text("198.51.100.0/24")],
        }],
        acls: vec![acl("acl-1", true), acl("acl-2", false)],
        tables: vec![
            Table {
                id: text("rtb-1"),
                main: Some(text("rtbassoc-1")),
                routes: vec![
                    Route { to: text("0.0.0.0/0"), by: text("igw-1") },
                    Route { to: text("::/0"), by: text("igw-1") },
                ],
            },
            Table {
                id: text("rtb-2"),
                main: None,
                routes: vec![Route { to: text("0.0.0.0/0"), by: text("nat-1") }],
            },
        ],
        gateways: vec![Gateway { id: text("igw-1"), is_attached: true }],
        subnets: (0..3).map(subnet).collect(),
        interfaces: Vec::new(),
        instances: Vec::new(),
        addresses: (0..2)
            .map(|number| Address {
                id: format!("eipalloc-{number}"),
                public: format!("3.255.0.{number}"),
                leads: None,
            })
            .collect(),
        balancer: None,
        databases: vec![Database { name: text("shop"), is_public: true, groups: vec![text("sg-0")] }],
        clusters: vec![Cluster { name: text("k0"), is_public: true, cidrs: vec![text("198.51.100.0/24")] }],
        mode: "off",
        exclusions: Vec::new(),
        made: 0,
    };
    world.groups = (0..4).map(|number| Group { id: format!("sg-{number}"), rules: Vec::new() }).collect();
    for place in 0..4 {
        for _ in 0..random.below(4) {
            let rule = networks::rule(&mut world, random);
            let is_told = world.lists_rules;
            if !world.groups[place].rules.iter().any(|own| own.says(&rule)) {
                world.groups[place].rules.push(world::Rule { is_told, ..rule });
            }
        }
    }
    for number in 0..3_usize {
        let (id, subnet) = (format!("i-{number}"), format!("subnet-{}", number % 3));
        let attachment =
            Some(Attachment { id: format!("eni-attach-{number}"), instance: id.clone(), device: 0 });
        world.instances.push(Instance { id, runs: true });
        let private = world.private(&subnet);
        let automatic = (number > 0).then(|| world.public());
        let wants = automatic.is_some();
        let groups = machines::some_groups(&world, random);
        world.interfaces.push(Interface {
            id: format!("eni-{number}"),
            subnet,
            groups,
            private,
            v6: Vec::new(),
            attachment,
            automatic,
            wants,
        });
    }
    world.balancer = Some(Balancer {
        groups: vec!["sg-1".to_owned()],
        subnet: "subnet-0".to_owned(),
        listeners: vec![("l1".to_owned(), 80)],
        targets: vec![("i-0".to_owned(), 22)],
    });
    world
}

fn subnet(number: usize) -> Subnet {
    let acl = if number == 2 { "acl-2" } else { "acl-1" };
    let table = (number == 1).then(|| ("rtb-1".to_owned(), "rtbassoc-2".to_owned()));
    Subnet {
        id: format!("subnet-{number}"),
        number,
        maps: number == 0,
        acl: (acl.to_owned(), format!("aclassoc-{number}")),
        table,
    }
}

fn acl(id: &str, is_default: bool) -> Acl {
    let both = [false, true].into_iter().flat_map(|egress| {
        [(100, "0.0.0.0/0"), (101, "::/0")].map(|(number, cidr)| Entry {
            number,
            egress,
            allows: true,
            protocol: "-1",
            cidr: cidr.to_owned(),
            ports: None,
        })
    });
    Acl { id: id.to_owned(), is_default, entries: both.collect() }
}
