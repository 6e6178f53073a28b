//! What stands at a subnet or at an interface: a group, none, or one that the input does not tell.
//!
//! Both sides say so, and so do lists of groups; where they differ each is taken as possible. Knows no way.

use std::sync::Arc;

use cloud::{Quoted, ReadAt};
use model::{Effect, Gap, Name, RuleList};

use crate::resource::{Absence, Identity, Interface, IpConfiguration};

use super::Lowering;
use super::index::scope_key;
use super::surroundings::Place;

/// What stands at one level, subnet or interface, of a path. Complete.
#[derive(Clone, Debug)]
pub(super) enum Layer {
    /// No group.
    Open,
    /// No group, as far as lists of groups and projections of networks say.
    Presumed,
    /// A group.
    List(Arc<RuleList>),
    /// One of these groups: documents contradict each other.
    OneOf(Vec<Arc<RuleList>>),
    /// A group that is not in the input, although groups are; by its key.
    Missing(Name),
    /// The input does not say whether there is a group.
    Untold,
}

/// What is said of the group at one level.
struct Level<'l> {
    /// The group it names itself.
    stated: Option<&'l Name>,
    /// The groups that say they are there.
    told: &'l [Name],
    /// Whether it says in so many words that it has none.
    is_denied: bool,
    /// What stands there if nobody names a group.
    absent: Layer,
}

impl Lowering<'_> {
    pub(super) fn subnet_layer(
        &mut self,
        interface: &Interface,
        configuration: &IpConfiguration,
        place: &Place,
    ) -> Layer {
        let Some(key) = &configuration.subnet else { return Layer::Untold };
        self.layer_of_subnet(key, (&interface.identity, configuration.read_at), place)
    }

    /// What stands at a subnet, for something of `owner` in it.
    pub(super) fn layer_of_subnet(
        &mut self,
        key: &Name,
        (owner, read_at): (&Identity, ReadAt),
        place: &Place,
    ) -> Layer {
        let index = Arc::clone(&self.index);
        let told = index.groups_of_subnet.get(key).map_or(&[][..], Vec::as_slice);
        if let Some(subnet) = self.estate.subnets.get(key) {
            let owner = (&subnet.identity.name, subnet.identity.read_at);
            let absent = if subnet.without_group.is_told() { Layer::Open } else { Layer::Presumed };
            let is_denied = subnet.group.is_none() && subnet.without_group == Absence::Stated;
            return self.layer(
                Level { stated: subnet.group.as_ref(), told, is_denied, absent },
                owner,
                place,
            );
        }
        if told.is_empty() && !(self.estate.networks.is_empty() && self.estate.subnets.is_empty()) {
            self.tell_dangling(owner, read_at, "the subnet", key);
        }
        let owner = (&owner.name, read_at);
        // Groups that nobody projected say what they are attached to; one of another resource group may be here too.
        let is_told = scope_key(key).is_some_and(|scope| index.told_scopes.contains(&scope));
        let absent = if is_told { Layer::Presumed } else { Layer::Untold };
        self.layer(Level { stated: None, told, is_denied: false, absent }, owner, place)
    }

    pub(super) fn interface_layer(&mut self, interface: &Interface, place: &Place) -> Layer {
        let index = Arc::clone(&self.index);
        let told = index.groups_of_interface.get(&interface.identity.key).map_or(&[][..], Vec::as_slice);
        let owner = (&interface.identity.name, interface.identity.read_at);
        let absent = if interface.without_group.is_told() { Layer::Open } else { Layer::Untold };
        let is_denied = interface.group.is_none() && interface.without_group == Absence::Stated;
        self.layer(Level { stated: interface.group.as_ref(), told, is_denied, absent }, owner, place)
    }

    /// What stands at one level, by all that is said of it.
    fn layer(&mut self, level: Level<'_>, (owner, read_at): (&Name, ReadAt), place: &Place) -> Layer {
        let Level { stated, told, is_denied, absent } = level;
        let own = stated.map(|reference| {
            let key = self.index.group_key(self.estate, reference);
            key.unwrap_or_else(|| Arc::clone(reference))
        });
        let others = told.iter().filter(|told| own.as_ref() != Some(*told));
        let keys: Vec<&Name> = own.iter().chain(others).collect();
        let Some(other) = keys.last() else { return absent };
        match keys.as_slice() {
            [key] if !is_denied => self.group_layer(key, read_at, owner, place),
            groups => {
                self.tell_contradiction((owner, read_at), "the group", other);
                if is_denied {
                    return Layer::Missing(Arc::clone(other));
                }
                let layers = groups.iter().map(|key| self.group_layer(key, read_at, owner, place));
                one_of(layers.collect())
            }
        }
    }

    pub(super) fn tell_contradiction(&mut self, (owner, read_at): (&Name, ReadAt), what: &str, other: &str) {
        let message = format!(
            "{}: {what} {} says that it belongs here, another document says otherwise: each is taken as possible",
            Quoted(owner),
            Quoted(other)
        );
        self.gaps.push(Gap::at(read_at.0, "contradicting-attachments", Effect::Undecided, message));
    }

    fn group_layer(&mut self, reference: &Name, read_at: ReadAt, owner: &str, place: &Place) -> Layer {
        let key = self.index.group_key(self.estate, reference);
        if let Some(group) = key.and_then(|key| self.estate.groups.get(&key)) {
            return Layer::List(self.list(group, place));
        }
        self.tell_missing(owner, read_at, reference);
        Layer::Missing(Arc::clone(reference))
    }

    fn tell_missing(&mut self, owner: &str, read_at: ReadAt, key: &str) {
        let message = format!(
            "{}: the group {} is not in the input: what it lets in is not known",
            Quoted(owner),
            Quoted(key)
        );
        let gap = Gap::at(read_at.0, "dangling-reference", Effect::Undecided, message);
        self.gaps.push(gap);
    }
}

/// One of these layers: where one of them is not known, it is not known.
fn one_of(layers: Vec<Layer>) -> Layer {
    let mut lists: Vec<Arc<RuleList>> = Vec::with_capacity(layers.len());
    for layer in layers {
        match layer {
            Layer::List(list) => lists.push(list),
            unknown @ (Layer::Open
            | Layer::Presumed
            | Layer::OneOf(_)
            | Layer::Missing(_)
            | Layer::Untold) => return unknown,
        }
    }
    Layer::OneOf(lists)
}
