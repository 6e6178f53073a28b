//! Where results go: standard output, and files that are whole or not there.

use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use report::{Format, Outcome, Stream, Style};

use crate::arguments::{Color, Output};
use crate::exit::{Exit, Fault};

/// The formats to write, and where.
pub(crate) struct Outputs {
    screen: &'static Format,
    style: Style,
    files: Vec<(&'static Format, PathBuf)>,
}

impl Outputs {
    /// Reads the user's wishes; `format` is that of the command line, else of the configuration.
    pub(crate) fn new(wishes: &Output, format: Option<&str>) -> Result<Self, Fault> {
        let terminal = io::stdout().is_terminal();
        let name = format.unwrap_or(if terminal { "table" } else { "short" });
        let files = wishes.output.iter().map(|wish| file(wish)).collect::<Result<_, _>>()?;
        Ok(Self { screen: named(name)?, style: style(wishes.color, terminal), files })
    }

    /// Whether standard output gets something for people, summary included.
    pub(crate) fn is_table(&self) -> bool {
        self.screen.name == "table"
    }

    /// How standard output is written piece by piece, if it can be.
    pub(crate) fn stream(&self) -> Option<Stream> {
        self.screen.stream()
    }

    /// Writes what is new to standard output, where it is written piece by piece.
    pub(crate) fn write_news(&self, outcome: &Outcome<'_>, exit: Exit) -> Result<(), Fault> {
        match self.stream() {
            Some(stream) => self.write_screen(stream.news, outcome, exit),
            None => Ok(()),
        }
    }

    /// Writes what is left at the end: the files, and of standard output what was not written piece by piece.
    pub(crate) fn write_end(&self, outcome: &Outcome<'_>, exit: Exit) -> Result<(), Fault> {
        self.write_files(outcome)?;
        self.write_screen(self.stream().map_or(self.screen.write, |stream| stream.end), outcome, exit)
    }

    /// Writes everything. `exit` is how the run ends if the reader of standard output goes away.
    pub(crate) fn write(&self, outcome: &Outcome<'_>, exit: Exit) -> Result<(), Fault> {
        self.write_files(outcome)?;
        self.write_screen(self.screen.write, outcome, exit)
    }

    fn write_files(&self, outcome: &Outcome<'_>) -> Result<(), Fault> {
        self.files.iter().try_for_each(|(format, path)| {
            write_file(format, path, outcome)
                .map_err(|error| Fault::Unwritten(path.display().to_string(), error))
        })
    }

    fn write_screen(
        &self,
        write: fn(&Outcome<'_>, &Style, &mut dyn io::Write) -> io::Result<()>,
        outcome: &Outcome<'_>,
        exit: Exit,
    ) -> Result<(), Fault> {
        let mut screen = BufWriter::with_capacity(1 << 16, io::stdout().lock());
        let written = write(outcome, &self.style, &mut screen).and_then(|()| screen.flush());
        written.map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => Fault::ReaderGone(exit),
            _ => Fault::Unwritten("standard output".to_owned(), error),
        })
    }
}

fn file(wish: &str) -> Result<(&'static Format, PathBuf), Fault> {
    let Some((format, path)) = wish.split_once('=') else {
        return Err(Fault::Usage(format!(
            "`--output {wish}`: expected a format and a path, like `json=result.json`"
        )));
    };
    Ok((named(format)?, PathBuf::from(path)))
}

fn named(name: &str) -> Result<&'static Format, Fault> {
    report::named(name).ok_or_else(|| {
        let known: Vec<&str> = report::FORMATS.iter().map(|format| format.name).collect();
        Fault::Usage(format!("there is no format `{name}`, expected one of {}", known.join(", ")))
    })
}

fn write_file(format: &Format, path: &Path, outcome: &Outcome<'_>) -> io::Result<()> {
    in_place_of(path, &mut |file| (format.write)(outcome, &Style::PLAIN, file))
}

/// Nothing is half written: the file takes its name when it is whole, and on the disk.
pub(crate) fn in_place_of(
    path: &Path,
    write: &mut dyn FnMut(&mut dyn io::Write) -> io::Result<()>,
) -> io::Result<()> {
    let path = &behind_links(path);
    // A pipe or a device cannot be renamed over.
    if path.exists() && !path.metadata()?.is_file() {
        let mut file = BufWriter::new(fs::OpenOptions::new().write(true).open(path)?);
        write(&mut file)?;
        return file.flush();
    }
    let mut file = BufWriter::new(like_others().prefix(".wideopen-").tempfile_in(folder_of(path))?);
    write(&mut file)?;
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Whether a file could be written in place of this one, without touching it.
pub(crate) fn try_in_place_of(path: &Path) -> io::Result<()> {
    let path = &behind_links(path);
    if path.exists() && !path.metadata()?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    tempfile::Builder::new().prefix(".wideopen-").tempfile_in(folder_of(path)).map(drop)
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The file that a link leads to, whether it is there or not: it is what is replaced, and the link stays.
fn behind_links(path: &Path) -> PathBuf {
    let mut path = path.to_path_buf();
    for _ in 0..LINKS_MAX {
        let Ok(target) = fs::read_link(&path) else { break };
        path = folder_of(&path).join(target);
    }
    path
}

/// What is behind more links is in a circle.
const LINKS_MAX: usize = 40;

/// A result is no secret between processes: it may be read by whom the user lets read other files.
#[cfg(unix)]
fn like_others<'a>() -> tempfile::Builder<'a, 'a> {
    use std::os::unix::fs::PermissionsExt;
    let mut builder = tempfile::Builder::new();
    // What the user's mask leaves of it.
    builder.permissions(fs::Permissions::from_mode(0o666));
    builder
}

#[cfg(not(unix))]
fn like_others<'a>() -> tempfile::Builder<'a, 'a> {
    tempfile::Builder::new()
}

/// How to write to standard output.
pub(crate) fn screen_style(color: Color) -> Style {
    style(color, io::stdout().is_terminal())
}

fn style(color: Color, terminal: bool) -> Style {
    let colour = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => terminal && wants_colour(),
    };
    let width = terminal.then(terminal_size::terminal_size).flatten().map(|(width, _)| usize::from(width.0));
    Style { colour, width, ..Style::PLAIN }
}

/// <https://no-color.org>: any non-empty value turns colour off.
fn wants_colour() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}
