//! Network managers: what is drafted acts from the commit on, and what is committed stays as it was (semantics AA0).
//!
//! What is in force is kept as lists of active rules keep it, so later drafts do not reach it. Members of network groups
//! act without a commit.

use std::sync::Arc;

use cloud::audit::Act;
use model::Name;

use crate::estate::Estate;
use crate::resource::{ActiveAdminRule, AdminDeployment, Identity, name_of, parent_of};

/// Before an edit of what a manager drafts: what is in force is kept as it is.
pub(super) fn freeze(estate: &mut Estate, kind: &str, key: &str) {
    if !kind.starts_with(DRAFTS) {
        return;
    }
    let Some((manager, _)) = key.split_once("/securityadminconfigurations/") else { return };
    let all = estate.devices.admin_deployments.values();
    let of_it = all.filter(|one| one.is_admin && one.is_done && manager_of(one) == Some(manager));
    let deployments: Vec<AdminDeployment> = of_it.cloned().collect();
    for deployment in deployments {
        let is_known =
            |active: &ActiveAdminRule| active.region == deployment.region && is_under(&active.rule, manager);
        if deployment.region.is_none() || estate.devices.active_admin_rules.values().any(is_known) {
            continue;
        }
        let rules = estate.devices.admin_rules.values();
        let is_newer = rules.filter(|rule| is_of(&deployment, &rule.identity.key)).any(|rule| {
            rule.edited
                .as_ref()
                .zip(deployment.committed.as_ref())
                .is_some_and(|(edited, then)| edited > then)
        });
        // Which version was committed is not known then, and it is said so.
        if !is_newer {
            enforce(estate, &deployment);
        }
    }
}

/// Before an edit of what a manager drafts, or of who is in a group: what is new is a draft, and acts nowhere before it is
/// committed; who is taken out is in it no more, whoever else may be.
pub(super) fn draft(estate: &mut Estate, kind: &str, key: &Name, act: &Act) {
    if kind.starts_with(DRAFTS) && *act != Act::Drop && !estate.devices.contains(key) {
        estate.drafts.insert(Arc::clone(key));
    }
    if !kind.starts_with(GROUPS) {
        return;
    }
    let all = estate.devices.network_group_members.iter();
    let left =
        all.filter(|(own, member)| *own == key || (*act == Act::Drop && member.group.as_ref() == Some(key)));
    let left = left.filter_map(|(_, known)| Some([known.group.clone()?, known.member.clone()?]));
    estate.former_members.extend(left);
}

/// After an edit of what a manager drafts: what is deleted does not act any more.
pub(super) fn cease(estate: &mut Estate, kind: &str, key: &str, act: &Act) {
    if !kind.starts_with(DRAFTS) || *act != Act::Drop {
        return;
    }
    let is_gone = |rule: &str| rule.eq_ignore_ascii_case(key) || is_under(rule, key);
    estate.devices.active_admin_rules.retain(|_, active| !is_gone(&active.rule));
    for deployment in estate.devices.admin_deployments.values_mut() {
        deployment.configurations.retain(|configuration| **configuration != *key);
    }
}

/// A manager commits to a region: it takes the place of what it had committed there. Says what decides about it and was
/// never stated.
pub(super) fn commit(estate: &mut Estate, key: &Name, mut deployment: AdminDeployment) -> Option<String> {
    let (manager, _) = key.split_once("/deployments/")?;
    let untold = deployment.is_admin.then(|| untold(estate, manager, &deployment)).flatten();
    let devices = &mut estate.devices;
    devices.admin_deployments.retain(|_, then| {
        then.is_admin != deployment.is_admin
            || then.region != deployment.region
            || manager_of(then) != Some(manager)
    });
    let region = deployment.region.clone();
    if deployment.is_admin {
        devices
            .active_admin_rules
            .retain(|_, active| active.region != region || !is_under(&active.rule, manager));
        let networks = &estate.networks;
        estate.devices.effective_admin_networks.retain(|_, told| {
            let network = told.network.as_ref().and_then(|network| networks.get(network));
            network.is_none_or(|network| network.region != region)
        });
        enforce(estate, &deployment);
    }
    let place = region.as_deref().unwrap_or_default();
    let kind = if deployment.is_admin { "securityadmin" } else { "other" };
    let own = format!("{manager}/deployments/{kind}-{place}");
    deployment.identity =
        Identity { key: own.as_str().into(), id: own.as_str().into(), ..deployment.identity };
    estate.devices.admin_deployments.insert(own.into(), deployment);
    untold
}

