//! What a list lets in although a list behind it on the same path denies it.
//!
//! A path is turned into one that lets in exactly these packets: through the earlier list, and through the denials of the
//! later ones. The engine then decides on sets of packets, not on samples.
//!
//! A denial is a list's: by a rule of it, or by the end that it has for itself. The end of a whole row of lists is
//! nobody's, and what it would have kept out nobody has denied.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use engine::{Admission, Exposure};
use model::{Action, Filter, Name, Path, Reach, RuleList, Snapshot, Target};

/// What is let in through one list in spite of others.
pub(crate) struct Overruled {
    /// The packets; opened by the earlier list.
    pub(crate) exposure: Exposure,
    /// The names of the lists behind it that deny them: those with a rule that does, else all, one of which ends so.
    pub(crate) denied_by: BTreeSet<Name>,
}

/// All that is let in in spite of a later denial, on paths that are there: nobody is let in where none leads.
pub(crate) fn overruled(snapshot: &Snapshot) -> Vec<Overruled> {
    let mut turned = Turned::default();
    let targets: Vec<Arc<Target>> =
        snapshot.targets.iter().flat_map(|target| turned.targets(target)).collect();
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

/// Filters that were turned, by where they are in memory, which is looked up only: targets that share one share what it
/// is turned into.
#[derive(Default)]
struct Turned {
    filters: HashMap<usize, Vec<Arc<Filter>>>,
}

impl Turned {
    /// The target once for each place where a list overrules others, with the paths that have it.
    fn targets(&mut self, target: &Arc<Target>) -> Vec<Arc<Target>> {
        let mut places: Vec<Vec<Path>> = Vec::new();
        for path in target.paths.iter().filter(|path| path.reach != Reach::Latent) {
            let known = self.filters.entry(Arc::as_ptr(&path.filter).addr());
            let filters = known.or_insert_with(|| passing(&path.filter).into_iter().map(Arc::new).collect());
            places.resize_with(places.len().max(filters.len()), Vec::new);
            for (paths, filter) in places.iter_mut().zip(filters) {
                paths.push(Path { filter: Arc::clone(filter), ..path.clone() });
            }
        }
        places.into_iter().map(|paths| Arc::new(Target { paths, ..Target::clone(target) })).collect()
    }
}

/// Filters that let in what an earlier list lets in and later ones deny, one for each such list.
fn passing(filter: &Filter) -> Vec<Filter> {
    match filter {
        Filter::Always(_) | Filter::FirstMatch(_) | Filter::AnyOf(_) => Vec::new(),
        Filter::Chain(stages) => {
            (0..stages.len()).flat_map(|place| passing_by(stages, place).unwrap_or_default()).collect()
        }
        Filter::AllOf(parts) => {
            let each = parts.iter().enumerate();
            let each = each.flat_map(|(place, part)| passing(part).into_iter().map(move |own| (place, own)));
            let with = |(place, own): (usize, Filter)| {
                let mut parts = parts.clone();
                *parts.get_mut(place)? = own;
                Some(Filter::AllOf(parts))
            };
            each.filter_map(with).collect()
        }
    }
}

/// What one stage of a row lets in in spite of those after it.
fn passing_by(stages: &[Filter], place: usize) -> Option<Vec<Filter>> {
    let (before, rest) = stages.split_at_checked(place)?;
    let (stage, after) = rest.split_first()?;
    let stages = |last: Vec<Filter>| Filter::Chain(before.iter().cloned().chain(last).collect());
    Some(match stage {
        Filter::FirstMatch(list) if overrules(list, after) => {
            let allowed = stages(vec![stage.clone(), Filter::Always(Action::Deny)]);
            vec![Filter::AllOf(vec![allowed, denied(after)])]
        }
        other => passing(other).into_iter().map(|passing| stages(vec![passing])).collect(),
    })
}

/// Whether a list lets something in that never comes to lists after it which may deny it, all of which are known.
fn overrules(list: &RuleList, after: &[Filter]) -> bool {
    let behind: Vec<&Arc<RuleList>> = after.iter().flat_map(Filter::lists).collect();
    list.rules.iter().any(|rule| rule.action == Action::Allow)
        && behind.iter().any(|other| other.id != list.id)
        && behind.iter().all(|other| is_known(other))
        && after.iter().any(|stage| !matches!(stage, Filter::Always(_)) && may_deny(stage))
}

/// A list without a rule of its own stands for one that the input does not have.
fn is_known(list: &RuleList) -> bool {
    list.provenance.is_some() || list.rules.iter().any(|rule| rule.provenance.is_some())
}

fn may_deny(filter: &Filter) -> bool {
    match filter {
        Filter::Always(action) => *action == Action::Deny,
        Filter::FirstMatch(list) => list.rules.iter().any(|rule| rule.action == Action::Deny),
        Filter::Chain(parts) | Filter::AllOf(parts) | Filter::AnyOf(parts) => parts.iter().any(may_deny),
    }
}

/// What lets in all that these stages deny.
fn denied(stages: &[Filter]) -> Filter {
    let lists = stages.iter().filter(|stage| !matches!(stage, Filter::Always(_)));
    let turned = lists.map(opposite);
    // What passes every stage is denied by none of them.
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
