//! What goes with a load balancer, and at which port a target is that does not say it.

use cloud::audit::{Act, Edit, Ledger};
use cloud::json::{Node, Tree};

use super::{Around, object, other, part, text};

/// What goes with a load balancer, a listener, a target group.
pub(super) fn gone(edit: &Edit, ledger: &Ledger, around: &mut Around) {
    if edit.act != Act::Drop {
        return;
    }
    if &*edit.kind == "target-group" {
        for kind in ["target-health", "target-group-attributes"] {
            if object(ledger, edit, kind, &edit.id).is_some() {
                around.after.push(other(edit, kind, &edit.id, Act::Drop));
            }
        }
        return;
    }
    // The ARN of a part begins as that of the whole, but for the word of its kind.
    let word = if &*edit.kind == "listener" { ":listener/" } else { ":loadbalancer/" };
    for (kind, key, own) in
        [("listener", "ListenerArn", ":listener/"), ("listener-rule", "RuleArn", ":listener-rule/")]
    {
        if kind == &*edit.kind {
            continue;
        }
        let start = format!("{}/", edit.id.replace(word, own));
        let parts = ledger.of_kind(kind).filter_map(|(_, object)| text(&object.node, key));
        let mut parts: Vec<&str> = parts.filter(|arn| arn.starts_with(&start)).collect();
        parts.sort_unstable();
        around.after.extend(parts.into_iter().map(|arn| other(edit, kind, arn, Act::Drop)));
    }
}

/// Targets are at the port of their group, where a request names none: health tells every one with its port.
pub(super) fn ported(edit: &Edit, ledger: &Ledger, around: &mut Around) {
    let group = object(ledger, edit, "target-group", &edit.id);
    let Some(port) = group.and_then(|group| text(&group.node, "Port")) else { return };
    let act = match &edit.act {
        Act::Insert { into, items, by } => {
            Act::Insert { into: into.clone(), items: with_port(items, port), by: by.clone() }
        }
        Act::Remove { from, items } => Act::Remove { from: from.clone(), items: with_port(items, port) },
        Act::Put(_) | Act::Drop | Act::Merge(_) | Act::Set { .. } => return,
    };
    if act != edit.act {
        around.instead = Some(vec![Edit { act, ..edit.clone() }]);
    }
}

fn with_port(items: &[Tree<'static>], port: &str) -> Vec<Tree<'static>> {
    let item = |item: &Tree<'static>| {
        let mut item = item.clone();
        if let Tree::Object(node) = &mut item {
            complete(node, port);
        }
        item
    };
    items.iter().map(item).collect()
}

fn complete(node: &mut Node<'static>, port: &str) {
    if part(node, "Target").is_none_or(|target| target.own("Port").is_some()) {
        return;
    }
    if let Some(Tree::Object(target)) = node.own_mut("Target") {
        target.push("Port".into(), Tree::Text(port.to_owned().into()));
    }
}
