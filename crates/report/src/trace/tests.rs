//! What is told of a packet, line by line.

use std::sync::Arc;

use engine::{Aim, Sent, send};
use model::{Action, Carries, Destinations, Filter, Front, Hop, Path, Reach, Snapshot, Target};
use packet::{PortSet, Prefix, Protocol, ProtocolSet};
use serde_json::Value;

use super::*;
use crate::sample::{RULE_AT, estate, list, rule, target};

/// A machine behind a load balancer that leads 50001 to its 3389, and one that nothing leads to.
fn snapshot() -> Snapshot {
    let allow = model::Rule { provenance: Some(RULE_AT), ..rule("allow-rdp", 100, &["8.8.8.0/24"]) };
    let stage = |list| Filter::Chain(vec![Filter::FirstMatch(list), Filter::Always(Action::Deny)]);
    let filter = Arc::new(Filter::AllOf(vec![
        stage(list("nsg-subnet", vec![rule("all", 200, &["0.0.0.0/0"])])),
        stage(list("nsg-web", vec![allow])),
    ]));
    let hop = Hop {
        kind: "load-balancer",
        id: "/lbs/lb".into(),
        name: "lb".into(),
        rule: Some("rdp-nat".into()),
        provenance: None,
    };
    let own: Prefix = "10.0.0.4".parse().unwrap();
    let translated = Path {
        reach: Reach::Exposed,
        front: Some(Front { id: "/ips/pip-lb".into(), address: "20.50.1.20".parse().ok() }),
        destinations: Destinations::These(Arc::new([own].into_iter().collect())),
        carries: Carries::Translated {
            protocols: ProtocolSet::only(Protocol::TCP),
            from: Arc::new(PortSet::only(50_001)),
            to: 3389,
        },
        hops: vec![hop],
        filter,
    };
    let latent =
        Path { reach: Reach::Latent, front: None, carries: Carries::Everything, ..translated.clone() };
    let targets = [("vm-alone-nic", vec![latent]), ("vm-web-nic", vec![translated])];
    Snapshot {
        cloud: "azure",
        internet: Arc::new(model::Internet::less(&packet::AddressSet::empty(), model::Thresholds::STANDARD)),
        inside: None,
        protocols: [1, 6, 17].into_iter().map(Protocol).collect(),
        rentable: Vec::new(),
        targets: targets.map(|(name, paths)| Arc::new(Target { paths, ..target(name) })).into(),
        lists: Vec::new(),
        gaps: Vec::new(),
        coverage: Default::default(),
        missing: Vec::new(),
    }
}

fn told(format: &str, source: &str, aim: Aim, target: usize) -> String {
    let snapshot = snapshot();
    let sent = Sent { protocol: Protocol::TCP, source: source.parse().unwrap(), source_port: None, aim };
    let answer = send(&snapshot, &[&snapshot.targets[target]], &sent);
    let is_internet = snapshot.internet.addresses().contains(sent.source);
    let places = estate().places;
    tell(format, &answer, &sent, is_internet, &places)
}

