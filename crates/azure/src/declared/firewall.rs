//! Azure Firewall: its collections of rules, classic and in policies, and groups of addresses.

use cloud::json::{Node, Tree};

use super::one::{Block, Listed, One, doubtful};
use super::row::{Make, Parent, Place, Row, Slot};
use super::written::{Written, text};

pub(super) static ROWS: &[Row] = &[
    Row { kind: "azurerm_firewall", place: Place::Group(FIREWALL), make: Make::Resources(firewall) },
    classic("azurerm_firewall_nat_rule_collection", Slot::FirewallNat),
    classic("azurerm_firewall_network_rule_collection", Slot::FirewallNetwork),
    // Application rules are about what goes out.
    Row { kind: "azurerm_firewall_application_rule_collection", place: Place::Nowhere, make: Make::Nothing },
    Row { kind: "azurerm_firewall_policy", place: Place::Group(POLICY), make: Make::Resources(policy) },
    Row {
        kind: COLLECTIONS,
        place: Place::Part(&OF_POLICY, "ruleCollectionGroups"),
        make: Make::Resources(collections),
    },
    Row { kind: "azurerm_ip_group", place: Place::Group(IP_GROUP), make: Make::Resources(ip_group) },
    Row {
        kind: "azurerm_ip_group_cidr",
        place: Place::Nowhere,
        make: Make::Item(Slot::IpGroupAddresses, &OF_IP_GROUP, ip_group_address),
    },
];

const COLLECTIONS: &str = "azurerm_firewall_policy_rule_collection_group";
const FIREWALL: &str = "Microsoft.Network/azureFirewalls";
const POLICY: &str = "Microsoft.Network/firewallPolicies";
const IP_GROUP: &str = "Microsoft.Network/ipGroups";

static OF_FIREWALL: Parent =
    Parent { ids: &[], names: &["azure_firewall_name"], kinds: &["azurerm_firewall"], path: FIREWALL };
static OF_POLICY: Parent =
    Parent { ids: &["firewall_policy_id"], names: &[], kinds: &["azurerm_firewall_policy"], path: POLICY };
static OF_IP_GROUP: Parent =
    Parent { ids: &["ip_group_id"], names: &[], kinds: &["azurerm_ip_group"], path: IP_GROUP };

const fn classic(kind: &'static str, slot: Slot) -> Row {
    Row { kind, place: Place::Nowhere, make: Make::Item(slot, &OF_FIREWALL, collection) }
}

fn firewall<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let block = one.block();
    let hub = block.only(&["virtual_hub"], |hub| {
        let count = Written::default().with("count", hub.value_or(&["public_ip_count"], "1"));
        Written::default().with("publicIPs", count.tree()).tree()
    });
    let in_hub = block
        .only(&["virtual_hub"], |hub| hub.reference(&["virtual_hub_id"]).unwrap_or_else(|| doubtful(None)));
    let own = Written::default()
        .with("ipConfigurations", ip_configurations(one, one.block()))
        .with("virtualHub", in_hub)
        .with("hubIPAddresses", hub)
        .with("firewallPolicy", block.reference(&["firewall_policy_id"]))
        .with("threatIntelMode", block.value(&["threat_intel_mode"]))
        .with("natRuleCollections", Tree::List(one.added(Slot::FirewallNat)))
        .with("networkRuleCollections", Tree::List(one.added(Slot::FirewallNetwork)));
    vec![Written::resource(FIREWALL, &one.who(), one.at(), own).node()]
}

/// The configurations of a device with addresses of its own.
pub(super) fn ip_configurations<'a>(one: One<'_, 'a>, block: Block<'_, 'a>) -> Option<Tree<'a>> {
    block.list(&["ip_configuration"], |block| {
        let id = block.text(&["name"]).map(|name| text(format!("{}/ipConfigurations/{name}", one.who().id)));
        let own = Written::default()
            .with("subnet", block.reference(&["subnet_id"]))
            .with("publicIPAddress", block.reference(&["public_ip_address_id"]))
            .with("provisioningState", text(crate::wire::DECLARED));
        Written::within(block.at())
            .with("id", id)
            .with("name", block.value(&["name"]))
            .with("properties", own.tree())
            .tree()
    })
}

fn action<'a>(value: Option<Tree<'a>>) -> Option<Tree<'a>> {
    value.map(|action| Written::default().with("type", action).tree())
}

