//! Sides of rules resolved to addresses: service tags, application groups (semantics A14 to A21).
//!
//! What cannot be resolved may be any address; a rentable pool is beside that known to be held whole (I11).

use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::{Quoted, ReadAt};
use model::{Effect, Gap, Name, Tag};
use packet::{AddressSet, Bounds};

use crate::resource::{Group, KNOWN_TAGS, NamedTag, SecurityRule, Side};

use super::Lowering;
use super::surroundings::Place;

impl Lowering<'_> {
    /// The source addresses of a rule, and the unknown pools they hold.
    pub(super) fn resolve_sources(
        &mut self,
        side: &Side,
        place: &Place,
    ) -> (Bounds<Arc<AddressSet>>, Vec<Arc<Tag>>) {
        if side.is_resolved() {
            return (side.addresses.clone(), Vec::new());
        }
        let mut addresses = self.resolve_tags(side, place);
        if !side.groups.is_empty() {
            // A21: never Internet addresses, whatever the members have.
            let members = self.members(&side.groups, place);
            let private = Arc::clone(&self.memo.private);
            let mut cut = |set: &AddressSet| self.memo.share(set.intersection(&private));
            let members = Bounds { must: cut(&members.must), may: cut(&members.may) };
            addresses = self.join(&addresses, &members);
        }
        let unresolved = side.tags.iter().filter(|tag| self.addresses_of(tag).is_none());
        let mut pools: Vec<Arc<Tag>> = unresolved.filter_map(|tag| tag.rentable.clone()).collect();
        pools.sort_unstable();
        (addresses, pools)
    }

    /// The destination addresses of a rule.
    pub(super) fn resolve_destinations(&mut self, side: &Side, place: &Place) -> Bounds<Arc<AddressSet>> {
        if side.is_resolved() {
            return side.addresses.clone();
        }
        let addresses = self.resolve_tags(side, place);
        if side.groups.is_empty() {
            return addresses;
        }
        let members = self.members(&side.groups, place);
        self.join(&addresses, &members)
    }

    fn resolve_tags(&mut self, side: &Side, place: &Place) -> Bounds<Arc<AddressSet>> {
        let mut addresses = side.addresses.clone();
        if side.internet {
            addresses = self.join(&addresses, &place.surroundings.internet);
        }
        if side.virtual_network {
            addresses = self.join(&addresses, &place.surroundings.virtual_network);
        }
        for tag in &side.tags {
            let known = self.addresses_of(tag).map(|known| Bounds::exactly(Arc::clone(known)));
            let stands_for = known.unwrap_or_else(|| self.memo.common.unknown());
            addresses = self.join(&addresses, &stands_for);
        }
        addresses
    }

    pub(super) fn addresses_of(&self, tag: &NamedTag) -> Option<&Arc<AddressSet>> {
        self.estate.catalogue.as_ref().and_then(|catalogue| catalogue.addresses(&tag.key))
    }

    fn join(
        &mut self,
        one: &Bounds<Arc<AddressSet>>,
        more: &Bounds<Arc<AddressSet>>,
    ) -> Bounds<Arc<AddressSet>> {
        Bounds { must: self.memo.union(&one.must, &more.must), may: self.memo.union(&one.may, &more.may) }
    }

    /// A21: the private addresses of the members of application groups, as far as the input has them. All members
    /// are in one virtual network; those of another are none here.
    fn members(&mut self, groups: &[Name], place: &Place) -> Bounds<Arc<AddressSet>> {
        let index = Arc::clone(&self.index);
        let mut must = Spans::default();
        let mut may = Spans::default();
        let mut all_known = place.is_complete && !self.estate.interfaces.is_empty();
        let stated = groups.iter().filter_map(|group| index.members.get(group)).flatten();
        let stated = stated.map(|member| (member, true));
        let possible = index.possible_members.iter().map(|member| (member, false));
        for (member, is_stated) in stated.chain(possible) {
            let same = match (&member.network, &place.network) {
                (Some(theirs), Some(here)) => Some(theirs == here),
                (Some(_) | None, Some(_) | None) => None,
            };
            if same == Some(false) {
                continue;
            }
            match &member.addresses {
                Some(addresses) if is_stated && same == Some(true) => must.add(addresses),
                Some(addresses) => may.add(addresses),
                None => all_known = false,
            }
        }
        let must = must.finish();
        let may = if all_known { may.finish().union(&must) } else { AddressSet::everything() };
        Bounds { must: self.memo.share(must), may: self.memo.share(may) }
    }

    /// I7: pools an attacker can rent from: each region of `AzureCloud`, each shared service.
    pub(super) fn rentable(&self) -> Vec<Arc<AddressSet>> {
        let Some(catalogue) = &self.estate.catalogue else { return Vec::new() };
        let mut pools: BTreeMap<String, Arc<AddressSet>> = BTreeMap::new();
        for (name, addresses) in catalogue.iter() {
            let key: Name = name.to_ascii_lowercase().into();
            let Some(pool) = NamedTag::new(&key, name).rentable else { continue };
            let is_cloud = key.split('.').next() == Some("azurecloud");
            if pool.within.is_empty() != is_cloud {
                pools.insert(key.to_string(), Arc::clone(addresses));
            }
        }
        pools.into_values().collect()
    }

    /// Tells of every tag in a rule that is not resolved, once for each rule.
    pub(super) fn tell_tags(&mut self) {
        let estate = self.estate;
        for group in estate.groups.values() {
            self.tell_tags_of(group);
        }
        for view in estate.views.values() {
            for list in &view.lists {
                for rule in &list.rules {
                    self.tell_tags_of_rule(&list.identity.name, list.identity.read_at, rule);
                }
            }
        }
    }

    fn tell_tags_of(&mut self, group: &Group) {
        for rule in &group.rules {
            self.tell_tags_of_rule(&group.identity.name, group.identity.read_at, rule);
            self.tell_groups_of_rule(group, rule);
        }
    }

    fn tell_tags_of_rule(&mut self, group: &str, read_at: ReadAt, rule: &SecurityRule) {
        for tag in rule.sources.tags.iter().chain(&rule.destinations.tags) {
            if self.addresses_of(tag).is_none() {
                let owner = format!("{}: rule {}", Quoted(group), Quoted(&rule.name));
                let gap = self.unresolved_tag(tag, &owner, rule.read_at.unwrap_or(read_at));
                self.gaps.push(gap);
            }
        }
    }

    /// Application groups that are not in the input, although their kind is.
    fn tell_groups_of_rule(&mut self, group: &Group, rule: &SecurityRule) {
        let known = &self.estate.application_groups;
        if known.is_empty() {
            return;
        }
        let named = rule.sources.groups.iter().chain(&rule.destinations.groups);
        let missing: Vec<&Name> = named.filter(|key| !known.contains_key(*key)).collect();
        for key in missing {
            let read_at = rule.read_at.unwrap_or(group.identity.read_at);
            self.tell_dangling(&group.identity, read_at, "the application security group", key);
        }
    }

    /// A tag that no catalogue resolves; `owner` is what names it, already quoted.
    pub(super) fn unresolved_tag(&self, tag: &NamedTag, owner: &str, read_at: ReadAt) -> Gap {
        let name = Quoted(&tag.name);
        let catalogue = self.estate.catalogue.as_ref();
        let (code, what) = match (catalogue, tag.known) {
            (None, true) => (
                "unresolved-service-tag",
                format!("service tag {name} needs a catalogue of addresses: pass `--service-tags FILE`"),
            ),
            (Some(catalogue), true) => (
                "unresolved-service-tag",
                format!("service tag {name} is not in the catalogue of {}", Quoted(&catalogue.version)),
            ),
            (None | Some(_), false) => {
                let meant = self.closest_tag(&tag.key);
                let hint =
                    meant.map_or_else(String::new, |meant| format!(", did you mean {}?", Quoted(meant)));
                ("unknown-service-tag", format!("{name} is neither a prefix nor a known service tag{hint}"))
            }
        };
        Gap::at(read_at.0, code, Effect::Undecided, format!("{owner}: {what}"))
    }

    /// The known tag that is fewest letters away, if it is near.
    fn closest_tag(&self, key: &str) -> Option<&str> {
        let built_in = KNOWN_TAGS.iter().map(|(name, _)| *name);
        let listed =
            self.estate.catalogue.iter().flat_map(|catalogue| catalogue.iter().map(|(name, _)| &**name));
        let measured = built_in.chain(listed).map(|name| (distance(key, &name.to_ascii_lowercase()), name));
        measured.filter(|(letters, _)| *letters <= LETTERS_MAX).min().map(|(_, name)| name)
    }
}

