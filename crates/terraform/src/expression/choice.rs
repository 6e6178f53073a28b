//! Conditionals: one of two values, which become one type.

use super::Evaluator;
use crate::syntax::{Expression, Form};
use crate::value::{Fault, Kind, Shape, Value, chosen, of_one_type};

impl<'e, 'a> Evaluator<'_, 'e, 'a> {
    pub(super) fn conditional(&mut self, parts: &'e [Expression<'a>; 3]) -> Value<'a> {
        let [condition, then, otherwise] = parts;
        match self.value(condition).to_flag() {
            Ok(true) => self.chosen(then, otherwise),
            Ok(false) => self.chosen(otherwise, then),
            Err(Fault::Unknown(why)) => {
                let (then, otherwise) = (self.quietly(then), self.quietly(otherwise));
                // One of them may be wrong.
                self.doubts += 1;
                chosen(&of_type(then.clone(), &otherwise), &of_type(otherwise, &then), &why)
            }
            Err(fault) => self.settle(Err(fault), condition.at),
        }
    }

    fn chosen(&mut self, chosen: &'e Expression<'a>, other: &'e Expression<'a>) -> Value<'a> {
        let value = self.value(chosen);
        let is_plain = matches!(other.form, Form::Null) || (is_literal(chosen) && is_literal(other));
        match &value.kind {
            // Both are converted to one type, so the other may change what this is.
            Kind::Flag(_) | Kind::Number(_) | Kind::Object(_) | Kind::Sequence(_) if !is_plain => {
                let other = self.quietly(other);
                of_type(value, &other)
            }
            Kind::Null
            | Kind::Text(_)
            | Kind::Unknown(_)
            | Kind::Flag(_)
            | Kind::Number(_)
            | Kind::Object(_)
            | Kind::Sequence(_) => value,
        }
    }

    /// A value that may not come to count: what is wrong with it does not count either.
    fn quietly(&mut self, expression: &'e Expression<'a>) -> Value<'a> {
        let (errors, doubts) = (self.errors, self.doubts);
        let value = self.value(expression);
        (self.errors, self.doubts) = (errors, doubts);
        value
    }
}

/// Whether it is a number or a boolean by how it is written.
const fn is_literal(expression: &Expression<'_>) -> bool {
    matches!(expression.form, Form::Number(_) | Form::Flag(_))
}

/// A value as the type that it and another come to.
fn of_type<'a>(value: Value<'a>, other: &Value<'a>) -> Value<'a> {
    let at = value.at;
    match (&value.kind, &other.kind) {
        (Kind::Flag(_) | Kind::Number(_), Kind::Text(_)) => {
            value.to_text().map_or_else(Fault::value, Value::text).or_at(at)
        }
        (Kind::Sequence(own), Kind::Sequence(others)) => {
            let shape = match (own.shape(), others.shape()) {
                (Shape::Tuple, Shape::Tuple) if own.items().len() == others.items().len() => return value,
                // A tuple of another length makes lists of both.
                (Shape::Tuple, Shape::Tuple | Shape::List | Shape::Partial) => Shape::List,
                (Shape::Tuple, Shape::Set) => Shape::Set,
                (shape, _) => shape,
            };
            let items = beside(own.items().to_vec(), others.items());
            let made = if shape == Shape::Set { Value::set(items) } else { Value::sequence(shape, items) };
            made.or_at(at)
        }
        (Kind::Object(own), Kind::Object(others)) if !own.is_open() && !others.is_open() => {
            let same = own.entries().len() == others.entries().len()
                && own.entries().iter().zip(others.entries()).all(|((key, _), (other, _))| key == other);
            if same && !own.is_map() && !others.is_map() {
                return value;
            }
            let (keys, values): (Vec<_>, Vec<_>) = own.entries().iter().cloned().unzip();
            let others: Vec<Value<'a>> = others.entries().iter().map(|(_, value)| value.clone()).collect();
            Value::map(keys.into_iter().zip(beside(values, &others)).collect()).or_at(at)
        }
        _ => value,
    }
}

/// Values as members of one collection with others.
fn beside<'a>(values: Vec<Value<'a>>, others: &[Value<'a>]) -> Vec<Value<'a>> {
    let count = values.len();
    let mut all = of_one_type([values, others.to_vec()].concat());
    all.truncate(count);
    all
}
