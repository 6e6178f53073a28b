//! Which controls a finding fails: those of its cloud, of what was found.

use std::collections::BTreeSet;

use model::{Reach, Rule};

use crate::estate::{Estate, allow, list};
use crate::{CHECKS, Overrides, named};

/// `framework version id` of what a check finds in an estate of a cloud, where the framework is one of these.
fn failed(estate: &Estate, check: &str, frameworks: &[&str]) -> Vec<String> {
    let found = estate.findings(&Overrides::new());
    let found = found.iter().filter(|finding| finding.check.name == check);
    let controls: BTreeSet<_> = found.flat_map(|finding| finding.controls()).collect();
    let own = controls.into_iter().filter(|control| frameworks.contains(&control.framework));
    own.map(|control| format!("{} {} {}", control.framework, control.version, control.id)).collect()
}

fn aws(rules: Vec<Rule>) -> Estate {
    Estate { cloud: "aws", ..Estate::of(rules) }.kind("security-group")
}

fn hub(estate: &Estate, check: &str) -> Vec<String> {
    failed(estate, check, &["AWS Security Hub"])
}

const ADMIN: &str = "internet-reaches-admin-port";

#[test]
fn no_check_names_a_control_twice_or_one_that_does_not_fit() {
    for check in CHECKS {
        let ids: BTreeSet<_> =
            check.controls.iter().map(|one| (one.framework, one.version, one.id, one.about)).collect();
        assert_eq!(ids.len(), check.controls.len(), "{check:?}");
        let misfit = |id: &str| id.starts_with("SRG-NET-000193") || id.contains("SCuBA");
        assert!(!check.controls.iter().any(|c| misfit(c.id) || misfit(c.framework)), "{check:?}");
        assert!(check.controls.iter().all(|c| !c.id.is_empty() && !c.version.is_empty()), "{check:?}");
    }
}

/// A control of one version that several rows state is one id.
#[test]
fn a_finding_names_a_control_once() {
    let everything = || vec![allow("any", &["*"], &["0-65535"])];
    for cloud in ["azure", "aws", "gcp"] {
        for kind in ["security-group", "network-acl", "network-security-group", "vpc-firewall"] {
            let estate = Estate { cloud, ..Estate::of(everything()) }.kind(kind);
            for finding in estate.findings(&Overrides::new()) {
                let ids: Vec<_> = finding.controls().map(|c| (c.framework, c.version, c.id)).collect();
                let once: BTreeSet<_> = ids.iter().collect();
                assert_eq!(once.len(), ids.len(), "{cloud} {kind} {:?}", finding.check);
            }
        }
    }
}

/// No cloud's frameworks are told of another, nor of one that is none of them.
#[test]
fn frameworks_of_one_cloud_are_of_its_findings_alone() {
    let own = |framework: &str| match framework {
        "CIS Azure" | "MCSB" => Some("azure"),
        "CIS AWS" | "AWS Security Hub" => Some("aws"),
        "CIS Google Cloud" => Some("gcp"),
        _ => None,
    };
    for check in CHECKS {
        for control in check.controls {
            assert_eq!(control.about.cloud, own(control.framework), "{check:?} {control:?}");
        }
    }
    let open = || vec![allow("tcp", &["*"], &["22"])];
    for (cloud, kind) in [
        ("azure", "network-security-group"),
        ("aws", "security-group"),
        ("gcp", "vpc-firewall"),
        ("test", "list"),
    ] {
        let estate = Estate { cloud, ..Estate::of(open()) }.kind(kind);
        let findings = estate.findings(&Overrides::new());
        let controls = || findings.iter().flat_map(|finding| finding.controls());
        assert!(controls().all(|control| own(control.framework).is_none_or(|own| own == cloud)), "{cloud}");
        assert_eq!(controls().any(|control| own(control.framework).is_some()), cloud != "test");
        let recommended = findings.iter().any(|finding| finding.recommendations().next().is_some());
        assert_eq!(recommended, cloud == "azure");
    }
}