fn tell(
    format: &str,
    answer: &engine::Answer<'_>,
    sent: &Sent,
    is_internet: bool,
    places: &crate::Places,
) -> String {
    let unread = ["`nics.json`: the text ends early".to_owned()];
    let unread: &[String] = if answer.reason == Reason::Unread { &unread } else { &[] };
    let missing = &["load balancers are not in the input".to_owned()];
    let tried = Tried { sent, to: "vm", is_internet, answer, gaps: 1, unread, missing, places };
    let mut out = Vec::new();
    let format = TEST_FORMATS.iter().find(|known| known.name == format).unwrap();
    (format.write)(&tried, &Style::PLAIN, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn front(port: u16) -> Aim {
    Aim::Front("20.50.1.20".parse().unwrap(), port)
}

#[test]
fn a_packet_that_gets_in_is_told_rung_by_rung() {
    let expected = "\
ALLOW     tcp 8.8.8.8:50000 -> 20.50.1.20:50001   vm-web-nic
          every filter on the way lets it in

          front      pip-lb  20.50.1.20:50001
          translate  lb / rdp-nat  to port 3389
          filter     nsg-subnet  allow      all (200)
          filter     nsg-web     allow      allow-rdp (100)   nsgs.json:14
          deliver    vm-web-nic  10.0.0.4:3389

1 gap: part of the input was not understood; `wideopen scan` on the same input tells it
scope: inbound from the Internet; not egress, not between machines, not from on-premises
";
    assert_eq!(told("table", "8.8.8.8", front(50_001), 1), expected);
    assert_eq!(told("table", "8.8.8.8", Aim::Port(3389), 1), expected);
}

#[test]
fn a_packet_that_stays_out_is_told_with_what_keeps_it_out() {
    let text = told("table", "9.9.9.9", front(50_001), 1);
    assert!(text.contains("\n          kept out by nsg-web: no rule of it matches\n"), "{text}");
    assert!(text.contains("nsg-web     deny       no rule matches\n"), "{text}");
    let text = told("table", "8.8.8.8", front(3389), 1);
    assert!(text.starts_with("DENY      tcp 8.8.8.8 -> 20.50.1.20:3389\n"), "{text}");
    assert!(text.contains("no way that leads there carries such packets to that port"), "{text}");
    let text = told("table", "8.8.8.8", Aim::Port(22), 0);
    assert!(text.contains("no path: its filters would let it in"), "{text}");
    let text = told("table", "10.0.0.9", Aim::Port(3389), 1);
    assert!(text.contains("10.0.0.9 is no Internet address"), "{text}");
}

/// Never closed on what was not read: the denial of a known way says nothing of one that is not known.
#[test]
fn what_is_kept_out_is_undecided_where_part_was_not_read() {
    let snapshot = snapshot();
    let ask = |source: &str, protocol, target: usize| {
        let (source, aim) = (source.parse().unwrap(), Aim::Port(3389));
        let sent = Sent { protocol, source, source_port: None, aim };
        let answer = send(&snapshot, &[&snapshot.targets[target]], &sent).in_unread();
        tell("table", &answer, &sent, true, &estate().places)
    };
    let told = ask("9.9.9.9", Protocol::TCP, 1);
    assert!(told.starts_with("UNDECIDED tcp 9.9.9.9:50000 -> 20.50.1.20:50001"), "{told}");
    let why = "kept out by nsg-web: no rule of it matches, as far as the input was read; what was not may hold another";
    assert!(told.contains(why), "{told}");
    assert!(told.contains("\nnot read: `nics.json`: the text ends early\n"), "{told}");
    assert!(told.contains("\nload balancers are not in the input\n"), "{told}");
    let told = ask("8.8.8.8", Protocol::TCP, 0);
    assert!(told.contains("\n          no path, as far as the input was read"), "{told}");
    // A cloud that carries no such packets carries none by another way either.
    assert!(ask("8.8.8.8", Protocol(47), 1).starts_with("DENY "));
    assert!(ask("8.8.8.8", Protocol::TCP, 1).starts_with("ALLOW "));
}

#[test]
fn documents_are_what_the_schema_says() {
    let schema: Value = serde_json::from_str(TEST_SCHEMA).unwrap();
    assert!(jsonschema::draft202012::meta::is_valid(&schema));
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for (source, aim, target, verdict, reason) in [
        ("8.8.8.8", front(50_001), 1, "allow", "filters"),
        ("9.9.9.9", front(50_001), 1, "deny", "filters"),
        ("8.8.8.8", front(22), 1, "deny", "not-carried"),
        ("2600::1", Aim::Port(3389), 1, "deny", "no-family"),
        ("8.8.8.8", Aim::Port(22), 0, "deny", "no-path"),
    ] {
        let document: Value = serde_json::from_str(&told("json", source, aim, target)).unwrap();
        let errors: Vec<_> =
            validator.iter_errors(&document).map(|e| format!("{} {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        assert_eq!([&document["verdict"], &document["reason"]], [verdict, reason]);
    }
    let snapshot = snapshot();
    let source = "9.9.9.9".parse().unwrap();
    let sent = Sent { protocol: Protocol::TCP, source, source_port: None, aim: front(50_001) };
    let answer = send(&snapshot, &[&snapshot.targets[1]], &sent).in_unread();
    let unread = tell("json", &answer, &sent, true, &estate().places);
    let unread: Value = serde_json::from_str(&unread).unwrap();
    assert!(validator.is_valid(&unread), "{unread}");
    assert_eq!([&unread["verdict"], &unread["reason"]], ["undecided", "unread"]);
    let document: Value = serde_json::from_str(&told("json", "8.8.8.8", front(50_001), 1)).unwrap();
    assert_eq!(document["packet"]["front"], "20.50.1.20:50001");
    assert_eq!(document["packet"]["target_port"], 3389);
    let rules: Vec<&Value> =
        document["layers"].as_array().unwrap().iter().map(|layer| &layer["rule"]).collect();
    assert_eq!(rules, ["all", "allow-rdp"]);
    let hops: Vec<&Value> =
        document["ways"][0]["path"].as_array().unwrap().iter().map(|hop| &hop["hop"]).collect();
    assert_eq!(hops, ["front", "translate", "filter", "filter", "deliver"]);
}
