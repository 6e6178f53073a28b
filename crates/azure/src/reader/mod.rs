//! From the text of one document to resources, gaps and the name of its format.
//!
//! Knows how documents are made up, not what becomes of the resources: they are handed out one by one.

mod answers;

use std::borrow::Cow;
use std::collections::BTreeMap;

use cloud::json::{Node, whole_object};
use cloud::{Desk, Document, Quoted, ReadAt, Reading};
use model::{Effect, Gap, Provenance};

use crate::catalogue::Catalogue;
use crate::format::Traits;
use crate::intake::Intake;
use crate::pool::Pool;
use crate::replay::flat;
use crate::resource::{
    ApplicationGroup, EffectiveParts, Group, Interface, Kind, Machine, NetworkParts, Peering, PublicAddress,
    Resource, RouteTable, Subnet, read_device, tell_twice,
};
use crate::wire::{Element, Item, Listing, Wrapper, element_of, is_envelope, read_stream, respelled};

use answers::Answers;

/// What a document holds beside the resources that were handed out.
pub(crate) struct Remainder {
    pub(crate) reading: Reading,
    pub(crate) catalogue: Option<Catalogue>,
    /// Resources that are not assessed, by kind.
    pub(crate) not_assessed: BTreeMap<&'static str, u64>,
}

/// How much a document says of a resource. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Statement {
    /// What it is, or as much of it as was asked.
    Content,
    /// Its name alone: `az resource list` leaves out what a resource is.
    Name,
}

/// How a document spells a resource, for who remembers it; `None` where that cannot be told apart from its document.
pub(crate) type Spelled<'s> = &'s dyn Fn() -> Option<Node<'static>>;

/// Who takes the resources of a document.
pub(crate) type Take<'t> = &'t mut dyn FnMut(Resource, Statement, Spelled<'_>, &mut Vec<Gap>);

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
    let mut reader = Reader::new(Intake { desk, pool }, take);
    let broken = read_stream(document.text, &mut |item| reader.item(item));
    let mut remainder = reader.finish(document.path);
    if remainder.reading.format.is_none() {
        // What another cloud's document holds is not ours to judge.
        gaps.clear();
    }
    let looks_like_json = document.text.trim_start().starts_with(['{', '[']);
    if looks_like_json || remainder.reading.format.is_some() {
        gaps.extend(broken.iter().map(|place| document.malformed(place)));
    }
    remainder.reading.gaps = gaps;
    remainder
}

/// Reads resources that stand in no document as they are read, each as the REST interface would print it; the desk says
/// what they were written in.
pub(crate) fn read_made<'a>(
    desk: Desk<'_, 'a>,
    made: impl IntoIterator<Item = Node<'a>>,
    pool: &mut Pool,
    take: Take<'_>,
) -> Remainder {
    let mut reader = Reader::new(Intake { desk, pool }, take);
    for node in made {
        match element_of(node) {
            Some(element) => reader.element(&element),
            None => reader.foreign(None),
        }
    }
    reader.finish("")
}

struct Reader<'r, 'a, 't> {
    intake: Intake<'r, 'a>,
    take: Take<'t>,
    traits: Traits,
    effective: EffectiveParts,
    catalogue: Catalogue,
    change_number: Option<String>,
    resources: u64,
    others: u64,
    unsupported: BTreeMap<&'static str, (u64, Provenance)>,
    lone_rules: Option<(u64, Provenance)>,
    /// Entries that are no resource of Azure, and the first of them.
    foreign: Option<(u64, Provenance)>,
    answers: Answers,
}

impl<'r, 'a, 't> Reader<'r, 'a, 't> {
    fn new(intake: Intake<'r, 'a>, take: Take<'t>) -> Self {
        Self {
            intake,
            take,
            traits: Traits::default(),
            effective: EffectiveParts::default(),
            catalogue: Catalogue::default(),
            change_number: None,
            resources: 0,
            others: 0,
            unsupported: BTreeMap::new(),
            lone_rules: None,
            foreign: None,
            answers: Answers::default(),
        }
    }
}

