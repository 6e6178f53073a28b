//! Tables at the edge of a VPC's Internet gateway: what comes in for a subnet may be led through something else (W16).
//!
//! What that lets through is not known.

use packet::{Family, Prefix};

use crate::resource::{Route, RouteTable, RouteTarget, Towards};

use super::Lowering;
use super::approach::Spot;

/// What stands at the edge of the VPC for a subnet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    /// What packets are sent to is gone.
    pub(super) is_shut: bool,
    /// Something of which nothing is known may hold packets back.
    pub(super) doubt: Option<&'static str>,
}

impl Edge {
    /// The route of the table that holds the block of the subnet, the longest one. Without the subnet in the input each
    /// of them may.
    fn read(&mut self, table: &RouteTable, spot: &Spot<'_>, family: Family) {
        let Some(routes) = &table.routes else {
            self.doubt = Some(MIDDLEBOX);
            return;
        };
        let blocks = spot.subnet.iter().flat_map(|subnet| &subnet.blocks);
        let blocks: Vec<Prefix> = blocks.filter(|block| block.family() == family).copied().collect();
        let length = |route: &Route| match &route.towards {
            Towards::Prefix(prefix) if prefix.family() == family => Some(prefix.length()),
            Towards::Prefix(_) => None,
            Towards::PrefixList(_) | Towards::Unreadable => Some(0),
        };
        let leads = |route: &Route, block: Option<&Prefix>| match (&route.towards, block) {
            (Towards::Prefix(prefix), Some(block)) => holds(*prefix, *block) || holds(*block, *prefix),
            (Towards::Prefix(_) | Towards::PrefixList(_) | Towards::Unreadable, _) => true,
        };
        if blocks.is_empty() {
            let steers =
                routes.iter().any(|route| length(route).is_some() && route.target != RouteTarget::Local);
            self.doubt = self.doubt.or(steers.then_some(MIDDLEBOX));
            return;
        }
        for block in &blocks {
            let own = routes.iter().filter(|route| length(route).is_some() && leads(route, Some(block)));
            let Some(longest) = own.clone().filter_map(length).max() else { continue };
            let wins: Vec<&Route> = own.filter(|route| length(route) == Some(longest)).collect();
            self.is_shut |= !wins.is_empty() && wins.iter().all(|route| route.is_blackhole);
            let steers = wins.iter().any(|route| route.target != RouteTarget::Local);
            self.doubt = self.doubt.or(steers.then_some(MIDDLEBOX));
        }
    }
}

impl<'e> Lowering<'e> {
    /// W16: what a table at the edge of the VPC's Internet gateway does to packets for a subnet.
    pub(super) fn edge(&self, spot: &Spot<'e>, family: Family) -> Edge {
        let index = &self.network.index;
        let through = |gateway: &str| index.edge_tables.get(gateway).map_or(&[][..], Vec::as_slice);
        let gateways = spot.vpc_id.as_deref().and_then(|vpc| index.gateways_of_vpc.get(vpc));
        let attached = gateways.into_iter().flatten().map(|gateway| &*gateway.identity.id);
        let routed = spot.vpc_id.as_deref().and_then(|vpc| index.routed_gateways.get(vpc));
        let routed = routed.into_iter().flatten().map(|gateway| &***gateway);
        let mut gateways: Vec<&str> = attached.chain(routed).collect();
        gateways.sort_unstable();
        gateways.dedup();
        let mut edge = Edge { is_shut: false, doubt: None };
        for table in gateways.into_iter().flat_map(through) {
            edge.read(table, spot, family);
        }
        edge
    }
}

/// Whether a prefix holds another one.
fn holds(outer: Prefix, inner: Prefix) -> bool {
    outer.family() == inner.family() && outer.first() <= inner.first() && inner.last() <= outer.last()
}

/// The name under which what stands at the edge is told.
const MIDDLEBOX: &str = "middlebox at the gateway";
