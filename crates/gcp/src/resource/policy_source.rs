//! Where the packets come from that a rule of a policy matches (G14).
//!
//! Ranges, address groups, tags, names, regions and lists of Google add up; a network type or scope is asked besides:
//! a packet has to be of the type and of one of the others. Knows no address group.

use std::sync::Arc;

use cloud::{Quoted, Said, Stated};
use model::{Effect, Name};
use packet::{AddressSet, Bounds};

use crate::intake::Intake;

use super::Link;
use super::policy_audience::{Standing, links, secure_tags, some};
use super::ranges::ranges;

/// Where packets come from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PolicySource {
    /// Addresses that the rule states, and those that its names, regions and lists may stand for.
    pub(crate) addresses: Bounds<Arc<AddressSet>>,
    pub(crate) groups: Vec<Link>,
    /// Lists of Google whose addresses anybody can rent.
    pub(crate) pools: Vec<Name>,
    /// Whether it is for members of tags, too, none of which is outside (G5, G13).
    pub(crate) has_members: bool,
    /// Whether all its tags are ineffective and only something else than ranges stands beside them (G13).
    pub(crate) may_be_ignored: bool,
    pub(crate) scope: Scope,
    /// As its owner wrote it.
    pub(crate) written: Name,
    /// What of it only Google knows.
    pub(crate) hidden: Option<Name>,
}

/// The network type that a rule asks for. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// It asks for none.
    Everywhere,
    Internet,
    /// Not from the Internet.
    NonInternet,
    /// From some networks: not from the Internet, and not from everywhere else.
    SomeNetworks,
    /// It asks for something, and nobody knows for what.
    Unreadable,
}

impl PolicySource {
    /// `None`: the rule is ignored, because none of its sources counts (G13).
    pub(super) fn read<'a>(
        stated: &Stated<'_, 'a>,
        matched: &Stated<'_, 'a>,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let mut parts = Parts::new(intake);
        parts.ranges(matched, intake);
        parts.groups(matched, intake);
        parts.lists(matched, intake);
        for key in ["srcFqdns", "srcRegionCodes"] {
            parts.hidden(matched, key, intake);
        }
        let is_ignored = parts.members(matched, intake);
        let scope = scope(matched, intake);
        if is_ignored && parts.is_empty {
            return None;
        }
        if parts.is_empty && scope == Scope::Everywhere {
            let sentence = "the rule names no source: it may be for every address";
            stated.tell("missing-field", Effect::Undecided, sentence, intake);
            parts.may_be_everything();
        } else if parts.is_empty {
            // The type alone.
            parts.addresses = Bounds::exactly(Arc::clone(&intake.pool.common.everything));
        } else if is_ignored && !parts.has_ranges {
            // Only ranges are documented to keep a rule alive whose tags do not count.
            parts.may_be_ignored = true;
        }
        Some(parts.finish(scope, intake))
    }
}

/// Sources so far.
struct Parts {
    addresses: Bounds<Arc<AddressSet>>,
    groups: Vec<Link>,
    pools: Vec<Name>,
    has_members: bool,
    may_be_ignored: bool,
    has_ranges: bool,
    is_empty: bool,
    everything: Arc<AddressSet>,
    written: Vec<String>,
    hidden: Vec<String>,
}

impl Parts {
    fn new(intake: &Intake<'_, '_>) -> Self {
        let common = &intake.pool.common;
        Self {
            addresses: Bounds::exactly(Arc::clone(&common.nothing)),
            groups: Vec::new(),
            pools: Vec::new(),
            has_members: false,
            may_be_ignored: false,
            has_ranges: false,
            is_empty: true,
            everything: Arc::clone(&common.everything),
            written: Vec::new(),
            hidden: Vec::new(),
        }
    }

    fn may_be_everything(&mut self) {
        self.addresses.may = Arc::clone(&self.everything);
        self.is_empty = false;
    }

