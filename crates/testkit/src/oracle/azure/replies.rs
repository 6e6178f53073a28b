//! The way back: routes that lose replies (AP13).

use core::net::IpAddr;

use super::Estate;
use super::addresses::{Prefix, parse};
use super::fields::{same, text};
use super::places::Place;
use super::verdict::Verdict;
use super::way::Gate;

/// The routes of a subnet, the longest first, each with whether replies are lost on it.
#[derive(Debug)]
pub(super) struct Replies {
    routes: Vec<(Prefix, bool)>,
}

impl Estate {
    /// The gates, and the way back behind them where routes are stated.
    pub(super) fn with_replies(&self, place: Place<'_>, mut gates: Vec<Gate>) -> Vec<Gate> {
        let Some((_, subnet)) = self.subnet(place.subnet()) else { return gates };
        let stated = self.routes(subnet).filter_map(|route| {
            let hop = text(route, "nextHopType").unwrap_or_default();
            // An appliance may pass a reply on that it never saw the beginning of, or not; a stateful one does not.
            let kept = same(hop, "Internet");
            Some((parse(text(route, "addressPrefix")?)?, !kept))
        });
        let mut routes: Vec<_> = stated.collect();
        routes.sort_by_key(|(prefix, _)| core::cmp::Reverse(prefix.length));
        if routes.iter().any(|(_, lost)| *lost) {
            gates.push(Gate::Replies(Replies { routes }));
        }
        gates
    }
}

impl Replies {
    /// One packet does harm without a reply; of TCP it is not certain that anything comes of it.
    pub(super) fn decide(&self, protocol: u8, source: IpAddr) -> Verdict {
        let route = self.routes.iter().find(|(prefix, _)| prefix.holds(source));
        if protocol == 6 && route.is_some_and(|(_, lost)| *lost) {
            Verdict::Undecided
        } else {
            Verdict::Allow
        }
    }
}
