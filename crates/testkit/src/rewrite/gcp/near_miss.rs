//! Rewrites gone wrong by the least amount.

use serde_json::{Value, json};

use super::{is_predefined, number, without};
use crate::generate::{GcpElement, Organisation, is_inbound};
use crate::random::Random;
use crate::rewrite::prefix::{all_but_one, off_by_one};

/// A kind of near-miss. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GcpNearMiss {
    /// A prefix one bit longer or shorter.
    OneBit,
    /// A prefix in pieces, one address lost.
    OneAddress,
    /// A range of ports one longer or shorter.
    OnePort,
    /// Another protocol.
    OneProtocol,
    /// Everybody of one family for everybody of the other.
    OneFamily,
    /// The other action, in a network.
    OneAction,
    /// Another action, in a policy.
    OnePolicyAction,
    /// A rule of a network before or behind one that was its equal.
    OnePriority,
    /// Two neighbours of a policy change places.
    OneSwap,
    /// A rule in force that was disabled, or the other way round.
    OneDisabled,
    /// A rule for the other direction.
    OneDirection,
    /// One target fewer; the last one leaves everybody.
    OneTarget,
    /// A tag fewer on an instance.
    OneTag,
    /// Another account of an instance.
    OneAccount,
    /// A tag in a policy that is gone.
    OneState,
    /// A binding fewer.
    OneBinding,
    /// One association fewer.
    OneAssociation,
    /// The other order of a network.
    OneOrder,
    /// A project in another folder.
    OneParent,
    /// A policy of the other region.
    OneRegion,
    /// One item of an address group fewer.
    OneItem,
    /// A route one bit longer or shorter.
    OneRouteBit,
    /// One route fewer.
    OneRoute,
    /// An interface without its external address.
    OneExternal,
    /// The internal address is the one beside it, which destinations of rules tell apart.
    OneDestination,
    /// A forwarding rule for fewer clients.
    OneClient,
}

impl GcpNearMiss {
    /// All of them.
    pub const ALL: [Self; 26] = [
        Self::OneBit,
        Self::OneAddress,
        Self::OnePort,
        Self::OneProtocol,
        Self::OneFamily,
        Self::OneAction,
        Self::OnePolicyAction,
        Self::OnePriority,
        Self::OneSwap,
        Self::OneDisabled,
        Self::OneDirection,
        Self::OneTarget,
        Self::OneTag,
        Self::OneAccount,
        Self::OneState,
        Self::OneBinding,
        Self::OneAssociation,
        Self::OneOrder,
        Self::OneParent,
        Self::OneRegion,
        Self::OneItem,
        Self::OneRouteBit,
        Self::OneRoute,
        Self::OneExternal,
        Self::OneDestination,
        Self::OneClient,
    ];

    /// Where there is most of what it changes.
    #[must_use]
    pub const fn element(self) -> GcpElement {
        match self {
            Self::OneBit
            | Self::OneAddress
            | Self::OnePort
            | Self::OneProtocol
            | Self::OneAction
            | Self::OnePriority
            | Self::OneDisabled
            | Self::OneDirection
            | Self::OneExternal
            | Self::OneDestination => GcpElement::Rules,
            Self::OneTarget | Self::OneTag | Self::OneAccount => GcpElement::Tags,
            Self::OneFamily => GcpElement::V6,
            Self::OnePolicyAction | Self::OneSwap | Self::OneAssociation | Self::OneParent => {
                GcpElement::Hierarchy
            }
            Self::OneOrder | Self::OneRegion => GcpElement::Policies,
            Self::OneState | Self::OneBinding => GcpElement::SecureTags,
            Self::OneItem => GcpElement::AddressGroups,
            Self::OneRouteBit | Self::OneRoute => GcpElement::Routes,
            Self::OneClient => GcpElement::Forwarding,
        }
    }

    /// The organisation with one such change; `None` where the place that was drawn does not allow it.
    #[must_use]
    pub fn apply(self, organisation: &Organisation, random: &mut Random) -> Option<Organisation> {
        let mut organisation = organisation.clone();
        match self {
            Self::OneBit | Self::OneAddress | Self::OneFamily | Self::OnePort | Self::OneProtocol => {
                self.change_match(&mut organisation, random)?;
            }
            Self::OneAction
            | Self::OnePolicyAction
            | Self::OnePriority
            | Self::OneSwap
            | Self::OneDisabled
            | Self::OneDirection
            | Self::OneTarget
            | Self::OneState => self.change_rule(&mut organisation, random)?,
            Self::OneTag | Self::OneAccount | Self::OneExternal | Self::OneDestination | Self::OneBinding => {
                self.change_machine(&mut organisation, random)?;
            }
            Self::OneAssociation | Self::OneOrder | Self::OneParent | Self::OneRegion | Self::OneItem => {
                self.change_place(&mut organisation, random)?;
            }
            Self::OneRouteBit | Self::OneRoute | Self::OneClient => {
                self.change_way(&mut organisation, random)?
            }
        }
        Some(organisation)
    }

