//! Events of one moment: in which order they are applied, and what is doubtful because nothing tells it.

use std::collections::BTreeSet;
use std::sync::Arc;

use cloud::Quoted;
use cloud::audit::{Event, Outcome};
use engine::Contradiction;
use model::{Effect, Gap, Moment, Name};

use crate::order::{disordered, orders, rank};

use super::event::edits;
use super::live::Live;

impl Live {
    /// Judges all events of one moment.
    pub(super) fn moment(&mut self, events: &[Arc<Event>], at: Moment) -> Result<(), Contradiction> {
        let is_done = |event: &&Arc<Event>| matches!(event.outcome, Outcome::Done | Outcome::Begun);
        let mut done: Vec<Arc<Event>> = events.iter().filter(is_done).cloned().collect();
        done.sort_by_key(|event| rank(event));
        let doubtful = disordered(&done);
        let order = self.order(&done, &doubtful)?;
        let is_doubtful = |event: &Event| {
            doubtful.iter().filter_map(|position| done.get(*position)).any(|one| one.id == event.id)
        };
        self.gaps.extend(
            doubtful
                .first()
                .and_then(|first| done.get(*first))
                .map(|event| simultaneous(event, doubtful.len())),
        );
        for event in order.iter().filter_map(|position| done.get(*position)) {
            self.event(event, at, is_doubtful(event) || event.at.is_none())?;
        }
        for event in events.iter().filter(|event| event.outcome == Outcome::Denied) {
            self.denied(event, at)?;
        }
        self.applied.extend(events.iter().map(|event| (event.at, Arc::clone(&event.id))));
        let spoken = events.iter().filter(|event| matches!(event.outcome, Outcome::Done | Outcome::Begun));
        let spoken = spoken.flat_map(|event| event.before.iter().chain(edits(event)));
        self.seen.extend(spoken.map(|edit| [Arc::clone(&edit.kind), Arc::clone(&edit.id)]));
        Ok(())
    }

    /// The order in which events of one moment are applied: of those that come to different states, one that leaves most
    /// open, so that nothing is told closed that is not.
    fn order(&mut self, events: &[Arc<Event>], doubtful: &[usize]) -> Result<Vec<usize>, Contradiction> {
        let given: Vec<usize> = (0..events.len()).collect();
        if doubtful.is_empty() {
            return Ok(given);
        }
        let firm = given.iter().filter(|position| !doubtful.contains(position));
        let mut best: Option<(u128, Vec<usize>)> = None;
        for order in orders(doubtful.len()) {
            let order = order.iter().filter_map(|position| doubtful.get(*position)).copied();
            let order: Vec<usize> = firm.clone().copied().chain(order).collect();
            let open = self.open_after(events, &order)?;
            if best.as_ref().is_none_or(|(most, _)| open > *most) {
                best = Some((open, order));
            }
        }
        Ok(best.map_or(given, |(_, order)| order))
    }

    /// How much is open after events in an order: a number to compare orders by.
    fn open_after(&mut self, events: &[Arc<Event>], order: &[usize]) -> Result<u128, Contradiction> {
        let mut fork = self.inventory.fork();
        let mut touched = BTreeSet::new();
        for event in order.iter().filter_map(|position| events.get(*position)) {
            for edit in edits(event) {
                touched.extend(fork.apply(edit, event.place).touched);
            }
        }
        let touched: Vec<Name> = touched.into_iter().collect();
        let mut open = 0_u128;
        for target in fork.lower(&touched) {
            self.assessor.assess(&Arc::new(target), &mut |exposure, addresses| {
                let ports =
                    u128::from(exposure.ports.count().max(1)) * u128::from(exposure.protocols.count());
                let v4 = addresses.count(packet::Family::V4).saturating();
                let v6 = u128::from(!addresses.is_empty_in(packet::Family::V6));
                let all = v4.saturating_add(v6).saturating_add(1).saturating_mul(ports);
                open = open.saturating_add(all);
            })?;
        }
        Ok(open)
    }
}

fn simultaneous(event: &Event, count: usize) -> Gap {
    let message = format!(
        "{count} events of {} on {}: what they leave depends on an order that nothing tells: what they did is possible only",
        event.at.map_or_else(|| "no known time".to_owned(), |at| at.to_string()),
        Quoted(&event.edited)
    );
    Gap::at(event.place, "simultaneous-events", Effect::Undecided, message)
}
