//! The words of one rule: which way it looks, what it does, its place in the order, its protocols.
//!
//! What is not understood is told here, with the names of the group and the rule. Knows no address and no port.

use core::fmt;
use std::sync::Arc;

use cloud::Quoted;
use cloud::json::Json;
use model::{Effect, Name, Provenance};
use packet::{Bounds, PortSet};

use crate::intake::Intake;
use crate::wire::{Rule, Text};

use super::protocols::Protocols;

/// What a rule does. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Allow,
    Deny,
    /// One of both.
    Unreadable,
}

/// Who wrote a rule, and in which dialect. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A person, in a group.
    Stated,
    /// Azure: one of the default rules (semantics A2).
    BuiltIn,
    /// The effective view of an interface.
    Effective,
}

impl Origin {
    pub(crate) const COUNT: usize = 3;

    pub(crate) const fn index(self) -> usize {
        match self {
            Self::Stated => 0,
            Self::BuiltIn => 1,
            Self::Effective => 2,
        }
    }
}

/// Which way a rule looks. Complete.
pub(super) enum Direction {
    Inbound,
    Outbound,
    Unreadable,
}

/// What reading one rule needs.
pub(super) struct RuleIntake<'x, 'r, 'a> {
    pub(super) intake: &'x mut Intake<'r, 'a>,
    pub(super) origin: Origin,
    /// The name of its group.
    pub(super) list: &'x str,
    /// Its own name.
    pub(super) rule: Name,
    pub(super) place: Provenance,
    /// Whether it denies what it matches: too large a match then makes the answer too small.
    pub(super) denies: bool,
}

