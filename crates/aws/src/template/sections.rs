//! What stands in a template beside what it should: sections that there are not, attributes of resources that there are
//! not, keys that are given twice. CloudFormation refuses them or takes one of them; nobody here passes them over.

use cloud::Quoted;
use cloud::json::{Node, Tree};
use model::Effect;

use super::stack::{Stack, kind_of};
use super::text::section;
use super::twin;

/// Tells of them, once for each template.
pub(super) fn tell<'a>(stack: &Stack<'_, 'a>) {
    let root = &stack.source.root;
    for key in root.keys().filter(|key| !SECTIONS.contains(key)) {
        let message = format!("{} is no section of a template: what it says is not read", Quoted(key));
        stack.tell(root.at, "unknown-section", Effect::Skipped, message);
    }
    twice(stack, root, DEPTH);
    for (name, body) in section(root, "Resources").into_iter().flat_map(Node::entries) {
        let Tree::Object(body) = body else { continue };
        let kind = kind_of(body);
        let is_read = twin::of(kind).is_some() || twin::is_stack(kind);
        for key in body.keys().filter(|key| is_read && !ATTRIBUTES.contains(key) && !key.starts_with("Fn::"))
        {
            let message = format!(
                "{name}: there is no attribute {} of resources: what it says is not read",
                Quoted(key)
            );
            stack.tell(body.at, "unknown-property", Effect::Undecided, message);
        }
    }
}

/// Keys that are given twice with different values, down to the properties of resources: what is evaluated tells its own.
fn twice<'a>(stack: &Stack<'_, 'a>, node: &Node<'a>, depth: usize) {
    for (key, value) in stack.each(node) {
        if let (Tree::Object(inner), true) = (value, depth > 0 && key != "Metadata") {
            twice(stack, inner, depth - 1);
        }
    }
}

/// The template, a section, an entry of it, what stands in that.
const DEPTH: usize = 3;

const SECTIONS: [&str; 12] = [
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Globals",
    "Hooks",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
];

/// What resources have beside their properties; the last four are of SAM or say nothing.
const ATTRIBUTES: [&str; 13] = [
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "Properties",
    "Type",
    "UpdatePolicy",
    "UpdateReplacePolicy",
    "Connectors",
    "IgnoreGlobals",
    "Description",
    "Comment",
];
