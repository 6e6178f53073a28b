//! Rules of networks.

use super::Out;
use super::shape::{Shape, Words, perhaps};
use super::world::World;

pub(super) fn lower<'w, 'a>(world: &'w World<'w, 'a>, out: &mut Out<'_, '_, 'a>) {
    for thing in world.of_kind("google_compute_firewall") {
        let mut shape = Shape::of(thing, &WORDS);
        if thing.is_perhaps() {
            shape.set("disabled", perhaps());
        }
        out.add("firewall-rule", "compute#firewall", thing, shape);
    }
}

/// Direction and priority have the defaults of the API.
const WORDS: Words = Words {
    alone: &[],
    blocks: &["allow", "deny"],
    renamed: &[("allow", "allowed"), ("deny", "denied"), ("protocol", "IPProtocol")],
};
