//! The language of templates: texts in brackets that are evaluated.
//!
//! What cannot be known is a value that says so ([`Value::Unknown`]), never a guess. Knows no section of a template: what
//! an expression refers to it asks of its [`Scope`].

mod parse;
mod scope;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod laws;

use std::borrow::Cow;

use cloud::json::Cause;

use super::function::{self, Answer, Form as Means, Function, Stop};
use super::value::Value;

pub(crate) use parse::{Expression, Form};
use parse::{Mistake, Step, parse};
pub(crate) use scope::{Place, Scope};

/// Whether a text of a template is evaluated.
pub(crate) fn is_expression(text: &str) -> bool {
    text.starts_with('[') && !text.starts_with("[[") && text.ends_with(']')
}

/// What a text of a template comes to: what its expression does, or itself.
pub(crate) fn evaluate<'a>(written: &Cow<'a, str>, scope: &dyn Scope<'a>) -> Value<'a> {
    if !is_expression(written) {
        return Value::Text(unescaped(written));
    }
    let inner = written.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or_default();
    match parse(inner) {
        Ok(expression) => Evaluator { scope, bound: Vec::new() }.value(&expression),
        Err(mistake) => told(written, &mistake),
    }
}

/// A text whose first bracket is written twice so that it is no expression.
fn unescaped<'a>(written: &Cow<'a, str>) -> Cow<'a, str> {
    if !written.starts_with("[[") || !written.ends_with(']') {
        return written.clone();
    }
    match written {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(1..).unwrap_or_default()),
        Cow::Owned(text) => Cow::Owned(text.chars().skip(1).collect()),
    }
}

fn told<'a>(written: &str, mistake: &Mistake) -> Value<'a> {
    let Mistake { expected, character, is_too_deep } = mistake;
    let cause = if *is_too_deep { Cause::TooLarge } else { Cause::Wrong };
    Value::unknown(cause, format!("{}: expected {expected} at character {character}", shortened(written)))
}

/// An expression as messages tell it.
fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(CHARACTERS_TOLD_MAX) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

