//! Listeners of load balancers: a port, and what is done by default.

use cloud::{Said, Stated};
use model::{Effect, Name};
use packet::ProtocolSet;

use crate::intake::Intake;

use super::super::{Identity, Origin};
use super::{Forwarding, called, name, port, protocols};

/// A listener.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Listener {
    /// Its id is its ARN, its name its protocol and port.
    pub(crate) identity: Identity,
    /// The ARN of its load balancer.
    pub(crate) balancer: Name,
    pub(crate) protocols: Said<ProtocolSet>,
    pub(crate) port: Said<u16>,
    /// Whether it ends the connections of its clients although it is of a network load balancer.
    pub(crate) is_tls: bool,
    pub(crate) default: Forwarding,
}

impl Listener {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let id = stated.text("ListenerArn", intake).this()?;
        let Said::This(balancer) = name(stated, "LoadBalancerArn", intake) else {
            let sentence = "its load balancer is not known: what it leads to may be exposed and is not told";
            stated.tell("unread-list", Effect::Narrowed, sentence, intake);
            return None;
        };
        let port = port(stated, "Port", intake);
        let word = stated.text("Protocol", intake).this();
        let number = if let Said::This(port) = port { port.to_string() } else { String::new() };
        let called_by = match word {
            Some(word) => intake.name(format!("{word} {number}").trim()),
            None => intake.name(&number),
        };
        let identity = called(Identity::read(stated, id, None, origin, intake), Some(called_by));
        Some(Self {
            identity,
            balancer,
            protocols: protocols(stated, "Protocol", intake),
            port,
            is_tls: word.is_some_and(|word| word.eq_ignore_ascii_case("tls")),
            default: Forwarding::read(stated, "DefaultActions", intake),
        })
    }
}
