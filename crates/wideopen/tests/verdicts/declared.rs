//! Checkov and Regula: their examples in Terraform, as plans, in CloudFormation and as ARM templates, read as they are.
//!
//! Checkov looks at one resource at a time, and so do we at what it names and what that refers to; Regula at a whole file.

use std::collections::BTreeSet;
use std::path::Path;

use cloud::Declared;
use cloud::json::{Node, Tree};

use crate::asked::{asked, kind};
use crate::differences::reason;
use crate::ledger::{Outcome, Page, is_equal};
use crate::scan::{Answer, Question, Scan};
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
        let scan = scan.about(&|target| kind(&expected.check).is_none_or(|kind| kind == target.kind));
        let outcome = compared(&scan, question, is_detected);
        page.take(&name, "", if is_detected { "detect" } else { "none" }, outcome, reason(&name));
    }
}

/// Of what is not there at all, nothing is said: neither that it is open nor that it is closed.
fn compared(scan: &Scan, question: &Question, is_detected: bool) -> Outcome {
    if scan.snapshot.targets.is_empty() {
        return Outcome::Compared { is_equal: false, ours: "nothing like it is there".to_owned() };
    }
    let answer = scan.answer(question, None);
    let ours = match (question, answer) {
        (Question::PublicAddress, Answer::Closed) => "no public address".to_owned(),
        (Question::PublicAddress, Answer::Possible) => "possible: a public address".to_owned(),
        (Question::PublicAddress, Answer::Open) => "a public address".to_owned(),
        _ => format!("{}: {}", answer.word(), scan.told(question, None, 3)),
    };
    Outcome::Compared { is_equal: is_equal(is_detected, answer), ours }
}

/// What we say of what a row names.
fn of_row(corpus: &Corpus, expected: &Expected) -> Scan {
    let mut files = files(&corpus.root.join(&expected.file));
    let resource = &*expected.resource;
    if resource == "*" {
        return Scan::of_files(&files, &|resources| resources);
    }
    if expected.check.starts_with("nacl_ingress") {
        let world = STACK.replace("NET", resource.trim_end_matches("Nacl")).replace("LIST", resource);
        files.iter_mut().for_each(|(_, text)| text.push_str(&world));
        let scan = Scan::of_files(&files, &|resources| resources);
        return scan.about(&|target| target.id.contains("WorldMachine"));
    }
    if ["/arm/", "/cloudformation/", "/cfn/"].iter().any(|folder| expected.file.contains(folder)) {
        let name = resource.rsplit('.').next().unwrap();
        let name = RULES.iter().find(|(rule, _)| *rule == name).map_or(name, |(_, group)| group);
        let scan = Scan::of_files(&files, &|resources| resources);
        return scan
            .about(&|target| &*target.name == name || target.id.rsplit(['/', ':']).next() == Some(name));
    }
    let (kind, name) = resource.split_once('.').unwrap();
    if let Some(world) = of_terraform(kind) {
        // Where the resource is, there has to be its world.
        let written = format!("\"{kind}\" \"{name}\"");
        let place =
            files.iter().find(|(_, text)| text.contains(&written)).map(|(path, _)| path.clone()).unwrap();
        let beside = |name: &str| Path::new(&place).with_file_name(name).to_string_lossy().into_owned();
        let overriding = format!("resource {written} {{\n  {}\n}}", world.overridden);
        files.push((beside("world.tf"), world.beside));
        files.push((beside("world_override.tf"), overriding));
    }
    let is_graph = expected.check.starts_with("graph:");
    let scan = Scan::of_files(&files, &|resources| with_what_it_needs(resources, resource, is_graph));
    match kind {
        "aws_security_group" => scan.about(&|target| target.id.contains(resource)),
        _ => scan,
    }
}

/// Rules of templates, and the groups that they are of.
const RULES: [(&str, &str); 2] = [
    ("InvalidSecurityGroup04Ingress01", "ValidSecurityGroup04"),
    ("ValidSecurityGroup04Ingress01", "ValidSecurityGroup04"),
];

/// A resource, the world around it, and everything that they refer to; of a graph, what refers to the resource too.
fn with_what_it_needs<'a>(resources: Vec<Declared<'a>>, address: &str, is_graph: bool) -> Vec<Declared<'a>> {
    let is_asked = |own: &str| is_same(own, address) || is_same(address, own);
    let is_wanted = |one: &&Declared<'_>| {
        let refers = || referred(&one.attributes).iter().any(|to| is_asked(to));
        is_asked(&one.address) || one.address.ends_with(".world") || (is_graph && refers())
    };
    let mut wanted: Vec<String> = resources.iter().filter(is_wanted).map(|one| one.address.clone()).collect();
    let mut needed = BTreeSet::new();
    while let Some(address) = wanted.pop() {
        if needed.insert(address.clone()) {
            let own = resources.iter().filter(|one| one.address == address);
            wanted.extend(own.flat_map(|one| referred(&one.attributes)));
        }
    }
    resources.into_iter().filter(|one| needed.contains(&one.address)).collect()
}

/// Whether an address is that of a resource, of one of its instances, or of a second one of its name.
fn is_same(own: &str, address: &str) -> bool {
    own.strip_prefix(address).is_some_and(|rest| rest.is_empty() || rest.starts_with(['[', '#']))
}

/// The addresses that arguments refer to.
fn referred(node: &Node<'_>) -> Vec<String> {
    node.entries().iter().flat_map(|(_, tree)| referred_in(tree)).collect()
}

fn referred_in(tree: &Tree<'_>) -> Vec<String> {
    match tree {
        Tree::Null | Tree::Flag(_) | Tree::Text(_) => Vec::new(),
        Tree::List(items) => items.iter().flat_map(referred_in).collect(),
        Tree::Object(node) => referred(node),
        Tree::Unknown(unknown) => unknown.refers.iter().map(|refers| refers.address.clone()).collect(),
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
