//! Comma-separated values (RFC 4180), one record for each finding and exposure, then one for each gap.
//!
//! Where a log was read, more columns follow, and every change has a record beside. Columns are stable: new ones come at
//! the end. No cell is a formula, holds a line break, or speaks to a terminal, so
//! a file opens in a spreadsheet as the text it is. Lists in a cell are apart by spaces.

use std::io::{self, Write};
use std::sync::Arc;

use check::{Finding, operation};
use engine::{Cause, Exposure, Judged, Measure};
use packet::{PortSet, Protocol};

use crate::history::Openings;
use crate::leading::Exposures;
use crate::wire::{protocols, typed};
use crate::{Format, Outcome, Style, Visible, proof, short};

pub(crate) const FORMAT: Format =
    Format { name: "csv", extension: "csv", summary: "one record for each finding and exposure", write };

/// The columns, in order.
const HEADER: [&str; 38] = [
    "record",
    "id",
    "severity",
    "check",
    "scope",
    "subject_kind",
    "subject",
    "subject_id",
    "exposure",
    "cloud",
    "target_kind",
    "target",
    "target_id",
    "power",
    "reach",
    "certainty",
    "fronts",
    "protocol",
    "ports",
    "ipv4_grade",
    "ipv4_addresses",
    "ipv4_sources",
    "ipv6_grade",
    "ipv6_addresses",
    "ipv6_sources",
    "tags",
    "sources_more",
    "rentable",
    "rules",
    "witness",
    "file",
    "line",
    "message",
    "attack",
    "packets",
    "icmp",
    "source_ports",
    "protocols",
];

/// The columns that follow where a log was read: who opened what a record is about, or did what it is about.
const OF_LOG: [&str; 17] = [
    "at",
    "actor",
    "address",
    "client",
    "operation",
    "edited",
    "effect",
    "event",
    "event_file",
    "event_line",
    "closed_at",
    "closed_by",
    "closed_event",
    "open_seconds",
    "steps",
    "baseline",
    "expected",
];

fn write(outcome: &Outcome<'_>, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    let exposures = outcome.by_fingerprint();
    let openings = Openings::of(outcome);
    let of_log = if outcome.detected.is_some() { OF_LOG.as_slice() } else { &[] };
    let header: Vec<String> = HEADER.iter().chain(of_log).map(|name| (*name).to_owned()).collect();
    record(&mut out, &header)?;
    for finding in outcome.findings {
        let Exposures { all, leading: _ } = Exposures::of(finding, &exposures);
        let told: Vec<Option<&Exposure>> =
            if all.is_empty() { vec![None] } else { all.into_iter().map(Some).collect() };
        for exposure in told {
            let [id, severity, check, scope, kind, name, subject] = of_finding(finding);
            let own = of_exposure(exposure);
            let rest = proof_of(outcome, finding, exposure);
            let head = ["finding".to_owned(), id, severity, check, scope, kind, name, subject];
            let of_log = if of_log.is_empty() {
                Vec::new()
            } else {
                of_history(outcome, &openings, finding, exposure)
            };
            record(&mut out, &[head.as_slice(), &own, &rest, &of_log].concat())?;
        }
    }
    for change in outcome.detected.iter().flat_map(|detected| detected.changes) {
        record(&mut out, &of_change(outcome, change))?;
    }
    for gap in outcome.gaps {
        let mut cells = vec![String::new(); header.len()];
        let place = gap.provenance.and_then(|provenance| outcome.places.resolved.get(&provenance));
        let path = outcome.places.path(gap.document, gap.provenance);
        let told = [
            (0, "gap".to_owned()),
            (2, gap.effect.word().to_owned()),
            (3, gap.code.to_owned()),
            (30, path.unwrap_or_default().to_owned()),
            (31, place.map(|place| place.line.to_string()).unwrap_or_default()),
            (32, gap.message.clone()),
        ];
        for (column, text) in told {
            cells.get_mut(column).into_iter().for_each(|cell| cell.clone_from(&text));
        }
        record(&mut out, &cells)?;
    }
    out.flush()
}

fn of_finding(finding: &Finding) -> [String; 7] {
    let subject = &finding.subject;
    [
        finding.id.clone(),
        finding.severity.word().to_owned(),
        finding.check.name.to_owned(),
        finding.scope.as_deref().unwrap_or_default().to_owned(),
        subject.kind.to_owned(),
        subject.name.to_string(),
        subject.id.to_string(),
    ]
}

