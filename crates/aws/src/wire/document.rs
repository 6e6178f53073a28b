//! From the text of one document to resources, gaps and the name of its format.

use std::collections::{BTreeMap, BTreeSet};

use cloud::json::{Node, ReadOne, Seed, StrReader, read_stream};
use cloud::{Bearing, Desk, Document, Pool, Quoted, Reading, Stated};
use model::{Effect, Gap, Moment, Name, Provenance};
use serde::de::DeserializeSeed as _;

use crate::intake::Intake;
use crate::ranges::Catalogue;
use crate::resource::{KINDS, Kind, Origin, Resource};

use super::answer::Answer;
use super::reader::{self, Reader};
use super::refusal;

/// What a document holds beside the resources that were handed out.
pub(crate) struct Remainder {
    pub(crate) reading: Reading,
    /// Kinds that the document lists whole, be there none of it.
    pub(crate) listed: BTreeSet<&'static str>,
    /// Resources that are not assessed, by kind.
    pub(crate) not_assessed: BTreeMap<&'static str, u64>,
    pub(crate) catalogue: Option<Catalogue>,
}

impl Remainder {
    /// What a document leaves that is of a format and of which nothing is read yet.
    pub(crate) fn of_format(format: &'static str) -> Self {
        let reading = Reading { format: Some(format), ..Reading::default() };
        let (listed, not_assessed) = (BTreeSet::new(), BTreeMap::new());
        Self { reading, listed, not_assessed, catalogue: None }
    }

    /// Adds what was read of the document beside.
    pub(crate) fn add(&mut self, other: Self) {
        self.reading.resources += other.reading.resources;
        self.reading.gaps.extend(other.reading.gaps);
        self.listed.extend(other.listed);
        for (kind, count) in other.not_assessed {
            *self.not_assessed.entry(kind).or_default() += count;
        }
    }
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
    let mut refused_at = None;
    for broken in &broken {
        match refusal::at(document.text, broken) {
            Some(line) if refused_at == Some(line.at) => {}
            Some(line) => {
                refused_at = Some(line.at);
                reader.refused(&line.code, document.text.get(line.at..));
            }
            None => malformed.push(document.malformed(broken)),
        }
    }
    let mut remainder = reader.finish();
    if remainder.reading.format.is_none() {
        // What another cloud's document holds is not ours to judge.
        gaps.clear();
        if let Some(word) = WORDS_OF_GROUPS.iter().find(|word| document.text.contains(**word)) {
            remainder.reading.format = Some("aws/describe");
            gaps.push(unread_groups(word, document));
            // Of what is no JSON at all, one line is enough.
            gaps.extend(malformed.into_iter().take(1));
        }
    } else {
        gaps.extend(malformed);
    }
    remainder.reading.gaps = gaps;
    remainder
}

/// A resource that was written by an evaluator, as answers spell it.
#[derive(Debug)]
pub(crate) struct Made<'a> {
    /// The name of its kind.
    pub(crate) kind: &'static str,
    pub(crate) node: Node<'a>,
    pub(crate) origin: Origin,
}

/// Something that an evaluator found and that is not assessed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beside<'a> {
    /// What results call it.
    pub(crate) name: &'static str,
    pub(crate) bearing: Bearing,
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
    for one in beside {
        reader.bears(one.name, one.bearing, one.at);
    }
    // What declares a network declares what is in it, and what turns the block on what is excluded from it.
    let told = TOLD_WITH.iter().filter(|(kind, _)| made.iter().any(|one| one.kind == *kind));
    reader.begins(told.map(|(_, told)| *told));
    reader.ends(true);
    for Made { kind, node, origin } in made {
        let Some(kind) = KINDS.iter().find(|known| known.name == kind) else { continue };
        reader.intake.around = node.at;
        reader.resource(kind, &node, &origin, None);
    }
    reader.finish()
}

/// Reads an object again that stands in no document any more, but was read or edited at a place.
pub(crate) fn read_again(
    desk: Desk<'_, 'static>,
    kind: &Kind,
    node: &Node<'static>,
    origin: &Origin,
    pool: &mut Pool,
) -> Option<Resource> {
    let mut intake = Intake { desk, pool };
    let stated = Stated::flat(node, reader::name_of(kind, node), &mut intake);
    (kind.read)(&stated, origin, &mut intake)
}

/// Kinds of which a configuration declares all, if it declares one of another.
const TOLD_WITH: [(&str, &str); 3] = [
    ("vpc", "internet-gateway"),
    ("subnet", "network-interface"),
    ("vpc-block-public-access-options", "vpc-block-public-access-exclusion"),
];

/// Words that only what the API prints of security groups has: a projection, or something a script has put around it.
const WORDS_OF_GROUPS: [&str; 5] =
    ["IpPermissions", "ipPermissions", "UserIdGroupPairs", "userIdGroupPairs", "SecurityGroupRuleId"];

fn unread_groups(word: &str, document: &Document<'_>) -> Gap {
    let path = Quoted(document.path);
    let message = format!(
        "{path}: its `{word}` stands where no security group is read: expected what `aws ec2 describe-security-groups` \
         prints, without `--query` and nothing around it"
    );
    let provenance = Provenance { document: document.id, offset: 0 };
    Gap::at(provenance, "unrecognised-format", Effect::Skipped, message)
}

/// The documents of a text, one after the other.
struct Documents<'r, 'a, 't>(Reader<'r, 'a, 't>);

impl<'a> ReadOne<'a> for Documents<'_, 'a, '_> {
    fn document(&mut self, reader: &mut StrReader<'a>) -> Result<(), serde_json::Error> {
        Seed(Answer::of_document(&mut self.0)).deserialize(reader)
    }

    fn broken(&mut self) {
        self.0.cut_short();
    }
}
