//! Reading entries of groups: one permission with many sources, or one listed rule with one.
//!
//! A source that cannot be read is bounds. Knows no group.

use std::sync::Arc;

use cloud::json::{Tree, is_cut};
use cloud::{LookupSet, Quoted, ReadAt, Said, Stated, grammar};
use model::Effect;
use packet::{AddressSet, Bounds, Family, Prefix, Protocol, ProtocolSet, types};

use crate::intake::Intake;

use super::group_rule::{GroupReference, GroupRule, Source};
use super::numbers::{Numbers, integer};
use super::protocol::{Spoken, protocol};

/// Adds the entries of one of a group's permissions.
pub(crate) fn read_permission<'a>(
    permission: &Stated<'_, 'a>,
    intake: &mut Intake<'_, 'a>,
    rules: &mut Vec<GroupRule>,
) {
    let mut entries = Entries::of(permission, intake, rules);
    let has_one_of = |keys: &[&str]| keys.iter().any(|key| permission.has(key));
    if !has_one_of(&IPV4_KEYS) {
        // A projection left them out: a permission always has them, be they empty.
        let is_bare = !has_one_of(&OTHER_KEYS);
        let (families, sentence) =
            if is_bare { (&Family::BOTH[..], NO_SOURCE_KEY) } else { (&[Family::V4][..], NO_IPV4_KEY) };
        permission.tell("missing-field", Effect::Undecided, sentence, intake);
        entries.unreadable(families, UNTOLD, permission.read_at, intake);
    }
    for (key, field, family) in RANGE_KEYS {
        entries.ranges(permission, key, field, family, intake);
    }
    entries.prefix_lists(permission, intake);
    entries.groups(permission, intake);
}

/// Adds what stands for a permission that is not known, which has been told: it may let in everybody to everything.
pub(crate) fn unknown_permission<'a>(
    group: &Stated<'_, 'a>,
    intake: &mut Intake<'_, 'a>,
    rules: &mut Vec<GroupRule>,
) {
    let (numbers, _) = Numbers::of_permission(Spoken::Unreadable, &Said::Nothing, &Said::Nothing, intake);
    let says = says(Spoken::Unreadable, &numbers);
    let mut entries = Entries { numbers: Arc::new(numbers), says, before: rules.len(), rules };
    entries.unreadable(&Family::BOTH, UNTOLD, group.read_at, intake);
}

/// Adds what one of `SecurityGroupRules` lets in.
pub(crate) fn read_listed_rule<'a>(
    rule: &Stated<'_, 'a>,
    intake: &mut Intake<'_, 'a>,
    rules: &mut Vec<GroupRule>,
) {
    let mut entries = Entries::of(rule, intake, rules);
    for (key, family) in [("CidrIpv4", Family::V4), ("CidrIpv6", Family::V6)] {
        match rule.text(key, intake) {
            Said::Nothing => {}
            Said::This(text) => entries.prefix(text, family, rule, intake),
            Said::Unreadable => entries.unreadable(&[family], key, rule.read_at, intake),
        }
    }
    match rule.text("PrefixListId", intake) {
        Said::Nothing => {}
        Said::This(id) => entries.prefix_list(id, rule.read_at, intake),
        Said::Unreadable => entries.unreadable(&Family::BOTH, UNTOLD, rule.read_at, intake),
    }
    match rule.object("ReferencedGroupInfo", intake) {
        Said::Nothing => {}
        Said::This(group) => entries.group(&group, intake),
        Said::Unreadable => entries.unreadable(&Family::BOTH, UNTOLD, rule.read_at, intake),
    }
    if entries.is_empty() {
        rule.tell("missing-field", Effect::Undecided, NO_SOURCE, intake);
        entries.unreadable(&Family::BOTH, UNTOLD, rule.read_at, intake);
    }
}

/// The entries of one permission, which share their numbers.
struct Entries<'r> {
    numbers: Arc<Numbers>,
    /// Protocol and numbers, for people.
    says: String,
    rules: &'r mut Vec<GroupRule>,
    /// How many rules there were before.
    before: usize,
}

