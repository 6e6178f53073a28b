//! Whether an admin rule is in force at a place: committed there, and the place a member (semantics AA0).

use std::sync::Arc;

use model::Name;

use crate::estate::Estate;
use crate::resource::{ActiveAdminRule, AdminBody};

use super::known::{KnownAdmins, KnownRule};

/// Where a rule would act.
pub(super) struct Spot<'p> {
    /// The key of the network; `None` when it is not known.
    pub(super) network: Option<&'p Name>,
    pub(super) subnet: Option<&'p Name>,
    pub(super) region: Option<&'p Name>,
}

/// Whether a rule is in force. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Force {
    Certain,
    Possible(Doubt),
    Absent,
}

/// Why it is not known whether a rule is in force. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Nothing says that it was committed there, as it reads now.
    Drafted,
    /// It is in force somewhere, and the list does not say where.
    Unplaced,
    /// Its network groups have members that the input does not list.
    Membership,
    /// A service may be in the network beside which they do not act.
    Delegations,
}

/// What is said of a rule at a place.
pub(super) struct Standing<'e> {
    pub(super) force: Force,
    /// The rule as it reads there; `None` where the input does not have it.
    pub(super) body: Option<&'e AdminBody>,
    /// Whether a statement about this place itself says that it is in force, so that no exemption is left to ask for.
    pub(super) is_told_here: bool,
}

impl KnownAdmins {
    pub(super) fn standing<'e>(&self, rule: &KnownRule, spot: &Spot<'_>, estate: &'e Estate) -> Standing<'e> {
        let active: Vec<&ActiveAdminRule> =
            rule.active.iter().filter_map(|key| estate.devices.active_admin_rules.get(key)).collect();
        let told = active.iter().find(|active| is_told_of(active, spot, estate));
        let regional =
            active.iter().find(|active| active.region.is_some() && active.region.as_ref() == spot.region);
        let drafted = estate.devices.admin_rules.get(&rule.key);
        let effective = told.or(regional).or(active.first()).map(|active| &active.body);
        // What was committed, where it is only one; which of several holds is not known.
        let snapshots = rule.snapshots.iter().filter_map(|key| estate.devices.admin_snapshots.get(key));
        let committed = snapshots.map(|snapshot| &snapshot.body).next();
        let is_one_of_many = effective.is_none() && rule.snapshots.len() > 1;
        let drafted = drafted.filter(|_| rule.snapshots.is_empty());
        let body = match is_one_of_many {
            true => None,
            false => effective.or(committed).or(drafted.map(|drafted| &drafted.body)),
        };
        let membership = self.membership(rule, &active, spot, estate);
        let (force, is_told_here) = match self.stated(rule, spot, estate) {
            Some(Force::Certain) => (self.as_only_collection(rule, membership), true),
            Some(other) => (other, true),
            None if told.is_some() => (Force::Certain, true),
            None if regional.is_some() => (membership, false),
            None => {
                let edited = drafted.and_then(|drafted| drafted.edited.as_ref());
                (both(membership, self.committed(rule, &active, edited, spot, estate)), false)
            }
        };
        Standing { force, body, is_told_here }
    }

    /// What Resource Graph says is in force in the network, where the input has that.
    fn stated(&self, rule: &KnownRule, spot: &Spot<'_>, estate: &Estate) -> Option<Force> {
        let stated =
            [spot.subnet, spot.network].into_iter().flatten().find_map(|key| self.effective_of.get(key))?;
        let stated = estate.devices.effective_admin_networks.get(stated.first()?)?;
        Some(match (&stated.configurations, &rule.configuration) {
            (Some(configurations), Some(key)) if stated.is_done => {
                if configurations.contains(key) {
                    Force::Certain
                } else {
                    Force::Absent
                }
            }
            (_, _) => Force::Possible(Doubt::Drafted),
        })
    }

    /// A configuration that is in force in a network has a collection for it: the only one, if there is one.
    fn as_only_collection(&self, rule: &KnownRule, membership: Force) -> Force {
        let collections = rule.configuration.as_ref().and_then(|key| self.collections_of.get(key));
        if collections == Some(&1) { Force::Certain } else { membership }
    }

