//! The replay: changes by time, each applied to the inventory, what it moved handed to the timeline.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cloud::audit::{Bears, Edit, Event, Impairment, Nature, Outcome};
use cloud::{Cloud, Inventory, LookupSet, Quoted};
use engine::{Assessor, Cause, ChangeEffect, Contradiction, Exposure, Judged, Moved, Now, Timeline, Touches};
use model::{Effect, Gap, Moment, Name, Provenance, Target, Thresholds, Weakened};

use crate::announced::{Announced, announced};
use crate::denied::{ATTEMPTS_MAX, attempted};
use crate::expected::Expectations;
use crate::history::History;
use crate::order::{disordered, orders, rank};
use crate::retold::without;
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
    /// Whether the snapshot is later than every event so far.
    ends_with_basis: bool,
    /// What was applied before the snapshot.
    past: Vec<(Edit, Provenance)>,
    /// The events that say what resources were before the first event.
    before: Vec<Name>,
    timeline: Timeline,
    assessor: Assessor,
    announced: Vec<Announced>,
    judged: Vec<Judged>,
    attempts: BTreeMap<Name, Vec<Exposure>>,
    /// Refused attempts that were not played through: where the first stands, and how many.
    untried: Option<(Provenance, u64)>,
    gaps: Vec<Gap>,
    unseen: BTreeSet<Name>,
    /// Time and id of what was applied.
    applied: Vec<(Option<Moment>, Name)>,
    /// Kind and id of what events spoke of.
    seen: LookupSet<[Name; 2]>,
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
        let fresh = self.history.take_fresh(&self.basis.cloud.trail);
        let is_same = self.live.revision == self.history.revision();
        let is_same = is_same && !self.live.ends_with_basis;
        if let Some(fresh) = fresh.filter(|fresh| is_same && self.live.goes_on_with(fresh, &self.basis)) {
            return self.go_on(&fresh);
        }
        let changes = self.history.changes(&self.basis.cloud.trail);
        let known = self.live.applied.len();
        let before = told_before(&changes, &self.basis);
        let is_same_start = before.iter().map(|(event, _)| &event.id).eq(&self.live.before);
        let is_prefix = changes.len() >= known
            && (changes.len() == known || !self.live.ends_with_basis)
            && changes.iter().zip(&self.live.applied).all(|(change, (at, id))| change.at == *at && change.id == *id)
            // Events of one moment are judged together.
            && changes.get(known).is_none_or(|next| self.live.applied.last().is_none_or(|(at, _)| *at < next.at))
            && is_same_start
            && self.live.revision == self.history.revision();
        if !is_prefix {
            self.live = Live::new(&self.basis);
            self.live.begin_with(&before);
        }
        self.live.revision = self.history.revision();
        let from = self.live.applied.len();
        self.go_on(changes.get(from..).unwrap_or_default())
    }

    /// Replays what is later than everything before.
    fn go_on(&mut self, rest: &[Arc<Event>]) -> Result<(), Contradiction> {
        let last = self.history.times().map_or(Moment(0), |(_, last)| last);
        let timed = |event: &Arc<Event>| event.at.unwrap_or(last);
        for moment in rest.chunk_by(|one, other| one.at == other.at) {
            let Some(at) = moment.first().map(timed) else { continue };
            self.live.reach(&self.basis, at)?;
            self.live.moment(moment, at)?;
        }
        if let Some(taken) = self.basis.at.filter(|_| !self.live.is_past_basis) {
            self.live.ends_with_basis = true;
            self.live.reach(&self.basis, taken)?;
        }
        Ok(())
    }

    /// What came of it. `expectations` are those of the user.
    #[must_use]
    pub fn told(&self, expectations: &Expectations) -> Told {
        let mut openings = self.live.timeline.openings();
        let mut snapshot = self.live.inventory.snapshot(self.basis.thresholds);
        let last = self.history.times().map_or(Moment(0), |(_, last)| last);
        for opening in &mut openings {
            let asked = || announced(&self.live.announced, opening, last, &snapshot.internet);
            opening.expected = expectations.of(opening, last).or_else(asked);
        }
        let judged = with_effects(&self.live.judged, &openings);
        let mut gaps: Vec<Gap> = self.history.gaps().to_vec();
        gaps.extend(self.live.gaps.iter().cloned());
        gaps.extend(self.live.untried.map(untried));
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
            ends_with_basis: false,
            past: Vec::new(),
            before: Vec::new(),
            timeline: Timeline::new(&snapshot),
            assessor: Assessor::new(&snapshot),
            announced: Vec::new(),
            judged: Vec::new(),
            attempts: BTreeMap::new(),
            untried: None,
            gaps: Vec::new(),
            unseen: BTreeSet::new(),
            applied: Vec::new(),
            seen: LookupSet::default(),
        }
    }

    /// What later events say of the time before the first.
    fn begin_with(&mut self, before: &[(&Event, &Edit)]) {
        for (event, edit) in before {
            self.gaps.extend(self.inventory.apply(edit, event.place).gaps);
            self.before.push(Arc::clone(&event.id));
        }
        self.origin = self.inventory.fork();
    }

    /// Whether changes are later than everything that was applied, and say nothing of what was before it.
    fn goes_on_with(&self, fresh: &[Arc<Event>], basis: &Basis) -> bool {
        let is_later = match (self.applied.last(), fresh.first()) {
            (None, _) | (_, None) => true,
            (Some((last, _)), Some(first)) => last.is_some() && first.at.is_none_or(|at| *last < Some(at)),
        };
        let is_known = |edit: &Edit| {
            let has_told = basis.at.is_none() && basis.inventory.knows(edit);
            has_told || self.seen.contains(&[Arc::clone(&edit.kind), Arc::clone(&edit.id)])
        };
        is_later && fresh.iter().flat_map(|event| &event.before).all(is_known)
    }

    /// Where the time of the snapshot has come, what it says counts.
    fn reach(&mut self, basis: &Basis, at: Moment) -> Result<(), Contradiction> {
        let Some(taken) = basis.at.filter(|taken| !self.is_past_basis && *taken <= at) else { return Ok(()) };
        self.is_past_basis = true;
        let told = without(&*basis.inventory, &std::mem::take(&mut self.past));
        let mut keys: BTreeSet<Name> = told.moved.union(&told.restated).cloned().collect();
        let fresh: Vec<Name> = keys.iter().filter(|key| !self.timeline.knows(key)).cloned().collect();
        let before = by_key(told.inventory.lower(&fresh));
        for key in &fresh {
            let target = before.get(key).filter(|_| !told.restated.contains(key));
            let is_partial = target.is_some_and(|target| told.inventory.is_partial(target));
            self.timeline.begin(Now { key, target, is_partial })?;
        }
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
        keys.extend(self.timeline.keys());
        let keys: Vec<Name> = keys.into_iter().collect();
        self.step(Moved { cause: &cause, attaches: false, is_doubtful: false }, &keys)
    }

    /// Judges all events of one moment.
    fn moment(&mut self, events: &[Arc<Event>], at: Moment) -> Result<(), Contradiction> {
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
                self.judge(
                    event,
                    cause,
                    Done { kind, effect: ChangeEffect::None, touches: Touches::Modelled, note: None },
                );
            }
            (Bears::Impairs(impairment), Outcome::Done | Outcome::Begun) => {
                self.impaired(event, cause, impairment)
            }
            (Bears::Announces(announcement), Outcome::Done | Outcome::Begun) => {
                self.announced.push(Announced::new(event, at, announcement));
                let note = Some("access was asked for in advance".to_owned());
                let (kind, effect) = (word("access"), ChangeEffect::None);
                self.judge(event, cause, Done { kind, effect, touches: Touches::Modelled, note });
            }
            (Bears::NotModelled { kind }, Outcome::Done | Outcome::Begun) => {
                let note = Some(format!("its effect is not modelled: {kind}"));
                let (kind, effect) = (word(kind), ChangeEffect::None);
                self.judge(event, cause, Done { kind, effect, touches: Touches::NotModelled, note });
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
        let touches = Touches::Watcher(impairment.watch, impairment.weakened);
        self.judge(event, cause, Done { kind: word(&impairment.kind), effect, touches, note });
    }

    fn denied(&mut self, event: &Event, at: Moment) -> Result<(), Contradiction> {
        let cause = cause(event, at);
        let (kind, touches) = match &event.bears {
            Bears::Edits(edits) => {
                if self.attempts.len() < ATTEMPTS_MAX {
                    let found = attempted(&*self.inventory, event, edits, &mut self.assessor)?;
                    self.attempts.insert(Arc::clone(&event.id), found);
                } else {
                    let (_, count) = self.untried.get_or_insert((event.place, 0));
                    *count += 1;
                }
                let kind = edits.first().map_or_else(|| word(""), |edit| Arc::clone(&edit.kind));
                (kind, Touches::Modelled)
            }
            Bears::Impairs(impairment) => {
                (word(&impairment.kind), Touches::Watcher(impairment.watch, impairment.weakened))
            }
            Bears::NotModelled { kind } => (word(kind), Touches::NotModelled),
            Bears::Announces(_) => (word("access"), Touches::Modelled),
            Bears::Nothing => return Ok(()),
        };
        self.judge(event, cause, Done { kind, effect: ChangeEffect::Denied, touches, note: None });
        Ok(())
    }

    fn judge(&mut self, event: &Event, cause: Arc<Cause>, done: Done) {
        let Done { kind, effect, touches, note } = done;
        self.judged.push(Judged {
            cloud: self.cloud,
            scope: event.scope.clone(),
            cause,
            kind,
            effect,
            effects: Vec::new(),
            touches,
            note,
            expected: None,
        });
    }

    fn apply(&mut self, edits: &[Edit], event: &Event) -> Vec<Name> {
        let mut touched = Vec::new();
        if !self.is_past_basis {
            self.past.extend(edits.iter().map(|edit| (edit.clone(), event.place)));
        }
        for edit in edits {
            let applied = self.inventory.apply(edit, event.place);
            touched.extend(applied.touched);
            self.gaps.extend(applied.gaps);
            let is_new = |what: &String| self.unseen.insert(format!("{} {what}", edit.id).into());
            if let Some(what) = applied.unseen.filter(is_new) {
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

/// What one event comes to by itself.
struct Done {
    kind: Name,
    effect: ChangeEffect,
    touches: Touches,
    note: Option<String>,
}

/// What the first event about a resource says that it was before, where nothing else says it.
fn told_before<'c>(changes: &'c [Arc<Event>], basis: &Basis) -> Vec<(&'c Event, &'c Edit)> {
    let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut told = Vec::new();
    for change in changes.iter().filter(|change| matches!(change.outcome, Outcome::Done | Outcome::Begun)) {
        let is_new = |edit: &&Edit| !seen.contains(&(&*edit.kind, &*edit.id));
        let is_untold = |edit: &&Edit| basis.at.is_some() || !basis.inventory.knows(edit);
        told.extend(change.before.iter().filter(is_new).filter(is_untold).map(|edit| (&**change, edit)));
        seen.extend(change.before.iter().chain(edits(change)).map(|edit| (&*edit.kind, &*edit.id)));
    }
    told
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

fn untried((place, count): (Provenance, u64)) -> Gap {
    let message = format!(
        "{count} more refused attempts than the {ATTEMPTS_MAX} that are played through: what they would have opened is not \
         known; give the log in parts"
    );
    Gap::at(place, "attempts-not-judged", Effect::Undecided, message)
}

fn unseen(event: &Event, edit: &Edit, what: &str) -> Gap {
    let (operation, id) = (Quoted(&event.operation), last_parts(&edit.id));
    let id = Quoted(id);
    let is_itself = what.to_lowercase().contains(&*edit.id.to_lowercase());
    let message = if what.starts_with(UNSAID) {
        format!("{operation} of {id}: {what}: what it opened or closed is not known; scan an export of today")
    } else {
        let missing = if is_itself { "it".to_owned() } else { Quoted(what).to_string() };
        format!(
            "{operation} of {id}: nothing before it states {missing}: what it opened or closed is not known; give the state \
             before the log with `--snapshot`"
        )
    };
    Gap::at(event.place, "state-not-seen", Effect::Undecided, message)
}

/// How clouds begin where it is not what was before that is unknown, but what came.
const UNSAID: &str = "what was written";

/// Of a path so long that its end would not be shown, the last two parts.
fn last_parts(id: &str) -> &str {
    if id.len() <= ID_BYTES_MAX {
        return id;
    }
    id.rmatch_indices('/').nth(1).and_then(|(at, _)| id.get(at + 1..)).unwrap_or(id)
}

const ID_BYTES_MAX: usize = 90;
