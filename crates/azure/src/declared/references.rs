//! What arguments refer to: ids, names and other attributes of what is declared beside them.

use cloud::json::{Node, Reference, Tree};

use super::one::says_something;
use super::scene::Scene;
use super::written::text;

impl<'a> Scene<'_, 'a> {
    /// A value with what it refers to in its place, as far as that is known.
    pub(super) fn resolved(&self, value: &Tree<'a>) -> Tree<'a> {
        self.resolved_at(value, 0)
    }

    pub(super) fn resolved_at(&self, value: &Tree<'a>, depth: usize) -> Tree<'a> {
        match value {
            Tree::Null | Tree::Flag(_) | Tree::Text(_) => value.clone(),
            Tree::List(items) => Tree::List(items.iter().map(|item| self.resolved_at(item, depth)).collect()),
            Tree::Object(node) => {
                let entries = node.entries().iter();
                let entries = entries.map(|(key, value)| (key.clone(), self.resolved_at(value, depth)));
                Tree::Object(Node::new(entries.collect(), node.at))
            }
            Tree::Unknown(unknown) => {
                let found = unknown.refers.as_ref().and_then(|refers| self.referred(refers, depth));
                found.unwrap_or_else(|| value.clone())
            }
        }
    }

    fn referred(&self, reference: &Reference, depth: usize) -> Option<Tree<'a>> {
        let index = self.find(&reference.address).filter(|_| depth < DEPTH_MAX)?;
        let declared = self.resources.get(index)?;
        let attribute = reference.attribute.as_str();
        if matches!(attribute, "" | "id" | "resource_id") {
            return Some(text(self.id_of((index, declared), depth + 1)));
        }
        if attribute == "name" {
            // A name that is an expression is known to be the same wherever it stands.
            let name = self.names.get(index).cloned();
            return Some(text(name.unwrap_or_else(|| self.name_of(declared, depth + 1))));
        }
        // Its first address, which an interface says of itself too.
        let is_first = attribute == "private_ip_address" && declared.attributes.own(attribute).is_none();
        match Steps::of(if is_first { "ip_configuration[0].private_ip_address" } else { attribute }) {
            Steps::Own(name) => {
                let value = declared.attributes.own(name).filter(|value| says_something(value))?;
                self.known(value, depth)
            }
            Steps::Within { block, position, rest } => {
                let item = item(declared.attributes.own(block)?, position)?;
                if rest == "id" {
                    let (_, word) = PARTS.iter().find(|(known, _)| *known == block)?;
                    let name = match self.known(item.own("name")?, depth)? {
                        Tree::Text(name) => name,
                        _ => return None,
                    };
                    let own = self.id_of((index, declared), depth + 1);
                    return Some(text(format!("{own}/{word}/{name}")));
                }
                self.known(item.own(rest)?, depth)
            }
        }
    }

    /// A value that is known once what it refers to is found.
    fn known(&self, value: &Tree<'a>, depth: usize) -> Option<Tree<'a>> {
        Some(self.resolved_at(value, depth + 1))
            .filter(|value| !matches!(value, Tree::Null | Tree::Unknown(_)))
    }
}

/// The way to an attribute. Complete.
enum Steps<'t> {
    /// One of the resource itself.
    Own(&'t str),
    /// One of a block of it.
    Within { block: &'t str, position: usize, rest: &'t str },
}

impl<'t> Steps<'t> {
    /// From `name`, `block[0].name` or `block.0.name`.
    fn of(attribute: &'t str) -> Self {
        let Some(end) = attribute.find(['[', '.']) else { return Self::Own(attribute) };
        let (block, steps) = attribute.split_at(end);
        let steps = steps.trim_start_matches(['[', '.']);
        match steps.split_once('.') {
            Some((position, rest)) => {
                let position = position.trim_end_matches(']').parse().unwrap_or(usize::MAX);
                Self::Within { block, position, rest }
            }
            None => Self::Own(attribute),
        }
    }
}

/// The block at a position.
fn item<'t, 'a>(blocks: &'t Tree<'a>, position: usize) -> Option<&'t Node<'a>> {
    match blocks {
        Tree::Object(node) => Some(node).filter(|_| position == 0),
        Tree::List(items) => match items.get(position)? {
            Tree::Object(node) => Some(node),
            Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => None,
        },
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => None,
    }
}

/// Blocks that are resources inside of others, and the word under which their ids stand.
const PARTS: &[(&str, &str)] = &[
    ("backend_address_pool", "backendAddressPools"),
    ("frontend_ip_configuration", "frontendIPConfigurations"),
    ("frontend_port", "frontendPorts"),
    ("http_listener", "httpListeners"),
    ("ip_configuration", "ipConfigurations"),
    ("security_rule", "securityRules"),
    ("subnet", "subnets"),
];

/// How far references are followed.
const DEPTH_MAX: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_an_attribute_is_read_in_both_spellings() {
        for attribute in ["frontend_ip_configuration[1].id", "frontend_ip_configuration.1.id"] {
            let Steps::Within { block, position, rest } = Steps::of(attribute) else { panic!("{attribute}") };
            assert_eq!((block, position, rest), ("frontend_ip_configuration", 1, "id"));
        }
        assert!(matches!(Steps::of("location"), Steps::Own("location")));
    }
}
