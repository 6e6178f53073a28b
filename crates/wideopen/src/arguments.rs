//! The command line, as clap reads it.
//!
//! Every option has an environment variable; what stays unset here may be set in `wideopen.toml`, see
//! [`crate::configuration`].

use std::path::PathBuf;

use check::Severity;
use clap::builder::{FalseyValueParser, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use model::Moment;

use crate::configuration::Configuration;

const AFTER_HELP: &str = "\
Exit codes, the same for every verb and format:
  0  nothing at or above the threshold
  1  findings at or above the threshold (--fail-on, default high,incomplete)
  2  wrong usage: a bad flag, a named file that is missing, a malformed wideopen.toml
  3  incomplete: something in the input was not understood, and there is no finding at the threshold
  4  internal error";

const TEST_AFTER_HELP: &str = "\
Exit codes:
  0  it gets in
  1  it does not
  2  wrong usage: a bad flag, a named file that is missing, a target that nothing or several things are named
  3  undecided: it rests on what the input does not say
  4  internal error";

const EXPLAIN_AFTER_HELP: &str = "\
Exit codes:
  0  it is explained, whatever its severity
  2  wrong usage: a bad flag, a named file that is missing, an id that names nothing or several things
  4  internal error";

/// What the Internet can reach through your cloud firewalls, with proof.
#[derive(Debug, Parser)]
#[command(name = "wideopen", version, about, after_help = AFTER_HELP, max_term_width = 110)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Tell what the Internet reaches
    #[command(after_help = AFTER_HELP)]
    Scan(Box<Scan>),
    /// Tell who opened what, when and until when, from audit logs
    #[command(after_help = AFTER_HELP)]
    Detect(Box<Detect>),
    /// Explain one finding so that it can be checked by hand, or print the page of a check
    #[command(after_help = EXPLAIN_AFTER_HELP)]
    Explain(Box<Explain>),
    /// Send one packet: does it get in, and which rule of every layer decides
    #[command(after_help = TEST_AFTER_HELP)]
    Test(Box<Test>),
    /// Print the JSON Schema of an output
    Schema(Schema),
    /// Write a commented wideopen.toml
    Init(Init),
    /// Print shell completions
    Completions(Completions),
    /// Print the manual page
    Man,
}

#[derive(Args, Debug)]
pub(crate) struct Scan {
    /// Exports to read: files, folders, globs, or `-` for standard input. Formats are recognised by their content
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<String>,
    #[command(flatten)]
    pub(crate) beside: Beside,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) selection: Selection,
}

#[derive(Args, Debug)]
pub(crate) struct Detect {
    /// Audit logs to read: files, folders, globs, or `-` for standard input. Formats are recognised by their content
    #[arg(required = true, value_name = "LOG")]
    pub(crate) logs: Vec<String>,
    #[command(flatten)]
    pub(crate) over: Over,
    /// Only what happened at this time or later, e.g. 2026-01-10 or 2026-01-10T09:00:00Z
    #[arg(long, value_name = "TIME", env = "WIDEOPEN_SINCE", value_parser = moments())]
    pub(crate) since: Option<Moment>,
    /// Only what happened before this time
    #[arg(long, value_name = "TIME", env = "WIDEOPEN_UNTIL", value_parser = moments())]
    pub(crate) until: Option<Moment>,
    /// Only what these did, `*` for any text; repeatable
    #[arg(long, value_name = "PATTERN", env = "WIDEOPEN_ACTOR")]
    pub(crate) actor: Vec<String>,
    /// Keep what matters of the logs in this file, and go on from it the next time
    #[arg(long, value_name = "FILE", env = "WIDEOPEN_STATE")]
    pub(crate) state: Option<PathBuf>,
    /// Go on reading: a line for each finding as it comes, until interrupted
    #[arg(long, env = "WIDEOPEN_FOLLOW", value_parser = FalseyValueParser::new())]
    pub(crate) follow: bool,
    #[command(flatten)]
    pub(crate) beside: Beside,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) selection: Selection,
}

/// What logs are replayed over.
#[derive(Args, Debug, Default)]
pub(crate) struct Over {
    /// Exports of the state that the logs change: files, folders or globs, as `scan` reads them; repeatable. Without it,
    /// what was there before is not known
    #[arg(long, value_name = "INPUT", env = "WIDEOPEN_SNAPSHOT")]
    pub(crate) snapshot: Vec<String>,
    /// When that was the state [default: just before the first event]
    #[arg(long, value_name = "TIME", env = "WIDEOPEN_SNAPSHOT_AT", requires = "snapshot", value_parser = moments())]
    pub(crate) snapshot_at: Option<Moment>,
}

impl Over {
    /// The words of a command line, with those that say this.
    pub(crate) fn typed(&self, mut words: Vec<String>) -> Vec<String> {
        words.extend(self.snapshot.iter().flat_map(|input| ["--snapshot".to_owned(), input.clone()]));
        words
            .extend(self.snapshot_at.into_iter().flat_map(|at| ["--snapshot-at".to_owned(), at.to_string()]));
        words
    }
}

