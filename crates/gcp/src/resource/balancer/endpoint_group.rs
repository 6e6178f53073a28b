//! Network endpoint groups: which kind of endpoint, and at which port. Its endpoints are told apart (`endpoints`).

use cloud::{Quoted, Said, Stated};
use model::Effect;

use crate::intake::Intake;

use super::super::{Identity, Origin};
use super::port;

/// A network endpoint group of a zone, a region or none.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EndpointGroup {
    pub(crate) identity: Identity,
    pub(crate) kind: EndpointKind,
    /// The port of endpoints that state none.
    pub(crate) default_port: Said<u16>,
    /// How many endpoints are in it.
    pub(crate) size: Option<u32>,
}

/// What endpoints are. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndpointKind {
    /// A port of an address of an instance (`GCE_VM_IP_PORT`).
    Port,
    /// An address of an instance (`GCE_VM_IP`).
    Address,
    /// Something that is no instance: on the Internet, in another network, a service of Google.
    Elsewhere,
    /// Not said or not known: any of these.
    Other,
}

impl EndpointGroup {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        Some(Self {
            identity: Identity::read(stated, "networkEndpointGroups", origin, intake)?,
            kind: kind(stated, intake),
            default_port: port(stated, "defaultPort", intake),
            size: stated.number("size", intake).this(),
        })
    }
}

fn kind<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> EndpointKind {
    match stated.text("networkEndpointType", intake) {
        Said::This("GCE_VM_IP_PORT") => EndpointKind::Port,
        Said::This("GCE_VM_IP") => EndpointKind::Address,
        Said::This(
            "INTERNET_FQDN_PORT"
            | "INTERNET_IP_PORT"
            | "SERVERLESS"
            | "PRIVATE_SERVICE_CONNECT"
            | "NON_GCP_PRIVATE_IP_PORT"
            | "GCE_VM_IP_PORTMAP",
        ) => EndpointKind::Elsewhere,
        Said::This(word) => {
            let sentence =
                format!("`networkEndpointType` is {}: who its endpoints are is not known", Quoted(word));
            stated.tell("unknown-word", Effect::Undecided, &sentence, intake);
            EndpointKind::Other
        }
        Said::Nothing | Said::Unreadable => EndpointKind::Other,
    }
}