impl<'a> Reader<'_, 'a, '_> {
    fn item(&mut self, item: Item<'a>) {
        match item {
            Item::List(Listing::Document) => self.traits.list = true,
            Item::List(Listing::Page) => {
                self.traits.list = true;
                self.traits.page = true;
            }
            Item::List(Listing::Rows) => self.traits.rows = true,
            Item::List(Listing::Catalogue) => {}
            Item::Resource(element) if element.is_pascal => self.pascal_element(*element),
            Item::Resource(element) => self.element(&element),
            Item::Tag(tag) => {
                self.traits.tag = true;
                self.catalogue.add(&tag, &mut self.intake);
            }
            Item::CatalogueVersion(version) => self.change_number = version.get().map(str::to_owned),
            Item::Strange => self.foreign(None),
            Item::NextPage(link) => self.answers.next_page(&link, &self.intake),
            Item::Query(query) => {
                self.traits.query |= query.says_so();
                Answers::query(&query, &mut self.intake);
            }
            Item::Refused(refusal) => {
                self.traits.refusal = true;
                Answers::refused(&refusal, &mut self.intake);
            }
            Item::Inside(wrapper) => self.traits.wrapper = Some(wrapper),
            Item::Asked(address) => self.answers.asked(&address),
            Item::BrokenText(at) => {
                let message = "a recorded answer is not JSON: what stands before its end is read".to_owned();
                let place = self.intake.place(at);
                self.intake.note(place, "malformed-json", Effect::Skipped, message);
            }
            Item::End => self.end_of_document(),
        }
    }

    /// An element whose keys begin with capitals is read again, as PowerShell means it.
    fn pascal_element(&mut self, element: Element<'a>) {
        let text = self.intake.text;
        let node = match &element.whole {
            Some(node) => Some((**node).clone()),
            None => element.at.and_then(|at| whole_object(text, at)),
        };
        match node.and_then(respelled) {
            Some(respelled) => {
                self.traits.powershell |= respelled.is_of_powershell;
                self.element(&respelled.element);
            }
            None => self.element(&element),
        }
    }

    fn element(&mut self, element: &Element<'a>) {
        self.intake.around = element.whole.as_deref().and_then(|node| node.at);
        self.known_element(element);
        self.intake.around = None;
    }

    fn known_element(&mut self, element: &Element<'a>) {
        let Some(kind) = Kind::of(element) else {
            match element.sign {
                Some(sign) => self.answers.sign(sign, self.intake.place(element.at)),
                None => self.foreign(element.at),
            }
            return;
        };
        self.traits.resource = true;
        self.traits.nested |= element.nested;
        let place = self.intake.place(element.at);
        let node = match kind {
            Kind::Device(_) => self.node(element),
            _ => None,
        };
        let is_name = kind.has_body() && is_name(element, node.as_deref());
        let told_before = self.intake.gaps.len();
        if !matches!(kind, Kind::Unsupported(_) | Kind::Other) {
            self.tell_oddities(element, place);
        }
        let intake = &mut self.intake;
        let resource = match kind {
            Kind::Group => Resource::Group(Group::read(element, intake)),
            Kind::Interface => Resource::Interface(Interface::read(element, intake)),
            Kind::Network => Resource::Network(Box::new(NetworkParts::read(element, intake))),
            Kind::Subnet => Resource::Subnet(Subnet::read(element, intake)),
            Kind::Peering => Resource::Peering(Peering::read(element, intake)),
            Kind::RouteTable => Resource::RouteTable(RouteTable::read(element, intake)),
            Kind::PublicAddress => Resource::PublicAddress(PublicAddress::read(element, intake)),
            Kind::Machine => Resource::Machine(Machine::read(element, intake)),
            Kind::ApplicationGroup => Resource::ApplicationGroup(ApplicationGroup::read(element, intake)),
            Kind::Effective => {
                self.traits.effective = true;
                self.effective.add(element, intake);
                return;
            }
            Kind::Device(position) => match node.and_then(|node| read_device(position, &node, intake)) {
                Some(device) => Resource::Device(device),
                None => {
                    let message = "the first key of this resource is spelled with escapes: it is not read";
                    intake.note(place, "unreadable-resource", Effect::Skipped, message.to_owned());
                    return;
                }
            },
            Kind::LoneRule => {
                self.lone_rules.get_or_insert((0, place)).0 += 1;
                return;
            }
            Kind::Unsupported(name) => {
                self.unsupported.entry(name).or_insert((0, place)).0 += 1;
                return;
            }
            Kind::Other => {
                self.others += 1;
                return;
            }
        };
        if is_name {
            // Told once for all of them, and only if nobody says more.
            self.intake.gaps.truncate(told_before);
            self.put(resource, Statement::Name, Some(element));
        } else {
            self.put(resource, Statement::Content, Some(element));
        }
    }

