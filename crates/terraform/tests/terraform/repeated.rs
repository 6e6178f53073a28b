//! `count`, `for_each`, `dynamic`.

use super::{seen, value};

fn lines(text: &str) -> Vec<String> {
    let seen = seen(&[("main.tf", text)]);
    assert!(seen.codes.is_empty(), "{:?}", seen.messages);
    seen.lines
}

#[test]
fn a_count_makes_instances_by_number() {
    let text = "resource \"t_r\" \"r\" {\n  count = 2\n  v = \"x${count.index}\"\n}\n";
    assert_eq!(lines(text), ["t_r.r[0] v=x0", "t_r.r[1] v=x1"]);
    assert!(lines("resource \"t_r\" \"r\" { count = 0 }").is_empty());
    assert_eq!(lines("resource \"t_r\" \"r\" { count = \"1\" }"), ["t_r.r[0] "]);
    assert!(
        lines("variable \"on\" { default = false }\nresource \"t_r\" \"r\" { count = var.on ? 1 : 0 }")
            .is_empty()
    );
}

#[test]
fn a_map_and_a_set_make_instances_by_key() {
    let text =
        "resource \"t_r\" \"r\" {\n  for_each = { b = 1, a = 2 }\n  v = \"${each.key}${each.value}\"\n}\n";
    assert_eq!(lines(text), ["t_r.r[\"a\"] v=a2", "t_r.r[\"b\"] v=b1"]);
    let text = "resource \"t_r\" \"r\" {\n  for_each = toset([\"a\\\"b\"])\n  v = each.value\n}\n";
    assert_eq!(lines(text), ["t_r.r[\"a\\\"b\"] v=a\"b"]);
}

#[test]
fn how_many_there_are_may_not_be_known() {
    let text =
        "variable \"n\" {}\nresource \"t_r\" \"r\" {\n  count = var.n\n  v = count.index\n  w = 1\n}\n";
    assert_eq!(lines(text), ["~t_r.r v=?Unset w=1"]);
    let text = "variable \"n\" {}\nresource \"t_r\" \"r\" {\n  for_each = var.n\n  v = each.value.x\n}\n";
    assert_eq!(lines(text), ["~t_r.r v=?Unset"]);
    let text = "variable \"n\" {}\nresource \"t_r\" \"r\" {\n  for_each = toset([\"a\", var.n])\n  v = each.key\n}\n";
    assert_eq!(lines(text), ["~t_r.r v=?Unset", "t_r.r[\"a\"] v=a"]);
    let text = "resource \"t_r\" \"r\" {\n  for_each = [\"a\"]\n}\n";
    assert_eq!(lines(text), ["~t_r.r "]);
    let text =
        "variable \"n\" {}\nresource \"t_r\" \"r\" {\n  for_each = { a = var.n }\n  v = each.value\n}\n";
    assert_eq!(lines(text), ["t_r.r[\"a\"] v=?Unset"]);
}

#[test]
fn all_instances_are_seen() {
    let counted = "resource \"t_a\" \"a\" {\n  count = 2\n  x = count.index\n}";
    assert_eq!(value(counted, "t_a.a[*].id"), "[<t_a.a[0]|id>, <t_a.a[1]|id>]");
    assert_eq!(value(counted, "t_a.a.*.x"), "[0, 1]");
    assert_eq!(value(counted, "[for a in t_a.a : a.x + 1]"), "[1, 2]");
    assert_eq!(value(counted, "t_a.a[1].x"), "1");
    assert_eq!(value(counted, "t_a.a.1.x"), "1");
    assert_eq!(value(counted, "length(t_a.a)"), "2");
    assert_eq!(value(counted, "element(t_a.a[*].id, 3)"), "<t_a.a[1]|id>");
    let keyed = "resource \"t_a\" \"a\" {\n  for_each = toset([\"k\", \"l\"])\n  x = each.key\n}";
    assert_eq!(value(keyed, "t_a.a[\"k\"].id"), "<t_a.a[\"k\"]|id>");
    assert_eq!(
        value(keyed, "{ for k, a in t_a.a : k => a.id }"),
        "{k=<t_a.a[\"k\"]|id> l=<t_a.a[\"l\"]|id>}"
    );
    assert_eq!(value(keyed, "values(t_a.a)[*].x"), "[k, l]");
    assert_eq!(value(keyed, "keys(t_a.a)"), "[k, l]");
}

