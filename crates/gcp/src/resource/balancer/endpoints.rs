//! The endpoints of a network endpoint group. The answer of the API does not name the group: it stands beside it.

use core::net::IpAddr;

use cloud::{Quoted, Said, Stated, grammar};
use model::{Effect, Name};

use crate::intake::Intake;

use super::super::{Identity, Link, Origin};
use super::members::subject;
use super::{link, port};

/// The endpoints of a network endpoint group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Endpoints {
    /// Its key is the path of the group with [`Endpoints::SUFFIX`].
    pub(crate) identity: Identity,
    /// `None`: they could not be read, which has been told.
    pub(crate) endpoints: Option<Vec<Endpoint>>,
}

/// An endpoint: an address of an instance, perhaps with a port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Endpoint {
    /// The instance, by path or by name.
    pub(crate) instance: Option<Link>,
    pub(crate) v4: Option<IpAddr>,
    pub(crate) v6: Option<IpAddr>,
    /// `None`: that of its group.
    pub(crate) port: Option<u16>,
    /// The name of something that is no instance.
    pub(crate) host: Option<Name>,
}

impl Endpoints {
    /// What stands behind the path of a group in the key of its endpoints.
    pub(crate) const SUFFIX: &'static str = "listNetworkEndpoints";

    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let add = "add its path under `networkEndpointGroup` beside the answer of `gcloud compute network-endpoint-groups \
                   list-network-endpoints`";
        let words = ("networkEndpointGroup", "networkEndpointGroups", Self::SUFFIX);
        let identity = subject(stated, words, add, origin, intake)?;
        Some(Self { identity, endpoints: endpoints(stated, intake) })
    }
}

fn endpoints<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<Vec<Endpoint>> {
    let listed = match stated.objects("items", intake) {
        Said::This(listed) => listed,
        // An answer without endpoints leaves the list out.
        Said::Nothing if !stated.is_null("items") => return Some(Vec::new()),
        Said::Nothing => {
            let sentence = "`items` is null: which endpoints there are is not known";
            stated.tell("missing-field", Effect::Undecided, sentence, intake);
            return None;
        }
        Said::Unreadable => return None,
    };
    let mut endpoints = Vec::with_capacity(listed.len());
    for one in &listed {
        let inner = one.object("networkEndpoint", intake);
        let stated = match &inner {
            Said::This(endpoint) => endpoint,
            Said::Nothing => one,
            Said::Unreadable => return None,
        };
        endpoints.push(endpoint(stated, intake)?);
    }
    endpoints.sort_unstable();
    endpoints.dedup();
    Some(endpoints)
}

fn endpoint<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<Endpoint> {
    let (v4, v6) = (address(stated, "ipAddress", intake)?, address(stated, "ipv6Address", intake)?);
    let endpoint = Endpoint {
        instance: link(stated, "instance", intake).this(),
        v4: v4.filter(IpAddr::is_ipv4),
        v6: v6.or_else(|| v4.filter(IpAddr::is_ipv6)),
        port: match port(stated, "port", intake) {
            Said::Unreadable => return None,
            port => port.this(),
        },
        host: stated.text("fqdn", intake).this().map(|host| intake.name(host)),
    };
    if endpoint.instance.is_none() && v4.is_none() && v6.is_none() && endpoint.host.is_none() {
        let sentence =
            "an endpoint has neither `instance` nor `ipAddress`: which endpoints there are is not known";
        stated.tell("missing-field", Effect::Undecided, sentence, intake);
        return None;
    }
    Some(endpoint)
}

/// An address, if one is stated; `None` where it cannot be read, which has been told.
fn address<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Option<Option<IpAddr>> {
    match stated.text(key, intake) {
        Said::Nothing => Some(None),
        Said::Unreadable => None,
        Said::This(text) => match grammar::address(text) {
            Some(address) => Some(Some(address)),
            None => {
                let sentence = format!("`{key}` is {}, expected an address", Quoted(text));
                stated.tell("unreadable-address", Effect::Undecided, &sentence, intake);
                None
            }
        },
    }
}
