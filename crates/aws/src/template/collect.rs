//! What a stack and those that it nests declare.

use cloud::json::{Cause, Node, Tree};
use cloud::{Bearing, Declared, Presence, Quoted};
use model::Effect;

use crate::wire::{Beside, bearing_of_type};

use super::properties;
use super::stack::{Stack, kind_of};
use super::text::{exact, section};
use super::twin::{self, Resource};

/// What templates declare.
#[derive(Debug, Default)]
pub(super) struct Collected<'a> {
    pub(super) declared: Vec<Declared<'a>>,
    /// What is not assessed.
    pub(super) beside: Vec<Beside<'a>>,
}

impl<'a> Collected<'a> {
    /// Adds the resources of a stack.
    pub(super) fn add(&mut self, stack: &Stack<'_, 'a>, presence: Presence) {
        super::sections::tell(stack);
        tell_macros(stack);
        let resources = match exact(&stack.root, "Resources") {
            None | Some(Tree::Null) => return,
            Some(Tree::Object(resources)) => resources,
            Some(_) => {
                let message = "`Resources` is no object: it is not read".to_owned();
                stack.tell(stack.root.at, "unexpected-type", Effect::Skipped, message);
                return;
            }
        };
        for (name, body) in stack.each(resources) {
            if super::evaluate::is_function(name) {
                let message = format!(
                    "{}: what it makes is not known: resources that it declares are not read",
                    Quoted(name)
                );
                stack.tell(resources.at, "unresolved-expression", Effect::Skipped, message);
            } else if let Tree::Object(body) = body {
                self.add_resource(stack, name, body, presence);
            } else {
                let message = format!("{} is no object: it is not read", Quoted(name));
                stack.tell(resources.at, "unexpected-type", Effect::Skipped, message);
            }
        }
    }

    fn add_resource(&mut self, stack: &Stack<'_, 'a>, name: &str, body: &Node<'a>, presence: Presence) {
        let presence = match stack.condition_of(body) {
            Some(false) => return,
            Some(true) => presence,
            None => Presence::Perhaps,
        };
        let kind = kind_of(body);
        if twin::is_stack(kind) {
            if let Some(child) = stack.child(name) {
                self.add(&child, presence);
            }
            return;
        }
        let id = format!("{}{name}", stack.prefix);
        if kind.ends_with("::MODULE") {
            let message = format!(
                "{id}: the module {} is not in the input: what it declares is not read",
                Quoted(kind)
            );
            stack.tell(body.at, "missing-module", Effect::Skipped, message);
            return;
        }
        tell_unread(stack, &id, kind, body);
        let Some(twin) = twin::of(kind) else {
            self.add_beside(stack, kind, body);
            return;
        };
        let Some(properties) = self.properties(stack, &id, body) else { return };
        let resource = Resource { id: stack.address(name), name: id, properties, at: body.at, presence };
        self.declared.extend(twin.declared(&resource));
    }

    /// The properties of a resource; `None` where none of them is known, which is told.
    fn properties(&self, stack: &Stack<'_, 'a>, id: &str, body: &Node<'a>) -> Option<Node<'a>> {
        match exact(body, "Properties") {
            None | Some(Tree::Null) => Some(Node::default()),
            Some(written) => match stack.value(written) {
                Some(Tree::Object(properties)) => {
                    properties::tell_unknown(stack, id, kind_of(body), &properties);
                    Some(resolved_node(properties))
                }
                Some(other) => {
                    let message = format!("{id}: its properties are {}: it is not read", other.json());
                    stack.tell(body.at, "unresolved-expression", Effect::Skipped, message);
                    None
                }
                None => Some(Node::default()),
            },
        }
    }

    fn add_beside(&mut self, stack: &Stack<'_, 'a>, kind: &str, body: &Node<'a>) {
        let properties = section(body, "Properties").map(|own| stack.entries(own)).unwrap_or_default();
        let (name, bearing) = bearing_of(kind, properties);
        if bearing != Bearing::Nothing {
            self.beside.push(Beside { name, bearing, at: body.at });
        }
    }
}

/// Tells of a resource whose type nobody can know, that declares more than itself, or that something rewrites.
fn tell_unread<'a>(stack: &Stack<'_, 'a>, id: &str, kind: &str, body: &Node<'a>) {
    let tell = |code, message| stack.tell(body.at, code, Effect::Skipped, message);
    if let Some(function) = body.keys().find(|key| super::evaluate::is_function(key)) {
        let function = Quoted(function);
        tell(
            "unresolved-expression",
            format!("{id}: what {function} makes of it is not known: it is not read"),
        );
    } else if kind.is_empty() {
        tell("unexpected-type", format!("{id}: it has no `Type`: it is not read"));
    } else if STACKS_ELSEWHERE.contains(&kind) {
        let kind = Quoted(kind);
        tell("missing-template", format!("{id}: what the stacks of {kind} declare is not read"));
    }
}

