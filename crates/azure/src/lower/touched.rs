//! Which targets an edit may move: few where it is known what depends on what was edited, else all.
//!
//! Asked before an edit and after it. Knows no edit, only what it is about.

use std::sync::Arc;

use model::Name;

use crate::estate::Estate;
use crate::resource::{Device, Interface, Kept, Resource, Subnet, UNREADABLE_KEY};

use super::Lowering;
use super::index::Attachments;

/// What an edit is about. Complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stir {
    /// The rules of a group, and nothing else of it.
    Rules(Name),
    /// A group: what it lets in and what it says that it is attached to.
    Group(Name),
    /// An interface.
    Interface(Name),
    /// A public address.
    Address(Name),
    /// A virtual machine.
    Machine(Name),
    /// Which groups are at these subnets.
    Subnets(Vec<Name>),
    /// A service, or what is kept beside it.
    Service(Name),
    /// Something that may reach any target.
    Everything,
}

impl Stir {
    /// What an edit is about that left a resource as it is now (`None`: gone), by what is known of it before.
    pub(crate) fn of(estate: &Estate, key: &Name, now: &[Resource], rules_only: bool) -> Self {
        match now {
            [] => Self::of_gone(estate, key),
            [Resource::Group(group)] => {
                let known = estate.groups.get(key);
                let is_attached_alike = known.is_some_and(|known| {
                    known.is_projected == group.is_projected
                        && known.interfaces == group.interfaces
                        && known.subnets == group.subnets
                });
                match known {
                    Some(_) if rules_only || is_attached_alike => Self::Rules(Arc::clone(key)),
                    Some(_) | None => Self::Group(Arc::clone(key)),
                }
            }
            [Resource::Interface(interface)] => {
                if is_near(estate, estate.interfaces.get(key), Some(interface)) {
                    Self::Interface(Arc::clone(key))
                } else {
                    Self::Everything
                }
            }
            [Resource::PublicAddress(_)] => Self::Address(Arc::clone(key)),
            [Resource::Machine(_)] => Self::Machine(Arc::clone(key)),
            [Resource::Subnet(subnet)] => match estate.subnets.get(key) {
                Some(known) if has_only_another_group(known, subnet) => Self::Subnets(vec![Arc::clone(key)]),
                Some(_) | None => Self::Everything,
            },
            [Resource::Network(parts)] => Self::of_network(estate, key, parts),
            [Resource::Device(device)] => Self::of_device(device),
            _ => Self::Everything,
        }
    }

    fn of_gone(estate: &Estate, key: &Name) -> Self {
        if estate.groups.contains_key(key) {
            Self::Group(Arc::clone(key))
        } else if estate.interfaces.contains_key(key) {
            match is_near(estate, estate.interfaces.get(key), None) {
                true => Self::Interface(Arc::clone(key)),
                false => Self::Everything,
            }
        } else if estate.public_addresses.contains_key(key) {
            Self::Address(Arc::clone(key))
        } else if estate.machines.contains_key(key) {
            Self::Machine(Arc::clone(key))
        } else if let Some(part) = estate.devices.service_parts.get(key) {
            part.owner.as_ref().map_or(Self::Everything, |owner| Self::Service(Arc::clone(&owner.key)))
        } else if let Some(service) = estate.devices.services.get(key) {
            match service.kept {
                Kept::Subnet(_) => Self::Everything,
                _ => Self::Service(Arc::clone(key)),
            }
        } else {
            Self::Everything
        }
    }

    fn of_device(device: &Device) -> Self {
        match device {
            Device::Service(service) => match service.kept {
                Kept::Subnet(_) => Self::Everything,
                _ => Self::Service(Arc::clone(&service.identity.key)),
            },
            Device::ServicePart(part) => {
                part.owner.as_ref().map_or(Self::Everything, |owner| Self::Service(Arc::clone(&owner.key)))
            }
            _ => Self::Everything,
        }
    }

