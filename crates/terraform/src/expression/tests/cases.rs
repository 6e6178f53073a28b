//! The table of cases.

use super::super::evaluate;
use super::scope::Names;
use super::shown::shown;
use crate::syntax;

/// Every case of the table: an expression and what it comes to.
pub(super) fn cases() -> Vec<(&'static str, &'static str)> {
    let mut is_table = false;
    let mut cases = Vec::new();
    for line in include_str!("cases.md").lines() {
        if line.starts_with("```") {
            is_table = !is_table;
        } else if is_table {
            cases.push(line.rsplit_once(" => ").unwrap());
        }
    }
    cases
}

#[test]
#[expect(clippy::disallowed_macros, reason = "how many cases there are is told")]
fn expressions_come_to_what_was_worked_out() {
    let mut wrong = Vec::new();
    let cases = cases();
    for (text, expected) in &cases {
        let expression = match syntax::expression(text) {
            Ok(expression) => expression,
            Err(broken) => {
                wrong.push(format!("{text}\n  cannot be read: {broken:?}"));
                continue;
            }
        };
        let made = shown(&evaluate(&expression, &mut Names::new(100_000)));
        if made != *expected {
            wrong.push(format!("{text}\n  expected {expected}\n  made     {made}"));
        }
    }
    println!("{} cases", cases.len());
    assert!(wrong.is_empty(), "{} of {} cases differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    assert!(cases.len() >= 300, "{} cases", cases.len());
}

#[test]
fn heredocs_and_lines() {
    for (text, expected) in [
        ("<<EOT\na ${1}\n  b\nEOT\n", "a 1\n  b\n"),
        ("<<-EOT\n    a\n      b\n    EOT\n", "a\n  b\n"),
        ("<<EOT\n%{ for x in [1, 2] ~}\nn ${x}\n%{ endfor ~}\nEOT\n", "n 1\nn 2\n"),
        ("<<EOT\n{\"a\": \"\\n\"}\nEOT\n", "{\"a\": \"\\n\"}\n"),
    ] {
        let expression = syntax::expression(text).unwrap();
        let made = evaluate(&expression, &mut Names::new(10_000));
        assert_eq!(made.as_text().map(|text| text.to_string()).as_deref(), Some(expected), "{text}");
    }
    let lines = "[\n  1,\n  # two\n  2,\n]";
    assert_eq!(shown(&evaluate(&syntax::expression(lines).unwrap(), &mut Names::new(100))), "[1, 2]");
}

#[test]
fn values_stand_where_they_were_written() {
    let place = |text: &'static str, steps: &[usize]| {
        let expression = syntax::expression(text).unwrap();
        let mut value = evaluate(&expression, &mut Names::new(10_000));
        for step in steps {
            value = value.items().unwrap()[*step].clone();
        }
        value.at.unwrap()
    };
    // A member that is made of one that was written stands there.
    assert_eq!(place("[for r in [{p = 1}, {p = 2}] : {port = r.p}]", &[1]), "{p = 2}");
    assert_eq!(place("[for c in [\"10.0.0.0/8\"] : {cidr = c}]", &[0]), "\"10.0.0.0/8\"");
    // One that was written elsewhere stays there.
    assert_eq!(place("[for k in [\"a\"] : {a = {b = 1}}[k]]", &[0]), "\"a\"");
    assert_eq!(place("flatten([[{p = 1}], [{p = 2}]])", &[1]), "{p = 2}");
    assert_eq!(place("[merge({p = 1}, {q = 2})]", &[0]), "{q = 2}");
    assert_eq!(place("toset([{p = 1}])", &[0]), "{p = 1}");
}

#[test]
fn bombs_are_too_large() {
    for text in [
        "range(1e9)",
        "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a]]]",
        "join(\"\", [for a in range(1024) : format(\"%9999d\", a)])",
        "{for a in range(1000) : a => [for b in range(1000) : b]}",
        "setproduct(range(1000), range(1000), range(1000))",
        "pow(10, 200)",
        "1e400",
        "format(\"%99999999d\", 1)",
        "indent(100000000, \"a\\nb\")",
        "replace(join(\"\", [for a in range(1000) : \"aaaaaaaa\"]), \"a\", join(\"\", [for a in range(1000) : \"aaaaaaaaaa\"]))",
    ] {
        let expression = syntax::expression(text).unwrap();
        let made = evaluate(&expression, &mut Names::new(1_000_000));
        let cause =
            made.first_unknown().and_then(|unknown| unknown.as_unknown().map(|unknown| unknown.cause));
        assert!(
            matches!(cause, Some(cloud::json::Cause::TooLarge | cloud::json::Cause::Unsupported)),
            "{text}: {cause:?}"
        );
    }
}

#[test]
fn a_template_that_renders_itself_ends() {
    let run = || {
        let expression = syntax::expression("templatefile(\"endless.tftpl\", {})").unwrap();
        let made = evaluate(&expression, &mut Names::new(1_000_000));
        assert_eq!(shown(&made), "?too large");
    };
    // As much room as configurations have.
    std::thread::Builder::new().stack_size(64 << 20).spawn(run).unwrap().join().unwrap();
}
