//! The resources of a configuration by address, and the paths that Google will give them.
//!
//! Knows how resources are named, and nothing of what they mean.

use std::borrow::Cow;
use std::collections::BTreeMap;

use cloud::json::{Cause, Node, Tree, Unknown};
use cloud::{Declarations, Declared, Presence};

use crate::resource::path_of;

use super::places::{Place, place_of};

/// All resources of a configuration.
pub(super) struct World<'w, 'a> {
    label: &'w str,
    pub(super) all: &'w [Declared<'a>],
    by_address: BTreeMap<&'w str, &'w Declared<'a>>,
    /// The names of its networks; `None` of one whose name is not known.
    networks: Vec<Option<&'w str>>,
}

/// A resource of a configuration.
#[derive(Clone, Copy)]
pub(super) struct Thing<'w, 'a> {
    pub(super) world: &'w World<'w, 'a>,
    pub(super) declared: &'w Declared<'a>,
}

impl<'w, 'a> World<'w, 'a> {
    pub(super) fn of(declarations: &Declarations<'w, 'a>) -> Self {
        let all = declarations.resources;
        let by_address = all.iter().map(|declared| (declared.address.as_str(), declared)).collect();
        let networks = all.iter().filter(|own| own.kind == "google_compute_network" && !own.is_looked_up);
        let networks = networks.map(|own| value_in(&own.attributes, "name").and_then(known_text)).collect();
        Self { label: declarations.label, all, by_address, networks }
    }

    /// A resource by its address. Of several instances it is the one where there is one.
    fn find(&'w self, address: &str) -> Option<Thing<'w, 'a>> {
        let known = |address: &str| self.by_address.get(address).copied();
        let declared = known(address).or_else(|| {
            let first = format!("{address}[");
            let mut instances =
                self.by_address.range(first.as_str()..).take_while(|(own, _)| own.starts_with(&first));
            match (instances.next(), instances.next()) {
                (Some((_, only)), None) => Some(*only),
                _ => None,
            }
        })?;
        Some(Thing { world: self, declared })
    }

    /// The resources of a type.
    pub(super) fn of_kind<'k>(
        &'w self,
        kind: &'k str,
    ) -> impl Iterator<Item = Thing<'w, 'a>> + use<'w, 'a, 'k> {
        self.all
            .iter()
            .filter(move |own| own.kind == kind && !own.is_looked_up)
            .map(|declared| Thing { world: self, declared })
    }

    /// A value with what it refers to in its place: the path of a resource, or the value that the resource has there.
    pub(super) fn resolved(&'w self, value: &Tree<'a>) -> Tree<'a> {
        self.followed(value, FOLLOWED_MAX)
    }

    fn followed(&'w self, value: &Tree<'a>, depth: usize) -> Tree<'a> {
        match value {
            Tree::Unknown(unknown) => self.referred(unknown, depth).unwrap_or_else(|| value.clone()),
            Tree::List(items) => Tree::List(items.iter().map(|item| self.followed(item, depth)).collect()),
            Tree::Object(node) => {
                let entries =
                    node.entries().iter().map(|(key, value)| (key.clone(), self.followed(value, depth)));
                Tree::Object(Node::new(entries.collect(), node.at))
            }
            Tree::Null | Tree::Flag(_) | Tree::Text(_) => value.clone(),
        }
    }

    fn referred(&'w self, unknown: &Unknown<'a>, depth: usize) -> Option<Tree<'a>> {
        let refers = unknown.refers.as_ref()?;
        let thing = self.find(&refers.address)?;
        if let Some(path) = thing.said_as(&refers.attribute) {
            return Some(Tree::Text(Cow::Owned(path)));
        }
        let value = reached(thing.node(), &refers.attribute)?;
        match value {
            Tree::Null => None,
            // It may be the attribute itself.
            Tree::Unknown(other) if other.refers.is_none() || depth == 0 => None,
            value => Some(self.followed(value, depth.checked_sub(1)?)),
        }
    }

    /// What a value refers to.
    pub(super) fn target(&'w self, value: &Tree<'a>) -> Option<Thing<'w, 'a>> {
        match value {
            Tree::Unknown(unknown) => self.find(&unknown.refers.as_ref()?.address),
            Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Object(_) => None,
        }
    }

    /// The declared resource of a path.
    pub(super) fn at_path(&'w self, path: &str, kinds: &[&str]) -> Option<Thing<'w, 'a>> {
        let of_kinds = self.all.iter().filter(|own| kinds.contains(&&*own.kind));
        let mut things = of_kinds.map(|declared| Thing { world: self, declared });
        things.find(|thing| thing.path() == path_of(path))
    }

    /// Whether a network that is named may be one of those whose names are not known.
    pub(super) fn may_be_unnamed(&self, network: &str) -> bool {
        let name = network.rsplit('/').next().unwrap_or(network);
        self.networks.contains(&None) && !self.networks.contains(&Some(name)) && !name.starts_with("google_")
    }

    /// What stands for a word of a path that is not known.
    pub(super) fn blank(&self, word: &str) -> String {
        match self.label.is_empty() {
            true => format!("{{{word}}}"),
            false => format!("{{{word}:{}}}", plain(self.label)),
        }
    }
}

