//! What expressions come to: Terraform's evaluation, where any part may not be known.
//!
//! What is not known stays so with its cause, and never becomes null, empty or false. An expression that is wrong is not
//! known either, and says what is wrong. Knows no block; what names mean a [`Scope`] says.

mod call;
mod choice;
mod members;
mod operation;
mod path;
mod scope;
mod template;
#[cfg(test)]
mod tests;

use cloud::json::Cause;

use crate::syntax::{Expression, Form, Part};
use crate::value::{Fault, Text, Value, Wanted};

pub(crate) use scope::{Budget, Found, Scope, Step};
pub(crate) use template::TEXT_MAX;

/// The value of an expression.
pub(crate) fn evaluate<'a>(expression: &Expression<'a>, scope: &mut dyn Scope<'a>) -> Value<'a> {
    Evaluator::new(scope).value(expression)
}

/// The text of a template.
pub(crate) fn evaluate_template<'a>(parts: &[Part<'a>], scope: &mut dyn Scope<'a>) -> Value<'a> {
    let mut evaluator = Evaluator::new(scope);
    let made = evaluator.template(parts);
    evaluator.settle(made, "")
}

/// One evaluation: of an expression as it stands somewhere.
struct Evaluator<'s, 'e, 'a> {
    scope: &'s mut dyn Scope<'a>,
    /// Names that `for` binds, the innermost last.
    names: Vec<(&'e str, Value<'a>)>,
    /// How often something was wrong so far: `try` goes on where this grows.
    errors: usize,
    /// How often something was made of what is not known, and may yet turn out to be wrong.
    doubts: usize,
}

impl<'s, 'e, 'a> Evaluator<'s, 'e, 'a> {
    const fn new(scope: &'s mut dyn Scope<'a>) -> Self {
        Self { scope, names: Vec::new(), errors: 0, doubts: 0 }
    }

    fn value(&mut self, expression: &'e Expression<'a>) -> Value<'a> {
        let value = if self.scope.budget().enter() {
            self.formed(expression)
        } else {
            Value::unknown(Cause::TooLarge, expression.at)
        };
        self.scope.budget().leave();
        value.or_at(Some(expression.at))
    }

    /// Each form in a function of its own: an expression inside another takes as little of the stack as may be.
    fn formed(&mut self, expression: &'e Expression<'a>) -> Value<'a> {
        match &expression.form {
            Form::Null => Value::null(),
            Form::Flag(flag) => Value::flag(*flag),
            Form::Number(digits) => number(digits),
            Form::Template(parts) => self.text(parts, expression.at),
            Form::List(items) => self.list(items),
            Form::Object(entries) => self.object(entries),
            Form::Name(name) => self.name(name),
            Form::Chain { of, steps } => self.chain(of, steps),
            Form::Call { name, arguments, is_spread } => {
                self.called(name, arguments, *is_spread, expression.at)
            }
            Form::Unary(operator, operand) => self.unary(*operator, operand, expression.at),
            Form::Binary(operator, operands) => self.binary(*operator, operands, expression.at),
            Form::Conditional(parts) => self.conditional(parts),
            Form::For(members) => self.members(members),
            Form::Broken => Value::unknown(Cause::Wrong, "it cannot be read"),
        }
    }

    fn text(&mut self, parts: &'e [Part<'a>], at: &'a str) -> Value<'a> {
        match parts {
            [] => Value::text(""),
            [Part::Text(text)] => Value::text(text.clone()),
            [Part::Value(inner)] => self.value(inner),
            parts => {
                let made = self.template(parts);
                self.settle(made, at)
            }
        }
    }

    fn list(&mut self, items: &'e [Expression<'a>]) -> Value<'a> {
        let mut made = Vec::with_capacity(items.len());
        for item in items {
            made.push(self.value(item));
        }
        Value::tuple(made)
    }

    /// What comes of something that may fail.
    fn settle(&mut self, made: Wanted<'a, Value<'a>>, at: &'a str) -> Value<'a> {
        match made {
            Ok(value) => value,
            Err(Fault::Wrong(what)) => self.wrong(what),
            Err(fault) => {
                self.doubts += 1;
                match fault {
                    Fault::Unsupported(_) => Value::unknown(Cause::Unsupported, at),
                    Fault::TooLarge => Value::unknown(Cause::TooLarge, at),
                    Fault::Unknown(_) | Fault::Wrong(_) => fault.value(),
                }
            }
        }
    }

    fn wrong(&mut self, what: impl Into<String>) -> Value<'a> {
        self.errors += 1;
        Value::unknown(Cause::Wrong, what.into())
    }

    fn object(&mut self, entries: &'e [(Expression<'a>, Expression<'a>)]) -> Value<'a> {
        let mut known: Vec<(Text<'a>, Value<'a>)> = Vec::with_capacity(entries.len());
        let mut unknown = None;
        for (key, value) in entries {
            let key = self.value(key).to_text();
            let value = self.value(value);
            match key {
                Ok(key) => known.push((key, value)),
                Err(fault) => unknown = unknown.or(Some(self.settle(Err(fault), ""))),
            }
        }
        // An object whose keys are not known is not known: any of its values may be another's.
        unknown.unwrap_or_else(|| Value::object(known))
    }

    fn name(&mut self, name: &str) -> Value<'a> {
        match self.bound(name) {
            Some(value) => value,
            None => self.found(name, &[]).0,
        }
    }

    fn bound(&self, name: &str) -> Option<Value<'a>> {
        self.names.iter().rev().find(|(own, _)| *own == name).map(|(_, value)| value.clone())
    }

    fn found(&mut self, name: &str, steps: &[Step<'a>]) -> (Value<'a>, usize) {
        match self.scope.find(name, steps) {
            Found::This { value, used } => (value, used),
            Found::Wrong(what) => (self.wrong(what), steps.len()),
        }
    }
}

fn number<'a>(digits: &str) -> Value<'a> {
    match Value::text(Text::from(digits.to_owned())).to_number() {
        Ok(number) => number.into(),
        Err(_) => Value::unknown(Cause::TooLarge, digits.to_owned()),
    }
}
