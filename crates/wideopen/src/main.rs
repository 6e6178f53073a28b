//! The binary: arguments, wiring, exit codes. The only place that names every cloud, check and sink.
//!
//! Findings go to standard output and everything else to standard error; the exit code is the same for every verb
//! and format (see [`exit::Exit`]).

mod arguments;
mod assessed;
mod configuration;
mod detect;
mod documents;
mod elsewhere;
mod exit;
mod explain;
mod outputs;
mod progress;
mod scan;
mod selection;
mod support;
mod test;
mod waiting;

use std::io::{self, Write};
use std::panic;
use std::process::ExitCode;

use clap::builder::Resettable;
use clap::{CommandFactory, FromArgMatches};

use arguments::{Arguments, Verb};
use exit::Exit;

/// Reading an export is many short-lived pieces of text: with the system's allocator a sixth of a scan was spent in it
/// (measured on 1,000 groups).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    panic::set_hook(Box::new(|fault| {
        let place = fault
            .location()
            .map_or_else(String::new, |place| format!(" at {}:{}", place.file(), place.line()));
        complain(&format!(
            "internal error{place}: {}; this is a fault of wideopen, please report it",
            reason(fault)
        ));
    }));
    let exit = panic::catch_unwind(run).unwrap_or(Exit::Internal);
    ExitCode::from(exit.code())
}

fn run() -> Exit {
    let matches = without_empty_variables(Arguments::command()).try_get_matches();
    let arguments = match matches.and_then(|matches| Arguments::from_arg_matches(&matches)) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    let done = match arguments.verb {
        Verb::Scan(request) => scan::run(&request),
        Verb::Detect(request) => detect::run(&request),
        Verb::Explain(request) => explain::run(&request),
        Verb::Test(request) => test::run(&request),
        Verb::Schema(request) => support::schema(&request),
        Verb::Init(request) => support::init(&request),
        Verb::Completions(request) => support::completions(&request),
        Verb::Man => support::man(),
    };
    done.unwrap_or_else(|fault| fault.tell())
}

/// A variable that is set to nothing counts as not set: pipelines set what they have no value for to the empty text.
fn without_empty_variables(command: clap::Command) -> clap::Command {
    let is_empty = |name: &std::ffi::OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    command.mut_subcommands(|verb| {
        verb.mut_args(|argument| match argument.get_env() {
            Some(name) if is_empty(name) => argument.env(Resettable::Reset),
            Some(_) | None => argument,
        })
    })
}

/// Help and version are answers; everything else clap says is wrong usage.
fn usage(error: &clap::Error) -> Exit {
    // Nobody is left to tell when this cannot be written.
    let _ = error.print();
    if error.use_stderr() { Exit::Usage } else { Exit::Clean }
}

/// One line on standard error.
pub(crate) fn complain(message: &str) {
    // Nobody is left to tell when this cannot be written.
    let _ = writeln!(io::stderr(), "wideopen: {}", visible(message));
}

fn reason(fault: &panic::PanicHookInfo<'_>) -> String {
    let payload = fault.payload();
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no reason given".to_owned())
}

/// Text from outside, as a terminal may show it.
pub(crate) const fn visible(text: &str) -> report::Visible<'_> {
    report::Visible { text, unicode: true }
}
