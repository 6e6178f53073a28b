//! Which ports the firewall of a Lightsail instance has open, and to whom (P23).
//!
//! An instance carries its own list, and `get-instance-port-states` prints it alone: both are read here. Knows nothing
//! of addresses that an instance has.

use std::sync::Arc;

use cloud::{Quoted, Said, Stated};
use model::{Action, Effect, Name};
use packet::{AddressSet, Bounds, Family, Protocol};

use crate::intake::Intake;
use crate::resource::numbers::{Numbers, integer};
use crate::resource::protocol::{Spoken, protocol};
use crate::resource::{Identity, Origin};

use super::line::{EVERYBODY, Line, Written, anybody, prefixes};

/// What `get-instance-port-states` says of one instance, which it names by its name alone.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LightsailPortStates {
    pub(crate) identity: Identity,
    pub(crate) instance: Name,
    pub(crate) ports: Ports,
}

/// What stands before the name of an instance in the id of its ports.
pub(crate) const PORTS: &str = "lightsail:Instance/";

/// The open ports of an instance.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Ports {
    pub(crate) lines: Vec<Line>,
    /// Whether a port says nothing of IPv6: what prints it knew nothing of it.
    pub(crate) leaves_out_ipv6: bool,
}

impl LightsailPortStates {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let instance = super::name_of(stated, "instanceName", intake)?;
        let identity = super::identity(stated, (None, PORTS, instance), origin, intake);
        let instance = intake.name(instance);
        let ports = Ports::read(stated, "portStates", intake)?;
        Some(Self { identity, instance, ports })
    }
}

impl Ports {
    /// The list under a key; `None` where there is none.
    pub(super) fn read<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Option<Self> {
        let mut ports = Self::default();
        match stated.objects(key, intake) {
            Said::Nothing => return None,
            Said::This(states) => {
                for state in states {
                    ports.add(&state, intake);
                }
            }
            Said::Unreadable => {
                let unknown =
                    Numbers::of_permission(Spoken::Unreadable, &Said::Nothing, &Said::Nothing, intake);
                ports.lines.push(Line::everybody(key, Action::Allow, unknown.0, stated, intake).possibly());
            }
        }
        Some(ports)
    }

    fn add<'a>(&mut self, state: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) {
        let Some(certain) = is_open(state, intake) else { return };
        let (numbers, says) = numbers(state, intake);
        for (written, sources) in self.sources(state, intake) {
            self.lines.push(Line {
                name: intake.name(&format!("{says} {written}")),
                written: intake.name(written),
                action: Action::Allow,
                sources,
                numbers: numbers.clone(),
                certain,
                built_in: false,
                read_at: state.read_at,
            });
        }
    }

    /// P23: the two lists are independent; where neither is there, everybody, if `accessFrom` does not say otherwise.
    fn sources<'n, 'a>(&mut self, state: &Stated<'n, 'a>, intake: &mut Intake<'_, 'a>) -> Vec<Written<'n>> {
        let (ipv4, ipv6) = (state.texts("cidrs", intake), state.texts("ipv6Cidrs", intake));
        let is_empty = |list: &Said<Vec<&str>>| match list {
            Said::Nothing => true,
            Said::This(list) => list.is_empty(),
            Said::Unreadable => false,
        };
        if is_empty(&ipv4) && is_empty(&ipv6) {
            let is_absent = ipv4.is_nothing() && ipv6.is_nothing();
            return unlisted(state, is_absent, intake);
        }
        self.leaves_out_ipv6 |= ipv6.is_nothing();
        let mut sources = Vec::new();
        for (list, family) in [(ipv4, Family::V4), (ipv6, Family::V6)] {
            match list {
                Said::This(texts) => sources.extend(prefixes(&texts, state, intake)),
                // What prints one list and not the other is older than IPv6 there, or a projection.
                Said::Nothing => {
                    if family == Family::V4 {
                        state.tell("missing-field", Effect::Undecided, NO_IPV4, intake);
                    }
                    sources.push((key_of(family), some_of(family, intake)));
                }
                Said::Unreadable => sources.push((key_of(family), some_of(family, intake))),
            }
        }
        sources
    }
}

const NO_IPV4: &str = "a port is without its `cidrs`: every address of IPv4 is possible";

const fn key_of(family: Family) -> &'static str {
    match family {
        Family::V4 => "cidrs",
        Family::V6 => "ipv6Cidrs",
    }
}

