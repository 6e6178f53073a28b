//! A list as it reads behind a translation: rules that were written for other addresses and ports than those of the
//! target, stated for the target's (semantics AP8, AP9).
//!
//! All packets of one door come to the same set of ports before it is translated, so each rule holds all of them or
//! none, or it is not known which.

use std::sync::Arc;

use model::{Filter, Matches};
use packet::{AddressSet, Bounds, PortSet};

use super::super::way::{rewritten, stood_in_for};

/// To whom and for whom packets pass a list that stands before their translation.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen<'s> {
    /// Who stands in for the clients there.
    pub(super) sources: Option<&'s AddressSet>,
    /// Where they are sent there: to one of these, not known which.
    pub(super) destinations: Option<&'s AddressSet>,
    /// The ports they are sent to there.
    pub(super) ports: Option<&'s PortSet>,
}

impl Seen<'_> {
    /// The filter as it reads for packets behind the translation.
    pub(super) fn filter(&self, filter: &Filter) -> Filter {
        rewritten(filter, &|list| {
            let mut list = list.clone();
            list.rules.iter_mut().for_each(|rule| self.restate(&mut rule.matches));
            list
        })
    }

    /// The packets behind the translation that a rule before it matches.
    pub(super) fn restate(&self, matches: &mut Matches) {
        if let Some(proxies) = self.sources {
            matches.sources = stood_in_for(&matches.sources, proxies);
            matches.tags.clear();
        }
        if let Some(destinations) = self.destinations {
            // The same question: all of them, none, or not known which.
            matches.destinations = stood_in_for(&matches.destinations, destinations);
        }
        if let Some(ports) = self.ports {
            matches.ports = all_or_none(&matches.ports, ports);
        }
    }
}

/// Every port where a rule holds all that packets may be sent to, none where it holds none of it.
fn all_or_none(ports: &Bounds<Arc<PortSet>>, sent_to: &PortSet) -> Bounds<Arc<PortSet>> {
    let whole = |holds: bool| Arc::new(if holds { PortSet::everything() } else { PortSet::empty() });
    Bounds { must: whole(sent_to.is_subset(&ports.must)), may: whole(!sent_to.is_disjoint(&ports.may)) }
}
