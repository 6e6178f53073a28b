//! One deployment of one template: its parameters and variables, each evaluated once, when somebody asks.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use cloud::json::Cause;

use super::super::expression::Place;
use super::super::value::{Object, Value};
use super::Run;
use super::instance::{Doubt, Instance};
use super::loops::Loops;
use super::source::object_of;
use super::view::View;

/// One deployment of one template.
pub(super) struct Frame<'a> {
    pub(super) number: usize,
    /// The document that the template stands in.
    pub(super) source: usize,
    pub(super) template: Rc<Object<'a>>,
    /// Whose parameters and variables its expressions mean, where not its own (`scope: outer`).
    pub(super) outer: Option<(usize, Loops)>,
    pub(super) place: Place<'a>,
    /// The deployment that it is nested in.
    pub(super) within: Option<usize>,
    /// Its name; `None` for a root.
    pub(super) name: Option<String>,
    /// Why it may not be deployed at all.
    pub(super) doubt: Option<Doubt<'a>>,
    pub(super) given: BTreeMap<String, (Value<'a>, Given)>,
    pub(super) instances: OnceCell<Rc<Vec<Rc<Instance<'a>>>>>,
    pub(super) is_expanding: Cell<bool>,
    pub(super) outputs: RefCell<Option<Slot<'a>>>,
    pub(super) parameters: RefCell<BTreeMap<String, Slot<'a>>>,
    pub(super) variables: RefCell<BTreeMap<String, Slot<'a>>>,
}

/// Where the value of a parameter is from.
#[derive(Clone, Debug)]
pub(super) enum Given {
    /// It stands in a file: no expression is in it.
    Stated,
    /// It is written in a template of this frame, inside of these loops.
    Written(usize, Loops),
}

/// What is known of a value that is evaluated once.
#[derive(Clone, Debug)]
pub(super) enum Slot<'a> {
    /// It is being evaluated.
    Busy,
    Done(Value<'a>),
}

/// The parameters that an object gives values, by name in lower case.
pub(super) fn given<'a>(document: &Object<'a>, by: &Given) -> BTreeMap<String, (Value<'a>, Given)> {
    let parameters = object_of(document, "parameters").map(Object::entries).unwrap_or_default();
    parameters.iter().map(|(name, value)| (name.to_ascii_lowercase(), (value.clone(), by.clone()))).collect()
}

impl<'a> Frame<'a> {
    pub(super) fn new(
        source: usize,
        template: Rc<Object<'a>>,
        place: Place<'a>,
        given: BTreeMap<String, (Value<'a>, Given)>,
    ) -> Self {
        Self {
            number: 0,
            source,
            template,
            outer: None,
            within: None,
            place,
            name: None,
            doubt: None,
            given,
            instances: OnceCell::new(),
            is_expanding: Cell::new(false),
            outputs: RefCell::default(),
            parameters: RefCell::default(),
            variables: RefCell::default(),
        }
    }

    /// The value of a parameter; `None` when the template declares none of this name.
    pub(super) fn parameter(self: &Rc<Self>, name: &str, run: &Run<'_, 'a>) -> Option<Value<'a>> {
        let declared = self.template.own("parameters")?.own(name)?;
        let work = || match declared.as_object() {
            Some(declared) => self.value_of(name, declared, run),
            None => Value::unknown(Cause::Wrong, format!("parameters('{name}')")),
        };
        Some(once(&self.parameters, name, run, work))
    }

    fn value_of(self: &Rc<Self>, name: &str, declared: &Object<'a>, run: &Run<'_, 'a>) -> Value<'a> {
        let kind = self.type_of(declared);
        let is_text = matches!(kind.as_str(), "string" | "securestring");
        let unset = |cause: Cause| match (is_text, &self.name) {
            (true, None) => Value::opaque(cause, name),
            // Parameters of several deployments have one name.
            (true, Some(deployment)) => Value::opaque(cause, &format!("{deployment}.{name}")),
            (false, _) => Value::unknown(cause, format!("parameters('{name}')")),
        };
        let found = self.given_value(name, run).or_else(|| {
            let default = declared.own("defaultValue")?;
            Some(View::of(run, self, Loops::default()).value(default))
        });
        let is_empty = |value: &Value<'_>| *value == Value::Null || value.as_text() == Some("");
        match found {
            // A secret is no part of any message.
            Some(value) if kind == "securestring" && !is_empty(&value) => unset(Cause::Unset),
            Some(value) if kind == "secureobject" && !is_empty(&value) => unset(Cause::Unset),
            // One text for the whole deployment, whatever it will be.
            Some(Value::Unknown(unknown)) if is_text => unset(unknown.cause),
            Some(value) => value,
            None => match declared.own("allowedValues").and_then(Value::as_list) {
                Some([only]) => only.clone(),
                _ if declared.own("nullable") == Some(&Value::Flag(true)) => Value::Null,
                _ => unset(Cause::Unset),
            },
        }
    }

    /// The value that is given to a parameter. Null is none.
    fn given_value(&self, name: &str, run: &Run<'_, 'a>) -> Option<Value<'a>> {
        let (given, by) = self.given.get(&name.to_ascii_lowercase())?;
        let value = match (given.own("value"), by) {
            (Some(value), Given::Stated) => value.clone(),
            (Some(value), Given::Written(frame, loops)) => match run.frame(*frame) {
                Some(frame) => View::of(run, &frame, loops.clone()).value(value),
                None => return None,
            },
            // A secret of a vault, or an expression that gives both.
            (None, _) if given.own("reference").is_some() => {
                Value::unknown(Cause::Existing, format!("parameters('{name}')"))
            }
            (None, Given::Written(frame, loops)) => {
                let frame = run.frame(*frame)?;
                let whole = View::of(run, &frame, loops.clone()).value(given);
                match (whole.own("value"), whole.as_object()) {
                    (Some(value), _) => value.clone(),
                    (None, Some(_)) => return None,
                    (None, None) => Value::unknown(Cause::Unsupported, format!("parameters('{name}')")),
                }
            }
            (None, Given::Stated) => return None,
        };
        Some(value).filter(|value| *value != Value::Null)
    }

