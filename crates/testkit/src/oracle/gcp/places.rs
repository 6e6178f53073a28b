//! Who holds what: projects by their ids and numbers, folders, organisations; resources by how others name them.

use serde_json::Value;

use super::Estate;
use super::fields::{after, field, path, text};

impl Estate {
    /// The path of a reference, its project by its id.
    pub(super) fn path(&self, reference: &str) -> String {
        let path = path(reference);
        let Some(project) = after(&path, "projects") else { return path };
        let known = self.all("projects").iter().find(|it| number_of(it).as_deref() == Some(project));
        match known.and_then(|it| text(it, "projectId")) {
            Some(id) => path.replacen(&format!("projects/{project}"), &format!("projects/{id}"), 1),
            None => path,
        }
    }

    /// The path of a resource.
    pub(super) fn id(&self, resource: &Value) -> String {
        let own =
            text(resource, "selfLink").or_else(|| text(resource, ASSET)).or_else(|| text(resource, "name"));
        self.path(own.unwrap_or_default())
    }

    /// Whether two references name one resource; either may be cut at its beginning.
    pub(super) fn same(&self, one: &str, other: &str) -> bool {
        let (one, other) = (self.path(one), self.path(other));
        one == other || one.ends_with(&format!("/{other}")) || other.ends_with(&format!("/{one}"))
    }

    pub(super) fn find(&self, kind: &str, reference: &str) -> Option<&Value> {
        let exact = |it: &&Value| self.id(it) == self.path(reference);
        let all = || self.all(kind).iter();
        all().find(exact).or_else(|| all().find(|it| self.same(&self.id(it), reference)))
    }

    /// The organisation and the folders above the project of a network, from the top down.
    pub(super) fn ancestors(&self, network: &str) -> Vec<String> {
        let network = self.path(network);
        let Some(project) = after(&network, "projects") else { return Vec::new() };
        if let Some(known) = self.ancestries.get(project) {
            return known.iter().filter(|it| !it.starts_with("projects/")).rev().cloned().collect();
        }
        let own = self.all("projects").iter().find(|it| text(it, "projectId") == Some(project));
        let mut above: Vec<String> = Vec::new();
        let mut parent = own.and_then(parent_of);
        while let Some(holder) = parent.filter(|it| !above.contains(it)) {
            parent =
                self.all("folders").iter().find(|it| text(it, "name") == Some(&holder)).and_then(parent_of);
            above.push(holder);
        }
        above.reverse();
        above
    }
}

/// `projectNumber`, or the number in `projects/123`.
fn number_of(project: &Value) -> Option<String> {
    let number = field(project, "projectNumber");
    let own = number.and_then(|it| it.as_str().map(str::to_owned).or_else(|| Some(it.as_u64()?.to_string())));
    own.or_else(|| Some(text(project, "name")?.strip_prefix("projects/")?.to_owned()))
}

/// `folders/4`, or `{type: folder, id: 4}`.
fn parent_of(holder: &Value) -> Option<String> {
    let parent = field(holder, "parent")?;
    let whole = || Some(format!("{}s/{}", text(parent, "type")?, text(parent, "id")?));
    parent.as_str().map(path).or_else(whole)
}

/// Under which key the full name of an asset is kept beside what it says.
pub(super) const ASSET: &str = "//asset";
