//! The replay: changes by time, each applied to the inventory, what it moved handed to the timeline.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cloud::audit::{Bears, Edit, Event, Impairment, Nature, Outcome};
use cloud::{Cloud, Inventory, Quoted};
use engine::{Assessor, Cause, ChangeEffect, Contradiction, Exposure, Judged, Moved, Now, Timeline};
use model::{Effect, Gap, Moment, Name, Target, Thresholds, Weakened};

use crate::announced::expectation;
use crate::denied::{ATTEMPTS_MAX, attempted};
use crate::expected::Expectations;
use crate::history::History;
use crate::order::{disordered, orders, rank};
use crate::told::{Told, with_effects, word};

/// What a replay starts from.
pub struct Basis {
    /// The cloud.
    pub cloud: &'static Cloud,
    /// Its inventory, which remembers: what the snapshot states, or nothing.
    pub inventory: Box<dyn Inventory>,
    /// When that was so; `None`: just before the first event.
    pub at: Option<Moment>,
    /// What grades are measured on.
    pub thresholds: Thresholds,
}

/// The replay of one cloud's events.
pub struct Replay {
    basis: Basis,
    /// The events.
    pub history: History,
    live: Live,
}

/// Where the replay stands.
struct Live {
    cloud: &'static str,
    /// The revision of the history that was replayed.
    revision: u64,
    inventory: Box<dyn Inventory>,
    /// The inventory before the first event that was applied to it: what targets were that nothing has moved yet.
    origin: Box<dyn Inventory>,
    is_past_basis: bool,
    timeline: Timeline,
    assessor: Assessor,
    announced: Expectations,
    judged: Vec<Judged>,
    attempts: BTreeMap<Name, Vec<Exposure>>,
    gaps: Vec<Gap>,
    unseen: BTreeSet<Name>,
    /// Time and id of what was applied.
    applied: Vec<(Option<Moment>, Name)>,
}

impl Replay {
    /// A replay of nothing so far.
    #[must_use]
    pub fn new(basis: Basis) -> Self {
        let live = Live::new(&basis);
        Self { basis, history: History::default(), live }
    }

    /// The cloud.
    #[must_use]
    pub const fn cloud(&self) -> &'static Cloud {
        self.basis.cloud
    }

    /// Replays what came since the last time: only that, where all of it is later than everything before; else all.
    ///
    /// # Errors
    /// A [`Contradiction`] when a witness does not hold.
    pub fn advance(&mut self) -> Result<(), Contradiction> {
        let changes = self.history.changes(&self.basis.cloud.trail);
        let known = self.live.applied.len();
        let is_prefix = changes.len() >= known
            && changes.iter().zip(&self.live.applied).all(|(change, (at, id))| change.at == *at && change.id == *id)
            // Events of one moment are judged together.
            && changes.get(known).is_none_or(|next| self.live.applied.last().is_none_or(|(at, _)| *at < next.at))
            && self.live.revision == self.history.revision();
        if !is_prefix {
            self.live = Live::new(&self.basis);
        }
        self.live.revision = self.history.revision();
        let from = self.live.applied.len();
        let last = self.history.times().map_or(Moment(0), |(_, last)| last);
        let rest = changes.get(from..).unwrap_or_default();
        let timed = |event: &Event| event.at.unwrap_or(last);
        for moment in rest.chunk_by(|one, other| one.at == other.at) {
            let Some(at) = moment.first().map(timed) else { continue };
            self.live.reach(&self.basis, at)?;
            self.live.moment(moment, at)?;
        }
        Ok(())
    }

    /// What came of it. `expectations` are those of the user.
    #[must_use]
    pub fn told(&self, expectations: &Expectations) -> Told {
        let mut openings = self.live.timeline.openings();
        for opening in &mut openings {
            opening.expected = expectations.of(opening).or_else(|| self.live.announced.of(opening));
        }
        let judged = with_effects(&self.live.judged, &openings);
        let mut snapshot = self.live.inventory.snapshot(self.basis.thresholds);
        let mut gaps: Vec<Gap> = self.history.gaps().to_vec();
        gaps.extend(self.live.gaps.iter().cloned());
        gaps.append(&mut snapshot.gaps);
        gaps.sort_unstable();
        gaps.dedup();
        Told { snapshot, openings, judged, attempts: self.live.attempts.clone(), gaps }
    }
}

