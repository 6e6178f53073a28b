//! Conditions: true, false, or not known, as far as what is known decides them.

use cloud::Quoted;
use cloud::json::Tree;
use model::Effect;

use super::functions::arguments;
use super::stack::Stack;
use super::text::{exact, section};

/// How far a condition is decided. Complete.
#[derive(Clone, Copy, Debug)]
pub(super) enum Settling {
    Begun,
    /// `None`: not known.
    Done(Option<bool>),
}

impl<'a> Stack<'_, 'a> {
    /// Whether a condition holds, by its name; `None`: not known.
    pub(super) fn holds(&self, name: &Tree<'a>) -> Option<bool> {
        let Tree::Text(name) = name else { return None };
        let known = self.conditions.borrow().get(&**name).copied();
        match known {
            Some(Settling::Done(truth)) => return truth,
            Some(Settling::Begun) => {
                let message = format!("the condition {} asks for itself: it is not known", Quoted(name));
                self.tell(None, "reference-cycle", Effect::Undecided, message);
                return None;
            }
            None => {}
        }
        let written = section(&self.root, "Conditions").and_then(|conditions| exact(conditions, name));
        let Some(written) = written else {
            let message = format!("there is no condition {}: it is not known", Quoted(name));
            self.tell(None, "unresolved-reference", Effect::Undecided, message);
            return None;
        };
        self.conditions.borrow_mut().insert(name.clone().into_owned(), Settling::Begun);
        let truth = self.run.step(|| self.decide(written)).flatten();
        self.conditions.borrow_mut().insert(name.clone().into_owned(), Settling::Done(truth));
        truth
    }

    /// Whether an expression of a condition is true.
    fn decide(&self, tree: &Tree<'a>) -> Option<bool> {
        self.run.step(|| self.decided(tree)).flatten()
    }

    fn decided(&self, tree: &Tree<'a>) -> Option<bool> {
        let Tree::Object(node) = tree else { return None };
        let [(function, argument)] = node.entries() else { return None };
        let mut each = arguments(argument).iter().map(|one| self.decide(one));
        match &**function {
            "Condition" => self.holds(argument),
            "Fn::Equals" => match arguments(argument) {
                [one, other] => super::equal::equal(&self.value(one)?, &self.value(other)?),
                _ => None,
            },
            "Fn::Not" => match arguments(argument) {
                [one] => self.decide(one).map(|truth| !truth),
                _ => None,
            },
            "Fn::And" if each.len() > 0 => each
                .try_fold(Some(true), |all, own| match (all, own) {
                    (_, Some(false)) => Err(()),
                    (Some(true), Some(true)) => Ok(Some(true)),
                    (_, _) => Ok(None),
                })
                .unwrap_or(Some(false)),
            "Fn::Or" if each.len() > 0 => each
                .try_fold(Some(false), |one, own| match (one, own) {
                    (_, Some(true)) => Err(()),
                    (Some(false), Some(false)) => Ok(Some(false)),
                    (_, _) => Ok(None),
                })
                .unwrap_or(Some(true)),
            _ => None,
        }
    }
}
