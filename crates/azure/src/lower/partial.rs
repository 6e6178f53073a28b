//! What is known from edits alone: rules that nobody stated may come before those that edits made.
//!
//! What was never seen is taken as absent; only a denial that was never seen is taken as possible. An unseen allow would
//! make everything possible.

use std::sync::Arc;

use model::{Action, Matches, Name, Rule, RuleList, every_type};
use packet::{Bounds, ProtocolSet};

use crate::resource::parent_of;

use super::Lowering;

impl Lowering<'_> {
    /// Puts a rule that may deny anything where a rule may stand that was not seen: before the first one that leaves a
    /// priority free before it. Priorities begin at 100, and no two rules have one.
    pub(super) fn doubt_unseen(&self, list: &mut RuleList) {
        let mut next = FIRST_PRIORITY;
        let mut at = 0;
        while list.rules.get(at).is_some_and(|rule| rule.priority == Some(next)) {
            next += 1;
            at += 1;
        }
        let common = &self.memo.common;
        let everywhere = Bounds::exactly(Arc::clone(&common.everything));
        let every_port = Bounds::exactly(Arc::clone(&common.every_port));
        let matches = Matches {
            protocols: Bounds::between(ProtocolSet::EMPTY, super::PROTOCOLS.into_iter().collect()),
            sources: everywhere.clone(),
            tags: Vec::new(),
            source_ports: every_port.clone(),
            destinations: everywhere,
            ports: every_port,
            types: every_type(),
        };
        let rule = Rule {
            name: UNSEEN.into(),
            priority: None,
            rank: next,
            action: Action::Deny,
            matches,
            written: "".into(),
            built_in: false,
            provenance: None,
        };
        list.rules.insert(at, rule);
    }

    /// Whether something that decides about a target was never stated whole, or is referred to and was not stated.
    pub(crate) fn is_partial(&self, key: &Name) -> bool {
        let estate = self.estate;
        let is_doubtful = |key: &Name| estate.is_partial(key) || estate.is_name(key) || !estate.contains(key);
        if let Some(interface) = estate.interfaces.get(key) {
            return is_doubtful(key)
                || interface.configurations.iter().any(|configuration| {
                    let address = configuration.public_address.iter();
                    let subnet = configuration.subnet.as_ref();
                    let group = subnet
                        .and_then(|subnet| estate.subnets.get(subnet))
                        .and_then(|subnet| subnet.group.as_ref());
                    let told = subnet.and_then(|subnet| self.index.groups_of_subnet.get(subnet));
                    address.chain(subnet).any(is_doubtful)
                        || self.is_under_unplaced_rules()
                        || group
                            .into_iter()
                            .chain(told.into_iter().flatten())
                            .any(|group| self.is_doubtful_group(group))
                })
                || interface.group.iter().any(|group| self.is_doubtful_group(group));
        }
        if estate.contains(key) {
            return is_doubtful(key) || self.parts_are_partial(key);
        }
        let Some(service) = key.strip_suffix(super::service::MANAGEMENT) else { return true };
        let service = Name::from(service);
        is_doubtful(&service) || self.parts_are_partial(&service)
    }

    /// Whether admin rules are in force of which nobody stated for which networks they are.
    fn is_under_unplaced_rules(&self) -> bool {
        let devices = &self.estate.devices;
        let mut active = devices.active_admin_rules.values();
        active.any(|active| {
            let rule = active.rule.to_ascii_lowercase();
            let is_stated = parent_of(&rule).is_some_and(|key| devices.admin_collections.contains_key(key));
            active.region.is_some() && active.groups.is_none() && active.members.is_empty() && !is_stated
        })
    }

    fn is_doubtful_group(&self, reference: &Name) -> bool {
        let key = self.index.group_key(self.estate, reference);
        key.is_none_or(|key| self.estate.is_partial(&key) || self.estate.is_name(&key))
    }

    fn parts_are_partial(&self, key: &Name) -> bool {
        let parts = self.index.parts_of_service.get(key);
        parts.into_iter().flatten().any(|part| self.estate.is_partial(part))
    }
}

/// The lowest number that a rule of a group can have.
const FIRST_PRIORITY: u32 = 100;
/// What stands for rules that were not seen, in a list.
const UNSEEN: &str = "rules that were not seen";
