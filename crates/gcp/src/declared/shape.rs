//! Arguments of Terraform's types in the words of the API: keys in its letter case, lone blocks as objects, references as paths.

use std::borrow::Cow;

use cloud::json::{Cause, Node, Tree};

use super::world::{Thing, World, is_unsaid};

/// How the arguments of a type differ from the keys of the API beyond their letter case.
pub(super) struct Words {
    /// Blocks that there is one of: objects in the API.
    pub(super) alone: &'static [&'static str],
    /// Blocks of which plans may not tell all: what nobody seems to have written of them is not known.
    pub(super) blocks: &'static [&'static str],
    /// Arguments with another word.
    pub(super) renamed: &'static [(&'static str, &'static str)],
}

/// An object in the words of the API.
pub(super) struct Shape<'a> {
    pub(super) entries: Vec<(Cow<'a, str>, Tree<'a>)>,
    pub(super) at: Option<&'a str>,
}

impl<'a> Shape<'a> {
    pub(super) const fn empty(at: Option<&'a str>) -> Self {
        Self { entries: Vec::new(), at }
    }

    /// All arguments of a resource.
    pub(super) fn of(thing: Thing<'_, 'a>, words: &Words) -> Self {
        let mut shape = Self::of_node(thing.world, thing.node(), words);
        // What Terraform knows it by is not what the API calls so.
        shape.entries.retain(|(key, _)| {
            !["id", "selfLink", "timeouts", "project", "labels", "metadata"].contains(&&**key)
        });
        // Where its project is not known, a name alone is that of the network that is declared here.
        if let Some(Tree::Text(name)) = shape.get("network")
            && !name.contains('/')
            && thing.project().starts_with('{')
            && let Some(network) = thing.world.network_named(name)
        {
            shape.set_text("network", network.path());
        }
        shape
    }

    /// All arguments of an object.
    pub(super) fn of_node<'w>(world: &'w World<'w, 'a>, node: &Node<'a>, words: &Words) -> Self {
        let mut shape = Self::empty(node.at);
        for (key, value) in node.entries() {
            let is_block = words.blocks.contains(&&**key);
            let value = match value {
                Tree::Null => continue,
                value if is_unsaid(value) && !is_block => continue,
                value => worded(world, key, value, words),
            };
            if let Some(value) = value {
                shape.entries.push((spelled(key, words), value));
            }
        }
        shape
    }

    pub(super) fn get(&self, key: &str) -> Option<&Tree<'a>> {
        self.entries.iter().find(|(own, _)| *own == key).map(|(_, value)| value)
    }

    /// Gives a key a value, in place of the one it has.
    pub(super) fn set(&mut self, key: &'static str, value: Tree<'a>) {
        self.entries.retain(|(own, _)| *own != key);
        self.entries.push((Cow::Borrowed(key), value));
    }

    pub(super) fn set_text(&mut self, key: &'static str, value: impl Into<Cow<'a, str>>) {
        self.set(key, Tree::Text(value.into()));
    }

    /// Gives a key a value where it has none.
    pub(super) fn or_text(&mut self, key: &'static str, value: &'static str) {
        if self.get(key).is_none() {
            self.set_text(key, value);
        }
    }

    /// Changes the value of a key where it has one.
    pub(super) fn edit(&mut self, key: &'static str, with: impl FnOnce(Tree<'a>) -> Tree<'a>) {
        if let Some(value) = self.take(key) {
            self.set(key, with(value));
        }
    }

    /// Takes a key out.
    pub(super) fn take(&mut self, key: &str) -> Option<Tree<'a>> {
        let place = self.entries.iter().position(|(own, _)| *own == key)?;
        Some(self.entries.remove(place).1)
    }

    pub(super) fn node(self) -> Node<'a> {
        Node::new(self.entries, self.at)
    }
}

fn worded<'w, 'a>(world: &'w World<'w, 'a>, key: &str, value: &Tree<'a>, words: &Words) -> Option<Tree<'a>> {
    let inner = |node: &Node<'a>| Tree::Object(Shape::of_node(world, node, words).node());
    Some(match value {
        Tree::Unknown(_) if is_unsaid(value) => Tree::unknown(Cause::Computed, "(known after apply)"),
        Tree::Unknown(_) => world.resolved(value),
        Tree::Text(name) if key == "network" && world.may_be_unnamed(name) => {
            Tree::unknown(Cause::Unset, "a network, while names of networks are not known")
        }
        Tree::Object(node) if key == "annotations" => Tree::Object(node.clone()),
        Tree::Object(node) => inner(node),
        Tree::List(items) if words.alone.contains(&key) => match items.as_slice() {
            [] => return None,
            [Tree::Object(node)] => inner(node),
            [Tree::Null] => Tree::Object(Node::new(Vec::new(), None)),
            [other, ..] => {
                let expression =
                    if let Tree::Unknown(unknown) = other { unknown.text.clone() } else { "".into() };
                Tree::unknown(Cause::Unsupported, expression)
            }
        },
        Tree::List(items) => {
            Tree::List(items.iter().filter_map(|item| worded(world, "", item, words)).collect())
        }
        Tree::Null | Tree::Flag(_) | Tree::Text(_) => value.clone(),
    })
}

/// A key in the letter case of the API.
fn spelled<'a>(key: &str, words: &Words) -> Cow<'a, str> {
    if let Some((_, other)) = words.renamed.iter().find(|(own, _)| *own == key) {
        return Cow::Borrowed(other);
    }
    let mut spelled = String::with_capacity(key.len());
    let mut is_first = false;
    for character in key.chars() {
        match character {
            '_' => is_first = true,
            _ if is_first => {
                spelled.push(character.to_ascii_uppercase());
                is_first = false;
            }
            _ => spelled.push(character),
        }
    }
    Cow::Owned(spelled)
}

/// The items of a list.
pub(super) fn items<'n, 'a>(value: Option<&'n Tree<'a>>) -> &'n [Tree<'a>] {
    match value {
        Some(Tree::List(items)) => items,
        Some(alone @ (Tree::Object(_) | Tree::Unknown(_))) => core::slice::from_ref(alone),
        Some(Tree::Null | Tree::Flag(_) | Tree::Text(_)) | None => &[],
    }
}

/// A list with each of its items changed. What is no list stays as it is.
pub(super) fn each<'a>(value: Tree<'a>, with: impl FnMut(Tree<'a>) -> Tree<'a>) -> Tree<'a> {
    match value {
        Tree::List(items) => Tree::List(items.into_iter().map(with).collect()),
        other => other,
    }
}

/// What stands in place of a value of which it is not known whether there is any.
pub(super) fn perhaps<'a>() -> Tree<'a> {
    Tree::unknown(Cause::Unset, "whether it is declared")
}

/// An object of these entries.
pub(super) fn object<'a>(entries: Vec<(&'static str, Tree<'a>)>, at: Option<&'a str>) -> Tree<'a> {
    Tree::Object(Node::new(entries.into_iter().map(|(key, value)| (Cow::Borrowed(key), value)).collect(), at))
}

/// A text.
pub(super) fn text<'a>(value: impl Into<Cow<'a, str>>) -> Tree<'a> {
    Tree::Text(value.into())
}
