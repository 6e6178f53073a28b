//! What a listener of an application gateway hears: from outside at its public address, or through a firewall before
//! its private one, and what the group of the gateway's subnet makes of it (semantics AP8, A7).

use std::sync::Arc;

use model::{Action, Filter, Matches, Name, Rule, RuleList, every_type};
use packet::{AddressSet, Bounds, Family, PortSet, Prefix, Protocol, ProtocolSet};

use crate::resource::{ApplicationGateway, Frontend, Identity, Listener, Sku};

use super::super::Lowering;
use super::super::layer::Layer;
use super::super::list::closed_list;
use super::Proxies;
use super::application_gateway::GATEWAY_KIND;
use super::door::{Door, Neighbourhood};
use super::front;
use super::seen::Seen;

impl Lowering<'_> {
    /// What leads to a listener.
    pub(super) fn entries(
        &mut self,
        gateway: &ApplicationGateway,
        listener: &Listener,
        proxies: &Proxies,
    ) -> Vec<Arc<Door>> {
        let known = gateway.frontend(listener);
        // A listener that may be on any frontend.
        let frontends = known.map_or_else(|| gateway.frontends.iter().collect(), |frontend| vec![frontend]);
        let mut entries = Vec::new();
        if frontends.is_empty() {
            entries.push(self.entry_from_outside(front::UNKNOWN, listener, false));
        }
        for frontend in frontends {
            for mut entry in self.entries_at(gateway, (frontend, listener), proxies) {
                if known.is_none() {
                    Arc::make_mut(&mut entry).is_certain = false;
                }
                entries.push(entry);
            }
        }
        entries
    }

    fn entries_at(
        &mut self,
        gateway: &ApplicationGateway,
        (frontend, listener): (&Frontend, &Listener),
        proxies: &Proxies,
    ) -> Vec<Arc<Door>> {
        let fronts = self.fronts_of_seat(&frontend.seat, (&gateway.identity, listener.read_at));
        let fronts = fronts.into_iter().map(|facing| self.entry_from_outside(facing, listener, true));
        let fronts: Vec<Arc<Door>> = fronts.collect();
        let doors = frontend.private.and_then(|address| proxies.doors_to(address));
        let fits = |door: &&Arc<Door>| {
            let same = door.to.is_none() || listener.port.is_none() || door.to == listener.port;
            let is_new = !door.hops.iter().any(|hop| hop.id == gateway.identity.id);
            same && is_new && door.protocols.contains(Protocol::TCP)
        };
        fronts.into_iter().chain(doors.into_iter().flatten().filter(fits).map(Arc::clone)).collect()
    }

    /// What comes to a listener from outside itself.
    fn entry_from_outside(
        &self,
        (reach, front): front::Facing,
        listener: &Listener,
        is_certain: bool,
    ) -> Arc<Door> {
        let every = &self.memo.common.every_port;
        Arc::new(Door {
            reach,
            front,
            hops: Vec::new(),
            protocols: ProtocolSet::only(Protocol::TCP),
            from: listener.port.map_or_else(|| Arc::clone(every), |port| Arc::new(PortSet::only(port))),
            to: listener.port,
            seen_as: None,
            before: None,
            is_certain: is_certain && listener.port.is_some(),
            place: Arc::new(Neighbourhood::default()),
        })
    }

    /// What decides on what a listener hears through an entry, as its gateway sees it; for what is `behind` it, stated
    /// for there. And whether the input tells of all of it.
    pub(super) fn heard(
        &mut self,
        gateway: &ApplicationGateway,
        (listener, entry): (&Listener, &Door),
        is_behind: bool,
    ) -> (Filter, bool) {
        let (groups, told) = self.subnet_filter(gateway.subnet.as_ref(), &gateway.identity);
        let aim = self.aim_of(gateway, listener, entry);
        let port = listener.port.map_or_else(PortSet::everything, PortSet::only);
        let six = AddressSet::whole(Family::V6);
        let seen = Seen {
            // A gateway hands on what comes over IPv6 over IPv4: of the clients nothing is left but that they are some.
            sources: entry
                .seen_as
                .as_deref()
                .or((is_behind && family_of(entry) == Family::V6).then_some(&six)),
            destinations: Some(&aim),
            ports: is_behind.then_some(&port),
        };
        let mut stages: Vec<Filter> = entry.before.iter().cloned().collect();
        stages.push(closed_list(Arc::new(self.listener_list(gateway, listener))));
        if groups != Filter::Always(Action::Allow) {
            stages.push(seen.filter(&groups));
        }
        let heard = Filter::AllOf(stages);
        let heard = if entry.is_certain { heard } else { self.doubted(heard, "unknown listener") };
        (heard, told)
    }

    /// What the groups of a subnet let in, for gateways, which need none to be reached (A7, AP1). Admin rules are never
    /// applied there (AA3).
    pub(super) fn subnet_filter(&mut self, subnet: Option<&Name>, identity: &Identity) -> (Filter, bool) {
        let place = self.place_in(subnet);
        let layer = match subnet {
            Some(subnet) => self.layer_of_subnet(subnet, (identity, identity.read_at), &place),
            None => Layer::Untold,
        };
        let told = !matches!(layer, Layer::Untold);
        (self.filter(&[layer], Sku::Basic, &identity.name), told)
    }

    /// Where packets are sent to when the group of the subnet sees them: to an instance; where a public and a private
    /// listener share the port, to one of the frontends, or to an instance.
    pub(super) fn aim_of(
        &mut self,
        gateway: &ApplicationGateway,
        listener: &Listener,
        entry: &Door,
    ) -> AddressSet {
        let family = family_of(entry);
        let subnet = gateway.subnet.as_ref().filter(|key| self.estate.subnets.contains_key(*key));
        let instances = match subnet {
            Some(subnet) => (*self.instances(Some(subnet), family)).clone(),
            None => AddressSet::whole(family),
        };
        let is_private = |listener: &Listener| {
            gateway.frontend(listener).is_none_or(|one| one.private.is_some() && one.seat.public.is_none())
        };
        let shares = gateway.listeners.iter().any(|other| {
            let same = other.port.is_none() || listener.port.is_none() || other.port == listener.port;
            same && is_private(other) != is_private(listener)
        });
        if !shares {
            return instances;
        }
        let private = gateway.frontends.iter().filter_map(|frontend| frontend.private);
        let index = Arc::clone(&self.index);
        let public = gateway.frontends.iter().filter_map(|frontend| index.public_of(&frontend.seat));
        let public = public.filter_map(|key| self.estate.public_addresses.get(key)?.address);
        let frontends: AddressSet = private.chain(public).map(Prefix::host).collect();
        instances.union(&frontends.only(family))
    }

    fn listener_list(&self, gateway: &ApplicationGateway, listener: &Listener) -> RuleList {
        let common = &self.memo.common;
        let everywhere = Bounds::exactly(Arc::clone(&common.everything));
        let every_port = Bounds::exactly(Arc::clone(&common.every_port));
        let rule = Rule {
            name: Arc::clone(&listener.name),
            priority: None,
            rank: 0,
            action: Action::Allow,
            matches: Matches {
                protocols: Bounds::exactly(ProtocolSet::only(Protocol::TCP)),
                sources: everywhere.clone(),
                tags: Vec::new(),
                source_ports: every_port.clone(),
                destinations: everywhere,
                ports: every_port,
                types: every_type(),
            },
            written: "*".into(),
            built_in: false,
            provenance: Some(listener.read_at.0),
        };
        RuleList {
            id: Arc::clone(&gateway.identity.id),
            name: Arc::clone(&gateway.identity.name),
            kind: GATEWAY_KIND,
            scope: gateway.identity.scope.clone(),
            rules: vec![rule],
            behind: None,
            provenance: Some(gateway.identity.read_at.0),
        }
    }
}

impl Proxies {
    /// The doors to a private address.
    fn doors_to(&self, address: core::net::IpAddr) -> Option<&Vec<Arc<Door>>> {
        self.by_address.get(&address)
    }
}

/// The family of what comes through an entry.
pub(super) fn family_of(entry: &Door) -> Family {
    let front = entry.front.as_ref().and_then(|front| front.address);
    front.map_or(Family::V4, |address| Family::of(address).0)
}
