//! Calls of modules: where a module is, how many instances there are of it, and what its outputs are.

use std::rc::Rc;

use cloud::json::Cause;
use cloud::{Presence, Quoted};
use model::Effect;

use super::rounds::{Key, Repeated};
use super::{Instance, Item, Run, Slot};
use crate::expression::{Found, Step};
use crate::module::Module;
use crate::paths::joined;
use crate::syntax::Block;
use crate::value::{Text, Value};

/// The instances that a call makes; none where the module is not in the input.
#[derive(Clone, Debug)]
pub(super) struct Calls {
    repeated: Repeated,
    is_missing: bool,
    /// The key as addresses have it, the instance, and whether it will be there.
    members: Vec<(String, usize, Presence)>,
}

impl<'m, 'a> Run<'m, 'a> {
    /// Adds the instances that the calls of an instance make.
    pub(super) fn call_all(&mut self, instance: usize) {
        let Some(module) = self.module(instance) else { return };
        for name in module.calls.keys() {
            self.calls_of(instance, name);
        }
    }

    /// `module.x`, `module.x["k"].y`.
    pub(super) fn called(&mut self, instance: usize, name: &str, steps: &[Step<'a>]) -> Found<'a> {
        let Some(module) = self.module(instance) else { return Found::Wrong(String::new()) };
        let Some((name, block)) = module.calls.get_key_value(name) else {
            return self.undeclared(module, format!("module.{name}"), 1);
        };
        let Some(calls) = self.calls_of(instance, name) else {
            let value = self.circle(&format!("module.{name}"), block.at);
            return Found::This { value, used: 1 };
        };
        if calls.is_missing {
            let value = Value::unknown(Cause::Existing, format!("module.{name}"));
            return Found::This { value, used: 1 };
        }
        let keyed = usize::from(calls.repeated != Repeated::Once);
        // Only the output that is asked for is evaluated, where that can be told.
        if let (Some(member), Some(Step::Attribute(output))) =
            (calls.member(steps.get(1)), steps.get(1 + keyed))
        {
            return match self.output(member, output) {
                Found::This { value, .. } => Found::This { value, used: 2 + keyed },
                wrong @ Found::Wrong(_) => wrong,
            };
        }
        Found::This { value: self.outputs(&calls), used: 1 }
    }

    fn output(&mut self, instance: usize, name: &str) -> Found<'a> {
        self.named(instance, Item::Output(name))
    }

    /// All outputs of all instances.
    fn outputs(&mut self, calls: &Calls) -> Value<'a> {
        let mut members = Vec::with_capacity(calls.members.len());
        for (key, instance, presence) in &calls.members {
            let Some(module) = self.module(*instance) else { continue };
            let mut entries: Vec<(Text<'a>, Value<'a>)> = Vec::new();
            for name in module.outputs.keys() {
                if let Found::This { value, .. } = self.output(*instance, name) {
                    entries.push((name.clone().into(), value));
                }
            }
            members.push((key, Value::object(entries), *presence));
        }
        let is_certain = members.iter().all(|(_, _, presence)| *presence == Presence::Certain);
        match (calls.repeated, members.as_slice()) {
            (Repeated::Once, [(_, value, _)]) => value.clone(),
            _ if !is_certain => {
                let unknown = Value::unknown(Cause::Unset, "how often a module is called");
                Value::partial(members.into_iter().map(|(_, value, _)| value).chain([unknown]).collect())
            }
            (Repeated::Keyed, _) => {
                Value::object(members.into_iter().map(|(key, value, _)| (bare(key).into(), value)).collect())
            }
            (Repeated::Once | Repeated::Counted, _) => {
                Value::tuple(members.into_iter().map(|(_, value, _)| value).collect())
            }
        }
    }

    /// The instances that a call makes; `None` where that is being found out.
    fn calls_of(&mut self, instance: usize, name: &'m str) -> Option<Rc<Calls>> {
        match self.calls.get(&(instance, name)) {
            Some(Slot::Done(calls)) => return Some(calls.clone()),
            Some(Slot::Busy) => return None,
            None => {}
        }
        self.calls.insert((instance, name), Slot::Busy);
        let block = self.module(instance)?.calls.get(name)?;
        let calls = Rc::new(self.call(instance, name, block));
        self.calls.insert((instance, name), Slot::Done(calls.clone()));
        Some(calls)
    }

