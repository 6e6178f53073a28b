//! Checks as reporting descriptors: their page, and as severe as the worst of their findings.

use std::collections::BTreeSet;

use check::{Check, Control, Finding, Severity};

use super::log::{Configuration, Help, Rule, RuleProperties, Text};

/// The rules of one run, each once, in the order checks are listed in; and the place of each result's rule.
pub(super) struct Rules {
    checks: Vec<(&'static Check, Severity, Vec<&'static Control>)>,
    incomplete: bool,
}

impl Rules {
    /// The checks that some findings are of. Severities are of all findings of the log, so that a check is as severe
    /// in one run as in the other.
    pub(super) fn of(mine: &[&Finding], all: &[Finding], incomplete: bool) -> Self {
        let has = |check: &Check| mine.iter().any(|finding| finding.check.name == check.name);
        let worst = |check: &Check| {
            let own = all.iter().filter(|finding| finding.check.name == check.name);
            own.map(|finding| finding.severity).max().unwrap_or(Severity::Info)
        };
        let failed = |check: &Check| {
            let own = mine.iter().filter(|finding| finding.check.name == check.name);
            own.flat_map(|finding| finding.controls()).collect::<BTreeSet<_>>().into_iter().collect()
        };
        let checks = check::CHECKS.iter().copied().filter(|check| has(check));
        Self { checks: checks.map(|check| (check, worst(check), failed(check))).collect(), incomplete }
    }

    /// The position of a check's rule.
    pub(super) fn index(&self, check: &Check) -> usize {
        self.checks.iter().position(|(known, ..)| known.name == check.name).unwrap_or(self.checks.len())
    }

    /// The position of the rule that tells that a run is incomplete.
    pub(super) fn incomplete(&self) -> usize {
        self.checks.len()
    }

    pub(super) fn descriptors(&self) -> Vec<Rule> {
        let rules = self.checks.iter().map(|(check, severity, failed)| rule(check, *severity, failed));
        rules.chain(self.incomplete.then(incomplete)).collect()
    }
}

/// `failed` are the controls that findings of the run fail: what another cloud's would is not told here.
fn rule(check: &'static Check, severity: Severity, failed: &[&Control]) -> Rule {
    // Ten tags are shown; the first is what makes an alert one of security.
    let attack = check.attack.iter().map(|id| format!("attack/{id}")).take(TAGS_MAX - 1);
    let sentence = sentence(check.summary);
    Rule {
        id: check.name,
        short_description: Text { text: sentence.clone() },
        full_description: Text { text: first_paragraph(check.page).unwrap_or(sentence) },
        help: Help { text: check.page, markdown: check.page },
        default_configuration: Configuration { level: level(severity) },
        properties: RuleProperties {
            tags: core::iter::once("security".to_owned()).chain(attack).collect(),
            security_severity: score(severity),
            controls: failed.iter().map(|of| format!("{} {} {}", of.framework, of.version, of.id)).collect(),
        },
    }
}

fn incomplete() -> Rule {
    let text = || Text { text: sentence("part of the input was not understood") };
    Rule {
        id: INCOMPLETE,
        short_description: text(),
        full_description: Text {
            text: "Part of the input was not understood. What it would have told is neither open nor closed; alerts \
                   that are missing from this run are not proved to be fixed."
                .to_owned(),
        },
        help: Help { text: INCOMPLETE_PAGE, markdown: INCOMPLETE_PAGE },
        default_configuration: Configuration { level: "error" },
        properties: RuleProperties {
            tags: vec!["security".to_owned()],
            security_severity: score(Severity::High),
            controls: Vec::new(),
        },
    }
}

fn sentence(summary: &str) -> String {
    let mut letters = summary.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).chain(['.']).collect()).unwrap_or_default()
}

/// The paragraph below the first heading of the second level.
fn first_paragraph(page: &str) -> Option<String> {
    let after = page.split_once("\n## ")?.1.split_once("\n\n")?.1;
    Some(after.split("\n\n").next()?.replace('\n', " ").trim().to_owned())
}

pub(super) const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// The score that code scanning turns back into the same word: over 9 is critical, from 7 high, from 4 medium.
const fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
        Severity::Info => "0.1",
    }
}

/// The rule of the result that stands for everything that was not understood.
pub(super) const INCOMPLETE: &str = "incomplete-input";

const INCOMPLETE_PAGE: &str = "\
# incomplete-input

Part of the input was not understood, so part of the answer is missing or has bounds instead of a value. Each gap is a
notification of this run, with its place and what it does to the answer. Give what it names, and scan again.
";

const TAGS_MAX: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_makes_a_rule() {
        for check in check::CHECKS {
            let rule = rule(check, Severity::High, &[]);
            assert!(rule.properties.tags.len() <= TAGS_MAX, "{check:?}");
            assert!(rule.full_description.text.ends_with('.'), "{}", rule.full_description.text);
            assert!(rule.short_description.text.starts_with(char::is_uppercase), "{check:?}");
            assert!(!check.page.contains('\u{1b}') && !rule.full_description.text.contains('#'), "{check:?}");
        }
    }
}
