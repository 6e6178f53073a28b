//! From the text of one document to resources, gaps and the name of its format.

use std::collections::{BTreeMap, BTreeSet};

use cloud::json::{Node, ReadOne, Seed, StrReader, Tree, read_stream};
use cloud::{Desk, Document, Pool, Quoted, Reading, Stated};
use model::{Effect, Gap, Moment, Name, Provenance};
use serde::de::DeserializeSeed as _;

use crate::intake::Intake;
use crate::ranges::Catalogue;
use crate::resource::{KINDS, Kind, Origin, Resource, is_whole_node};

use super::answer::Answer;
use super::elsewhere::{ELSEWHERE, Elsewhere};
use super::reader::{self, Reader};
use super::refusal::{self, Disabled};
use super::yaml::is_yaml;

/// What a document holds beside the resources that were handed out.
pub(crate) struct Remainder {
    pub(crate) reading: Reading,
    /// Kinds that the document lists whole, be there none of it.
    pub(crate) listed: BTreeSet<&'static str>,
    /// The same by project: the kind, and `projects/p`.
    pub(crate) listed_in: BTreeSet<(&'static str, Name)>,
    /// Kinds of which something was described by itself, and not in a list.
    pub(crate) described: BTreeSet<&'static str>,
    /// Resources that are not assessed, by kind.
    pub(crate) not_assessed: BTreeMap<&'static str, u64>,
    /// Services that are switched off.
    pub(crate) disabled: Vec<Disabled>,
    pub(crate) catalogue: Option<Catalogue>,
}

/// What a document says of a resource. Complete.
#[derive(Debug)]
pub(crate) enum Statement<'s> {
    /// What it is, and since when, where that is said; the object that says it, and what stands around that.
    Is {
        kind: &'static str,
        resource: Resource,
        since: Option<Moment>,
        node: &'s Node<'s>,
        origin: &'s Origin,
    },
    /// It was deleted then.
    Gone { kind: &'static str, key: Name, since: Moment },
    /// A project, and what holds it, the nearest first.
    Ancestry(Vec<Name>),
}

/// Who takes the resources of a document; says whether a statement counts, and is not past.
pub(crate) type Take<'t> = &'t mut dyn FnMut(Statement<'_>, &mut Vec<Gap>) -> bool;

/// Reads a document; `take` gets each resource.
pub(crate) fn read_document(document: &Document<'_>, pool: &mut Pool, take: Take<'_>) -> Remainder {
    let mut gaps = Vec::new();
    let desk = Desk {
        document: document.id,
        text: document.text,
        beside: &[],
        around: None,
        standing: None,
        gaps: &mut gaps,
    };
    let mut documents = Documents(Reader::new(Intake { desk, pool }, take));
    let broken = read_stream(document.text, &mut documents);
    let mut reader = documents.0;
    let mut malformed: Vec<Gap> = Vec::new();
    let mut failed_in = 0;
    for broken in &broken {
        match refusal::at(document.text, broken) {
            Some(_) if failed_in == broken.line => {}
            Some(line) => {
                failed_in = broken.line;
                reader.traits.listed = true;
                reader.failed(&line.command, document.text.get(line.at..));
            }
            // An error has several lines.
            None if failed_in > 0 && broken.line == failed_in + 1 => failed_in = broken.line,
            None => malformed.push(document.malformed(broken)),
        }
    }
    let mut remainder = reader.finish();
    if remainder.reading.format.is_none() {
        // What another cloud's document holds is not ours to judge.
        gaps.clear();
        if let Some(word) = word_of_firewalls(document.text) {
            remainder.reading.format = Some("gcp/list");
            gaps.push(unread_firewalls(word, document));
            // Of what is no JSON at all, one line is enough.
            gaps.extend(malformed.into_iter().take(1));
        } else if is_yaml(document.text) {
            remainder.reading.format = Some("gcp/list");
            gaps.push(unread_yaml(document));
        }
    } else {
        gaps.extend(malformed);
    }
    remainder.reading.gaps = gaps;
    remainder
}

/// A resource that was written by an evaluator, as the API spells it.
#[derive(Debug)]
pub(crate) struct Made<'a> {
    /// The name of its kind.
    pub(crate) kind: &'static str,
    pub(crate) node: Node<'a>,
    pub(crate) origin: Origin,
}

/// Something that is not assessed, as the API spells it.
#[derive(Debug)]
pub(crate) struct Beside<'a> {
    /// Its type in the asset inventory, or what it says under `apiVersion`.
    pub(crate) asset: &'static str,
    pub(crate) node: Tree<'a>,
    pub(crate) at: Option<&'a str>,
}

