//! Firewall policies: of organisation and folders, and of networks (G10–G14).

use serde_json::Value;

use super::Estate;
use super::fields::{From, after, field, flag, members, number, path, text, texts};
use super::interfaces::Interface;
use super::line::{Layer4, Line, List, Outcomes};
use crate::oracle::verdict::Match;

/// What is asked of an interface, in the orders in which it may be.
#[derive(Clone, Debug)]
pub(super) struct Stages {
    pub(super) orders: Vec<Vec<Stage>>,
}

/// Lists of which one is in force; nobody knows which where there are several.
pub(super) type Stage = Vec<List>;

impl Estate {
    /// G10.
    pub(super) fn stages(&self, interface: &Interface) -> Stages {
        let hierarchy = self.hierarchy(interface);
        let regions = [None, Some(interface.region.as_str())];
        let networks = regions.into_iter().map(|region| self.of_network(region, interface));
        let networks: Vec<Stage> = networks.filter(|stage| !stage.is_empty()).collect();
        let rules = vec![self.rules(interface)];
        let network = self.find("networks", &interface.network);
        let order = network.map(|it| text(it, "networkFirewallPolicyEnforcementOrder"));
        let after = [hierarchy.clone(), vec![rules.clone()], networks.clone()].concat();
        let before = [hierarchy, networks, vec![rules]].concat();
        let orders = match order {
            Some(None | Some("AFTER_CLASSIC_FIREWALL")) => vec![after],
            Some(Some("BEFORE_CLASSIC_FIREWALL")) => vec![before],
            Some(Some(_)) | None => vec![after, before],
        };
        Stages { orders }
    }

    /// The policies above a network: those of organisation and folders, from the top down. Where it is not known what
    /// stands there, whatever is associated with something else may.
    fn hierarchy(&self, interface: &Interface) -> Vec<Stage> {
        let holders = self.ancestors(&interface.network);
        let known = holders.iter().map(|holder| {
            let own = |policy: &&Value| attachments(policy).iter().any(|it| path(it) == *holder);
            self.all("firewallPolicies").iter().filter(own).map(|it| self.policy(it, interface)).collect()
        });
        let known: Vec<Stage> = known.collect();
        let is_whole = holders.first().is_some_and(|it| it.starts_with("organizations/"));
        let elsewhere = |policy: &&Value| {
            let places = attachments(policy);
            let above = |it: &&str| !it.contains("/networks/") && !holders.contains(&path(it));
            after(&self.id(policy), "projects").is_none()
                && (!is_whole && places.iter().any(above) || says_no_place(policy))
        };
        let perhaps = self.all("firewallPolicies").iter().filter(elsewhere);
        let perhaps = perhaps.map(|it| vec![self.policy(it, interface), List::default()]);
        perhaps.chain(known).filter(|stage| !stage.is_empty()).collect()
    }

    /// Those of the network: global ones, or those of a region.
    fn of_network(&self, region: Option<&str>, interface: &Interface) -> Stage {
        let policies = self.all("firewallPolicies").iter().filter(|policy| {
            let place = text(policy, "region").map(str::to_owned);
            let place = place.or_else(|| after(&self.id(policy), "regions").map(str::to_owned));
            let place = place.map(|it| it.rsplit('/').next().unwrap_or_default().to_owned());
            place.as_deref() == region
        });
        let policies: Vec<&Value> = policies.collect();
        // A network names its global policy as well.
        let network = self.find("networks", &interface.network).filter(|_| region.is_none());
        let named = network.and_then(|it| text(it, "firewallPolicy"));
        let is_named = |policy: &Value| named.is_some_and(|it| self.same(it, &self.id(policy)));
        let own = |policy: &&&Value| {
            is_named(policy) || attachments(policy).iter().any(|it| self.same(it, &interface.network))
        };
        let mut certain: Stage = policies.iter().filter(own).map(|it| self.policy(it, interface)).collect();
        if named.is_some() && !policies.iter().any(|it| is_named(it)) {
            certain.push(List::unknown());
        }
        if !certain.is_empty() {
            return certain;
        }
        let project = after(&interface.network, "projects");
        let perhaps = policies.iter().filter(|policy| {
            let of = self.id(policy);
            says_no_place(policy) && after(&of, "projects").is_some() && after(&of, "projects") == project
        });
        let mut perhaps: Stage = perhaps.map(|it| self.policy(it, interface)).collect();
        if !perhaps.is_empty() {
            perhaps.push(List::default());
        }
        perhaps
    }

    fn policy(&self, policy: &Value, interface: &Interface) -> List {
        if field(policy, "rules").is_none() {
            return List::unknown();
        }
        let rules = members(policy, "rules");
        List::untied(rules.filter_map(|rule| self.policy_rule(rule, interface)).collect())
    }

