//! What the input has nothing of that policies are asked with.

use model::Name;

use crate::lower::Lowering;
use crate::resource::{Level, command_of};

use super::Ancestry;
use super::book::Known;

impl Lowering<'_> {
    /// Each with the command that exports it, and only where the answer would be another with it.
    pub(in crate::lower) fn missing_of_policies(&self) -> Vec<String> {
        if !self.has_kind("instance") && !self.has_kind("firewall-rule") && !self.has_kind("firewall-policy")
        {
            return Vec::new();
        }
        let book = &self.policies.book;
        let has = |is_it: fn(&Known<'_>) -> bool| book.which(is_it).next().is_some();
        let is_listed = self.estate.listed.contains("firewall-policy");
        let has_hierarchical = has(|known| known.is_hierarchical());
        let has_global = has(|known| known.level == Level::Global);
        let has_regional = has(|known| matches!(known.level, Level::Regional(_)));
        // An answer about a network has all but policies of regions.
        let is_answered = self.are_all_networks_answered();
        let asked = self.policies.bindings.asked();
        let told = [
            (!has_hierarchical && !is_answered, NO_HIERARCHICAL),
            (!has_global && !has_regional && !is_listed && !is_answered, NO_NETWORK_POLICIES),
            (has_hierarchical && self.lacks_ancestry(), NO_ANCESTRY),
            (self.uses_groups() && !self.has_kind("address-group"), NO_GROUPS),
            (!asked.is_empty() && self.policies.bindings.is_absent(), NO_BINDINGS),
            (!asked.is_empty() && self.policies.bindings.are_partial(), SOME_BINDINGS),
            (self.policies.bindings.are_unnamed() && !self.has_kind("tag-value"), NO_VALUES),
        ];
        let commands = |sentence: &str| {
            KINDS.iter().fold(sentence.to_owned(), |text, kind| {
                text.replace(&format!("{{{kind}}}"), &format!("`{}`", command_of(kind)))
            })
        };
        told.into_iter()
            .filter(|(is_missing, _)| *is_missing)
            .map(|(_, sentence)| commands(sentence))
            .collect()
    }

    fn uses_groups(&self) -> bool {
        let rules = self.policies.book.policies.iter().filter_map(|known| known.rules).flatten();
        rules.into_iter().any(|rule| !rule.source.groups.is_empty())
    }

    /// Whether of some network it is not known what stands above it, and the input has no project at all: else a gap
    /// tells it.
    fn lacks_ancestry(&self) -> bool {
        let projects =
            self.estate.resources.networks.values().map(|network| network.identity.project.as_deref());
        !self.has_kind("project")
            && projects.into_iter().any(|project| !Ancestry::of(self.estate, project).is_whole)
    }

    /// Whether the input has an answer of effective firewalls about each network and interface.
    fn are_all_networks_answered(&self) -> bool {
        let answered: Vec<Name> = self.networks_of_views();
        let networks = self.network_keys();
        !answered.is_empty() && networks.iter().all(|network| answered.contains(network))
    }
}

/// Kinds whose commands sentences name.
const KINDS: [&str; 5] = ["address-group", "folder", "project", "tag-binding", "tag-value"];

const NO_HIERARCHICAL: &str = "hierarchical firewall policies are not in the input: presumed that the organisation and its \
     folders have none; add `gcloud compute firewall-policies list --organization ORGANIZATION --format json`";
const NO_NETWORK_POLICIES: &str = "network firewall policies are not in the input: presumed that networks have none; add \
     `gcloud compute network-firewall-policies list --format json`";
const NO_ANCESTRY: &str = "which folders and organisation hold the projects is not in the input: policies of an \
     organisation may be in force or not; add {project} and {folder}";
const NO_GROUPS: &str =
    "address groups are not in the input: each may hold every address; add {address-group}";
const NO_BINDINGS: &str =
    "bindings of secure tags are not in the input: every instance may have every tag; add {tag-binding}";
const SOME_BINDINGS: &str = "bindings of secure tags of some instances are not in the input: these may have every tag; add \
     {tag-binding}";
const NO_VALUES: &str = "values of secure tags are not in the input, and some have a name here and a number there: an \
     instance may have such a tag; add {tag-value}";
