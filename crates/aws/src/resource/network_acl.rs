//! Network ACLs: numbered entries of both directions, and the subnets that they stand at (W9, W12).
//!
//! Knows no packet that comes back; `lower::reply` does.

use std::sync::Arc;

use cloud::json::Tree;
use cloud::{Quoted, ReadAt, Said, Stated};
use model::{Effect, Name};
use packet::{AddressSet, Bounds, Prefix, ProtocolSet};

use crate::intake::Intake;

use super::numbers::{Numbers, integer};
use super::permission::is_perhaps;
use super::protocol::{Spoken, protocol};
use super::vpc::block;
use super::{Identity, Origin};

/// A network ACL.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NetworkAcl {
    pub(crate) identity: Identity,
    pub(crate) vpc: Option<Name>,
    /// The ids of the subnets it stands at. `None`: not known which.
    pub(crate) subnets: Option<Vec<Name>>,
    /// The entries in ascending order of their numbers, those without a readable one first. `None`: not known.
    pub(crate) entries: Option<Vec<Entry>>,
}

/// One entry of a network ACL.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// `None`: unreadable, which has been told.
    pub(crate) number: Option<u32>,
    /// `None`: not known which direction it is of, which has been told.
    pub(crate) egress: Option<bool>,
    pub(crate) verdict: Verdict,
    pub(crate) numbers: Numbers,
    /// The addresses outside: sources of what comes in, destinations of what goes out.
    pub(crate) outside: Bounds<Arc<AddressSet>>,
    /// The prefix as it stands there.
    pub(crate) written: Name,
    pub(crate) read_at: ReadAt,
}

/// What an entry does. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Allow,
    Deny,
    /// One of both. It has been told.
    Unreadable,
}

impl NetworkAcl {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let id = stated.text("NetworkAclId", intake).this()?;
        let identity = Identity::read(stated, id, None, origin, intake);
        let subnets = match stated.objects("Associations", intake) {
            Said::This(associations) => subnets(&associations, intake),
            // The API prints `[]` where there is none; null is what a query makes of a key that is not there.
            Said::Nothing | Said::Unreadable => None,
        };
        let entries = match stated.value("Entries") {
            Some(Tree::List(items)) if items.iter().any(|item| matches!(item, Tree::Unknown(_))) => {
                Some(entries_of(stated, items, intake))
            }
            _ => Self::entries(stated, intake),
        };
        let entries = entries.map(|mut entries: Vec<Entry>| {
            entries.sort_by_key(|entry| entry.number);
            entries
        });
        let vpc = stated.text("VpcId", intake).this().map(|vpc| intake.name(vpc));
        Some(Self { identity, vpc, subnets, entries })
    }

    fn entries<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<Vec<Entry>> {
        match stated.objects("Entries", intake) {
            Said::This(entries) => Some(entries.iter().map(|entry| Entry::read(entry, intake)).collect()),
            Said::Nothing => {
                let sentence = "`Entries` is missing: what it lets through is not known";
                stated.tell("missing-field", Effect::Undecided, sentence, intake);
                None
            }
            Said::Unreadable => None,
        }
    }
}

/// Entries of which some are not known: these may be anything, anywhere in the list.
fn entries_of<'a>(stated: &Stated<'_, 'a>, items: &[Tree<'a>], intake: &mut Intake<'_, 'a>) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(items.len());
    for item in items {
        match item {
            Tree::Object(node) => entries.push(Entry::read(&stated.part(node, intake), intake)),
            other => {
                stated.strange::<()>("Entries", other.json(), "a list of entries", intake);
                let (numbers, _) =
                    Numbers::of_permission(Spoken::Unreadable, &Said::Nothing, &Said::Nothing, intake);
                entries.push(Entry {
                    number: None,
                    egress: None,
                    verdict: Verdict::Unreadable,
                    numbers,
                    outside: intake.pool.common.unknown(),
                    written: intake.name(""),
                    read_at: stated.read_at,
                });
            }
        }
    }
    entries
}