impl<'w, 'a> Thing<'w, 'a> {
    pub(super) fn kind(self) -> &'w str {
        &self.declared.kind
    }

    pub(super) fn node(self) -> &'w Node<'a> {
        &self.declared.attributes
    }

    pub(super) fn at(self) -> Option<&'a str> {
        self.declared.attributes.at
    }

    pub(super) fn is_perhaps(self) -> bool {
        self.declared.presence == Presence::Perhaps
    }

    /// The value of an argument.
    pub(super) fn value(self, key: &str) -> Option<&'w Tree<'a>> {
        value_in(self.node(), key)
    }

    /// A text that is known and not blank.
    pub(super) fn text(self, key: &str) -> Option<&'w str> {
        self.value(key).and_then(known_text)
    }

    /// The value of an argument with what it refers to in its place.
    pub(super) fn resolved(self, key: &str) -> Option<Tree<'a>> {
        self.value(key).map(|value| self.world.resolved(value))
    }

    /// The text of an argument, or the path of what it refers to.
    pub(super) fn word(self, key: &str) -> Option<String> {
        match self.resolved(key)? {
            Tree::Text(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            Tree::Null
            | Tree::Flag(_)
            | Tree::Text(_)
            | Tree::List(_)
            | Tree::Object(_)
            | Tree::Unknown(_) => None,
        }
    }

    /// What people call it: its name, else where it is declared.
    pub(super) fn name(self) -> String {
        let keys = if self.kind() == "google_compute_firewall_policy"
            || self.kind() == "google_compute_firewall_policy_with_rules"
        {
            ["firewall_policy_id", "policy_id", "name"]
        } else {
            ["name", "", ""]
        };
        let named = keys.iter().find_map(|key| self.text(key));
        named.map_or_else(
            || plain(&self.declared.address),
            |name| name.rsplit('/').next().unwrap_or(name).to_owned(),
        )
    }

    /// The project: its own, else that of its provider.
    pub(super) fn project(self) -> String {
        let own = self.value("project").or_else(|| value_in(&self.declared.provider, "project"));
        match own {
            None => self.world.blank("project"),
            Some(value) => self.project_said(value),
        }
    }

    /// The project that a value names.
    fn project_said(self, value: &Tree<'a>) -> String {
        match self.world.resolved(value) {
            Tree::Text(text) => text.trim().trim_start_matches("projects/").to_owned(),
            Tree::Unknown(unknown) if !unknown.text.is_empty() => self.world.blank(&plain(&unknown.text)),
            _ => self.world.blank("project"),
        }
    }

    /// A region or zone: its own, else that of its provider.
    pub(super) fn located(self, key: &str) -> Option<String> {
        let last = |value: Tree<'a>| match value {
            Tree::Text(text) if !text.trim().is_empty() => text.trim().rsplit('/').next().map(str::to_owned),
            Tree::Unknown(unknown) if !unknown.text.is_empty() => {
                Some(self.world.blank(&plain(&unknown.text)))
            }
            _ => None,
        };
        let own = self.resolved(key).and_then(last);
        own.or_else(|| last(self.world.resolved(value_in(&self.declared.provider, key)?)))
    }

    pub(super) fn zone(self) -> String {
        self.located("zone").unwrap_or_else(|| self.world.blank("zone"))
    }

    /// Its region: its own, that of its zone, that of its provider.
    pub(super) fn region(self) -> String {
        let own = self.value("region").is_some().then(|| self.located("region")).flatten();
        let of_zone = || {
            let zone = self.value("zone").is_some().then(|| self.located("zone")).flatten()?;
            zone.rsplit_once('-').filter(|_| !zone.starts_with('{')).map(|(region, _)| region.to_owned())
        };
        own.or_else(of_zone).or_else(|| self.located("region")).unwrap_or_else(|| self.world.blank("region"))
    }

    /// The path by which others refer to it: as it says itself, else as Google will make it.
    pub(super) fn path(self) -> String {
        let place = place_of(self.kind());
        if place.is_none_or(|(place, _)| place.tells_paths()) {
            let said = ["self_link", "id"].iter().filter_map(|key| self.text(key)).map(path_of);
            if let Some(path) = said
                .into_iter()
                .find(|path| path.contains('/') && path.starts_with(|first: char| first.is_ascii_lowercase()))
            {
                return path.to_owned();
            }
        }
        let name = self.name();
        match place {
            Some((Place::Global, word)) => format!("projects/{}/global/{word}/{name}", self.project()),
            Some((Place::Region, word)) => {
                format!("projects/{}/regions/{}/{word}/{name}", self.project(), self.region())
            }
            Some((Place::Zone, word)) => {
                format!("projects/{}/zones/{}/{word}/{name}", self.project(), self.zone())
            }
            Some((Place::Project, word)) => format!("projects/{}/{word}/{name}", self.project()),
            Some((Place::Location, word)) => {
                format!("{}/locations/{}/{word}/{name}", self.holder(), self.location())
            }
            Some((Place::Nowhere, word)) => format!("{word}/{}", self.numbered(word)),
            None => plain(&self.declared.address),
        }
    }

    fn location(self) -> String {
        let own = ["location", "zone", "region"].iter().find_map(|key| self.located(key));
        own.unwrap_or_else(|| self.world.blank("location"))
    }

    /// What holds something of a location: a project, or the organisation that it names.
    fn holder(self) -> String {
        self.word("parent")
            .map_or_else(|| format!("projects/{}", self.project()), |parent| path_of(&parent).to_owned())
    }

    /// What is known by a number alone.
    fn numbered(self, word: &str) -> String {
        let keys = ["folder_id", "org_id", "name", "firewall_policy_id", "policy_id", "id"];
        let said = keys.iter().filter(|_| word != "projects").find_map(|key| self.text(key));
        let own = if word == "projects" { self.text("project_id") } else { said };
        own.map_or_else(
            || plain(&self.declared.address),
            |own| own.rsplit('/').next().unwrap_or(own).to_owned(),
        )
    }

    /// What an attribute of it says, where that is told by who it is.
    fn said_as(self, attribute: &str) -> Option<String> {
        match (self.kind(), attribute) {
            ("google_project", "" | "id" | "project_id" | "number") => {
                Some(self.path().trim_start_matches("projects/").to_owned())
            }
            ("google_service_account", "" | "email") => {
                let known = self.text("email").map(str::to_owned);
                let made = || {
                    Some(format!("{}@{}.iam.gserviceaccount.com", self.text("account_id")?, self.project()))
                };
                known.or_else(made)
            }
            (
                "google_compute_instance_group_manager" | "google_compute_region_instance_group_manager",
                "instance_group",
            ) => {
                let known = self.text("instance_group").map(|group| path_of(group).to_owned());
                Some(
                    known.unwrap_or_else(|| {
                        self.path().replace("/instanceGroupManagers/", "/instanceGroups/")
                    }),
                )
            }
            (
                kind,
                "" | "id" | "self_link" | "self_link_unique" | "name" | "folder_id" | "firewall_policy_id"
                | "policy_id",
            ) => place_of(kind).map(|_| self.path()),
            _ => None,
        }
    }
}

