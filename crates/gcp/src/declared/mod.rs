//! What a Terraform configuration declares, written as exports spell it: what `describe` would say when it is applied.
//!
//! Knows the types of resources, their arguments and the defaults of provider and API; not how a configuration is written.

mod armor;
mod balancers;
mod beside;
mod firewalls;
mod groups;
mod hierarchy;
mod machines;
mod networks;
mod places;
mod policies;
mod services;
mod shape;
mod thing;
mod world;

use std::collections::BTreeMap;

use cloud::json::Tree;
use cloud::{Declarations, Desk, Quoted};
use model::{Effect, Name};

use crate::resource::Origin;
use crate::wire::{Beside, Made};

use shape::Shape;
use world::{Thing, World};

/// What a configuration comes to.
#[derive(Debug, Default)]
pub(crate) struct Lowered<'a> {
    /// Its resources, each with its kind.
    pub(crate) made: Vec<Made<'a>>,
    /// What of it is not assessed.
    pub(crate) beside: Vec<Beside<'a>>,
}

/// The resources that are declared, and what else is.
pub(crate) fn lowered<'a>(declarations: &Declarations<'_, 'a>, desk: &mut Desk<'_, 'a>) -> Lowered<'a> {
    let world = World::of(declarations);
    let mut out = Out { desk, drafts: Vec::new(), by_path: BTreeMap::new(), beside: Vec::new() };
    for family in FAMILIES {
        family(&world, &mut out);
    }
    let made = |draft: Draft<'a>| Made { kind: draft.kind, node: draft.shape.node(), origin: draft.origin };
    Lowered { made: out.drafts.into_iter().map(made).collect(), beside: out.beside }
}

/// Tells what rules have beyond the arguments that are known.
pub(crate) fn tell_unknown<'a>(declarations: &Declarations<'_, 'a>, desk: &mut Desk<'_, 'a>) {
    cloud::tell_unknown_arguments(declarations, &[firewalls::ARGUMENTS], desk);
}

/// One family of types: whatever of it is declared comes out. What is merged into others comes behind these.
type Family = for<'w, 'a, 'o, 'd, 'r> fn(&'w World<'w, 'a>, &'o mut Out<'d, 'r, 'a>);

const FAMILIES: &[Family] = &[
    hierarchy::lower,
    networks::lower,
    firewalls::lower,
    machines::lower,
    groups::lower,
    balancers::lower,
    armor::lower,
    policies::lower,
    services::lower,
    beside::lower,
];

/// Where what comes out is put.
struct Out<'d, 'r, 'a> {
    desk: &'d mut Desk<'r, 'a>,
    drafts: Vec<Draft<'a>>,
    /// Drafts by kind and path.
    by_path: BTreeMap<(&'static str, String), usize>,
    beside: Vec<Beside<'a>>,
}

/// A resource that is written.
struct Draft<'a> {
    kind: &'static str,
    shape: Shape<'a>,
    origin: Origin,
}

impl<'a> Out<'_, '_, 'a> {
    /// Adds a resource of a kind under its path; one that may not be there is taken as there, and told.
    fn add(&mut self, kind: &'static str, word: &'static str, thing: Thing<'_, 'a>, mut shape: Shape<'a>) {
        let path = thing.path();
        shape.set_text("selfLink", path.clone());
        shape.set_text("name", thing.name());
        if thing.is_perhaps() && !SOFT.contains(&kind) {
            self.tell_perhaps(thing);
        }
        self.put(kind, word, path, shape);
    }

    /// Adds a resource as it is.
    fn put(&mut self, kind: &'static str, word: &'static str, path: String, mut shape: Shape<'a>) {
        if !word.is_empty() {
            shape.set_text("kind", word);
        }
        self.by_path.insert((kind, path), self.drafts.len());
        self.drafts.push(Draft { kind, shape, origin: Origin::default() });
    }

    /// A resource that was written before.
    fn known(&mut self, kind: &'static str, path: &str) -> Option<&mut Shape<'a>> {
        let place = *self.by_path.get(&(kind, path.to_owned()))?;
        self.drafts.get_mut(place).map(|draft| &mut draft.shape)
    }

    /// Adds something to a list of a resource.
    fn push(shape: &mut Shape<'a>, key: &'static str, item: Tree<'a>) {
        let mut items = match shape.take(key) {
            Some(Tree::List(items)) => items,
            Some(other) => vec![other],
            None => Vec::new(),
        };
        items.push(item);
        shape.set(key, Tree::List(items));
    }

    /// Tells that it is not known whether something will be there.
    fn tell_perhaps(&mut self, thing: Thing<'_, 'a>) {
        let message = format!(
            "{}: how many there will be, or whether any, is not known: it is taken as there",
            Quoted(&thing.declared.address)
        );
        let place = self.desk.place(thing.at());
        self.desk.note(place, "unknown-presence", Effect::Undecided, message);
    }

    /// Tells that something is part of what is not known.
    fn tell_lost(&mut self, thing: Thing<'_, 'a>, of: &str) {
        let message = format!(
            "{}: {of} is not declared here, or is not known: what it would change is not in the answer",
            Quoted(&thing.declared.address)
        );
        let place = self.desk.place(thing.at());
        self.desk.note(place, "dangling-reference", Effect::Narrowed, message);
    }
}

/// Kinds of which one that may be missing says so itself, in what decides.
const SOFT: [&str; 3] = ["firewall-rule", "route", "policy-based-route"];

/// A path as what holds a resource.
fn holder(path: &str) -> Origin {
    Origin { holder: Some(Name::from(path)), ..Origin::default() }
}
