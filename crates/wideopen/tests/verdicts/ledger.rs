//! The rows of `docs/verdicts.md`, and the reasons why a peer and we may differ.
//!
//! A difference without a reason fails the test; so does a reason that nothing needs any more.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::scan::Answer;

/// Why a peer says otherwise.
pub(crate) const REASONS: [(&str, &str); 25] = [
    (
        "all-protocols",
        "With protocol -1 AWS admits every port. The file states ports beside it, which no API answer has; the peer reads them, we do not.",
    ),
    (
        "bare-zero",
        "`0.0.0.0` and `::0` are written without a length: one address each, of nobody. The peer takes them for everyone.",
    ),
    (
        "default",
        "The argument is absent, and its default decides. The peer takes what is not said for the other.",
    ),
    (
        "default-network",
        "The example names no network, so AWS puts it into the default one, which gives public addresses. The peer passes what does not say yes.",
    ),
    (
        "exempt",
        "The peer lets it pass by a tag, an owner or a kind of interface in its settings. We tell what gets in.",
    ),
    ("facts-leave-out", "What has the group was made by a part of the test that the facts do not hold."),
    (
        "icmp-ports",
        "The entry is of ICMP, which has no ports. The peer reads the range of ports that stands beside.",
    ),
    (
        "incomplete",
        "The example leaves out what it cannot be applied without: the destination of a rule, the ports of TCP. It would decide, so we say possible.",
    ),
    (
        "inside",
        "The sources are groups or private addresses. The peer counts rules; we tell what comes from the Internet.",
    ),
    (
        "invalid",
        "What is written cannot be applied: a value that no interface takes, a name without its parent, a list where a set has to be. The peer takes some of it; we say possible, or find no resource.",
    ),
    (
        "list-beside-everyone",
        "A list of addresses stands beside `defaultAction: Allow`, which lets in everyone else too. The peer looks whether there is a list.",
    ),
    (
        "no-public-address",
        "The interface has no public address. The rule is open and nothing comes there: we say `latent`, the peer alarms.",
    ),
    (
        "no-source",
        "The rule states no source at all, and so lets everyone in. The peer looks for a range and passes.",
    ),
    (
        "nobody-authorized",
        "The service has a public address and no authorized network. The peer alarms at the address, or at a rule that is named and not there; nobody gets in.",
    ),
    (
        "nobody-named",
        "A rule of AWS without any source. Nobody is let in by it; the peer alarms at its port.",
    ),
    (
        "null-list",
        "A rule's ranges are `null`, which no answer of AWS has. The peer reads an empty list; for us they are not told: possible.",
    ),
    (
        "one-rule",
        "The peer looks at one rule of a group. We answer for the group, and another of its rules lets in everyone.",
    ),
    (
        "port-zero",
        "The ports are 1-65535. The peer takes them for all; port 0 stays shut, so ours are not every port.",
    ),
    (
        "port-zero-alone",
        "The rule is of TCP and of ports 0-0, which is port 0 alone. The peer takes it for every port.",
    ),
    (
        "reserved",
        "The peer compares ranges with ranges. The ranges are of nobody on the Internet, so we say nothing gets in.",
    ),
    ("self-beside-everyone", "The rule lets in the group itself and everyone. The peer stops at the group."),
    (
        "told-elsewhere",
        "The peer says it once, in its check of all ports, and passes here. We answer about the port.",
    ),
    (
        "undecided",
        "What would decide is not in the file, or a parameter without a value: we say possible, the peer goes by what it sees.",
    ),
    (
        "unplaced",
        "Nothing says in which region the group is, and the interfaces listed are of one: another may have it. The peer was asked within a region.",
    ),
    (
        "unused-skipped",
        "The peer leaves out what its account does not use. The file does not say that it is unused, so we answer.",
    ),
];

/// Why a verdict is not compared.
pub(crate) const BEYOND: [(&str, &str); 14] = [
    (
        "another-subject",
        "about something that is no way in from the Internet: encryption, images, tags, logs, names, quotas",
    ),
    ("attachment", "about whether something is attached to something else, or has a companion"),
    ("egress", "about what may leave; wideopen asks what gets in"),
    ("between-groups", "about traffic between groups or peered networks, not from the Internet"),
    (
        "no-resource",
        "the facts hold no group, list or instance: the test relies on what its simulator makes by itself",
    ),
    (
        "no-recording",
        "the recording or the module that it was asked on is not in the corpus, or the resources are in the test's program",
    ),
    ("left-over", "the number is of what is left after the peer has deleted"),
    ("no-way-asked", "about a setting of a subnet or a network that opens nothing by itself"),
    ("other-cloud", "about clouds that wideopen does not read"),
    ("size", "counts rules"),
    (
        "unread-kind",
        "about a kind of resource that wideopen does not assess: functions, buckets, notebooks, brokers, templates of machines",
    ),
    ("unresolved-name", "the policy holds a name that the script which read the tests could not resolve"),
    ("unstated", "the peer's verdict is in its program; neither names nor settings in the corpus say it"),
    ("sharing", "about a snapshot that is shared, which no packet reaches"),
];

