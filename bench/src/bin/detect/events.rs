//! One event: how long until the openings are up to date. Fifty rules, five targets, of each cloud.
//!
//! Events follow each other, a second apart: a rule opens a port to everybody, the next one closes it. AWS hears whole
//! records; of the others an event is made as their trails make it, and hearing it is not counted.

use std::sync::Arc;
use std::time::Duration;

use bench::clock::{cpu_now, micros, quantile};
use cloud::audit::{Act, Actor, Bears, Edit, Element, Event, Heard, Nature, Outcome, Spot};
use cloud::json::{Node, Tree, tree_in};
use cloud::{Document, Inventory};
use model::{DocumentId, Moment, Name, Provenance, Thresholds};
use replay::{Expectations, Replay};

use crate::estate;
use crate::memory::over;

const EVENTS: usize = 10_000;
const EDITS: usize = 50;
const FIRST: Moment = Moment(1_767_225_600_000);

/// All clouds and the large estates, or only what is named: `aws`, `azure`, `gcp`, `large`.
pub(crate) fn run(only: Option<&str>) {
    let is_asked = |name: &str| only.is_none_or(|only| only == name);
    println!("one event to updated openings, 50 rules, 5 targets; CPU µs of {EVENTS} events");
    println!(
        "{:<10}{:>22}{:>22}{:>22}{:>12}",
        "cloud", "hear: median, p99", "apply, lower", "history, replay", "all: median"
    );
    if is_asked("aws") {
        one("aws", over(&aws::CLOUD, &[estate::aws(1, 50, 5)]), &aws_text, None);
    }
    if is_asked("azure") {
        let event = |number: usize, _: &str| azure_event(number);
        one("azure", over(&azure::CLOUD, &estate::azure()), &|_| String::new(), Some(&event));
    }
    if is_asked("gcp") {
        let event = |number: usize, _: &str| gcp_event(number);
        one("gcp", over(&gcp::CLOUD, &[estate::gcp(50, 5)]), &|_| String::new(), Some(&event));
    }
    if is_asked("large") {
        large();
    }
}

/// Edits in an estate of a thousand groups and five thousand interfaces or instances.
fn large() {
    println!("one edit to lowered targets, CPU µs of {EDITS} edits");
    println!("{:<40}{:>9}{:>10}{:>10}", "edit", "touched", "median", "p99");
    let mut inventory = known(&aws::CLOUD, &[estate::aws(1000, 8, 5000)]);
    let group = |number: usize| {
        let heard = heard(&aws::CLOUD, &aws_text(number));
        heard.events.iter().flat_map(|event| edits(event).to_vec()).collect()
    };
    large_one("aws: a rule of a group", &mut *inventory, &group);
    let interface = |number: usize| {
        let groups = Tree::List(vec![Tree::Object(object(&format!(
            r#"{{"GroupId":"sg-{:017x}"}}"#,
            number * 7 % 1000
        )))]);
        let act = Act::Set { at: Spot::of(&["Groups"]), value: groups };
        vec![edit("network-interface", &format!("eni-{:017x}", number * 3 % 5000), act)]
    };
    large_one("aws: the group of an interface", &mut *inventory, &interface);
    let gone = |number: usize| vec![edit("network-interface", &format!("eni-{number:017x}"), Act::Drop)];
    large_one("aws: an interface goes", &mut *inventory, &gone);
    let mut inventory = known(&gcp::CLOUD, &[estate::gcp(1000, 5000)]);
    large_one("gcp: a rule of the network", &mut *inventory, &|number| edits(&gcp_event(number)).to_vec());
    let gone = |number: usize| {
        vec![edit("instance", &format!("projects/p/zones/z/instances/vm-{number}"), Act::Drop)]
    };
    large_one("gcp: an instance goes", &mut *inventory, &gone);
}