    fn of_network(estate: &Estate, key: &Name, parts: &crate::resource::NetworkParts) -> Self {
        let Some(known) = estate.networks.get(key).filter(|known| **known == parts.network) else {
            return Self::Everything;
        };
        debug_assert_eq!(known.identity.key, *key);
        let now: &[Subnet] = parts.subnets.as_deref().unwrap_or_default();
        let before = estate.subnets.values().filter(|subnet| subnet.network.as_ref() == Some(key)).count();
        let peerings = parts.peerings.as_deref().unwrap_or_default();
        let told = estate.peerings.values().filter(|peering| peering.network.as_ref() == Some(key)).count();
        let are_peered_alike = told == peerings.len()
            && peerings.iter().all(|one| estate.peerings.get(&one.identity.key) == Some(one));
        if before != now.len() || !are_peered_alike {
            return Self::Everything;
        }
        let mut changed = Vec::new();
        for subnet in now {
            match estate.subnets.get(&subnet.identity.key) {
                Some(known) if known == subnet => {}
                Some(known) if has_only_another_group(known, subnet) => {
                    changed.push(Arc::clone(&subnet.identity.key));
                }
                Some(_) | None => return Self::Everything,
            }
        }
        Self::Subnets(changed)
    }
}

/// Whether only the group of a subnet is another one.
fn has_only_another_group(known: &Subnet, now: &Subnet) -> bool {
    let group = known.group.clone();
    let is_readable = [&known.group, &now.group].iter().all(|group| group.as_deref() != Some(UNREADABLE_KEY));
    let mut alike = now.clone();
    alike.group = group;
    alike.without_group = known.without_group;
    alike.interfaces.clone_from(&known.interfaces);
    is_readable && alike == *known && now.interfaces == known.interfaces
}

/// Whether an edit of an interface moves nothing that is far from it: what load balancers lead to it is the same.
fn is_near(estate: &Estate, before: Option<&Interface>, now: Option<&Interface>) -> bool {
    let is_readable =
        |one: Option<&Interface>| one.is_none_or(|one| one.group.as_deref() != Some(UNREADABLE_KEY));
    let led = |one: Option<&Interface>| {
        let configurations = one.map_or(&[][..], |one| one.configurations.as_slice());
        let led = configurations.iter().map(|one| (&one.key, &one.addresses, &one.subnet, &one.balancing));
        led.map(|(key, addresses, subnet, balancing)| {
            (key.clone(), addresses.clone(), subnet.clone(), balancing.clone())
        })
        .collect::<Vec<_>>()
    };
    let devices = &estate.devices;
    let has_balancers = !devices.load_balancers.is_empty()
        || !devices.backend_pools.is_empty()
        || !devices.balancer_frontends.is_empty()
        || !devices.application_gateways.is_empty()
        || !devices.firewalls.is_empty()
        || !devices.scale_sets.is_empty();
    is_readable(before) && is_readable(now) && (!has_balancers || led(before) == led(now))
}

