//! What a prefix list stands for (W6): the union of its entries, bounds where they are not in the input.
//!
//! Lists of AWS are resolved by the ranges it publishes. Knows nothing of rules and routes.

use std::collections::BTreeSet;
use std::sync::Arc;

use cloud::{Common, LookupMap, Quoted, Said};
use model::{Effect, Gap, Name, Tag};
use packet::{AddressSet, Bounds, Family, Prefix};

use crate::estate::Estate;
use crate::resource::{Contents, Identity};

use super::Lowering;

/// What a prefix list stands for.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(super) addresses: Bounds<Arc<AddressSet>>,
    /// Its entries, where they are known for certain.
    pub(super) prefixes: Option<Arc<[Prefix]>>,
    /// The pool it is, where its members are not known and anybody can send from one.
    pub(super) tags: Vec<Arc<Tag>>,
    /// What people call it: `pl-1 (office)`.
    pub(super) written: Name,
}

/// What the input says of prefix lists, by their ids.
#[derive(Debug, Default)]
pub(super) struct Lists<'e>(LookupMap<&'e str, Stated<'e>>);

/// What the input says of one list.
#[derive(Clone, Debug, Default)]
struct Stated<'e> {
    /// Whether more is said of it than its entries.
    is_described: bool,
    name: Option<&'e Name>,
    owner: Option<&'e Name>,
    family: Option<Family>,
    /// What statements of the whole list say it holds.
    contents: Vec<&'e Said<Contents>>,
    /// What pages of its entries say.
    pages: Vec<&'e Said<Contents>>,
}

impl<'e> Lists<'e> {
    pub(super) fn of(estate: &'e Estate) -> Self {
        let mut lists = Self::default();
        for list in estate.resources.prefix_lists.values() {
            let known = lists.0.entry(&list.list).or_default();
            known.is_described = true;
            known.name = known.name.or(list.name.as_ref());
            known.owner = known.owner.or(list.owner.as_ref());
            known.family = known.family.or(list.family);
            known.contents.push(&list.contents);
        }
        for page in estate.resources.prefix_list_entries.values() {
            lists.0.entry(&page.list).or_default().pages.push(&page.contents);
        }
        lists
    }

    /// What is stated of a list: of one that the input does not have, nothing.
    fn stated(&self, id: &str) -> Stated<'e> {
        self.0.get(id).map_or_else(Stated::default, Stated::clone)
    }
}

impl Stated<'_> {
    /// Whether AWS has it and nobody else changes it.
    fn is_of_aws(&self) -> bool {
        let is_owned = self.owner.is_some_and(|owner| owner.eq_ignore_ascii_case("AWS"));
        is_owned || (self.owner.is_none() && self.name.is_some_and(|name| name.starts_with("com.amazonaws.")))
    }

    /// What is stated of its entries, and whether all statements say the same: pages add up, whole statements do not. An
    /// empty list admits nobody (T20).
    fn entries(&self, common: &Common) -> Option<(Contents, bool)> {
        let read = |said: &&Said<Contents>| match said {
            Said::Nothing => None,
            Said::This(contents) => Some(contents.clone()),
            Said::Unreadable => Some(Contents { addresses: common.unknown(), prefixes: None }),
        };
        let joined = self.pages.iter().filter_map(read).reduce(joined);
        let whole: Vec<Contents> = self.contents.iter().filter_map(read).chain(joined).collect();
        let is_one =
            whole.windows(2).all(|pair| matches!(pair, [one, other] if one.addresses == other.addresses));
        let contents = whole.into_iter().reduce(|one, other| Contents {
            addresses: Bounds {
                must: Arc::new(one.addresses.must.intersection(&other.addresses.must)),
                may: Arc::new(one.addresses.may.union(&other.addresses.may)),
            },
            prefixes: one.prefixes.filter(|prefixes| other.prefixes.as_ref() == Some(prefixes)),
        })?;
        Some((contents, is_one))
    }
}