impl Live {
    fn new(basis: &Basis) -> Self {
        let begins_before = basis.at.is_some();
        let start = |basis: &Basis| if begins_before { nothing(basis.cloud) } else { basis.inventory.fork() };
        let snapshot = basis.inventory.snapshot(basis.thresholds);
        Self {
            cloud: basis.cloud.name,
            revision: 0,
            inventory: start(basis),
            origin: start(basis),
            is_past_basis: !begins_before,
            timeline: Timeline::new(&snapshot),
            assessor: Assessor::new(&snapshot),
            announced: Expectations::default(),
            judged: Vec::new(),
            attempts: BTreeMap::new(),
            gaps: Vec::new(),
            unseen: BTreeSet::new(),
            applied: Vec::new(),
        }
    }

    /// Where the time of the snapshot has come, what it says counts.
    fn reach(&mut self, basis: &Basis, at: Moment) -> Result<(), Contradiction> {
        let Some(taken) = basis.at.filter(|taken| !self.is_past_basis && *taken <= at) else { return Ok(()) };
        self.is_past_basis = true;
        (self.inventory, self.origin) = (basis.inventory.fork(), basis.inventory.fork());
        let cause = Arc::new(Cause {
            at: taken,
            event: word("snapshot"),
            actor: word("not known: the snapshot says so"),
            address: None,
            client: None,
            operation: word("snapshot"),
            edited: word(""),
            provenance: None,
        });
        let keys = self.timeline.keys();
        self.step(Moved { cause: &cause, attaches: false, is_doubtful: false }, &keys)
    }

    /// Judges all events of one moment.
    fn moment(&mut self, events: &[Event], at: Moment) -> Result<(), Contradiction> {
        let mut done: Vec<Event> =
            events.iter().filter(|event| event.outcome != Outcome::Denied).cloned().collect();
        done.sort_by_key(rank);
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
        Ok(())
    }

