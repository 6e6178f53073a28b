//! Virtual networks, their subnets and their peerings.
//!
//! Knows what each states of itself. What `VirtualNetwork` stands for in a subnet is put together in `lower`.

use std::sync::Arc;

use cloud::grammar;
use model::{Effect, Name};
use packet::{AddressSet, Prefix};

use crate::intake::{Intake, Quoted};
use crate::wire::{self, AddressSpace, Element, Flag, List, Object, Texts};

use super::id::parent_of;
use super::identity::{Identity, ReadAt, objects, reference_key, tell_missing};

/// A virtual network and what its document says of its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkParts {
    pub(crate) network: VirtualNetwork,
    /// Its subnets; `None` when the document does not speak of them.
    pub(crate) subnets: Option<Vec<Subnet>>,
    /// Its peerings; `None` when the document does not speak of them.
    pub(crate) peerings: Option<Vec<Peering>>,
}

/// A virtual network.
#[derive(Clone, Debug, PartialEq)]
pub struct VirtualNetwork {
    pub(crate) identity: Identity,
    /// Its address space; `None` when the document does not say all of it.
    pub(crate) space: Option<Arc<AddressSet>>,
}

/// A subnet of a virtual network.
#[derive(Clone, Debug, PartialEq)]
pub struct Subnet {
    pub(crate) identity: Identity,
    /// Its addresses; `None` when the document does not say all of them.
    pub(crate) addresses: Option<Arc<AddressSet>>,
    /// The key of its virtual network.
    pub(crate) network: Option<Name>,
    pub(crate) group: Option<Name>,
    pub(crate) route_table: Option<Name>,
}

/// One side of a peering: what the virtual network it belongs to sees of the other one.
#[derive(Clone, Debug, PartialEq)]
pub struct Peering {
    pub(crate) identity: Identity,
    /// The key of the virtual network it belongs to.
    pub(crate) network: Option<Name>,
    /// The key of the other one.
    pub(crate) remote: Option<Name>,
    /// What is peered now.
    pub(crate) remote_space: Option<Arc<AddressSet>>,
    /// What the other network has now, where the document says it.
    pub(crate) remote_network_space: Option<Arc<AddressSet>>,
    /// Whether it is up; not at all when one side is gone.
    pub(crate) is_connected: bool,
    /// Whether the other network's prefixes are in `VirtualNetwork` (semantics A16).
    pub(crate) allows_access: bool,
    /// Whether all of the other network is peered, and not only some subnets.
    pub(crate) is_complete: bool,
}

impl NetworkParts {
    pub(crate) fn read<'a>(element: &Element<'a>, intake: &mut Intake<'_, 'a>) -> Self {
        let identity = Identity::read(element, "unnamed virtual network", intake);
        if matches!(element.address_space, Object::Absent) {
            tell_missing("addressSpace", identity.owner(), intake);
        }
        Self {
            subnets: parts(("subnets", &element.subnets), &identity, intake, Subnet::of_network),
            peerings: parts(
                ("virtualNetworkPeerings", &element.peerings),
                &identity,
                intake,
                Peering::of_network,
            ),
            network: VirtualNetwork {
                space: read_space(&element.address_space, &identity, intake),
                identity,
            },
        }
    }
}

/// The parts a document lists; `None` when it has no such list.
fn parts<'r, 'a, T, U>(
    list: (&str, &List<Object<T>>),
    network: &Identity,
    intake: &mut Intake<'r, 'a>,
    read: impl Fn(&T, &Identity, &mut Intake<'r, 'a>) -> U,
) -> Option<Vec<U>> {
    let stated = objects(list, network.owner(), intake);
    let readable = matches!(list.1, List::Items(_));
    readable.then(|| stated.into_iter().map(|part| read(part, network, intake)).collect())
}

