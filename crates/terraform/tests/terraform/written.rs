//! HCL and JSON: the same things said both ways, and places where neither can be read.

use cloud::json::{Node, Tree};
use cloud::{Declared, Document};
use model::DocumentId;
use terraform::Input;

use super::seen;

fn same(hcl: &str, json: &str) {
    let (hcl, json) = (seen(&[("main.tf", hcl)]), seen(&[("main.tf.json", json)]));
    assert_eq!((hcl.codes.len(), json.codes.len()), (0, 0), "{:?}", json.messages);
    assert_eq!(hcl.lines, json.lines);
}

#[test]
fn json_says_the_same_as_hcl() {
    same(
        "resource \"t_r\" \"r\" {\n  a = 1\n  b = \"x${1 + 1}\"\n  c = [true, null]\n}\n",
        r#"{"resource":{"t_r":{"r":{"a":1,"b":"x${1 + 1}","c":[true,null]}}}}"#,
    );
    same(
        "variable \"p\" {\n  type = list(number)\n  default = [22]\n}\nlocals { q = var.p[0] }\nresource \"t_r\" \"r\" { v = local.q == 22 ? \"yes\" : \"no\" }\n",
        r#"{"variable":{"p":{"type":"list(number)","default":[22]}},"locals":{"q":"${var.p[0]}"},"resource":{"t_r":{"r":{"v":"${local.q == 22 ? \"yes\" : \"no\"}"}}}}"#,
    );
    same(
        "resource \"t_r\" \"r\" {\n  for_each = { a = 1 }\n  v = each.value\n  b { x = 1 }\n  b { x = 2 }\n}\n",
        r#"{"resource":[{"t_r":[{"r":[{"for_each":{"a":1},"v":"${each.value}","b":[{"x":1},{"x":2}]}]}]}]}"#,
    );
    same(
        "resource \"t_r\" \"r\" {\n  dynamic \"b\" {\n    for_each = [1, 2]\n    content { x = b.value }\n  }\n}\n",
        r#"{"resource":{"t_r":{"r":{"dynamic":{"b":{"for_each":[1,2],"content":{"x":"${b.value}"}}}}}}}"#,
    );
    same(
        "resource \"t_r\" \"r\" {\n  b {\n    dynamic \"c\" {\n      for_each = [1]\n      content { x = c.value }\n    }\n  }\n}\n",
        r#"{"resource":{"t_r":{"r":{"b":{"dynamic":[{"c":[{"for_each":[1],"content":[{"x":"${c.value}"}]}]}]}}}}}"#,
    );
    same(
        "resource \"t_r\" \"r\" {\n  count = 1\n  v = -1.5\n  lifecycle { ignore_changes = [a] }\n}\n",
        r#"{"//":"made by a tool","resource":{"t_r":{"r":{"//":{"x":1},"count":1,"v":-1.5,"lifecycle":{"ignore_changes":["a"]}}}}}"#,
    );
    same(
        "variable \"a\" { default = \"$${x}\" }\nresource \"t_r\" \"r\" { v = var.a }\n",
        r#"{"variable":{"a":{"default":"${x}"}},"resource":{"t_r":{"r":{"v":"${var.a}"}}}}"#,
    );
}