    /// The order in which events of one moment are applied: of those that come to different states, one that leaves most
    /// open, so that nothing is told closed that is not.
    fn order(&mut self, events: &[Event], doubtful: &[usize]) -> Result<Vec<usize>, Contradiction> {
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
    fn open_after(&mut self, events: &[Event], order: &[usize]) -> Result<u128, Contradiction> {
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

    fn event(&mut self, event: &Event, at: Moment, is_doubtful: bool) -> Result<(), Contradiction> {
        let cause = cause(event, at);
        match (&event.bears, event.outcome) {
            (_, Outcome::Failed | Outcome::Denied) | (Bears::Nothing, _) => return Ok(()),
            (Bears::Edits(edits), Outcome::Done | Outcome::Begun) => {
                let touched = self.apply(edits, event);
                let attaches = edits.iter().all(|edit| edit.nature == Nature::Attachment);
                let is_doubtful = is_doubtful || event.outcome == Outcome::Begun;
                self.step(Moved { cause: &cause, attaches, is_doubtful }, &touched)?;
                let kind = edits.first().map_or_else(|| word(""), |edit| Arc::clone(&edit.kind));
                self.judge(event, cause, kind, ChangeEffect::None, None);
            }
            (Bears::Impairs(impairment), Outcome::Done | Outcome::Begun) => {
                self.impaired(event, cause, impairment)
            }
            (Bears::Announces(announcement), Outcome::Done | Outcome::Begun) => {
                self.announced.0.push(expectation(event, announcement));
                self.judge(
                    event,
                    cause,
                    word("access"),
                    ChangeEffect::None,
                    Some("access was asked for in advance".to_owned()),
                );
            }
            (Bears::NotModelled { kind }, Outcome::Done | Outcome::Begun) => {
                let note = format!("its effect is not modelled: {kind}");
                self.judge(event, cause, word(kind), ChangeEffect::None, Some(note));
            }
        }
        Ok(())
    }

    fn impaired(&mut self, event: &Event, cause: Arc<Cause>, impairment: &Impairment) {
        let effect = match impairment.weakened {
            Weakened::Off | Weakened::Less | Weakened::Perhaps => ChangeEffect::Impairs,
            Weakened::Restored => ChangeEffect::None,
        };
        let note = (!impairment.note.is_empty()).then(|| impairment.note.clone());
        self.judge(event, cause, word(&impairment.kind), effect, note);
        if let Some(last) = self.judged.last_mut() {
            last.weakened = Some(impairment.weakened);
        }
    }

    fn denied(&mut self, event: &Event, at: Moment) -> Result<(), Contradiction> {
        let cause = cause(event, at);
        let kind = match &event.bears {
            Bears::Edits(edits) => {
                if self.attempts.len() < ATTEMPTS_MAX {
                    let found = attempted(&*self.inventory, event, edits, &mut self.assessor)?;
                    self.attempts.insert(Arc::clone(&event.id), found);
                }
                edits.first().map_or_else(|| word(""), |edit| Arc::clone(&edit.kind))
            }
            Bears::Impairs(impairment) => word(&impairment.kind),
            Bears::NotModelled { kind } => word(kind),
            Bears::Announces(_) => word("access"),
            Bears::Nothing => return Ok(()),
        };
        self.judge(event, cause, kind, ChangeEffect::Denied, None);
        Ok(())
    }

    fn judge(
        &mut self,
        event: &Event,
        cause: Arc<Cause>,
        kind: Name,
        effect: ChangeEffect,
        note: Option<String>,
    ) {
        self.judged.push(Judged {
            cloud: self.cloud,
            scope: event.scope.clone(),
            cause,
            kind,
            effect,
            effects: Vec::new(),
            weakened: None,
            note,
            expected: None,
        });
    }

    fn apply(&mut self, edits: &[Edit], event: &Event) -> Vec<Name> {
        let mut touched = Vec::new();
        for edit in edits {
            let applied = self.inventory.apply(edit, event.place);
            touched.extend(applied.touched);
            self.gaps.extend(applied.gaps);
            if let Some(what) = applied.unseen.filter(|_| self.unseen.insert(Arc::clone(&edit.id))) {
                self.gaps.push(unseen(event, edit, &what));
            }
        }
        touched.sort_unstable();
        touched.dedup();
        touched
    }

    fn step(&mut self, moved: Moved<'_>, touched: &[Name]) -> Result<(), Contradiction> {
        let fresh: Vec<Name> = touched.iter().filter(|key| !self.timeline.knows(key)).cloned().collect();
        let before = by_key(self.origin.lower(&fresh));
        for key in &fresh {
            let target = before.get(key);
            let is_partial = target.is_some_and(|target| self.origin.is_partial(target));
            self.timeline.begin(Now { key, target, is_partial })?;
        }
        let now = by_key(self.inventory.lower(touched));
        for key in touched {
            let target = now.get(key);
            let is_partial = target.is_some_and(|target| self.inventory.is_partial(target));
            self.timeline.step(moved, Now { key, target, is_partial })?;
        }
        Ok(())
    }
}

/// An inventory of a cloud that remembers, and has nothing yet.
fn nothing(cloud: &Cloud) -> Box<dyn Inventory> {
    let mut inventory = (cloud.inventory)();
    inventory.remember();
    inventory
}

fn by_key(targets: Vec<Target>) -> BTreeMap<Name, Arc<Target>> {
    targets.into_iter().map(|target| (Arc::clone(&target.key), Arc::new(target))).collect()
}

fn edits(event: &Event) -> &[Edit] {
    match (&event.bears, event.outcome) {
        (Bears::Edits(edits), Outcome::Done | Outcome::Begun) => edits,
        _ => &[],
    }
}

fn cause(event: &Event, at: Moment) -> Arc<Cause> {
    Arc::new(Cause {
        at,
        event: Arc::clone(&event.id),
        actor: Arc::clone(&event.actor.name),
        address: event.actor.address.clone(),
        client: event.actor.client.clone(),
        operation: Arc::clone(&event.operation),
        edited: Arc::clone(&event.edited),
        provenance: Some(event.place),
    })
}

fn simultaneous(event: &Event, count: usize) -> Gap {
    let message = format!(
        "{count} events of {} on {}: what they leave depends on an order that nothing tells: what they did is possible only",
        event.at.map_or_else(|| "no known time".to_owned(), |at| at.to_string()),
        Quoted(&event.edited)
    );
    Gap::at(event.place, "simultaneous-events", Effect::Undecided, message)
}

fn unseen(event: &Event, edit: &Edit, what: &str) -> Gap {
    let (operation, id) = (Quoted(&event.operation), Quoted(&edit.id));
    let message = format!(
        "{operation} of {id} is about {}, which nothing before it states: what that opened or closed is not known; give the \
         state before the log with `--snapshot`",
        Quoted(what)
    );
    Gap::at(event.place, "state-not-seen", Effect::Undecided, message)
}