/// The value of an argument of an object. What plans tell of an argument that nobody wrote is as good as absent.
pub(super) fn value_in<'n, 'a>(node: &'n Node<'a>, key: &str) -> Option<&'n Tree<'a>> {
    node.own(key).filter(|value| **value != Tree::Null && !is_unsaid(value))
}

/// Whether a value is one that nobody wrote: the provider or Google fills it in.
pub(super) fn is_unsaid(value: &Tree<'_>) -> bool {
    matches!(value, Tree::Unknown(unknown)
        if unknown.cause == Cause::Computed && unknown.text.is_empty() && unknown.refers.is_none())
}

pub(super) fn known_text<'n>(value: &'n Tree<'_>) -> Option<&'n str> {
    match value {
        Tree::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => None,
    }
}

/// The value that an object has at `network_interface[0].network_ip`, or `network_interface.0.network_ip`.
fn reached<'n, 'a>(node: &'n Node<'a>, attribute: &str) -> Option<&'n Tree<'a>> {
    let mut parts = attribute.split(['.', '[', ']', '"']).filter(|part| !part.is_empty());
    let first = node.own(parts.next()?)?;
    parts.try_fold(first, |value, part| match value {
        Tree::Object(node) => node.own(part),
        Tree::List(items) => items.get(part.parse::<usize>().ok()?),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => None,
    })
}

/// An address or an expression as a part of a path.
pub(super) fn plain(text: &str) -> String {
    text.replace('/', "|")
}

/// How many references are followed one after the other.
const FOLLOWED_MAX: usize = 32;
