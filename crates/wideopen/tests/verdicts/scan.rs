//! Documents in, what we say out: who is reached, how far, on what, by how many.
//!
//! Knows no peer; a [`Question`] is what a peer asks, put so that exposures answer it.

use std::collections::BTreeMap;

use cloud::{Cloud, Document, Reading};
use engine::{Certainty, Exposure, exposures};
use model::{DocumentId, Gap, Grade, Path, Reach, Snapshot, Target, Thresholds};
use packet::{AddressSet, PortSet, Prefix, Protocol};
use serde_json::Value;
use terraform::Input;
use testkit::pipeline::{Chosen, Taken, take};

/// Everything we say of some documents read together.
pub(crate) struct Scan {
    pub(crate) snapshot: Snapshot,
    pub(crate) exposures: Vec<Exposure>,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) resources: u64,
}

impl Scan {
    pub(crate) fn of(cloud: &Cloud, texts: &[String]) -> Self {
        let mut inventory = (cloud.inventory)();
        let read = |(id, text): (u32, &String)| {
            inventory.read(&Document { id: DocumentId(id), path: "verdicts", text })
        };
        let readings: Vec<Reading> = (0..).zip(texts).map(read).collect();
        Self::made(readings, inventory.snapshot(Thresholds::STANDARD))
    }

    /// What files give that are read together; of configurations of Terraform what is `chosen` of them.
    pub(crate) fn of_files(files: &[(String, String)], chosen: &Chosen<'_>) -> Self {
        let mut inputs: Vec<Input<'_>> = Vec::new();
        for (id, (path, text)) in (0..).zip(files) {
            inputs.push(Input { document: Document { id: DocumentId(id), path, text }, named: false });
        }
        let Taken { reception, readings } = take(&inputs, chosen);
        let mut snapshots: Vec<Snapshot> = reception.into_snapshots(Thresholds::STANDARD).collect();
        // No example is of two clouds.
        let position = snapshots.iter().position(|snapshot| !snapshot.targets.is_empty());
        Self::made(readings, snapshots.swap_remove(position.unwrap_or_default()))
    }

    fn made(readings: Vec<Reading>, snapshot: Snapshot) -> Self {
        let resources = readings.iter().map(|reading| reading.resources).sum();
        let mut gaps: Vec<Gap> = readings.into_iter().flat_map(|reading| reading.gaps).collect();
        gaps.extend(snapshot.gaps.iter().cloned());
        let mut found: Vec<Exposure> = Vec::new();
        exposures(&snapshot, &mut |exposure, _| found.push(exposure)).unwrap();
        Self { snapshot, exposures: found, gaps, resources }
    }

    /// The same, and nothing of other targets.
    pub(crate) fn about(mut self, is_asked: &dyn Fn(&Target) -> bool) -> Self {
        self.snapshot.targets.retain(|target| is_asked(target));
        self.exposures.retain(|exposure| is_asked(&exposure.target));
        self
    }

    pub(crate) fn of_values(cloud: &Cloud, documents: &[Value]) -> Self {
        Self::of(cloud, &documents.iter().map(Value::to_string).collect::<Vec<_>>())
    }

    /// The answer about one target; about all of them without one.
    pub(crate) fn answer(&self, question: &Question, target: Option<&str>) -> Answer {
        let of_target = |id: &str| target.is_none_or(|wanted| wanted == id);
        let mut targets = self.snapshot.targets.iter().filter(|one| of_target(&one.id));
        if matches!(question, Question::Unattached) {
            return Answer::when(targets.any(|one| is_unattached(one)));
        }
        if matches!(question, Question::PublicAddress) {
            let paths: Vec<&Path> = targets.flat_map(|one| &one.paths).collect();
            return match paths.iter().any(|path| path.front.is_some()) {
                true => Answer::Open,
                // Whether there is an address is not told.
                false if paths.iter().any(|path| path.reach == Reach::Admitted) => Answer::Possible,
                false => Answer::Closed,
            };
        }
        let asked = self
            .exposures
            .iter()
            .filter(|exposure| of_target(&exposure.target.id) && question.is_met_by(exposure));
        asked.map(Answer::of).max().unwrap_or(Answer::Closed)
    }

    /// What is reached, in short: first what answers the question, at most `most` of them.
    pub(crate) fn told(&self, question: &Question, target: Option<&str>, most: usize) -> String {
        let mut counts: BTreeMap<(bool, String), u64> = BTreeMap::new();
        for exposure in
            self.exposures.iter().filter(|one| target.is_none_or(|wanted| wanted == &*one.target.id))
        {
            *counts.entry((!question.is_met_by(exposure), told(exposure))).or_default() += 1;
        }
        if counts.is_empty() {
            return "nothing".to_owned();
        }
        let more = counts.len().saturating_sub(most);
        let each = counts.into_iter().take(most);
        let mut lines: Vec<String> = each
            .map(|((_, line), count)| if count == 1 { line } else { format!("{count} × {line}") })
            .collect();
        if more > 0 {
            lines.push(format!("{more} more"));
        }
        lines.join("; ")
    }
}

/// A group that no interface and nothing else of the input has.
pub(crate) fn is_unattached(target: &Target) -> bool {
    target.kind == "security-group" && target.paths.iter().all(|path| path.reach == Reach::Latent)
}

