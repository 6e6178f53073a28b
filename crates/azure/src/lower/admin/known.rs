//! What the input knows of network managers, turned round: rules with their collections, groups with their members,
//! networks with what is in force there.
//!
//! Holds keys only; decides nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cloud::{LookupMap, LookupSet};
use model::Name;

use crate::estate::Estate;
use crate::lower::index::push;
use crate::resource::{Devices, parent_of};

/// What the input knows of network managers.
#[derive(Debug, Default)]
pub(in crate::lower) struct KnownAdmins {
    /// Sorted by key.
    pub(super) rules: Vec<KnownRule>,
    pub(super) members: LookupMap<Name, Members>,
    /// Statements of what is in force in a network or a subnet, by its key.
    pub(super) effective_of: LookupMap<Name, Vec<Name>>,
    /// Deployments by manager.
    pub(super) deployments_of: LookupMap<Name, Vec<Name>>,
    /// Networks and regions of managers of which a list says all that is in force there.
    pub(super) told_networks: LookupSet<Name>,
    pub(super) told_regions: LookupSet<(Name, Name)>,
    /// What was committed of a collection at some time.
    pub(super) snapshots_of: LookupMap<Name, Vec<Name>>,
    /// How many collections of each configuration are known.
    pub(super) collections_of: LookupMap<Name, usize>,
    /// Networks of which a subnet is given to a service with a network intent policy, and those of which one does not
    /// say.
    pub(super) with_intent_policy: LookupSet<Name>,
    pub(super) untold_intent_policy: LookupSet<Name>,
    /// Subnets of which something is said that need not hold for the others of their network.
    pub(super) named_subnets: LookupSet<Name>,
    /// Subnets with an application gateway.
    pub(super) gateway_subnets: LookupSet<Name>,
}

/// A rule, as all that is said of it; or a collection of which no rule is in the input.
#[derive(Debug)]
pub(super) struct KnownRule {
    pub(super) key: Name,
    pub(super) collection: Option<Name>,
    pub(super) configuration: Option<Name>,
    pub(super) manager: Option<Name>,
    /// The keys of the statements that it is in force.
    pub(super) active: Vec<Name>,
    /// The keys of what was committed of it at some time.
    pub(super) snapshots: Vec<Name>,
}

/// The members of a network group.
#[derive(Debug, Default)]
pub(super) struct Members {
    pub(super) listed: LookupSet<Name>,
    /// Whether those are all: a list of all members says so, and static members with no condition are taken for it.
    pub(super) are_all: bool,
}

impl KnownAdmins {
    pub(in crate::lower) fn new(estate: &Estate) -> Self {
        let devices = &estate.devices;
        let mut known = Self::default();
        known.add_rules(estate);
        if known.rules.is_empty()
            && devices.effective_admin_networks.is_empty()
            && devices.admin_deployments.is_empty()
        {
            return known;
        }
        known.add_told(devices);
        known.add_members(devices);
        for (key, network) in &devices.effective_admin_networks {
            if let Some(network) = &network.network {
                push(&mut known.effective_of, network, key);
            }
        }
        for (key, deployment) in &devices.admin_deployments {
            let stated = parent_of(&deployment.identity.key).filter(|key| key.contains("/networkmanagers/"));
            let named = deployment.configurations.first().and_then(|key| parent_of(key));
            if let Some(manager) = named.or(stated) {
                push(&mut known.deployments_of, &manager.into(), key);
            }
        }
        known.add_networks(estate);
        let listed = known.members.values().flat_map(|members| &members.listed);
        let named = listed.chain(known.effective_of.keys()).filter(|key| key.contains("/subnets/"));
        known.named_subnets = named.cloned().collect();
        known
    }

