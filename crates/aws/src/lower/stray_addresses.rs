//! What the input does not have: where elastic IP addresses and accelerators lead, the interfaces of instances.

use cloud::{LookupSet, Quoted};
use model::{Effect, Gap};

use crate::resource::{Association, Endpoint, EndpointGroup};

use super::Lowering;

impl Lowering<'_> {
    /// An address that leads to an interface or an instance which the input lacks, although it has others of its kind:
    /// what the Internet reaches by it is not told.
    pub(super) fn tell_stray_addresses(&mut self) {
        let resources = &self.estate.resources;
        let index = &self.network.index;
        let known: LookupSet<&str> =
            index.interfaces(self.estate).map(|interface| &*interface.identity.id).collect();
        let instances: LookupSet<&str> =
            resources.instances.values().map(|instance| &*instance.identity.id).collect();
        let holders: LookupSet<&str> =
            index.interfaces(self.estate).filter_map(|interface| interface.instance.as_deref()).collect();
        let mut gaps = Vec::new();
        for address in resources.addresses.values() {
            let instance = address.instance.as_deref();
            let is_told = instance.is_some_and(|id| instances.contains(id) || holders.contains(id));
            let absent = match &address.interface {
                Some(id) if known.contains(&**id) || index.nat_interfaces.contains(&**id) => None,
                Some(id) => self.has_kind("network-interface").then_some(id),
                None if is_told => None,
                None => address.instance.as_ref().filter(|_| self.has_kind("instance")),
            };
            let Some(absent) = absent else { continue };
            let message = format!(
                "{}: it leads to {}, which is not in the input: what the Internet reaches there is not told",
                Quoted(&address.identity.name),
                Quoted(absent)
            );
            let place = address.identity.read_at.0;
            gaps.push(Gap::at(place, "dangling-reference", Effect::Narrowed, message));
        }
        self.gaps.extend(gaps);
        self.tell_untold_interfaces();
    }

    /// Instances of which an export leaves the interfaces out, where no other has any.
    fn tell_untold_interfaces(&mut self) {
        if self.has_kind("network-interface") {
            return;
        }
        let untold = self.estate.resources.instances.values().filter(|instance| instance.omits_interfaces);
        let gap = |instance: &crate::resource::Instance| {
            let message = format!(
                "{}: `NetworkInterfaces` is not in the input: what the Internet reaches there is not told; add `aws ec2 \
                 describe-network-interfaces`",
                Quoted(&instance.identity.name)
            );
            Gap::at(instance.identity.read_at.0, "missing-field", Effect::Narrowed, message)
        };
        self.gaps.extend(untold.map(gap).collect::<Vec<_>>());
    }

    /// An endpoint that is not in the input, although its kind is: what is reached there is not told.
    pub(super) fn tell_stray_endpoint(&mut self, group: &EndpointGroup, endpoint: &Endpoint) {
        let known = &self.estate.resources;
        let id = &*endpoint.id;
        let mut interfaces = self.network.index.interfaces(self.estate);
        let is_there = if id.starts_with("arn:") {
            known.load_balancers.values().any(|one| *one.identity.id == *id)
                || !self.has_kind("load-balancer")
        } else if id.starts_with("i-") {
            interfaces.any(|one| one.instance.as_deref() == Some(id))
                || !(self.has_kind("network-interface") || self.has_kind("instance"))
        } else if id.starts_with("eipalloc-") {
            let leads = |own: &Association| own.allocation.as_deref() == Some(id);
            known.addresses.values().any(|one| *one.identity.id == *id)
                || interfaces.any(|one| one.associations().any(|(_, own)| leads(own)))
                || !self.has_kind("address")
        } else {
            true
        };
        if is_there {
            return;
        }
        let message = format!(
            "{}: it leads to {}, which is not in the input: what the Internet reaches there is not told",
            Quoted(&group.identity.id),
            Quoted(id)
        );
        let place = group.identity.read_at.0;
        self.gaps.push(Gap::at(place, "dangling-reference", Effect::Narrowed, message));
    }
}
