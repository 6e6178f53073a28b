//! What AWS Config stores: configuration items of snapshots, histories and notifications, and rows of its queries.
//!
//! An item wraps what the API says of a resource. Deleted resources are gone; of several items of one resource the latest
//! counts, whatever the order in which they stand.

use std::borrow::Cow;

use cloud::Quoted;
use cloud::json::{Node, Tree, object_in, tree_in};
use model::{Effect, Moment};

use crate::resource::{Arn, KINDS, Kind, Origin, key_of};

use super::elsewhere;
use super::lone;
use super::reader::Reader;

/// Whether an object is a configuration item, or a row of a query that has its type.
pub(super) fn is_item(node: &Node<'_>) -> bool {
    let kind = text(node, "resourceType");
    kind.is_some_and(|kind| kind.contains("::")) && HEAD.iter().any(|key| node.own(key).is_some())
}

const HEAD: [&str; 5] = [
    "configuration",
    "configurationItemStatus",
    "resourceId",
    "configurationItemCaptureTime",
    "awsAccountId",
];

/// Reads a configuration item.
pub(super) fn item<'a>(reader: &mut Reader<'_, 'a, '_>, node: Node<'a>) {
    reader.traits.config = true;
    read(reader, node);
}

/// Reads a row of an advanced query: the text of an object, or the object. Columns may be any.
pub(super) fn row<'a>(reader: &mut Reader<'_, 'a, '_>, entry: &Tree<'a>) {
    let Some(node) = object_in(entry) else {
        // Other services answer with `Results` too.
        return;
    };
    if !ROW.iter().any(|key| node.own(key).is_some()) && !node.keys().any(is_column_of_configuration) {
        return;
    }
    reader.traits.queried = true;
    read(reader, gathered(node));
}

const ROW: [&str; 7] =
    ["resourceId", "resourceType", "arn", "accountId", "awsRegion", "configuration", "resourceName"];

fn is_column_of_configuration(key: &str) -> bool {
    key.split_once('.').is_some_and(|(start, _)| start.eq_ignore_ascii_case("configuration"))
}

/// A row whose columns `configuration.a.b` are an object again.
fn gathered(node: Node<'_>) -> Node<'_> {
    if !node.keys().any(is_column_of_configuration) {
        return node;
    }
    let at = node.at;
    let (columns, mut kept): (Vec<_>, Vec<_>) =
        node.into_entries().into_iter().partition(|(key, _)| is_column_of_configuration(key));
    let position = kept.iter().position(|(key, _)| key.eq_ignore_ascii_case("configuration"));
    let mut configuration = match position.map(|position| kept.swap_remove(position)) {
        Some((_, Tree::Object(configuration))) => configuration,
        Some(_) | None => Node::default(),
    };
    for (key, value) in columns {
        let path: Vec<&str> = key.split('.').skip(1).collect();
        plant(&mut configuration, &path, nested_or(value));
    }
    kept.push((Cow::Borrowed("configuration"), Tree::Object(configuration)));
    Node::new(kept, at)
}

fn plant<'a>(node: &mut Node<'a>, path: &[&str], value: Tree<'a>) {
    match path {
        [] => {}
        [key] => node.push(Cow::Owned((*key).to_owned()), value),
        [key, rest @ ..] => {
            if node.own(key).is_none() {
                node.push(Cow::Owned((*key).to_owned()), Tree::Object(Node::default()));
            }
            node.edit(key, |inner| {
                if let Tree::Object(inner) = inner {
                    plant(inner, rest, value);
                }
            });
        }
    }
}

/// A value, where its text is JSON, what the text says.
fn nested_or(value: Tree<'_>) -> Tree<'_> {
    match value {
        Tree::Text(text) => tree_in(&text).unwrap_or(Tree::Text(text)),
        other => other,
    }
}

fn read<'a>(reader: &mut Reader<'_, 'a, '_>, node: Node<'a>) {
    let around = reader.intake.desk.around;
    reader.intake.desk.around = node.at.or(around);
    read_item(reader, node);
    reader.intake.desk.around = around;
}

fn read_item<'a>(reader: &mut Reader<'_, 'a, '_>, mut node: Node<'a>) {
    let origin = origin_of(&node, reader);
    let since = text(&node, "configurationItemCaptureTime").and_then(Moment::of);
    let word = text(&node, "resourceType").map(str::to_owned);
    let status = text(&node, "configurationItemStatus").unwrap_or("OK").to_ascii_lowercase();
    let id = [text(&node, "resourceId"), text(&node, "resourceName")].map(|text| text.map(str::to_owned));
    let configuration = take(&mut node, "configuration").map(nested_or);
    let kind = kind_of(word.as_deref(), configuration.as_ref());
    let Some(kind) = kind else {
        let configuration = configuration.unwrap_or(Tree::Null);
        match word {
            Some(word) if !status.starts_with("resourcedeleted") => {
                let (name, bearing) = elsewhere::of_type(&word, &configuration);
                reader.bears(name, bearing, node.at);
            }
            Some(_) => {}
            None => unread(reader, id[0].as_deref(), "it has no `resourceType`"),
        }
        return;
    };
    let [id, name] = id;
    let id = if NAMED.contains(&kind.signs.first().copied().unwrap_or_default()) { name.or(id) } else { id };
    if status.starts_with("resourcedeleted") {
        if let (Some(id), Some(since)) = (&id, since) {
            let key = key_of(origin.account.as_deref(), id, &mut reader.intake);
            reader.gone(kind.name, key, since);
        }
        return;
    }
    match configuration {
        Some(Tree::Object(mut configuration)) => {
            complete(&mut configuration, kind, id, &mut node);
            reader.resource(kind, &configuration, &origin, since);
        }
        Some(Tree::Null) | None => unread(reader, id.as_deref(), "it has no `configuration`"),
        Some(_) => unread(reader, id.as_deref(), "its `configuration` is not an object"),
    }
}

