//! No argument of a configuration gets lost on its way: each in turn is not known, and where that changes what is reached,
//! somebody says so.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken fixture is a failed test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use cloud::json::{Cause, Node, Tree};
use cloud::{Cloud, Declared, Document, Presence, Reception};
use model::{DocumentId, Thresholds};

const CLOUDS: [&Cloud; 3] = [&azure::CLOUD, &aws::CLOUD, &gcp::CLOUD];
/// Folders of Terraform, one of each cloud.
const FOLDERS: [&str; 3] = ["../../examples/contoso-terraform", "tests/northwind", "tests/tailspin"];
/// Arguments that say what something is called, which is no loss.
const NAMES: [&str; 12] = [
    "name",
    "tags",
    "tags_all",
    "labels",
    "description",
    "display_name",
    "location",
    "identifier",
    "short_name",
    "computer_name",
    "key",
    "id",
];

/// What is said: who is reached how, and what was not understood.
struct Said {
    exposures: BTreeSet<String>,
    gaps: BTreeSet<String>,
}

fn said(documents: &[(DocumentId, &str)], resources: &[Declared<'_>]) -> Said {
    let mut reception = Reception::new(&CLOUDS);
    let reading = reception.declare(&cloud::Declarations { documents, label: "", resources });
    let mut said = Said { exposures: BTreeSet::new(), gaps: BTreeSet::new() };
    let mut gaps = reading.gaps;
    for snapshot in reception.into_snapshots(Thresholds::STANDARD) {
        gaps.extend(snapshot.gaps.iter().cloned());
        let sink = &mut |exposure: engine::Exposure, addresses: &packet::AddressSet| {
            said.exposures.insert(format!(
                "{} {} {:?} {:?} {:?} {} {addresses:?}",
                exposure.target.kind,
                exposure.target.name,
                exposure.reach,
                exposure.certainty,
                exposure.protocol,
                exposure.ports
            ));
        };
        engine::exposures(&snapshot, sink).unwrap();
    }
    said.gaps = gaps.iter().map(|gap| format!("{} {}", gap.code, gap.message)).collect();
    said
}

/// Every way to an argument of an object: keys and indices.
fn ways(node: &Node<'_>, before: &[usize], all: &mut Vec<Vec<usize>>) {
    for (number, (key, value)) in node.entries().iter().enumerate() {
        if NAMES.contains(&&**key) || *value == Tree::Null {
            continue;
        }
        let way = [before, &[number]].concat();
        all.push(way.clone());
        below(value, &way, all);
    }
}

fn below(value: &Tree<'_>, way: &[usize], all: &mut Vec<Vec<usize>>) {
    match value {
        Tree::Object(node) => ways(node, way, all),
        Tree::List(items) => {
            for (number, item) in items.iter().enumerate() {
                let way = [way, &[number]].concat();
                all.push(way.clone());
                below(item, &way, all);
            }
        }
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => {}
    }
}

/// An object in which what a way leads to is not known, and what that is called.
fn damaged<'a>(node: &Node<'a>, way: &[usize]) -> (Node<'a>, String) {
    let mut entries = node.entries().to_vec();
    let (key, value) = &mut entries[way[0]];
    let name = format!(".{key}{}", damage(value, &way[1..]));
    (Node::new(entries, node.at), name)
}

fn damage(value: &mut Tree<'_>, way: &[usize]) -> String {
    match (way, value) {
        ([], value) => {
            *value = Tree::unknown(Cause::Unset, "var.unset");
            String::new()
        }
        (way, Tree::Object(node)) => {
            let (other, name) = damaged(node, way);
            *node = other;
            name
        }
        ([number, rest @ ..], Tree::List(items)) => {
            format!("[{number}]{}", damage(&mut items[*number], rest))
        }
        _ => unreachable!("a way leads through objects and lists"),
    }
}

#[test]
fn what_is_not_known_is_told_where_it_matters() {
    let (mut count, mut quiet) = (0, Vec::new());
    for folder in FOLDERS {
        let mut files = Vec::new();
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), "", &mut files);
        files.sort();
        let inputs: Vec<terraform::Input<'_>> = (0..)
            .zip(&files)
            .map(|(id, (path, text))| terraform::Input {
                document: Document { id: DocumentId(id), path, text },
                named: false,
            })
            .collect();
        let evaluated = terraform::evaluate(&inputs, &[]);
        let [configuration] = evaluated.configurations.as_slice() else { unreachable!("one folder is one") };
        let whole = said(&configuration.documents, &configuration.resources);
        assert!(whole.exposures.len() > 10, "{folder}");
        for number in 0..configuration.resources.len() {
            let mut all = vec![Vec::new()];
            ways(&configuration.resources[number].attributes, &[], &mut all);
            for way in all {
                let mut resources = configuration.resources.clone();
                let one = &mut resources[number];
                let mut place = " perhaps".to_owned();
                match way.as_slice() {
                    [] => one.presence = Presence::Perhaps,
                    way => (one.attributes, place) = damaged(&one.attributes, way),
                }
                let address = one.address.clone();
                let found = said(&configuration.documents, &resources);
                count += 1;
                let is_told = found.gaps.difference(&whole.gaps).next().is_some();
                if found.exposures != whole.exposures && !is_told {
                    let lost = whole.exposures.difference(&found.exposures).next();
                    let new = found.exposures.difference(&whole.exposures).next();
                    let short =
                        |line: Option<&String>| line.map(|line| line.chars().take(90).collect::<String>());
                    quiet.push(format!("{address}{place}: lost {:?}, new {:?}", short(lost), short(new)));
                }
            }
        }
    }
    println!("{count} values of {} configurations were not known, one at a time", FOLDERS.len());
    assert!(quiet.is_empty(), "{}: {quiet:#?}", quiet.len());
    assert!(count > 1000, "{count} values are too few to mean anything");
}

fn collect(folder: &Path, before: &str, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{before}{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files);
        } else if !name.ends_with(".md") {
            files.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}
