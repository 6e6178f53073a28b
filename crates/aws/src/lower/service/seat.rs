//! Where in a network a database is, and what stands before it there (P20).
//!
//! A group of subnets has one in each zone at least: the zone of a database tells which. Knows no group of addresses and
//! no port.

use std::sync::Arc;

use model::{Action, Filter, Name, Reach};
use packet::Family;

use crate::resource::{Database, Identity, Seat, Site, Standby, Subnet};

use super::super::Lowering;
use super::super::approach::{Approach, Gate, Place};
use super::super::way::Way;

impl Lowering<'_> {
    /// Whether no subnet that a database may be in has addresses of IPv6.
    pub(super) fn lacks_ipv6(&self, identity: &Identity, seat: &Seat, sites: &[Site]) -> bool {
        let known = &self.estate.resources.subnets;
        let mut subnets = subnets(seat, sites).into_iter().chain(standby_subnets(seat, sites)).peekable();
        let account = identity.account.as_deref();
        let has_none = |id: &Name| {
            let subnet = known.find(account, id).one();
            subnet.is_some_and(Subnet::lacks_ipv6)
        };
        subnets.peek().is_some() && subnets.all(|id| has_none(&id))
    }

    /// What stands before a database whose subnet is not known: that a network has no gateway is true of all of it.
    pub(super) fn approach_of_network(
        &mut self,
        identity: &Identity,
        database: &Database,
        family: Family,
        way: &mut Way,
    ) -> Arc<Approach> {
        let within = place(identity, database.seat.vpc.clone(), None);
        let approach = self.approach(&within, family);
        if matches!(approach.gate, Gate::Shut) {
            return approach;
        }
        if way.reach == Reach::Exposed {
            way.reach = Reach::Admitted;
        }
        self.approach(&place(identity, None, None), family)
    }

    /// What stands before each subnet that a database is in; where it is in one of several, before one of them. A subnet
    /// without a route to an Internet gateway leads there no more than a network without one (P20).
    pub(super) fn approaches(
        &mut self,
        identity: &Identity,
        seat: &Seat,
        family: Family,
        subnets: &[Name],
    ) -> Vec<Arc<Approach>> {
        let mut found: Vec<Arc<Approach>> = Vec::new();
        for subnet in subnets {
            let place = place(identity, seat.vpc.clone(), Some(Arc::clone(subnet)));
            let mut approach = self.approach(&place, family);
            if !approach.is_routed && approach.gate == Gate::Open {
                approach = Arc::new(Approach { gate: Gate::Shut, ..Approach::clone(&approach) });
            }
            if !found.contains(&approach) {
                found.push(approach);
            }
        }
        // A subnet that nothing leads to says nothing beside one that something leads to.
        let is_led_to = |approach: &Arc<Approach>| !matches!(approach.gate, Gate::Shut);
        if seat.is_everywhere && found.iter().any(is_led_to) {
            found.retain(is_led_to);
        }
        match found.as_slice() {
            [] | [_] => found,
            _ if seat.is_everywhere => found,
            several => vec![Arc::new(self.one_of(several))],
        }
    }

    /// What stands before one of several subnets, not known which: what all let in is certain, what one does possible.
    fn one_of(&self, approaches: &[Arc<Approach>]) -> Approach {
        let all = |part: fn(&Approach) -> &Filter| {
            let each = approaches.iter().map(|approach| match approach.gate {
                Gate::Shut => Filter::Always(Action::Deny),
                Gate::Open | Gate::Unknown => {
                    Filter::Chain(vec![part(approach).clone(), Filter::Always(Action::Allow)])
                }
            });
            let each: Vec<Filter> = each.collect();
            let perhaps = each.iter().map(|filter| self.doubted(filter.clone(), SUBNET));
            let perhaps: Vec<Filter> = perhaps.collect();
            Filter::AnyOf([vec![Filter::AllOf(each)], perhaps].concat())
        };
        let has = |gate: fn(&Gate) -> bool| approaches.iter().any(|approach| gate(&approach.gate));
        let gate = match (has(|gate| matches!(gate, Gate::Open)), has(|gate| matches!(gate, Gate::Unknown))) {
            (true, _) => Gate::Open,
            (false, true) => Gate::Unknown,
            (false, false) => Gate::Shut,
        };
        let inbound = match gate {
            // Nothing leads to any of them; what their lists say is all there is.
            Gate::Shut => Filter::AnyOf(approaches.iter().map(|approach| approach.inbound.clone()).collect()),
            Gate::Open | Gate::Unknown => all(|approach| &approach.inbound),
        };
        Approach {
            gate,
            is_routed: approaches.iter().any(|approach| approach.is_routed),
            inbound,
            answered: all(|approach| &approach.answered),
            unanswered: all(|approach| &approach.unanswered),
            doubt: approaches.iter().find_map(|approach| approach.doubt),
        }
    }
}

/// The group of subnets that a database names, of those of its account and region: its VPC and its subnets.
pub(super) fn seated<'g>(
    mut groups: impl Iterator<Item = (&'g Identity, &'g Option<Name>, &'g Option<Vec<Site>>)>,
    owner: &Identity,
    seat: &Seat,
) -> Option<(Option<Name>, Option<Vec<Site>>)> {
    let name = seat.subnet_group.as_ref()?;
    let (_, vpc, sites) = groups.find(|(group, ..)| group.name == *name && agree(group, owner))?;
    Some((vpc.clone(), sites.clone()))
}

/// Whether two resources are of one account and region, as far as both say.
fn agree(one: &Identity, other: &Identity) -> bool {
    let same = |one: &Option<Name>, other: &Option<Name>| one.is_none() || other.is_none() || one == other;
    same(&one.account, &other.account) && same(&one.region, &other.region)
}

fn place(identity: &Identity, vpc: Option<Name>, subnet: Option<Name>) -> Place {
    Place { account: identity.account.clone(), region: identity.region.clone(), vpc, subnet }
}

/// The subnets in the zones of a database; all of its group where no zone tells. None: not known.
pub(super) fn subnets(seat: &Seat, sites: &[Site]) -> Vec<Name> {
    let here = in_zones(sites, |zone| seat.zones.contains(zone));
    if seat.zones.is_empty() || here.is_empty() { in_zones(sites, |_| true) } else { here }
}

/// The subnets in which a database is when its zone fails.
pub(super) fn standby_subnets(seat: &Seat, sites: &[Site]) -> Vec<Name> {
    match &seat.standby {
        Standby::Nowhere => Vec::new(),
        Standby::In(standby) => in_zones(sites, |zone| zone == standby),
        Standby::Somewhere => in_zones(sites, |zone| !seat.zones.contains(zone)),
    }
}

/// The subnets in some zones; of one that does not say its zone that may be anywhere.
fn in_zones(sites: &[Site], is_meant: impl Fn(&Name) -> bool) -> Vec<Name> {
    let meant = sites.iter().filter(|site| site.zone.as_ref().is_none_or(&is_meant));
    meant.map(|site| Arc::clone(&site.subnet)).collect()
}

const SUBNET: &str = "subnet";
