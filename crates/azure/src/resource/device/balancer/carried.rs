//! What a rule of a load balancer carries: protocol, ports outside, port of the target.

use std::sync::Arc;

use cloud::{Quoted, Said, Stated};
use model::{Carries, Effect};
use packet::{PortRange, PortSet, Protocol, ProtocolSet};

use crate::intake::Intake;

/// What a rule carries.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Carried {
    pub(crate) carries: Carries,
    /// Whether that is what it carries, and not only all that it may carry.
    pub(crate) is_certain: bool,
    /// AP3: whether packets keep the address of the frontend.
    pub(crate) floats: bool,
}

/// One end of what a rule carries, outside or at the target. Complete.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Range(PortRange),
    /// Port 0: any port.
    Every,
    Unreadable,
}

impl Carried {
    /// A rule from one port to one port.
    pub(super) fn read<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Self {
        let from = End::one(stated, "frontendPort", intake);
        Self::to_backend(stated, from, intake)
    }

    /// AP5: a rule from a range of ports, each for one member of a pool, to one port.
    pub(super) fn read_range<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Self {
        let ends = ["frontendPortRangeStart", "frontendPortRangeEnd"];
        let [first, last] = ends.map(|key| End::one(stated, key, intake));
        let from = match (first, last) {
            (End::Range(first), End::Range(last)) => {
                let (first, last) = (first.first(), last.last());
                PortRange::new(first, last).map_or_else(
                    || {
                        let sentence = format!("its frontend ports start at {first} and end at {last}");
                        stated.tell("strange-balancing-rule", Effect::Undecided, &sentence, intake);
                        End::Unreadable
                    },
                    End::Range,
                )
            }
            (End::Range(_) | End::Every | End::Unreadable, _) => {
                if first == End::Every || last == End::Every {
                    stated.tell(
                        "strange-balancing-rule",
                        Effect::Undecided,
                        "its frontend ports start or end at 0",
                        intake,
                    );
                }
                End::Unreadable
            }
        };
        Self::to_backend(stated, from, intake)
    }

    fn to_backend<'a>(stated: &Stated<'_, 'a>, from: End, intake: &mut Intake<'_, 'a>) -> Self {
        let to = End::one(stated, "backendPort", intake);
        let (protocols, mut is_known) = read_protocol(stated, intake);
        if is_known && protocols.count() > 1 && matches!(from, End::Range(_)) {
            // AP6: `All` goes with port 0. What it carries with another port is not documented.
            is_known = false;
            let sentence =
                "its protocol is `All` and its frontend port is not 0: it may carry TCP, UDP or both";
            stated.tell("strange-balancing-rule", Effect::Undecided, sentence, intake);
        }
        let floats = stated.flag("enableFloatingIP", intake);
        let (carries, is_usual) = put_together(protocols, from, to);
        if !is_usual && from != End::Unreadable && to != End::Unreadable {
            let sentence = "it leads between port 0, which is every port, and one port";
            stated.tell("strange-balancing-rule", Effect::Undecided, sentence, intake);
        }
        Self {
            carries,
            is_certain: is_usual && is_known && floats != Said::Unreadable,
            // What holds where packets keep the frontend's address bounds what holds where they do not.
            floats: matches!(floats, Said::This(true) | Said::Unreadable),
        }
    }

    /// Whether it carries every port of its protocols (AP6).
    pub(crate) fn is_every_port(&self) -> bool {
        matches!(&self.carries, Carries::Only { ports, .. } if ports.is_everything())
    }
}

impl End {
    fn one<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Self {
        match stated.number(key, intake).map(u16::try_from) {
            Said::This(Ok(0)) => Self::Every,
            Said::This(Ok(port)) => PortRange::new(port, port).map_or(Self::Unreadable, Self::Range),
            Said::This(Err(_)) => {
                let sentence = format!("`{key}` is no port");
                stated.tell("strange-balancing-rule", Effect::Undecided, &sentence, intake);
                Self::Unreadable
            }
            Said::Nothing => {
                let sentence = format!("`{key}` is missing: it may be every port");
                stated.tell("missing-field", Effect::Undecided, &sentence, intake);
                Self::Unreadable
            }
            Said::Unreadable => Self::Unreadable,
        }
    }

    fn ports(self) -> Arc<PortSet> {
        match self {
            Self::Range(range) => Arc::new([range].into_iter().collect()),
            Self::Every | Self::Unreadable => Arc::new(PortSet::everything()),
        }
    }
}

/// What is carried, and whether that is certain. Where the port of the target is not known, all of them may be.
fn put_together(protocols: ProtocolSet, from: End, to: End) -> (Carries, bool) {
    let every = || Arc::new(PortSet::everything());
    match (from, to) {
        (End::Every, End::Every) => (Carries::Only { protocols, ports: every() }, true),
        (End::Range(range), End::Range(port)) if range == port => {
            (Carries::Only { protocols, ports: from.ports() }, true)
        }
        (_, End::Range(port)) => {
            let is_certain = matches!(from, End::Range(_));
            (Carries::Translated { protocols, from: from.ports(), to: port.first() }, is_certain)
        }
        (_, End::Every | End::Unreadable) => (Carries::Only { protocols, ports: every() }, false),
    }
}

/// The protocols, and whether they are certain. `All` is TCP and UDP (AP6).
fn read_protocol<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> (ProtocolSet, bool) {
    let both = ProtocolSet::only(Protocol::TCP).union(ProtocolSet::only(Protocol::UDP));
    match stated.text("protocol", intake) {
        Said::This(word) if word.eq_ignore_ascii_case("tcp") => (ProtocolSet::only(Protocol::TCP), true),
        Said::This(word) if word.eq_ignore_ascii_case("udp") => (ProtocolSet::only(Protocol::UDP), true),
        Said::This(word) if word == "*" || word.eq_ignore_ascii_case("all") => (both, true),
        Said::This(word) => {
            let sentence = format!("its protocol is {}, expected `Tcp`, `Udp` or `All`", Quoted(word));
            stated.tell("strange-balancing-rule", Effect::Undecided, &sentence, intake);
            (both, false)
        }
        Said::Nothing => {
            let sentence = "`protocol` is missing: it may be TCP, UDP or both";
            stated.tell("missing-field", Effect::Undecided, sentence, intake);
            (both, false)
        }
        Said::Unreadable => (both, false),
    }
}
