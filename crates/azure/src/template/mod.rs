//! ARM templates: their expressions evaluated, their resources handed on as the REST interface would print them.
//!
//! Rooms: `text` and `sign` (JSON with comments), `value`, `expression` and `function` (the language), `deployment` (what is
//! declared). Knows nothing of what a resource means.

mod deployment;
mod expression;
mod function;
mod opaque;
mod sign;
mod text;
mod value;

use std::borrow::Cow;
use std::collections::BTreeMap;

use cloud::{Desk, Document, Quoted, Reading};
use model::{DocumentId, Effect, Gap, Provenance};

use crate::pool::Pool;
use crate::reader::{Remainder, Spelled, Statement, Take, read_made};
use crate::resource::Resource;

use deployment::{Content, Deployed, Root, Source};
use sign::Sign;
use value::Value;

/// A template.
const TEMPLATE: &str = "azure/arm-template";
/// Values for the parameters of a template.
const PARAMETERS: &str = "azure/arm-parameters";

/// Whether a document is a template, or gives one's parameters values.
pub(crate) fn is_template(document: &Document<'_>) -> bool {
    sign::sign(document.text).is_some()
}

/// Reads templates with their parameters; `take` gets each resource. One for each document.
pub(crate) fn read_together(documents: &[Document<'_>], pool: &mut Pool, take: Take<'_>) -> Vec<Remainder> {
    let cleaned: Vec<Cow<'_, str>> = documents.iter().map(|document| text::cleaned(document.text)).collect();
    let mut remainders: Vec<Remainder> = documents.iter().map(|_| nothing()).collect();
    let mut sources = Vec::with_capacity(documents.len());
    for ((document, text), remainder) in documents.iter().zip(&cleaned).zip(&mut remainders) {
        sources.push(source(document, text, &mut remainder.reading));
    }
    let (roots, alone) = deployment::roots(&sources, &linked(&sources, &cleaned));
    for position in alone {
        if let (Some(document), Some(remainder)) = (documents.get(position), remainders.get_mut(position)) {
            remainder.reading.gaps.push(without_template(document));
        }
    }
    let texts = documents.iter().zip(&cleaned).map(|(document, text)| (document.id, &**text));
    let mut beside: Vec<(DocumentId, &str)> = texts.collect();
    beside.sort_unstable_by_key(|(_, text)| text.as_ptr());
    let mut counts: BTreeMap<DocumentId, u64> = BTreeMap::new();
    let mut counting =
        |resource: Resource, statement: Statement, spelled: Spelled<'_>, gaps: &mut Vec<Gap>| {
            *counts.entry(resource.identity().read_at.0.document).or_default() += 1;
            take(resource, statement, spelled, gaps);
        };
    for (root, deployed) in roots.iter().zip(deployment::deploy(&sources, &roots)) {
        let (Some(document), Some(text)) = (documents.get(root.template), cleaned.get(root.template)) else {
            continue;
        };
        let mut gaps = Vec::new();
        let desk = Desk {
            document: document.id,
            text,
            beside: &beside,
            around: None,
            standing: None,
            gaps: &mut gaps,
        };
        let made = read_deployed(desk, deployed, pool, &mut counting);
        if let Some(remainder) = remainders.get_mut(root.template) {
            add(remainder, made, gaps);
        }
    }
    for (document, remainder) in documents.iter().zip(&mut remainders) {
        remainder.reading.resources = counts.get(&document.id).copied().unwrap_or_default();
    }
    remainders
}

fn nothing() -> Remainder {
    Remainder { reading: Reading::default(), catalogue: None, not_assessed: BTreeMap::new() }
}

/// Reads one document.
fn source<'a>(document: &Document<'a>, text: &'a str, reading: &mut Reading) -> Source<'a> {
    let nothing = Source { path: document.path, content: None };
    let Some(sign) = sign::sign(document.text) else { return nothing };
    reading.format = Some(match sign {
        Sign::Template => TEMPLATE,
        Sign::Parameters => PARAMETERS,
    });
    let (root, broken) = text::read(text);
    reading.gaps.extend(broken.map(|broken| document.malformed(&broken)));
    match (root, sign) {
        (Value::Object(root), Sign::Template) => Source { content: Some(Content::Template(root)), ..nothing },
        (Value::Object(root), Sign::Parameters) => {
            Source { content: Some(Content::Parameters(root)), ..nothing }
        }
        _ => nothing,
    }
}

/// The templates that others take in by links.
fn linked(sources: &[Source<'_>], texts: &[Cow<'_, str>]) -> Vec<usize> {
    let (roots, _) = deployment::roots(sources, &[]);
    let may_link = |root: &&Root| {
        let text = texts.get(root.template).map_or("", |text| &**text);
        memchr::memmem::find(text.as_bytes(), b"emplateLink").is_some()
    };
    roots.iter().filter(may_link).flat_map(|root| deployment::links(sources, root)).collect()
}

fn read_deployed<'a>(
    mut desk: Desk<'_, 'a>,
    deployed: Deployed<'a>,
    pool: &mut Pool,
    take: Take<'_>,
) -> Remainder {
    for told in deployed.told {
        let place = desk.place(told.at);
        desk.note(place, told.code, told.effect, told.message);
    }
    read_made(desk, deployed.nodes, pool, take)
}

/// Adds what one deployment of a template came to. Several of one template say many things alike: once is enough.
fn add(remainder: &mut Remainder, made: Remainder, gaps: Vec<Gap>) {
    for gap in gaps {
        if !remainder.reading.gaps.contains(&gap) {
            remainder.reading.gaps.push(gap);
        }
    }
    for (kind, count) in made.not_assessed {
        *remainder.not_assessed.entry(kind).or_default() += count;
    }
}

fn without_template(document: &Document<'_>) -> Gap {
    let place = Provenance { document: document.id, offset: 0 };
    let message = format!(
        "{}: the template whose parameters these are is not in the input, or more than one may be meant: name them alike",
        Quoted(document.path)
    );
    Gap::at(place, "missing-template", Effect::Narrowed, message)
}
