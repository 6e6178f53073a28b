//! Plans, as `terraform show -json` prints them: what resources will be, and what they are now.
//!
//! What is not known before it is made is not known here; what it refers to is found in the configuration that a plan
//! carries with it. Knows no type of resource.

mod change;
mod configuration;
mod reference;
mod unknown;

use std::collections::BTreeMap;

use cloud::json::{Node, Tree};
use cloud::{Declared, Document, Quoted, Reading};
use model::{Effect, Gap, Provenance};

use crate::Configuration;
use crate::broken;
use crate::member::{has_key, is_json, object, text, unwrapped};

pub(crate) use change::resources_of;

use change::Changes;
use configuration::Written;

/// Which of the two states that a plan leads from and to. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What is there now, as far as the plan knows it.
    Before,
    /// What will be there when it is carried out.
    After,
}

/// Whether a text is a plan.
#[must_use]
pub fn knows(text: &str) -> bool {
    is_json(text) && SIGNS.iter().any(|sign| has_key(text, sign))
}

/// The resources of the plans of a document, each plan for itself.
#[must_use]
pub fn read<'a>(document: &Document<'a>, side: Side) -> (Vec<Configuration<'a>>, Reading) {
    let (values, mut gaps) = broken::values(document);
    let plans = unwrapped(&values, |node| SIGNS.iter().any(|sign| node.own(sign).is_some()));
    let mut configurations = Vec::with_capacity(plans.len());
    for plan in plans {
        let place = place_of(document, plan.at);
        tell_of_plan(plan, place, &mut gaps);
        let mut reader = Reader { document, gaps: &mut gaps };
        configurations.push(Configuration {
            label: String::new(),
            documents: vec![(document.id, document.text)],
            resources: resources(plan, side, &mut reader),
        });
    }
    let format = (!configurations.is_empty()).then_some(FORMAT);
    (configurations, Reading { format, gaps, ..Reading::default() })
}

/// What reading a plan needs beside it.
struct Reader<'r, 'a> {
    document: &'r Document<'a>,
    gaps: &'r mut Vec<Gap>,
}

impl<'a> Reader<'_, 'a> {
    fn tell(&mut self, at: Option<&'a str>, code: &'static str, effect: Effect, message: String) {
        self.gaps.push(Gap::at(place_of(self.document, at), code, effect, message));
    }
}

fn resources<'a>(plan: &Node<'a>, side: Side, reader: &mut Reader<'_, 'a>) -> Vec<Declared<'a>> {
    let written = Written::of(plan);
    let changes = Changes::of(plan);
    let mut found: BTreeMap<String, Declared<'a>> = BTreeMap::new();
    for declared in changes.declared(side, &written, reader) {
        found.insert(declared.address.clone(), declared);
    }
    for declared in changes.beside(plan, side, &written, reader) {
        found.entry(declared.address.clone()).or_insert(declared);
    }
    found.into_values().collect()
}

/// What a plan says of itself.
fn tell_of_plan(plan: &Node<'_>, place: Provenance, gaps: &mut Vec<Gap>) {
    let version = text(plan, "format_version").unwrap_or("1.0");
    if !["0", "1"].contains(&version.split('.').next().unwrap_or_default()) {
        let message =
            format!("`format_version` is {}, expected 1: what is new in it is not read", Quoted(version));
        gaps.push(Gap::at(place, "unknown-version", Effect::Undecided, message));
    }
    if plan.own("errored") == Some(&Tree::Flag(true)) {
        let message = "the plan ended with an error: what comes behind it is not in the answer".to_owned();
        gaps.push(Gap::at(place, "incomplete-plan", Effect::Narrowed, message));
    }
    if plan.own("complete") == Some(&Tree::Flag(false)) {
        let message =
            "the plan is one of several steps: what the next ones make is not in the answer".to_owned();
        gaps.push(Gap::at(place, "incomplete-plan", Effect::Narrowed, message));
    }
    if object(plan, "configuration").is_none() && !broken::is_broken(plan) {
        let message =
            "the plan is without its `configuration`: what unknown values refer to is not known".to_owned();
        gaps.push(Gap::at(place, "missing-field", Effect::Undecided, message));
    }
}

fn place_of<'a>(document: &Document<'a>, at: Option<&'a str>) -> Provenance {
    let offset = at.and_then(|at| (at.as_ptr() as usize).checked_sub(document.text.as_ptr() as usize));
    let offset = offset.filter(|offset| *offset <= document.text.len()).unwrap_or(0);
    Provenance { document: document.id, offset: offset as u64 }
}

/// Keys that every plan has one of, and nothing else.
const SIGNS: [&str; 2] = ["resource_changes", "planned_values"];
const FORMAT: &str = "terraform/plan";