    fn change_match(self, organisation: &mut Organisation, random: &mut Random) -> Option<()> {
        if matches!(self, Self::OnePort | Self::OneProtocol) {
            let entry = one_of(organisation.layer4().into_iter().flatten().collect(), random)?;
            if self == Self::OnePort {
                let ports = entry.get_mut("ports")?.as_array_mut()?;
                let port = one_of(ports.iter_mut().collect(), random)?;
                *port = off_by_one(port.as_str()?, random)?.into();
            } else {
                let key = ["IPProtocol", "ipProtocol"].into_iter().find(|key| entry.get(*key).is_some())?;
                let other = *random.pick(&["tcp", "udp", "sctp"]);
                (entry[key] != other).then_some(())?;
                entry[key] = other.into();
            }
            return Some(());
        }
        let sources = one_of(organisation.sources(), random)?;
        (!sources.is_empty()).then_some(())?;
        let place = random.below(sources.len());
        let text = sources[place].as_str()?.to_owned();
        let changed = match self {
            Self::OneBit => vec![one_bit(&text, random)?],
            Self::OneAddress => all_but_one(&text, random)?,
            _ => {
                *sources = match text.as_str() {
                    "0.0.0.0/0" => vec!["::/0".into()],
                    "::/0" => vec!["0.0.0.0/0".into()],
                    _ => return None,
                };
                return Some(());
            }
        };
        sources.splice(place..=place, changed.into_iter().map(Value::from));
        Some(())
    }

    fn change_rule(self, organisation: &mut Organisation, random: &mut Random) -> Option<()> {
        if self == Self::OneSwap {
            return swap(one_of(organisation.policy_rules(), random)?, random);
        }
        let of_policies = matches!(self, Self::OnePolicyAction | Self::OneState);
        let rules = organisation.rules().into_iter().filter(|rule| !is_predefined(rule));
        let rules = rules.filter(|rule| is_inbound(rule) && (rule.get("match").is_some() || !of_policies));
        let rule = one_of(rules.collect(), random)?;
        match self {
            Self::OneAction => {
                let (one, two) =
                    if rule.get("allowed").is_some() { ("allowed", "denied") } else { ("denied", "allowed") };
                let entries = rule.get(one)?.clone();
                without(rule, &[one]);
                rule[two] = entries;
            }
            Self::OnePolicyAction => {
                let other = *random.pick(&["allow", "deny", "goto_next"]);
                (rule["action"] != other).then_some(())?;
                rule["action"] = other.into();
            }
            Self::OnePriority => {
                rule.get("network")?;
                let moved = if random.chance(50) { number(rule) - 1 } else { number(rule) + 1 };
                (0..=65535).contains(&moved).then_some(())?;
                rule["priority"] = moved.into();
            }
            Self::OneDisabled => rule["disabled"] = (rule["disabled"] != true).into(),
            Self::OneDirection => {
                rule["direction"] = "EGRESS".into();
            }
            Self::OneTarget => {
                let keys = ["targetTags", "targetServiceAccounts", "targetSecureTags", "targetResources"];
                let key = keys.into_iter().find(|key| rule.get(*key).is_some())?;
                let targets = rule[key].as_array_mut()?;
                targets.pop();
                if targets.is_empty() {
                    without(rule, &[key]);
                }
            }
            _ => {
                let tags = rule.get_mut("targetSecureTags")?.as_array_mut()?;
                let tag = one_of(tags.iter_mut().collect(), random)?;
                let other = if tag["state"] == "EFFECTIVE" { "INEFFECTIVE" } else { "EFFECTIVE" };
                tag["state"] = other.into();
            }
        }
        Some(())
    }

    /// Instances and what is bound to them.
    fn change_machine(self, organisation: &mut Organisation, random: &mut Random) -> Option<()> {
        if self == Self::OneBinding {
            let bindings = organisation.all("tagBindings");
            // Of bindings that nobody exported nothing is known.
            (bindings.len() > 1).then_some(())?;
            let place = random.below(bindings.len());
            bindings.remove(place);
            return Some(());
        }
        let instance = one_of(organisation.all("instances").iter_mut().collect(), random)?;
        match self {
            Self::OneTag => drop(instance["tags"].get_mut("items")?.as_array_mut()?.pop()),
            Self::OneAccount => {
                let other = *random.pick(&["web", "db", "build", "nobody"]);
                let account = instance.get_mut("serviceAccounts")?.get_mut(0)?;
                account["email"] = format!("{other}@tailspin.iam.gserviceaccount.com").into();
            }
            _ => {
                let interface =
                    one_of(instance["networkInterfaces"].as_array_mut()?.iter_mut().collect(), random)?;
                if self == Self::OneExternal {
                    let key = *random.pick(&["accessConfigs", "ipv6AccessConfigs"]);
                    interface.get(key)?;
                    without(interface, &[key]);
                } else {
                    let (place, host) = interface["networkIP"].as_str()?.rsplit_once('.')?;
                    let host = host.parse::<u8>().ok()? ^ 8;
                    interface["networkIP"] = format!("{place}.{host}").into();
                }
            }
        }
        Some(())
    }

