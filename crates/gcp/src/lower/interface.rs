//! Interfaces as targets (G20).
//!
//! Ways to an interface's own addresses say `addressed`, those through forwarding rules `balancer`. Knows no rule.

use std::sync::Arc;

use model::{Destinations, Name, Path, Reach, Target};
use packet::{AddressSet, Family, Prefix};

use super::network_index::{Seat, interface_id};
use super::way::Way;
use super::{CLOUD_NAME, Lowering};

impl<'e> Lowering<'e> {
    /// The keys of all interfaces.
    pub(super) fn interface_keys(&self) -> impl Iterator<Item = Name> {
        self.estate.resources.instances.iter().flat_map(|(key, instance)| {
            instance.interfaces.iter().map(|interface| interface_id(key, interface))
        })
    }

    /// The target of a key that is an interface's.
    pub(super) fn interface_target(&mut self, key: &Name) -> Option<Target> {
        let seat = self.seat(key)?;
        let Seat { instance, interface } = seat;
        let identity = &instance.identity;
        let name = match instance.interfaces.len() {
            0 | 1 => Arc::clone(&identity.name),
            _ => format!("{}/{}", identity.name, interface.name).into(),
        };
        let mut attributes: Vec<(&'static str, Name)> = vec![("instance", Arc::clone(&identity.id))];
        attributes.extend(instance.zone.as_ref().map(|zone| ("zone", Arc::clone(zone))));
        Some(Target {
            cloud: CLOUD_NAME,
            id: seat.id(),
            key: Arc::clone(key),
            kind: INTERFACE_KIND,
            name,
            scope: identity.project.clone(),
            power: instance.power.clone(),
            attributes,
            paths: self.interface_paths(seat),
            provenance: Some(identity.read_at.0),
        })
    }

    fn interface_paths(&mut self, seat: Seat<'e>) -> Vec<Path> {
        let class = self.class_of(seat.instance, seat.interface);
        let mut ways = self.v4_ways(seat);
        ways.extend(self.v6_ways(seat, &class));
        ways.extend(self.balanced_ways(seat));
        ways.extend(latent_way(seat, &ways));
        ways.extend(self.latent_somewhere(seat, &ways));
        let mut paths: Vec<Path> = ways.iter().flat_map(|way| self.paths(way, seat, &class)).collect();
        // Most have one path, and there are many interfaces.
        paths.shrink_to_fit();
        paths
    }
}

impl<'e> Lowering<'e> {
    /// The same where the address of IPv4 is told when the interface is made: some address of its subnetwork.
    fn latent_somewhere(&self, seat: Seat<'e>, ways: &[Way]) -> Option<Way> {
        let is_reached = ways.iter().any(|way| !way.destinations.addresses().is_empty_in(Family::V4));
        let somewhere = || Way::straight(Reach::Latent, None, self.somewhere(seat, Family::V4));
        (seat.interface.is_given_internal && !is_reached).then(somewhere)
    }
}

/// S077: where no way leads to addresses of a family, the one that is missing.
fn latent_way(seat: Seat<'_>, ways: &[Way]) -> Option<Way> {
    let is_reached =
        |family: Family| ways.iter().any(|way| !way.destinations.addresses().is_empty_in(family));
    let v4 = seat.interface.internal.map(Prefix::host);
    let own = v4.into_iter().chain(seat.interface.internal_v6).filter(|prefix| !is_reached(prefix.family()));
    let own: AddressSet = own.collect();
    (!own.is_empty()).then(|| Way::straight(Reach::Latent, None, Destinations::These(Arc::new(own))))
}

pub(super) const INTERFACE_KIND: &str = "network-interface";