    /// Whether no network can have an admin rule.
    pub(super) fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.effective_of.is_empty() && self.deployments_of.is_empty()
    }

    fn add_rules(&mut self, estate: &Estate) {
        let devices = &estate.devices;
        let mut rules: BTreeMap<Name, Vec<Name>> =
            devices.admin_rules.keys().map(|key| (Arc::clone(key), Vec::new())).collect();
        for (key, active) in &devices.active_admin_rules {
            rules.entry(active.rule.to_ascii_lowercase().into()).or_default().push(Arc::clone(key));
        }
        let mut collections: LookupSet<Name> = LookupSet::default();
        let mut snapshots: BTreeMap<Name, Vec<Name>> = BTreeMap::new();
        for (key, snapshot) in &devices.admin_snapshots {
            let rule: Name = snapshot.rule.to_ascii_lowercase().into();
            rules.entry(Arc::clone(&rule)).or_default();
            snapshots.entry(rule).or_default().push(Arc::clone(key));
        }
        for (key, active) in rules {
            let snapshots = snapshots.remove(&key).unwrap_or_default();
            let rule = KnownRule { snapshots, ..KnownRule::new(key, active) };
            collections.extend(rule.collection.clone());
            self.rules.push(rule);
        }
        // Rules are exported collection by collection: of one without any it is not known whether it has some.
        let mut stated: BTreeSet<Name> = BTreeSet::new();
        for key in devices.admin_collections.keys() {
            let of_snapshot = key.split_once("/snapshots/").map(|(collection, _)| Name::from(collection));
            if let Some(collection) = &of_snapshot {
                push(&mut self.snapshots_of, collection, key);
            }
            stated.insert(of_snapshot.unwrap_or_else(|| Arc::clone(key)));
        }
        let has_none = |key: &&Name| !collections.contains(*key) && !estate.drafts.contains(*key);
        for key in stated.iter().filter(has_none) {
            let unread: Name = format!("{key}/rules/unknown rules").into();
            self.rules.push(KnownRule::new(unread, Vec::new()));
        }
        collections.extend(stated);
        for configuration in collections.iter().filter_map(|key| parent_of(key)) {
            *self.collections_of.entry(configuration.into()).or_default() += 1;
        }
        self.rules.sort_unstable_by(|one, other| one.key.cmp(&other.key));
    }

    /// A list of what is in force has all that is: what it does not name is not.
    fn add_told(&mut self, devices: &Devices) {
        for rule in &self.rules {
            for active in rule.active.iter().filter_map(|key| devices.active_admin_rules.get(key)) {
                if let [network] = active.members.as_slice() {
                    self.told_networks.insert(Arc::clone(network));
                }
                if let (Some(manager), Some(region)) = (&rule.manager, &active.region) {
                    self.told_regions.insert((Arc::clone(manager), Arc::clone(region)));
                }
            }
        }
    }

    fn add_members(&mut self, devices: &Devices) {
        for member in devices.network_group_members.values() {
            let Some(group) = &member.group else { continue };
            let members = self.members.entry(Arc::clone(group)).or_default();
            members.listed.extend(member.member.clone());
            members.are_all |= member.member.is_some();
        }
        for (key, group) in &devices.network_groups {
            if group.members.is_empty() && !group.is_conditional {
                continue;
            }
            let members = self.members.entry(Arc::clone(key)).or_default();
            members.listed.extend(group.members.iter().cloned());
            let listed_whole = || {
                let mut stated = devices.network_group_members.values();
                stated.any(|member| member.is_of_all && member.group.as_ref() == Some(key))
            };
            members.are_all = if group.is_conditional { listed_whole() } else { !members.listed.is_empty() };
        }
    }

    fn add_networks(&mut self, estate: &Estate) {
        for subnet in estate.subnets.values() {
            let Some(network) = &subnet.network else { continue };
            match subnet.has_intent_policy {
                Some(true) => drop(self.with_intent_policy.insert(Arc::clone(network))),
                Some(false) => {}
                None => drop(self.untold_intent_policy.insert(Arc::clone(network))),
            }
            if subnet.has_application_gateway {
                self.gateway_subnets.insert(Arc::clone(&subnet.identity.key));
            }
        }
        let gateways = estate.devices.application_gateways.values();
        self.gateway_subnets.extend(gateways.filter_map(|gateway| gateway.subnet.clone()));
    }
}

impl KnownRule {
    fn new(key: Name, active: Vec<Name>) -> Self {
        let within = |key: &Name, kind: &str| {
            let parent: Name = parent_of(key)?.into();
            key.contains(kind).then_some(parent)
        };
        let collection = within(&key, "/rulecollections/");
        let configuration = collection.as_ref().and_then(|key| within(key, "/securityadminconfigurations/"));
        let manager = configuration.as_ref().and_then(|key| within(key, "/networkmanagers/"));
        Self { key, collection, configuration, manager, active, snapshots: Vec::new() }
    }
}
