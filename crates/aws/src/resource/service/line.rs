//! One line of a list that a service keeps itself, and the families of its endpoint.
//!
//! Knows no service: each writes its own lines.

use std::sync::Arc;

use cloud::{Quoted, ReadAt, Said, Stated, grammar};
use model::{Action, Effect, Name};
use packet::{AddressSet, Bounds, Family, PortSet, Protocol, ProtocolSet};

use crate::intake::Intake;
use crate::resource::numbers::Numbers;

/// One line of a service's own list. The first that matches decides.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) name: Name,
    /// Its sources, as they are written.
    pub(crate) written: Name,
    pub(crate) action: Action,
    pub(crate) sources: Bounds<Arc<AddressSet>>,
    pub(crate) numbers: Numbers,
    /// Whether it acts on all that it matches; one with a condition that nobody can decide here may not.
    pub(crate) certain: bool,
    /// Whether it is what the service does unasked rather than what a person wrote.
    pub(crate) built_in: bool,
    pub(crate) read_at: ReadAt,
}

impl Line {
    /// A line about everybody that nobody wrote.
    pub(super) fn everybody(
        name: &str,
        action: Action,
        numbers: Numbers,
        stated: &Stated<'_, '_>,
        intake: &mut Intake<'_, '_>,
    ) -> Self {
        Self {
            name: intake.name(name),
            written: intake.name(EVERYBODY),
            action,
            sources: Bounds::exactly(Arc::clone(&intake.pool.common.everything)),
            numbers,
            certain: true,
            built_in: true,
            read_at: stated.read_at,
        }
    }

    /// The same, of which it is not known whether it acts.
    pub(super) fn possibly(self) -> Self {
        Self { certain: false, ..self }
    }
}

/// A family over which an endpoint may be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Face {
    pub(crate) family: Family,
    /// Whether it is known that it is; what older exports say nothing of may be.
    pub(crate) certain: bool,
}

impl Face {
    pub(crate) const V4: Self = Self { family: Family::V4, certain: true };
    pub(crate) const V6: Self = Self { family: Family::V6, certain: true };
    pub(crate) const MAYBE_V4: Self = Self { family: Family::V4, certain: false };
    pub(crate) const MAYBE_V6: Self = Self { family: Family::V6, certain: false };
}

/// TCP to these ports.
pub(super) fn tcp(ports: Bounds<PortSet>, intake: &mut Intake<'_, '_>) -> Numbers {
    let whole = Numbers::every(Bounds::exactly(ProtocolSet::only(Protocol::TCP)), intake);
    let ports = Bounds { must: intake.pool.port_set(ports.must), may: intake.pool.port_set(ports.may) };
    Numbers { ports, ..whole }
}

/// Some addresses as they are written, and what they are.
pub(super) type Written<'n> = (&'n str, Bounds<Arc<AddressSet>>);

/// The prefixes of a list, each with what it holds; one that cannot be read may hold everybody.
pub(super) fn prefixes<'n, 'a>(
    texts: &[&'n str],
    stated: &Stated<'n, 'a>,
    intake: &mut Intake<'_, 'a>,
) -> Vec<Written<'n>> {
    texts.iter().map(|text| (*text, prefix(text, stated, intake))).collect()
}

fn prefix<'a>(text: &str, stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Bounds<Arc<AddressSet>> {
    match grammar::prefix(text) {
        Ok(prefix) => Bounds::exactly(intake.pool.set(prefix.into())),
        Err(_) => {
            let sentence = format!("{} is no prefix: every address is possible", Quoted(text));
            stated.tell("unreadable-prefix", Effect::Undecided, &sentence, intake);
            anybody(intake)
        }
    }
}

/// Some addresses, and nobody knows which.
pub(super) fn anybody(intake: &Intake<'_, '_>) -> Bounds<Arc<AddressSet>> {
    let common = &intake.pool.common;
    Bounds::between(Arc::clone(&common.nothing), Arc::clone(&common.everything))
}

/// The word of a state, as it is written: `available`, `running`.
pub(super) fn power<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Option<Name> {
    match stated.text(key, intake) {
        Said::This(word) => Some(intake.name(word)),
        Said::Nothing | Said::Unreadable => None,
    }
}

/// As sources are written that are everybody.
pub(super) const EVERYBODY: &str = "*";
