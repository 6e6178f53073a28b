//! Addresses of a rule: prefixes, tags and application groups, as stated.
//!
//! What `VirtualNetwork`, `Internet` and the other tags stand for depends on where the group is attached and on the
//! catalogue; `lower` resolves them.

use core::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use cloud::json::Json;
use cloud::{Quoted, grammar};
use model::{Effect, Name};
use packet::{AddressSet, Bounds, Family, Prefix};

use crate::intake::Intake;
use crate::pool::Pool;
use crate::wire::{List, Object, Reference, RuleSide, Texts};

use super::id::name_of;
use super::rule_intake::{Origin, RuleIntake};
use super::service_tag::NamedTag;

/// One side of a rule.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Side {
    /// As its owner wrote it, for people.
    pub(crate) written: Name,
    /// Addresses that need no resolution.
    pub(crate) addresses: Bounds<Arc<AddressSet>>,
    /// Whether the tag `Internet` is in it.
    pub(crate) internet: bool,
    /// Whether the tag `VirtualNetwork` is in it.
    pub(crate) virtual_network: bool,
    /// Tags that only a catalogue resolves.
    pub(crate) tags: Vec<Arc<NamedTag>>,
    /// Keys of application security groups.
    pub(crate) groups: Vec<Name>,
}

impl Side {
    pub(crate) fn of(written: Name, addresses: Bounds<Arc<AddressSet>>) -> Self {
        Self {
            written,
            addresses,
            internet: false,
            virtual_network: false,
            tags: Vec::new(),
            groups: Vec::new(),
        }
    }

    /// A side of which nothing is known.
    pub(crate) fn unknown(pool: &mut Pool) -> Self {
        let written = pool.name("");
        Self::of(written, pool.common.unknown())
    }

    /// Whether it is the same wherever the group is attached and whatever the catalogue says.
    pub(crate) fn is_resolved(&self) -> bool {
        !self.internet && !self.virtual_network && self.tags.is_empty() && self.groups.is_empty()
    }
}

/// A side while it is put together from words.
#[derive(Default)]
struct Sum {
    prefixes: Vec<Prefix>,
    hosts: Vec<AddressSet>,
    everything: bool,
    /// Whether IPv6 may be in it although only IPv4 is written.
    possibly_everything: bool,
    internet: bool,
    virtual_network: bool,
    tags: Vec<Arc<NamedTag>>,
}

impl Sum {
    /// Whether two sums are one set, however they are written (semantics C3).
    fn is_same(&self, other: &Self) -> bool {
        let words = |sum: &Self| (sum.everything, sum.possibly_everything, sum.internet, sum.virtual_network);
        let tags = |one: &Self, other: &Self| one.tags.iter().all(|tag| other.tags.contains(tag));
        words(self) == words(other)
            && tags(self, other)
            && tags(other, self)
            && (self.everything || self.stated() == other.stated())
    }

    /// The addresses that are stated one by one.
    fn stated(&self) -> AddressSet {
        let prefixes: AddressSet = self.prefixes.iter().copied().collect();
        self.hosts.iter().fold(prefixes, |sum, hosts| sum.union(hosts))
    }

    fn add(&mut self, word: Word, text: &str, rule: &mut RuleIntake<'_, '_, '_>) {
        match word {
            Word::Everything => self.everything = true,
            Word::Prefix(prefix) if prefix == Prefix::whole(Family::V4) => match rule.origin {
                // A24: IPv4 only, as written.
                Origin::Stated => self.prefixes.push(prefix),
                // A24: in the default rules it stands for all addresses of both families.
                Origin::BuiltIn => self.everything = true,
                // The view prints `*` and `0.0.0.0/0` alike: IPv4 is certain, IPv6 is possible.
                Origin::Effective => {
                    self.prefixes.push(prefix);
                    self.possibly_everything = true;
                }
            },
            Word::Prefix(prefix) => self.prefixes.push(prefix),
            Word::Hosts(addresses) => self.hosts.push(addresses),
            Word::Internet => self.internet = true,
            Word::VirtualNetwork => self.virtual_network = true,
            Word::Tag => {
                let tag = rule.intake.pool.tag(text);
                if !self.tags.contains(&tag) {
                    self.tags.push(tag);
                }
            }
        }
    }

