//! Progress on standard error, only on a terminal, gone when done.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget};

/// A line that says what is being done.
pub(crate) struct Progress {
    bar: ProgressBar,
}

/// Redrawn this often, in Hertz.
const RATE: u8 = 10;

impl Progress {
    /// Shows itself if standard error is a terminal and the user did not ask for quiet.
    pub(crate) fn new(quiet: bool) -> Self {
        let shown = !quiet && io::stderr().is_terminal();
        let target =
            if shown { ProgressDrawTarget::stderr_with_hz(RATE) } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        if shown {
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Self { bar }
    }

    pub(crate) fn reading(&self, path: &str) {
        self.bar.set_message(format!("reading {}", crate::visible(path)));
    }

    pub(crate) fn deciding(&self, done: usize, of: usize) {
        self.bar.set_message(format!("deciding {done} of {of} targets"));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