#[test]
fn a_control_of_one_port_is_failed_by_that_port() {
    let of = |ports: &[&str]| hub(&aws(vec![allow("tcp", &["0.0.0.0/0"], ports)]), ADMIN);
    let all = |ids: &[&str]| ids.iter().map(|id| format!("AWS Security Hub CSPM {id}")).collect::<Vec<_>>();
    assert_eq!(of(&["22"]), all(&["EC2.13", "EC2.18", "EC2.19", "EC2.53"]));
    assert_eq!(of(&["3389"]), all(&["EC2.14", "EC2.18", "EC2.19", "EC2.53"]));
    assert_eq!(of(&["5985"]), all(&["EC2.18"]));
    assert_eq!(of(&["2375-2376"]), all(&["EC2.18"]));
    assert_eq!(of(&["20-25"]), all(&["EC2.13", "EC2.18", "EC2.19", "EC2.53"]));
    let azure = |ports: &[&str]| {
        let estate = Estate { cloud: "azure", ..Estate::of(vec![allow("tcp", &["0.0.0.0/0"], ports)]) };
        failed(&estate, ADMIN, &["CIS Azure"]).last().cloned()
    };
    assert_eq!(azure(&["22"]).as_deref(), Some("CIS Azure 6.0 7.2"));
    assert_eq!(azure(&["3389"]).as_deref(), Some("CIS Azure 6.0 7.1"));
    assert_eq!(azure(&["5985"]), None);
}

#[test]
fn a_control_of_one_family_is_failed_over_that_family() {
    let of = |sources: &[&str]| {
        let told = failed(&aws(vec![allow("tcp", sources, &["22"])]), ADMIN, &["CIS AWS"]);
        told.into_iter().filter(|id| id.contains(" 7.0 ") || id.contains(" 1.5 ")).collect::<Vec<_>>()
    };
    assert_eq!(of(&["0.0.0.0/0"]), ["CIS AWS 1.5 5.2", "CIS AWS 7.0 6.3"]);
    assert_eq!(of(&["::/0"]), ["CIS AWS 1.5 5.3", "CIS AWS 7.0 6.4"]);
    assert_eq!(of(&["*"]).len(), 4);
}

/// The letter of the benchmark names /0 only; a /8 is no restriction either, and few addresses are one.
#[test]
fn what_is_restricted_fails_no_control_that_asks_for_that() {
    let of = |sources: &[&str]| hub(&aws(vec![allow("tcp", sources, &["22"])]), ADMIN).len();
    assert_eq!(of(&["0.0.0.0/1", "128.0.0.0/1"]), of(&["0.0.0.0/0"]));
    assert_eq!(of(&["2000::/3"]), of(&["::/0"]));
    assert_eq!(of(&["8.0.0.0/8"]), of(&["0.0.0.0/0"]));
    assert_eq!(of(&["8.8.0.0/16"]), 0);
    assert_eq!(of(&["8.8.8.8/32"]), 0);
}

#[test]
fn a_control_of_one_kind_of_list_is_failed_by_that_kind() {
    let rules = || vec![allow("tcp", &["0.0.0.0/0"], &["22"])];
    let of = |kind| hub(&Estate { cloud: "aws", ..Estate::of(rules()) }.kind(kind), ADMIN);
    assert_eq!(of("network-acl"), ["AWS Security Hub CSPM EC2.21"]);
    assert!(of("lightsail-firewall").is_empty());
}

#[test]
fn a_service_fails_its_own_control() {
    let of = |kind, port: &str, check| {
        let mut estate = aws(vec![allow("tcp", &["8.8.8.0/24"], &[port])]);
        estate.targets[0].kind = kind;
        hub(&estate, check)
    };
    let database = "internet-reaches-database-port";
    assert_eq!(of("rds-instance", "5432", database), ["AWS Security Hub CSPM RDS.2"]);
    assert_eq!(of("redshift-cluster", "5439", database), ["AWS Security Hub CSPM Redshift.1"]);
    assert_eq!(of("eks-cluster", "443", "internet-reaches-port"), ["AWS Security Hub CSPM EKS.1"]);
    assert!(of("network-interface", "5432", database).is_empty());
}

