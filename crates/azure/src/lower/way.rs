//! One way from outside to an ip-configuration, before what stands in it is known.
//!
//! Its own public address is one, each rule of a load balancer in front of it another. Knows no group.

use std::sync::Arc;

use cloud::ReadAt;
use model::{Carries, Filter, Front, Hop, Name, Reach, RuleList};
use packet::{AddressSet, Bounds};

use crate::resource::{PublicAddress, Sku};

/// One way from outside to an ip-configuration.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Way {
    pub(super) reach: Reach,
    pub(super) front: Option<Front>,
    /// What passes packets on between the front and the configuration.
    pub(super) hops: Vec<Hop>,
    pub(super) carries: Carries,
    /// Whom the groups see: the clients themselves, or one of these addresses in their place, not known which (AP8,
    /// AP9).
    pub(super) seen_as: Option<Arc<AddressSet>>,
    /// AP3: the frontend's address, which packets still carry when the groups see them.
    pub(super) floats_to: Option<Arc<AddressSet>>,
    /// What decides on the clients before anybody stands in for them: the translating rules of a firewall, the groups
    /// of a gateway.
    pub(super) before: Option<Filter>,
    /// Whether something of which nothing is known may hold packets back (AP6).
    pub(super) is_chained: bool,
    /// Why it is not certain that there is this way, if it is not.
    pub(super) doubt: Option<&'static str>,
    /// AP1: what is let in where no group is attached.
    pub(super) without_group: Sku,
    /// The public address, when its document does not say its SKU.
    pub(super) without_sku: Option<(Name, ReadAt)>,
}

impl Way {
    /// A way of which only this is known.
    pub(super) const fn of(reach: Reach) -> Self {
        Self {
            reach,
            front: None,
            hops: Vec::new(),
            carries: Carries::Everything,
            seen_as: None,
            floats_to: None,
            before: None,
            is_chained: false,
            doubt: None,
            without_group: Sku::Unknown,
            without_sku: None,
        }
    }

    /// The way through a public address. AP2: a machine that is stopped, and its dynamic address with it, is one click
    /// from running: the reach stays.
    pub(super) fn to(address: &PublicAddress) -> Self {
        let identity = &address.identity;
        let without_sku =
            (address.sku == Sku::Unknown).then(|| (Arc::clone(&identity.name), identity.read_at));
        Self {
            front: Some(Front { id: Arc::clone(&identity.id), address: address.address }),
            without_group: address.sku,
            without_sku,
            ..Self::of(Reach::Exposed)
        }
    }

    /// The filter of an address whose own addresses are `own`, as packets of this way meet it.
    pub(super) fn as_seen(&self, filter: Filter, own: &AddressSet) -> Filter {
        let seen = match (&self.seen_as, &self.floats_to) {
            (None, None) => filter,
            (proxies, frontend) => rewritten(&filter, &|list| {
                let mut list = list.clone();
                for rule in &mut list.rules {
                    if let Some(proxies) = proxies {
                        rule.matches.sources = stood_in_for(&rule.matches.sources, proxies);
                        rule.matches.tags.clear();
                    }
                    if let Some(frontend) = frontend {
                        rule.matches.destinations = floating(&rule.matches.destinations, own, frontend);
                    }
                }
                list
            }),
        };
        match &self.before {
            Some(before) => Filter::AllOf(vec![before.clone(), seen]),
            None => seen,
        }
    }
}

/// AP8, AP9: the clients whose stand-in a rule matches: all of them if it matches every address that may stand in,
/// none if it matches none, else possibly all.
pub(super) fn stood_in_for(
    sources: &Bounds<Arc<AddressSet>>,
    proxies: &AddressSet,
) -> Bounds<Arc<AddressSet>> {
    let all_or_none =
        |matched: bool| Arc::new(if matched { AddressSet::everything() } else { AddressSet::empty() });
    let certain = !proxies.is_empty() && proxies.is_subset(&sources.must);
    let possible = !proxies.is_disjoint(&sources.may);
    Bounds { must: all_or_none(certain), may: all_or_none(possible || proxies.is_empty()) }
}

/// AP3: the frontend's address matches where it is named; where only the private one is, it is not known whether it
/// does.
fn floating(
    destinations: &Bounds<Arc<AddressSet>>,
    own: &AddressSet,
    frontend: &AddressSet,
) -> Bounds<Arc<AddressSet>> {
    if own.is_disjoint(&destinations.may) {
        return destinations.clone();
    }
    let may = Arc::new(destinations.may.union(frontend));
    Bounds { must: Arc::clone(&destinations.must), may }
}

/// The filter with other lists in the place of its own.
pub(super) fn rewritten(filter: &Filter, with: &dyn Fn(&RuleList) -> RuleList) -> Filter {
    let all = |parts: &[Filter]| parts.iter().map(|part| rewritten(part, with)).collect();
    match filter {
        Filter::Always(action) => Filter::Always(*action),
        Filter::FirstMatch(list) => Filter::FirstMatch(Arc::new(with(list))),
        Filter::Chain(parts) => Filter::Chain(all(parts)),
        Filter::AllOf(parts) => Filter::AllOf(all(parts)),
        Filter::AnyOf(parts) => Filter::AnyOf(all(parts)),
    }
}
