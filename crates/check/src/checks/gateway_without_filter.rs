//! A gateway hands requests of the Internet on, and nobody holds attacks in them back.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::{Certainty, Exposure};
use model::{Grade, Name, Reach, Target};

use crate::controls::{self, defender};
use crate::hole::{Hit, holes, reached};
use crate::{Check, Class, Facts, Found, Run, Severity, Subject, message};

pub(crate) static CHECK: Check = Check {
    name: "gateway-without-filter",
    summary: "a gateway takes requests of the Internet whose content nobody holds back",
    page: PAGE,
    attack: &["T1190"],
    controls: controls::CONTENT,
    recommendations: &[
        defender("Web Application Firewall (WAF) should be enabled for Application Gateway"),
        defender("Web Application Firewall (WAF) should use the specified mode for Application Gateway"),
    ],
    run: Run::Estate(run),
};

fn run(facts: &Facts<'_>) -> Vec<Found> {
    let mut gateways: BTreeMap<&Name, (Weakness, Vec<&Exposure>)> = BTreeMap::new();
    for exposure in reached(facts) {
        if let Some(weakness) = Weakness::of(&exposure.target) {
            gateways.entry(&exposure.target.key).or_insert_with(|| (weakness, Vec::new())).1.push(exposure);
        }
    }
    gateways.values().filter_map(|(weakness, exposures)| finding(*weakness, exposures)).collect()
}

/// One finding for each gateway, about the widest of what it takes.
fn finding(weakness: Weakness, exposures: &[&Exposure]) -> Option<Found> {
    let hits = exposures.iter().filter_map(|exposure| Hit::of(exposure, &Class::ALL));
    let holes = holes(hits);
    let widest = holes.iter().max_by_key(|hole| weakness.severity(hole.leading.exposure))?;
    let exposure = widest.leading.exposure;
    let said = format!("{}: {}", weakness.sentence(), message::told(widest));
    let mut found = widest.finding(&CHECK, said);
    let target = &exposure.target;
    found.finding.severity = weakness.severity(exposure);
    found.finding.subject =
        Subject { id: Arc::clone(&target.id), kind: target.kind, name: Arc::clone(&target.name) };
    found.finding.scope = target.scope.clone();
    found.finding.provenance = target.provenance;
    found.finding.exposures = exposures.iter().map(|exposure| exposure.fingerprint).collect();
    found.finding.exposures.sort_unstable();
    found.finding.exposures.dedup();
    Some(found)
}

/// What is wrong with the filter of content of a gateway.
#[derive(Clone, Copy)]
enum Weakness {
    /// There is none.
    Off,
    /// It tells of attacks and lets them through.
    Detection,
}

impl Weakness {
    fn of(target: &Target) -> Option<Self> {
        let (_, state) = target.attributes.iter().find(|(name, _)| *name == FILTER)?;
        match &**state {
            "off" => Some(Self::Off),
            "detection" => Some(Self::Detection),
            _ => None,
        }
    }

    const fn sentence(self) -> &'static str {
        match self {
            Self::Off => "no filter of content stands before what it leads to",
            Self::Detection => "its filter of content tells of attacks and lets them through",
        }
    }

    fn severity(self, exposure: &Exposure) -> Severity {
        let whole = match self {
            Self::Off => Severity::Medium,
            Self::Detection => Severity::Low,
        };
        let is_few = exposure.sources.grade() == Grade::Narrow;
        let steps = [is_few, exposure.reach == Reach::Admitted, exposure.certainty == Certainty::Possible];
        steps.into_iter().filter(|step| *step).fold(whole, |severity, _| severity.lower())
    }
}

/// The attribute in which a target says how its content is filtered.
const FILTER: &str = "waf";

const PAGE: &str = "\
# gateway-without-filter

A gateway takes requests of the Internet whose content nobody holds back.

## What it finds

Gateways that read the requests they hand on, that the Internet reaches, and whose web application firewall is off, or
only tells of attacks. Where listeners or paths have filters of their own, the weakest counts.

## Why it matters

The gateway is where an attack in a request can be stopped once, for everything behind it. What is behind sees the
gateway's address for a source, so its own lists of sources do not help.

## How bad it is

Medium where nothing filters, low where attacks are only told of. One step lower for a narrow set of sources, when the
path is not in the input, and when the answer rests on something unknown.

## What to do

Turn the filter on, look at what it would hold back, then let it prevent.

## What it does not say

Whether the rules of the filter are good, and what a filter does of which the input does not have the policy: that is
told as missing.
";

#[cfg(test)]
mod tests {
    use model::Reach;

    use super::CHECK;
    use crate::estate::{Estate, allow};

    fn gateway(state: &str) -> Estate {
        let mut estate = Estate::of(vec![allow("tcp", &["0.0.0.0/0"], &["443"])]);
        estate.targets[0].attributes = vec![("waf", state.into())];
        estate
    }

    #[test]
    fn a_gateway_without_a_filter_is_told_as_itself() {
        let findings = gateway("off").found(&CHECK);
        let expected = "no filter of content stands before what it leads to: tcp/443 (HTTPS) open to the whole IPv4 \
                        Internet: 3,702,258,431 addresses";
        assert_eq!(findings[0].message, expected);
        assert_eq!(findings[0].severity, crate::Severity::Medium);
        assert_eq!(&*findings[0].subject.id, "/nics/vm-web");
        assert!(gateway("detection").told(&CHECK)[0].starts_with("low: its filter of content tells"));
    }

    #[test]
    fn what_prevents_is_unknown_or_is_no_gateway_is_not_told() {
        assert!(gateway("prevention").told(&CHECK).is_empty());
        assert!(gateway("unknown").told(&CHECK).is_empty());
        assert!(Estate::of(vec![allow("tcp", &["0.0.0.0/0"], &["443"])]).told(&CHECK).is_empty());
    }

    #[test]
    fn less_sure_is_less_severe_and_latent_is_silent() {
        assert!(gateway("off").reach(Reach::Admitted).told(&CHECK)[0].starts_with("low: "));
        assert!(gateway("off").latent().told(&CHECK).is_empty());
        let mut few = gateway("off");
        let narrow = Estate::of(vec![allow("tcp", &["8.8.8.8"], &["443"])]);
        few.targets[0].paths = narrow.targets[0].paths.clone();
        assert!(few.told(&CHECK)[0].starts_with("low: "));
    }
}
