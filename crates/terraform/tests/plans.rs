//! Plans and states as Terraform prints them, and as others hand them on.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken fixture is a failed test"
)]

use cloud::json::{Node, Tree};
use cloud::{Declared, Document, Presence};
use model::DocumentId;
use serde_json::{Value, json};
use terraform::plan::{self, Side};
use terraform::state;

fn scanned(text: &str, side: Side) -> (Vec<String>, Vec<&'static str>) {
    let document = Document { id: DocumentId(0), path: "plan.json", text };
    assert!(plan::knows(text), "{text}");
    let (configurations, reading) = plan::read(&document, side);
    assert_eq!(reading.format, Some("terraform/plan"));
    let told = configurations.iter().flat_map(|one| &one.resources).map(told).collect();
    (told, reading.gaps.iter().map(|gap| gap.code).collect())
}

fn after(plan: &Value) -> Vec<String> {
    scanned(&plan.to_string(), Side::After).0
}

/// `address { key: value … }`, with `?` before what is not known and what it refers to behind it.
fn told(declared: &Declared<'_>) -> String {
    let perhaps = if declared.presence == Presence::Perhaps { " perhaps" } else { "" };
    format!("{}{perhaps} {}", declared.address, object(&declared.attributes))
}

fn object(node: &Node<'_>) -> String {
    let entries = node.entries().iter().map(|(key, value)| format!("{key}={}", value_of(value)));
    let mut entries: Vec<String> = entries.collect();
    entries.sort_unstable();
    format!("{{{}}}", entries.join(" "))
}

fn value_of(tree: &Tree<'_>) -> String {
    match tree {
        Tree::Null => "null".to_owned(),
        Tree::Flag(flag) => flag.to_string(),
        Tree::Text(text) => text.to_string(),
        Tree::List(items) => format!("[{}]", items.iter().map(value_of).collect::<Vec<_>>().join(" ")),
        Tree::Object(node) => object(node),
        Tree::Unknown(unknown) => match &unknown.refers {
            Some(refers) => format!("?{}.{}", refers.address, refers.attribute),
            None => format!("?({})", unknown.text),
        },
    }
}

fn change(address: &str, actions: &[&str], after: &Value, unknown: &Value) -> Value {
    json!({"address": address, "mode": "managed", "change": {"actions": actions, "before": {"id": "old"}, "after": after, "after_unknown": unknown}})
}

