//! The result as lines: one JSON object each, `type` first, the run last.
//!
//! A stream that does not end with a run was cut off.

use std::io::{self, Write};

use serde::Serialize;

use crate::{Format, Outcome, RESULT_SCHEMA_NAME, Stream, Style, careful, wire};

pub(crate) const FORMAT: Format = Format {
    name: "jsonl",
    extension: "jsonl",
    summary: "one JSON object per line, `type` first, the run last",
    write,
};

pub(crate) const STREAM: Stream = Stream { news: write_news, end: write_end };

fn write(outcome: &Outcome<'_>, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    write_news(outcome, style, out)?;
    write_end(outcome, style, out)
}

/// What was found, without the lines that come once.
fn write_news(outcome: &Outcome<'_>, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    // A buffer of our own: through `dyn Write` every quote and comma would be a call.
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    let places = outcome.places;
    for exposure in outcome.exposures {
        line(&mut out, &Line::Exposure(wire::Exposure::of(exposure, places)))?;
    }
    let detected = outcome.detected.iter();
    for opening in detected.clone().flat_map(|detected| detected.openings) {
        line(&mut out, &Line::Opening(wire::Opening::of(opening, places)))?;
    }
    for change in detected.flat_map(|detected| detected.changes) {
        line(&mut out, &Line::Change(wire::Change::of(change, places)))?;
    }
    for finding in outcome.findings {
        line(&mut out, &Line::Finding(wire::Finding::of(finding, places)))?;
    }
    for gap in outcome.gaps {
        line(&mut out, &Line::Gap(wire::Gap::of(gap, places)))?;
    }
    out.flush()
}

/// The lines that come once, the run last.
fn write_end(outcome: &Outcome<'_>, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    for (kind, coverage) in outcome.coverage {
        line(&mut out, &Line::Coverage { kind, coverage: wire::Coverage::of(coverage) })?;
    }
    line(&mut out, &Line::Run { schema: RESULT_SCHEMA_NAME, run: wire::Run::of(outcome) })?;
    out.flush()
}

fn line(out: &mut impl io::Write, line: &Line<'_>) -> io::Result<()> {
    careful::write_compact(out, line)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
#[expect(clippy::large_enum_variant, reason = "one lives at a time, on the stack")]
enum Line<'a> {
    Exposure(wire::Exposure<'a>),
    Opening(wire::Opening<'a>),
    Change(wire::Change<'a>),
    Finding(wire::Finding<'a>),
    Gap(wire::Gap<'a>),
    Coverage {
        kind: &'a str,
        #[serde(flatten)]
        coverage: wire::Coverage,
    },
    Run {
        schema: &'static str,
        #[serde(flatten)]
        run: wire::Run<'a>,
    },
}
