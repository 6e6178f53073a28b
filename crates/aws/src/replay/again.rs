//! What was changed, read again as a document would be.

use cloud::Desk;
use cloud::Quoted;
use cloud::json::{Node, Tree};
use model::{Effect, Gap, Name, Provenance};

use crate::resource::Kind;
use crate::wire::read_again;

use super::edit::Replay;
use super::origin_of;

impl Replay<'_> {
    /// Reads again what was changed.
    pub(super) fn read_changed(&mut self) {
        for (kind, key) in core::mem::take(&mut self.changed) {
            let name = self.memory.kind(kind.name);
            let Some(object) = self.memory.ledger.get(&name, &key) else {
                self.estate.resources.remove(kind.name, &key);
                continue;
            };
            let (place, is_partial) = (object.place, object.is_partial);
            let mut gaps = Vec::new();
            let origin = origin_of(&object.node);
            let desk = Desk::standing(place, &mut gaps);
            let read = read_again(desk, kind, &object.node, &origin, self.pool);
            // Of what was never stated whole much is missing, and that is told otherwise.
            let is_told = |code| match code {
                "missing-field" => true,
                // Lists and tables are told when they are met.
                "unresolved-expression" => matches!(kind.name, "network-acl" | "route-table"),
                _ => false,
            };
            gaps.retain(|gap| !(is_partial && is_told(gap.code)));
            if has_unknown_address(&object.node) {
                gaps.retain(|gap| gap.code != "unresolved-expression");
                gaps.push(address_not_seen(place, &key));
            }
            self.gaps.extend(gaps);
            let Some(resource) = read else {
                self.estate.resources.remove(kind.name, &key);
                continue;
            };
            let identity = resource.identity().clone();
            self.estate.resources.put(resource);
            self.follow(kind, &key, &identity);
        }
    }

    /// The register may know a resource by another key now: one that says its account is no longer without.
    fn follow(&mut self, kind: &'static Kind, key: &Name, identity: &crate::resource::Identity) {
        let known = self.estate.resources.key_of(kind.name, identity.account.as_deref(), &identity.id);
        let Some(known) = known.filter(|known| known != key) else { return };
        let name = self.memory.kind(kind.name);
        if let Some(object) = self.memory.ledger.forget(&name, key) {
            self.memory.ledger.keep(&name, &known, object);
        }
    }
}

/// Whether it is not known if an interface has a public address: its subnet gives one or not, and nobody stated that.
fn has_unknown_address(interface: &Node<'_>) -> bool {
    let is_unknown = |node: &Node<'_>| matches!(node.own("Association"), Some(Tree::Unknown(_)));
    let inside = match interface.own("PrivateIpAddresses") {
        Some(Tree::List(items)) => items.as_slice(),
        _ => &[],
    };
    let inside_is = |item: &Tree<'_>| matches!(item, Tree::Object(node) if is_unknown(node));
    is_unknown(interface) || inside.iter().any(inside_is)
}

fn address_not_seen(place: Provenance, key: &str) -> Gap {
    let message = format!(
        "{}: whether it has a public address is not in the log, its subnet's `MapPublicIpOnLaunch` decides, which nothing before \
         it states: it may have one; give the state before the log with `--snapshot`",
        Quoted(key.rsplit('/').next().unwrap_or_default())
    );
    Gap::at(place, "state-not-seen", Effect::Undecided, message)
}
