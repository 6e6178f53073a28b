//! The authorised networks of a control plane (P31), which a cluster may state in two places.

use cloud::{Said, Stated};
use model::Effect;

use crate::intake::Intake;

use super::line::{Line, Whom};

/// Whom the list of a control plane lets in. Complete.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Authorized {
    /// There is no list: everybody.
    Everybody,
    /// Those in the list.
    Listed(Vec<Line>),
    /// Nobody knows.
    Unknown,
}

impl Authorized {
    /// Reads the object under a key. `None`: it is not there. Of a cluster that was not exported whole, a list that is
    /// not there is not known.
    pub(super) fn read<'a>(
        stated: &Stated<'_, 'a>,
        key: &'static str,
        is_whole: bool,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let list = match stated.object(key, intake) {
            Said::This(list) => list,
            Said::Nothing => return None,
            Said::Unreadable => return Some(Self::Unknown),
        };
        Some(match list.flag("enabled", intake) {
            // A list that is not in force is left where it is.
            Said::Nothing | Said::This(false) => Self::Everybody,
            Said::This(true) if !is_whole && !list.has(BLOCKS) => {
                let sentence = format!("`{BLOCKS}` is missing: every address is possible");
                list.tell("missing-field", Effect::Undecided, &sentence, intake);
                Self::Unknown
            }
            Said::This(true) => Self::Listed(lines(&list, intake)),
            Said::Unreadable => Self::Unknown,
        })
    }

    /// What the list lets in, as lines.
    pub(super) fn lines<'a>(self, stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Vec<Line> {
        match self {
            Self::Everybody => vec![Line::everybody(LIST, stated, intake)],
            Self::Listed(lines) => lines,
            Self::Unknown => vec![Line::everybody(LIST, stated, intake).possibly()],
        }
    }
}

/// An empty list is nobody. The cluster's own nodes and Google's production are always let in, and no source of the
/// Internet.
fn lines<'a>(list: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Vec<Line> {
    let mut lines: Vec<Line> = match list.objects(BLOCKS, intake) {
        Said::This(entries) => {
            entries.iter().map(|entry| Line::entry(entry, ["cidrBlock", "displayName"], intake)).collect()
        }
        Said::Nothing => Vec::new(),
        Said::Unreadable => {
            let sentence = format!("`{BLOCKS}` is not read: every address is possible");
            list.tell("unread-list", Effect::Undecided, &sentence, intake);
            vec![Line::everybody(BLOCKS, list, intake).possibly()]
        }
    };
    let customers = Line { sources: Whom::Customers, ..Line::everybody(CUSTOMERS, list, intake) };
    let customers = Line { written: intake.name(GOOGLE_CLOUD), ..customers };
    match list.flag(CUSTOMERS, intake) {
        Said::This(true) => lines.push(customers),
        Said::This(false) => {}
        // Clusters from before there was a choice let them in, and do not say so.
        Said::Nothing | Said::Unreadable => lines.push(customers.possibly()),
    }
    lines
}

const LIST: &str = "authorizedNetworks";
const BLOCKS: &str = "cidrBlocks";
const CUSTOMERS: &str = "gcpPublicCidrsAccessEnabled";
const GOOGLE_CLOUD: &str = "Google Cloud";
