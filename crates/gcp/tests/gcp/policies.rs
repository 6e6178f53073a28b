//! Firewall policies as documents state them: what specs do not show.

use serde_json::{Value, json};

use crate::estate::{API, firewall, instance, network, scan};

fn rule(priority: u32, action: &str, port: &str) -> Value {
    json!({"kind": "compute#firewallPolicyRule", "priority": priority, "action": action, "direction": "INGRESS",
        "match": {"srcIpRanges": ["0.0.0.0/0"], "layer4Configs": [{"ipProtocol": "tcp", "ports": [port]}]}})
}

fn policy(name: &str, rules: &[Value]) -> Value {
    json!({"kind": "compute#firewallPolicy", "name": name, "selfLink": format!("{API}projects/p/global/firewallPolicies/{name}"),
        "rules": rules, "associations": [{"name": "net", "attachmentTarget": format!("{API}projects/p/global/networks/net")}]})
}

fn baseline(rules: &[Value], target: &str) -> Value {
    json!({"kind": "compute#firewallPolicy", "name": "500", "shortName": "baseline", "parent": "organizations/1",
        "selfLink": format!("{API}locations/global/firewallPolicies/500"), "rules": rules,
        "associations": [{"name": "a", "attachmentTarget": target, "firewallPolicyId": "500"}]})
}

fn estate(more: &[String]) -> Vec<String> {
    let mut documents = vec![
        network("net"),
        firewall("ssh", "net", "tcp 22 0.0.0.0/0"),
        instance("vm", "net", "203.0.113.5"),
    ];
    documents.extend_from_slice(more);
    documents
}

const SSH: &str = "vm exposed tcp/22 any 3702185728 / -";

/// What is in the input in any order gives one answer.
#[test]
fn documents_come_in_any_order() {
    let project = json!({"projectId": "p", "projectNumber": "123", "parent": {"type": "folder", "id": "2"}});
    let folder = json!({"name": "folders/2", "parent": "organizations/1", "displayName": "two"});
    let more = [
        baseline(&[rule(1, "deny", "23"), rule(2, "goto_next", "22")], "folders/2"),
        policy("pol", &[rule(1, "allow", "25"), rule(2, "deny", "24")]),
        project,
        folder,
    ];
    let mut documents = estate(&more.map(|one| one.to_string()));
    let expected = scan(&documents);
    for _ in 0..documents.len() {
        documents.rotate_left(1);
        let answer = scan(&documents);
        assert_eq!(answer.exposures(), expected.exposures());
        assert_eq!(answer.codes(), expected.codes());
        assert_eq!(answer.snapshot.lists.len(), expected.snapshot.lists.len());
    }
    expected.check(&["vm exposed tcp/22,25 any 3702185728 / -"]);
}

/// A project is known by its number where its ancestors say so, and where the project does.
#[test]
fn a_number_and_an_id_are_one_project() {
    let numbered = json!({"attachmentTarget": "https://www.googleapis.com/compute/v1/projects/123/global/networks/net", "name": "net"});
    let mut own = policy("pol", &[rule(1, "deny", "22")]);
    own["associations"] = json!([numbered]);
    let before = json!({"kind": "compute#network", "name": "net", "selfLink": format!("{API}projects/p/global/networks/net"),
        "networkFirewallPolicyEnforcementOrder": "BEFORE_CLASSIC_FIREWALL"});
    let project = json!({"projectId": "p", "projectNumber": "123", "name": "P"});
    let mut documents = estate(&[own.to_string(), before.to_string()]);
    documents.remove(0);
    // A policy of networks is of their project, so the number is that of `p`, be there a project or not.
    scan(&documents).check(&[]);
    documents.push(project.to_string());
    scan(&documents).check(&[]);
}

/// Folders that stand in each other are no organisation.
#[test]
fn a_circle_of_folders_ends() {
    let project = json!({"projectId": "p", "projectNumber": "123", "parent": {"type": "folder", "id": "2"}});
    let folders = [("folders/2", "folders/3"), ("folders/3", "folders/2")]
        .map(|(name, parent)| json!({"name": name, "parent": parent, "displayName": name}).to_string());
    let own = baseline(&[rule(1, "deny", "22")], "organizations/1").to_string();
    let answer = scan(&estate(&[project.to_string(), own, folders.join("\n")]));
    answer.check(&["vm exposed possible tcp/22 any 3702185728 / -"]);
    assert_eq!(answer.codes(), ["unknown-ancestry"]);
}

/// What decides is told once, however many machines it is for.
#[test]
fn gaps_are_told_once() {
    let mut odd = rule(1, "deny", "22");
    odd["match"]["srcFqdns"] = json!(["example.com"]);
    let mut documents = estate(&[policy("pol", &[odd]).to_string()]);
    documents.extend(
        (0..20).map(|number| instance(&format!("vm{number}"), "net", &format!("203.0.113.{}", 100 + number))),
    );
    assert_eq!(scan(&documents).codes(), ["unresolved-source"]);
}

