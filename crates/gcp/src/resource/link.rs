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
    let behind_scheme = text.split_once(':').map_or(text, |(_, rest)| rest);
    let path = match behind_scheme.strip_prefix("//").or_else(|| text.strip_prefix("//")) {
        // Behind the host; the API's name and version may follow.
        Some(rest) => rest.split_once('/').map_or(rest, |(_, path)| path),
        None => text,
    };
    from_root(path).unwrap_or(path).trim_matches('/')
}

/// A path from its root on. Part by part: every reference of a document comes here.
fn from_root(path: &str) -> Option<&str> {
    let mut rest = path;
    while let Some((part, behind)) = rest.split_once('/') {
        if ROOTS.contains(&part) {
            return Some(rest);
        }
        rest = behind;
    }
    None
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
