//! From the inputs of a case to the lines its blocks expect: the whole pipeline, and the oracle beside it.

use core::fmt::Write;
use core::net::IpAddr;

use check::{Facts, Finding};
use cloud::{Document, locate};
use engine::{Certainty, Exposure, Measure};
use model::{DocumentId, Gap, Reach, Thresholds};
use packet::{AddressSet, Cover, Family, Protocol, cover};
use serde_json::{Deserializer, Value};

use super::page::{Case, Expectation, Input, Question};
use crate::oracle::azure::{Estate, Packet, Verdict};

/// Everything that is answered about the inputs of a case.
pub struct Answered {
    exposures: Vec<(Exposure, AddressSet)>,
    findings: Vec<Finding>,
    gaps: Vec<String>,
    protocols: packet::ProtocolSet,
    internet: AddressSet,
    estate: Estate,
}

/// Reads the inputs into an inventory, lowers it, and asks engine and checks.
///
/// # Panics
/// When the engine contradicts itself.
#[must_use]
pub fn answer(inputs: &[Input]) -> Answered {
    let mut inventory = (azure::CLOUD.inventory)();
    let mut gaps = Vec::new();
    let mut estate = Estate::default();
    for (number, input) in inputs.iter().enumerate() {
        let id = DocumentId(number as u32);
        let document = Document { id, path: &input.name, text: &input.text };
        let reading = if input.name.starts_with("service-tags") {
            inventory.read_catalogue(&document)
        } else {
            for value in Deserializer::from_str(&input.text).into_iter::<Value>().map_while(Result::ok) {
                estate.read(&value);
            }
            inventory.read(&document)
        };
        gaps.extend(reading.gaps);
    }
    let snapshot = inventory.snapshot(Thresholds::STANDARD);
    gaps.extend(snapshot.gaps.iter().cloned());
    let mut streamed = Vec::new();
    engine::exposures(&snapshot, &mut |exposure, sources| streamed.push((exposure, sources.clone())))
        .unwrap_or_else(|contradiction| panic!("{contradiction}"));
    let exposures: Vec<Exposure> = streamed.iter().map(|(exposure, _)| exposure.clone()).collect();
    let idle: Vec<_> = snapshot.lists.iter().flat_map(engine::idle_rules).collect();
    let facts = Facts { snapshot: &snapshot, exposures: &exposures, idle: &idle };
    Answered {
        findings: check::findings(&facts, &check::Overrides::new()),
        exposures: streamed,
        gaps: gaps.iter().map(|gap| gap_line(gap, inputs)).collect(),
        protocols: snapshot.protocols,
        internet: snapshot.internet.addresses().clone(),
        estate,
    }
}

impl Answered {
    /// What is answered to a block's question, in its notation.
    #[must_use]
    pub fn lines(&self, expectation: &Expectation) -> Vec<String> {
        let mut lines: Vec<String> = match expectation.question {
            Question::Exposures => {
                self.exposures.iter().map(|(exposure, _)| self.exposure_line(exposure)).collect()
            }
            Question::Findings => self.findings.iter().map(finding_line).collect(),
            Question::Gaps => self.gap_lines(),
            // Packets stay in the order of the page: it is the one they are explained in.
            Question::Packets => return expectation.lines.iter().map(|line| self.packet_line(line)).collect(),
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

    /// Packets of which the oracle says something else than the page.
    #[must_use]
    pub fn objections(&self, page: &str, case: &Case) -> Vec<String> {
        let blocks = case.expectations.iter().filter(|block| block.question == Question::Packets);
        let lines = blocks.flat_map(|block| block.lines.iter().map(|line| (block.line, line)));
        let objection = |(place, line): (usize, &String)| {
            let asked = Asked::read(line)?;
            let verdict = self.estate.decide(asked.target, &asked.packet)?.word();
            (verdict != asked.expected)
                .then(|| format!("{page}:{place}: `{}`: the oracle says {verdict}: {line}", case.heading))
        };
        lines.filter_map(objection).collect()
    }

    fn exposure_line(&self, exposure: &Exposure) -> String {
        let protocol = exposure.protocol.map_or("any".to_owned(), |protocol| protocol.to_string());
        let ports = if exposure.ports.is_empty() { "-".to_owned() } else { exposure.ports.to_string() };
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
            let cidrs = Family::BOTH.map(|family| cover(destinations, destinations, family, 8));
            let _ = write!(line, " to {}", prefixes(&cidrs));
        }
        let by = exposure.opened_by.iter().map(|admission| {
            let rule = &admission.list.rules[admission.rule];
            format!("{}/{}", admission.list.name, rule.name)
        });
        let by: Vec<String> = by.collect();
        let _ = write!(line, " by {}", if by.is_empty() { "-".to_owned() } else { by.join("+") });
        line
    }

    fn packet_line(&self, line: &str) -> String {
        let Some(asked) = Asked::read(line) else { return format!("not understood: {line}") };
        let verdict = self.verdict(&asked).word();
        format!("{} {verdict}", asked.question)
    }

    fn verdict(&self, asked: &Asked<'_>) -> Verdict {
        let Packet { protocol, source, port } = asked.packet;
        let protocol = Protocol(protocol);
        if !self.internet.contains(source) || !self.protocols.contains(protocol) {
            return Verdict::Deny;
        }
        let mut verdict = Verdict::Deny;
        for (exposure, sources) in &self.exposures {
            let pooled = !exposure.sources.tags.is_empty();
            let asked_of = *exposure.target.name == *asked.target
                && exposure.protocol.is_none_or(|it| it == protocol)
                && (exposure.ports.is_empty() || exposure.ports.contains(port))
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

/// A line such as `tcp 8.8.8.8 > vm-nic:22 allow`.
struct Asked<'a> {
    question: String,
    packet: Packet,
    target: &'a str,
    expected: &'a str,
}

impl<'a> Asked<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [protocol, source, ">", place, expected] = words.as_slice() else { return None };
        let (target, port) = place.rsplit_once(':').unwrap_or((place, "0"));
        let protocol = match *protocol {
            "icmp" => 1,
            "tcp" => 6,
            "udp" => 17,
            "esp" => 50,
            "ah" => 51,
            number => number.parse().ok()?,
        };
        let source: IpAddr = source.parse().ok()?;
        let packet = Packet { protocol, source, port: port.parse().ok()? };
        Some(Self { question: words[..4].join(" "), packet, target, expected })
    }
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
