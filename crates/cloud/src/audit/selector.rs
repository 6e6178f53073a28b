//! An object by what it says, where an event does not give its id: `AssociationId=eipassoc-1`.
//!
//! Knows the meaning of no key.

use crate::json::{Node, Tree};

/// What an object says: each of these keys has its value somewhere in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector<'s>(Vec<(&'s str, &'s str)>);

impl<'s> Selector<'s> {
    /// The selector that an id is: `Key=value`, several with commas between them. `None`: it is an id. No id of any provider
    /// has an equals sign.
    #[must_use]
    pub fn of(id: &'s str) -> Option<Self> {
        let mut pairs: Vec<(&'s str, &'s str)> = Vec::new();
        let (mut from, mut value_from) = (0, 0);
        for piece in id.split(',') {
            let (start, end) = (from, from + piece.len());
            from = end + 1;
            let is_key = |key: &str| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphabetic());
            match (piece.split_once('=').filter(|(key, _)| is_key(key)), pairs.last_mut()) {
                (Some((key, value)), _) => {
                    value_from = start + key.len() + 1;
                    pairs.push((key, value));
                }
                // Names may have commas.
                (None, Some((_, value))) => *value = id.get(value_from..end)?,
                (None, None) => return None,
            }
        }
        Some(Self(pairs))
    }

    /// The value of a key.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&'s str> {
        self.0.iter().find(|(own, _)| own.eq_ignore_ascii_case(key)).map(|(_, value)| *value)
    }

    /// The same without a key.
    #[must_use]
    pub fn without(&self, key: &str) -> Self {
        Self(self.0.iter().filter(|(own, _)| !own.eq_ignore_ascii_case(key)).copied().collect())
    }

    /// Whether an object says all of it, at any depth, in any letter case.
    #[must_use]
    pub fn fits(&self, node: &Node<'_>) -> bool {
        self.0.iter().all(|(key, value)| says(node, key, value))
    }
}

fn says(node: &Node<'_>, key: &str, value: &str) -> bool {
    node.entries().iter().any(|(own, tree)| {
        let is_it = match tree {
            Tree::Text(text) => own.eq_ignore_ascii_case(key) && text.eq_ignore_ascii_case(value),
            Tree::Flag(flag) => {
                own.eq_ignore_ascii_case(key)
                    && value.eq_ignore_ascii_case(if *flag { "true" } else { "false" })
            }
            Tree::Null | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => false,
        };
        is_it || says_inside(tree, key, value)
    })
}

fn says_inside(tree: &Tree<'_>, key: &str, value: &str) -> bool {
    match tree {
        Tree::Object(node) => says(node, key, value),
        Tree::List(items) => items.iter().any(|item| says_inside(item, key, value)),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::tree_in;

    #[test]
    fn an_object_is_found_by_what_it_says_at_any_depth() {
        let Some(Tree::Object(node)) =
            tree_in(r#"{"VpcId": "vpc-1", "Associations": [{"Main": true, "AssociationId": "a-1"}]}"#)
        else {
            panic!("no object")
        };
        let fits = |id: &str| Selector::of(id).map(|selector| selector.fits(&node));
        assert_eq!(fits("AssociationId=a-1"), Some(true));
        assert_eq!(fits("vpcid=VPC-1,Main=true"), Some(true));
        assert_eq!(fits("VpcId=vpc-1,Main=false"), Some(false));
        assert_eq!(fits("rtb-1"), None);
        let pairs = |id| Selector::of(id).map(|selector| selector.0);
        assert_eq!(
            pairs("OwnerId=1,GroupName=web, a=b,c"),
            Some(vec![("OwnerId", "1"), ("GroupName", "web, a=b,c")])
        );
    }
}
