//! What would take too much is bounded, and told.

use super::seen;

fn ends(text: &str) -> super::Seen {
    seen(&[("main.tf", text)])
}

#[test]
fn a_huge_count_is_one_that_stands_for_all() {
    let seen = ends("resource \"t_r\" \"r\" {\n  count = 1000000000\n  v = count.index\n}\n");
    assert_eq!(seen.lines, ["~t_r.r v=?TooLarge"]);
    assert_eq!(ends("resource \"t_r\" \"r\" { count = -1 }\n").lines, ["~t_r.r "]);
    assert_eq!(
        ends("resource \"t_r\" \"r\" {\n  for_each = toset([for i in range(1000000) : tostring(i)])\n}\n")
            .lines
            .len(),
        1
    );
}

#[test]
fn deep_nesting_is_told() {
    let deep = |open: &str, close: &str| format!("x = {}1{}\n", open.repeat(100_000), close.repeat(100_000));
    for text in [
        deep("[", "]"),
        deep("(", ")"),
        deep("{a=", "}"),
        deep("-", ""),
        deep("!", ""),
        deep("\"${", "}\""),
        deep("1 ? 2 : ", ""),
        deep("f(", ")"),
        deep("1 + ", ""),
        deep("a[", "]"),
        deep("[for a in b : ", "]"),
    ] {
        let seen = ends(&text);
        assert!(seen.codes.contains(&"malformed-hcl"), "{}", &text[..40]);
    }
    assert!(ends(&"a {\n".repeat(100_000)).codes.contains(&"malformed-hcl"));
    assert!(ends(&format!("x = \"{}\"\n", "%{ if a }".repeat(100_000))).codes.contains(&"malformed-hcl"));
}

#[test]
fn long_chains_of_references_end() {
    let mut text = String::from("locals {\n  a0 = 1\n");
    for number in 1..5_000 {
        text.push_str(&format!("  a{number} = local.a{} + 1\n", number - 1));
    }
    text.push_str("}\nresource \"t_r\" \"r\" { v = local.a4999 }\n");
    let seen = ends(&text);
    assert!(seen.line("t_r.r").starts_with("v="));
}

#[test]
fn expressions_that_double_end() {
    let mut text = String::from("locals {\n  a0 = [1, 2]\n  s0 = \"xxxxxxxxxx\"\n");
    for number in 1..60 {
        text.push_str(&format!(
            "  a{number} = [local.a{0}, local.a{0}]\n  s{number} = \"${{local.s{0}}}${{local.s{0}}}\"\n",
            number - 1
        ));
    }
    text.push_str("}\nresource \"t_r\" \"r\" {\n  v = local.a59\n  s = local.s59\n}\n");
    let line = ends(&text).line("t_r.r").to_owned();
    assert!(
        line.starts_with("s=?TooLarge v=") && line.contains("?TooLarge]") && line.len() < 1_000,
        "{line}"
    );
}

#[test]
fn modules_that_multiply_end() {
    let call = |module: &str| format!("module \"m\" {{\n  source = \"{module}\"\n  count = 10\n}}\n");
    let calls: Vec<(String, String)> =
        (0..12).map(|number| (format!("m{number}/main.tf"), call(&format!("../m{}", number + 1)))).collect();
    let mut files: Vec<(&str, &str)> =
        calls.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    files.push(("m12/main.tf", "resource \"t_r\" \"r\" { count = 100 }\n"));
    assert!(seen(&files).codes.contains(&"too-large"));
}

#[test]
fn resources_that_multiply_end() {
    let many = "resource \"t_r\" \"NAME\" {\n  count = 10000\n}\n";
    let text: String = (0..20).map(|number| many.replace("NAME", &format!("r{number}"))).collect();
    let seen = ends(&text);
    assert!(seen.codes.contains(&"too-large") && seen.lines.len() <= 100_000);
}
