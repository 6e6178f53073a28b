//! What Global Accelerator leads to: load balancers, and instances, addresses and subnets that need no public address and
//! no route: an Internet gateway at their VPC is enough.

use std::sync::Arc;

use cloud::{Quoted, Said, all_of};
use model::{Action, Effect, Filter, Front, Gap, Hop, Name, Path, Reach};
use packet::{Bounds, Family, PortSet, ProtocolSet};

use crate::resource::{Endpoint, EndpointGroup, Interface, Scheme};

use super::super::Lowering;
use super::super::approach::{Approach, Gate, Place};
use super::super::groups::{Clients, Seen};
use super::arrival::Arrival;
use super::device::{Device, Stance};
use super::ear::{Ear, either};
use super::{Book, Lead};

/// What an accelerator hands to the endpoints of a group.
struct Beam {
    /// Its addresses, each as a front; one without where they are not known.
    fronts: Vec<(Family, Front)>,
    hop: Hop,
    protocols: ProtocolSet,
    ports: Arc<PortSet>,
    /// It is switched off.
    is_off: bool,
    /// Its ports are known.
    is_certain: bool,
}

impl Lowering<'_> {
    /// How packets come through accelerators to a listener of a load balancer.
    pub(super) fn accelerated_arrivals(&mut self, device: &Device<'_>, ear: &Ear) -> Vec<Arrival> {
        let estate = self.estate;
        let mut arrivals = Vec::new();
        for group in estate.resources.endpoint_groups.values() {
            let own = group.endpoints.iter().filter(|endpoint| endpoint.id == device.identity.id);
            for endpoint in own {
                let Some(beam) = self.beam(group) else { continue };
                let protocols = beam.protocols.intersection(ear.protocols);
                let from = ports_to(group, &beam.ports, &ear.ports);
                if protocols.is_empty() || from.is_empty() {
                    continue;
                }
                let subnet = device.nodes.first().and_then(|node| node.subnet.as_ref());
                let place = Self::place_of_node(device.identity, device.vpc.as_ref(), subnet);
                let clients = preserved_to(device, ear, endpoint);
                let mut before: Vec<Filter> = self.blocked_at(&place).into_iter().collect();
                before.extend(self.beam_doubt(&beam, endpoint));
                let reach = self.reach_of(&beam, &place, clients);
                let base = self.of_beam(&beam, (protocols, Arc::new(from)), before, reach, clients);
                arrivals.extend(base);
            }
        }
        arrivals
    }

    fn of_beam(
        &self,
        beam: &Beam,
        (protocols, from): (ProtocolSet, Arc<PortSet>),
        before: Vec<Filter>,
        reach: Reach,
        clients: Clients,
    ) -> Vec<Arrival> {
        // Who stands in for clients has addresses of the service, which are on the Internet.
        let seen_of = |family: Family| {
            (clients != Clients::Kept).then(|| {
                let addresses = Bounds::exactly(Arc::new(self.network.internet.only(family)));
                Arc::new(Seen { addresses, groups: Vec::new(), may_be_of_any_group: false, clients })
            })
        };
        let arrival = |(family, front): &(Family, Front)| Arrival {
            reach,
            front: Some(front.clone()),
            family: *family,
            hops: vec![beam.hop.clone()],
            protocols,
            from: Arc::clone(&from),
            before: before.clone(),
            seen: seen_of(*family),
            is_accelerated: true,
        };
        beam.fronts.iter().map(arrival).collect()
    }

    fn reach_of(&mut self, beam: &Beam, place: &Place, clients: Clients) -> Reach {
        match (self.gateway_of(place), clients) {
            _ if beam.is_off => Reach::Latent,
            (Gate::Shut, _) => Reach::Latent,
            (Gate::Unknown, _) => Reach::Admitted,
            (Gate::Open, Clients::Hidden) => Reach::ViaProxy,
            (Gate::Open, Clients::Kept | Clients::Either) => Reach::Exposed,
        }
    }

    /// The accelerator and the listener of a group of endpoints. Without the listener every port is possible.
    fn beam(&mut self, group: &EndpointGroup) -> Option<Beam> {
        let known = &self.estate.resources;
        let account = group.identity.account.as_deref();
        let listener = group.listener().and_then(|arn| known.accelerator_listeners.find(account, arn).one());
        let arn = group.identity.id.split_once("/listener/").map(|(arn, _)| arn);
        let accelerator = arn.and_then(|arn| known.accelerators.find(account, arn).one());
        if listener.is_none() {
            self.tell_lost_part(group, "listener", "list-listeners");
        }
        if accelerator.is_none() {
            self.tell_lost_part(group, "accelerator", "list-accelerators");
        }
        let id: Name = match (accelerator, arn) {
            (Some(accelerator), _) => Arc::clone(&accelerator.identity.id),
            (None, Some(arn)) => arn.into(),
            (None, None) => return None,
        };
        let addresses = accelerator.map_or(&[][..], |accelerator| &accelerator.addresses);
        let front = |address| Front { id: Arc::clone(&id), address };
        let mut fronts: Vec<(Family, Front)> =
            addresses.iter().map(|address| (Family::of(*address).0, front(Some(*address)))).collect();
        if fronts.is_empty() {
            fronts.push((Family::V4, front(None)));
        }
        let protocols =
            listener.and_then(|listener| listener.protocols.clone().this()).unwrap_or_else(either);
        let ports = listener.and_then(|listener| listener.ports.clone());
        Some(Beam {
            hop: Hop {
                kind: "accelerator",
                id: Arc::clone(&id),
                name: accelerator.map_or(id, |accelerator| Arc::clone(&accelerator.identity.name)),
                rule: None,
                provenance: Some(group.identity.read_at.0),
            },
            fronts,
            protocols,
            ports: ports.unwrap_or_else(|| Arc::clone(&self.common.every_port)),
            is_certain: listener.is_some_and(|listener| listener.ports.is_some()),
            is_off: accelerator.is_some_and(|accelerator| accelerator.is_enabled == Said::This(false)),
        })
    }

    /// What is doubted of an accelerator whose listener is not known, or which hands nothing on now.
    fn beam_doubt(&self, beam: &Beam, endpoint: &Endpoint) -> Option<Filter> {
        let doubt = match (beam.is_certain, endpoint.is_in_use) {
            (false, _) => LISTENERS,
            (true, false) => WEIGHT,
            (true, true) => return None,
        };
        Some(self.doubted(Filter::Always(Action::Allow), doubt))
    }

    fn tell_lost_part(&mut self, group: &EndpointGroup, what: &str, command: &str) {
        if !self.has_kind(if what == "listener" { "accelerator-listener" } else { "accelerator" }) {
            return;
        }
        let message = format!(
            "{}: its {what} is not in the input: more may be reached than is told; add `aws globalaccelerator {command}`",
            Quoted(&group.identity.id)
        );
        let place = group.identity.read_at.0;
        self.gaps.push(Gap::at(place, "dangling-reference", Effect::Widened, message));
    }

    /// Leads to endpoints that are no load balancers.
    pub(super) fn add_accelerated(&mut self, book: &mut Book) {
        let estate = self.estate;
        for group in estate.resources.endpoint_groups.values() {
            for endpoint in &group.endpoints {
                self.tell_stray_endpoint(group, endpoint);
                if endpoint.id.starts_with("arn:") {
                    continue;
                }
                let Some(beam) = self.beam(group) else { continue };
                let is_address = endpoint.id.starts_with("eipalloc-");
                let clients = if is_address { Clients::Hidden } else { Clients::Kept };
                let reach = match (beam.is_off, clients) {
                    (true, _) => Reach::Latent,
                    (false, Clients::Hidden) => Reach::ViaProxy,
                    (false, _) => Reach::Exposed,
                };
                for (to, from) in parts(group, &beam.ports, &self.common.every_port) {
                    let mut before: Vec<Filter> = self.beam_doubt(&beam, endpoint).into_iter().collect();
                    if group.is_custom {
                        before.push(self.doubted(Filter::Always(Action::Allow), CUSTOM));
                    }
                    for arrival in self.of_beam(&beam, (beam.protocols, from), before, reach, clients) {
                        let lead = Lead { arrival: Arc::new(arrival), to, vpc: None, is_inside: false };
                        book.accelerated.entry(Arc::clone(&endpoint.id)).or_default().push(lead);
                    }
                }
            }
        }
    }

    /// The paths of accelerators to an interface. No list of its subnet is asked on the way in, and no route.
    pub(in crate::lower) fn accelerated_paths(
        &mut self,
        interface: &Interface,
        place: &Place,
        own: &Filter,
    ) -> Vec<Path> {
        if self.estate.resources.endpoint_groups.is_empty() {
            return Vec::new();
        }
        let book = self.book();
        let allocated = interface.v4.iter().flatten().filter_map(|one| match &one.public {
            Said::This(association) => association.allocation.as_ref(),
            Said::Nothing | Said::Unreadable => None,
        });
        let index = Arc::clone(&self.network.index);
        let instance = index.instance_of(interface);
        let keys = instance.into_iter().chain(interface.subnet.iter()).chain(allocated);
        let leads: Vec<Lead> = keys.filter_map(|key| book.accelerated.get(key)).flatten().cloned().collect();
        let first = instance.map_or(Some(true), |id| self.is_first_interface(interface, id));
        let Some(is_certain) = first else { return Vec::new() };
        let mut paths = Vec::new();
        for lead in &leads {
            let way = self.way_of(lead, interface, None, is_certain);
            let filter = match &way.seen_as {
                Some(seen) => self.groups_filter_behind(&interface.groups, &interface.identity, seen),
                None => own.clone(),
            };
            let mut inbound: Vec<Filter> = self.blocked_at(place).into_iter().collect();
            // An Elastic IP address is found by its public side, where the list of the subnet is asked.
            let seen = way.seen_as.as_deref();
            inbound.extend(seen.map(|seen| self.inner_approach(place, Some(seen)).inbound));
            let approach = Approach {
                gate: self.gateway_of(place),
                is_routed: true,
                inbound: all_of(inbound),
                answered: Filter::Always(Action::Allow),
                unanswered: Filter::Always(Action::Deny),
                doubt: None,
            };
            paths.extend(self.paths(&way, &approach, filter));
        }
        paths
    }

    /// W17: Block Public Access closes a VPC to accelerators as well.
    fn blocked_at(&mut self, place: &Place) -> Option<Filter> {
        let spot = self.spot(place);
        self.public_access_filter(&spot)
    }
}

