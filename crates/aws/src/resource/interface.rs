//! Network interfaces: their addresses, their groups, what they are attached to.
//!
//! What leads to them is found in `lower`.

use core::net::IpAddr;
use std::sync::Arc;

use cloud::{Quoted, Said, Stated, grammar};
use model::{Effect, Name};
use packet::{AddressSet, Family, Prefix};

use crate::intake::Intake;

use super::group::{Attached, attached};
use super::place::{address, region_of_zone};
use super::{Identity, Origin};

/// A network interface.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Interface {
    pub(crate) identity: Identity,
    pub(crate) vpc: Option<Name>,
    pub(crate) subnet: Option<Name>,
    pub(crate) groups: Attached,
    /// Its addresses of IPv4, each with the public one that leads to it. `None`: not known.
    pub(crate) v4: Option<Vec<PrivateAddress>>,
    /// Its addresses of IPv6. `None`: not known, or not said: a subnet without a block of IPv6 says that there are none.
    pub(crate) v6: Option<Vec<IpAddr>>,
    /// Whether it has addresses of IPv6 that are told when it is created.
    pub(crate) has_untold_v6: bool,
    /// Prefixes delegated to it, of both families.
    pub(crate) delegated: Vec<Prefix>,
    /// All of these: what it has of its own inside the VPC.
    pub(crate) private: Arc<AddressSet>,
    pub(crate) purpose: Purpose,
    /// Whether it says that it is attached to nothing.
    pub(crate) is_spare: bool,
    /// Whether it is not known whether it is.
    pub(crate) may_be_spare: bool,
    /// The id of the instance it is attached to.
    pub(crate) instance: Option<Name>,
    /// Its place there: 0 is the first interface.
    pub(crate) device: Option<u32>,
    pub(crate) description: Option<Name>,
}

/// A private address of IPv4.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PrivateAddress {
    /// `None`: unreadable, which has been told; or told when it is created.
    pub(crate) address: Option<IpAddr>,
    pub(crate) public: Said<Association>,
}

/// The public address that leads to a private one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Association {
    /// The public address; `None` where it is not said or cannot be read.
    pub(crate) address: Option<IpAddr>,
    /// The id of its allocation, where it is an Elastic IP address.
    pub(crate) allocation: Option<Name>,
    /// Whether it is of a carrier's network (Wavelength) and not of the Internet.
    pub(crate) is_carrier: bool,
}

/// What an interface is for, as far as it decides who may start a flow to it. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Anything that takes packets which are sent to it.
    Plain,
    /// Of a load balancer.
    Balancer,
    /// Of a service that never takes what starts outside: a NAT gateway, a function, a transit gateway.
    Outbound,
}

impl Interface {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let id = stated.text("NetworkInterfaceId", intake).this()?;
        let interface = Self::of(stated, id, "Groups", origin, intake);
        let attachment = stated.object("Attachment", intake).this();
        let instance = attachment.as_ref().and_then(|one| one.text("InstanceId", intake).this());
        let instance = instance.map(|instance| intake.name(instance));
        let device = attachment.and_then(|one| one.number("DeviceIndex", intake).this());
        Some(Self { instance, device, ..interface })
    }

    /// What an object says of an interface: that of one, or that of an instance which does not list any.
    pub(super) fn of<'a>(
        stated: &Stated<'_, 'a>,
        id: &str,
        groups: &str,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Self {
        let description = stated.text("Description", intake).this();
        let mut identity = Identity::read(stated, id, description, origin, intake);
        if identity.region.is_none() {
            let zone = stated.text("AvailabilityZone", intake).this();
            identity.region = zone.and_then(region_of_zone).map(|region| intake.name(region));
        }
        let reference = |key: &str, intake: &mut Intake<'_, 'a>| {
            let id = stated.text(key, intake).this();
            id.map(|id| intake.name(id))
        };
        let v4 = private_addresses(stated, intake);
        let (v6, has_untold_v6) = v6_addresses(stated, intake);
        let delegated = delegated(stated, intake);
        let hosts = v4.iter().flatten().filter_map(|one| one.address).chain(v6.iter().flatten().copied());
        let private: AddressSet = hosts.map(Prefix::host).chain(delegated.iter().copied()).collect();
        let status = stated.text("Status", intake);
        let may_be_spare = status == Said::Unreadable;
        let status = status.this();
        Self {
            vpc: reference("VpcId", intake),
            subnet: reference("SubnetId", intake),
            groups: attached(stated, groups, intake),
            private: intake.pool.set(private),
            v4,
            v6,
            has_untold_v6,
            delegated,
            purpose: Purpose::read(stated, description, intake),
            is_spare: status.is_some_and(|status| status.eq_ignore_ascii_case("available")),
            may_be_spare,
            instance: None,
            device: None,
            description: description.map(|text| intake.name(text)),
            identity,
        }
    }
}