#[test]
fn both_make_one_configuration() {
    let files = [
        ("a.tf", "resource \"t_r\" \"r\" { v = t_r.s.id }\n"),
        ("b.tf.json", r#"{"resource":{"t_r":{"s":{"v":"${t_r.r.w}"}}}}"#),
    ];
    assert_eq!(seen(&files).codes, ["cyclic-reference"]);
    let files = [
        ("a.tf", "resource \"t_r\" \"r\" { v = t_r.s.id }\n"),
        ("b.tf.json", r#"{"resource":{"t_r":{"s":{}}}}"#),
    ];
    assert_eq!(seen(&files).lines, ["t_r.r v=<t_r.s|id>", "t_r.s "]);
}

#[test]
fn a_broken_place_costs_its_block() {
    let text = "resource \"t_r\" \"a\" { v = 1 }\nresource \"t_r\" \"b\" {\n  v = [1,\n}\nresource \"t_r\" \"c\" { v = 3 }\n";
    let broken = seen(&[("main.tf", text), ("more.tf", "resource \"t_r\" \"d\" {}\n")]);
    assert_eq!(broken.lines, ["t_r.a v=1", "t_r.c v=3", "t_r.d "]);
    assert_eq!(broken.codes, ["malformed-hcl"]);
    assert!(
        broken.messages[0].contains("`main.tf`: not HCL at line 4 column 1: expected a value"),
        "{:?}",
        broken.messages
    );
}

#[test]
fn text_that_ends_too_soon_is_told() {
    for text in [
        "resource \"t_r\" \"a\" {",
        "resource \"t_r",
        "a = <<EOT\n x\n",
        "/* ",
        "resource \"t_r\" \"a\" {\n v = \"${",
        "x = (1",
    ] {
        assert_eq!(seen(&[("main.tf", text)]).codes, ["malformed-hcl"], "{text}");
    }
}

#[test]
fn an_argument_that_is_given_twice_is_no_hcl() {
    assert_eq!(
        seen(&[("main.tf", "resource \"t_r\" \"a\" {\n  v = 1\n  v = 2\n}\n")]).codes,
        ["malformed-hcl"]
    );
}

#[test]
fn what_is_no_block_of_terraforms_is_told() {
    for text in ["resource \"t_r\" {}\n", "job \"x\" {}\nresource \"t_r\" \"a\" {}\n", "a = 1\n"] {
        assert_eq!(seen(&[("main.tf", text)]).codes, ["unknown-block"], "{text}");
    }
    assert_eq!(
        seen(&[("main.tf.json", r#"{"resource":{"t_r":{"a":1}},"more":{}}"#)]).codes,
        ["malformed-hcl", "malformed-hcl"]
    );
}

#[test]
fn broken_json_is_told() {
    assert_eq!(seen(&[("main.tf.json", "{\"resource\": {")]).codes, ["malformed-json"]);
    let broken = seen(&[("main.tf.json", r#"{"resource":{"t_r":{"a":{"v":"${1 +}","w":2}}}}"#)]);
    assert_eq!((broken.lines, broken.codes), (vec!["t_r.a v=?Wrong w=2".to_owned()], vec!["malformed-hcl"]));
}

/// The line in which a piece stands that an object begins with.
fn lines_of(text: &str, find: &dyn Fn(&Declared<'_>) -> Vec<usize>) -> Vec<usize> {
    let document = Document { id: DocumentId(0), path: "main.tf", text };
    let evaluated = terraform::evaluate(&[Input { document, named: true }], &[]);
    find(&evaluated.configurations[0].resources[0])
}

fn line(text: &str, node: &Node<'_>) -> usize {
    let offset = node.at.unwrap().as_ptr() as usize - text.as_ptr() as usize;
    text[..offset].matches('\n').count() + 1
}

#[test]
fn objects_know_their_lines() {
    let text = "locals {\n  rules = [\n    { p = 1 },\n    { p = 2 },\n  ]\n}\nresource \"t_r\" \"r\" {\n  b {\n    x = 1\n  }\n  dynamic \"b\" {\n    for_each = local.rules\n    content { x = b.value.p }\n  }\n  c = [\n    { y = 1 },\n  ]\n}\n";
    let found = lines_of(text, &|declared| {
        let mut lines = vec![line(text, &declared.attributes)];
        for key in ["b", "c"] {
            let Some(Tree::List(items)) = declared.attributes.own(key) else { panic!() };
            lines.extend(items.iter().map(|item| match item {
                Tree::Object(node) => line(text, node),
                _ => 0,
            }));
        }
        lines
    });
    assert_eq!(found, [7, 8, 3, 4, 16]);
}

#[test]
fn the_order_of_documents_means_nothing() {
    let files = [
        ("a.tf", "resource \"t_r\" \"a\" { v = t_r.b.id }\nlocals { x = 1 }\n"),
        ("b.tf", "resource \"t_r\" \"b\" { v = local.x }\nmodule \"m\" {\n  source = \"./m\"\n}\n"),
        ("m/a.tf", "resource \"t_r\" \"c\" {}\nresource \"t_r\" \"c\" {}\n"),
        ("n/a.tf", "resource \"t_r\" \"d\" {\n"),
    ];
    let forward = seen(&files);
    let mut turned = files;
    turned.reverse();
    let backward = seen(&turned);
    assert_eq!((forward.lines, forward.labels), (backward.lines, backward.labels));
}
