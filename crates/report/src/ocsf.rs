//! OCSF, one object for each line: Detection Finding (2004) of each opening and each finding about changes, Compliance
//! Finding (2003) of each finding of a scan. Gaps are no findings; see the other formats.
//!
//! Written against version 1.6.0 of the schema (<https://schema.ocsf.io/1.6.0>). An opening keeps its uid from the event
//! that opened it to the one that closed it, so that what is sent twice is an update. Times are milliseconds.

mod event;
mod objects;

use std::collections::BTreeMap;
use std::io::{self, Write};

use check::Finding;
use engine::{Exposure, Fingerprint};

use crate::history::Openings;
use crate::leading::Exposures;
use crate::{Format, Outcome, Style, careful};
use event::Rests;
use objects::Event;

pub(crate) const FORMAT: Format = Format {
    name: "ocsf",
    extension: "ocsf.jsonl",
    summary: "OCSF 1.6 findings, one object per line, for a data lake or SIEM",
    write,
};

fn write(outcome: &Outcome<'_>, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    let openings = Openings::of(outcome);
    let exposures = outcome.by_fingerprint();
    for finding in outcome.findings {
        for rests in rests(&openings, &exposures, finding) {
            careful::write_compact(&mut out, &Event::of(outcome, &openings, finding, rests))?;
            out.write_all(b"\n")?;
        }
    }
    out.flush()
}

/// One event for each opening that a finding rests on; one for a finding that rests on none.
fn rests<'a>(
    openings: &Openings<'a>,
    exposures: &BTreeMap<Fingerprint, &'a Exposure>,
    finding: &Finding,
) -> Vec<Rests<'a>> {
    let rested = openings.rested_on(finding);
    if !rested.is_empty() {
        return rested.into_iter().map(Rests::On).collect();
    }
    vec![Exposures::of(finding, exposures).leading.map_or(Rests::OnNothing, Rests::OnExposure)]
}

#[cfg(test)]
mod tests;
