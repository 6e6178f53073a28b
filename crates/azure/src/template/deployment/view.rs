//! What an expression sees: the parameters and variables of its deployment, the loops around it, what is declared beside it.
//!
//! Walks what is written, texts, lists, objects and loops in objects; a text alone is evaluated in `expression`.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

use cloud::json::Cause;

use super::super::expression::{Place, Scope, evaluate};
use super::super::value::{Object, Value};
use super::Run;
use super::frame::Frame;
use super::loops::{Loops, TURNS_MAX, Turns, contradict, copies, known_key, within};
use super::reference;
use super::source::object_of;

/// What an expression sees.
pub(super) struct View<'v, 'a> {
    pub(super) run: &'v Run<'v, 'a>,
    pub(super) frame: &'v Rc<Frame<'a>>,
    pub(super) loops: Loops,
    /// Whether it makes a name: the number of a turn that nobody knows is a part of one.
    is_naming: bool,
    /// The arguments of the user's function that it stands in.
    arguments: Option<&'v [(String, Value<'a>)]>,
}

impl<'v, 'a> View<'v, 'a> {
    pub(super) fn of(run: &'v Run<'v, 'a>, frame: &'v Rc<Frame<'a>>, loops: Loops) -> Self {
        Self { run, frame, loops, is_naming: false, arguments: None }
    }

    fn inside(&self, loops: Loops) -> Self {
        Self { loops, ..*self }
    }

    /// The same, to make a name.
    pub(super) fn naming(&self) -> Self {
        Self { loops: self.loops.clone(), is_naming: true, ..*self }
    }

    /// What is written comes to.
    pub(super) fn value(&self, written: &Value<'a>) -> Value<'a> {
        match written {
            Value::Text(text) if text.starts_with('[') => {
                let work = || evaluate(text, self);
                self.run.deeper(work).unwrap_or_else(|| Value::unknown(Cause::TooLarge, text.clone()))
            }
            // What is written once costs what it costs; what loops repeat is bounded.
            Value::List(_) | Value::Object(_) if self.loops.is_some() && !self.run.step() => {
                Value::unknown(Cause::TooLarge, "a loop")
            }
            Value::List(items) => Value::list(items.iter().map(|item| self.value(item)).collect()),
            Value::Object(object) => self.object(object),
            Value::Null
            | Value::Flag(_)
            | Value::Number(_)
            | Value::Real(_)
            | Value::Text(_)
            | Value::Opaque(_)
            | Value::Unknown(_) => written.clone(),
        }
    }

    fn object(&self, object: &Object<'a>) -> Value<'a> {
        let mut entries: Vec<(Cow<'a, str>, Value<'a>)> = Vec::with_capacity(object.entries().len());
        // A key that is not known may be any key.
        let mut unknown_key = None;
        let mut copied: Vec<Cow<'a, str>> = Vec::new();
        for (key, written) in object.entries() {
            match copies(key, written) {
                Some(copies) => {
                    for copy in copies {
                        let copy = copy.as_object().filter(|copy| copy.own("count").is_some());
                        let name =
                            copy.and_then(|copy| Some((copy, known_key(self.value(copy.own("name")?)))));
                        match name {
                            Some((copy, Ok(name))) => {
                                entries.push((name.clone(), self.copied(copy)));
                                copied.push(name);
                            }
                            Some((_, Err(cause))) => unknown_key = Some(cause),
                            None => unknown_key = Some(Cause::Wrong),
                        }
                    }
                }
                None if key.starts_with('[') => match known_key(self.value(&Value::Text(key.clone()))) {
                    Ok(key) => entries.push((key, self.value(written))),
                    Err(cause) => unknown_key = Some(cause),
                },
                None => entries.push((key.clone(), self.value(written))),
            }
        }
        contradict(&copied, &mut entries);
        match unknown_key {
            None => Value::object(entries, object.at),
            // What is told at creation is no key that somebody wrote.
            Some(Cause::Computed) => Value::open_object(entries, object.at, Cause::Unset),
            Some(cause) => Value::open_object(entries, object.at, cause),
        }
    }

    /// The list that a loop in an object makes.
    pub(super) fn copied(&self, copy: &Object<'a>) -> Value<'a> {
        let name = copy.own("name").map(|name| self.value(name));
        let name = name.as_ref().and_then(Value::spelled).unwrap_or_default();
        let input = copy.own("input").unwrap_or(&Value::Null);
        match self.turns(copy) {
            Turns::Known(count) => {
                let turn = |index| {
                    let inside = self.inside(within(&self.loops, &name, Some(index)));
                    self.run.step().then(|| inside.value(input))
                };
                let turns: Option<Vec<Value<'a>>> = (0..count).map(turn).collect();
                turns.map_or_else(|| Value::unknown(Cause::TooLarge, name.to_string()), Value::list)
            }
            Turns::Unknown(unknown) => unknown,
        }
    }

    /// How often a loop turns.
    pub(super) fn turns(&self, copy: &Object<'a>) -> Turns<'a> {
        let count = copy.own("count").map(|count| self.value(count));
        match count {
            Some(Value::Number(count)) if (0..=TURNS_MAX).contains(&count) => Turns::Known(count),
            Some(Value::Number(_)) => {
                Turns::Unknown(Value::unknown(Cause::TooLarge, "a loop of more than 10,000 turns"))
            }
            Some(Value::Text(digits))
                if digits.parse().is_ok_and(|count| (0..=TURNS_MAX).contains(&count)) =>
            {
                Turns::Known(digits.parse().unwrap_or_default())
            }
            Some(Value::Unknown(unknown)) => Turns::Unknown(Value::Unknown(unknown)),
            Some(Value::Opaque(opaque)) => Turns::Unknown(Value::unknown(opaque.cause(), opaque.spelled())),
            Some(_) | None => Turns::Unknown(Value::unknown(Cause::Wrong, "the count of a loop")),
        }
    }

    /// The value of an output: written, or a loop.
    pub(super) fn output(&self, declared: &Object<'a>) -> Value<'a> {
        let is_there =
            declared.own("condition").is_none_or(|written| self.value(written) != Value::Flag(false));
        match (declared.own("value"), declared.own("copy").and_then(Value::as_object)) {
            _ if !is_there => Value::Null,
            (Some(written), _) => self.value(written),
            (None, Some(copy)) => self.copied(copy),
            (None, None) => Value::Null,
        }
    }

    fn parameter_of(&self, name: &str) -> Option<Value<'a>> {
        if let Some(arguments) = self.arguments {
            let found = arguments.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
            return found.map(|(_, value)| value.clone());
        }
        match self.meant(|outer| outer.parameter_of(name)) {
            Some(found) => found,
            None => self.frame.parameter(name, self.run),
        }
    }

    fn variable_of(&self, name: &str) -> Option<Value<'a>> {
        match self.meant(|outer| outer.variable_of(name)) {
            Some(found) => found,
            None => self.frame.variable(name, self.run),
        }
    }

    fn turn_of(&self, name: Option<&str>) -> Option<Value<'a>> {
        let mut current = self.loops.as_deref();
        while let Some(turn) = current {
            if name.is_none_or(|name| name.eq_ignore_ascii_case(&turn.name)) {
                return Some(match turn.index {
                    Some(index) => Value::Number(index),
                    None if self.is_naming => {
                        Value::opaque(Cause::Unset, &format!("copyIndex('{}')", turn.name))
                    }
                    // What it names is one certain thing all the same.
                    None => Value::opaque(Cause::Unset, &format!("copyIndex('{}')", turn.name)),
                });
            }
            current = turn.outer.as_deref();
        }
        self.meant(|outer| outer.turn_of(name)).flatten()
    }

    /// The deployment whose names it means, with the loops around that.
    fn meant<T>(&self, ask: impl FnOnce(&View<'_, 'a>) -> T) -> Option<T> {
        let (frame, loops) = self.frame.outer.as_ref()?;
        let frame = self.run.frame(*frame)?;
        Some(ask(&View {
            loops: loops.clone(),
            is_naming: self.is_naming,
            ..View::of(self.run, &frame, Loops::default())
        }))
    }
}

fn wrong<'a>(section: &str, name: &str) -> Value<'a> {
    Value::unknown(Cause::Wrong, format!("{section}('{name}')"))
}

impl<'a> Scope<'a> for View<'_, 'a> {
    fn parameter(&self, name: &str) -> Value<'a> {
        self.parameter_of(name).unwrap_or_else(|| wrong("parameters", name))
    }

    fn variable(&self, name: &str) -> Value<'a> {
        self.variable_of(name).unwrap_or_else(|| wrong("variables", name))
    }

