//! Namespaces of Event Hubs and Service Bus, and the set of rules of each (P7).

use cloud::json::{Node, Tree};

use super::database::public_access;
use super::one::{Block, Listed, One, doubtful};
use super::row::{Make, Parent, Place, Row, Slot};
use super::written::{Who, Written, reference, text};

pub(super) static ROWS: &[Row] = &[
    Row { kind: "azurerm_eventhub_namespace", place: Place::Group(HUBS), make: Make::Resources(hubs) },
    Row { kind: "azurerm_servicebus_namespace", place: Place::Group(BUS), make: Make::Resources(bus) },
    Row {
        kind: "azurerm_servicebus_namespace_network_rule_set",
        place: Place::Nowhere,
        make: Make::Item(Slot::NamespaceRules, &OF_BUS, lone_rules),
    },
];

const HUBS: &str = "Microsoft.EventHub/namespaces";
const HUBS_RULES: &str = "Microsoft.EventHub/namespaces/networkRuleSets";
const BUS: &str = "Microsoft.ServiceBus/namespaces";
const BUS_RULES: &str = "Microsoft.ServiceBus/namespaces/networkRuleSets";

static OF_BUS: Parent = Parent {
    ids: &["namespace_id"],
    names: &["namespace_name"],
    kinds: &["azurerm_servicebus_namespace"],
    path: BUS,
};

fn hubs<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    namespace(one, [HUBS, HUBS_RULES], &["network_rulesets"])
}

fn bus<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    namespace(one, [BUS, BUS_RULES], &["network_rule_set"])
}

fn namespace<'a>(one: One<'_, 'a>, [kind, rules_kind]: [&'static str; 2], blocks: &[&str]) -> Vec<Node<'a>> {
    let sku = one.block().value(&["sku"]);
    let sku = Written::default().with("name", sku.clone()).with("tier", sku).tree();
    let own = Written::default()
        .with("serviceBusEndpoint", text(one.who().name.to_owned()))
        .with("publicNetworkAccess", public_access(one));
    let namespace = Written::resource(kind, &one.who(), one.at(), own).with("sku", sku).node();
    let inner = one.block().only(blocks, |block| rules(block).tree());
    let mut sets: Vec<Tree<'a>> = inner.into_iter().chain(one.added(Slot::NamespaceRules)).collect();
    sets.dedup();
    let set = match (sets.pop(), sets.pop()) {
        (None, _) => open(),
        (Some(Tree::Object(set)), None) => set,
        // Not known, or two of which either may have been written last.
        (Some(_), _) => Written::default()
            .with("defaultAction", doubtful(None))
            .with("ipRules", doubtful(None))
            .with("virtualNetworkRules", doubtful(None))
            .node(),
    };
    let id = format!("{}/networkRuleSets/default", one.who().id);
    let mut written = Written::default();
    for (key, value) in set.entries() {
        written.put_stated(key.clone(), value.clone());
    }
    let at = set.at.or(one.at());
    let rules = Written::resource(rules_kind, &Who { id: &id, name: "default" }, at, written).node();
    vec![namespace, rules]
}

/// The set of a namespace of which nobody says anything.
fn open<'a>() -> Node<'a> {
    let none = || Tree::List(Vec::new());
    Written::default()
        .with("defaultAction", text("Allow"))
        .with("ipRules", none())
        .with("virtualNetworkRules", none())
        .node()
}

fn rules<'a>(block: Block<'_, 'a>) -> Written<'a> {
    let mut addresses = match block.value(&["ip_rules"]) {
        Some(Tree::List(texts)) => {
            texts.into_iter().map(|text| Written::default().with("ipMask", text).tree()).collect()
        }
        Some(other) => vec![other],
        None => Vec::new(),
    };
    for listed in block.blocks(&["ip_rule"]) {
        addresses.push(match listed {
            Listed::This(rule) => {
                let mask = rule.value(&["ip_mask"]);
                Written::within(rule.at()).with("ipMask", mask).with("action", rule.value(&["action"])).tree()
            }
            Listed::Unknown(value) => value,
        });
    }
    let subnets = block.list(&["virtual_network_rule", "network_rules"], |rule| {
        let subnet = rule.value(&["subnet_id"]).map(reference);
        Written::within(rule.at()).with("subnet", subnet).tree()
    });
    let access = block.word(&["public_network_access_enabled"], ["Enabled", "Disabled"], true);
    Written::within(block.at())
        .with("defaultAction", block.value_or(&["default_action"], "Allow"))
        .with("publicNetworkAccess", access)
        .with("ipRules", Tree::List(addresses))
        .with("virtualNetworkRules", subnets.unwrap_or_else(|| Tree::List(Vec::new())))
}

fn lone_rules<'a>(one: One<'_, 'a>) -> Option<Tree<'a>> {
    let is_certain = one.is_certain() && one.scene.has_owner(one.index);
    Some(if is_certain { rules(one.block()).tree() } else { doubtful(None) })
}
