//! An exposure cut down to what shares one history: fewer fronts, protocols or ports, and a witness among what is left.

use std::collections::BTreeMap;

use core::net::SocketAddr;

use model::Front;
use packet::{Packet, PortSet, Protocol, ProtocolSet};

use crate::decide::decide;
use crate::exposure::{Admission, Certainty, Entrance, Exposure, Passage, Witness};

use super::reached::meets;

/// Something of an exposure.
pub(super) struct Part<'a> {
    pub(super) front: Option<&'a Front>,
    pub(super) protocols: ProtocolSet,
    pub(super) ports: &'a PortSet,
}

/// The exposure with these parts of it: the same one where they are all of it; else one for each protocol with ports of
/// its own, and one for all protocols that are told whole.
pub(super) fn restricted(exposure: &Exposure, parts: &[Part<'_>]) -> Vec<Exposure> {
    let mut by_protocol: BTreeMap<Protocol, PortSet> = BTreeMap::new();
    for part in parts {
        for protocol in part.protocols.iter() {
            let known = by_protocol.entry(protocol).or_insert_with(PortSet::empty);
            *known = known.union(part.ports);
        }
    }
    let stated = if exposure.ports.is_empty() { PortSet::everything() } else { exposure.ports.clone() };
    let is_whole = |ports: &PortSet| stated.is_subset(ports);
    let whole: ProtocolSet =
        by_protocol.iter().filter(|(_, ports)| is_whole(ports)).map(|(protocol, _)| *protocol).collect();
    let fronts = |ports: Option<&PortSet>| fronts(exposure, parts, ports);
    let mut told = Vec::new();
    if exposure.protocols.is_subset(whole) {
        told.push(Exposure { fronts: fronts(None), ..exposure.clone() });
    } else if !whole.is_empty() {
        // Each protocol with ports is told by itself; those without are alike.
        let (numbered, plain): (Vec<Protocol>, Vec<Protocol>) =
            whole.iter().partition(|one| one.is_numbered());
        for protocol in numbered {
            told.push(narrowed(exposure, ProtocolSet::only(protocol), None, fronts(None)));
        }
        let plain: ProtocolSet = plain.into_iter().collect();
        if !plain.is_empty() {
            told.push(narrowed(exposure, plain, None, fronts(None)));
        }
    }
    for (protocol, ports) in by_protocol.iter().filter(|(_, ports)| !is_whole(ports)) {
        let ports = ports.intersection(&stated);
        if !ports.is_empty() {
            let fronts = fronts(Some(&ports));
            told.push(narrowed(exposure, ProtocolSet::only(*protocol), Some(ports), fronts));
        }
    }
    told
}

fn narrowed(
    exposure: &Exposure,
    protocols: ProtocolSet,
    ports: Option<PortSet>,
    fronts: Vec<Entrance>,
) -> Exposure {
    let protocol = protocols.iter().next();
    let ports = match (&ports, protocol) {
        (Some(ports), _) => ports.clone(),
        // Every protocol on every port was told without ports; one that has some is told with them.
        (None, Some(protocol)) if protocol.has_ports() && exposure.ports.is_empty() => PortSet::everything(),
        (None, _) => exposure.ports.clone(),
    };
    let mut narrowed = Exposure { protocol, protocols, ports, fronts, ..exposure.clone() };
    // Where ports are translated on the way, filters see others than the target.
    let is_kept = narrowed.fronts.iter().all(|entrance| entrance.ports == narrowed.ports);
    let ports =
        if is_kept && !narrowed.ports.is_empty() { narrowed.ports.clone() } else { PortSet::everything() };
    let is_met = |admission: &&Admission| {
        admission.stated().is_none_or(|rule| meets(rule, narrowed.protocols, &ports))
    };
    narrowed.opened_by = exposure.opened_by.iter().filter(is_met).cloned().collect();
    let fits = |witness: &Witness| {
        let Packet { protocol, destination_port, .. } = witness.packet;
        narrowed.protocols.contains(protocol)
            && (narrowed.ports.is_empty() || narrowed.ports.contains(destination_port))
    };
    if !exposure.witness.as_ref().is_some_and(fits) {
        (narrowed.witness, narrowed.passages) = witness(&narrowed, exposure);
    }
    narrowed
}

/// A packet to what is left, decided rule by rule. All ports of an exposure are reached by the same sources, so the packet
/// differs from the one that is known in where it goes only.
fn witness(narrowed: &Exposure, exposure: &Exposure) -> (Option<Witness>, Vec<Passage>) {
    let none = (None, Vec::new());
    let (Some(known), Some(protocol)) = (&exposure.witness, narrowed.protocol) else { return none };
    let Some(path) = narrowed.target.paths.get(narrowed.way) else { return none };
    let port = match narrowed.ports.spans().first() {
        Some(&(first, last)) if protocol.has_ports() => first.max(1).min(last),
        Some(&(first, _)) => first,
        None => 0,
    };
    let source_port = if protocol.has_ports() { known.packet.source_port.max(1024) } else { 0 };
    let packet = Packet { protocol, destination_port: port, source_port, ..known.packet };
    let decision = decide(&path.filter, &packet);
    let holds = match narrowed.certainty {
        Certainty::Proved => decision.allowed,
        Certainty::Possible => decision.possible && !decision.allowed,
    };
    let Some(outside) = path.carries.outside(protocol, port).filter(|_| holds) else { return none };
    let front = known.front.map(|front| SocketAddr::new(front.ip(), outside));
    let lists = path.filter.lists();
    let passages = lists.iter().zip(&decision.deciding);
    let passages = passages.map(|(list, rule)| Passage { list: (*list).clone(), rule: *rule }).collect();
    let source_ports = crate::callers::callers(&path.filter, &packet, narrowed.certainty);
    (Some(Witness { packet, front, target: known.target, source_ports }), passages)
}

/// The entrances that parts are seen at, with the ports that lead to these.
fn fronts(exposure: &Exposure, parts: &[Part<'_>], ports: Option<&PortSet>) -> Vec<Entrance> {
    let is_seen = |entrance: &&Entrance| parts.iter().any(|part| part.front == Some(&entrance.front));
    let cut = |entrance: &Entrance| {
        let ports = match ports {
            // Ports are kept on the way, or all lead to one port of the target.
            Some(ports) if entrance.ports == exposure.ports || entrance.ports.is_empty() => ports.clone(),
            Some(ports) if !entrance.ports.is_disjoint(ports) => entrance.ports.intersection(ports),
            Some(_) | None => entrance.ports.clone(),
        };
        Entrance { front: entrance.front.clone(), ports }
    };
    exposure.fronts.iter().filter(is_seen).map(cut).collect()
}