/// What nobody stated of what is committed, or of what it takes the place of: the first of it.
fn untold(estate: &Estate, manager: &str, deployment: &AdminDeployment) -> Option<String> {
    let devices = &estate.devices;
    let is_before = |then: &AdminDeployment| {
        then.is_admin && then.region == deployment.region && manager_of(then) == Some(manager)
    };
    if !devices.network_managers.contains_key(manager) && !devices.admin_deployments.values().any(is_before) {
        return Some(format!("what {} had committed there", name_of(manager)));
    }
    deployment.configurations.iter().find_map(|configuration| untold_of(estate, configuration))
}

/// The same of one configuration: its rules, for which groups they are, who is in these.
fn untold_of(estate: &Estate, configuration: &str) -> Option<String> {
    let devices = &estate.devices;
    let of_it = |key: &&Name| is_under(key, configuration);
    let rules: Vec<&Name> = devices.admin_rules.keys().filter(of_it).collect();
    if rules.is_empty() {
        return Some(format!("the rules of {}", name_of(configuration)));
    }
    for collection in rules.iter().filter_map(|rule| parent_of(rule)) {
        let stated = devices.admin_collections.get(collection).and_then(|stated| stated.groups.as_ref());
        let Some(groups) = stated else {
            return Some(format!("for which networks {} is", name_of(collection)));
        };
        for group in groups {
            let own = devices.network_groups.get(group).map_or(&[][..], |group| group.members.as_slice());
            let listed = devices.network_group_members.values();
            let listed = listed.filter(|one| one.group.as_ref() == Some(group));
            let mut members = listed.filter_map(|one| one.member.as_ref()).chain(own).peekable();
            if members.peek().is_none() {
                return Some(format!("which networks are in {}", name_of(group)));
            }
            let is_unknown = |member: &&Name| {
                let network = network_of(member);
                estate.networks.get(network).is_none_or(|network| network.region.is_none())
            };
            if let Some(unknown) = members.find(is_unknown) {
                return Some(format!("the network {}", name_of(network_of(unknown))));
            }
        }
    }
    None
}

/// The network of a member, which is one itself or a subnet.
fn network_of(member: &str) -> &str {
    member.split_once("/subnets/").map_or(member, |(network, _)| network)
}

/// The rules of a deployment are in force as they are drafted now.
fn enforce(estate: &mut Estate, deployment: &AdminDeployment) {
    let Some(region) = &deployment.region else { return };
    let mut actives = Vec::new();
    for (key, rule) in &estate.devices.admin_rules {
        if !is_of(deployment, key) {
            continue;
        }
        let collection =
            parent_of(key).and_then(|collection| estate.devices.admin_collections.get(collection));
        let own: Name = format!("{key}@{region}").into();
        actives.push(ActiveAdminRule {
            identity: Identity { key: own, ..rule.identity.clone() },
            rule: Arc::clone(&rule.identity.id),
            body: rule.body.clone(),
            region: Some(Arc::clone(region)),
            groups: collection.and_then(|collection| collection.groups.clone()),
            members: Vec::new(),
        });
    }
    for active in actives {
        estate.devices.active_admin_rules.insert(Arc::clone(&active.identity.key), active);
    }
}

fn is_of(deployment: &AdminDeployment, rule: &str) -> bool {
    deployment.configurations.iter().any(|configuration| is_under(rule, configuration))
}

/// Whether an id names a part of an owner.
fn is_under(id: &str, owner: &str) -> bool {
    let start = id.get(..owner.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(owner))
        && id.as_bytes().get(owner.len()) == Some(&b'/')
}

fn manager_of(deployment: &AdminDeployment) -> Option<&str> {
    let named = deployment.configurations.first().and_then(|key| parent_of(key));
    named.or_else(|| deployment.identity.key.split_once("/deployments/").map(|(manager, _)| manager))
}

/// What was committed to a region.
pub(super) const DEPLOYMENTS: &str = "microsoft.network/networkmanagers/deployments";
/// Groups of networks, and who was put into them.
const GROUPS: &str = "microsoft.network/networkmanagers/networkgroups";
const DRAFTS: &str = "microsoft.network/networkmanagers/securityadminconfigurations";
