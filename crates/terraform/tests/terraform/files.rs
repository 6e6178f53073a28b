//! Files that expressions read.

use super::seen_with;

const MAIN: &str = "resource \"t_r\" \"r\" { v = file(\"${path.module}/x.txt\") }\n";

fn read(main: (&str, &str), beside: &[(&str, &str)]) -> (String, Vec<String>) {
    let seen = seen_with(&[main], &[], beside);
    (seen.lines.join("\n"), seen.wanted)
}

#[test]
fn files_of_the_module_are_read_and_asked_for() {
    assert_eq!(read(("a/main.tf", MAIN), &[("a/x.txt", "hello")]), ("t_r.r v=hello".to_owned(), vec![]));
    assert_eq!(read(("a/main.tf", MAIN), &[]), ("t_r.r v=?Existing".to_owned(), vec!["a/x.txt".to_owned()]));
}

#[test]
fn no_file_outside_of_the_modules_is_asked_for() {
    for path in ["/etc/passwd", "../x", "~/.ssh/id", "a/../../x", "${path.module}/../../x"] {
        let main = format!("resource \"t_r\" \"r\" {{ v = file(\"{path}\") }}\n");
        let (lines, wanted) = read(("a/main.tf", &main), &[("x", "secret")]);
        assert!(lines.starts_with("t_r.r v=?") && wanted.is_empty(), "{path} {lines} {wanted:?}");
    }
}

#[test]
fn templates_are_filled_in() {
    let main = "resource \"t_r\" \"r\" { v = templatefile(\"t.tpl\", { n = \"x\", l = [1, 2] }) }\n";
    let file = [("t.tpl", "a ${n}%{ for i in l } ${i}%{ endfor }")];
    assert_eq!(read(("main.tf", main), &file).0, "t_r.r v=a x 1 2");
}

#[test]
fn json_and_yaml_in_files_are_values() {
    let main = "locals { r = jsondecode(file(\"r.json\")) }\nresource \"t_r\" \"r\" {\n  for_each = { for r in local.r : r.name => r }\n  p = each.value.port\n}\n";
    let file = [("r.json", r#"[{"name": "a", "port": 22}, {"name": "b", "port": 80}]"#)];
    assert_eq!(read(("main.tf", main), &file).0, "t_r.r[\"a\"] p=22\nt_r.r[\"b\"] p=80");
}

#[test]
fn the_folder_of_a_file_that_is_named_is_asked_for_what_it_lacks() {
    let main = ("a/main.tf", "resource \"t_r\" \"r\" { v = var.x }\n");
    let seen = seen_with(&[main], &["a/main.tf"], &[]);
    assert_eq!((seen.lines, seen.wanted), (vec!["t_r.r v=?Wrong".to_owned()], vec!["a".to_owned()]));
    let more = ("a/variables.tf", "variable \"x\" { default = 1 }\n");
    let seen = seen_with(&[main], &["a/main.tf"], &[main, more]);
    assert_eq!((seen.lines, seen.codes.len()), (vec!["t_r.r v=1".to_owned()], 0));
    assert!(seen_with(&[("a/main.tf", main.1)], &[], &[]).wanted.is_empty());
}
