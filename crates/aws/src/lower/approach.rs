//! What stands between the Internet and the addresses of a subnet: the gateway, Block Public Access, the list of the
//! subnet, and the way back (W13–W17).
//!
//! Knows no interface and no group. Made once for each subnet and family.

use std::collections::BTreeSet;
use std::sync::Arc;

use cloud::{Quoted, all_of};
use model::{Effect, Filter, Gap, Name, Provenance};
use packet::{AddressSet, Family};

use crate::resource::{InternetGateway, RouteTable, Subnet, Vpc};

use super::Lowering;
use super::network_index::of_account;
use super::reply::answered;

/// Where something is, as far as it says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) account: Option<Name>,
    pub(crate) region: Option<Name>,
    pub(crate) vpc: Option<Name>,
    pub(crate) subnet: Option<Name>,
}

/// Whether the VPC is open to the Internet. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gate {
    Open,
    /// No gateway is attached, or it only lets out (W14, W15): `latent`.
    Shut,
    /// The input lacks what would say it: `admitted`.
    Unknown,
}

/// What stands between the Internet and the addresses of a family in a subnet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Approach {
    pub(crate) gate: Gate,
    /// Whether a reply to some client may leave by an Internet gateway, whatever the list of the subnet says.
    pub(crate) is_routed: bool,
    /// What every packet meets that comes in: Block Public Access, and the list of the subnet.
    pub(crate) inbound: Filter,
    /// Denies what gets no reply. It asks for the source port, so that who is told has one that gets a reply.
    pub(crate) answered: Filter,
    /// Denies what gets a reply from some source port: what is left arrives and is not answered (W13).
    pub(crate) unanswered: Filter,
    /// Why it is not certain that a packet comes this way.
    pub(crate) doubt: Option<&'static str>,
}

/// What of a kind stands at a place. Complete.
#[derive(Clone, Debug)]
pub(super) enum Standing<T> {
    /// The input has nothing of the kind.
    Untold,
    /// The input has the kind and nothing for this place, although something stands there.
    Missing,
    /// These claim to: more than one contradict each other.
    These(Vec<T>),
}

/// A place with what the input has of it.
#[derive(Clone, Debug)]
pub(super) struct Spot<'e> {
    pub(super) place: Place,
    pub(super) subnet: Option<&'e Subnet>,
    pub(super) vpc: Option<&'e Vpc>,
    /// The id of the VPC.
    pub(super) vpc_id: Option<Name>,
    /// Whose the network is: of a shared subnet its owner's, not that of who uses it (W24).
    pub(super) home: Option<Name>,
    pub(super) region: Option<Name>,
}

impl<'e> Lowering<'e> {
    /// What stands between the Internet and the addresses of a family at a place.
    pub(super) fn approach(&mut self, place: &Place, family: Family) -> Arc<Approach> {
        let key = (place.clone(), family);
        if let Some(known) = self.network.approaches.get(&key) {
            return Arc::clone(known);
        }
        let made = Arc::new(self.made_approach(place, family));
        self.network.approaches.insert(key, Arc::clone(&made));
        made
    }

    fn made_approach(&mut self, place: &Place, family: Family) -> Approach {
        let spot = self.spot(place);
        let tables = self.tables_at(&spot);
        let lists = self.lists_at(&spot);
        let back = self.back(&spot, &tables, family);
        let mut inbound: Vec<Filter> = self.public_access_filter(&spot).into_iter().collect();
        inbound.extend(self.network_filter(&spot, &lists));
        let edge = self.edge(&spot, family);
        let attached = self.attached(&spot, &tables);
        let gate = match (attached, &tables, &lists) {
            (Gate::Shut, ..) => Gate::Shut,
            // W15: what leads out there alone is documented to let no flow in.
            _ if edge.is_shut || back.is_egress_only => Gate::Shut,
            (Gate::Unknown, ..) | (_, Standing::Untold, _) | (_, _, Standing::Untold) => Gate::Unknown,
            (Gate::Open, ..) => Gate::Open,
        };
        let leg = self.leg(&spot, &lists, family);
        let is_routed = !back.clients.may.is_disjoint(&self.network.internet);
        let answered = answered(&leg, &back);
        let unanswered = self.unanswered(&leg, &back, family);
        Approach { gate, is_routed, inbound: all_of(inbound), answered, unanswered, doubt: edge.doubt }
    }

