//! What names mean where an expression stands.

use cloud::json::Cause;

use super::rounds::Names;
use super::{Item, Run};
use crate::expression::{Budget, Found, Scope, Step, evaluate};
use crate::paths::{is_inside, joined};
use crate::syntax::Expression;
use crate::value::{Text, Value};

/// A place in an instance.
struct View<'r, 'm, 'a> {
    run: &'r mut Run<'m, 'a>,
    instance: usize,
    names: &'r Names<'a>,
}

impl<'m, 'a> Run<'m, 'a> {
    /// What an expression of an instance comes to.
    pub(super) fn evaluate(
        &mut self,
        instance: usize,
        names: &Names<'a>,
        expression: &Expression<'a>,
    ) -> Value<'a> {
        evaluate(expression, &mut View { run: self, instance, names })
    }

    /// Does something with the names of an instance.
    pub(super) fn with_names<T>(&mut self, instance: usize, with: impl FnOnce(&mut dyn Scope<'a>) -> T) -> T {
        with(&mut View { run: self, instance, names: &Names::default() })
    }
}

impl<'a> Scope<'a> for View<'_, '_, 'a> {
    fn find(&mut self, root: &str, steps: &[Step<'a>]) -> Found<'a> {
        if let Some((_, value)) = self.names.iterators.iter().rev().find(|(name, _)| **name == *root) {
            return Found::This { value: value.clone(), used: 0 };
        }
        let name = |step: usize| match steps.get(step) {
            Some(Step::Attribute(name)) => Some(&**name),
            Some(Step::Index(_)) | None => None,
        };
        let Some(first) = name(0) else {
            return Found::Wrong(format!("`{root}` by itself is no value"));
        };
        match root {
            "var" => self.run.named(self.instance, Item::Variable(first)),
            "local" => self.run.named(self.instance, Item::Local(first)),
            "module" => self.run.called(self.instance, first, steps),
            "each" => self.each(first),
            "count" => self.count(first),
            "path" => self.path(first),
            "terraform" | "tofu" => {
                Found::This { value: Value::unknown(Cause::Unset, format!("{root}.{first}")), used: 1 }
            }
            "data" => match name(1) {
                Some(second) => self.run.resource_value(self.instance, &format!("data.{first}.{second}"), 2),
                None => Found::Wrong("`data` without a name is no value".to_owned()),
            },
            // What is made for a run only, and is in no state.
            "ephemeral" => {
                Found::This { value: Value::unknown(Cause::Computed, format!("ephemeral.{first}")), used: 1 }
            }
            kind => self.run.resource_value(self.instance, &format!("{kind}.{first}"), 1),
        }
    }

    fn budget(&mut self) -> &mut Budget {
        &mut self.run.budget
    }

    fn file(&mut self, path: &str) -> Option<&'a str> {
        self.run.file(path)
    }
}

impl<'a> View<'_, '_, 'a> {
    fn each(&self, name: &str) -> Found<'a> {
        match (&self.names.each, name) {
            (Some((key, _)), "key") => Found::This { value: key.clone(), used: 1 },
            (Some((_, value)), "value") => Found::This { value: value.clone(), used: 1 },
            _ => Found::Wrong(format!("there is no `each.{name}` here")),
        }
    }

    fn count(&self, name: &str) -> Found<'a> {
        match (&self.names.count, name) {
            (Some(index), "index") => Found::This { value: index.clone(), used: 1 },
            _ => Found::Wrong(format!("there is no `count.{name}` here")),
        }
    }

    fn path(&self, name: &str) -> Found<'a> {
        let value = match name {
            "root" => Value::text("."),
            "module" => {
                let path = self.run.instances.get(self.instance).map_or(".", |instance| &instance.path);
                Value::text(Text::from(path.to_owned()))
            }
            _ => Value::unknown(Cause::Existing, format!("path.{name}")),
        };
        Found::This { value, used: 1 }
    }
}

impl<'a> Run<'_, 'a> {
    /// The text of a file in the folder of one of the configuration's modules, as the first module would say it.
    fn file(&mut self, path: &str) -> Option<&'a str> {
        if path.starts_with('/') || path.starts_with('~') {
            return None;
        }
        let path = joined(self.folder, path);
        let is_ours = self.instances.iter().any(|instance| is_inside(&path, &instance.module.folder));
        if !is_ours {
            return None;
        }
        match self.library.files.get(&path) {
            Some((document, text)) => {
                self.read.insert(*document);
                Some(text)
            }
            None => {
                self.wanted.insert(path);
                None
            }
        }
    }
}
