//! Variables, local values, references.

use super::{seen, seen_with, value};

#[test]
fn variables_have_their_defaults_and_what_files_say() {
    let main = "variable \"a\" { default = 1 }\nresource \"t_r\" \"r\" {\n  v = var.a\n}\n";
    let of = |files: &[(&str, &str)], named: &[&str]| {
        let mut all = vec![("main.tf", main)];
        all.extend(files);
        seen_with(&all, named, &[]).line("t_r.r").to_owned()
    };
    assert_eq!(of(&[], &[]), "v=1");
    assert_eq!(of(&[("terraform.tfvars", "a = 2")], &[]), "v=2");
    assert_eq!(of(&[("terraform.tfvars", "a = 2"), ("terraform.tfvars.json", "{\"a\": 3}")], &[]), "v=3");
    assert_eq!(of(&[("a.auto.tfvars", "a = 4"), ("terraform.tfvars", "a = 2")], &[]), "v=4");
    assert_eq!(of(&[("b.auto.tfvars", "a = 5"), ("a.auto.tfvars.json", "{\"a\": 4}")], &[]), "v=5");
    assert_eq!(of(&[("prod.tfvars", "a = 6"), ("z.auto.tfvars", "a = 4")], &[]), "v=4");
    assert_eq!(of(&[("prod.tfvars", "a = 6"), ("z.auto.tfvars", "a = 4")], &["prod.tfvars"]), "v=6");
    assert_eq!(of(&[("envs/prod.tfvars", "a = 7")], &["envs/prod.tfvars"]), "v=7");
    assert_eq!(of(&[("envs/terraform.tfvars", "a = 7")], &[]), "v=1");
}

#[test]
fn a_file_that_is_named_is_for_the_configuration_around_it() {
    let main = "variable \"a\" { default = 1 }\nresource \"t_r\" \"r\" {\n  v = var.a\n}\n";
    let files = [("x/main.tf", main), ("y/main.tf", main), ("x/envs/p.tfvars", "a = 2")];
    let seen = seen_with(&files, &["x/envs/p.tfvars"], &[]);
    assert_eq!(seen.lines, ["x:t_r.r v=2", "y:t_r.r v=1"]);
}

#[test]
fn other_values_that_lie_beside_and_are_not_taken_are_told() {
    let main = "variable \"a\" { default = 1 }\nresource \"t_r\" \"r\" {\n  v = var.a\n}\n";
    let codes = |files: &[(&str, &str)], named: &[&str]| {
        let mut all = vec![("main.tf", main)];
        all.extend(files);
        seen_with(&all, named, &[]).codes
    };
    assert_eq!(codes(&[("prod.tfvars", "a = 6")], &[]), ["values-not-taken"]);
    assert_eq!(codes(&[("prod.tfvars.json", "{\"a\": 6}")], &[]), ["values-not-taken"]);
    let automatic = ("terraform.tfvars", "a = 6");
    assert_eq!(codes(&[("prod.tfvars", "a = 1"), automatic], &[]), ["values-not-taken"]);
    // The same value, one of no variable, the file itself named, or another one, as who names one has chosen.
    assert!(codes(&[("prod.tfvars", "a = 1")], &[]).is_empty());
    assert!(codes(&[("prod.tfvars", "a = 6"), automatic], &[]).is_empty());
    assert!(codes(&[("prod.tfvars", "b = 6")], &[]).is_empty());
    assert!(codes(&[("prod.tfvars", "a = 6"), ("dev.tfvars", "a = 7")], &["dev.tfvars"]).is_empty());
}

#[test]
fn ids_of_one_that_are_joined_or_flattened_are_still_ids() {
    let one = "resource \"t_s\" \"s\" {\n count = 1\n}";
    assert_eq!(value(one, "join(\"\", t_s.s[*].id)"), "<t_s.s[0]|id>");
    assert_eq!(value(one, "flatten([t_s.s[*].id, []])"), "[<t_s.s[0]|id>]");
    // What may be a list stays one of any size.
    assert_eq!(value(one, "flatten([t_s.s[*].parts])"), "[?Computed]");
    let two = "resource \"t_s\" \"s\" {\n count = 2\n}";
    assert_eq!(value(two, "join(\"\", t_s.s[*].id)"), "?Computed");
}

#[test]
fn a_variable_without_a_value_is_not_known() {
    assert_eq!(value("variable \"a\" {}", "var.a"), "?Unset");
    assert_eq!(value("variable \"a\" {}", "[1, var.a]"), "[1, ?Unset]");
    assert_eq!(value("variable \"a\" {}", "\"x${var.a}\""), "?Unset");
    assert_eq!(value("", "terraform.workspace"), "?Unset");
}

