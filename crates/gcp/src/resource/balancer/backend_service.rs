//! Backend services: groups that take packets or requests, and who looks at these first.

use cloud::{Quoted, Said, Stated};
use model::{Effect, Name};

use crate::intake::Intake;

use super::super::{Identity, Link, Origin};
use super::{Guard, Scheme, is_told, link, or_empty, port};

/// A backend service, of one region or of none.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BackendService {
    pub(crate) identity: Identity,
    pub(crate) scheme: Said<Scheme>,
    /// Nothing: not told.
    pub(crate) backends: Said<Vec<Backend>>,
    /// By which name instance groups know the port.
    pub(crate) port_name: Said<Name>,
    /// The port, as it was told before ports had names.
    pub(crate) port: Said<u16>,
    pub(crate) security_policy: Guard,
    pub(crate) edge_policy: Guard,
    /// Whether Identity-Aware Proxy asks clients who they are.
    pub(crate) asks_identity: Said<bool>,
    /// The network whose interface of an instance takes packets; Nothing: the first interface.
    pub(crate) network: Said<Link>,
    /// By which family proxies speak to backends.
    pub(crate) selection: Selection,
}

/// A group behind a backend service.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Backend {
    pub(crate) group: Link,
    /// Whether it takes nothing at the moment: one call changes that.
    pub(crate) is_idle: bool,
}

/// By which family proxies speak to backends. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Selection {
    OnlyV4,
    OnlyV6,
    /// IPv6 where a backend has it and answers, else IPv4.
    Either,
}

impl BackendService {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let identity = Identity::read(stated, "backendServices", origin, intake)?;
        let backends = or_empty(backends(stated, intake), is_told(stated, "backends", origin));
        Some(Self {
            identity,
            scheme: Scheme::read(stated, intake),
            backends,
            port_name: stated.text("portName", intake).map(|name| intake.name(name)),
            port: port(stated, "port", intake),
            security_policy: Guard::read(stated, "securityPolicy", origin, intake),
            edge_policy: Guard::read(stated, "edgeSecurityPolicy", origin, intake),
            asks_identity: match stated.object("iap", intake) {
                Said::This(iap) => iap.flag("enabled", intake),
                Said::Nothing => Said::Nothing,
                Said::Unreadable => Said::Unreadable,
            },
            network: link(stated, "network", intake),
            selection: selection(stated, intake),
        })
    }
}

fn backends<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Said<Vec<Backend>> {
    let listed = match stated.objects("backends", intake) {
        Said::This(listed) => listed,
        Said::Nothing => return Said::Nothing,
        Said::Unreadable => return Said::Unreadable,
    };
    let mut backends = Vec::with_capacity(listed.len());
    for one in &listed {
        match link(one, "group", intake) {
            Said::This(group) => backends.push(Backend { group, is_idle: is_idle(one, intake) }),
            Said::Nothing => {
                let sentence = "a backend has no `group`: who takes requests is not known";
                one.tell("missing-field", Effect::Undecided, sentence, intake);
                return Said::Unreadable;
            }
            Said::Unreadable => return Said::Unreadable,
        }
    }
    backends.sort_unstable();
    backends.dedup();
    Said::This(backends)
}

/// A scaler of zero drains a backend. One that is not there is one.
fn is_idle<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> bool {
    let scaler = stated.text("capacityScaler", intake).this();
    scaler.and_then(|digits| digits.parse::<f64>().ok()).is_some_and(|scaler| scaler <= 0.0)
}

/// IPv4 by default.
fn selection<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Selection {
    match stated.text("ipAddressSelectionPolicy", intake) {
        Said::Nothing | Said::This("IPV4_ONLY" | "IP_ADDRESS_SELECTION_POLICY_UNSPECIFIED") => {
            Selection::OnlyV4
        }
        Said::This("IPV6_ONLY") => Selection::OnlyV6,
        Said::This("PREFER_IPV6") | Said::Unreadable => Selection::Either,
        Said::This(word) => {
            let sentence =
                format!("`ipAddressSelectionPolicy` is {}: both families are possible", Quoted(word));
            stated.tell("unknown-word", Effect::Undecided, &sentence, intake);
            Selection::Either
        }
    }
}
