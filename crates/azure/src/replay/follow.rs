//! What an edit moves beside the object that it edits: the other side of its attachments, and what it refers to.
//!
//! Knows which kinds are attached to which; how both sides are brought in step is in `step`.

use std::borrow::Cow;
use std::sync::Arc;

use cloud::audit::{Act, Spot};
use cloud::json::{Node, Tree};
use model::Name;

use crate::resource::Resource;

use super::step::{self, Step};
use super::{Plan, Replay, unseen};

impl Replay<'_> {
    /// Whatever stands on the other side of an attachment follows.
    pub(super) fn follow(&mut self, plan: &Plan, before: Vec<Name>) {
        let (kind, key) = (&*plan.kind, &plan.key);
        let is_interface = kind == step::INTERFACE || kind.ends_with("/networkinterfaces");
        if kind == step::GROUP || kind == step::ADDRESS || kind == step::ROUTE_TABLE {
            return;
        }
        if kind == step::COLLECTIONS {
            self.collections(plan);
            return;
        }
        self.meet(kind, key);
        let node = self.ledger.get(&plan.kind, key).map(|object| object.node.clone());
        let mut affected = before;
        if kind == step::NETWORK {
            affected.extend(self.subnets_of(key));
            affected.sort_unstable();
            affected.dedup();
        } else if kind == step::SUBNET {
            affected.push(Arc::clone(key));
        }
        let mut step = Step { estate: self.estate, ledger: self.ledger, place: self.place };
        if is_interface {
            let balancers = step.balancers_of(key);
            step.interface(key);
            step.addresses(key, node.as_ref());
            for balancer in balancers {
                self.read_again(step::BALANCER, &balancer);
            }
            return;
        }
        for subnet in affected {
            step.subnet(&subnet);
        }
        match kind {
            step::MACHINE => step.machine(key),
            step::BALANCER => {
                step.balancer(key);
                step.addresses(key, node.as_ref());
            }
            step::NETWORK | step::SUBNET => {}
            _ => step.addresses(key, node.as_ref()),
        }
    }

    /// A policy lists the groups of collections that are its own, and no request says so.
    fn collections(&mut self, plan: &Plan) {
        let list = Spot::of(&["ruleCollectionGroups"]);
        let policy = plan.key.rsplit_once("/rulecollectiongroups/").map(|(policy, _)| Name::from(policy));
        let is_listed = |policy: &Name| {
            self.ledger.get(step::POLICY, policy).is_some_and(|known| list.find(&known.node).is_some())
        };
        let Some(policy) = policy.filter(is_listed) else { return };
        let is_there = self.estate.devices.collection_groups.contains_key(&plan.key);
        let mut step = Step { estate: self.estate, ledger: self.ledger, place: self.place };
        step.list(step::POLICY, &policy, &list, &plan.id, is_there);
        self.read_again(step::POLICY, &policy);
    }

    fn read_again(&mut self, kind: &str, key: &Name) {
        for resource in self.read(&kind.into(), key) {
            if let Resource::Device(device) = resource {
                self.estate.remove_device(key);
                self.estate.devices.put(device);
            }
        }
    }

    /// What an edit refers to and nobody stated is there, and says nothing: never more than its provider gives it.
    fn meet(&mut self, kind: &str, key: &Name) {
        let mut unmet: Vec<(&'static str, Name)> = Vec::new();
        if let Some(interface) = self.estate.interfaces.get(key) {
            unmet.extend(interface.group.iter().map(|group| (step::GROUP, Arc::clone(group))));
            for configuration in &interface.configurations {
                let address = configuration.public_address.iter();
                unmet.extend(address.map(|address| (step::ADDRESS, Arc::clone(address))));
                let subnet = configuration.subnet.iter();
                unmet.extend(subnet.map(|subnet| (step::SUBNET, Arc::clone(subnet))));
            }
        }
        if kind == step::NETWORK || kind == step::SUBNET {
            let own = |subnet: &crate::resource::Subnet| {
                subnet.identity.key == *key || subnet.network.as_ref() == Some(key)
            };
            let groups = self.estate.subnets.values().filter(|subnet| own(subnet));
            let groups = groups.filter_map(|subnet| subnet.group.clone());
            unmet.extend(groups.map(|group| (step::GROUP, group)));
        }
        unmet.retain(|(_, key)| !self.estate.contains(key) && key.contains("/providers/"));
        for (kind, key) in unmet {
            let mut node = unseen(kind, &key);
            if kind == step::SUBNET {
                // Of one that is silent it would not be known that it has no group.
                node.push(Cow::Borrowed("etag"), Tree::Text(Cow::Borrowed("W/unseen")));
            }
            let name = Name::from(kind);
            let first = Act::Merge(Node::default());
            self.ledger.act([&name, &key], &first, self.place, &|| node.clone());
            for resource in self.read_node(node) {
                self.estate.put_content(resource);
            }
            self.estate.set_partial(&key, true);
        }
    }
}
