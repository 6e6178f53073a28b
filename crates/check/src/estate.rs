//! Small estates for the tests of this crate: rules in a list before a machine, decided by the engine.

use std::sync::Arc;

use engine::{Exposure, idle_rules};
use model::{
    Action, Carries, Destinations, DocumentId, Filter, Internet, Matches, Name, Path, Provenance, Reach,
    Rule, RuleList, Snapshot, Tag, Target, Thresholds, every_type,
};
use packet::{AddressSet, Bounds, Family, PortRange, PortSet, Prefix, Protocol, ProtocolSet};

use crate::{Answers, Check, Facts, Finding, Overrides};

/// Targets, and the addresses one can rent.
pub(crate) struct Estate {
    pub(crate) cloud: &'static str,
    pub(crate) targets: Vec<Target>,
    pub(crate) lists: Vec<Arc<RuleList>>,
    pub(crate) rentable: Vec<Arc<AddressSet>>,
}

impl Estate {
    /// `vm-web` at 10.0.0.4 and fd00::4 behind `nsg-web` with these rules, a complete path.
    pub(crate) fn of(rules: Vec<Rule>) -> Self {
        let list = list("nsg-web", rules);
        let targets = vec![target("vm-web", &[Arc::clone(&list)])];
        Self { cloud: "test", targets, lists: vec![list], rentable: vec![] }
    }

    /// The same behind lists of another kind.
    pub(crate) fn kind(mut self, kind: &'static str) -> Self {
        let of = |list: &Arc<RuleList>| Arc::new(RuleList { kind, ..RuleList::clone(list) });
        self.lists = self.lists.iter().map(of).collect();
        self.targets = self.targets.iter().map(|one| target(&one.name, &self.lists)).collect();
        self
    }

    pub(crate) fn latent(self) -> Self {
        self.reach(Reach::Latent)
    }

    /// The same as a service with a filter of its own.
    pub(crate) fn service(mut self, what: &str) -> Self {
        for target in &mut self.targets {
            target.attributes.push(("service", what.into()));
        }
        self
    }

    pub(crate) fn reach(mut self, reach: Reach) -> Self {
        let paths = self.targets.iter_mut().flat_map(|target| &mut target.paths);
        paths.for_each(|path| path.reach = reach);
        self
    }

    /// What one check finds, as `severity: message`.
    pub(crate) fn told(&self, check: &Check) -> Vec<String> {
        let told = |finding: &Finding| format!("{}: {}", finding.severity, finding.message);
        self.found(check).iter().map(told).collect()
    }

    pub(crate) fn found(&self, check: &Check) -> Vec<Finding> {
        let findings = self.findings(&Overrides::new()).into_iter();
        findings.filter(|finding| finding.check.name == check.name).collect()
    }

    pub(crate) fn findings(&self, overrides: &Overrides) -> Vec<Finding> {
        let mut answers = Answers::default();
        self.ask(&mut answers);
        answers.findings(overrides)
    }

    pub(crate) fn ask(&self, answers: &mut Answers) {
        let snapshot = self.snapshot();
        let exposures = exposures(&snapshot);
        let idle: Vec<_> = self.lists.iter().flat_map(idle_rules).collect();
        answers.ask(&Facts { snapshot: &snapshot, exposures: &exposures, idle: &idle });
    }

    /// Moves all of it to another scope.
    pub(crate) fn rescope(&mut self, scope: &str) {
        let of =
            |list: &Arc<RuleList>| Arc::new(RuleList { scope: Some(scope.into()), ..RuleList::clone(list) });
        self.lists = self.lists.iter().map(of).collect();
        self.targets = self.targets.iter().map(|one| target(&one.name, &self.lists)).collect();
        self.targets.iter_mut().for_each(|target| target.scope = Some(scope.into()));
    }