impl Subnet {
    /// Reads a subnet that stands on its own.
    pub(crate) fn read<'a>(element: &Element<'a>, intake: &mut Intake<'_, 'a>) -> Self {
        let identity = Identity::read(element, "unnamed subnet", intake);
        Self {
            addresses: read_prefixes(&[&element.prefix, &element.prefixes], &identity, intake),
            network: parent_of(&identity.id).map(|network| intake.pool.key(network)),
            group: reference_key(("networkSecurityGroup", &element.group), identity.owner(), intake),
            route_table: reference_key(("routeTable", &element.route_table), identity.owner(), intake),
            identity,
        }
    }

    fn of_network<'a>(stated: &wire::Subnet<'a>, network: &Identity, intake: &mut Intake<'_, 'a>) -> Self {
        let identity = Identity::part((&stated.id, &stated.name), (network, "subnets"), stated.at, intake);
        Self {
            addresses: read_prefixes(&[&stated.prefix, &stated.prefixes], &identity, intake),
            network: Some(Arc::clone(&network.key)),
            group: reference_key(("networkSecurityGroup", &stated.group), identity.owner(), intake),
            route_table: reference_key(("routeTable", &stated.route_table), identity.owner(), intake),
            identity,
        }
    }
}

impl Peering {
    /// Reads a peering that stands on its own.
    pub(crate) fn read<'a>(element: &Element<'a>, intake: &mut Intake<'_, 'a>) -> Self {
        let identity = Identity::read(element, "unnamed peering", intake);
        let network = parent_of(&identity.id).map(|network| intake.pool.key(network));
        Self::from_parts(&element.peering, identity, network, intake)
    }

    fn of_network<'a>(stated: &wire::Peering<'a>, network: &Identity, intake: &mut Intake<'_, 'a>) -> Self {
        let names = (&stated.id, &stated.name);
        let identity = Identity::part(names, (network, "virtualNetworkPeerings"), stated.at, intake);
        Self::from_parts(stated, identity, Some(Arc::clone(&network.key)), intake)
    }

    fn from_parts(
        stated: &wire::Peering<'_>,
        identity: Identity,
        network: Option<Name>,
        intake: &mut Intake<'_, '_>,
    ) -> Self {
        let state = stated.state.get();
        Self {
            network,
            remote: reference_key(("remoteVirtualNetwork", &stated.remote_network), identity.owner(), intake),
            remote_space: read_space(&stated.remote_space, &identity, intake),
            remote_network_space: read_space(&stated.remote_network_space, &identity, intake),
            // A projection without the state keeps the peering: `VirtualNetwork` may hold it.
            is_connected: state.is_none_or(|state| state.eq_ignore_ascii_case("connected")),
            allows_access: stated.allow_access != Flag::Is(false),
            is_complete: stated.complete != Flag::Is(false),
            identity,
        }
    }
}

fn read_space(
    space: &Object<AddressSpace<'_>>,
    owner: &Identity,
    intake: &mut Intake<'_, '_>,
) -> Option<Arc<AddressSet>> {
    read_prefixes(&[&space.get()?.prefixes], owner, intake)
}

/// The union of lists of prefixes; `None` when there is none, or one cannot be read.
fn read_prefixes(
    lists: &[&Texts<'_>],
    owner: &Identity,
    intake: &mut Intake<'_, '_>,
) -> Option<Arc<AddressSet>> {
    let mut readable = lists.iter().all(|texts| texts.unexpected().is_none());
    let mut prefixes: Vec<Prefix> = Vec::new();
    for text in lists.iter().flat_map(|texts| texts.iter()) {
        match grammar::prefix(text) {
            Ok(prefix) => prefixes.push(prefix),
            Err(error) => {
                readable = false;
                tell(&format!("{}: {error}", Quoted(&owner.name)), owner.read_at, intake);
            }
        }
    }
    if let Some(json) = lists.iter().find_map(|texts| texts.unexpected()) {
        tell(
            &format!("{}: a prefix is {json}, expected a string", Quoted(&owner.name)),
            owner.read_at,
            intake,
        );
    }
    (readable && !prefixes.is_empty()).then(|| intake.pool.set(prefixes.into_iter().collect()))
}

fn tell(message: &str, read_at: ReadAt, intake: &mut Intake<'_, '_>) {
    intake.note(read_at.0, "unreadable-prefix", Effect::Undecided, message.to_owned());
}
