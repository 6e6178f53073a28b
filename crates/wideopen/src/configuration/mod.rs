//! `wideopen.toml`: found from the input upwards, every key known, every mistake told with its line.
//!
//! The command line and the environment win over it.

mod expected;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use check::Severity;
use clap::ValueEnum;
use model::Thresholds;
use toml_edit::{Document, Item, TableLike, Value};

use crate::arguments::FailOn;
use crate::complain;

/// What a configuration says. What it does not say stays `None` or empty.
#[derive(Clone, Debug)]
pub(crate) struct Configuration {
    pub(crate) fail_on: Option<Vec<FailOn>>,
    pub(crate) format: Option<String>,
    pub(crate) severity: Option<Severity>,
    pub(crate) skip: Vec<String>,
    pub(crate) service_tags: Vec<String>,
    pub(crate) ranges: Vec<String>,
    pub(crate) severities: BTreeMap<String, Severity>,
    pub(crate) thresholds: Thresholds,
    pub(crate) expected: Vec<replay::Expectation>,
}

/// A mistake in a configuration, with its place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mistake(pub(crate) String);

const NAME: &str = "wideopen.toml";
const KEYS: [&str; 9] = [
    "expected",
    "fail-on",
    "format",
    "ranges",
    "service-tags",
    "severities",
    "severity",
    "skip",
    "thresholds",
];
const THRESHOLDS: [&str; 6] = [
    "any-missing-ipv4",
    "any-missing-ipv6-shift",
    "broad-ipv4",
    "broad-ipv6-length",
    "wide-ipv4",
    "wide-ipv6-length",
];

impl Configuration {
    /// What holds where nothing is said.
    pub(crate) const fn nothing() -> Self {
        Self {
            fail_on: None,
            format: None,
            severity: None,
            skip: Vec::new(),
            service_tags: Vec::new(),
            ranges: Vec::new(),
            severities: BTreeMap::new(),
            thresholds: Thresholds::STANDARD,
            expected: Vec::new(),
        }
    }

    /// What a verb is to go by, and whether it was malformed: then it goes by nothing, and what can be read is still
    /// assessed.
    pub(crate) fn wished(named: Option<&Path>, none: bool, inputs: &[String]) -> (Self, bool) {
        if none {
            return (Self::nothing(), false);
        }
        match Self::load(named, inputs) {
            Ok(configuration) => (configuration, false),
            Err(mistake) => {
                complain(&mistake.0);
                (Self::nothing(), true)
            }
        }
    }

    /// Reads the named file, or the one found from the first input upwards; then the user's own.
    fn load(named: Option<&Path>, inputs: &[String]) -> Result<Self, Mistake> {
        let path = match named {
            Some(path) => Some(path.to_path_buf()),
            None => find(inputs).or_else(own),
        };
        let Some(path) = path else { return Ok(Self::nothing()) };
        let text = fs::read_to_string(&path)
            .map_err(|error| Mistake(format!("`{}` cannot be read: {error}", path.display())))?;
        let mut configuration = Self::parse(&path.display().to_string(), &text)?;
        // Paths in a file are relative to the file.
        let folder = path.parent().unwrap_or(Path::new("."));
        for file in configuration.service_tags.iter_mut().chain(&mut configuration.ranges) {
            *file = folder.join(&file).display().to_string();
        }
        Ok(configuration)
    }

