//! A template with the values of its parameters: what its names refer to.
//!
//! A template that another one nests is a stack of its own. Knows no type of resource but stacks.

use core::cell::RefCell;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use cloud::Quoted;
use cloud::json::{Cause, Node, Reference, Tree, Unknown};
use model::Effect;

use super::condition::Settling;
use super::evaluate::{because, wrong};
use super::functions::arguments;
use super::parameter_file::Given;
use super::run::{Run, Source};
use super::text::{self, exact, section};
use super::twin;
use super::{for_each, parameter, pseudo};

/// A template that is evaluated.
#[derive(Debug)]
pub(super) struct Stack<'s, 'a> {
    pub(super) run: &'s Run<'a>,
    pub(super) source: &'s Source<'a>,
    /// What tells its resources from those of other templates of the run; empty where there is only one.
    label: String,
    /// The stacks that nest it, as they stand before the names of its resources.
    pub(super) prefix: String,
    /// The template, its loops expanded.
    pub(super) root: Node<'a>,
    given: Given<'a>,
    pub(super) conditions: RefCell<BTreeMap<String, Settling>>,
    children: RefCell<BTreeMap<String, Option<Rc<Stack<'s, 'a>>>>>,
    /// How many stacks this one is nested in.
    level: usize,
}

impl<'s, 'a> Stack<'s, 'a> {
    /// The stack of a template that no other nests.
    pub(super) fn outermost(run: &'s Run<'a>, source: &'s Source<'a>, label: &str) -> Self {
        let label = if label.is_empty() { String::new() } else { format!("{label}/") };
        Self::new(run, source, [label, String::new()], source.given.clone(), 0)
    }

    fn new(
        run: &'s Run<'a>,
        source: &'s Source<'a>,
        [label, prefix]: [String; 2],
        given: Given<'a>,
        level: usize,
    ) -> Self {
        let mut stack = Self {
            run,
            source,
            label,
            prefix,
            root: source.root.clone(),
            given,
            conditions: RefCell::default(),
            children: RefCell::default(),
            level,
        };
        if source.document.text.contains(for_each::KEY) {
            stack.root = for_each::expanded(&stack, &source.root);
            stack.conditions = RefCell::default();
            stack.children = RefCell::default();
        }
        stack.bound();
        stack
    }

    /// Cuts sections off where they have more entries than anything that can be deployed, and tells it.
    fn bound(&mut self) {
        let is_long =
            |value: &Tree<'_>| matches!(value, Tree::Object(node) if node.entries().len() > ENTRIES_MAX);
        if !self.root.entries().iter().any(|(_, value)| is_long(value)) {
            return;
        }
        let root = core::mem::take(&mut self.root);
        let at = root.at;
        let mut entries = root.into_entries();
        for (key, value) in &mut entries {
            if let Tree::Object(section) = value.clone()
                && is_long(value)
            {
                let at = section.at;
                let kept = section.into_entries().into_iter().take(ENTRIES_MAX).collect();
                *value = Tree::Object(Node::new(kept, at));
                let message = format!(
                    "{} has more than {ENTRIES_MAX} entries: those behind them are not read",
                    Quoted(key)
                );
                self.tell(at, "too-large", Effect::Skipped, message);
            }
        }
        self.root = Node::new(entries, at);
    }

    /// Tells of something in the template.
    pub(super) fn tell(&self, at: Option<&'a str>, code: &'static str, effect: Effect, message: String) {
        self.run.tell(self.source, at, code, effect, message);
    }

    pub(super) fn tell_twice(&self, node: &Node<'a>, key: &str, differs: bool) {
        if differs {
            let message = format!("the key {} is given twice: the later value is taken", Quoted(key));
            self.tell(node.at, "duplicate-key", Effect::Undecided, message);
        }
    }

    /// What a name refers to: a parameter or a resource. `None`: `AWS::NoValue`.
    pub(super) fn reference(&self, argument: &Tree<'a>) -> Option<Tree<'a>> {
        let name = match self.text(argument) {
            Ok(name) => name,
            Err(other) => return Some(because(&other, "!Ref")),
        };
        if name == "AWS::NoValue" {
            return None;
        }
        Some(match pseudo::value(&name) {
            Some(value) => value,
            None => self.parameter(&name).unwrap_or_else(|| self.resource_attribute(&name, "Ref")),
        })
    }

    /// The value of a parameter; `None` where there is none of this name.
    pub(super) fn parameter(&self, name: &str) -> Option<Tree<'a>> {
        let definition = exact(section(&self.root, "Parameters")?, name)?;
        Some(parameter::value(name, definition, self.given.get(name)))
    }

