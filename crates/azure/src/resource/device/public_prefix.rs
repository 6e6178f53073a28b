//! Prefixes of public addresses. Addresses made from one are resources of their own, so it opens nothing by itself.

use cloud::json::Node;
use cloud::{Stated, grammar};
use packet::Prefix;

use crate::intake::Intake;
use crate::resource::identity::Identity;
use crate::resource::stated::OfAzure as _;

use super::Device;

/// A prefix of public addresses.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicPrefix {
    pub(crate) identity: Identity,
    /// Its addresses; `None` when they are not stated.
    pub(crate) prefix: Option<Prefix>,
}

pub(crate) fn read<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed public prefix", intake);
    let prefix = stated.text("ipPrefix", intake).this().and_then(|text| grammar::prefix(text).ok());
    PublicPrefix { identity, prefix }.into()
}
