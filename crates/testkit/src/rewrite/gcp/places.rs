//! The same names and references in other words.

use serde_json::Value;

use crate::generate::Organisation;
use crate::random::Random;

/// Network tags by other names, wherever they stand.
pub(super) fn rename_tags(organisation: &mut Organisation) {
    let rename = |list: Option<&mut Value>| {
        for tag in list.and_then(Value::as_array_mut).into_iter().flatten() {
            *tag = format!("other-{}", tag.as_str().unwrap_or_default()).into();
        }
    };
    organisation.all("instances").iter_mut().for_each(|it| rename(it["tags"].get_mut("items")));
    organisation.all("routes").iter_mut().for_each(|it| rename(it.get_mut("tags")));
    for rule in organisation.all("firewalls") {
        rename(rule.get_mut("targetTags"));
        rename(rule.get_mut("sourceTags"));
    }
}

/// References as a whole link of either host, as a full resource name, as a path, with the project's number.
pub(super) fn link_spelling(organisation: &mut Organisation, random: &mut Random) {
    for resources in organisation.kinds.values_mut() {
        resources.iter_mut().for_each(|resource| each_reference(resource, random));
    }
}

/// What a resource is itself called stays.
fn each_reference(value: &mut Value, random: &mut Random) {
    match value {
        Value::Array(members) => members.iter_mut().for_each(|it| each_reference(it, random)),
        Value::Object(members) => {
            let others = members.iter_mut().filter(|(key, _)| *key != "selfLink");
            others.for_each(|(_, value)| each_reference(value, random));
        }
        Value::String(text) => {
            if let Some(path) = text.strip_prefix(BEGIN) {
                *text = spelled(path, random);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn spelled(path: &str, random: &mut Random) -> String {
    let numbered = || {
        path.replace("projects/tailspin/", "projects/111222333444/")
            .replace("projects/tailspin-lab/", "projects/555666777888/")
    };
    match random.below(6) {
        0 => path.to_owned(),
        1 => format!("//compute.googleapis.com/{path}"),
        2 => format!("https://compute.googleapis.com/compute/v1/{path}"),
        3 => format!("https://www.googleapis.com/compute/beta/{path}"),
        4 => format!("{BEGIN}{}", numbered()),
        _ => numbered(),
    }
}

const BEGIN: &str = "https://www.googleapis.com/compute/v1/";
