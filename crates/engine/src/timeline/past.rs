//! What a target was at earlier times, kept as differences: a change edits one list, mostly one rule of it, and a target
//! with all its lists is large.

use std::sync::Arc;

use model::{Filter, Name, Path, Provenance, Rule, RuleList, Target};
use rustc_hash::FxHashMap;

/// Which exposure of a target of the past something was: the version of the target, and the place among what is reached
/// there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct At {
    pub(super) version: u32,
    pub(super) place: u32,
}

/// The versions of one target.
#[derive(Default)]
pub(super) struct Past {
    versions: Vec<Version>,
    /// The last of them.
    last: Option<Arc<Target>>,
}

enum Version {
    Whole(Arc<Target>),
    /// As it was before, but for these lists, by their place among all of the target.
    Edited(Lists),
}

/// Some lists of a target, by their place among all of it, and what they say otherwise.
type Lists = Box<[(u32, Arc<Edited>)]>;

/// What another list says otherwise.
struct Edited {
    rules: Box<[Piece]>,
    places: Places,
    provenance: Option<Provenance>,
}

enum Piece {
    /// So many rules of the list before, from a position on.
    Same {
        from: u32,
        count: u32,
    },
    Other(Box<Rule>),
}

/// Where rules were read that are the same as before.
enum Places {
    AsBefore,
    All(Option<Provenance>),
}

/// What edits of lists came to, as long as one change is looked at: many targets have the same lists.
#[derive(Default)]
pub(super) struct Edits(FxHashMap<[usize; 2], Pair>);

/// Two lists and what the second says otherwise. Both are kept, so that nothing else comes to be where they are.
struct Pair {
    _lists: [Arc<RuleList>; 2],
    edited: Option<Arc<Edited>>,
}

impl Edits {
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }

    /// What one list says otherwise than another; `None` where it is another list.
    fn between(&mut self, before: &Arc<RuleList>, now: &Arc<RuleList>) -> Option<Arc<Edited>> {
        let key = [before, now].map(|list| Arc::as_ptr(list).addr());
        let pair = self.0.entry(key).or_insert_with(|| Pair {
            _lists: [before, now].map(Arc::clone),
            edited: Edited::between(before, now).map(Arc::new),
        });
        pair.edited.clone()
    }
}

