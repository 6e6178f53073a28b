//! Policies of Azure Firewall and the groups of collections they consist of (semantics AP9).

use std::sync::Arc;

use cloud::json::Node;
use cloud::{Said, Stated};
use model::{Effect, Name};

use crate::intake::Intake;
use crate::resource::identity::Identity;
use crate::resource::stated::OfAzure as _;

use super::Device;
use super::firewall::read_mode;
use super::firewall_rule::{RuleCollection, read_grouped};

/// A policy.
#[derive(Clone, Debug, PartialEq)]
pub struct FirewallPolicy {
    pub(crate) identity: Identity,
    /// The key of its parent.
    pub(crate) base: Option<Name>,
    /// Keys of the groups it says it has; `None` when it does not say.
    pub(crate) groups: Option<Vec<Name>>,
    /// Groups that its document holds whole.
    pub(crate) nested: Vec<CollectionGroup>,
    pub(crate) threat_intelligence: Option<Name>,
    /// Keys of the firewalls that it says follow it.
    pub(crate) firewalls: Vec<Name>,
}

/// A group of collections, a resource of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct CollectionGroup {
    pub(crate) identity: Identity,
    pub(crate) priority: Option<u32>,
    /// Its collections that translate, in the order of the document; `None` when they cannot be read.
    pub(crate) collections: Option<Vec<RuleCollection>>,
}

impl CollectionGroup {
    /// The key of the policy it belongs to.
    pub(crate) fn policy(&self) -> Option<&str> {
        self.identity.key.rsplit_once("/rulecollectiongroups/").map(|(policy, _)| policy)
    }

    fn of<'a>(identity: Identity, stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Self {
        let priority = stated.number("priority", intake);
        if priority.is_nothing() {
            let sentence = "a group of rule collections has no `priority`: where it stands is not known";
            stated.tell("missing-field", Effect::Undecided, sentence, intake);
        }
        if !stated.has("ruleCollections") {
            let sentence = "`ruleCollections` is missing: what the group holds is not known";
            stated.tell("missing-field", Effect::Undecided, sentence, intake);
            return Self { identity, priority: priority.this(), collections: None };
        }
        Self { identity, priority: priority.this(), collections: read_grouped(stated, intake) }
    }
}

pub(crate) fn read<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed firewall policy", intake);
    let mut groups = None;
    let mut nested = Vec::new();
    if let Said::This(stated_groups) = stated.objects("ruleCollectionGroups", intake) {
        let mut keys = Vec::with_capacity(stated_groups.len());
        for group in stated_groups {
            let id = group.text("id", intake).this().map(str::to_owned);
            let name = group.text("name", intake).this();
            let made = name.map(|name| format!("{}/ruleCollectionGroups/{name}", identity.id));
            let Some(id) = id.or(made) else { continue };
            let who = Identity::of_id(&id, group.read_at, intake);
            keys.push(Arc::clone(&who.key));
            if group.has("ruleCollections") {
                nested.push(CollectionGroup::of(who, &group, intake));
            }
        }
        groups = Some(keys);
    }
    FirewallPolicy {
        base: stated.reference("basePolicy", intake).this(),
        groups,
        nested,
        threat_intelligence: read_mode(&stated, intake),
        firewalls: stated.references("firewalls", intake).this().unwrap_or_default(),
        identity,
    }
    .into()
}

pub(crate) fn read_group<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed group of rule collections", intake);
    CollectionGroup::of(identity, &stated, intake).into()
}
