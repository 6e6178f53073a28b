//! Frontends of load balancers: the address that packets are sent to.

use core::net::IpAddr;

use cloud::{Said, Stated, grammar};
use model::Name;
use packet::Family;

use crate::intake::Intake;
use crate::resource::identity::Identity;
use crate::resource::stated::OfAzure as _;

use super::is_projected;

/// A frontend of a load balancer.
#[derive(Clone, Debug, PartialEq)]
pub struct BalancerFrontend {
    pub(crate) identity: Identity,
    pub(crate) fronted: Fronted,
    /// Its private address, where it has one and the document says it.
    pub(crate) private: Option<IpAddr>,
    /// The key of the subnet of a private one.
    pub(crate) subnet: Option<Name>,
    /// The family it says it has.
    pub(crate) family: Option<Family>,
    /// AP6: whether a gateway load balancer stands before it.
    pub(crate) is_chained: bool,
}

/// What address a frontend has. Complete.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fronted {
    /// The public address of this key.
    Address(Name),
    /// One of the public prefix of this key.
    Prefix(Name),
    /// A private address: nobody on the Internet reaches it.
    Private,
    /// Its document does not say.
    Untold,
}

impl BalancerFrontend {
    pub(super) fn read<'a>(stated: &Stated<'_, 'a>, identity: Identity, intake: &mut Intake<'_, 'a>) -> Self {
        let address = stated.reference("publicIPAddress", intake);
        let prefix = stated.reference("publicIPPrefix", intake);
        let subnet = stated.reference("subnet", intake);
        let private = stated.text("privateIPAddress", intake);
        let is_private = matches!(subnet, Said::This(_)) || matches!(private, Said::This(_));
        let fronted = match (address, prefix) {
            (Said::This(key), _) => Fronted::Address(key),
            (_, Said::This(key)) => Fronted::Prefix(key),
            (Said::Nothing, Said::Nothing)
                if is_private && (!is_projected(stated) || subnet_told(stated)) =>
            {
                Fronted::Private
            }
            (Said::Nothing | Said::Unreadable, _) => Fronted::Untold,
        };
        let family = match stated.text("privateIPAddressVersion", intake) {
            Said::This(word) if word.eq_ignore_ascii_case("ipv6") => Some(Family::V6),
            Said::This(word) if word.eq_ignore_ascii_case("ipv4") => Some(Family::V4),
            Said::This(_) | Said::Nothing | Said::Unreadable => None,
        };
        // What cannot be read may name one.
        let is_chained = !stated.reference("gatewayLoadBalancer", intake).is_nothing();
        let private = private.this().and_then(grammar::address).filter(|_| fronted == Fronted::Private);
        Self { identity, fronted, private, subnet: subnet.this(), family, is_chained }
    }
}

/// Whether a projection that names a subnet, or a private address, speaks of the frontend's address: public frontends
/// have neither.
fn subnet_told(stated: &Stated<'_, '_>) -> bool {
    stated.has("subnet") || stated.has("privateIPAddress")
}
