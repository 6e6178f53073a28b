//! One way from outside to an interface, before what stands in it is known; and what it comes to as paths.
//!
//! Its own public address is one, each listener of a load balancer in front of it another. Knows no group.

use std::sync::Arc;

use cloud::all_of;
use model::{Action, Carries, Destinations, Filter, Front, Hop, Path, Reach};

use super::Lowering;
use super::approach::{Approach, Gate};
use super::groups::Seen;

/// One way from outside to an interface.
#[derive(Clone, Debug)]
pub(super) struct Way {
    /// How far it leads if nothing stands in it.
    pub(super) reach: Reach,
    pub(super) front: Option<Front>,
    pub(super) destinations: Destinations,
    pub(super) carries: Carries,
    /// What passes packets on between the front and the interface.
    pub(super) hops: Vec<Hop>,
    /// What decides on the clients before the interface: the approach and the groups of a load balancer.
    pub(super) before: Option<Filter>,
    /// Whom the groups and lists of the interface see; `None`: the clients themselves.
    pub(super) seen_as: Option<Arc<Seen>>,
    /// Why it is not certain that there is this way, if it is not.
    pub(super) doubt: Option<&'static str>,
}

impl Way {
    /// A way straight to these addresses.
    pub(super) const fn straight(reach: Reach, front: Option<Front>, destinations: Destinations) -> Self {
        Self {
            reach,
            front,
            destinations,
            carries: Carries::Everything,
            hops: Vec::new(),
            before: None,
            seen_as: None,
            doubt: None,
        }
    }
}

impl Lowering<'_> {
    /// The path of a way through the approach to a subnet, and where not everything is answered the `one-way` path
    /// beside it (W13).
    pub(super) fn paths(&mut self, way: &Way, approach: &Approach, own: Filter) -> Vec<Path> {
        let reach = match (way.reach, approach.gate) {
            (Reach::Latent, _) | (_, Gate::Shut) => Reach::Latent,
            (Reach::Admitted, _) | (_, Gate::Unknown) => Reach::Admitted,
            (Reach::Exposed | Reach::ViaProxy | Reach::OneWay, Gate::Open) => way.reach,
        };
        let mut inward: Vec<Filter> = way.before.iter().cloned().collect();
        inward.extend([approach.inbound.clone(), own]);
        // Where the path is missing or not known, nobody asks for its reply.
        if matches!(reach, Reach::Latent | Reach::Admitted) {
            return vec![self.path(way, reach, approach.doubt, inward)];
        }
        let with = |last: &Filter| -> Vec<Filter> { inward.iter().cloned().chain([last.clone()]).collect() };
        let mut paths = vec![self.path(way, reach, approach.doubt, with(&approach.answered))];
        if approach.unanswered != Filter::Always(Action::Deny) {
            paths.push(self.path(way, Reach::OneWay, approach.doubt, with(&approach.unanswered)));
        }
        paths
    }

    fn path(&mut self, way: &Way, reach: Reach, doubt: Option<&'static str>, filters: Vec<Filter>) -> Path {
        let doubts = way.doubt.into_iter().chain(doubt);
        let filter = doubts.fold(all_of(filters), |filter, doubt| self.doubted(filter, doubt));
        Path {
            reach,
            front: way.front.clone(),
            destinations: way.destinations.clone(),
            carries: way.carries.clone(),
            hops: way.hops.clone(),
            filter: self.network.filters.shared(filter),
        }
    }
}