impl<'r> Entries<'r> {
    fn of<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>, rules: &'r mut Vec<GroupRule>) -> Self {
        let spoken = protocol(stated, "IpProtocol", intake);
        // W7: what is ignored cannot be unreadable.
        let (first, last) = match spoken {
            Spoken::One(protocol) if is_ranged(protocol) => {
                (integer(stated, "FromPort", intake), integer(stated, "ToPort", intake))
            }
            Spoken::Every | Spoken::One(_) | Spoken::Unreadable => (Said::Nothing, Said::Nothing),
        };
        let (mut numbers, odd) = Numbers::of_permission(spoken, &first, &last, intake);
        let says = says(spoken, &numbers);
        if is_perhaps(stated, intake) {
            numbers.protocols.must = ProtocolSet::EMPTY;
        }
        if let Some(odd) = odd {
            let sentence = format!("a rule for {} {odd}", says.split(' ').next().unwrap_or_default());
            stated.tell("unreadable-port-range", Effect::Undecided, &sentence, intake);
        }
        Self { numbers: Arc::new(numbers), says, before: rules.len(), rules }
    }

    fn is_empty(&self) -> bool {
        self.rules.len() == self.before
    }

    fn push(&mut self, source: Source, written: &str, read_at: ReadAt, intake: &mut Intake<'_, '_>) {
        let says = intake.name(&format!("{} {written}", self.says));
        let written = intake.name(written);
        let numbers = Arc::clone(&self.numbers);
        self.rules.push(GroupRule { numbers, source, written, says, rule: None, read_at });
    }

    /// C8: every address of these families may be let in, and none for certain.
    fn unreadable(&mut self, families: &[Family], written: &str, at: ReadAt, intake: &mut Intake<'_, '_>) {
        let whole = families.iter().map(|family| Prefix::whole(*family)).collect::<AddressSet>();
        let bounds = Bounds::between(Arc::clone(&intake.pool.common.nothing), intake.pool.set(whole));
        self.push(Source::Addresses(bounds), written, at, intake);
    }

    /// The CIDRs of a list: objects, or texts as AWS Config has them beside the objects.
    fn ranges<'a>(
        &mut self,
        permission: &Stated<'_, 'a>,
        key: &str,
        field: &str,
        family: Family,
        intake: &mut Intake<'_, 'a>,
    ) {
        // AWS Config has each range twice, as an object under one key and as a text under the other: once is enough.
        let others = RANGE_KEYS.iter().filter(|(other, _, own)| *own == family && *other != key);
        let others = others.flat_map(|(other, ..)| items(permission, other));
        let told: LookupSet<&str> = others.filter_map(|item| text_of(item, field)).collect();
        for item in items(permission, key) {
            match item {
                Tree::Text(text) if told.contains(&**text) => {}
                Tree::Text(text) if !is_cut(text) => self.prefix(text.trim(), family, permission, intake),
                Tree::Object(entry) => {
                    let entry = permission.part(entry, intake);
                    match entry.text(field, intake) {
                        Said::This(text) => self.prefix(text, family, &entry, intake),
                        said => {
                            if said.is_nothing() {
                                let sentence =
                                    format!("an entry of `{key}` has no `{field}`: {EVERY_ADDRESS}");
                                entry.tell("missing-field", Effect::Undecided, &sentence, intake);
                            }
                            self.unreadable(&[family], UNTOLD, entry.read_at, intake);
                        }
                    }
                }
                other => {
                    permission.strange::<()>(key, other.json(), "a list of prefixes", intake);
                    self.unreadable(&[family], UNTOLD, permission.read_at, intake);
                }
            }
        }
    }

    /// W12: host bits are cut off. What is no prefix of its family is bounds: AWS takes none here.
    fn prefix<'a>(&mut self, text: &str, family: Family, at: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) {
        let Ok(prefix) = grammar::prefix(text) else {
            let sentence = format!("{} is no prefix: {EVERY_ADDRESS}", Quoted(text));
            at.tell("unreadable-prefix", Effect::Undecided, &sentence, intake);
            self.unreadable(&[family], text, at.read_at, intake);
            return;
        };
        let addresses = intake.pool.prefix(prefix);
        let bounds = if prefix.family() == family {
            Bounds::exactly(addresses)
        } else {
            let sentence =
                format!("{} stands where AWS has prefixes of the other family: it is possible", Quoted(text));
            at.tell("other-family", Effect::Undecided, &sentence, intake);
            Bounds::between(Arc::clone(&intake.pool.common.nothing), addresses)
        };
        self.push(Source::Addresses(bounds), text, at.read_at, intake);
    }

    fn prefix_lists<'a>(&mut self, permission: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) {
        let key = "PrefixListIds";
        for item in items(permission, key) {
            match item {
                Tree::Text(id) if !is_cut(id) => self.prefix_list(id.trim(), permission.read_at, intake),
                Tree::Object(entry) => {
                    let entry = permission.part(entry, intake);
                    match entry.text("PrefixListId", intake) {
                        Said::This(id) => self.prefix_list(id, entry.read_at, intake),
                        said => {
                            if said.is_nothing() {
                                let sentence = format!(
                                    "an entry of `{key}` has no `PrefixListId`: every address is possible"
                                );
                                entry.tell("missing-field", Effect::Undecided, &sentence, intake);
                            }
                            self.unreadable(&Family::BOTH, UNTOLD, entry.read_at, intake);
                        }
                    }
                }
                other => {
                    permission.strange::<()>(key, other.json(), "a list of prefix lists", intake);
                    self.unreadable(&Family::BOTH, UNTOLD, permission.read_at, intake);
                }
            }
        }
    }

    fn prefix_list(&mut self, id: &str, at: ReadAt, intake: &mut Intake<'_, '_>) {
        let source = Source::PrefixList(intake.name(id));
        self.push(source, id, at, intake);
    }

    fn groups<'a>(&mut self, permission: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) {
        let key = "UserIdGroupPairs";
        for item in items(permission, key) {
            match item {
                Tree::Object(entry) => {
                    let entry = permission.part(entry, intake);
                    self.group(&entry, intake);
                }
                other => {
                    permission.strange::<()>(key, other.json(), "a list of groups", intake);
                    self.unreadable(&Family::BOTH, UNTOLD, permission.read_at, intake);
                }
            }
        }
    }

    /// W4, W5, W24: the id may have the account of the group before it.
    fn group<'a>(&mut self, pair: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) {
        let stated = pair.text("GroupId", intake).this();
        let is_account = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let (before, id) = match stated.and_then(|id| id.split_once('/')) {
            Some((before, id)) if is_account(before) => (Some(before), Some(id)),
            Some(_) | None => (None, stated),
        };
        // EC2-Classic, and the group of its load balancers: a name, by which no interface of the input is a member.
        let said = stated.or_else(|| pair.text("GroupName", intake).this()).unwrap_or(UNTOLD_GROUP);
        let account = pair.text("UserId", intake).this().or(before);
        let is_stale = pair
            .text("PeeringStatus", intake)
            .this()
            .is_some_and(|word| !word.eq_ignore_ascii_case("active"));
        let reference = GroupReference {
            id: id.map(|id| intake.name(id)),
            account: account.map(|account| intake.name(account)),
            peering: pair.text("VpcPeeringConnectionId", intake).this().map(|id| intake.name(id)),
            is_stale,
        };
        self.push(Source::Group(reference), said, pair.read_at, intake);
    }
}

