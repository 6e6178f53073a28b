//! Mistakes about organisations of Google Cloud, put into the documents before the crates see them.
//!
//! The evaluator on the JSON is asked about the organisation as it is. A fault matters when the engine's exposures differ
//! in what they hold; then some packet must be decided differently.

use serde_json::{Value, json};

use super::{Caught, hunt};
use crate::estates::{GCP_ASKED, ReachTold, organisation_disagrees, organisation_duel};
use crate::generate::{GcpElement, Organisation, is_inbound};
use crate::pipeline::lower_values;
use crate::random::Random;

/// One kind of mistake. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GcpFault {
    /// Of one priority, what allows is read first.
    TieAllows,
    /// A disabled rule is taken for one in force.
    DisabledCounted,
    /// Whom a rule is for is not asked.
    TargetsIgnored,
    /// A rule with targets is not there.
    TargetedSkipped,
    /// Tags and accounts among sources are taken for everybody.
    SourceTagsWidened,
    /// `goto_next` lets in.
    NextAllows,
    /// `goto_next` keeps out.
    NextDenies,
    /// `goto_next` goes on in the same policy.
    NextGoesOn,
    /// Policies of networks are asked at the other time.
    OrderSwapped,
    /// A policy that is associated with nothing acts on everybody.
    AssociationIgnored,
    /// Policies of folders are not read.
    FoldersIgnored,
    /// Policies of networks are not read.
    NetworkPoliciesIgnored,
    /// A policy of one region is taken for one of the other.
    RegionsSwapped,
    /// The folders above a project are not known.
    AncestryIgnored,
    /// A tag that is gone is taken for one in force.
    IneffectiveCounted,
    /// Target tags of policies are not asked.
    SecureTagsIgnored,
    /// Target networks of policies are not asked.
    NetworksIgnored,
    /// Items of an address group beyond the first are not read.
    GroupCut,
    /// Destinations of rules are not asked.
    DestinationsIgnored,
    /// The largest number is read first.
    PriorityReversed,
    /// Everybody of IPv4 is taken for everybody.
    FamiliesMerged,
    /// What has no ports matches nothing.
    PortlessSkipped,
    /// Protocols by number match nothing.
    NumbersSkipped,
    /// Ports are not asked.
    PortsIgnored,
    /// A range of ports ends one later.
    PortOffByOne,
    /// A rule is not there.
    DroppedRule,
    /// What nobody decides is let in.
    ImpliedDenyMissing,
    /// Routes for some tags are for everybody.
    RouteTagsIgnored,
    /// Of routes the largest number counts.
    RoutePriorityReversed,
    /// A route to a peer is taken for one to the Internet.
    PeeringReadAsOpen,
    /// Whom a forwarding rule is for is not asked.
    ClientsIgnored,
}

impl GcpFault {
    /// All of them.
    pub const ALL: [Self; 31] = [
        Self::TieAllows,
        Self::DisabledCounted,
        Self::TargetsIgnored,
        Self::TargetedSkipped,
        Self::SourceTagsWidened,
        Self::NextAllows,
        Self::NextDenies,
        Self::NextGoesOn,
        Self::OrderSwapped,
        Self::AssociationIgnored,
        Self::FoldersIgnored,
        Self::NetworkPoliciesIgnored,
        Self::RegionsSwapped,
        Self::AncestryIgnored,
        Self::IneffectiveCounted,
        Self::SecureTagsIgnored,
        Self::NetworksIgnored,
        Self::GroupCut,
        Self::DestinationsIgnored,
        Self::PriorityReversed,
        Self::FamiliesMerged,
        Self::PortlessSkipped,
        Self::NumbersSkipped,
        Self::PortsIgnored,
        Self::PortOffByOne,
        Self::DroppedRule,
        Self::ImpliedDenyMissing,
        Self::RouteTagsIgnored,
        Self::RoutePriorityReversed,
        Self::PeeringReadAsOpen,
        Self::ClientsIgnored,
    ];

