//! Open over IPv6, where IPv4 is closed.

use std::collections::BTreeMap;

use engine::Exposure;
use packet::{Family, PortSet, Protocol};

use crate::hole::{Hit, Hole, holes, reached};
use crate::{Check, Class, Facts, Found, Run, controls, message};

pub(crate) static CHECK: Check = Check {
    name: "opening-only-over-ipv6",
    summary: "what is closed over IPv4 is open over IPv6",
    page: PAGE,
    attack: &["T1686.001", "T1562.007", "T1190"],
    controls: controls::BOUNDARY_ALONE,
    recommendations: &[],
    run: Run::Estate(run),
};

fn run(facts: &Facts<'_>) -> Vec<Found> {
    let over_ipv4 = OverIpv4::of(facts);
    // What IPv4 cannot carry is not closed there: ICMPv6.
    let is_of_both = |exposure: &&Exposure| exposure.protocol.is_none_or(|own| own.is_of(Family::V4));
    let only = reached(facts).filter(|exposure| exposure.sources.ipv4.is_none()).filter(is_of_both);
    let hits = only.filter_map(|exposure| Hit::on(exposure, &over_ipv4.rest(exposure)?, &Class::ALL));
    let told = |hole: &Hole<'_>| format!("{}, but not over IPv4", message::told(hole));
    holes(hits).iter().map(|hole| hole.finding(&CHECK, told(hole))).collect()
}

/// What is reached over IPv4, by the key of the target and protocol.
struct OverIpv4<'a>(BTreeMap<(&'a str, Option<Protocol>), PortSet>);

impl<'a> OverIpv4<'a> {
    fn of(facts: &Facts<'a>) -> Self {
        let mut ports: BTreeMap<_, PortSet> = BTreeMap::new();
        for exposure in reached(facts).filter(|exposure| exposure.sources.ipv4.is_some()) {
            let known =
                ports.entry((&*exposure.target.key, exposure.protocol)).or_insert_with(PortSet::empty);
            *known = known.union(&exposure.ports);
        }
        Self(ports)
    }

    /// The ports of an exposure that IPv4 does not reach; `None` when it reaches all that there is.
    fn rest(&self, exposure: &Exposure) -> Option<PortSet> {
        let key: &str = &exposure.target.key;
        if self.0.contains_key(&(key, None)) {
            return None;
        }
        let Some(reached) = self.0.get(&(key, exposure.protocol)) else {
            return Some(exposure.ports.clone());
        };
        let rest = exposure.ports.difference(reached);
        (!rest.is_empty()).then_some(rest)
    }
}

const PAGE: &str = "\
# opening-only-over-ipv6

What is closed over IPv4 is open over IPv6.

## What it finds

Ports of a target that Internet addresses reach over IPv6 and none reaches over IPv4: a deny that names `0.0.0.0/0`
and forgets `::/0`, an allow of `2000::/3`.

## Why it matters

Two families are two worlds: a rule for one never decides about the other. Who closed IPv4 believes the port closed,
and tools that know only `0.0.0.0/0` agree.

## How bad it is

As bad as the ports that are reached make it: critical for administration and database ports and for all ports, high
for UDP amplifiers, medium for others, info for HTTP and HTTPS; less from fewer sources. One step lower when the path
is not in the input, and one when the answer rests on something unknown. Low when no reply leaves.

## What to do

Write the rule of IPv4 for IPv6 as well, or take the IPv6 address away where nobody uses it.

## What it does not say

Whether the target was meant to be on IPv6 alone.
";

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::estate::{Estate, allow, deny};

    fn told(rules: Vec<model::Rule>) -> Vec<String> {
        Estate::of(rules).told(&CHECK)
    }

    #[test]
    fn a_deny_that_forgets_ipv6_is_told() {
        let rules = vec![deny("tcp", &["0.0.0.0/0"], &["22"]), allow("tcp", &["*"], &["22", "443"])];
        let told = told(rules);
        assert_eq!(told.len(), 1);
        let expected = "critical: tcp/22 (SSH) open to the whole IPv6 Internet, but not over IPv4";
        assert_eq!(told[0], expected);
    }

    #[test]
    fn both_families_ipv4_alone_and_a_latent_opening_are_not() {
        assert!(told(vec![allow("tcp", &["*"], &["22"])]).is_empty());
        assert!(told(vec![allow("tcp", &["0.0.0.0/0"], &["22"])]).is_empty());
        assert!(told(vec![allow("tcp", &["8.8.8.8/32", "::/0"], &["22"])]).is_empty());
        assert!(Estate::of(vec![allow("tcp", &["::/0"], &["22"])]).latent().told(&CHECK).is_empty());
    }

    #[test]
    fn few_sources_are_told_as_few() {
        let told = told(vec![allow("tcp", &["2606:4700::/48"], &["22"])]);
        assert_eq!(told, ["low: tcp/22 (SSH) open to 2606:4700::/48, but not over IPv4"]);
    }
}
