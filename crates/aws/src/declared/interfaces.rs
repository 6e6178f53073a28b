//! Interfaces as answers have them: where one is, what it carries, and which public addresses lead to it.
//!
//! Knows nothing of what an interface is of.

use std::collections::BTreeMap;

use cloud::json::Tree;
use model::Effect;

use super::Out;
use super::networks::{SUBNETS, VPCS, vpc_of};
use super::shape::{Shape, computed, elsewhere, perhaps, text};
use super::world::{Argument, DEFAULT_GROUP, Thing, World, as_text, items_of, part_id};

/// An interface that will be there.
pub(super) struct Interface<'w, 'a> {
    pub(super) thing: Thing<'w, 'a>,
    pub(super) id: String,
    pub(super) subnet: Tree<'a>,
    /// Its groups; `None`: those of its VPC's default.
    pub(super) groups: Option<Tree<'a>>,
    pub(super) public: Public<'a>,
    /// Its private addresses, the first one first; none is told.
    pub(super) private: Vec<Tree<'a>>,
    pub(super) v6: V6<'a>,
    /// The id of the instance it is attached to, and its place there.
    pub(super) attached: Option<(Tree<'a>, Tree<'a>)>,
    /// Whether it is attached, where that is not known.
    pub(super) condition: Option<Tree<'a>>,
}

