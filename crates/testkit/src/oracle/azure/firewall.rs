//! Azure Firewall: destination translation, classic and by policy (AP9).

use core::net::IpAddr;

use serde_json::Value;

use super::Estate;
use super::addresses::{parse, range};
use super::fields::{field, members, reference, same, text};
use super::groups::within;
use super::places::{Place, space_of};
use super::services::Interval;
use super::verdict::{Match, Verdict};
use super::way::{Carries, Gate, Way};

/// The translating rules of a firewall in their order, as some of them lead to one port of a place.
#[derive(Debug)]
pub(super) struct Translation {
    rules: Vec<Translating>,
    /// Classic network rules of the translated flow, in their order.
    afterwards: Vec<Translating>,
}

/// One rule at one front.
#[derive(Debug)]
struct Translating {
    leads: bool,
    certain: Match,
    protocols: Vec<u8>,
    sources: Vec<Interval>,
    /// Whether an address that is in no interval may be meant.
    elsewhere: Match,
    /// Whether the destination of packets is in it.
    destination: Match,
    ports: Vec<Option<(u16, u16)>>,
}

impl Translating {
    fn matches(&self, protocol: u8, source: IpAddr, port: u16) -> Match {
        let spoken = Match::from(self.protocols.contains(&protocol));
        let listed = self.sources.iter().any(|it| it.holds(source));
        let sources = if listed { Match::Yes } else { self.elsewhere };
        spoken.min(self.certain).min(sources).min(self.destination).min(within(&self.ports, port))
    }
}

impl Translation {
    /// First match ends; without one nothing is translated.
    pub(super) fn decide(&self, protocol: u8, source: IpAddr, outside: u16, inside: u16) -> Verdict {
        let leads = first(&self.rules, protocol, source, outside, Verdict::Deny);
        // 2020's text on classic rules: a network rule that denies the translated flow overrides; today's does not.
        match first(&self.afterwards, protocol, source, inside, Verdict::Allow) {
            Verdict::Allow => leads,
            Verdict::Deny | Verdict::Undecided => leads.doubted(),
        }
    }
}

fn first(rules: &[Translating], protocol: u8, source: IpAddr, port: u16, rest: Verdict) -> Verdict {
    let mut open: Option<Verdict> = None;
    for rule in rules {
        let says = if rule.leads { Verdict::Allow } else { Verdict::Deny };
        match rule.matches(protocol, source, port) {
            Match::No => {}
            Match::Maybe => open = Some(open.map_or(says, |before| before.or(says))),
            Match::Yes => return open.map_or(says, |before| before.or(says)),
        }
    }
    open.map_or(rest, |before| before.or(rest))
}

impl Estate {
    /// The ways through firewalls to an ip-configuration: one for each public address and each port inside.
    pub(super) fn translated_ways(&self, place: Place<'_>) -> Vec<Way> {
        let mut ways = Vec::new();
        let Some(own) = place.address() else { return ways };
        for firewall in self.all("azurefirewalls") {
            let rules = self.translating(firewall);
            let subnet = members(firewall, "ipConfigurations").find_map(|it| reference(it, "subnet"));
            for configuration in members(firewall, "ipConfigurations") {
                let Some(id) = reference(configuration, "publicIPAddress") else { continue };
                let (front, _, known) = self.public(id);
                let cap = if known { Verdict::Allow } else { Verdict::Undecided };
                let cap = if self.denies_by_reputation(firewall) { cap.doubted() } else { cap };
                let mut insides: Vec<u16> = rules
                    .iter()
                    .filter(|(rule, _)| leads_to(rule, own))
                    .filter_map(|it| inside(it.0))
                    .collect();
                insides.sort_unstable();
                insides.dedup();
                for port in insides {
                    ways.extend(self.translated_way(firewall, &rules, subnet, place, front, port, cap));
                }
            }
        }
        ways
    }

    #[expect(clippy::too_many_arguments, reason = "one call, one row")]
    fn translated_way(
        &self,
        firewall: &Value,
        rules: &[(&Value, Match)],
        subnet: Option<&str>,
        place: Place<'_>,
        front: Option<IpAddr>,
        port: u16,
        cap: Verdict,
    ) -> Option<Way> {
        let own = place.address()?;
        let each = rules.iter().map(|(rule, certain)| {
            let leads = leads_to(rule, own) && inside(rule) == Some(port);
            self.read_rule(rule, *certain, leads, front, "protocols")
        });
        let rules: Vec<Translating> = each.collect();
        let leading = rules.iter().filter(|it| it.leads && it.destination != Match::No);
        let ports: Vec<(u16, u16)> = leading.flat_map(|it| it.ports.iter().flatten().copied()).collect();
        let afterwards = ordered(firewall, "networkRuleCollections").into_iter().flat_map(|collection| {
            let denies = field(collection, "action").and_then(|it| text(it, "type"));
            let denies = denies.is_some_and(|it| same(it, "Deny"));
            members(collection, "rules")
                .map(move |rule| self.read_rule(rule, Match::Yes, !denies, Some(own), "protocols"))
        });
        let prefixes = self.subnet(subnet).map(|(_, subnet)| space_of(subnet, false)).unwrap_or_default();
        let station = self.station(place, &self.own_aim(place), Verdict::Allow).behind(&prefixes);
        let translation = Translation { rules, afterwards: afterwards.collect() };
        let gates = vec![Gate::Translation(translation), Gate::AtTarget(station)];
        let carries = Carries { protocols: vec![6, 17], ports, to: Some(port) };
        Some(Way::new(place.target, [true, false], front, carries, gates, cap))
    }

