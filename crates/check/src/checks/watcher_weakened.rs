//! A detector or a protection was turned off, or sees less.

use model::Watch;

use crate::changed::{Changes, weakened};
use crate::{Check, Found, Run, controls};

pub(crate) static CHECK: Check = Check {
    name: "watcher-weakened",
    summary: "a detector or a protection was turned off, or sees less than before",
    page: PAGE,
    attack: &["T1685", "T1562.001"],
    controls: controls::WATCHED,
    recommendations: &[],
    run: Run::Changes(run),
};

fn run(changes: &Changes<'_>) -> Vec<Found> {
    weakened(changes, &CHECK, Watch::Guard)
}

const PAGE: &str = "\
# watcher-weakened

A detector or a protection was turned off, or sees less than before.

## What it finds

Changes of threat detection, of its filters, exemptions and lists of trusted addresses, of web application firewalls and
of other protections, after which they see or stop less. One finding for each resource, with every change of it.

## Why it matters

Who is about to open a firewall, or has come in, makes sure that nobody is told. Such a change is seldom needed, and
seldom looked at.

## How bad it is

High where it was turned off or deleted, medium where it sees or stops less than before, low where that depends on what
is not in the event, as on the contents of a list. What was made whole again is told with how long it was not.

## What to do

Ask the actor, undo the change, and look at what happened in the meantime as if nobody had watched: nobody has.

## What it does not say

What would have been detected. The contents of lists are in no event: look at them where they lie.
";

#[cfg(test)]
mod tests {
    use model::Weakened;

    use super::CHECK;
    use crate::estate::{Act, found};

    #[test]
    fn each_resource_is_one_finding_with_all_that_was_done_to_it() {
        let acts = [
            Act::at(10).weakens("GuardDuty detector", "det-1", Weakened::Less).named("UpdateDetector"),
            Act::at(20).weakens("GuardDuty detector", "det-1", Weakened::Off).named("DeleteDetector"),
            Act::at(30).by("bob").weakens("web ACL", "acl-1", Weakened::Perhaps).noted("two rules less"),
        ];
        let told = found(&acts, &CHECK);
        let expected = [
            "high: GuardDuty detector `det-1` turned off or deleted: `UpdateDetector`, `DeleteDetector` by `alice`",
            "low: web ACL `acl-1` perhaps weaker than before: `Change` by `bob`; two rules less",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn what_was_made_whole_is_told_so_and_nothing_else_is_a_finding() {
        let off = Act::at(0).weakens("GuardDuty detector", "det-1", Weakened::Off);
        let on = Act::at(720).by("bob").weakens("GuardDuty detector", "det-1", Weakened::Restored);
        let told = found(&[on.clone(), off], &CHECK);
        let end = "turned off or deleted: `Change` by `alice`, restored after 12 min by `bob`";
        assert!(told.len() == 1 && told[0].ends_with(end), "{told:?}");
        let log = Act::at(0).blinds("flow log", "fl-1", Weakened::Off);
        let denied = Act::at(0).weakens("GuardDuty detector", "det-1", Weakened::Off).denied();
        for silent in [on, log, denied, Act::at(0)] {
            assert!(found(&[silent], &CHECK).is_empty());
        }
    }
}