    pub(crate) fn exposures(&self) -> Vec<Exposure> {
        exposures(&self.snapshot())
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        Snapshot {
            cloud: self.cloud,
            internet: Arc::new(Internet::less(&addresses(&["168.63.129.16"]), Thresholds::STANDARD)),
            inside: None,
            protocols: [1, 6, 17, 50, 51].into_iter().map(Protocol).collect(),
            rentable: self.rentable.clone(),
            targets: self.targets.iter().cloned().map(Arc::new).collect(),
            lists: self.lists.clone(),
            gaps: vec![],
            coverage: Default::default(),
            missing: vec![],
        }
    }
}

fn exposures(snapshot: &Snapshot) -> Vec<Exposure> {
    let mut found = Vec::new();
    engine::exposures(snapshot, &mut |exposure, _| found.push(exposure)).unwrap();
    found
}

pub(crate) fn target(name: &str, lists: &[Arc<RuleList>]) -> Target {
    let stage = |list: &Arc<RuleList>| {
        Filter::Chain(vec![Filter::FirstMatch(Arc::clone(list)), Filter::Always(Action::Deny)])
    };
    let path = Path {
        reach: Reach::Exposed,
        front: None,
        destinations: Destinations::These(addresses(&["10.0.0.4", "fd00::4"])),
        carries: Carries::Everything,
        hops: Vec::new(),
        filter: Arc::new(Filter::AllOf(lists.iter().map(stage).collect())),
    };
    Target {
        cloud: "test",
        id: format!("/nics/{name}").into(),
        key: format!("/nics/{name}").to_ascii_lowercase().into(),
        kind: "network-interface",
        name: name.into(),
        scope: Some("project".into()),
        power: None,
        attributes: Vec::new(),
        paths: vec![path],
        provenance: Some(place(1)),
    }
}

/// Rules are named and ranked by their place: `rule-100`, `rule-110`. Names that are there stay.
pub(crate) fn list(name: &str, rules: Vec<Rule>) -> Arc<RuleList> {
    let ranked = rules.into_iter().zip((100..).step_by(10)).map(|(rule, rank)| {
        let name = if rule.name.is_empty() { format!("rule-{rank}").into() } else { Arc::clone(&rule.name) };
        Rule { name, rank, priority: Some(rank), provenance: Some(place(rank.into())), ..rule }
    });
    Arc::new(RuleList {
        id: format!("/nsgs/{name}").into(),
        name: name.into(),
        kind: "network-security-group",
        scope: Some("project".into()),
        rules: ranked.collect(),
        behind: None,
        provenance: Some(place(0)),
    })
}

/// Sources are prefixes, `*`, or the name of a pool whose members are not known.
pub(crate) fn allow(protocol: &str, sources: &[&str], ports: &[&str]) -> Rule {
    rule(Action::Allow, protocol, sources, ports)
}

pub(crate) fn deny(protocol: &str, sources: &[&str], ports: &[&str]) -> Rule {
    rule(Action::Deny, protocol, sources, ports)
}

fn rule(action: Action, protocol: &str, sources: &[&str], ports: &[&str]) -> Rule {
    let (tags, prefixes): (Vec<&str>, Vec<&str>) =
        sources.iter().partition(|source| !source.contains(['.', ':', '*']));
    let tag = |name: &str| Arc::new(Tag { name: name.into(), within: vec![] });
    Rule {
        name: Name::from(""),
        priority: None,
        rank: 0,
        action,
        matches: Matches {
            protocols: Bounds::exactly(protocols(protocol)),
            sources: Bounds::exactly(addresses(&prefixes)),
            tags: tags.into_iter().map(tag).collect(),
            source_ports: Bounds::exactly(Arc::new(PortSet::everything())),
            destinations: Bounds::exactly(Arc::new(AddressSet::everything())),
            ports: Bounds::exactly(Arc::new(
                ports.iter().map(|text| text.parse::<PortRange>().unwrap()).collect(),
            )),
            types: every_type(),
        },
        written: "".into(),
        built_in: false,
        provenance: None,
    }
}

fn protocols(name: &str) -> ProtocolSet {
    match name {
        "any" => ProtocolSet::EVERYTHING,
        "tcp" => ProtocolSet::only(Protocol::TCP),
        "udp" => ProtocolSet::only(Protocol::UDP),
        "icmp" => ProtocolSet::only(Protocol::ICMP),
        other => panic!("{other}"),
    }
}

