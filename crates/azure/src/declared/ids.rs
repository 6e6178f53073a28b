//! Who is who: the names and ids of what is declared.
//!
//! An id says what it names, so that of a resource to come is made as its provider will make it. What is not known of
//! one stands in braces.

use cloud::Declared;
use cloud::json::{Cause, Tree, Unknown};

use super::row::{Parent, Place};
use super::scene::{Owner, Scene, argument};
use super::spelled;

impl<'a> Scene<'_, 'a> {
    /// The name of a resource; its address where that is not known.
    pub(super) fn name_of(&self, declared: &Declared<'a>, depth: usize) -> String {
        let stated = argument(declared, &["name"]).map(|name| self.resolved_at(name, depth));
        match stated {
            Some(Tree::Text(name)) => name.trim().to_owned(),
            // A slash would make another id of it.
            _ => declared.address.replace('/', "_"),
        }
    }

    /// The id of a resource: what it says itself, else what its provider will make.
    pub(super) fn id_of(&self, (index, declared): (usize, &Declared<'a>), depth: usize) -> String {
        if let Some(known) = self.ids.get(index).filter(|known| !known.is_empty()) {
            return known.clone();
        }
        if let Some(Tree::Text(id)) = argument(declared, &["id"])
            && id.starts_with('/')
        {
            return id.trim_end_matches('/').to_owned();
        }
        let name = self.name(index);
        let place = self.row(index).map_or(Place::Nowhere, |row| row.place);
        let subscription = self.subscription_of(declared);
        match place {
            Place::Nowhere => {
                format!("{subscription}/providers/terraform/{}", declared.address.replace('/', "_"))
            }
            Place::Subscription => format!("{subscription}/resourceGroups/{name}"),
            Place::Group(path) => format!("{}/providers/{path}/{name}", self.group_of(declared)),
            Place::Part(parent, word) => {
                let owner = match self.owner(declared, parent, depth + 1) {
                    Owner::This(id) => id,
                    Owner::Unknown(unknown) => {
                        format!("{}/providers/{}/{}", self.group_of(declared), parent.path, braced(&unknown))
                    }
                };
                format!("{owner}/{word}/{name}")
            }
            Place::Stated => self.stated_id(declared, name, depth),
        }
    }

    fn stated_id(&self, declared: &Declared<'a>, name: &str, depth: usize) -> String {
        let owner = match self.owner(declared, &spelled::PARENT, depth + 1) {
            Owner::This(id) => id,
            Owner::Unknown(_) => format!("{}/resourceGroups/{UNKNOWN_GROUP}", self.subscription_of(declared)),
        };
        let path = spelled::path(declared).unwrap_or_default();
        let is_nested = path.matches('/').count() > 1 && owner.contains("/providers/");
        match path.rsplit_once('/') {
            Some((_, word)) if is_nested => format!("{owner}/{word}/{name}"),
            _ => format!("{owner}/providers/{path}/{name}"),
        }
    }

    fn subscription_of(&self, declared: &Declared<'a>) -> String {
        let stated = declared.provider.own("subscription_id");
        match stated {
            Some(Tree::Text(subscription)) if !subscription.trim().is_empty() => {
                format!("/subscriptions/{}", subscription.trim())
            }
            _ if self.label.is_empty() => "/subscriptions/{subscription}".to_owned(),
            _ => format!("/subscriptions/{{subscription:{}}}", self.label),
        }
    }

    /// The id of the resource group of a resource.
    fn group_of(&self, declared: &Declared<'a>) -> String {
        let group = argument(declared, &["resource_group_name"]).map(|name| self.resolved(name));
        let group = match group {
            Some(Tree::Text(name)) => name.into_owned(),
            Some(Tree::Unknown(unknown)) => braced(&unknown),
            _ => UNKNOWN_GROUP.to_owned(),
        };
        format!("{}/resourceGroups/{group}", self.subscription_of(declared))
    }

    /// The resource that something belongs to.
    pub(super) fn owner(&self, declared: &Declared<'a>, parent: &Parent, depth: usize) -> Owner<'a> {
        let unset =
            || Owner::Unknown(Box::new(Unknown { cause: Cause::Unset, text: "".into(), refers: None }));
        if depth > DEPTH_MAX {
            return unset();
        }
        if let Some(id) = argument(declared, parent.ids) {
            return match self.resolved_at(id, depth) {
                Tree::Text(id) if id.starts_with('/') => Owner::This(id.trim_end_matches('/').to_owned()),
                Tree::Unknown(unknown) => Owner::Unknown(unknown),
                _ => unset(),
            };
        }
        let Some(stated) = argument(declared, parent.names) else { return unset() };
        if let Tree::Unknown(unknown) = stated
            && let Some(owner) = unknown.refers.as_ref().and_then(|refers| self.find(&refers.address))
            && let Some(declared) = self.resources.get(owner)
        {
            return Owner::This(self.id_of((owner, declared), depth + 1));
        }
        match self.resolved_at(stated, depth) {
            Tree::Text(name) => Owner::This(self.named(declared, parent, name.trim(), depth)),
            Tree::Unknown(unknown) => Owner::Unknown(unknown),
            _ => unset(),
        }
    }

    /// The id of the resource of a name: one that is declared, else as it would be.
    fn named(&self, declared: &Declared<'a>, parent: &Parent, name: &str, depth: usize) -> String {
        let made = format!("{}/providers/{}/{name}", self.group_of(declared), parent.path);
        let called = parent.kinds.iter().filter_map(|kind| self.by_name.get(&(*kind, name.to_lowercase())));
        let mut ids = called
            .flatten()
            .filter_map(|index| Some(self.id_of((*index, self.resources.get(*index)?), depth + 1)));
        let (first, second) = (ids.next(), ids.next());
        match (first, second) {
            // Groups that are not known may be one group.
            (Some(only), None) if only.contains('{') || made.contains('{') => only,
            (_, _) => made,
        }
    }

    /// The resource of an address; one of several that stand for all of them.
    pub(super) fn find(&self, address: &str) -> Option<usize> {
        let whole = address.strip_suffix(']').and_then(|address| address.rsplit_once('['));
        self.by_address.get(address).or_else(|| self.by_address.get(whole?.0)).copied()
    }
}

/// What stands in an id for what is not known.
fn braced(unknown: &Unknown<'_>) -> String {
    let words: String = unknown.text.chars().filter(|letter| !matches!(letter, '/' | '{' | '}')).collect();
    if words.is_empty() { UNKNOWN_GROUP.to_owned() } else { format!("{{{words}}}") }
}

const UNKNOWN_GROUP: &str = "{resource-group}";

/// How far what belongs to something is followed.
const DEPTH_MAX: usize = 12;
