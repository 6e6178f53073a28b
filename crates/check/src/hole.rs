//! Grouping: exposures that one filter lets in on one protocol are one hole, and one hole is one finding. Where each rule
//! of a list says itself whom it is for, the rule is the hole and not the list.
//!
//! Knows no check by name and no wording.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use core::cmp::Reverse;

use engine::{Admission, Exposure, Fingerprint};
use model::{Grade, Name, Provenance, Reach, Rule, RuleList, Target};
use packet::{Family, PortSet, Protocol};

use crate::finding::Found;
use crate::proof;
use crate::reached::Reached;
use crate::service;
use crate::severity::severity;
use crate::{Check, Class, Facts, Finding, Severity, Subject};

/// What one exposure means to one check.
pub(crate) struct Hit<'a> {
    pub(crate) exposure: &'a Exposure,
    pub(crate) reached: Reached,
    pub(crate) severity: Severity,
}

impl<'a> Hit<'a> {
    /// The ports of an exposure that are in some classes, with the severity of the worst; `None` without any.
    pub(crate) fn of(exposure: &'a Exposure, classes: &[Class]) -> Option<Self> {
        Self::on(exposure, &exposure.ports, classes)
    }

    /// The same of some of its ports.
    pub(crate) fn on(exposure: &'a Exposure, ports: &PortSet, classes: &[Class]) -> Option<Self> {
        let is_database = service::is_database(&exposure.target);
        let part = |&class: &Class| {
            let reached = match exposure.protocol.filter(|protocol| is_database && protocol.has_ports()) {
                Some(protocol) => Reached::of_database(protocol, ports, class),
                None => Reached::of(exposure.protocol, ports, class),
            };
            Some((class, reached?.standing_for(exposure.protocols)))
        };
        let parts = classes.iter().filter_map(part);
        parts.fold(None, |hit: Option<Self>, (class, reached)| {
            let severity = severity(exposure, class);
            Some(match hit {
                None => Self { exposure, reached, severity },
                Some(hit) => {
                    let reached = hit.reached.union(&reached);
                    Self { exposure, reached, severity: hit.severity.max(severity) }
                }
            })
        })
    }
}

/// The exposures that somebody may come through today. What the checks of services tell is told there alone.
pub(crate) fn reached<'a>(facts: &Facts<'a>) -> impl Iterator<Item = &'a Exposure> {
    let is_told = |exposure: &Exposure| {
        service::is_open_to_customers(exposure) || service::is_wide_open(exposure, facts)
    };
    facts.exposures.iter().filter(move |exposure| exposure.reach != Reach::Latent && !is_told(exposure))
}

/// What lets a hole in.
#[derive(Clone, Copy)]
enum Opener<'a> {
    List(&'a Arc<RuleList>),
    Rule(&'a Arc<RuleList>, &'a Rule),
    Target(&'a Arc<Target>),
}

impl<'a> Opener<'a> {
    /// The last list on the way that a person opened, else the last list, else the target.
    fn of(hit: &Hit<'a>) -> Self {
        let exposure = hit.exposure;
        let by_person = |admission: &&Admission| rule(admission).is_some_and(|rule| !rule.built_in);
        // An exposure joins ports: one of its lists may let in others than those that the check asks about.
        let speaks = |admission: &&Admission| proof::speaks(admission, &hit.reached);
        let own = || exposure.opened_by.iter().filter(speaks);
        let last = own().rfind(by_person).or(own().next_back()).or(exposure.opened_by.last());
        let Some(Admission { list, .. }) = last else { return Self::Target(&exposure.target) };
        let chosen = if chooses(list) { widest(list, hit) } else { None };
        chosen.map_or(Self::List(list), |rule| Self::Rule(list, rule))
    }

    /// Two spellings of one scope and one id are one.
    fn key(self) -> Key {
        let key = match self {
            Self::List(list) | Self::Rule(list, _) => &list.id,
            Self::Target(target) => &target.key,
        };
        let rule = self.rule().map(|rule| rule.name.to_ascii_lowercase());
        (self.scope().map(|scope| scope.to_ascii_lowercase()), key.to_ascii_lowercase(), rule)
    }

    const fn list(self) -> Option<&'a Arc<RuleList>> {
        match self {
            Self::List(list) | Self::Rule(list, _) => Some(list),
            Self::Target(_) => None,
        }
    }

    const fn rule(self) -> Option<&'a Rule> {
        match self {
            Self::Rule(_, rule) => Some(rule),
            Self::List(_) | Self::Target(_) => None,
        }
    }

    fn scope(self) -> Option<&'a Name> {
        match self {
            Self::List(list) | Self::Rule(list, _) => list.scope.as_ref(),
            Self::Target(target) => target.scope.as_ref(),
        }
    }

    fn subject(self) -> Subject {
        match self {
            Self::List(list) | Self::Rule(list, _) => {
                Subject { id: Arc::clone(&list.id), kind: list.kind, name: Arc::clone(&list.name) }
            }
            Self::Target(target) => {
                Subject { id: Arc::clone(&target.id), kind: target.kind, name: Arc::clone(&target.name) }
            }
        }
    }
}

