//! Rules of a VPC network (G1–G7, G9).

use serde_json::Value;

use super::Estate;
use super::fields::{From, field, flag, members, number, text, texts};
use super::interfaces::Interface;
use super::line::{Layer4, Line, List, Outcomes};
use crate::oracle::verdict::Match;

impl Estate {
    /// The rules of an interface's network that are for it.
    pub(super) fn rules(&self, interface: &Interface) -> List {
        let own = self.all("firewalls").iter().filter(|rule| {
            text(rule, "network").is_some_and(|network| self.same(network, &interface.network))
        });
        List::new(own.flat_map(|rule| line(rule, interface)).collect())
    }
}

/// A rule as one or two lines: what it allows, what it denies.
fn line(rule: &Value, interface: &Interface) -> Vec<Line> {
    let is_ingress = text(rule, "direction").is_none_or(|it| it == "INGRESS");
    let applies = applies(rule, interface);
    if !is_ingress || flag(rule, "disabled") || applies == Match::No {
        return Vec::new();
    }
    let of = |list: &str, action: Outcomes| {
        let layer4: Vec<Layer4> = members(rule, list).map(|it| Layer4::read(it, "IPProtocol")).collect();
        (!layer4.is_empty()).then(|| Line {
            priority: number(rule, "priority").unwrap_or(1000),
            applies,
            action,
            layer4,
            sources: sources(rule),
            destinations: texts(rule, "destinationRanges").into_iter().map(From::of).collect(),
        })
    };
    [of("allowed", Outcomes::ALLOW), of("denied", Outcomes::DENY)].into_iter().flatten().collect()
}

/// G4: no target is everybody; of several any one.
pub(super) fn applies(rule: &Value, interface: &Interface) -> Match {
    let tags = texts(rule, "targetTags");
    let accounts = texts(rule, "targetServiceAccounts");
    match (tags.is_empty(), accounts.is_empty()) {
        (true, true) => Match::Yes,
        (false, _) => Match::from(tags.iter().any(|tag| interface.tags.iter().any(|own| own == tag))),
        (true, false) => {
            Match::from(accounts.iter().any(|account| interface.accounts.iter().any(|own| own == account)))
        }
    }
}

/// G5: ranges; tags and accounts are nobody's on the Internet; nothing at all is everybody of IPv4.
fn sources(rule: &Value) -> Vec<From> {
    let ranges = texts(rule, "sourceRanges");
    let others = ["sourceTags", "sourceServiceAccounts"];
    let has_others = others.iter().any(|key| members(rule, key).next().is_some());
    if ranges.is_empty() && !has_others && field(rule, "sourceRanges").is_none_or(Value::is_array) {
        return vec![From::of("0.0.0.0/0")];
    }
    ranges.into_iter().map(From::of).collect()
}
