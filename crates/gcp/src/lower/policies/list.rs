//! The rules of a policy for machines of a class, as a list.

use std::sync::Arc;

use model::{Action, Name, Rule, RuleList};
use packet::ProtocolSet;

use crate::lower::Lowering;
use crate::lower::class::{Class, Fits, Viewpoint};
use crate::resource::Identity;

use super::POLICY_KIND;
use super::prepared::Sheet;

/// What tells lists of policies apart: the policy, which of its rules are for somebody, whether the policy is in force,
/// whom it sees.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct ListKey {
    sheet: Name,
    selection: Vec<(usize, bool)>,
    is_in_force: bool,
    viewpoint: Viewpoint,
}

impl<'e> Lowering<'e> {
    /// The rules of a sheet for a class; `None` where none is for it.
    pub(super) fn list_for(
        &mut self,
        sheet: Sheet<'e, '_>,
        class: &Class,
        viewpoint: &Viewpoint,
        is_in_force: bool,
    ) -> Option<Arc<RuleList>> {
        let prepared = self.prepared(sheet);
        let networks = &self.estate.resources.networks;
        let fitting = prepared.entries.iter().enumerate().filter_map(|(position, entry)| {
            match entry.fits(class, networks) {
                Fits::Yes => Some((position, true)),
                Fits::Maybe => Some((position, false)),
                Fits::No => None,
            }
        });
        let key = ListKey {
            sheet: Arc::clone(&sheet.owner.key),
            selection: fitting.collect(),
            is_in_force,
            viewpoint: viewpoint.clone(),
        };
        if let Some(known) = self.policies.lists.get(&key) {
            return known.clone();
        }
        let mut rules: Vec<Rule> = Vec::new();
        for (position, is_for_it) in &key.selection {
            let Some(entry) = prepared.entries.get(*position) else { continue };
            let own = entry.rules.iter();
            rules.extend(
                own.map(|rule| self.seen(rule, entry.has_members, viewpoint, is_in_force && *is_for_it)),
            );
        }
        if self.is_first("list", &sheet.owner.key) {
            self.gaps.extend(prepared.told.iter().cloned());
        }
        let list = (!rules.is_empty()).then(|| Arc::new(list_of(sheet.owner, sheet.scope, rules)));
        self.policies.lists.insert(key, list.clone());
        list
    }

    /// A rule as whoever looks at packets from `viewpoint` sees it.
    pub(super) fn seen(
        &self,
        rule: &Rule,
        has_members: bool,
        viewpoint: &Viewpoint,
        is_certain: bool,
    ) -> Rule {
        let mut rule = rule.clone();
        if !is_certain {
            rule.matches.protocols.must = ProtocolSet::EMPTY;
        }
        match viewpoint {
            // Members of tags send from inside.
            Viewpoint::Client if has_members => {
                let inside = self.network.internet.complement();
                let may = &mut rule.matches.sources.may;
                *may = Arc::new(may.union(&inside));
            }
            Viewpoint::Client => {}
            // A proxy is no machine with a tag.
            Viewpoint::Behind(_) => {
                let mut sources = viewpoint.sources(&rule.matches.sources, &self.common);
                if !rule.matches.tags.is_empty() {
                    // Whether it is on a list of a cloud is not known.
                    sources.may = Arc::clone(&self.common.everything);
                    rule.matches.tags.clear();
                }
                rule.matches.sources = sources;
            }
        }
        rule
    }

    /// What stands in for a policy whose rules are not in the input: it may let in and keep out anything.
    pub(super) fn unknown_list(&self, owner: &Identity, scope: Option<&Name>) -> Arc<RuleList> {
        let rules = [Action::Allow, Action::Deny].map(|action| Rule {
            name: "unknown rules".into(),
            action,
            ..self.unknown_rule()
        });
        Arc::new(list_of(owner, scope, rules.into()))
    }
}

/// A list of rules of a policy, in the order in which they are asked.
pub(super) fn list_of(owner: &Identity, scope: Option<&Name>, mut rules: Vec<Rule>) -> RuleList {
    rules.sort_by(|one, other| (one.rank, &one.name).cmp(&(other.rank, &other.name)));
    RuleList {
        id: Arc::clone(&owner.id),
        name: Arc::clone(&owner.name),
        kind: POLICY_KIND,
        scope: scope.cloned(),
        rules,
        behind: None,
        provenance: Some(owner.read_at.0),
    }
}
