//! Projects and folders: what stands above a network decides which policies are asked before its rules.
//!
//! Knows no policy.

use cloud::audit::{Act, Edit};
use cloud::json::{Node, Tree};

use crate::resource::path_of;

use super::super::body::{node_of, set, word};
use super::super::call::{Call, Told};
use super::super::part::{object, part, text};
use super::plain::Edits;

/// The path of what a request is about: `projects/p`, `folders/4`.
fn path(call: &Call) -> String {
    let (of, own) = match call.collection.kind {
        "folder" => ("folders/", call.text("name")),
        _ => ("projects/", call.text("projectId").or_else(|| call.text("name"))),
    };
    let own = own.filter(|_| !call.path.starts_with(of)).unwrap_or(&call.path);
    let last = path_of(own).rsplit('/').next().unwrap_or(own);
    format!("{of}{last}")
}

fn edit(call: &Call, path: &str, act: Act) -> Edit {
    call.edit_of(call.collection.kind, path, call.collection.nature, act)
}

/// It stands below somebody else.
pub(in super::super) fn move_below(call: &Call, told: &mut Told<'_>) -> Edits {
    let parent = ["destinationParent", "newParent"].iter().find_map(|key| call.text(key));
    let Some(parent) = parent else {
        told.missing("destinationParent", "what stands above it is not known");
        return Vec::new();
    };
    vec![edit(call, &path(call), Act::Merge(node_of(vec![(PARENT, word(parent))])))]
}

/// The older interface moves a project by an update of what it says is above.
pub(in super::super) fn update_project(call: &Call, _told: &mut Told<'_>) -> Edits {
    let inner = part(&call.request, "project").unwrap_or(&call.request);
    match parent_in(inner) {
        Some(parent) => {
            vec![edit(call, &path(call), Act::Merge(node_of(vec![(PARENT, word(parent))])))]
        }
        None => Vec::new(),
    }
}

/// Above it, in the spelling of either interface.
fn parent_in(node: &Node<'_>) -> Option<String> {
    match node.own(PARENT)? {
        Tree::Object(parent) => Some(format!("{}s/{}", text(parent, "type")?, text(parent, "id")?)),
        Tree::Text(parent) => Some(parent.to_string()),
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Unknown(_) => None,
    }
}

/// A project that is made. Its number is in no request.
pub(in super::super) fn create_project(call: &Call, told: &mut Told<'_>) -> Edits {
    let inner = object(&call.request, "project").unwrap_or_else(|| call.request.clone());
    let id = text(&inner, "projectId").map_or_else(|| path(call), |id| format!("projects/{id}"));
    made(call, inner, &id, told)
}

/// A folder that is made. Its number is in the answer, or in what is called the resource.
pub(in super::super) fn create_folder(call: &Call, told: &mut Told<'_>) -> Edits {
    let inner = object(&call.request, "folder").unwrap_or_else(|| call.request.clone());
    let answered = call.response.as_ref().and_then(|answer| text(answer, "name"));
    let named = [answered, text(&inner, "name"), Some(call.path.as_str())];
    let own = named.into_iter().flatten().find(|name| name.starts_with("folders/")).map(str::to_owned);
    // Whatever is put below it names it again.
    own.map(|own| made(call, inner, &own, told)).unwrap_or_default()
}

fn made(call: &Call, mut node: Node<'static>, path: &str, told: &mut Told<'_>) -> Edits {
    let parent = parent_in(&node).or_else(|| call.text(PARENT).map(str::to_owned));
    let Some(parent) = parent else {
        told.missing(PARENT, "what stands above it is not known");
        return Vec::new();
    };
    set(&mut node, PARENT, word(parent));
    set(&mut node, "name", word(path));
    vec![edit(call, path, Act::Put(node))]
}

const PARENT: &str = "parent";