/// What came of one verdict.
pub(crate) enum Outcome {
    /// The peer's verdict, and ours.
    Compared { is_equal: bool, ours: String },
    /// Why it was not asked.
    Beyond(&'static str),
}

/// A peer's verdicts, compared.
#[derive(Default)]
pub(crate) struct Page {
    rows: String,
    agreed: u64,
    differed: BTreeMap<&'static str, u64>,
    beyond: BTreeMap<&'static str, BTreeMap<String, u64>>,
    unexplained: Vec<String>,
    note: String,
}

impl Page {
    /// One verdict. `about` groups what is not compared; `reason` is asked where the two differ.
    pub(crate) fn take(
        &mut self,
        name: &str,
        about: &str,
        peer: &str,
        outcome: Outcome,
        reason: Option<&'static str>,
    ) {
        match outcome {
            Outcome::Beyond(code) => {
                assert!(BEYOND.iter().any(|(known, _)| *known == code), "`{code}` is not in the table");
                assert!(reason.is_none(), "{name}: a reason for what is not compared");
                *self.beyond.entry(code).or_default().entry(about.to_owned()).or_default() += 1;
            }
            Outcome::Compared { is_equal, ours } => {
                let result = match (is_equal, reason) {
                    (true, None) => {
                        self.agreed += 1;
                        "agree".to_owned()
                    }
                    (true, Some(reason)) => {
                        self.unexplained.push(format!("{name}: agrees, yet has the reason `{reason}`"));
                        "agree".to_owned()
                    }
                    (false, Some(reason)) => {
                        assert!(
                            REASONS.iter().any(|(known, _)| *known == reason),
                            "`{reason}` is not in the table"
                        );
                        *self.differed.entry(reason).or_default() += 1;
                        format!("**{reason}**")
                    }
                    (false, None) => {
                        self.unexplained.push(format!("{name}: {peer}, and we: {ours}"));
                        "**?**".to_owned()
                    }
                };
                writeln!(self.rows, "| {name} | {peer} | {ours} | {result} |").unwrap();
            }
        }
    }

    /// A sentence below the table.
    pub(crate) fn add(&mut self, note: &str) {
        self.note = format!("\n{note}\n");
    }

    /// The reasons that were needed.
    pub(crate) fn reasons(&self) -> BTreeSet<&'static str> {
        self.differed.keys().chain(self.beyond.keys()).copied().collect()
    }

    /// What nobody has explained, for the test to fail on.
    pub(crate) fn unexplained(&self) -> &[String] {
        &self.unexplained
    }

    pub(crate) fn written(&self, title: &str, said: &str) -> String {
        let differed: u64 = self.differed.values().sum();
        let beyond: u64 = self.beyond.values().flat_map(BTreeMap::values).sum();
        let mut page = format!("\n## {title}\n\nVerdicts: {}. ", self.agreed + differed + beyond);
        writeln!(
            page,
            "Agree: {}. Differ: {differed}{}. Not compared: {beyond}.\n",
            self.agreed,
            by_code(&self.differed)
        )
        .unwrap();
        if beyond > 0 {
            writeln!(page, "| not compared because | what | verdicts |\n|---|---|---:|").unwrap();
            for (code, abouts) in &self.beyond {
                for (about, count) in abouts {
                    writeln!(page, "| {code} | {about} | {count} |").unwrap();
                }
            }
            page.push('\n');
        }
        writeln!(page, "| {said} | the peer | we | |\n|---|---|---|---|\n{}", self.rows.trim_end()).unwrap();
        page + &self.note
    }
}

fn by_code(counts: &BTreeMap<&'static str, u64>) -> String {
    let told: Vec<String> = counts.iter().map(|(code, count)| format!("{code} {count}")).collect();
    if told.is_empty() { String::new() } else { format!(" ({})", told.join(", ")) }
}

/// Both tables of codes.
pub(crate) fn codes() -> String {
    let mut table = String::from("\n## Reasons\n\n| where we differ | |\n|---|---|\n");
    REASONS.iter().for_each(|(code, sentence)| writeln!(table, "| {code} | {sentence} |").unwrap());
    table.push_str("\n| where nothing is compared | |\n|---|---|\n");
    BEYOND.iter().for_each(|(code, sentence)| writeln!(table, "| {code} | {sentence} |").unwrap());
    table
}

/// Whether a peer's yes or no is ours. What is only possible is neither.
pub(crate) fn is_equal(peer_detects: bool, ours: Answer) -> bool {
    match ours {
        Answer::Open => peer_detects,
        Answer::Closed => !peer_detects,
        Answer::Possible => false,
    }
}