    /// A place with what the input has of it: its subnet says its VPC, and both say whose they are.
    pub(super) fn spot(&self, place: &Place) -> Spot<'e> {
        let resources = &self.estate.resources;
        let account = place.account.as_deref();
        let subnet = place.subnet.as_deref().and_then(|id| resources.subnets.find(account, id).one());
        let vpc_id = subnet.and_then(|subnet| subnet.vpc.clone()).or_else(|| place.vpc.clone());
        let owner = subnet.and_then(|subnet| subnet.identity.account.clone());
        let account = owner.as_deref().or(account);
        let vpc = vpc_id.as_deref().and_then(|id| resources.vpcs.find(account, id).one());
        let home = owner.clone().or_else(|| vpc.and_then(|vpc| vpc.identity.account.clone()));
        let home = home.or_else(|| self.owner_of_parts(place, vpc_id.as_deref()));
        let region = subnet.and_then(|subnet| subnet.identity.region.clone());
        Spot {
            subnet,
            vpc,
            vpc_id,
            home: home.or_else(|| place.account.clone()),
            region: region.or_else(|| place.region.clone()),
            place: place.clone(),
        }
    }

    /// W24: whose a subnet is that the input does not have: whose what stands at it is. Whoever uses a shared one does not
    /// own that.
    fn owner_of_parts(&self, place: &Place, vpc: Option<&str>) -> Option<Name> {
        let index = &self.network.index;
        let subnet = place.subnet.as_deref();
        let lists = subnet.and_then(|id| index.lists_of_subnet.get(id)).into_iter().flatten();
        let lists = lists.map(|list| &list.identity);
        let tables = subnet.and_then(|id| index.tables_of_subnet.get(id)).into_iter().flatten();
        let mains = vpc.and_then(|id| index.main_tables.get(id)).into_iter().flatten();
        let tables = tables.chain(mains).map(|table| &table.identity);
        let gateways = vpc.and_then(|id| index.gateways_of_vpc.get(id)).into_iter().flatten();
        let parts = lists.chain(tables).chain(gateways.map(|gateway| &gateway.identity));
        let owners: BTreeSet<&Name> = parts.filter_map(|part| part.account.as_ref()).collect();
        let is_own = place.account.as_ref().is_some_and(|own| owners.contains(own));
        owners.first().filter(|_| !is_own).map(|owner| Name::clone(owner))
    }

    /// Whether an Internet gateway is attached to the VPC of a place, whatever its routes are.
    pub(super) fn gateway_of(&mut self, place: &Place) -> Gate {
        let spot = self.spot(place);
        let tables = self.tables_at(&spot);
        self.attached(&spot, &tables)
    }

    /// W14: whether an Internet gateway is attached to the VPC, by the gateways, else by a route that leads to one: a
    /// route to a gateway that is not attached is a black hole.
    fn attached(&mut self, spot: &Spot<'e>, tables: &Standing<&'e RouteTable>) -> Gate {
        let Some(vpc) = &spot.vpc_id else { return Gate::Unknown };
        let index = Arc::clone(&self.network.index);
        let claims = index.gateways_of_vpc.get(&**vpc).map_or(&[][..], Vec::as_slice);
        if !of_account(claims, spot.home.as_ref(), |gateway: &InternetGateway| &gateway.identity).is_empty() {
            return Gate::Open;
        }
        let own = match tables {
            Standing::These(tables) => tables.iter().flat_map(|table| table.internet_gateways()).next(),
            Standing::Untold | Standing::Missing => None,
        };
        let routed = index.routed_gateways.get(&**vpc).and_then(|gateways| gateways.first().copied());
        let is_listed = self.has_kind("internet-gateway");
        if let Some(gateway) = own.or(routed) {
            if is_listed {
                self.tell_stray_gateway(spot, gateway);
            }
            return Gate::Open;
        }
        if !is_listed || index.has_loose_gateways || !self.knows_gateways_of(spot) {
            return Gate::Unknown;
        }
        Gate::Shut
    }

    /// Whether the gateways of the input can be all those of the account: some export is of it.
    fn knows_gateways_of(&self, spot: &Spot<'_>) -> bool {
        let gateways = &self.estate.resources.internet_gateways;
        let is_own =
            |account: &Option<Name>| account.is_none() || spot.home.is_none() || *account == spot.home;
        gateways.is_empty() || gateways.values().any(|gateway| is_own(&gateway.identity.account))
    }

    fn tell_stray_gateway(&mut self, spot: &Spot<'_>, gateway: &Name) {
        let message = format!(
            "{}: a route leads to {}, which the Internet gateways of the input do not have there: it is taken to be attached",
            Quoted(spot.name()),
            Quoted(gateway)
        );
        self.tell_at(spot, "dangling-reference", message);
    }

    /// Tells of something at a place.
    pub(super) fn tell_at(&mut self, spot: &Spot<'_>, code: &'static str, message: String) {
        // A place without a document of its own is told where somebody stands in it.
        let provenance = spot.provenance().or(self.network.asker);
        let document = provenance.map(|place| place.document);
        self.gaps.push(Gap { document, provenance, code, effect: Effect::Undecided, message });
    }
}

impl Spot<'_> {
    /// What people call the place.
    pub(super) fn name(&self) -> &str {
        let named = self.subnet.map(|subnet| &subnet.identity.name);
        named
            .or(self.place.subnet.as_ref())
            .or(self.vpc_id.as_ref())
            .map_or("a network that is not told", |name| name)
    }

    /// Whether one of these addresses is in the subnet, or may be.
    pub(super) fn holds_some(&self, addresses: &AddressSet) -> bool {
        self.subnet.is_none_or(|subnet| {
            let own: AddressSet = subnet.blocks.iter().copied().collect();
            !own.is_disjoint(addresses)
        })
    }

    fn provenance(&self) -> Option<Provenance> {
        let subnet = self.subnet.map(|subnet| subnet.identity.read_at.0);
        subnet.or_else(|| self.vpc.map(|vpc| vpc.identity.read_at.0))
    }
}
