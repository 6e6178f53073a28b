//! The result as one JSON document, `wideopen.result/1`.
//!
//! Knows the order of the parts; what is in them is in `wire`. No part is held in memory as a whole: an object is
//! made when it is its turn to be written.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::{Serialize, Serializer};

use crate::{Format, Outcome, Places, RESULT_SCHEMA_NAME, Style, careful, wire};

pub(crate) const FORMAT: Format =
    Format { name: "json", extension: "json", summary: "the whole result as one JSON document", write };

fn write(outcome: &Outcome<'_>, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    // A buffer of our own: through `dyn Write` every quote and comma would be a call.
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    // Indented, because results are kept, compared and read; `jsonl` is the compact one.
    careful::write_pretty(&mut out, &Document::of(outcome))?;
    out.write_all(b"\n")?;
    out.flush()
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    run: wire::Run<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exposures: Option<Each<'a, engine::Exposure, wire::Exposure<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    openings: Option<Each<'a, engine::Opening, wire::Opening<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<Each<'a, engine::Judged, wire::Change<'a>>>,
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
            exposures: outcome.detected.is_none().then_some(Each {
                items: outcome.exposures,
                places,
                wire: wire::Exposure::of as fn(_, _) -> _,
            }),
            openings: outcome.detected.map(|detected| Each {
                items: detected.openings,
                places,
                wire: wire::Opening::of as fn(_, _) -> _,
            }),
            changes: outcome.detected.map(|detected| Each {
                items: detected.changes,
                places,
                wire: wire::Change::of as fn(_, _) -> _,
            }),
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

#[cfg(test)]
mod tests {
    use crate::Style;
    use crate::sample::{Estate, estate, rendered};

    /// The order of fields is for readers, so it is held as well.
    #[test]
    fn a_document_reads_from_the_run_down() {
        let mut estate = estate();
        estate.findings.truncate(1);
        let text = rendered("json", &estate.outcome(), &Style::PLAIN);
        let part = |from: &str, upto: &str| {
            let start = text.find(from).unwrap();
            let end = text[start..].find(upto).unwrap();
            text[start..start + end].to_owned()
        };
        assert!(text.starts_with(
            "{\n  \"schema\": \"wideopen.result/1\",\n  \"run\": {\n    \"status\": \"incomplete\","
        ));
        assert!(text.ends_with("}\n"));
        let ipv4 = r#""ipv4": {
          "grade": "any",
          "addresses": "3702258431",
          "share": 1.0,
          "cidrs": [
            "0.0.0.0/0"
          ],
          "missing": [],
          "more": 0,
          "missing_more": 0
        },
        "#;
        assert_eq!(part("\"ipv4\"", "\"ipv6\""), ipv4);
        let opened_by = r#""opened_by": [
        {
          "filter": "nsg-web",
          "rule": "allow-rdp",
          "priority": 100,
          "provenance": {
            "path": "nsgs.json",
            "line": 14,
            "pointer": "/0/securityRules/2"
          }
        }
      ],
      "#;
        assert_eq!(part("\"opened_by\"", "\"path\": [\n"), opened_by);
        let witness = r#""witness": {
        "protocol": "tcp",
        "source": "8.8.8.8",
        "source_port": 50000,
        "front": "20.50.1.20:3389",
        "target": "10.0.0.4",
        "target_port": 3389,
        "icmp": null,
        "source_ports": [
          "0-65535"
        ]
      }
"#;
        assert_eq!(part("\"witness\"", "    }\n  ],"), witness);
    }

    #[test]
    fn an_empty_result_has_every_part() {
        let mut estate = Estate::clean();
        estate.inputs.clear();
        estate.catalogues.clear();
        estate.coverage.clear();
        let text = rendered("json", &estate.outcome(), &Style::PLAIN);
        let expected = r#"{
  "schema": "wideopen.result/1",
  "run": {
    "status": "complete",
    "tool": {
      "name": "wideopen",
      "version": "0.1.0"
    },
    "inputs": [],
    "catalogues": {},
    "scope_note": "inbound from the Internet; not egress, not between machines, not from on-premises",
    "missing": [],
    "hidden": 0
  },
  "exposures": [],
  "findings": [],
  "gaps": [],
  "coverage": {}
}
"#;
        assert_eq!(text, expected);
    }
}
