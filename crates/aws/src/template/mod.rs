//! CloudFormation templates: their expressions evaluated, their resources declared as Terraform would declare them, so that
//! `declared` writes both as exports spell them.
//!
//! Rooms: `text`, `yaml`, `scalar` (what is written), `run`, `stack`, `evaluate`, `functions` (what it comes to), `twin`,
//! `shape` (what each type is in Terraform). Knows no meaning of any resource.

mod answer;
mod cidr;
mod collect;
mod condition;
mod equal;
mod evaluate;
mod exports;
mod for_each;
mod functions;
mod json_text;
mod parameter;
mod parameter_file;
mod properties;
mod pseudo;
mod run;
mod scalar;
mod sections;
mod shape;
mod stack;
mod substitute;
#[cfg(test)]
mod tests;
mod text;
mod twin;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};

use cloud::json::Tree;
use cloud::{Declarations, Desk, Document, Pool, Presence, Quoted, labels};
use model::{DocumentId, Effect, Gap, Provenance};

use crate::declared::{self, Lowered};
use crate::wire::{Beside, Made, Remainder, Take, read_made};

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
    let texts: Vec<Option<String>> = documents.iter().map(|document| answer::text(document.text)).collect();
    let bodies = documents.iter().zip(&texts);
    let documents: Vec<Document<'_>> = bodies
        .map(|(document, text)| Document { text: text.as_deref().unwrap_or(document.text), ..*document })
        .collect();
    read_all(&documents, pool, take)
}

/// Reads templates whose texts are all that they are.
fn read_all(documents: &[Document<'_>], pool: &mut Pool, take: Take<'_>) -> Vec<Remainder> {
    let mut remainders: Vec<Remainder> = documents.iter().map(|_| Remainder::of_format(FORMAT)).collect();
    let mut gaps = Vec::new();
    let run = Run::new(sources(documents, &mut gaps));
    let mut places: Vec<_> = run.sources.iter().map(|one| (one.document.id, one.document.text)).collect();
    places.sort_by_key(|(_, text)| text.as_ptr());
    let outermost = outermost(&run);
    let paths: Vec<&str> =
        outermost.iter().filter_map(|place| run.sources.get(*place)).map(|one| one.document.path).collect();
    let labels = labels(&paths);
    let stacks = || -> Vec<Stack<'_, '_>> {
        let sources = outermost.iter().filter_map(|place| run.sources.get(*place));
        sources.zip(&labels).map(|(source, label)| Stack::outermost(&run, source, label)).collect()
    };
    exports::note(&run, &stacks);
    let mut collected = Collected::default();
    for stack in stacks() {
        collected.add(&stack, Presence::Certain);
    }
    let Collected { declared, beside } = collected;
    // One configuration: stacks refer to each other. Labels stand in the addresses.
    let declarations = Declarations { documents: &places, label: "", resources: &declared };
    let lowered =
        Desk::beside(&places, &mut gaps).map(|mut desk| declared::lowered(&declarations, &mut desk));
    let Lowered { made, beside: more } = lowered.unwrap_or_default();
    for (own, part) in parts(&places, made, beside.into_iter().chain(more)) {
        let Some(desk) = Desk::beside(&places, &mut gaps) else { continue };
        let read = read_made(desk, part.made, &part.beside, pool, &mut *take);
        let own = documents.iter().position(|document| Some(document.id) == own);
        if let Some(remainder) = remainders.get_mut(own.unwrap_or(0)) {
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

/// What is declared, by the document that it is written in.
fn parts<'a>(
    places: &[(DocumentId, &str)],
    made: Vec<Made<'a>>,
    beside: impl Iterator<Item = Beside<'a>>,
) -> BTreeMap<Option<DocumentId>, Lowered<'a>> {
    let mut parts: BTreeMap<Option<DocumentId>, Lowered<'a>> = BTreeMap::new();
    for one in made {
        parts.entry(owner(places, one.node.at)).or_default().made.push(one);
    }
    for one in beside {
        parts.entry(owner(places, one.at)).or_default().beside.push(one);
    }
    parts
}

/// The document that a piece is of.
fn owner(places: &[(DocumentId, &str)], at: Option<&str>) -> Option<DocumentId> {
    let at = at?.as_ptr();
    let (id, _) = places.get(places.partition_point(|(_, text)| text.as_ptr() <= at).checked_sub(1)?)?;
    Some(*id)
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
fn nested<'a>(run: &Run<'a>, source: &Source<'a>) -> BTreeSet<usize> {
    let stack = Stack::outermost(run, source, "");
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