impl Lowering<'_> {
    /// The keys of the targets that an edit of this may move, sorted; `None` where it may be any.
    pub(crate) fn stirred(&mut self, stir: &Stir) -> Option<Vec<Name>> {
        let mut keys = match stir {
            Stir::Rules(key) => self.near_group(key)?,
            Stir::Group(key) if self.leaves_subnets_open() => {
                debug_assert!(!key.is_empty(), "a key");
                return None;
            }
            Stir::Group(key) => self.near_group(key)?,
            Stir::Interface(key) => self.near_interface(key)?,
            Stir::Address(key) => self.near_address(key)?,
            Stir::Machine(key) => self.near_machine(key),
            Stir::Subnets(keys) => {
                let mut near = Vec::new();
                for key in keys {
                    near.extend(self.near_subnet(key)?);
                }
                near
            }
            Stir::Service(key) => {
                let all = self.service_keys().into_iter();
                all.filter(|one| one.starts_with(&**key)).chain([Arc::clone(key)]).collect()
            }
            Stir::Everything => return None,
        };
        keys.sort_unstable();
        keys.dedup();
        Some(keys)
    }

    /// The keys of all targets.
    pub(crate) fn everything(&self) -> Vec<Name> {
        self.target_keys()
    }

    /// The targets that a group decides about: interfaces that carry it or are in a subnet that does, services in such a
    /// subnet, and the group itself.
    fn near_group(&mut self, key: &Name) -> Option<Vec<Name>> {
        let mut near = vec![Arc::clone(key)];
        let Some(group) = self.estate.groups.get(key) else { return Some(near) };
        let attached = Attachments::of(group, &self.index);
        if self.has_gateway_in(&attached.subnets) {
            return None;
        }
        near.extend(attached.interfaces);
        for subnet in &attached.subnets {
            near.extend(self.index.interfaces_of_subnet.get(subnet).into_iter().flatten().cloned());
        }
        if !attached.subnets.is_empty() {
            near.extend(self.services_in_subnets());
        }
        Some(near)
    }

    fn services_in_subnets(&self) -> Vec<Name> {
        let services = self.estate.devices.services.iter();
        let inside = services.filter(|(_, service)| matches!(service.kept, Kept::Subnet(_)));
        inside.map(|(key, _)| Arc::clone(key)).collect()
    }

    /// Whether it depends on the groups of a resource group what stands at a subnet that is not in the input.
    fn leaves_subnets_open(&self) -> bool {
        let estate = self.estate;
        let mut used = estate.interfaces.values().flat_map(|interface| &interface.configurations);
        used.any(|one| one.subnet.as_ref().is_some_and(|subnet| !estate.subnets.contains_key(subnet)))
    }

    fn near_interface(&mut self, key: &Name) -> Option<Vec<Name>> {
        let mut near = vec![Arc::clone(key)];
        near.extend(self.gateway_keys().cloned());
        let index = Arc::clone(&self.index);
        near.extend(index.groups_of_interface.get(key).into_iter().flatten().cloned());
        let Some(interface) = self.estate.interfaces.get(key) else { return Some(near) };
        near.extend(
            interface
                .group
                .as_ref()
                .map(|group| index.group_key(self.estate, group).unwrap_or_else(|| Arc::clone(group))),
        );
        let mut is_member = false;
        for configuration in &interface.configurations {
            is_member |= !configuration.application_groups.is_empty() || !configuration.tells_membership;
            let Some(subnet) = &configuration.subnet else { continue };
            near.extend(index.groups_of_subnet.get(subnet).into_iter().flatten().cloned());
            let group = self.estate.subnets.get(subnet).and_then(|subnet| subnet.group.as_ref());
            near.extend(group.and_then(|group| index.group_key(self.estate, group)));
        }
        if is_member {
            for (group, known) in &self.estate.groups {
                if known.uses_application_groups() {
                    near.extend(self.near_group(group)?);
                }
            }
        }
        Some(near)
    }

    /// What has a public address; anything where it may belong to what leads to others.
    fn near_address(&mut self, key: &Name) -> Option<Vec<Name>> {
        let estate = self.estate;
        let mut near: Vec<Name> = Vec::new();
        near.extend(self.index.interfaces_of_public_address.get(key).into_iter().flatten().cloned());
        let services = estate.devices.services.iter();
        let beside = services.filter(|(_, service)| matches!(service.kept, Kept::HereAnd(..)));
        near.extend(beside.map(|(key, _)| Arc::clone(key)));
        let used_by = estate.public_addresses.get(key).and_then(|address| address.used_by.as_deref());
        let user = used_by.and_then(|user| user.split_once("/ipconfigurations/")).map(|(user, _)| user);
        match user {
            Some(user) if estate.interfaces.contains_key(user) => near.push(user.into()),
            Some(_) => return None,
            None if used_by.is_some() => return None,
            None if near.is_empty() && !estate.devices.is_empty() => return None,
            None => {}
        }
        Some(near)
    }

    fn near_machine(&mut self, key: &Name) -> Vec<Name> {
        let estate = self.estate;
        let mut near = estate.machines.get(key).map(|machine| machine.interfaces.clone()).unwrap_or_default();
        let theirs =
            estate.interfaces.iter().filter(|(_, interface)| interface.machine.as_ref() == Some(key));
        near.extend(theirs.map(|(key, _)| Arc::clone(key)));
        near
    }

    fn near_subnet(&mut self, key: &Name) -> Option<Vec<Name>> {
        if self.has_gateway_in(core::slice::from_ref(key)) {
            return None;
        }
        let index = Arc::clone(&self.index);
        let mut near: Vec<Name> =
            index.interfaces_of_subnet.get(key).into_iter().flatten().cloned().collect();
        near.extend(index.groups_of_subnet.get(key).into_iter().flatten().cloned());
        let group = self.estate.subnets.get(key).and_then(|subnet| subnet.group.as_ref());
        near.extend(group.and_then(|group| index.group_key(self.estate, group)));
        near.extend(self.services_in_subnets());
        Some(near)
    }
}