    fn call(&mut self, instance: usize, name: &'m str, block: &'m Block<'a>) -> Calls {
        let missing = Calls { repeated: Repeated::Once, is_missing: true, members: Vec::new() };
        let Some((module, path)) = self.target(instance, name, block) else { return missing };
        let Some(caller) = self.instances.get(instance) else { return missing };
        let (prefix, names) = (caller.prefix.clone(), joined_names(&caller.names, name));
        let (depth, above) = (caller.depth + 1, caller.presence);
        if depth > CALLS_DEPTH_MAX || self.calls_itself(instance, &module.folder) {
            let message =
                format!("the module {} calls itself, expected an end: it is not read again", Quoted(name));
            self.tell(block.at, "cyclic-reference", Effect::Skipped, message);
            return missing;
        }
        let rounds = self.rounds(instance, &block.body);
        let mut members = Vec::with_capacity(rounds.rounds.len());
        for round in rounds.rounds {
            if self.instances.len() >= INSTANCES_MAX {
                let message = format!("more than {INSTANCES_MAX} calls of modules: the others are not read");
                self.tell(block.at, "too-large", Effect::Skipped, message);
                break;
            }
            let key = round.key.as_ref().map(Key::to_string).unwrap_or_default();
            let presence = if above == Presence::Perhaps { above } else { round.presence };
            members.push((key.clone(), self.instances.len(), round.presence));
            self.instances.push(Instance {
                module,
                path: path.clone(),
                prefix: format!("{prefix}module.{name}{key}."),
                names: names.clone(),
                call: Some((instance, block, round.names)),
                presence,
                depth,
            });
        }
        Calls { repeated: rounds.repeated, is_missing: false, members }
    }

    /// The module that is called, and its folder as the first module would say it; where it is not in the input, that is
    /// told.
    fn target(
        &mut self,
        instance: usize,
        name: &str,
        block: &'m Block<'a>,
    ) -> Option<(&'m Module<'a>, String)> {
        let caller = self.instances.get(instance)?;
        let Some(source) = block.body.value("source").and_then(|source| source.literal()) else {
            let message =
                format!("the module {}: its source is not known: what it declares is not read", Quoted(name));
            self.tell(block.at, "missing-module", Effect::Skipped, message);
            return None;
        };
        if is_local(source) {
            let folder = joined(&caller.module.folder, source);
            let path = joined(&caller.path, source);
            let path = if path.is_empty() { ".".to_owned() } else { path };
            let library = self.library;
            if let Some(module) = library.modules.get(&folder) {
                return Some((module, path));
            }
            self.wanted.insert(folder);
        } else {
            let names = joined_names(&caller.names, name);
            let library = self.library;
            match library.registers.get(self.folder).map(|register| register.get(&names)) {
                Some(Some(folder)) => {
                    if let Some(module) = library.modules.get(folder) {
                        let path = folder.strip_prefix(self.folder).unwrap_or(folder).trim_start_matches('/');
                        return Some((module, path.to_owned()));
                    }
                    self.wanted.insert(folder.clone());
                }
                Some(None) => {}
                None => {
                    self.wanted.insert(joined(self.folder, REGISTER));
                }
            }
        }
        let message = format!(
            "the module {} from {} is not in the input: what it declares is not read{}",
            Quoted(name),
            Quoted(source),
            if is_local(source) { "" } else { " (`terraform init` puts it into `.terraform/modules`)" }
        );
        self.tell(block.at, "missing-module", Effect::Skipped, message);
        None
    }

    fn calls_itself(&self, instance: usize, folder: &str) -> bool {
        let mut next = Some(instance);
        while let Some(caller) = next.and_then(|next| self.instances.get(next)) {
            if caller.module.folder == folder {
                return true;
            }
            next = caller.call.as_ref().map(|(caller, _, _)| *caller);
        }
        false
    }
}

impl Calls {
    /// The instance that a step leads to; where there is one, the step is one further.
    fn member(&self, step: Option<&Step<'_>>) -> Option<usize> {
        if self.repeated == Repeated::Once {
            return self.members.first().map(|(_, instance, _)| *instance);
        }
        // The one that stands for all is whichever is asked for.
        if let [(key, instance, Presence::Perhaps)] = self.members.as_slice()
            && key.is_empty()
        {
            return step.map(|_| *instance);
        }
        let key = match step? {
            Step::Attribute(name) => Key::Index(name.parse().ok()?),
            Step::Index(value) => match (value.as_text(), value.as_integer()) {
                (Some(name), _) => Key::Name(name.clone()),
                (None, Some(index)) => Key::Index(usize::try_from(index).ok()?),
                (None, None) => return None,
            },
        };
        let key = key.to_string();
        self.members.iter().find(|(known, _, _)| *known == key).map(|(_, instance, _)| *instance)
    }
}

/// The key of an object that a key of an address is.
fn bare(key: &str) -> String {
    let key = key.trim_start_matches("[\"").trim_end_matches("\"]");
    key.replace("\\\"", "\"").replace("\\\\", "\\")
}

/// Whether a source is a folder beside.
pub(crate) fn is_local(source: &str) -> bool {
    source.starts_with("./") || source.starts_with("../") || matches!(source, "." | "..")
}

fn joined_names(before: &str, name: &str) -> String {
    if before.is_empty() { name.to_owned() } else { format!("{before}.{name}") }
}

/// Modules in modules.
const CALLS_DEPTH_MAX: usize = 30;
/// Instances of a configuration.
const INSTANCES_MAX: usize = 10_000;
/// Where `terraform init` says where it put modules.
const REGISTER: &str = ".terraform/modules/modules.json";
