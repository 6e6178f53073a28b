//! What two load balancers in a row carry, and what is left when ways have carried theirs.

use std::sync::Arc;

use model::{Carries, Reach};
use packet::{PortSet, Protocol, ProtocolSet};

use crate::resource::PROTOCOLS;

use super::super::way::Way;

/// What passes a front whose target is the front of another; `None` where nothing does.
pub(super) fn in_a_row(outer: &Carries, inner: &Carries) -> Option<Carries> {
    let shared = |one: &PortSet, other: &PortSet| Arc::new(one.intersection(other));
    let carries = match (outer, inner) {
        (Carries::Everything, other) | (other, Carries::Everything) => other.clone(),
        (Carries::Only { protocols: p, ports: x }, Carries::Only { protocols: q, ports: y }) => {
            Carries::Only { protocols: p.intersection(*q), ports: shared(x, y) }
        }
        (Carries::Only { protocols: p, ports: x }, Carries::Translated { protocols: q, from, to }) => {
            Carries::Translated { protocols: p.intersection(*q), from: shared(x, from), to: *to }
        }
        (Carries::Translated { protocols: p, from, to }, Carries::Only { protocols: q, ports }) => {
            let protocols = if ports.contains(*to) { p.intersection(*q) } else { ProtocolSet::EMPTY };
            Carries::Translated { protocols, from: Arc::clone(from), to: *to }
        }
        (
            Carries::Translated { protocols: p, from, to: between },
            Carries::Translated { protocols: q, from: expected, to },
        ) => {
            let leads = expected.contains(*between);
            let protocols = if leads { p.intersection(*q) } else { ProtocolSet::EMPTY };
            Carries::Translated { protocols, from: Arc::clone(from), to: *to }
        }
    };
    let is_nothing = match &carries {
        Carries::Everything => false,
        Carries::Only { protocols, ports } | Carries::Translated { protocols, from: ports, .. } => {
            protocols.is_empty() || ports.is_empty()
        }
    };
    (!is_nothing).then_some(carries)
}

/// What no better way carries to the target: what a group would let in beside what is told of these ways already.
pub(in crate::lower) fn left_by(ways: &[Way], reach: Reach) -> Vec<Carries> {
    // What is admitted for certain is not told by a way that is only possible.
    let is_certain = |way: &Way| way.doubt.is_none() && !way.is_chained && way.floats_to.is_none();
    let is_told = |way: &Way| reach == Reach::Latent || is_certain(way);
    // Whom the group sees as a proxy it may let in as a client too: that is another thing to tell.
    let told = ways.iter().filter(|way| way.seen_as.is_none() && way.reach < reach && is_told(way));
    let carried: Vec<&Carries> = told.map(|way| &way.carries).collect();
    if carried.is_empty() {
        return vec![Carries::Everything];
    }
    if carried.iter().any(|carries| matches!(carries, Carries::Everything)) {
        return Vec::new();
    }
    let all: ProtocolSet = PROTOCOLS.into_iter().collect();
    let [tcp, udp] = [Protocol::TCP, Protocol::UDP].map(ProtocolSet::only);
    let left = [Protocol::TCP, Protocol::UDP].map(|protocol| ports_left(&carried, protocol));
    let rest = all.difference(tcp).difference(udp);
    let [of_tcp, of_udp] = left;
    // Protocols without ports are carried whole, beside any ports.
    let parts = match of_tcp == of_udp {
        true => vec![(rest.union(tcp).union(udp), of_tcp)],
        false => vec![(rest.union(tcp), of_tcp), (udp, of_udp)],
    };
    let carries = parts.into_iter().map(|(protocols, ports)| match ports.is_empty() {
        true => (protocols.intersection(rest), PortSet::everything()),
        false => (protocols, ports),
    });
    let carries = carries.filter(|(protocols, _)| !protocols.is_empty());
    carries.map(|(protocols, ports)| Carries::Only { protocols, ports: Arc::new(ports) }).collect()
}

fn ports_left(carried: &[&Carries], protocol: Protocol) -> PortSet {
    let mut left = PortSet::everything();
    for carries in carried {
        let reached = match carries {
            Carries::Everything => PortSet::everything(),
            Carries::Only { protocols, ports } if protocols.contains(protocol) => PortSet::clone(ports),
            Carries::Translated { protocols, to, .. } if protocols.contains(protocol) => PortSet::only(*to),
            Carries::Only { .. } | Carries::Translated { .. } => PortSet::empty(),
        };
        left = left.difference(&reached);
    }
    left
}
