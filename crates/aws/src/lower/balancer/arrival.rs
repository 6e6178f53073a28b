//! How packets from outside come to a listener: straight to a node, or through an accelerator (W14–W17, W20).
//!
//! Knows nothing of what the listener does with them.

use std::sync::Arc;

use cloud::Common;
use model::{Action, Filter, Front, Hop, Reach, RuleList};
use packet::{AddressSet, Bounds, Family, PortSet, ProtocolSet};

use super::super::Lowering;
use super::super::approach::Gate;
use super::super::groups::Seen;
use super::device::Device;
use super::ear::Ear;

/// Packets that come to a port of something.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    pub(super) reach: Reach,
    pub(super) front: Option<Front>,
    /// The family in which clients come.
    pub(super) family: Family,
    pub(super) hops: Vec<Hop>,
    pub(super) protocols: ProtocolSet,
    /// The ports outside.
    pub(super) from: Arc<PortSet>,
    /// What decided on the clients so far, stated for every port.
    pub(super) before: Vec<Filter>,
    /// Whom is seen where they come to; `None`: the clients themselves.
    pub(super) seen: Option<Arc<Seen>>,
    /// Whether it is an accelerator that brings them, and no list of a subnet is asked.
    pub(super) is_accelerated: bool,
}

impl Lowering<'_> {
    /// How packets come from outside to a listener of a load balancer.
    pub(super) fn arrivals(&mut self, device: &Device<'_>, ear: &Ear) -> Vec<Arrival> {
        let mut arrivals = Vec::new();
        if device.may_be_public() {
            for (family, is_certain) in self.outer_families(device) {
                self.add_direct(device, ear, (family, is_certain), &mut arrivals);
            }
        }
        arrivals.extend(self.accelerated_arrivals(device, ear));
        arrivals
    }

    fn add_direct(
        &mut self,
        device: &Device<'_>,
        ear: &Ear,
        (family, is_certain): (Family, bool),
        arrivals: &mut Vec<Arrival>,
    ) {
        let nowhere =
            [crate::resource::BalancerNode { subnet: None, public: Vec::new(), private: Vec::new() }];
        let nodes = if device.nodes.is_empty() { &nowhere[..] } else { &device.nodes[..] };
        let first = arrivals.len();
        for node in nodes {
            let place = Self::place_of_node(device.identity, device.vpc.as_ref(), node.subnet.as_ref());
            let approach = self.approach(&place, family);
            let state = |filter: &Filter| at_ports(filter, &ear.ports, &self.common);
            let inbound = state(&approach.inbound);
            let mut ways = match approach.gate {
                Gate::Open => vec![
                    (Reach::Exposed, vec![inbound.clone(), state(&approach.answered)]),
                    (Reach::OneWay, vec![inbound, state(&approach.unanswered)]),
                ],
                Gate::Shut => vec![(Reach::Latent, vec![inbound])],
                Gate::Unknown => vec![(Reach::Admitted, vec![inbound])],
            };
            ways.retain(|(_, filters)| !filters.contains(&Filter::Always(Action::Deny)));
            for (reach, mut before) in ways {
                let doubts = [
                    approach.doubt,
                    (!is_certain).then_some(FAMILY),
                    device.scheme.is_none().then_some(SCHEME),
                ];
                for doubt in doubts.into_iter().flatten() {
                    before.push(self.doubted(Filter::Always(Action::Allow), doubt));
                }
                for address in device.fronts(node, family) {
                    let front = Front { id: Arc::clone(&device.identity.id), address };
                    let arrival = Arrival {
                        reach,
                        front: Some(front),
                        family,
                        hops: Vec::new(),
                        protocols: ear.protocols,
                        from: Arc::clone(&ear.ports),
                        before: before.clone(),
                        seen: None,
                        is_accelerated: false,
                    };
                    if !arrivals.iter().skip(first).any(|known| known.is_alike(&arrival)) {
                        arrivals.push(arrival);
                    }
                }
            }
        }
    }
}

impl Arrival {
    /// Whether another one brings the same clients from the same address.
    fn is_alike(&self, other: &Self) -> bool {
        (self.reach, self.family, &self.front, &self.before)
            == (other.reach, other.family, &other.front, &other.before)
    }
}

/// A filter as packets meet it that are all sent to one of these ports, stated for whatever port they come to then: each
/// rule holds all of them or none, or it is not known which (W21).
pub(super) fn at_ports(filter: &Filter, ports: &PortSet, common: &Common) -> Filter {
    let all = |parts: &[Filter]| parts.iter().map(|part| at_ports(part, ports, common)).collect();
    match filter {
        Filter::Always(action) => Filter::Always(*action),
        Filter::FirstMatch(list) => Filter::FirstMatch(Arc::new(list_at(list, ports, common))),
        Filter::Chain(parts) => Filter::Chain(all(parts)),
        Filter::AllOf(parts) => Filter::AllOf(all(parts)),
        Filter::AnyOf(parts) => Filter::AnyOf(all(parts)),
    }
}

/// A list as packets meet it that are all sent to one of these ports.
pub(in super::super) fn list_at(list: &RuleList, ports: &PortSet, common: &Common) -> RuleList {
    let whole = |holds: bool| Arc::clone(if holds { &common.every_port } else { &common.no_port });
    let mut list = list.clone();
    for rule in &mut list.rules {
        let own = &rule.matches.ports;
        let (must, may) = (whole(ports.is_subset(&own.must)), whole(!ports.is_disjoint(&own.may)));
        rule.matches.ports = Bounds { must, may };
    }
    list
}

/// What denies all clients but these.
pub(super) fn only_from(
    sources: &Bounds<Arc<AddressSet>>,
    seen: Option<&Seen>,
    rule: impl Fn(Bounds<Arc<AddressSet>>) -> Filter,
    common: &Common,
) -> Option<Filter> {
    let is_all = |set: &AddressSet| *set == *common.everything;
    if is_all(&sources.must) {
        return None;
    }
    let own = match seen {
        Some(seen) => seen.stands_in(sources, false, common),
        None => sources.clone(),
    };
    let others = |set: &AddressSet| Arc::new(set.complement());
    Some(rule(Bounds { must: others(&own.may), may: others(&own.must) }))
}

/// The names under which doubts stand in a path.
const FAMILY: &str = "address family";
const SCHEME: &str = "scheme";
