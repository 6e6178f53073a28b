//! Rules of a VPC network (G1–G7, G9).
//!
//! Knows no instance: whom a rule is for, and who sends with a tag, is asked when it is lowered.

use std::sync::Arc;

use cloud::json::Tree;
use cloud::{Quoted, Said, Stated};
use model::{Effect, Name};
use packet::{AddressSet, Bounds, Family};

use crate::intake::Intake;

use super::layer4::{Layer4, layer4};
use super::names::names;
use super::ranges::ranges;
use super::unknown_keys::has_unknown_keys;
use super::whole::is_whole;
use super::{Identity, Link, Origin};

/// A firewall rule of a network.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Firewall {
    pub(crate) identity: Identity,
    /// The network it is of; `None` where that is not told.
    pub(crate) network: Option<Link>,
    /// What it does; `None` for a rule that decides on nothing that comes in: a disabled one, one for packets that
    /// leave.
    pub(crate) inbound: Option<Inbound>,
}

/// What a rule does with packets that come in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Inbound {
    /// G1: the lower number is asked first; `None` where it is not known.
    pub(crate) priority: Option<u32>,
    pub(crate) allowed: Vec<Layer4>,
    pub(crate) denied: Vec<Layer4>,
    pub(crate) sources: Sources,
    /// G7: the destinations, as the firewall sees them.
    pub(crate) destinations: Bounds<Arc<AddressSet>>,
    pub(crate) targets: Targets,
    /// Whether the rule is there for certain and all that decides of it is told.
    pub(crate) is_certain: bool,
}

/// Who sends (G5): any of these.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sources {
    pub(crate) addresses: Bounds<Arc<AddressSet>>,
    /// Network tags of instances of the network, in lower case.
    pub(crate) tags: Vec<Name>,
    /// Service accounts of instances of the network, in lower case.
    pub(crate) accounts: Vec<Name>,
    /// All of them, for people.
    pub(crate) written: Name,
}

/// The instances a rule is for (G4). Complete.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Targets {
    /// All of the network.
    Everyone,
    /// Those with any of these network tags, in lower case.
    Tagged(Vec<Name>),
    /// Those that run as any of these service accounts, in lower case.
    RunningAs(Vec<Name>),
    /// Some of the network, and nobody knows which.
    Unknown,
}

impl Firewall {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let identity = Identity::read(stated, "firewalls", origin, intake)?;
        let network = match stated.text("network", intake) {
            Said::This(network) => Some(Link::of(network)),
            said => {
                if said.is_nothing() {
                    stated.tell("missing-field", Effect::Undecided, NO_NETWORK, intake);
                }
                None
            }
        };
        let inbound = Inbound::read(stated, is_whole(stated, origin), intake);
        Some(Self { identity, network, inbound })
    }
}

impl Inbound {
    fn read<'a>(stated: &Stated<'_, 'a>, is_whole: bool, intake: &mut Intake<'_, 'a>) -> Option<Self> {
        let is_inbound = is_inbound(stated, intake);
        let is_disabled = stated.flag("disabled", intake);
        if is_inbound == Said::This(false) || is_disabled == Said::This(true) {
            return None;
        }
        // G1: without a number it is 1000.
        let priority = match stated.number("priority", intake) {
            Said::Nothing => is_whole.then_some(DEFAULT_PRIORITY),
            Said::This(priority) if priority <= LAST_PRIORITY => Some(priority),
            Said::This(priority) => {
                let sentence =
                    format!("`priority` is {priority}, expected 0 to 65535: any order is possible");
                stated.tell("unreadable-priority", Effect::Undecided, &sentence, intake);
                None
            }
            Said::Unreadable => None,
        };
        let (allowed, denied, is_one) = actions(stated, intake);
        let (sources, are_read) = Sources::read(stated, is_whole, intake);
        let destinations = ranges(stated, "destinationRanges", intake);
        let destinations = match destinations {
            Said::This(ranges) => ranges.addresses,
            Said::Nothing => Bounds::exactly(Arc::clone(&intake.pool.common.everything)),
            Said::Unreadable => intake.pool.common.unknown(),
        };
        let targets = Targets::read(stated, intake);
        let is_told = is_whole || tells_all(stated, intake);
        let is_read = is_inbound != Said::Unreadable && is_disabled != Said::Unreadable;
        let asks_for_more =
            has_unknown_keys(stated, &["source", "destination", "target"], &NARROWING, intake);
        let is_certain = is_told && is_read && is_one && are_read && !asks_for_more;
        Some(Self { priority, allowed, denied, sources, destinations, targets, is_certain })
    }
}

/// Whether a rule is for packets that come in, as it is without a word.
fn is_inbound<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Said<bool> {
    match stated.text("direction", intake) {
        Said::This(word) if word.eq_ignore_ascii_case("INGRESS") => Said::This(true),
        Said::This(word) if word.eq_ignore_ascii_case("EGRESS") => Said::This(false),
        Said::This(word) => {
            let sentence =
                format!("`direction` is {}, expected INGRESS or EGRESS: both are possible", Quoted(word));
            stated.tell("unknown-word", Effect::Undecided, &sentence, intake);
            Said::Unreadable
        }
        Said::Nothing => Said::Nothing,
        Said::Unreadable => Said::Unreadable,
    }
}

