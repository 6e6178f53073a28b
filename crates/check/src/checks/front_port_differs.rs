//! A machine is reached under another port than the one its filter names, and than the one a scan looks for.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::Exposure;
use model::{Carries, Front};
use packet::{PortRange, PortSet, Protocol};

use crate::hole::{Hit, Hole, holes, reached};
use crate::{Check, Class, Facts, Found, Run, Severity, controls, message};

pub(crate) static CHECK: Check = Check {
    name: "front-port-differs",
    summary: "the Internet reaches a port under another number than its own",
    page: PAGE,
    attack: &["T1190"],
    controls: controls::REVIEW,
    recommendations: &[],
    run: Run::Estate(run),
};

fn run(facts: &Facts<'_>) -> Vec<Found> {
    let hits = reached(facts).filter_map(|exposure| {
        let ports: PortSet =
            translations(exposure).keys().filter_map(|(_, to)| PortRange::new(*to, *to)).collect();
        // Of a protocol without ports a hit needs none: nothing of it is translated.
        (!ports.is_empty()).then(|| Hit::on(exposure, &ports, &Class::ALL)).flatten()
    });
    holes(hits).iter().map(finding).collect()
}

fn finding(hole: &Hole<'_>) -> Found {
    let mut told: Vec<String> = Vec::new();
    for exposure in hole.exposures() {
        let protocol = exposure.protocol.map(|protocol| protocol.to_string()).unwrap_or_default();
        for ((front, to), from) in translations(exposure) {
            let address =
                front.address.map_or_else(|| format!("`{}`", front.id), |address| address.to_string());
            let name = &exposure.target.name;
            told.push(format!("{protocol}/{to} of `{name}` is {protocol}/{from} of {address}"));
        }
    }
    told.sort();
    told.dedup();
    let said = format!("reached under another port: {}", message::abridged(&told, ", ", 0));
    let mut found = hole.finding(&CHECK, said);
    found.finding.severity = Severity::Info;
    found
}

/// The ports of a target that an exposure reaches under others: by the address outside and the port, those outside.
fn translations(exposure: &Exposure) -> BTreeMap<(&Front, u16), PortSet> {
    let mut found: BTreeMap<(&Front, u16), PortSet> = BTreeMap::new();
    let Some(protocol) = exposure.protocol else { return found };
    for path in exposure.target.paths.iter().filter(|path| path.reach == exposure.reach) {
        let Some(front) = &path.front else { continue };
        let Some((from, to)) = translated(&path.carries, protocol) else { continue };
        let is_told = exposure
            .fronts
            .iter()
            .any(|entrance| entrance.front == *front && !entrance.ports.is_disjoint(from));
        if is_told && exposure.ports.contains(to) && *from != Arc::new(PortSet::only(to)) {
            let known = found.entry((front, to)).or_insert_with(PortSet::empty);
            *known = known.union(from);
        }
    }
    found
}

fn translated(carries: &Carries, protocol: Protocol) -> Option<(&Arc<PortSet>, u16)> {
    match carries {
        Carries::Translated { protocols, from, to } if protocols.contains(protocol) => Some((from, *to)),
        Carries::Everything | Carries::Only { .. } | Carries::Translated { .. } => None,
    }
}

const PAGE: &str = "\
# front-port-differs

The Internet reaches a port under another number than its own.

## What it finds

Ports of a machine to which something in front of it translates from other ports: 50001 outside, 3389 at the
machine. The filter of the machine sees 3389, whoever looks from outside sees 50001.

## Why it matters

A scan from outside for the usual ports finds nothing, and a search of the rules for the port outside finds nothing
either. Attackers scan every port, and recognise what answers by its words and not by its number.

## How bad it is

Info: another number neither opens nor closes anything. What is reached is told by the checks of ports, as bad as it is.

## What to do

Look for the machine under the port outside when you test it. Where nobody needs the translation, take it away.

## What it does not say

Whether the machine answers, and whether the same port is reached under its own number as well.
";

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use model::{Carries, Front, Reach};
    use packet::{PortSet, Protocol, ProtocolSet};

    use super::CHECK;
    use crate::estate::{Estate, allow};

    /// Port 22 is open, behind an address that carries `from` to `to`.
    fn told(from: &[u16], to: u16, reach: Reach) -> Vec<String> {
        let mut estate = Estate::of(vec![allow("tcp", &["0.0.0.0/0"], &["22"])]).reach(reach);
        let path = &mut estate.targets[0].paths[0];
        path.front = Some(Front { id: "/ips/front".into(), address: "20.50.1.20".parse().ok() });
        let ports = from.iter().fold(PortSet::empty(), |ports, port| ports.union(&PortSet::only(*port)));
        path.carries =
            Carries::Translated { protocols: ProtocolSet::only(Protocol::TCP), from: Arc::new(ports), to };
        estate.told(&CHECK)
    }

    #[test]
    fn another_port_outside_is_told() {
        let expected = "info: reached under another port: tcp/22 of `vm-web` is tcp/50001 of 20.50.1.20";
        assert_eq!(told(&[50001], 22, Reach::Exposed), [expected]);
        let range = "info: reached under another port: tcp/22 of `vm-web` is tcp/50001-50002 of 20.50.1.20";
        assert_eq!(told(&[50001, 50002], 22, Reach::ViaProxy), [range]);
    }

    #[test]
    fn the_same_port_a_closed_one_and_a_latent_one_are_not() {
        assert!(told(&[22], 22, Reach::Exposed).is_empty());
        assert!(told(&[50001], 3389, Reach::Exposed).is_empty());
        assert!(told(&[50001], 22, Reach::Latent).is_empty());
        assert!(Estate::of(vec![allow("tcp", &["0.0.0.0/0"], &["22"])]).told(&CHECK).is_empty());
        assert!(Estate::of(vec![allow("icmp", &["0.0.0.0/0"], &["0-65535"])]).told(&CHECK).is_empty());
        assert!(Estate::of(vec![allow("any", &["0.0.0.0/0"], &["0-65535"])]).told(&CHECK).is_empty());
    }
}