/// Evaluates one expression.
pub(crate) struct Evaluator<'s, 'a> {
    pub(crate) scope: &'s dyn Scope<'a>,
    /// The variables of the lambdas around, the innermost last.
    bound: Vec<(String, Value<'a>)>,
}

impl<'a> Evaluator<'_, 'a> {
    /// What an expression comes to.
    pub(crate) fn value(&mut self, expression: &Expression<'_>) -> Value<'a> {
        let depth = self.scope.depth();
        if depth.get() >= DEPTH_MAX || !self.scope.step() {
            return Value::unknown(Cause::TooLarge, shortened(expression.text).into_owned());
        }
        depth.set(depth.get() + 1);
        let value = match &expression.form {
            Form::Text(text) => Value::text(text.clone().into_owned()),
            Form::Number(number) => Value::Number(*number),
            Form::Real(number) => Value::Real(*number),
            Form::Call { name, arguments } => self.call(name, arguments, expression.text),
            Form::Step { of, step, is_safe } => self.step(of, step, *is_safe, expression.text),
        };
        depth.set(depth.get() - 1);
        value
    }

    fn call(&mut self, name: &str, arguments: &[Expression<'_>], text: &str) -> Value<'a> {
        let Some(function) = function::find(name) else { return self.other_call(name, arguments, text) };
        if !function.takes(arguments.len()) {
            return stopped(Stop::wrong("another number of arguments is expected"), text);
        }
        let answer = match function.means {
            Means::Lazy(of) => of(self, arguments),
            Means::Scoped(of) => {
                let values = self.values(arguments);
                of(self.scope, &values)
            }
            Means::Pure(of) | Means::Open(of) => {
                let values = self.values(arguments);
                self.pure_call(function, of, &values)
            }
        };
        answer.unwrap_or_else(|stop| stopped(stop, text))
    }

    fn pure_call(
        &self,
        function: &Function,
        of: for<'v> fn(&[Value<'v>]) -> Answer<'v>,
        values: &[Value<'a>],
    ) -> Answer<'a> {
        if matches!(function.means, Means::Pure(_))
            && let Some(unknown) = values.iter().find(|value| matches!(value, Value::Unknown(_)))
        {
            return Ok(unknown.clone());
        }
        let nodes = values.iter().map(Value::nodes).sum();
        self.takes_steps(function.steps(nodes))?;
        match of(values) {
            Err(Stop::Opaque(opaque)) if function.gives_text => {
                Ok(Value::opaque(opaque.cause(), &function::spelled_call(function.name, values)))
            }
            answer => answer,
        }
    }

    /// A function that is in no table: one of the template, or one that asks a resource for its secrets.
    fn other_call(&mut self, name: &str, arguments: &[Expression<'_>], text: &str) -> Value<'a> {
        if name.contains('.') {
            let values = self.values(arguments);
            let called = self.scope.call(name, values);
            return called.unwrap_or_else(|| stopped(Stop::wrong("no function has this name"), text));
        }
        let asks = name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("list"));
        let cause = if asks { Cause::Computed } else { Cause::Unsupported };
        Value::unknown(cause, shortened(text).into_owned())
    }

    pub(crate) fn values(&mut self, arguments: &[Expression<'_>]) -> Vec<Value<'a>> {
        arguments.iter().map(|argument| self.value(argument)).collect()
    }

    /// Takes as many steps as what follows is worth.
    pub(crate) fn takes_steps(&self, steps: usize) -> Result<(), Stop<'a>> {
        let takes_all = (0..steps).all(|_| self.scope.step());
        if takes_all { Ok(()) } else { Err(Stop::TooLarge) }
    }

    /// What an expression comes to while names stand for values.
    pub(crate) fn with_bound(
        &mut self,
        bound: impl IntoIterator<Item = (String, Value<'a>)>,
        body: &Expression<'_>,
    ) -> Value<'a> {
        let before = self.bound.len();
        self.bound.extend(bound);
        let value = self.value(body);
        self.bound.truncate(before);
        value
    }

    /// The value that a variable of a lambda stands for.
    pub(crate) fn bound(&self, name: &str) -> Option<Value<'a>> {
        let found = self.bound.iter().rev().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.clone())
    }

    fn step(&mut self, of: &Expression<'_>, step: &Step<'_>, is_safe: bool, text: &str) -> Value<'a> {
        let value = self.value(of);
        if matches!(value, Value::Unknown(_)) {
            return value;
        }
        if value == Value::Null && (is_safe || is_safe_chain(of)) {
            return Value::Null;
        }
        let answer = match step {
            Step::Property(name) => function::property(&value, name, is_safe),
            Step::Index(index) => {
                let index = self.value(index);
                function::element(&value, &index, is_safe)
            }
        };
        answer.unwrap_or_else(|stop| stopped(stop, text))
    }
}

/// Whether what is stepped into may be missing without a mistake: everything behind `.?` is passed over with it.
fn is_safe_chain(expression: &Expression<'_>) -> bool {
    match &expression.form {
        Form::Step { is_safe: true, .. } => true,
        Form::Step { of, is_safe: false, .. } => is_safe_chain(of),
        Form::Text(_) | Form::Number(_) | Form::Real(_) | Form::Call { .. } => false,
    }
}

/// The value of an expression that did not come to one.
fn stopped<'a>(stop: Stop<'a>, text: &str) -> Value<'a> {
    let text = shortened(text);
    match stop {
        Stop::Wrong(message) => Value::unknown(Cause::Wrong, format!("{text}: {message}")),
        Stop::Unsupported => Value::unknown(Cause::Unsupported, text.into_owned()),
        Stop::TooLarge => Value::unknown(Cause::TooLarge, text.into_owned()),
        Stop::Opaque(opaque) => Value::unknown(opaque.cause(), text.into_owned()),
        Stop::Because(cause) => Value::unknown(cause, text.into_owned()),
        Stop::Unknown(unknown) => Value::Unknown(unknown),
    }
}

/// How deep expressions may be evaluated for each other: a variable for a variable for a parameter.
const DEPTH_MAX: usize = 200;
const CHARACTERS_TOLD_MAX: usize = 120;
