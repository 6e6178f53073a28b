//! Services with one list of addresses in their own resource (P6, P8, P9): storage, vaults, registries, clusters.

use cloud::json::{Node, Tree};

use super::database::public_access;
use super::one::{Block, Listed, One, doubtful};
use super::row::{Make, Parent, Place, Row, Slot};
use super::written::{Written, reference, text};

pub(super) static ROWS: &[Row] = &[
    account("azurerm_storage_account", STORAGE, storage),
    Row {
        kind: "azurerm_storage_account_network_rules",
        place: Place::Nowhere,
        make: Make::Item(Slot::StorageRules, &OF_STORAGE, storage_rules),
    },
    account("azurerm_key_vault", VAULT, vault),
    account("azurerm_cosmosdb_account", COSMOS, cosmos),
    account("azurerm_container_registry", REGISTRY, registry),
    account("azurerm_kubernetes_cluster", CLUSTER, cluster),
    account("azurerm_cognitive_account", COGNITIVE, cognitive),
    account("azurerm_ai_services", COGNITIVE, cognitive),
];

const STORAGE: &str = "Microsoft.Storage/storageAccounts";
const VAULT: &str = "Microsoft.KeyVault/vaults";
const COSMOS: &str = "Microsoft.DocumentDB/databaseAccounts";
const REGISTRY: &str = "Microsoft.ContainerRegistry/registries";
const CLUSTER: &str = "Microsoft.ContainerService/managedClusters";
const COGNITIVE: &str = "Microsoft.CognitiveServices/accounts";

static OF_STORAGE: Parent = Parent {
    ids: &["storage_account_id"],
    names: &["storage_account_name"],
    kinds: &["azurerm_storage_account"],
    path: STORAGE,
};

const fn account(
    kind: &'static str,
    path: &'static str,
    make: for<'s, 'a> fn(One<'s, 'a>) -> Vec<Node<'a>>,
) -> Row {
    Row { kind, place: Place::Group(path), make: Make::Resources(make) }
}

fn made<'a>(one: One<'_, 'a>, kind: &'static str, own: Written<'a>) -> Vec<Node<'a>> {
    let own = own.with("publicNetworkAccess", public_access(one));
    vec![Written::resource(kind, &one.who(), one.at(), own).node()]
}

/// A list of addresses with its default action.
fn acls<'a>(block: Block<'_, 'a>) -> Tree<'a> {
    let rules = block.value(&["ip_rules"]).map(addresses);
    Written::within(block.at())
        .with("defaultAction", block.value_or(&["default_action"], "Allow"))
        .with("ipRules", rules)
        .tree()
}

fn addresses(texts: Tree<'_>) -> Tree<'_> {
    match texts {
        Tree::List(items) => {
            let rule = |value| Written::default().with("value", value).tree();
            Tree::List(items.into_iter().map(rule).collect())
        }
        other => other,
    }
}

fn storage<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let block = one.block();
    let own = block.only(&["network_rules"], acls);
    let mut lists: Vec<Tree<'a>> = own.into_iter().chain(one.added(Slot::StorageRules)).collect();
    lists.dedup();
    // Of two lists each may be the one that was written last.
    let list = if lists.len() > 1 { Some(doubtful(None)) } else { lists.pop() };
    let only_https = block.flag(&["https_traffic_only_enabled", "enable_https_traffic_only"], true);
    let own = Written::default()
        .with("primaryEndpoints", Written::default().tree())
        .with("supportsHttpsTrafficOnly", only_https)
        .with("networkAcls", list);
    made(one, STORAGE, own)
}

fn storage_rules<'a>(one: One<'_, 'a>) -> Option<Tree<'a>> {
    let is_certain = one.is_certain() && one.scene.has_owner(one.index);
    Some(if is_certain { acls(one.block()) } else { doubtful(None) })
}

fn vault<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let own = Written::default()
        .with("vaultUri", text(one.who().name.to_owned()))
        .with("networkAcls", one.block().only(&["network_acls"], acls));
    made(one, VAULT, own)
}

fn cognitive<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let own = Written::default()
        .with("endpoint", text(one.who().name.to_owned()))
        .with("networkAcls", one.block().only(&["network_acls"], acls));
    made(one, COGNITIVE, own)
}

fn cosmos<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let block = one.block();
    // One text with commas, later a set of texts.
    let (text_filter, rules) = match block.value(&["ip_range_filter"]) {
        Some(Tree::List(items)) => {
            let rule = |value| Written::default().with("ipAddressOrRange", value).tree();
            (None, Some(Tree::List(items.into_iter().map(rule).collect())))
        }
        other => (other, None),
    };
    let capabilities = block.list(&["capabilities"], |capability| {
        Written::default().with("name", capability.value(&["name"])).tree()
    });
    let own = Written::default()
        .with("documentEndpoint", text(one.who().name.to_owned()))
        .with("ipRangeFilter", text_filter)
        .with("ipRules", rules)
        .with("isVirtualNetworkFilterEnabled", block.flag(&["is_virtual_network_filter_enabled"], false))
        .with("capabilities", capabilities);
    let own = own.with("publicNetworkAccess", public_access(one));
    let written = Written::resource(COSMOS, &one.who(), one.at(), own);
    vec![written.with("kind", block.value(&["kind"])).node()]
}

fn registry<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let block = one.block();
    let list = block.only(&["network_rule_set"], |list| {
        let rules = list.list(&["ip_rule"], |rule| {
            let value = rule.value(&["ip_range"]);
            Written::within(rule.at()).with("action", rule.value(&["action"])).with("value", value).tree()
        });
        let action = list.value_or(&["default_action"], "Allow");
        Written::within(list.at()).with("defaultAction", action).with("ipRules", rules).tree()
    });
    let sku = block.value_or(&["sku"], "Classic");
    let own = Written::default()
        .with("loginServer", text(one.who().name.to_owned()))
        .with("publicNetworkAccess", public_access(one))
        .with("networkRuleSet", list);
    let sku = Written::default().with("name", sku.clone()).with("tier", sku).tree();
    vec![Written::resource(REGISTRY, &one.who(), one.at(), own).with("sku", sku).node()]
}

fn cluster<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let block = one.block();
    let mut ranges = block.value(&["api_server_authorized_ip_ranges"]);
    for listed in block.written_blocks(&["api_server_access_profile"]) {
        match listed {
            Listed::This(profile) => ranges = ranges.or(profile.value(&["authorized_ip_ranges"])),
            Listed::Unknown(value) => ranges = Some(value),
        }
    }
    let private = block.flag(&["private_cluster_enabled", "private_link_enabled"], false);
    let profile =
        Written::default().with("enablePrivateCluster", private).with("authorizedIPRanges", ranges).tree();
    let outbound = block.only(&["network_profile"], |network| {
        let own = network.only(&["load_balancer_profile"], |balancer| {
            let ids = balancer.value(&["outbound_ip_address_ids"]);
            // Addresses that are told later are let in beside, and nobody knows them yet.
            let known = match ids {
                Some(Tree::List(ids)) => {
                    ids.into_iter().filter(|id| matches!(id, Tree::Text(_))).map(reference).collect()
                }
                _ => Vec::new(),
            };
            Written::default().with("effectiveOutboundIPs", Tree::List(known)).tree()
        });
        Written::default().with("loadBalancerProfile", own).tree()
    });
    let own = Written::default()
        .with("fqdn", text(one.who().name.to_owned()))
        .with("apiServerAccessProfile", profile)
        .with("networkProfile", outbound);
    vec![Written::resource(CLUSTER, &one.who(), one.at(), own).node()]
}
