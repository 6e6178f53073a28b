//! What stands at one place: admin rules, then groups, asked about one packet (A6, AA1, AA6).

use core::net::IpAddr;

use super::addresses::{Prefix, address, bits};
use super::groups::{Line, Network, Term};
use super::verdict::{Match, Verdict};

/// Admin rules and groups at one place.
#[derive(Debug)]
pub(super) struct Station {
    /// The admin rules that act on the place, the ones judged first in front.
    pub(super) admin: Vec<Order>,
    /// The groups; `None` when one of them is not in the input, or when nobody says whether there is one.
    pub(super) groups: Option<Vec<Vec<Line>>>,
    /// A7, AP1: what happens where there is no group.
    pub(super) bare: Verdict,
    pub(super) network: Option<Network>,
    /// AP8, AP9: whom the groups see instead of the client: one of these, not known which.
    pub(super) proxies: Option<Vec<IpAddr>>,
}

/// One admin rule.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) line: Line,
    pub(super) says: Says,
}

/// What an admin rule does with what it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    Deny,
    AlwaysAllow,
    /// Also: something whose meaning is not known, when it is not [`Says::Deny`] or [`Says::AlwaysAllow`].
    Allow,
    Unknown,
}

/// Which decisions are possible.
#[derive(Clone, Copy, Default)]
struct Outcomes {
    deny: bool,
    always: bool,
    next: bool,
}

impl Station {
    /// Decides a packet. The caller's port is the caller's choice.
    pub(super) fn decide(&self, protocol: u8, source: IpAddr, port: u16, source_port: u16) -> Verdict {
        let Some(proxies) = &self.proxies else { return self.one(protocol, source, port, source_port) };
        let verdicts = proxies.iter().map(|proxy| self.one(protocol, *proxy, port, source_port));
        verdicts.reduce(Verdict::or).unwrap_or(Verdict::Undecided)
    }

    fn one(&self, protocol: u8, source: IpAddr, port: u16, source_port: u16) -> Verdict {
        let outcomes = self.ordered(protocol, source, port, source_port);
        let mut verdict: Option<Verdict> = None;
        let mut add = |other: Verdict| verdict = Some(verdict.map_or(other, |it| it.or(other)));
        if outcomes.deny {
            add(Verdict::Deny);
        }
        if outcomes.always {
            // AA4: whether such a rule stands in for the group that a Standard address needs is not said.
            let bare = self.groups.as_ref().is_some_and(Vec::is_empty) && self.bare != Verdict::Allow;
            add(if bare { Verdict::Undecided } else { Verdict::Allow });
        }
        if outcomes.next {
            add(self.grouped(protocol, source, port, source_port));
        }
        verdict.unwrap_or(Verdict::Undecided)
    }

    /// AA1: the first match by priority; Allow and no match go on to the groups.
    fn ordered(&self, protocol: u8, source: IpAddr, port: u16, source_port: u16) -> Outcomes {
        let mut outcomes = Outcomes::default();
        let mut settled: Option<u64> = None;
        for order in &self.admin {
            if settled.is_some_and(|priority| priority != order.line.priority) {
                return outcomes;
            }
            let matched = order.line.matches(self.network.as_ref(), protocol, source, port, source_port);
            if matched == Match::No {
                continue;
            }
            outcomes.deny |= matches!(order.says, Says::Deny | Says::Unknown);
            outcomes.always |= matches!(order.says, Says::AlwaysAllow | Says::Unknown);
            outcomes.next |= matches!(order.says, Says::Allow | Says::Unknown);
            if matched == Match::Yes {
                settled = Some(order.line.priority);
            }
        }
        outcomes.next |= settled.is_none();
        outcomes
    }

    /// A6: the flow needs the consent of each group present.
    fn grouped(&self, protocol: u8, source: IpAddr, port: u16, source_port: u16) -> Verdict {
        let Some(groups) = &self.groups else { return Verdict::Undecided };
        if groups.is_empty() {
            return self.bare;
        }
        let verdicts = groups.iter().map(|lines| self.group(lines, protocol, source, port, source_port));
        verdicts.fold(Verdict::Allow, Verdict::and)
    }

    /// A1, A2: ascending priority, first match; unmatched is what rule 65500 denies.
    fn group(&self, lines: &[Line], protocol: u8, source: IpAddr, port: u16, source_port: u16) -> Verdict {
        let mut open: Option<Verdict> = None;
        let mut settled: Option<u64> = None;
        for line in lines {
            // X1: what is tied with the one that settles it may come first.
            if settled.is_some_and(|priority| priority != line.priority) {
                break;
            }
            let matched = line.matches(self.network.as_ref(), protocol, source, port, source_port);
            if matched == Match::No {
                continue;
            }
            open = Some(open.map_or(line.action, |before| before.or(line.action)));
            if matched == Match::Yes {
                settled = Some(line.priority);
            }
        }
        match (open, settled) {
            (Some(verdict), Some(_)) => verdict,
            (open, _) => open.map_or(Verdict::Deny, |before| before.or(Verdict::Deny)),
        }
    }

    fn all_lines(&self) -> impl Iterator<Item = &Line> {
        let grouped = self.groups.iter().flatten().flatten();
        self.admin.iter().map(|order| &order.line).chain(grouped)
    }

    /// One source port of each interval that the rules tell apart.
    pub(super) fn source_ports(&self) -> Vec<u16> {
        let mut ports = vec![0];
        for (first, last) in self.all_lines().flat_map(|it| it.source_ports.iter().flatten()) {
            ports.push(*first);
            ports.extend(last.checked_add(1));
        }
        ports.sort_unstable();
        ports.dedup();
        ports
    }

    /// One port of each interval that the rules tell apart.
    pub(super) fn ports(&self) -> Vec<u16> {
        let mut ports = vec![0];
        for (first, last) in self.all_lines().flat_map(|it| it.ports.iter().flatten()) {
            ports.push(*first);
            ports.extend(last.checked_add(1));
        }
        ports
    }

    /// The station as packets of a proxy in these prefixes meet it: one address of each interval that the rules tell
    /// apart.
    pub(super) fn behind(mut self, prefixes: &[Prefix]) -> Self {
        let mut all = Vec::new();
        for prefix in prefixes {
            let (first, last) = (prefix.first(), prefix.last());
            all.push(first);
            for cut in self.cuts() {
                if first <= cut && cut <= last {
                    all.push(cut);
                }
            }
        }
        all.sort_unstable();
        all.dedup();
        self.proxies = Some(all);
        self
    }

    /// Where the sources of a rule begin and the addresses behind where they end.
    fn cuts(&self) -> Vec<IpAddr> {
        let network = self.network.iter().flat_map(|network| {
            let routes = network.routes.iter().map(|(prefix, _)| prefix);
            network.own.iter().chain(&network.peers).chain(routes)
        });
        let stated = self.all_lines().flat_map(|line| &line.sources).filter_map(|term| match term {
            Term::Prefix(prefix) => Some(prefix),
            Term::Everything | Term::VirtualNetwork | Term::Internet | Term::Host | Term::Unknown => None,
        });
        let mut cuts = Vec::new();
        for prefix in network.chain(stated) {
            cuts.push(prefix.first());
            let (v6, value) = bits(prefix.last());
            cuts.extend(value.checked_add(1).map(|next| address(v6, next)));
        }
        cuts
    }
}
