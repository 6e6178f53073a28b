//! From the inputs of a case to the lines its blocks expect: the whole pipeline, and the oracle beside it.

use core::fmt::Write;
use core::net::IpAddr;

use check::{Facts, Finding};
use cloud::locate;
use engine::{Certainty, Exposure, Measure};
use model::{Gap, Reach, Snapshot};
use packet::{AddressSet, Cover, Family, PortSet, Protocol, ProtocolSet, cover};
use serde_json::{Deserializer, Value};

use super::detected::{Detected, detected, is_log};
use super::page::{Case, Expectation, Input, Question};
use super::second::Second;
use crate::oracle::azure::{Packet, Verdict};
use crate::pipeline::lower_all;

/// Everything that is answered about the inputs of a case.
pub struct Answered {
    told: Vec<Told>,
    findings: Vec<Finding>,
    gaps: Vec<String>,
    openings: Vec<String>,
    changes: Vec<String>,
    weakened: Vec<String>,
    second: Second,
}

/// What the Internet reaches in one cloud.
struct Told {
    exposures: Vec<(Exposure, AddressSet)>,
    protocols: ProtocolSet,
    internet: AddressSet,
}

/// Reads the inputs into an inventory, lowers it, and asks engine and checks.
///
/// # Panics
/// When the engine contradicts itself.
#[must_use]
pub fn answer(inputs: &[Input]) -> Answered {
    let mut second = Second::default();
    if inputs.iter().any(is_log) {
        let Detected { openings, changes, weakened, gaps } = detected(inputs);
        return Answered {
            told: Vec::new(),
            findings: Vec::new(),
            gaps,
            openings,
            changes,
            weakened,
            second,
        };
    }
    for input in inputs.iter().filter(|input| !CATALOGUES.iter().any(|name| input.name.starts_with(name))) {
        let values = Deserializer::from_str(&input.text).into_iter::<Value>();
        let values: Vec<Value> = values.map_while(Result::ok).collect();
        values.iter().for_each(|value| second.read(value));
        if values.is_empty() {
            second.cannot_read(&input.name);
        }
    }
    let (snapshots, gaps) = lower_all(inputs.iter().map(|input| (input.name.as_str(), input.text.as_str())));
    let (told, findings): (Vec<Told>, Vec<Vec<Finding>>) = snapshots.iter().map(tell).unzip();
    Answered {
        told,
        findings: findings.concat(),
        gaps: gaps.iter().map(|gap| gap_line(gap, inputs)).collect(),
        openings: Vec::new(),
        changes: Vec::new(),
        weakened: Vec::new(),
        second,
    }
}

fn tell(snapshot: &Snapshot) -> (Told, Vec<Finding>) {
    let mut streamed = Vec::new();
    engine::exposures(snapshot, &mut |exposure, sources| streamed.push((exposure, sources.clone())))
        .unwrap_or_else(|contradiction| panic!("{contradiction}"));
    let exposures: Vec<Exposure> = streamed.iter().map(|(exposure, _)| exposure.clone()).collect();
    let idle: Vec<_> = snapshot.lists.iter().flat_map(engine::idle_rules).collect();
    let findings =
        check::findings(&Facts { snapshot, exposures: &exposures, idle: &idle }, &check::Overrides::new());
    let internet = snapshot.internet.addresses().clone();
    (Told { exposures: streamed, protocols: snapshot.protocols, internet }, findings)
}

impl Answered {
    /// What is answered to a block's question, in its notation.
    #[must_use]
    pub fn lines(&self, expectation: &Expectation) -> Vec<String> {
        let mut lines: Vec<String> = match expectation.question {
            Question::Exposures => {
                let exposures = self.told.iter().flat_map(|told| &told.exposures);
                exposures.map(|(exposure, _)| exposure_line(exposure)).collect()
            }
            Question::Findings => self.findings.iter().map(finding_line).collect(),
            Question::Gaps => self.gap_lines(),
            Question::Openings => self.openings.clone(),
            Question::Changes => self.changes.clone(),
            Question::Weakened => self.weakened.clone(),
            // Packets stay in the order of the page: it is the one they are explained in.
            Question::Packets => {
                return expectation.lines.iter().map(|line| self.packet_line(line)).collect();
            }
        };
        lines.sort();
        lines
    }

    /// All gaps, sorted.
    #[must_use]
    pub fn gap_lines(&self) -> Vec<String> {
        let mut gaps = self.gaps.clone();
        gaps.sort();
        gaps
    }

    /// What the oracle says of the packets of a case; `None` for each on which it abstains, because the documents hold
    /// something that it does not model.
    #[must_use]
    pub fn verdicts(&self, case: &Case) -> Vec<Option<Judged>> {
        let blocks = case.expectations.iter().filter(|block| block.question == Question::Packets);
        let lines = blocks.flat_map(|block| block.lines.iter().map(|text| (block.line, text)));
        let judged = |(line, text): (usize, &String)| {
            let asked = Asked::read(text)?;
            let verdict = match asked.place {
                Place::Target(name) => self.second.to_target(name, &asked.packet)?,
                Place::Front(address) => self.second.to_front(address, &asked.packet)?,
            };
            let agrees = verdict.word() == asked.expected;
            Some(Judged { line, text: text.clone(), verdict, agrees })
        };
        lines.map(judged).collect()
    }

