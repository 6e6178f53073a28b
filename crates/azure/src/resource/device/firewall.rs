//! Azure Firewalls: their addresses, their classic rules, the policy they follow (semantics AP9).

use core::net::IpAddr;

use model::Name;

use crate::intake::Intake;
use crate::resource::identity::Identity;
use crate::resource::stated::{Said, Stated};
use crate::wire::Node;

use super::Device;
use super::firewall_rule::{NAT, RuleCollection, read_classic};
use super::gateway_part::{address, read_configurations};

/// An Azure Firewall.
#[derive(Clone, Debug, PartialEq)]
pub struct Firewall {
    pub(crate) identity: Identity,
    /// Keys of its public addresses.
    pub(crate) public: Vec<Name>,
    /// The public addresses of one in a virtual hub, which are no resources.
    pub(crate) hub_addresses: Vec<IpAddr>,
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
    let (public, subnet) = read_configurations(&stated, intake);
    let hub_addresses = read_hub(&stated, intake);
    Firewall {
        public,
        subnet,
        hub_addresses,
        policy: stated.reference("firewallPolicy", intake).this(),
        translations: read_classic(&stated, NAT, intake),
        network_rules: read_classic(&stated, "networkRuleCollections", intake),
        threat_intelligence: read_mode(&stated, intake),
        identity,
    }
    .into()
}

fn read_hub<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Vec<IpAddr> {
    let Said::This(hub) = stated.object("hubIPAddresses", intake) else { return Vec::new() };
    let Said::This(public) = hub.object("publicIPs", intake) else { return Vec::new() };
    let addresses = public.objects("addresses", intake).this().unwrap_or_default();
    addresses.iter().filter_map(|one| address(one, "address", intake)).collect()
}

/// What is done with sources that the provider holds to be bad.
pub(super) fn read_mode<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<Name> {
    let mode = stated.text("threatIntelMode", intake).this()?;
    Some(intake.name(&mode.to_ascii_lowercase()))
}
