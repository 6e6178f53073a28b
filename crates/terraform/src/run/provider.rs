//! Which configuration of its provider a resource is made with.

use std::sync::Arc;

use cloud::json::{Cause, Node};

use super::block::Owner;
use super::rounds::Names;
use super::{Run, Slot};
use crate::module::{Resource, alias};
use crate::syntax::{Block, Expression, Form, Step};

impl<'m, 'a> Run<'m, 'a> {
    /// The configuration of the provider of a resource.
    pub(super) fn provider_of(&mut self, instance: usize, resource: &'m Resource<'a>) -> Arc<Node<'a>> {
        let written = resource.block.body.value("provider").and_then(named);
        let name = written.unwrap_or_else(|| {
            // The type says which: `aws_vpc` is of `aws`.
            resource.kind.split('_').next().unwrap_or_default().to_owned()
        });
        self.provider(instance, name)
    }

    /// The configuration with this name, `aws.west`, as an instance sees it.
    fn provider(&mut self, instance: usize, name: String) -> Arc<Node<'a>> {
        match self.providers.get(&(instance, name.clone())) {
            Some(Slot::Done(node)) => return node.clone(),
            Some(Slot::Busy) => return self.empty.clone(),
            None => {}
        }
        self.providers.insert((instance, name.clone()), Slot::Busy);
        let node = self.find_provider(instance, &name).unwrap_or_else(|| self.empty.clone());
        self.providers.insert((instance, name), Slot::Done(node.clone()));
        node
    }

    fn find_provider(&mut self, instance: usize, name: &str) -> Option<Arc<Node<'a>>> {
        let here = self.instances.get(instance)?;
        let (module, call) = (here.module, here.call.as_ref().map(|(caller, block, _)| (*caller, *block)));
        if let Some((caller, block)) = call
            && let Some(handed) = handed(block, name)
        {
            return Some(self.provider(caller, handed));
        }
        let is_it = |block: &&Block<'a>| {
            let label = block.labels.first().map_or("", |label| &**label);
            match (alias(&block.body), name.split_once('.')) {
                (None, None) => label == name,
                (Some(alias), Some((of, which))) => label == of && alias == which,
                (None, Some(_)) | (Some(_), None) => false,
            }
        };
        // Without a name of its own a configuration is that of all modules that are called.
        let Some(block) = module.providers.iter().find(is_it) else {
            let (caller, _) = call.filter(|_| !name.contains('.'))?;
            return Some(self.provider(caller, name.to_owned()));
        };
        let owner = Owner { address: "", cause: Cause::Existing };
        let value = self.object(instance, &Names::default(), &block.body, (owner, "", block.at));
        Some(Arc::new(self.attributes(&value, block.at)))
    }
}

/// The name that the caller has for what a module calls `name`.
fn handed(block: &Block<'_>, name: &str) -> Option<String> {
    let Form::Object(entries) = &block.body.value("providers")?.form else { return None };
    let found = entries.iter().find(|(key, _)| named(key).is_some_and(|key| key == name));
    found.and_then(|(_, value)| named(value))
}

/// `aws.west`, written as a reference or, by old code, as a string.
fn named(written: &Expression<'_>) -> Option<String> {
    match &written.form {
        Form::Name(name) => Some(name.to_string()),
        Form::Chain { of, steps } => match (&of.form, steps.as_slice()) {
            (Form::Name(name), [Step::Attribute(alias)]) => Some(format!("{name}.{alias}")),
            _ => None,
        },
        _ => written.literal().map(str::to_owned),
    }
}
