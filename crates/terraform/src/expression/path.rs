//! Steps into values: attributes, indexes, splats.

use cloud::json::{Cause, Reference};

use super::call::is_settled;
use super::{Evaluator, Step};
use crate::syntax::{Expression, Form, Step as Written};
use crate::value::{Fault, Kind, Sequence, Shape, Value, Wanted, joined};

impl<'e, 'a> Evaluator<'_, 'e, 'a> {
    pub(super) fn chain(&mut self, of: &'e Expression<'a>, steps: &'e [Written<'a>]) -> Value<'a> {
        let straight = steps.iter().take_while(|step| is_straight(step)).count();
        let (before, splat) = steps.split_at_checked(straight).unwrap_or((steps, &[]));
        let before: Vec<Step<'a>> = before.iter().filter_map(|step| self.step(step)).collect();
        let (mut value, used) = match &of.form {
            Form::Name(name) => match self.bound(name) {
                Some(value) => (value, 0),
                None => self.found(name, &before),
            },
            _ => (self.value(of), 0),
        };
        for step in before.iter().skip(used) {
            value = self.taken(&value, step);
        }
        self.splats(value, splat)
    }

    /// The step, its index evaluated. A splat is none.
    fn step(&mut self, step: &'e Written<'a>) -> Option<Step<'a>> {
        match step {
            Written::Attribute(name) => Some(Step::Attribute(name.clone().into())),
            Written::Index(key) => Some(Step::Index(self.value(key))),
            Written::Splat | Written::AttributeSplat => None,
        }
    }

    fn taken(&mut self, value: &Value<'a>, step: &Step<'a>) -> Value<'a> {
        let made = match step {
            Step::Attribute(name) => attribute(value, name),
            Step::Index(key) => index(value, key),
        };
        let made = self.settle(made, "");
        // What is not known may have no such part.
        self.doubts += usize::from(value.is_unknown() && !is_settled(&made));
        made
    }

    /// The steps from a splat on.
    fn splats(&mut self, value: Value<'a>, steps: &'e [Written<'a>]) -> Value<'a> {
        let Some((splat, behind)) = steps.split_first() else { return value };
        let inner = match splat {
            Written::AttributeSplat => {
                behind.iter().take_while(|step| matches!(step, Written::Attribute(_))).count()
            }
            Written::Splat | Written::Attribute(_) | Written::Index(_) => behind.len(),
        };
        let (inner, outer) = behind.split_at_checked(inner).unwrap_or((behind, &[]));
        let at = value.at;
        let made = match &value.kind {
            Kind::Null => Value::tuple(Vec::new()),
            Kind::Unknown(_) => value.because(),
            Kind::Sequence(sequence) => {
                let shape = if sequence.is_counted() { Shape::Tuple } else { Shape::Partial };
                let items = sequence.items().iter().map(|item| self.walked(item.clone(), inner));
                match sequence.stand_in() {
                    Some(_) => Value::sequence(shape, items.map(Value::perhaps).collect()),
                    None => Value::sequence(shape, items.collect()),
                }
            }
            Kind::Flag(_) | Kind::Number(_) | Kind::Text(_) | Kind::Object(_) => {
                let item = self.walked(value, inner);
                Value::tuple(vec![item])
            }
        };
        self.walked(made.or_at(at), outer)
    }

    fn walked(&mut self, value: Value<'a>, steps: &'e [Written<'a>]) -> Value<'a> {
        if !self.scope.budget().spend(1) {
            return Value::unknown(Cause::TooLarge, "a splat");
        }
        let mut value = value;
        for (position, step) in steps.iter().enumerate() {
            match self.step(step) {
                Some(step) => value = self.taken(&value, &step),
                None => return self.splats(value, steps.get(position..).unwrap_or_default()),
            }
        }
        value
    }
}

const fn is_straight(step: &Written<'_>) -> bool {
    matches!(step, Written::Attribute(_) | Written::Index(_))
}

fn attribute<'a>(value: &Value<'a>, name: &str) -> Wanted<'a, Value<'a>> {
    match &value.kind {
        Kind::Unknown(_) => Ok(further(value, name)),
        Kind::Object(object) => {
            object.find(name).ok_or_else(|| Fault::Wrong(format!("there is no attribute `{name}`")))
        }
        // How members were told before there were indexes.
        Kind::Sequence(_) if name.bytes().all(|byte| byte.is_ascii_digit()) => {
            index(value, &Value::text(name.to_owned()))
        }
        Kind::Null | Kind::Flag(_) | Kind::Number(_) | Kind::Text(_) | Kind::Sequence(_) => {
            Err(Fault::Wrong(format!("{} has no attribute `{name}`", value.noun())))
        }
    }
}

/// The member of a value.
pub(crate) fn index<'a>(value: &Value<'a>, key: &Value<'a>) -> Wanted<'a, Value<'a>> {
    // How many of a resource there are is not known: one stands for all.
    if let Some(item) = value.as_sequence().and_then(Sequence::stand_in) {
        return Ok(item.clone());
    }
    match &value.kind {
        Kind::Unknown(_) => Ok(match &key.kind {
            Kind::Text(text) => further(value, &format!("[\"{}\"]", &**text)),
            Kind::Number(number) => further(value, &format!("[{number}]")),
            Kind::Null | Kind::Flag(_) | Kind::Sequence(_) | Kind::Object(_) | Kind::Unknown(_) => {
                value.because()
            }
        }),
        Kind::Object(object) => {
            let key = key.to_text()?;
            object.find(&key).ok_or_else(|| Fault::Wrong(format!("there is no key `{}`", &*key)))
        }
        Kind::Sequence(sequence) if sequence.shape() == Shape::Set => {
            Err(Fault::Wrong("members of a set have no index".to_owned()))
        }
        Kind::Sequence(_) => {
            let items = value.to_counted();
            let position = key.to_integer()?;
            let item = usize::try_from(position).ok().and_then(|position| items.as_ref().ok()?.get(position));
            match (item, items) {
                (Some(item), _) => Ok(item.clone()),
                (None, Err(fault)) => Err(fault),
                (None, Ok(items)) => {
                    Err(Fault::Wrong(format!("there is no member {position} of {}", items.len())))
                }
            }
        }
        Kind::Null | Kind::Flag(_) | Kind::Number(_) | Kind::Text(_) => {
            Err(Fault::Wrong(format!("{} has no members", value.noun())))
        }
    }
}

/// A part of what is not known: of something declared it is one of its attributes.
fn further<'a>(value: &Value<'a>, step: &str) -> Value<'a> {
    let Some(unknown) = value.as_unknown() else { return value.clone() };
    // What is wrong, and what was never evaluated, has no parts.
    let text = match unknown.cause {
        Cause::Unset | Cause::Existing | Cause::Computed => joined(&unknown.text, step),
        Cause::Changing | Cause::Unsupported | Cause::Wrong | Cause::TooLarge => return value.because(),
    };
    let made = match &unknown.refers {
        Some(to) => {
            let to = Reference { address: to.address.clone(), attribute: joined(&to.attribute, step) };
            Value::refers(unknown.cause, text, to)
        }
        None => Value::unknown(unknown.cause, text),
    };
    made.with_at(value.at)
}
