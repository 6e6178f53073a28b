//! Folders, modules and their calls, providers.

use cloud::Document;
use model::DocumentId;
use terraform::Input;

use super::{keys, seen, seen_with};

const NET: &str = "variable \"cidr\" {}\nresource \"t_net\" \"n\" { cidr = var.cidr }\noutput \"id\" { value = t_net.n.id }\noutput \"cidr\" { value = var.cidr }\n";

#[test]
fn a_module_takes_arguments_and_has_outputs() {
    let main = "module \"net\" {\n  source = \"./net\"\n  cidr = \"10.0.0.0/8\"\n}\nresource \"t_r\" \"r\" {\n  v = module.net.id\n  w = module.net.cidr\n  z = module.net.none\n}\n";
    let seen = seen(&[("main.tf", main), ("net/main.tf", NET)]);
    assert_eq!(
        seen.lines,
        ["module.net.t_net.n cidr=10.0.0.0/8", "t_r.r v=<module.net.t_net.n|id> w=10.0.0.0/8 z=?Wrong"]
    );
    assert_eq!(seen.labels, [""]);
}

#[test]
fn modules_are_found_from_where_they_are_called() {
    let files = [
        ("live/prod/main.tf", "module \"a\" {\n  source = \"../../modules/a\"\n}\n"),
        ("modules/a/main.tf", "module \"b\" {\n  source = \"../b\"\n}\n"),
        ("modules/b/main.tf", "resource \"t_r\" \"r\" { v = path.module }\n"),
    ];
    let seen = seen(&files);
    assert_eq!(seen.lines, ["module.a.module.b.t_r.r v=../../modules/b"]);
}

#[test]
fn modules_are_repeated() {
    let main = "module \"n\" {\n  source = \"./net\"\n  for_each = { a = \"1\", b = \"2\" }\n  cidr = \"${each.key}${each.value}\"\n}\n\
                module \"c\" {\n  source = \"./net\"\n  count = 2\n  cidr = count.index\n}\n\
                resource \"t_r\" \"r\" {\n  v = module.n[\"b\"].cidr\n  w = module.c[1].cidr\n  x = module.c[*].id\n  y = { for k, m in module.n : k => m.cidr }\n}\n";
    let seen = seen(&[("main.tf", main), ("net/main.tf", NET)]);
    assert_eq!(seen.line("module.n[\"a\"].t_net.n"), "cidr=a1");
    assert_eq!(seen.line("module.c[1].t_net.n"), "cidr=1");
    assert_eq!(
        seen.line("t_r.r"),
        "v=b2 w=1 x=[<module.c[0].t_net.n|id>, <module.c[1].t_net.n|id>] y={a=a1 b=b2}"
    );
}

#[test]
fn how_often_a_module_is_called_may_not_be_known() {
    let main = "variable \"n\" {}\nmodule \"n\" {\n  source = \"./net\"\n  count = var.n\n  cidr = 1\n}\nresource \"t_r\" \"r\" {\n  v = module.n[0].id\n}\n";
    let seen = seen(&[("main.tf", main), ("net/main.tf", NET)]);
    assert_eq!(seen.lines, ["~module.n.t_net.n cidr=1", "t_r.r v=<module.n.t_net.n|id>"]);
}

#[test]
fn a_condition_leaves_modules_out() {
    let main = "module \"n\" {\n  source = \"./net\"\n  count = false ? 1 : 0\n  cidr = 1\n}\nresource \"t_r\" \"r\" {\n  v = try(module.n[0].id, \"none\")\n  w = one(module.n[*].id)\n}\n";
    let seen = seen(&[("main.tf", main), ("net/main.tf", NET)]);
    assert_eq!(seen.lines, ["t_r.r v=none w=null"]);
}

#[test]
fn outputs_of_a_module_that_is_not_there_are_not_known() {
    let main = "module \"vpc\" {\n  source = \"terraform-aws-modules/vpc/aws\"\n}\nmodule \"m\" {\n  source = \"../m\"\n}\nresource \"t_r\" \"r\" {\n  v = module.vpc.vpc_id\n  w = module.m.x\n}\n";
    let seen = seen(&[("a/main.tf", main)]);
    assert_eq!(seen.line("t_r.r"), "v=?Existing w=?Existing");
    assert_eq!(seen.codes, ["missing-module", "missing-module"]);
    assert!(seen.messages.iter().any(|message| message.contains("`terraform-aws-modules/vpc/aws`")));
    assert_eq!(seen.wanted, ["a/.terraform/modules/modules.json", "m"]);
}

#[test]
fn what_is_handed_in_beside_is_no_configuration_of_its_own() {
    let main = "module \"m\" {\n  source = \"../m\"\n}\n";
    let beside = [("m/main.tf", "resource \"t_r\" \"r\" {}\n")];
    let seen = seen_with(&[("a/main.tf", main)], &[], &beside);
    assert_eq!(
        (seen.lines, seen.labels.len(), seen.wanted.len()),
        (vec!["module.m.t_r.r ".to_owned()], 1, 0)
    );
}

