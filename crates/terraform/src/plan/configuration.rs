//! The configuration that a plan carries with it: which expression each argument has, which modules are called with what,
//! and what providers are told.
//!
//! Values of locals are not in it, and neither are `dynamic` blocks.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::json::{Cause, Node, Tree};

use crate::address::{Step, modules, steps};
use crate::member::{as_object, object, objects, text};

use super::unknown::references;

/// The configuration of a plan.
pub(super) struct Written<'p, 'a> {
    root: Option<&'p Node<'a>>,
    providers: Option<&'p Node<'a>>,
    variables: Option<&'p Node<'a>>,
    /// Resources by their modules, mode, type and name.
    resources: BTreeMap<String, &'p Node<'a>>,
    /// Configurations of providers that were made, by the key of the provider and the modules.
    made: RefCell<BTreeMap<String, Arc<Node<'a>>>>,
    nothing: Arc<Node<'a>>,
}

/// Where a resource is declared: its modules, and its entry in the configuration.
pub(super) struct Home<'p, 'a> {
    pub(super) modules: Vec<Step<'p>>,
    /// Its own key, with brackets; empty where it has none.
    pub(super) key: &'p str,
    pub(super) kind: &'p str,
    pub(super) is_looked_up: bool,
    pub(super) resource: Option<&'p Node<'a>>,
}

impl<'p, 'a> Home<'p, 'a> {
    /// The expressions of its arguments.
    pub(super) fn expressions(&self) -> Option<&'p Node<'a>> {
        object(self.resource?, "expressions")
    }

    /// What its `for_each` refers to.
    pub(super) fn for_each(&self) -> Vec<&'p str> {
        self.resource
            .and_then(|resource| resource.own("for_each_expression"))
            .map(references)
            .unwrap_or_default()
    }
}

impl<'p, 'a> Written<'p, 'a> {
    pub(super) fn of(plan: &'p Node<'a>) -> Self {
        let configuration = object(plan, "configuration");
        let root = configuration.and_then(|configuration| object(configuration, "root_module"));
        let mut resources = BTreeMap::new();
        if let Some(root) = root {
            index(root, "", MODULES_MAX, &mut resources);
        }
        Self {
            root,
            providers: configuration.and_then(|configuration| object(configuration, "provider_config")),
            variables: object(plan, "variables"),
            resources,
            made: RefCell::new(BTreeMap::new()),
            nothing: Arc::default(),
        }
    }

    /// Where a resource of an address is declared.
    pub(super) fn home(&self, node: &'p Node<'a>, address: &'p str) -> Home<'p, 'a> {
        let modules = modules(address);
        let all = steps(address);
        let own = all.get(modules.len() * 2..).unwrap_or_default();
        let (is_looked_up, own) = match own {
            [Step { name: "data", .. }, rest @ ..] if rest.len() > 1 => (true, rest),
            own => (false, own),
        };
        let kind = text(node, "type").or(own.first().map(|step| step.name)).unwrap_or_default();
        let last = own.get(1).copied().unwrap_or(Step { name: "", key: "" });
        let place = place(&modules, is_looked_up, kind, last.name);
        let resource = self.resources.get(&place).copied();
        Home { modules, key: last.key, kind, is_looked_up, resource }
    }

    /// The configuration of a module, by its modules.
    pub(super) fn module(&self, modules: &[Step<'_>]) -> Option<&'p Node<'a>> {
        modules.iter().try_fold(self.root?, |module, step| object(call_of(module, step.name)?, "module"))
    }

    /// How the last of these modules is called.
    pub(super) fn call(&self, modules: &[Step<'_>]) -> Option<&'p Node<'a>> {
        let (last, above) = modules.split_last()?;
        call_of(self.module(above)?, last.name)
    }

    /// What the provider of a resource is told.
    pub(super) fn provider(&self, home: &Home<'p, 'a>) -> Arc<Node<'a>> {
        let key = home.resource.and_then(|resource| text(resource, "provider_config_key"));
        let Some((providers, key)) = self.providers.zip(key) else { return Arc::clone(&self.nothing) };
        if let Some(known) = self.made.borrow().get(key) {
            return Arc::clone(known);
        }
        // Of a module, it may be the one that is handed to it: that of the name in the root.
        let handed = key.rsplit(':').next().unwrap_or(key);
        let provider = [key, handed].into_iter().find_map(|key| object(providers, key));
        let made = Arc::new(provider.map(|provider| self.told(provider)).unwrap_or_default());
        self.made.borrow_mut().insert(key.to_owned(), Arc::clone(&made));
        made
    }

    fn told(&self, provider: &'p Node<'a>) -> Node<'a> {
        let Some(expressions) = object(provider, "expressions") else { return Node::default() };
        let modules = text(provider, "module_address").map(modules).unwrap_or_default();
        let told = expressions.entries().iter();
        let told =
            told.map(|(key, expression)| (key.clone(), self.value_of(expression, &modules, MODULES_MAX)));
        Node::new(told.collect(), expressions.at)
    }

    /// The value of an expression, where it is a constant or a variable that has one.
    fn value_of(&self, expression: &'p Tree<'a>, modules: &[Step<'p>], depth: usize) -> Tree<'a> {
        if let Some(constant) = as_object(expression).and_then(|node| node.own("constant_value")) {
            return constant.clone();
        }
        if let [reference] = references(expression).as_slice()
            && let [Step { name: "var", .. }, Step { name, key: "" }] = steps(reference).as_slice()
            && depth > 0
        {
            let above = modules.split_last().map(|(_, above)| above);
            let value = match above {
                None => self
                    .variables
                    .and_then(|variables| object(variables, name))
                    .and_then(|one| one.own("value"))
                    .cloned(),
                Some(above) => self
                    .call(modules)
                    .and_then(|call| object(call, "expressions")?.own(name))
                    .map(|expression| self.value_of(expression, above, depth - 1)),
            };
            return value.unwrap_or_else(|| Tree::unknown(Cause::Unset, (*reference).to_owned()));
        }
        Tree::unknown(Cause::Existing, references(expression).join(", "))
    }
}

fn call_of<'p, 'a>(module: &'p Node<'a>, name: &str) -> Option<&'p Node<'a>> {
    object(object(module, "module_calls")?, name)
}

/// Indexes the resources of a module and of those it calls.
fn index<'p, 'a>(
    module: &'p Node<'a>,
    path: &str,
    depth: usize,
    resources: &mut BTreeMap<String, &'p Node<'a>>,
) {
    for resource in objects(module, "resources") {
        let is_looked_up = text(resource, "mode") == Some("data");
        let (kind, name) =
            (text(resource, "type").unwrap_or_default(), text(resource, "name").unwrap_or_default());
        resources.insert(format!("{path}|{is_looked_up}|{kind}|{name}"), resource);
    }
    let calls = object(module, "module_calls").map(Node::entries).unwrap_or_default();
    for (name, call) in calls.iter().filter(|_| depth > 0) {
        if let Some(inner) = as_object(call).and_then(|call| object(call, "module")) {
            index(inner, &format!("{path}.{name}"), depth - 1, resources);
        }
    }
}

fn place(modules: &[Step<'_>], is_looked_up: bool, kind: &str, name: &str) -> String {
    let path: String = modules.iter().map(|module| format!(".{}", module.name)).collect();
    format!("{path}|{is_looked_up}|{kind}|{name}")
}

/// How deep modules are followed.
pub(super) const MODULES_MAX: usize = 64;
