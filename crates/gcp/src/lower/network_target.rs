//! Networks as targets of their own: where the input has no machine in them.
//!
//! A machine with several tags meets no rule that machines with one of them each do not meet, and more that deny: what
//! machines with one tag, one service account or none of both let in together is all that a machine may let in. Where a
//! policy leaves the decision to the next one for some machines (G11), a machine with several names may get past it by one
//! and in by another; that is possible then.

use std::sync::Arc;

use model::{Carries, Destinations, Filter, Name, Path, Reach, Target};

use crate::resource::{Link, command_of};

use super::class::Class;
use super::rulebook::Entry;
use super::secure_tags::SecureTags;
use super::vpc_rules::{RULES_KIND, UNKNOWN_NETWORK};
use super::{CLOUD_NAME, Lowering};

impl<'e> Lowering<'e> {
    /// The keys of all networks that are in the input or that a rule says it is of, in no order.
    pub(super) fn network_keys(&self) -> Vec<Name> {
        let stated = self.estate.resources.networks.iter().map(|(key, _)| key);
        let mut keys: Vec<Name> = stated.chain(self.rules.book.networks()).cloned().collect();
        keys.extend(self.unplaced_networks());
        keys.extend(self.networks_of_views());
        keys.extend(self.networks_of_edited_policies().cloned());
        keys
    }

    /// What stands for the networks of rules that do not say which they are of: one for each project. Sorted.
    pub(super) fn unplaced_networks(&self) -> Vec<Name> {
        let mut keys: Vec<Name> = self.rules.book.unplaced().iter().map(Entry::unplaced_network).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The target that a network is; `None` where a machine of the input is in it and answers for it, and where nothing
    /// of the input decides on packets to it.
    pub(super) fn network_target(&mut self, key: &Name) -> Option<Target> {
        let is_placed = !key.ends_with(UNPLACED);
        let known = self.estate.resources.networks.get(key);
        let has_view = self.targets_of_view(key).is_some();
        let is_network = known.is_some() || self.rules.book.page(key).is_some() || !is_placed || has_view;
        let is_network = is_network || self.networks_of_edited_policies().any(|network| network == key);
        if !is_network || self.answer_for(key) {
            return None;
        }
        let mut filters: Vec<Arc<Filter>> = Vec::new();
        for class in self.classes_of_network(key) {
            let filter = self.firewall(&class);
            if !filters.contains(&filter) {
                filters.push(filter);
            }
        }
        // Without any rule, nothing is said of what is in it. Edits tell of the rules of one network, and of no others.
        let has_policy = filters.iter().flat_map(|filter| filter.lists()).any(|list| list.kind != RULES_KIND);
        let is_unplaced = |entry: &Entry<'_>| entry.unplaced_network() == *key;
        let has_rules = self.has_kind("firewall-rule")
            || self.rules.book.page(key).is_some()
            || self.rules.book.unplaced().iter().any(is_unplaced);
        if !has_policy && !has_view && !has_rules {
            return None;
        }
        let reach = self.reach_of_network(key);
        let paths = filters.into_iter().map(|filter| Path {
            reach,
            front: None,
            destinations: Destinations::SomeOf(Arc::clone(&self.common.everything)),
            carries: Carries::Everything,
            hops: Vec::new(),
            filter,
        });
        let link = Link::from(key);
        Some(Target {
            cloud: CLOUD_NAME,
            id: Arc::clone(key),
            key: Arc::clone(key),
            kind: "network",
            name: if is_placed { link.name().into() } else { "unknown network".into() },
            scope: link.project().map(Name::from),
            power: None,
            attributes: Vec::new(),
            paths: paths.collect(),
            provenance: known.map(|known| known.identity.read_at.0),
        })
    }

    /// Networks that a policy is in force in, of which only edits told.
    fn networks_of_edited_policies(&self) -> impl Iterator<Item = &Name> {
        let are_told = self.estate.has_kind("firewall-policy") || self.estate.stated.is_none();
        self.policies.networks().filter(move |_| !are_told)
    }

    /// Whether machines of the input are in a network and answer for it. One that only edits told of says nothing of others.
    fn answer_for(&self, key: &Name) -> bool {
        let mut seats = self.network.index.of_network(key).iter();
        seats.any(|seat| self.estate.states_instances_of(seat.project()))
    }

    /// What the input has nothing of that rules are asked with.
    pub(super) fn missing_of_rules(&self) -> Vec<String> {
        let (has_rules, has_instances) = (self.has_kind("firewall-rule"), self.has_kind("instance"));
        let has_interfaces = self.interface_keys().next().is_some();
        let told = [
            (has_interfaces && !has_rules, "firewall-rule", NO_RULES),
            (has_rules && !has_instances && !self.network_keys().is_empty(), "instance", NO_INSTANCES),
        ];
        let told = told.into_iter().filter(|(is_missing, ..)| *is_missing);
        told.map(|(_, kind, what)| format!("{what}; add `{}`", command_of(kind))).collect()
    }

    /// The machines that rules of a network tell apart.
    fn classes_of_network(&mut self, key: &Name) -> Vec<Arc<Class>> {
        let bare = Class::bare(Some(key));
        let book = Arc::clone(&self.rules.book);
        let of_view = self.targets_of_view(key);
        let [tags, _] =
            of_view.or_else(|| book.page(key).map(super::rulebook::Page::targets)).unwrap_or_default();
        // Policies name accounts too, of any network.
        let mut accounts: Vec<Name> = self.rules.named.accounts.iter().cloned().collect();
        accounts.sort_unstable();
        let one = |name: Name| Some(Arc::from([name]));
        let tagged = tags.into_iter().map(|tag| Class { tags: one(tag), ..bare.clone() });
        let running = accounts.into_iter().map(|account| Class { accounts: one(account), ..bare.clone() });
        let secured = self.policies.bindings.asked();
        let secured =
            secured.iter().map(|tag| Class { secure_tags: Arc::new(SecureTags::only(tag)), ..bare.clone() });
        let mixed = Class {
            tags: None,
            accounts: None,
            secure_tags: Arc::new(SecureTags::unknown()),
            ..bare.clone()
        };
        let mixed = self.rules.named.has_step.then_some(mixed);
        let classes: Vec<Class> =
            [bare.clone()].into_iter().chain(tagged).chain(running).chain(secured).chain(mixed).collect();
        classes.into_iter().map(|class| self.rules.class(class)).collect()
    }

    /// `latent` where the machines of its project are in the input, and none is in it.
    fn reach_of_network(&mut self, key: &Name) -> Reach {
        let are_told = self.tells_networks(Link::from(key).project()) == Some(true);
        if are_told && !key.ends_with(UNPLACED) { Reach::Latent } else { Reach::Admitted }
    }
}

impl Entry<'_> {
    /// What stands for the network of a rule that does not say which it is of.
    pub(super) fn unplaced_network(&self) -> Name {
        let path = format!("global/networks/{UNKNOWN_NETWORK}");
        match &self.firewall.identity.project {
            Some(project) => format!("projects/{project}/{path}").into(),
            None => path.into(),
        }
    }
}

const UNPLACED: &str = "/-";

const NO_RULES: &str = "firewall rules are not in the input: they may let in everybody";
const NO_INSTANCES: &str = "instances are not in the input: the reach of a network is `admitted`";