    fn finish(self, written: Name, pool: &mut Pool) -> Side {
        let everything = Arc::clone(&pool.common.everything);
        let must = match (self.everything, self.prefixes.as_slice(), self.hosts.as_slice()) {
            (true, _, _) => Arc::clone(&everything),
            (false, [], []) => Arc::clone(&pool.common.nothing),
            // Not looked up among equal sets: sides are remembered by text, and most prefixes have one spelling.
            (false, [prefix], []) => Arc::new(AddressSet::from(*prefix)),
            (false, _, _) => pool.set(self.stated()),
        };
        let may = if self.possibly_everything { everything } else { Arc::clone(&must) };
        Side {
            written,
            addresses: Bounds { must, may },
            internet: self.internet,
            virtual_network: self.virtual_network,
            tags: self.tags,
            groups: Vec::new(),
        }
    }
}

/// The names of the fields of one side.
pub(super) struct SideNames {
    pub(super) prefix: &'static str,
    pub(super) prefixes: &'static str,
    pub(super) groups: &'static str,
    pub(super) expanded: &'static str,
}

/// Reads one side: the union of all that it states (semantics A9, A10). What cannot be read may be every address.
pub(super) fn read_side(
    stated: &RuleSide<'_>,
    names: &SideNames,
    rule: &mut RuleIntake<'_, '_, '_>,
) -> Arc<Side> {
    // The effective view says what its tags stand for; absent, null and empty say nothing.
    if rule.origin != Origin::Stated && stated.expanded.iter().next().is_some() {
        return read_expanded(stated, names, rule);
    }
    if let Some(side) = plain_side(stated, rule) {
        return side;
    }
    let (one, one_readable) = read_field((names.prefix, &stated.prefix), rule);
    let (many, many_readable) = read_field((names.prefixes, &stated.prefixes), rule);
    let (groups, groups_readable) = read_groups((names.groups, &stated.groups), rule);
    let readable = one_readable && many_readable && groups_readable;
    if one.is_none() && many.is_none() && groups.is_empty() && readable {
        rule.missing(names.prefix, "a prefix, a service tag, or `*`");
    }
    let known = one.is_some() || many.is_some() || !groups.is_empty();
    let written = written(stated, rule.intake);
    let mut side = match (one, many) {
        (Some(one), Some(many)) => both(one, many, names, rule),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => Sum::default(),
    }
    .finish(written, rule.intake.pool);
    side.groups = groups;
    if !readable || !known {
        side.addresses.may = Arc::clone(&rule.intake.pool.common.everything);
    }
    Arc::new(side)
}

/// A10: the union of both fields. The effective view repeats the one in the other.
fn both(mut one: Sum, many: Sum, names: &SideNames, rule: &mut RuleIntake<'_, '_, '_>) -> Sum {
    if one.is_same(&many) {
        return one;
    }
    if rule.origin == Origin::Stated {
        rule.both_fields(names.prefix, names.prefixes);
    }
    one.prefixes.extend(many.prefixes);
    one.hosts.extend(many.hosts);
    one.everything |= many.everything;
    one.possibly_everything |= many.possibly_everything;
    one.internet |= many.internet;
    one.virtual_network |= many.virtual_network;
    one.tags.extend(many.tags.into_iter().filter(|tag| !one.tags.contains(tag)).collect::<Vec<_>>());
    one
}

/// The side of one readable text: nearly every rule has nothing else. Remembered by its text.
fn plain_side(stated: &RuleSide<'_>, rule: &mut RuleIntake<'_, '_, '_>) -> Option<Arc<Side>> {
    let Texts::One(text) = &stated.prefix else { return None };
    let text = text.trim();
    let alone =
        stated.prefixes.is_empty() && stated.groups.items().is_empty() && stated.groups.strange().is_none();
    if !alone || text.is_empty() {
        return None;
    }
    if let Some(known) = rule.intake.pool.side(rule.origin, text) {
        return Some(known);
    }
    let mut sum = Sum::default();
    sum.add(Word::of(text)?, text, rule);
    let written = rule.intake.name(text);
    let side = sum.finish(written, rule.intake.pool);
    Some(rule.intake.pool.remember_side(rule.origin, text, side))
}

/// What the effective view resolved a side to.
fn read_expanded(stated: &RuleSide<'_>, names: &SideNames, rule: &mut RuleIntake<'_, '_, '_>) -> Arc<Side> {
    // What Azure expanded is in the dialect of the view, in its default rules too.
    let owner = core::mem::replace(&mut rule.origin, Origin::Effective);
    let (expanded, readable) = read_field((names.expanded, &stated.expanded), rule);
    rule.origin = owner;
    let (stated_as, _) = read_field((names.prefix, &stated.prefix), rule);
    let written = written(stated, rule.intake);
    let mut side = expanded.unwrap_or_default().finish(written, rule.intake.pool);
    if !readable {
        side.addresses.may = Arc::clone(&rule.intake.pool.common.everything);
    } else if stated_as.is_some_and(|sum| sum.internet) {
        // A14: `Internet` has IPv6 addresses too, but no expansion of it with one has been seen.
        let wide = side.addresses.may.union(&AddressSet::whole(Family::V6));
        side.addresses.may = rule.intake.pool.set(wide);
    }
    Arc::new(side)
}

