//! Support verbs: schema, init, completions, man.

use std::io::{self, Write};

use clap::{CommandFactory, ValueEnum};

use crate::arguments::{Arguments, Completions, Init, Schema, SchemaOf};
use crate::configuration::write_template;
use crate::exit::{Exit, Fault};

/// Prints the JSON Schema of an output, or which there are.
pub(crate) fn schema(request: &Schema) -> Result<Exit, Fault> {
    print(match request.of {
        Some(SchemaOf::Result) => report::RESULT_SCHEMA.as_bytes(),
        Some(SchemaOf::Test) => report::TEST_SCHEMA.as_bytes(),
        Some(SchemaOf::Explanation) => report::EXPLANATION_SCHEMA.as_bytes(),
        Some(SchemaOf::Check) => report::CHECK_SCHEMA.as_bytes(),
        None => return print(schemas().as_bytes()),
    })
}

/// A line for each schema: its name, the document it is of, and what prints that.
fn schemas() -> String {
    let line = |of: &SchemaOf| {
        let document = match of {
            SchemaOf::Result => report::RESULT_SCHEMA_NAME,
            SchemaOf::Test => report::TEST_SCHEMA_NAME,
            SchemaOf::Explanation => report::EXPLANATION_SCHEMA_NAME,
            SchemaOf::Check => report::CHECK_SCHEMA_NAME,
        };
        let value = of.to_possible_value()?;
        let help = value.get_help().map(ToString::to_string).unwrap_or_default();
        Some(format!("{:12} {document:23} {help}\n", value.get_name()))
    };
    SchemaOf::value_variants().iter().filter_map(line).collect()
}

/// Writes a commented configuration; never over one that is there.
pub(crate) fn init(request: &Init) -> Result<Exit, Fault> {
    match write_template(&request.folder) {
        Ok(path) => print(format!("wrote {}\n", crate::visible(&path.display().to_string())).as_bytes()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(Fault::Usage(format!(
            "`{}` already has a wideopen.toml, which is left as it is",
            request.folder.display()
        ))),
        Err(error) => {
            Err(Fault::Unwritten(request.folder.join("wideopen.toml").display().to_string(), error))
        }
    }
}

/// Prints a completion script.
pub(crate) fn completions(request: &Completions) -> Result<Exit, Fault> {
    let mut script = Vec::new();
    clap_complete::generate(request.shell, &mut Arguments::command(), "wideopen", &mut script);
    print(&script)
}

/// Prints the manual page, verbs included.
pub(crate) fn man() -> Result<Exit, Fault> {
    let mut pages = Vec::new();
    let mut command = Arguments::command();
    command.build();
    let unwritten = |error| Fault::Unwritten("the manual page".to_owned(), error);
    clap_mangen::Man::new(command.clone()).render(&mut pages).map_err(unwritten)?;
    for verb in command.get_subcommands().filter(|verb| verb.get_name() != "help") {
        clap_mangen::Man::new(verb.clone()).render(&mut pages).map_err(unwritten)?;
    }
    print(&pages)
}

fn print(bytes: &[u8]) -> Result<Exit, Fault> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Fault::ReaderGone(Exit::Clean),
        _ => Fault::Unwritten("standard output".to_owned(), error),
    })?;
    Ok(Exit::Clean)
}