    /// An attribute of a resource: `A.b.c`, or a list of the name and the attribute.
    pub(super) fn attribute(&self, argument: &Tree<'a>) -> Option<Tree<'a>> {
        let (name, attribute) = match argument {
            Tree::Text(text) => match text.split_once('.') {
                Some((name, attribute)) => (Cow::Borrowed(name), Cow::Borrowed(attribute)),
                None => return Some(wrong("a resource and an attribute")),
            },
            Tree::List(_) => match arguments(argument) {
                [name, attribute] => match (self.text(name), self.text(attribute)) {
                    (Ok(name), Ok(attribute)) => (name, attribute),
                    (Err(other), _) | (_, Err(other)) => return Some(because(&other, "!GetAtt")),
                },
                _ => return Some(wrong("a resource and an attribute")),
            },
            Tree::Null | Tree::Flag(_) | Tree::Object(_) | Tree::Unknown(_) => {
                return Some(wrong("a resource and an attribute"));
            }
        };
        Some(self.resource_attribute(&name, &attribute))
    }

    fn resource_attribute(&self, name: &str, attribute: &str) -> Tree<'a> {
        let Some(body) = self.resource(name) else {
            return Tree::unknown(Cause::Wrong, format!("!Ref {name}"));
        };
        if self.condition_of(body) == Some(false) {
            return Tree::unknown(Cause::Wrong, format!("!Ref {name}"));
        }
        let kind = kind_of(body);
        if twin::is_stack(kind)
            && let Some(output) = attribute.strip_prefix("Outputs.")
        {
            return match self.child(name) {
                Some(child) => child.output(output),
                None => Tree::unknown(Cause::Existing, format!("!GetAtt {name}.{attribute}")),
            };
        }
        if let Some(property) = twin::stated(kind, attribute)
            && let Some(properties) = section(body, "Properties")
            && let Some(value) = exact(properties, property).and_then(|value| self.value(value))
        {
            return value;
        }
        let text =
            if attribute == "Ref" { format!("!Ref {name}") } else { format!("!GetAtt {name}.{attribute}") };
        let refers = Reference { address: self.address(name), attribute: twin::attribute(kind, attribute) };
        Tree::Unknown(Box::new(Unknown { cause: Cause::Computed, text: text.into(), refers: Some(refers) }))
    }

    /// Where a resource is declared, told apart from those of all other stacks.
    pub(super) fn address(&self, name: &str) -> String {
        format!("{}{}{name}", self.label, self.prefix)
    }

