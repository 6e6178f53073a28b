//! What `az network nic list-effective-nsg` says of one interface: the truth there, tags and groups resolved by Azure.
//!
//! Two things it does not say. It prints `*` and `0.0.0.0/0` alike, so what it lets in over IPv6 is only possible. And
//! it is an error, not an empty list, for an interface without a running machine: a missing view says nothing.

use std::sync::Arc;

use cloud::{Quoted, ReadAt};
use model::{Effect, Name};

use crate::intake::Intake;
use crate::wire::Element;

use super::group::read_rules;
use super::identity::Identity;
use super::rule_intake::{Access, Origin};
use super::security_rule::SecurityRule;

/// The effective rules of one interface.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectiveView {
    /// The interface; where the view names none, the subnet.
    pub(crate) identity: Identity,
    /// Whether `identity` is the interface.
    pub(crate) names_interface: bool,
    /// The key of the subnet, where the view names it.
    pub(crate) subnet: Option<Name>,
    pub(crate) lists: Vec<EffectiveList>,
}

/// One group of a view.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EffectiveList {
    /// The group.
    pub(crate) identity: Identity,
    pub(crate) attached: Attached,
    /// Ascending by priority.
    pub(crate) rules: Vec<SecurityRule>,
}

/// What a group of a view is attached to. Complete; in the order in which a packet meets them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Attached {
    /// The virtual network, by a network manager: rules before every group.
    NetworkManager,
    Subnet,
    Interface,
}

impl EffectiveView {
    /// Whether it shows rules of a network manager.
    pub(crate) fn has_manager_rules(&self) -> bool {
        self.lists.iter().any(|list| list.attached == Attached::NetworkManager)
    }
}

/// The elements of one document, which together are one view.
#[derive(Debug, Default)]
pub(crate) struct EffectiveParts {
    lists: Vec<EffectiveList>,
    interfaces: Vec<Identity>,
    subnets: Vec<Identity>,
}

impl EffectiveParts {
    /// Takes in one element of the document.
    pub(crate) fn add<'a>(&mut self, element: &Element<'a>, intake: &mut Intake<'_, 'a>) {
        let read_at = ReadAt(intake.place(element.at));
        let association = element.association.get();
        let mut named = |reference: Option<&str>| reference.map(|id| Identity::of_id(id, read_at, intake));
        let interface = named(association.and_then(|to| to.interface.get()?.id.get()));
        let subnet = named(association.and_then(|to| to.subnet.get()?.id.get()));
        let manager = named(association.and_then(|to| to.network_manager.get()?.id.get()));
        let group = named(element.group.get().and_then(|group| group.id.get()));
        let attached = match (&manager, &interface) {
            (Some(_), _) => Attached::NetworkManager,
            (None, Some(_)) => Attached::Interface,
            (None, None) => Attached::Subnet,
        };
        self.interfaces.extend(interface);
        self.subnets.extend(subnet);
        let unnamed = || Identity::read(element, "unnamed group", intake);
        let identity = group.or(manager).unwrap_or_else(unnamed);
        let field = "effectiveSecurityRules";
        let mut rules = read_rules(&element.effective_rules, field, Origin::Effective, &identity, intake);
        if rules.is_empty() && attached != Attached::NetworkManager {
            // A2: not even the default rules: a projection, or a list that was cut.
            let message =
                format!("{}: no inbound rule, expected at least the default rules", Quoted(&identity.name));
            intake.note(read_at.0, "incomplete-view", Effect::Undecided, message);
            rules.push(SecurityRule::unknown(intake.pool));
        }
        rules.sort_by_key(|rule| rule.priority);
        if attached == Attached::NetworkManager {
            let mut doubted = false;
            rules.iter_mut().for_each(|rule| doubted |= doubt(rule));
            if doubted {
                let message = format!(
                    "{}: rules of a network manager: whether those that allow deliver or let the groups decide is not shown in this view; add `az network manager list-active-security-admin-rule`",
                    Quoted(&identity.name)
                );
                intake.note(read_at.0, "network-manager-rules", Effect::Undecided, message);
            }
        }
        self.lists.push(EffectiveList { identity, attached, rules });
    }

    /// The view that the elements of a document make; `None` without any, or when they are of several interfaces.
    pub(crate) fn finish(self, intake: &mut Intake<'_, '_>) -> Option<EffectiveView> {
        let mut lists = self.lists;
        let first = lists.first()?.identity.read_at;
        let interface = self.interfaces.first();
        if self.interfaces.iter().any(|other| interface.is_some_and(|one| one.key != other.key)) {
            let message =
                "effective rules of several interfaces in one document, expected one interface".to_owned();
            intake.note(first.0, "several-interfaces", Effect::Skipped, message);
            return None;
        }
        let Some(identity) = interface.or(self.subnets.first()).cloned() else {
            let message = "effective rules without `association`: they belong to no interface".to_owned();
            intake.note(first.0, "missing-field", Effect::Skipped, message);
            return None;
        };
        lists.sort_by_key(|list| list.attached);
        Some(EffectiveView {
            names_interface: interface.is_some(),
            subnet: self.subnets.first().map(|subnet| Arc::clone(&subnet.key)),
            identity,
            lists,
        })
    }
}

/// AA1: `AlwaysAllow` skips the groups and `Allow` does not, and a view shows both as `Allow`. Says whether the rule may
/// be either.
fn doubt(rule: &mut SecurityRule) -> bool {
    match rule.access {
        Access::Deny => false,
        // One that possibly matches: what it delivers, or what the groups say.
        Access::Allow | Access::Unreadable => {
            rule.certain = false;
            true
        }
    }
}
