//! Calls of functions.

use super::Evaluator;
use crate::function::{Does, Function};
use crate::syntax::Expression;
use crate::value::{Fault, Kind, Value, Wanted};
use cloud::json::Cause;

impl<'e, 'a> Evaluator<'_, 'e, 'a> {
    pub(super) fn called(
        &mut self,
        name: &str,
        arguments: &'e [Expression<'a>],
        is_spread: bool,
        at: &'a str,
    ) -> Value<'a> {
        let made = self.call(name, arguments, is_spread);
        self.settle(made, at)
    }

    fn call(
        &mut self,
        name: &str,
        arguments: &'e [Expression<'a>],
        is_spread: bool,
    ) -> Wanted<'a, Value<'a>> {
        let name = name.strip_prefix("core::").unwrap_or(name);
        let Some(function) = Function::named(name) else {
            // A provider's, or one of a later version.
            return Err(Fault::Unsupported("a function"));
        };
        match function.does {
            Does::Try if !is_spread => return self.attempt(arguments),
            Does::Can if !is_spread => return self.can(arguments),
            Does::Try | Does::Can | Does::Compute(_) | Does::Ask(_) | Does::Change | Does::Nothing => {}
        }
        let values = self.arguments(arguments, is_spread)?;
        function.takes(values.len())?;
        let weight = values.iter().map(Value::weight).fold(0, usize::saturating_add);
        if !self.scope.budget().spend(weight) {
            return Err(Fault::TooLarge);
        }
        match function.does {
            Does::Compute(with) => with(&values, self.scope.budget()),
            Does::Ask(with) => with(&values, self.scope),
            Does::Change => Err(Fault::Unknown(Value::unknown(Cause::Changing, format!("{name}()")))),
            // What is not known says more than that the function is not evaluated.
            Does::Try | Does::Can | Does::Nothing => {
                let unknown = values.iter().find_map(Value::first_unknown);
                Err(unknown.map_or(Fault::Unsupported("a function"), Fault::Unknown))
            }
        }
    }

    fn arguments(&mut self, arguments: &'e [Expression<'a>], is_spread: bool) -> Wanted<'a, Vec<Value<'a>>> {
        let mut values: Vec<Value<'a>> = arguments.iter().map(|argument| self.value(argument)).collect();
        if is_spread && let Some(last) = values.pop() {
            values.extend_from_slice(last.to_counted()?);
        }
        Ok(values)
    }

    /// The first value that is not wrong.
    fn attempt(&mut self, arguments: &'e [Expression<'a>]) -> Wanted<'a, Value<'a>> {
        let (errors, doubts) = (self.errors, self.doubts);
        let mut reasons = Vec::new();
        for argument in arguments {
            (self.errors, self.doubts) = (errors, doubts);
            let value = self.value(argument);
            if self.errors == errors {
                return settled(value, self.doubts > doubts);
            }
            reasons.extend(value.as_unknown().map(|unknown| unknown.text.clone().into_owned()));
        }
        self.errors = errors;
        Err(Fault::Wrong(format!("nothing of it can be evaluated: {}", reasons.join("; "))))
    }

    /// Whether a value is not wrong.
    fn can(&mut self, arguments: &'e [Expression<'a>]) -> Wanted<'a, Value<'a>> {
        let [argument] = arguments else { return Err(Fault::Wrong("`can` takes one value".to_owned())) };
        let (errors, doubts) = (self.errors, self.doubts);
        let value = self.value(argument);
        let is_right = self.errors == errors;
        self.errors = errors;
        if is_right {
            settled(value, self.doubts > doubts)?;
        }
        Ok(Value::flag(is_right))
    }
}

/// A value, if nothing that is not known may still turn out to be wrong; `is_doubtful` is whether something was made of such.
fn settled<'a>(value: Value<'a>, is_doubtful: bool) -> Wanted<'a, Value<'a>> {
    match value.first_unknown() {
        Some(unknown) if !is_settled(&value) => Err(Fault::Unknown(unknown)),
        None if is_doubtful => Err(Fault::Unsupported("what may be wrong")),
        Some(_) | None => Ok(value),
    }
}

/// Whether no part of a value may turn out to be wrong.
pub(super) fn is_settled(value: &Value<'_>) -> bool {
    match &value.kind {
        // Every resource has the attributes of its type; members of these it may not have.
        Kind::Unknown(unknown) => {
            unknown.cause == Cause::Computed
                && unknown.refers.as_ref().is_some_and(|to| !to.attribute.contains(['[', '.']))
        }
        Kind::Sequence(sequence) => sequence.items().iter().all(is_settled),
        Kind::Object(object) => object.entries().iter().all(|(_, value)| is_settled(value)),
        Kind::Null | Kind::Flag(_) | Kind::Number(_) | Kind::Text(_) => true,
    }
}
