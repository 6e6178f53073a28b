//! Configurations: which folders one begins in, and everything that each of them comes to.

use std::collections::{BTreeMap, BTreeSet};

use cloud::{Document, Quoted};
use model::{DocumentId, Effect, Gap, Provenance};

use crate::library::{Library, Values};
use crate::module::Module;
use crate::paths::{folder, joined};
use crate::recognise::Kind;
use crate::run::{Run, is_local};
use crate::{Configuration, Evaluated, Input, plan, state};

/// Everything that documents come to.
pub(crate) fn evaluated<'a>(inputs: &[Input<'a>], beside: &[Document<'a>]) -> Evaluated<'a> {
    let mut library = Library::of(inputs, beside);
    let mut configurations: Vec<(String, Configuration<'a>)> = Vec::new();
    let mut gaps: Vec<Gap> = Vec::new();
    let mut wanted = BTreeSet::new();
    let documents = documents(inputs, beside);
    let roots = roots(&library);
    for root in &roots {
        let Some(module) = library.modules.get(root) else { continue };
        let values = values(&library, &roots, root);
        gaps.extend(left_out(&library, module, root, &values));
        let outcome = Run::new(&library, module, &documents).finish(&values);
        // What two configurations call is told once.
        gaps.extend(outcome.gaps.into_iter().filter(|gap| !gaps.contains(gap)).collect::<Vec<_>>());
        wanted.extend(outcome.wanted);
        let configuration =
            Configuration { label: String::new(), documents: outcome.documents, resources: outcome.declared };
        configurations.push((root.clone(), configuration));
    }
    for (kind, document) in std::mem::take(&mut library.finished) {
        let (made, reading) = match kind {
            Kind::Plan => plan::read(&document, plan::Side::After),
            _ => state::read(&document),
        };
        configurations.extend(made.into_iter().map(|made| (document.path.to_owned(), made)));
        gaps.extend(reading.gaps);
    }
    library.tell(inputs, beside, gaps);
    Evaluated {
        configurations: labelled(configurations),
        readings: library.readings,
        wanted: wanted.into_iter().collect(),
    }
}

/// All documents, sorted by where their texts lie in memory.
fn documents<'a>(inputs: &[Input<'a>], beside: &[Document<'a>]) -> Vec<(DocumentId, &'a str)> {
    let inputs = inputs.iter().map(|input| &input.document);
    let mut documents: Vec<_> = inputs.chain(beside).map(|document| (document.id, document.text)).collect();
    documents.sort_by_key(|(_, text)| text.as_ptr());
    documents
}

/// Gives configurations what tells them from each other.
fn labelled<'a>(configurations: Vec<(String, Configuration<'a>)>) -> Vec<Configuration<'a>> {
    // A dot in the name of a folder begins no extension.
    let paths: Vec<String> = configurations
        .iter()
        .map(|(path, _)| if path.contains('.') { format!("{path}/.") } else { path.clone() })
        .collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let labels = cloud::labels(&paths);
    let labelled = configurations.into_iter().zip(labels).map(|((_, configuration), label)| {
        let label = label.strip_suffix("/.").unwrap_or(&label).to_owned();
        Configuration { label, ..configuration }
    });
    labelled.collect()
}

/// The folders that nothing in the input calls; where all of a few call each other, the first of them.
fn roots(library: &Library<'_>) -> Vec<String> {
    let calls: BTreeMap<&str, BTreeSet<String>> =
        library.modules.values().map(|module| (module.folder.as_str(), called(library, module))).collect();
    let called: BTreeSet<&str> = calls
        .iter()
        .flat_map(|(caller, called)| called.iter().map(String::as_str).filter(move |called| called != caller))
        .collect();
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    let mut roots = Vec::new();
    let begins = || library.begins.iter().filter(|folder| !is_installed(library, folder));
    let uncalled = begins().filter(|folder| !called.contains(folder.as_str()));
    for root in uncalled.chain(begins()) {
        if !reached.contains(root.as_str()) {
            roots.push(root.clone());
            reach(root, &calls, &mut reached);
        }
    }
    roots.sort();
    roots
}

