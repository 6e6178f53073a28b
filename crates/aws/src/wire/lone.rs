//! One resource that stands for itself: an entry of a bare list, a file of one resource, an answer about one subject.

use std::borrow::Cow;

use cloud::Quoted;
use cloud::json::{Node, Seed, Tree};
use model::Effect;
use serde::de::DeserializeSeed as _;

use crate::resource::{Arn, KINDS, Kind, Origin};

use super::answer::{Answer, held};
use super::config;
use super::elsewhere;
use super::page::Source;
use super::reader::Reader;
use super::words::{ABOUT, About, Word, is_answer, is_only_of_answers, word_of};

/// Whether an object with these keys may be a resource rather than an answer with lists.
pub(super) fn may_be(has: &dyn Fn(&str) -> bool) -> bool {
    let is_typed = has("resourceType") && ["configuration", "resourceId", "accountId"].into_iter().any(has);
    is_typed
        || is_reservation(has)
        || KINDS.iter().any(|kind| kind.signs.iter().all(|sign| has(sign)))
        || ABOUT.iter().any(|about| has(about.list))
        || elsewhere::is_lone(has)
}

/// What became of the lists of an object that may be a resource. Complete.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    /// They are its own.
    None,
    /// They were lists of an answer, and are read, with what the answer says of itself.
    Read,
}

/// Reads an object that may be a resource. Lists under the keys `read` were read as those of an answer.
pub(super) fn read<'a>(reader: &mut Reader<'_, 'a, '_>, node: Node<'a>, read: &[Cow<'a, str>]) -> Rest {
    if config::is_item(&node) {
        config::item(reader, node);
        return Rest::None;
    }
    if is_reservation(&|key| node.own(key).is_some()) {
        reader.traits.bare = true;
        held("Instances", &node, reader);
        return Rest::None;
    }
    let word = type_of(&node);
    let is_answer = is_answer(&node) || read.iter().any(|key| is_only_of_answers(key));
    // What stands beside a list may be its subject and no resource.
    let is_meant =
        |kind: &&Kind| is_about(kind) || !is_answer || is_more_than_named(kind, &node) == Some(true);
    let kind =
        kind_of(&node, word.as_deref()).filter(|kind| word.is_some() || is_in_its_letters(kind, &node));
    if let Some(kind) = kind.filter(is_meant) {
        let is_about = is_about(kind);
        reader.traits.described |= is_about;
        reader.traits.bare |= !is_about;
        let origin = origin_of(&node, reader);
        reader.resource(kind, &node, &origin, None);
        // Answers about a subject are merged with others, and inventories put what is in a network into it.
        return if is_about || is_answer { rest(reader, node, kind.signs, read) } else { Rest::None };
    }
    if let Some(about) = ABOUT.iter().find(|about| lacks_subject(&node, about)) {
        reader.traits.described = true;
        let subject = about.subjects.first().copied().unwrap_or_default();
        let message = format!(
            "{} do not say what they are about: they are not read; put `{subject}` beside them",
            Quoted(about.list)
        );
        reader.tell(node.at, "missing-subject", Effect::Skipped, message);
        return rest(reader, node, &[about.list], read);
    }
    if word.is_some_and(|word| word.starts_with("AWS::")) {
        reader.traits.bare = true;
        Rest::None
    } else if elsewhere::is_lone(&|key| node.own(key).is_some()) {
        reader.traits.described = true;
        rest(reader, node, &[], read)
    } else {
        rest(reader, node, &[], read)
    }
}

/// Reads what is left of an answer.
fn rest<'a>(reader: &mut Reader<'_, 'a, '_>, node: Node<'a>, done: &[&str], read: &[Cow<'a, str>]) -> Rest {
    let at = node.at;
    let is_left = |key: &str| {
        let is_done = done.iter().any(|known| known.eq_ignore_ascii_case(key));
        let was_read = read.iter().any(|known| known.eq_ignore_ascii_case(key));
        // Where lists were read, their page says the rest.
        !is_done && !was_read && (read.is_empty() || !matches!(word_of(key), Word::Small))
    };
    let left = node.into_entries().into_iter().filter(|(key, _)| is_left(key)).collect();
    let answer = Answer { reader, source: Source::Known };
    // A tree has no text that could be broken.
    let _whole: Result<(), serde::de::value::Error> =
        Seed(answer).deserialize(&Tree::Object(Node::new(left, at)));
    if read.is_empty() { Rest::Read } else { Rest::None }
}

/// `--query Reservations`.
fn is_reservation(has: &dyn Fn(&str) -> bool) -> bool {
    has("ReservationId") && has("Instances")
}

/// The type that a resource gives itself, in the words of AWS Config: `AWS.EC2.SecurityGroup`.
fn type_of(node: &Node<'_>) -> Option<String> {
    match node.own("ResourceType")? {
        Tree::Text(word) => Some(word.trim().replace('.', "::")),
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => None,
    }
}