/// What openers are compared by: scope, id, name of the rule.
type Key = (Option<String>, String, Option<String>);

/// The rule of a list that lets in the most of what a hit speaks of; of equal ones the first.
fn widest<'a>(list: &RuleList, hit: &Hit<'a>) -> Option<&'a Rule> {
    let own = |admission: &&Admission| admission.list.id == list.id;
    let speaks = |admission: &&Admission| proof::speaks(admission, &hit.reached);
    let rules = hit.exposure.opened_by.iter().filter(own).filter(speaks).filter_map(rule);
    let width = |rule: &Rule| {
        let sources = &rule.matches.sources.may;
        Family::BOTH.map(|family| sources.count(family).saturating())
    };
    rules.min_by_key(|rule| (Reverse(width(rule)), rule.rank))
}

/// Whether each rule of a list says whom it is for.
pub(crate) fn chooses(list: &RuleList) -> bool {
    CHOOSING.contains(&list.kind)
}

/// Kinds of lists each of whose rules says whom it is for: what a whole network or organisation has in common.
const CHOOSING: &[&str] = &["vpc-firewall", "firewall-policy"];

/// The hits of one check with one opener and one protocol.
pub(crate) struct Hole<'a> {
    opener: Opener<'a>,
    protocol: Option<Protocol>,
    /// The worst: the one that is told.
    pub(crate) leading: Hit<'a>,
    /// The others.
    following: Vec<Hit<'a>>,
}

/// Groups hits, in the order of scope, opener and protocol.
pub(crate) fn holes<'a>(hits: impl Iterator<Item = Hit<'a>>) -> Vec<Hole<'a>> {
    grouped(hits.map(|hit| (Opener::of(&hit), hit)))
}

/// The same of what each of some lists lets in, whatever others let in as well.
pub(crate) fn holes_in<'a>(hits: impl Iterator<Item = (&'a Arc<RuleList>, Hit<'a>)>) -> Vec<Hole<'a>> {
    grouped(hits.map(|(list, hit)| (Opener::List(list), hit)))
}

fn grouped<'a>(hits: impl Iterator<Item = (Opener<'a>, Hit<'a>)>) -> Vec<Hole<'a>> {
    let mut openers = Openers::default();
    let mut groups: HashMap<_, (Opener<'a>, Vec<Hit<'a>>)> = HashMap::new();
    for (opener, hit) in hits {
        let key = (openers.number(opener), hit.exposure.protocol);
        groups.entry(key).or_insert_with(|| (opener, Vec::new())).1.push(hit);
    }
    let places = openers.places();
    let place = |number: usize| places.get(number).copied();
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_unstable_by_key(|((number, protocol), _)| (place(*number), *protocol));
    groups.into_iter().filter_map(|(_, (opener, hits))| Hole::new(opener, hits)).collect()
}

