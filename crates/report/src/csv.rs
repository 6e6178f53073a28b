//! Comma-separated values (RFC 4180), one record for each finding and exposure, then one for each gap.
//!
//! Where a log was read, more columns follow, and every change has a record beside. Columns are stable: new ones come at
//! the end. No cell is a formula, holds a line break, or speaks to a terminal, so
//! a file opens in a spreadsheet as the text it is. Lists in a cell are apart by spaces.

mod found;
mod history;

use std::io::{self, Write};

use engine::Exposure;

use crate::history::Openings;
use crate::leading::Exposures;
use crate::{Format, Outcome, Style, Visible};
use found::{of_exposure, of_finding, proof_of};
use history::{of_change, of_history};

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
