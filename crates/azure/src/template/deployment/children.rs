//! What is declared by itself and read with what it is part of: rules of groups, subnets, routes.
//!
//! Which kinds these are is said in `parts`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use cloud::json::{Cause, Node, Tree};

use super::instance::Doubt;
use super::made::{Made, declare, key_of_ours, set, with_properties};
use super::parts::{DECIDING, PARTS, Part, WithoutOwner};

/// Puts parts into what they are part of.
pub(super) fn merge<'a>(made: Vec<Made<'a>>) -> Vec<Made<'a>> {
    let mut merged: Vec<Made<'a>> = Vec::with_capacity(made.len());
    let mut parts = Vec::new();
    let mut owners: BTreeMap<String, usize> = BTreeMap::new();
    for mut made in made {
        unsettle(&mut made);
        match (PARTS.iter().find(|part| part.kind == made.kind), owners.get(&made.key)) {
            (Some(part), _) => parts.push((part, made)),
            (None, Some(position)) if is_either(merged.get(*position), &made) => {
                if let Some(before) = merged.get_mut(*position) {
                    either(&mut made.node, &before.node);
                    *before = made;
                }
            }
            (None, _) => {
                owners.insert(made.key.clone(), merged.len());
                merged.push(made);
            }
        }
    }
    for (part, mut child) in parts {
        if !child.is_owned && may_be_of_any(part, &mut child, &mut merged) {
            continue;
        }
        let owner_id = parent_of(&child.id);
        let key = super::identity::key_of(owner_id);
        let position = match (owners.get(&key), part.without_owner) {
            (Some(position), _) => *position,
            (None, WithoutOwner::Alone) => {
                loosen(&mut child);
                merged.push(child);
                continue;
            }
            (None, WithoutOwner::Made) => {
                merged.push(unseen_owner(part, &child));
                owners.insert(key, merged.len() - 1);
                merged.len() - 1
            }
        };
        let kept = merged.get_mut(position).and_then(|owner| put_into(owner, part, child));
        merged.extend(kept);
    }
    merged
}

/// Puts a part into its owner's list; hands it back where it is read by itself too.
fn put_into<'a>(owner: &mut Made<'a>, part: &Part, mut child: Made<'a>) -> Option<Made<'a>> {
    let stands_alone = part.list == "ruleCollectionGroups";
    let mut node = match stands_alone {
        true => Node::new(vec![text_of("id", &child.id)], child.node.at),
        false => as_item(core::mem::take(&mut child.node)),
    };
    with_properties(&mut owner.node, |properties| {
        if properties.own(part.list).is_none() {
            properties.push(key_of_ours(part.list), Tree::List(Vec::new()));
        }
        properties.edit(part.list, |list| {
            let Tree::List(items) = list else { return };
            let same = items.iter().position(|item| is_called(item, &child.name));
            let Some(same) = same.filter(|_| !stands_alone) else {
                items.push(Tree::Object(node));
                return;
            };
            // Deployed behind its owner, it takes the place of what its owner says.
            if child.doubt.is_some()
                && let Some(Tree::Object(before)) = items.get(same)
            {
                either(&mut node, before);
            }
            if let Some(item) = items.get_mut(same) {
                *item = Tree::Object(node);
            }
        });
    });
    stands_alone.then_some(child)
}

/// A part as an item of its owner's list: where it is deployed to is its owner's to say.
fn as_item(node: Node<'_>) -> Node<'_> {
    let at = node.at;
    let is_own = |key: &str| !["location", "tags"].iter().any(|word| key.eq_ignore_ascii_case(word));
    Node::new(node.into_entries().into_iter().filter(|(key, _)| is_own(key)).collect(), at)
}

/// Whether one of two statements about one thing may not be made: which of them holds is not known.
fn is_either(before: Option<&Made<'_>>, later: &Made<'_>) -> bool {
    later.doubt.is_some() || before.is_some_and(|before| before.doubt.is_some())
}

/// Where it is not known which of two statements holds, what they do not agree on is not known.
fn either<'a>(later: &mut Node<'a>, before: &Node<'a>) {
    let keys: Vec<Cow<'a, str>> =
        before.entries().iter().chain(later.entries()).map(|(key, _)| key.clone()).collect();
    for key in keys.into_iter().filter(|key| !NAMING.iter().any(|known| known.eq_ignore_ascii_case(key))) {
        match (later.own(&key), before.own(&key)) {
            (own, other) if own == other => {}
            (Some(Tree::Object(_)), Some(Tree::Object(other))) if key.eq_ignore_ascii_case("properties") => {
                later.edit(&key, |own| {
                    if let Tree::Object(own) = own {
                        either(own, other);
                    }
                });
            }
            (Some(_), _) => later.edit(&key, |own| *own = Tree::unknown(Cause::Unset, "")),
            (None, _) => later.push(key, Tree::unknown(Cause::Unset, "")),
        }
    }
}

