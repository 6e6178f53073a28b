//! What decides about a target and was never stated whole.

use model::{Name, Target};

use crate::estate::Estate;

use super::Memory;

impl Memory {
    /// Whether something that decides about a target was never stated whole: the target itself, or a list that stands in
    /// its way and was made of what edits said, or of nothing.
    pub(crate) fn is_partial(&self, target: &Target, estate: &Estate) -> bool {
        let account = target.scope.as_deref();
        let own = OWN.iter().chain(&DECIDES).filter_map(|kind| self.of(kind, &target.key));
        if own.into_iter().any(|is_partial| is_partial) {
            return true;
        }
        let lists = target.paths.iter().flat_map(|path| path.filter.lists());
        lists.filter_map(|list| Some((DECIDES.iter().find(|kind| **kind == list.kind)?, list))).any(
            |(kind, list)| {
                // Of what is made for this target of several of its kind, all that are known say it.
                if list.id.ends_with(UNANSWERED) {
                    return self.ledger.of_kind(kind).any(|(_, object)| object.is_partial);
                }
                let id = list.id.split('/').next().unwrap_or(&list.id);
                let owner = list.scope.as_deref().or(account);
                let key = estate.resources.key_of(kind, owner, id);
                let is_partial = key.and_then(|key| self.of(kind, &key));
                // One that documents list by its rules alone is known by these.
                let is_listed = || {
                    let rules = self.listed_rules.get(id);
                    *kind == "security-group" && rules.is_some_and(|rules| !rules.is_empty())
                };
                is_partial.unwrap_or_else(|| !is_listed())
            },
        )
    }

    /// Whether the object of a kind and a key is partial; `None` where there is none.
    fn of(&self, kind: &str, key: &Name) -> Option<bool> {
        self.ledger.get(kind, key).map(|object| object.is_partial)
    }
}

/// How the id of a list ends that is made of the routes and lists which a reply meets.
pub(crate) const UNANSWERED: &str = "/unanswered";
/// Kinds of lists that stand in ways.
const DECIDES: [&str; 3] = ["security-group", "network-acl", "route-table"];
/// Kinds that are targets.
const OWN: [&str; 6] = [
    "network-interface",
    "instance",
    "load-balancer",
    "classic-load-balancer",
    "rds-instance",
    "eks-cluster",
];
