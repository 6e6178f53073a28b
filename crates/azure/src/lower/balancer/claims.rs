//! Which ports of a frontend belong to which rule: no two rules of a load balancer can have one.

use std::collections::BTreeMap;

use model::{Carries, Name};
use packet::{PortSet, Protocol};

use crate::resource::{Carried, Identity};

/// A rule of either kind, as far as both are alike.
pub(super) struct Leading<'r> {
    pub(super) identity: &'r Identity,
    pub(super) frontend: Option<&'r Name>,
    pub(super) carried: &'r Carried,
    pub(super) is_doubted: bool,
    /// Whether two of this kind may share ports of a frontend: what is made of a range for scale sets does.
    pub(super) shares: bool,
}

/// Ports of frontends that rules carry, by protocol: once, and more than once.
pub(super) type Claims<'r> = BTreeMap<(&'r Name, Protocol), (PortSet, PortSet)>;

/// The ports of frontends that rules carry: no two rules can have one.
pub(super) fn claims<'r>(rules: &[Leading<'r>]) -> Claims<'r> {
    let mut claims: Claims<'r> = BTreeMap::new();
    for (frontend, protocol, ports) in rules.iter().flat_map(claimed) {
        let (once, twice) =
            claims.entry((frontend, protocol)).or_insert_with(|| (PortSet::empty(), PortSet::empty()));
        *twice = twice.union(&once.intersection(ports));
        *once = once.union(ports);
    }
    claims
}

fn claimed<'r>(rule: &Leading<'r>) -> Vec<(&'r Name, Protocol, &'r PortSet)> {
    let (Some(frontend), false, true) = (rule.frontend, rule.shares, rule.carried.is_certain) else {
        return Vec::new();
    };
    match &rule.carried.carries {
        Carries::Everything => Vec::new(),
        Carries::Only { protocols, ports } | Carries::Translated { protocols, from: ports, .. } => {
            protocols.iter().map(|protocol| (frontend, protocol, &**ports)).collect()
        }
    }
}

pub(super) fn is_contested(rule: &Leading<'_>, claims: &Claims<'_>) -> bool {
    claimed(rule).into_iter().any(|(frontend, protocol, ports)| {
        claims.get(&(frontend, protocol)).is_some_and(|(_, twice)| !twice.is_disjoint(ports))
    })
}