    fn read_rule(
        &self,
        rule: &Value,
        certain: Match,
        leads: bool,
        destination: Option<IpAddr>,
        protocols: &str,
    ) -> Translating {
        let mut sources = Vec::new();
        let mut elsewhere = Match::No;
        let stated = members(rule, "sourceAddresses").filter_map(Value::as_str);
        let groups =
            || members(rule, "sourceIpGroups").filter_map(|it| it.as_str().or_else(|| text(it, "id")));
        let mut texts: Vec<&str> = stated.collect();
        for group in groups() {
            match self.find("ipgroups", group) {
                Some(group) => texts.extend(members(group, "ipAddresses").filter_map(Value::as_str)),
                None => elsewhere = elsewhere.max(Match::Maybe),
            }
        }
        for text in texts {
            match (text.trim(), text.split_once('-')) {
                ("*", _) => elsewhere = Match::Yes,
                (_, Some((first, last))) => match Interval::between(first, last) {
                    Some(interval) => sources.push(interval),
                    None => elsewhere = elsewhere.max(Match::Maybe),
                },
                (one, None) => match Interval::of(one) {
                    Some(interval) => sources.push(interval),
                    None => elsewhere = elsewhere.max(Match::Maybe),
                },
            }
        }
        let spoken: Vec<&str> = [protocols, "ipProtocols"]
            .iter()
            .flat_map(|it| members(rule, it))
            .filter_map(Value::as_str)
            .collect();
        let protocols = spoken.into_iter().flat_map(|it| match it.to_ascii_lowercase().as_str() {
            "tcp" => vec![6],
            "udp" => vec![17],
            "any" => vec![6, 17],
            _ => Vec::new(),
        });
        let aimed = members(rule, "destinationAddresses").filter_map(Value::as_str).map(|text| {
            match (text.trim(), destination) {
                ("*", _) => Match::Yes,
                (text, Some(address)) => {
                    parse(text).map_or(Match::Maybe, |it| Match::from(it.holds(address)))
                }
                (_, None) => Match::Maybe,
            }
        });
        let ports = members(rule, "destinationPorts").map(|it| it.as_str().and_then(range));
        Translating {
            leads,
            certain,
            protocols: protocols.collect(),
            sources,
            elsewhere,
            destination: aimed.max().unwrap_or(Match::No),
            ports: ports.collect(),
        }
    }

    /// All translating rules in the order they are read; those of a parent policy may act or not.
    fn translating<'a>(&'a self, firewall: &'a Value) -> Vec<(&'a Value, Match)> {
        let policy = reference(firewall, "firewallPolicy").and_then(|id| self.find("firewallpolicies", id));
        let Some(policy) = policy else {
            let collections = ordered(firewall, "natRuleCollections");
            return collections
                .into_iter()
                .flat_map(|it| members(it, "rules"))
                .map(|it| (it, Match::Yes))
                .collect();
        };
        let mut all = Vec::new();
        let parent = reference(policy, "basePolicy").and_then(|id| self.find("firewallpolicies", id));
        for (policy, certain) in parent.map(|it| (it, Match::Maybe)).into_iter().chain([(policy, Match::Yes)])
        {
            let id = text(policy, "id").unwrap_or_default().to_ascii_lowercase();
            let groups = self.all("firewallpolicies/rulecollectiongroups").iter().filter(|group| {
                let own = text(group, "id").unwrap_or_default().to_ascii_lowercase();
                own.strip_prefix(&id).is_some_and(|rest| rest.starts_with('/'))
            });
            let mut groups: Vec<&Value> = groups.collect();
            groups.sort_by_key(|group| super::fields::number(group));
            for collection in groups.into_iter().flat_map(|it| ordered(it, "ruleCollections")) {
                let kind = text(collection, "ruleCollectionType").unwrap_or_default();
                if same(kind, "FirewallPolicyNatRuleCollection") {
                    all.extend(members(collection, "rules").map(|it| (it, certain)));
                }
            }
        }
        all
    }

    /// The provider's list of bad addresses is hidden.
    fn denies_by_reputation(&self, firewall: &Value) -> bool {
        let policy = reference(firewall, "firewallPolicy").and_then(|id| self.find("firewallpolicies", id));
        let mode = text(policy.unwrap_or(firewall), "threatIntelMode");
        mode.is_some_and(|it| same(it, "Deny"))
    }
}

fn ordered<'a>(holder: &'a Value, list: &str) -> Vec<&'a Value> {
    let mut all: Vec<&Value> = members(holder, list).collect();
    all.sort_by_key(|it| super::fields::number(it));
    all
}

fn leads_to(rule: &Value, own: IpAddr) -> bool {
    text(rule, "translatedAddress").and_then(|it| it.trim().parse::<IpAddr>().ok()) == Some(own)
}

fn inside(rule: &Value) -> Option<u16> {
    let stated = field(rule, "translatedPort")?;
    stated.as_str().and_then(|it| it.trim().parse().ok()).or_else(|| stated.as_u64()?.try_into().ok())
}
