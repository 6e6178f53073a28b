//! How resources of Google Cloud name each other: a self link, a full name of the asset inventory, the end of either.
//!
//! `https://www.googleapis.com/compute/v1/projects/p/global/networks/n`, `//compute.googleapis.com/projects/p/global/networks/n`,
//! `projects/p/global/networks/n`, `global/networks/n` and, where it cannot be mistaken, `n` name one network.

use std::sync::Arc;

use model::Name;

/// A reference to a resource.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Link {
    /// The path without what stands before project, folder or organisation; less where the reference is cut.
    pub(crate) path: Name,
}

impl Link {
    /// A reference as a document gives it.
    pub(crate) fn of(text: &str) -> Self {
        Self { path: path_of(text).into() }
    }

    /// The last name of the path.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The project of the path.
    pub(crate) fn project(&self) -> Option<&str> {
        self.after("projects")
    }

    /// The region or zone of the path.
    pub(crate) fn place(&self) -> Option<&str> {
        self.after("regions").or_else(|| self.after("zones"))
    }

    /// Whether the path is whole: begins with who owns it.
    pub(crate) fn is_whole(&self) -> bool {
        ROOTS.iter().any(|root| self.path.strip_prefix(root).is_some_and(|rest| rest.starts_with('/')))
    }

    /// What stands behind a word of the path: `after("networks")` is the name of a network.
    pub(crate) fn after(&self, word: &str) -> Option<&str> {
        let mut parts = self.path.split('/');
        parts.find(|part| *part == word)?;
        parts.next()
    }
}

/// The path of a reference: from its root on, else the reference as it is, without slashes at its ends.
pub(crate) fn path_of(text: &str) -> &str {
    let text = text.trim();
    let path = match text.split_once("//") {
        // Behind the host; the API's name and version may follow.
        Some((_, rest)) => rest.split_once('/').map_or(rest, |(_, path)| path),
        None => text,
    };
    let root = ROOTS.iter().filter_map(|root| position(path, root)).min();
    root.and_then(|position| path.get(position..)).unwrap_or(path).trim_matches('/')
}

/// Where a part of a path begins.
fn position(path: &str, part: &str) -> Option<usize> {
    let starts = path.match_indices(part).map(|(position, _)| position);
    starts.into_iter().find(|&position| {
        let before = path.get(..position).unwrap_or_default();
        let behind = path.get(position + part.len()..).unwrap_or_default();
        (before.is_empty() || before.ends_with('/')) && behind.starts_with('/')
    })
}

/// What paths begin with. A hierarchical policy has no owner in its path (`locations/global/firewallPolicies/1`).
const ROOTS: [&str; 4] = ["projects", "organizations", "folders", "locations"];

impl From<&Name> for Link {
    fn from(path: &Name) -> Self {
        Self { path: Arc::clone(path) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_reference_are_one_path() {
        let path = "projects/p/global/networks/n";
        for text in [
            "https://www.googleapis.com/compute/v1/projects/p/global/networks/n",
            "https://compute.googleapis.com/compute/beta/projects/p/global/networks/n/",
            "//compute.googleapis.com/projects/p/global/networks/n",
            "projects/p/global/networks/n",
            " /projects/p/global/networks/n",
        ] {
            assert_eq!(&*Link::of(text).path, path, "{text}");
        }
        let link = Link::of(path);
        assert_eq!((link.name(), link.project(), link.is_whole()), ("n", Some("p"), true));
        assert!(!Link::of("global/networks/n").is_whole() && !Link::of("n").is_whole());
        let zone = Link::of("projects/p/zones/europe-west1-b/instances/vm");
        assert_eq!((zone.place(), zone.after("instances")), (Some("europe-west1-b"), Some("vm")));
        assert_eq!(
            &*Link::of("https://www.googleapis.com/compute/v1/locations/global/firewallPolicies/1").path,
            "locations/global/firewallPolicies/1"
        );
        // A project may be called like a root.
        assert_eq!(Link::of("projects/locations/global/networks/n").project(), Some("locations"));
    }
}
