//! JUnit XML, for pipelines that show tests: a suite for each check that found something, a case for each finding.
//!
//! A finding at or above the threshold fails, one below passes and says so; a gap is an error, in a suite of its own;
//! every kind of resource that was assessed is a case that passes, so that a clean result is not an empty one.

use std::collections::BTreeMap;
use std::io::{self, Write};

use check::Finding;
use engine::{Exposure, Fingerprint};
use model::Gap;

use crate::admission::openers;
use crate::history::Openings;
use crate::leading::Exposures;
use crate::visible::{Grouped, plural};
use crate::{Format, Outcome, Style, Visible, proof};

pub(crate) const FORMAT: Format =
    Format { name: "junit", extension: "xml", summary: "JUnit XML, a test case for each finding", write };

fn write(outcome: &Outcome<'_>, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    let suites = suites(outcome);
    let (mut tests, mut failures, mut errors, mut skipped) = (0, 0, 0, 0);
    for suite in &suites {
        tests += suite.cases.len();
        failures += suite.number(|outcome| matches!(outcome, Verdict::Failed(_)));
        errors += suite.number(|outcome| matches!(outcome, Verdict::Error(_)));
        skipped += suite.number(|outcome| matches!(outcome, Verdict::Skipped(_)));
    }
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"wideopen\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\">"
    )?;
    let told = Told { outcome, exposures: outcome.by_fingerprint(), openings: Openings::of(outcome) };
    for suite in &suites {
        suite.open(&mut out)?;
        for case in &suite.cases {
            case.write(&told, suite.name, &mut out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")?;
    out.flush()
}

struct Suite<'a> {
    name: &'static str,
    cases: Vec<Case<'a>>,
}

struct Case<'a> {
    name: String,
    about: About<'a>,
    verdict: Verdict,
}

/// What cases look things up in.
struct Told<'a> {
    outcome: &'a Outcome<'a>,
    exposures: BTreeMap<Fingerprint, &'a Exposure>,
    openings: Openings<'a>,
}

/// What a case is made from.
enum About<'a> {
    Finding(&'a Finding),
    Gap(&'a Gap),
    Kind,
}

enum Verdict {
    Passed,
    Failed(&'static str),
    Error(&'static str),
    Skipped(String),
}

fn suites<'a>(outcome: &'a Outcome<'_>) -> Vec<Suite<'a>> {
    let of_check = |check: &&'static check::Check| {
        let own = outcome.findings.iter().filter(|finding| finding.check.name == check.name);
        Suite { name: check.name, cases: own.map(|finding| of_finding(outcome, finding)).collect() }
    };
    let checks = check::CHECKS.iter().map(of_check);
    let gaps = Suite { name: "gaps", cases: outcome.gaps.iter().map(of_gap).collect() };
    let suites = checks.chain([gaps]).filter(|suite| !suite.cases.is_empty());
    suites.chain([Suite { name: "coverage", cases: of_coverage(outcome) }]).collect()
}

fn of_finding<'a>(outcome: &Outcome<'_>, finding: &'a Finding) -> Case<'a> {
    let fails = outcome.run.threshold.is_some_and(|threshold| finding.fails(threshold));
    let verdict = match finding.accepted() {
        Some(expected) => Verdict::Skipped(format!("expected by {}: {}", expected.owner, expected.reason)),
        None if fails => Verdict::Failed(finding.severity.word()),
        None => Verdict::Passed,
    };
    Case { name: format!("{} {}", finding.id, finding.subject.name), about: About::Finding(finding), verdict }
}

fn of_gap(gap: &Gap) -> Case<'_> {
    let name = format!("{}: {}", gap.code, gap.message);
    Case { name, about: About::Gap(gap), verdict: Verdict::Error(gap.code) }
}

fn of_coverage<'a>(outcome: &Outcome<'_>) -> Vec<Case<'a>> {
    let mut cases: Vec<Case<'_>> = Vec::new();
    for (kind, of) in outcome.coverage {
        let total = of.assessed + of.not_assessed;
        let noun = plural(&kind.replace('-', " "));
        let verdict = match of.not_assessed {
            0 => Verdict::Passed,
            number => Verdict::Skipped(format!("{} of {} not assessed", Grouped(number), Grouped(total))),
        };
        let name = format!("{} of {} {noun} assessed", Grouped(of.assessed), Grouped(total));
        cases.push(Case { name, about: About::Kind, verdict });
    }
    cases.extend(outcome.missing.iter().map(|sentence| Case {
        name: "not in the input".to_owned(),
        about: About::Kind,
        verdict: Verdict::Skipped(sentence.clone()),
    }));
    if outcome.coverage.values().all(|of| of.assessed == 0) {
        let name = "something was assessed".to_owned();
        cases.push(Case { name, about: About::Kind, verdict: Verdict::Error("nothing-assessed") });
    }
    cases
}

impl Suite<'_> {
    fn number(&self, is: impl Fn(&Verdict) -> bool) -> usize {
        self.cases.iter().filter(|case| is(&case.verdict)).count()
    }

    fn open(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">",
            self.name,
            self.cases.len(),
            self.number(|verdict| matches!(verdict, Verdict::Failed(_))),
            self.number(|verdict| matches!(verdict, Verdict::Error(_))),
            self.number(|verdict| matches!(verdict, Verdict::Skipped(_))),
        )
    }
}

