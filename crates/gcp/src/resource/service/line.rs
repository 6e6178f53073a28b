//! One line of the list of sources that a service keeps itself.
//!
//! Knows no service: each writes its own lines.

use std::sync::Arc;

use cloud::{Quoted, ReadAt, Said, Stated, grammar};
use model::{Action, Effect, Name};
use packet::{AddressSet, Bounds};

use crate::intake::Intake;

/// One line of a service's own list. Of several that match the one of the lowest rank decides.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) name: Name,
    /// Its sources, as they are written.
    pub(crate) written: Name,
    pub(crate) action: Action,
    pub(crate) sources: Whom,
    /// Its place in the list: the priority where the service has one, else the same for all.
    pub(crate) rank: u32,
    pub(crate) priority: Option<u32>,
    /// Whether it acts for certain on all that it matches.
    pub(crate) certain: bool,
    /// Whether it is what the service does unasked rather than what a person wrote.
    pub(crate) built_in: bool,
    pub(crate) read_at: ReadAt,
}

/// Whom a line is about. Complete.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Whom {
    /// These addresses.
    These(Bounds<Arc<AddressSet>>),
    /// The public addresses of all that customers run on Google Cloud.
    Customers,
}

impl Line {
    /// A line that lets in everybody and that nobody wrote: what holds while `setting` is as it is.
    pub(super) fn everybody(setting: &str, stated: &Stated<'_, '_>, intake: &mut Intake<'_, '_>) -> Self {
        let everything = Arc::clone(&intake.pool.common.everything);
        Self {
            name: intake.name(setting),
            written: intake.name(EVERYBODY),
            action: Action::Allow,
            sources: Whom::These(Bounds::exactly(everything)),
            rank: 0,
            priority: None,
            certain: true,
            built_in: true,
            read_at: stated.read_at,
        }
    }

    /// A line that lets in the prefix under a key of an entry. Its name is the entry's own, else the prefix.
    pub(super) fn entry<'n, 'a>(
        stated: &Stated<'n, 'a>,
        [prefix, name]: [&str; 2],
        intake: &mut Intake<'_, 'a>,
    ) -> Self {
        let said = stated.text(prefix, intake);
        if said.is_nothing() {
            let sentence = format!("an entry without `{prefix}`: every address is possible");
            stated.tell("missing-field", Effect::Undecided, &sentence, intake);
        }
        let text = said.this();
        let sources = match text {
            Some(text) => addresses(text, stated, intake),
            None => intake.pool.common.unknown(),
        };
        let written = text.unwrap_or(prefix);
        let name = stated.text(name, intake).this().unwrap_or(written);
        let whole = Self::everybody(name, stated, intake);
        Self { written: intake.name(written), sources: Whom::These(sources), built_in: false, ..whole }
    }

    /// The same, of which it is not known whether it acts.
    pub(super) fn possibly(self) -> Self {
        Self { certain: false, ..self }
    }
}

/// What a prefix or an address holds; one that cannot be read may hold everybody.
pub(super) fn addresses<'a>(
    text: &str,
    stated: &Stated<'_, 'a>,
    intake: &mut Intake<'_, 'a>,
) -> Bounds<Arc<AddressSet>> {
    match grammar::prefix(text) {
        Ok(prefix) => Bounds::exactly(intake.pool.prefix(prefix)),
        Err(_) => {
            let sentence = format!("{} is no prefix: every address is possible", Quoted(text));
            stated.tell("unreadable-prefix", Effect::Undecided, &sentence, intake);
            intake.pool.common.unknown()
        }
    }
}

/// The word of a state in lower case: `running`, `serving`.
pub(super) fn power<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Option<Name> {
    match stated.text(key, intake) {
        Said::This(word) => Some(intake.name(&word.to_ascii_lowercase())),
        Said::Nothing | Said::Unreadable => None,
    }
}

/// As sources are written that are everybody.
pub(super) const EVERYBODY: &str = "*";
