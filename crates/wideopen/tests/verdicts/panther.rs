//! Panther: one resource for each verdict, in the schema of its inventory.
//!
//! A network ACL is put in front of an interface on which everything else is open; groups and databases are read as they
//! are.

use packet::Protocol;
use serde_json::Value;

use crate::Corpus;
use crate::ledger::{Outcome, Page, is_equal};
use crate::prowler;
use crate::scan::{Question, Scan};

const FOLDER: &str = "aws/panther-resources/";

pub(crate) fn page(corpus: &Corpus) -> Page {
    let mut page = Page::default();
    for expected in corpus.expected(FOLDER) {
        let number = expected.file.rsplit('/').next().unwrap().trim_end_matches(".json");
        let name = format!("{} / {number}", expected.check.trim_start_matches("AWS."));
        let outcome = match asked(&expected.check) {
            Err(code) => Outcome::Beyond(code),
            Ok(question) => {
                let scan = Scan::of_values(&aws::CLOUD, &world(corpus.json(&expected.file)));
                let answer = scan.answer(&question, None);
                let ours = format!("{}: {}", answer.word(), scan.told(&question, None, 3));
                Outcome::Compared { is_equal: is_equal(expected.says == "detect", answer), ours }
            }
        };
        page.take(&name, &expected.check, &expected.says, outcome, reason(&expected.check, number));
    }
    page
}

/// Why the two differ, for those that do.
fn reason(check: &str, number: &str) -> Option<&'static str> {
    match (check, number) {
        ("AWS.SecurityGroup.AdministrativeIngress", "00") => Some("all-protocols"),
        ("AWS.SecurityGroup.OnlyDMZPubliclyAccessible", "00") => Some("exempt"),
        ("AWS.SecurityGroup.OnlyDMZPubliclyAccessible", "02")
        | ("AWS.SecurityGroup.AdministrativeIngress", "04")
        | (
            "AWS.SecurityGroup.RestrictsInboundTraffic" | "AWS.SecurityGroup.TightlyRestrictsInboundTraffic",
            "00" | "02",
        ) => Some("null-list"),
        ("AWS.RDS.Instance.PublicAccess", "01") => Some("undecided"),
        _ => None,
    }
}

/// What the policy asks, or why it is not compared.
fn asked(policy: &str) -> Result<Question, &'static str> {
    Ok(match policy {
        "AWS.NetworkACL.RestrictedSSH" => Question::Ports(vec![22]),
        "AWS.NetworkACL.RestrictsInboundTraffic" => Question::EveryPort(Protocol::TCP),
        "AWS.NetworkACL.RestrictsInsecureProtocols" => {
            Question::PortsToAnyone(vec![21, 23, 25, 80, 110, 587])
        }
        "AWS.SecurityGroup.AdministrativeIngress" => Question::Ports(vec![22, 3389]),
        "AWS.SecurityGroup.OnlyDMZPubliclyAccessible"
        | "AWS.SecurityGroup.RestrictsAccessToCDE"
        | "AWS.SecurityGroup.RestrictsInboundTraffic"
        | "AWS.SecurityGroup.TightlyRestrictsInboundTraffic"
        | "AWS.RDS.Instance.PublicAccess" => Question::Anyone,
        "AWS.SecurityGroup.RestrictsInterSecurityGroupTraffic" => return Err("between-groups"),
        "AWS.RDS.Instance.SnapshotPublicAccess" => return Err("sharing"),
        other if other.contains("Outbound") || other.contains("Leaving") => return Err("egress"),
        other
            if ["AWS.CloudTrail.", "AWS.EC2.", "AWS.GuardDuty.", "AWS.RDS."]
                .iter()
                .any(|known| other.starts_with(known)) =>
        {
            return Err("another-subject");
        }
        other => panic!("`{other}` is not known"),
    })
}

fn world(resource: Value) -> Vec<Value> {
    if resource.get("Entries").is_some() { prowler::behind(resource) } else { vec![resource] }
}
