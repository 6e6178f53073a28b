//! Load balancers and accelerators: what listens, whom it forwards to, and how it is told (W18–W21).
//!
//! Who reaches what through them is found in `lower`.

mod accelerator;
mod action;
mod attributes;
mod classic;
mod listener;
mod listener_rule;
mod load_balancer;
mod target_group;
mod target_health;

use cloud::{Quoted, Said, Stated};
use model::{Effect, Name};
use packet::{Protocol, ProtocolSet};

use crate::intake::Intake;

use super::Identity;

pub(crate) use accelerator::{Accelerator, AcceleratorListener, Endpoint, EndpointGroup};
pub(crate) use action::Action as Forwarding;
pub(crate) use attributes::TargetGroupAttributes;
pub(crate) use classic::{ClassicBalancer, ClassicListener};
pub(crate) use listener::Listener;
pub(crate) use listener_rule::ListenerRule;
pub(crate) use load_balancer::{AddressType, BalancerKind, BalancerNode, LISTENERS, LoadBalancer, Scheme};
pub(crate) use target_group::{TargetGroup, TargetKind};
pub(crate) use target_health::{Registered, TargetHealth};

/// What stands for a target that is not known, which has been told: no id has blank space.
const SOME_TARGET: &str = "a target that is not known";

/// A text under a key as a name; one that cannot be read has been told.
fn name<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Said<Name> {
    stated.text(key, intake).map(|text| intake.name(text))
}

/// A port; what is none has been told.
fn port<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Said<u16> {
    match super::integer(stated, key, intake) {
        Said::Nothing => Said::Nothing,
        Said::Unreadable => Said::Unreadable,
        Said::This(number) => match u16::try_from(number) {
            Ok(port) => Said::This(port),
            Err(_) => {
                let sentence = format!("`{key}` is {number}, expected a port: every port is possible");
                stated.tell("unreadable-port", Effect::Undecided, &sentence, intake);
                Said::Unreadable
            }
        },
    }
}

/// The protocols of the packets that a listener takes: of `HTTPS` and `TLS` those of TCP, of `QUIC` those of UDP.
fn protocols<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Said<ProtocolSet> {
    let word = match stated.text(key, intake) {
        Said::This(word) => word,
        Said::Nothing => return Said::Nothing,
        Said::Unreadable => return Said::Unreadable,
    };
    let both = || ProtocolSet::only(Protocol::TCP).union(ProtocolSet::only(Protocol::UDP));
    match word.to_ascii_uppercase().as_str() {
        "TCP" | "TLS" | "SSL" | "HTTP" | "HTTPS" => Said::This(ProtocolSet::only(Protocol::TCP)),
        "UDP" | "QUIC" => Said::This(ProtocolSet::only(Protocol::UDP)),
        "TCP_UDP" | "TCP_QUIC" => Said::This(both()),
        "GENEVE" => Said::This(ProtocolSet::EMPTY),
        _ => {
            let sentence = format!("`{key}` is {}, expected a protocol of a listener", Quoted(word));
            stated.tell("unknown-value", Effect::Undecided, &sentence, intake);
            Said::Unreadable
        }
    }
}

/// The same identity under another name: what rules and consoles call it by, not its tag.
fn called(identity: Identity, name: Option<Name>) -> Identity {
    match name {
        Some(name) => Identity { name, ..identity },
        None => identity,
    }
}

/// The last part of an ARN but for its hash: `shop` of `…:targetgroup/shop/73e2d6bc24d8a067`.
fn name_in_arn(arn: &str) -> Option<&str> {
    let mut parts = arn.rsplit('/');
    let _hash = parts.next()?;
    parts.next().filter(|name| !name.is_empty())
}
