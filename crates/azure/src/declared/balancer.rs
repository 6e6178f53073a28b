//! Load balancers and their parts, which stand on their own.

use cloud::json::{Node, Tree};

use super::one::{Block, One, doubtful};
use super::row::{Make, Parent, Place, Row, Slot};
use super::written::{Written, reference, text};

pub(super) static ROWS: &[Row] = &[
    Row { kind: "azurerm_lb", place: Place::Group(BALANCER), make: Make::Resources(balancer) },
    part("azurerm_lb_backend_address_pool", "backendAddressPools", Slot::BalancerPools, pool),
    part("azurerm_lb_rule", "loadBalancingRules", Slot::BalancerRules, rule),
    part("azurerm_lb_nat_rule", "inboundNatRules", Slot::BalancerNatRules, nat_rule),
    part("azurerm_lb_nat_pool", "inboundNatPools", Slot::BalancerNatPools, nat_pool),
    Row {
        kind: "azurerm_lb_backend_address_pool_address",
        place: Place::Nowhere,
        make: Make::Item(Slot::PoolAddresses, &OF_POOL, address),
    },
    // AP7: what goes out lets nobody in. Probes ask, they open nothing.
    Row {
        kind: "azurerm_lb_outbound_rule",
        place: Place::Part(&OF_BALANCER, "outboundRules"),
        make: Make::Nothing,
    },
    Row { kind: "azurerm_lb_probe", place: Place::Part(&OF_BALANCER, "probes"), make: Make::Nothing },
];

const BALANCER: &str = "Microsoft.Network/loadBalancers";

static OF_BALANCER: Parent =
    Parent { ids: &["loadbalancer_id"], names: &[], kinds: &["azurerm_lb"], path: BALANCER };

static OF_POOL: Parent = Parent { ids: &["backend_address_pool_id"], names: &[], kinds: &[], path: BALANCER };

const fn part(
    kind: &'static str,
    word: &'static str,
    slot: Slot,
    write: for<'s, 'a> fn(One<'s, 'a>) -> Option<Tree<'a>>,
) -> Row {
    Row { kind, place: Place::Part(&OF_BALANCER, word), make: Make::Item(slot, &OF_BALANCER, write) }
}

fn balancer<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let block = one.block();
    let frontends = block.list(&["frontend_ip_configuration"], |block| frontend(one, block));
    let list = |slot| Tree::List(one.added(slot));
    let own = Written::default()
        .with("frontendIPConfigurations", frontends.unwrap_or_else(|| Tree::List(Vec::new())))
        .with("backendAddressPools", list(Slot::BalancerPools))
        .with("loadBalancingRules", list(Slot::BalancerRules))
        .with("inboundNatRules", list(Slot::BalancerNatRules))
        .with("inboundNatPools", list(Slot::BalancerNatPools));
    // Without one, it depends on the version of the provider.
    let sku = block.value(&["sku"]).map(|sku| Written::default().with("name", sku).tree());
    vec![Written::resource(BALANCER, &one.who(), one.at(), own).with("sku", sku).node()]
}

fn frontend<'a>(one: One<'_, 'a>, block: Block<'_, 'a>) -> Tree<'a> {
    let name = block.text(&["name"]);
    let id = name.map(|name| format!("{}/frontendIPConfigurations/{name}", one.who().id));
    let own = Written::default()
        .with("publicIPAddress", block.reference(&["public_ip_address_id"]))
        .with("publicIPPrefix", block.reference(&["public_ip_prefix_id"]))
        .with("subnet", block.reference(&["subnet_id"]))
        .with("privateIPAddress", block.value(&["private_ip_address"]))
        .with("privateIPAddressVersion", block.value(&["private_ip_address_version"]))
        .with("gatewayLoadBalancer", block.reference(&["gateway_load_balancer_frontend_ip_configuration_id"]))
        .with("provisioningState", text(crate::wire::DECLARED));
    Written::within(block.at())
        .with("id", id.map(text))
        .with("name", block.value(&["name"]))
        .with("properties", own.tree())
        .tree()
}