/// Texts that are looked up elsewhere when the stack is deployed are not known.
fn resolved<'a>(value: Tree<'a>) -> Tree<'a> {
    match value {
        Tree::Text(text) if text.contains("{{resolve:") => Tree::unknown(Cause::Existing, text),
        Tree::List(items) => Tree::List(items.into_iter().map(resolved).collect()),
        Tree::Object(node) => Tree::Object(resolved_node(node)),
        other => other,
    }
}

fn resolved_node<'a>(node: Node<'a>) -> Node<'a> {
    let at = node.at;
    Node::new(node.into_entries().into_iter().map(|(key, value)| (key, resolved(value))).collect(), at)
}

/// What a type that has no twin has to do with the question.
fn bearing_of(kind: &str, properties: Node<'_>) -> (&'static str, Bearing) {
    // What others registered may make anything.
    if !kind.is_empty() && (!kind.starts_with("AWS::") || kind == "AWS::CloudFormation::CustomResource") {
        return ("custom-resource", Bearing::Counts);
    }
    if kind == "AWS::Serverless::Function" {
        let text = spelled(&Tree::Object(properties));
        let opens = ["functionurlconfig", "api", "httpapi"].iter().any(|word| text.contains(word));
        return ("serverless-function", if opens { Bearing::Opens } else { Bearing::Nothing });
    }
    if let Some((_, name)) = MAKES_MACHINES.iter().find(|(own, _)| own.eq_ignore_ascii_case(kind)) {
        return (name, Bearing::Opens);
    }
    let stands = [kind, "AWS::EC2::", "AWS::ElasticLoadBalancing"];
    match bearing_of_type(kind, &Tree::Object(properties)) {
        Some(told) => told,
        // Of the network every type is at least counted.
        None if stands.iter().skip(1).any(|start| kind.starts_with(start)) && !NOTHING.contains(&kind) => {
            ("other", Bearing::Counts)
        }
        None => ("", Bearing::Nothing),
    }
}

/// The keys of an object and the types of the events in it.
fn spelled(tree: &Tree<'_>) -> String {
    match tree {
        Tree::Object(node) => {
            let each = node.entries().iter();
            each.map(|(key, value)| format!(" {} {}", key.to_ascii_lowercase(), spelled(value))).collect()
        }
        Tree::Text(text) if ["Api", "HttpApi"].contains(&&**text) => text.to_ascii_lowercase(),
        Tree::List(items) => items.iter().map(spelled).collect(),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => String::new(),
    }
}

/// Macros rewrite a template before it is deployed.
fn tell_macros(stack: &Stack<'_, '_>) {
    let names = match exact(&stack.root, "Transform") {
        None | Some(Tree::Null) => return,
        Some(Tree::List(items)) => items.as_slice(),
        Some(alone) => core::slice::from_ref(alone),
    };
    for name in names {
        let name = match name {
            Tree::Text(name) => &**name,
            Tree::Object(node) => match exact(node, "Name") {
                Some(Tree::Text(name)) => &**name,
                Some(_) | None => "",
            },
            Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Unknown(_) => "",
        };
        if !MACROS.iter().any(|known| name.starts_with(known)) {
            let message =
                format!("the macro {} rewrites the template: what it adds is not read", Quoted(name));
            stack.tell(stack.root.at, "unsupported-macro", Effect::Skipped, message);
        }
    }
}

/// Macros that add nothing of the network, and the one that is evaluated here.
const MACROS: [&str; 5] = [
    "AWS::CodeDeployBlueGreen",
    "AWS::LanguageExtensions",
    "AWS::SecretsManager-",
    "AWS::Serverless-",
    "AWS::ServiceCatalog",
];
/// Types that make machines when they are deployed; exports list the machines themselves.
const MAKES_MACHINES: [(&str, &str); 7] = [
    ("AWS::Batch::ComputeEnvironment", "batch-compute-environment"),
    ("AWS::Cloud9::EnvironmentEC2", "cloud9-environment"),
    ("AWS::EC2::EC2Fleet", "ec2-fleet"),
    ("AWS::EC2::SpotFleet", "ec2-fleet"),
    ("AWS::EKS::Nodegroup", "eks-node-group"),
    ("AWS::EMR::Cluster", "emr-cluster"),
    ("AWS::OpsWorks::Instance", "opsworks-instance"),
];
/// Types that deploy templates to other places, from what is written in them or lies elsewhere.
const STACKS_ELSEWHERE: [&str; 3] = [
    "AWS::CloudFormation::StackSet",
    "AWS::ServiceCatalog::CloudFormationProduct",
    "AWS::ServiceCatalog::CloudFormationProvisionedProduct",
];
/// Types of the network that lead nobody anywhere.
const NOTHING: [&str; 12] = [
    "AWS::EC2::CapacityReservation",
    "AWS::EC2::DHCPOptions",
    "AWS::EC2::FlowLog",
    "AWS::EC2::Host",
    "AWS::EC2::IPAM",
    "AWS::EC2::IPAMPool",
    "AWS::EC2::KeyPair",
    "AWS::EC2::NetworkInterfacePermission",
    "AWS::EC2::PlacementGroup",
    "AWS::EC2::Volume",
    "AWS::EC2::VolumeAttachment",
    "AWS::EC2::VPCDHCPOptionsAssociation",
];
