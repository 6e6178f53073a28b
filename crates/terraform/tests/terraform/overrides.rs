//! Files that override others, and what is declared twice.

use super::seen;

#[test]
fn arguments_are_replaced_one_by_one_and_blocks_all_together() {
    let main = "resource \"t_r\" \"r\" {\n  a = 1\n  b = 2\n  c { x = 1 }\n  c { x = 2 }\n  d { x = 3 }\n}\n";
    let over = "resource \"t_r\" \"r\" {\n  b = 3\n  c { x = 9 }\n}\n";
    for name in ["override.tf", "z_override.tf", "a_override.tf"] {
        assert_eq!(seen(&[("main.tf", main), (name, over)]).lines, ["t_r.r a=1 b=3 c=[{x=9}] d=[{x=3}]"]);
    }
    assert_eq!(seen(&[("main.tf", main), ("overrides.tf", over)]).codes, ["declared-twice"]);
}

#[test]
fn files_override_in_the_order_of_their_names() {
    let file = |value: u32| format!("resource \"t_r\" \"r\" {{ v = {value} }}\n");
    let (one, two, three) = (file(1), file(2), file(3));
    let files = [
        ("b_override.tf", two.as_str()),
        ("main.tf", one.as_str()),
        ("c_override.tf.json", ""),
        ("a_override.tf", three.as_str()),
    ];
    assert_eq!(seen(&files[..]).lines, ["t_r.r v=2"]);
}

#[test]
fn dynamic_blocks_are_blocks_of_their_kind() {
    let main = "resource \"t_r\" \"r\" {\n  dynamic \"b\" {\n    for_each = [1]\n    content { x = b.value }\n  }\n}\n";
    let over = "resource \"t_r\" \"r\" {\n  b { x = 2 }\n}\n";
    assert_eq!(seen(&[("main.tf", main), ("override.tf", over)]).lines, ["t_r.r b=[{x=2}]"]);
}

#[test]
fn variables_locals_outputs_and_modules_are_overridden() {
    let main = "variable \"a\" {\n  type = number\n  default = 1\n}\nlocals {\n  b = 1\n  c = 1\n}\nmodule \"m\" {\n  source = \"./none\"\n  x = 1\n}\nresource \"t_r\" \"r\" { v = [var.a, local.b, local.c] }\n";
    let over = "variable \"a\" { default = \"2\" }\nlocals { b = 2 }\nmodule \"m\" { source = \"./m\" }\n";
    let module = "variable \"x\" {}\nresource \"t_r\" \"r\" { v = var.x }\n";
    let seen = seen(&[("main.tf", main), ("override.tf", over), ("m/main.tf", module)]);
    assert_eq!(seen.lines, ["module.m.t_r.r v=1", "t_r.r v=[2, 2, 1]"]);
}

#[test]
fn how_many_there_are_is_said_by_the_later_file() {
    let main = "resource \"t_r\" \"r\" { count = 2 }\n";
    let over = "resource \"t_r\" \"r\" { for_each = toset([\"a\"]) }\n";
    assert_eq!(seen(&[("main.tf", main), ("override.tf", over)]).lines, ["t_r.r[\"a\"] "]);
}

#[test]
fn what_overrides_nothing_is_told() {
    let seen = seen(&[("override.tf", "resource \"t_r\" \"r\" { v = 1 }\n")]);
    assert_eq!((seen.lines, seen.codes), (vec!["t_r.r v=1".to_owned()], vec!["unmatched-override"]));
}

#[test]
fn of_what_is_declared_twice_nothing_is_lost() {
    let text = "resource \"t_r\" \"r\" { v = 1 }\nresource \"t_r\" \"r\" { v = 2 }\n";
    let seen = seen(&[("main.tf", text)]);
    assert_eq!((seen.lines.len(), seen.codes.as_slice()), (2, ["declared-twice"].as_slice()));
    assert_eq!(seen.lines, ["t_r.r v=1", "t_r.r#2 v=2"]);
}
