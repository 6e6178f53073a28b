//! Names come from whoever may create a resource: in no format does one do more than be read.
//!
//! Explanations have their own test with the same names.

use std::collections::BTreeSet;
use std::sync::Arc;

use check::Finding;
use engine::{Admission, Cause, Expected, Passage};
use model::{Front, Hop, Path, Rule, RuleList, Target};
use roxmltree::Document;
use serde_json::Value;

use crate::sample::{Estate, day, estate, rendered, rule};
use crate::visible::is_treacherous;
use crate::{FORMATS, Place, Style};

/// What people try.
pub(crate) fn names() -> Vec<String> {
    let short = [
        "plain",
        "\u{1b}[2J\u{1b}[31mred",
        "\u{1b}]8;;http://evil.example\u{7}click\u{1b}]8;;\u{7}",
        "\u{1b}]0;title\u{7}\u{9b}31m\u{9d}0;x\u{9c}",
        "user\u{202e}gnp.exe\u{2066}\u{2069}\u{200f}",
        "in\u{200b}vis\u{feff}ible\u{e0041}\u{fe0f}",
        "two\nlines\r\nand\u{2028}three\u{85}",
        "tab\tbed",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "</testcase></testsuite>]]><!--",
        "&lt;b&gt; &#x3c; &amp;",
        "a|b|c \\| d",
        "`code` ``more`` `",
        "**bold** _it_ # head ~~no~~ [x](http://evil.example) ![y](z) @you #1 www.evil.example",
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-1",
        "@SUM(A1:A9)",
        "\t=1+1",
        "\r=1+1",
        "\"quoted\", 'twice'; and, more",
        "nul\u{0}here\u{8}\u{7f}",
        "not in xml \u{fffe}\u{ffff}\u{fffd}",
        "{0} %s ${HOME} $(id) `id` {{x}}",
        "https://evil.example/?q=1#f",
        "../../../etc/passwd",
        "",
        " ",
    ];
    let long = ["x`", "\u{202e}", "|é<\""].map(|piece| piece.repeat(5_000));
    short.into_iter().map(str::to_owned).chain(long).collect()
}

/// An estate in which everything that has a name has this one.
pub(crate) fn named(name: &str) -> Estate {
    let mut estate = estate();
    estate.rename(name);
    let list = |list: &RuleList| {
        let rules = list.rules.iter().map(|own| Rule { written: name.into(), ..own.clone() });
        Arc::new(RuleList { id: name.into(), name: name.into(), rules: rules.collect(), ..list.clone() })
    };
    for exposure in &mut estate.exposures {
        let front = Front { id: name.into(), address: exposure.fronts[0].front.address };
        exposure.fronts[0].front = front.clone();
        let passages =
            exposure.passages.iter().map(|passage| Passage { list: list(&passage.list), ..*passage });
        exposure.passages = passages.collect();
        let hop = Hop {
            kind: "hop",
            id: name.into(),
            name: name.into(),
            rule: Some(name.into()),
            provenance: None,
        };
        let own = &exposure.target;
        let paths = own.paths.iter().map(|path| Path {
            front: Some(front.clone()),
            hops: vec![hop.clone()],
            ..path.clone()
        });
        let attributes = vec![("waf", name.into())];
        let target = Target {
            id: name.into(),
            power: Some(name.into()),
            paths: paths.collect(),
            attributes,
            ..Target::clone(own)
        };
        exposure.target = Arc::new(target);
    }
    let admission = Admission { list: list(&crate::sample::list(name, vec![rule(name, 100, &[])])), rule: 0 };
    for finding in &mut estate.findings {
        *finding = Finding {
            scope: Some(name.into()),
            opened_by: vec![admission.clone()],
            targets: vec![Arc::clone(&estate.exposures[0].target)],
            message: format!("`{name}` lets in {name}"),
            ..finding.clone()
        };
        finding.subject.id = name.into();
    }
    let pointer = |place: &Place| Place { path: name.into(), pointer: name.into(), ..place.clone() };
    estate.places.resolved.values_mut().for_each(|place| *place = pointer(place));
    estate.places.paths.values_mut().for_each(|path| *path = name.into());
    estate.inputs.iter_mut().for_each(|input| input.path = name.into());
    estate.catalogues.insert("service-tags", name.into());
    estate
}

