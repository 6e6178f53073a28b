//! Events as lines of a state.

use cloud::audit::{Act, Actor, Announcement, Bears, Edit, Event, Impairment, Leg, Nature, Outcome, Spot};
use cloud::json::{Node, Tree};
use model::{DocumentId, Moment, Name, Provenance, Watch, Weakened};
use packet::{AddressSet, PortSet, Prefix, Protocol, cover};
use serde::{Deserialize, Serialize};

use super::tree::Saved;

/// An event with its cloud and its line.
#[derive(Deserialize, Serialize)]
pub(super) struct Wire {
    cloud: String,
    id: String,
    at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    scope: Option<String>,
    actor: [Option<String>; 3],
    operation: String,
    edited: String,
    outcome: How,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    joined_by: Option<String>,
    bears: On,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    before: Vec<WireEdit>,
    /// Document, byte and line.
    place: (u32, u64, u64),
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum How {
    Done,
    Begun,
    Failed,
    Denied,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Watches {
    Log,
    Guard,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum On {
    Edits(Vec<WireEdit>),
    Impairs {
        weakened: Weaker,
        watch: Watches,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reads: Option<String>,
        kind: String,
        note: String,
    },
    Announces {
        targets: Vec<String>,
        within: String,
        protocols: Vec<u8>,
        ports: Vec<(u16, u16)>,
        sources: Vec<String>,
        until: i64,
    },
    NotModelled(String),
    Nothing,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Weaker {
    Off,
    Less,
    Perhaps,
    Restored,
}

#[derive(Deserialize, Serialize)]
struct WireEdit {
    kind: String,
    id: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    region: Option<String>,
    is_attachment: bool,
    act: WireAct,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum WireAct {
    Put(Saved),
    Drop,
    Merge(Saved),
    Set(Vec<WireLeg>, Saved),
    Insert(Vec<WireLeg>, Vec<Saved>, Vec<String>),
    Remove(Vec<WireLeg>, Vec<Saved>),
}

/// A key, or the key and value of an item.
#[derive(Deserialize, Serialize)]
#[serde(untagged)]
enum WireLeg {
    Key(String),
    Item([String; 2]),
}

impl Wire {
    pub(super) fn of(cloud: &str, line: u64, event: &Event) -> Self {
        let Event { id, at, scope, actor, operation, edited, outcome, joined_by, bears, before, place } =
            event;
        Self {
            cloud: cloud.to_owned(),
            id: id.to_string(),
            at: at.map(|at| at.0),
            scope: text(scope),
            actor: [Some(actor.name.to_string()), text(&actor.address), text(&actor.client)],
            operation: operation.to_string(),
            edited: edited.to_string(),
            outcome: match outcome {
                Outcome::Done => How::Done,
                Outcome::Begun => How::Begun,
                Outcome::Failed => How::Failed,
                Outcome::Denied => How::Denied,
            },
            joined_by: text(joined_by),
            bears: on(bears),
            before: before.iter().map(wire_edit).collect(),
            place: (place.document.0, place.offset, line),
        }
    }

    pub(super) fn event(self) -> Option<(String, u64, Event)> {
        let (document, offset, line) = self.place;
        let [name, address, client] = self.actor;
        let event = Event {
            id: self.id.into(),
            at: self.at.map(Moment),
            scope: name_of(self.scope),
            actor: Actor { name: name?.into(), address: name_of(address), client: name_of(client) },
            operation: self.operation.into(),
            edited: self.edited.into(),
            outcome: match self.outcome {
                How::Done => Outcome::Done,
                How::Begun => Outcome::Begun,
                How::Failed => Outcome::Failed,
                How::Denied => Outcome::Denied,
            },
            joined_by: name_of(self.joined_by),
            bears: bears(self.bears)?,
            before: self.before.into_iter().map(edit).collect::<Option<_>>()?,
            place: Provenance { document: DocumentId(document), offset },
        };
        Some((self.cloud, line, event))
    }
}

fn on(bears: &Bears) -> On {
    match bears {
        Bears::Edits(edits) => On::Edits(edits.iter().map(wire_edit).collect()),
        Bears::Impairs(Impairment { weakened, watch, reads, kind, note }) => On::Impairs {
            reads: text(reads),
            watch: match watch {
                Watch::Log => Watches::Log,
                Watch::Guard => Watches::Guard,
            },
            weakened: match weakened {
                Weakened::Off => Weaker::Off,
                Weakened::Less => Weaker::Less,
                Weakened::Perhaps => Weaker::Perhaps,
                Weakened::Restored => Weaker::Restored,
            },
            kind: kind.to_string(),
            note: note.clone(),
        },
        Bears::Announces(announced) => {
            let Announcement { targets, within, protocols, ports, sources, until } = &**announced;
            On::Announces {
                targets: targets.iter().map(|target| target.to_string()).collect(),
                within: within.to_string(),
                protocols: protocols.iter().map(|protocol| protocol.0).collect(),
                ports: ports.spans().to_vec(),
                sources: prefixes(sources),
                until: until.0,
            }
        }
        Bears::NotModelled { kind } => On::NotModelled(kind.to_string()),
        Bears::Nothing => On::Nothing,
    }
}

fn bears(on: On) -> Option<Bears> {
    Some(match on {
        On::Edits(edits) => Bears::Edits(edits.into_iter().map(edit).collect::<Option<_>>()?),
        On::Impairs { weakened, watch, reads, kind, note } => Bears::Impairs(Impairment {
            reads: name_of(reads),
            watch: match watch {
                Watches::Log => Watch::Log,
                Watches::Guard => Watch::Guard,
            },
            weakened: match weakened {
                Weaker::Off => Weakened::Off,
                Weaker::Less => Weakened::Less,
                Weaker::Perhaps => Weakened::Perhaps,
                Weaker::Restored => Weakened::Restored,
            },
            kind: kind.into(),
            note,
        }),
        On::Announces { targets, within, protocols, ports, sources, until } => {
            Bears::Announces(Box::new(Announcement {
                targets: targets.into_iter().map(Name::from).collect(),
                within: within.into(),
                protocols: protocols.into_iter().map(Protocol).collect(),
                ports: ports
                    .into_iter()
                    .map(|(first, last)| packet::PortRange::new(first, last))
                    .collect::<Option<PortSet>>()?,
                sources: sources
                    .iter()
                    .map(|text| text.parse::<Prefix>().ok())
                    .collect::<Option<AddressSet>>()?,
                until: Moment(until),
            }))
        }
        On::NotModelled(kind) => Bears::NotModelled { kind: kind.into() },
        On::Nothing => Bears::Nothing,
    })
}

/// The prefixes that make up a set, of both families.
fn prefixes(sources: &AddressSet) -> Vec<String> {
    let everything = AddressSet::everything();
    let of = |family| cover(sources, &everything, family, usize::MAX).prefixes;
    packet::Family::BOTH.into_iter().flat_map(of).map(|prefix| prefix.to_string()).collect()
}

fn wire_edit(edit: &Edit) -> WireEdit {
    let Edit { kind, id, scope, region, nature, act } = edit;
    let saved = |items: &[Tree<'static>]| items.iter().map(|item| Saved(item.clone())).collect();
    let node = |node: &Node<'static>| Saved(Tree::Object(node.clone()));
    WireEdit {
        kind: kind.to_string(),
        id: id.to_string(),
        scope: text(scope),
        region: text(region),
        is_attachment: *nature == Nature::Attachment,
        act: match act {
            Act::Put(object) => WireAct::Put(node(object)),
            Act::Drop => WireAct::Drop,
            Act::Merge(object) => WireAct::Merge(node(object)),
            Act::Set { at, value } => WireAct::Set(legs(at), Saved(value.clone())),
            Act::Insert { into, items, by } => {
                WireAct::Insert(legs(into), saved(items), by.iter().map(|key| key.to_string()).collect())
            }
            Act::Remove { from, items } => WireAct::Remove(legs(from), saved(items)),
        },
    }
}

fn edit(wire: WireEdit) -> Option<Edit> {
    let node = |saved: Saved| match saved.0 {
        Tree::Object(node) => Some(node),
        _ => None,
    };
    let trees = |items: Vec<Saved>| items.into_iter().map(|item| item.0).collect();
    Some(Edit {
        kind: wire.kind.into(),
        id: wire.id.into(),
        scope: name_of(wire.scope),
        region: name_of(wire.region),
        nature: if wire.is_attachment { Nature::Attachment } else { Nature::Rule },
        act: match wire.act {
            WireAct::Put(object) => Act::Put(node(object)?),
            WireAct::Drop => Act::Drop,
            WireAct::Merge(object) => Act::Merge(node(object)?),
            WireAct::Set(at, value) => Act::Set { at: spot(at), value: value.0 },
            WireAct::Insert(into, items, by) => Act::Insert {
                into: spot(into),
                items: trees(items),
                by: by.into_iter().map(Name::from).collect(),
            },
            WireAct::Remove(from, items) => Act::Remove { from: spot(from), items: trees(items) },
        },
    })
}

fn legs(spot: &Spot) -> Vec<WireLeg> {
    let leg = |leg: &Leg| match leg {
        Leg::Key(key) => WireLeg::Key(key.to_string()),
        Leg::Item { key, is } => WireLeg::Item([key.to_string(), is.to_string()]),
    };
    spot.0.iter().map(leg).collect()
}

fn spot(legs: Vec<WireLeg>) -> Spot {
    let leg = |leg: WireLeg| match leg {
        WireLeg::Key(key) => Leg::Key(key.into()),
        WireLeg::Item([key, is]) => Leg::Item { key: key.into(), is: is.into() },
    };
    Spot(legs.into_iter().map(leg).collect())
}

fn text(name: &Option<Name>) -> Option<String> {
    name.as_ref().map(|name| name.to_string())
}

fn name_of(text: Option<String>) -> Option<Name> {
    text.map(Name::from)
}
