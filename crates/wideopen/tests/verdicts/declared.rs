//! Checkov and Regula: their examples in Terraform, as plans, in CloudFormation and as ARM templates, read as they are.
//!
//! Checkov looks at one resource at a time, and so do we at what it names and what that refers to; Regula at a whole file.

use std::collections::BTreeSet;
use std::path::Path;

use cloud::Declared;
use cloud::json::{Node, Tree};
use model::Target;

use crate::asked::asked;
use crate::ledger::{Outcome, Page, is_equal};
use crate::scan::{Question, Scan};
use crate::worlds::{STACK, of_terraform};
use crate::{Corpus, Expected};

pub(crate) const CHECKOV: &str = "peer-tests/checkov/bridgecrewio__checkov/tests/";
pub(crate) const REGULA: &str = "peer-tests/regula/fugue__regula/rego/tests/rules/";

/// The verdicts about the files of a peer.
pub(crate) fn page(corpus: &Corpus, folder: &str) -> Page {
    let mut page = Page::default();
    for expected in corpus.expected(folder) {
        let about = about(&expected);
        match asked(&expected) {
            Err(code) => page.take("", &about, "", Outcome::Beyond(code), None),
            Ok(question) if expected.says.starts_with("counts:") => {
                files_by_name(&mut page, corpus, &expected, &question);
            }
            Ok(question) => {
                let name = format!("{} / {}", short(&expected), of_whom(&expected));
                let scan = of_row(corpus, &expected);
                let is_detected = matches!(&*expected.says, "detect" | "open");
                let outcome = compared(&scan, &question, is_detected);
                page.take(&name, &about, &expected.says, outcome, reason(&name));
            }
        }
    }
    page
}

/// The check, with the words that its folder has for it.
fn about(expected: &Expected) -> String {
    let check = expected.check.trim_start_matches("graph:");
    match check.starts_with("CKV") {
        true => format!("{check} {}", short(expected)),
        false => check.to_owned(),
    }
}

/// The folder or the file, without what all have in front.
fn short(expected: &Expected) -> &str {
    let last = expected.file.rsplit('/').next().unwrap();
    last.trim_start_matches("example_")
}

/// The resource, or the check where all of a file are asked about.
fn of_whom(expected: &Expected) -> &str {
    if expected.resource == "*" { &expected.check } else { &expected.resource }
}

/// Where a peer states totals, the names of the files say the verdict of each.
fn files_by_name(page: &mut Page, corpus: &Corpus, expected: &Expected, question: &Question) {
    for (path, text) in files(&corpus.root.join(&expected.file)) {
        let name = format!("{} / {path}", short(expected));
        let upper = path.to_ascii_uppercase();
        let is_detected = upper.contains("FAIL");
        if !is_detected && !upper.contains("PASS") {
            page.take(&name, &about(expected), "", Outcome::Beyond("unstated"), None);
            continue;
        }
        let scan = Scan::of_files(&[(path, text)], &|resources| resources);
        let outcome = compared(&scan, question, is_detected);
        page.take(&name, "", if is_detected { "detect" } else { "none" }, outcome, reason(&name));
    }
}

fn compared(scan: &Scan, question: &Question, is_detected: bool) -> Outcome {
    let answer = scan.answer(question, None);
    let ours = format!("{}: {}", answer.word(), scan.told(question, None, 3));
    Outcome::Compared { is_equal: is_equal(is_detected, answer), ours }
}

/// What we say of what a row names.
fn of_row(corpus: &Corpus, expected: &Expected) -> Scan {
    let mut files = files(&corpus.root.join(&expected.file));
    let resource = &*expected.resource;
    if resource == "*" {
        return Scan::of_files(&files, &|resources| resources);
    }
    if let Some((is_list, (_, text))) = expected.check.strip_prefix("nacl").zip(files.first_mut()) {
        debug_assert!(is_list.starts_with("_ingress"));
        text.push_str(&STACK.replace("NET", resource.trim_end_matches("Nacl")).replace("LIST", resource));
        return Scan::of_files(&files, &|resources| resources).about(&|target| target.id.contains("World"));
    }
    let is_template = expected.file.contains("/arm/") || expected.file.contains("/cloudformation/");
    if is_template || expected.file.contains("/cfn/") {
        let (kind, name) = resource.rsplit_once('.').unwrap_or(("", resource));
        let scan = Scan::of_files(&files, &|resources| resources);
        return scan.about(&|target| is_called(target, kind, name));
    }
    let (kind, name) = resource.split_once('.').unwrap();
    if let Some(world) = of_terraform(kind) {
        let overriding = format!("resource \"{kind}\" \"{name}\" {{\n  {}\n}}", world.overridden);
        files.push(("world.tf".to_owned(), world.beside));
        files.push(("world_override.tf".to_owned(), overriding));
    }
    let scan = Scan::of_files(&files, &|resources| with_what_it_needs(resources, resource));
    let has_own = scan.snapshot.targets.iter().any(|target| target.id.contains(resource));
    if has_own { scan.about(&|target| target.id.contains(resource)) } else { scan }
}

/// Whether a target of a template is the one that a peer names.
fn is_called(target: &Target, _kind: &str, name: &str) -> bool {
    &*target.name == name || target.id.rsplit(['/', ':']).next() == Some(name)
}

/// A resource, the world around it, and everything that they refer to.
fn with_what_it_needs<'a>(resources: Vec<Declared<'a>>, address: &str) -> Vec<Declared<'a>> {
    let is_asked =
        |own: &str| own == address || own.strip_prefix(address).is_some_and(|key| key.starts_with('['));
    let mut wanted: Vec<String> = resources
        .iter()
        .map(|one| one.address.clone())
        .filter(|own| is_asked(own) || own.ends_with(".world"))
        .collect();
    let mut needed = BTreeSet::new();
    while let Some(address) = wanted.pop() {
        for one in resources.iter().filter(|one| one.address == address) {
            if needed.insert(address.clone()) {
                referred(&one.attributes, &mut wanted);
            }
        }
    }
    resources.into_iter().filter(|one| needed.contains(&one.address)).collect()
}

/// The addresses that arguments refer to.
fn referred(node: &Node<'_>, found: &mut Vec<String>) {
    node.entries().iter().for_each(|(_, tree)| referred_in(tree, found));
}

fn referred_in(tree: &Tree<'_>, found: &mut Vec<String>) {
    match tree {
        Tree::Null | Tree::Flag(_) | Tree::Text(_) => {}
        Tree::List(items) => items.iter().for_each(|item| referred_in(item, found)),
        Tree::Object(node) => referred(node, found),
        Tree::Unknown(unknown) => found.extend(unknown.refers.iter().map(|refers| refers.address.clone())),
    }
}

/// The texts of a folder, or of a file; by their paths in it.
fn files(place: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    match place.is_dir() {
        true => crate::collect(place, &|_| true, &mut found),
        false => found.push(place.to_owned()),
    }
    found.sort();
    let folder = if place.is_dir() { place } else { place.parent().unwrap() };
    let named = |path: &std::path::PathBuf| {
        let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(path).unwrap())
    };
    found.iter().map(named).collect()
}

/// Why the two differ, for those that do.
fn reason(name: &str) -> Option<&'static str> {
    let is_it = |(known, _): &&(&str, &str)| *known == name;
    DIFFERENCES.iter().find(is_it).map(|(_, reason)| *reason)
}

/// Rows in which a peer says otherwise, and why.
const DIFFERENCES: [(&str, &str); 0] = [];