impl Lowering<'_> {
    /// What a prefix list stands for that a resource uses. What is odd about it is told once.
    pub(super) fn prefix_list(&mut self, id: &Name, user: &Identity) -> Listed {
        let stated = self.groups.lists.stated(id);
        let written = written(id, &stated, user);
        if let Some(known) = self.groups.prefix_lists.get(id) {
            return Listed { written, ..known.clone() };
        }
        let (contents, tags) = match stated.entries(&self.common) {
            Some((contents, is_one)) => {
                if !is_one {
                    self.tell_unresolved(id, user, CONTRADICTED);
                }
                (contents, Vec::new())
            }
            None => {
                let (addresses, tags) = self.without_entries(id, &stated, user);
                (Contents { addresses, prefixes: None }, tags)
            }
        };
        let listed = Listed { addresses: contents.addresses, prefixes: contents.prefixes, tags, written };
        self.groups.prefix_lists.insert(Arc::clone(id), listed.clone());
        listed
    }

    /// Whether a list is one of AWS whose addresses the input does not have. Of a list of which only entries are in the
    /// input, or nothing, `if_unlisted` is the answer to the first.
    pub(super) fn is_unresolved_of_aws(&self, id: &str, if_unlisted: bool) -> bool {
        let stated = self.groups.lists.stated(id);
        let is_of_aws = if stated.is_described { stated.is_of_aws() } else { if_unlisted };
        let published = stated.name.zip(self.estate.catalogue.as_ref());
        let is_published = published.is_some_and(|(name, ranges)| ranges.of_managed_list(name).is_some());
        is_of_aws && !is_published && stated.entries(&self.common).is_none()
    }

    /// A list whose entries are not in the input: the ranges that AWS publishes, a pool, or bounds.
    fn without_entries(
        &mut self,
        id: &Name,
        list: &Stated<'_>,
        user: &Identity,
    ) -> (Bounds<Arc<AddressSet>>, Vec<Arc<Tag>>) {
        let whole = list.family.map_or_else(AddressSet::everything, AddressSet::whole);
        let bounds = Bounds::between(Arc::clone(&self.common.nothing), Arc::new(whole));
        let Some(name) = list.name.filter(|_| list.is_of_aws()) else {
            let (kind, what) = match list.is_described {
                true => (
                    "prefix-list-entries",
                    "has no entries in the input: it may hold every address of its family",
                ),
                false => ("prefix-list", "is not in the input: it may hold every address"),
            };
            // Where its kind is not in the input, it is missing, which is said once.
            match self.has_lists_of(kind) {
                true => self.tell_unresolved(id, user, what),
                false => self.groups.uses_unlisted = true,
            }
            return (bounds, Vec::new());
        };
        let published = self.estate.catalogue.as_ref().and_then(|ranges| ranges.of_managed_list(name));
        if let Some(published) = published {
            return (Bounds::exactly(published), Vec::new());
        }
        self.tell_unresolved(id, user, UNPUBLISHED);
        // W6: whoever is a customer of CloudFront sends from there.
        let is_pool = name.ends_with(".cloudfront.origin-facing");
        let pool = is_pool.then(|| Arc::new(Tag { name: Arc::clone(name), within: Vec::new() }));
        (bounds, pool.into_iter().collect())
    }

    fn has_lists_of(&self, kind: &str) -> bool {
        self.estate.has_kind(kind)
    }

    fn tell_unresolved(&mut self, id: &str, user: &Identity, what: &str) {
        let message = format!("{}: the prefix list {} {what}", Quoted(&user.name), Quoted(id));
        self.gaps.push(Gap::at(user.read_at.0, "unresolved-prefix-list", Effect::Undecided, message));
    }
}

/// Two pages of one list.
fn joined(one: Contents, other: Contents) -> Contents {
    let prefixes = one.prefixes.zip(other.prefixes).map(|(one, other)| {
        let all: BTreeSet<Prefix> = one.iter().chain(other.iter()).copied().collect();
        all.into_iter().collect()
    });
    let addresses = Bounds {
        must: Arc::new(one.addresses.must.union(&other.addresses.must)),
        may: Arc::new(one.addresses.may.union(&other.addresses.may)),
    };
    Contents { addresses, prefixes }
}

/// How a list is told: with its name, and with whoever else may change it (T13).
fn written(id: &Name, list: &Stated<'_>, user: &Identity) -> Name {
    let other = list.owner.filter(|owner| !list.is_of_aws() && user.account.as_ref() != Some(*owner));
    match (list.name, other) {
        (Some(name), Some(owner)) => format!("{id} ({name}, of {owner})").into(),
        (Some(name), None) => format!("{id} ({name})").into(),
        (None, Some(owner)) => format!("{id} (of {owner})").into(),
        (None, None) => Arc::clone(id),
    }
}

const CONTRADICTED: &str = "is in the input with different entries: what not all of them hold is possible";
const UNPUBLISHED: &str = "is one of AWS, whose addresses are in `ip-ranges.json`: pass it as `--ranges FILE`, or export its entries";