/// Whether an endpoint sees the addresses of clients. Load balancers that the Internet does not reach always do; a
/// network load balancer without groups never does, nor behind a listener of TLS.
fn preserved_to(device: &Device<'_>, ear: &Ear, endpoint: &Endpoint) -> Clients {
    let never = device.stance == Stance::PassesOn && (device.takes_everybody() || ear.ends_connections);
    match (&endpoint.preserves, device.scheme) {
        _ if never => Clients::Hidden,
        (Said::This(true), _) => Clients::Kept,
        (Said::This(false), _) => Clients::Hidden,
        (Said::Nothing | Said::Unreadable, Some(Scheme::Internal)) if device.stance == Stance::StandsIn => {
            Clients::Kept
        }
        (Said::Nothing | Said::Unreadable, _) => Clients::Either,
    }
}

/// The ports of an accelerator that lead to these ports of an endpoint.
fn ports_to(group: &EndpointGroup, ports: &PortSet, to: &PortSet) -> PortSet {
    let moved = group.overrides.iter().map(|one| PortSet::only(one.from));
    let moved = moved.fold(PortSet::empty(), |all, one| all.union(&one));
    let led = group.overrides.iter().filter(|one| to.contains(one.to)).map(|one| PortSet::only(one.from));
    let led = led.fold(PortSet::empty(), |all, one| all.union(&one)).intersection(ports);
    ports.intersection(to).difference(&moved).union(&led)
}

/// The ports of an endpoint that an accelerator leads to: those it keeps (`None`), and each it moves.
fn parts(
    group: &EndpointGroup,
    ports: &PortSet,
    every_port: &Arc<PortSet>,
) -> Vec<(Option<u16>, Arc<PortSet>)> {
    if group.is_custom {
        return vec![(None, Arc::clone(every_port))];
    }
    let moved = group.overrides.iter().map(|one| PortSet::only(one.from));
    let moved = moved.fold(PortSet::empty(), |all, one| all.union(&one));
    let kept = ports.difference(&moved);
    let mut parts = Vec::new();
    if !kept.is_empty() {
        parts.push((None, Arc::new(kept)));
    }
    let own = group.overrides.iter().filter(|one| ports.contains(one.from));
    parts.extend(own.map(|one| (Some(one.to), Arc::new(PortSet::only(one.from)))));
    parts
}

/// What a path says of an endpoint at which nothing is dialled in: one call changes it.
const WEIGHT: &str = "weight";
/// What a path says whose listener is not in the input.
const LISTENERS: &str = "listeners";
/// What a path says through an accelerator that leads where its owner allows it.
const CUSTOM: &str = "custom routing";
