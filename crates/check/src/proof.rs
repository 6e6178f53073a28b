//! What a finding shows for itself: the rules and one packet, of the ports it speaks of and no others.
//!
//! An exposure joins all ports that the same sources reach, so its own rules and witness may be about another port.

use core::net::SocketAddr;

use engine::{Admission, Exposure, Witness, callers, decide, usual_caller};
use packet::{Packet, PortSet, Protocol};

use crate::reached::Reached;

/// Whether a rule lets in some of what the finding speaks of.
pub(crate) fn speaks(admission: &Admission, reached: &Reached) -> bool {
    let Some(rule) = admission.list.rules.get(admission.rule) else { return false };
    let is_in = |(protocol, ports): (Protocol, &PortSet)| {
        let here = rule.matches.numbers(protocol).is_none_or(|own| !ports.is_disjoint(&own.may));
        here && rule.matches.protocols.may.contains(protocol)
    };
    reached.is_everything() || reached.each().any(is_in)
}

/// A packet of the exposure to the best known port the finding speaks of, decided once more rule by rule.
pub(crate) fn witness(exposure: &Exposure, reached: &Reached) -> Option<Witness> {
    let known = exposure.witness.clone()?;
    let Some((protocol, port)) = reached.best_known() else { return Some(known) };
    // Of types nobody knows one better than the exposure does.
    let (own, number) = (known.packet.protocol, known.packet.destination_port);
    if own == protocol && own.has_types() && reached.each().any(|(_, types)| types.contains(number)) {
        return Some(known);
    }
    let number = |is_told: bool, number: u16| if is_told { number } else { 0 };
    let destination_port = number(protocol.is_numbered(), port);
    let packet = Packet { protocol, source_port: 0, destination_port, ..known.packet };
    // What the exposure's own witness took leads to all of its ports; another port may have other rules.
    let path = exposure.target.paths.get(exposure.way)?;
    let source_ports = callers(&path.filter, &packet, exposure.certainty);
    let packet = Packet { source_port: number(protocol.has_ports(), usual_caller(&source_ports)), ..packet };
    let outside = path.carries.outside(protocol, packet.destination_port)?;
    let front = known.front.map(|front| SocketAddr::new(front.ip(), outside));
    decide(&path.filter, &packet).possible.then_some(Witness { packet, front, source_ports, ..known })
}

#[cfg(test)]
mod tests {
    use crate::estate::{Estate, allow};
    use crate::named;

    /// One block, three ports, two rules: each finding has its own rule and its own packet.
    #[test]
    fn a_finding_shows_its_own_port() {
        let web = allow("tcp", &["0.0.0.0/0"], &["80", "443"]);
        let desktop = allow("tcp", &["0.0.0.0/0"], &["3389"]);
        let estate = Estate::of(vec![web, desktop]);
        let shown = |check: &str| {
            let found = estate.found(named(check).unwrap());
            let finding = found.first().unwrap();
            let rules: Vec<usize> = finding.opened_by.iter().map(|by| by.rule).collect();
            (finding.witness.as_ref().unwrap().packet.destination_port, rules)
        };
        assert_eq!(shown("internet-reaches-admin-port"), (3389, vec![1]));
        assert_eq!(shown("internet-reaches-port"), (80, vec![0]));
    }
}
