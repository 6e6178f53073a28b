//! From what is declared to resources as the REST interface would print them after the deployment.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::rc::Rc;

use cloud::Quoted;
use cloud::json::{Cause, Node, Tree};
use model::Effect;

use crate::resource::Kind;
use crate::wire::DECLARED;

use super::instance::{Doubt, Instance};
use super::{Run, Told, complete};

/// A resource of a deployment.
#[derive(Clone, Debug)]
pub(in crate::template) struct Made<'a> {
    pub(super) id: String,
    pub(super) key: String,
    /// Its type in lower case.
    pub(super) kind: String,
    /// The last part of its name.
    pub(super) name: String,
    pub(super) node: Node<'a>,
    /// Why it may not be there.
    pub(super) doubt: Option<Doubt<'a>>,
    /// Whether it is known what it is part of, where it is a part.
    pub(super) is_owned: bool,
    /// Which of the deployments of the run it is of.
    pub(super) root: usize,
}

/// What a deployment declares.
pub(super) fn made<'a>(run: &Run<'_, 'a>, root: usize) -> Vec<Made<'a>> {
    let all = run.expand_all();
    let printed = all.iter().filter(|instance| instance.is_declared() && !is_passed_over(&instance.kind));
    let mut made: Vec<Made<'a>> = printed.map(|instance| resource(run, instance, root)).collect();
    for made in &made {
        tell_unread(run, made);
    }
    made.retain(|made| made.kind.starts_with("microsoft."));
    complete::beside(&mut made, root);
    made
}

/// Tells of what is declared in a form that no reader takes.
fn tell_unread<'a>(run: &Run<'_, 'a>, made: &Made<'a>) {
    let name = Quoted(&made.name);
    let properties = match made.node.own("properties") {
        Some(Tree::Object(properties)) => Some(properties),
        Some(_) | None => None,
    };
    let profile = match properties.and_then(|properties| properties.own("networkProfile")) {
        Some(Tree::Object(profile)) => Some(profile),
        Some(_) | None => None,
    };
    let has_own_interfaces =
        profile.is_some_and(|profile| profile.own("networkInterfaceConfigurations").is_some());
    if made.kind == "microsoft.compute/virtualmachines" && has_own_interfaces {
        let message = format!(
            "{name}: the interfaces that a machine makes itself (`networkInterfaceConfigurations`) are not followed: who reaches them is \
             not in the answer"
        );
        run.tell(made.node.at, "unsupported-form", Effect::Narrowed, message);
    }
    if made.kind.starts_with('{') {
        let message = format!(
            "{name}: its type, {}, is not known: what it is is not in the answer",
            Quoted(&made.kind)
        );
        run.tell(made.node.at, "unresolved-expression", Effect::Narrowed, message);
    }
}

/// Types that are no resource of anybody's network: deployments themselves, policies, roles, locks.
fn is_passed_over(kind: &str) -> bool {
    let kind = kind.to_ascii_lowercase();
    ["microsoft.resources/", "microsoft.authorization/", "microsoft.solutions/"]
        .iter()
        .any(|provider| kind.starts_with(provider))
        || kind.contains("/providers/")
}

fn resource<'a>(run: &Run<'_, 'a>, instance: &Rc<Instance<'a>>, root: usize) -> Made<'a> {
    let at = instance.declared.at;
    let mut entries: Vec<(Cow<'a, str>, Tree<'a>)> = vec![
        (key_of_ours("id"), Tree::Text(Cow::Owned(instance.id.clone()))),
        (key_of_ours("name"), Tree::Text(Cow::Owned(instance.own_name().to_owned()))),
        (key_of_ours("type"), Tree::Text(Cow::Owned(instance.kind.clone()))),
    ];
    match instance.body(run).into_tree() {
        Tree::Object(body) => entries.extend(body.into_entries()),
        Tree::Unknown(unknown) => entries.push((key_of_ours("properties"), Tree::Unknown(unknown))),
        _ => {}
    }
    let mut node = Node::new(entries, at);
    if node.own("properties").is_none() {
        node.push(key_of_ours("properties"), Tree::Object(Node::new(Vec::new(), at)));
    }
    declare(&mut node);
    let kind = instance.kind.to_ascii_lowercase();
    complete::properties(&kind, &mut node);
    Made {
        id: instance.id.clone(),
        key: instance.key.clone(),
        kind,
        name: instance.own_name().to_owned(),
        node,
        doubt: instance.doubt().cloned(),
        is_owned: instance.is_owned,
        root,
    }
}

/// Says of an object that it is all there is to say of what it describes.
pub(super) fn declare(node: &mut Node<'_>) {
    node.edit("properties", |properties| {
        if let Tree::Object(properties) = properties
            && properties.own("provisioningState").is_none()
        {
            properties.push(key_of_ours("provisioningState"), Tree::Text(Cow::Borrowed(DECLARED)));
        }
    });
}

/// Changes the properties of a resource, where they are an object.
pub(super) fn with_properties<'a>(node: &mut Node<'a>, change: impl FnOnce(&mut Node<'a>)) {
    node.edit("properties", |properties| {
        if let Tree::Object(properties) = properties {
            change(properties);
        }
    });
}

/// Gives a key of an object another value.
pub(super) fn set<'a>(node: &mut Node<'a>, key: &'static str, value: Tree<'a>) {
    match node.own(key).is_some() {
        true => node.edit(key, |own| *own = value),
        false => node.push(key_of_ours(key), value),
    }
}

/// Tells once at each place of what may not be there, where it is of a kind that decides anything.
pub(super) fn tell_doubts<'m, 'a: 'm>(made: impl Iterator<Item = &'m Made<'a>>, told: &mut Vec<Told<'a>>) {
    let mut places = BTreeSet::new();
    for made in made {
        let Some(doubt) = &made.doubt else { continue };
        let place = doubt.at.map(str::as_ptr);
        // What decides in a part is not known then, which its reader tells.
        let is_told = super::children::has_doubt_of_its_own(&made.kind);
        if is_told || !Kind::is_read(&made.kind) || !places.insert(place) {
            continue;
        }
        let message = format!(
            "{}: whether it is deployed is not known: its `{}` is {}, {}: it is taken as there",
            Quoted(&made.name),
            doubt.what,
            Quoted(&doubt.text),
            doubt.cause
        );
        told.push(Told { at: doubt.at, code: "unknown-presence", effect: Effect::Undecided, message });
    }
}

/// A key that nobody wrote. Owned: a borrowed one tells where an object stands.
pub(super) fn key_of_ours<'a>(key: &str) -> Cow<'a, str> {
    Cow::Owned(key.to_owned())
}

/// A value that is told at creation.
pub(super) fn computed<'a>() -> Tree<'a> {
    Tree::unknown(Cause::Computed, "")
}