#[derive(Args, Debug)]
pub(crate) struct Explain {
    /// A finding's id or an exposure's fingerprint, or the start of one; or the name of a check
    #[arg(value_name = "ID|CHECK")]
    pub(crate) of: String,
    /// The inputs or logs it was found in, or a saved result of `scan` or `detect -f json`. A check needs none
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<String>,
    #[command(flatten)]
    pub(crate) over: Over,
    #[command(flatten)]
    pub(crate) beside: Beside,
    /// How to tell it
    #[arg(short, long, value_enum, default_value_t = Telling::Table, env = "WIDEOPEN_EXPLAIN_FORMAT")]
    pub(crate) format: Telling,
    /// When to use colour
    #[arg(long, value_enum, default_value_t = Color::Auto, env = "WIDEOPEN_COLOR")]
    pub(crate) color: Color,
    /// Say nothing on standard error but errors
    #[arg(short, long, env = "WIDEOPEN_QUIET", value_parser = FalseyValueParser::new())]
    pub(crate) quiet: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Test {
    /// Exports to read: files, folders, globs, or `-` for standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<String>,
    /// The address it comes from
    #[arg(long, value_name = "ADDRESS", env = "WIDEOPEN_TEST_FROM")]
    pub(crate) from: std::net::IpAddr,
    /// A public address or what has it, or the name or id of what it is for: an interface, its machine, a service
    #[arg(long, value_name = "ADDRESS|NAME|ID", env = "WIDEOPEN_TEST_TO")]
    pub(crate) to: String,
    /// The port at that address, or of that target: 3389/tcp, 53/udp; or a protocol without ports: icmp (an echo
    /// request), icmp:3/4 (type and code), esp
    #[arg(long, value_name = "PORT/PROTOCOL", env = "WIDEOPEN_TEST_PORT")]
    pub(crate) port: String,
    /// The port it comes from [default: whichever gets furthest, because the caller chooses it]
    #[arg(long, value_name = "PORT", env = "WIDEOPEN_TEST_SOURCE_PORT")]
    pub(crate) source_port: Option<u16>,
    #[command(flatten)]
    pub(crate) beside: Beside,
    /// How to tell it
    #[arg(short, long, default_value = "table", env = "WIDEOPEN_TEST_FORMAT", value_parser = test_format_names())]
    pub(crate) format: String,
    /// When to use colour
    #[arg(long, value_enum, default_value_t = Color::Auto, env = "WIDEOPEN_COLOR")]
    pub(crate) color: Color,
    /// Say nothing on standard error but errors
    #[arg(short, long, env = "WIDEOPEN_QUIET", value_parser = FalseyValueParser::new())]
    pub(crate) quiet: bool,
}

/// What is read beside the inputs.
#[derive(Args, Debug)]
pub(crate) struct Beside {
    /// Prefixes of service tags: Microsoft's ServiceTags_*.json, or `az network list-service-tags`
    #[arg(long, value_name = "FILE", env = "WIDEOPEN_SERVICE_TAGS")]
    pub(crate) service_tags: Vec<String>,
    /// Addresses of a provider: the ip-ranges.json of AWS, for prefix lists that AWS keeps and for what anybody can rent
    /// there, or the cloud.json of Google, for the latter
    #[arg(long, value_name = "FILE", env = "WIDEOPEN_RANGES")]
    pub(crate) ranges: Vec<String>,
    /// Read this configuration instead of the wideopen.toml found from the input upwards
    #[arg(long, value_name = "FILE", env = "WIDEOPEN_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Read no configuration
    #[arg(long, env = "WIDEOPEN_NO_CONFIG", conflicts_with = "config", value_parser = FalseyValueParser::new())]
    pub(crate) no_config: bool,
}

impl Beside {
    /// The configuration for these inputs, and whether one was malformed.
    pub(crate) fn configuration(&self, inputs: &[String]) -> (Configuration, bool) {
        Configuration::wished(self.config.as_deref(), self.no_config, inputs)
    }

    /// The catalogues of addresses that are asked for; of each kind, else those of the configuration.
    pub(crate) fn catalogues(&self, configuration: &Configuration) -> Vec<String> {
        let kinds =
            [(&self.service_tags, &configuration.service_tags), (&self.ranges, &configuration.ranges)];
        let wished =
            kinds.into_iter().flat_map(|(own, configured)| if own.is_empty() { configured } else { own });
        wished.cloned().collect()
    }