    /// The body of a resource.
    pub(super) fn resource(&self, name: &str) -> Option<&Node<'a>> {
        section(section(&self.root, "Resources")?, name)
    }

    /// Whether a resource is made; `None`: not known.
    pub(super) fn condition_of(&self, body: &Node<'a>) -> Option<bool> {
        match exact(body, "Condition") {
            Some(name) => self.holds(name),
            None => Some(true),
        }
    }

    /// The value of an output.
    pub(super) fn output(&self, name: &str) -> Tree<'a> {
        let output = section(&self.root, "Outputs").and_then(|outputs| section(outputs, name));
        let Some(output) = output else { return Tree::unknown(Cause::Wrong, format!("Outputs.{name}")) };
        if self.condition_of(output) == Some(false) {
            return Tree::unknown(Cause::Wrong, format!("Outputs.{name}"));
        }
        let value = exact(output, "Value").and_then(|value| self.value(value));
        value.unwrap_or_else(|| Tree::unknown(Cause::Wrong, format!("Outputs.{name}")))
    }

    /// What a map has under a name and two keys.
    pub(super) fn mapped(&self, keys: &[Cow<'_, str>]) -> Option<Tree<'a>> {
        let [map, first, second] = keys else { return None };
        let maps = section(&self.root, "Mappings")?;
        let is_included = |node: &Node<'_>| node.keys().any(super::evaluate::is_function);
        let made = || Some(Tree::unknown(Cause::Unsupported, "Fn::Transform"));
        let Some(map) = section(maps, map) else { return if is_included(maps) { made() } else { None } };
        let Some(entry) = section(map, first) else { return if is_included(map) { made() } else { None } };
        match exact(entry, second) {
            // Only texts and lists of texts stand in a map.
            Some(value) => self.value(value),
            None if is_included(entry) => made(),
            None => None,
        }
    }

    /// The stack that a resource nests; `None` where its template is not in the input, which is told.
    pub(super) fn child(&self, name: &str) -> Option<Rc<Stack<'s, 'a>>> {
        if let Some(known) = self.children.borrow().get(name) {
            return known.clone();
        }
        // What asks for itself while it is made has no value.
        self.children.borrow_mut().insert(name.to_owned(), None);
        let child = self.resource(name).and_then(|body| self.nested(name, body)).map(Rc::new);
        self.children.borrow_mut().insert(name.to_owned(), child.clone());
        child
    }

    fn nested(&self, name: &str, body: &Node<'a>) -> Option<Stack<'s, 'a>> {
        let properties = section(body, "Properties");
        let path = template_of(body).map(|written| self.text(written));
        let found = match &path {
            Some(Ok(path)) => self.run.find(self.source.document.path, path),
            Some(Err(_)) | None => None,
        };
        let source = found.and_then(|found| self.run.sources.get(found));
        // Templates that nest each other over and over are as much as all that they say.
        let fits = |source: &Source<'_>| self.level < LEVELS_MAX && self.run.charge(text::size(&source.root));
        if source.is_some_and(|source| !fits(source)) {
            let message =
                format!("{}{name}: stacks are nested too deep or too often to be read", self.prefix);
            self.tell(body.at, "too-large", Effect::Skipped, message);
            return None;
        }
        let Some(source) = source else {
            let path = path.and_then(Result::ok).unwrap_or(Cow::Borrowed("a place that is not known"));
            let message = format!(
                "{}{name}: its template {} is not in the input: what it declares is not read",
                self.prefix,
                Quoted(&path)
            );
            self.tell(body.at, "missing-template", Effect::Skipped, message);
            return None;
        };
        let given = self.passed(properties.and_then(|own| exact(own, "Parameters")), source);
        let prefix = format!("{}{name}.", self.prefix);
        Some(Stack::new(self.run, source, [self.label.clone(), prefix], given, self.level + 1))
    }

    /// The values that a stack passes to the one that it nests.
    fn passed(&self, written: Option<&Tree<'a>>, source: &Source<'a>) -> Given<'a> {
        let mut given = Given::new();
        match written {
            None | Some(Tree::Null) => {}
            Some(Tree::Object(node)) if !node.keys().any(super::evaluate::is_function) => {
                for (key, value) in node.entries() {
                    let value = joined(value).map_or_else(|| self.value(value), |list| self.value(list));
                    if let Some(value) = value {
                        given.insert(key.clone().into_owned(), value);
                    }
                }
            }
            // Which parameters it gives is not known.
            Some(_) => {
                let names = section(&source.root, "Parameters").into_iter().flat_map(Node::keys);
                given.extend(names.map(|name| (name.to_owned(), Tree::unknown(Cause::Unset, "Parameters"))));
            }
        }
        given
    }
}

/// Where the template of a stack is: a file beside it that tools upload, by what they note of it, or what is written.
pub(super) fn template_of<'n, 'a>(body: &'n Node<'a>) -> Option<&'n Tree<'a>> {
    let noted = section(body, "Metadata").and_then(|noted| exact(noted, "aws:asset:path"));
    let properties = section(body, "Properties");
    let written = || ["TemplateURL", "Location"].into_iter().find_map(|key| exact(properties?, key));
    noted.or_else(written)
}

/// The list that is joined to be passed to a parameter which is a list: its items keep what they refer to.
fn joined<'t, 'a>(value: &'t Tree<'a>) -> Option<&'t Tree<'a>> {
    let Tree::Object(node) = value else { return None };
    let [(key, argument)] = node.entries() else { return None };
    match (&**key, arguments(argument)) {
        ("Fn::Join", [Tree::Text(delimiter), list]) if delimiter == "," => Some(list),
        _ => None,
    }
}

/// The type of a resource.
pub(super) fn kind_of<'n>(body: &'n Node<'_>) -> &'n str {
    match exact(body, "Type") {
        Some(Tree::Text(kind)) => kind,
        Some(_) | None => "",
    }
}

/// CloudFormation takes 500 resources.
const ENTRIES_MAX: usize = 10_000;
/// How deep stacks may be nested.
const LEVELS_MAX: usize = 8;