fn of_exposure(exposure: Option<&Exposure>) -> [String; 20] {
    let Some(exposure) = exposure else { return Default::default() };
    let target = &exposure.target;
    let sources = &exposure.sources;
    let [ipv4_grade, ipv4_addresses, ipv4_sources] = of_sources(sources.ipv4.as_ref());
    let [ipv6_grade, ipv6_addresses, ipv6_sources] = of_sources(sources.ipv6.as_ref());
    let measures = [&sources.ipv4, &sources.ipv6].into_iter().flatten();
    [
        exposure.fingerprint.to_string(),
        target.cloud.to_owned(),
        target.kind.to_owned(),
        target.name.to_string(),
        target.id.to_string(),
        target.power.as_deref().unwrap_or_default().to_owned(),
        exposure.reach.word().to_owned(),
        exposure.certainty.word().to_owned(),
        fronts(exposure),
        exposure.protocol.map_or_else(|| "any".to_owned(), |protocol| protocol.to_string()),
        if has_types(exposure) { String::new() } else { ports(&exposure.ports) },
        ipv4_grade,
        ipv4_addresses,
        ipv4_sources,
        ipv6_grade,
        ipv6_addresses,
        ipv6_sources,
        sources.tags.join(" "),
        measures.map(|measure| measure.cidrs.more).sum::<u64>().to_string(),
        sources.rentable.to_string(),
    ]
}

fn of_sources(measure: Option<&Measure>) -> [String; 3] {
    let Some(measure) = measure else { return Default::default() };
    let cidrs: Vec<_> = measure.cidrs.prefixes.iter().map(ToString::to_string).collect();
    let addresses = measure.addresses.map(|count| count.to_string()).unwrap_or_default();
    [measure.grade.word().to_owned(), addresses, cidrs.join(" ")]
}

fn proof_of(outcome: &Outcome<'_>, finding: &Finding, exposure: Option<&Exposure>) -> [String; 10] {
    // One exposure has its own rules and packet; what the finding shows is of its worst.
    let admissions = exposure.map_or(finding.opened_by.as_slice(), |exposure| &exposure.opened_by);
    let witness = exposure.map_or(finding.witness.as_ref(), |exposure| exposure.witness.as_ref());
    let name = exposure.map_or(&finding.subject.name, |exposure| &exposure.target.name);
    let rules = admissions.iter().filter_map(|by| Some((&by.list.name, &by.list.rules.get(by.rule)?.name)));
    let rules: Vec<_> = rules.map(|(list, rule)| format!("{list}/{rule}")).collect();
    let place = finding.provenance.and_then(|provenance| outcome.places.resolved.get(&provenance));
    let path = outcome.places.path(None, finding.provenance);
    [
        rules.join(" "),
        witness.map(|witness| proof::arrow(witness, name)).unwrap_or_default(),
        path.unwrap_or_default().to_owned(),
        place.map(|place| place.line.to_string()).unwrap_or_default(),
        finding.message.clone(),
        finding.check.attack.join(" "),
        // What the finding speaks of, where `ports` is all that the same sources reach.
        short::packets(finding),
        exposure.map(|exposure| typed(exposure.protocol, &exposure.ports).join(" ")).unwrap_or_default(),
        witness.map(|witness| ports(&witness.source_ports)).unwrap_or_default(),
        exposure.map(|exposure| protocols(exposure.protocols).join(" ")).unwrap_or_default(),
    ]
}

