//! Looking an element over: how many records it holds, and where those stand whose operation is known.
//!
//! What is looked over is passed by without a copy: nearly all records are reads.

use std::borrow::Cow;

use cloud::json::{Json, Key, Lenient, Seed};
use serde::de::{DeserializeSeed as _, IgnoredAny, MapAccess, SeqAccess};

use crate::trail::operation::operation;

use super::format;

/// What an element holds.
#[derive(Debug, Default)]
pub(crate) struct Scouted<'a> {
    /// What it was recognised as.
    pub(crate) format: Option<&'static str>,
    pub(crate) records: u64,
    /// What has to be read.
    pub(crate) hits: Vec<Hit<'a>>,
    /// Whether something has to be read of which the place is not known: a key is spelled with escapes.
    pub(crate) is_lost: bool,
    /// What is no JSON, where it breaks off.
    pub(crate) broken: Option<String>,
}

/// An object that has to be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hit<'a> {
    /// Its first key, a piece of the text.
    pub(crate) at: &'a str,
    /// Whether it is a record, not what one is wrapped in.
    pub(crate) is_record: bool,
}

/// Looks a text over.
pub(crate) fn scout(text: &str) -> Scouted<'_> {
    let mut scouted = Scouted::default();
    let mut reader = serde_json::Deserializer::from_str(text);
    if let Err(error) = Seed(Scout(&mut scouted)).deserialize(&mut reader) {
        scouted.broken = Some(error.to_string());
    }
    scouted
}

/// What the name of a service has behind it.
pub(crate) fn service_of(source: &str) -> &str {
    // That of China has `.cn` behind it in some services.
    source.strip_suffix(".cn").unwrap_or(source).strip_suffix(".amazonaws.com").unwrap_or(source)
}

/// Whether a source is one of CloudTrail: events of queues and buckets have the same keys and `aws:s3`.
pub(crate) fn is_trail(source: &str) -> bool {
    !source.is_empty() && !source.starts_with("aws:")
}

struct Scout<'s, 'a>(&'s mut Scouted<'a>);

/// What one object says of itself.
#[derive(Default)]
struct Own<'a> {
    /// Its first key; `None` inside where it is spelled with escapes.
    first: Option<Option<&'a str>>,
    names: Words<'a>,
    sources: Words<'a>,
    is_wrapped: bool,
    is_insight: bool,
    is_digest: bool,
    format: Option<&'static str>,
    /// Of an event of a bus: who put it there.
    bus_source: Option<Cow<'a, str>>,
    is_bus: bool,
}

impl Own<'_> {
    /// Whether it is an event of a bus that AWS itself did not put there: anybody may claim to be CloudTrail in it.
    fn is_claimed(&self) -> bool {
        self.is_bus && self.bus_source.as_ref().is_some_and(|source| !source.starts_with("aws."))
    }
}

/// The values of a key, of which there is one but in a record that wants to be read in two ways.
#[derive(Default)]
struct Words<'a> {
    first: Option<Cow<'a, str>>,
    others: Vec<Cow<'a, str>>,
}

impl<'a> Words<'a> {
    fn add(&mut self, word: Option<Cow<'a, str>>) {
        match (&self.first, word) {
            (None, word) => self.first = word,
            (Some(_), Some(word)) => self.others.push(word),
            (Some(_), None) => {}
        }
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        self.first.iter().chain(&self.others).map(|word| word.trim())
    }
}

impl<'a> Own<'a> {
    fn is_record(&self) -> bool {
        self.names.first.is_some() && self.sources.iter().any(is_trail)
    }

    fn is_known(&self) -> bool {
        let is_known =
            |name: &str| self.sources.iter().any(|source| operation(service_of(source), name).is_some());
        self.names.iter().any(is_known)
    }

    fn report(self, scouted: &mut Scouted<'a>) {
        let is_record = self.is_record();
        if self.is_insight || self.is_digest {
            let known = if self.is_insight { format::INSIGHT } else { format::DIGEST };
            scouted.format.get_or_insert(known);
            return;
        }
        if is_record {
            scouted.records += 1;
            scouted.format.get_or_insert(self.format.unwrap_or(format::CLOUDTRAIL));
        }
        if (is_record && self.is_known()) || (!is_record && self.is_wrapped) {
            match self.first.flatten() {
                Some(at) => scouted.hits.push(Hit { at, is_record }),
                None => scouted.is_lost = true,
            }
        }
    }
}

