//! Virtual networks, their subnets and their peerings.
//!
//! Knows what each states of itself. What `VirtualNetwork` stands for in a subnet is put together in `lower`.

use std::sync::Arc;

use cloud::{Quoted, ReadAt, grammar};
use model::{Effect, Name};
use packet::{AddressSet, Prefix};

use crate::intake::Intake;
use crate::wire::{self, AddressSpace, Delegation, Element, Flag, List, Object, Reference, Texts};

use super::device::region_of;
use super::id::parent_of;
use super::identity::{Absence, Identity, objects, reference_key, tell_missing, tell_twice};

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
    /// Its region, as regions are compared.
    pub(crate) region: Option<Name>,
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
    /// What it says when it names no group.
    pub(crate) without_group: Absence,
    pub(crate) route_table: Option<Name>,
    /// Whether its document says all of `route_table`.
    pub(crate) tells_route_table: bool,
    /// The keys of the interfaces that it says are in it.
    pub(crate) interfaces: Vec<Name>,
    /// Whether it is given to a service that has a network intent policy (semantics AA3); `None` when its document
    /// does not say.
    pub(crate) has_intent_policy: Option<bool>,
    /// Whether an application gateway says that it is in it.
    pub(crate) has_application_gateway: bool,
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
    /// Whether all of the other network is peered for certain, and not only some subnets.
    pub(crate) is_complete: bool,
}

impl NetworkParts {
    pub(crate) fn read<'a>(element: &Element<'a>, intake: &mut Intake<'_, 'a>) -> Self {
        let identity = Identity::read(element, "unnamed virtual network", intake);
        match element.address_space {
            Object::Is(_) => {}
            Object::Absent => tell_missing("addressSpace", identity.owner(), intake),
            Object::Not(json) => {
                let message =
                    format!("{}: `addressSpace` is {json}, expected an object", Quoted(&identity.name));
                intake.note(identity.read_at.0, json.code(), Effect::Undecided, message);
            }
        }
        let is_projected = element.etag.is_absent() && element.provisioning_state.is_absent();
        Self {
            subnets: parts(("subnets", &element.subnets), &identity, intake, |subnet, network, intake| {
                Subnet::of_network(subnet, (network, is_projected), intake)
            }),
            peerings: parts(
                ("virtualNetworkPeerings", &element.peerings),
                &identity,
                intake,
                Peering::of_network,
            ),
            network: VirtualNetwork {
                space: read_space(&element.address_space, &identity, intake),
                region: element.location.get().map(|region| region_of(region, intake)),
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
        let network = parent_of(&identity.id).map(|network| intake.pool.key(network));
        let is_projected = element.etag.is_absent() && element.provisioning_state.is_absent();
        let users = element.ip_configurations.items().iter().filter_map(|user| user.get()?.id.get());
        let parts = SubnetParts {
            prefixes: [&element.prefix, &element.prefixes],
            group: &element.group,
            route_table: &element.route_table,
            users: users.collect(),
            delegations: &element.delegations,
            gateways: &element.gateways,
            absence: &|key| Absence::of::<Element<'_>>(element.seen, key, is_projected),
        };
        Self::from_parts(&parts, identity, network, intake)
    }

    fn of_network<'a>(
        stated: &wire::Subnet<'a>,
        (network, is_projected): (&Identity, bool),
        intake: &mut Intake<'_, 'a>,
    ) -> Self {
        let identity = Identity::part((&stated.id, &stated.name), (network, "subnets"), stated.at, intake);
        tell_twice::<wire::Subnet<'_>>(stated.seen, identity.owner(), intake);
        let is_projected = is_projected && stated.etag.is_absent() && stated.provisioning_state.is_absent();
        let users = objects(("ipConfigurations", &stated.users), identity.owner(), intake);
        let parts = SubnetParts {
            prefixes: [&stated.prefix, &stated.prefixes],
            group: &stated.group,
            route_table: &stated.route_table,
            users: users.into_iter().filter_map(|user| user.id.get()).collect(),
            delegations: &stated.delegations,
            gateways: &stated.gateways,
            absence: &|key| Absence::of::<wire::Subnet<'_>>(stated.seen, key, is_projected),
        };
        Self::from_parts(&parts, identity, Some(Arc::clone(&network.key)), intake)
    }

    fn from_parts(
        parts: &SubnetParts<'_, '_>,
        identity: Identity,
        network: Option<Name>,
        intake: &mut Intake<'_, '_>,
    ) -> Self {
        let owner = identity.owner();
        let users = parts.users.iter().map(|user| user.to_ascii_lowercase());
        let mut interfaces: Vec<Name> =
            users.filter_map(|user| Some(intake.pool.key(interface_of(&user)?))).collect();
        interfaces.sort_unstable();
        interfaces.dedup();
        Self {
            addresses: read_prefixes(&parts.prefixes, &identity, intake),
            network,
            group: reference_key(("networkSecurityGroup", parts.group), owner, intake),
            without_group: (parts.absence)("networkSecurityGroup"),
            route_table: reference_key(("routeTable", parts.route_table), owner, intake),
            tells_route_table: (parts.absence)("routeTable").is_told(),
            has_intent_policy: intent_policy(parts),
            has_application_gateway: !parts.gateways.items().is_empty()
                || parts.users.iter().any(|user| user.to_ascii_lowercase().contains("/applicationgateways/")),
            interfaces,
            identity,
        }
    }
}