fn reach<'c>(from: &'c str, calls: &'c BTreeMap<&str, BTreeSet<String>>, reached: &mut BTreeSet<&'c str>) {
    let mut next = vec![from];
    while let Some(folder) = next.pop() {
        if reached.insert(folder) {
            next.extend(calls.get(folder).into_iter().flatten().map(String::as_str));
        }
    }
}

/// The folders of the input that a module calls.
fn called(library: &Library<'_>, module: &Module<'_>) -> BTreeSet<String> {
    let local = module.calls.values().filter_map(|call| call.body.value("source")?.literal());
    let local = local.filter(|source| is_local(source)).map(|source| joined(&module.folder, source));
    let installed =
        library.registers.get(&module.folder).into_iter().flat_map(|register| register.values().cloned());
    let called = local.chain(installed).filter(|folder| library.modules.contains_key(folder));
    called.collect()
}

/// Whether a folder lies where modules are installed for a configuration that is in the input.
fn is_installed(library: &Library<'_>, folder: &str) -> bool {
    let around = format!("/{folder}/");
    let Some((above, _)) = around.split_once("/.terraform/") else { return false };
    let above = above.strip_prefix('/').unwrap_or(above);
    library.begins.contains(above)
}

/// The values that a configuration is given, those that count later behind the others.
fn values<'l, 'a>(library: &'l Library<'a>, roots: &[String], root: &str) -> Vec<&'l Values<'a>> {
    let own = library.values.get(root).into_iter().flatten();
    let automatic = own.clone().filter(|values| values.is_automatic);
    let named =
        library.values.iter().flat_map(|(folder, values)| values.iter().map(move |values| (folder, values)));
    let named = named.filter(|(_, values)| values.is_named && !values.is_automatic);
    let named = named.filter(|(folder, _)| is_for(roots, folder, root)).map(|(_, values)| values);
    automatic.chain(named).collect()
}

/// What is told of the values that lie beside a configuration and are not taken, as nobody named a file of them, where
/// they are others than those that count.
fn left_out<'a>(library: &Library<'a>, module: &Module<'a>, root: &str, taken: &[&Values<'a>]) -> Vec<Gap> {
    if taken.iter().any(|values| values.is_named) {
        return Vec::new();
    }
    let counts = |name: &str| {
        let given = taken.iter().rev().find_map(|values| values.body.value(name));
        given.or_else(|| module.variables.get(name).and_then(|variable| variable.body.value("default")))
    };
    let is_other = |values: &&Values<'a>| {
        let mut own = values.body.attributes.iter();
        own.any(|own| {
            let known = counts(&own.name).map(|value| value.at);
            module.variables.contains_key(&*own.name) && known != Some(own.value.at)
        })
    };
    let beside = library.values.get(root).into_iter().flatten();
    let left = beside.filter(|values| !values.is_automatic && !values.is_named).filter(is_other);
    let gap = |values: &Values<'a>| {
        let path = Quoted(values.path);
        let message = format!(
            "{path}: its values of variables are not taken, as Terraform does not take them by itself: name the file to \
             have them"
        );
        let provenance = Provenance { document: values.document.0, offset: 0 };
        Gap::at(provenance, "values-not-taken", Effect::Skipped, message)
    };
    left.map(gap).collect()
}

/// Whether values that the user named in a folder are for a configuration: for that of the folder, else for that around
/// it, else for all.
fn is_for(roots: &[String], place: &str, root: &str) -> bool {
    let mut around = place;
    loop {
        if roots.iter().any(|root| root == around) {
            return around == root;
        }
        if around.is_empty() || around == "/" {
            return true;
        }
        around = folder(around);
    }
}
