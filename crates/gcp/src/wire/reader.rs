//! What is read of a document so far: its resources are handed on, and what has to wait for its end is kept.

use std::collections::{BTreeMap, BTreeSet};

use cloud::json::{Node, Tree};
use cloud::{Bearing, Reading, Stated, Tally};
use model::{Effect, Moment, Name, Provenance};

use crate::intake::Intake;
use crate::ranges::Catalogue;
use crate::resource::{Kind, Origin, is_whole_node, path_of};

use super::document::{Remainder, Statement, Take};
use super::elsewhere::Elsewhere;
use super::loose::Loose;
use super::range::{self, Entry};
use super::refusal::{Disabled, Refusal};
use super::subject::holder;
use super::told::Told;
use super::traits::Traits;
use super::words::text;

/// Takes in what a document holds.
pub(super) struct Reader<'r, 'a, 't> {
    pub(super) intake: Intake<'r, 'a>,
    take: Take<'t>,
    pub(super) traits: Traits,
    pub(super) tally: Tally,
    pub(super) catalogue: Catalogue,
    /// What a recording says was asked: an address of an API.
    pub(super) asked: Option<String>,
    /// Whether the object that is read now is an entry of a list.
    pub(super) is_listed: bool,
    /// Kinds of which something was described by itself: there may be more of it.
    pub(super) described: BTreeSet<&'static str>,
    resources: u64,
    listed_in: BTreeSet<(&'static str, Name)>,
    cut_in: BTreeSet<(&'static str, Name)>,
    loose: BTreeMap<(&'static str, &'static str), (u64, Provenance)>,
    disabled: Vec<Disabled>,
    /// How often something of Google was seen.
    pub(super) seen: u64,
    foreign: Option<(u64, Provenance)>,
    breaks_off: bool,
}

impl<'r, 'a, 't> Reader<'r, 'a, 't> {
    pub(super) fn new(intake: Intake<'r, 'a>, take: Take<'t>) -> Self {
        Self {
            intake,
            take,
            traits: Traits::default(),
            tally: Tally::default(),
            catalogue: Catalogue::default(),
            asked: None,
            is_listed: false,
            described: BTreeSet::new(),
            resources: 0,
            listed_in: BTreeSet::new(),
            cut_in: BTreeSet::new(),
            loose: BTreeMap::new(),
            disabled: Vec::new(),
            seen: 0,
            foreign: None,
            breaks_off: false,
        }
    }

    /// Takes in an object for what it is; says whether it is one of Google's.
    pub(super) fn object(&mut self, told: Told, node: Node<'a>, origin: Origin) -> bool {
        self.seen += u64::from(!matches!(told, Told::Nobody));
        match told {
            Told::Kind(kind) => {
                self.traits(kind);
                self.resource(kind, node, origin, None);
            }
            Told::Other(other) => {
                self.traits.listed = true;
                self.other(other, node);
            }
            Told::Google => {
                self.traits.listed = true;
                self.bears("other", Bearing::Counts, node.at);
            }
            Told::Nobody => return false,
        }
        true
    }

    fn traits(&mut self, kind: &Kind) {
        if kind.collection == EFFECTIVE {
            self.traits.effective = true;
        } else {
            self.traits.listed = true;
        }
    }

    fn other(&mut self, other: &Elsewhere, node: Node<'a>) {
        let at = node.at;
        self.bears(other.name, other.fate.bearing(&Tree::Object(node)), at);
    }

    /// Counts something that is not assessed.
    pub(super) fn bears(&mut self, name: &'static str, bearing: Bearing, at: Option<&'a str>) {
        if bearing != Bearing::Nothing {
            let place = self.intake.place(at);
            self.tally.bears(name, bearing, place);
        }
    }

    /// Reads an object of a kind and hands it on.
    pub(super) fn resource(
        &mut self,
        kind: &Kind,
        mut node: Node<'a>,
        origin: Origin,
        since: Option<Moment>,
    ) {
        let told_before = self.intake.gaps.len();
        if is_whole_node(&node, &origin) {
            drop_blanks(&mut node);
        }
        let stated = Stated::flat(&node, name_of(kind, &node, &origin), &mut self.intake);
        let Some(resource) = (kind.read)(&stated, &origin, &mut self.intake) else {
            if self.intake.gaps.len() == told_before {
                let message = format!("a {} that nothing names: it is not read", kind.name);
                self.tell(node.at, "missing-id", Effect::Skipped, message);
            }
            return;
        };
        self.resources += 1;
        let key = resource.identity().key.clone();
        let statement = Statement::Is { kind: kind.name, resource, since, node: &node, origin: &origin };
        let counts = (self.take)(statement, self.intake.desk.gaps);
        if since.is_some() {
            let told = self.intake.desk.gaps.split_off(told_before);
            self.tally.told_since(kind.name, key, told, counts);
        }
    }

    /// A resource was deleted. Its key is the one that its kind would give it.
    pub(super) fn gone(&mut self, kind: &Kind, name: &str, origin: &Origin, since: Moment) {
        let told_before = self.intake.gaps.len();
        let nothing = Node::default();
        let stated = Stated::flat(&nothing, kind.name, &mut self.intake);
        let resource = (kind.read)(&stated, origin, &mut self.intake);
        // What a resource that is gone does not say is no loss.
        self.intake.desk.gaps.truncate(told_before);
        let key = match resource {
            Some(resource) => resource.identity().key.clone(),
            None => self.intake.name(path_of(name)),
        };
        let gone = Statement::Gone { kind: kind.name, key: key.clone(), since };
        let counts = (self.take)(gone, self.intake.desk.gaps);
        self.tally.told_since(kind.name, key, Vec::new(), counts);
    }

    /// Tells of something in the document.
    pub(super) fn tell(&mut self, at: Option<&'a str>, code: &'static str, effect: Effect, message: String) {
        let place = self.intake.place(at);
        self.intake.note(place, code, effect, message);
    }

    /// An entry of a catalogue of addresses.
    pub(super) fn range(&mut self, node: &Node<'a>) {
        match range::read(node) {
            Entry::Rented { prefix, scope } => self.catalogue.add(scope, prefix),
            Entry::Own => self.catalogue.add_own(),
            Entry::Unreadable => {
                self.catalogue.spoil();
                let message =
                    "an entry of the catalogue cannot be read: its addresses are not known".to_owned();
                self.tell(node.at, "unreadable-prefix", Effect::Undecided, message);
            }
            Entry::Foreign => return,
        }
        self.seen += 1;
        self.traits.ranges = true;
    }

    /// Another page follows.
    pub(super) fn truncated(&mut self, at: Option<&'a str>) {
        let message = "`nextPageToken` names a page that follows: the list is cut, add its other pages";
        self.tell(at, "truncated-page", Effect::Narrowed, message.to_owned());
    }

    /// Whose an object is by what was asked for.
    pub(super) fn origin(&mut self) -> Origin {
        let holder = self.asked.as_deref().and_then(holder);
        Origin { holder: holder.map(|path| self.intake.name(&path)), ..Origin::default() }
    }

    /// What holds a project, the project first: the type and the id of each.
    pub(super) fn ancestry(&mut self, steps: &[Node<'a>]) {
        self.seen += 1;
        self.traits.listed = true;
        let name = |step: &Node<'_>| Some(format!("{}s/{}", text(step, "type")?, text(step, "id")?));
        let ancestors = steps.iter().filter_map(name).map(|path| self.intake.name(&path)).collect();
        (self.take)(Statement::Ancestry(ancestors), self.intake.desk.gaps);
    }

    /// A list of kinds of a project ends.
    pub(super) fn ends(&mut self, kinds: &[&'static str], holder: Option<&str>, is_whole: bool) {
        self.tally.begins(kinds.iter().copied());
        self.tally.ends(is_whole);
        let project =
            holder.and_then(|path| path.strip_prefix("projects/")).and_then(|path| path.split('/').next());
        let Some(project) = project.map(|project| self.intake.name(&format!("projects/{project}"))) else {
            return;
        };
        let ended = kinds.iter().map(|kind| (*kind, project.clone()));
        if is_whole { self.listed_in.extend(ended) } else { self.cut_in.extend(ended) }
    }

    /// A piece that stands alone and is part of what nobody named.
    pub(super) fn loose(&mut self, piece: Option<(&'static Loose, Node<'a>)>) {
        if let Some((loose, node)) = piece {
            self.seen += 1;
            self.traits.listed = true;
            let place = self.intake.place(node.at);
            self.loose.entry((loose.what, loose.advice)).or_insert((0, place)).0 += 1;
        }
    }

    /// A value that is nothing of Google.
    pub(super) fn foreign(&mut self, at: Option<&'a str>) {
        let place = self.intake.place(at);
        self.foreign.get_or_insert((0, place)).0 += 1;
    }

    /// What was asked for was refused. Where a service is switched off, nothing of it is there.
    pub(super) fn refused(&mut self, refusal: &Refusal, at: Option<&'a str>) {
        self.seen += 1;
        self.traits.listed = true;
        match &refusal.disabled {
            Some((service, consumer)) => {
                let read_at = self.intake.place(at);
                let (service, consumer) = (service.clone(), consumer.clone());
                self.disabled.push(Disabled { service, consumer, read_at });
            }
            None => self.failed(&refusal.code, at),
        }
    }

    /// What was asked for was not answered.
    pub(super) fn failed(&mut self, code: &str, at: Option<&'a str>) {
        let code = cloud::Quoted(code);
        let message =
            format!("an error of Google Cloud, {code}, expected an answer: what was asked for is not read");
        self.tell(at, "error-answer", Effect::Skipped, message);
    }

    /// The document breaks off: what is read of it is not all.
    pub(super) fn cut_short(&mut self) {
        self.tally.ends(false);
        self.breaks_off = true;
        self.intake.desk.around = None;
        self.asked = None;
    }

    /// Tells what had to wait.
    pub(super) fn finish(mut self) -> Remainder {
        let counted = self.tally.finish(&mut self.intake.desk);
        for ((what, advice), (count, place)) in core::mem::take(&mut self.loose) {
            let message = format!("{what}, {count} in this document: they are not read; {advice}");
            self.intake.note(place, "missing-subject", Effect::Skipped, message);
        }
        let format = self.traits.format();
        if let Some((count, place)) = self.foreign {
            let message =
                format!("{count} values of this document are nothing of Google Cloud: they are not read");
            self.intake.note(place, "foreign-entry", Effect::Skipped, message);
        }
        // Half a catalogue would say of addresses that they are nobody's.
        let catalogue = (self.catalogue.is_some() && !self.breaks_off).then_some(self.catalogue);
        let version = catalogue.as_ref().map(|catalogue| ("cloud-ranges", catalogue.created.clone()));
        Remainder {
            reading: Reading { format, resources: self.resources, catalogue: version, gaps: Vec::new() },
            listed: counted.listed,
            listed_in: self.listed_in.difference(&self.cut_in).cloned().collect(),
            described: self.described,
            not_assessed: counted.not_assessed,
            disabled: self.disabled,
            catalogue,
        }
    }
}

/// The collection of what an effective answer is read as.
pub(super) const EFFECTIVE: &str = "getEffectiveFirewalls";

/// Takes out what says nothing in a whole resource. No API prints null, and an empty list is left out in one form and
/// written in another.
pub(super) fn drop_blanks(node: &mut Node<'_>) {
    node.retain(&|value| match value {
        Tree::Null => false,
        Tree::List(items) => !items.is_empty(),
        Tree::Flag(_) | Tree::Text(_) | Tree::Object(_) | Tree::Unknown(_) => true,
    });
}

/// What an object is told as while it is read: its name, else its kind.
pub(super) fn name_of<'n>(kind: &Kind, node: &'n Node<'_>, origin: &'n Origin) -> &'n str {
    let name = text(node, "name").or(origin.asset.as_deref());
    name.map_or(kind.name, |name| name.rsplit('/').next().unwrap_or(name))
}
