//! One resource of a configuration: what its arguments say, and the path that Google will give it.
//!
//! Knows how resources are named, and nothing of what they mean.

use cloud::json::{Node, Tree};
use cloud::{Declared, Presence};

use crate::resource::path_of;

use super::places::{Place, place_of};
use super::world::{World, known_text, plain, value_in};

/// A resource of a configuration.
#[derive(Clone, Copy)]
pub(super) struct Thing<'w, 'a> {
    pub(super) world: &'w World<'w, 'a>,
    pub(super) declared: &'w Declared<'a>,
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
    pub(super) fn said_as(self, attribute: &str) -> Option<String> {
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
