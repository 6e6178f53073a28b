//! The documents of a run that are templates or give values to parameters, and how one is found by another.
//!
//! Knows paths and keys, no expression.

use std::rc::Rc;

use super::super::value::{Object, Value};

/// A document of the run.
#[derive(Debug)]
pub(in crate::template) struct Source<'a> {
    /// Where people have it.
    pub(in crate::template) path: &'a str,
    /// What it is. `None` where it cannot be read.
    pub(in crate::template) content: Option<Content<'a>>,
}

/// What such a document is. Complete.
#[derive(Clone, Debug)]
pub(in crate::template) enum Content<'a> {
    Template(Rc<Object<'a>>),
    Parameters(Rc<Object<'a>>),
}

impl<'a> Source<'a> {
    /// The template that it is.
    pub(super) fn template(&self) -> Option<&Rc<Object<'a>>> {
        match &self.content {
            Some(Content::Template(template)) => Some(template),
            Some(Content::Parameters(_)) | None => None,
        }
    }

    /// The values of parameters that it gives.
    pub(super) fn parameters(&self) -> Option<&Rc<Object<'a>>> {
        match &self.content {
            Some(Content::Parameters(parameters)) => Some(parameters),
            Some(Content::Template(_)) | None => None,
        }
    }

    pub(super) fn folder(&self) -> &'a str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The name of the file without its last extension, in lower case.
    pub(super) fn stem(&self) -> String {
        let name = self.path.rsplit_once('/').map_or(self.path, |(_, name)| name);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_ascii_lowercase()
    }

    /// Whether a parameter has this name.
    pub(super) fn declares(&self, parameter: &str) -> bool {
        let parameters = self.template().and_then(|template| template.own("parameters"));
        parameters.is_some_and(|parameters| parameters.own(parameter).is_some())
    }
}

/// The template that a link leads to: that of the path beside the one that links, else the only one of the run, or
/// the nearest, whose path ends as the link does.
pub(super) fn linked<'s, 'a>(sources: &'s [Source<'a>], from: usize, link: &str) -> Option<usize> {
    let link = link.split(['?', '#']).next().unwrap_or(link).replace('\\', "/");
    let wanted: Vec<&str> = link.split('/').filter(|segment| !matches!(*segment, "" | ".")).collect();
    let folder: Vec<&str> = sources.get(from)?.folder().split('/').collect();
    let beside = resolved(&folder, &wanted);
    let candidates =
        sources.iter().enumerate().filter(|(position, source)| *position != from && source.content.is_some());
    let mut best: Option<((usize, usize), usize)> = None;
    for (position, source) in candidates {
        let path: Vec<&str> = source.path.split('/').collect();
        if beside.as_deref() == Some(&path) {
            return Some(position);
        }
        let alike = common(path.iter().rev(), wanted.iter().rev());
        let near = common(path.iter(), folder.iter());
        // A name alone says little: `azuredeploy.json` is the name of thousands.
        let is_near = near == folder.len() && alike >= 1;
        if !is_near && alike < 2 {
            continue;
        }
        if best.is_none_or(|(known, _)| (alike, near) > known) {
            best = Some(((alike, near), position));
        }
    }
    best.map(|(_, position)| position)
}

/// The path that a relative one leads to.
fn resolved<'t>(folder: &[&'t str], wanted: &[&'t str]) -> Option<Vec<&'t str>> {
    let mut path: Vec<&str> = folder.iter().copied().filter(|segment| !segment.is_empty()).collect();
    let is_rooted = folder.first() == Some(&"") && folder.len() > 1;
    for segment in wanted {
        match *segment {
            ".." => {
                path.pop()?;
            }
            other => path.push(other),
        }
    }
    if is_rooted {
        path.insert(0, "");
    }
    Some(path)
}

fn common<'t>(one: impl Iterator<Item = &'t &'t str>, other: impl Iterator<Item = &'t &'t str>) -> usize {
    one.zip(other).take_while(|(one, other)| one.eq_ignore_ascii_case(other)).count()
}

/// The value of a key, where it is an object.
pub(super) fn object_of<'v, 'a>(object: &'v Object<'a>, key: &str) -> Option<&'v Object<'a>> {
    object.own(key).and_then(Value::as_object)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(paths: &[&'static str], link: &str) -> Option<usize> {
        let template = || match Value::written_object(Vec::new(), None) {
            Value::Object(object) => Some(Content::Template(object)),
            _ => None,
        };
        let sources: Vec<Source<'_>> =
            paths.iter().map(|path| Source { path, content: template() }).collect();
        linked(&sources, 0, link)
    }

    #[test]
    fn a_relative_path_leads_beside_the_one_that_links() {
        let paths = ["a/main.json", "a/nested/vnet.json", "b/nested/vnet.json"];
        assert_eq!(found(&paths, "nested/vnet.json"), Some(1));
        assert_eq!(found(&paths, "../b/nested/vnet.json"), Some(2));
        assert_eq!(found(&["main.json", "vnet.json"], "vnet.json"), Some(1));
        assert_eq!(found(&["/x/main.json", "/x/vnet.json"], "./vnet.json"), Some(1));
    }

    #[test]
    fn an_address_leads_to_what_ends_as_it_does() {
        let paths = ["q/one/azuredeploy.json", "q/one/nested/vnet.json", "q/two/nested/vnet.json"];
        assert_eq!(found(&paths, "https://example.org/q/two/nested/vnet.json?sv=1"), Some(2));
        assert_eq!(found(&paths, "https://example.org/master/nested/vnet.json"), Some(1));
        assert_eq!(
            found(&["a/main.json", "b/azuredeploy.json"], "https://example.org/azuredeploy.json"),
            None
        );
        assert_eq!(found(&["a/main.json", "a/x/vnet.json"], "https://example.org/vnet.json"), Some(1));
    }
}