    /// Whether the place is a member of a group that the rule's collection applies to.
    fn membership(
        &self,
        rule: &KnownRule,
        active: &[&ActiveAdminRule],
        spot: &Spot<'_>,
        estate: &Estate,
    ) -> Force {
        let collection = rule.collection.as_ref().and_then(|key| estate.devices.admin_collections.get(key));
        let stated = active.iter().find_map(|active| active.groups.as_ref());
        let collection = match self.snapshots_of.get(rule.collection.as_ref().unwrap_or(&rule.key)) {
            Some(only) if only.len() == 1 => {
                only.first().and_then(|key| estate.devices.admin_collections.get(key))
            }
            Some(_) => None,
            None => collection,
        };
        let groups = stated.or(collection.and_then(|collection| collection.groups.as_ref()));
        let Some(groups) = groups else { return Force::Possible(Doubt::Membership) };
        let places = [spot.network, spot.subnet];
        let mut found = Force::Absent;
        for key in groups {
            let members = self.members.get(key);
            let is_listed = |place: &Name| members.is_some_and(|members| members.listed.contains(place));
            if places.into_iter().flatten().any(is_listed) {
                return Force::Certain;
            }
            let was_taken_out =
                |place: &Name| estate.former_members.contains(&[Arc::clone(key), Arc::clone(place)]);
            let are_all = members.is_some_and(|members| members.are_all) && spot.network.is_some();
            let are_all = are_all || spot.network.is_some_and(was_taken_out);
            if !are_all {
                found = Force::Possible(Doubt::Membership);
            }
        }
        // Members that a list names are all that its groups have.
        let mut named = active.iter().filter(|active| !active.members.is_empty()).peekable();
        match spot.network {
            Some(network) if named.peek().is_some() => {
                if named.any(|active| active.members.contains(network)) {
                    Force::Certain
                } else {
                    Force::Absent
                }
            }
            Some(_) | None => found,
        }
    }

    /// Whether the rule as it is drafted was committed to the region of the place.
    fn committed(
        &self,
        rule: &KnownRule,
        active: &[&ActiveAdminRule],
        edited: Option<&Name>,
        spot: &Spot<'_>,
        estate: &Estate,
    ) -> Force {
        let open = if active.is_empty() { Doubt::Drafted } else { Doubt::Unplaced };
        // What an edit made was committed nowhere else than an edit says.
        if estate.drafts.contains(&rule.key) && (active.is_empty() || spot.region.is_some()) {
            return Force::Absent;
        }
        if active.is_empty() && spot.network.is_some_and(|network| self.told_networks.contains(network)) {
            return Force::Absent;
        }
        let (Some(manager), Some(configuration), Some(region)) =
            (&rule.manager, &rule.configuration, spot.region)
        else {
            return Force::Possible(open);
        };
        if active.is_empty() && self.told_regions.contains(&(Arc::clone(manager), Arc::clone(region))) {
            return Force::Absent;
        }
        let keys = self.deployments_of.get(manager).into_iter().flatten();
        let deployments = keys.filter_map(|key| estate.devices.admin_deployments.get(key));
        let there: Vec<_> =
            deployments.filter(|deployment| deployment.region.as_ref() == spot.region).collect();
        let named = there.iter().find(|deployment| deployment.configurations.contains(configuration));
        match named {
            Some(deployment) => {
                let is_newer =
                    edited.zip(deployment.committed.as_ref()).is_some_and(|(edited, then)| edited > then);
                let holds = deployment.is_done && !is_newer;
                if holds { Force::Certain } else { Force::Possible(Doubt::Drafted) }
            }
            // One configuration for each manager and region: another one there is the goal instead.
            None if there.iter().any(|other| other.is_done && other.is_admin) => Force::Absent,
            None => Force::Possible(open),
        }
    }
}

/// Whether a list of rules in force holds for this network: it is of one of the members that the groups are told to
/// have, and all of these are in one region.
fn is_told_of(active: &ActiveAdminRule, spot: &Spot<'_>, estate: &Estate) -> bool {
    let Some(network) = spot.network.filter(|network| active.members.contains(network)) else { return false };
    let region = |key: &Name| estate.networks.get(key).and_then(|network| network.region.as_ref());
    let is_near = |member: &Name| region(member).is_some() && region(member) == region(network);
    active.members.len() == 1 || active.members.iter().all(is_near)
}

/// Both must hold.
fn both(one: Force, other: Force) -> Force {
    match (one, other) {
        (Force::Absent, _) | (_, Force::Absent) => Force::Absent,
        (Force::Certain, other) => other,
        // That it is not committed is the first thing to say.
        (Force::Possible(_), Force::Possible(doubt)) => Force::Possible(doubt),
        (Force::Possible(doubt), Force::Certain) => Force::Possible(doubt),
    }
}

impl Spot<'_> {
    pub(super) fn of<'p>(
        network: Option<&'p Name>,
        subnet: Option<&'p Name>,
        estate: &'p Estate,
    ) -> Spot<'p> {
        let region = network.and_then(|key| estate.networks.get(key)?.region.as_ref());
        Spot { network, subnet, region }
    }
}
