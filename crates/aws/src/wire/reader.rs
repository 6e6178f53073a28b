//! What is read of a document so far: its resources are handed on, and what has to wait for its end is kept.

use std::borrow::Cow;

use cloud::json::{Json, Node, Tree};
use cloud::{Bearing, Quoted, Reading, Stated, Tally};
use model::{Effect, Moment, Name};

use crate::intake::Intake;
use crate::ranges::Catalogue;
use crate::resource::{Kind, Origin};

use super::document::{Remainder, Statement, Take};
use super::elsewhere::Elsewhere;
use super::range::{self, Entry};
use super::words::lists_elsewhere;

/// What a document was seen to be.
#[derive(Debug, Default)]
pub(super) struct Traits {
    pub(super) described: bool,
    pub(super) recorded: bool,
    pub(super) config: bool,
    pub(super) queried: bool,
    pub(super) bare: bool,
    pub(super) ranges: bool,
}

impl Traits {
    /// The name of the format; `None` where nothing of AWS was seen.
    const fn format(&self) -> Option<&'static str> {
        // A recording of anything is a recording.
        if self.recorded && (self.described || self.config || self.queried || self.bare) {
            Some("aws/recorded")
        } else if self.config {
            Some("aws/config")
        } else if self.queried {
            Some("aws/config-query")
        } else if self.bare {
            // Lists inside a resource look like answers.
            Some("aws/resource")
        } else if self.described {
            Some("aws/describe")
        } else if self.ranges {
            Some("aws/ip-ranges")
        } else {
            None
        }
    }
}

/// Takes in what a document holds.
pub(super) struct Reader<'r, 'a, 't> {
    pub(super) intake: Intake<'r, 'a>,
    take: Take<'t>,
    pub(super) traits: Traits,
    pub(super) catalogue: Catalogue,
    resources: u64,
    tally: Tally,
    breaks_off: bool,
    /// Whether the text of the document has a null at all.
    has_nulls: bool,
}

impl<'r, 'a, 't> Reader<'r, 'a, 't> {
    pub(super) fn new(intake: Intake<'r, 'a>, take: Take<'t>) -> Self {
        let has_nulls = intake.desk.text.contains("null");
        Self {
            intake,
            take,
            traits: Traits::default(),
            catalogue: Catalogue::default(),
            resources: 0,
            tally: Tally::default(),
            breaks_off: false,
            has_nulls,
        }
    }

    /// An entry of a list under `key`, which is of one of these kinds or of something else.
    pub(super) fn entry(&mut self, key: &str, kinds: &[&'static Kind], entry: &Tree<'a>, origin: &Origin) {
        if let Tree::Object(node) = entry
            && let Some(kind) = kinds.iter().find(|kind| kind.is_told_by(node))
        {
            self.traits.described = true;
            self.resource(kind, node, origin, None);
            return;
        }
        if let Some(other) = lists_elsewhere(key).find(|other| other.is_told_by(entry)) {
            self.traits.described = true;
            self.other(other, entry);
            return;
        }
        // `Instances` are not `instances`.
        let exact = kinds.iter().find(|kind| kind.lists.contains(&key));
        let Some(kind) = exact.or(kinds.first()) else { return };
        let at = if let Tree::Object(node) = entry { node.at } else { None };
        // Under a key that others use too, what has an ARN is AWS's all the same.
        self.traits.described |= matches!(entry, Tree::Object(node) if has_arn(node));
        let lacks =
            kind.signs.iter().find(|sign| !matches!(entry, Tree::Object(node) if node.own(sign).is_some()));
        let lacks = lacks.copied().unwrap_or_default();
        let place = self.intake.place(at);
        self.tally.stray(key, lacks, place);
    }

    fn other(&mut self, other: &Elsewhere, entry: &Tree<'a>) {
        let at = if let Tree::Object(node) = entry { node.at } else { None };
        self.bears(other.name, other.bearing(entry), at);
    }

    /// Counts something that is not assessed.
    pub(super) fn bears(&mut self, name: &'static str, bearing: Bearing, at: Option<&'a str>) {
        if bearing != Bearing::Nothing {
            let place = self.intake.place(at);
            self.tally.bears(name, bearing, place);
        }
    }

    /// Reads an object of a kind and hands it on.
    pub(super) fn resource(&mut self, kind: &Kind, node: &Node<'a>, origin: &Origin, since: Option<Moment>) {
        let told_before = self.intake.gaps.len();
        let node = &*self.stating(node);
        let name = name_of(kind, node);
        let stated = Stated::flat(node, name, &mut self.intake);
        let Some(resource) = (kind.read)(&stated, origin, &mut self.intake) else {
            self.nameless(kind, node, told_before);
            return;
        };
        self.resources += 1;
        let key = resource.identity().key.clone();
        let statement = Statement::Is { kind: kind.name, resource, since, node, origin };
        let counts = (self.take)(statement, self.intake.desk.gaps);
        if since.is_some() {
            let told = self.intake.desk.gaps.split_off(told_before);
            self.tally.told_since(kind.name, key, told, counts);
        }
    }

    /// An object with what it states. The API prints no null: one is what a query makes of a key that is not there, so it
    /// states nothing. Panther's resources have null for a list without items.
    fn stating<'n>(&self, node: &'n Node<'a>) -> Cow<'n, Node<'a>> {
        let is_of_panther = || node.own("ResourceType").is_some();
        match self.has_nulls && !is_of_panther() {
            true => Cow::Owned(node.without_nulls()),
            false => Cow::Borrowed(node),
        }
    }

