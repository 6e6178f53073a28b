//! What rules take and what closes ports, read by hand; and against the plain loop.

use std::sync::Arc;

use engine::{Certainty, Closer, Matrix, Verdict, matrix, trace};
use model::{Action, Carries, Filter, Path, Rule, Snapshot, Tag};
use packet::{Bounds, Family, Packet, PortSet, Protocol, ProtocolSet};

use crate::fixture::{addresses, ports, rule, snapshot};

fn of(rules: Vec<Rule>) -> (Snapshot, Matrix) {
    let snapshot = snapshot(rules);
    let found = matrix(&snapshot, path(&snapshot), Family::V4);
    assert!(found.is_whole);
    (snapshot, found)
}

fn path(snapshot: &Snapshot) -> &Path {
    &snapshot.targets[0].paths[0]
}

fn takes(matrix: &Matrix) -> Vec<String> {
    let mut lines = Vec::new();
    for row in &matrix.rows {
        let name = &row.list.rules[row.rule].name;
        if row.takes.is_empty() {
            lines.push(format!("{name} nothing"));
        }
        for taken in &row.takes {
            let protocols: Vec<String> = taken.protocols.iter().map(|it| it.to_string()).collect();
            let measure = taken.sources.ipv4.as_ref();
            let sources: Vec<String> = measure.map_or(Vec::new(), |measure| {
                measure.cidrs.prefixes.iter().map(ToString::to_string).collect()
            });
            let tags = taken.sources.tags.iter().map(ToString::to_string);
            let sources: Vec<String> = sources.into_iter().chain(tags).collect();
            let certainty = taken.certainty.word();
            lines.push(format!(
                "{name} {certainty} {} {} {}",
                protocols.join("+"),
                taken.ports,
                sources.join(",")
            ));
        }
    }
    lines
}

fn closed(matrix: &Matrix) -> Vec<String> {
    let by = |closer: &Closer| match closer {
        Closer::Rule { list, rule } => list.rules[*rule].name.to_string(),
        Closer::End { list } => format!("end of {}", list.name),
        Closer::Carries => "not carried".to_owned(),
        Closer::Always => "always".to_owned(),
    };
    let line = |closed: &engine::Closed| {
        let by: Vec<String> = closed.by.iter().map(by).collect();
        format!("{} {} by {}", closed.protocol, closed.ports, by.join("+"))
    };
    matrix.closed.iter().map(line).collect()
}

#[test]
fn a_rule_takes_what_is_left_to_it() {
    let (_, found) = of(vec![
        rule(100, Action::Deny, &["0.0.0.0/1"], &["3389"]),
        rule(200, Action::Allow, &["0.0.0.0/0"], &["3389", "22"]),
        rule(300, Action::Allow, &["8.8.8.0/24"], &["22"]),
        rule(400, Action::Deny, &["0.0.0.0/0"], &["0-65535"]),
    ]);
    assert_eq!(
        takes(&found),
        [
            "r100 proved tcp 3389 0.0.0.0/1",
            "r200 proved tcp 22 0.0.0.0/0",
            "r200 proved tcp 3389 128.0.0.0/1",
            "r300 nothing",
            "r400 proved tcp 0-21,23-3388,3390-65535 0.0.0.0/0",
        ]
    );
    assert_eq!(
        closed(&found),
        [
            "icmp  by end of nsg",
            "tcp 0-21,23-3388,3390-65535 by r400",
            "udp 0-65535 by end of nsg",
            "esp  by end of nsg",
            "ah  by end of nsg"
        ]
    );
}

