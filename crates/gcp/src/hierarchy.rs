//! What assets say of projects: by which number one is known, and which folders and organisation hold it.
//!
//! Knows no resource.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::Name;

use crate::resource::is_number;

/// What is known of projects beside their own resources.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hierarchy {
    /// What holds a project, the nearest first, by the number or the id of the project.
    above: BTreeMap<Name, Arc<[Name]>>,
    /// Projects of which two assets say different things: one of them is older.
    disputed: BTreeSet<Name>,
}

impl Hierarchy {
    /// Takes in the ancestors of a resource of a project: `projects/123`, `folders/4`, `organizations/5`. Returns the
    /// number and the id of the project where they tell both.
    pub(crate) fn learn(&mut self, project: Option<&Name>, ancestors: &[Name]) -> Option<(Name, Name)> {
        let own: Name = ancestors.first()?.strip_prefix("projects/")?.into();
        let holders: Arc<[Name]> = ancestors.get(1..).unwrap_or_default().into();
        let other = project.filter(|project| **project != own);
        for word in [Some(&own), other].into_iter().flatten() {
            let known = self.above.get(word).map(Arc::as_ref).unwrap_or_default();
            if known.iter().zip(holders.iter()).any(|(one, other)| one != other) {
                self.disputed.insert(Arc::clone(word));
            }
            // A longer path tells more of the same.
            if holders.len() > known.len() || !self.above.contains_key(word) {
                self.above.insert(Arc::clone(word), Arc::clone(&holders));
            }
        }
        other.filter(|id| is_number(&own) && !is_number(id)).map(|id| (own, Arc::clone(id)))
    }

    /// The projects of which something is known, by number or id.
    pub(crate) fn projects(&self) -> impl Iterator<Item = &Name> {
        self.above.keys()
    }

    /// What holds a project, the nearest first; nothing where that is disputed.
    pub(crate) fn above(&self, project: &str) -> &[Name] {
        if self.disputed.contains(project) {
            return &[];
        }
        self.above.get(project).map_or(&[], |above| above)
    }
}
