//! Whole organisations of Google Cloud as `gcloud … list --format json` prints them.
//!
//! Small and adversarial: rules of one priority that speak of the same ports, policies above each other, targets by
//! tag and by account, narrow routes, families that differ, and now and then a piece that is missing, so that the
//! answer has bounds.

mod balancers;
mod fields;
mod machines;
mod odd;
mod places;
mod policies;
mod routes;
mod rules;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::random::Random;

/// What an organisation is built around. Complete: a run prints a line for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GcpElement {
    /// G1, G3, G7, G9: rules of a network, many of one priority.
    Rules,
    /// G4, G5: target tags and accounts, source tags and accounts.
    Tags,
    /// G10, G11, G12: policies of organisation and folders.
    Hierarchy,
    /// G10, G14: policies of networks, and when they are asked.
    Policies,
    /// G13: secure tags, target networks.
    SecureTags,
    /// G14: address groups.
    AddressGroups,
    /// Routes by prefix, priority and tag.
    Routes,
    /// G6, G21: both families.
    V6,
    /// G16: rules that forward packets as they are.
    Forwarding,
    /// Networks of which no machine is in the input.
    Networks,
    /// All of these at once.
    Mixed,
    /// The same with pieces missing and words that nobody knows.
    Odd,
}

impl GcpElement {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Rules,
        Self::Tags,
        Self::Hierarchy,
        Self::Policies,
        Self::SecureTags,
        Self::AddressGroups,
        Self::Routes,
        Self::V6,
        Self::Forwarding,
        Self::Networks,
        Self::Mixed,
        Self::Odd,
    ];

    /// What it is called in the printed counts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Rules => "gcp-rules",
            Self::Tags => "gcp-tags",
            Self::Hierarchy => "gcp-hierarchy",
            Self::Policies => "gcp-policies",
            Self::SecureTags => "gcp-secure-tags",
            Self::AddressGroups => "gcp-address-groups",
            Self::Routes => "gcp-routes",
            Self::V6 => "gcp-ipv6",
            Self::Forwarding => "gcp-forwarding",
            Self::Networks => "gcp-networks",
            Self::Mixed => "gcp-mixed",
            Self::Odd => "gcp-odd",
        }
    }

    /// One of its organisations.
    #[must_use]
    pub fn organisation(self, random: &mut Random) -> Organisation {
        let mut organisation = Organisation::default();
        places::add(&mut organisation, self, random);
        machines::add(&mut organisation, self, random);
        rules::add(&mut organisation, self, random);
        policies::add(&mut organisation, self, random);
        routes::add(&mut organisation, self, random);
        balancers::add(&mut organisation, self, random);
        if self == Self::Networks {
            organisation.kinds.remove("instances");
        }
        if self == Self::Odd {
            odd::add(&mut organisation, random);
        }
        organisation
    }

    /// Whether organisations of the element vary what `part` is about.
    fn varies(self, part: Self) -> bool {
        let of_networks = matches!(part, Self::Tags | Self::SecureTags | Self::Hierarchy | Self::Policies);
        self == part || matches!(self, Self::Mixed | Self::Odd) || self == Self::Networks && of_networks
    }
}

/// The documents of an organisation, by the collection that each command lists.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Organisation {
    /// Resources by collection.
    pub kinds: BTreeMap<&'static str, Vec<Value>>,
}

impl Organisation {
    /// The resources of a collection.
    pub fn all(&mut self, kind: &'static str) -> &mut Vec<Value> {
        self.kinds.entry(kind).or_default()
    }

    /// The same, to look at.
    pub fn each(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.kinds.get(kind).into_iter().flatten()
    }

    /// A file for each command that lists something: an empty list says of which cloud it is to nobody.
    #[must_use]
    pub fn documents(&self) -> Vec<(String, Value)> {
        let kinds = self.kinds.iter().filter(|(_, all)| !all.is_empty());
        kinds
            .map(|(kind, all)| (format!("{}.json", kind.to_lowercase()), Value::Array(all.clone())))
            .collect()
    }

    /// The same as texts.
    #[must_use]
    pub fn texts(&self) -> Vec<(String, String)> {
        self.documents().into_iter().map(|(name, document)| (name, document.to_string())).collect()
    }
}

impl Organisation {
    /// The rules of each policy.
    pub(crate) fn policy_rules(&mut self) -> Vec<&mut Vec<Value>> {
        self.all("firewallPolicies").iter_mut().filter_map(|it| it["rules"].as_array_mut()).collect()
    }

    /// Every rule, of networks and of policies.
    pub(crate) fn rules(&mut self) -> Vec<&mut Value> {
        let mut all = Vec::new();
        for (kind, resources) in &mut self.kinds {
            match *kind {
                "firewalls" => all.extend(resources.iter_mut()),
                "firewallPolicies" => {
                    all.extend(resources.iter_mut().filter_map(|it| it["rules"].as_array_mut()).flatten());
                }
                _ => {}
            }
        }
        all
    }

    /// The prefixes that each rule for what comes in takes for its sources.
    pub(crate) fn sources(&mut self) -> Vec<&mut Vec<Value>> {
        let inbound = self.rules().into_iter().filter(|rule| is_inbound(rule));
        let of = |rule| -> Option<&mut Vec<Value>> {
            let rule: &mut Value = rule;
            let holder = if rule.get("match").is_some() { &mut rule["match"] } else { rule };
            let key = if holder.get("layer4Configs").is_some() { "srcIpRanges" } else { "sourceRanges" };
            holder.get_mut(key)?.as_array_mut()
        };
        inbound.filter_map(of).collect()
    }

    /// The protocols and ports of each rule for what comes in.
    pub(crate) fn layer4(&mut self) -> Vec<&mut Vec<Value>> {
        let inbound = self.rules().into_iter().filter(|rule| is_inbound(rule));
        let of = |rule| -> Option<&mut Vec<Value>> {
            let rule: &mut Value = rule;
            let key = ["allowed", "denied"].into_iter().find(|key| rule.get(*key).is_some());
            match key {
                Some(key) => rule.get_mut(key)?.as_array_mut(),
                None => rule.get_mut("match")?.get_mut("layer4Configs")?.as_array_mut(),
            }
        };
        inbound.filter_map(of).collect()
    }
}

/// Whether a rule is for what comes in.
pub(crate) fn is_inbound(rule: &Value) -> bool {
    rule.get("direction").is_none_or(|it| it == "INGRESS")
}

/// How the Compute API begins its links.
pub(super) const API: &str = "https://www.googleapis.com/compute/v1/";