pub(crate) fn addresses(texts: &[&str]) -> Arc<AddressSet> {
    let prefixes = texts.iter().flat_map(|&text| match text {
        "*" => Family::BOTH.map(Prefix::whole).to_vec(),
        text => vec![text.parse().unwrap()],
    });
    Arc::new(prefixes.collect())
}

const fn place(offset: u64) -> Provenance {
    Provenance { document: DocumentId(0), offset }
}

/// Something that somebody did, for the checks of changes.
#[derive(Clone)]
pub(crate) struct Act(engine::Judged);

impl Act {
    /// At a second, by alice.
    pub(crate) fn at(second: i64) -> Self {
        let cause = engine::Cause {
            at: model::Moment(second * 1000),
            event: format!("event-{second}").into(),
            actor: "alice".into(),
            address: None,
            client: None,
            operation: "Change".into(),
            edited: "sg-1".into(),
            provenance: Some(place(second.unsigned_abs())),
        };
        Self(engine::Judged {
            cloud: "test",
            scope: Some("project".into()),
            cause: Arc::new(cause),
            kind: "security group".into(),
            effect: engine::ChangeEffect::None,
            effects: vec![],
            touches: engine::Touches::Modelled,
            note: None,
            expected: None,
        })
    }

    fn with(mut self, edit: impl FnOnce(&mut engine::Cause)) -> Self {
        edit(Arc::make_mut(&mut self.0.cause));
        self
    }

    pub(crate) fn by(self, actor: &str) -> Self {
        self.with(|cause| cause.actor = actor.into())
    }

    pub(crate) fn named(self, operation: &str) -> Self {
        self.with(|cause| cause.operation = operation.into())
    }

    pub(crate) fn on(self, edited: &str) -> Self {
        self.with(|cause| cause.edited = edited.into())
    }

    pub(crate) fn kind(mut self, kind: &str) -> Self {
        self.0.kind = kind.into();
        self
    }

    pub(crate) fn noted(mut self, note: &str) -> Self {
        self.0.note = Some(note.to_owned());
        self
    }

    pub(crate) fn denied(mut self) -> Self {
        self.0.effect = engine::ChangeEffect::Denied;
        self
    }

    pub(crate) fn expected(mut self, expected: &engine::Expected) -> Self {
        self.0.expected = Some(expected.clone());
        self
    }

    pub(crate) fn weakens(mut self, kind: &str, edited: &str, weakened: model::Weakened) -> Self {
        self.0.effect = engine::ChangeEffect::Impairs;
        self.0.touches = engine::Touches::Watcher(model::Watch::Guard, weakened);
        self.kind(kind).on(edited)
    }

    /// The same of what keeps what happened.
    pub(crate) fn blinds(self, kind: &str, edited: &str, weakened: model::Weakened) -> Self {
        let mut act = self.weakens(kind, edited, weakened);
        act.0.touches = engine::Touches::Watcher(model::Watch::Log, weakened);
        act
    }

    pub(crate) fn not_modelled(mut self, kind: &str) -> Self {
        self.0.touches = engine::Touches::NotModelled;
        self.kind(kind)
    }
}

/// What one check finds in what was done, as `severity: message`.
pub(crate) fn found(acts: &[Act], check: &Check) -> Vec<String> {
    found_with(acts, &crate::Attempts::new(), check)
}

/// The same, with what attempts would have opened.
pub(crate) fn found_with(acts: &[Act], attempts: &crate::Attempts, check: &Check) -> Vec<String> {
    let findings = of_acts(acts, attempts).into_iter().filter(|finding| finding.check.name == check.name);
    findings.map(|finding| format!("{}: {}", finding.severity, finding.message)).collect()
}

pub(crate) fn of_acts(acts: &[Act], attempts: &crate::Attempts) -> Vec<Finding> {
    let judged: Vec<_> = acts.iter().map(|act| act.0.clone()).collect();
    let mut answers = Answers::default();
    answers.ask_changes(&judged, attempts);
    answers.findings(&Overrides::new())
}