/// The words of one field, `None` without any, and whether all of it could be read.
fn read_field(
    (field, texts): (&'static str, &Texts<'_>),
    rule: &mut RuleIntake<'_, '_, '_>,
) -> (Option<Sum>, bool) {
    let mut readable = true;
    if let Some(json) = texts.unexpected() {
        rule.unexpected(field, json, "a prefix, a service tag, or `*`");
        readable = false;
    }
    let mut sum: Option<Sum> = None;
    for text in texts.iter() {
        match Word::of(text) {
            Some(word) => sum.get_or_insert_default().add(word, text, rule),
            None => {
                let stated = Quoted(text);
                rule.note(
                    "unreadable-prefix",
                    Effect::Undecided,
                    format_args!("`{field}` is {stated}, expected an address, a prefix like `10.0.0.0/24`, or a service tag"),
                );
                readable = false;
            }
        }
    }
    (sum, readable)
}

/// A side as its owner wrote it, cut after a few words.
fn written(stated: &RuleSide<'_>, intake: &mut Intake<'_, '_>) -> Name {
    let groups = stated.groups.items().iter().filter_map(|group| group.get()?.id.get()).map(name_of);
    let mut words: Vec<&str> = stated.prefix.iter().chain(stated.prefixes.iter()).chain(groups).collect();
    words.dedup();
    let more = words.len().saturating_sub(WRITTEN_MAX);
    words.truncate(WRITTEN_MAX);
    let shown = words.join(" + ");
    if more == 0 { intake.name(&shown) } else { intake.name(&format!("{shown} +{more} more")) }
}

/// The keys of the application security groups of a side, and whether all could be read.
fn read_groups(
    (field, groups): (&'static str, &List<Object<Reference<'_>>>),
    rule: &mut RuleIntake<'_, '_, '_>,
) -> (Vec<Name>, bool) {
    let strange = match groups {
        List::Not(json) => Some(*json),
        List::Items(items) => items.iter().find_map(|item| match item {
            Object::Is(group) if group.id.get().is_none() => Some(Json::Object),
            Object::Not(json) => Some(*json),
            Object::Absent => Some(Json::Null),
            Object::Is(_) => None,
        }),
        List::Absent => None,
    };
    if let Some(json) = strange {
        rule.unexpected(field, json, "a list of `{\"id\": …}`");
    }
    let ids = groups.items().iter().filter_map(|group| group.get()?.id.get());
    let mut keys: Vec<Name> = ids.map(|id| rule.intake.pool.key(id)).collect();
    keys.sort_unstable();
    keys.dedup();
    (keys, strange.is_none())
}

/// What one text of an address field is.
enum Word {
    Everything,
    Prefix(Prefix),
    Hosts(AddressSet),
    Internet,
    VirtualNetwork,
    Tag,
}

impl Word {
    /// `None` for text that is neither a prefix nor could be a name.
    fn of(text: &str) -> Option<Self> {
        let is = |word: &str| text.eq_ignore_ascii_case(word);
        if text == "*" || is("any") {
            return Some(Self::Everything);
        }
        if text.starts_with(|first: char| first.is_ascii_digit()) || text.contains(['/', ':']) {
            return grammar::prefix(text).ok().map(Self::Prefix);
        }
        // A19: names are compared without case, and have classic spellings.
        Some(match text {
            _ if is("internet") => Self::Internet,
            _ if is("virtualnetwork") || is("virtual_network") => Self::VirtualNetwork,
            // A17: the source of health probes, not the clients of the load balancer.
            _ if is("azureloadbalancer") || is("azure_loadbalancer") => Self::Hosts(host_addresses()),
            // A18.
            _ if is("azureplatformdns") || is("azureplatformimds") || is("azureplatformlkm") => {
                Self::Hosts(platform_addresses())
            }
            _ if text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')) =>
            {
                Self::Tag
            }
            _ => return None,
        })
    }
}

/// The virtual address of the host (semantics A15, A17, I9).
pub(crate) fn host_addresses() -> AddressSet {
    Prefix::host(IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16))).into()
}

fn platform_addresses() -> AddressSet {
    let metadata = Prefix::host(IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)));
    host_addresses().union(&metadata.into())
}

/// Words of a side that people are shown.
const WRITTEN_MAX: usize = 4;