impl RuleIntake<'_, '_, '_> {
    pub(super) fn note(&mut self, code: &'static str, effect: Effect, what: fmt::Arguments<'_>) {
        let message = format!("{}: rule {}: {what}", Quoted(self.list), Quoted(&self.rule));
        self.intake.note(self.place, code, effect, message);
    }

    pub(super) fn missing(&mut self, field: &str, expected: &str) {
        self.note(
            "missing-field",
            Effect::Undecided,
            format_args!("`{field}` is missing, expected {expected}"),
        );
    }

    pub(super) fn unexpected(&mut self, field: &str, json: Json, expected: &str) {
        let what = format_args!("`{field}` is or holds {json}, expected {expected}");
        self.note(json.code(), Effect::Undecided, what);
    }

    /// A10: both the singular and the plural field: their union, which is an assumption where they differ.
    pub(super) fn both_fields(&mut self, one: &str, many: &str) {
        let what = format_args!(
            "both `{one}` and `{many}` have a value, expected one of them: their union is taken"
        );
        let effect = if self.denies { Effect::Narrowed } else { Effect::Widened };
        self.note("singular-and-plural", effect, what);
    }

    fn unreadable(&mut self, code: &'static str, field: &str, text: &Text<'_>, expected: &str) {
        match text {
            Text::Absent => self.missing(field, expected),
            Text::Not(json) => self.unexpected(field, *json, expected),
            Text::Is(stated) => {
                let what = format_args!("`{field}` is {}, expected {expected}", Quoted(stated));
                self.note(code, Effect::Undecided, what);
            }
        }
    }

    pub(super) fn direction(&mut self, text: &Text<'_>) -> Direction {
        match text.get() {
            Some(word) if word.eq_ignore_ascii_case("inbound") => Direction::Inbound,
            Some(word) if word.eq_ignore_ascii_case("outbound") => Direction::Outbound,
            Some(_) | None => {
                self.unreadable("unknown-direction", "direction", text, "`Inbound` or `Outbound`");
                Direction::Unreadable
            }
        }
    }

    pub(super) fn access(&mut self, text: &Text<'_>) -> Access {
        match text.get() {
            Some(word) if word.eq_ignore_ascii_case("allow") => Access::Allow,
            Some(word) if word.eq_ignore_ascii_case("deny") => Access::Deny,
            Some(_) | None => {
                self.unreadable("unknown-access", "access", text, "`Allow` or `Deny`");
                Access::Unreadable
            }
        }
    }

    /// A1: 100 to 4096; the default rules have 65000 and more.
    pub(super) fn priority(&mut self, text: &Text<'_>) -> Option<u32> {
        let digits = text.get().filter(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
        let priority = digits.and_then(|digits| digits.parse::<u32>().ok());
        let expected = match self.origin {
            Origin::Stated | Origin::Effective => "a whole number from 100 to 4096",
            Origin::BuiltIn => "a whole number from 65000 to 65535",
        };
        match (priority, self.origin) {
            (None, Origin::Stated | Origin::BuiltIn | Origin::Effective) => {
                self.unreadable("unreadable-priority", "priority", text, expected);
            }
            (Some(100..=4096), Origin::Stated)
            | (Some(65000..=65535), Origin::BuiltIn)
            | (Some(_), Origin::Effective) => {}
            // A2: the default rules come after all others; one that does not is none.
            (Some(_), Origin::BuiltIn) => {
                self.unreadable("priority-out-of-range", "priority", text, expected);
                return None;
            }
            (Some(_), Origin::Stated) => {
                self.unreadable("priority-out-of-range", "priority", text, expected);
            }
        }
        priority
    }

    pub(super) fn strange_keys(&mut self, stated: &Rule<'_>) {
        for key in &stated.strange_keys {
            let what = format_args!(
                "the key {} is not known or given twice: the rule is taken as possible, not as certain",
                Quoted(key)
            );
            self.note("unknown-rule-key", Effect::Undecided, what);
        }
    }

    /// Tells of a rule of which it is not known whether it is there.
    pub(super) fn doubt(&mut self, stated: &Rule<'_>) {
        if let Some(cause) = stated.doubt {
            let what = format_args!(
                "whether it is there is not known ({cause}): it is taken as possible, not as certain"
            );
            self.note("unknown-presence", Effect::Undecided, what);
        }
    }

    /// Tells of fields of an effective view in a rule of a group; whether there are any.
    pub(super) fn expanded_keys(&mut self, stated: &Rule<'_>) -> bool {
        let fields = [
            ("expandedSourceAddressPrefix", &stated.source.expanded),
            ("expandedDestinationAddressPrefix", &stated.destination.expanded),
        ];
        let mut any = false;
        for (field, texts) in fields {
            if !texts.is_empty() {
                any = true;
                let what = format_args!("`{field}` is a field of effective views, not of groups");
                self.note("unknown-rule-key", Effect::Undecided, what);
            }
        }
        any
    }

    /// A11, A12, A13: the universe, and what a restriction of ports does to protocols without ports.
    pub(super) fn protocols(
        &mut self,
        text: &Text<'_>,
        source_ports: &Bounds<Arc<PortSet>>,
        ports: &Bounds<Arc<PortSet>>,
    ) -> Bounds<Protocols> {
        let Some(named) = text.get().and_then(Protocols::named) else {
            self.unreadable("unknown-protocol", "protocol", text, "`Tcp`, `Udp`, `Icmp`, `Esp`, `Ah` or `*`");
            return Bounds::between(Protocols::NONE, Protocols::ALL);
        };
        let unrestricted =
            |source: &PortSet, destination: &PortSet| source.is_everything() && destination.is_everything();
        let certainly_free = unrestricted(&source_ports.must, &ports.must);
        let possibly_free = unrestricted(&source_ports.may, &ports.may);
        if named == Protocols::ALL {
            let part = |free: bool| if free { Protocols::ALL } else { Protocols::PORTED };
            return Bounds::between(part(certainly_free), part(possibly_free));
        }
        if named.is_subset(Protocols::PORTED) || certainly_free {
            return Bounds::exactly(named);
        }
        if !possibly_free {
            let what = format_args!(
                "protocol {} has no ports, expected `*` as ports: the rule is taken as possible, not as certain",
                Quoted(text.get().unwrap_or_default())
            );
            self.note("portless-protocol-with-ports", Effect::Undecided, what);
        }
        Bounds::between(Protocols::NONE, named)
    }
}
