//! Instances: network tags, service accounts, external addresses, power.

use cloud::audit::Bears;

use crate::bench::{Line, Objects, check, entry, events, events_and_gaps};

const PATH: &str = "projects/tailspin/zones/europe-west1-b/instances/web";
const BEFORE: &str = r#"{"status": "RUNNING", "tags": {"items": ["old"]}, "serviceAccounts": [{"email": "a@x"}],
    "networkInterfaces": [{"name": "nic0", "networkIP": "10.0.0.2"}, {"name": "nic1", "networkIP": "10.1.0.2"}]}"#;

fn run(verb: &str, request: &str, after: &str) {
    let payload = format!(r#""request": {request}"#);
    let method = format!("v1.compute.instances.{verb}");
    let (before, after) = (Some(BEFORE), Some(after));
    check(&Line {
        method: &method,
        resource: PATH,
        payload: &payload,
        kind: "instance",
        path: PATH,
        before,
        after,
    });
}

#[test]
fn an_instance_is_made_with_what_google_picks_later() {
    let request = r#""request": {"@type": "type.googleapis.com/compute.instances.insert", "name": "web",
        "machineType": "m", "tags": {"tags": ["web"]}, "serviceAccounts": [{"email": "a@x"}],
        "params": {"resourceManagerTags": {"tagKeys/3": "tagValues/5"}},
        "networkInterfaces": [{"subnetwork": "projects/tailspin/regions/europe-west1/subnetworks/s",
            "accessConfigs": [{"type": "ONE_TO_ONE_NAT", "networkTier": "PREMIUM"}]}]},
        "response": {"status": "DONE", "targetId": "77"}"#;
    let all = events(&[&entry("beta.compute.instances.insert", PATH, request)]);
    let mut objects = Objects::default();
    objects.apply(&all[0]);
    let after = objects.get("instance", PATH).unwrap();
    for part in [
        r#"tags={items=["web"]}"#,
        "networkIP=?",
        r#"name="nic0""#,
        r#"accessConfigs=[{name="External NAT","#,
        r#"status="RUNNING""#,
    ] {
        assert!(after.contains(part), "{part}: {after}");
    }
    let whole = objects.whole("instance", PATH);
    assert_eq!(whole.own("id"), Some(&cloud::json::Tree::Text("77".into())));
    // Secure tags that it is made with are bound to its number.
    let binding = "tagBindings/projects/tailspin/zones/europe-west1-b/instances/77/tagValues/5";
    assert!(objects.get("tag-binding", binding).is_some());
    let templated = entry(
        "v1.compute.instances.insert",
        PATH,
        r#""request": {"name": "web"}, "response": {"status": "DONE"}"#,
    );
    assert_eq!(events_and_gaps(&[&templated]).1, ["unsaid-change"]);
    let bulk = entry("v1.compute.instances.bulkInsert", PATH, r#""request": {"count": "3"}"#);
    assert_eq!(events_and_gaps(&[&bulk]).1, ["unsaid-change"]);
}

#[test]
fn tags_and_accounts_replace_those_before() {
    let after = |tags: &str, accounts: &str| {
        BEFORE.replace(r#"["old"]"#, tags).replace(r#"[{"email": "a@x"}]"#, accounts)
    };
    let one = r#"[{"email": "a@x"}]"#;
    run("setTags", r#"{"fingerprint": "\ufffd", "tags": ["web", "db"]}"#, &after(r#"["web", "db"]"#, one));
    run("setTags", r#"{"items": ["web"]}"#, &after(r#"["web"]"#, one));
    run("setTags", r#"{"fingerprint": "x"}"#, &after("[]", one));
    run(
        "setServiceAccount",
        r#"{"email": "b@x", "scopes": ["s"]}"#,
        &after(r#"["old"]"#, r#"[{"email": "b@x"}]"#),
    );
    run("update", r#"{"tags": {"tags": ["web"]}, "description": "d"}"#, &after(r#"["web"]"#, one));
}

#[test]
fn external_addresses_come_and_go() {
    let with = |configs: &str| {
        let whole = format!(r#""networkIP": "10.1.0.2", "accessConfigs": {configs}"#);
        BEFORE.replace(r#""networkIP": "10.1.0.2""#, &whole)
    };
    let of = |more: &str| format!(r#"{{"networkInterface": "nic1"{more}}}"#);
    run(
        "addAccessConfig",
        &of(r#", "name": "External NAT", "natIP": "198.51.100.7""#),
        &with(r#"[{"name": "External NAT", "natIP": "198.51.100.7", "type": "ONE_TO_ONE_NAT"}]"#),
    );
    // An address that Google picks stands in no entry.
    run("addAccessConfig", &of(""), &with(r#"[{"name": "External NAT", "type": "ONE_TO_ONE_NAT"}]"#));
    let had = with(r#"[{"name": "External NAT", "natIP": "198.51.100.7"}]"#);
    let line = |verb: &'static str, request: &str, after: &str| {
        let text = entry(&format!("v1.compute.instances.{verb}"), PATH, &format!(r#""request": {request}"#));
        let mut objects = Objects::default().with("instance", PATH, &had);
        objects.apply(&events(&[&text])[0]);
        let expected = Objects::default().with("instance", PATH, after);
        assert_eq!(objects.get("instance", PATH), expected.get("instance", PATH), "{verb} {request}");
    };
    // Its name does not say of which family it is.
    let neither = with("[]").replace("[]", r#"[], "ipv6AccessConfigs": []"#);
    line("deleteAccessConfig", &of(r#", "accessConfig": "External NAT""#), &neither);
    line("deleteAccessConfig", &of(""), &with("[]"));
    line(
        "updateAccessConfig",
        &of(r#", "name": "External NAT", "natIP": "198.51.100.8""#),
        &with(r#"[{"name": "External NAT", "natIP": "198.51.100.8"}]"#),
    );
    line(
        "updateNetworkInterface",
        &of(r#", "subnetwork": "s", "fingerprint": "f""#),
        &had.replace(r#""natIP": "198.51.100.7"}]"#, r#""natIP": "198.51.100.7"}], "subnetwork": "s""#),
    );
    let policy = r#""request": {"networkInterfaces": ["nic1"], "securityPolicy": "p"}"#;
    let all = events(&[&entry("v1.compute.instances.setSecurityPolicy", PATH, policy)]);
    let Bears::Edits(edits) = &all[0].bears else { panic!() };
    // It is for every address of the interface, whatever its configuration is called.
    let spots: Vec<_> = edits.iter().map(|edit| format!("{:?}", edit.act)).collect();
    assert!(spots.len() == 2 && spots.iter().all(|spot| spot.contains(r#"is: "*""#)), "{spots:?}");
    // Which interface is a question that an entry may leave open.
    let open = entry("v1.compute.instances.addAccessConfig", PATH, r#""request": {"name": "External NAT"}"#);
    assert_eq!(events_and_gaps(&[&open]).1, ["missing-field"]);
    let mut objects = Objects::default().with("instance", PATH, BEFORE);
    objects.apply(&events_and_gaps(&[&open]).0[0]);
    assert!(objects.get("instance", PATH).unwrap().contains(r#"accessConfigs=[{name="External NAT""#));
}

#[test]
fn machines_start_and_stop() {
    let status = |word: &str| BEFORE.replace("RUNNING", word);
    let answered = r#"{"@type": "t"}, "response": {"status": "DONE"}"#;
    for (verb, word) in [
        ("stop", "TERMINATED"),
        ("suspend", "SUSPENDED"),
        ("preempted", "TERMINATED"),
        ("start", "RUNNING"),
        ("resume", "RUNNING"),
    ] {
        run(verb, answered, &status(word));
    }
    let gone = format!(r#""request": {answered}"#);
    check(&Line {
        method: "v1.compute.instances.delete",
        resource: PATH,
        payload: &gone,
        kind: "instance",
        path: PATH,
        before: Some(BEFORE),
        after: None,
    });
    for verb in ["setMetadata", "setScheduling", "attachDisk", "reset", "setMachineType", "setLabels"] {
        let text = entry(&format!("v1.compute.instances.{verb}"), PATH, r#""request": {"a": 1}"#);
        assert!(events(&[&text]).is_empty(), "{verb}");
    }
    let renamed = entry("v1.compute.instances.setName", PATH, r#""request": {"name": "b"}"#);
    let (told, gaps) = events_and_gaps(&[&renamed]);
    assert!(matches!(told[0].bears, Bears::NotModelled { .. }));
    assert_eq!(gaps, ["unknown-operation"]);
}
