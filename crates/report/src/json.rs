//! The result as one JSON document, `wideopen.result/1`.
//!
//! Knows the order of the parts; what is in them is in `wire`. No part is held in memory as a whole: an object is
//! made when it is its turn to be written.

use std::collections::BTreeMap;
use std::io;

use serde::{Serialize, Serializer};

use crate::{Format, Outcome, Places, RESULT_SCHEMA_NAME, Style, wire};

pub(crate) const FORMAT: Format =
    Format { name: "json", extension: "json", summary: "the whole result as one JSON document", write };

fn write(outcome: &Outcome<'_>, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    // Indented, because results are kept, compared and read; `jsonl` is the compact one.
    serde_json::to_writer_pretty(&mut *out, &Document::of(outcome))?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    run: wire::Run<'a>,
    exposures: Each<'a, engine::Exposure, wire::Exposure<'a>>,
    findings: Each<'a, check::Finding, wire::Finding<'a>>,
    gaps: Each<'a, model::Gap, wire::Gap<'a>>,
    coverage: BTreeMap<&'a str, wire::Coverage>,
}

impl<'a> Document<'a> {
    fn of(outcome: &'a Outcome<'_>) -> Self {
        let places = outcome.places;
        let coverage = outcome.coverage.iter().map(|(&kind, of)| (kind, wire::Coverage::of(of))).collect();
        Self {
            schema: RESULT_SCHEMA_NAME,
            run: wire::Run::of(outcome),
            exposures: Each { items: outcome.exposures, places, wire: wire::Exposure::of },
            findings: Each { items: outcome.findings, places, wire: wire::Finding::of },
            gaps: Each { items: outcome.gaps, places, wire: wire::Gap::of },
            coverage,
        }
    }
}

/// A list whose objects are made one at a time.
struct Each<'a, T, W> {
    items: &'a [T],
    places: &'a Places,
    wire: fn(&'a T, &'a Places) -> W,
}

impl<T, W: Serialize> Serialize for Each<'_, T, W> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.items.iter().map(|item| (self.wire)(item, self.places)))
    }
}
