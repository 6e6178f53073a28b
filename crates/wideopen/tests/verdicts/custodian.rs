//! Cloud Custodian: its policies on recorded answers, and how many resources each matched.
//!
//! The peer says a number; we count the resources to which our answer is yes. It looks at a recording's first answer, before
//! it acts, so that is what we read.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::Corpus;
use crate::ledger::{Outcome, Page};
use crate::scan::{Answer, Question, Scan, is_unattached};

const EXPECTATIONS: &str = "peer-tests/c7n-expectations/tests__test_vpc.json";
const RECORDINGS: &str = "aws/c7n-placebo/cloud-custodian__cloud-custodian/tests/data/placebo";

/// A policy that asks what we can answer.
struct Asked {
    test: &'static str,
    /// Which of the test's policies.
    policy: usize,
    /// The answers of the recording that it was asked on.
    answers: &'static [&'static str],
    /// The name of the groups asked about; all without one.
    named: Option<&'static str>,
    /// The policy in words.
    words: &'static str,
    question: Question,
    reason: Option<&'static str>,
}

/// Those that filter by the rules of groups, on the first or second list of groups of their recording.
fn about_rules() -> Vec<Asked> {
    let ports = |port| Question::PortsToAnyone(vec![port]);
    let outside = Question::FromOutside(vec!["10.0.0.0/16", "172.0.0.0/16"]);
    let inside = Question::FromInside(vec!["192.0.0.0/16", "172.0.0.0/16"]);
    let beside = Question::PortsBeside(vec![80, 443]);
    let one = |test, policy, words, question, reason| Asked {
        test,
        policy,
        answers: &["ec2.DescribeSecurityGroups_1.json"],
        named: None,
        words,
        question,
        reason,
    };
    let of = |name, asked: Asked| Asked { named: Some(name), ..asked };
    let on_second = |asked: Asked| Asked { answers: &["ec2.DescribeSecurityGroups_2.json"], ..asked };
    let (range, list, own) = ("test_port_within_range", "test_cidr_ingress_list", "test_self_reference_once");
    let (wide, is_inside, is_reserved) = ("c7n-only-ports-and-cidr-test", Some("inside"), Some("reserved"));
    vec![
        of("web-tier", one(range, 0, "a rule from tcp 60000 on", ports(60000), is_inside)),
        of("web-tier", one("test_ingress_remove", 0, "a rule from tcp 0 on", ports(0), is_inside)),
        of(wide, one("test_only_ports_and_cidr_ingress", 0, "a port beside 80 and 443 to all", beside, None)),
        one("test_permission_expansion", 0, "a source that holds 10.42.1.1", Question::Anyone, is_inside),
        one(list, 0, "a source outside of 10.0.0.0/16 and 172.0.0.0/16", outside, is_reserved),
        one(list, 1, "a source inside 192.0.0.0/16 or 172.0.0.0/16", inside, is_reserved),
        of("sg1", on_second(one(own, 0, "port 80 from another group", ports(80), is_inside))),
        of("sg1", on_second(one(own, 1, "a rule from the group itself", Question::Anyone, is_inside))),
    ]
}

/// That which asks whether anything has a group.
const fn about_use() -> Asked {
    Asked {
        test: "test_unused",
        policy: 0,
        answers: &["ec2.DescribeSecurityGroups_1.json", "ec2.DescribeNetworkInterfaces_1.json"],
        named: None,
        words: "not used",
        question: Question::Unattached,
        reason: Some("unplaced"),
    }
}

pub(crate) fn page(corpus: &Corpus) -> Page {
    let mut page = Page::default();
    let mut all = about_rules();
    all.push(about_use());
    let mut answered = 0;
    for test in corpus.json(EXPECTATIONS).as_array().unwrap() {
        let name = test["test"].as_str().unwrap();
        for (number, policy) in test["policy"].as_array().unwrap().iter().enumerate() {
            if let Some(asked) = all.iter().find(|asked| asked.test == name && asked.policy == number) {
                answered += 1;
                let expected: usize = test["expected"][number][1].as_str().unwrap().parse().unwrap();
                let outcome = compared(&recording(corpus, test, asked), asked, expected);
                let peer = format!("{}: {expected}", asked.words);
                page.take(&format!("{name} / {number}"), "", &peer, outcome, asked.reason);
            } else {
                let kind = policy["resource"].as_str().unwrap().trim_start_matches("aws.");
                page.take(name, kind, "", Outcome::Beyond(beyond(corpus, test, policy, kind)), None);
            }
        }
    }
    assert_eq!(answered, all.len(), "a policy that the expectations do not have");
    page.add(&unasked(corpus, &[EXPECTATIONS], RECORDINGS));
    page
}

/// Recordings of which the expectations say nothing.
pub(crate) fn unasked(corpus: &Corpus, expectations: &[&str], recordings: &str) -> String {
    let mut named = BTreeSet::new();
    for file in expectations {
        for test in corpus.json(file).as_array().unwrap() {
            let flights = test["flight_data"].as_array().unwrap().iter();
            named.extend(flights.map(|name| name.as_str().unwrap().to_owned()));
        }
    }
    let folders = corpus.files(recordings);
    let folders = folders.iter().filter_map(|file| file.parent()?.file_name()?.to_str());
    let unasked: BTreeSet<&str> = folders.filter(|folder| !named.contains(*folder)).collect();
    format!("Recordings without an expectation: {}. They are read for `corpus.md`.", unasked.len())
}

fn recording(corpus: &Corpus, test: &Value, asked: &Asked) -> Scan {
    let folder = corpus.root.join(RECORDINGS).join(test["flight_data"][0].as_str().unwrap());
    let texts: Vec<String> = asked.answers.iter().map(|name| corpus.text(&folder.join(name))).collect();
    Scan::of(&aws::CLOUD, &texts)
}

fn compared(scan: &Scan, asked: &Asked, expected: usize) -> Outcome {
    let groups = scan.snapshot.targets.iter().filter(|target| target.kind == "security-group");
    let named: Vec<_> =
        groups.filter(|target| asked.named.is_none_or(|name| name == &*target.name)).collect();
    let is_matched = |id: &str| scan.answer(&asked.question, Some(id)) == Answer::Open;
    let matched: Vec<_> = named
        .iter()
        .filter(|target| match asked.question {
            Question::Unattached => is_unattached(target),
            _ => is_matched(&target.id),
        })
        .map(|target| format!("`{}` {}", target.id, scan.told(&asked.question, Some(&target.id), 3)))
        .collect();
    let ours = match (matched.is_empty(), named.is_empty()) {
        (false, _) => format!("{}: {}", matched.len(), matched.join(", ")),
        (true, false) => format!("0 of {}", named.len()),
        (true, true) => "no such group".to_owned(),
    };
    Outcome::Compared { is_equal: matched.len() == expected, ours }
}

/// Why a policy is not compared.
fn beyond(corpus: &Corpus, test: &Value, policy: &Value, kind: &str) -> &'static str {
    let folders = test["flight_data"].as_array().unwrap();
    let is_there = |name: &Value| corpus.root.join(RECORDINGS).join(name.as_str().unwrap()).is_dir();
    let filters = policy["filters"].to_string();
    match kind {
        _ if !folders.iter().any(is_there) => "no-recording",
        "peering-connection" => "between-groups",
        _ if filters.contains(r#""egress""#) || filters.contains("s3-cidr") => "egress",
        _ => "another-subject",
    }
}
