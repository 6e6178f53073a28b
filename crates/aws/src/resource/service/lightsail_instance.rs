//! Lightsail instances (P23): machines with a firewall of their own and addresses that lead to them one to one.

use core::net::IpAddr;

use cloud::{Quoted, Said, Stated, grammar};
use model::{Effect, Name};
use packet::Family;

use crate::intake::Intake;
use crate::resource::place::address;
use crate::resource::{Identity, Origin};

use super::lightsail_port_states::Ports;

/// A Lightsail instance.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LightsailInstance {
    pub(crate) identity: Identity,
    /// Its open ports; `None` where its document does not list them.
    pub(crate) ports: Option<Ports>,
    pub(crate) fronts: Vec<FrontAddress>,
    pub(crate) power: Option<Name>,
}

/// An address that an instance has on the outside.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FrontAddress {
    pub(crate) family: Family,
    /// `None`: it has one, and its document does not say which.
    pub(crate) address: Option<IpAddr>,
    /// What it is for the instance itself, where that is known.
    pub(crate) inside: Option<IpAddr>,
    pub(crate) certain: bool,
}

impl LightsailInstance {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let key = if stated.has("instanceName") { "instanceName" } else { "name" };
        let name = super::name_of(stated, key, intake)?;
        let arn = stated.text("arn", intake).this();
        let identity = super::identity(stated, (arn, "lightsail:Instance/", name), origin, intake);
        let ports = match stated.object("networking", intake) {
            Said::This(networking) => Ports::read(&networking, "ports", intake),
            Said::Nothing | Said::Unreadable => None,
        };
        let fronts = fronts(stated, intake);
        let power = match stated.object("state", intake) {
            Said::This(state) => super::line::power(&state, "name", intake),
            Said::Nothing | Said::Unreadable => None,
        };
        Some(Self { identity, ports, fronts, power })
    }
}

/// A stopped instance without a static address gets another one when it starts, so one without an address has some.
fn fronts<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Vec<FrontAddress> {
    let kind = stated.text("ipAddressType", intake);
    let is = |word: &str| matches!(kind, Said::This(said) if said.eq_ignore_ascii_case(word));
    let is_known = is("ipv4") || is("ipv6") || is("dualstack");
    let mut fronts = Vec::new();
    if !is("ipv6") {
        let public = address(stated, "publicIpAddress", intake);
        let inside = address(stated, "privateIpAddress", intake).this();
        let certain = !matches!(public, Said::Unreadable);
        fronts.push(FrontAddress { family: Family::V4, address: public.this(), inside, certain });
    }
    let before = fronts.len();
    for key in ["ipv6Addresses", "ipv6Address"] {
        let texts = stated.texts(key, intake);
        let is_unreadable = matches!(texts, Said::Unreadable);
        for text in texts.this().unwrap_or_default() {
            let address = grammar::address(text);
            if address.is_none() {
                let sentence = format!("{} in `{key}` is no address", Quoted(text));
                stated.tell("unreadable-address", Effect::Undecided, &sentence, intake);
            }
            fronts.push(FrontAddress {
                family: Family::V6,
                address,
                inside: address,
                certain: address.is_some(),
            });
        }
        if is_unreadable {
            fronts.push(FrontAddress { family: Family::V6, address: None, inside: None, certain: false });
        }
    }
    // An address type that nobody knows, or one of IPv6 whose address is left out.
    if fronts.len() == before && (is("ipv6") || is("dualstack") || (!kind.is_nothing() && !is_known)) {
        let certain = is_known;
        fronts.push(FrontAddress { family: Family::V6, address: None, inside: None, certain });
    }
    fronts
}