    /// Kinds of the documents that the oracle does not model.
    pub fn strange(&self) -> impl Iterator<Item = &str> {
        self.second.strange()
    }

    fn packet_line(&self, line: &str) -> String {
        let Some(asked) = Asked::read(line) else { return format!("not understood: {line}") };
        let verdict = self.verdict(&asked).word();
        format!("{} {verdict}", asked.question)
    }

    fn verdict(&self, asked: &Asked<'_>) -> Verdict {
        self.told.iter().map(|told| told.verdict(asked)).fold(Verdict::Deny, Verdict::better)
    }
}

/// What an exposure is, without the rules that admit it.
pub(super) fn exposure_words(exposure: &Exposure) -> String {
    let protocol = match (exposure.protocol, exposure.protocols.count()) {
        (None, _) => "any".to_owned(),
        (Some(protocol), 1) => protocol.to_string(),
        // One that stands for others.
        (Some(protocol), several) => format!("{protocol}+{}", several - 1),
    };
    let ports = ports(exposure);
    let mut line = format!(
        "{} {} {} {protocol} {ports} v4={} v6={}",
        exposure.target.name,
        exposure.reach.word(),
        exposure.certainty.word(),
        measure(exposure.sources.ipv4.as_ref()),
        measure(exposure.sources.ipv6.as_ref()),
    );
    if exposure.sources.rentable {
        line.push_str(" rentable");
    }
    if let Some(destinations) = &exposure.destinations {
        let everywhere = AddressSet::everything();
        let cidrs = Family::BOTH.map(|family| cover(destinations, &everywhere, family, 8));
        let _ = write!(line, " to {}", prefixes(&cidrs));
    }
    let via = entrances(exposure);
    if !via.is_empty() {
        let _ = write!(line, " via {}", via.join("+"));
    }
    line
}

/// What an exposure is, and the rules that admit it.
fn exposure_line(exposure: &Exposure) -> String {
    let mut line = exposure_words(exposure);
    let by = exposure.opened_by.iter().map(|admission| {
        let rule = &admission.list.rules[admission.rule];
        format!("{}/{}", admission.list.name, rule.name)
    });
    let by: Vec<String> = by.collect();
    let _ = write!(line, " by {}", if by.is_empty() { "-".to_owned() } else { by.join("+") });
    line
}

impl Told {
    fn verdict(&self, asked: &Asked<'_>) -> Verdict {
        let Packet { protocol, source, port } = asked.packet;
        let protocol = Protocol(protocol);
        if !self.internet.contains(source) || !self.protocols.contains(protocol) {
            return Verdict::Deny;
        }
        // To an address of one family nobody sends from the other.
        if matches!(asked.place, Place::Front(front) if front.is_ipv6() != source.is_ipv6()) {
            return Verdict::Deny;
        }
        let mut verdict = Verdict::Deny;
        for (exposure, sources) in &self.exposures {
            let pooled = !exposure.sources.tags.is_empty();
            let asked_of = asked.place.is_of(exposure, port)
                && exposure.protocols.contains(protocol)
                && (pooled || sources.contains(source));
            match (asked_of, exposure.reach, exposure.certainty) {
                (false, ..) | (true, Reach::Latent, _) => {}
                (true, Reach::Exposed | Reach::ViaProxy | Reach::OneWay, Certainty::Proved)
                    if sources.contains(source) =>
                {
                    return Verdict::Allow;
                }
                (true, ..) => verdict = Verdict::Undecided,
            }
        }
        verdict
    }
}

/// A packet of a page and what the oracle says of it.
pub struct Judged {
    line: usize,
    text: String,
    verdict: Verdict,
    agrees: bool,
}

impl Judged {
    /// What is wrong, when it says something else than the page.
    #[must_use]
    pub fn objection(&self, page: &str, case: &Case) -> Option<String> {
        let Self { line, text, verdict, agrees } = self;
        let verdict = verdict.word();
        (!agrees).then(|| format!("{page}:{line}: `{}`: the oracle says {verdict}: {text}", case.heading))
    }
}

/// A line such as `tcp 8.8.8.8 > vm-nic:22 allow` or `tcp 8.8.8.8 > 203.0.113.10:50001 allow`.
struct Asked<'a> {
    question: String,
    packet: Packet,
    place: Place<'a>,
    expected: &'a str,
}

impl<'a> Asked<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [protocol, source, ">", place, expected] = words.as_slice() else { return None };
        let (place, port) = Place::read(place);
        let protocol = match *protocol {
            "icmp" => 1,
            "tcp" => 6,
            "udp" => 17,
            "gre" => 47,
            "esp" => 50,
            "ah" => 51,
            "icmpv6" => 58,
            "sctp" => 132,
            number => number.parse().ok()?,
        };
        let source: IpAddr = source.parse().ok()?;
        let packet = Packet { protocol, source, port: number(Protocol(protocol), port)? };
        Some(Self { question: words[..4].join(" "), packet, place, expected })
    }
}

