//! Load balancers: schemes, actions, what is registered.

use std::borrow::Cow;

use cloud::Declared;
use cloud::json::{Node, Tree};

use crate::template::twin::{Resource, declare, snake};

use super::{beside, items_of, refers, set, whole, without};

/// A load balancer: whether it is internal is a word.
pub(in crate::template) fn balancer<'a>(resource: &Resource<'a>, arguments: Node<'a>) -> Vec<Declared<'a>> {
    let mut made = without(arguments, &["scheme", "load_balancer_attributes"]);
    scheme(&mut made, &resource.properties);
    whole(resource, made)
}

fn scheme<'a>(made: &mut Node<'a>, properties: &Node<'a>) {
    let is_internal = match properties.own("Scheme") {
        None | Some(Tree::Null) => return,
        Some(Tree::Text(word)) => Tree::Flag(word.trim().eq_ignore_ascii_case("internal")),
        Some(other) => other.clone(),
    };
    set(made, "internal", is_internal);
}

/// A listener, with what it does when no rule of its takes a request.
pub(in crate::template) fn listener<'a>(
    resource: &Resource<'a>,
    mut arguments: Node<'a>,
) -> Vec<Declared<'a>> {
    set(&mut arguments, "default_action", actions(resource.properties.own("DefaultActions")));
    whole(resource, arguments)
}

/// A rule of a listener.
pub(in crate::template) fn listener_rule<'a>(
    resource: &Resource<'a>,
    mut arguments: Node<'a>,
) -> Vec<Declared<'a>> {
    set(&mut arguments, "action", actions(resource.properties.own("Actions")));
    let conditions = items_of(resource.properties.own("Conditions")).iter().map(condition).collect();
    set(&mut arguments, "condition", Tree::List(conditions));
    whole(resource, arguments)
}

fn actions<'a>(written: Option<&Tree<'a>>) -> Tree<'a> {
    let one = |item: &Tree<'a>| {
        let Tree::Object(action) = item else { return item.clone() };
        let mut made = Node::new(Vec::new(), action.at);
        for (key, value) in action.entries() {
            match (&**key, value) {
                ("ForwardConfig", Tree::Object(forward)) => {
                    let groups = items_of(forward.own("TargetGroups")).iter().map(weighted).collect();
                    let forward = Node::new(vec![("target_group".into(), Tree::List(groups))], forward.at);
                    made.push("forward".into(), Tree::List(vec![Tree::Object(forward)]));
                }
                ("ForwardConfig", other) => made.push("forward".into(), Tree::List(vec![other.clone()])),
                // Where a request is sent to ends here, whatever the answer is.
                (name, _) if name.ends_with("Config") => {
                    made.push(snake(name.trim_end_matches("Config")), Tree::List(Vec::new()));
                }
                (name, value) => made.push(snake(name), value.clone()),
            }
        }
        Tree::Object(made)
    };
    Tree::List(items_of(written).iter().map(one).collect())
}

fn weighted<'a>(group: &Tree<'a>) -> Tree<'a> {
    let Tree::Object(group) = group else { return group.clone() };
    let mut made = Node::new(Vec::new(), group.at);
    for (key, property) in [("arn", "TargetGroupArn"), ("weight", "Weight")] {
        if let Some(value) = group.own(property) {
            made.push(Cow::Borrowed(key), value.clone());
        }
    }
    Tree::Object(made)
}

/// A condition: by a field and its values, or by what the field is configured with.
fn condition<'a>(written: &Tree<'a>) -> Tree<'a> {
    let Tree::Object(condition) = written else { return written.clone() };
    let mut made = Node::new(Vec::new(), condition.at);
    let values = |values: &Tree<'a>| {
        let values = Node::new(vec![("values".into(), values.clone())], condition.at);
        Tree::List(vec![Tree::Object(values)])
    };
    if let (Some(Tree::Text(field)), Some(own)) = (condition.own("Field"), condition.own("Values")) {
        made.push(Cow::Owned(field.replace('-', "_")), values(own));
    }
    for (key, value) in condition.entries() {
        let Some(field) = key.strip_suffix("Config") else { continue };
        let field = snake(field);
        let value = match value {
            Tree::Object(config) => match (config.own("Values"), &*field) {
                (Some(own), "query_string") => Tree::List(items_of(Some(own)).to_vec()),
                (Some(own), _) => values(own),
                (None, _) => Tree::List(vec![Tree::Object(config.clone())]),
            },
            other => Tree::List(vec![other.clone()]),
        };
        made.push(field, value);
    }
    Tree::Object(made)
}

/// A target group; what is registered with it are resources of their own.
pub(in crate::template) fn target_group<'a>(
    resource: &Resource<'a>,
    arguments: Node<'a>,
) -> Vec<Declared<'a>> {
    let mut made = without(arguments, &["targets", "target_group_attributes", "matcher"]);
    for attribute in items_of(resource.properties.own("TargetGroupAttributes")) {
        let Tree::Object(attribute) = attribute else { continue };
        let (Some(Tree::Text(key)), Some(value)) = (attribute.own("Key"), attribute.own("Value")) else {
            continue;
        };
        if key == "preserve_client_ip.enabled" {
            made.push(Cow::Borrowed("preserve_client_ip"), value.clone());
        }
    }
    let mut declared = vec![declare(resource, made)];
    for (position, target) in items_of(resource.properties.own("Targets")).iter().enumerate() {
        let at = if let Tree::Object(target) = target { target.at } else { resource.at };
        let mut registered = Node::new(Vec::new(), at);
        registered.push("target_group_arn".into(), refers(&resource.id, "arn"));
        match target {
            Tree::Object(target) => {
                for (key, property) in
                    [("target_id", "Id"), ("port", "Port"), ("availability_zone", "AvailabilityZone")]
                {
                    if let Some(value) = target.own(property) {
                        registered.push(Cow::Borrowed(key), value.clone());
                    }
                }
            }
            other => registered.push("target_id".into(), other.clone()),
        }
        let suffix = format!(".Targets[{position}]");
        declared.push(beside(resource, &suffix, "aws_lb_target_group_attachment", registered));
    }
    declared
}

/// A classic load balancer.
pub(in crate::template) fn classic<'a>(resource: &Resource<'a>, arguments: Node<'a>) -> Vec<Declared<'a>> {
    let mut made = without(arguments, &["scheme", "policies", "availability_zones"]);
    scheme(&mut made, &resource.properties);
    whole(resource, made)
}
