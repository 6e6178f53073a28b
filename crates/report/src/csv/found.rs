//! The columns of a finding and of an exposure of it.

use check::Finding;
use engine::{Exposure, Measure};
use packet::{PortSet, Protocol};

use crate::wire::{protocols, typed};
use crate::{Outcome, proof, short};

pub(super) fn of_finding(finding: &Finding) -> [String; 7] {
    let subject = &finding.subject;
    [
        finding.id.clone(),
        finding.severity.word().to_owned(),
        finding.check.name.to_owned(),
        finding.scope.as_deref().unwrap_or_default().to_owned(),
        subject.kind.to_owned(),
        subject.name.to_string(),
        subject.id.to_string(),
    ]
}

pub(super) fn of_exposure(exposure: Option<&Exposure>) -> [String; 20] {
    let Some(exposure) = exposure else { return Default::default() };
    let target = &exposure.target;
    let sources = &exposure.sources;
    let [ipv4_grade, ipv4_addresses, ipv4_sources] = of_sources(sources.ipv4.as_ref());
    let [ipv6_grade, ipv6_addresses, ipv6_sources] = of_sources(sources.ipv6.as_ref());
    let measures = [&sources.ipv4, &sources.ipv6].into_iter().flatten();
    [
        exposure.fingerprint.to_string(),
        target.cloud.to_owned(),
        target.kind.to_owned(),
        target.name.to_string(),
        target.id.to_string(),
        target.power.as_deref().unwrap_or_default().to_owned(),
        exposure.reach.word().to_owned(),
        exposure.certainty.word().to_owned(),
        fronts(exposure),
        exposure.protocol.map_or_else(|| "any".to_owned(), |protocol| protocol.to_string()),
        if has_types(exposure) { String::new() } else { ports(&exposure.ports) },
        ipv4_grade,
        ipv4_addresses,
        ipv4_sources,
        ipv6_grade,
        ipv6_addresses,
        ipv6_sources,
        sources.tags.join(" "),
        measures.map(|measure| measure.cidrs.more).sum::<u64>().to_string(),
        sources.rentable.to_string(),
    ]
}

fn of_sources(measure: Option<&Measure>) -> [String; 3] {
    let Some(measure) = measure else { return Default::default() };
    let cidrs: Vec<_> = measure.cidrs.prefixes.iter().map(ToString::to_string).collect();
    let addresses = measure.addresses.map(|count| count.to_string()).unwrap_or_default();
    [measure.grade.word().to_owned(), addresses, cidrs.join(" ")]
}

pub(super) fn proof_of(
    outcome: &Outcome<'_>,
    finding: &Finding,
    exposure: Option<&Exposure>,
) -> [String; 10] {
    // One exposure has its own rules and packet; what the finding shows is of its worst.
    let admissions = exposure.map_or(finding.opened_by.as_slice(), |exposure| &exposure.opened_by);
    let witness = exposure.map_or(finding.witness.as_ref(), |exposure| exposure.witness.as_ref());
    let name = exposure.map_or(&finding.subject.name, |exposure| &exposure.target.name);
    let rules = admissions.iter().filter_map(|by| Some((&by.list.name, &by.list.rules.get(by.rule)?.name)));
    let rules: Vec<_> = rules.map(|(list, rule)| format!("{list}/{rule}")).collect();
    let place = finding.provenance.and_then(|provenance| outcome.places.resolved.get(&provenance));
    let path = outcome.places.path(None, finding.provenance);
    [
        rules.join(" "),
        witness.map(|witness| proof::arrow(witness, name)).unwrap_or_default(),
        path.unwrap_or_default().to_owned(),
        place.map(|place| place.line.to_string()).unwrap_or_default(),
        finding.message.clone(),
        finding.check.attack.join(" "),
        // What the finding speaks of, where `ports` is all that the same sources reach.
        short::packets(finding),
        exposure.map(|exposure| typed(exposure.protocol, &exposure.ports).join(" ")).unwrap_or_default(),
        witness.map(|witness| ports(&witness.source_ports)).unwrap_or_default(),
        exposure.map(|exposure| protocols(exposure.protocols).join(" ")).unwrap_or_default(),
    ]
}

/// `20.50.1.20:50001`; the address alone where the protocol has no ports or has all of them.
fn fronts(exposure: &Exposure) -> String {
    let seen = exposure.fronts.iter().filter_map(|entrance| {
        let address = entrance.front.address?;
        let ports =
            if has_types(exposure) { String::new() } else { ports(&entrance.ports).replace(' ', ",") };
        let address = if address.is_ipv6() { format!("[{address}]") } else { address.to_string() };
        Some(if ports.is_empty() { address } else { format!("{address}:{ports}") })
    });
    seen.collect::<Vec<_>>().join(" ")
}

/// Whether what stands where ports do are types.
fn has_types(exposure: &Exposure) -> bool {
    exposure.protocol.is_some_and(Protocol::has_types)
}

fn ports(ports: &PortSet) -> String {
    ports.ranges().map(|range| range.to_string()).collect::<Vec<_>>().join(" ")
}
