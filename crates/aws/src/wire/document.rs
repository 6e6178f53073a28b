//! From the text of one document to resources, gaps and the name of its format.

use std::collections::{BTreeMap, BTreeSet};

use cloud::json::{ReadOne, Seed, StrReader, read_stream};
use cloud::{Desk, Document, Moment, Pool, Quoted, Reading};
use model::{Effect, Gap, Name, Provenance};
use serde::de::DeserializeSeed as _;

use crate::intake::Intake;
use crate::ranges::Catalogue;
use crate::resource::Resource;

use super::answer::Answer;
use super::reader::Reader;
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

/// What a document says of a resource. Complete.
#[derive(Debug)]
pub(crate) enum Statement {
    /// What it is, and since when, where that is said.
    Is { kind: &'static str, resource: Resource, since: Option<Moment> },
    /// It was deleted then.
    Gone { kind: &'static str, key: Name, since: Moment },
}

/// Who takes the resources of a document; says whether a statement counts, and is not past.
pub(crate) type Take<'t> = &'t mut dyn FnMut(Statement, &mut Vec<Gap>) -> bool;

/// Reads a document; `take` gets each resource.
pub(crate) fn read_document(document: &Document<'_>, pool: &mut Pool, take: Take<'_>) -> Remainder {
    let mut gaps = Vec::new();
    let desk = Desk { document: document.id, text: document.text, around: None, gaps: &mut gaps };
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