    /// Where policies act, and what groups hold.
    fn change_place(self, organisation: &mut Organisation, random: &mut Random) -> Option<()> {
        let kind = match self {
            Self::OneOrder => "networks",
            Self::OneParent => "projects",
            Self::OneItem => "addressGroups",
            _ => "firewallPolicies",
        };
        let resource = one_of(organisation.all(kind).iter_mut().collect(), random)?;
        match self {
            Self::OneAssociation => {
                resource["associations"].as_array_mut()?.pop()?;
                // A network names its policy as well.
                let link = resource["selfLink"].clone();
                let networks = organisation.all("networks").iter_mut();
                networks
                    .filter(|it| it["firewallPolicy"] == link)
                    .for_each(|it| without(it, &["firewallPolicy"]));
            }
            Self::OneOrder => {
                let key = "networkFirewallPolicyEnforcementOrder";
                let is_before = resource[key] == "BEFORE_CLASSIC_FIREWALL";
                resource[key] =
                    (if is_before { "AFTER_CLASSIC_FIREWALL" } else { "BEFORE_CLASSIC_FIREWALL" }).into();
            }
            Self::OneParent => {
                let other = if resource["parent"]["id"] == "20" { "10" } else { "20" };
                resource["parent"] = json!({"type": "folder", "id": other});
            }
            Self::OneRegion => {
                for key in ["region", "selfLink"] {
                    let own = resource.get(key)?.as_str()?;
                    let other = if own.contains("/europe-west1") {
                        own.replace("/europe-west1", "/us-central1")
                    } else {
                        own.replace("/us-central1", "/europe-west1")
                    };
                    resource[key] = other.into();
                }
            }
            _ => drop(resource["items"].as_array_mut()?.pop()?),
        }
        Some(())
    }

    /// Routes and rules that forward.
    fn change_way(self, organisation: &mut Organisation, random: &mut Random) -> Option<()> {
        if self == Self::OneClient {
            let rule = one_of(organisation.all("forwardingRules").iter_mut().collect(), random)?;
            rule["sourceIpRanges"] = match rule.get("sourceIpRanges").and_then(|it| it[0].as_str()) {
                Some(range) => json!([one_bit(range, random)?]),
                None => json!(["0.0.0.0/1"]),
            };
            return Some(());
        }
        let routes = organisation.all("routes");
        let leads = |route: &Value| route.get("nextHopGateway").is_some();
        if self == Self::OneRoute {
            let place = random.below(routes.len().max(1));
            leads(routes.get(place)?).then_some(())?;
            routes.remove(place);
        } else {
            let route = one_of(routes.iter_mut().filter(|route| leads(route)).collect(), random)?;
            route["destRange"] = one_bit(route["destRange"].as_str()?, random)?.into();
        }
        Some(())
    }
}

fn one_of<'a, T: ?Sized>(mut from: Vec<&'a mut T>, random: &mut Random) -> Option<&'a mut T> {
    (!from.is_empty()).then(|| from.swap_remove(random.below(from.len())))
}

fn one_bit(text: &str, random: &mut Random) -> Option<String> {
    let (address, length) = text.split_once('/')?;
    let length: u8 = length.parse().ok()?;
    let length = if random.chance(50) { length.checked_sub(1)? } else { length + 1 };
    let width = if address.contains(':') { 128 } else { 32 };
    (length <= width).then(|| format!("{address}/{length}"))
}

/// Two neighbours of a policy.
fn swap(rules: &mut [Value], random: &mut Random) -> Option<()> {
    let own = rules.iter_mut().filter(|rule| is_inbound(rule) && !is_predefined(rule));
    let mut own: Vec<&mut Value> = own.collect();
    own.sort_by_key(|rule| number(rule));
    let first = random.below(own.len().checked_sub(1).filter(|pairs| *pairs > 0)?);
    let (one, other) = (own[first]["priority"].clone(), own[first + 1]["priority"].clone());
    own[first]["priority"] = other;
    own[first + 1]["priority"] = one;
    Some(())
}
