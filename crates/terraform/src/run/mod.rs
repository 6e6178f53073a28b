//! Evaluating one configuration: what is asked for first is evaluated first, and everything once.
//!
//! An instance is a module as one call of it sees it. Knows no type of resource.

mod block;
mod call;
mod outcome;
mod provider;
mod resource;
mod rounds;
mod scope;
mod variable;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use cloud::json::{Cause, Node};
use cloud::{Declared, Desk, LookupMap, Presence};
use model::{DocumentId, Effect, Gap};

use crate::expression::{Budget, Found};
use crate::library::Library;
use crate::module::Module;
use crate::syntax::Block;
use crate::value::{Type, Value};
use call::Calls;
use resource::Expansion;
use rounds::Names;

pub(crate) use call::is_local;
pub(crate) use outcome::Outcome;

/// The evaluation of a configuration.
pub(crate) struct Run<'m, 'a> {
    library: &'m Library<'a>,
    /// The folder that the configuration begins in.
    folder: &'m str,
    instances: Vec<Instance<'m, 'a>>,
    /// Values of variables of the first instance.
    given: BTreeMap<String, Value<'a>>,
    values: LookupMap<(usize, Item<'m>), Slot<Value<'a>>>,
    types: LookupMap<*const Block<'a>, Option<Rc<Type<'a>>>>,
    resources: LookupMap<(usize, usize), Slot<Rc<Expansion<'a>>>>,
    calls: LookupMap<(usize, &'m str), Slot<Rc<Calls>>>,
    providers: LookupMap<(usize, String), Slot<std::sync::Arc<Node<'a>>>>,
    budget: Budget,
    /// How many resources there are so far.
    declared: usize,
    /// All documents, sorted by where their texts lie in memory.
    documents: &'m [(DocumentId, &'a str)],
    gaps: Vec<Gap>,
    wanted: BTreeSet<String>,
    /// Files that expressions read.
    read: BTreeSet<DocumentId>,
    empty: std::sync::Arc<Node<'a>>,
}

/// A module as one call of it sees it.
struct Instance<'m, 'a> {
    module: &'m Module<'a>,
    /// Its folder as the first module would say it.
    path: String,
    /// `module.a["k"].`; empty for the first.
    prefix: String,
    /// The names of the calls that lead here: `a.b`.
    names: String,
    /// Whose call it is, the call, and what names mean in it.
    call: Option<(usize, &'m Block<'a>, Names<'a>)>,
    presence: Presence,
    depth: usize,
}

/// What has a value in an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Item<'m> {
    Variable(&'m str),
    Local(&'m str),
    Output(&'m str),
}

/// What is remembered of something.
#[derive(Clone, Debug)]
enum Slot<T> {
    /// It is being evaluated: whoever asks now asks in a circle.
    Busy,
    Done(T),
}

impl<'m, 'a> Run<'m, 'a> {
    /// Begins at a folder.
    pub(crate) fn new(
        library: &'m Library<'a>,
        module: &'m Module<'a>,
        documents: &'m [(DocumentId, &'a str)],
    ) -> Self {
        let first = Instance {
            module,
            path: ".".to_owned(),
            prefix: String::new(),
            names: String::new(),
            call: None,
            presence: Presence::Certain,
            depth: 0,
        };
        Self {
            library,
            folder: &module.folder,
            instances: vec![first],
            given: BTreeMap::new(),
            values: LookupMap::default(),
            types: LookupMap::default(),
            resources: LookupMap::default(),
            calls: LookupMap::default(),
            providers: LookupMap::default(),
            budget: Budget::new(STEPS_MAX),
            declared: 0,
            documents,
            gaps: Vec::new(),
            wanted: BTreeSet::new(),
            read: BTreeSet::new(),
            empty: std::sync::Arc::new(Node::default()),
        }
    }

    /// Everything that it declares.
    pub(crate) fn finish(mut self, values: &[&'m crate::library::Values<'a>]) -> Outcome<'a> {
        self.give(values);
        let mut declared = Vec::new();
        let mut instance = 0;
        // Calls add instances behind those that are there.
        while instance < self.instances.len() {
            self.declare(instance, &mut declared);
            self.call_all(instance);
            instance += 1;
        }
        declared.sort_by(|one: &Declared<'a>, other| one.address.cmp(&other.address));
        self.outcome(values, declared)
    }

    fn module(&self, instance: usize) -> Option<&'m Module<'a>> {
        self.instances.get(instance).map(|instance| instance.module)
    }

    /// What comes of a name that is not declared.
    fn undeclared(&mut self, module: &Module<'a>, words: String, used: usize) -> Found<'a> {
        if module.is_named {
            let folder = if module.folder.is_empty() { "." } else { &module.folder };
            self.wanted.insert(folder.to_owned());
        }
        // It may stand where a file could not be read.
        if module.is_broken {
            return Found::This { value: Value::unknown(Cause::Wrong, words), used };
        }
        Found::Wrong(format!("`{words}` is not declared"))
    }

    fn prefix(&self, instance: usize) -> &str {
        self.instances.get(instance).map_or("", |instance| &instance.prefix)
    }

    /// Tells something once.
    fn tell(&mut self, at: &'a str, code: &'static str, effect: Effect, message: String) {
        let place = Desk::beside(self.documents, &mut self.gaps).map(|desk| desk.place(Some(at)));
        let Some(place) = place else { return };
        let gap = Gap::at(place, code, effect, message);
        if !self.gaps.contains(&gap) {
            self.gaps.push(gap);
        }
    }

    /// What is in a circle: it is told, and its value is not known.
    fn circle(&mut self, what: &str, at: &'a str) -> Value<'a> {
        let message = format!("{} needs its own value, expected an order of values", cloud::Quoted(what));
        self.tell(at, "cyclic-reference", Effect::Undecided, message);
        Value::unknown(Cause::Wrong, format!("{what}: needs its own value"))
    }
}

/// Steps of evaluation, more than any configuration takes that people write.
const STEPS_MAX: usize = 20_000_000;
/// Resources of a configuration.
const DECLARED_MAX: usize = 100_000;
