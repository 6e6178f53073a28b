//! Projects, folders, and secure tags.

use crate::resource::path_of;

use super::Out;
use super::shape::{Shape, Words, perhaps};
use super::world::{Thing, World};

pub(super) fn lower<'w, 'a>(world: &'w World<'w, 'a>, out: &mut Out<'_, '_, 'a>) {
    for thing in world.of_kind("google_project") {
        let mut shape = Shape::empty(thing.at());
        let id = thing.path();
        shape.set_text("projectId", id.trim_start_matches("projects/").to_owned());
        if let Some(number) = thing.text("number") {
            shape.set_text("projectNumber", number.to_owned());
        }
        let above = [("folder_id", "folders"), ("org_id", "organizations")];
        let parent = above.iter().find_map(|(key, word)| Some((thing.resolved(key)?, *word)));
        if let Some((parent, word)) = parent {
            shape.set("parent", under(parent, word));
        }
        out.put("project", "", id, shape);
    }
    for thing in world.of_kind("google_folder") {
        let mut shape = Shape::empty(thing.at());
        if let Some(parent) = thing.resolved("parent") {
            shape.set("parent", parent);
        }
        let path = thing.path();
        shape.set_text("name", path.clone());
        out.put("folder", "", path, shape);
    }
    for (kind, name) in [("google_tags_tag_key", "tag-key"), ("google_tags_tag_value", "tag-value")] {
        for thing in world.of_kind(kind) {
            let mut shape = Shape::of(thing, &WORDS);
            let path = thing.path();
            shape.set_text("name", path.clone());
            out.put(name, "", path, shape);
        }
    }
    for kind in ["google_tags_tag_binding", "google_tags_location_tag_binding"] {
        world.of_kind(kind).for_each(|thing| binding(thing, out));
    }
}

fn binding<'a>(thing: Thing<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    let mut shape = Shape::of(thing, &WORDS);
    if thing.is_perhaps() {
        shape.set("tagValue", perhaps());
    }
    let path = format!("tagBindings/{}", thing.declared.address.replace('/', "|"));
    shape.set_text("name", path.clone());
    out.put("tag-binding", "", path, shape);
}

/// What is named by a number alone, with the word before it.
fn under<'a>(value: cloud::json::Tree<'a>, word: &str) -> cloud::json::Tree<'a> {
    match value {
        cloud::json::Tree::Text(text) if !text.contains('/') => {
            cloud::json::Tree::Text(format!("{word}/{text}").into())
        }
        cloud::json::Tree::Text(text) => cloud::json::Tree::Text(path_of(&text).to_owned().into()),
        other => other,
    }
}

const WORDS: Words = Words { alone: &[], blocks: &[], renamed: &[] };