/// Who opened an exposure, when, until when; of a finding about changes the first of them.
fn of_history(
    outcome: &Outcome<'_>,
    openings: &Openings<'_>,
    finding: &Finding,
    exposure: Option<&Exposure>,
) -> Vec<String> {
    let opening = exposure.and_then(|exposure| openings.get(&exposure.fingerprint));
    let of_finding = finding.detected.as_ref().and_then(|detected| detected.causes.first());
    let cause = match opening {
        Some(opening) => opening.opened.as_ref().or(opening.steps.first().map(|step| &step.cause)),
        None => of_finding,
    };
    let effect = opening.and_then(|opening| opening.steps.first()).map(|step| step.effect.word());
    let closed = opening.and_then(|opening| opening.closed.as_ref());
    let seconds = opening.and_then(|opening| {
        let upto = closed.map(|cause| cause.at).or(openings.last())?;
        Some((upto.0 - opening.opened.as_ref()?.at.0).max(0) / 1000)
    });
    let steps = opening.map(|opening| {
        opening
            .steps
            .iter()
            .map(|step| format!("{} {} {}", step.cause.at, step.effect.word(), step.cause.actor))
    });
    let steps: Vec<String> = steps.into_iter().flatten().collect();
    let baseline = opening.map(|opening| if opening.is_partial { "partial" } else { "complete" });
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let ends = [
        closed.map(|cause| cause.at.to_string()).unwrap_or_default(),
        text(closed.map(|cause| &*cause.actor)),
        text(closed.map(|cause| &*cause.event)),
        seconds.map(|seconds| seconds.to_string()).unwrap_or_default(),
        steps.join(" | "),
        text(baseline),
        finding.accepted().map(|of| format!("{}: {}", of.owner, of.reason)).unwrap_or_default(),
    ];
    of_cause(outcome, cause, effect.unwrap_or_default()).into_iter().chain(ends).collect()
}

fn of_cause(outcome: &Outcome<'_>, cause: Option<&Arc<Cause>>, effect: &str) -> Vec<String> {
    let Some(cause) = cause else { return vec![String::new(); 10] };
    let place = cause.provenance.and_then(|provenance| outcome.places.resolved.get(&provenance));
    let told = [
        cause.at.to_string(),
        cause.actor.to_string(),
        cause.address.as_deref().unwrap_or_default().to_owned(),
        cause.client.as_deref().unwrap_or_default().to_owned(),
        operation(&cause.operation).to_owned(),
        cause.edited.to_string(),
        effect.to_owned(),
        cause.event.to_string(),
        outcome.places.path(None, cause.provenance).unwrap_or_default().to_owned(),
        place.map(|place| place.line.to_string()).unwrap_or_default(),
    ];
    told.into()
}

/// A change with what it did.
fn of_change(outcome: &Outcome<'_>, change: &Judged) -> Vec<String> {
    let mut cells = vec![String::new(); HEADER.len()];
    let told = [
        (0, "change"),
        (4, change.scope.as_deref().unwrap_or_default()),
        (5, &change.kind),
        (7, &change.cause.edited),
        (9, change.cloud),
        (32, change.note.as_deref().unwrap_or_default()),
    ];
    for (column, text) in told {
        cells.get_mut(column).into_iter().for_each(|cell| text.clone_into(cell));
    }
    cells.extend(of_cause(outcome, Some(&change.cause), change.effect.word()));
    let expected = change.expected.as_ref().map(|of| format!("{}: {}", of.owner, of.reason));
    cells.resize(HEADER.len() + OF_LOG.len() - 1, String::new());
    cells.push(expected.unwrap_or_default());
    cells
}

/// `20.50.1.20:50001`; the address alone where the protocol has no ports or has all of them.
fn fronts(exposure: &Exposure) -> String {
    let seen = exposure.fronts.iter().filter_map(|entrance| {
        let address = entrance.front.address?;
        let ports =
            if has_types(exposure) { String::new() } else { ports(&entrance.ports).replace(' ', ",") };
        let address = if address.is_ipv6() { format!("[{address}]") } else { address.to_string() };
        Some(if ports.is_empty() { address } else { format!("{address}:{ports}") })
    });
    seen.collect::<Vec<_>>().join(" ")
}

/// Whether what stands where ports do are types.
fn has_types(exposure: &Exposure) -> bool {
    exposure.protocol.is_some_and(Protocol::has_types)
}

fn ports(ports: &PortSet) -> String {
    ports.ranges().map(|range| range.to_string()).collect::<Vec<_>>().join(" ")
}

fn record(out: &mut impl Write, cells: &[String]) -> io::Result<()> {
    for (position, text) in cells.iter().enumerate() {
        if position > 0 {
            out.write_all(b",")?;
        }
        out.write_all(cell(text).as_bytes())?;
    }
    out.write_all(b"\r\n")
}

