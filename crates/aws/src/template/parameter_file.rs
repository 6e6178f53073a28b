//! Files that give the parameters of templates values, and which template each is meant for.
//!
//! Knows no type of parameter.

use std::borrow::Cow;
use std::collections::BTreeMap;

use cloud::json::{Cause, Tree};

use super::text::exact;

/// Values of parameters, by their names.
pub(super) type Given<'a> = BTreeMap<String, Tree<'a>>;

/// Whether a value is such a file: what the command line takes, or what a pipeline does.
pub(super) fn is_one(tree: &Tree<'_>) -> bool {
    match tree {
        Tree::List(items) => {
            let is_pair = |item: &Tree<'_>| matches!(item, Tree::Object(node) if exact(node, KEY).is_some());
            !items.is_empty() && items.iter().all(is_pair)
        }
        Tree::Object(node) => {
            let values = match exact(node, "Parameters") {
                Some(Tree::Object(values)) => values.entries(),
                Some(_) | None => return false,
            };
            node.keys().all(|key| SECTIONS.contains(&key)) && values.iter().all(|(_, value)| is_scalar(value))
        }
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => false,
    }
}

fn is_scalar(tree: &Tree<'_>) -> bool {
    match tree {
        Tree::Flag(_) | Tree::Text(_) => true,
        Tree::Null | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => false,
    }
}

/// The values that a file gives.
pub(super) fn given<'a>(tree: Tree<'a>) -> Given<'a> {
    let mut given = Given::new();
    match tree {
        Tree::List(items) => {
            for item in items {
                let Tree::Object(pair) = item else { continue };
                let Some(Tree::Text(key)) = exact(&pair, KEY) else { continue };
                let value = match exact(&pair, "ParameterValue") {
                    Some(value) if is_scalar(value) => value.clone(),
                    // `UsePreviousValue`: what it was when the stack was deployed last.
                    Some(_) | None => Tree::unknown(Cause::Unset, key.clone().into_owned()),
                };
                given.insert(key.clone().into_owned(), value);
            }
        }
        Tree::Object(node) => {
            if let Some(Tree::Object(values)) = exact(&node, "Parameters") {
                given.extend(
                    values.entries().iter().map(|(key, value)| (key.clone().into_owned(), value.clone())),
                );
            }
        }
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => {}
    }
    given
}

/// What several files for one template say together: where they differ, the value is not known.
pub(super) fn together<'a>(files: &[&Given<'a>]) -> Given<'a> {
    let mut all = Given::new();
    for name in files.iter().flat_map(|file| file.keys()) {
        let mut said = files.iter().map(|file| file.get(name));
        let first = said.next().flatten();
        let is_agreed = said.all(|other| other == first);
        let value = match first {
            Some(value) if is_agreed => value.clone(),
            Some(_) | None => Tree::unknown(Cause::Unset, Cow::Owned(name.clone())),
        };
        all.insert(name.clone(), value);
    }
    all
}

/// Whether a file of parameters is for a template, by their paths: its name begins with that of the template, or both
/// stand alone with each other. `templates` is how many templates stand in the folder of the file or, where there are
/// none, above it.
pub(super) fn is_for(file: &str, template: &str, templates: &[&str]) -> bool {
    let (file_folder, file_name) = split(file);
    let (folder, name) = split(template);
    let stem = name.split('.').next().unwrap_or_default();
    let is_near = file_folder == folder || split(file_folder).0 == folder;
    if !is_near {
        return false;
    }
    let begins_with = |stem: &str| {
        let rest = file_name.strip_prefix(stem);
        rest.is_some_and(|rest| rest.starts_with(['.', '-', '_']))
    };
    let near = || templates.iter().filter(|other| split(other).0 == folder);
    let is_other_named = near().any(|other| {
        let other = split(other).1.split('.').next().unwrap_or_default();
        other.len() > stem.len() && begins_with(other)
    });
    if begins_with(stem) {
        return !is_other_named;
    }
    !is_other_named && near().count() == 1
}

/// The folder and the name of a path.
pub(super) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once(['/', '\\']).unwrap_or(("", path))
}

const KEY: &str = "ParameterKey";
/// The keys of a configuration of a pipeline.
const SECTIONS: [&str; 3] = ["Parameters", "Tags", "StackPolicy"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_parameters_finds_its_template() {
        let two = ["a/net.yaml", "a/web.yaml"];
        assert!(is_for("a/net-prod.json", "a/net.yaml", &two));
        assert!(is_for("a/net.parameters.json", "a/net.yaml", &two));
        assert!(is_for("a/parameters/net.json", "a/net.yaml", &two));
        assert!(!is_for("a/net-prod.json", "a/web.yaml", &two));
        assert!(!is_for("a/prod.json", "a/web.yaml", &two));
        assert!(is_for("a/prod.json", "a/web.yaml", &["a/web.yaml"]));
        assert!(!is_for("b/prod.json", "a/web.yaml", &["a/web.yaml"]));
        assert!(!is_for("a/net-core-x.json", "a/net.yaml", &["a/net.yaml", "a/net-core.yaml"]));
    }

    #[test]
    fn files_that_differ_leave_a_value_open() {
        let one =
            Given::from([("A".to_owned(), Tree::Text("1".into())), ("B".to_owned(), Tree::Text("x".into()))]);
        let two =
            Given::from([("A".to_owned(), Tree::Text("2".into())), ("B".to_owned(), Tree::Text("x".into()))]);
        let all = together(&[&one, &two]);
        assert_eq!(all["B"], Tree::Text("x".into()));
        assert!(matches!(all["A"], Tree::Unknown(_)));
    }
}
