//! Explanations of the sample: what is said, in which order, and that a saved result says the same.

use std::sync::Arc;

use engine::{Closed, Closer, Row, Taken};
use model::{Filter, Path, Rule, Target};
use packet::{PortSet, Protocol};

use super::*;
use crate::sample::{Estate, any_v4, day, estate, list, rendered, rule};

const SAMPLE: ProtocolSet = ProtocolSet::only(Protocol::TCP);

/// `allow-rdp` takes its ports, two rules take nothing, the last denies the rest.
fn matrix(estate: &Estate) -> Matrix {
    let own = Arc::clone(&estate.findings[0].opened_by[0].list);
    let sources = Arc::new(any_v4());
    let taken = |ports: PortSet| Taken {
        certainty: engine::Certainty::Proved,
        protocols: SAMPLE,
        ports,
        sources: Arc::clone(&sources),
    };
    let open = estate.exposures[0].ports.clone();
    let row = |rule, takes| Row { list: Arc::clone(&own), rule, takes };
    let rows = vec![
        row(0, vec![taken(open.clone())]),
        row(1, vec![]),
        row(2, vec![]),
        row(3, vec![taken(open.complement())]),
    ];
    let by = vec![Closer::Rule { list: Arc::clone(&own), rule: 3 }];
    Matrix {
        rows,
        closed: vec![Closed { protocol: Protocol::TCP, ports: open.complement(), by }],
        is_whole: true,
    }
}

/// The sample with four rules in its list.
fn four_rules() -> Estate {
    let mut estate = estate();
    let first = estate.findings[0].opened_by[0].list.rules[0].clone();
    let deny = Rule { action: model::Action::Deny, built_in: true, ..rule("deny-all", 4000, &["0.0.0.0/0"]) };
    let rules = vec![first, rule("old", 200, &["8.8.8.8/32"]), rule("older", 300, &["8.8.8.8/32"]), deny];
    let list = list("nsg-web", rules);
    let exposure = &mut estate.exposures[0];
    let filter = Arc::new(Filter::FirstMatch(Arc::clone(&list)));
    let paths = exposure.target.paths.iter().map(|path| Path { filter: Arc::clone(&filter), ..path.clone() });
    exposure.target = Arc::new(Target { paths: paths.collect(), ..Target::clone(&exposure.target) });
    let admission = engine::Admission { list, rule: 0 };
    exposure.opened_by = vec![admission.clone()];
    estate.findings[0].opened_by = vec![admission];
    estate.findings[0].targets = vec![Arc::clone(&exposure.target)];
    estate
}

fn explained(estate: &Estate) -> Explanation {
    let outcome = estate.outcome();
    let matrices = [(Family::V4, matrix(estate))];
    let exposure = &estate.exposures[0];
    let trace = engine::trace(&exposure.target.paths[0], &exposure.witness.as_ref().unwrap().packet);
    Explanation::of(&Case {
        outcome: &outcome,
        finding: estate.findings.first(),
        exposure: Some(exposure),
        trace: Some(&trace),
        matrices: &matrices,
        protocols: SAMPLE,
        called: None,
    })
}

