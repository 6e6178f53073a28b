//! From the text of one document to resources, gaps and the name of its format.
//!
//! Knows how documents are made up, not what becomes of the resources: they are handed out one by one.

use std::borrow::Cow;
use std::collections::BTreeMap;

use cloud::{Document, Reading};
use model::{Effect, Gap, Provenance};

use crate::catalogue::Catalogue;
use crate::format::Traits;
use crate::intake::{Intake, Quoted};
use crate::pool::Pool;
use crate::resource::{
    ApplicationGroup, EffectiveParts, Group, Interface, Kind, Machine, NetworkParts, Peering, PublicAddress,
    ReadAt, Resource, RouteTable, Subnet, read_device, tell_twice,
};
use crate::wire::{Element, Item, Json, Listing, Malformed, Text, read_stream, whole_object};

/// What a document holds beside the resources that were handed out.
pub(crate) struct Remainder {
    pub(crate) reading: Reading,
    pub(crate) catalogue: Option<Catalogue>,
    /// Resources that are not assessed, by kind.
    pub(crate) not_assessed: BTreeMap<&'static str, u64>,
}

/// Reads a document; `take` gets each resource with its place.
pub(crate) fn read_document(
    document: &Document<'_>,
    pool: &mut Pool,
    take: &mut dyn FnMut(Resource, &mut Vec<Gap>),
) -> Remainder {
    let mut gaps = Vec::new();
    let intake = Intake { document: document.id, text: document.text, pool, gaps: &mut gaps };
    let mut reader = Reader {
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
    };
    let broken = read_stream(document.text, &mut |item| reader.item(item));
    let mut remainder = reader.finish(document.path);
    if remainder.reading.format.is_none() {
        // What another cloud's document holds is not ours to judge.
        gaps.clear();
    }
    let looks_like_json = document.text.trim_start().starts_with(['{', '[']);
    if looks_like_json || remainder.reading.format.is_some() {
        gaps.extend(broken.iter().map(|place| malformed_gap(place, document)));
    }
    remainder.reading.gaps = gaps;
    remainder
}

struct Reader<'r, 'a, 't> {
    intake: Intake<'r, 'a>,
    take: &'t mut dyn FnMut(Resource, &mut Vec<Gap>),
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
}

impl<'a> Reader<'_, 'a, '_> {
    fn item(&mut self, item: Item<'a>) {
        match item {
            Item::List(Listing::Document) => self.traits.list = true,
            Item::List(Listing::Page) => {
                self.traits.list = true;
                self.traits.page = true;
            }
            Item::List(Listing::Catalogue) => {}
            Item::Resource(element) => self.element(&element),
            Item::Tag(tag) => {
                self.traits.tag = true;
                self.catalogue.add(&tag, &mut self.intake);
            }
            Item::CatalogueVersion(version) => self.change_number = version.get().map(str::to_owned),
            Item::Strange => self.foreign(None),
            Item::NextPage(link) => self.next_page(&link),
            Item::End => self.end_of_document(),
        }
    }

    fn element(&mut self, element: &Element<'a>) {
        let Some(kind) = Kind::of(element) else {
            self.foreign(element.at);
            return;
        };
        self.traits.resource = true;
        self.traits.nested |= element.nested;
        let place = self.intake.place(element.at);
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
            Kind::Device(position) => {
                let node = element.at.and_then(|at| whole_object(intake.text, at));
                match node.and_then(|node| read_device(position, &node, intake)) {
                    Some(device) => Resource::Device(device),
                    None => {
                        let message =
                            "the first key of this resource is spelled with escapes: it is not read";
                        intake.note(place, "unreadable-resource", Effect::Skipped, message.to_owned());
                        return;
                    }
                }
            }
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
        self.put(resource);
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
            self.intake.note(place, "unexpected-type", Effect::Undecided, message);
        }
    }

    fn put(&mut self, resource: Resource) {
        self.resources += 1;
        (self.take)(resource, self.intake.gaps);
    }

    fn next_page(&mut self, link: &Text<'a>) {
        let ends = matches!(link, Text::Absent | Text::Not(Json::Boolean(false)));
        if ends || matches!(link, Text::Is(text) if text.trim().is_empty()) {
            return;
        }
        let place = match link {
            Text::Is(Cow::Borrowed(text)) => self.intake.place(Some(text)),
            Text::Is(Cow::Owned(_)) | Text::Absent | Text::Not(_) => self.intake.place(None),
        };
        let message = "`nextLink` names a page that follows: the list is cut, add its other pages".to_owned();
        self.intake.note(place, "truncated-page", Effect::Narrowed, message);
    }

    fn end_of_document(&mut self) {
        let parts = core::mem::take(&mut self.effective);
        if let Some(view) = parts.finish(&mut self.intake) {
            self.put(Resource::Effective(view));
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
        if let Some((count, place)) = self.foreign {
            let message =
                format!("{count} entries of this document are no resource of Azure: they are not read");
            self.intake.note(place, "foreign-entry", Effect::Skipped, message);
        }
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

fn malformed_gap(broken: &Malformed, document: &Document<'_>) -> Gap {
    let Malformed { line, column, expected, .. } = broken;
    let kept = if broken.resumed { "the other lines are read" } else { "what stands before it is read" };
    let path = Quoted(document.path);
    let message = format!("{path}: not JSON at line {line} column {column}: {expected}: {kept}");
    let provenance = Provenance { document: document.id, offset: broken.offset };
    Gap::at(provenance, "malformed-json", Effect::Skipped, message)
}