/// Machines of one class share the filter they meet.
#[test]
fn one_class_has_one_filter() {
    let mut documents = estate(&[policy("pol", &[rule(1, "deny", "22")]).to_string()]);
    documents.extend(
        (0..50).map(|number| instance(&format!("vm{number}"), "net", &format!("203.0.113.{}", 100 + number))),
    );
    let answer = scan(&documents);
    let filters: Vec<_> =
        answer.snapshot.targets.iter().flat_map(|target| &target.paths).map(|path| &path.filter).collect();
    assert_eq!(filters.len(), 51);
    assert!(filters.iter().all(|filter| std::sync::Arc::ptr_eq(filter, filters[0])));
}

/// What the input has nothing of, with the command that exports it.
#[test]
fn absent_kinds_are_told() {
    let has = |documents: &[String], word: &str| {
        scan(documents).snapshot.missing.iter().any(|line| line.contains(word))
    };
    let bare = estate(&[]);
    assert!(
        has(&bare, "gcloud compute firewall-policies list")
            && has(&bare, "gcloud compute network-firewall-policies list")
    );
    let with_network = estate(&[policy("pol", &[rule(1, "deny", "23")]).to_string()]);
    assert!(has(&with_network, "gcloud compute firewall-policies list"));
    assert!(!has(&with_network, "gcloud compute network-firewall-policies list"));
    let with_both = estate(&[
        policy("pol", &[]).to_string(),
        baseline(&[rule(1, "deny", "23")], "organizations/1").to_string(),
    ]);
    assert!(
        !has(&with_both, "gcloud compute firewall-policies list") && has(&with_both, "gcloud projects list")
    );
    let mut tagged = rule(1, "allow", "23");
    tagged["targetSecureTags"] = json!([{"name": "tagValues/1", "state": "EFFECTIVE"}]);
    tagged["match"]["srcAddressGroups"] = json!(["projects/p/locations/global/addressGroups/g"]);
    let with_tags = estate(&[policy("pol", &[tagged]).to_string()]);
    assert!(
        has(&with_tags, "gcloud resource-manager tags bindings list")
            && has(&with_tags, "gcloud network-security address-groups list")
    );
    let view = json!({"network": "projects/p/global/networks/net", "firewalls": [], "firewallPolicys": []})
        .to_string();
    assert!(!has(&estate(&[view]), "firewall-policies list"));
}

/// A rule that is for machines of the network says so as its destinations, in the list of the whole policy.
#[test]
fn whole_lists_say_for_whom_each_rule_is() {
    let mut chosen = rule(1, "allow", "23");
    chosen["targetServiceAccounts"] = json!(["nobody@p.iam.gserviceaccount.com"]);
    let answer = scan(&estate(&[policy("pol", &[chosen, rule(2, "allow", "24")]).to_string()]));
    let list = answer.snapshot.lists.iter().find(|list| &*list.name == "pol").unwrap();
    assert_eq!(list.kind, "firewall-policy");
    let destinations: Vec<bool> =
        list.rules.iter().map(|rule| rule.matches.destinations.may.is_empty()).collect();
    assert_eq!(destinations, [true, false]);
}

/// A rule of an organisation may be for machines that the input does not have.
#[test]
fn whole_lists_of_organisations_are_bounds() {
    let mut chosen = rule(1, "allow", "23");
    chosen["targetServiceAccounts"] = json!(["nobody@p.iam.gserviceaccount.com"]);
    let answer = scan(&estate(&[baseline(&[chosen], "organizations/1").to_string()]));
    let list = answer.snapshot.lists.iter().find(|list| &*list.name == "baseline").unwrap();
    let destinations = &list.rules[0].matches.destinations;
    assert!(destinations.must.is_empty() && !destinations.may.is_empty());
}

/// A hierarchical policy is its organisation's or folder's, and what is odd in one that acts elsewhere is no gap here.
#[test]
fn a_policy_elsewhere_is_not_told() {
    let mut odd = rule(1, "deny", "22");
    odd["match"]["srcFqdns"] = json!(["example.com"]);
    let project =
        json!({"projectId": "p", "projectNumber": "123", "parent": {"type": "organization", "id": "1"}});
    let answer = scan(&estate(&[baseline(&[odd], "folders/9").to_string(), project.to_string()]));
    answer.check(&[SSH]);
    assert!(answer.codes().is_empty());
    let list = answer.snapshot.lists.iter().find(|list| &*list.name == "baseline").unwrap();
    assert_eq!(list.scope.as_deref(), Some("organizations/1"));
}

/// A network's policy is associated under its number, too.
#[test]
fn an_association_may_name_a_policy_by_its_number() {
    let mut own = policy("pol", &[rule(1, "deny", "22")]);
    own["id"] = json!("77");
    own.as_object_mut().unwrap().remove("associations");
    let before = json!({"kind": "compute#network", "name": "net", "selfLink": format!("{API}projects/p/global/networks/net"),
        "networkFirewallPolicyEnforcementOrder": "BEFORE_CLASSIC_FIREWALL"});
    let association = json!({"name": "net", "attachmentTarget": format!("{API}projects/p/global/networks/net"), "firewallPolicyId": "77"});
    let mut documents = estate(&[own.to_string(), association.to_string(), before.to_string()]);
    documents.remove(0);
    scan(&documents).check(&[]);
    documents.remove(2);
    let answer = scan(&documents);
    assert!(answer.exposures().iter().all(|line| line.contains("possible")));
    assert_eq!(answer.codes(), ["dangling-reference"]);
}
