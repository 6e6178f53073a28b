//! Azure Firewalls: their addresses, their classic rules, the policy they follow (semantics AP9).

use core::net::IpAddr;

use cloud::json::Node;
use cloud::{Quoted, Said, Stated};
use model::{Effect, Name};

use crate::intake::Intake;
use crate::resource::identity::Identity;
use crate::resource::stated::OfAzure as _;

use super::Device;
use super::firewall_rule::{NAT, RuleCollection, read_classic};
use super::gateway_part::{Seats, address, is_projected, read_seats};

/// An Azure Firewall.
#[derive(Clone, Debug, PartialEq)]
pub struct Firewall {
    pub(crate) identity: Identity,
    pub(crate) seats: Seats,
    /// The public addresses of one in a virtual hub, which are no resources.
    pub(crate) hub_addresses: Vec<IpAddr>,
    /// Whether those are all that it has in a hub.
    pub(crate) tells_hub: bool,
    /// The key of the subnet of its instances; one in a virtual hub has none.
    pub(crate) subnet: Option<Name>,
    pub(crate) policy: Option<Name>,
    /// Its own collections that translate; `None` when they cannot be read.
    pub(crate) translations: Option<Vec<RuleCollection>>,
    /// Its own collections of network rules; `None` when they cannot be read.
    pub(crate) network_rules: Option<Vec<RuleCollection>>,
    pub(crate) threat_intelligence: Option<Name>,
}

pub(crate) fn read<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed firewall", intake);
    let (mut seats, subnet) = read_seats(&stated, &identity, intake);
    let hub_addresses = read_hub(&stated, intake);
    let is_in_hub = stated.has("hubIPAddresses") && !stated.is_null("hubIPAddresses")
        || !stated.reference("virtualHub", intake).is_nothing();
    // One in a hub need not have configurations of its own.
    seats.are_known |= is_in_hub && !stated.has("ipConfigurations");
    let policy = stated.reference("firewallPolicy", intake);
    let tells_rules = !policy.is_nothing() || !is_projected(&stated);
    Firewall {
        seats,
        subnet,
        tells_hub: !is_in_hub || hub_addresses.is_some(),
        hub_addresses: hub_addresses.unwrap_or_default(),
        policy: policy.this(),
        translations: read_classic(&stated, NAT, tells_rules, intake),
        network_rules: read_classic(&stated, "networkRuleCollections", tells_rules, intake),
        threat_intelligence: read_mode(&stated, intake),
        identity,
    }
    .into()
}

/// The public addresses of one in a hub; `None` where the document does not say all of them.
fn read_hub<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<Vec<IpAddr>> {
    let public = stated.object("hubIPAddresses", intake).this()?.object("publicIPs", intake).this()?;
    // None is what it has where clients come through addresses of its own configurations.
    let is_none = public.number("count", intake) == Said::This(0);
    let listed = public.listed("addresses", intake);
    if listed.is_empty() && !is_none {
        return None;
    }
    let addresses: Vec<Option<IpAddr>> = listed.iter().map(|one| address(one, "address", intake)).collect();
    addresses.into_iter().collect()
}

/// What is done with sources that the provider holds to be bad, in lower case.
pub(super) fn read_mode<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<Name> {
    let mode = match stated.text("threatIntelMode", intake) {
        Said::This(mode) => mode.to_ascii_lowercase(),
        Said::Nothing => return None,
        Said::Unreadable => return Some(intake.name("unknown")),
    };
    if !matches!(&*mode, "alert" | "deny" | "off") {
        let sentence = format!("`threatIntelMode` is {}, expected `Alert`, `Deny` or `Off`", Quoted(&mode));
        stated.tell("unknown-threat-intelligence", Effect::Undecided, &sentence, intake);
    }
    Some(intake.name(&mode))
}