    fn policy_rule(&self, rule: &Value, interface: &Interface) -> Option<Line> {
        let ingress = text(rule, "direction").is_none_or(|it| it == "INGRESS");
        let applies = self.applies(rule, interface);
        let action = match text(rule, "action") {
            Some("allow") => Outcomes::ALLOW,
            Some("deny") => Outcomes::DENY,
            Some("goto_next") => Outcomes::NEXT,
            Some("apply_security_profile_group") => Outcomes::INSPECTED,
            Some("mirror" | "do_not_mirror") => return None,
            _ => Outcomes::UNKNOWN,
        };
        let matched = rule.get("match")?;
        let sources = self.side(matched, "src");
        let tagless = is_tagless(matched);
        // What else than a range keeps such a rule in force is not documented.
        let applies = if tagless { applies.min(Match::Maybe) } else { applies };
        let ignored = flag(rule, "disabled") || applies == Match::No || tagless && sources.is_empty();
        let applies = applies.min(from_internet(matched));
        (ingress && !ignored && applies != Match::No).then(|| Line {
            priority: number(rule, "priority").unwrap_or_default(),
            applies,
            action,
            layer4: members(matched, "layer4Configs").map(|it| Layer4::read(it, "ipProtocol")).collect(),
            sources,
            destinations: self.side(matched, "dest"),
        })
    }

    /// G13: target networks, and target tags or accounts.
    pub(super) fn applies(&self, rule: &Value, interface: &Interface) -> Match {
        let networks = texts(rule, "targetResources");
        let network =
            networks.is_empty() || networks.iter().any(|network| self.same(network, &interface.network));
        let accounts = texts(rule, "targetServiceAccounts");
        let account = accounts.is_empty()
            || accounts.iter().any(|it| interface.accounts.iter().any(|own| own.eq_ignore_ascii_case(it)));
        let tags: Vec<&Value> = members(rule, "targetSecureTags").collect();
        let bound = tags.iter().any(|tag| {
            is_effective(tag) && interface.secure.iter().any(|own| Some(own.as_str()) == text(tag, "name"))
        });
        let tagged = match tags.iter().any(|tag| is_effective(tag)) {
            _ if tags.is_empty() => Match::Yes,
            // Bindings are listed machine by machine: of one without any, nobody says that it was asked for.
            true if interface.secure.is_empty() => Match::Maybe,
            // In which of its networks a tag counts its key says, which is not asked here.
            _ if bound && interface.is_one_of_several => Match::Maybe,
            _ => Match::from(bound),
        };
        // Rules of load balancers are none of machines.
        let machines = text(rule, "targetType").is_none_or(|it| it == "INSTANCES");
        Match::from(network && account && machines).min(tagged)
    }

    /// What a match says of one side: the union of what it names (G14).
    fn side(&self, matched: &Value, side: &str) -> Vec<From> {
        let of = |key: &str| texts(matched, &format!("{side}{key}"));
        let mut from: Vec<From> = of("IpRanges").into_iter().map(From::of).collect();
        for group in of("AddressGroups") {
            match self.find("addressGroups", group).filter(|it| it.get("items").is_some()) {
                Some(group) => from.extend(texts(group, "items").into_iter().map(From::of)),
                None => from.push(From::Some),
            }
        }
        let unresolved = ["Fqdns", "RegionCodes", "ThreatIntelligences"];
        if unresolved.iter().any(|key| !of(key).is_empty()) {
            from.push(From::Some);
        }
        let keys =
            ["IpRanges", "AddressGroups", "SecureTags", "NetworkType", "NetworkScope", "NetworkContext"];
        let names = |key: &str| field(matched, &format!("{side}{key}")).is_some();
        if side == "src" && from.is_empty() {
            match keys.iter().position(|key| names(key)) {
                None => from.push(From::Some),
                // The type alone.
                Some(3..) => from.extend(["0.0.0.0/0", "::/0"].map(From::of)),
                Some(_) => {}
            }
        }
        from
    }
}

/// G13: whether there are tags, none of them counts, and no range stands beside them.
fn is_tagless(matched: &Value) -> bool {
    let tags: Vec<&Value> = members(matched, "srcSecureTags").collect();
    !tags.is_empty() && !tags.iter().any(|tag| is_effective(tag)) && texts(matched, "srcIpRanges").is_empty()
}

/// G14: whether packets from the Internet are of the type of network that a rule asks for.
fn from_internet(matched: &Value) -> Match {
    let keys = ["srcNetworkType", "srcNetworkScope", "srcNetworkContext"];
    let of = |word: &str| match word {
        "INTERNET" | "UNSPECIFIED" => Match::Yes,
        "NON_INTERNET" | "VPC_NETWORKS" | "INTRA_VPC" => Match::No,
        _ => Match::Maybe,
    };
    keys.iter().filter_map(|key| text(matched, key)).map(of).min().unwrap_or(Match::Yes)
}

/// Whether a policy, as it is exported, does not say where it is associated: nothing is what whole ones leave out.
fn says_no_place(policy: &Value) -> bool {
    ["associations", "kind", "creationTimestamp"].iter().all(|key| field(policy, key).is_none())
}

fn is_effective(tag: &Value) -> bool {
    text(tag, "state") != Some("INEFFECTIVE")
}

pub(super) fn attachments(policy: &Value) -> Vec<&str> {
    members(policy, "associations").filter_map(|it| text(it, "attachmentTarget")).collect()
}