#[test]
fn what_is_unknown_is_possible_and_a_pool_is_named() {
    let mut unsure = rule(100, Action::Deny, &["0.0.0.0/0"], &["22"]);
    unsure.matches.sources = Bounds { must: addresses(&["0.0.0.0/1"]), may: addresses(&["0.0.0.0/0"]) };
    let mut pool = rule(200, Action::Allow, &["0.0.0.0/0"], &["22"]);
    pool.matches.sources = Bounds { must: addresses(&[]), may: addresses(&["0.0.0.0/0"]) };
    pool.matches.tags = vec![Arc::new(Tag { name: "AzureCloud".into(), within: Vec::new() })];
    let mut all = rule(300, Action::Deny, &["0.0.0.0/0"], &["0-65535"]);
    all.matches.protocols = Bounds::exactly(ProtocolSet::EVERYTHING);
    let (_, found) = of(vec![unsure, pool, all]);
    assert_eq!(
        takes(&found),
        [
            "r100 proved tcp 22 0.0.0.0/1",
            "r100 possible tcp 22 128.0.0.0/1",
            "r200 proved tcp 22 AzureCloud",
            "r300 proved tcp 0-21,23-65535 0.0.0.0/0",
            "r300 proved icmp+udp+esp+ah 0-65535 0.0.0.0/0",
            "r300 proved tcp 22 128.0.0.0/1",
        ]
    );
}

#[test]
fn ports_that_a_way_does_not_carry_are_closed_by_it() {
    let mut snapshot = snapshot(vec![rule(100, Action::Allow, &["0.0.0.0/0"], &["20-25"])]);
    let mut path = snapshot.targets[0].paths[0].clone();
    path.carries = Carries::Only { protocols: ProtocolSet::only(Protocol::TCP), ports: ports(&["22-30"]) };
    let found = matrix(&snapshot, &path, Family::V4);
    assert_eq!(takes(&found), ["r100 proved tcp 22-25 0.0.0.0/0"]);
    assert_eq!(
        closed(&found),
        [
            "icmp  by not carried",
            "tcp 0-21,31-65535 by not carried",
            "tcp 26-30 by end of nsg",
            "udp 0-65535 by not carried",
            "esp  by not carried",
            "ah  by not carried"
        ]
    );
    path.filter = Arc::new(Filter::Always(Action::Deny));
    path.carries = Carries::Everything;
    snapshot.protocols = ProtocolSet::only(Protocol::TCP);
    assert_eq!(closed(&matrix(&snapshot, &path, Family::V4)), ["tcp 0-65535 by always"]);
}

/// A list that keeps everybody out is named alone, beside one that keeps some out.
#[test]
fn a_port_is_closed_by_the_list_that_closes_it() {
    let some = rule(100, Action::Deny, &["0.0.0.0/1"], &["22"]);
    let rest = rule(200, Action::Allow, &["0.0.0.0/0"], &["22"]);
    let base = snapshot(vec![some, rest]);
    let other = snapshot(vec![rule(300, Action::Deny, &["0.0.0.0/0"], &["22"])]);
    let mut path = path(&base).clone();
    let both = [&base, &other].map(|snapshot| Filter::clone(&snapshot.targets[0].paths[0].filter));
    path.filter = Arc::new(Filter::AllOf(both.to_vec()));
    let found = matrix(&base, &path, Family::V4);
    assert!(closed(&found).contains(&"tcp 22 by r300".to_owned()), "{:?}", closed(&found));
}