/// A day of a log in which everything that whoever calls an interface may choose is this: who, with which program, which
/// operation on what, with which id.
pub(crate) fn logged(name: &str) -> Estate {
    let cause = |cause: &Arc<Cause>| {
        Arc::new(Cause {
            event: name.into(),
            actor: name.into(),
            address: Some(name.into()),
            client: Some(name.into()),
            operation: name.into(),
            edited: name.into(),
            ..Cause::clone(cause)
        })
    };
    let expected = || Expected { owner: name.into(), reason: name.into() };
    let mut estate = day();
    for finding in &mut estate.findings {
        finding.message = format!("`{name}` was refused: `{name}` on `{name}`; {name}");
        finding.subject.id = name.into();
        finding.subject.name = name.into();
        if let Some(detected) = &mut finding.detected {
            detected.causes = detected.causes.iter().map(cause).collect();
            detected.accepted = detected.accepted.as_ref().map(|_| expected());
        }
    }
    if let Some((openings, changes, _)) = &mut estate.detected {
        for opening in openings {
            opening.opened = opening.opened.as_ref().map(cause);
            opening.closed = opening.closed.as_ref().map(cause);
            opening.steps.iter_mut().for_each(|step| step.cause = cause(&step.cause));
            opening.expected = opening.expected.as_ref().map(|_| expected());
            let target = Target::clone(&opening.exposure.target);
            opening.exposure.target = Arc::new(Target { name: name.into(), id: name.into(), ..target });
        }
        for change in changes {
            change.cause = cause(&change.cause);
            change.kind = name.into();
            change.note = Some(name.to_owned());
            change.scope = Some(name.into());
            change.expected = Some(expected());
        }
    }
    estate
}

/// A name that has a shape of its own, so that counts can be compared.
fn told(format: &str, name: &str) -> String {
    rendered(format, &named(name).outcome(), &Style::TERMINAL)
}

/// The same of a log.
fn told_of_log(format: &str, name: &str) -> String {
    rendered(format, &logged(name).outcome(), &Style::TERMINAL)
}

/// Names with what is rendered with them: what a log says is in more places, so long ones are cut there.
type Rendered = fn(&str, &str) -> String;

fn rendered_with() -> Vec<(String, Rendered)> {
    let of_scan = names().into_iter().map(|name| (name, told as Rendered));
    let of_log = names_of_log().into_iter().map(|name| (name, told_of_log as Rendered));
    of_scan.chain(of_log).collect()
}

pub(crate) fn names_of_log() -> Vec<String> {
    names().into_iter().map(|name| name.chars().take(300).collect()).collect()
}

#[test]
fn nothing_reaches_a_terminal_in_any_format() {
    for (name, told) in rendered_with() {
        for format in FORMATS {
            let text = told(format.name, &name);
            let layout = |letter: char| match format.name {
                "csv" => "\r\n".contains(letter),
                "short" => "\t\n".contains(letter),
                _ => letter == '\n',
            };
            let raw = text.chars().find(|&letter| is_treacherous(letter) && !layout(letter));
            assert_eq!(raw, None, "{} {name:?}", format.name);
        }
    }
}

#[test]
fn lines_and_columns_stay() {
    let columns =
        |text: &str| -> Vec<usize> { text.lines().map(|line| line.matches('\t').count()).collect() };
    for (name, told) in rendered_with() {
        assert_eq!(columns(&told("short", &name)), columns(&told("short", "plain")), "{name:?}");
        assert_eq!(told("jsonl", &name).lines().count(), told("jsonl", "plain").lines().count(), "{name:?}");
        assert_eq!(told("ocsf", &name).lines().count(), told("ocsf", "plain").lines().count(), "{name:?}");
        assert_eq!(told("csv", &name).matches("\r\n").count(), told("csv", "plain").matches("\r\n").count());
    }
}

#[test]
fn no_cell_is_a_formula() {
    for (name, told) in rendered_with() {
        for line in told("csv", &name).split("\r\n") {
            // A cell starts after a comma outside quotes; within quotes its text starts after the quote.
            let mut quoted = false;
            let mut starts = true;
            for letter in line.chars() {
                let is_quote = letter == '"';
                assert!(!(starts && "=+-@\t\r".contains(letter)), "{name:?}: {line}");
                starts = if is_quote { starts && !quoted } else { letter == ',' && !quoted };
                quoted ^= is_quote;
            }
        }
    }
}

