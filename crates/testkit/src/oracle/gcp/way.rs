//! One way from the Internet to an interface: by its own address, or by a rule that forwards to it.

use core::net::IpAddr;

use super::balancers::Taken;
use super::fields::is_internet;
use super::interfaces::Interface;
use super::line::Outcomes;
use super::policies::Stages;
use super::routes::Routes;
use crate::oracle::verdict::{Match, Packet, Reached, Verdict};

/// What comes in on a way, and where it is sent to.
#[derive(Clone, Debug)]
pub(super) struct Way {
    pub(super) fronts: Vec<IpAddr>,
    /// Whether packets of IPv4, and of IPv6, come in.
    pub(super) lets_in: [bool; 2],
    /// What they are sent to, as the firewall sees it; none: it is not known.
    pub(super) destinations: [Vec<IpAddr>; 2],
    /// Whether replies leave whatever the routes say: those of what is forwarded do.
    pub(super) returns: bool,
    /// G16: what a rule forwards; nothing: everything comes.
    pub(super) taken: Option<Taken>,
    /// What other rules of the same address forward.
    pub(super) rivals: Vec<Taken>,
}

/// An interface with what decides about packets to it.
#[derive(Debug)]
pub(super) struct Door {
    pub(super) interface: Interface,
    pub(super) ways: Vec<Way>,
    pub(super) stages: Stages,
    pub(super) routes: Routes,
}

impl Door {
    /// How far a packet gets, by any way, or by those of an address outside.
    pub(super) fn reached(&self, packet: &Packet, front: Option<IpAddr>) -> Reached {
        let mut reached = Reached::NOT;
        if !is_sent(packet) {
            return reached;
        }
        for way in self.ways.iter().filter(|way| front.is_none_or(|front| way.fronts.contains(&front))) {
            let arrives = self.arrives(way, packet);
            if arrives == Verdict::Deny {
                continue;
            }
            let answered = match way.returns || needs_no_reply(packet) {
                true => Verdict::Allow,
                false => self.routes.decide(packet.source),
            };
            reached.exposed = reached.exposed.better(arrives.and(answered));
            reached.one_way = reached.one_way.better(arrives.and(answered.opposite()));
        }
        reached
    }

    fn arrives(&self, way: &Way, packet: &Packet) -> Verdict {
        let family = usize::from(packet.source.is_ipv6());
        if !way.lets_in[family] {
            return Verdict::Deny;
        }
        let mut admitted = Verdict::Allow;
        if let Some(taken) = &way.taken {
            let lost = way.rivals.iter().map(|other| taken.loses(other, packet)).max().unwrap_or(Match::No);
            admitted = match (taken.carries(packet), taken.is_for(packet.source), lost) {
                (false, ..) | (_, Match::No, _) | (.., Match::Yes) => return Verdict::Deny,
                (true, Match::Yes, Match::No) => Verdict::Allow,
                (true, Match::Maybe, _) | (.., Match::Maybe) => Verdict::Undecided,
            };
        }
        // X4: it reaches some of them.
        let known = way.destinations[family].iter().map(|it| self.stages.decide(packet, Some(*it)));
        let best = known.reduce(Verdict::better).unwrap_or_else(|| self.stages.decide(packet, None));
        admitted.and(best)
    }
}

impl Stages {
    /// The first that decides; nothing decided is denied (G2).
    pub(super) fn decide(&self, packet: &Packet, destination: Option<IpAddr>) -> Verdict {
        let mut outcomes = Outcomes::default();
        for order in &self.orders {
            let mut goes_on = true;
            for stage in order {
                let each = stage.iter().map(|list| list.decide(packet, destination));
                let own = each.reduce(Outcomes::or).unwrap_or(Outcomes::NEXT);
                outcomes = outcomes.or(Outcomes { next: false, ..own });
                goes_on = own.next;
                if !goes_on {
                    break;
                }
            }
            outcomes.deny |= goes_on;
        }
        match (outcomes.allow, outcomes.deny) {
            (true, false) => Verdict::Allow,
            (true, true) => Verdict::Undecided,
            (false, _) => Verdict::Deny,
        }
    }
}

/// Whether somebody on the Internet can send it: G15, and ICMP travels over its own family.
pub(super) fn is_sent(packet: &Packet) -> bool {
    let of_family = match packet.protocol {
        1 => packet.source.is_ipv4(),
        58 => packet.source.is_ipv6(),
        _ => true,
    };
    of_family && EXTERNAL.contains(&packet.protocol) && is_internet(packet.source)
}

/// Of ICMP only requests are answered (RFC 792, RFC 950, RFC 4443); the rest has its effect without.
const fn needs_no_reply(packet: &Packet) -> bool {
    match (packet.protocol, packet.port >> 8) {
        (1, 8 | 13 | 15 | 17) | (58, 128) => false,
        (protocol, _) => protocol == 1 || protocol == 58,
    }
}

/// G15: what comes to external addresses at all.
pub(super) const EXTERNAL: [u8; 8] = [1, 6, 17, 47, 50, 51, 58, 132];