/// Openers, numbered as they come. Ids are long and hits are many: each opener is spelled once.
#[derive(Default)]
struct Openers {
    // By where they are in memory, which is looked up only.
    met: HashMap<usize, usize>,
    numbers: BTreeMap<Key, usize>,
}

impl Openers {
    fn number(&mut self, opener: Opener<'_>) -> usize {
        let address = match opener {
            Opener::List(list) => Arc::as_ptr(list).addr(),
            Opener::Rule(_, rule) => core::ptr::from_ref(rule).addr(),
            Opener::Target(target) => Arc::as_ptr(target).addr(),
        };
        *self.met.entry(address).or_insert_with(|| {
            let next = self.numbers.len();
            *self.numbers.entry(opener.key()).or_insert(next)
        })
    }

    /// The place of each number in the order of scopes and ids.
    fn places(&self) -> Vec<usize> {
        let mut places = vec![0; self.numbers.len()];
        for (place, number) in self.numbers.values().enumerate() {
            if let Some(slot) = places.get_mut(*number) {
                *slot = place;
            }
        }
        places
    }
}

impl<'a> Hole<'a> {
    fn new(opener: Opener<'a>, mut hits: Vec<Hit<'a>>) -> Option<Self> {
        hits.sort_by_cached_key(|hit| {
            let sources = &hit.exposure.sources;
            let addresses = sources.ipv4.as_ref().map(|measure| measure.addresses);
            (Reverse((hit.severity, sources.grade(), addresses)), Arc::clone(&hit.exposure.target.key))
        });
        let mut hits = hits.into_iter();
        let leading = hits.next()?;
        let protocol = leading.exposure.protocol;
        Some(Self { opener, protocol, leading, following: hits.collect() })
    }

