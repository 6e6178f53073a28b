//! Security admin rules of network managers (AA0 to AA6): which act on a subnet, and in which order.

use serde_json::Value;

use super::Estate;
use super::addresses::range;
use super::fields::{field, members, number, same, text};
use super::groups::{Aim, Line, Network, covers_all, protocol, term};
use super::station::{Order, Says};
use super::verdict::{Match, Verdict};

impl Estate {
    /// The admin rules that act on a subnet, the ones judged first in front.
    pub(super) fn orders(
        &self,
        place: Option<(&Value, &Value)>,
        aim: &Aim,
        network: Option<&Network>,
    ) -> Vec<Order> {
        let Some((vnet, _)) = place else { return Vec::new() };
        let mut orders: Vec<Order> = Vec::new();
        for rule in self.all(RULES) {
            let inbound = text(rule, "direction").is_some_and(|it| same(it, "Inbound"));
            let acts = self.acts_on(rule, vnet);
            if inbound && acts != Match::No {
                orders.push(Order { line: self.admin_line(rule, acts, aim, network), says: says(rule) });
            }
        }
        orders.sort_by_key(|order| order.line.priority);
        orders
    }

    /// AA0: what is drafted may be committed or not; what is told as in force is, on the members that it names.
    fn acts_on(&self, rule: &Value, vnet: &Value) -> Match {
        let in_force =
            ["ruleGroups", "ruleCollectionAppliesToGroups"].iter().any(|key| field(rule, key).is_some());
        if !in_force {
            return Match::Maybe;
        }
        let mut told = false;
        for member in members(rule, "ruleGroups").flat_map(|group| members(group, "groupMembers")) {
            told = true;
            if member_id(member).zip(text(vnet, "id")).is_some_and(|(one, two)| same(one, two)) {
                return Match::Yes;
            }
        }
        if told { Match::No } else { Match::Maybe }
    }

    fn admin_line(&self, rule: &Value, acts: Match, aim: &Aim, network: Option<&Network>) -> Line {
        let terms = |side: &str| {
            let texts = members(rule, side).filter_map(|it| text(it, "addressPrefix"));
            texts.map(|it| term(it.trim(), false)).collect::<Vec<_>>()
        };
        let ports = |name: &str| members(rule, name).filter_map(Value::as_str).collect::<Vec<_>>();
        let (inside, outside) = (ports("destinationPortRanges"), ports("sourcePortRanges"));
        let reached = terms("destinations").iter().map(|it| aim.is_in(it, network)).max();
        Line {
            priority: self.level(rule) * LEVEL + number(rule).unwrap_or_default(),
            action: Verdict::Undecided,
            certain: acts,
            protocol: protocol(rule),
            restricted: !covers_all(&inside) || !covers_all(&outside),
            ports: inside.into_iter().map(range).collect(),
            source_ports: outside.into_iter().map(range).collect(),
            sources: terms("sources"),
            destination: reached.unwrap_or(Match::No),
        }
    }

    /// AA5: the higher the scope of the manager, the earlier.
    fn level(&self, rule: &Value) -> u64 {
        let id = text(rule, "id").unwrap_or_default().to_ascii_lowercase();
        let manager = id.split("/securityadminconfigurations/").next().unwrap_or_default();
        let manager = self.find("networkmanagers", manager);
        let scopes = manager.and_then(|it| field(it, "networkManagerScopes"));
        let high = scopes.is_some_and(|it| members(it, "managementGroups").next().is_some());
        u64::from(!high)
    }
}

fn member_id(member: &Value) -> Option<&str> {
    text(member, "resourceId").or_else(|| text(member, "vnetId"))
}

/// AA1.
fn says(rule: &Value) -> Says {
    match text(rule, "access").map(str::to_ascii_lowercase).as_deref() {
        Some("deny") => Says::Deny,
        Some("alwaysallow") => Says::AlwaysAllow,
        Some("allow") => Says::Allow,
        Some(_) | None => Says::Unknown,
    }
}

const RULES: &str = "networkmanagers/securityadminconfigurations/rulecollections/rules";
const LEVEL: u64 = 100_000;
