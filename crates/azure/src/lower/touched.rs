//! Which targets an edit may move.

use std::sync::Arc;

use model::Name;

use super::Lowering;
use super::index::Attachments;

impl Lowering<'_> {
    /// The targets that the rules of a group decide about, sorted: interfaces that carry it or are in a subnet that
    /// does, and the group itself.
    pub(crate) fn targets_of_group(&mut self, key: &Name) -> Vec<Name> {
        let Some(group) = self.estate.groups.get(key) else { return Vec::new() };
        let attached = Attachments::of(group, &self.index);
        if self.has_gateway_in(&attached.subnets) {
            return self.target_keys();
        }
        let mut touched = attached.interfaces;
        for subnet in &attached.subnets {
            touched.extend(self.index.interfaces_of_subnet.get(subnet).into_iter().flatten().cloned());
        }
        touched.push(Arc::clone(key));
        touched.sort_unstable();
        touched.dedup();
        touched
    }

    /// The targets that an edit of the resource of a key may move. Only for public addresses and machines, whose
    /// kind stays in the input, is it less than all: networks, routes, attachments and members reach far.
    pub(crate) fn touched_by(&mut self, key: &Name) -> Vec<Name> {
        let estate = self.estate;
        let near = match (estate.public_addresses.get(key), estate.machines.get(key)) {
            // What has it may lead to any interface.
            (Some(_), _) if !estate.devices.is_empty() => None,
            (Some(address), _) if estate.public_addresses.len() > 1 => {
                let user = address.used_by.as_deref().and_then(|user| user.split_once("/ipconfigurations/"));
                let mut near: Vec<Name> = user.map(|(interface, _)| interface.into()).into_iter().collect();
                near.extend(self.index.interfaces_of_public_address.get(key).into_iter().flatten().cloned());
                Some(near)
            }
            (_, Some(machine)) => {
                let mut near = machine.interfaces.clone();
                let theirs =
                    estate.interfaces.iter().filter(|(_, interface)| interface.machine.as_ref() == Some(key));
                near.extend(theirs.map(|(key, _)| Arc::clone(key)));
                Some(near)
            }
            (_, _) => None,
        };
        near.unwrap_or_else(|| self.target_keys())
    }
}
