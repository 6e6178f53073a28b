//! What secure tags are bound to, as far as rules speak of them (G13).
//!
//! Bindings name instances by numbers or by names, and values by numbers or by names. Knows no rule.

use std::sync::Arc;

use cloud::{LookupMap, LookupSet, Said};
use model::Name;

use crate::estate::Estate;
use crate::resource::{Instance, Link, TagBinding, TagKey, is_number};

use super::class::Fits;
use super::network_index::network_key;

/// What is bound to what, as far as rules speak of it.
#[derive(Debug, Default)]
pub(super) struct Bindings<'e> {
    /// Values that rules ask for, as `tagValues/1`.
    pub(super) asked: LookupSet<Name>,
    /// The same by their other names.
    spoken: LookupMap<Name, Name>,
    /// The other names of values.
    names: LookupMap<Name, Name>,
    /// Values of instances, by what they are bound to: the end where it has a number, `zones/z/instances/456`, else the path.
    of_instance: LookupMap<Name, Vec<Name>>,
    /// Values of projects, folders and organisations.
    pub(super) of_holder: LookupMap<Name, Vec<Name>>,
    keys: LookupMap<Name, &'e TagKey>,
    /// The keys of networks by their numbers.
    networks: LookupMap<&'e str, &'e Name>,
    /// Instances of which a binding cannot be read, by the end of their paths.
    unread: LookupSet<Name>,
    /// Whether there is a binding of which it is not known to what it binds.
    has_stray: bool,
    /// Projects, by id where that is known, of which the input has every binding: those of an inventory that has some.
    whole_in: LookupSet<Name>,
    /// Whether it has none at all.
    is_absent: bool,
    /// Whether it may lack those of some instance.
    are_partial: bool,
    /// Whether some value has a name here and a number there, and nobody says which belong together.
    are_unnamed: bool,
}

impl<'e> Bindings<'e> {
    /// Bindings of the values that rules ask for, as they are written.
    pub(super) fn of(estate: &'e Estate, asked: LookupSet<Name>) -> Self {
        let resources = &estate.resources;
        let mut bindings = Self {
            is_absent: resources.tag_bindings.is_empty(),
            whole_in: Self::projects_of_inventory(estate),
            ..Self::default()
        };
        for value in resources.tag_values.values() {
            if let Some(spoken) = &value.spoken {
                bindings.learn(spoken, &value.identity.key);
            }
            let key = value.key.as_ref().and_then(|key| resources.tag_keys.find(None, key).one());
            if let Some(key) = key {
                bindings.keys.insert(Arc::clone(&value.identity.key), key);
            }
        }
        for network in resources.networks.values() {
            if let Some(number) = &network.number {
                bindings.networks.insert(number, &network.identity.key);
            }
        }
        for binding in resources.tag_bindings.values() {
            if let (Some(spoken), Some(value)) = (&binding.spoken, &binding.value) {
                bindings.learn(spoken, value);
            }
        }
        bindings.asked = asked.into_iter().map(|value| bindings.value(&value)).collect();
        for binding in resources.tag_bindings.values() {
            bindings.add(estate, binding);
        }
        let mut bound = bindings.of_instance.values().flatten();
        bindings.are_unnamed =
            bound.any(|bound| bindings.asked.iter().any(|one| bindings.may_be_one(one, bound)));
        let mut instances = resources.instances.values();
        bindings.are_partial =
            !bindings.is_absent && !instances.all(|instance| bindings.tells_all_of(estate, instance));
        bindings
    }

    /// A value by its number, whichever of its names is given.
    pub(super) fn value(&self, name: &Name) -> Name {
        Arc::clone(self.spoken.get(name).unwrap_or(name))
    }

    fn learn(&mut self, spoken: &Name, value: &Name) {
        if spoken != value {
            self.spoken.insert(Arc::clone(spoken), Arc::clone(value));
            self.names.insert(Arc::clone(value), Arc::clone(spoken));
        }
    }

    /// Whether two names that differ may be of one value: a number and a name of which nobody says that they belong
    /// together, or two names, one with the number and one with the id of whose the key is.
    pub(super) fn may_be_one(&self, one: &Name, other: &Name) -> bool {
        let name = |value: &Name| match value.starts_with(VALUES) {
            true => self.names.get(value).cloned(),
            false => Some(Arc::clone(value)),
        };
        let (Some(own), Some(foreign)) = (name(one), name(other)) else {
            return one.starts_with(VALUES) != other.starts_with(VALUES);
        };
        let (Some((own, key)), Some((foreign, other_key))) = (own.split_once('/'), foreign.split_once('/'))
        else {
            return false;
        };
        key == other_key && is_number(own) != is_number(foreign)
    }

    /// Whether some value has a name here and a number there, and nobody says which belong together.
    pub(super) const fn are_unnamed(&self) -> bool {
        self.are_unnamed
    }

    /// Whether the input has none at all.
    pub(super) const fn is_absent(&self) -> bool {
        self.is_absent
    }

    /// Whether of some instance of the input it has none, and another export may.
    pub(super) const fn are_partial(&self) -> bool {
        self.are_partial
    }

    /// The values that rules ask for, sorted.
    pub(super) fn asked(&self) -> Vec<Name> {
        let mut asked: Vec<Name> = self.asked.iter().cloned().collect();
        asked.sort_unstable();
        asked
    }

