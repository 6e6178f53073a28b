//! Private frontends of load balancers, as firewalls and gateways lead to them (AP8, AP9 before AP3).

use std::sync::Arc;

use model::{Hop, Name};
use packet::{AddressSet, Family, Prefix};

use crate::resource::Carried;

use super::super::Lowering;
use super::super::way::Way;
use super::assembly::Assembly;
use super::book::Entrance;
use super::carrying::in_a_row;

impl Lowering<'_> {
    /// The ways that a rule of a private frontend makes for what a firewall or a gateway sends to its address.
    pub(super) fn entrances_inside(
        &mut self,
        assembly: &Assembly<'_>,
        (frontend, carried): (&Name, &Carried),
        hop: &Hop,
        is_doubted: bool,
    ) -> Vec<Entrance> {
        let stated = assembly.frontends.iter().filter(|part| part.key() == frontend);
        let mut entrances = Vec::new();
        for frontend in stated.map(|part| part.stated) {
            let Some(address) = frontend.private else { continue };
            for way in self.ways_to_address(address, frontend.subnet.as_ref()) {
                let Some(carries) = in_a_row(&way.carries, &carried.carries) else { continue };
                let mut hops = way.hops.clone();
                hops.push(hop.clone());
                let doubt = way.doubt.or(is_doubted.then_some(UNCERTAIN));
                let floats_to: Option<Arc<AddressSet>> =
                    carried.floats.then(|| Arc::new(Prefix::host(address).into()));
                let way = Way { carries, hops, doubt, floats_to, ..way };
                entrances.push(Entrance { family: Family::of(address).0, heeds_state: true, way });
            }
        }
        entrances
    }
}

/// The name under which doubts whether a rule acts stand in a path.
const UNCERTAIN: &str = "uncertain balancing rule";