/// Whether it is not known if a part is there: evaluators write so under a key that no export has.
pub(super) fn is_perhaps<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> bool {
    let Some(Tree::Unknown(unknown)) = stated.value("Condition") else { return false };
    let sentence = format!("not known {} ({}): it is possible", unknown.text, unknown.cause);
    stated.tell("unknown-presence", Effect::Undecided, &sentence, intake);
    true
}

/// The text of an entry that is an object.
fn text_of<'n>(item: &'n Tree<'_>, field: &str) -> Option<&'n str> {
    match item {
        Tree::Object(entry) => match entry.own(field) {
            Some(Tree::Text(text)) => Some(text),
            Some(_) | None => None,
        },
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => None,
    }
}

/// The items of a list; what is no list is an item.
fn items<'n, 'a>(stated: &Stated<'n, 'a>, key: &str) -> &'n [Tree<'a>] {
    match stated.value(key) {
        None | Some(Tree::Null) => &[],
        Some(Tree::List(items)) => items,
        Some(alone) => core::slice::from_ref(alone),
    }
}

/// W7: whether a permission's ports mean something for a protocol.
fn is_ranged(protocol: Protocol) -> bool {
    matches!(protocol, Protocol::TCP | Protocol::UDP | Protocol::ICMP | Protocol::ICMPV6)
}

/// Protocol and numbers in one spelling: `tcp 22`, `icmp 8`, `all`. A whole protocol is its name.
fn says(spoken: Spoken, numbers: &Numbers) -> String {
    let protocol = match spoken {
        Spoken::Every => return "all".to_owned(),
        Spoken::Unreadable => return "some protocol".to_owned(),
        Spoken::One(protocol) => protocol,
    };
    let told: Vec<String> = match protocol.has_types() {
        true if !numbers.types.is_exact() => vec!["some types".to_owned()],
        false if !numbers.ports.is_exact() => vec!["some ports".to_owned()],
        true if numbers.types.may.is_everything() => Vec::new(),
        true => types(&numbers.types.may).iter().map(ToString::to_string).collect(),
        false if numbers.ports.may.is_everything() => Vec::new(),
        false => vec![numbers.ports.may.to_string()],
    };
    core::iter::once(protocol.to_string()).chain(told).collect::<Vec<_>>().join(" ")
}

const RANGE_KEYS: [(&str, &str, Family); 3] = [
    ("Ipv4Ranges", "CidrIp", Family::V4),
    ("IpRanges", "CidrIp", Family::V4),
    ("Ipv6Ranges", "CidrIpv6", Family::V6),
];

/// Keys of which every permission has one: the second is that of AWS Config.
const IPV4_KEYS: [&str; 2] = ["IpRanges", "Ipv4Ranges"];
/// The others. Of those it has, an empty one adds nobody.
const OTHER_KEYS: [&str; 3] = ["Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs"];
/// Those that old exports do not have, and projections may not.
pub(super) const LATER_KEYS: [&str; 2] = ["Ipv6Ranges", "PrefixListIds"];

const EVERY_ADDRESS: &str = "every address of its family is possible";
const NO_SOURCE_KEY: &str = "a permission is without its sources: it may let in everybody";
const NO_IPV4_KEY: &str = "a permission is without `IpRanges`: it may let in everybody over IPv4";
const NO_SOURCE: &str = "a rule is without its source: it may let in everybody";
const UNTOLD: &str = "sources that are not told";
const UNTOLD_GROUP: &str = "a group that is not told";