/// A union that is made once at the end: an application group may have thousands of members.
#[derive(Default)]
struct Spans {
    v4: Vec<(u32, u32)>,
    v6: Vec<(u128, u128)>,
}

impl Spans {
    fn add(&mut self, addresses: &AddressSet) {
        self.v4.extend_from_slice(addresses.v4_spans());
        self.v6.extend_from_slice(addresses.v6_spans());
    }

    fn finish(self) -> AddressSet {
        AddressSet::from_v4_spans(self.v4).union(&AddressSet::from_v6_spans(self.v6))
    }
}

/// The number of letters to change, add or leave out (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    if one.len().abs_diff(other.len()) > LETTERS_MAX {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.bytes().enumerate() {
        let mut above_left = line;
        let mut left = line + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, wanted) in row.iter_mut().skip(1).zip(other.bytes()) {
            let above = *cell;
            let same = above_left + usize::from(letter != wanted);
            *cell = same.min(above + 1).min(left + 1);
            above_left = above;
            left = *cell;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}

/// A name further away than this is not what was meant.
const LETTERS_MAX: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_letters() {
        for (one, other, letters) in [
            ("storage", "storage", 0),
            ("storag", "storage", 1),
            ("stroage", "storage", 2),
            ("sql", "sqI", 1),
        ] {
            assert_eq!(distance(one, other), letters, "{one} {other}");
        }
        assert_eq!(distance("a", "abcdef"), usize::MAX);
    }
}