#[test]
fn variables_are_converted_to_their_type() {
    assert_eq!(
        value("variable \"a\" {\n type = list(string)\n default = [1, true]\n}", "var.a"),
        "[1, true]"
    );
    assert_eq!(
        value("variable \"a\" {\n type = set(string)\n default = [\"b\", \"a\", \"b\"]\n}", "var.a"),
        "[a, b]"
    );
    let object = "variable \"a\" {\n  type = object({ p = number, q = optional(string, \"d\"), r = optional(bool) })\n  default = { p = \"1\", z = 2 }\n}";
    assert_eq!(value(object, "var.a"), "{p=1 q=d r=null}");
    assert_eq!(value("variable \"a\" {\n type = number\n default = \"x\"\n}", "var.a"), "?Wrong");
    assert_eq!(value("variable \"a\" {\n type = \"list\"\n default = [1]\n}", "var.a[0]"), "1");
    assert_eq!(value("variable \"a\" {\n type = \"string\"\n default = 1\n}", "var.a"), "1");
}

#[test]
fn null_is_a_value_unless_it_must_not_be() {
    let files = |nullable: &str| {
        let main = format!(
            "variable \"a\" {{\n  default = 1\n  {nullable}\n}}\nresource \"t_r\" \"r\" {{\n  v = var.a\n}}\n"
        );
        let call = "module \"m\" {\n  source = \"./m\"\n  a = null\n}\n";
        seen(&[("main.tf", call), ("m/main.tf", &main)]).lines.join("\n")
    };
    assert_eq!(files(""), "module.m.t_r.r v=null");
    assert_eq!(files("nullable = false"), "module.m.t_r.r v=1");
}

#[test]
fn references_lead_to_what_is_written_or_to_the_resource() {
    let beside = "resource \"t_a\" \"a\" {\n  x = 1\n  b { y = 2 }\n}\ndata \"t_d\" \"d\" { x = 3 }";
    assert_eq!(value(beside, "t_a.a.x"), "1");
    assert_eq!(value(beside, "t_a.a.id"), "<t_a.a|id>");
    assert_eq!(value(beside, "t_a.a.b[0].y"), "2");
    assert_eq!(value(beside, "t_a.a.b[0].z"), "<t_a.a|b[0].z>");
    assert_eq!(value(beside, "t_a.a.c[0].z"), "<t_a.a|c[0].z>");
    assert_eq!(value(beside, "data.t_d.d.x"), "3");
    assert_eq!(value(beside, "data.t_d.d.ids[0]"), "<data.t_d.d|ids[0]>");
    assert_eq!(value(beside, "t_a.none.id"), "?Wrong");
    assert_eq!(value(beside, "try(t_a.none.id, 5)"), "5");
    assert_eq!(value(beside, "\"${t_a.a.id}\""), "<t_a.a|id>");
    assert_eq!(value(beside, "\"x${t_a.a.id}\""), "?Computed");
}

#[test]
fn an_unknown_argument_is_an_attribute_of_its_resource_for_others() {
    let beside = "variable \"u\" {}\nresource \"t_a\" \"a\" { name = \"x-${var.u}\" }";
    assert_eq!(value(beside, "t_a.a.name"), "<t_a.a|name>");
    let seen = seen(&[("main.tf", beside)]);
    assert_eq!(seen.line("t_a.a"), "name=?Unset");
}

#[test]
fn local_values_are_found_wherever_they_stand() {
    let files = [
        ("a.tf", "locals { x = local.y + 1 }\nresource \"t_r\" \"r\" { v = local.x }\n"),
        ("b.tf", "locals { y = 1 }"),
    ];
    assert_eq!(seen(&files).lines, ["t_r.r v=2"]);
}

#[test]
fn what_needs_itself_is_told() {
    let text = "locals {\n  a = local.b\n  b = local.a\n}\nresource \"t_r\" \"r\" { v = local.a }\n";
    let seen_locals = seen(&[("main.tf", text)]);
    assert_eq!(
        (seen_locals.line("t_r.r"), seen_locals.codes.as_slice()),
        ("v=?Wrong", ["cyclic-reference"].as_slice())
    );
    let text = "resource \"t_r\" \"a\" { v = t_r.b.v }\nresource \"t_r\" \"b\" { v = t_r.a.v }\n";
    let seen_resources = seen(&[("main.tf", text)]);
    assert_eq!(seen_resources.codes, ["cyclic-reference"]);
    let text = "resource \"t_r\" \"a\" { v = t_r.a.id }\n";
    assert_eq!(seen(&[("main.tf", text)]).codes, ["cyclic-reference"]);
}

#[test]
fn names_that_may_stand_in_a_broken_place_are_not_wrong() {
    let text = "resource \"t_a\" \"a\" {\n  x = [\n}\nresource \"t_r\" \"r\" {\n  v = try(t_a.a.id, 5)\n}\n";
    let seen = seen(&[("main.tf", text)]);
    assert_eq!((seen.line("t_r.r"), seen.codes.as_slice()), ("v=?Wrong", ["malformed-hcl"].as_slice()));
}

#[test]
fn arguments_about_how_a_resource_is_made_are_left_out() {
    let text = "resource \"t_r\" \"r\" {\n  provider = t.x\n  depends_on = [t_r.z]\n  v = 1\n  lifecycle { ignore_changes = all }\n  \
                provisioner \"p\" { x = self.id }\n  connection { host = self.ip }\n  timeouts { create = \"1m\" }\n}\n";
    assert_eq!(seen(&[("main.tf", text)]).lines, ["t_r.r v=1"]);
}
