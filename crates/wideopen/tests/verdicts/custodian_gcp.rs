//! Cloud Custodian on Google Cloud: its policies on recorded answers, and how many resources each matched.
//!
//! These policies take what has a name, or everything of a kind; none asks who gets in. So we count what is taken in, and tell
//! what the Internet reaches of it. Of a recording that acts, what was answered before is read.

use serde_json::Value;

use crate::Corpus;
use crate::custodian::unasked;
use crate::ledger::{Outcome, Page};
use crate::scan::{Question, Scan};

const EXPECTATIONS: [&str; 3] = [
    "peer-tests/c7n-expectations/tools__c7n_gcp__tests__test_network.json",
    "peer-tests/c7n-expectations/tools__c7n_gcp__tests__test_sql.json",
    "peer-tests/c7n-expectations/tools__c7n_gcp__tests__test_loadbalancer.json",
];
const RECORDINGS: &str = "gcp/c7n-flights/cloud-custodian__cloud-custodian/tools/c7n_gcp/tests/data/flights";

/// What a policy counts.
enum Sought {
    /// All resources of the recording.
    Everything,
    /// Rules of this name.
    Rules(&'static str),
    /// Networks with a rule of this name.
    NetworksWith(&'static str),
    /// Targets of this name.
    Targets(&'static str),
}

pub(crate) fn page(corpus: &Corpus) -> Page {
    let mut page = Page::default();
    for file in EXPECTATIONS {
        for test in corpus.json(file).as_array().unwrap() {
            let name = test["test"].as_str().unwrap();
            for (number, policy) in test["policy"].as_array().unwrap().iter().enumerate() {
                let kind = policy["resource"]
                    .as_str()
                    .unwrap_or("gcp.base of the test's policy")
                    .trim_start_matches("gcp.");
                match asked(corpus, test, kind) {
                    Err(code) => page.take(name, kind, "", Outcome::Beyond(code), None),
                    Ok((answers, sought)) => {
                        let expected: u64 = test["expected"][number][1].as_str().unwrap().parse().unwrap();
                        let (counted, ours) = counted(&recording(corpus, test, answers), &sought);
                        let outcome = Outcome::Compared { is_equal: counted == expected, ours };
                        let peer = format!("{}: {expected}", sought.words(kind));
                        page.take(name, kind, &peer, outcome, None);
                    }
                }
            }
        }
    }
    page.add(&unasked(corpus, &EXPECTATIONS, RECORDINGS));
    page
}

/// What is counted, and in which of the recorded answers (their names end so); or why nothing is.
fn asked(corpus: &Corpus, test: &Value, kind: &str) -> Result<(&'static str, Sought), &'static str> {
    let flight = test["flight_data"][0].as_str().unwrap();
    if !corpus.root.join(RECORDINGS).join(flight).is_dir() {
        return Err("no-recording");
    }
    Ok(match (test["test"].as_str().unwrap(), kind) {
        ("test_firewall_modify" | "test_firewall_delete", _) => ("-firewalls_1.json", Sought::Rules("test")),
        // The policy asks by the rule's number, which is this rule's.
        ("test_vpc_firewall_filter_query", _) => (".json", Sought::NetworksWith("allow-defectdojo")),
        ("test_stop_instance", _) => ("-instances_1.json", Sought::Targets("custodiansqltest")),
        ("test_start_instance" | "test_set_high_availability", _) => {
            ("-instances_1.json", Sought::Targets("custodiantestsql"))
        }
        ("test_delete_instance", _) | (_, "base of the test's policy") => return Err("unresolved-name"),
        ("test_loadbalancer_address_delete", _) => return Err("left-over"),
        ("test_sqlinstance_offhour" | "test_subnet_set_private_api" | "test_router_delete", _) => {
            return Err("another-subject");
        }
        (_, kind) if OURS.contains(&kind) => (".json", Sought::Everything),
        (_, kind) if kind.contains("health-check") || kind.contains("-ssl-") => {
            return Err("another-subject");
        }
        (test, kind) => panic!("`{test}` on `{kind}` is not known"),
    })
}

/// The kinds that stand on a way from the Internet, as the peer names them.
const OURS: [&str; 12] = [
    "loadbalancer-address",
    "loadbalancer-backend-bucket",
    "loadbalancer-backend-service",
    "loadbalancer-forwarding-rule",
    "loadbalancer-global-address",
    "loadbalancer-global-forwarding-rule",
    "loadbalancer-target-instance",
    "loadbalancer-target-pool",
    "loadbalancer-target-ssl-proxy",
    "loadbalancer-target-tcp-proxy",
    "loadbalancer-url-map",
    "router",
];

fn recording(corpus: &Corpus, test: &Value, answers: &str) -> Scan {
    let folder = format!("{RECORDINGS}/{}", test["flight_data"][0].as_str().unwrap());
    let files = corpus.files(&folder);
    let is_read = |name: &str| name.starts_with("get-") && name.ends_with(answers);
    let read = files.iter().filter(|file| is_read(&file.file_name().unwrap().to_string_lossy()));
    let texts: Vec<String> = read.map(|file| corpus.text(file)).collect();
    Scan::of(&gcp::CLOUD, &texts)
}

impl Sought {
    fn words(&self, kind: &str) -> String {
        match self {
            Self::Everything => format!("every {kind}"),
            Self::Rules(name) => format!("rules named `{name}`"),
            Self::NetworksWith(name) => format!("networks in which the rule `{name}` is in force"),
            Self::Targets(name) => format!("named `{name}`"),
        }
    }
}

/// How many there are, and what we say of them.
fn counted(scan: &Scan, sought: &Sought) -> (u64, String) {
    let lists = || scan.snapshot.lists.iter();
    let rules_of =
        |list: &model::RuleList, name| list.rules.iter().filter(|rule| &*rule.name == name).count();
    let targets = || scan.snapshot.targets.iter();
    let count = match sought {
        Sought::Everything => return (scan.resources, told(scan, scan.resources, None)),
        Sought::Rules(name) => lists().map(|list| rules_of(list, *name)).sum(),
        Sought::NetworksWith(name) => {
            let has_rule = |target: &&std::sync::Arc<model::Target>| {
                let lists = target.paths.iter().flat_map(|path| path.filter.lists());
                target.kind == "network" && lists.into_iter().any(|list| rules_of(list, *name) > 0)
            };
            targets().filter(has_rule).count()
        }
        Sought::Targets(name) => {
            let named: Vec<_> = targets().filter(|target| &*target.name == *name).collect();
            let only = named.first().map(|target| &*target.id);
            let count = u64::try_from(named.len()).unwrap();
            return (count, told(scan, count, only));
        }
    };
    let count = u64::try_from(count).unwrap();
    (count, told(scan, count, None))
}

fn told(scan: &Scan, count: u64, target: Option<&str>) -> String {
    format!("{count}: {}", scan.told(&Question::Anyone, target, 3))
}
