//! What configurations of Terraform come to, one file for each subject.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod bounds;
mod damage;
mod files;
mod modules;
mod overrides;
mod recognised;
mod repeated;
mod values;
mod written;

use cloud::json::{Node, Tree};
use cloud::{Document, Presence};
use model::DocumentId;
use terraform::{Evaluated, Input};

/// Everything about a run that tests look at.
struct Seen {
    /// A line for each resource: `label/address key=value …`, with `~` before what is perhaps there.
    lines: Vec<String>,
    /// The codes of gaps, in order.
    codes: Vec<&'static str>,
    messages: Vec<String>,
    wanted: Vec<String>,
    labels: Vec<String>,
}

impl Seen {
    /// The line of a resource, without its address.
    fn line(&self, address: &str) -> &str {
        let found = self.lines.iter().find_map(|line| line.strip_prefix(address)?.strip_prefix(' '));
        found.unwrap_or_else(|| panic!("no {address} in {:#?}", self.lines))
    }
}

/// Evaluates files that were found in folders.
fn seen(files: &[(&str, &str)]) -> Seen {
    seen_with(files, &[], &[])
}

/// Evaluates files, some of which the user named, with others beside.
fn seen_with(files: &[(&str, &str)], named: &[&str], beside: &[(&str, &str)]) -> Seen {
    let document = |(number, (path, text)): (usize, &(&'static str, &'static str))| Document {
        id: DocumentId(number as u32),
        path,
        text,
    };
    // Texts of tests are short: they may stay.
    let owned = |files: &[(&str, &str)]| -> Vec<(&'static str, &'static str)> {
        let leak = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
        files.iter().map(|(path, text)| (leak(path), leak(text))).collect()
    };
    let (files, beside) = (owned(files), owned(beside));
    let inputs: Vec<Input<'_>> = files
        .iter()
        .enumerate()
        .map(document)
        .filter(|document| terraform::knows(document))
        .map(|document| Input { document, named: named.contains(&document.path) })
        .collect();
    let beside: Vec<Document<'_>> =
        beside.iter().enumerate().map(|(number, file)| document((number + files.len(), file))).collect();
    let evaluated = terraform::evaluate(&inputs, &beside);
    assert_eq!(evaluated.readings.len(), inputs.len() + beside.len());
    shown(&evaluated)
}

fn shown(evaluated: &Evaluated<'_>) -> Seen {
    let mut lines = Vec::new();
    for configuration in &evaluated.configurations {
        for declared in &configuration.resources {
            let perhaps = if declared.presence == Presence::Perhaps { "~" } else { "" };
            let label = match configuration.label.as_str() {
                "" => String::new(),
                label => format!("{label}:"),
            };
            lines.push(format!("{perhaps}{label}{} {}", declared.address, keys(&declared.attributes)));
        }
    }
    let gaps = || evaluated.readings.iter().flat_map(|reading| &reading.gaps);
    Seen {
        lines,
        codes: gaps().map(|gap| gap.code).collect(),
        messages: gaps().map(|gap| gap.message.clone()).collect(),
        wanted: evaluated.wanted.clone(),
        labels: evaluated.configurations.iter().map(|configuration| configuration.label.clone()).collect(),
    }
}

fn keys(node: &Node<'_>) -> String {
    let entries: Vec<String> =
        node.entries().iter().map(|(key, value)| format!("{key}={}", value_of(value))).collect();
    entries.join(" ")
}

fn value_of(value: &Tree<'_>) -> String {
    match value {
        Tree::Null => "null".into(),
        Tree::Flag(flag) => flag.to_string(),
        Tree::Text(text) => text.to_string(),
        Tree::List(items) => format!("[{}]", items.iter().map(value_of).collect::<Vec<_>>().join(", ")),
        Tree::Object(node) => format!("{{{}}}", keys(node)),
        Tree::Unknown(unknown) => match &unknown.refers {
            Some(to) => format!("<{}|{}>", to.address, to.attribute),
            None => format!("?{:?}", unknown.cause),
        },
    }
}

/// What `resource "t_r" "r" { v = … }` has as `v`, with these blocks beside.
fn value(beside: &str, expression: &str) -> String {
    let text = format!("{beside}\nresource \"t_r\" \"r\" {{\n  v = {expression}\n}}\n");
    let seen = seen(&[("main.tf", &text)]);
    assert!(seen.codes.is_empty(), "{:?}", seen.messages);
    seen.line("t_r.r").strip_prefix("v=").unwrap().to_owned()
}
