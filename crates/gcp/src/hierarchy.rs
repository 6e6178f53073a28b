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

    /// A project stands below somebody else from now on: what assets said of it is past.
    pub(crate) fn move_project(&mut self, is_it: impl Fn(&str) -> bool, parent: &Name) {
        let chain: Arc<[Name]> = self.chain(parent).into();
        for (project, above) in self.above.iter_mut().filter(|(project, _)| is_it(project)) {
            self.disputed.remove(project);
            *above = Arc::clone(&chain);
        }
    }

    /// A folder does, and all that is below it.
    pub(crate) fn move_folder(&mut self, folder: &str, parent: &Name) {
        let chain = self.chain(parent);
        for above in self.above.values_mut() {
            let Some(position) = above.iter().position(|node| **node == *folder) else { continue };
            *above = above.iter().take(position + 1).chain(&chain).cloned().collect();
        }
    }

    /// Somebody who holds others, and what is known to be above it.
    fn chain(&self, node: &Name) -> Vec<Name> {
        let known = self.above.values().filter_map(|above| {
            let position = above.iter().position(|own| own == node)?;
            above.get(position..)
        });
        known.max_by_key(|chain| chain.len()).map_or_else(|| vec![Arc::clone(node)], <[Name]>::to_vec)
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
