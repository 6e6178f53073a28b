//! Deployments: from templates with their values to resources as the REST interface would print them.
//!
//! A `Frame` is one deployment of one template; what it declares are its `Instance`s, told apart by the loops around them.
//! Everything is evaluated when somebody asks and once: names first, what a resource is when it is printed or referred to.
//! Knows no function of the language, and of kinds only which are merged into which.

mod children;
mod complete;
mod expand;
mod frame;
mod identity;
mod instance;
mod loops;
mod made;
mod nested;
mod pairing;
mod parts;
mod reference;
mod source;
mod view;

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use cloud::json::{Cause, Node};
use model::Effect;

use super::expression::Place;
use super::value::Value;

use frame::{Frame, Given};
use instance::Instance;

pub(super) use pairing::{Root, roots};
pub(super) use source::{Content, Source};

/// The evaluation of one root deployment and all that is nested in it.
pub(super) struct Run<'s, 'a> {
    sources: &'s [Source<'a>],
    frames: RefCell<Vec<Rc<Frame<'a>>>>,
    /// What is declared, by key, as far as it is expanded. Of two with one key the later counts.
    declared: RefCell<BTreeMap<String, Rc<Instance<'a>>>>,
    /// Whether all of it is expanded.
    is_expanded: Cell<bool>,
    told: RefCell<Vec<Told<'a>>>,
    /// How often names that are not known are written.
    unnamed: RefCell<BTreeMap<String, usize>>,
    /// Templates that links led to.
    linked: RefCell<Vec<usize>>,
    /// How many resources are declared so far.
    count: Cell<usize>,
    steps: Cell<u64>,
    depth: Cell<usize>,
}

/// Something that was not understood.
#[derive(Clone, Debug)]
pub(super) struct Told<'a> {
    pub(super) at: Option<&'a str>,
    pub(super) code: &'static str,
    pub(super) effect: Effect,
    pub(super) message: String,
}

/// What a deployment comes to.
pub(super) struct Deployed<'a> {
    /// Its resources, as the REST interface would print them.
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) told: Vec<Told<'a>>,
}

/// Deploys templates; what one declares may be part of what another does.
pub(super) fn deploy<'a>(sources: &[Source<'a>], roots: &[Root]) -> Vec<Deployed<'a>> {
    let mut deployed = Vec::with_capacity(roots.len());
    let mut made = Vec::new();
    for (position, root) in roots.iter().enumerate() {
        let run = Run::new(sources);
        run.root(root);
        made.extend(made::made(&run, position));
        deployed.push(Deployed { nodes: Vec::new(), told: run.told.into_inner() });
    }
    for (position, deployed) in deployed.iter_mut().enumerate() {
        made::tell_doubts(made.iter().filter(|made| made.root == position), &mut deployed.told);
    }
    for made in children::merge(made) {
        if let Some(deployed) = deployed.get_mut(made.root) {
            deployed.nodes.push(made.node);
        }
    }
    deployed
}

/// The templates that a deployment takes in by links. What it declares is not printed.
pub(super) fn links(sources: &[Source<'_>], root: &Root) -> Vec<usize> {
    let run = Run::new(sources);
    run.root(root);
    run.expand_all();
    run.linked.into_inner()
}

impl<'s, 'a> Run<'s, 'a> {
    fn new(sources: &'s [Source<'a>]) -> Self {
        Self {
            sources,
            frames: RefCell::default(),
            declared: RefCell::default(),
            is_expanded: Cell::new(false),
            told: RefCell::default(),
            unnamed: RefCell::default(),
            linked: RefCell::default(),
            count: Cell::new(0),
            steps: Cell::new(STEPS_MAX),
            depth: Cell::new(0),
        }
    }

    fn root(&self, root: &Root) {
        let Some(template) = self.sources.get(root.template).and_then(Source::template) else { return };
        let parameters = root.parameters.and_then(|position| self.sources.get(position)?.parameters());
        let given = parameters.map(|parameters| frame::given(parameters, &Given::Stated)).unwrap_or_default();
        let frame = Frame::new(root.template, Rc::clone(template), place(root, template), given);
        self.add(frame);
    }

    fn add(&self, frame: Frame<'a>) -> Option<usize> {
        let mut frames = self.frames.borrow_mut();
        let number = frames.len();
        if number >= FRAMES_MAX {
            return None;
        }
        frames.push(Rc::new(Frame { number, ..frame }));
        Some(number)
    }

    /// A name that is not known, told apart from others that are written alike: they may be names of different things.
    fn distinct(&self, name: String) -> String {
        let mut unnamed = self.unnamed.borrow_mut();
        let count = unnamed.entry(name.clone()).or_default();
        *count += 1;
        match *count {
            1 => name,
            count => format!("{name}~{count}"),
        }
    }

    fn frame(&self, number: usize) -> Option<Rc<Frame<'a>>> {
        self.frames.borrow().get(number).map(Rc::clone)
    }

    /// Whether loops may make more resources.
    fn has_room(&self) -> bool {
        self.count.get() < INSTANCES_MAX
    }

    /// One more step of evaluation; `false` when there were too many.
    fn step(&self) -> bool {
        let left = self.steps.get();
        self.steps.set(left.saturating_sub(1));
        left > 0
    }

    /// Does something one level deeper; `None` beyond the last.
    fn deeper<T>(&self, work: impl FnOnce() -> T) -> Option<T> {
        let depth = self.depth.get();
        if depth >= DEPTH_MAX {
            return None;
        }
        self.depth.set(depth + 1);
        let done = work();
        self.depth.set(depth);
        Some(done)
    }

    fn tell(&self, at: Option<&'a str>, code: &'static str, effect: Effect, message: String) {
        self.told.borrow_mut().push(Told { at, code, effect, message });
    }
}

/// Where a root deployment goes to: names nobody knows, which tell it from the others of the run.
fn place<'a>(root: &Root, template: &super::value::Object<'a>) -> Place<'a> {
    let named = |what: &str, has_label: bool| {
        let name = match (has_label, root.label.as_str()) {
            (false, _) | (true, "") => Cow::Borrowed(what),
            (true, label) => Cow::Owned(format!("{what}:{label}")),
        };
        Value::opaque(Cause::Existing, &name)
    };
    let scope = nested::scope_of(template);
    Place {
        // Two deployments of one template to one subscription would be one.
        subscription: named("subscription", root.is_variant),
        resource_group: (scope == nested::Scope::ResourceGroup).then(|| named("resource-group", true)),
        location: Value::opaque(Cause::Existing, "location"),
        management_group: (scope == nested::Scope::ManagementGroup)
            .then(|| named("management-group", root.is_variant)),
        tenant: named("tenant", false),
    }
}

/// Steps of evaluation in one deployment.
const STEPS_MAX: u64 = 1_000_000;
/// Deployments in one deployment.
const FRAMES_MAX: usize = 2_000;
/// Resources in all of them together, as far as loops make them.
const INSTANCES_MAX: usize = 50_000;
/// Values that are evaluated inside of one another.
const DEPTH_MAX: usize = 120;