/// The group lets in a load balancer, and that is what is asked of groups.
#[test]
fn behind_a_proxy_nothing_is_asked_of_the_group() {
    let estate = || aws(vec![allow("tcp", &["0.0.0.0/0"], &["8080"])]);
    assert_eq!(hub(&estate(), "internet-reaches-port").len(), 2);
    assert!(hub(&estate().reach(Reach::ViaProxy), "internet-reaches-port").is_empty());
}

/// These ask what a group says, whether something leads there or not.
#[test]
fn a_latent_group_fails_what_is_asked_of_groups() {
    let estate = aws(vec![allow("tcp", &["0.0.0.0/0"], &["3389"])]).reach(Reach::Latent);
    assert!(hub(&estate, "latent-opening").contains(&"AWS Security Hub CSPM EC2.14".to_owned()));
    assert!(named("latent-opening").is_some());
}

/// Of Google Cloud: a port each, whichever of the two kinds of lists lets it in, and over either family.
#[test]
fn ssh_and_rdp_fail_their_own_control_of_google_cloud() {
    let of = |kind, rules: Vec<Rule>, check| {
        let estate = Estate { cloud: "gcp", ..Estate::of(rules) }.kind(kind);
        failed(&estate, check, &["CIS Google Cloud"]).last().cloned()
    };
    let ssh = |sources: &[&str]| vec![allow("tcp", sources, &["22"])];
    for kind in ["vpc-firewall", "firewall-policy"] {
        for sources in [&["0.0.0.0/0"][..], &["0.0.0.0/1", "128.0.0.0/1"], &["::/0"]] {
            assert_eq!(of(kind, ssh(sources), ADMIN).as_deref(), Some("CIS Google Cloud 5.0 3.6"), "{kind}");
        }
        let rdp = vec![allow("tcp", &["0.0.0.0/0"], &["3389"])];
        assert_eq!(of(kind, rdp, ADMIN).as_deref(), Some("CIS Google Cloud 5.0 3.7"));
        assert_eq!(of(kind, vec![allow("tcp", &["0.0.0.0/0"], &["5985"])], ADMIN), None);
        assert_eq!(of(kind, ssh(&["8.8.8.0/24"]), ADMIN), None, "few addresses are a restriction");
    }
    assert_eq!(of("forwarding-rule", ssh(&["0.0.0.0/0"]), ADMIN), None);
    let everything = vec![allow("any", &["*"], &["0-65535"])];
    let told = failed(
        &Estate { cloud: "gcp", ..Estate::of(everything) }.kind("vpc-firewall"),
        "internet-reaches-all-ports",
        &["CIS Google Cloud"],
    );
    assert_eq!(told.len(), 8, "{told:?}");
}

#[test]
fn a_database_and_the_default_network_fail_theirs() {
    let of = |name: &str, kind, target, check| {
        let list = list(name, vec![allow("tcp", &["0.0.0.0/0"], &["3306"])]);
        let mut estate = Estate { cloud: "gcp", lists: vec![list], ..Estate::of(vec![]) };
        estate = estate.kind(kind);
        estate.targets[0].kind = target;
        failed(&estate, check, &["CIS Google Cloud"]).last().cloned()
    };
    let database = "internet-reaches-database-port";
    let own = of("orders", "cloud-sql-firewall", "cloud-sql-instance", database);
    assert_eq!(own.as_deref(), Some("CIS Google Cloud 5.0 6.5"));
    assert_eq!(of("prod", "vpc-firewall", "network-interface", database), None);
    let network = of("default", "vpc-firewall", "network-interface", "default-list-opens");
    assert_eq!(network.as_deref(), Some("CIS Google Cloud 5.0 3.1"));
    assert_eq!(of("prod", "vpc-firewall", "network-interface", "default-list-opens"), None);
}