/// The matrix says of every packet what reading the rules says.
#[test]
fn every_packet_is_taken_by_the_rule_that_decides_it() {
    let rules = || {
        let halves = [["0.0.0.0/1"], ["128.0.0.0/1"], ["8.0.0.0/8"], ["0.0.0.0/0"]];
        (0..40_u32).map(move |number| {
            let action = if number % 3 == 0 { Action::Deny } else { Action::Allow };
            let port = format!("{}-{}", number * 7 % 50, number * 7 % 50 + number % 9);
            rule(number, action, &halves[number as usize * 5 % 4], &[&port])
        })
    };
    let (snapshot, found) = of(rules().collect());
    for source in ["8.8.8.8", "1.1.1.1", "9.255.0.1", "200.0.0.1"] {
        for port in 0..70 {
            let packet = Packet {
                protocol: Protocol::TCP,
                source: source.parse().unwrap(),
                source_port: 50_000,
                destination: "10.0.0.4".parse().unwrap(),
                destination_port: port,
            };
            let traced = trace(path(&snapshot), &packet);
            let deciding = traced.layers[0].rules.first().copied();
            let is_closed = found
                .closed
                .iter()
                .any(|closed| closed.protocol == Protocol::TCP && closed.ports.contains(port));
            assert!(!is_closed || traced.verdict == Verdict::Deny);
            // Measured sets are told as prefixes; these lists have no longer ones.
            let taking: Vec<usize> = (found.rows.iter())
                .filter(|row| {
                    row.takes.iter().any(|taken| {
                        let cidrs = &taken.sources.ipv4.as_ref().unwrap().cidrs;
                        let holds = |prefix: &packet::Prefix| {
                            [*prefix].into_iter().collect::<packet::AddressSet>().contains(packet.source)
                        };
                        assert_eq!((cidrs.more, taken.certainty), (0, Certainty::Proved));
                        taken.ports.contains(port) && cidrs.prefixes.iter().any(holds)
                    })
                })
                .map(|row| row.rule)
                .collect();
            assert_eq!(taking, deciding.into_iter().collect::<Vec<_>>(), "{source} {port}");
        }
    }
}

#[test]
fn a_trace_names_the_rule_of_every_layer() {
    let admin = Arc::new(model::RuleList {
        id: "admin".into(),
        name: "admin".into(),
        kind: "admin",
        rules: vec![rule(1, Action::Allow, &["8.8.8.0/24"], &["22"])],
        scope: None,
        behind: None,
        provenance: None,
    });
    let snapshot = snapshot(vec![rule(100, Action::Deny, &["0.0.0.0/0"], &["22"])]);
    let mut path = path(&snapshot).clone();
    path.filter = Arc::new(Filter::Chain(vec![Filter::FirstMatch(admin), Filter::clone(&path.filter)]));
    let told = |source: &str, port: u16| {
        let packet = Packet {
            protocol: Protocol::TCP,
            source: source.parse().unwrap(),
            source_port: 50_000,
            destination: "10.0.0.4".parse().unwrap(),
            destination_port: port,
        };
        let traced = trace(&path, &packet);
        let layers = traced.layers.iter().map(|layer| {
            let reached = if layer.is_reached { "" } else { " unasked" };
            format!("{} {} {:?}{reached}", layer.list.id, layer.word(), layer.rules)
        });
        format!("{}: {}", traced.verdict.word(), layers.collect::<Vec<_>>().join(", "))
    };
    assert_eq!(told("8.8.8.8", 22), "allow: admin allow [0], nsg deny [0] unasked");
    assert_eq!(told("9.9.9.9", 22), "deny: admin pass [], nsg deny [0]");
    assert_eq!(told("9.9.9.9", 23), "deny: admin pass [], nsg deny []");
}

#[test]
fn a_trace_leaves_open_what_is_unknown() {
    let mut unsure = rule(100, Action::Allow, &["0.0.0.0/0"], &["22"]);
    unsure.matches.ports = Bounds { must: Arc::new(PortSet::empty()), may: ports(&["22"]) };
    let snapshot = snapshot(vec![unsure, rule(200, Action::Deny, &["0.0.0.0/0"], &["0-65535"])]);
    let packet = Packet {
        protocol: Protocol::TCP,
        source: "8.8.8.8".parse().unwrap(),
        source_port: 50_000,
        destination: "10.0.0.4".parse().unwrap(),
        destination_port: 22,
    };
    let traced = trace(path(&snapshot), &packet);
    assert_eq!(traced.verdict, Verdict::Undecided);
    assert_eq!((traced.layers[0].word(), traced.layers[0].rules.as_slice()), ("undecided", &[0, 1][..]));
}
