//! CloudFormation templates: their expressions evaluated, their resources declared as Terraform would declare them, so that
//! `declared` writes both as exports spell them.
//!
//! Rooms: `text`, `yaml`, `scalar` (what is written), `run`, `stack`, `evaluate`, `functions` (what it comes to), `twin`,
//! `shape` (what each type is in Terraform). Knows no meaning of any resource.

mod cidr;
mod collect;
mod condition;
mod equal;
mod evaluate;
mod for_each;
mod functions;
mod json_text;
mod parameter;
mod parameter_file;
mod pseudo;
mod run;
mod scalar;
mod shape;
mod stack;
mod substitute;
#[cfg(test)]
mod tests;
mod text;
mod twin;
mod yaml;

use std::collections::BTreeSet;

use cloud::json::Tree;
use cloud::{Declarations, Desk, Document, Pool, Presence, Quoted, labels};
use model::{Effect, Gap, Provenance};

use crate::declared::{self, Lowered};
use crate::wire::{Remainder, Take, read_made};

use collect::Collected;
use parameter_file::{Given, given, is_for, together};
use run::{Run, Source};
use stack::Stack;
use text::Role;

/// Whether a document is a template of CloudFormation, or gives the parameters of one values.
pub(crate) fn is_template(document: &Document<'_>) -> bool {
    text::role(document).is_some()
}

/// Reads templates; `take` gets each resource. What was left for each document, in their order.
pub(crate) fn read_together(documents: &[Document<'_>], pool: &mut Pool, take: Take<'_>) -> Vec<Remainder> {
    let mut remainders: Vec<Remainder> = documents.iter().map(|_| Remainder::of_format(FORMAT)).collect();
    let mut gaps = Vec::new();
    let run = Run::new(sources(documents, &mut gaps));
    let mut places: Vec<_> = run.sources.iter().map(|one| (one.document.id, one.document.text)).collect();
    places.sort_by_key(|(_, text)| text.as_ptr());
    let outermost = outermost(&run);
    let paths: Vec<&str> =
        outermost.iter().filter_map(|place| run.sources.get(*place)).map(|one| one.document.path).collect();
    for (label, source) in
        labels(&paths).iter().zip(outermost.iter().filter_map(|place| run.sources.get(*place)))
    {
        let mut collected = Collected::default();
        collected.add(&Stack::outermost(&run, source), Presence::Certain);
        let Collected { declared, beside } = collected;
        let declarations = Declarations { documents: &places, label, resources: &declared };
        let Some(mut desk) = Desk::beside(&places, &mut gaps) else { continue };
        let lowered = declared::lowered(&declarations, &mut desk);
        let Lowered { made, beside: more } = lowered;
        let others: Vec<_> = beside.into_iter().chain(more).collect();
        let read = read_made(desk, made, &others, pool, &mut *take);
        let own = documents.iter().position(|document| document.id == source.document.id);
        if let Some(remainder) = own.and_then(|own| remainders.get_mut(own)) {
            remainder.add(read);
        }
    }
    if run.is_spent() {
        gaps.extend(run.sources.first().map(too_large));
    }
    gaps.extend(run.into_gaps());
    for gap in gaps {
        let own = documents.iter().position(|document| Some(document.id) == gap.document);
        if let Some(remainder) = remainders.get_mut(own.unwrap_or(0)) {
            remainder.reading.gaps.push(gap);
        }
    }
    remainders
}

/// The templates among the documents, each with the values that files of parameters give it.
fn sources<'a>(documents: &[Document<'a>], gaps: &mut Vec<Gap>) -> Vec<Source<'a>> {
    let (mut templates, mut files) = (Vec::new(), Vec::new());
    for document in documents {
        let tree = match text::tree(document) {
            Ok(tree) => tree,
            Err(gap) => {
                gaps.push(gap);
                continue;
            }
        };
        match (text::role(document), tree) {
            (Some(Role::Parameters), tree) => files.push((*document, given(tree))),
            (_, Tree::Object(root)) => {
                templates.push(Source { document: *document, root, given: Given::new() })
            }
            (_, _) => gaps.push(no_object(document)),
        }
    }
    let paths: Vec<&str> = templates.iter().map(|template| template.document.path).collect();
    let mut used = BTreeSet::new();
    for template in &mut templates {
        let own = files.iter().filter(|(file, _)| is_for(file.path, template.document.path, &paths));
        let own: Vec<_> = own.collect();
        used.extend(own.iter().map(|(file, _)| file.id));
        template.given = together(&own.iter().map(|(_, given)| given).collect::<Vec<_>>());
    }
    gaps.extend(files.iter().filter(|(file, _)| !used.contains(&file.id)).map(|(file, _)| unused(file)));
    templates
}

/// The templates that no other nests; of those that nest each other one.
fn outermost(run: &Run<'_>) -> Vec<usize> {
    let nests: Vec<BTreeSet<usize>> = run.sources.iter().map(|source| nested(run, source)).collect();
    let is_nested =
        |place: usize| nests.iter().enumerate().any(|(own, nests)| own != place && nests.contains(&place));
    let mut reached = BTreeSet::new();
    let mut outermost = Vec::new();
    let first = (0..nests.len()).filter(|place| !is_nested(*place));
    for place in first.chain(0..nests.len()) {
        if reached.contains(&place) {
            continue;
        }
        outermost.push(place);
        let mut open = vec![place];
        while let Some(place) = open.pop() {
            if reached.insert(place) {
                open.extend(nests.get(place).into_iter().flatten());
            }
        }
    }
    outermost.sort_unstable();
    outermost
}

/// The templates that one nests.
fn nested(run: &Run<'_>, source: &Source<'_>) -> BTreeSet<usize> {
    let stack = Stack::outermost(run, source);
    let resources = text::section(&stack.root, "Resources");
    let bodies = resources.into_iter().flat_map(|resources| resources.entries());
    let path = |body: &Tree<'_>| {
        let Tree::Object(body) = body else { return None };
        let url = stack::template_of(body).filter(|_| twin::is_stack(stack::kind_of(body)))?;
        match url {
            Tree::Text(path) => run.find(source.document.path, path),
            Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => None,
        }
    };
    bodies.filter_map(|(_, body)| path(body)).collect()
}

fn no_object(document: &Document<'_>) -> Gap {
    let message = format!("{}: no object, expected a template: it is not read", Quoted(document.path));
    let provenance = Provenance { document: document.id, offset: 0 };
    Gap::at(provenance, "unexpected-type", Effect::Skipped, message)
}

fn unused(document: &Document<'_>) -> Gap {
    let path = Quoted(document.path);
    let message = format!("{path}: values of parameters, and no template that they are for is in the input");
    let provenance = Provenance { document: document.id, offset: 0 };
    Gap::at(provenance, "missing-template", Effect::Skipped, message)
}

fn too_large(source: &Source<'_>) -> Gap {
    let message =
        "evaluating the templates takes more than it may: some of their values are not known".to_owned();
    Gap::at(source.place(None), "too-large", Effect::Undecided, message)
}

const FORMAT: &str = "aws/cloudformation";