    fn add(&mut self, estate: &Estate, binding: &TagBinding) {
        let end = binding.target.as_ref().and_then(|target| instance_end(&target.path)).map(Name::from);
        // Numbers of instances are nobody else's; names are, in other projects.
        let place = match (&binding.target, end) {
            (Some(target), Some(end)) if !is_number(target.name()) => match with_id(estate, target) {
                Some(path) => Some(path),
                // Whose it is, is not known.
                None => {
                    self.unread.insert(end);
                    return;
                }
            },
            (_, end) => end,
        };
        let (Some(target), Some(value)) = (&binding.target, &binding.value) else {
            self.has_stray |= place.is_none();
            self.unread.extend(place);
            return;
        };
        let value = self.value(value);
        // One that no rule asks for says all the same that the bindings of its instance are told.
        let known = match place {
            Some(place) => self.of_instance.entry(place).or_default(),
            None => self.of_holder.entry(Arc::clone(&target.path)).or_default(),
        };
        known.push(value);
        known.sort_unstable();
        known.dedup();
    }

    /// An inventory that has bindings has all those of the projects that it has anything of.
    fn projects_of_inventory(estate: &Estate) -> LookupSet<Name> {
        let bindings = estate.resources.tag_bindings.values().filter(|binding| binding.is_of_inventory);
        let bound: Vec<&str> =
            bindings.filter_map(|binding| binding.target.as_ref().and_then(Link::project)).collect();
        if bound.is_empty() {
            return LookupSet::default();
        }
        let others = estate.hierarchy.projects().map(|project| &**project);
        let id_of = |project| Name::from(estate.resources.instances.id_of(project));
        bound.into_iter().chain(others).map(id_of).collect()
    }

    fn is_in_inventory(&self, estate: &Estate, instance: &Instance) -> bool {
        let own = instance.identity.project.as_deref().map(|own| estate.resources.instances.id_of(own));
        own.is_some_and(|own| self.whole_in.contains(own))
    }

    /// The values that are bound to an instance.
    pub(super) fn own(&self, estate: &Estate, instance: &Instance) -> impl Iterator<Item = &Vec<Name>> {
        let path = with_id(estate, &Link::of(&instance.identity.key));
        let path = path.unwrap_or_else(|| Arc::clone(&instance.identity.key)).to_string();
        let number = instance.number.is_some().then(|| ends_of(instance).next()).flatten();
        number.into_iter().chain([path]).filter_map(|place| self.of_instance.get(&*place))
    }

    /// Whether every binding of an instance is told. They are exported instance by instance: one of which there is none may
    /// not have been asked for. Without its number nobody knows which are its.
    pub(super) fn tells_all_of(&self, estate: &Estate, instance: &Instance) -> bool {
        let path = &instance.identity.key;
        let mut places = ends_of(instance).chain([path.to_string()]);
        let is_unread = self.has_stray || places.any(|place| self.unread.contains(&*place));
        let is_asked = self.own(estate, instance).next().is_some()
            || (self.is_in_inventory(estate, instance) && instance.number.is_some());
        is_asked && !is_unread
    }

    /// Whether a value counts in the network of an interface of an instance.
    pub(super) fn counts_in(
        &self,
        estate: &Estate,
        value: &Name,
        network: Option<&Name>,
        is_only_one: bool,
    ) -> Fits {
        let Some(key) = self.keys.get(value) else {
            // A tag is bound to an instance only if an interface is in its network.
            return if is_only_one { Fits::Yes } else { Fits::Maybe };
        };
        let own = match &key.network {
            Said::This(own) => self.networks.get(own.name()).map(|key| Name::clone(key)).or_else(|| {
                let is_number = is_number(own.name());
                network_key(estate, None, Some(own), None).filter(|_| !is_number)
            }),
            Said::Nothing | Said::Unreadable => None,
        };
        match (own, network) {
            _ if key.is_for_all || is_only_one => Fits::Yes,
            (Some(own), Some(network)) if own == *network => Fits::Yes,
            (Some(_), Some(_)) => Fits::No,
            (None, _) | (_, None) => Fits::Maybe,
        }
    }
}

/// The ends of paths by which bindings may name an instance: by its number, or by its name.
fn ends_of(instance: &Instance) -> impl Iterator<Item = String> {
    let zone = Link::of(&instance.identity.id).after("zones").map(str::to_owned).unwrap_or_default();
    let words = [instance.number.clone(), Some(Arc::clone(&instance.identity.name))].into_iter().flatten();
    words.map(move |word| format!("zones/{zone}/instances/{word}"))
}

/// The path of an instance with the id of its project; `None` where only a number is known.
fn with_id(estate: &Estate, target: &Link) -> Option<Name> {
    let path =
        estate.resources.instances.with_id(target).map_or_else(|| Arc::clone(&target.path), |link| link.path);
    let is_named = Link::from(&path).project().is_some_and(|project| !is_number(project));
    is_named.then_some(path)
}

/// What numbers of values stand behind.
const VALUES: &str = "tagValues/";

/// `zones/z/instances/456` of what a binding names; a project stands before it under its number.
fn instance_end(path: &str) -> Option<&str> {
    let position = path.find("/zones/").filter(|_| path.contains("/instances/"))?;
    path.get(position + 1..)
}