    /// The object that an element was read from.
    fn node<'e>(&self, element: &'e Element<'a>) -> Option<Cow<'e, Node<'a>>> {
        let text = self.intake.text;
        match &element.whole {
            Some(node) => Some(Cow::Borrowed(node)),
            None => element.at.and_then(|at| whole_object(text, at)).map(Cow::Owned),
        }
    }

    fn foreign(&mut self, at: Option<&'a str>) {
        self.traits.foreign = true;
        let place = self.intake.place(at);
        self.foreign.get_or_insert((0, place)).0 += 1;
    }

    /// What would be lost without a word: a key given twice, `properties` that are none.
    fn tell_oddities(&mut self, element: &Element<'a>, place: Provenance) {
        let name = element.name.get().or_else(|| element.id.get()).unwrap_or("a resource without a name");
        tell_twice::<Element<'_>>(element.seen, (name, ReadAt(place)), &mut self.intake);
        if let Some(json) = element.strange_properties {
            let message = format!("{}: `properties` is {json}, expected an object", Quoted(name));
            self.intake.note(place, json.code(), Effect::Undecided, message);
        }
    }

    fn put(&mut self, resource: Resource, statement: Statement, element: Option<&Element<'a>>) {
        self.resources += 1;
        let text = self.intake.text;
        let spelled = || {
            let element = element?;
            match &element.whole {
                Some(node) => Some(flat(node)),
                None => whole_object(text, element.at?).map(|node| flat(&node)),
            }
        };
        (self.take)(resource, statement, &spelled, self.intake.desk.gaps);
    }

    fn end_of_document(&mut self) {
        let parts = core::mem::take(&mut self.effective);
        if let Some(view) = parts.finish(&mut self.intake) {
            self.put(Resource::Effective(view), Statement::Content, None);
        }
    }

    fn finish(mut self, path: &str) -> Remainder {
        let mut not_assessed = BTreeMap::new();
        for (kind, (count, place)) in core::mem::take(&mut self.unsupported) {
            not_assessed.insert(kind, count);
            let message = format!("`{kind}` is a kind that is not assessed: {count} of it in this document");
            self.intake.note(place, "unsupported-resource", Effect::Skipped, message);
        }
        if self.others > 0 {
            not_assessed.insert("other", self.others);
        }
        if let Some((count, place)) = self.lone_rules {
            let message = format!(
                "{count} rules without their group, which say nothing about each other: export groups with `az network nsg list`"
            );
            self.intake.note(place, "rule-without-group", Effect::Skipped, message);
        }
        // A recording or an example holds answers to whatever was asked.
        let holds_others = matches!(self.traits.wrapper, Some(Wrapper::Recorded | Wrapper::Example));
        if let Some((count, place)) = self.foreign.filter(|_| !holds_others) {
            let message =
                format!("{count} entries of this document are no resource of Azure: they are not read");
            self.intake.note(place, "foreign-entry", Effect::Skipped, message);
        }
        self.traits.sign = self.answers.has_signs();
        self.answers.finish(&mut self.intake);
        let format = self.traits.format();
        let catalogue = (!self.catalogue.is_empty()).then(|| {
            self.catalogue.date(path, self.change_number.as_deref());
            self.catalogue
        });
        let version = catalogue.as_ref().map(|catalogue| ("service-tags", catalogue.version.clone()));
        let reading = Reading { format, resources: self.resources, catalogue: version, gaps: Vec::new() };
        Remainder { reading, catalogue, not_assessed }
    }
}

/// Whether a resource is named and nothing else of it is said.
fn is_name(element: &Element<'_>, node: Option<&Node<'_>>) -> bool {
    let is_named = element.id.get().is_some() && element.kind.get().is_some();
    is_named
        && element.strange_properties.is_none()
        && match node {
            Some(node) => is_envelope(node),
            None => !element.has_body(),
        }
}
