//! Whom a service lets in, put together from its document and what is kept beside it.

use std::sync::Arc;

use cloud::Quoted;
use model::{Effect, Gap, Name};
use packet::{AddressSet, Bounds, Family, Prefix};

use crate::resource::{
    Entry, Identity, Kept, Otherwise, PartContent, PublicAccess, Ranges, Service, ServiceFirewall, Side,
    SiteRules,
};

use super::super::Lowering;
use super::Endpoint;

/// Whom a service lets in.
pub(super) struct Whom {
    pub(super) access: PublicAccess,
    pub(super) list: ServiceFirewall,
    /// Whether the input has the list.
    pub(super) is_known: bool,
}

impl Lowering<'_> {
    pub(super) fn whom(&mut self, service: &Service, endpoint: Endpoint) -> Whom {
        let known = |list: ServiceFirewall| Whom { access: service.access, list, is_known: true };
        match &service.kept {
            Kept::Here(list) => known(list.clone()),
            Kept::HereAnd(list, own) => known(self.with_own_addresses(list.clone(), own, &service.identity)),
            Kept::Ranges(ranges) => {
                let (list, is_known) = self.ranges(service, ranges);
                Whom { access: service.access, list, is_known }
            }
            Kept::NetworkRules { acts } => self.network_rules(service, *acts),
            Kept::Site(rules) => self.site_rules(service, rules, endpoint),
            Kept::Subnet(_) => known(ServiceFirewall::all(Otherwise::Either)),
        }
    }

    /// P1, P3, P4, P5. Ranges are exported server by server, and an empty answer names no server: a server without a
    /// range in the input may have some.
    fn ranges(&self, service: &Service, stated: &Ranges) -> (ServiceFirewall, bool) {
        let mut entries: Vec<Entry> = Vec::new();
        let mut is_known = stated.ipv4.is_some() || self.estate.ranged.contains(&service.identity.key);
        entries.extend(stated.ipv4.iter().chain(&stated.ipv6).flatten().cloned());
        for part in self.parts_of(&service.identity.key) {
            if let PartContent::Range(entry, family) = &part.content {
                is_known |= *family == Family::V4;
                entries.push(entry.clone());
            }
        }
        entries.sort_by(Entry::shown_before);
        entries.dedup_by(|one, other| one.shown_before(other).is_eq());
        let otherwise = match (is_known, entries.is_empty()) {
            (false, _) => Otherwise::Either,
            (true, true) => stated.without,
            (true, false) => Otherwise::Deny,
        };
        (ServiceFirewall { entries, otherwise }, is_known)
    }

    /// P7.
    fn network_rules(&mut self, service: &Service, acts: Option<bool>) -> Whom {
        let mut sets = self.parts_of(&service.identity.key).filter_map(|part| match &part.content {
            PartContent::NetworkRules(rules) => Some(rules),
            PartContent::Range(..) | PartContent::Site(_) | PartContent::Unrelated => None,
        });
        let found = sets.next();
        if sets.any(|other| Some(other) != found) {
            self.tell_contradicting_lists(&service.identity, "rule sets");
            let access = service.access.and(PublicAccess::Untold);
            return Whom { access, list: ServiceFirewall::all(Otherwise::Either), is_known: true };
        }
        let access = found.map_or(service.access, |rules| service.access.and(rules.access));
        let (list, is_known) = match (found, acts) {
            (Some(rules), _) => (rules.firewall(acts), true),
            (None, Some(false)) => (ServiceFirewall::all(Otherwise::Allow), true),
            // P7: one whose rule set was taken away lets everybody in.
            (None, _) if self.estate.ranged.contains(&service.identity.key) => {
                (ServiceFirewall::all(Otherwise::Allow), true)
            }
            (None, Some(true) | None) => (ServiceFirewall::all(Otherwise::Either), false),
        };
        Whom { access, list, is_known }
    }

    /// P10: the configuration beside the app is the list itself; the app carries a copy, or nothing.
    fn site_rules(&mut self, service: &Service, own: &SiteRules, endpoint: Endpoint) -> Whom {
        let found = self.parts_of(&service.identity.key).find_map(|part| match &part.content {
            PartContent::Site(rules) => Some(rules),
            PartContent::Range(..) | PartContent::NetworkRules(_) | PartContent::Unrelated => None,
        });
        let of_endpoint = |rules: &SiteRules| match endpoint {
            Endpoint::Main => rules.main.clone(),
            Endpoint::Management => rules.management.clone(),
        };
        let access = found.map_or(service.access, |rules| service.access.and(rules.access));
        let list = match (of_endpoint(own), found.and_then(of_endpoint)) {
            (Some(own), Some(beside)) if own != beside => {
                self.tell_contradicting_lists(&service.identity, CONFIGURATION);
                Some(ServiceFirewall::all(Otherwise::Either))
            }
            (own, beside) => beside.or(own),
        };
        let is_known = list.is_some();
        let list = list.unwrap_or_else(|| ServiceFirewall::all(Otherwise::Either));
        Whom { access, list, is_known }
    }

    fn tell_contradicting_lists(&mut self, identity: &Identity, which: &str) {
        let message =
            format!("{}: its {which} are not the same: each is taken as possible", Quoted(&identity.name));
        self.gaps.push(Gap::at(identity.read_at.0, "contradicting-lists", Effect::Undecided, message));
    }

    /// P9: a cluster that limits who reaches its API server lets its own outbound addresses in unlisted.
    fn with_own_addresses(
        &mut self,
        mut list: ServiceFirewall,
        own: &[Name],
        identity: &Identity,
    ) -> ServiceFirewall {
        let known = own.iter().filter_map(|key| self.estate.public_addresses.get(key)?.address);
        let addresses: AddressSet = known.map(Prefix::host).collect();
        if !list.entries.is_empty() && !addresses.is_empty() {
            let sources = Side::of(OUTBOUND.into(), Bounds::exactly(Arc::new(addresses)));
            list.entries.push(Entry::built_in(OUTBOUND.into(), sources, identity.read_at));
        }
        list
    }
}

const CONFIGURATION: &str = "access restrictions and those in its configuration";
const OUTBOUND: &str = "outbound-addresses";
