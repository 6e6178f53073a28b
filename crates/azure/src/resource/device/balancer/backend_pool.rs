//! Backend pools: which ip-configurations, or which addresses, packets are spread over.

use core::net::IpAddr;
use std::sync::Arc;

use cloud::{Quoted, Said, Stated, grammar};
use model::{Effect, Name};

use crate::intake::Intake;
use crate::resource::identity::Identity;
use crate::resource::stated::OfAzure as _;

/// A backend pool of a load balancer.
#[derive(Clone, Debug, PartialEq)]
pub struct BackendPool {
    pub(crate) identity: Identity,
    /// The keys of its ip-configurations.
    pub(crate) configurations: Vec<Name>,
    /// Whether its document says all of them.
    pub(crate) tells_configurations: bool,
    /// Those of them that an administrator may have taken out: nobody new is led there by rules with a probe.
    pub(crate) held: Vec<Name>,
    /// Members by address.
    pub(crate) addresses: Vec<BackendAddress>,
    /// The keys of frontends of other load balancers: members of one that spans regions.
    pub(crate) frontends: Vec<Name>,
}

/// A member of a pool, known by its address.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BackendAddress {
    pub(crate) address: IpAddr,
    /// The key of the virtual network it is in.
    pub(crate) network: Option<Name>,
    /// Whether an administrator may have taken it out.
    pub(crate) is_held: bool,
}

impl BackendPool {
    pub(super) fn read<'a>(stated: &Stated<'_, 'a>, identity: Identity, intake: &mut Intake<'_, 'a>) -> Self {
        let listed = stated.references("backendIPConfigurations", intake);
        let network = stated.reference("virtualNetwork", intake).this();
        let mut pool = Self {
            identity,
            tells_configurations: stated.has("backendIPConfigurations") && listed != Said::Unreadable,
            configurations: listed.this().unwrap_or_default(),
            held: Vec::new(),
            addresses: Vec::new(),
            frontends: Vec::new(),
        };
        for member in stated.objects("loadBalancerBackendAddresses", intake).this().unwrap_or_default() {
            pool.add(&member, network.as_ref(), intake);
        }
        for keys in [&mut pool.configurations, &mut pool.held, &mut pool.frontends] {
            keys.sort_unstable();
            keys.dedup();
        }
        pool
    }

    fn add<'a>(&mut self, member: &Stated<'_, 'a>, network: Option<&Name>, intake: &mut Intake<'_, 'a>) {
        let configuration = member.reference("networkInterfaceIPConfiguration", intake);
        let frontend = member.reference("loadBalancerFrontendIPConfiguration", intake);
        let address = member.text("ipAddress", intake);
        let own_network = member.reference("virtualNetwork", intake).this();
        let subnet = member.reference("subnet", intake).this();
        let is_held = is_held(member, intake);
        let is_named = !configuration.is_nothing() || !frontend.is_nothing();
        let configuration = configuration.this();
        self.held.extend(configuration.iter().filter(|_| is_held).cloned());
        self.configurations.extend(configuration);
        self.frontends.extend(frontend.this());
        match address {
            // Beside the configuration it belongs to, the address says nothing new.
            Said::This(_) if is_named => {}
            Said::This(text) => match grammar::address(text) {
                Some(address) => {
                    let of_subnet = subnet
                        .as_deref()
                        .and_then(|subnet| subnet.split_once("/subnets/"))
                        .map(|(key, _)| key.into());
                    let network = own_network.or(of_subnet).or_else(|| network.map(Arc::clone));
                    self.addresses.push(BackendAddress { address, network, is_held });
                }
                None => {
                    let sentence = format!("{} is not an address", Quoted(text));
                    member.tell("unreadable-address", Effect::Undecided, &sentence, intake);
                }
            },
            Said::Nothing | Said::Unreadable => {}
        }
    }
}

/// Whether the administrative state of a member may hold back whoever is new: it does so where a rule has a health
/// probe, and says nothing of inbound NAT.
fn is_held<'a>(member: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> bool {
    match member.text("adminState", intake) {
        Said::Nothing => false,
        Said::Unreadable => true,
        Said::This(word) => {
            let is = |known: &[&str]| known.iter().any(|known| word.eq_ignore_ascii_case(known));
            if !is(&["Up", "None", "Down", "Drain"]) {
                let sentence = format!("`adminState` is {}, expected `Up`, `Down` or `None`", Quoted(word));
                member.tell("unknown-admin-state", Effect::Undecided, &sentence, intake);
            }
            !is(&["Up", "None"])
        }
    }
}
