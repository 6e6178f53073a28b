//! Progress on standard error, only on a terminal, only when there is something to wait for, gone when done.

use std::cell::Cell;
use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A line that says what is being done.
pub(crate) struct Progress {
    bar: ProgressBar,
    wanted: bool,
    shown: Cell<bool>,
    started: Instant,
}

/// Redrawn this often, in Hertz.
const RATE: u8 = 10;
/// What is done sooner than this needs no progress.
const PATIENCE: Duration = Duration::from_millis(300);

impl Progress {
    /// Shows itself if standard error is a terminal and the user did not ask for quiet.
    pub(crate) fn new(quiet: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
            bar.set_style(style);
        }
        let wanted = !quiet && io::stderr().is_terminal();
        Self { bar, wanted, shown: Cell::new(false), started: Instant::now() }
    }

    pub(crate) fn reading(&self, path: &str) {
        self.say(|| format!("reading {}", crate::visible(path)));
    }

    pub(crate) fn deciding(&self, done: usize, of: usize) {
        self.say(|| format!("deciding {done} of {of} targets"));
    }

    fn say(&self, what: impl FnOnce() -> String) {
        if !self.wanted || self.started.elapsed() < PATIENCE {
            return;
        }
        if !self.shown.replace(true) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(RATE));
        }
        self.bar.set_message(what());
        self.bar.tick();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