    /// The type of a parameter in lower case, through definitions.
    fn type_of(&self, declared: &Object<'a>) -> String {
        let stated = |declared: &Object<'a>| {
            declared.own("type").and_then(Value::as_text).map(str::to_ascii_lowercase)
        };
        let mut current = declared;
        for _ in 0..DEFINITIONS_MAX {
            if let Some(kind) = stated(current) {
                return kind;
            }
            let name = current.own("$ref").and_then(Value::as_text);
            let name = name.and_then(|path| path.strip_prefix("#/definitions/"));
            match name.and_then(|name| object_of(&self.template, "definitions")?.own(name)?.as_object()) {
                Some(definition) => current = definition,
                None => break,
            }
        }
        String::new()
    }

    /// The value of a variable; `None` when the template has none of this name.
    pub(super) fn variable(self: &Rc<Self>, name: &str, run: &Run<'_, 'a>) -> Option<Value<'a>> {
        let variables = self.template.own("variables")?.as_object()?;
        let view = View::of(run, self, Loops::default());
        if let Some(written) = variables.own(name).filter(|_| !name.eq_ignore_ascii_case("copy")) {
            return Some(once(&self.variables, name, run, || view.value(written)));
        }
        let copies = variables.own("copy").and_then(Value::as_list)?;
        let is_it = |copy: &&Value<'a>| {
            copy.own("name").and_then(Value::as_text).is_some_and(|own| own.eq_ignore_ascii_case(name))
        };
        let copy = copies.iter().find(is_it)?.as_object()?;
        Some(once(&self.variables, name, run, || view.copied(copy)))
    }

    /// The values of all outputs, as `reference` shows them.
    pub(super) fn outputs(self: &Rc<Self>, run: &Run<'_, 'a>) -> Value<'a> {
        match &*self.outputs.borrow() {
            Some(Slot::Done(value)) => return value.clone(),
            Some(Slot::Busy) => return Value::unknown(Cause::Wrong, "outputs that need each other"),
            None => {}
        }
        *self.outputs.borrow_mut() = Some(Slot::Busy);
        let view = View::of(run, self, Loops::default());
        let declared = object_of(&self.template, "outputs").map(Object::entries).unwrap_or_default();
        let output = |(name, declared): &(std::borrow::Cow<'a, str>, Value<'a>)| {
            let value = declared.as_object().map_or(Value::Null, |declared| view.output(declared));
            let kind = declared.own("type").cloned().unwrap_or(Value::Null);
            let shown = vec![("type".into(), kind), ("value".into(), value)];
            (name.clone(), Value::object(shown, declared.as_object().and_then(|declared| declared.at)))
        };
        let outputs = Value::object(declared.iter().map(output).collect(), None);
        *self.outputs.borrow_mut() = Some(Slot::Done(outputs.clone()));
        outputs
    }
}

/// Evaluates a value that is not evaluated yet. One that needs itself is wrong.
fn once<'a>(
    slots: &RefCell<BTreeMap<String, Slot<'a>>>,
    name: &str,
    run: &Run<'_, 'a>,
    work: impl FnOnce() -> Value<'a>,
) -> Value<'a> {
    let key = name.to_ascii_lowercase();
    match slots.borrow().get(&key) {
        Some(Slot::Done(value)) => return value.clone(),
        Some(Slot::Busy) => return Value::unknown(Cause::Wrong, format!("{name}, which needs itself")),
        None => {}
    }
    slots.borrow_mut().insert(key.clone(), Slot::Busy);
    let value = run.deeper(work).unwrap_or_else(|| Value::unknown(Cause::TooLarge, name.to_owned()));
    slots.borrow_mut().insert(key, Slot::Done(value.clone()));
    value
}

/// Definitions that lead to one another.
const DEFINITIONS_MAX: usize = 20;