#[test]
fn instances_of_unknown_number_are_seen_as_the_one_that_stands_for_them() {
    let beside = "variable \"n\" {}\nresource \"t_a\" \"a\" {\n  count = var.n\n  x = 1\n}";
    let text = |expression: &str| {
        let text = format!("{beside}\nresource \"t_r\" \"r\" {{\n  v = {expression}\n}}\n");
        seen(&[("main.tf", &text)]).line("t_r.r").to_owned()
    };
    assert_eq!(text("t_a.a[0].id"), "v=<t_a.a|id>");
    assert!(!text("length(t_a.a)").contains('1'));
    assert!(text("t_a.a[*].id").contains("<t_a.a|id>"));
}

#[test]
fn resources_for_each_other() {
    let text = "resource \"t_a\" \"a\" {\n  for_each = toset([\"k\"])\n}\nresource \"t_b\" \"b\" {\n  for_each = t_a.a\n  v = each.value.id\n}\n";
    assert_eq!(lines(text), ["t_a.a[\"k\"] ", "t_b.b[\"k\"] v=<t_a.a[\"k\"]|id>"]);
}

#[test]
fn blocks_stay_in_their_order() {
    let text = "resource \"t_r\" \"r\" {\n  b { x = 1 }\n  c {}\n  b { x = 2 }\n}\n";
    assert_eq!(lines(text), ["t_r.r b=[{x=1}, {x=2}] c=[{}]"]);
}

#[test]
fn dynamic_blocks_are_blocks() {
    let text = "resource \"t_r\" \"r\" {\n  b { x = 0 }\n  dynamic \"b\" {\n    for_each = [1, 2]\n    content { x = b.value + b.key }\n  }\n  b { x = 9 }\n}\n";
    assert_eq!(lines(text), ["t_r.r b=[{x=0}, {x=1}, {x=3}, {x=9}]"]);
    let text = "resource \"t_r\" \"r\" {\n  dynamic \"b\" {\n    for_each = { k = 1 }\n    iterator = it\n    content { x = \"${it.key}${it.value}\" }\n  }\n}\n";
    assert_eq!(lines(text), ["t_r.r b=[{x=k1}]"]);
    let text = "resource \"t_r\" \"r\" {\n  dynamic \"b\" {\n    for_each = []\n    content {}\n  }\n}\n";
    assert_eq!(lines(text), ["t_r.r b=[]"]);
}

#[test]
fn dynamic_blocks_stand_in_each_other() {
    let text = "resource \"t_r\" \"r\" {\n  for_each = { a = [[1, 2], [3]] }\n  dynamic \"b\" {\n    for_each = each.value\n    content {\n      \
                dynamic \"c\" {\n        for_each = b.value\n        content { x = \"${each.key}${b.key}${c.value}\" }\n      }\n    }\n  }\n}\n";
    assert_eq!(lines(text), ["t_r.r[\"a\"] b=[{c=[{x=a01}, {x=a02}]}, {c=[{x=a13}]}]"]);
}

#[test]
fn dynamic_blocks_of_unknown_number_are_unknown_items() {
    let text = "variable \"u\" {}\nresource \"t_r\" \"r\" {\n  b { x = 0 }\n  dynamic \"b\" {\n    for_each = var.u\n    content { x = 1 }\n  }\n}\n";
    assert_eq!(lines(text), ["t_r.r b=[{x=0}, ?Unset]"]);
    let text = "variable \"u\" {}\nresource \"t_r\" \"r\" {\n  dynamic \"b\" {\n    for_each = [1, var.u]\n    content { x = b.value }\n  }\n}\n";
    assert_eq!(lines(text), ["t_r.r b=[{x=1}, {x=?Unset}]"]);
    let text = "resource \"t_r\" \"r\" {\n  dynamic \"b\" {\n    for_each = \"x\"\n    content {}\n  }\n}\n";
    assert_eq!(lines(text), ["t_r.r b=[?Wrong]"]);
    let text = "resource \"t_r\" \"r\" {\n  dynamic \"b\" {\n    for_each = null\n    content {}\n  }\n}\n";
    assert_eq!(lines(text), ["t_r.r b=[?Wrong]"]);
}

#[test]
fn conditional_rules_are_exact() {
    let text = "variable \"open\" { default = true }\nresource \"t_r\" \"r\" {\n  dynamic \"b\" {\n    for_each = var.open ? [22] : []\n    content { x = b.value }\n  }\n}\n";
    assert_eq!(lines(text), ["t_r.r b=[{x=22}]"]);
}
