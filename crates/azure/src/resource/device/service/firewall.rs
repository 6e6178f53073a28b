//! The list of a service: who is named in it, and what becomes of everybody else.

use core::cmp::Ordering;

use cloud::{Quoted, ReadAt, Said, Stated};
use model::{Effect, Name};

use crate::intake::Intake;
use crate::resource::rule_intake::Access;
use crate::resource::side::Side;

/// Who is let in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Firewall {
    pub(crate) entries: Vec<Entry>,
    pub(crate) otherwise: Otherwise,
}

/// What becomes of those whom no entry names. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Otherwise {
    Allow,
    Deny,
    /// One of both.
    Either,
}

/// One line of a list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) name: Name,
    /// Its place, where the list has an order.
    pub(crate) priority: Option<u32>,
    pub(crate) access: Access,
    pub(crate) sources: Side,
    /// Whether it acts on all of its sources: one that also looks at headers may not.
    pub(crate) certain: bool,
    /// Whether the provider put it there rather than a person.
    pub(crate) built_in: bool,
    pub(crate) read_at: ReadAt,
}

impl Firewall {
    /// Everybody.
    pub(super) const fn open() -> Self {
        Self::all(Otherwise::Allow)
    }

    /// The same for all.
    pub(crate) const fn all(otherwise: Otherwise) -> Self {
        Self { entries: Vec::new(), otherwise }
    }
}

impl Entry {
    /// Sources that are let in.
    pub(super) const fn allow(name: Name, sources: Side, read_at: ReadAt) -> Self {
        Self { name, priority: None, access: Access::Allow, sources, certain: true, built_in: false, read_at }
    }

    /// Sources that the provider lets in unasked.
    pub(crate) const fn built_in(name: Name, sources: Side, read_at: ReadAt) -> Self {
        Self { name, priority: None, access: Access::Allow, sources, certain: true, built_in: true, read_at }
    }

    /// The order in which results show a list that has none: documents may come in any order.
    pub(crate) fn shown_before(&self, other: &Self) -> Ordering {
        (&self.name, &self.sources.written).cmp(&(&other.name, &other.sources.written))
    }
}

/// Whether the public endpoint of a service takes packets at all. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PublicAccess {
    Enabled,
    Disabled,
    /// The rules of a network security perimeter stand in the place of its own.
    ByPerimeter,
    /// Not known.
    Untold,
}

impl PublicAccess {
    /// `publicNetworkAccess`. What a full export leaves out, or says null of, is enabled.
    pub(super) fn read<'a>(stated: &Stated<'_, 'a>, is_full: bool, intake: &mut Intake<'_, 'a>) -> Self {
        let word = match stated.text(KEY, intake) {
            Said::Nothing if is_full => return Self::Enabled,
            Said::Nothing | Said::Unreadable => return Self::Untold,
            Said::This(word) => word,
        };
        let is = |known: &str| word.eq_ignore_ascii_case(known);
        if is("enabled") {
            Self::Enabled
        } else if is("disabled") {
            Self::Disabled
        } else if is("securedByPerimeter") {
            Self::ByPerimeter
        } else {
            let sentence = format!(
                "`{KEY}` is {}, expected `Enabled`, `Disabled` or `SecuredByPerimeter`: whether anybody is let in is not known",
                Quoted(word)
            );
            stated.tell("unknown-value", Effect::Undecided, &sentence, intake);
            Self::Untold
        }
    }

    /// Of two documents that both say it: a disabled one wins over everything (P7).
    pub(crate) const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Disabled, _) | (_, Self::Disabled) => Self::Disabled,
            (Self::ByPerimeter, _) | (_, Self::ByPerimeter) => Self::ByPerimeter,
            (Self::Untold, _) | (_, Self::Untold) => Self::Untold,
            (Self::Enabled, Self::Enabled) => Self::Enabled,
        }
    }
}

/// A default action; `without` where nothing is said.
pub(super) fn default_action<'a>(
    stated: &Stated<'_, 'a>,
    key: &str,
    without: Otherwise,
    intake: &mut Intake<'_, 'a>,
) -> Otherwise {
    match stated.text(key, intake) {
        Said::Nothing => without,
        Said::This(word) if word.eq_ignore_ascii_case("allow") => Otherwise::Allow,
        Said::This(word) if word.eq_ignore_ascii_case("deny") => Otherwise::Deny,
        Said::This(word) => {
            let sentence = format!("`{key}` is {}, expected `Allow` or `Deny`", Quoted(word));
            stated.tell("unknown-value", Effect::Undecided, &sentence, intake);
            Otherwise::Either
        }
        Said::Unreadable => Otherwise::Either,
    }
}

const KEY: &str = "publicNetworkAccess";
