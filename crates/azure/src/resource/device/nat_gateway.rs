//! NAT gateways: they let nobody outside start a flow (AP7), so they open nothing, whatever addresses they have.

use cloud::Stated;
use cloud::json::Node;

use crate::intake::Intake;
use crate::resource::identity::Identity;
use crate::resource::stated::OfAzure as _;

use super::Device;

/// A NAT gateway.
#[derive(Clone, Debug, PartialEq)]
pub struct NatGateway {
    pub(crate) identity: Identity,
}

pub(crate) fn read<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, _) = Stated::resource(node, "unnamed NAT gateway", intake);
    NatGateway { identity }.into()
}