impl Purpose {
    /// By its type, or by the description that AWS gave one which its owner cannot change: an owner's own description
    /// says nothing.
    fn read<'a>(stated: &Stated<'_, 'a>, description: Option<&str>, intake: &mut Intake<'_, 'a>) -> Self {
        let word = stated.text("InterfaceType", intake).this().unwrap_or_default();
        let word: String =
            word.chars().filter(|letter| *letter != '_').collect::<String>().to_ascii_lowercase();
        let is_managed = stated.flag("RequesterManaged", intake) == Said::This(true);
        let starts = |start: &str| is_managed && description.is_some_and(|text| text.starts_with(start));
        match word.as_str() {
            "natgateway" | "lambda" | "transitgateway" => Self::Outbound,
            "networkloadbalancer" | "loadbalancer" | "gatewayloadbalancer" => Self::Balancer,
            _ if starts("ELB ") => Self::Balancer,
            _ if starts("Interface for NAT Gateway ") || starts("AWS Lambda VPC ENI") => Self::Outbound,
            _ => Self::Plain,
        }
    }
}

fn private_addresses<'a>(
    stated: &Stated<'_, 'a>,
    intake: &mut Intake<'_, 'a>,
) -> Option<Vec<PrivateAddress>> {
    match stated.objects("PrivateIpAddresses", intake) {
        Said::This(addresses) if !addresses.is_empty() => {
            let read = |one: &Stated<'_, 'a>| PrivateAddress {
                address: address(one, "PrivateIpAddress", intake).this(),
                public: association(one, intake),
            };
            let read = addresses.iter().map(read).collect();
            Some(with_first(read, stated, intake))
        }
        Said::Unreadable => None,
        // Old exports and projections have the first address only, at the top.
        Said::This(_) | Said::Nothing => {
            let own = address(stated, "PrivateIpAddress", intake);
            let public = public_address(stated, intake);
            match (own, &public) {
                (Said::Nothing, Said::Nothing) => stated.has("PrivateIpAddresses").then(Vec::new),
                (own, _) => Some(vec![PrivateAddress { address: own.this(), public }]),
            }
        }
    }
}

/// The addresses with the public one that stands at the top, where a projection left it out of the list.
fn with_first<'a>(
    mut addresses: Vec<PrivateAddress>,
    stated: &Stated<'_, 'a>,
    intake: &mut Intake<'_, 'a>,
) -> Vec<PrivateAddress> {
    let public = public_address(stated, intake);
    let Said::This(first) = &public else { return addresses };
    let is_first =
        |one: &PrivateAddress| matches!(&one.public, Said::This(own) if own.address == first.address);
    if addresses.iter().any(is_first) {
        return addresses;
    }
    let address = address(stated, "PrivateIpAddress", intake).this();
    match addresses
        .iter_mut()
        .find(|one| address.is_some() && one.address == address && one.public.is_nothing())
    {
        Some(own) => own.public = public,
        None => addresses.push(PrivateAddress { address, public }),
    }
    addresses
}

