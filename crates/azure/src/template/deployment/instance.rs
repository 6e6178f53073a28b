//! What a template declares, each turn of a loop by itself.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use cloud::json::Cause;

use super::super::value::{Object, Value};
use super::Run;
use super::frame::Slot;
use super::loops::Loops;
use super::view::View;

/// A resource that is declared.
pub(super) struct Instance<'a> {
    pub(super) frame: usize,
    pub(super) declared: Rc<Object<'a>>,
    pub(super) loops: Loops,
    /// Its type with those of the resources that it is part of, as it is written.
    pub(super) kind: String,
    /// Its name with theirs.
    pub(super) name: String,
    pub(super) id: String,
    pub(super) key: String,
    /// Whether it is known what it is part of, where it is a part.
    pub(super) is_owned: bool,
    /// What the template calls it.
    pub(super) symbol: Option<String>,
    pub(super) standing: Standing<'a>,
    /// The deployment that it is, once it is expanded.
    pub(super) nested: OnceCell<Option<usize>>,
    pub(super) body: RefCell<Option<Slot<'a>>>,
}

/// Whether something that is written in a template will be there because of it. Complete.
#[derive(Clone, Debug)]
pub(super) enum Standing<'a> {
    Certain,
    /// Why that is not known.
    Perhaps(Doubt<'a>),
    /// Its condition does not hold.
    Dropped,
    /// It is only referred to.
    Existing,
}

/// Why it is not known whether something will be there.
#[derive(Clone, Debug)]
pub(super) struct Doubt<'a> {
    /// Where that is written.
    pub(super) at: Option<&'a str>,
    /// `condition`, or `count`.
    pub(super) what: &'static str,
    pub(super) cause: Cause,
    pub(super) text: String,
}

impl<'a> Doubt<'a> {
    /// The doubt that a value leaves; `None` where it is known.
    pub(super) fn of(value: &Value<'a>, what: &'static str, at: Option<&'a str>) -> Option<Self> {
        let (cause, text) = match value {
            Value::Unknown(unknown) => (unknown.cause, unknown.text.clone().into_owned()),
            Value::Opaque(opaque) => (opaque.cause(), opaque.spelled()),
            _ => return None,
        };
        Some(Self { at, what, cause, text })
    }

    /// Whether both are of one place.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.at.map(str::as_ptr) == other.at.map(str::as_ptr)
    }
}

impl<'a> Instance<'a> {
    pub(super) fn is_kind(&self, kind: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind)
    }

    /// Why it may not be there.
    pub(super) const fn doubt(&self) -> Option<&Doubt<'a>> {
        match &self.standing {
            Standing::Perhaps(doubt) => Some(doubt),
            Standing::Certain | Standing::Dropped | Standing::Existing => None,
        }
    }

    /// Whether it is declared, and not only referred to or left out.
    pub(super) const fn is_declared(&self) -> bool {
        matches!(self.standing, Standing::Certain | Standing::Perhaps(_))
    }

    /// The last part of its name.
    pub(super) fn own_name(&self) -> &str {
        self.name.rsplit_once('/').map_or(&self.name, |(_, name)| name)
    }

    /// What it says, evaluated: its keys without those that say how it is deployed.
    pub(super) fn body(&self, run: &Run<'_, 'a>) -> Value<'a> {
        match &*self.body.borrow() {
            Some(Slot::Done(value)) => return value.clone(),
            Some(Slot::Busy) => {
                return Value::unknown(Cause::Wrong, format!("{}, which needs itself", self.name));
            }
            None => {}
        }
        *self.body.borrow_mut() = Some(Slot::Busy);
        let body = run.deeper(|| self.evaluated(run));
        let body = body.unwrap_or_else(|| Value::unknown(Cause::TooLarge, self.name.clone()));
        *self.body.borrow_mut() = Some(Slot::Done(body.clone()));
        body
    }

    fn evaluated(&self, run: &Run<'_, 'a>) -> Value<'a> {
        let Some(frame) = run.frame(self.frame) else { return Value::Null };
        let view = View::of(run, &frame, self.loops.clone());
        let is_said = |key: &str| !DIRECTIONS.iter().any(|known| known.eq_ignore_ascii_case(key));
        let entry = |(key, written): &(Cow<'a, str>, Value<'a>)| (key.clone(), view.value(written));
        let entries = self.declared.entries().iter().filter(|(key, _)| is_said(key)).map(entry);
        Value::object(entries.collect(), self.declared.at)
    }
}

/// Keys that say how something is deployed, not what it is.
const DIRECTIONS: [&str; 13] = [
    "type",
    "name",
    "id",
    "copy",
    "condition",
    "dependsOn",
    "resources",
    "comments",
    "apiVersion",
    "metadata",
    "scope",
    "existing",
    "import",
];