/// What a rule allows and denies, and whether it is one of both, as the API takes it.
fn actions<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> (Vec<Layer4>, Vec<Layer4>, bool) {
    let allowed = layer4(stated, "allowed", intake);
    let denied = layer4(stated, "denied", intake);
    let odd = match (&allowed, &denied) {
        (Said::This(_), Said::Nothing) | (Said::Nothing, Said::This(_)) => None,
        (Said::Nothing, Said::Nothing) => Some("neither `allowed` nor `denied` is told"),
        (Said::This(_), Said::This(_)) => Some("both `allowed` and `denied` are told"),
        // It has been told.
        (Said::Unreadable, _) | (_, Said::Unreadable) => Some(""),
    };
    let Some(odd) = odd else {
        return (allowed.this().unwrap_or_default(), denied.this().unwrap_or_default(), true);
    };
    if !odd.is_empty() {
        let sentence = format!("{odd}: either action is possible");
        stated.tell("unknown-action", Effect::Undecided, &sentence, intake);
    }
    let or_unknown = |said: Said<Vec<Layer4>>, is_alone: bool, intake: &mut Intake<'_, 'a>| match said {
        Said::This(entries) => entries,
        Said::Nothing if is_alone => Vec::new(),
        Said::Nothing | Said::Unreadable => vec![Layer4::unknown(intake)],
    };
    // What is allowed and nothing else is not denied; where nothing is told, both may be.
    let (has_allowed, has_denied) = (!allowed.is_nothing(), !denied.is_nothing());
    let allowed = or_unknown(allowed, has_denied, intake);
    let denied = or_unknown(denied, has_allowed, intake);
    (allowed, denied, false)
}

impl Sources {
    /// The sources, and whether they are told and can be read.
    fn read<'a>(stated: &Stated<'_, 'a>, is_whole: bool, intake: &mut Intake<'_, 'a>) -> (Self, bool) {
        let ranges = ranges(stated, "sourceRanges", intake);
        let tags = names(stated, "sourceTags", intake);
        let accounts = names(stated, "sourceServiceAccounts", intake);
        let is_named = !tags.is_nothing() || !accounts.is_nothing();
        let is_told = is_whole || SOURCE_KEYS.iter().any(|key| stated.has(key));
        let are_read = ranges != Said::Unreadable && tags != Said::Unreadable && accounts != Said::Unreadable;
        let common = &intake.pool.common;
        let (addresses, written) = match ranges {
            _ if !are_read || !is_told => (common.unknown(), "unknown".into()),
            Said::This(ranges) => (ranges.addresses, ranges.written),
            Said::Nothing | Said::Unreadable if is_named => {
                (Bounds::exactly(Arc::clone(&common.nothing)), "".into())
            }
            // G5: everybody, and of IPv4 only.
            Said::Nothing | Said::Unreadable => {
                let everyone = intake.pool.set(AddressSet::whole(Family::V4));
                (Bounds::exactly(everyone), "0.0.0.0/0".into())
            }
        };
        let (tags, accounts) = (tags.this().unwrap_or_default(), accounts.this().unwrap_or_default());
        let tagged = tags.iter().map(|tag| format!("tag {tag}"));
        let written: Name = written;
        let all = [written.to_string()].into_iter().filter(|text| !text.is_empty()).chain(tagged);
        let all: Vec<String> = all.chain(accounts.iter().map(ToString::to_string)).collect();
        let written = intake.name(&all.join(" + "));
        (Self { addresses, tags, accounts, written }, are_read)
    }
}

impl Targets {
    fn read<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Self {
        match (names(stated, "targetTags", intake), names(stated, "targetServiceAccounts", intake)) {
            (Said::Nothing, Said::Nothing) => Self::Everyone,
            (Said::This(tags), Said::Nothing) => Self::Tagged(tags),
            (Said::Nothing, Said::This(accounts)) => Self::RunningAs(accounts),
            (Said::This(_), Said::This(_)) => {
                stated.tell("unknown-targets", Effect::Undecided, BOTH_TARGETS, intake);
                Self::Unknown
            }
            (Said::Unreadable, _) | (_, Said::Unreadable) => Self::Unknown,
        }
    }
}

/// Whether a piece of a rule tells all that decides; what it does not is told.
fn tells_all<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> bool {
    let mut absent: Vec<&str> = DECIDING.iter().copied().filter(|key| !stated.has(key)).collect();
    // Where ranges are told, tags only add senders inside, and nobody asks for accounts and tags at once.
    let has_value = |key: &str| !matches!(stated.value(key), None | Some(Tree::Null));
    if !SOURCE_KEYS.iter().any(|key| stated.has(key)) {
        absent.push("sourceRanges");
    }
    absent.retain(|key| match *key {
        "targetServiceAccounts" => !has_value("targetTags"),
        "targetTags" => !has_value("targetServiceAccounts"),
        _ => true,
    });
    if absent.is_empty() {
        return true;
    }
    let told: Vec<String> = absent.iter().map(|key| format!("`{key}`")).collect();
    let sentence = format!(
        "{} not in this export, so the rule is only possible; add all of `gcloud compute firewall-rules list --format json`",
        match told.as_slice() {
            [one] => format!("{one} is"),
            several => format!("{} are", several.join(", ")),
        }
    );
    stated.tell("missing-field", Effect::Undecided, &sentence, intake);
    false
}

/// Keys that say whom and what a rule is for, beside its sources and its action.
const DECIDING: [&str; 6] =
    ["direction", "disabled", "priority", "destinationRanges", "targetTags", "targetServiceAccounts"];
/// What is read of whom a rule is for.
const NARROWING: [&str; 6] = [
    "destinationRanges",
    "sourceRanges",
    "sourceServiceAccounts",
    "sourceTags",
    "targetServiceAccounts",
    "targetTags",
];
const SOURCE_KEYS: [&str; 3] = ["sourceRanges", "sourceTags", "sourceServiceAccounts"];

const DEFAULT_PRIORITY: u32 = 1000;
const LAST_PRIORITY: u32 = 65_535;

const NO_NETWORK: &str = "`network` is missing: the rule may be one of any network of its project";
const BOTH_TARGETS: &str =
    "both `targetTags` and `targetServiceAccounts` are told: it may be for any instance";