    /// What it is called in the printed counts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::TieAllows => "gcp: tie allows",
            Self::DisabledCounted => "gcp: disabled rule counted",
            Self::TargetsIgnored => "gcp: targets ignored",
            Self::TargetedSkipped => "gcp: targeted rule skipped",
            Self::SourceTagsWidened => "gcp: source tags are everybody",
            Self::NextAllows => "gcp: goto_next allows",
            Self::NextDenies => "gcp: goto_next denies",
            Self::NextGoesOn => "gcp: goto_next stays in its policy",
            Self::OrderSwapped => "gcp: enforcement order swapped",
            Self::AssociationIgnored => "gcp: association ignored",
            Self::FoldersIgnored => "gcp: policies of folders ignored",
            Self::NetworkPoliciesIgnored => "gcp: network policies ignored",
            Self::RegionsSwapped => "gcp: regions swapped",
            Self::AncestryIgnored => "gcp: ancestry ignored",
            Self::IneffectiveCounted => "gcp: ineffective tag counted",
            Self::SecureTagsIgnored => "gcp: secure tags ignored",
            Self::NetworksIgnored => "gcp: target networks ignored",
            Self::GroupCut => "gcp: address group cut",
            Self::DestinationsIgnored => "gcp: destinations ignored",
            Self::PriorityReversed => "gcp: priority reversed",
            Self::FamiliesMerged => "gcp: 0.0.0.0/0 holds IPv6",
            Self::PortlessSkipped => "gcp: rule without ports skipped",
            Self::NumbersSkipped => "gcp: protocol by number skipped",
            Self::PortsIgnored => "gcp: ports ignored",
            Self::PortOffByOne => "gcp: port off by one",
            Self::DroppedRule => "gcp: dropped rule",
            Self::ImpliedDenyMissing => "gcp: implied deny missing",
            Self::RouteTagsIgnored => "gcp: route tags ignored",
            Self::RoutePriorityReversed => "gcp: route priority reversed",
            Self::PeeringReadAsOpen => "gcp: peering read as open",
            Self::ClientsIgnored => "gcp: forwarding clients ignored",
        }
    }

    /// What it can be made about.
    #[must_use]
    pub const fn element(self) -> GcpElement {
        match self {
            Self::TieAllows
            | Self::DisabledCounted
            | Self::PriorityReversed
            | Self::DestinationsIgnored
            | Self::PortlessSkipped
            | Self::NumbersSkipped
            | Self::PortsIgnored
            | Self::PortOffByOne
            | Self::DroppedRule
            | Self::ImpliedDenyMissing => GcpElement::Rules,
            Self::TargetsIgnored | Self::TargetedSkipped | Self::SourceTagsWidened => GcpElement::Tags,
            Self::NextAllows
            | Self::NextDenies
            | Self::NextGoesOn
            | Self::AssociationIgnored
            | Self::FoldersIgnored
            | Self::AncestryIgnored
            | Self::NetworksIgnored => GcpElement::Hierarchy,
            Self::OrderSwapped | Self::NetworkPoliciesIgnored | Self::RegionsSwapped => GcpElement::Policies,
            Self::IneffectiveCounted | Self::SecureTagsIgnored => GcpElement::SecureTags,
            Self::GroupCut => GcpElement::AddressGroups,
            Self::FamiliesMerged => GcpElement::V6,
            Self::RouteTagsIgnored | Self::RoutePriorityReversed | Self::PeeringReadAsOpen => {
                GcpElement::Routes
            }
            Self::ClientsIgnored => GcpElement::Forwarding,
        }
    }

    /// Puts the fault into organisations until it matters in that many, and compares each over that many packets; where
    /// none of them is decided otherwise, over the first at the boundaries of what is told in which the answers differ.
    #[must_use]
    pub fn run(self, organisations: u64, packets: usize, seed: u64) -> Caught {
        let draw = |random: &mut Random| self.element().organisation(random);
        let inject = |it: &mut Organisation, random: &mut Random| self.inject(it, random);
        hunt(organisations, seed, draw, inject, |[truth, faulted], random| {
            let (right, wrong) = (lower_values(&truth.documents()).0, lower_values(&faulted.documents()).0);
            let (right, told) = (ReachTold::of(&right), [ReachTold::of(&wrong)]);
            let [told] = &told;
            let packet = right.differing(told, GCP_ASKED)?;
            // Bounds where the truth has none are no contradiction, but no answer either.
            let tally = organisation_duel(truth, &wrong, [told, &right], packets, random);
            Some(tally.disagreed > 0 || tally.wider > 0 || organisation_disagrees(truth, told, &packet))
        })
    }

    fn inject(self, organisation: &mut Organisation, random: &mut Random) {
        match self {
            Self::TieAllows | Self::DisabledCounted | Self::PriorityReversed | Self::DroppedRule => {
                self.reorder(organisation, random);
            }
            Self::TargetsIgnored
            | Self::TargetedSkipped
            | Self::SourceTagsWidened
            | Self::SecureTagsIgnored
            | Self::NetworksIgnored
            | Self::IneffectiveCounted => self.retarget(organisation),
            Self::NextAllows
            | Self::NextDenies
            | Self::NextGoesOn
            | Self::OrderSwapped
            | Self::AssociationIgnored
            | Self::FoldersIgnored
            | Self::NetworkPoliciesIgnored
            | Self::RegionsSwapped
            | Self::AncestryIgnored => self.misplace(organisation),
            Self::GroupCut
            | Self::DestinationsIgnored
            | Self::FamiliesMerged
            | Self::PortlessSkipped
            | Self::NumbersSkipped
            | Self::PortsIgnored
            | Self::PortOffByOne
            | Self::ImpliedDenyMissing => self.misread(organisation, random),
            Self::RouteTagsIgnored
            | Self::RoutePriorityReversed
            | Self::PeeringReadAsOpen
            | Self::ClientsIgnored => {
                self.misroute(organisation);
            }
        }
    }

    /// Which rules there are, and in which order.
    fn reorder(self, organisation: &mut Organisation, random: &mut Random) {
        match self {
            Self::TieAllows => {
                ranked(organisation, |rank, rule| rank * 2 + i64::from(rule.get("denied").is_some()))
            }
            Self::PriorityReversed => ranked(organisation, |rank, _| 60_000 - rank),
            Self::DisabledCounted => {
                organisation.rules().into_iter().for_each(|rule| rule["disabled"] = false.into());
            }
            _ => {
                let rules = organisation.all("firewalls");
                let place = random.below(rules.len());
                rules.remove(place);
            }
        }
    }

    /// Whom rules are for, and who counts as a source.
    fn retarget(self, organisation: &mut Organisation) {
        let targets = ["targetTags", "targetServiceAccounts"];
        match self {
            Self::TargetedSkipped => {
                organisation
                    .all("firewalls")
                    .retain(|rule| !targets.iter().any(|key| rule.get(*key).is_some()));
            }
            Self::TargetsIgnored => without(organisation, &targets),
            Self::SecureTagsIgnored => without(organisation, &["targetSecureTags"]),
            Self::NetworksIgnored => without(organisation, &["targetResources"]),
            Self::SourceTagsWidened => organisation.all("firewalls").iter_mut().for_each(|rule| {
                if ["sourceTags", "sourceServiceAccounts"].iter().any(|key| rule.get(*key).is_some()) {
                    rule["sourceRanges"] = json!(["0.0.0.0/0"]);
                }
            }),
            _ => organisation.rules().into_iter().for_each(|rule| {
                let tags = rule.get_mut("targetSecureTags").and_then(Value::as_array_mut);
                tags.into_iter().flatten().for_each(|tag| tag["state"] = "EFFECTIVE".into());
            }),
        }
    }

    /// Where policies act, and what they leave to others.
    fn misplace(self, organisation: &mut Organisation) {
        match self {
            Self::NextAllows | Self::NextDenies => {
                let action = if self == Self::NextAllows { "allow" } else { "deny" };
                let all = organisation.policy_rules().into_iter().flatten();
                all.filter(|rule| rule["action"] == "goto_next")
                    .for_each(|rule| rule["action"] = action.into());
            }
            Self::NextGoesOn => {
                organisation
                    .policy_rules()
                    .into_iter()
                    .for_each(|it| it.retain(|rule| rule["action"] != "goto_next"));
            }
            Self::OrderSwapped => organisation.all("networks").iter_mut().for_each(|network| {
                let is_before = network[ORDER] == "BEFORE_CLASSIC_FIREWALL";
                let other = if is_before { "AFTER_CLASSIC_FIREWALL" } else { "BEFORE_CLASSIC_FIREWALL" };
                network[ORDER] = other.into();
            }),
            Self::AssociationIgnored => attachments(organisation, |it| {
                it.is_empty().then(|| json!([{"name": "made", "attachmentTarget": "organizations/1000"}]))
            }),
            Self::FoldersIgnored => {
                attachments(organisation, |it| it.starts_with("folders/").then(|| json!([])));
            }
            Self::NetworkPoliciesIgnored => {
                attachments(organisation, |it| it.contains("/networks/").then(|| json!([])));
            }
            Self::RegionsSwapped => organisation.all("firewallPolicies").iter_mut().for_each(|policy| {
                for key in ["region", "selfLink"] {
                    let text = policy[key].as_str().unwrap_or_default();
                    let other = match text.contains("/europe-west1") {
                        true => text.replace("/europe-west1", "/us-central1"),
                        false => text.replace("/us-central1", "/europe-west1"),
                    };
                    if !other.is_empty() {
                        policy[key] = other.into();
                    }
                }
            }),
            _ => organisation.all("projects").iter_mut().for_each(|project| {
                project["parent"] = json!({"type": "organization", "id": "1000"});
            }),
        }
    }

    /// What rules match.
    fn misread(self, organisation: &mut Organisation, random: &mut Random) {
        match self {
            Self::GroupCut => organisation.all("addressGroups").iter_mut().for_each(|group| {
                group["items"].as_array_mut().into_iter().for_each(|items| items.truncate(1));
            }),
            Self::DestinationsIgnored => {
                organisation.rules().into_iter().filter(|it| is_inbound(it)).for_each(|rule| {
                    rule.as_object_mut().into_iter().for_each(|it| drop(it.remove("destinationRanges")));
                    let matched = rule.get_mut("match").and_then(Value::as_object_mut);
                    matched.into_iter().for_each(|it| drop(it.remove("destIpRanges")));
                })
            }
            Self::FamiliesMerged => organisation.sources().into_iter().for_each(|sources| {
                if sources.iter().any(|it| it == "0.0.0.0/0") {
                    sources.push("::/0".into());
                }
            }),
            Self::PortlessSkipped => {
                organisation.layer4().into_iter().for_each(|it| it.retain(|one| one.get("ports").is_some()));
            }
            Self::NumbersSkipped => organisation.layer4().into_iter().for_each(|it| {
                it.retain(|one| protocol(one).is_none_or(|word| word.parse::<u8>().is_err()));
            }),
            Self::PortsIgnored => organisation.layer4().into_iter().flatten().for_each(|one| {
                one.as_object_mut().into_iter().for_each(|it| drop(it.remove("ports")));
            }),
            Self::PortOffByOne => longer(organisation, random),
            _ => {
                let networks: Vec<Value> =
                    organisation.each("networks").map(|it| it["selfLink"].clone()).collect();
                let made = networks.iter().zip(0..).flat_map(|(network, number)| {
                    ["0.0.0.0/0", "::/0"].map(|whole| allowed(network, whole, number))
                });
                let made: Vec<Value> = made.collect();
                organisation.all("firewalls").extend(made);
            }
        }
    }

    /// The way to a target and back.
    fn misroute(self, organisation: &mut Organisation) {
        match self {
            Self::ClientsIgnored => organisation.all("forwardingRules").iter_mut().for_each(|rule| {
                rule.as_object_mut().into_iter().for_each(|it| drop(it.remove("sourceIpRanges")));
            }),
            Self::RouteTagsIgnored => organisation.all("routes").iter_mut().for_each(|route| {
                route.as_object_mut().into_iter().for_each(|it| drop(it.remove("tags")));
            }),
            Self::RoutePriorityReversed => organisation.all("routes").iter_mut().for_each(|route| {
                let priority = route["priority"].as_i64().unwrap_or_default();
                route["priority"] = (60_000 - priority).into();
            }),
            _ => organisation.all("routes").iter_mut().for_each(|route| {
                let own = route.as_object_mut().and_then(|it| it.remove("nextHopPeering"));
                if own.is_some() {
                    route["nextHopGateway"] =
                        "projects/tailspin/global/gateways/default-internet-gateway".into();
                }
            }),
        }
    }
}

