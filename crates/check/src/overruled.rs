//! What a list lets in although a list of another kind behind it on the same path denies it.
//!
//! A path is turned into one that lets in exactly these packets: through the earlier list, and through the denials of the
//! later ones. The engine then decides on sets of packets, not on samples.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::{Admission, Exposure};
use model::{Action, Filter, Name, Path, RuleList, Snapshot, Target};

/// What is let in through one list in spite of others.
pub(crate) struct Overruled {
    /// The packets; opened by the earlier list.
    pub(crate) exposure: Exposure,
    /// The names of the lists behind it that deny them: those with a rule that does, else all, one of which ends so.
    pub(crate) denied_by: BTreeSet<Name>,
}

/// All that is let in in spite of a later denial.
pub(crate) fn overruled(snapshot: &Snapshot) -> Vec<Overruled> {
    let targets: Vec<Arc<Target>> = snapshot.targets.iter().filter_map(turned).collect();
    if targets.is_empty() {
        return Vec::new();
    }
    let turned = Snapshot {
        cloud: snapshot.cloud,
        internet: Arc::clone(&snapshot.internet),
        inside: None,
        protocols: snapshot.protocols,
        rentable: snapshot.rentable.clone(),
        targets,
        lists: Vec::new(),
        gaps: Vec::new(),
        coverage: snapshot.coverage.clone(),
        missing: Vec::new(),
    };
    let mut found = Vec::new();
    let told = engine::exposures(&turned, &mut |exposure, _| found.extend(Overruled::of(exposure)));
    // A contradiction is one of the turned paths alone: what is told of the real ones stays.
    if told.is_err() {
        found.clear();
    }
    found
}

impl Overruled {
    fn of(mut exposure: Exposure) -> Option<Self> {
        let is_denial = |admission: &Admission| admission.list.kind == DENIALS;
        let (denials, opened_by) = exposure.opened_by.into_iter().partition::<Vec<_>, _>(is_denial);
        exposure.opened_by = opened_by;
        let mut denied_by: BTreeSet<Name> =
            denials.iter().map(|denial| Arc::clone(&denial.list.name)).collect();
        if denied_by.is_empty() {
            let way = exposure.target.paths.get(exposure.way);
            let lists = way.into_iter().flat_map(|path| path.filter.lists());
            denied_by.extend(lists.filter(|list| list.kind == DENIALS).map(|list| Arc::clone(&list.name)));
        }
        (!exposure.opened_by.is_empty()).then_some(Self { exposure, denied_by })
    }
}

/// The target with those of its paths on which a list overrules others.
fn turned(target: &Arc<Target>) -> Option<Arc<Target>> {
    let path = |path: &Path| Some(Path { filter: Arc::new(passing(&path.filter)?), ..path.clone() });
    let paths: Vec<Path> = target.paths.iter().filter_map(path).collect();
    (!paths.is_empty()).then(|| Arc::new(Target { paths, ..Target::clone(target) }))
}

/// A filter that lets in what an earlier list lets in and later ones deny; `None` where no list is before another kind.
fn passing(filter: &Filter) -> Option<Filter> {
    match filter {
        Filter::Always(_) | Filter::FirstMatch(_) | Filter::AnyOf(_) => None,
        Filter::Chain(stages) => (0..stages.len()).find_map(|place| {
            let (before, rest) = stages.split_at_checked(place)?;
            let (stage, after) = rest.split_first()?;
            let stages = |last: Vec<Filter>| Filter::Chain(before.iter().cloned().chain(last).collect());
            match stage {
                Filter::FirstMatch(list) if overrules(list, after) => {
                    let allowed = stages(vec![stage.clone(), Filter::Always(Action::Deny)]);
                    Some(Filter::AllOf(vec![allowed, denied(after)]))
                }
                other => passing(other).map(|passing| stages(vec![passing])),
            }
        }),
        Filter::AllOf(parts) => (0..parts.len()).find_map(|place| {
            let mut parts = parts.clone();
            let part = parts.get_mut(place)?;
            *part = passing(part)?;
            Some(Filter::AllOf(parts))
        }),
    }
}

/// Whether a list lets something in that never comes to the lists of another kind after it, all of which are known.
fn overrules(list: &RuleList, after: &[Filter]) -> bool {
    let behind: Vec<&Arc<RuleList>> = after.iter().flat_map(Filter::lists).collect();
    list.rules.iter().any(|rule| rule.action == Action::Allow)
        && !behind.is_empty()
        && behind.iter().all(|other| other.kind != list.kind && other.provenance.is_some())
}

/// What lets in all that these stages deny.
fn denied(stages: &[Filter]) -> Filter {
    let turned = stages.iter().map(opposite);
    // What passes every stage gets in, so it is not denied.
    Filter::Chain(turned.chain([Filter::Always(Action::Deny)]).collect())
}

fn opposite(filter: &Filter) -> Filter {
    let all = |parts: &[Filter]| parts.iter().map(opposite).collect();
    match filter {
        Filter::Always(action) => Filter::Always(turned_action(*action)),
        Filter::FirstMatch(list) => {
            let mut list = RuleList::clone(list);
            list.kind = DENIALS;
            for rule in &mut list.rules {
                rule.action = turned_action(rule.action);
            }
            Filter::FirstMatch(Arc::new(list))
        }
        Filter::Chain(stages) => Filter::Chain(all(stages)),
        Filter::AllOf(parts) => Filter::AnyOf(all(parts)),
        Filter::AnyOf(parts) => Filter::AllOf(all(parts)),
    }
}

const fn turned_action(action: Action) -> Action {
    match action {
        Action::Allow => Action::Deny,
        Action::Deny => Action::Allow,
        Action::Pass => Action::Pass,
    }
}

/// The kind of lists whose actions are turned round.
const DENIALS: &str = "denials";