    fn parse(path: &str, text: &str) -> Result<Self, Mistake> {
        let reader = Reader { path, text };
        let document = Document::parse(text).map_err(|error| {
            let message = error.message().lines().next().unwrap_or("not TOML").to_owned();
            reader.mistake(error.span(), &message)
        })?;
        let mut configuration = Self::nothing();
        for (key, item) in document.as_table() {
            let span = document.as_table().key(key).and_then(toml_edit::Key::span);
            match key {
                "expected" => configuration.expected = reader.expected(item)?,
                "fail-on" => configuration.fail_on = Some(reader.fail_on(item)?),
                "format" => configuration.format = Some(reader.one_of(item, "format", &format_names())?),
                "severity" => configuration.severity = Some(reader.severity(item, "severity")?),
                "skip" => configuration.skip = reader.checks(item)?,
                "service-tags" => configuration.service_tags = reader.texts(item, "service-tags")?,
                "ranges" => configuration.ranges = reader.texts(item, "ranges")?,
                "severities" => configuration.severities = reader.severities(item)?,
                "thresholds" => configuration.thresholds = reader.thresholds(item)?,
                _ => return Err(reader.unknown(span, key, &KEYS)),
            }
        }
        Ok(configuration)
    }
}

/// The nearest `wideopen.toml` at or above the first input; a repository's root ends the search.
fn find(inputs: &[String]) -> Option<PathBuf> {
    let first = inputs.iter().find(|input| *input != "-").map_or(Path::new("."), Path::new);
    let start = fs::canonicalize(first).or_else(|_| fs::canonicalize(".")).ok()?;
    for folder in start.ancestors().filter(|folder| folder.is_dir()) {
        let path = folder.join(NAME);
        if path.is_file() {
            return Some(path);
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}

fn own() -> Option<PathBuf> {
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config"));
    let folder = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).or_else(home)?;
    let path = folder.join("wideopen").join("config.toml");
    path.is_file().then_some(path)
}

fn format_names() -> Vec<&'static str> {
    report::FORMATS.iter().map(|format| format.name).collect()
}

/// Reads values and says where one is wrong.
struct Reader<'a> {
    path: &'a str,
    text: &'a str,
}