/// A classic collection; one that may not be there has no place that is known.
fn collection<'a>(one: One<'_, 'a>) -> Option<Tree<'a>> {
    if !(one.is_certain() && one.scene.has_owner(one.index)) {
        return Some(doubtful(None));
    }
    let block = one.block();
    let own = Written::default()
        .with("priority", block.value(&["priority"]))
        .with("action", action(block.value(&["action"])))
        .with("rules", block.list(&["rule"], |rule| classic_rule(rule).tree()));
    let written = Written::within(one.at()).with("name", text(one.who().name.to_owned()));
    Some(written.with("properties", own.tree()).tree())
}

fn classic_rule<'a>(rule: Block<'_, 'a>) -> Written<'a> {
    sides(rule)
        .with("protocols", rule.value(&["protocols"]))
        .with("destinationAddresses", rule.value(&["destination_addresses"]))
}

/// What rules of all kinds say alike.
fn sides<'a>(rule: Block<'_, 'a>) -> Written<'a> {
    Written::within(rule.at())
        .with("name", rule.value(&["name"]))
        .with("sourceAddresses", rule.value(&["source_addresses"]))
        .with("sourceIpGroups", rule.value(&["source_ip_groups"]))
        .with("destinationIpGroups", rule.value(&["destination_ip_groups"]))
        .with("destinationFqdns", rule.value(&["destination_fqdns"]))
        .with("destinationPorts", rule.value(&["destination_ports"]))
        .with("translatedAddress", rule.value(&["translated_address"]))
        .with("translatedFqdn", rule.value(&["translated_fqdn"]))
        .with("translatedPort", rule.value(&["translated_port"]))
}

fn policy<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let block = one.block();
    let prefix = format!("{}/ruleCollectionGroups/", one.who().id);
    let groups = one.scene.all_of(COLLECTIONS).map(|group| group.who().id.to_owned());
    let groups = groups.filter(|id| id.starts_with(&prefix));
    let groups = groups.map(|id| Written::default().with("id", text(id)).tree()).collect();
    let own = Written::default()
        .with("ruleCollectionGroups", Tree::List(groups))
        .with("basePolicy", block.reference(&["base_policy_id"]))
        .with("threatIntelMode", block.value(&["threat_intelligence_mode"]));
    vec![Written::resource(POLICY, &one.who(), one.at(), own).node()]
}

fn collections<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let block = one.block();
    let mut all = Vec::new();
    for (blocks, kind, action) in [
        ("nat_rule_collection", "FirewallPolicyNatRuleCollection", Some("DNAT")),
        ("network_rule_collection", "FirewallPolicyFilterRuleCollection", None),
        ("application_rule_collection", "FirewallPolicyFilterRuleCollection", None),
    ] {
        for listed in block.blocks(&[blocks]) {
            all.push(match listed {
                Listed::This(block) => policy_collection(block, kind, action),
                Listed::Unknown(value) => value,
            });
        }
    }
    let priority = block.value(&["priority"]).filter(|_| one.is_certain()).unwrap_or_else(|| doubtful(None));
    let list = if one.is_certain() { Tree::List(all) } else { doubtful(None) };
    let own = Written::default().with("priority", priority).with("ruleCollections", list);
    let kind = "Microsoft.Network/firewallPolicies/ruleCollectionGroups";
    vec![Written::resource(kind, &one.who(), one.at(), own).node()]
}

fn policy_collection<'a>(block: Block<'_, 'a>, kind: &'static str, fixed: Option<&'static str>) -> Tree<'a> {
    let rules = block.list(&["rule"], |rule| {
        // One that translates has one destination.
        let destination = rule.value(&["destination_addresses", "destination_address"]);
        let destination = destination.map(|address| match address {
            Tree::Text(address) => Tree::List(vec![Tree::Text(address)]),
            other => other,
        });
        sides(rule)
            .with("ipProtocols", rule.value(&["protocols"]))
            .with("destinationAddresses", destination)
            .tree()
    });
    let does = fixed.map(text).or_else(|| block.value(&["action"]));
    Written::within(block.at())
        .with("ruleCollectionType", text(kind))
        .with("name", block.value(&["name"]))
        .with("priority", block.value(&["priority"]))
        .with("action", action(does))
        .with("rules", rules)
        .tree()
}

fn ip_group<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let mut all = match one.block().value(&["cidrs"]) {
        Some(Tree::List(cidrs)) => cidrs,
        Some(other) => vec![other],
        None => Vec::new(),
    };
    all.extend(one.added(Slot::IpGroupAddresses));
    let own = Written::default().with("ipAddresses", Tree::List(all));
    vec![Written::resource(IP_GROUP, &one.who(), one.at(), own).node()]
}

fn ip_group_address<'a>(one: One<'_, 'a>) -> Option<Tree<'a>> {
    let is_certain = one.is_certain() && one.scene.has_owner(one.index);
    one.block().value(&["cidr"]).filter(|_| is_certain).or_else(|| Some(doubtful(None)))
}
