//! The plain first-match loop: one packet, one filter.
//!
//! Slow, short and beyond doubt. Every witness that is printed is decided here once more.

use std::sync::Arc;

use model::{Action, Filter, Matches, Rule, RuleList};
use packet::{Bounds, Packet};

use crate::outcome::{Outcomes, evaluate};

/// What one packet meets.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Whether it gets in whatever the unknowns are.
    pub allowed: bool,
    /// Whether some value of the unknowns lets it in.
    pub possible: bool,
    /// For each list of the filter, in order: the rule that decides for certain.
    pub deciding: Vec<Option<usize>>,
    /// For each list of the filter, in order: rules that allow it, for certain or possibly, and are not overruled.
    pub admitting: Vec<Vec<usize>>,
}

/// Decides one packet by reading every list from its start.
#[must_use]
pub fn decide(filter: &Filter, packet: &Packet) -> Decision {
    let mut admitting = Vec::new();
    let Ruling { allowed, possible, deciding } = ruled(filter, &filter.lists(), |list| {
        let mut own = Vec::new();
        let walk = walk(list, packet, |position| {
            if list.rules.get(position).is_some_and(|rule| rule.action == Action::Allow) {
                own.push(position);
            }
        });
        admitting.push(own);
        walk
    });
    Decision { allowed, possible, deciding, admitting }
}

/// A decision without the rules that only admit.
pub(crate) struct Ruling {
    pub(crate) allowed: bool,
    pub(crate) possible: bool,
    pub(crate) deciding: Vec<Option<usize>>,
}

/// The same decision, as far as a witness is proved by it; `lists` are those of the filter.
pub(crate) fn ruling(filter: &Filter, lists: &[&Arc<RuleList>], packet: &Packet) -> Ruling {
    ruled(filter, lists, |list| walk(list, packet, |_| ()))
}

fn ruled(filter: &Filter, lists: &[&Arc<RuleList>], mut walk: impl FnMut(&RuleList) -> Walk) -> Ruling {
    let mut deciding = Vec::with_capacity(lists.len());
    let outcomes = evaluate(
        filter,
        &mut lists.iter().map(|list| {
            let walk = walk(list);
            deciding.push(walk.deciding);
            walk.outcomes
        }),
    );
    Ruling { allowed: outcomes.is_allowed(), possible: outcomes.may_be_allowed_by_pool(), deciding }
}

/// What one packet meets in one list.
pub(crate) struct Walk {
    pub(crate) outcomes: Outcomes,
    deciding: Option<usize>,
}

/// Reads a list from its start; tells every rule that may decide.
pub(crate) fn walk(list: &RuleList, packet: &Packet, mut meets: impl FnMut(usize)) -> Walk {
    let mut walk = Walk { outcomes: Outcomes::NONE, deciding: None };
    let mut settled_at: Option<u32> = None;
    for (position, rule) in list.rules.iter().enumerate() {
        // Rules tied with the one that settles it can still come first (semantics X1).
        if settled_at.is_some_and(|rank| rank != rule.rank) {
            break;
        }
        let matched = matching(&rule.matches, packet);
        if matched == Matching::No {
            continue;
        }
        meets(position);
        walk.outcomes = walk.outcomes.or(effect(rule, matched));
        if matched == Matching::Certain {
            walk.deciding = walk.deciding.or(Some(position));
            settled_at = Some(rule.rank);
        }
    }
    if settled_at.is_none() {
        walk.outcomes = walk.outcomes.or(Outcomes::PASS);
    }
    walk
}

/// What a rule adds to the outcomes of a packet it matches.
fn effect(rule: &Rule, matched: Matching) -> Outcomes {
    let by_pool =
        matched == Matching::Possible && rule.action == Action::Allow && !rule.matches.tags.is_empty();
    if by_pool { Outcomes::POOL } else { Outcomes::of(rule.action) }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Matching {
    Certain,
    Possible,
    No,
}

/// Looks at the fields that tell rules apart soonest first, and at none after one that rules the packet out.
fn matching(matches: &Matches, packet: &Packet) -> Matching {
    let portless = !packet.protocol.has_ports();
    let mut matched = Matching::Certain;
    matched = matched.and(&matches.protocols, |set| set.contains(packet.protocol));
    if let Some(numbers) = matches.numbers(packet.protocol) {
        matched = matched.and(numbers, |set| set.contains(packet.destination_port));
    }
    matched = matched.and(&matches.sources, |set| set.contains(packet.source));
    matched = matched.and(&matches.destinations, |set| set.contains(packet.destination));
    matched.and(&matches.source_ports, |set| portless || set.contains(packet.source_port))
}

impl Matching {
    fn and<T>(self, field: &Bounds<T>, holds: impl Fn(&T) -> bool) -> Self {
        if self == Self::No || holds(&field.must) {
            self
        } else if holds(&field.may) {
            Self::Possible
        } else {
            Self::No
        }
    }
}