/// Kinds whose `resourceId` is an id of Config's own; their name is what others call them by.
const NAMED: [&str; 2] = ["DBInstanceIdentifier", "DBClusterIdentifier"];

/// Puts into a configuration what only the item says: the id, tags, and what is configured beside it.
fn complete<'a>(configuration: &mut Node<'a>, kind: &Kind, id: Option<String>, item: &mut Node<'a>) {
    if let (Some(sign), Some(id)) = (kind.signs.first(), id)
        && is_key_of_id(sign)
        && configuration.own(sign).is_none_or(|value| *value == Tree::Null)
    {
        configuration.push(Cow::Borrowed(sign), Tree::Text(Cow::Owned(id)));
    }
    if let Some(Tree::Object(supplement)) = take(item, "supplementaryConfiguration").map(nested_or) {
        for (key, value) in supplement.into_entries() {
            if configuration.own(&key).is_none() {
                configuration.push(key, nested_or(value));
            }
        }
    }
    let has_tags = ["Tags", "TagSet"].iter().any(|key| configuration.own(key).is_some());
    if let Some(tags) = take(item, "tags").filter(|_| !has_tags) {
        configuration.push(Cow::Borrowed("tags"), nested_or(tags));
    }
}

fn is_key_of_id(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["id", "arn", "identifier", "name", "ip"].iter().any(|end| key.ends_with(end))
}

fn unread(reader: &mut Reader<'_, '_, '_>, id: Option<&str>, reason: &str) {
    let whose = Quoted(id.unwrap_or("a configuration item"));
    let message = format!("{whose}: {reason}: what it is is not known");
    reader.tell(None, "resource-without-properties", Effect::Undecided, message);
}

/// The summary of an item that was too large to send.
pub(super) fn summary<'a>(reader: &mut Reader<'_, 'a, '_>, node: &Node<'a>) {
    let is_ours = kind_of(text(node, "resourceType"), None).is_some();
    reader.traits.config |= text(node, "resourceType").is_some();
    if is_ours {
        unread(
            reader,
            text(node, "resourceId"),
            "its item was too large to send, and only its summary is here",
        );
    }
}

/// A resource that was asked for and not found.
pub(super) fn unprocessed<'a>(reader: &mut Reader<'_, 'a, '_>, entry: &Tree<'a>) {
    let Tree::Object(node) = entry else { return };
    let kind = text(node, "resourceType");
    reader.traits.config |= kind.is_some();
    if kind_of(kind, None).is_some() {
        unread(reader, text(node, "resourceId"), "it was asked for and AWS Config did not give it");
    }
}

/// The kind of a type; of a row without one, the kind whose signs its configuration has.
fn kind_of(word: Option<&str>, configuration: Option<&Tree<'_>>) -> Option<&'static Kind> {
    let node = match configuration {
        Some(Tree::Object(node)) => Some(node),
        Some(_) | None => None,
    };
    let is_told = |kind: &&Kind| node.is_some_and(|node| kind.is_told_by(node));
    match word {
        Some(word) => {
            let is_typed = |kind: &&Kind| kind.types.iter().any(|known| known.eq_ignore_ascii_case(word));
            let typed = || KINDS.iter().filter(is_typed);
            typed().find(is_told).or_else(|| typed().next())
        }
        None => node.and_then(|node| lone::kind_of(node, None)),
    }
}

fn origin_of(node: &Node<'_>, reader: &mut Reader<'_, '_, '_>) -> Origin {
    let arn = text(node, "arn").filter(|arn| arn.starts_with("arn:"));
    let parts = arn.map(Arn::of);
    let account = text(node, "awsAccountId").or_else(|| text(node, "accountId"));
    let account = account.or(parts.and_then(|arn| arn.account));
    let region = text(node, "awsRegion").or(parts.and_then(|arn| arn.region));
    Origin {
        account: account.map(|account| reader.intake.name(account)),
        region: region.map(|region| reader.intake.name(region)),
        arn: arn.map(|arn| reader.intake.name(arn)),
    }
}

fn text<'n>(node: &'n Node<'_>, key: &str) -> Option<&'n str> {
    match node.own(key)? {
        Tree::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => None,
    }
}

fn take<'a>(node: &mut Node<'a>, key: &str) -> Option<Tree<'a>> {
    let mut value = None;
    node.edit(key, |own| value = Some(core::mem::replace(own, Tree::Null)));
    value
}