    /// The words of the command line that read these inputs, and what was given beside them.
    pub(crate) fn typed(&self, inputs: &[String]) -> Vec<String> {
        let kinds = [("--service-tags", &self.service_tags), ("--ranges", &self.ranges)];
        let beside = kinds
            .into_iter()
            .flat_map(|(flag, files)| files.iter().flat_map(move |file| [flag, file.as_str()]));
        inputs.iter().map(String::as_str).chain(beside).map(str::to_owned).collect()
    }
}

/// How one answer is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Telling {
    /// For people
    Table,
    /// As one JSON document
    Json,
}

#[derive(Args, Debug)]
pub(crate) struct Output {
    /// Format of standard output [default: table on a terminal, short in a pipe]
    #[arg(short, long, env = "WIDEOPEN_FORMAT", value_parser = format_names())]
    pub(crate) format: Option<String>,
    /// Write a format to a file as well; repeatable
    #[arg(short, long, value_name = "FORMAT=PATH", env = "WIDEOPEN_OUTPUT")]
    pub(crate) output: Vec<String>,
    /// What makes the exit code 1 or 3 [default: high,incomplete]
    #[arg(long, value_delimiter = ',', value_name = "none|SEVERITY|incomplete", env = "WIDEOPEN_FAIL_ON")]
    pub(crate) fail_on: Option<Vec<FailOn>>,
    /// When to use colour
    #[arg(long, value_enum, default_value_t = Color::Auto, env = "WIDEOPEN_COLOR")]
    pub(crate) color: Color,
    /// Say nothing on standard error but errors
    #[arg(short, long, env = "WIDEOPEN_QUIET", value_parser = FalseyValueParser::new())]
    pub(crate) quiet: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Selection {
    /// Lowest severity shown
    #[arg(long, value_name = "SEVERITY", env = "WIDEOPEN_SEVERITY", value_parser = severities())]
    pub(crate) severity: Option<Severity>,
    /// Only these checks
    #[arg(long, value_delimiter = ',', value_name = "CHECK", env = "WIDEOPEN_SELECT", value_parser = check_names())]
    pub(crate) select: Vec<String>,
    /// Not these checks
    #[arg(long, value_delimiter = ',', value_name = "CHECK", env = "WIDEOPEN_SKIP", value_parser = check_names())]
    pub(crate) skip: Vec<String>,
    /// Only targets with this name or id, or of the machine that has it
    #[arg(long, value_name = "NAME|ID", env = "WIDEOPEN_TARGET")]
    pub(crate) target: Vec<String>,
    /// Only exposures of this port, e.g. 22, 3380-3400, 53/udp
    #[arg(long, value_name = "PORT[/PROTOCOL]", env = "WIDEOPEN_PORT")]
    pub(crate) port: Option<String>,
    /// Only this subscription, account or project
    #[arg(long, value_name = "SCOPE", env = "WIDEOPEN_SCOPE")]
    pub(crate) scope: Vec<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Schema {
    /// Of what; without it, what there is
    #[arg(value_enum)]
    pub(crate) of: Option<SchemaOf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// The result of `scan -f json`
    Result,
    /// The answer of `test -f json`
    Test,
    /// The answer of `explain ID -f json`
    Explanation,
    /// The answer of `explain CHECK -f json`
    Check,
}

#[derive(Args, Debug)]
pub(crate) struct Init {
    /// The folder to write wideopen.toml into
    #[arg(default_value = ".", value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// A reason to end with 1 or 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Nothing is one
    None,
    /// Any finding
    Info,
    /// A finding of low severity or above
    Low,
    /// A finding of medium severity or above
    Medium,
    /// A finding of high severity or above
    High,
    /// A critical finding
    Critical,
    /// A gap
    Incomplete,
}

impl FailOn {
    /// The lowest severity that is a reason, where this is about severity.
    pub(crate) const fn severity(self) -> Option<Severity> {
        match self {
            Self::None | Self::Incomplete => None,
            Self::Info => Some(Severity::Info),
            Self::Low => Some(Severity::Low),
            Self::Medium => Some(Severity::Medium),
            Self::High => Some(Severity::High),
            Self::Critical => Some(Severity::Critical),
        }
    }
}

fn test_format_names() -> PossibleValuesParser {
    report::TEST_FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().into()
}

fn format_names() -> PossibleValuesParser {
    report::FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().into()
}

fn check_names() -> PossibleValuesParser {
    check::CHECKS.iter().map(|check| check.name).collect::<Vec<_>>().into()
}

fn moments() -> impl TypedValueParser<Value = Moment> {
    clap::builder::StringValueParser::new().try_map(|text| {
        crate::detect::moment(&text)
            .ok_or_else(|| "expected a time like 2026-01-10 or 2026-01-10T09:00:00Z".to_owned())
    })
}

fn severities() -> impl TypedValueParser<Value = Severity> {
    let names: PossibleValuesParser = Severity::ALL.map(Severity::word).into();
    names.map(|name| {
        Severity::ALL.into_iter().find(|severity| severity.word() == name).unwrap_or(Severity::Info)
    })
}