fn large_one(what: &str, inventory: &mut dyn Inventory, make: &dyn Fn(usize) -> Vec<Edit>) {
    let place = Provenance { document: DocumentId(9), offset: 0 };
    let mut touched = 0;
    let mut times = Vec::new();
    for number in 0..EDITS {
        let edits = make(number);
        let start = cpu_now();
        let mut keys: Vec<Name> =
            edits.iter().flat_map(|edit| inventory.apply(edit, place).touched).collect();
        keys.dedup();
        touched += keys.len();
        std::hint::black_box(inventory.lower(&keys));
        times.push(cpu_now() - start);
    }
    let at = |share| micros(quantile(times.clone(), share));
    println!("{what:<40}{:>9.1}{:>10.1}{:>10.1}", touched as f64 / EDITS as f64, at(0.5), at(0.99));
}

fn heard(cloud: &'static cloud::Cloud, text: &str) -> Heard {
    (cloud.trail.hear)(&Element { at: Provenance { document: DocumentId(9), offset: 0 }, text })
}

type Make<'m> = &'m dyn Fn(usize, &str) -> Event;

fn one(name: &str, mut replay: Replay, text: &dyn Fn(usize) -> String, make: Option<Make<'_>>) {
    let cloud = replay.cloud();
    let mut alone = over_again(name);
    let [mut hearing, mut applying, mut replaying, mut all] = [const { Vec::<Duration>::new() }; 4];
    for number in 0..EVENTS {
        let text = text(number);
        let at = Provenance { document: DocumentId(9), offset: number as u64 };
        let element = Element { at, text: &text };
        let start = cpu_now();
        let heard = match make {
            None => (cloud.trail.hear)(&element),
            Some(make) => {
                let events = vec![make(number, &text)];
                Heard { format: Some(cloud.name), records: 1, events, gaps: Vec::new() }
            }
        };
        let after = cpu_now();
        let edits: Vec<Edit> = heard.events.iter().flat_map(|event| edits(event).to_vec()).collect();
        assert!(!edits.is_empty(), "{text}");
        let apart = cpu_now();
        for edit in &edits {
            let applied = alone.apply(edit, at);
            // In Google Cloud the network is one too.
            assert!(applied.touched.len() >= 5, "{edit:?}");
            std::hint::black_box(alone.lower(&applied.touched));
        }
        let applied = cpu_now();
        replay.history.take(heard, &element, 1);
        replay.advance().expect("the engine agrees with itself");
        let end = cpu_now();
        hearing.push(after - start);
        applying.push(applied - apart);
        replaying.push(end - applied);
        all.push(end - applied + if make.is_none() { after - start } else { Duration::ZERO });
    }
    let at = |times: &Vec<Duration>| {
        let [median, high] = [0.5, 0.99].map(|share| micros(quantile(times.clone(), share)));
        format!("{median:.1}, {high:.1}")
    };
    println!(
        "{name:<10}{:>22}{:>22}{:>22}{:>12.1}",
        if make.is_none() { at(&hearing) } else { "not counted".to_owned() },
        at(&applying),
        at(&replaying),
        micros(quantile(all, 0.5))
    );
    let start = cpu_now();
    let openings =
        replay.told(&Expectations::default()).expect("the engine agrees with itself").openings.len();
    println!("          {openings} openings, told in {:.1} ms", micros(cpu_now() - start) / 1e3);
}

/// The same inventory once more.
fn over_again(name: &str) -> Box<dyn Inventory> {
    let (cloud, exports): (&'static cloud::Cloud, Vec<String>) = match name {
        "aws" => (&aws::CLOUD, vec![estate::aws(1, 50, 5)]),
        "azure" => (&azure::CLOUD, estate::azure().to_vec()),
        _ => (&gcp::CLOUD, vec![estate::gcp(50, 5)]),
    };
    known(cloud, &exports)
}

fn known(cloud: &'static cloud::Cloud, exports: &[String]) -> Box<dyn Inventory> {
    let mut inventory = (cloud.inventory)();
    inventory.remember();
    for (number, text) in exports.iter().enumerate() {
        inventory.read(&Document { id: DocumentId(number as u32), path: "export.json", text });
    }
    let targets = inventory.snapshot(Thresholds::STANDARD).targets.len();
    assert!(targets >= 5, "{}: {targets} targets", cloud.name);
    inventory
}

