//! Who sends from inside: machines of the networks, and Google's own infrastructure.
//!
//! Firewall rules and policies are asked for every packet to an interface, whoever sends it. Routes of the reply, forwarding
//! rules and Cloud Armor stand only in the ways from the Internet that this cloud's paths tell.

use std::sync::Arc;

use model::{Bound, Inside, Internet};
use packet::{AddressSet, Prefix};

use super::Lowering;
use super::balancer::ARMOR_KIND;
use super::route_list::ROUTES_KIND;
use super::way::DOUBT_KIND;

impl Lowering<'_> {
    /// Who may send from inside: private addresses, those of the infrastructure, and what subnetworks and interfaces have of
    /// the Internet's numbers.
    pub(super) fn inside(&self, internet: &Internet) -> Inside {
        let resources = &self.estate.resources;
        let ranges = resources.subnetworks.values().flat_map(|subnetwork| {
            let own: Vec<Prefix> = subnetwork.ranges().chain(subnetwork.external_v6).collect();
            own
        });
        let ranges: AddressSet = ranges.collect();
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for interface in resources.instances.values().flat_map(|instance| &instance.interfaces) {
            let own = interface.addresses();
            v4.extend_from_slice(own.v4_spans());
            v6.extend_from_slice(own.v6_spans());
        }
        let own = AddressSet::from_v4_spans(v4).union(&AddressSet::from_v6_spans(v6)).union(&ranges);
        let addresses = Arc::new(internet.addresses().complement().union(&own));
        // What stands in the way through a forwarding rule is asked on no straight one.
        Inside { addresses, bound_by: Bound::AllBut(&[ROUTES_KIND, ARMOR_KIND, DOUBT_KIND]) }
    }
}