    fn ranges<'a>(&mut self, matched: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) {
        match ranges(matched, "srcIpRanges", intake) {
            Said::This(ranges) => {
                self.written.push(ranges.written.to_string());
                self.addresses = ranges.addresses;
                self.has_ranges = true;
                self.is_empty = false;
            }
            Said::Nothing => {}
            Said::Unreadable => self.may_be_everything(),
        }
    }

    fn groups<'a>(&mut self, matched: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) {
        match links(matched, "srcAddressGroups", intake) {
            Said::This(groups) => {
                self.written.extend(groups.iter().map(|group| group.name().to_owned()));
                self.groups = groups;
                self.is_empty = false;
            }
            Said::Nothing => {}
            Said::Unreadable => self.may_be_everything(),
        }
    }

    /// Lists of Google: clouds in which anybody can rent an address, and lists that nobody else knows.
    fn lists<'a>(&mut self, matched: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) {
        match some(matched.texts("srcThreatIntelligences", intake)) {
            Said::This(lists) => {
                self.is_empty = false;
                for list in lists {
                    self.written.push(list.to_owned());
                    self.hidden.push(list.to_owned());
                    match is_cloud(list) {
                        true => self.pools.push(intake.name(list)),
                        false => self.may_be_everything(),
                    }
                }
            }
            Said::Nothing => {}
            Said::Unreadable => self.may_be_everything(),
        }
    }

    /// Names and regions: whose addresses they are, Google looks up.
    fn hidden<'a>(&mut self, matched: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) {
        match some(matched.texts(key, intake)) {
            Said::This(names) => {
                self.written.extend(names.iter().map(|name| (*name).to_owned()));
                self.hidden.push(format!("{key} {}", names.join(",")));
                self.may_be_everything();
            }
            Said::Nothing => {}
            Said::Unreadable => self.may_be_everything(),
        }
    }

    /// Members of tags; `true` where there are tags and none of them counts.
    fn members<'a>(&mut self, matched: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> bool {
        match secure_tags(matched, "srcSecureTags", intake) {
            Said::This(tags) => {
                let mut counting = tags.iter().filter(|tag| tag.standing != Standing::Ineffective).peekable();
                let is_ignored = counting.peek().is_none();
                self.written.extend(counting.map(|tag| tag.value.to_string()));
                self.has_members = !is_ignored;
                self.is_empty &= is_ignored;
                is_ignored
            }
            Said::Nothing => false,
            // Whatever tags are there, their members are inside.
            Said::Unreadable => {
                self.has_members = true;
                self.is_empty = false;
                false
            }
        }
    }

    fn finish(self, scope: Scope, intake: &mut Intake<'_, '_>) -> PolicySource {
        let written = match (self.written.is_empty(), scope.word()) {
            (true, Some(word)) => word.to_owned(),
            (_, Some(word)) => format!("{word} {}", self.written.join(" + ")),
            (_, None) => self.written.join(" + "),
        };
        let hidden = (!self.hidden.is_empty()).then(|| intake.name(&self.hidden.join(", ")));
        PolicySource {
            addresses: self.addresses,
            groups: self.groups,
            pools: self.pools,
            has_members: self.has_members,
            may_be_ignored: self.may_be_ignored,
            scope,
            written: intake.name(&written),
            hidden,
        }
    }
}

impl Scope {
    const fn word(self) -> Option<&'static str> {
        match self {
            Self::Everywhere | Self::Unreadable => None,
            Self::Internet => Some("INTERNET"),
            Self::NonInternet => Some("NON_INTERNET"),
            Self::SomeNetworks => Some("VPC_NETWORKS"),
        }
    }
}

/// The network type, under each of the names it has had.
fn scope<'a>(matched: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Scope {
    let mut scope = Scope::Everywhere;
    for key in ["srcNetworkContext", "srcNetworkType", "srcNetworkScope"] {
        let stated = match matched.text(key, intake) {
            Said::This("INTERNET") => Scope::Internet,
            Said::This("NON_INTERNET") => Scope::NonInternet,
            Said::This("VPC_NETWORKS" | "INTRA_VPC") => Scope::SomeNetworks,
            Said::This("UNSPECIFIED") | Said::Nothing => continue,
            Said::This(word) => {
                let sentence = format!(
                    "`{key}` is {}, which is not known: what it leaves of the sources is possible",
                    Quoted(word)
                );
                matched.tell("unknown-word", Effect::Undecided, &sentence, intake);
                Scope::Unreadable
            }
            Said::Unreadable => Scope::Unreadable,
        };
        scope = if scope == Scope::Everywhere || scope == stated { stated } else { Scope::Unreadable };
    }
    // Source networks are for a type that asks for them.
    let has_networks = matched.has("srcNetworks") && scope == Scope::Everywhere;
    if has_networks { Scope::SomeNetworks } else { scope }
}

/// Lists of the addresses of clouds, all or one of them.
fn is_cloud(list: &str) -> bool {
    list == CLOUDS || list.strip_prefix(CLOUDS).is_some_and(|rest| rest.starts_with('-'))
}

/// The list of the addresses of all public clouds.
pub(crate) const CLOUDS: &str = "iplist-public-clouds";
