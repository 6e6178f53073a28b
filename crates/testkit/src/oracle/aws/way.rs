//! What stands between the Internet and an interface, and the way back (W13).

use core::net::IpAddr;

use super::fields::is_internet;
use super::groups::Groups;
use super::lists::List;
use super::routes::Routes;
use crate::oracle::verdict::{Packet, Reached, Verdict};

/// The way to one interface.
#[derive(Debug)]
pub(super) struct Way {
    /// Its id.
    pub(super) target: String,
    pub(super) name: String,
    pub(super) fronts: Vec<IpAddr>,
    pub(super) spare: bool,
    pub(super) access: Verdict,
    pub(super) attached: Verdict,
    pub(super) groups: Groups,
    /// Inbound and outbound.
    pub(super) lists: Option<[List; 2]>,
    pub(super) routes: Option<Routes>,
    /// The ports of callers that the outbound list tells apart.
    pub(super) callers: Vec<u16>,
    /// Whether its subnet lets in flows of IPv4, and of IPv6.
    pub(super) lets_in: [bool; 2],
}

impl Way {
    pub(super) fn ready(mut self) -> Self {
        self.callers = self.lists.as_ref().map_or_else(|| vec![0], |[_, outbound]| outbound.ports());
        let lets_in = |v6| self.routes.as_ref().is_none_or(|routes| routes.lets_in(v6));
        self.lets_in = [lets_in(false), lets_in(true)];
        self
    }

    pub(super) fn has_front(&self, v6: bool) -> bool {
        self.fronts.iter().any(|it| it.is_ipv6() == v6)
    }

    /// W13, W14.
    pub(super) fn decide(&self, packet: &Packet) -> Reached {
        let Packet { protocol, source, port } = *packet;
        if self.spare
            || is_sent(packet) == Verdict::Deny
            || !self.has_front(source.is_ipv6())
            || !self.lets_in[usize::from(source.is_ipv6())]
        {
            return Reached::NOT;
        }
        let mut arrives = self.access.and(self.attached);
        if arrives != Verdict::Deny {
            arrives = arrives.and(
                self.lists
                    .as_ref()
                    .map_or(Verdict::Undecided, |[inbound, _]| inbound.decide(protocol, source, port)),
            );
        }
        if arrives != Verdict::Deny {
            arrives = arrives.and(self.groups.decide(protocol, source, port));
        }
        if arrives == Verdict::Deny {
            return Reached::NOT;
        }
        let answered = self.answered(packet);
        Reached { exposed: arrives.and(answered), one_way: arrives.and(answered.opposite()) }
    }

    /// Whether a reply leaves to some port of the caller.
    fn answered(&self, packet: &Packet) -> Verdict {
        let Packet { protocol, source, port } = *packet;
        if [1, 58].contains(&protocol) && answer_of(protocol, port).is_none() {
            return Verdict::Allow;
        }
        let routed = self.routes.as_ref().map_or(Verdict::Undecided, |routes| routes.decide(source));
        if routed == Verdict::Deny {
            return Verdict::Deny;
        }
        let Some([_, outbound]) = &self.lists else { return Verdict::Undecided };
        let leaves = match protocol {
            6 | 17 => {
                let mut best = Verdict::Deny;
                for caller in &self.callers {
                    best = best.better(outbound.decide(protocol, source, *caller));
                    if best == Verdict::Allow {
                        break;
                    }
                }
                best
            }
            _ => outbound.decide(protocol, source, answer_of(protocol, port).unwrap_or(0)),
        };
        routed.and(leaves)
    }
}

/// The type and code that answer a type of ICMP; what nobody answers needs no reply (RFC 792, RFC 950, RFC 4443).
const fn answer_of(protocol: u8, port: u16) -> Option<u16> {
    let of_type = match (protocol, port >> 8) {
        (1, 8) => 0,
        (1, 13) => 14,
        (1, 15) => 16,
        (1, 17) => 18,
        (58, 128) => 129,
        _ => return None,
    };
    Some(of_type << 8)
}

/// Whether somebody on the Internet can send it.
pub(super) fn is_sent(packet: &Packet) -> Verdict {
    match is_internet(packet.source) && is_carried(packet.protocol, packet.source) {
        true => Verdict::Allow,
        false => Verdict::Deny,
    }
}

/// Section 5, A13: ICMP travels over IPv4, ICMPv6 over IPv6.
fn is_carried(protocol: u8, source: IpAddr) -> bool {
    match protocol {
        1 => source.is_ipv4(),
        58 => source.is_ipv6(),
        _ => true,
    }
}