    /// The list that opens it, where one does.
    pub(crate) const fn list(&self) -> Option<&'a Arc<RuleList>> {
        self.opener.list()
    }

    /// All of its exposures.
    pub(crate) fn exposures(&self) -> impl Iterator<Item = &'a Exposure> {
        self.hits().map(|hit| hit.exposure)
    }

    /// What is reached through it as far and as surely as by the leading exposure, and by no more.
    pub(crate) fn reached(&self) -> Reached {
        self.level().fold(self.leading.reached.clone(), |reached, hit| reached.union(&hit.reached))
    }

    /// Whether all of that is reached by the same sources.
    pub(crate) fn is_even(&self) -> bool {
        let digest = |exposure: &Exposure| exposure.sources.digest;
        self.level().all(|hit| digest(hit.exposure) == digest(self.leading.exposure))
    }

    /// What is reached beside that as far and as surely, by more than lead: less severe, yet wider; and by whom at most.
    pub(crate) fn reached_by_more(&self) -> Option<(Reached, &'a Exposure)> {
        let wider = self.following.iter().filter(|hit| self.is_alike(hit) && self.is_wider(hit));
        let widest = wider.clone().max_by_key(|hit| hit.exposure.sources.grade())?.exposure;
        let reached = wider.map(|hit| hit.reached.clone()).reduce(|reached, hit| reached.union(&hit))?;
        Some((reached, widest))
    }

    fn level(&self) -> impl Iterator<Item = &Hit<'a>> {
        self.following.iter().filter(|hit| self.is_alike(hit) && !self.is_wider(hit))
    }

    /// Whether more get in, of a family or from a pool, than by the leading exposure.
    fn is_wider(&self, hit: &Hit<'_>) -> bool {
        let (own, leading) = (&hit.exposure.sources, &self.leading.exposure.sources);
        let grade = |measure: &Option<engine::Measure>| measure.as_ref().map(|measure| measure.grade);
        let families = [(&own.ipv4, &leading.ipv4), (&own.ipv6, &leading.ipv6)];
        families.into_iter().any(|(own, leading)| grade(own) > grade(leading))
            || own.tags.iter().any(|tag| !leading.tags.contains(tag))
    }

    /// What is reached beside that, less far or less surely.
    pub(crate) fn reached_less(&self) -> Option<Reached> {
        let others = self.following.iter().filter(|hit| !self.is_alike(hit)).map(|hit| hit.reached.clone());
        others.reduce(|reached, other| reached.union(&other))?.difference(&self.reached())
    }

    fn is_alike(&self, hit: &Hit<'_>) -> bool {
        let known = |exposure: &Exposure| (exposure.reach, exposure.certainty);
        known(hit.exposure) == known(self.leading.exposure)
    }

    /// All that it speaks of, however far or surely reached.
    fn packets(&self) -> BTreeMap<Option<Protocol>, PortSet> {
        let reached = self.hits().map(|hit| hit.reached.clone()).reduce(|all, hit| all.union(&hit));
        let Some(reached) = reached else { return BTreeMap::new() };
        if reached.is_everything() {
            return BTreeMap::from([(None, PortSet::empty())]);
        }
        // Of types every one is told as none.
        let told =
            |(protocol, ports): (Protocol, &PortSet)| match protocol.has_types() && ports.is_everything() {
                true => (Some(protocol), PortSet::empty()),
                false => (Some(protocol), ports.clone()),
            };
        reached.each().map(told).collect()
    }

    /// How many its lists let in over each family: behind a proxy they let in the proxy.
    fn grades(&self) -> BTreeMap<Family, Grade> {
        let mut grades: BTreeMap<Family, Grade> = BTreeMap::new();
        for exposure in self.exposures().filter(|exposure| exposure.reach != Reach::ViaProxy) {
            let families = [(Family::V4, &exposure.sources.ipv4), (Family::V6, &exposure.sources.ipv6)];
            for (family, measure) in families {
                let Some(measure) = measure else { continue };
                let widest = grades.entry(family).or_insert(measure.grade);
                *widest = measure.grade.max(*widest);
            }
        }
        grades
    }

    /// The rules of the opener that let the leading exposure in.
    pub(crate) fn rules(&self) -> Vec<&'a Rule> {
        let Some(list) = self.list() else { return Vec::new() };
        let own = |admission: &&Admission| admission.list.id == list.id;
        let speaks = |admission: &&Admission| proof::speaks(admission, &self.leading.reached);
        self.leading.exposure.opened_by.iter().filter(own).filter(speaks).filter_map(rule).collect()
    }

    /// The same with those of lists any of which is enough beside it: together they are what is spelled.
    pub(crate) fn united_rules(&self) -> Vec<&'a Rule> {
        let exposure = self.leading.exposure;
        let Some(list) = self.list() else { return Vec::new() };
        let Some(path) = exposure.target.paths.get(exposure.way) else { return self.rules() };
        let united = path.filter.alternatives(&list.id);
        let own = |admission: &&Admission| united.iter().any(|list| list.id == admission.list.id);
        let speaks = |admission: &&Admission| proof::speaks(admission, &self.leading.reached);
        exposure.opened_by.iter().filter(own).filter(speaks).filter_map(rule).collect()
    }

    /// The rules of the whole way that let in what is spoken of.
    fn opened_by(&self) -> Vec<Admission> {
        let speaks = |admission: &&Admission| proof::speaks(admission, &self.leading.reached);
        self.leading.exposure.opened_by.iter().filter(speaks).cloned().collect()
    }

    /// The finding that says a message of this hole. Its id is given later, when all are known.
    pub(crate) fn finding(&self, check: &'static Check, message: String) -> Found {
        let mut exposures: Vec<Fingerprint> = self.exposures().map(|exposure| exposure.fingerprint).collect();
        exposures.sort_unstable();
        exposures.dedup();
        let targets: BTreeMap<&Name, &Arc<Target>> =
            self.exposures().map(|exposure| (&exposure.target.key, &exposure.target)).collect();
        let finding = Finding {
            id: String::new(),
            check,
            severity: self.leading.severity,
            cloud: self.leading.exposure.target.cloud,
            subject: self.opener.subject(),
            scope: self.opener.scope().cloned(),
            protocol: self.protocol,
            packets: self.packets(),
            grades: self.grades(),
            exposures,
            targets: targets.into_values().cloned().collect(),
            opened_by: self.opened_by(),
            witness: proof::witness(self.leading.exposure, &self.leading.reached),
            message,
            provenance: self.provenance(),
            detected: None,
        };
        let rule = self.opener.rule().map(|rule| Arc::clone(&rule.name));
        Found { finding, rule, apart: None, leading: Some(self.leading.exposure.fingerprint) }
    }

    fn hits(&self) -> impl Iterator<Item = &Hit<'a>> {
        core::iter::once(&self.leading).chain(&self.following)
    }

    /// A rule that a person wrote, else any, else the whole document of the opener.
    fn provenance(&self) -> Option<Provenance> {
        let rules = self.rules();
        let written = rules.iter().filter(|rule| !rule.built_in).find_map(|rule| rule.provenance);
        let place = written.or_else(|| rules.iter().find_map(|rule| rule.provenance));
        place.or_else(|| match self.opener {
            Opener::List(list) | Opener::Rule(list, _) => list.provenance,
            Opener::Target(target) => target.provenance,
        })
    }
}