#[test]
fn documents_of_programs_stay_whole() {
    for name in names() {
        let json: Value = serde_json::from_str(&told("json", &name)).unwrap();
        assert_eq!(json["findings"][0]["subject"]["name"], name.as_str(), "a name is kept as it is");
        let sarif: serde_sarif::sarif::Sarif = serde_json::from_str(&told("sarif", &name)).unwrap();
        let results = sarif.runs[0].results.as_ref().unwrap();
        assert_eq!((sarif.runs.len(), results.len()), (1, 3), "{name:?}");
        let location = results[0].locations.as_ref().unwrap()[0].physical_location.as_ref().unwrap();
        let uri = location.artifact_location.as_ref().unwrap().uri.as_deref().unwrap_or_default();
        let inert = |c: char| c.is_ascii_alphanumeric() || "-._~/%".contains(c);
        assert!(uri.chars().all(inert) && !uri.contains("://"), "{uri}");
    }
}

#[test]
fn documents_of_a_log_stay_whole() {
    for name in names_of_log() {
        let json: Value = serde_json::from_str(&told_of_log("json", &name)).unwrap();
        assert_eq!(json["openings"][0]["opened"]["client"], name.as_str(), "a name is kept as it is");
        assert_eq!(json["changes"][0]["actor"], name.as_str());
        let sarif: serde_sarif::sarif::Sarif = serde_json::from_str(&told_of_log("sarif", &name)).unwrap();
        let results: usize = sarif.runs.iter().filter_map(|run| run.results.as_ref()).map(Vec::len).sum();
        assert_eq!(results, 7, "{name:?}");
        for line in told_of_log("ocsf", &name).lines() {
            let event: Value = serde_json::from_str(line).unwrap();
            assert_eq!(event["evidences"][0]["actor"]["user"]["name"], name.as_str());
        }
    }
}

#[test]
fn xml_has_the_elements_it_should_have() {
    for name in names() {
        let text = told("junit", &name);
        let document = Document::parse(&text).unwrap_or_else(|error| panic!("{name:?}: {error}"));
        let elements = document.descendants().filter(roxmltree::Node::is_element);
        let kinds: BTreeSet<_> = elements.map(|node| node.tag_name().name()).collect();
        let expected = ["error", "failure", "skipped", "system-out", "testcase", "testsuite", "testsuites"];
        assert_eq!(kinds, expected.into(), "{name:?}");
        let cases = document.descendants().filter(|node| node.has_tag_name("testcase")).count();
        assert_eq!(cases, 5, "{name:?}");
    }
    for name in names_of_log() {
        let text = told_of_log("junit", &name);
        let document = Document::parse(&text).unwrap_or_else(|error| panic!("{name:?}: {error}"));
        let cases = document.descendants().filter(|node| node.has_tag_name("testcase")).count();
        assert_eq!(cases, 9, "{name:?}");
    }
}

/// What is left of Markdown when code spans are taken out, as CommonMark reads them: a span ends at a run of as many
/// backticks as it starts with.
fn outside_code(line: &str) -> String {
    let mut rest = line;
    let mut outside = String::new();
    while let Some(start) = rest.find('`') {
        outside.push_str(&rest[..start]);
        let after = rest[start..].trim_start_matches('`');
        let fence = "`".repeat(rest.len() - start - after.len());
        let mut searched = 0;
        let end = loop {
            let run = after[searched..].find('`').map(|at| at + searched);
            let run = run.unwrap_or_else(|| panic!("a span ends: {line}"));
            let length = after[run..].len() - after[run..].trim_start_matches('`').len();
            if length == fence.len() {
                break run + length;
            }
            searched = run + length;
        };
        rest = &after[end..];
    }
    outside + rest
}

#[test]
fn markdown_is_ours_only() {
    for (name, told) in rendered_with() {
        let text = told("md", &name);
        assert!(text.len() < 65_536, "fits in a comment: {}", text.len());
        for line in text.lines() {
            let outside = outside_code(line).replace("<br>", "");
            assert!(
                !outside.contains(['<', '>', '[', ']', '@', '&', '\\', '!', '_', '~']),
                "{name:?}: {outside}"
            );
            let lower = outside.to_lowercase();
            assert!(!lower.contains("://") && !lower.contains("www."), "{name:?}: {outside}");
            if line.starts_with('|') {
                let cells = line.matches('|').count() - 1;
                assert!(cells == 4 || cells == 6, "{name:?}: {line}");
            }
        }
    }
}
