//! No text makes a panic or never ends.

use proptest::prelude::*;

use super::seen;

const SEEDS: [&str; 4] = [
    "variable \"a\" {\n  type = list(object({ p = number, q = optional(string) }))\n  default = [{ p = 22 }]\n}\nresource \"t_r\" \"r\" {\n  for_each = { for r in var.a : r.p => r }\n  dynamic \"b\" {\n    for_each = [each.value]\n    content { x = \"${b.value.p}-%{ if true }y%{ endif }\" }\n  }\n}\n",
    "module \"m\" {\n  source = \"./m\"\n  count = 2\n  x = count.index\n}\nlocals { y = module.m[*].z }\nresource \"t_r\" \"s\" {\n  v = try(local.y[0], null)\n  w = <<-EOT\n    a ${local.y[1]}\n  EOT\n}\n",
    "provider \"t\" { region = var.r }\ndata \"t_d\" \"d\" {}\nresource \"t_r\" \"u\" {\n  provider = t\n  count = data.t_d.d.n\n  v = data.t_d.d.ids[count.index]\n}\noutput \"z\" { value = t_r.u[*].id }\n",
    "locals {\n  a = merge({ b = 1 }, { for k in toset([\"x\"]) : k => upper(k) })\n  c = cidrsubnet(\"10.0.0.0/8\", 8, 2)\n}\nresource \"t_r\" \"v\" { v = [local.a, local.c, flatten([[1], 2])...] }\n",
];

fn damaged() -> impl Strategy<Value = String> {
    let bits = prop::sample::select(vec![
        "",
        "\n",
        "\"",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "=",
        ",",
        ".",
        "*",
        "${",
        "%{ for x in y }",
        "~",
        "\\",
        "<<E\n",
        "local.a",
        "each.value",
        "count.index",
        "module.m",
        "for_each = ",
        "count = 99999999",
        "dynamic \"b\" {",
        "null",
        "-",
        "!",
        "0",
        "...",
        "é",
        "\u{0}",
        "/*",
    ]);
    let edit = (any::<prop::sample::Index>(), 0..12usize, bits);
    (prop::sample::select(SEEDS.to_vec()), prop::collection::vec(edit, 0..6)).prop_map(|(seed, edits)| {
        let mut text: Vec<char> = seed.chars().collect();
        for (place, removed, bit) in edits {
            let start = place.index(text.len() + 1);
            let end = (start + removed).min(text.len());
            text.splice(start..end, bit.chars());
        }
        text.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_configurations_are_read_to_their_end(texts in prop::collection::vec(damaged(), 1..4), json in any::<bool>()) {
        let paths = ["main.tf", "m/main.tf", "terraform.tfvars"];
        let mut files: Vec<(&str, &str)> = paths.iter().zip(&texts).map(|(path, text)| (*path, text.as_str())).collect();
        if json {
            files.push(("x.tf.json", "{\"resource\": {\"t_r\": {\"j\": {\"v\": \"${local.a}\"}}}}"));
        }
        seen(&files);
    }

    #[test]
    fn any_text_is_read_to_its_end(text in "\\PC{0,200}", name in prop::sample::select(vec!["a.tf", "a.tf.json", "a.tfvars", "a.auto.tfvars.json"])) {
        seen(&[(name, &text)]);
    }
}
