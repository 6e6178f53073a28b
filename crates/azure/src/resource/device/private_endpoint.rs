//! Private endpoints and what they lead to. Private addresses in front of services: no way from the Internet (AP11,
//! A27). Whether a service has a public way as well, the service says.

use cloud::Stated;
use cloud::json::Node;

use crate::intake::Intake;
use crate::resource::identity::Identity;
use crate::resource::stated::OfAzure as _;

use super::Device;

/// A private endpoint.
#[derive(Clone, Debug, PartialEq)]
pub struct PrivateEndpoint {
    pub(crate) identity: Identity,
}

/// A service that private endpoints of others lead to: a frontend of an internal load balancer.
#[derive(Clone, Debug, PartialEq)]
pub struct PrivateLinkService {
    pub(crate) identity: Identity,
}

pub(crate) fn read<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    PrivateEndpoint { identity: Stated::resource(node, "unnamed private endpoint", intake).0 }.into()
}

pub(crate) fn read_service<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    PrivateLinkService { identity: Stated::resource(node, "unnamed private link service", intake).0 }.into()
}