/// Keys by which a thing is found. They are of no statement about it.
const NAMING: [&str; 3] = ["id", "name", "type"];

/// A part of which it is not known what it belongs to may be in every owner of the template. `false` where there is none.
fn may_be_of_any<'a>(part: &Part, child: &mut Made<'a>, merged: &mut [Made<'a>]) -> bool {
    if part.without_owner == WithoutOwner::Alone {
        return false;
    }
    let doubt = Doubt { at: child.node.at, what: "name", cause: Cause::Unset, text: child.name.clone() };
    child.doubt.get_or_insert(doubt);
    unsettle(child);
    let root = child.root;
    let of = |owner: &&mut Made<'a>| owner.root == root && owner.kind.eq_ignore_ascii_case(part.of);
    let mut has_any = false;
    for owner in merged.iter_mut().filter(of) {
        put_into(owner, part, child.clone());
        has_any = true;
    }
    has_any
}

/// A subnet of a network that exists may be there without what a template would say of it.
fn loosen(made: &mut Made<'_>) {
    let Some(doubt) = made.doubt.clone().filter(|_| made.kind.ends_with("/subnets")) else { return };
    with_properties(&mut made.node, |properties| {
        set(properties, "networkSecurityGroup", Tree::unknown(doubt.cause, doubt.text));
    });
}

/// Whether a part of a type says itself that it may not be there.
pub(super) fn has_doubt_of_its_own(kind: &str) -> bool {
    DECIDING.iter().any(|(of, _)| *of == kind)
}

/// Makes what decides in a part unknown where it is not known whether it is there.
fn unsettle(made: &mut Made<'_>) {
    let Some(doubt) = &made.doubt else { return };
    let Some((_, keys)) = DECIDING.iter().find(|(kind, _)| *kind == made.kind) else { return };
    let (cause, text) = (doubt.cause, doubt.text.clone());
    with_properties(&mut made.node, |properties| {
        for key in *keys {
            set(properties, key, Tree::unknown(cause, text.clone()));
        }
    });
}

/// The owner of a part that nobody declares: it has others beside, of which nothing is known.
fn unseen_owner<'a>(part: &Part, child: &Made<'a>) -> Made<'a> {
    let id = parent_of(&child.id).to_owned();
    let name = id.rsplit_once('/').map_or(id.as_str(), |(_, name)| name).to_owned();
    let others = Tree::List(vec![Tree::unknown(Cause::Existing, "what it has beside")]);
    let properties = Node::new(vec![(key_of_ours(part.list), others)], child.node.at);
    let mut node = Node::new(
        vec![
            text_of("id", &id),
            text_of("name", &name),
            text_of("type", part.of),
            (key_of_ours("properties"), Tree::Object(properties)),
        ],
        child.node.at,
    );
    declare(&mut node);
    let kind = part.of.to_ascii_lowercase();
    super::complete::properties(&kind, &mut node);
    Made {
        key: super::identity::key_of(&id),
        id,
        kind,
        name,
        node,
        doubt: None,
        is_owned: true,
        root: child.root,
    }
}

fn text_of<'a>(key: &'static str, text: &str) -> (Cow<'a, str>, Tree<'a>) {
    (key_of_ours(key), Tree::Text(Cow::Owned(text.to_owned())))
}

fn is_called(item: &Tree<'_>, name: &str) -> bool {
    let Tree::Object(node) = item else { return false };
    matches!(node.own("name"), Some(Tree::Text(own)) if own.eq_ignore_ascii_case(name))
}

/// The id of what a part belongs to.
fn parent_of(id: &str) -> &str {
    let parent = id.rsplit_once('/').and_then(|(rest, _)| rest.rsplit_once('/'));
    parent.map_or(id, |(parent, _)| parent)
}