/// The public address of an interface or an instance that has it at the top.
fn public_address<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Said<Association> {
    let stated_there = association(stated, intake);
    if !stated_there.is_nothing() {
        return stated_there;
    }
    match address(stated, "PublicIpAddress", intake) {
        Said::Nothing => Said::Nothing,
        Said::This(address) => {
            Said::This(Association { address: Some(address), allocation: None, is_carrier: false })
        }
        Said::Unreadable => Said::Unreadable,
    }
}

fn association<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Said<Association> {
    let association = match stated.object("Association", intake) {
        Said::This(association) => association,
        Said::Nothing => return Said::Nothing,
        Said::Unreadable => return Said::Unreadable,
    };
    let allocation = association.text("AllocationId", intake).this().map(|id| intake.name(id));
    let carrier = address(&association, "CarrierIp", intake);
    let mut says = |key: &&str| !association.text(key, intake).is_nothing();
    // Who has the address, and its name, are said of an address of the Internet; of one on premises too.
    let is_named = ["AllocationId", "AssociationId", "PublicDnsName"].iter().any(&mut says)
        || (says(&"IpOwnerId") && !says(&"CustomerOwnedIp"));
    match (address(&association, "PublicIp", intake), carrier) {
        (Said::Nothing, Said::Nothing) if !is_named => Said::Nothing,
        (Said::Nothing, carrier @ (Said::This(_) | Said::Unreadable)) => {
            Said::This(Association { address: carrier.this(), allocation, is_carrier: true })
        }
        // An association without an address is one, of an address that is not told.
        (public, _) => Said::This(Association { address: public.this(), allocation, is_carrier: false }),
    }
}

/// Its addresses of IPv6, and whether it has others that are told when it is created.
fn v6_addresses<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> (Option<Vec<IpAddr>>, bool) {
    match stated.objects("Ipv6Addresses", intake) {
        Said::This(addresses) => {
            let (mut read, mut has_untold) = (Vec::with_capacity(addresses.len()), false);
            for one in &addresses {
                if one.is_computed("Ipv6Address") {
                    has_untold = true;
                    continue;
                }
                match address(one, "Ipv6Address", intake) {
                    Said::This(address) => read.push(address),
                    Said::Nothing | Said::Unreadable => return (None, false),
                }
            }
            read.sort_unstable();
            read.dedup();
            (Some(read), has_untold)
        }
        Said::Nothing if stated.has("Ipv6Addresses") => (Some(Vec::new()), false),
        Said::Nothing | Said::Unreadable => (None, false),
    }
}

fn delegated<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Vec<Prefix> {
    let mut prefixes = Vec::new();
    for (list, key) in [("Ipv4Prefixes", "Ipv4Prefix"), ("Ipv6Prefixes", "Ipv6Prefix")] {
        for one in stated.listed(list, intake) {
            let Said::This(text) = one.text(key, intake) else { continue };
            match grammar::prefix(text) {
                Ok(prefix) => prefixes.push(prefix),
                Err(_) => {
                    let sentence = format!("`{key}` is {}: what is reached there is not told", Quoted(text));
                    stated.tell("unreadable-prefix", Effect::Narrowed, &sentence, intake);
                }
            }
        }
    }
    prefixes.sort_unstable();
    prefixes.dedup();
    prefixes
}

impl Interface {
    /// The families of which it has addresses that are not told.
    pub(crate) fn untold_families(&self) -> Vec<Family> {
        let lacks_v4 = self.v4.iter().flatten().any(|one| one.address.is_none());
        let v4 = lacks_v4.then_some(Family::V4);
        v4.into_iter().chain(self.has_untold_v6.then_some(Family::V6)).collect()
    }

    /// The delegated prefixes of a family.
    pub(crate) fn delegated_of(&self, family: Family) -> impl Iterator<Item = Prefix> + '_ {
        self.delegated.iter().copied().filter(move |prefix| prefix.family() == family)
    }
}