impl Reader<'_> {
    fn mistake(&self, span: Option<Range<usize>>, message: &str) -> Mistake {
        let start = span.map_or(0, |span| span.start).min(self.text.len());
        let before = self.text.get(..start).unwrap_or("");
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |tail| tail.chars().count()) + 1;
        Mistake(format!("{}:{line}:{column}: {message}", self.path))
    }

    fn unknown(&self, span: Option<Range<usize>>, word: &str, known: &[&str]) -> Mistake {
        self.mistake(span, &format!("`{word}` is not known, {}", expected(word, known)))
    }

    fn text(&self, item: &Item, key: &str) -> Result<String, Mistake> {
        let wrong = || self.mistake(item.span(), &format!("`{key}` is {}, expected text", item.type_name()));
        item.as_str().map(str::to_owned).ok_or_else(wrong)
    }

    fn one_of(&self, item: &Item, key: &str, known: &[&str]) -> Result<String, Mistake> {
        let text = self.text(item, key)?;
        if known.contains(&text.as_str()) { Ok(text) } else { Err(self.unknown(item.span(), &text, known)) }
    }

    /// One text, or a list of texts.
    fn texts(&self, item: &Item, key: &str) -> Result<Vec<String>, Mistake> {
        let Some(list) = item.as_array() else { return Ok(vec![self.text(item, key)?]) };
        let text = |value: &Value| {
            let wrong = || {
                self.mistake(value.span(), &format!("`{key}` holds {}, expected texts", value.type_name()))
            };
            value.as_str().map(str::to_owned).ok_or_else(wrong)
        };
        list.iter().map(text).collect()
    }

    fn fail_on(&self, item: &Item) -> Result<Vec<FailOn>, Mistake> {
        let known = ["none", "info", "low", "medium", "high", "critical", "incomplete"];
        let reason = |text: String| {
            FailOn::from_str(&text, false).map_err(|_| self.unknown(item.span(), &text, &known))
        };
        self.texts(item, "fail-on")?.into_iter().map(reason).collect()
    }

    fn severity(&self, item: &Item, key: &str) -> Result<Severity, Mistake> {
        let known = Severity::ALL.map(Severity::word);
        let text = self.one_of(item, key, &known)?;
        let severity = Severity::ALL.into_iter().find(|severity| severity.word() == text);
        severity.ok_or_else(|| self.unknown(item.span(), &text, &known))
    }

    fn checks(&self, item: &Item) -> Result<Vec<String>, Mistake> {
        let names = self.texts(item, "skip")?;
        names.into_iter().map(|name| self.check(item.span(), name)).collect()
    }

    fn check(&self, span: Option<Range<usize>>, name: String) -> Result<String, Mistake> {
        let known: Vec<&str> = check::CHECKS.iter().map(|check| check.name).collect();
        if known.contains(&name.as_str()) { Ok(name) } else { Err(self.unknown(span, &name, &known)) }
    }

    fn table<'i>(&self, item: &'i Item, key: &str) -> Result<&'i dyn TableLike, Mistake> {
        let wrong = || {
            self.mistake(item.span(), &format!("`{key}` is {}, expected a table `[{key}]`", item.type_name()))
        };
        item.as_table_like().ok_or_else(wrong)
    }

    fn severities(&self, item: &Item) -> Result<BTreeMap<String, Severity>, Mistake> {
        let table = self.table(item, "severities")?;
        let one = |(name, item): (&str, &Item)| {
            let span = table.key(name).and_then(toml_edit::Key::span);
            Ok((self.check(span, name.to_owned())?, self.severity(item, name)?))
        };
        table.iter().map(one).collect()
    }

    fn thresholds(&self, item: &Item) -> Result<Thresholds, Mistake> {
        let table = self.table(item, "thresholds")?;
        let mut thresholds = Thresholds::STANDARD;
        for (key, item) in table.iter() {
            let span = table.key(key).and_then(toml_edit::Key::span);
            match key {
                "any-missing-ipv4" => thresholds.any_missing_v4 = self.number(item, key, 1 << 31)?,
                "broad-ipv4" => thresholds.broad_v4 = self.number(item, key, 1 << 32)?,
                "wide-ipv4" => thresholds.wide_v4 = self.number(item, key, 1 << 32)?,
                "any-missing-ipv6-shift" => {
                    thresholds.any_missing_v6_shift = self.number(item, key, 120)? as u32
                }
                "broad-ipv6-length" => thresholds.broad_v6_length = self.number(item, key, 128)? as u8,
                "wide-ipv6-length" => thresholds.wide_v6_length = self.number(item, key, 128)? as u8,
                _ => return Err(self.unknown(span, key, &THRESHOLDS)),
            }
        }
        let upside_down = thresholds.wide_v4 > thresholds.broad_v4
            || thresholds.wide_v6_length < thresholds.broad_v6_length;
        if upside_down {
            return Err(self.mistake(item.span(), "`wide` starts above `broad`, expected it at or below"));
        }
        Ok(thresholds)
    }

    fn number(&self, item: &Item, key: &str, most: u64) -> Result<u64, Mistake> {
        let number = item.as_integer().and_then(|number| u64::try_from(number).ok());
        let wrong = || self.mistake(item.span(), &format!("`{key}`: expected a number from 1 to {most}"));
        number.filter(|number| (1..=most).contains(number)).ok_or_else(wrong)
    }
}

fn expected(word: &str, known: &[&str]) -> String {
    let near = known.iter().map(|name| (strsim::damerau_levenshtein(word, name), *name)).min();
    match near {
        Some((distance, name)) if distance <= 1 + word.len() / 3 => format!("did you mean `{name}`?"),
        Some(_) | None => format!("expected one of {}", known.join(", ")),
    }
}

/// What `wideopen init` writes: everything that can be said, said as a comment.
pub(crate) const TEMPLATE: &str = r#"# wideopen.toml: found from the input upwards. The command line and WIDEOPEN_* variables win over it.

# What makes the exit code 1 or 3: a severity, "incomplete", "none".
# fail-on = ["high", "incomplete"]

# Format of standard output: "table", "short", "json", "jsonl", "sarif", "csv", "md", "junit", "ocsf".
# format = "table"

