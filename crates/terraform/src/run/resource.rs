//! Resources: how many there are of each, and what other expressions see of them.

use std::borrow::Cow;
use std::rc::Rc;

use cloud::json::{Cause, Node, Reference, Tree};
use cloud::{Declared, Presence};
use model::Effect;

use super::block::Owner;
use super::rounds::{Key, Repeated};
use super::{DECLARED_MAX, Run, Slot};
use crate::expression::Found;
use crate::module::Resource;
use crate::value::{Text, Value};

/// All that there are of a resource.
#[derive(Clone, Debug)]
pub(super) struct Expansion<'a> {
    repeated: Repeated,
    members: Vec<Member<'a>>,
}

/// One of them.
#[derive(Clone, Debug)]
struct Member<'a> {
    key: Option<Key<'a>>,
    presence: Presence,
    value: Value<'a>,
    /// What others see of it.
    seen: Value<'a>,
}

impl<'m, 'a> Run<'m, 'a> {
    /// What an expression sees of a resource of this instance.
    pub(super) fn resource_value(&mut self, instance: usize, address: &str, used: usize) -> Found<'a> {
        let Some(module) = self.module(instance) else { return Found::Wrong(String::new()) };
        let Some(position) = module.resource(address) else {
            return self.undeclared(module, address.to_owned(), used);
        };
        let value = match self.expansion(instance, position) {
            Some(expansion) => expansion.value(),
            None => {
                let at = module.resources.get(position).map_or("", |resource| resource.block.at);
                self.circle(&format!("{}{address}", self.prefix(instance)), at)
            }
        };
        Found::This { value, used }
    }

    /// All that there are of a resource; `None` where that is being found out.
    fn expansion(&mut self, instance: usize, position: usize) -> Option<Rc<Expansion<'a>>> {
        match self.resources.get(&(instance, position)) {
            Some(Slot::Done(expansion)) => return Some(expansion.clone()),
            Some(Slot::Busy) => return None,
            None => {}
        }
        self.resources.insert((instance, position), Slot::Busy);
        let resource = self.module(instance)?.resources.get(position)?;
        let expansion = Rc::new(self.expand(instance, resource));
        self.resources.insert((instance, position), Slot::Done(expansion.clone()));
        Some(expansion)
    }

    fn expand(&mut self, instance: usize, resource: &'m Resource<'a>) -> Expansion<'a> {
        let rounds = self.rounds(instance, &resource.block.body);
        let cause = if resource.is_looked_up { Cause::Existing } else { Cause::Computed };
        let mut members = Vec::with_capacity(rounds.rounds.len());
        for round in rounds.rounds {
            if self.declared >= DECLARED_MAX {
                let what = cloud::Quoted(&resource.address);
                let message = format!("{what}: more than {DECLARED_MAX} resources: the others are not read");
                self.tell(resource.block.at, "too-large", Effect::Skipped, message);
                break;
            }
            self.declared += 1;
            let key = round.key.as_ref().map(Key::to_string).unwrap_or_default();
            let address = format!("{}{}{key}", self.prefix(instance), resource.address);
            let owner = Owner { address: &address, cause };
            let place = (owner, "", resource.block.at);
            let value = self.object(instance, &round.names, &resource.block.body, place);
            let seen = seen(&value, &address, cause);
            members.push(Member { key: round.key, presence: round.presence, value, seen });
        }
        Expansion { repeated: rounds.repeated, members }
    }

    /// Adds what an instance declares itself.
    pub(super) fn declare(&mut self, instance: usize, declared: &mut Vec<Declared<'a>>) {
        let Some(module) = self.module(instance) else { return };
        for (position, resource) in module.resources.iter().enumerate() {
            let Some(expansion) = self.expansion(instance, position) else { continue };
            let provider = self.provider_of(instance, resource);
            for member in &expansion.members {
                let key = member.key.as_ref().map(Key::to_string).unwrap_or_default();
                let address = format!("{}{}{key}", self.prefix(instance), resource.address);
                let above = self.instances.get(instance).map(|instance| instance.presence);
                let presence =
                    if above == Some(Presence::Perhaps) { Presence::Perhaps } else { member.presence };
                declared.push(Declared {
                    kind: resource.kind.clone(),
                    attributes: self.attributes(&member.value, resource.block.at),
                    address,
                    provider: provider.clone(),
                    presence,
                    is_looked_up: resource.is_looked_up,
                });
            }
        }
    }

    /// An object as clouds take it.
    pub(super) fn attributes(&self, value: &Value<'a>, at: &'a str) -> Node<'a> {
        match value.tree() {
            Tree::Object(node) => node,
            // Too large to be written out: nothing of it may be taken as absent.
            other => Node::new(vec![(Cow::Borrowed(""), other)], Some(at)),
        }
    }
}

impl<'a> Expansion<'a> {
    fn value(&self) -> Value<'a> {
        let all_certain = self.members.iter().all(|member| member.presence == Presence::Certain);
        match (self.repeated, self.members.as_slice()) {
            (Repeated::Once, [member]) => member.seen.clone(),
            _ if !all_certain => {
                Value::partial(self.members.iter().map(|member| member.seen.clone()).collect())
            }
            (Repeated::Keyed, members) => {
                let entry = |member: &Member<'a>| match &member.key {
                    Some(Key::Name(name)) => Some((name.clone(), member.seen.clone())),
                    Some(Key::Index(_)) | None => None,
                };
                Value::object(members.iter().filter_map(entry).collect::<Vec<(Text<'a>, Value<'a>)>>())
            }
            (Repeated::Once | Repeated::Counted, members) => {
                Value::tuple(members.iter().map(|member| member.seen.clone()).collect())
            }
        }
    }
}

/// What others see of a resource: an argument of it that is not known is its attribute nevertheless.
fn seen<'a>(value: &Value<'a>, address: &str, cause: Cause) -> Value<'a> {
    let Some(object) = value.as_object() else { return value.clone() };
    let is_bare = |value: &Value<'a>| value.as_unknown().is_some_and(|unknown| unknown.refers.is_none());
    if !object.entries().iter().any(|(_, value)| is_bare(value)) {
        return value.clone();
    }
    let to = |attribute: &str| Reference { address: address.to_owned(), attribute: attribute.to_owned() };
    let entry = |(name, value): &(Text<'a>, Value<'a>)| match value.as_unknown() {
        Some(unknown) if is_bare(value) => {
            let seen = Value::refers(unknown.cause, unknown.text.clone(), to(name)).with_at(value.at);
            (name.clone(), seen)
        }
        _ => (name.clone(), value.clone()),
    };
    Value::open_object(object.entries().iter().map(entry).collect(), value.at, cause, to(""))
}