fn subnets<'a>(associations: &[Stated<'_, 'a>], intake: &mut Intake<'_, 'a>) -> Option<Vec<Name>> {
    let mut subnets = Vec::with_capacity(associations.len());
    for association in associations {
        let subnet = association.text("SubnetId", intake).this()?;
        subnets.push(intake.name(subnet));
    }
    subnets.sort_unstable();
    subnets.dedup();
    Some(subnets)
}

impl Entry {
    fn read<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Self {
        let number = stated.number("RuleNumber", intake);
        if number.is_nothing() {
            let sentence = "an entry has no `RuleNumber`: it may stand anywhere in the list";
            stated.tell("missing-field", Effect::Undecided, sentence, intake);
        }
        let egress = stated.flag("Egress", intake);
        if egress.is_nothing() {
            let sentence = "an entry has no `Egress`: it may be of either direction";
            stated.tell("missing-field", Effect::Undecided, sentence, intake);
        }
        let (outside, written) = outside(stated, intake);
        let mut numbers = numbers(stated, intake);
        if is_perhaps(stated, intake) {
            numbers.protocols.must = ProtocolSet::EMPTY;
        }
        Self {
            number: number.this(),
            egress: egress.this(),
            verdict: Verdict::read(stated, intake),
            numbers,
            outside,
            written,
            read_at: stated.read_at,
        }
    }
}

impl Verdict {
    fn read<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Self {
        let word = match stated.text("RuleAction", intake) {
            Said::This(word) if word.eq_ignore_ascii_case("allow") => return Self::Allow,
            Said::This(word) if word.eq_ignore_ascii_case("deny") => return Self::Deny,
            Said::This(word) => Quoted(word).to_string(),
            Said::Nothing => "missing".to_owned(),
            Said::Unreadable => return Self::Unreadable,
        };
        let sentence = format!("`RuleAction` is {word}, expected `allow` or `deny`: it may be either");
        stated.tell("unknown-action", Effect::Undecided, &sentence, intake);
        Self::Unreadable
    }
}

/// What an entry says of protocols, ports and types: ports of TCP and UDP only (W7, W8).
fn numbers<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Numbers {
    let spoken = protocol(stated, "Protocol", intake);
    let (part, keys) = match spoken {
        Spoken::One(protocol) if protocol.has_types() => ("IcmpTypeCode", ["Type", "Code"]),
        _ => ("PortRange", ["From", "To"]),
    };
    let said = stated.object(part, intake);
    let [first, last] = match &said {
        Said::This(range) => keys.map(|key| integer(range, key, intake)),
        Said::Nothing => [Said::Nothing, Said::Nothing],
        Said::Unreadable => [Said::Unreadable, Said::Unreadable],
    };
    let (numbers, odd) = Numbers::of_permission(spoken, &first, &last, intake);
    if let Some(odd) = odd {
        stated.tell("unreadable-ports", Effect::Undecided, &format!("an entry {odd}"), intake);
    }
    numbers
}

/// The addresses outside that an entry speaks of: of one family, or, if it says both, of both.
fn outside<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> (Bounds<Arc<AddressSet>>, Name) {
    let keys = ["CidrBlock", "Ipv6CidrBlock"];
    let said = keys.map(|key| !stated.text(key, intake).is_nothing());
    let blocks = keys.map(|key| block(stated, key, intake));
    let is_read = said.iter().zip(&blocks).all(|(said, block)| *said == block.is_some());
    if said == [false, false] {
        let sentence = "an entry has neither `CidrBlock` nor `Ipv6CidrBlock`: it may be about every address";
        stated.tell("missing-field", Effect::Undecided, sentence, intake);
    }
    let blocks: Vec<Prefix> = blocks.into_iter().flatten().collect();
    let written: Vec<String> = blocks.iter().map(Prefix::to_string).collect();
    let written = intake.name(&written.join(", "));
    let known = intake.pool.set(blocks.iter().copied().collect());
    if is_read && !blocks.is_empty() {
        return (Bounds::exactly(known), written);
    }
    (Bounds::between(known, Arc::clone(&intake.pool.common.everything)), written)
}
