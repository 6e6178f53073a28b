//! What a configuration declares in Terraform's types, written as exports spell it.
//!
//! Knows the types of resources and their arguments; not how a configuration is written. Templates of CloudFormation come
//! this way too, in the same types.

mod accelerators;
mod balancers;
mod beside;
mod databases;
mod gateways;
mod groups;
mod interfaces;
mod known;
mod lists;
mod machines;
mod networks;
mod prefix_lists;
mod presumed;
mod services;
mod shape;
mod tables;
mod target_groups;
mod world;

use std::collections::BTreeMap;

use cloud::{Declarations, Desk, Quoted};
use model::Effect;

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
    let mut out = Out { lowered: Lowered::default(), desk, presumed: BTreeMap::new() };
    for family in FAMILIES {
        family(&world, &mut out);
    }
    for thing in world.made() {
        out.lowered.beside.extend(beside::of(&world, thing));
        if thing.is_perhaps() && beside::is_whole(thing) {
            out.tell_perhaps(thing);
        }
    }
    out.lowered
}

/// Tells what resources that say what is let in have beyond the arguments that are known.
pub(crate) fn tell_unknown<'a>(declarations: &Declarations<'_, 'a>, desk: &mut Desk<'_, 'a>) {
    cloud::tell_unknown_arguments(declarations, known::ARGUMENTS, desk);
}

/// One family of types: whatever of it is declared comes out. A new one adds a line.
type Family = for<'b, 'w, 'a, 'o, 'd, 'r> fn(&'b World<'w, 'a>, &'o mut Out<'d, 'r, 'a>);

const FAMILIES: &[Family] = &[
    networks::lower,
    gateways::lower,
    tables::lower,
    lists::lower,
    prefix_lists::lower,
    groups::lower,
    machines::lower,
    balancers::lower,
    target_groups::lower,
    accelerators::lower,
    databases::lower,
    services::lower,
    // Last: by then it is known who is in it.
    presumed::lower,
];

/// Where what comes out is put.
struct Out<'d, 'r, 'a> {
    lowered: Lowered<'a>,
    desk: &'d mut Desk<'r, 'a>,
    /// The default VPCs in which something is that says no network, with where that is said first.
    presumed: BTreeMap<String, presumed::Presumed<'a>>,
}

impl<'a> Out<'_, '_, 'a> {
    /// Puts a resource of a kind, which is as a declared one says.
    fn put(&mut self, kind: &'static str, thing: Thing<'_, 'a>, shape: Shape<'a>) {
        self.lowered.made.push(Made { kind, node: shape.node(), origin: thing.origin() });
    }

    /// Tells of something at a declared resource.
    fn tell(&mut self, thing: Thing<'_, 'a>, code: &'static str, effect: Effect, sentence: &str) {
        let place = self.desk.place(thing.at());
        let message = format!("{}: {sentence}", Quoted(&thing.declared.address));
        self.desk.note(place, code, effect, message);
    }

    /// The id of what a part is added to; of one that is not known it is told that what the part adds is in no answer.
    fn owner(&mut self, world: &World<'_, 'a>, part: Thing<'_, 'a>, key: &str) -> Option<String> {
        let owner = world.id_under(part, key);
        if owner.is_none() {
            self.tell_unowned(part, key);
        }
        owner
    }

    fn tell_unowned(&mut self, part: Thing<'_, 'a>, key: &str) {
        let sentence = format!("`{key}` is not known: what it adds there is not in the answer");
        self.tell(part, "unresolved-expression", Effect::Narrowed, &sentence);
    }

    fn tell_perhaps(&mut self, thing: Thing<'_, 'a>) {
        let sentence = "whether it will be there, and how often, is not known: it is taken to be there once";
        self.tell(thing, "unknown-presence", Effect::Undecided, sentence);
    }
}
