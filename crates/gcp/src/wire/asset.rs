//! Assets of the Cloud Asset Inventory: as exports and lists have them, as searches find them, and in time, as feeds and
//! histories tell them.
//!
//! An asset wraps what the API says of a resource. Deleted ones are gone; of several states of one the latest counts,
//! whatever the order in which they stand.

use cloud::json::{Node, Tree, object_in};
use cloud::{Bearing, Quoted};
use model::{Effect, Moment, Name};

use crate::resource::Origin;

use super::reader::Reader;
use super::told::{Told, of_asset, told};
use super::words::{object, text};

/// Whether an object is an asset: it has a full name and a type; one of both and what the API says will do.
pub(super) fn is_asset(node: &Node<'_>) -> bool {
    let is_named = text(node, "name").is_some_and(|name| name.starts_with("//"));
    let has_data = || object(node, "resource").is_some_and(|resource| resource.own("data").is_some());
    match word_of(node) {
        Some(word) => is_named || (word.contains("googleapis.com/") && has_data()),
        None => is_named && has_data(),
    }
}

/// Whether an object is an asset in time.
pub(super) fn is_temporal(node: &Node<'_>) -> bool {
    object(node, "asset").is_some_and(is_asset)
}

fn word_of<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    text(node, "assetType").or_else(|| text(node, "asset_type"))
}

/// Reads an asset, or one in time.
pub(super) fn read<'a>(reader: &mut Reader<'_, 'a, '_>, node: Node<'a>) {
    let around = reader.intake.desk.around;
    reader.intake.desk.around = node.at.or(around);
    reader.seen += 1;
    if is_temporal(&node) {
        reader.traits.fed = true;
        temporal(reader, node);
    } else {
        reader.traits.assets = true;
        let since = since_of(&node);
        asset(reader, node, since);
    }
    reader.intake.desk.around = around;
}

fn temporal<'a>(reader: &mut Reader<'_, 'a, '_>, mut node: Node<'a>) {
    let window = object(&node, "window");
    let start = window.and_then(|window| text(window, "startTime").or_else(|| text(window, "start_time")));
    let start = start.and_then(Moment::of);
    let is_deleted = match node.own("deleted") {
        Some(Tree::Flag(flag)) => *flag,
        Some(Tree::Text(text)) => text.trim().eq_ignore_ascii_case("true"),
        Some(_) | None => false,
    };
    let Some(Tree::Object(inner)) = take(&mut node, "asset") else { return };
    let since = start.or_else(|| since_of(&inner));
    match is_deleted {
        true => gone(reader, &inner, since),
        false => asset(reader, inner, since),
    }
}

fn since_of(node: &Node<'_>) -> Option<Moment> {
    text(node, "updateTime").or_else(|| text(node, "update_time")).and_then(Moment::of)
}

fn gone<'a>(reader: &mut Reader<'_, 'a, '_>, node: &Node<'a>, since: Option<Moment>) {
    let (Some(name), Some(Told::Kind(kind))) = (text(node, "name"), word_of(node).map(of_asset)) else {
        return;
    };
    match since {
        Some(since) => {
            let origin = origin_of(node, reader);
            reader.gone(kind, name, &origin, since);
        }
        None => {
            let message = format!("{}: it was deleted, and the message does not say when", Quoted(name));
            reader.tell(node.at, "missing-field", Effect::Undecided, message);
        }
    }
}

fn asset<'a>(reader: &mut Reader<'_, 'a, '_>, mut node: Node<'a>, since: Option<Moment>) {
    let told = word_of(&node).map_or(Told::Nobody, of_asset);
    let Some(data) = data_of(&mut node) else {
        reader.bears("assets without `resource.data`", Bearing::NoInput, node.at);
        return;
    };
    // What the API says of it stays true under a type that nobody knows.
    let told = match (told, told_by_itself(&data)) {
        (Told::Google | Told::Nobody, own @ (Told::Kind(_) | Told::Other(_))) => own,
        (told, _) => told,
    };
    match told {
        Told::Kind(kind) => {
            let origin = origin_of(&node, reader);
            reader.resource(kind, data, origin, since);
        }
        Told::Other(other) => {
            let bearing = other.fate.bearing(&Tree::Object(data));
            reader.bears(other.name, bearing, node.at);
        }
        Told::Google | Told::Nobody => reader.bears("other", Bearing::Counts, node.at),
    }
}

/// What an object is by its own `kind`.
fn told_by_itself(data: &Node<'_>) -> Told {
    text(data, "kind").map_or(Told::Nobody, |_| told(data, None))
}

/// What the API says of the resource: an object, or its text in tables of `BigQuery`; of a search the last version.
fn data_of<'a>(node: &mut Node<'a>) -> Option<Node<'a>> {
    let data = match take(node, "resource") {
        Some(Tree::Object(mut resource)) => take(&mut resource, "data"),
        Some(_) | None => {
            match take(node, "versionedResources").or_else(|| take(node, "versioned_resources")) {
                Some(Tree::List(versions)) => match versions.into_iter().next_back() {
                    Some(Tree::Object(mut version)) => take(&mut version, "resource"),
                    Some(_) | None => None,
                },
                Some(_) | None => None,
            }
        }
    };
    match data? {
        Tree::Object(data) => Some(data),
        text @ Tree::Text(_) => object_in(&text),
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Unknown(_) => None,
    }
}

fn origin_of<'a>(node: &Node<'a>, reader: &mut Reader<'_, 'a, '_>) -> Origin {
    let asset = text(node, "name").map(|name| reader.intake.name(name));
    let ancestors: Vec<Name> = ancestors_of(node).iter().map(|path| reader.intake.name(path)).collect();
    Origin { asset, ancestors, ..Origin::default() }
}

/// What is above an asset, the nearest first: `projects/1`, `folders/2`, `organizations/3`.
fn ancestors_of(node: &Node<'_>) -> Vec<String> {
    let texts = |key: &str| match node.own(key) {
        Some(Tree::List(items)) => items
            .iter()
            .filter_map(|item| if let Tree::Text(text) = item { Some(text.trim().to_owned()) } else { None })
            .collect(),
        Some(_) | None => Vec::new(),
    };
    let listed = texts("ancestors");
    if !listed.is_empty() {
        return listed;
    }
    if let Some(path) = text(node, "ancestry_path").or_else(|| text(node, "ancestryPath")) {
        return nearest_first(path);
    }
    let one = |key: &str| text(node, key).map(str::to_owned);
    one("project").into_iter().chain(texts("folders")).chain(one("organization")).collect()
}

/// The steps of `organization/3/folder/2/project/1`, from its end.
fn nearest_first(path: &str) -> Vec<String> {
    let parts: Vec<&str> = path.split('/').collect();
    let steps = parts.chunks_exact(2).filter_map(|step| match step {
        [word, id] if word.ends_with('s') => Some(format!("{word}/{id}")),
        [word, id] => Some(format!("{word}s/{id}")),
        _ => None,
    });
    let mut steps: Vec<String> = steps.collect();
    steps.reverse();
    steps
}

fn take<'a>(node: &mut Node<'a>, key: &str) -> Option<Tree<'a>> {
    let mut value = None;
    node.edit(key, |own| value = Some(core::mem::replace(own, Tree::Null)));
    value
}