    /// An object of a kind was not read. Where its id is there and says nothing, nobody has told that it is lost.
    fn nameless(&mut self, kind: &Kind, node: &Node<'a>, told_before: usize) {
        let Some(&id) = kind.signs.first() else { return };
        let says_nothing = match node.own(id) {
            None | Some(Tree::Null) => true,
            Some(Tree::Text(text)) => text.trim().is_empty(),
            Some(Tree::Flag(_) | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_)) => false,
        };
        if says_nothing && self.intake.gaps.len() == told_before {
            let message = format!("a {} without its `{id}`: it is not read", kind.name);
            self.tell(node.at, "missing-id", Effect::Skipped, message);
        }
    }

    /// A resource was deleted.
    pub(super) fn gone(&mut self, kind: &'static str, key: Name, since: Moment) {
        let counts = (self.take)(Statement::Gone { kind, key: key.clone(), since }, self.intake.desk.gaps);
        self.tally.told_since(kind, key, Vec::new(), counts);
    }

    /// Tells of something in the document.
    pub(super) fn tell(&mut self, at: Option<&'a str>, code: &'static str, effect: Effect, message: String) {
        let place = self.intake.place(at);
        self.intake.note(place, code, effect, message);
    }

    /// A value that is not what stands under a key in answers.
    pub(super) fn strange(&mut self, key: &str, json: Json, at: Option<&'a str>) {
        let message = format!("{} is {json}, expected a list of objects: it is not read", Quoted(key));
        self.tell(at, json.code(), Effect::Skipped, message);
    }

    /// An entry of the catalogue.
    pub(super) fn range(&mut self, node: &Node<'a>) {
        match range::read(node) {
            Entry::Range(range) => self.catalogue.add(range.service, range.region, range.prefix),
            Entry::Unreadable { service, region } => {
                self.catalogue.spoil(service, region);
                self.unreadable_range(node.at);
            }
            Entry::Foreign => return,
        }
        self.traits.ranges = true;
    }

    fn unreadable_range(&mut self, at: Option<&'a str>) {
        let message = "an entry of the catalogue cannot be read: its addresses are not known".to_owned();
        self.tell(at, "unreadable-prefix", Effect::Undecided, message);
    }

    /// What was asked for was refused.
    pub(super) fn refused(&mut self, code: &str, at: Option<&'a str>) {
        self.traits.described = true;
        let code = Quoted(code);
        let message = format!("an error of AWS, {code}, expected an answer: what was asked for is not read");
        self.tell(at, "error-answer", Effect::Skipped, message);
    }

    /// The lists of kinds that begin here.
    pub(super) fn begins(&mut self, kinds: impl Iterator<Item = &'static str>) {
        self.tally.begins(kinds);
    }

    /// The lists that were begun are whole, or more pages follow.
    pub(super) fn ends(&mut self, is_whole: bool) {
        self.tally.ends(is_whole);
    }

    /// The document breaks off: what is read of it is not all.
    pub(super) fn cut_short(&mut self) {
        self.ends(false);
        self.breaks_off = true;
        self.intake.desk.around = None;
    }

    /// Tells what had to wait.
    pub(super) fn finish(mut self) -> Remainder {
        let counted = self.tally.finish(&mut self.intake.desk);
        let format = self.traits.format();
        // Half a catalogue would say of addresses that they are nobody's.
        let catalogue = (self.traits.ranges && !self.breaks_off).then_some(self.catalogue);
        let version = catalogue.as_ref().map(|catalogue| ("ip-ranges", catalogue.created.clone()));
        Remainder {
            reading: Reading { format, resources: self.resources, catalogue: version, gaps: Vec::new() },
            listed: counted.listed,
            not_assessed: counted.not_assessed,
            catalogue,
        }
    }
}

fn has_arn(node: &Node<'_>) -> bool {
    matches!(node.own("arn"), Some(Tree::Text(arn)) if arn.starts_with("arn:"))
}

/// What an object is told as while it is read: its id, else its kind.
pub(super) fn name_of<'n>(kind: &Kind, node: &'n Node<'_>) -> &'n str {
    kind.signs
        .iter()
        .find_map(|sign| match node.own(sign) {
            Some(Tree::Text(id)) if !id.trim().is_empty() => Some(id.trim()),
            Some(_) | None => None,
        })
        .unwrap_or(kind.name)
}
