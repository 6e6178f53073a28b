//! Operators.

use cloud::json::Cause;

use super::Evaluator;
use crate::syntax::{Binary, Expression, Unary};
use crate::value::{Fault, Number, Value, Wanted, equals};

impl<'e, 'a> Evaluator<'_, 'e, 'a> {
    pub(super) fn unary(&mut self, operator: Unary, operand: &'e Expression<'a>, at: &'a str) -> Value<'a> {
        let operand = self.value(operand);
        let made = match operator {
            Unary::Not => operand.to_flag().map(|flag| Value::flag(!flag)),
            Unary::Minus => operand
                .to_number()
                .and_then(|number| number.negative().map(Value::from).ok_or(Fault::TooLarge)),
        };
        self.settle(made, at)
    }

    pub(super) fn binary(
        &mut self,
        operator: Binary,
        operands: &'e [Expression<'a>; 2],
        at: &'a str,
    ) -> Value<'a> {
        let [left, right] = operands;
        let left = self.value(left);
        match operator {
            Binary::And => self.logical(&left, right, false, at),
            Binary::Or => self.logical(&left, right, true, at),
            _ => {
                let right = self.value(right);
                let made = self.operated(operator, &left, &right, at);
                self.settle(made, at)
            }
        }
    }

    fn operated(
        &mut self,
        operator: Binary,
        left: &Value<'a>,
        right: &Value<'a>,
        at: &'a str,
    ) -> Wanted<'a, Value<'a>> {
        match operator {
            Binary::Equal => self.equal(left, right, at),
            Binary::Unequal => {
                let equal = self.equal(left, right, at)?;
                Ok(equal.as_flag().map_or_else(|| equal.because(), |equal| Value::flag(!equal)))
            }
            Binary::Less => compared(left, right, |left, right| left < right),
            Binary::LessOrEqual => compared(left, right, |left, right| left <= right),
            Binary::Greater => compared(left, right, |left, right| left > right),
            Binary::GreaterOrEqual => compared(left, right, |left, right| left >= right),
            Binary::Add => computed(left, right, Number::plus),
            Binary::Subtract => computed(left, right, |left, right| left.plus(right.negative()?)),
            Binary::Multiply => computed(left, right, Number::times),
            Binary::Divide | Binary::Remainder
                if right.to_number().is_ok_and(|right| right == Number::whole(0)) =>
            {
                left.to_number()?;
                Err(Fault::Wrong("it is divided by zero".to_owned()))
            }
            Binary::Divide => computed(left, right, Number::over),
            Binary::Remainder => computed(left, right, Number::modulo),
            Binary::And | Binary::Or => Err(Fault::Unsupported("logic of numbers")),
        }
    }

    /// `&&` and `||`: one side that decides is enough, be the other not known.
    fn logical(
        &mut self,
        left: &Value<'a>,
        right: &'e Expression<'a>,
        decides: bool,
        at: &'a str,
    ) -> Value<'a> {
        let left = left.to_flag();
        if let Ok(flag) = left
            && flag == decides
        {
            return Value::flag(decides);
        }
        let errors = self.errors;
        let right = match &left {
            Ok(_) | Err(Fault::Unknown(_)) => self.value(right).to_flag(),
            Err(_) => Ok(!decides),
        };
        let made = match (left, right) {
            (Ok(_), right) => right.map(Value::flag),
            (Err(Fault::Unknown(_)), Ok(flag)) if flag == decides && self.errors == errors => {
                Ok(Value::flag(decides))
            }
            (Err(fault), _) => {
                // Whether the right side counts is not known, nor is then whether it is wrong.
                self.errors = errors;
                Err(fault)
            }
        };
        self.settle(made, at)
    }

    fn equal(&mut self, left: &Value<'a>, right: &Value<'a>, at: &'a str) -> Wanted<'a, Value<'a>> {
        if !self.scope.budget().spend(left.weight().min(right.weight())) {
            return Err(Fault::TooLarge);
        }
        match equals(left, right) {
            Some(equal) => Ok(Value::flag(equal)),
            None => {
                let unknown = left.first_unknown().or_else(|| right.first_unknown());
                Err(Fault::Unknown(unknown.unwrap_or_else(|| Value::unknown(Cause::Unsupported, at))))
            }
        }
    }
}

fn compared<'a>(
    left: &Value<'a>,
    right: &Value<'a>,
    holds: fn(&Number, &Number) -> bool,
) -> Wanted<'a, Value<'a>> {
    Ok(Value::flag(holds(&left.to_number()?, &right.to_number()?)))
}

fn computed<'a>(
    left: &Value<'a>,
    right: &Value<'a>,
    with: fn(Number, Number) -> Option<Number>,
) -> Wanted<'a, Value<'a>> {
    with(left.to_number()?, right.to_number()?).map(Value::from).ok_or(Fault::TooLarge)
}
