//! What a document holds beside the resources that are handed on: lists that are whole, things that are not assessed,
//! entries that nobody knows, and what is told of a resource only if no later statement of it follows.
//!
//! Knows no kind.

use std::collections::{BTreeMap, BTreeSet};

use model::{Effect, Gap, Name, Provenance};

use crate::bearing::Bearing;
use crate::desk::{Desk, Quoted};

/// What is counted while a document is read.
#[derive(Debug, Default)]
pub struct Tally {
    listed: BTreeSet<&'static str>,
    cut: BTreeSet<&'static str>,
    // The kinds of the lists that are read now.
    open: BTreeSet<&'static str>,
    opens: BTreeMap<&'static str, (u64, Provenance)>,
    no_input: BTreeMap<&'static str, (u64, Provenance)>,
    not_assessed: BTreeMap<&'static str, u64>,
    strays: BTreeMap<(String, &'static str), (u64, Provenance)>,
    of_latest: BTreeMap<(&'static str, Name), Vec<Gap>>,
}

/// What was counted.
#[derive(Debug)]
pub struct Counted {
    /// Kinds that the document lists whole, be there none of it.
    pub listed: BTreeSet<&'static str>,
    /// Resources that are not assessed, by kind.
    pub not_assessed: BTreeMap<&'static str, u64>,
}

impl Tally {
    /// Counts something that is not assessed.
    pub fn bears(&mut self, name: &'static str, bearing: Bearing, place: Provenance) {
        match bearing {
            Bearing::Opens => self.opens.entry(name).or_insert((0, place)).0 += 1,
            Bearing::NoInput => self.no_input.entry(name).or_insert((0, place)).0 += 1,
            Bearing::Counts => *self.not_assessed.entry(name).or_default() += 1,
            Bearing::Nothing => {}
        }
    }

    /// Counts an entry of the list under `key` that nobody knows, for want of a key.
    pub fn stray(&mut self, key: &str, lacks: &'static str, place: Provenance) {
        self.strays.entry((key.to_owned(), lacks)).or_insert((0, place)).0 += 1;
    }

    /// Lists of kinds begin here.
    pub fn begins(&mut self, kinds: impl IntoIterator<Item = &'static str>) {
        self.open.extend(kinds);
    }

    /// The lists that were begun are whole, or more pages follow.
    pub fn ends(&mut self, is_whole: bool) {
        let ended = core::mem::take(&mut self.open);
        if is_whole {
            self.listed.extend(ended);
        } else {
            self.cut.extend(ended);
        }
    }

    /// Keeps what is told of a resource whose statements say since when they hold: of several only what the latest has is
    /// told. `counts`: this one is the latest so far.
    pub fn told_since(&mut self, kind: &'static str, key: Name, told: Vec<Gap>, counts: bool) {
        match counts {
            true if told.is_empty() => drop(self.of_latest.remove(&(kind, key))),
            true => drop(self.of_latest.insert((kind, key), told)),
            false => {}
        }
    }

    /// Tells what had to wait for the end of the document.
    pub fn finish(mut self, desk: &mut Desk<'_, '_>) -> Counted {
        desk.gaps.extend(self.of_latest.into_values().flatten());
        for (name, (count, place)) in self.opens {
            *self.not_assessed.entry(name).or_default() += count;
            let message = format!("`{name}` is a kind that is not assessed: {count} of it in this document");
            desk.note(place, "unsupported-resource", Effect::Skipped, message);
        }
        for (name, (count, place)) in self.no_input {
            let instead = if name == "events" { "; `wideopen detect` reads audit logs" } else { "" };
            let message = format!(
                "{count} entries are {name}, which do not say what is configured: they are no input of this check{instead}"
            );
            desk.note(place, "not-an-input", Effect::Skipped, message);
        }
        for ((key, lacks), (count, place)) in self.strays {
            let message = format!("{count} entries of {} have no `{lacks}`: they are not read", Quoted(&key));
            desk.note(place, "foreign-entry", Effect::Skipped, message);
        }
        Counted {
            listed: self.listed.difference(&self.cut).copied().collect(),
            not_assessed: self.not_assessed,
        }
    }
}
