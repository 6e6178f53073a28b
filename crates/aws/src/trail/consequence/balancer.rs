//! What goes with a load balancer, and at which port a target is that does not say it.

use cloud::audit::{Act, Edit, Ledger};
use cloud::json::{Node, Tree};

use super::{Around, object, other, part, text};
use crate::resource::LISTENERS;
use crate::trail::made;

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

/// What the input had of the listeners of a load balancer was all of them, where they named every group that said to be of
/// it. From its first edit on that is kept: where none is left it listens nowhere, and a group that none names any more
/// gets nothing, whatever it said of itself.
pub(super) fn settled(edit: &Edit, ledger: &Ledger, around: &mut Around) {
    let Some(arn) = balancer_of(&edit.id) else { return };
    let Some(balancer) = object(ledger, edit, "load-balancer", &arn) else { return };
    if balancer.node.own(LISTENERS).is_some() {
        return;
    }
    let own = |kind: &'static str| {
        let key = if kind == "listener" { "ListenerArn" } else { "RuleArn" };
        let nodes = ledger.of_kind(kind).map(|(_, object)| &object.node);
        let arn = &arn;
        nodes.filter(move |node| text(node, key).and_then(balancer_of).is_some_and(|of| of == *arn))
    };
    if own("listener").next().is_none() {
        return;
    }
    let named: Vec<&str> = own("listener").chain(own("listener-rule")).flat_map(groups_in).collect();
    let is_of_it = |group: &Node<'static>| match group.own("LoadBalancerArns") {
        Some(Tree::List(arns)) => arns.iter().any(|one| matches!(one, Tree::Text(one) if **one == *arn)),
        Some(_) | None => false,
    };
    let groups = ledger.of_kind("target-group").map(|(_, object)| &object.node).filter(|node| is_of_it(node));
    let mut ids = groups.filter_map(|node| text(node, "TargetGroupArn"));
    if ids.all(|id| named.contains(&id)) {
        let all = made::object([(LISTENERS, Tree::Flag(true))]);
        around.after.push(other(edit, "load-balancer", &arn, Act::Merge(all)));
    }
}

/// The ARN of the load balancer that the ARN of a listener or of a rule holds.
fn balancer_of(arn: &str) -> Option<String> {
    let (start, rest, parts) = match arn.split_once(":listener/") {
        Some((start, rest)) => (start, rest, 1),
        None => arn.split_once(":listener-rule/").map(|(start, rest)| (start, rest, 2))?,
    };
    let mut rest = rest;
    for _ in 0..parts {
        rest = rest.rsplit_once('/')?.0;
    }
    Some(format!("{start}:loadbalancer/{rest}"))
}

/// The ARNs of all groups that something names, at any depth.
fn groups_in<'n>(node: &'n Node<'static>) -> Vec<&'n str> {
    fn in_tree<'n>(tree: &'n Tree<'static>) -> Vec<&'n str> {
        match tree {
            Tree::Object(node) => groups_in(node),
            Tree::List(items) => items.iter().flat_map(in_tree).collect(),
            Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => Vec::new(),
        }
    }
    let inside = node.entries().iter().flat_map(|(_, value)| in_tree(value));
    text(node, "TargetGroupArn").into_iter().chain(inside).collect()
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