# Lowest severity shown.
# severity = "low"

# Checks not to ask.
# skip = ["shadowed-rule"]

# Prefixes of service tags of Azure, relative to this file.
# service-tags = ["ServiceTags_Public.json"]

# Addresses of AWS and of Google Cloud, relative to this file.
# ranges = ["ip-ranges.json", "cloud.json"]

# Severities of your own, by the name of the check.
# [severities]
# udp-amplifier = "medium"

# From how many addresses on a set of sources counts as broad or wide, and how many `any` may leave out.
# [thresholds]
# any-missing-ipv4 = 65536
# broad-ipv4 = 16777216
# wide-ipv4 = 65536
# any-missing-ipv6-shift = 16
# broad-ipv6-length = 12
# wide-ipv6-length = 32

# Changes that somebody expects: who may open what to whom, when, and who answers for it. They are told and counted, and
# no alarm. Patterns of principals and targets: `*` is any text. Windows are in UTC.
# [[expected]]
# principals = ["arn:aws:sts::111111111111:assumed-role/deploy/*"]
# targets = ["web-*"]
# protocols = ["tcp"]
# ports = [80, 443]
# sources = ["0.0.0.0/0", "::/0"]
# windows = ["mon-fri 08:00-18:00"]
# expires = 2027-01-01
# owner = "team-web"
# reason = "releases open and close the load balancer"
"#;

/// Writes the template where there is no configuration yet.
pub(crate) fn write_template(folder: &Path) -> io::Result<PathBuf> {
    let path = folder.join(NAME);
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&path)?;
    io::Write::write_all(&mut file, TEMPLATE.as_bytes())?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistake(text: &str) -> String {
        Configuration::parse("wideopen.toml", text).unwrap_err().0
    }

    #[test]
    fn everything_that_can_be_said_is_read() {
        let uncommented: String = TEMPLATE
            .lines()
            .filter_map(|line| line.strip_prefix("# "))
            .filter(|line| line.starts_with('[') || line.contains(" = "))
            .map(|line| format!("{line}\n"))
            .collect();
        let read = Configuration::parse("t", &uncommented).unwrap();
        assert_eq!(read.fail_on, Some(vec![FailOn::High, FailOn::Incomplete]));
        assert_eq!(read.skip, ["shadowed-rule"]);
        assert_eq!((read.service_tags.len(), read.ranges.len()), (1, 2));
        assert_eq!(read.severities.get("udp-amplifier"), Some(&Severity::Medium));
        assert_eq!(read.thresholds, Thresholds::STANDARD);
        assert_eq!(read.expected.len(), 1);
        for key in KEYS.iter().chain(&THRESHOLDS).chain(&expected::EXPECTED) {
            assert!(uncommented.contains(key), "the template does not say {key}");
        }
    }

    #[test]
    fn mistakes_have_a_line_and_a_way_out() {
        assert_eq!(
            mistake("\nfail_on = 1"),
            "wideopen.toml:2:1: `fail_on` is not known, did you mean `fail-on`?"
        );
        assert_eq!(
            mistake("fail-on = [\"hihg\"]"),
            "wideopen.toml:1:11: `hihg` is not known, did you mean `high`?"
        );
        assert!(mistake("[severities]\nudp-amplifer = \"low\"").contains("did you mean `udp-amplifier`?"));
        assert_eq!(mistake("format = 3"), "wideopen.toml:1:10: `format` is integer, expected text");
        assert!(mistake("[thresholds]\nbroad-ipv6-length = 129").contains("expected a number from 1 to 128"));
        assert!(mistake("[thresholds]\nwide-ipv4 = 16777217").contains("`wide` starts above `broad`"));
        assert!(Configuration::parse("t", "severities = { udp-amplifier = \"low\" }").is_ok());
        assert!(mistake("fail-on = [").starts_with("wideopen.toml:1:"));
    }
}
