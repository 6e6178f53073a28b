//! Services that a provider runs, each with a filter of its own: which of their exposures are wide open, and which are
//! open to every customer of the provider.
//!
//! A cloud says with an attribute of a target that it is one. Knows no check and no wording.

use std::sync::Arc;

use engine::{Certainty, Exposure};
use model::{Grade, Name, Target};
use packet::{AddressSet, Family};

use crate::hole::Hit;
use crate::{Class, Facts};

/// The attribute of such a target, its value where the service shows pages to the public, and where it is a database
/// whose filters are those of the network it is in.
const ATTRIBUTE: &str = "service";
const PAGES: &str = "site";
const DATABASE: &str = "database";

/// What one exposure of a service means.
pub(crate) fn hit(exposure: &Exposure) -> Option<Hit<'_>> {
    let is_site = attribute(&exposure.target).is_some_and(|value| &**value == PAGES);
    Hit::of(exposure, if is_site { &Class::ALL } else { &OF_SERVICE })
}

/// Whether its own filter lets in many that nobody named: more than what anybody can rent an address of.
pub(crate) fn is_wide_open(exposure: &Exposure, facts: &Facts<'_>) -> bool {
    if !has_own_filter(&exposure.target) {
        return false;
    }
    if !exposure.sources.rentable {
        return exposure.sources.grade() != Grade::Narrow;
    }
    let pools = facts.snapshot.rentable.iter().fold(AddressSet::empty(), |sum, pool| sum.union(pool));
    let rules = exposure.opened_by.iter().filter_map(|admission| admission.list.rules.get(admission.rule));
    let admitted = rules.fold(AddressSet::empty(), |sum, rule| {
        let sources = &rule.matches.sources;
        // What a pool stands for is not known, only that it is one.
        let is_pool = !rule.matches.tags.is_empty();
        sum.union(match exposure.certainty {
            Certainty::Possible if !is_pool => &sources.may,
            Certainty::Possible | Certainty::Proved => &sources.must,
        })
    });
    let beyond = admitted.difference(&pools);
    let grades = Family::BOTH.map(|family| facts.snapshot.internet.grade(&beyond, family));
    grades.into_iter().flatten().any(|grade| grade != Grade::Narrow)
}

/// Whether its own filter lets in every customer of the provider.
pub(crate) fn is_open_to_customers(exposure: &Exposure) -> bool {
    has_own_filter(&exposure.target) && exposure.sources.rentable
}

/// Whether whatever port is reached is that of a database, whichever number it has.
pub(crate) fn is_database(target: &Arc<Target>) -> bool {
    attribute(target).is_some_and(|value| &**value == DATABASE)
}

fn has_own_filter(target: &Arc<Target>) -> bool {
    attribute(target).is_some_and(|value| &**value != DATABASE)
}

fn attribute(target: &Arc<Target>) -> Option<&Name> {
    target.attributes.iter().find(|(name, _)| *name == ATTRIBUTE).map(|(_, value)| value)
}

/// All classes, but that HTTPS is how its data is read and not a page for everybody.
const OF_SERVICE: [Class; 7] = [
    Class::Administration,
    Class::Database,
    Class::AllPorts,
    Class::Amplifier,
    Class::Other,
    Class::Endpoint,
    Class::Portless,
];
