//! Hearing the audit logs of Google Cloud: records in their containers, and what each operation edits.
//!
//! Knows no resource but by the spelling that exports have of it.
//!
//! `container` finds records, `envelope` says who and when and with which outcome, `operation` has the one table of methods,
//! `edits` what each does, `impairments` what is done to those who watch, `elsewhere` what is not modelled; `join` makes one
//! event of the entries of a long operation.

mod body;
mod call;
mod container;
mod edits;
mod elsewhere;
mod envelope;
mod impairments;
mod join;
mod method;
mod operation;
mod part;
mod record;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use cloud::audit::{Element, Heard, Trail};
use cloud::json::Tree;

use container::{FORMAT, Search};

use container::RECORD_KEYS;

/// How Google Cloud is heard.
pub(crate) const TRAIL: Trail = Trail { hear, join: join::join, record_keys: RECORD_KEYS, operations: names };

/// The names of all methods that are understood: the collection under the first of its names, and the verb.
fn names() -> Vec<&'static str> {
    static NAMES: OnceLock<BTreeSet<String>> = OnceLock::new();
    let names = NAMES.get_or_init(|| operation::names().chain(impairments::names()).collect());
    names.iter().map(String::as_str).collect()
}

fn hear(element: &Element<'_>) -> Heard {
    let mut heard = Heard::default();
    if is_plain_and_idle(element.text) {
        heard.format = Some(FORMAT);
        heard.records = 1;
        return heard;
    }
    if let Ok(tree) = serde_json::from_str::<Tree<'_>>(element.text) {
        let search = Search { text: element.text, at: element.at };
        search.visit(&tree, 0, &mut heard, &mut record::hear);
    }
    heard
}

/// Whether a text is one entry of a method that bears on nothing: nearly all are, and need no tree. The name of the method
/// is found by its key; whatever has none, or several that differ in that, is read whole.
fn is_plain_and_idle(text: &str) -> bool {
    let is_one = text.trim_start().starts_with('{')
        && text.matches("\"protoPayload\"").take(2).count() == 1
        // A value under an escaped key would be overlooked.
        && !text.contains("\\u");
    if !is_one {
        return false;
    }
    let mut names = text.split("\"methodName\"").skip(1).map(|rest| {
        let value = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
        value.split('"').next()
    });
    let mut is_any = false;
    let is_idle = names.all(|name| {
        is_any = true;
        name.is_some_and(|name| !name.contains('\\') && !record::bears_on_something(name))
    });
    is_any && is_idle
}
