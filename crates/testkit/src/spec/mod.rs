//! Markdown that runs: prose, an input as users have it, the expected answer.
//!
//! A page is a `#` heading with prose. Every `##` section with an expectation is one case. Blocks of input that stand
//! before the first section belong to all cases of the page; a section's own block of the same name takes its place.
//!
//! | info string | what it is |
//! |---|---|
//! | `json nsgs.json` | an input document; `service-tags…` and `ip-ranges…` are read as catalogues; ` crlf` at the end makes Windows line ends |
//! | `exposures` | all of them: `<target> <reach> <certainty> <protocol> <ports or -> v4=<grade>:<count> v6=… [rentable] [to <cidrs>] [via <address>:<ports>+…] by <filter>/<rule>+…` |
//! | `findings` | all of them: `<severity> <check> <subject> <protocol or -> <targets or ->` |
//! | `gaps` | all of them: `<code> <effect> <document> line <n>`; a case without this block has none |
//! | `packets` | some: `tcp 8.8.8.8 > vm-nic:22 allow` (the target's port) or `tcp 8.8.8.8 > 203.0.113.10:50001 allow` (the port outside), decided by the exposures and by [`crate::oracle::azure`], [`crate::oracle::aws`] or [`crate::oracle::gcp`]; of ICMP `icmp 8.8.8.8 > vm:8/0 allow`, type and code |
//!
//! A document whose name begins with `log` is heard as an audit log, and replayed over the others. Then it is asked:
//!
//! | info string | what it is |
//! |---|---|
//! | `openings` | all of them: what the exposure is, as above, then `<since>..<until>[ partial]: <effect> <actor> <time>, …`; times of 2026-01-10 without the date |
//! | `changes` | all of them: `<time> <operation> <actor> <edited> <effect>` |
//!
//! Lines come in any order. A block without a name after its language is prose.

mod answer;
mod detected;
mod operations;
mod page;
mod second;
mod twins;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

pub use answer::{Answered, Judged, answer};
pub use operations::untold;
pub use page::{Case, Expectation, Input, Page, Question};
pub use twins::{Law, Twins, twins};

/// What came of a folder of pages.
#[derive(Debug, Default)]
pub struct Report {
    /// Cases that were run.
    pub cases: usize,
    /// Expectations that were compared.
    pub expectations: usize,
    /// Packets that the oracle decided as well.
    pub judged: usize,
    /// Packets on which the oracle abstained: it does not model what the documents hold.
    pub abstained: usize,
    /// What it does not model, each with the packets that stand beside it.
    pub strange: BTreeMap<String, usize>,
    /// What went wrong: place, heading, and lines that are missing (`-`) or too many (`+`).
    pub failures: Vec<String>,
}

/// Runs every page below a folder. With `update`, pages are rewritten to say what is answered.
///
/// # Panics
/// When a page cannot be read or written.
#[must_use]
pub fn run(folder: &Path, update: bool) -> Report {
    let mut report = Report::default();
    for path in pages(folder) {
        let text = fs::read_to_string(&path).unwrap();
        let page = Page::read(&text);
        let shown = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
        let mut rewritten: Vec<(core::ops::Range<usize>, Vec<String>)> = Vec::new();
        for case in &page.cases {
            report.cases += 1;
            let answered = answer(&page.documents(case));
            for expectation in &case.expectations {
                report.expectations += 1;
                let actual = answered.lines(expectation);
                report.failures.extend(difference(&shown, case, expectation, &actual));
                rewritten.push((expectation.body.clone(), actual));
            }
            report.failures.extend(unannounced(&shown, case, &answered));
            let verdicts = answered.verdicts(case);
            report.abstained += verdicts.iter().filter(|verdict| verdict.is_none()).count();
            for kind in answered.strange() {
                *report.strange.entry(kind.to_owned()).or_default() +=
                    verdicts.iter().filter(|verdict| verdict.is_none()).count();
            }
            report.judged += verdicts.iter().flatten().count();
            let objections = verdicts.iter().flatten().filter_map(|verdict| verdict.objection(&shown, case));
            report.failures.extend(objections);
        }
        if update {
            fs::write(&path, rewrite(&text, rewritten)).unwrap();
        }
    }
    report
}

/// The pages below a folder, sorted.
///
/// # Panics
/// When the folder cannot be read.
#[must_use]
pub fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pages.extend(self::pages(&path));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
    pages.sort();
    pages
}

fn difference(page: &str, case: &Case, expectation: &Expectation, actual: &[String]) -> Option<String> {
    let mut expected = expectation.lines.clone();
    expected.sort();
    let mut found = actual.to_vec();
    found.sort();
    if expected == found {
        return None;
    }
    let only = |these: &[String], others: &[String], sign: char| -> String {
        let lines = these.iter().filter(|line| !others.contains(line));
        lines.map(|line| format!("\n    {sign} {line}")).collect()
    };
    let missing = only(&expected, &found, '-');
    let surplus = only(&found, &expected, '+');
    let kind = expectation.question.word();
    Some(format!("{page}:{}: `{}`: {kind}{missing}{surplus}", expectation.line, case.heading))
}

/// Gaps of a case that has no block for them.
fn unannounced(page: &str, case: &Case, answered: &Answered) -> Option<String> {
    if case.expectations.iter().any(|expectation| expectation.question == Question::Gaps) {
        return None;
    }
    let gaps = answered.gap_lines();
    if gaps.is_empty() {
        return None;
    }
    let gaps: String = gaps.iter().map(|gap| format!("\n    + {gap}")).collect();
    Some(format!("{page}:{}: `{}`: gaps that are not expected{gaps}", case.line, case.heading))
}

fn rewrite(text: &str, blocks: Vec<(core::ops::Range<usize>, Vec<String>)>) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (body, answer) in blocks.into_iter().rev() {
        lines.splice(body, answer);
    }
    lines.push(String::new());
    lines.join("\n")
}
