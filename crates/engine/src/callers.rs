//! From which source ports a packet gets in. The caller chooses one; people want to know which of them work.
//!
//! Reads rules one by one; a sweep only says for which packet it is worth asking.

use std::sync::{Arc, LazyLock};

use model::{Filter, Rule};
use packet::{Packet, PortRange, PortSet};

use crate::decide::decide;
use crate::exposure::Certainty;

/// The source ports from which a packet that gets in and differs in nothing else gets in too: whatever the unknowns are,
/// or under some value of them. None where its protocol has no ports.
#[must_use]
pub fn callers(filter: &Filter, packet: &Packet, certainty: Certainty) -> Arc<PortSet> {
    if !packet.protocol.has_ports() {
        return Arc::new(PortSet::empty());
    }
    let starts = starts(filter, packet);
    if starts.len() == 1 {
        return every_port();
    }
    let ends = starts.iter().skip(1).map(|next| next - 1).chain([u16::MAX]);
    let found = starts.iter().zip(ends).filter(|(first, _)| gets_in(filter, packet, **first, certainty));
    let found: PortSet = found.filter_map(|(first, last)| PortRange::new(*first, last)).collect();
    if found.is_everything() { every_port() } else { Arc::new(found) }
}

/// Whether a packet gets in from a source port.
fn gets_in(filter: &Filter, packet: &Packet, source_port: u16, certainty: Certainty) -> bool {
    let decision = decide(filter, &Packet { source_port, ..*packet });
    match certainty {
        Certainty::Proved => decision.allowed,
        Certainty::Possible => decision.possible,
    }
}

/// Whether the ends of some source ports, and the ports beside them, are as they are told.
pub(crate) fn are_callers(told: &PortSet, filter: &Filter, packet: &Packet, certainty: Certainty) -> bool {
    if told.is_everything() || !packet.protocol.has_ports() {
        return true;
    }
    let ends = told.spans().iter().take(SPANS_CHECKED_MAX).flat_map(|&(first, last)| {
        [Some(first), Some(last), first.checked_sub(1), last.checked_add(1)].into_iter().flatten()
    });
    let holds = |port: u16| gets_in(filter, packet, port, certainty) == told.contains(port);
    { ends }.all(holds)
}

/// Where the source ports start that the rules tell apart which can match the packet. Ascending; the first is zero.
fn starts(filter: &Filter, packet: &Packet) -> Vec<u16> {
    let lists = filter.lists();
    let rules = lists.iter().flat_map(|list| &list.rules);
    let telling = |rule: &&Rule| !rule.matches.source_ports.must.is_everything() && may_match(rule, packet);
    let mut starts = vec![0];
    for rule in rules.filter(telling) {
        for set in [&rule.matches.source_ports.must, &rule.matches.source_ports.may] {
            let ends = set.spans().iter().flat_map(|&(first, last)| [Some(first), last.checked_add(1)]);
            starts.extend(ends.flatten());
        }
    }
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// Whether a rule can match the packet from some source port.
fn may_match(rule: &Rule, packet: &Packet) -> bool {
    let matches = &rule.matches;
    matches.protocols.may.contains(packet.protocol)
        && matches.ports.may.contains(packet.destination_port)
        && matches.sources.may.contains(packet.source)
        && matches.destinations.may.contains(packet.destination)
}

/// Every port, shared.
pub(crate) fn every_port() -> Arc<PortSet> {
    static EVERY_PORT: LazyLock<Arc<PortSet>> = LazyLock::new(|| Arc::new(PortSet::everything()));
    Arc::clone(&EVERY_PORT)
}

/// A port a caller would come from: 50000 where it works, else the highest, which is an ephemeral one where any works.
#[must_use]
pub fn usual_caller(ports: &PortSet) -> u16 {
    if ports.contains(50_000) { 50_000 } else { ports.ranges().next_back().map_or(0, PortRange::last) }
}

/// Intervals that are decided once more before they are told.
const SPANS_CHECKED_MAX: usize = 16;