/// A port, or a type and code of ICMP: `8/0`, `8` for its code 0, and an echo request where nothing is said.
fn number(protocol: Protocol, text: &str) -> Option<u16> {
    match (text.split_once('/'), protocol.echo_request()) {
        (None, Some(echo_request)) if text.is_empty() => Some(echo_request),
        (None, Some(_)) => Some(packet::number(text.parse().ok()?, 0)),
        (None, None) if text.is_empty() => Some(0),
        (None, None) => text.parse().ok(),
        (Some((of_type, code)), _) => Some(packet::number(of_type.parse().ok()?, code.parse().ok()?)),
    }
}

/// Where a packet is sent.
#[derive(Clone, Copy)]
enum Place<'a> {
    /// To a target by name; the port is the target's.
    Target(&'a str),
    /// To an address as seen from outside; the port is the one there.
    Front(IpAddr),
}

impl<'a> Place<'a> {
    /// `vm-nic:22`, `vm-nic`, `203.0.113.10:80`, `203.0.113.10`, `[2001:db8::1]:80`, `2001:db8::1`.
    fn read(text: &'a str) -> (Self, &'a str) {
        if let Ok(address) = text.parse() {
            return (Self::Front(address), "");
        }
        let (place, port) = text.rsplit_once(':').unwrap_or((text, ""));
        let bare = place.trim_start_matches('[').trim_end_matches(']');
        (bare.parse().map_or(Self::Target(place), Self::Front), port)
    }

    /// Whether an exposure speaks of that port there.
    fn is_of(self, exposure: &Exposure, port: u16) -> bool {
        let ported = |ports: &PortSet| ports.is_empty() || ports.contains(port);
        match self {
            Self::Target(name) => *exposure.target.name == *name && ported(&exposure.ports),
            Self::Front(address) => exposure
                .fronts
                .iter()
                .any(|entrance| entrance.front.address == Some(address) && ported(&entrance.ports)),
        }
    }
}

/// Where an exposure is seen from outside: where the ports there are not the target's, or something on the way passes
/// its packets on.
fn entrances(exposure: &Exposure) -> Vec<String> {
    let passed_on = exposure.target.paths.get(exposure.way).is_some_and(|path| !path.hops.is_empty());
    let told = exposure.fronts.iter().filter(|entrance| passed_on || entrance.ports != exposure.ports);
    let entrances = told.map(|entrance| {
        let place = entrance.front.address.map_or_else(
            || entrance.front.id.rsplit('/').next().unwrap_or_default().to_owned(),
            |address| if address.is_ipv6() { format!("[{address}]") } else { address.to_string() },
        );
        if entrance.ports.is_empty() { place } else { format!("{place}:{}", entrance.ports) }
    });
    entrances.collect()
}

/// Ports, or types of ICMP such as `8` and `3/4`.
fn ports(exposure: &Exposure) -> String {
    if exposure.ports.is_empty() {
        return "-".to_owned();
    }
    if !exposure.protocol.is_some_and(Protocol::has_types) {
        return exposure.ports.to_string();
    }
    let types = packet::types(&exposure.ports);
    types.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

fn measure(measure: Option<&Measure>) -> String {
    let Some(measure) = measure else { return "-".to_owned() };
    let count = measure.addresses.map_or("?".to_owned(), |count| count.to_string());
    format!("{}:{count}", measure.grade.word())
}

fn prefixes(covers: &[Cover]) -> String {
    let prefixes = covers.iter().flat_map(|cover| cover.prefixes.iter().map(ToString::to_string));
    prefixes.collect::<Vec<_>>().join(",")
}

fn finding_line(finding: &Finding) -> String {
    let protocol = finding.protocol.map_or("-".to_owned(), |protocol| protocol.to_string());
    let targets: Vec<&str> = finding.targets.iter().map(|target| &*target.name).collect();
    let targets = if targets.is_empty() { "-".to_owned() } else { targets.join("+") };
    format!("{} {} {} {protocol} {targets}", finding.severity, finding.check.name, finding.subject.name)
}

fn gap_line(gap: &Gap, inputs: &[Input]) -> String {
    let input = gap.document.and_then(|document| inputs.get(document.0 as usize));
    let name = input.map_or("-", |input| &input.name);
    let place = gap.provenance.zip(input).and_then(|(provenance, input)| {
        locate(&input.text, &[provenance.offset]).first().map(|place| place.line.to_string())
    });
    format!("{} {} {name} line {}", gap.code, gap.effect.word(), place.unwrap_or_else(|| "-".to_owned()))
}

/// Names of documents that are catalogues.
const CATALOGUES: [&str; 2] = ["service-tags", "ip-ranges"];
