//! Event Hubs and Service Bus namespaces (semantics P7): a rule set beside them, which acts in some tiers only.

use cloud::json::Node;
use cloud::{Said, Stated};
use model::Effect;

use crate::intake::Intake;
use crate::resource::device::Device;
use crate::resource::stated::OfAzure as _;

use super::acls::read_rules;
use super::firewall::default_action;
use super::part::placed;
use super::{
    Entry, Firewall, Kept, Otherwise, PartContent, PublicAccess, Service, ServiceKind, has_any, is_full,
    says_any,
};

pub(crate) static EVENT_HUBS: ServiceKind = ServiceKind::new(
    ["event-hub-namespace", "event-hub-firewall", "Event Hubs namespaces", "az eventhubs namespace list"],
    PORTS,
)
.beside("network rule sets", "az eventhubs namespace network-rule-set list");

pub(crate) static SERVICE_BUS: ServiceKind = ServiceKind::new(
    [
        "service-bus-namespace",
        "service-bus-firewall",
        "Service Bus namespaces",
        "az servicebus namespace list",
    ],
    PORTS,
)
.beside("network rule sets", "az servicebus namespace network-rule-set list");

/// HTTPS, AMQP with TLS and without, Kafka.
const PORTS: &[u16] = &[443, 5671, 5672, 9093];

/// The rule set of a namespace.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NetworkRules {
    pub(crate) access: PublicAccess,
    default: Otherwise,
    entries: Vec<Entry>,
    /// Whether it has a rule, be it of a subnet; `None` where that is not known.
    has_rules: Option<bool>,
}

impl NetworkRules {
    /// Whom it lets in where it acts; `None` where it is not known whether it does.
    pub(crate) fn firewall(&self, acts: Option<bool>) -> Firewall {
        // P7: without any rule everybody is let in, even if the default action is Deny.
        let is_open =
            self.default == Otherwise::Allow || self.has_rules == Some(false) || acts == Some(false);
        if is_open {
            return Firewall::open();
        }
        let is_certain = self.has_rules == Some(true) && acts == Some(true);
        let otherwise = if is_certain { self.default } else { Otherwise::Either };
        Firewall { entries: self.entries.clone(), otherwise }
    }
}

/// A namespace of one of both kinds; `acts` says of a tier whether the rule set acts in it.
pub(crate) fn read<'a>(
    (kind, acts): (&'static ServiceKind, fn(&str) -> bool),
    node: &Node<'a>,
    intake: &mut Intake<'_, 'a>,
) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed namespace", intake);
    let is_full = is_full(&stated, MARKS);
    let access = PublicAccess::read(&stated, is_full, intake);
    let acts = tier(&stated, intake).map(acts);
    let is_told = is_full || has_any(&stated, &["publicNetworkAccess"]);
    let service = Service::new(identity, kind, access, Kept::NetworkRules { acts });
    let is_whole = acts.is_some() && (is_full || says_any(&stated, &["publicNetworkAccess"]));
    Service { is_told, is_whole, ..service }.into()
}

/// P7: the Basic tier of Event Hubs has no firewall.
pub(crate) fn acts_in_event_hubs(tier: &str) -> bool {
    !tier.eq_ignore_ascii_case("basic")
}

/// P7: no tier of Service Bus but Premium has a firewall.
pub(crate) fn acts_in_service_bus(tier: &str) -> bool {
    tier.eq_ignore_ascii_case("premium")
}

pub(crate) fn read_rules_of<'a>(
    (kind, name): (&'static ServiceKind, &'static str),
    node: &Node<'a>,
    intake: &mut Intake<'_, 'a>,
) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed rule set", intake);
    let mut entries = Vec::new();
    let readable = read_rules(&stated, "ipRules", &mut entries, intake);
    let subnets = has_subnets(&stated, intake);
    let has_both = ["ipRules", "virtualNetworkRules"].iter().all(|key| stated.has(key));
    let has_rules = match (entries.is_empty(), subnets, readable) {
        (false, _, true) => Some(true),
        // Addresses that are let in beside the subnets may have been left out.
        (true, Some(true), true) if stated.has("ipRules") => Some(true),
        (true, Some(false), true) if has_both => Some(false),
        (_, _, _) => None,
    };
    let default = default_action(&stated, "defaultAction", Otherwise::Allow, intake);
    if has_rules.is_none() && !has_both && default != Otherwise::Allow {
        let sentence = "its rule set is projected without a list of rules: whom its rules let in, or whether there is one, without which everybody is, is not known";
        stated.tell("missing-field", Effect::Undecided, sentence, intake);
    }
    let rules =
        NetworkRules { access: PublicAccess::read(&stated, true, intake), default, entries, has_rules };
    placed((kind, name), identity, PartContent::NetworkRules(rules), &stated, intake)
}

/// Whether a rule of a subnet is there; `None` where that is not known.
fn has_subnets<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<bool> {
    let rules = match stated.objects("virtualNetworkRules", intake) {
        Said::Nothing => return Some(false),
        Said::This(rules) if rules.is_empty() => return Some(false),
        Said::This(rules) => rules,
        Said::Unreadable => return None,
    };
    if rules.iter().any(|rule| has_any(rule, &["subnet", "id", "virtualNetworkResourceId"])) {
        return Some(true);
    }
    let sentence = "no rule of `virtualNetworkRules` names a subnet: whether there is one is not known";
    stated.tell("missing-field", Effect::Undecided, sentence, intake);
    None
}

/// The tier of a service, or the name of its SKU, which is the same here.
pub(super) fn tier<'n, 'a>(stated: &Stated<'n, 'a>, intake: &mut Intake<'_, 'a>) -> Option<&'n str> {
    match stated.object("sku", intake) {
        Said::This(sku) => sku.text("tier", intake).this().or_else(|| sku.text("name", intake).this()),
        Said::Nothing | Said::Unreadable => None,
    }
}

/// Keys that a full export has, and a list of names has not.
const MARKS: &[&str] = &["serviceBusEndpoint", "metricId", "isAutoInflateEnabled"];
