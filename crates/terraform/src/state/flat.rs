//! Values as Terraform kept them until version 0.11: every leaf under a key of its own, `ingress.123.cidr_blocks.0`.
//!
//! `.#` is how many items a list or set has, `.%` how many entries a map.

use std::borrow::Cow;
use std::collections::BTreeMap;

use cloud::json::{Cause, Node, Tree};

/// The values of leaves as they were before they were laid flat.
pub(super) fn nested<'a>(flat: &Node<'a>) -> Node<'a> {
    let mut root = Branch::default();
    for (key, value) in flat.entries() {
        // Keys of maps may have dots themselves: they are parts of a map then, and nobody asks for these.
        let parts: Vec<&str> = key.split('.').collect();
        root.put(parts.get(..DEPTH_MAX).unwrap_or(&parts), value);
    }
    match root.tree() {
        Tree::Object(node) => Node::new(node.into_entries(), flat.at),
        _ => Node::new(Vec::new(), flat.at),
    }
}

#[derive(Default)]
struct Branch<'t, 'a> {
    leaf: Option<&'t Tree<'a>>,
    below: BTreeMap<&'t str, Branch<'t, 'a>>,
}

impl<'t, 'a> Branch<'t, 'a> {
    fn put(&mut self, parts: &[&'t str], value: &'t Tree<'a>) {
        match parts.split_first() {
            Some((part, rest)) => self.below.entry(part).or_default().put(rest, value),
            None => self.leaf = Some(value),
        }
    }

    fn tree(&self) -> Tree<'a> {
        let count = self.below.get("#").and_then(|count| count.leaf);
        match (count, self.leaf) {
            (Some(count), _) => self.list(count),
            (None, Some(leaf)) if self.below.is_empty() => leaf.clone(),
            (None, _) => {
                let entries = self.below.iter().filter(|(key, _)| **key != "%");
                let entries = entries.map(|(key, branch)| (Cow::Owned((*key).to_owned()), branch.tree()));
                Tree::Object(Node::new(entries.collect(), None))
            }
        }
    }

    /// Items of lists are numbered, those of sets have a hash. What is counted and not there is not known.
    fn list(&self, count: &Tree<'a>) -> Tree<'a> {
        let mut items: Vec<(&str, &Self)> =
            self.below.iter().filter(|(key, _)| **key != "#").map(|(key, item)| (*key, item)).collect();
        items.sort_by_key(|(key, _)| key.parse::<u64>().unwrap_or(u64::MAX));
        let mut items: Vec<Tree<'a>> = items.into_iter().map(|(_, item)| item.tree()).collect();
        let counted = if let Tree::Text(digits) = count { digits.parse::<usize>().ok() } else { None };
        if counted.is_none_or(|counted| counted > items.len()) {
            items.push(Tree::unknown(Cause::Unsupported, "items that the state does not have"));
        }
        Tree::List(items)
    }
}

/// How many parts a key may have.
const DEPTH_MAX: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::member::as_object;

    #[test]
    fn lists_sets_and_maps_are_themselves_again() {
        let leaves = [
            ("id", "sg-1"),
            ("ingress.#", "2"),
            ("ingress.541.from_port", "22"),
            ("ingress.541.cidr_blocks.#", "1"),
            ("ingress.541.cidr_blocks.0", "0.0.0.0/0"),
            ("ingress.77.from_port", "80"),
            ("tags.%", "1"),
            ("tags.Name", "web"),
            ("egress.#", "1"),
        ];
        let entries = leaves.map(|(key, value)| (key.into(), Tree::Text(value.into())));
        let node = nested(&Node::new(entries.to_vec(), None));
        let Some(Tree::List(rules)) = node.own("ingress") else { panic!("{node:?}") };
        let ports = rules.iter().filter_map(as_object).filter_map(|rule| rule.own("from_port"));
        assert_eq!(ports.collect::<Vec<_>>(), [&Tree::Text("80".into()), &Tree::Text("22".into())]);
        assert!(
            matches!(node.own("egress"), Some(Tree::List(items)) if matches!(items.as_slice(), [Tree::Unknown(_)]))
        );
        assert!(
            matches!(node.own("tags"), Some(Tree::Object(tags)) if tags.own("Name").is_some() && tags.own("%").is_none())
        );
    }
}