/// The public address that an interface gets of itself. Complete.
#[derive(Clone, Debug)]
pub(super) enum Public<'a> {
    Nothing,
    /// One, which may be known.
    One(Option<Tree<'a>>),
    /// What its subnet says.
    OfSubnet,
    /// Not known whether.
    Unknown(Tree<'a>),
}

/// Addresses of IPv6. Complete.
#[derive(Clone, Debug)]
pub(super) enum V6<'a> {
    These(Vec<Tree<'a>>),
    /// What its subnet says.
    OfSubnet,
    Unknown(Tree<'a>),
}

/// Elastic IP addresses by what they lead to, and groups that are attached to interfaces.
pub(super) struct Book<'w, 'a> {
    elastic: BTreeMap<String, Vec<Elastic<'w, 'a>>>,
    groups: BTreeMap<String, Vec<Tree<'a>>>,
}

#[derive(Clone)]
struct Elastic<'w, 'a> {
    id: String,
    /// The declared address, where it is one.
    eip: Option<Thing<'w, 'a>>,
    private: Option<Tree<'a>>,
    condition: Option<Tree<'a>>,
}

impl<'w, 'a> Book<'w, 'a> {
    /// What leads where; the addresses themselves are put.
    pub(super) fn of(world: &World<'w, 'a>, out: &mut Out<'_, '_, 'a>) -> Self {
        let mut book = Self { elastic: BTreeMap::new(), groups: super::groups::attachments(world, out) };
        for eip in world.of_kinds(&["aws_eip"]) {
            let id = world.id(eip);
            let elastic = Elastic {
                id: id.clone(),
                eip: Some(eip),
                private: world.under(eip.node(), "associate_with_private_ip"),
                condition: eip.is_perhaps().then(|| perhaps(&eip.declared.address)),
            };
            let leads = ["instance", "network_interface"].map(|key| world.under(eip.node(), key));
            book.lead(world, eip, &leads, elastic, out);
            let shape = Shape::at(eip.at())
                .with("AllocationId", id)
                .with("PublicIp", eip.text("public_ip").map_or_else(computed, text))
                .with_some("Tags", eip.tags());
            out.put("address", eip, shape);
        }
        for thing in world.of_kinds(&["aws_eip_association"]) {
            let id = world.id_under(thing, "allocation_id");
            let eip = id.as_deref().and_then(|id| world.with_id(&["aws_eip"], id));
            let elastic = Elastic {
                id: id.unwrap_or_else(|| world.called(thing)),
                eip,
                private: world.under(thing.node(), "private_ip_address"),
                condition: thing.is_perhaps().then(|| perhaps(&thing.declared.address)),
            };
            let leads = ["instance_id", "network_interface_id"].map(|key| world.under(thing.node(), key));
            book.lead(world, thing, &leads, elastic, out);
        }
        book
    }

    fn lead(
        &mut self,
        world: &World<'w, 'a>,
        by: Thing<'_, 'a>,
        leads: &[Option<Tree<'a>>],
        elastic: Elastic<'w, 'a>,
        out: &mut Out<'_, '_, 'a>,
    ) {
        for lead in leads.iter().flatten() {
            match lead {
                Tree::Text(id) if id.trim().is_empty() => {}
                Tree::Text(id) => {
                    let known = self.elastic.entry(id.trim().to_owned()).or_default();
                    // A state says of an address both its instance and its interface.
                    if !known.iter().any(|one| one.id == elastic.id) {
                        known.push(elastic.clone());
                    }
                    let kinds = [super::machines::INSTANCES, &["aws_network_interface"]].concat();
                    if world.with_id(&kinds, id.trim()).is_none()
                        && !id.ends_with(super::world::PRIMARY_INTERFACE)
                    {
                        out.tell(by, "dangling-reference", Effect::Narrowed, NOT_DECLARED);
                    }
                }
                _ => {
                    out.tell(by, "unresolved-expression", Effect::Narrowed, NOT_KNOWN);
                }
            }
        }
    }

    fn elastic_of(&self, interface: &str, instance: Option<&str>, is_first: bool) -> Vec<Elastic<'w, 'a>> {
        let own = self.elastic.get(interface).into_iter().flatten();
        let of_instance =
            instance.filter(|_| is_first).and_then(|id| self.elastic.get(id)).into_iter().flatten();
        let mut found: Vec<Elastic<'w, 'a>> = Vec::new();
        for one in own.chain(of_instance) {
            if !found.iter().any(|known| known.id == one.id) {
                found.push(one.clone());
            }
        }
        found
    }
}

const NOT_DECLARED: &str = "it leads to what is not declared: what the Internet reaches there is not told";
const NOT_KNOWN: &str = "what it leads to is not known: what the Internet reaches there is not told";

/// Puts an interface.
pub(super) fn put<'w, 'a>(
    world: &World<'w, 'a>,
    book: &Book<'w, 'a>,
    interface: Interface<'w, 'a>,
    out: &mut Out<'_, '_, 'a>,
) {
    let at = interface.thing.at();
    let subnet = as_text(&interface.subnet).and_then(|id| world.with_id(SUBNETS, id));
    let vpc = match subnet {
        Some(subnet) => vpc_of(world, subnet),
        None => as_text(&interface.subnet).and_then(presumed_vpc).map(text),
    };
    let own = match interface.groups {
        Some(Tree::List(items)) => {
            Tree::List(items.into_iter().map(|item| world.group_named(item)).collect())
        }
        Some(unknown) => Tree::List(vec![unknown]),
        None => Tree::List(vec![default_group(world, vpc.as_ref())]),
    };
    let mut groups: Vec<Tree<'a>> = items_of(&own).into_owned();
    groups.extend(book.groups.get(&interface.id).into_iter().flatten().cloned());
    let groups = groups.into_iter().map(|group| Shape::at(at).with("GroupId", group).tree());
    let instance = interface.attached.as_ref().map(|(instance, _)| instance.clone());
    let is_first =
        interface.attached.as_ref().is_none_or(|(_, device)| as_text(device).is_none_or(|it| it == "0"));
    let elastic = book.elastic_of(&interface.id, instance.as_ref().and_then(as_text), is_first);
    let status = match (&interface.attached, &interface.condition) {
        (_, Some(condition)) => condition.clone(),
        (Some(_), None) => text("in-use"),
        (None, None) => text("available"),
    };
    let public = of_subnet(interface.public, subnet, &interface.subnet);
    let addresses = private_addresses(at, interface.private, &elastic, public);
    let v6 = v6_of(at, interface.v6, subnet, &interface.subnet);
    let attachment = interface
        .attached
        .map(|(instance, device)| Shape::at(at).with("InstanceId", instance).with("DeviceIndex", device));
    let shape = Shape::at(at)
        .with("NetworkInterfaceId", interface.id)
        .with_some("VpcId", vpc)
        .with("SubnetId", interface.subnet)
        .with("Status", status)
        .with("Groups", groups.collect::<Vec<_>>())
        .with("PrivateIpAddresses", addresses)
        .with_some("Ipv6Addresses", v6)
        .with_some("Attachment", attachment)
        .with_some("Tags", interface.thing.tags().filter(|_| interface.thing.is(&["aws_network_interface"])));
    out.put("network-interface", interface.thing, shape);
}

/// The default VPC that a subnet which stands for its subnets is of.
fn presumed_vpc(subnet: &str) -> Option<&str> {
    subnet.strip_suffix(super::presumed::SUBNET)?.strip_suffix(':')
}

/// The group that something carries which says none.
pub(super) fn default_group<'a>(world: &World<'_, 'a>, vpc: Option<&Tree<'a>>) -> Tree<'a> {
    let Some(id) = vpc.and_then(as_text) else { return elsewhere("the default group of its VPC") };
    let declared = world.with_id(VPCS, id).and_then(|vpc| vpc.text("default_security_group_id"));
    declared.map_or_else(|| text(part_id(id, DEFAULT_GROUP)), text)
}

/// What a subnet says of public addresses. One of a default VPC gives them; of one that is not declared it is not known.
fn of_subnet<'a>(public: Public<'a>, subnet: Option<Thing<'_, 'a>>, id: &Tree<'a>) -> Public<'a> {
    let Public::OfSubnet = public else { return public };
    let Some(subnet) = subnet else {
        let is_presumed = as_text(id).and_then(presumed_vpc).is_some();
        return match is_presumed {
            true => Public::One(None),
            false => Public::Unknown(elsewhere("`map_public_ip_on_launch` of a subnet that is not declared")),
        };
    };
    match subnet.flag("map_public_ip_on_launch") {
        Argument::Known(true) => Public::One(None),
        Argument::Known(false) => Public::Nothing,
        Argument::Absent if subnet.is(&["aws_default_subnet"]) => Public::One(None),
        Argument::Absent => Public::Nothing,
        Argument::Unknown(unknown) => Public::Unknown(unknown),
    }
}

fn v6_of<'a>(
    at: Option<&'a str>,
    v6: V6<'a>,
    subnet: Option<Thing<'_, 'a>>,
    id: &Tree<'a>,
) -> Option<Tree<'a>> {
    let one = |address: Tree<'a>| Shape::at(at).with("Ipv6Address", address).tree();
    match v6 {
        V6::These(addresses) => Some(Tree::List(addresses.into_iter().map(one).collect())),
        V6::Unknown(unknown) => Some(unknown),
        V6::OfSubnet => match subnet {
            Some(subnet) => match subnet.flag("assign_ipv6_address_on_creation") {
                Argument::Known(true) => Some(Tree::List(vec![one(computed())])),
                Argument::Known(false) | Argument::Absent => Some(Tree::List(Vec::new())),
                Argument::Unknown(unknown) => Some(unknown),
            },
            None if as_text(id).and_then(presumed_vpc).is_some() => Some(Tree::List(Vec::new())),
            // What the subnet gives is not known; the reader asks it.
            None => None,
        },
    }
}

