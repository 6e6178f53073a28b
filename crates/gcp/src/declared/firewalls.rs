//! Rules of networks.

use cloud::Arguments;

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

pub(super) const ARGUMENTS: Arguments = Arguments {
    kinds: &["google_compute_firewall"],
    known: &[
        "creation_timestamp",
        "deletion_policy",
        "description",
        "destination_ranges",
        "direction",
        "disabled",
        "enable_logging",
        "id",
        "log_config",
        "name",
        "network",
        "params",
        "priority",
        "project",
        "self_link",
        "source_ranges",
        "source_service_accounts",
        "source_tags",
        "target_service_accounts",
        "target_tags",
    ],
    blocks: &[("allow", &["ports", "protocol"]), ("deny", &["ports", "protocol"])],
};