fn rule(admission: &Admission) -> Option<&Rule> {
    admission.list.rules.get(admission.rule)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use engine::Certainty;
    use model::Filter;

    use super::*;
    use crate::estate::{Estate, addresses, allow, list, target};
    use crate::named;

    fn admin() -> &'static Check {
        named("internet-reaches-admin-port").unwrap()
    }

    /// `subject: targets` of every finding.
    fn grouped(estate: &Estate) -> Vec<String> {
        let names = |finding: &Finding| {
            let targets: Vec<_> = finding.targets.iter().map(|target| &*target.name).collect();
            format!("{}: {}", finding.subject.name, targets.join(" "))
        };
        estate.found(admin()).iter().map(names).collect()
    }

    fn open() -> Vec<Rule> {
        vec![allow("tcp", &["0.0.0.0/0"], &["22", "3389"])]
    }

    /// Rules that say whom they are for are holes of their own; two that together let in one are one.
    #[test]
    fn where_each_rule_is_for_some_the_rule_is_the_hole() {
        let named = |name: &str, sources: &[&str], ports: &[&str]| {
            let rule = allow("tcp", sources, ports);
            model::Rule { name: name.into(), ..rule }
        };
        let class = |rules| {
            let list = list("prod", rules);
            Arc::new(RuleList { kind: "vpc-firewall", ..RuleList::clone(&list) })
        };
        let halves =
            || vec![named("east", &["0.0.0.0/1"], &["22"]), named("west", &["128.0.0.0/1"], &["22"])];
        let office = || named("office", &["8.8.8.8/32"], &["22"]);
        let targets = vec![
            target("jump", &[class([vec![office()], halves()].concat())]),
            target("other-jump", &[class(halves())]),
            target("desk", &[class(vec![named("desk-rdp", &["0.0.0.0/0"], &["3389"])])]),
        ];
        let estate = Estate { targets, ..Estate::of(vec![]) };
        assert_eq!(grouped(&estate), ["prod: desk", "prod: jump other-jump"]);
        let found = estate.found(admin());
        assert_ne!(found[0].id, found[1].id);
    }

    #[test]
    fn one_filter_before_several_targets_is_one_finding() {
        let shared = list("nsg-web", open());
        let alone = list("nsg-db", open());
        let targets =
            vec![target("vm-b", &[Arc::clone(&shared)]), target("vm-a", &[shared]), target("vm-c", &[alone])];
        let estate = Estate { targets, ..Estate::of(vec![]) };
        assert_eq!(grouped(&estate), ["nsg-db: vm-c", "nsg-web: vm-a vm-b"]);
        assert_eq!(estate.found(admin())[1].exposures.len(), 2);
    }

    #[test]
    fn two_spellings_of_one_filter_are_one() {
        let spelled = |id: &str| {
            let list = RuleList { id: id.into(), ..RuleList::clone(&list("nsg-web", open())) };
            Arc::new(list)
        };
        let targets = vec![target("vm-a", &[spelled("/NSGs/web")]), target("vm-b", &[spelled("/nsgs/WEB")])];
        assert_eq!(grouped(&Estate { targets, ..Estate::of(vec![]) }), ["nsg-web: vm-a vm-b"]);
    }

    #[test]
    fn protocols_are_findings_of_their_own() {
        let rules = vec![allow("tcp", &["0.0.0.0/0"], &["22"]), allow("udp", &["0.0.0.0/0"], &["3389"])];
        let found = Estate::of(rules).found(admin());
        let protocols: Vec<_> = found.iter().map(|finding| finding.protocol).collect();
        assert_eq!(protocols, [Some(Protocol::TCP), Some(Protocol::UDP)]);
        let ids: BTreeSet<_> = found.iter().map(|finding| &finding.id).collect();
        assert_eq!(ids.len(), 2);
    }

    #[test]
    fn the_subject_is_the_last_list_that_a_person_opened() {
        let built_in = || vec![Rule { built_in: true, ..allow("tcp", &["0.0.0.0/0"], &["22"]) }];
        let subjects = |subnet: Vec<Rule>, interface: Vec<Rule>| {
            let lists = [list("nsg-subnet", subnet), list("nsg-nic", interface)];
            let found = Estate { targets: vec![target("vm", &lists)], ..Estate::of(vec![]) }.found(admin());
            found[0].subject.name.to_string()
        };
        assert_eq!(subjects(open(), open()), "nsg-nic");
        assert_eq!(subjects(open(), built_in()), "nsg-subnet");
        assert_eq!(subjects(built_in(), built_in()), "nsg-nic");
    }

    #[test]
    fn without_a_list_the_subject_is_the_target() {
        let mut estate = Estate::of(vec![]);
        estate.targets[0].paths[0].filter = Arc::new(Filter::Always(model::Action::Allow));
        assert_eq!(grouped(&estate), ["vm-web: vm-web"]);
        assert_eq!(estate.found(admin())[0].provenance.unwrap().offset, 1);
    }

    #[test]
    fn the_place_is_the_rule_of_the_worst_exposure() {
        let rules = vec![allow("tcp", &["8.8.8.8/32"], &["22"]), allow("tcp", &["0.0.0.0/0"], &["3389"])];
        let found = Estate::of(rules).found(admin());
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].severity, found[0].provenance.unwrap().offset), (Severity::Critical, 110));
    }

    #[test]
    fn ids_stay_while_ports_and_sources_change() {
        let id = |rules| Estate::of(rules).found(admin())[0].id.clone();
        let before = id(open());
        assert_eq!(before, id(vec![allow("tcp", &["8.8.8.0/24"], &["5900"])]));
        assert!(before.starts_with("WO-") && before.len() == 11, "{before}");
        assert_eq!(before, EXPECTED_ID);
    }

    /// A change of this is a change for everybody who accepted a finding.
    const EXPECTED_ID: &str = "WO-YWJF7P78";

    #[test]
    fn what_is_less_sure_is_told_apart() {
        let mut unknown = allow("tcp", &[], &["22", "3389"]);
        unknown.matches.sources.may = addresses(&["0.0.0.0/0"]);
        let rules = vec![allow("tcp", &["0.0.0.0/0"], &["22"]), unknown];
        let estate = Estate::of(rules);
        let certainties: BTreeSet<_> = estate.exposures().iter().map(|exposure| exposure.certainty).collect();
        assert_eq!(certainties, [Certainty::Proved, Certainty::Possible].into());
        let expected = "critical: tcp/22 (SSH) open to the whole IPv4 Internet: 3,702,258,431 addresses, and less \
                        surely tcp/3389 (RDP)";
        assert_eq!(estate.told(admin()), [expected]);
    }
}