impl Case<'_> {
    fn write(&self, told: &Told<'_>, suite: &str, out: &mut impl Write) -> io::Result<()> {
        let Told { outcome, exposures, openings } = told;
        let place = match &self.about {
            About::Finding(finding) => place(outcome, None, finding.provenance),
            About::Gap(gap) => place(outcome, gap.document, gap.provenance),
            About::Kind => String::new(),
        };
        let name = attribute(&self.name);
        write!(out, "    <testcase name=\"{name}\" classname=\"{suite}\"{place}>")?;
        let (message, lines) = match &self.about {
            About::Finding(finding) => {
                let name = Exposures::of(finding, exposures).leading.map(|exposure| &exposure.target.name);
                (openings.said(finding), proof_of(finding, name.unwrap_or(&finding.subject.name)))
            }
            About::Gap(gap) => (gap.message.clone(), vec![gap.effect.word().to_owned()]),
            About::Kind => (String::new(), Vec::new()),
        };
        let lines: Vec<_> = lines.iter().map(|line| text(line)).collect();
        let (message, body) = (attribute(&message), lines.join("\n"));
        match &self.verdict {
            Verdict::Failed(kind) => {
                write!(out, "<failure type=\"{kind}\" message=\"{message}\">{body}</failure>")?;
            }
            Verdict::Error(kind) => {
                write!(out, "<error type=\"{kind}\" message=\"{message}\">{body}</error>")?
            }
            Verdict::Skipped(why) => write!(out, "<skipped message=\"{}\"/>", attribute(why))?,
            Verdict::Passed if message.is_empty() => {}
            Verdict::Passed => write!(out, "<system-out>{message}\n{body}</system-out>")?,
        }
        writeln!(out, "</testcase>")
    }
}

/// The rules that let it in, and a packet.
fn proof_of(finding: &Finding, name: &str) -> Vec<String> {
    let severity = format!("severity: {}", finding.severity);
    let rules = openers(&finding.opened_by)
        .into_iter()
        .map(|opener| format!("{}   {}", opener.rules, opener.sources));
    let witness =
        finding.witness.as_ref().map(|witness| format!("for example {}", proof::told(witness, name)));
    core::iter::once(severity).chain(rules).chain(witness).collect()
}

fn place(
    outcome: &Outcome<'_>,
    document: Option<model::DocumentId>,
    provenance: Option<model::Provenance>,
) -> String {
    let resolved = provenance.and_then(|provenance| outcome.places.resolved.get(&provenance));
    let line = resolved.map(|place| format!(" line=\"{}\"", place.line)).unwrap_or_default();
    let path = outcome.places.path(document, provenance);
    path.map(|path| format!(" file=\"{}\"{line}", attribute(path))).unwrap_or_default()
}

/// Text between quotes.
fn attribute(value: &str) -> String {
    text(value).replace('"', "&quot;").replace('\'', "&apos;")
}

/// Text between tags. What is not visible is spelled, which leaves two characters that XML 1.0 does not have.
fn text(value: &str) -> String {
    let visible = Visible { text: value, unicode: true }.to_string();
    let legal = visible.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
    legal.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use roxmltree::{Document, Node};

    use super::*;
    use crate::sample::{Estate, estate, rendered};

    fn told(estate: &Estate) -> String {
        rendered("junit", &estate.outcome(), &Style::PLAIN)
    }

    fn cases<'a>(document: &'a Document<'a>, suite: &str) -> Vec<Node<'a, 'a>> {
        let of_suite = |node: &Node<'_, '_>| {
            node.has_tag_name("testcase") && node.parent().unwrap().attribute("name") == Some(suite)
        };
        document.descendants().filter(of_suite).collect()
    }

    #[test]
    fn findings_at_the_threshold_fail_and_gaps_are_errors() {
        let text = told(&estate());
        let document = Document::parse(&text).unwrap();
        let root = document.root_element();
        let count = |name| root.attribute(name).unwrap();
        assert_eq!(
            [count("tests"), count("failures"), count("errors"), count("skipped")],
            ["5", "1", "1", "1"]
        );
        let open = cases(&document, "internet-reaches-admin-port");
        assert_eq!(open[0].attribute("name"), Some("WO-7F3K2M9Q nsg-web"));
        assert_eq!((open[0].attribute("file"), open[0].attribute("line")), (Some("nsgs.json"), Some("14")));
        let failure = open[0].first_element_child().unwrap();
        assert!(failure.has_tag_name("failure") && failure.attribute("type") == Some("critical"));
        assert!(failure.text().unwrap().contains("for example 8.8.8.8:50000 -> 20.50.1.20:3389"));
        let shadowed = cases(&document, "shadowed-rule");
        assert!(shadowed[0].first_element_child().unwrap().has_tag_name("system-out"));
        assert!(cases(&document, "gaps")[0].first_element_child().unwrap().has_tag_name("error"));
        assert_eq!(cases(&document, "coverage").len(), 2);
    }

    #[test]
    fn a_clean_result_has_cases_and_nothing_assessed_is_an_error() {
        let text = told(&Estate::clean());
        let document = Document::parse(&text).unwrap();
        let root = document.root_element();
        assert_eq!((root.attribute("tests"), root.attribute("failures")), (Some("1"), Some("0")));
        let mut nothing = Estate::clean();
        nothing.coverage.clear();
        let text = told(&nothing);
        let document = Document::parse(&text).unwrap();
        assert_eq!(document.root_element().attribute("errors"), Some("1"));
    }

    #[test]
    fn markup_and_characters_that_xml_lacks_are_text() {
        let mut estate = estate();
        let name = "</failure><x a='\"&]]>\u{0}\u{1b}\u{fffe}\n";
        estate.rename(name);
        let text = told(&estate);
        let document = Document::parse(&text).unwrap();
        assert!(!document.descendants().any(|node| node.has_tag_name("x")));
        assert!(text.contains("&lt;/failure&gt;&lt;x a="), "{text}");
    }
}