fn text(explanation: &Explanation) -> String {
    let mut out = Vec::new();
    explanation.write_text(&Style::PLAIN, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn saved(estate: &Estate, sought: Sought) -> Explanation {
    let result = rendered("json", &estate.outcome(), &Style::PLAIN);
    assert!(Saved::is_result(&result));
    Explanation::of_saved(&Saved::read(&result).unwrap(), sought)
}

#[test]
fn what_is_true_and_what_to_do_come_before_what_it_rests_on() {
    let expected = "\
CRITICAL  WO-7F3K2M9Q  tcp/22 (SSH) open to the whole IPv4 Internet:
          3,702,258,431 addresses
check     internet-reaches-admin-port
about     nsg-web (network security group)
          /nsgs/nsg-web
stated in nsgs.json:14
reach     exposed: the path is complete
certainty proved: it holds whatever is unknown
exposure  1717171717171717

The way in
     from       the Internet
  -> front      20.50.1.20, ports 22,3380-3400, of pip-web
  -> filter     nsg-web lets it in by allow-rdp (100)   nsgs.json:14
  -> target     vm-web-nic (network interface)

One packet of it, decided again rule by rule
  as it is sent          tcp 8.8.8.8:50000 -> 20.50.1.20:3389
  as the filters see it  tcp 8.8.8.8:50000 -> 10.0.0.4:3389
  try it:
    nc -vz -w 5 20.50.1.20 3389
  or:
    Test-NetConnection 20.50.1.20 -Port 3389
  decide it again:
    wideopen test --from 8.8.8.8 --to 20.50.1.20 --port 3389/tcp nsgs.json \\
      'my nics.json'

Who gets in
  IPv4  any: 3,702,258,431 addresses, all of the IPv4 Internet
        0.0.0.0/0
  IPv6  nobody through this exposure

What to do
  1. Ask the owner of nsg-web (network security group, in
     00000000-0000-0000-0000-000000000001) whether vm-web-nic is meant to be
     reached like this. The activity log of that resource says who changed it
     last.
  2. Look whether somebody came in already: accepted flows from outside to
     10.0.0.4, tcp/3389 and the other ports above, and logons on vm-web-nic,
     since it is open.
  3. Close it in nsg-web; of this rule limit the sources to the addresses that
     need it, take the ports out, or delete it: allow-rdp (100), from 0.0.0.0/0,
     at nsgs.json:14.
  4. Export again and scan again. Other rules decide what this one leaves, so
     only that shows that it is closed: the `wideopen test` above then says
     deny, with exit code 1.
  In general: Reach the machine through a bastion, a VPN, just-in-time access or
  the sessions that its provider offers, and take the rule away. If it has to
  stay, limit its sources to the addresses that used it.

The rules of nsg-web, and what each takes of IPv4 (> lets it in)
>  100  allow-rdp  allow any protocol and port from 0.0.0.0/0
        takes every protocol, ports 22,3380-3400 from 0.0.0.0/0: 3,702,258,431
          addresses
        old (200), older (300) take nothing
  4000  deny-all  deny any protocol and port from 0.0.0.0/0
        takes every protocol, ports 0-21,23-3379,3401-65535 from 0.0.0.0/0:
          3,702,258,431 addresses

Closed to everybody over IPv4, and by what
  nsg-web / deny-all (4000):
    every protocol, ports 0-21,23-3379,3401-65535

What this rests on
  nsgs.json   azure/cli, 1,200 resources
    sha256 abababababababababababababababababababababababababababababababab
  1 other file, which -f json lists
  service tags of 2025-10-28
  when the inputs were exported is not in them; what changed since is not in
    this answer
  subnets are not in the input; add `az network vnet list`
  1 gap elsewhere in the input: `wideopen scan` tells them
";
    let told = text(&explained(&four_rules()));
    assert!(told.starts_with(expected), "{told}");
    assert!(told.ends_with("\nmore: wideopen explain internet-reaches-admin-port\n"), "{told}");
}

#[test]
fn a_saved_result_says_the_same_but_for_the_rules() {
    let estate = four_rules();
    let (live, saved) = (explained(&estate), saved(&estate, Sought::Finding(0)));
    let (live, saved) = (text(&live), text(&saved));
    let section = |text: &str, name: &str| {
        let section = text.split("\n\n").find(|section| section.starts_with(name)).map(str::to_owned);
        section.unwrap_or_else(|| panic!("{name} in {text}"))
    };
    for same in ["CRITICAL", "Who gets in", "What this rests on"] {
        assert_eq!(section(&saved, same), section(&live, same));
    }
    assert!(section(&saved, "The way in").contains("nsg-web lets it in by allow-rdp (100)   nsgs.json:14"));
    assert!(section(&saved, "The rules").contains("give the inputs instead"), "{saved}");
    assert!(!saved.contains("wideopen test"), "a saved result cannot be tested");
}

#[test]
fn an_exposure_and_a_finding_without_one_are_explained_too() {
    let estate = four_rules();
    let exposure = text(&saved(&estate, Sought::Exposure(0)));
    assert!(exposure.starts_with("CRITICAL  WO-7F3K2M9Q"), "the finding that rests on it: {exposure}");
    let mut alone = four_rules();
    alone.findings.clear();
    let exposure = text(&saved(&alone, Sought::Exposure(0)));
    assert!(exposure.starts_with("EXPOSURE  vm-web-nic on tcp/22,3380-3400\n"), "{exposure}");
    let shadowed = text(&saved(&estate, Sought::Finding(1)));
    assert!(shadowed.starts_with("LOW       WO-00000000") && !shadowed.contains("The way in"), "{shadowed}");
}

#[test]
fn only_gaps_at_or_below_what_it_rests_on_concern_it() {
    let at = |path: &str, pointer: Option<&str>| Where {
        path: path.to_owned(),
        line: Some(1),
        pointer: pointer.map(str::to_owned),
    };
    let gap = |place| saved::Gap { code: "c".into(), place, effect: "widened".into(), message: "m".into() };
    let anchors = [at("a.json", Some("/0"))];
    let concerned = |place| concerns(&gap(place), &anchors);
    assert!(
        concerned(Some(at("a.json", Some("/0"))))
            && concerned(Some(at("a.json", Some("/0/securityRules/2"))))
    );
    assert!(!concerned(Some(at("a.json", Some("/01")))) && !concerned(Some(at("b.json", Some("/0")))));
    assert!(concerned(Some(at("b.json", None))), "what a whole document would have said is not known");
    assert!(concerned(None));
}

#[test]
fn what_is_no_result_is_not_taken_for_one() {
    for text in ["[]", "{}", "{\"schema\": 1}", "{\"schema\": \"other/1\"}", "wideopen.result/1"] {
        assert!(!Saved::is_result(text), "{text}");
    }
    let later = "{\"schema\": \"wideopen.result/2\"}";
    assert!(Saved::is_result(later));
    assert_eq!(Saved::read(later).unwrap_err(), "it is a `wideopen.result/2`, expected `wideopen.result/1`");
    assert!(Saved::read("{\"schema\": \"wideopen.result/1\"}").is_err());
}

#[test]
fn documents_are_what_the_schemas_say() {
    let validator = |schema: &str| {
        let schema = serde_json::from_str(schema).unwrap();
        assert!(jsonschema::draft202012::meta::is_valid(&schema));
        jsonschema::draft202012::new(&schema).unwrap()
    };
    let explanation = validator(EXPLANATION_SCHEMA);
    let valid = |told: &Explanation| {
        let mut out = Vec::new();
        told.write_json(&mut out).unwrap();
        let document: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let mistakes: Vec<_> =
            explanation.iter_errors(&document).map(|e| format!("{} {e}", e.instance_path())).collect();
        assert!(mistakes.is_empty(), "{mistakes:#?}");
        assert_eq!(document["schema"], EXPLANATION_SCHEMA_NAME);
    };
    let estate = four_rules();
    valid(&explained(&estate));
    for sought in [Sought::Finding(0), Sought::Finding(1), Sought::Exposure(0)] {
        valid(&saved(&estate, sought));
    }
    let day = day();
    for place in 0..day.findings.len() {
        valid(&of_log(&day, place));
        valid(&saved(&day, Sought::Finding(place)));
    }
    let page = validator(CHECK_SCHEMA);
    for check in check::CHECKS {
        let mut out = Vec::new();
        write_page(check, true, &Style::PLAIN, &mut out).unwrap();
        assert!(page.is_valid(&serde_json::from_slice(&out).unwrap()), "{check:?}");
    }
}

#[test]
fn json_has_every_part() {
    let mut out = Vec::new();
    explained(&four_rules()).write_json(&mut out).unwrap();
    let told: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(told["schema"], "wideopen.explanation/1");
    assert_eq!(told["finding"]["id"], "WO-7F3K2M9Q");
    assert_eq!(told["matrices"][0]["lists"][0]["rules"][0]["admits"], true);
    assert_eq!(told["matrices"][0]["lists"][0]["rules"][0]["provenance"]["line"], 14);
    assert_eq!(told["proof"]["test"][0], "wideopen");
    assert_eq!(told["way"][1]["step"], "front");
}

/// A finding of a log by its place, as a run tells it.
fn of_log(estate: &Estate, place: usize) -> Explanation {
    let outcome = estate.outcome();
    let finding = estate.findings.get(place);
    let exposure = finding.and_then(|finding| leading(&outcome, finding));
    let case = Case {
        outcome: &outcome,
        finding,
        exposure,
        trace: None,
        matrices: &[],
        protocols: SAMPLE,
        called: None,
    };
    Explanation::of(&case)
}

fn section(text: &str, name: &str) -> String {
    let section = text.split("\n\n").find(|section| section.starts_with(name)).map(str::to_owned);
    section.unwrap_or_else(|| panic!("{name} in {text}"))
}

#[test]
fn an_opening_is_told_step_by_step() {
    let told = text(&of_log(&day(), 0));
    assert_eq!(section(&told, "When, and who") + "\n", include_str!("when.txt"));
    assert_eq!(section(&told, "What the same actors did") + "\n", include_str!("beside.txt"));
    assert_eq!(section(&told, "What speaks for what") + "\n", include_str!("decide.txt"));
    assert_eq!(section(&told, "What to look up") + "\n", include_str!("look.txt"));
}

#[test]
fn what_was_done_is_told_without_an_exposure() {
    let day = day();
    let watcher = day.findings.iter().position(|finding| finding.check.name == "watcher-weakened");
    let told = text(&of_log(&day, watcher.unwrap()));
    assert!(told.contains("2026-01-10T08:59:59Z  impairs  by alice@contoso.example"), "{told}");
    assert!(told.contains("1. Ask alice@contoso.example whether he did it at"), "{told}");
    assert!(!told.contains("The way in") && !told.contains("    before  "), "{told}");
}

#[test]
fn what_is_closed_again_is_not_to_be_closed() {
    let told = text(&of_log(&day(), 1));
    assert!(told.contains("closed again: 28 min 19 s"), "{told}");
    assert!(told.contains("It is closed again: see that") && !told.contains("Close it in"), "{told}");
    assert!(told.contains("partial: what decided here before the log"), "{told}");
}

#[test]
fn a_saved_log_says_the_same() {
    let day = day();
    for place in 0..day.findings.len() {
        let saved = text(&saved(&day, Sought::Finding(place)));
        let live = text(&of_log(&day, place));
        for name in ["When, and who", "What speaks for what"] {
            assert_eq!(section(&saved, name), section(&live, name), "{place}");
        }
    }
    let opening = text(&saved(&day, Sought::Exposure(1)));
    assert!(opening.contains("closed again: 28 min 19 s"), "{opening}");
}

#[test]
fn every_cloud_has_its_commands() {
    for (cloud, words) in [
        ("aws", ["aws cloudtrail lookup-events", "FROM vpc_flow_logs"]),
        ("azure", ["az monitor activity-log list --caller alice@contoso.example", "NTANetAnalytics"]),
        ("gcp", ["gcloud logging read", "logName:\"vpc_flows\""]),
    ] {
        let mut day = day();
        let (openings, ..) = day.detected.as_mut().unwrap();
        for opening in openings {
            let target = Target { cloud, ..Target::clone(&opening.exposure.target) };
            opening.exposure.target = Arc::new(target);
        }
        let told = text(&of_log(&day, 0));
        let look = section(&told, "What to look up");
        for word in words {
            assert!(look.contains(word), "{look}");
        }
        for change in ["delete", "revoke", "update", "create", "modify", "authorize"] {
            assert!(!look.to_lowercase().contains(change), "nothing is changed: {look}");
        }
    }
}

/// Names come from whoever may create a resource.
#[test]
fn no_name_speaks_to_the_terminal() {
    let raw = |letter: char| letter != '\n' && crate::visible::is_treacherous(letter);
    for name in crate::hostile::names() {
        let estate = crate::hostile::named(&name);
        let outcome = estate.outcome();
        let case = |finding| {
            let exposure = estate.exposures.first();
            let outcome = &outcome;
            Explanation::of(&Case {
                outcome,
                finding,
                exposure,
                trace: None,
                matrices: &[],
                protocols: SAMPLE,
                called: None,
            })
        };
        for explanation in [case(estate.findings.first()), case(None), saved(&estate, Sought::Finding(0))] {
            let told = text(&explanation);
            assert!(!told.contains(raw), "{name:?}: {told}");
            let mut out = Vec::new();
            explanation.write_json(&mut out).unwrap();
            assert!(!String::from_utf8(out).unwrap().contains(raw), "{name:?}");
        }
    }
    for name in crate::hostile::names_of_log() {
        let log = crate::hostile::logged(&name);
        for place in [0, 2] {
            for explanation in [of_log(&log, place), saved(&log, Sought::Finding(place))] {
                let told = text(&explanation);
                assert!(!told.contains(raw), "{name:?}: {told}");
                let mut out = Vec::new();
                explanation.write_json(&mut out).unwrap();
                assert!(!String::from_utf8(out).unwrap().contains(raw), "{name:?}");
            }
        }
    }
}
