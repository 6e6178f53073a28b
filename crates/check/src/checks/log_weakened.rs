//! A log was turned off, or keeps less.

use model::Watch;

use crate::changed::{Changes, weakened};
use crate::{Check, Found, Run, controls};

pub(crate) static CHECK: Check = Check {
    name: "log-weakened",
    summary: "a log was turned off, or keeps less than before",
    page: PAGE,
    attack: &["T1685.002", "T1562.008"],
    controls: controls::LOGGED,
    recommendations: &[],
    run: Run::Changes(run),
};

fn run(changes: &Changes<'_>) -> Vec<Found> {
    weakened(changes, &CHECK, Watch::Log)
}

const PAGE: &str = "\
# log-weakened

A log was turned off, or keeps less than before.

## What it finds

Changes of trails, flow logs, diagnostic settings, sinks and recorders of configuration, after which less of what
happens is kept. One finding for each of them, with every change of it.

## Why it matters

What is not logged cannot be found, by this tool neither: what somebody opened while the log was off is in no event,
and whether somebody came in is in no flow log.

## How bad it is

High where it was turned off or deleted, medium where it keeps less than before, low where that depends on what is not
in the event. What was made whole again is told with how long it was not.

## What to do

Turn it on again, compare an export of what is open now with one of before, and look for the time in between in other
logs: of the load balancer, of the machine, of the organisation.

## What it does not say

What is missing. An answer about a time without a log speaks of the times around it.
";

#[cfg(test)]
mod tests {
    use model::Weakened;

    use super::CHECK;
    use crate::estate::{Act, found};

    #[test]
    fn what_keeps_what_happened_is_a_log() {
        let told = found(&[Act::at(0).blinds("flow log", "it", Weakened::Off)], &CHECK);
        assert_eq!(told, ["high: flow log `it` turned off or deleted: `Change` by `alice`"]);
        // An alert of a log keeps nothing.
        let guards = Act::at(0).weakens("alert of the activity log", "it", Weakened::Off);
        assert!(found(&[guards], &CHECK).is_empty());
        // Who was refused turned nothing off.
        assert!(found(&[Act::at(0).blinds("flow log", "it", Weakened::Off).denied()], &CHECK).is_empty());
    }
}