/// A part with who it is; what it leads to is not known where the part may not be there.
fn written<'a>(one: One<'_, 'a>, own: Written<'a>, leads_to: &'static str) -> Option<Tree<'a>> {
    let who = one.who();
    let mut own = own.node();
    if !(one.is_certain() && one.scene.has_owner(one.index)) {
        own.edit(leads_to, |value| *value = doubtful(None));
    }
    let written =
        Written::within(one.at()).with("id", text(who.id.to_owned())).with("name", text(who.name.to_owned()));
    Some(written.with("properties", Tree::Object(own)).tree())
}

fn pool<'a>(one: One<'_, 'a>) -> Option<Tree<'a>> {
    let addresses = one.added(Slot::PoolAddresses);
    let own = Written::default()
        .with("virtualNetwork", one.block().reference(&["virtual_network_id"]))
        .with("loadBalancerBackendAddresses", (!addresses.is_empty()).then_some(Tree::List(addresses)));
    written(one, own, "loadBalancerBackendAddresses")
}

fn address<'a>(one: One<'_, 'a>) -> Option<Tree<'a>> {
    let block = one.block();
    if !(one.is_certain() && one.scene.has_owner(one.index)) {
        return Some(doubtful(None));
    }
    let own = Written::default()
        .with("ipAddress", block.value(&["ip_address"]))
        .with("virtualNetwork", block.reference(&["virtual_network_id"]))
        .with(
            "loadBalancerFrontendIPConfiguration",
            block.reference(&["backend_address_ip_configuration_id"]),
        );
    let written = Written::within(one.at()).with("name", text(one.who().name.to_owned()));
    Some(written.with("properties", own.tree()).tree())
}

/// What all rules say alike.
fn carried<'a>(one: One<'_, 'a>) -> Written<'a> {
    let block = one.block();
    Written::default()
        .with("frontendIPConfiguration", frontend_of(one))
        .with("protocol", block.value(&["protocol"]))
        .with("backendPort", block.value(&["backend_port"]))
        .with("enableFloatingIP", block.flag(&["floating_ip_enabled", "enable_floating_ip"], false))
}

/// The frontend of a name; older providers also have its id.
fn frontend_of<'a>(one: One<'_, 'a>) -> Option<Tree<'a>> {
    let block = one.block();
    match block.value(&["frontend_ip_configuration_name"]) {
        Some(Tree::Text(name)) => {
            let owner = one.who().id.rsplitn(3, '/').nth(2).unwrap_or_default();
            Some(reference(text(format!("{owner}/frontendIPConfigurations/{name}"))))
        }
        Some(other) => Some(other),
        None => block.reference(&["frontend_ip_configuration_id"]),
    }
}

fn rule<'a>(one: One<'_, 'a>) -> Option<Tree<'a>> {
    let block = one.block();
    let pools = block.references(&["backend_address_pool_ids", "backend_address_pool_id"]);
    let own = carried(one)
        .with("backendAddressPools", pools.unwrap_or_else(|| Tree::List(Vec::new())))
        .with("frontendPort", block.value(&["frontend_port"]));
    written(one, own, "protocol")
}

fn nat_rule<'a>(one: One<'_, 'a>) -> Option<Tree<'a>> {
    let block = one.block();
    let own = carried(one)
        .with("frontendPort", block.value(&["frontend_port"]))
        .with("frontendPortRangeStart", block.value(&["frontend_port_start"]))
        .with("frontendPortRangeEnd", block.value(&["frontend_port_end"]))
        .with("backendAddressPool", block.reference(&["backend_address_pool_id"]));
    written(one, own, "protocol")
}

fn nat_pool<'a>(one: One<'_, 'a>) -> Option<Tree<'a>> {
    let block = one.block();
    let own = carried(one)
        .with("frontendPortRangeStart", block.value(&["frontend_port_start"]))
        .with("frontendPortRangeEnd", block.value(&["frontend_port_end"]));
    written(one, own, "protocol")
}