impl Past {
    /// Keeps a target; says which version it is.
    pub(super) fn keep(&mut self, target: &Arc<Target>, edits: &mut Edits) -> u32 {
        let difference = self.last.as_ref().and_then(|last| difference(last, target, edits));
        match difference {
            Some(lists) if lists.is_empty() => {}
            Some(lists) => self.versions.push(Version::Edited(lists)),
            None => self.versions.push(Version::Whole(Arc::clone(target))),
        }
        self.last = Some(Arc::clone(target));
        u32::try_from(self.versions.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// The targets of some versions, which are sorted, one after the other.
    pub(super) fn tell<E>(
        &self,
        wanted: impl Iterator<Item = u32>,
        mut sink: impl FnMut(u32, &Arc<Target>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut now: Option<Current> = None;
        let mut next = 0;
        for version in wanted {
            let end = version as usize + 1;
            let between = self.versions.get(next..end).unwrap_or_default();
            // What is stated whole needs nothing of what was before.
            let whole = between.iter().rposition(|version| matches!(version, Version::Whole(_)));
            for step in between.get(whole.unwrap_or(0)..).unwrap_or_default() {
                match (step, &mut now) {
                    (Version::Whole(target), _) => now = Some(Current::of(target)),
                    (Version::Edited(lists), Some(now)) => now.edit(lists),
                    (Version::Edited(_), None) => {}
                }
            }
            next = end;
            if let Some(now) = &now {
                sink(version, &now.target())?;
            }
        }
        Ok(())
    }
}

/// What is different in a target: lists alone; `None` where anything else is.
fn difference(before: &Arc<Target>, now: &Arc<Target>, edits: &mut Edits) -> Option<Lists> {
    let (own, others) = (lists(now), lists(before));
    if own.len() != others.len() {
        return None;
    }
    let back: FxHashMap<usize, Arc<RuleList>> =
        own.iter().zip(&others).map(|(now, before)| (Arc::as_ptr(now).addr(), Arc::clone(before))).collect();
    if with_lists(now, &back) != **before {
        return None;
    }
    let mut edited = Vec::new();
    for (number, (before, now)) in (0..).zip(others.iter().zip(&own)) {
        if !Arc::ptr_eq(before, now) && before != now {
            edited.push((number, edits.between(before, now)?));
        }
    }
    Some(edited.into())
}

/// All lists of a target, each once, in the order of its paths.
fn lists(target: &Target) -> Vec<Arc<RuleList>> {
    let mut known = rustc_hash::FxHashSet::default();
    let all = target.paths.iter().flat_map(|path| path.filter.lists());
    all.filter(|list| known.insert(Arc::as_ptr(list).addr())).cloned().collect()
}

/// The target with other lists in the place of its own.
fn with_lists(target: &Target, others: &FxHashMap<usize, Arc<RuleList>>) -> Target {
    let mut filters: FxHashMap<usize, Arc<Filter>> = FxHashMap::default();
    let mut path = |path: &Path| {
        let filter = filters.entry(Arc::as_ptr(&path.filter).addr());
        let filter = Arc::clone(filter.or_insert_with(|| Arc::new(with(&path.filter, others))));
        Path { filter, ..path.clone() }
    };
    let paths = target.paths.iter().map(&mut path).collect();
    let attributes = target.attributes.clone();
    let [id, key, name] = [&target.id, &target.key, &target.name].map(Name::clone);
    let (scope, power) = (target.scope.clone(), target.power.clone());
    Target { id, key, name, scope, power, attributes, paths, ..*target }
}

fn with(filter: &Filter, others: &FxHashMap<usize, Arc<RuleList>>) -> Filter {
    let all = |parts: &[Filter]| parts.iter().map(|part| with(part, others)).collect();
    match filter {
        Filter::Always(action) => Filter::Always(*action),
        Filter::FirstMatch(list) => {
            Filter::FirstMatch(Arc::clone(others.get(&Arc::as_ptr(list).addr()).unwrap_or(list)))
        }
        Filter::Chain(parts) => Filter::Chain(all(parts)),
        Filter::AllOf(parts) => Filter::AllOf(all(parts)),
        Filter::AnyOf(parts) => Filter::AnyOf(all(parts)),
    }
}

/// A target that is brought from version to version.
struct Current {
    frame: Arc<Target>,
    /// The lists of the frame, and what they are now.
    lists: Vec<(Arc<RuleList>, Arc<RuleList>)>,
}

impl Current {
    fn of(target: &Arc<Target>) -> Self {
        let lists = lists(target).into_iter().map(|list| (Arc::clone(&list), list)).collect();
        Self { frame: Arc::clone(target), lists }
    }

    fn edit(&mut self, edits: &[(u32, Arc<Edited>)]) {
        for (number, edited) in edits {
            if let Some((_, list)) = self.lists.get_mut(*number as usize) {
                *list = Arc::new(edited.list(list));
            }
        }
    }

    fn target(&self) -> Arc<Target> {
        let others = self.lists.iter().map(|(own, now)| (Arc::as_ptr(own).addr(), Arc::clone(now))).collect();
        Arc::new(with_lists(&self.frame, &others))
    }
}

impl Edited {
    fn between(before: &RuleList, now: &RuleList) -> Option<Self> {
        let is_one = before.id == now.id
            && before.name == now.name
            && before.kind == now.kind
            && before.scope == now.scope
            && before.behind == now.behind;
        if !is_one {
            return None;
        }
        let places = Places::of(before, now);
        let mut rules: Vec<Piece> = Vec::new();
        let known: FxHashMap<&str, usize> =
            before.rules.iter().enumerate().map(|(position, rule)| (&*rule.name, position)).collect();
        let mut next = 0;
        for rule in &now.rules {
            let is_same = |position: &usize| {
                before.rules.get(*position).is_some_and(|other| places.is_same(other, rule))
            };
            // Names may be given twice: the one that comes next is asked first.
            let found = Some(next).filter(is_same).or(known.get(&*rule.name).copied().filter(is_same));
            match (found.and_then(|found| u32::try_from(found).ok()), rules.last_mut()) {
                (Some(found), Some(Piece::Same { from, count })) if *from + *count == found => *count += 1,
                (Some(found), _) => rules.push(Piece::Same { from: found, count: 1 }),
                (None, _) => rules.push(Piece::Other(Box::new(rule.clone()))),
            }
            next = found.map_or(next, |found| found + 1);
        }
        Some(Self { rules: rules.into(), places, provenance: now.provenance })
    }

    fn list(&self, before: &RuleList) -> RuleList {
        let mut rules: Vec<Rule> = Vec::with_capacity(before.rules.len() + 1);
        for piece in &self.rules {
            match piece {
                Piece::Same { from, count } => {
                    let (from, count) = (*from as usize, *count as usize);
                    rules.extend(
                        before.rules.iter().skip(from).take(count).map(|rule| self.places.rule(rule)),
                    );
                }
                Piece::Other(rule) => rules.push(Rule::clone(rule)),
            }
        }
        let [id, name] = [&before.id, &before.name].map(Name::clone);
        let (scope, behind) = (before.scope.clone(), before.behind.clone());
        RuleList { id, name, kind: before.kind, scope, rules, behind, provenance: self.provenance }
    }
}

impl Places {
    /// Of an object that is read again as a whole, every rule is read at one place.
    fn of(before: &RuleList, now: &RuleList) -> Self {
        let mut all = now.rules.iter().map(|rule| rule.provenance);
        let first = all.next().flatten();
        let was_first = before.rules.first().and_then(|rule| rule.provenance);
        match all.all(|place| place == first) && was_first != first {
            true => Self::All(first),
            false => Self::AsBefore,
        }
    }

    /// Whether a rule is one of before, read where these say.
    fn is_same(&self, before: &Rule, now: &Rule) -> bool {
        let is_there = match self {
            Self::AsBefore => before.provenance == now.provenance,
            Self::All(place) => *place == now.provenance,
        };
        is_there
            && before.name == now.name
            && before.priority == now.priority
            && before.rank == now.rank
            && before.action == now.action
            && before.matches == now.matches
            && before.written == now.written
            && before.built_in == now.built_in
    }

    fn rule(&self, before: &Rule) -> Rule {
        match self {
            Self::AsBefore => before.clone(),
            Self::All(provenance) => Rule { provenance: *provenance, ..before.clone() },
        }
    }
}

#[cfg(test)]
mod tests {
    use core::convert::Infallible;

    use model::{Action, Carries, Destinations, DocumentId, Matches, Reach, every_type};
    use packet::{AddressSet, Bounds, Family, PortSet, ProtocolSet};

    use super::*;

    fn rule(name: &str, port: u16, read_at: u64) -> Rule {
        let everything = || Bounds::exactly(Arc::new(AddressSet::whole(Family::V4)));
        let ports = |set: PortSet| Bounds::exactly(Arc::new(set));
        Rule {
            name: name.into(),
            priority: None,
            rank: 0,
            action: Action::Allow,
            matches: Matches {
                protocols: Bounds::exactly(ProtocolSet::EVERYTHING),
                sources: everything(),
                tags: Vec::new(),
                source_ports: ports(PortSet::everything()),
                destinations: everything(),
                ports: ports(PortSet::only(port)),
                types: every_type(),
            },
            written: "0.0.0.0/0".into(),
            built_in: false,
            provenance: Some(Provenance { document: DocumentId(1), offset: read_at }),
        }
    }

    fn list(id: &str, rules: Vec<Rule>) -> Arc<RuleList> {
        let provenance = rules.first().and_then(|rule| rule.provenance);
        let (id, name) = (Name::from(id), Name::from(id));
        Arc::new(RuleList { id, name, kind: "group", scope: None, rules, behind: None, provenance })
    }

    /// A target with a path for each of some filters.
    fn target(power: &str, filters: &[&Arc<Filter>]) -> Arc<Target> {
        let path = |filter: &&Arc<Filter>| Path {
            reach: Reach::Exposed,
            front: None,
            destinations: Destinations::These(Arc::new(AddressSet::whole(Family::V4))),
            carries: Carries::Everything,
            hops: Vec::new(),
            filter: Arc::clone(filter),
        };
        Arc::new(Target {
            cloud: "test",
            id: "t".into(),
            key: "t".into(),
            kind: "interface",
            name: "t".into(),
            scope: None,
            power: Some(power.into()),
            attributes: Vec::new(),
            paths: filters.iter().map(path).collect(),
            provenance: None,
        })
    }

    /// One list behind another, on two ways, and a third way with the second list alone.
    fn with_two_lists(power: &str, one: &Arc<RuleList>, other: &Arc<RuleList>) -> Arc<Target> {
        let stage = |list: &Arc<RuleList>| Filter::FirstMatch(Arc::clone(list));
        let both = Arc::new(Filter::AllOf(vec![stage(one), Filter::Chain(vec![stage(other)])]));
        target(power, &[&both, &both, &Arc::new(stage(other))])
    }

    #[test]
    fn every_version_is_what_it_was() {
        let fixed = list("acl", vec![rule("all", 1, 3)]);
        let names = |names: &[&str], read_at: u64| {
            list("group", names.iter().map(|name| rule(name, name.len() as u16, read_at)).collect())
        };
        let versions = [
            with_two_lists("on", &fixed, &names(&["a", "bb", "ccc"], 5)),
            // One rule comes, and all of the list is read at another place.
            with_two_lists("on", &fixed, &names(&["a", "bb", "dddd", "ccc"], 7)),
            // One goes, one place stays.
            with_two_lists("on", &fixed, &names(&["a", "dddd", "ccc"], 7)),
            // The order is another one, and names come twice.
            with_two_lists("on", &fixed, &names(&["ccc", "a", "a", "dddd"], 7)),
            with_two_lists("on", &fixed, &names(&[], 9)),
            with_two_lists("on", &names(&["x"], 1), &names(&["y", "x"], 1)),
            // Something else than lists.
            with_two_lists("off", &fixed, &names(&["a"], 9)),
            target("off", &[]),
            with_two_lists("off", &fixed, &names(&["a"], 9)),
            with_two_lists("off", &list("acl", vec![rule("all", 1, 3), rule("none", 1, 4)]), &fixed),
        ];
        let (mut past, mut edits) = (Past::default(), Edits::default());
        let numbers: Vec<u32> = versions.iter().map(|version| past.keep(version, &mut edits)).collect();
        assert_eq!(numbers, (0..10).collect::<Vec<u32>>());
        let is_small = |version: &Version| matches!(version, Version::Edited(_));
        assert_eq!(past.versions.iter().filter(|version| is_small(version)).count(), 4);

        for step in 1..versions.len() {
            for start in 0..step {
                let mut told = Vec::new();
                let wanted = (start..versions.len()).step_by(step).map(|number| number as u32);
                let done = past.tell(wanted, |version, target| -> Result<(), Infallible> {
                    told.push((version as usize, Arc::clone(target)));
                    Ok(())
                });
                assert_eq!(done, Ok(()));
                assert!(told.iter().all(|(version, target)| *target == versions[*version]), "{start} {step}");
                assert_eq!(told.len(), (versions.len() - start).div_ceil(step));
                // A list that several ways have in common is one list again.
                let (_, last) = told.last().unwrap();
                assert_eq!(lists(last).len(), lists(&versions[told.last().unwrap().0]).len());
            }
        }
    }

    #[test]
    fn what_is_the_same_is_no_version() {
        let [one, again] = [3, 3].map(|place| list("group", vec![rule("a", 1, place)]));
        let (mut past, mut edits) = (Past::default(), Edits::default());
        let numbers = [one, again].map(|list| past.keep(&with_two_lists("on", &list, &list), &mut edits));
        assert_eq!(numbers, [0, 0]);
    }
}
