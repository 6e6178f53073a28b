//! Z3 by its Python interface, where it is installed: `z3_rival.py` is given lists and one question each.
//!
//! `WIDEOPEN_Z3_PYTHON` names a Python that has the wheel `z3-solver`; without it `python3` is tried.

use std::io::Write;
use std::process::{Command, Stdio};

use packet::AddressSet;
use serde::{Deserialize, Serialize};

use crate::list::{Addresses, PlainRule, Ports, TARGET};

/// Is there an Internet address that reaches this port of the target through this list?
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// The list.
    pub list: &'a [PlainRule],
    /// The protocol.
    pub protocol: u8,
    /// The destination port.
    pub port: u16,
}

/// What Z3 says, in CPU seconds and truth.
#[derive(Deserialize)]
pub struct Answer {
    /// Making the formula through the Python interface.
    pub build: f64,
    /// Asserting and solving it.
    pub ask: f64,
    /// Whether there is such an address.
    pub reaches: bool,
}

/// Asks Z3; `None` where it is not installed.
///
/// # Panics
/// When the script prints something else than answers.
#[must_use]
pub fn ask(questions: &[Question<'_>], internet: &AddressSet) -> Option<Vec<Answer>> {
    let python = std::env::var("WIDEOPEN_Z3_PYTHON").unwrap_or_else(|_| "python3".into());
    let has_z3 = Command::new(&python).args(["-c", "import z3"]).stderr(Stdio::null()).status();
    if !has_z3.is_ok_and(|status| status.success()) {
        return None;
    }
    let cases = questions.iter().map(Case::of).collect();
    let work = Work { internet: internet.v4_spans(), target: TARGET, cases };
    let mut child = Command::new(&python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/z3_rival.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the Python that has Z3 starts");
    let text = serde_json::to_vec(&work).expect("plain numbers are JSON");
    let mut stdin = child.stdin.take().expect("the pipe was asked for");
    stdin.write_all(&text).expect("the script reads its input");
    drop(stdin);
    let output = child.wait_with_output().expect("the script ends");
    Some(serde_json::from_slice(&output.stdout).expect("the script prints answers"))
}

#[derive(Serialize)]
struct Work<'a> {
    internet: &'a [(u32, u32)],
    target: u32,
    cases: Vec<Case<'a>>,
}

#[derive(Serialize)]
struct Case<'a> {
    protocol: u8,
    port: u16,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
struct Rule<'a> {
    allow: bool,
    protocol: [(u8, u8); 1],
    sources: &'a Addresses,
    source_ports: &'a Ports,
    destinations: &'a Addresses,
    ports: &'a Ports,
}

impl<'a> Case<'a> {
    fn of(question: &Question<'a>) -> Self {
        let rule = |rule: &'a PlainRule| Rule {
            allow: rule.allow,
            protocol: [rule.protocol.map_or((0, u8::MAX), |number| (number, number))],
            sources: &rule.sources,
            source_ports: &rule.source_ports,
            destinations: &rule.destinations,
            ports: &rule.ports,
        };
        let rules = question.list.iter().map(rule).collect();
        Self { protocol: question.protocol, port: question.port, rules }
    }
}
