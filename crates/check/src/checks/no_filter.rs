//! Nothing stands between the Internet and a target.

use engine::Exposure;

use crate::controls::{self, defender};
use crate::hole::{Hit, Hole, holes};
use crate::{Check, Class, Facts, Found, Run, message};

pub(crate) static CHECK: Check = Check {
    name: "no-filter",
    summary: "no filter stands between the Internet and a target",
    page: PAGE,
    attack: &["T1190", "T1133", "T1046"],
    controls: controls::NO_FILTER,
    recommendations: &[
        defender("Internet-facing virtual machines should be protected with network security groups"),
        defender("Non-internet-facing virtual machines should be protected with network security groups"),
        defender("Subnets should be associated with a Network Security Group"),
    ],
    run: Run::Estate(run),
};

fn run(facts: &Facts<'_>) -> Vec<Found> {
    let hits = facts.exposures.iter().filter(|exposure| is_unfiltered(exposure));
    let hits = hits.filter_map(|exposure| Hit::of(exposure, &Class::ALL));
    let told = |hole: &Hole<'_>| format!("no filter is on the path: {}", message::told(hole));
    holes(hits).iter().map(|hole| hole.finding(&CHECK, told(hole))).collect()
}

/// Whether no rule admits it and a path of its reach has no list that could.
fn is_unfiltered(exposure: &Exposure) -> bool {
    let mut paths = exposure.target.paths.iter().filter(|path| path.reach == exposure.reach);
    exposure.opened_by.is_empty() && paths.any(|path| path.filter.lists().is_empty())
}

const PAGE: &str = "\
# no-filter

No filter stands between the Internet and a target.

## What it finds

Targets with a path on which no list of rules decides, where the provider lets in what nobody keeps out.

## Why it matters

Every port of the machine is as open as its operating system leaves it, and there is no rule whose change would be
seen.

## How bad it is

As bad as what is reached: critical for every port from all of the Internet. One step lower when the path is not in
the input, and one when the answer rests on something unknown. Low when no public address leads there.

## What to do

Put a filter in front that lets in what is meant and nothing else.

## What it does not say

Whether the machine filters by itself. Where the provider keeps everything out that no filter lets in, nothing is
reached, and nothing is told here.
";

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use model::{Action, Filter, Reach};

    use super::CHECK;
    use crate::estate::{Estate, allow};

    fn bare(action: Action) -> Estate {
        let mut estate = Estate::of(vec![]);
        estate.targets[0].paths[0].filter = Arc::new(Filter::Always(action));
        estate
    }

    #[test]
    fn a_target_without_a_list_is_told() {
        let findings = bare(Action::Allow).found(&CHECK);
        let expected = "no filter is on the path: every protocol and port open to the whole IPv4 Internet: \
                        3,702,258,431 addresses, and to the whole IPv6 Internet";
        assert_eq!(findings[0].message, expected);
        assert_eq!(findings[0].severity, crate::Severity::Critical);
        assert_eq!(&*findings[0].subject.id, "/nics/vm-web");
    }

    #[test]
    fn without_a_path_it_is_low() {
        assert!(bare(Action::Allow).latent().told(&CHECK)[0].starts_with("low: no filter is on the path: "));
        assert!(bare(Action::Allow).reach(Reach::Admitted).told(&CHECK)[0].starts_with("high: "));
    }

    #[test]
    fn a_provider_that_keeps_everything_out_and_a_list_that_lets_everything_in_are_not() {
        assert!(bare(Action::Deny).told(&CHECK).is_empty());
        assert!(Estate::of(vec![allow("any", &["*"], &["0-65535"])]).told(&CHECK).is_empty());
    }
}