/// Numbers by the rank of the old ones, in networks and in policies.
fn ranked(organisation: &mut Organisation, to: impl Fn(i64, &Value) -> i64) {
    let mut rules = organisation.rules();
    let number = |rule: &Value| rule["priority"].as_i64().unwrap_or_default();
    let mut numbers: Vec<i64> = rules.iter().map(|rule| number(rule)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    for rule in &mut rules {
        let rank = numbers.binary_search(&number(rule)).unwrap_or_default();
        rule["priority"] = to(rank as i64, rule).into();
    }
}

fn without(organisation: &mut Organisation, keys: &[&str]) {
    for rule in organisation.rules() {
        rule.as_object_mut().into_iter().for_each(|it| it.retain(|key, _| !keys.contains(&key.as_str())));
    }
}

/// Other associations, by what a policy is associated with.
fn attachments(organisation: &mut Organisation, other: impl Fn(&str) -> Option<Value>) {
    if other("projects/p/global/networks/n").is_some() {
        let networks = organisation.all("networks").iter_mut();
        networks.filter_map(Value::as_object_mut).for_each(|it| drop(it.remove("firewallPolicy")));
    }
    for policy in organisation.all("firewallPolicies") {
        let place = policy["associations"][0]["attachmentTarget"].as_str().unwrap_or_default();
        if let Some(other) = other(place) {
            policy["associations"] = other;
        }
    }
}

fn protocol(layer4: &Value) -> Option<&str> {
    layer4.get("IPProtocol").or_else(|| layer4.get("ipProtocol"))?.as_str()
}

fn longer(organisation: &mut Organisation, random: &mut Random) {
    let ports =
        organisation.layer4().into_iter().flatten().filter_map(|it| it.get_mut("ports")?.as_array_mut());
    let mut ports: Vec<&mut Value> = ports.flatten().collect();
    let place = random.below(ports.len().max(1));
    let Some(text) = ports.get(place).and_then(|it| it.as_str()) else { return };
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let last = last.parse::<u16>().unwrap_or_default().saturating_add(1);
    *ports[place] = format!("{first}-{last}").into();
}

/// A rule of the last priority that lets everybody of a family in.
fn allowed(network: &Value, whole: &str, number: usize) -> Value {
    let family = if whole == "::/0" { 6 } else { 4 };
    let link = network.as_str().unwrap_or_default().replace("/networks/", "/firewalls/made-");
    json!({
        "kind": "compute#firewall", "name": format!("made-{number}-{family}"), "selfLink": format!("{link}-{family}"),
        "network": network, "direction": "INGRESS", "priority": 65535, "sourceRanges": [whole],
        "allowed": [{"IPProtocol": "all"}],
    })
}

const ORDER: &str = "networkFirewallPolicyEnforcementOrder";