/// The kind of a resource: that of its type, else the one whose signs it has. Resources name others by their ids, so
/// what others are seldom named by tells more.
pub(super) fn kind_of(node: &Node<'_>, word: Option<&str>) -> Option<&'static Kind> {
    let told = || KINDS.iter().filter(|kind| kind.is_told_by(node));
    let is_typed = |kind: &&Kind| {
        word.is_some_and(|word| kind.types.iter().any(|known| known.eq_ignore_ascii_case(word)))
    };
    let rank = |kind: &&'static Kind| {
        let id = kind.signs.first().copied().unwrap_or_default();
        let named = NAMED_BY_OTHERS.iter().position(|known| known.eq_ignore_ascii_case(id));
        (!is_about(kind), named.map_or(0, |position| position + 1), usize::MAX - kind.signs.len())
    };
    let is_it = |kind: &&Kind| is_more_than_named(kind, node) != Some(false);
    told().find(is_typed).or_else(|| told().filter(is_it).min_by_key(rank))
}

/// Whether the one key that tells the kind is written as the API writes it: flow logs have an `instanceId` too.
fn is_in_its_letters(kind: &Kind, node: &Node<'_>) -> bool {
    kind.signs.len() > 1 || kind.signs.iter().all(|sign| node.keys().any(|key| key == *sign))
}

/// Whether an object with an id by which others name a resource says more of it than that; `None` where nobody else
/// names it.
fn is_more_than_named(kind: &Kind, node: &Node<'_>) -> Option<bool> {
    let id = kind.signs.first().copied().unwrap_or_default();
    let (_, keys) =
        MORE_THAN_NAMED.iter().find(|(named, _)| named.eq_ignore_ascii_case(id) && !is_about(kind))?;
    Some(keys.iter().all(|key| node.own(key).is_some()))
}

/// What an object has beside an id by which others name it, if it is the resource with this id.
const MORE_THAN_NAMED: [(&str, &[&str]); 5] = [
    ("LoadBalancerName", &["ListenerDescriptions"]),
    ("TargetGroupArn", &["TargetGroupName"]),
    ("LoadBalancerArn", &["LoadBalancerName"]),
    ("VpcId", &["CidrBlock"]),
    ("SubnetId", &["CidrBlock"]),
];

/// Ids by which resources name others, those that fewest name first.
const NAMED_BY_OTHERS: [&str; 9] = [
    "LoadBalancerName",
    "TargetGroupArn",
    "LoadBalancerArn",
    "InstanceId",
    "NetworkInterfaceId",
    "GroupId",
    "RouteTableId",
    "SubnetId",
    "VpcId",
];

fn is_about(kind: &Kind) -> bool {
    ABOUT.iter().any(|about| kind.signs.iter().any(|sign| sign.eq_ignore_ascii_case(about.list)))
}

fn lacks_subject(node: &Node<'_>, about: &About) -> bool {
    let has_sign =
        |entry: &Tree<'_>, sign: &str| matches!(entry, Tree::Object(node) if node.own(sign).is_some());
    let is_of_balancer = |entry: &Tree<'_>| match entry {
        Tree::Object(entry) => entry.own("Key") == Some(&Tree::Text(OF_BALANCERS.into())),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => false,
    };
    let is_meant = match (node.own(about.list), about.sign) {
        (Some(Tree::List(entries)), Some(sign)) => {
            entries.first().is_some_and(|entry| has_sign(entry, sign)) && !entries.iter().any(is_of_balancer)
        }
        (Some(Tree::List(_)), None) => true,
        _ => false,
    };
    is_meant && !about.subjects.iter().any(|subject| node.own(subject).is_some())
}

/// An attribute that only load balancers have. Theirs bear on nothing.
const OF_BALANCERS: &str = "deletion_protection.enabled";

/// Whose a resource is by what it says of itself, where an inventory wrote it.
fn origin_of(node: &Node<'_>, reader: &mut Reader<'_, '_, '_>) -> Origin {
    let text = |key: &str| match node.own(key) {
        Some(Tree::Text(text)) if !text.trim().is_empty() => Some(text.trim()),
        Some(_) | None => None,
    };
    let is_account = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit());
    let arn = text("Arn").or_else(|| text("ResourceId")).filter(|text| text.starts_with("arn:"));
    let parts = arn.map(Arn::of);
    let account = text("AccountId").filter(is_account).or(parts.and_then(|arn| arn.account));
    let region = text("Region").or(parts.and_then(|arn| arn.region));
    Origin {
        account: account.map(|account| reader.intake.name(account)),
        region: region.map(|region| reader.intake.name(region)),
        arn: arn.map(|arn| reader.intake.name(arn)),
    }
}