/// The private addresses, each with what leads to it. An Elastic IP address takes the place of one that is given.
fn private_addresses<'a>(
    at: Option<&'a str>,
    private: Vec<Tree<'a>>,
    elastic: &[Elastic<'_, 'a>],
    public: Public<'a>,
) -> Vec<Tree<'a>> {
    let mut addresses: Vec<(Tree<'a>, Option<Tree<'a>>)> =
        private.into_iter().map(|one| (one, None)).collect();
    if addresses.is_empty() {
        addresses.push((computed(), None));
    }
    let own = match public {
        Public::Nothing | Public::OfSubnet => None,
        Public::One(address) => Some(
            Shape::at(at)
                .with("IpOwnerId", "amazon")
                .with("PublicIp", address.unwrap_or_else(computed))
                .tree(),
        ),
        Public::Unknown(unknown) => Some(unknown),
    };
    for one in elastic {
        let known = one.eip.and_then(|eip| eip.text("public_ip"));
        let association = match &one.condition {
            Some(condition) => condition.clone(),
            None => Shape::at(at)
                .with("AllocationId", one.id.as_str())
                .with("PublicIp", known.map_or_else(computed, text))
                .tree(),
        };
        let asked = one.private.as_ref().and_then(as_text);
        let place = addresses.iter().position(|(address, _)| asked.is_some() && as_text(address) == asked);
        // One that may not be there takes away nothing that is given.
        let gives =
            matches!(own, Some(Tree::Object(_))) && one.condition.is_some() && place.unwrap_or(0) == 0;
        match (place, asked) {
            _ if gives => {}
            (Some(place), _) => {
                if let Some((_, public)) = addresses.get_mut(place) {
                    *public = Some(association);
                }
            }
            (None, Some(asked)) => addresses.push((text(asked), Some(association))),
            (None, None) => match addresses.iter_mut().find(|(_, public)| public.is_none()) {
                Some((_, public)) => *public = Some(association),
                None => addresses.push((computed(), Some(association))),
            },
        }
    }
    if let (Some(own), Some((_, public @ None))) = (own, addresses.first_mut()) {
        *public = Some(own);
    }
    let one = |(address, public): (Tree<'a>, Option<Tree<'a>>)| {
        Shape::at(at).with("PrivateIpAddress", address).with_some("Association", public).tree()
    };
    addresses.into_iter().map(one).collect()
}
