//! Secure tags of interfaces (G13).
//!
//! A tag that is bound to an instance counts at its interfaces in the network of the tag's key. Whether one that is bound to
//! a project, a folder or an organisation counts for the instances there is not documented: it may. One that is bound to a
//! network counts for none. Knows no rule.

use std::sync::Arc;

use cloud::Quoted;
use model::{Effect, Gap, Name};

use crate::resource::{Instance, Link, command_of, is_number};

use super::Lowering;
use super::class::Fits;
use super::network_index::Seat;
use super::policies::Ancestry;
use super::tag_bindings::Bindings;

/// The secure tags of an interface that some rule speaks of, by value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct SecureTags {
    /// Sorted.
    certain: Vec<Name>,
    /// Sorted.
    possible: Vec<Name>,
    /// The input does not tell which it has.
    may_have_others: bool,
}

impl SecureTags {
    /// No tag.
    pub(super) const fn none() -> Self {
        Self { certain: Vec::new(), possible: Vec::new(), may_have_others: false }
    }

    /// Those of a machine of which nothing is told.
    pub(super) const fn unknown() -> Self {
        Self { certain: Vec::new(), possible: Vec::new(), may_have_others: true }
    }

    /// This tag and no other.
    pub(super) fn only(tag: &Name) -> Self {
        Self { certain: vec![Arc::clone(tag)], possible: Vec::new(), may_have_others: false }
    }

    /// Whether a value is among them.
    pub(super) fn have(&self, value: &Name) -> Fits {
        if self.certain.contains(value) {
            Fits::Yes
        } else if self.may_have_others || self.possible.contains(value) {
            Fits::Maybe
        } else {
            Fits::No
        }
    }
}

impl<'e> Lowering<'e> {
    /// The secure tags of an interface that some rule speaks of.
    pub(super) fn secure_tags_of(&mut self, seat: Seat<'e>, network: Option<&Name>) -> Arc<SecureTags> {
        let bindings = Arc::clone(&self.policies.bindings);
        if bindings.asked.is_empty() {
            return Arc::new(SecureTags::none());
        }
        if bindings.is_absent() {
            return Arc::new(SecureTags::unknown());
        }
        let instance = seat.instance;
        let may_have_others = !bindings.tells_all_of(self.estate, instance);
        let is_only_one = instance.interfaces.len() == 1;
        let mut tags = SecureTags { may_have_others, ..SecureTags::default() };
        let own: Vec<&Name> = bindings.own(self.estate, instance).flatten().collect();
        let is_unnamed = |asked: &&Name| own.iter().any(|bound| bindings.may_be_one(asked, bound));
        let unnamed: Vec<Name> = bindings.asked.iter().filter(is_unnamed).cloned().collect();
        self.tell_unnamed(instance, unnamed.iter().min());
        tags.possible.extend(unnamed);
        for value in own.into_iter().filter(|value| bindings.asked.contains(*value)) {
            match bindings.counts_in(self.estate, value, network, is_only_one) {
                Fits::Yes => tags.certain.push(Arc::clone(value)),
                Fits::Maybe => tags.possible.push(Arc::clone(value)),
                Fits::No => {}
            }
        }
        tags.possible.extend(self.inherited(&bindings, seat));
        for names in [&mut tags.certain, &mut tags.possible] {
            names.sort_unstable();
            names.dedup();
        }
        Arc::new(tags)
    }

    /// Where the kind is in the input and the one value is not.
    fn tell_unnamed(&mut self, instance: &Instance, value: Option<&Name>) {
        if let Some(value) = value.filter(|_| self.has_kind("tag-value")) {
            let message = format!(
                "{}: whether one of its secure tags is {} is not in the input: it may be; add `{}`",
                Quoted(&instance.identity.name),
                Quoted(value),
                command_of("tag-value")
            );
            self.gaps.push(Gap::at(
                instance.identity.read_at.0,
                "dangling-reference",
                Effect::Undecided,
                message,
            ));
        }
    }

    /// Values that are bound to what holds an instance.
    fn inherited(&self, bindings: &Bindings<'e>, seat: Seat<'e>) -> Vec<Name> {
        if bindings.of_holder.is_empty() {
            return Vec::new();
        }
        let project = seat.project();
        let ancestry = Ancestry::of(self.estate, project);
        let holds = |holder: &Name| {
            let link = Link::of(holder);
            if holder.contains("/global/networks/") || holder.contains("/subnetworks/") {
                return false;
            }
            match link.project() {
                Some(own) => {
                    let is_whole = *link.path == *format!("projects/{own}");
                    let named = self.estate.resources.projects.find(None, &link).one();
                    let is_own =
                        |project: &str| match named.and_then(|named| named.identity.project.as_deref()) {
                            Some(id) => id == project || own == project,
                            None => own == project || is_number(own),
                        };
                    is_whole && project.is_none_or(is_own)
                }
                None => !ancestry.is_whole || ancestry.nodes.contains(holder),
            }
        };
        let held =
            bindings.of_holder.iter().filter(|(holder, _)| holds(holder)).flat_map(|(_, values)| values);
        held.filter(|value| bindings.asked.contains(*value)).cloned().collect()
    }
}