impl<'de> Lenient<'de> for Scout<'_, 'de> {
    type Value = ();

    fn absent(self) {}

    fn not(self, _json: Json) {}

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Seed(Scout(&mut *self.0)))?.is_some() {}
        Ok(())
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let mut own = Own::default();
        let Scouted { format, records, is_lost, .. } = *self.0;
        let hits = self.0.hits.len();
        while let Some(Key(key)) = object.next_key::<Key<'de>>()? {
            own.first.get_or_insert(match key {
                Cow::Borrowed(key) => Some(key),
                Cow::Owned(_) => None,
            });
            match mark_of(&key) {
                None => drop(object.next_value::<IgnoredAny>()?),
                Some(Mark::Name) => own.names.add(object.next_value_seed(Seed(Word))?),
                Some(Mark::Bus) => own.bus_source = object.next_value_seed(Seed(Word))?,
                Some(Mark::Source) => own.sources.add(object.next_value_seed(Seed(Word))?),
                Some(Mark::Inner(format)) => {
                    own.is_bus |= format == format::EVENTBRIDGE;
                    // What stands around the records is told before them.
                    let before = self.0.format;
                    object.next_value_seed(Seed(Scout(&mut *self.0)))?;
                    if before.is_none() && self.0.format == Some(format::CLOUDTRAIL) {
                        self.0.format = Some(format);
                    }
                }
                Some(mark) => {
                    object.next_value::<IgnoredAny>()?;
                    match mark {
                        Mark::Wrapped => own.is_wrapped = true,
                        Mark::Insight => own.is_insight = true,
                        Mark::Digest => own.is_digest = true,
                        Mark::Format(format) => own.format = Some(format),
                        Mark::Name | Mark::Source | Mark::Bus | Mark::Inner(_) => {}
                    }
                }
            }
        }
        if own.is_claimed() {
            self.0.records = records;
            self.0.hits.truncate(hits);
            self.0.is_lost = is_lost;
            self.0.format = format;
        } else {
            own.report(self.0);
        }
        Ok(())
    }
}

/// A text, or nothing.
struct Word;

impl<'de> Lenient<'de> for Word {
    type Value = Option<Cow<'de, str>>;

    fn absent(self) -> Self::Value {
        None
    }

    fn not(self, _json: Json) -> Self::Value {
        None
    }

    fn text(self, text: Cow<'de, str>) -> Self::Value {
        Some(text)
    }
}

/// What a key says of its object.
#[derive(Clone, Copy)]
enum Mark {
    Name,
    Source,
    /// Who put an event on a bus.
    Bus,
    /// Records stand inside, as they are.
    Inner(&'static str),
    /// Records stand inside in another form.
    Wrapped,
    Insight,
    Digest,
    /// The object is a record of this format.
    Format(&'static str),
}

fn mark_of(key: &str) -> Option<Mark> {
    // Letter case is what Sentinel changes of CloudTrail's own keys.
    Some(match key {
        "eventName" | "EventName" | "eventname" => Mark::Name,
        "eventSource" | "EventSource" | "eventsource" => Mark::Source,
        "source" => Mark::Bus,
        "Records" => Mark::Inner(format::CLOUDTRAIL),
        "detail" => Mark::Inner(format::EVENTBRIDGE),
        // Hits of searches.
        "_source" => Mark::Inner(format::ELASTIC),
        "insightDetails" => Mark::Insight,
        "digestS3Bucket" => Mark::Digest,
        "AwsEventId" => Mark::Format(format::SENTINEL),
        "p_event_time" => Mark::Format(format::PANTHER),
        _ if WRAPPERS.contains(&key) => Mark::Wrapped,
        _ => return None,
    })
}

/// Keys of what records are wrapped in.
const WRAPPERS: [&str; 19] = [
    "Message",
    "Sns",
    "body",
    "Body",
    "Messages",
    "message",
    "logEvents",
    "awslogs",
    "events",
    "results",
    "api",
    "aws",
    "event",
    "eventJson",
    "QueryResultRows",
    "Events",
    "CloudTrailEvent",
    "tables",
    "_raw",
];
