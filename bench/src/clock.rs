//! CPU time and memory of this process, and medians.
//!
//! Wall time is not measured: other work on the machine would be in it.

use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::time::ClockId;

/// The CPU time this process has used.
///
/// # Panics
/// Where the system has no such clock.
#[must_use]
pub fn cpu_now() -> Duration {
    ClockId::CLOCK_PROCESS_CPUTIME_ID.now().expect("the system has a CPU clock").into()
}

/// What a piece of work gives, and the CPU time it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = cpu_now();
    let result = std::hint::black_box(work());
    (result, cpu_now() - start)
}

/// The median CPU time of several runs of `work`, each on a fresh value of `prepare`, which is not counted.
pub fn median_of<S, T>(
    runs: usize,
    mut prepare: impl FnMut() -> S,
    mut work: impl FnMut(S) -> T,
) -> Duration {
    let run = |_| {
        let state = prepare();
        timed(|| work(state)).1
    };
    median((0..runs).map(run).collect())
}

/// The middle of some durations.
#[must_use]
pub fn median(durations: Vec<Duration>) -> Duration {
    quantile(durations, 0.5)
}

/// The duration that a share of them do not exceed.
#[must_use]
pub fn quantile(mut durations: Vec<Duration>, share: f64) -> Duration {
    durations.sort_unstable();
    let last = durations.len().saturating_sub(1);
    durations.get((last as f64 * share).round() as usize).copied().unwrap_or_default()
}

/// The most memory this process has had resident, in bytes.
///
/// # Panics
/// Where the system does not say.
#[must_use]
pub fn resident_peak() -> u64 {
    let usage = getrusage(UsageWho::RUSAGE_SELF).expect("the system knows our usage");
    usage.max_rss() as u64 * 1024
}

/// Microseconds, for printing.
#[must_use]
pub fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

/// The CPU time of the children that have ended, and the most memory one of them had resident, in bytes.
///
/// # Panics
/// Where the system does not say.
#[must_use]
pub fn child_usage() -> (Duration, u64) {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the system knows our children's usage");
    let time = |value: nix::sys::time::TimeVal| {
        Duration::new(value.tv_sec() as u64, 0) + Duration::from_micros(value.tv_usec() as u64)
    };
    (time(usage.user_time()) + time(usage.system_time()), usage.max_rss() as u64 * 1024)
}