/// Some addresses of a family, and nobody knows which.
fn some_of(family: Family, intake: &mut Intake<'_, '_>) -> Bounds<Arc<AddressSet>> {
    let may = intake.pool.set(AddressSet::whole(family));
    Bounds::between(Arc::clone(&intake.pool.common.nothing), may)
}

/// Whom a port lets in that lists nobody.
fn unlisted<'a>(
    state: &Stated<'_, 'a>,
    is_absent: bool,
    intake: &mut Intake<'_, 'a>,
) -> Vec<Written<'static>> {
    let everybody = (EVERYBODY, Bounds::exactly(Arc::clone(&intake.pool.common.everything)));
    let from = state.text("accessFrom", intake);
    let aliases = state.texts("cidrListAliases", intake);
    let has_aliases = matches!(&aliases, Said::This(aliases) if !aliases.is_empty());
    let only_console = has_aliases
        && matches!(&aliases, Said::This(aliases) if aliases.iter().all(|alias| is_console(alias)));
    match from {
        Said::This(from) if is_anywhere(from) && !has_aliases => vec![everybody],
        Said::Nothing if is_absent && aliases.is_nothing() => vec![everybody],
        // P23: the client in the console is no Internet source.
        Said::This(from) if only_console && !is_absent && !is_anywhere(from) => Vec::new(),
        Said::Nothing if only_console && !is_absent => Vec::new(),
        Said::Nothing | Said::This(_) | Said::Unreadable => {
            let sentence =
                "a port is open and lists nobody, and does not say `Anywhere`: everybody is possible";
            state.tell("unknown-sources", Effect::Undecided, sentence, intake);
            vec![("unlisted", anybody(intake))]
        }
    }
}

fn is_anywhere(word: &str) -> bool {
    word.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("anywhere"))
}

fn is_console(alias: &str) -> bool {
    alias.eq_ignore_ascii_case("lightsail-connect")
}

/// Whether a port is open for certain; `None` where it is not.
fn is_open<'a>(state: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<bool> {
    let mut certain = true;
    for (key, [open, closed]) in WORDS {
        match state.text(key, intake) {
            Said::Nothing => {}
            Said::This(word) if word.eq_ignore_ascii_case(open) => {}
            Said::This(word) if word.eq_ignore_ascii_case(closed) && key != TYPE => return None,
            Said::This(word) => {
                let sentence =
                    format!("`{key}` of a port is {}, expected `{open}`: it is possible", Quoted(word));
                state.tell("unknown-value", Effect::Undecided, &sentence, intake);
                certain = false;
            }
            Said::Unreadable => certain = false,
        }
    }
    Some(certain)
}

const TYPE: &str = "accessType";
/// What is said of a port that is open to the outside, and of one that is not. What `Private` does is not described.
const WORDS: [(&str, [&str; 2]); 3] = [
    ("state", ["open", "closed"]),
    ("accessDirection", ["inbound", "outbound"]),
    (TYPE, ["public", "private"]),
];

/// The protocol with its ports or types, and how that is told (W8).
fn numbers<'a>(state: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> (Numbers, String) {
    let spoken = protocol(state, "protocol", intake);
    let (first, last) = match spoken {
        Spoken::One(_) => (integer(state, "fromPort", intake), integer(state, "toPort", intake)),
        Spoken::Every | Spoken::Unreadable => (Said::Nothing, Said::Nothing),
    };
    let (numbers, odd) = Numbers::of_permission(spoken, &first, &last, intake);
    let word = match spoken {
        Spoken::Every => "all".to_owned(),
        Spoken::One(Protocol::TCP) => "tcp".to_owned(),
        Spoken::One(Protocol::UDP) => "udp".to_owned(),
        Spoken::One(Protocol::ICMP) => "icmp".to_owned(),
        Spoken::One(Protocol::ICMPV6) => "icmpv6".to_owned(),
        Spoken::One(Protocol(number)) => number.to_string(),
        Spoken::Unreadable => "unknown".to_owned(),
    };
    if let Some(odd) = odd {
        let sentence = format!("a port state for {word} {odd}");
        state.tell("unreadable-port-range", Effect::Undecided, &sentence, intake);
    }
    let says = match (first, last) {
        (Said::This(first), Said::This(last)) if first == last => format!("{word} {first}"),
        (Said::This(first), Said::This(last)) => format!("{word} {first}-{last}"),
        _ => word,
    };
    (numbers, says)
}
