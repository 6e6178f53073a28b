//! What is told of admin rules: doubts, ties, and what the input lacks, each with the command that would export it.

use std::collections::BTreeSet;

use cloud::Quoted;
use model::{Effect, Gap, Name};

use crate::lower::Lowering;
use crate::resource::name_of;

use super::entry::Entry;
use super::force::{Doubt, Force};
use super::known::KnownRule;

impl Lowering<'_> {
    /// One sentence for each kind that is not there.
    pub(in crate::lower) fn missing_of_admins(&self) -> impl Iterator<Item = String> {
        let devices = &self.estate.devices;
        let has_manager = !devices.network_managers.is_empty()
            || !devices.admin_configurations.is_empty()
            || !devices.network_groups.is_empty();
        let has_rules = !devices.admin_rules.is_empty()
            || !devices.active_admin_rules.is_empty()
            || !devices.effective_admin_networks.is_empty()
            || !devices.admin_collections.is_empty();
        let is_static = |group| {
            let mut members =
                devices.network_group_members.values().filter(|one| one.group.as_ref() == group);
            members.all(|member| !member.is_of_all)
        };
        let groups = devices.network_group_members.values().map(|member| member.group.as_ref());
        let only_static = has_rules && groups.filter(Option::is_some).any(is_static);
        let told = [(has_manager && !has_rules, NO_RULES), (only_static, ONLY_STATIC)];
        told.into_iter().filter(|(holds, _)| *holds).map(|(_, sentence)| sentence.to_owned())
    }

    /// Once for each configuration and reason.
    pub(super) fn tell_doubts(&mut self, entries: &[Entry<'_>]) {
        let mut told: BTreeSet<(&str, &Option<Name>)> = BTreeSet::new();
        for entry in entries {
            let Force::Possible(doubt) = entry.force else { continue };
            let Some((code, sentence)) = doubt.told() else { continue };
            let configuration = &entry.known.configuration;
            if !told.insert((code, configuration)) {
                continue;
            }
            let devices = &self.estate.devices;
            let stated = configuration.as_ref().and_then(|key| devices.admin_configurations.get(key));
            let collection =
                entry.known.collection.as_ref().and_then(|key| devices.admin_collections.get(key));
            let place = stated.map(|one| one.identity.read_at.0).or(entry.place());
            let Some(place) = place.or(collection.map(|one| one.identity.read_at.0)) else { continue };
            let name = configuration.as_deref().map_or("security admin rules", name_of);
            let message = format!("{}: {sentence}", Quoted(name));
            self.gaps.push(Gap::at(place, code, Effect::Undecided, message));
        }
        for entry in entries.iter().filter(|entry| entry.rule.is_none()) {
            self.tell_unread(entry.known);
        }
    }

    /// A rule of which the input has too much to know which holds, or a collection of which it has none.
    fn tell_unread(&mut self, known: &KnownRule) {
        let devices = &self.estate.devices;
        let snapshot = known.snapshots.first().and_then(|key| devices.admin_snapshots.get(key));
        let collection = known.collection.as_ref().and_then(|key| devices.admin_collections.get(key));
        let (identity, sentence) = match (snapshot, collection) {
            (Some(snapshot), _) => (
                &snapshot.identity,
                "several snapshots of it are in the input: which of them is in force is not known",
            ),
            (None, Some(collection)) => (
                &collection.identity,
                "no rule of this collection is in the input: what it does is not known; add `az network manager security-admin-config rule-collection rule list`",
            ),
            (None, None) => return,
        };
        let name = if snapshot.is_some() { name_of(&known.key) } else { &identity.name };
        let message = format!("{}: {sentence}", Quoted(name));
        self.gaps.push(Gap::at(identity.read_at.0, "admin-rules-untold", Effect::Undecided, message));
    }

    pub(super) fn tell_equal_priorities(&mut self, one: &Entry<'_>, other: &Entry<'_>) {
        let (Some(place), Some(priority)) = (other.place(), other.priority()) else { return };
        let message = format!(
            "security admin rules: {} and {} both have the inbound priority {priority}: both orders are taken as possible",
            Quoted(name_of(&one.known.key)),
            Quoted(name_of(&other.known.key))
        );
        self.gaps.push(Gap::at(place, "equal-priorities", Effect::Undecided, message));
    }

    pub(super) fn tell_order(&mut self, entry: &Entry<'_>) {
        let Some(place) = entry.place() else { return };
        let manager = entry.known.manager.as_deref().map_or("a network manager", name_of);
        let message = format!(
            "{}: which network manager is the higher one is not known: both orders of their admin rules are taken as possible; add `az network manager list`",
            Quoted(manager)
        );
        self.gaps.push(Gap::at(place, "admin-rules-order", Effect::Undecided, message));
    }
}

impl Doubt {
    /// The code and the sentence of its gap; `None` where another gap says it.
    const fn told(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Drafted => Some((
                "drafted-admin-rules",
                "its rules are drafted, and whether they are in force is not known: each is taken as possible; add `az network manager list-deploy-status` or `az network manager list-active-security-admin-rule`",
            )),
            Self::Unplaced => Some((
                "unplaced-admin-rules",
                "its rules are in force somewhere, and the list does not say in which network: each is taken as possible; add `az network manager list-active-security-admin-rule` and the members of its groups",
            )),
            Self::Membership => Some((
                "unknown-group-membership",
                "its rules are for network groups whose members are not in the input: each is taken as possible; add `az network manager group static-member list`",
            )),
            Self::Delegations => None,
        }
    }
}

const NO_RULES: &str = "security admin rules of network managers are not in the input: they may keep out what groups let in, and let in what groups keep out; add `az network manager list-active-security-admin-rule`";
const ONLY_STATIC: &str = "members that a policy adds to network groups are not in the input: networks that are no static member of a group are taken not to be in it; add the `microsoft.network/networkmanagers/networkgroups/members` of `az graph query`";