fn edits(event: &Event) -> &[Edit] {
    match &event.bears {
        Bears::Edits(edits) => edits,
        _ => &[],
    }
}

/// A record that authorizes or revokes, as CloudTrail spells it.
fn aws_text(number: usize) -> String {
    let at = Moment(FIRST.0 + 1000 * number as i64);
    let port = 2000 + number / 2 % 100;
    let group = format!("sg-{:017x}", 0);
    let item = format!(
        r#"{{"ipProtocol":"tcp","fromPort":{port},"toPort":{port},"groups":{{}},"ipRanges":{{"items":[{{"cidrIp":"0.0.0.0/0"}}]}},"ipv6Ranges":{{}},"prefixListIds":{{}}}}"#
    );
    let (name, response) = match number.is_multiple_of(2) {
        true => (
            "AuthorizeSecurityGroupIngress",
            format!(
                r#"{{"_return":true,"securityGroupRuleSet":{{"items":[{{"groupOwnerId":"111122223333","groupId":"{group}","securityGroupRuleId":"sgr-{number}","isEgress":false,"ipProtocol":"tcp","fromPort":{port},"toPort":{port},"cidrIpv4":"0.0.0.0/0"}}]}}}}"#
            ),
        ),
        false => ("RevokeSecurityGroupIngress", r#"{"_return":true}"#.to_owned()),
    };
    format!(
        r#"{{"eventVersion":"1.09","userIdentity":{{"type":"IAMUser","principalId":"AIDA1","arn":"arn:aws:iam::111122223333:user/alice","accountId":"111122223333","userName":"alice"}},"eventTime":"{at}","eventSource":"ec2.amazonaws.com","eventName":"{name}","awsRegion":"eu-central-1","sourceIPAddress":"198.51.100.7","userAgent":"aws-cli/2.17.0","requestParameters":{{"groupId":"{group}","ipPermissions":{{"items":[{item}]}}}},"responseElements":{response},"requestID":"r-{number}","eventID":"e-{number}","readOnly":false,"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management"}}"#
    )
}

fn object(text: &str) -> Node<'static> {
    match tree_in(text).map(|tree| tree.to_owned_tree()) {
        Some(Tree::Object(node)) => node,
        _ => panic!("`{text}` is no object"),
    }
}

fn event(number: usize, edit: Edit, operation: &str) -> Event {
    Event {
        id: format!("e-{number:06}").into(),
        at: Some(Moment(FIRST.0 + 1000 * number as i64)),
        scope: None,
        actor: Actor { name: "alice".into(), address: None, client: None },
        operation: operation.into(),
        edited: Arc::clone(&edit.id),
        outcome: Outcome::Done,
        joined_by: None,
        bears: Bears::Edits(vec![edit]),
        before: Vec::new(),
        place: Provenance { document: DocumentId(9), offset: number as u64 },
    }
}

fn edit(kind: &str, id: &str, act: Act) -> Edit {
    let id: Name = id.into();
    Edit { kind: kind.into(), id, scope: None, region: None, nature: Nature::Rule, act }
}

fn azure_event(number: usize) -> Event {
    let source = if number.is_multiple_of(2) { "Internet" } else { "10.0.0.0/8" };
    let item = object(&estate::azure_rule("open", 100, source, 2000 + number / 2 % 100));
    let into = Spot::of(&["properties", "securityRules"]);
    let act = Act::Insert { into, items: vec![Tree::Object(item)], by: vec!["name".into()] };
    let group = estate::azure_id("networkSecurityGroups", "web");
    let operation = "Microsoft.Network/networkSecurityGroups/securityRules/write";
    event(number, edit("microsoft.network/networksecuritygroups", &group, act), operation)
}

fn gcp_event(number: usize) -> Event {
    let source = if number.is_multiple_of(2) { "0.0.0.0/0" } else { "10.0.0.0/8" };
    let act = Act::Put(object(&estate::gcp_rule("open", source, 2000 + number / 2 % 100)));
    let mut edit = edit("firewall-rule", "projects/p/global/firewalls/open", act);
    edit.scope = Some("p".into());
    event(number, edit, "v1.compute.firewalls.patch")
}
