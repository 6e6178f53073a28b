//! Expressions against results that were worked out by hand, and laws that hold for every expression.

mod laws;

use cloud::Document;
use cloud::json::{Cause, Tree};
use model::DocumentId;

use super::parameter_file::Given;
use super::run::{Run, Source};
use super::stack::Stack;
use super::{text, yaml};

const TEMPLATE: &str = include_str!("template.yaml");

/// The run of a template.
pub(super) fn run_of(template: &str) -> Run<'_> {
    let document = Document { id: DocumentId(0), path: "stack.yaml", text: template };
    let Ok(Tree::Object(root)) = text::tree(&document) else { panic!("no template") };
    let given = Given::from([("Given".to_owned(), Tree::Text("from a file".into()))]);
    Run::new(vec![Source { document, root, given }])
}

fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Unset => "unset",
        Cause::Existing => "existing",
        Cause::Computed => "computed",
        Cause::Changing => "changing",
        Cause::Unsupported => "unsupported",
        Cause::Wrong => "wrong",
        Cause::TooLarge => "too-large",
    }
}

/// A value as the tables have it.
pub(super) fn shown(tree: &Tree<'_>) -> String {
    match tree {
        Tree::Null => "null".to_owned(),
        Tree::Flag(flag) => flag.to_string(),
        Tree::Text(text) => serde_json::to_string(&**text).unwrap(),
        Tree::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(",")),
        Tree::Object(node) => {
            let entry = |(key, value): &(std::borrow::Cow<'_, str>, Tree<'_>)| {
                format!("{}:{}", serde_json::to_string(&**key).unwrap(), shown(value))
            };
            format!("{{{}}}", node.entries().iter().map(entry).collect::<Vec<_>>().join(","))
        }
        Tree::Unknown(unknown) => match &unknown.refers {
            Some(refers) => format!("ref({}.{})", refers.address, refers.attribute),
            None => format!("unknown({})", cause(unknown.cause)),
        },
    }
}

fn cases(table: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines = table.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(|line| line.rsplit_once(" => ").unwrap_or_else(|| panic!("{line}")))
}

#[test]
#[expect(clippy::disallowed_macros, reason = "a proof says how much it covers")]
fn values_are_what_was_worked_out() {
    let run = run_of(TEMPLATE);
    let stack = Stack::outermost(&run, &run.sources[0], "");
    let mut wrong = Vec::new();
    let mut count = 0;
    for (written, expected) in cases(include_str!("values.txt")) {
        let tree = yaml::read(written).unwrap_or_else(|broken| panic!("{written}: {broken:?}"));
        let value = stack.value(&tree).map_or_else(|| "nothing".to_owned(), |value| shown(&value));
        count += 1;
        if value != expected {
            wrong.push(format!("{written}\n  expected {expected}\n  is       {value}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {count} differ\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 300, "{count} cases");
    println!("{count} values worked out by hand");
}

#[test]
#[expect(clippy::disallowed_macros, reason = "a proof says how much it covers")]
fn conditions_are_what_was_worked_out() {
    let table = include_str!("conditions.txt");
    let mut wrong = Vec::new();
    let mut count = 0;
    for (written, expected) in cases(table) {
        count += 1;
        let template = TEMPLATE.replace("Conditions:\n", &format!("Conditions:\n  Asked: {written}\n"));
        let run = run_of(&template);
        let stack = Stack::outermost(&run, &run.sources[0], "");
        let truth = match stack.holds(&Tree::Text("Asked".into())) {
            Some(true) => "yes",
            Some(false) => "no",
            None => "unknown",
        };
        if truth != expected {
            wrong.push(format!("{written}\n  expected {expected}\n  is       {truth}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {count} differ\n{}", wrong.len(), wrong.join("\n"));
    println!("{count} conditions worked out by hand");
}