/// Text that a spreadsheet takes for text: an apostrophe stands before what it would calculate.
fn cell(text: &str) -> String {
    let visible = Visible { text, unicode: true }.to_string();
    // A space or a quote before the sign does not keep every spreadsheet from looking at it.
    let first = visible.trim_start_matches([' ', '"', '\'']).chars().next();
    let is_formula = first.is_some_and(|first| "=+-@\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}".contains(first));
    let guarded = if is_formula { format!("'{visible}") } else { visible };
    if guarded.contains(['"', ',', ' ', ';', '\'']) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{Estate, estate, rendered};

    /// Reads a file back as RFC 4180 has it.
    fn records(text: &str) -> Vec<Vec<String>> {
        let (mut records, mut record, mut cell, mut quoted) = (vec![], vec![], String::new(), false);
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            match (letter, quoted) {
                ('"', true) if letters.peek() == Some(&'"') => cell.extend(letters.next()),
                ('"', _) => quoted = !quoted,
                (',', false) => record.push(core::mem::take(&mut cell)),
                ('\r', false) => assert_eq!(letters.peek(), Some(&'\n')),
                ('\n', false) => {
                    record.push(core::mem::take(&mut cell));
                    records.push(core::mem::take(&mut record));
                }
                (letter, _) => cell.push(letter),
            }
        }
        assert!(!quoted && record.is_empty() && cell.is_empty(), "the last record ends");
        records
    }

    fn told(estate: &Estate) -> Vec<Vec<String>> {
        let records = records(&rendered("csv", &estate.outcome(), &Style::PLAIN));
        assert!(records.iter().all(|record| record.len() == HEADER.len()), "{records:?}");
        records
    }

    fn column<'a>(record: &'a [String], name: &str) -> &'a str {
        &record[HEADER.iter().position(|column| *column == name).unwrap()]
    }

    #[test]
    fn findings_then_gaps() {
        let records = told(&estate());
        assert_eq!(records[0], HEADER);
        let kinds: Vec<_> = records[1..].iter().map(|record| record[0].as_str()).collect();
        assert_eq!(kinds, ["finding", "finding", "gap"]);
        let open = &records[1];
        for (name, expected) in [
            ("id", "WO-7F3K2M9Q"),
            ("severity", "critical"),
            ("subject", "nsg-web"),
            ("target", "vm-web-nic"),
            ("reach", "exposed"),
            ("protocol", "tcp"),
            ("ports", "22 3380-3400"),
            ("fronts", "20.50.1.20:22,3380-3400"),
            ("ipv4_addresses", "3702258431"),
            ("ipv4_sources", "0.0.0.0/0"),
            ("ipv6_grade", ""),
            ("rules", "nsg-web/allow-rdp"),
            ("witness", "8.8.8.8:50000 -> 20.50.1.20:3389"),
            ("file", "nsgs.json"),
            ("line", "14"),
        ] {
            assert_eq!(column(open, name), expected, "{name}");
        }
        assert_eq!(column(&records[2], "exposure"), "", "a finding without exposures has a record as well");
        let gap = &records[3];
        assert_eq!((column(gap, "check"), column(gap, "severity")), ("unknown-service-tag", "widened"));
        assert_eq!((column(gap, "file"), column(gap, "line")), ("nics.json", "3"));
    }

    #[test]
    fn each_exposure_has_its_record() {
        let mut estate = estate();
        let other = Exposure { fingerprint: engine::Fingerprint([0x18; 32]), ..estate.exposures[0].clone() };
        estate.findings[0].exposures.push(other.fingerprint);
        estate.exposures.push(other);
        let records = told(&estate);
        assert_eq!(records.iter().filter(|record| record[1] == "WO-7F3K2M9Q").count(), 2);
    }

    #[test]
    fn nothing_is_calculated_or_broken() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\"=1", "'=1", "\u{ff1d}1"] {
            assert!(cell(formula).trim_start_matches('"').starts_with('\''), "{formula}: {}", cell(formula));
        }
        assert_eq!(cell("\t=1"), "\\u{9}=1");
        assert_eq!(cell("a\r\nb"), "a\\u{d}\\u{a}b");
        assert_eq!(cell("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(cell("nsg-web"), "nsg-web");
        assert_eq!(cell(""), "");
    }

    #[test]
    fn without_findings_the_header_stays() {
        let records = told(&Estate::clean());
        assert_eq!(records.len(), 1);
    }
}