/// Reads resources that stand in no document as they are read; the desk says what they were written in.
pub(crate) fn read_made<'a>(
    desk: Desk<'_, 'a>,
    made: Vec<Made<'a>>,
    beside: &[Beside<'a>],
    pool: &mut Pool,
    take: Take<'_>,
) -> Remainder {
    let mut reader = Reader::new(Intake { desk, pool }, take);
    for Made { kind, node, origin } in made {
        let Some(kind) = KINDS.iter().find(|known| known.name == kind) else { continue };
        reader.intake.around = node.at;
        reader.resource(kind, node, origin, None);
    }
    reader.intake.around = None;
    for Beside { asset, node, at } in beside {
        let is_it = |other: &&Elsewhere| other.assets.contains(asset) || other.kinds.contains(asset);
        if let Some(other) = ELSEWHERE.iter().find(is_it) {
            reader.bears(other.name, other.fate.bearing(node), *at);
        }
    }
    reader.finish()
}

/// Reads an object again that stands in no document any more, but was read or edited at a place.
pub(crate) fn read_again(
    desk: Desk<'_, 'static>,
    kind: &Kind,
    mut node: Node<'static>,
    origin: &Origin,
    pool: &mut Pool,
) -> Option<Resource> {
    if is_whole_node(&node, origin) {
        reader::drop_blanks(&mut node);
    }
    let mut intake = Intake { desk, pool };
    let stated = Stated::flat(&node, reader::name_of(kind, &node, origin), &mut intake);
    (kind.read)(&stated, origin, &mut intake)
}

/// A word that only what Google prints of firewalls has: a projection, or something a script has put around it. Logs of
/// changes and what Terraform plans have these words too, and are no exports.
fn word_of_firewalls(text: &str) -> Option<&'static str> {
    let is_export = || !OF_OTHERS.iter().any(|word| text.contains(word));
    WORDS_OF_FIREWALLS.into_iter().find(|word| text.contains(word)).filter(|_| is_export())
}

const WORDS_OF_FIREWALLS: [&str; 4] =
    ["\"IPProtocol\"", "\"sourceRanges\"", "\"layer4Configs\"", "\"networkFirewallPolicyEnforcementOrder\""];

const OF_OTHERS: [&str; 4] =
    ["protoPayload", "terraform_version", "\"mode\": \"managed\"", "constraints.gatekeeper.sh"];

fn unread_firewalls(word: &str, document: &Document<'_>) -> Gap {
    let path = Quoted(document.path);
    let word = word.trim_matches('"');
    let message = format!(
        "{path}: its `{word}` stands where no firewall rule is read: expected what `gcloud compute firewall-rules list \
         --format json` prints, without a projection and nothing around it"
    );
    let provenance = Provenance { document: document.id, offset: 0 };
    Gap::at(provenance, "unrecognised-format", Effect::Skipped, message)
}

fn unread_yaml(document: &Document<'_>) -> Gap {
    let path = Quoted(document.path);
    let message = format!("{path}: what `gcloud` prints as YAML is not read: print it with `--format json`");
    let provenance = Provenance { document: document.id, offset: 0 };
    Gap::at(provenance, "unrecognised-format", Effect::Skipped, message)
}

/// The documents of a text, one after the other.
struct Documents<'r, 'a, 't>(Reader<'r, 'a, 't>);

impl<'a> ReadOne<'a> for Documents<'_, 'a, '_> {
    fn document(&mut self, reader: &mut StrReader<'a>) -> Result<(), serde_json::Error> {
        let loose = Seed(Answer::of_document(&mut self.0)).deserialize(reader)?;
        self.0.loose(loose);
        Ok(())
    }

    fn broken(&mut self) {
        self.0.cut_short();
    }
}