fn resource(kind: &str, name: &str, expressions: &Value) -> Value {
    json!({"address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name, "provider_config_key": "p", "expressions": expressions})
}

fn refers(names: &[&str]) -> Value {
    json!({"references": names})
}

#[test]
fn each_resource_is_there_once_as_it_will_be() {
    let plan = json!({"format_version": "1.2", "configuration": {"root_module": {}},
        "planned_values": {"root_module": {"resources": [{"address": "t.made", "values": {"a": 9}}],
            "child_modules": [{"address": "module.m", "resources": [{"address": "module.m.t.only_planned", "values": {"a": 1}}]}]}},
        "prior_state": {"values": {"root_module": {"resources": [{"address": "data.t.looked", "mode": "data", "type": "t", "values": {"a": 2}},
            {"address": "t.gone", "values": {"a": 3}}, {"address": "t.made", "values": {"a": 4}}]}}},
        "resource_changes": [
            change("t.made", &["create"], &json!({"a": 5}), &json!({})),
            change("t.kept", &["no-op"], &json!({"a": 6}), &json!({})),
            change("t.changed", &["delete", "create"], &json!({"a": 7}), &json!({})),
            change("t.gone", &["delete"], &json!(null), &json!({})),
            change("t.forgotten", &["forget"], &json!(null), &json!({})),
            {"address": "t.kept", "deposed": "1a2b", "change": {"actions": ["delete"], "before": {"a": 8}, "after": null}},
        ],
        "deferred_changes": [{"reason": "instance_count_unknown", "resource_change": change("t.many[\"*\"]", &["create"], &json!({"a": 8}), &json!({}))}]});
    assert_eq!(
        after(&plan),
        [
            "data.t.looked {a=2}",
            "module.m.t.only_planned perhaps {a=1}",
            "t.changed {a=7}",
            "t.forgotten {id=old}",
            "t.kept {a=6}",
            "t.made {a=5}",
            "t.many[\"*\"] perhaps {a=8}",
        ]
    );
    let (before, _) = scanned(&plan.to_string(), Side::Before);
    assert_eq!(before.iter().filter(|one| one.contains("old")).count(), 6);
}

#[test]
fn what_is_not_known_names_what_it_refers_to() {
    let root = json!({"resources": [
        resource("t", "net", &json!({})),
        resource("t", "one", &json!({"network": refers(&["t.net.id", "t.net"]), "old": refers(&["t.net"]), "two": refers(&["t.net.id", "t.net", "t.other.id", "t.other"]),
            "tags": refers(&["t.net.tag", "t.net", "t.other.tag", "t.other"]), "known": refers(&["t.net.name", "t.net", "t.other.id", "t.other"]),
            "block": [{"port": {"constant_value": 22}, "of": refers(&["t.net.id", "t.net"])}, {"port": {"constant_value": 80}, "of": refers(&["t.other.id", "t.other"])}],
            "local": refers(&["local.x"])})),
    ]});
    let plan = json!({"configuration": {"root_module": root}, "resource_changes": [
        change("t.net", &["create"], &json!({"name": "n"}), &json!({"id": true, "tag": true})),
        change("t.other", &["create"], &json!({}), &json!({"id": true, "tag": true})),
        change("t.one", &["create"], &json!({"tags": [null, "x", null], "block": [{"port": 80}, {"port": "22"}]}),
            &json!({"network": true, "old": true, "two": true, "tags": [true, false, true], "known": true, "block": [{"of": true}, {"of": true, "id": true}],
                "local": true, "computed": true, "dynamic": [{"a": true}], "empty": [{}], "none": false})),
    ]});
    assert_eq!(
        after(&plan)[1],
        "t.one {block=[{of=?t.other.id port=80} {id=?() of=?t.net.id port=22}] computed=?() dynamic=[{a=?((known after apply))}] \
         known=?t.other.id local=?(local.x) network=?t.net.id old=?t.net. tags=[?t.net.tag x ?t.other.tag] \
         two=[?t.net.id ?t.other.id]}"
    );
}

#[test]
fn references_are_followed_through_modules_and_keys() {
    let inner = json!({"resources": [
            resource("t", "in", &json!({"of": refers(&["var.network"]), "deep": refers(&["var.whole.id", "var.whole"])})),
            resource("t", "made", &json!({})),
        ], "outputs": {"made": {"expression": refers(&["t.made.id", "t.made"])}}});
    let root = json!({"resources": [
            resource("t", "net", &json!({})),
            json!({"address": "t.each", "mode": "managed", "type": "t", "name": "each", "expressions": {"of": refers(&["each.value.id", "each.value"]),
                "key": refers(&["t.net", "each.key"])}, "for_each_expression": refers(&["t.net"])}),
            json!({"address": "t.two", "mode": "managed", "type": "t", "name": "two", "expressions": {"of": refers(&["module.m[0].made", "module.m[0]", "module.m"]),
                "direct": refers(&["t.net[\"a.b\"].id", "t.net[\"a.b\"]", "t.net"]), "any": refers(&["t.net"])}}),
        ],
        "module_calls": {"m": {"source": "./m", "count_expression": {"constant_value": 1}, "module": inner,
            "expressions": {"network": refers(&["t.net[\"c\"].id", "t.net[\"c\"]", "t.net"]), "whole": refers(&["t.net[\"c\"]", "t.net"])}}}});
    let made = |address: &str| change(address, &["create"], &json!({}), &json!({"id": true}));
    let plan = json!({"configuration": {"root_module": root}, "resource_changes": [
        made("t.net[\"a.b\"]"), made("t.net[\"c\"]"),
        change("t.each[\"c\"]", &["create"], &json!({}), &json!({"of": true, "key": true})),
        change("t.two", &["create"], &json!({}), &json!({"of": true, "direct": true, "any": true})),
        change("module.m[0].t.in", &["create"], &json!({}), &json!({"of": true, "deep": true})),
        made("module.m[0].t.made"),
    ]});
    let told = after(&plan);
    assert_eq!(told[0], "module.m[0].t.in {deep=?t.net[\"c\"].id of=?t.net[\"c\"].id}");
    assert_eq!(told[2], "t.each[\"c\"] {key=?t.net[\"c\"]. of=?t.net[\"c\"].id}");
    assert_eq!(told[5], "t.two {any=?(t.net) direct=?t.net[\"a.b\"].id of=?module.m[0].t.made.id}");
}

#[test]
fn providers_have_what_they_are_told() {
    let plan = json!({"variables": {"project": {"value": "p-1"}}, "configuration": {
            "provider_config": {"p": {"name": "p", "expressions": {"project": refers(&["var.project"]), "region": {"constant_value": "r"}, "zone": refers(&["var.zone"])}}},
            "root_module": {"resources": [resource("t", "a", &json!({}))]}},
        "resource_changes": [change("t.a", &["create"], &json!({}), &json!({}))]});
    let text = plan.to_string();
    let document = Document { id: DocumentId(0), path: "p", text: &text };
    let (configurations, _) = plan::read(&document, Side::After);
    assert_eq!(object(&configurations[0].resources[0].provider), "{project=p-1 region=r zone=?(var.zone)}");
}

#[test]
fn values_without_changes_do_not_say_what_is_unknown() {
    let plan = json!({"configuration": {"root_module": {"resources": [resource("t", "a", &json!({"of": refers(&["t.b.id", "t.b"]), "x": {"constant_value": 1}}))]}},
        "planned_values": {"root_module": {"resources": [{"address": "t.a", "type": "t", "values": {"x": 1}}]}}});
    assert_eq!(after(&plan), ["t.a {of=?t.b.id x=1}"]);
}

#[test]
fn a_plan_that_breaks_off_is_read_until_there() {
    let plan = json!({"resource_changes": [change("t.a", &["create"], &json!({"x": 1}), &json!({})), change("t.b", &["create"], &json!({"x": 1}), &json!({}))]});
    let text = plan.to_string();
    for (end, expected) in [(text.len() - 30, 1), (text.len() - 2, 2), (40, 0)] {
        let (told, codes) = scanned(&text[..end], Side::After);
        assert_eq!((told.len(), codes), (expected, vec!["malformed-json"]), "{end}");
    }
}

#[test]
fn others_put_things_around_plans() {
    let plan = json!({"resource_changes": [change("t.a", &["create"], &json!({}), &json!({}))], "configuration": {}});
    for text in [
        json!({"plan": plan, "run": {}}).to_string(),
        json!([{"terraform": {"plan": plan}}]).to_string(),
        format!("Warning: something\n\n{plan}\n"),
    ] {
        assert_eq!(scanned(&text, Side::After).0, ["t.a {}"], "{text}");
    }
    for text in [
        "resource \"t\" \"resource_changes\" {}",
        r#"{"kind": "compute#firewall"}"#,
        r#"{"x": "{\"resource_changes\": []}"}"#,
    ] {
        assert!(!plan::knows(text), "{text}");
    }
}

#[test]
fn every_prefix_and_every_damage_is_read_without_a_panic() {
    let plan = json!({"format_version": "1.2", "planned_values": {"root_module": {"resources": [{"address": "t.a", "values": {"x": [1, {"y": true}]}}]}},
        "resource_changes": [change("module.m[\"k\"].t.a[0]", &["create"], &json!({"x": [null]}), &json!({"x": [true]}))],
        "configuration": {"root_module": {"module_calls": {"m": {"module": {"resources": [resource("t", "a", &json!({"x": refers(&["var.x"])}))]}, "expressions": {"x": refers(&["module.m.x"])}}}}}});
    let text = plan.to_string();
    for end in 0..=text.len() {
        let text = &text[..end];
        let document = Document { id: DocumentId(0), path: "p", text };
        for side in [Side::Before, Side::After] {
            let _ = plan::read(&document, side);
        }
        let _ = state::read(&document);
    }
    for (from, to) in [
        ("\"t.a\"", "7"),
        ("[true]", "true"),
        ("[0]", "[0"),
        ("{", "[{"),
        (":", ":[]"),
        ("module", "mod.ule.."),
    ] {
        let text = text.replace(from, to);
        let _ = plan::read(&Document { id: DocumentId(0), path: "p", text: &text }, Side::After);
    }
}

fn of_state(state: &Value) -> Vec<String> {
    let text = state.to_string();
    assert!(state::knows(&text), "{text}");
    let (configurations, reading) = state::read(&Document { id: DocumentId(0), path: "s", text: &text });
    assert_eq!((reading.format, reading.gaps.len()), (Some("terraform/state"), 0), "{:?}", reading.gaps);
    configurations.iter().flat_map(|one| &one.resources).map(told).collect()
}

#[test]
fn states_of_every_version_have_the_same_resources() {
    let printed = json!({"format_version": "1.0", "terraform_version": "1.5.0", "values": {"root_module": {
        "resources": [{"address": "t.a", "mode": "managed", "type": "t", "values": {"x": "1"}}, {"address": "t.a", "deposed_key": "0f", "type": "t", "values": {"x": "2"}}],
        "child_modules": [{"address": "module.m", "resources": [{"address": "module.m.data.t.b", "mode": "data", "type": "t", "values": {"x": "3"}}]}]}}});
    let kept = json!({"version": 4, "terraform_version": "1.5.0", "serial": 3, "lineage": "l", "resources": [
        {"mode": "managed", "type": "t", "name": "a", "instances": [{"attributes": {"x": "1"}}, {"deposed": "0f", "attributes": {"x": "2"}}]},
        {"module": "module.m", "mode": "data", "type": "t", "name": "b", "instances": [{"attributes_flat": {"x": "3"}}]}]});
    let expected = ["module.m.data.t.b {x=3}", "t.a {x=1}", "t.a (deposed 0f) {x=2}"];
    assert_eq!(of_state(&printed), expected);
    assert_eq!(of_state(&kept), expected);
    let keyed = json!({"version": 4, "serial": 3, "lineage": "l", "resources": [{"mode": "managed", "type": "t", "name": "a",
        "instances": [{"index_key": 0, "attributes": {}}, {"index_key": "k\"", "attributes": {}}]}]});
    assert_eq!(of_state(&keyed), ["t.a[\"k\\\"\"] {}", "t.a[0] {}"]);
    let old = json!({"version": 3, "terraform_version": "0.11.14", "serial": 3, "lineage": "l", "modules": [
        {"path": ["root", "m"], "resources": {"data.t.b": {"type": "t", "primary": {"id": "i", "attributes": {"x.#": "1", "x.123.y": "3"}}},
            "t.c.1": {"type": "t", "primary": {"attributes": {"id": "c"}}}}}]});
    assert_eq!(of_state(&old), ["module.m.data.t.b {x=[{y=3}]}", "module.m.t.c[1] {id=c}"]);
}

#[test]
fn states_that_cannot_be_read_are_told() {
    for (state, code) in [
        (json!({"version": 2, "serial": 1, "lineage": "l", "modules": []}), "unknown-version"),
        (
            json!({"serial": 1, "lineage": "l", "meta": {}, "encrypted_data": "x", "encryption_version": "v0"}),
            "encrypted-state",
        ),
    ] {
        let text = state.to_string();
        assert!(state::knows(&text));
        let (_, reading) = state::read(&Document { id: DocumentId(0), path: "s", text: &text });
        assert_eq!(reading.gaps.iter().map(|gap| gap.code).collect::<Vec<_>>(), [code]);
    }
}

#[test]
fn a_state_with_an_address_twice_hides_neither() {
    let one = |id: &str| json!({"mode": "managed", "type": "t", "name": "a", "instances": [{"attributes": {"id": id}}]});
    let state = json!({"version": 4, "serial": 3, "lineage": "l", "resources": [one("open"), one("closed")]});
    let text = state.to_string();
    let (configurations, reading) = state::read(&Document { id: DocumentId(0), path: "s", text: &text });
    let found: Vec<String> = configurations.iter().flat_map(|one| &one.resources).map(told).collect();
    assert_eq!(found, ["t.a {id=open}", "t.a#1 {id=closed}"]);
    assert_eq!(reading.gaps.iter().map(|gap| gap.code).collect::<Vec<_>>(), ["declared-twice"]);
}
