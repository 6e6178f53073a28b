//! Application gateways, whose parts name each other, and their filters of content.

use cloud::json::{Node, Tree};

use super::one::{Block, One};
use super::row::{Make, Place, Row};
use super::written::{Written, reference, text};

pub(super) static ROWS: &[Row] = &[
    Row { kind: "azurerm_application_gateway", place: Place::Group(GATEWAY), make: Make::Resources(gateway) },
    Row {
        kind: "azurerm_web_application_firewall_policy",
        place: Place::Group(POLICY),
        make: Make::Resources(policy),
    },
];

const GATEWAY: &str = "Microsoft.Network/applicationGateways";
const POLICY: &str = "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies";

/// How a part is written; the text is the id of the gateway.
type WritePart = for<'s, 'a> fn(&str, Block<'s, 'a>) -> Written<'a>;

/// The parts of a gateway: how blocks are called, and the list they are.
const PARTS: [(&str, &str, WritePart); 8] = [
    ("gateway_ip_configuration", "gatewayIPConfigurations", |_, block| {
        Written::default().with("subnet", block.reference(&["subnet_id"]))
    }),
    ("frontend_ip_configuration", "frontendIPConfigurations", |_, block| {
        Written::default()
            .with("publicIPAddress", block.reference(&["public_ip_address_id"]))
            .with("subnet", block.reference(&["subnet_id"]))
            .with("privateIPAddress", block.value(&["private_ip_address"]))
    }),
    ("frontend_port", "frontendPorts", |_, block| Written::default().with("port", block.value(&["port"]))),
    ("backend_address_pool", "backendAddressPools", |_, block| {
        Written::default().with("backendAddresses", backends(block))
    }),
    ("backend_http_settings", "backendHttpSettingsCollection", |_, block| {
        Written::default().with("port", block.value(&["port"]))
    }),
    ("http_listener", "httpListeners", |id, block| {
        Written::default()
            .with("frontendIPConfiguration", part(id, block, "frontend_ip_configuration_name", FRONTENDS))
            .with("frontendPort", part(id, block, "frontend_port_name", "frontendPorts"))
            .with("firewallPolicy", block.reference(&["firewall_policy_id"]))
    }),
    ("request_routing_rule", "requestRoutingRules", |id, block| {
        route(id, block)
            .with("httpListener", part(id, block, "http_listener_name", "httpListeners"))
            .with("urlPathMap", part(id, block, "url_path_map_name", "urlPathMaps"))
    }),
    ("url_path_map", "urlPathMaps", |id, block| {
        let paths = block.list(&["path_rule"], |path| {
            let own = route(id, path).with("firewallPolicy", path.reference(&["firewall_policy_id"]));
            Written::within(path.at())
                .with("name", path.value(&["name"]))
                .with("properties", own.tree())
                .tree()
        });
        Written::default()
            .with("defaultBackendAddressPool", part(id, block, "default_backend_address_pool_name", POOLS))
            .with(
                "defaultBackendHttpSettings",
                part(id, block, "default_backend_http_settings_name", SETTINGS),
            )
            .with(
                "defaultRedirectConfiguration",
                part(id, block, "default_redirect_configuration_name", REDIRECTS),
            )
            .with("pathRules", paths)
    }),
];

const FRONTENDS: &str = "frontendIPConfigurations";
const POOLS: &str = "backendAddressPools";
const SETTINGS: &str = "backendHttpSettingsCollection";
const REDIRECTS: &str = "redirectConfigurations";

/// Where a rule leads.
fn route<'a>(id: &str, block: Block<'_, 'a>) -> Written<'a> {
    Written::default()
        .with("backendAddressPool", part(id, block, "backend_address_pool_name", POOLS))
        .with("backendHttpSettings", part(id, block, "backend_http_settings_name", SETTINGS))
        .with("redirectConfiguration", part(id, block, "redirect_configuration_name", REDIRECTS))
}

/// What a name refers to among the parts of a gateway.
fn part<'a>(id: &str, block: Block<'_, 'a>, argument: &str, list: &str) -> Option<Tree<'a>> {
    Some(match block.value(&[argument])? {
        Tree::Text(name) => reference(text(format!("{id}/{list}/{name}"))),
        other => other,
    })
}

fn backends<'a>(block: Block<'_, 'a>) -> Tree<'a> {
    let mut all = Vec::new();
    // Lists of texts have other names than they had.
    for (names, key) in [(["ip_addresses", "ip_address_list"], "ipAddress"), (["fqdns", "fqdn_list"], "fqdn")]
    {
        match block.value(&names) {
            Some(Tree::List(items)) => {
                all.extend(items.into_iter().map(|item| Written::default().with(key, item).tree()));
            }
            Some(other) => all.push(other),
            None => {}
        }
    }
    Tree::List(all)
}

fn gateway<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let block = one.block();
    let id = one.who().id;
    let mut own = Written::default();
    for (blocks, list, write) in PARTS {
        let parts = block.list(&[blocks], |block| {
            let name = block.text(&["name"]).map(|name| text(format!("{id}/{list}/{name}")));
            Written::within(block.at())
                .with("id", name)
                .with("name", block.value(&["name"]))
                .with("properties", write(id, block).tree())
                .tree()
        });
        own.put(list, parts);
    }
    let sku = block.only(&["sku"], |sku| {
        let tier = sku.value(&["tier"]);
        Written::default().with("name", sku.value(&["name"])).with("tier", tier).tree()
    });
    let waf = block.only(&["waf_configuration"], |waf| {
        let mode = waf.value(&["firewall_mode"]);
        Written::default().with("enabled", waf.value(&["enabled"])).with("firewallMode", mode).tree()
    });
    let own = own
        .with("sku", sku)
        .with("webApplicationFirewallConfiguration", waf)
        .with("firewallPolicy", block.reference(&["firewall_policy_id"]));
    vec![Written::resource(GATEWAY, &one.who(), one.at(), own).node()]
}

fn policy<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let block = one.block();
    let settings = block.only(&["policy_settings"], |settings| {
        Written::default()
            .with("state", settings.word(&["enabled"], ["Enabled", "Disabled"], true))
            .with("mode", settings.value_or(&["mode"], "Prevention"))
            .tree()
    });
    // Without settings, those of the interface.
    let settings = settings.unwrap_or_else(|| {
        Written::default().with("state", text("Enabled")).with("mode", text("Detection")).tree()
    });
    let own = Written::default().with("policySettings", settings);
    vec![Written::resource(POLICY, &one.who(), one.at(), own).node()]
}
