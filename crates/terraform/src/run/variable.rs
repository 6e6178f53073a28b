//! Variables, local values and outputs: by name, each evaluated once.

use std::rc::Rc;

use cloud::json::Cause;

use super::rounds::Names;
use super::{Item, Run, Slot};
use crate::expression::{Budget, Found, Scope, Step, evaluate};
use crate::library::Values;
use crate::module::Module;
use crate::syntax::{Block, Expression, Form};
use crate::value::{Type, Value};

impl<'m, 'a> Run<'m, 'a> {
    /// Takes values of variables; later ones count.
    pub(super) fn give(&mut self, values: &[&'m Values<'a>]) {
        for values in values {
            for attribute in &values.body.attributes {
                let value = evaluate(&attribute.value, &mut Nothing { budget: &mut self.budget });
                self.given.insert(attribute.name.to_string(), value);
            }
        }
    }

    /// The value of something that has one by its name.
    pub(super) fn named(&mut self, instance: usize, item: Item<'_>) -> Found<'a> {
        let Some(module) = self.module(instance) else { return Found::Wrong(String::new()) };
        let Some((item, at)) = declared(module, item) else {
            return self.undeclared(module, words(item), 1);
        };
        let value = match self.values.get(&(instance, item)) {
            Some(Slot::Done(value)) => value.clone(),
            Some(Slot::Busy) => self.circle(&words(item), at),
            None => {
                self.values.insert((instance, item), Slot::Busy);
                let value = self.value_of(instance, module, item);
                self.values.insert((instance, item), Slot::Done(value.clone()));
                value
            }
        };
        Found::This { value, used: 1 }
    }

    fn value_of(&mut self, instance: usize, module: &'m Module<'a>, item: Item<'m>) -> Value<'a> {
        match item {
            Item::Variable(name) => match module.variables.get(name) {
                Some(block) => self.variable(instance, name, block),
                None => Value::null(),
            },
            Item::Local(name) => match module.locals.get(name) {
                Some(local) => self.evaluate(instance, &Names::default(), &local.value),
                None => Value::null(),
            },
            Item::Output(name) => {
                match module.outputs.get(name).and_then(|block| block.body.value("value")) {
                    Some(value) => self.evaluate(instance, &Names::default(), value),
                    None => Value::unknown(Cause::Wrong, words(item)),
                }
            }
        }
    }

    fn variable(&mut self, instance: usize, name: &str, block: &'m Block<'a>) -> Value<'a> {
        let given = self.argument(instance, name);
        let is_nullable =
            !matches!(block.body.value("nullable").map(|value| &value.form), Some(Form::Flag(false)));
        let given = given.filter(|value| is_nullable || !value.is_null());
        let value = match (given, block.body.value("default")) {
            (Some(value), _) => value,
            (None, Some(default)) => evaluate(default, &mut Nothing { budget: &mut self.budget }),
            (None, None) => return Value::unknown(Cause::Unset, format!("var.{name}")),
        };
        let Some(of) = self.type_of(instance, block) else { return value };
        let at = value.at;
        match of.convert(value) {
            Ok(value) => value.or_at(at),
            Err(wrong) => Value::unknown(Cause::Wrong, format!("var.{name}: {wrong}")).with_at(at),
        }
    }

    /// What is handed to a variable.
    fn argument(&mut self, instance: usize, name: &str) -> Option<Value<'a>> {
        let Some((caller, call, names)) = self.instances.get(instance)?.call.clone() else {
            return self.given.get(name).cloned();
        };
        let argument = call.body.value(name)?;
        Some(self.evaluate(caller, &names, argument))
    }

    /// The type of a variable; none where it has none that can be read.
    fn type_of(&mut self, instance: usize, block: &'m Block<'a>) -> Option<Rc<Type<'a>>> {
        let key = std::ptr::from_ref(block);
        if let Some(known) = self.types.get(&key) {
            return known.clone();
        }
        let written = block.body.value("type")?;
        // Old code writes it as a string.
        let inner = old_type(written);
        let of = self.with_names(instance, |scope| Type::read(inner.as_ref().unwrap_or(written), scope));
        let of = of.ok().map(Rc::new);
        self.types.insert(key, of.clone());
        of
    }
}

fn old_type<'a>(written: &Expression<'a>) -> Option<Expression<'a>> {
    let words = match written.literal()? {
        "list" => "list(any)",
        "map" => "map(any)",
        // The quotes around it are no part of it.
        _ => written.at.trim_matches('"'),
    };
    crate::syntax::expression(words).ok()
}

fn words(item: Item<'_>) -> String {
    match item {
        Item::Variable(name) => format!("var.{name}"),
        Item::Local(name) => format!("local.{name}"),
        Item::Output(name) => format!("output.{name}"),
    }
}

/// The item with the name that the module itself has for it, and where that stands.
fn declared<'m, 'a>(module: &'m Module<'a>, item: Item<'_>) -> Option<(Item<'m>, &'a str)> {
    match item {
        Item::Variable(name) => {
            module.variables.get_key_value(name).map(|(name, block)| (Item::Variable(name), block.at))
        }
        Item::Local(name) => {
            module.locals.get_key_value(name).map(|(name, local)| (Item::Local(name), local.at))
        }
        Item::Output(name) => {
            module.outputs.get_key_value(name).map(|(name, block)| (Item::Output(name), block.at))
        }
    }
}

/// A scope in which no name means anything: where only values may stand.
struct Nothing<'b> {
    budget: &'b mut Budget,
}

impl<'a> Scope<'a> for Nothing<'_> {
    fn find(&mut self, root: &str, _: &[Step<'a>]) -> Found<'a> {
        Found::Wrong(format!("`{root}` means nothing here, expected a value"))
    }

    fn budget(&mut self) -> &mut Budget {
        self.budget
    }

    fn file(&mut self, _: &str) -> Option<&'a str> {
        None
    }
}