    fn copy_index(&self, name: Option<&str>) -> Value<'a> {
        self.turn_of(name).unwrap_or_else(|| wrong("copyIndex", name.unwrap_or_default()))
    }

    fn reference(&self, target: &Value<'a>, is_full: bool) -> Value<'a> {
        reference::reference(self, target, is_full)
    }

    fn references(&self, symbol: &Value<'a>, is_full: bool) -> Value<'a> {
        reference::references(self, symbol, is_full)
    }

    fn resource_info(&self, symbol: &str) -> Value<'a> {
        reference::resource_info(self, symbol)
    }

    fn place(&self) -> Place<'a> {
        self.meant(|outer| outer.place()).unwrap_or_else(|| self.frame.place.clone())
    }

    fn deployment(&self) -> Value<'a> {
        match self.meant(|outer| outer.deployment()) {
            Some(found) => found,
            None => reference::deployment(self.run, self.frame),
        }
    }

    fn call(&self, name: &str, arguments: Vec<Value<'a>>) -> Option<Value<'a>> {
        if let Some(found) = self.meant(|outer| outer.call(name, arguments.clone())) {
            return found;
        }
        let (namespace, member) = name.split_once('.')?;
        let spaces = self.frame.template.own("functions")?.as_list()?;
        let is_it = |space: &&Value<'a>| {
            space
                .own("namespace")
                .and_then(Value::as_text)
                .is_some_and(|own| own.eq_ignore_ascii_case(namespace))
        };
        // A namespace may be written in several parts.
        let mut found = spaces.iter().filter(is_it).filter_map(|space| space.own("members")?.own(member));
        let function = found.next()?.as_object()?;
        let declared = function.own("parameters").and_then(Value::as_list).unwrap_or_default();
        let mut given = arguments.into_iter();
        let bound = declared.iter().map(|parameter| {
            let name = parameter.own("name").and_then(Value::as_text).unwrap_or_default().to_owned();
            let default = || parameter.own("defaultValue").map(|written| self.value(written));
            let value = given.next().or_else(default);
            (name, value.unwrap_or_else(|| Value::unknown(Cause::Wrong, "an argument that is missing")))
        });
        let bound: Vec<(String, Value<'a>)> = bound.collect();
        let output = object_of(function, "output")?.own("value")?;
        let view = View { arguments: Some(&bound), ..View::of(self.run, self.frame, Loops::default()) };
        Some(view.value(output))
    }

    fn step(&self) -> bool {
        self.run.step()
    }

    fn depth(&self) -> &Cell<usize> {
        &self.run.depth
    }
}