/// What a subnet states, inside its virtual network or on its own.
struct SubnetParts<'f, 'a> {
    prefixes: [&'f Texts<'a>; 2],
    group: &'f Object<Reference<'a>>,
    route_table: &'f Object<Reference<'a>>,
    /// The ids of the ip-configurations in it.
    users: Vec<&'f str>,
    delegations: &'f List<Object<Delegation<'a>>>,
    gateways: &'f List<Object<Reference<'a>>>,
    /// What the absence of a key says.
    absence: &'f dyn Fn(&str) -> Absence,
}

/// Whether a subnet is given to a service that has a network intent policy; `None` when that is not known.
fn intent_policy(parts: &SubnetParts<'_, '_>) -> Option<bool> {
    let has_policy = |service: &str| INTENT_POLICIES.iter().any(|known| service.eq_ignore_ascii_case(known));
    let mut services = parts.delegations.items().iter().map(|item| item.get()?.service.get());
    if services.clone().flatten().any(has_policy) {
        return Some(true);
    }
    let is_told = parts.delegations.strange().is_none() && services.all(|service| service.is_some());
    (is_told && (parts.absence)("delegations").is_told()).then_some(false)
}

/// Services that write what they need into a policy of the network.
const INTENT_POLICIES: [&str; 2] = ["Microsoft.Sql/managedInstances", "Microsoft.Databricks/workspaces"];

/// The interface that has an ip-configuration, in lower case; `None` for those of gateways and the like.
fn interface_of(user: &str) -> Option<&str> {
    let (interface, _) = user.split_once("/ipconfigurations/")?;
    interface.contains("/networkinterfaces/").then_some(interface)
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
        tell_twice::<wire::Peering<'_>>(stated.seen, identity.owner(), intake);
        Self::from_parts(stated, identity, Some(Arc::clone(&network.key)), intake)
    }

    fn from_parts(
        stated: &wire::Peering<'_>,
        identity: Identity,
        network: Option<Name>,
        intake: &mut Intake<'_, '_>,
    ) -> Self {
        let is_readable = tell_unreadable(stated, &identity, intake);
        let is_down = |state: &str| DOWN.iter().any(|word| state.eq_ignore_ascii_case(word));
        Self {
            network,
            remote: reference_key(("remoteVirtualNetwork", &stated.remote_network), identity.owner(), intake),
            remote_space: read_space(&stated.remote_space, &identity, intake),
            remote_network_space: read_space(&stated.remote_network_space, &identity, intake),
            // A projection without the state keeps the peering: `VirtualNetwork` may hold it.
            is_connected: !stated.state.get().is_some_and(is_down),
            allows_access: stated.allow_access != Flag::Is(false),
            is_complete: is_readable && stated.complete != Flag::Is(false),
            identity,
        }
    }
}

/// Whether the words of a peering can be read; those that cannot are told.
fn tell_unreadable(stated: &wire::Peering<'_>, peering: &Identity, intake: &mut Intake<'_, '_>) -> bool {
    let is_known = |state: &str| {
        let mut words = DOWN.iter().chain(&["Connected"]);
        words.any(|word| state.eq_ignore_ascii_case(word))
    };
    let strange = [
        ("peeringState", !stated.state.is_absent() && !stated.state.get().is_some_and(is_known)),
        ("allowVirtualNetworkAccess", stated.allow_access == Flag::Not),
        ("peerCompleteVnets", stated.complete == Flag::Not),
    ];
    let mut is_readable = true;
    for (field, _) in strange.into_iter().filter(|(_, is_strange)| *is_strange) {
        is_readable = false;
        let message = format!(
            "{}: `{field}` cannot be read: what is peered is taken as possible, not as certain",
            Quoted(&peering.name)
        );
        intake.note(peering.read_at.0, "unreadable-peering", Effect::Undecided, message);
    }
    is_readable
}

/// States in which nothing goes through a peering.
const DOWN: [&str; 2] = ["Initiated", "Disconnected"];

fn read_space(
    space: &Object<AddressSpace<'_>>,
    owner: &Identity,
    intake: &mut Intake<'_, '_>,
) -> Option<Arc<AddressSet>> {
    let space = space.get()?;
    tell_twice::<AddressSpace<'_>>(space.seen, owner.owner(), intake);
    read_prefixes(&[&space.prefixes], owner, intake)
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