/// `admitted tcp 22 from any`.
pub(crate) fn told(exposure: &Exposure) -> String {
    let others = exposure.protocols.count().saturating_sub(1);
    let protocol = match exposure.protocol {
        None => "everything".to_owned(),
        Some(protocol) if others > 0 => format!("{protocol} and {others} other protocols"),
        Some(protocol) => protocol.to_string(),
    };
    let numbers = match (&exposure.ports, exposure.protocol) {
        (ports, _) if ports.is_empty() || ports.is_everything() => String::new(),
        (ports, Some(protocol)) if protocol.has_types() => format!(" {}", types(ports)),
        (ports, _) => format!(" {ports}"),
    };
    let sure = match exposure.certainty {
        Certainty::Proved => "",
        Certainty::Possible => " possibly",
    };
    format!("{}{sure} {protocol}{numbers} from {}", exposure.reach.word(), exposure.sources.grade().word())
}

/// Types of ICMP, with the code where it is not every one: `0-7,8/0`.
fn types(numbers: &PortSet) -> String {
    let span = |&(first, last): &(u16, u16)| match (first.to_be_bytes(), last.to_be_bytes()) {
        ([one, 0], [other, 255]) if one == other => one.to_string(),
        ([one, 0], [other, 255]) => format!("{one}-{other}"),
        ([one, code], [other, last]) if (one, code) == (other, last) => format!("{one}/{code}"),
        ([one, code], [other, last]) => format!("{one}/{code}-{other}/{last}"),
    };
    numbers.spans().iter().map(span).collect::<Vec<_>>().join(",")
}

/// What a peer asks, as exposures can answer it.
pub(crate) enum Question {
    /// Is one of these TCP ports open to everyone?
    Ports(Vec<u16>),
    /// Is a TCP port besides these open to everyone?
    PortsBeside(Vec<u16>),
    /// Is every port of this protocol open to everyone?
    EveryPort(Protocol),
    /// Is some port of this protocol open to everyone?
    SomePort(Protocol),
    /// Is anything open to everyone?
    Everyone,
    /// Is anything open to any address of the Internet at all?
    Anyone,
    /// Is one of these TCP ports open to any address of the Internet at all?
    PortsToAnyone(Vec<u16>),
    /// Does an address of the Internet come in that is in none of these ranges?
    FromOutside(Vec<&'static str>),
    /// Does an address of the Internet come in that is in one of these ranges?
    FromInside(Vec<&'static str>),
    /// Is there a group that nothing has?
    Unattached,
    /// Is there an interface that has an address outside?
    PublicAddress,
}

impl Question {
    fn is_met_by(&self, exposure: &Exposure) -> bool {
        let ports = || match exposure.ports.is_empty() {
            true => PortSet::everything(),
            false => exposure.ports.clone(),
        };
        let is_tcp = exposure.protocols.contains(Protocol::TCP);
        let is_to_everyone = exposure.sources.grade() >= Grade::AlmostAny;
        match self {
            Self::Ports(asked) => {
                is_tcp && is_to_everyone && asked.iter().any(|port| ports().contains(*port))
            }
            Self::PortsToAnyone(asked) => is_tcp && asked.iter().any(|port| ports().contains(*port)),
            Self::PortsBeside(beside) => {
                let allowed =
                    beside.iter().fold(PortSet::empty(), |set, port| set.union(&PortSet::only(*port)));
                is_tcp && is_to_everyone && !ports().is_subset(&allowed)
            }
            Self::EveryPort(protocol) => {
                exposure.protocols.contains(*protocol) && is_to_everyone && ports().is_everything()
            }
            Self::SomePort(protocol) => exposure.protocols.contains(*protocol) && is_to_everyone,
            Self::Everyone => is_to_everyone,
            Self::Anyone => true,
            Self::FromOutside(ranges) => !sources(exposure).is_subset(&set(ranges)),
            Self::FromInside(ranges) => !sources(exposure).is_disjoint(&set(ranges)),
            Self::Unattached | Self::PublicAddress => false,
        }
    }
}

fn set(ranges: &[&str]) -> AddressSet {
    ranges.iter().map(|range| range.parse::<Prefix>().unwrap()).collect()
}

fn sources(exposure: &Exposure) -> AddressSet {
    let measures = [&exposure.sources.ipv4, &exposure.sources.ipv6];
    measures.into_iter().flatten().flat_map(|measure| measure.cidrs.prefixes.clone()).collect()
}

/// What we answer. Ascending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Answer {
    /// Nothing comes there, or the way is known to be missing.
    Closed,
    /// Something that is not in the input decides.
    Possible,
    /// The filters let it in.
    Open,
}

impl Answer {
    const fn when(is_so: bool) -> Self {
        if is_so { Self::Open } else { Self::Closed }
    }

    fn of(exposure: &Exposure) -> Self {
        match (exposure.reach, exposure.certainty) {
            (Reach::Latent, _) => Self::Closed,
            (_, Certainty::Possible) => Self::Possible,
            (_, Certainty::Proved) => Self::Open,
        }
    }

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Possible => "possible",
            Self::Open => "open",
        }
    }
}
