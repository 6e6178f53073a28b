//! Groups without order between a list of what comes in and a list of what goes back, as clouds have them whose lists
//! remember nothing.
//!
//! The reply is a list over packets that come in: its source ports are those it is sent to, its sources are where.

use std::sync::Arc;

use model::{Action, Filter, Path, Reach, Rule, RuleList, Snapshot};
use packet::{AddressSet, Bounds, PortRange, PortSet, Protocol, ProtocolSet};

use super::fields::{addresses, ports};
use super::filters::group;
use super::lists::{Kind, list};
use super::snapshots::{paths, snapshot, target};
use crate::random::Random;

/// A list whose rules all allow and have no order.
#[must_use]
pub fn unordered(random: &mut Random, id: &str, rules: usize) -> RuleList {
    let mut made = list(random, Kind::Types, rules);
    made.rules.truncate(rules);
    for rule in &mut made.rules {
        (rule.rank, rule.priority, rule.action) = (0, None, Action::Allow);
    }
    RuleList { id: id.into(), name: id.into(), ..made }
}

/// Any of some groups lets it in, else nothing does.
#[must_use]
pub fn any_of_groups(random: &mut Random) -> Filter {
    let groups = (0..random.between(1, 4)).map(|number| {
        let rules = random.between(1, 6);
        Filter::FirstMatch(Arc::new(unordered(random, &format!("group-{number}"), rules)))
    });
    Filter::Chain(vec![Filter::AnyOf(groups.collect()), Filter::Always(Action::Deny)])
}

/// A target that is reached where a reply gets out, and one way where none does.
#[must_use]
pub fn replied(random: &mut Random) -> Snapshot {
    let rules = random.between(2, 8);
    let inbound = group(RuleList { id: "in".into(), ..list(random, Kind::Types, rules) });
    let groups = any_of_groups(random);
    let (answered, unanswered) = replies(random);
    let by = |reply: RuleList, reach: Reach| {
        let reply = Filter::FirstMatch(Arc::new(reply));
        let paths = paths(Filter::AllOf(vec![inbound.clone(), groups.clone(), reply]));
        paths.into_iter().map(move |path| Path { reach, ..path })
    };
    let ways = by(answered, Reach::Exposed).chain(by(unanswered, Reach::OneWay)).collect();
    Snapshot { protocols: ProtocolSet::EVERYTHING, ..snapshot(vec![target("vm", ways)]) }
}

/// What gets a reply passes and the rest is denied; and the other way round, whatever the source port.
fn replies(random: &mut Random) -> (RuleList, RuleList) {
    let number = random.between(1, 6);
    let mut answered = list(random, Kind::Account, number);
    answered.rules.truncate(number);
    let mut unanswered = answered.clone();
    for (rank, (there, not)) in answered.rules.iter_mut().zip(&mut unanswered.rules).enumerate() {
        answer(random, rank as u32, there);
        let source_ports = Bounds::exactly(Arc::new(PortSet::everything()));
        *not = Rule { action: Action::Deny, ..there.clone() };
        not.matches.source_ports = source_ports;
    }
    answered.rules.push(rest(number as u32, Action::Deny, &answered));
    unanswered.rules.push(rest(number as u32, Action::Pass, &answered));
    let named = |id: &str, list: RuleList| RuleList { id: id.into(), name: id.into(), ..list };
    (named("answered", answered), named("unanswered", unanswered))
}

fn answer(random: &mut Random, rank: u32, rule: &mut Rule) {
    (rule.rank, rule.action) = (rank, Action::Pass);
    let matches = &mut rule.matches;
    matches.protocols = Bounds::exactly(match random.below(4) {
        0 => ProtocolSet::EVERYTHING,
        1 => ProtocolSet::only(Protocol::UDP),
        _ => ProtocolSet::only(Protocol::TCP),
    });
    matches.sources = Bounds::exactly(Arc::new(addresses(random)));
    matches.source_ports = Bounds::exactly(Arc::new(match random.below(3) {
        0 => ports(random),
        1 => PortSet::everything(),
        // What callers come from.
        _ => PortRange::new(1_024, u16::MAX).into_iter().collect(),
    }));
    matches.destinations = Bounds::exactly(Arc::new(AddressSet::everything()));
    matches.ports = Bounds::exactly(Arc::new(PortSet::everything()));
}

/// What no rule speaks of.
fn rest(rank: u32, action: Action, like: &RuleList) -> Rule {
    let mut rule = Rule { name: "rest".into(), rank, action, ..like.rules[0].clone() };
    rule.matches.protocols = Bounds::exactly(ProtocolSet::EVERYTHING);
    rule.matches.sources = Bounds::exactly(Arc::new(AddressSet::everything()));
    rule.matches.source_ports = Bounds::exactly(Arc::new(PortSet::everything()));
    rule
}