#[test]
fn installed_modules_are_found_by_their_names() {
    let register = r#"{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"vpc","Source":"registry/vpc","Version":"1.0","Dir":".terraform/modules/vpc"},
        {"Key":"vpc.sub","Source":"git::x","Dir":".terraform/modules/vpc.sub/m"}]}"#;
    let files = [
        ("a/main.tf", "module \"vpc\" {\n  source = \"registry/vpc\"\n}\n"),
        ("a/.terraform/modules/modules.json", register),
        ("a/.terraform/modules/vpc/main.tf", "module \"sub\" {\n  source = \"git::x\"\n}\n"),
        ("a/.terraform/modules/vpc/examples/e/main.tf", "resource \"t_r\" \"no\" {}\n"),
        ("a/.terraform/modules/vpc.sub/m/main.tf", "resource \"t_r\" \"r\" {}\n"),
    ];
    let seen = seen(&files);
    assert_eq!((seen.lines, seen.codes.len()), (vec!["module.vpc.module.sub.t_r.r ".to_owned()], 0));
}

#[test]
fn folders_that_nobody_calls_are_configurations() {
    let files = [
        ("x/one/main.tf", "resource \"t_r\" \"r\" { v = 1 }\n"),
        ("x/two/main.tf", "resource \"t_r\" \"r\" { v = 2 }\n"),
        ("x/two/more.tf", "resource \"t_r\" \"s\" { v = t_r.r.v }\n"),
        ("x/v1.2/main.tf", "resource \"t_r\" \"r\" { v = 3 }\n"),
        ("x/v1.3/main.tf", "resource \"t_r\" \"r\" { v = 4 }\n"),
    ];
    let seen = seen(&files);
    assert_eq!(seen.labels, ["one", "two", "v1.2", "v1.3"]);
    assert_eq!(seen.lines[..3], ["one:t_r.r v=1", "two:t_r.r v=2", "two:t_r.s v=2"]);
}

#[test]
fn modules_that_call_each_other_end() {
    let files = [
        ("a/main.tf", "module \"b\" {\n  source = \"../b\"\n}\nresource \"t_r\" \"a\" {}\n"),
        ("b/main.tf", "module \"a\" {\n  source = \"../a\"\n}\nresource \"t_r\" \"b\" {}\n"),
    ];
    let seen = seen(&files);
    assert_eq!(
        (seen.lines, seen.codes),
        (vec!["module.b.t_r.b ".to_owned(), "t_r.a ".to_owned()], vec!["cyclic-reference"])
    );
}

#[test]
fn the_source_has_to_be_known() {
    let seen = seen(&[("main.tf", "variable \"s\" {}\nmodule \"m\" {\n  source = var.s\n}\n")]);
    assert_eq!(seen.codes, ["missing-module"]);
}

fn providers(files: &[(&str, &str)]) -> Vec<String> {
    let inputs: Vec<Input<'_>> = files
        .iter()
        .enumerate()
        .map(|(number, (path, text))| Input {
            document: Document { id: DocumentId(number as u32), path, text },
            named: false,
        })
        .collect();
    let evaluated = terraform::evaluate(&inputs, &[]);
    let of = |declared: &cloud::Declared<'_>| format!("{} {}", declared.address, keys(&declared.provider));
    evaluated.configurations.iter().flat_map(|configuration| configuration.resources.iter().map(of)).collect()
}

#[test]
fn a_resource_has_the_configuration_of_its_provider() {
    let main = "variable \"r\" { default = \"eu\" }\nprovider \"t\" { region = var.r }\nprovider \"t\" {\n  alias = \"us\"\n  region = \"us\"\n}\n\
                resource \"t_r\" \"a\" {}\nresource \"t_r\" \"b\" { provider = t.us }\nresource \"t_r\" \"c\" { provider = \"t.us\" }\nresource \"u_r\" \"d\" {}\n";
    assert_eq!(
        providers(&[("main.tf", main)]),
        ["t_r.a region=eu", "t_r.b alias=us region=us", "t_r.c alias=us region=us", "u_r.d "]
    );
}

#[test]
fn modules_have_the_provider_of_their_caller() {
    let main = "provider \"t\" { region = \"eu\" }\nprovider \"t\" {\n  alias = \"us\"\n  region = \"us\"\n}\nmodule \"m\" {\n  source = \"./m\"\n}\n\
                module \"n\" {\n  source = \"./m\"\n  providers = { t = t.us }\n}\nmodule \"o\" {\n  source = \"./o\"\n  providers = { t.x = t.us }\n}\n";
    let files = [
        ("main.tf", main),
        ("m/main.tf", "resource \"t_r\" \"r\" {}\n"),
        ("o/main.tf", "resource \"t_r\" \"r\" { provider = t.x }\n"),
    ];
    assert_eq!(
        providers(&files),
        [
            "module.m.t_r.r region=eu",
            "module.n.t_r.r alias=us region=us",
            "module.o.t_r.r alias=us region=us"
        ]
    );
}
