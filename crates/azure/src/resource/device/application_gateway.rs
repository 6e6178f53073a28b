//! Application gateways: on which fronts they listen, and to whom they hand on what they hear (semantics AP8).
//!
//! References inside a gateway are resolved here; those to other resources are keys. Knows no group and no interface.

use core::net::IpAddr;
use std::sync::Arc;

use cloud::json::{Node, Tree};
use cloud::{ReadAt, Said, Stated, grammar};
use model::{Effect, Name};

use crate::intake::Intake;
use crate::resource::identity::Identity;
use crate::resource::stated::OfAzure as _;

use super::Device;
use super::gateway_part::{Parts, Seat, address, is_projected, parts, port_of, tells_list};
use super::waf_policy::Waf;

/// An application gateway.
#[derive(Clone, Debug, PartialEq)]
pub struct ApplicationGateway {
    pub(crate) identity: Identity,
    /// The key of the subnet of its instances.
    pub(crate) subnet: Option<Name>,
    /// Whether it runs, in lower case; AP2: one that is stopped is one click from running.
    pub(crate) power: Option<Name>,
    pub(crate) frontends: Vec<Frontend>,
    pub(crate) listeners: Vec<Listener>,
    pub(crate) pools: Vec<BackendPool>,
    /// Who filters the content of what no listener or path has a filter of its own for; `None` when nobody can: the SKU
    /// has no such filter.
    waf: Option<Waf>,
}

/// An address a gateway listens on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Frontend {
    pub(crate) seat: Seat,
    /// Its private address, where it has one and the document says it.
    pub(crate) private: Option<IpAddr>,
}

/// What a gateway listens for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Listener {
    key: Name,
    pub(crate) name: Name,
    /// Its place among the frontends; `None` when that cannot be told.
    pub(crate) frontend: Option<usize>,
    /// `None` when it cannot be told.
    pub(crate) port: Option<u16>,
    /// Its own filter of content.
    waf: Option<Waf>,
    pub(crate) routes: Vec<Route>,
    pub(crate) read_at: ReadAt,
}

/// To whom a rule hands on what a listener hears.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Route {
    pub(crate) rule: Name,
    /// The key of the pool; `None` when it cannot be told.
    pub(crate) pool: Option<Name>,
    /// The port of the backends; `None` when it cannot be told.
    pub(crate) port: Option<u16>,
    /// The filter of the content of these paths alone.
    waf: Option<Waf>,
    pub(crate) read_at: ReadAt,
}

/// Who may be handed what a listener hears.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BackendPool {
    pub(crate) key: Name,
    pub(crate) addresses: Vec<IpAddr>,
    /// Keys of ip-configurations.
    pub(crate) configurations: Vec<Name>,
    /// Whether some are given by name: what a name stands for is not in any export.
    pub(crate) has_names: bool,
}

impl ApplicationGateway {
    /// Who filters the content of what a listener hears: the filters of the listener and of its paths.
    pub(crate) fn wafs<'g>(&'g self, listener: &'g Listener) -> impl Iterator<Item = &'g Waf> {
        let own = self.waf.as_ref().map(|gateway| listener.waf.as_ref().unwrap_or(gateway));
        let paths =
            listener.routes.iter().filter(|_| self.waf.is_some()).filter_map(|route| route.waf.as_ref());
        core::iter::once(own.unwrap_or(&Waf::Off)).chain(paths)
    }

    /// Whether a policy filters content here.
    pub(crate) fn names_policy(&self) -> bool {
        let mut wafs = self.listeners.iter().flat_map(|listener| self.wafs(listener));
        wafs.any(|waf| matches!(waf, Waf::Policy(_)))
    }

    /// The frontend a listener is on.
    pub(crate) fn frontend(&self, listener: &Listener) -> Option<&Frontend> {
        self.frontends.get(listener.frontend?)
    }
}

/// The frontend ports and settings of backends of a gateway, while its listeners and rules are read.
struct Ports<'n, 'a> {
    listened: Parts<'n, 'a>,
    settings: Parts<'n, 'a>,
}

pub(crate) fn read<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed application gateway", intake);
    let ports = Ports {
        listened: parts(&stated, &["frontendPorts"], &identity, intake),
        settings: parts(
            &stated,
            &["backendHttpSettingsCollection", "backendSettingsCollection"],
            &identity,
            intake,
        ),
    };
    let frontends = read_frontends(&stated, &identity, intake);
    let mut listeners = read_listeners(&stated, (&identity, &frontends, &ports), intake);
    read_rules(&stated, (&identity, &ports), &mut listeners, intake);
    add_untold(&stated, &mut listeners, intake);
    let pools = read_pools(&stated, &identity, intake);
    for route in listeners.iter_mut().flat_map(|listener| &mut listener.routes) {
        if route.pool.as_ref().is_some_and(|key| !pools.iter().any(|pool| pool.key == *key)) {
            tell_unknown(&stated, "the backend pool of a rule", intake);
            if pools.is_empty() {
                let sentence = "`backendAddressPools` has none of the pools its rules name: whom it reaches is not in the answer";
                stated.tell("unread-list", Effect::Narrowed, sentence, intake);
            }
            route.pool = None;
        }
    }
    let state = stated.text("operationalState", intake).this();
    ApplicationGateway {
        subnet: read_subnet(&stated, intake),
        power: state.map(|state| intake.name(&state.to_ascii_lowercase())),
        frontends,
        listeners,
        pools,
        waf: read_waf(&stated, intake),
        identity,
    }
    .into()
}

/// What stands for the listeners and the rules of a document that leaves them out: a listener on any port of any
/// frontend, a rule to any port of any backend.
fn add_untold<'a>(stated: &Stated<'_, 'a>, listeners: &mut Vec<Listener>, intake: &mut Intake<'_, 'a>) {
    let unknown = intake.name("unknown rules");
    if !tells_list(stated, LISTENERS, intake) {
        listeners.push(Listener {
            key: Arc::clone(&unknown),
            name: Arc::clone(&unknown),
            frontend: None,
            port: None,
            waf: None,
            routes: Vec::new(),
            read_at: stated.read_at,
        });
    } else if tells_list(stated, RULES, intake) {
        return;
    }
    for listener in listeners {
        listener.routes.push(Route::untold(&unknown, stated));
    }
}

fn read_subnet<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<Name> {
    let configurations = stated.listed("gatewayIPConfigurations", intake);
    let subnet =
        configurations.iter().find_map(|configuration| configuration.reference("subnet", intake).this());
    if subnet.is_none() {
        let sentence =
            "`gatewayIPConfigurations` names no subnet: whose group filters what it hears is not known";
        stated.tell("missing-field", Effect::Undecided, sentence, intake);
    }
    subnet
}

fn read_frontends<'a>(
    stated: &Stated<'_, 'a>,
    identity: &Identity,
    intake: &mut Intake<'_, 'a>,
) -> Vec<Frontend> {
    let is_projected = is_projected(stated);
    let mut frontends = Vec::new();
    for (key, part) in parts(stated, &["frontendIPConfigurations"], identity, intake).0 {
        let mut seat = Seat::read(&part, key, is_projected, intake);
        let private = address(&part, "privateIPAddress", intake);
        // What is private has a subnet. What has neither is no frontend, so something is left out.
        let subnet = part.reference("subnet", intake);
        seat.tells_public = seat.public.is_none() && (private.is_some() || !subnet.is_nothing());
        frontends.push(Frontend { seat, private });
    }
    frontends
}

fn read_listeners<'a>(
    stated: &Stated<'_, 'a>,
    (identity, frontends, ports): (&Identity, &[Frontend], &Ports<'_, 'a>),
    intake: &mut Intake<'_, 'a>,
) -> Vec<Listener> {
    let read = parts(stated, &LISTENERS, identity, intake);
    let mut listeners = Vec::with_capacity(read.0.len());
    for (key, part) in read.0 {
        let named = part.reference("frontendIPConfiguration", intake).this();
        let frontend =
            named.and_then(|named| frontends.iter().position(|frontend| frontend.seat.key == named));
        let port = part.reference("frontendPort", intake).this();
        let port = port.and_then(|port| ports.listened.get(&port)).and_then(|port| port_of(&port, intake));
        if frontend.is_none() || port.is_none() {
            tell_unknown(&part, "the frontend or the port of a listener", intake);
        }
        listeners.push(Listener {
            name: part_name(&part, &key, intake),
            key,
            frontend,
            port,
            waf: part.reference("firewallPolicy", intake).this().map(Waf::Policy),
            routes: Vec::new(),
            read_at: part.read_at,
        });
    }
    listeners
}

fn read_rules<'a>(
    stated: &Stated<'_, 'a>,
    (identity, ports): (&Identity, &Ports<'_, 'a>),
    listeners: &mut [Listener],
    intake: &mut Intake<'_, 'a>,
) {
    let maps = parts(stated, &["urlPathMaps"], identity, intake);
    for (key, rule) in parts(stated, &RULES, identity, intake).0 {
        let heard = [rule.reference("httpListener", intake), rule.reference("listener", intake)];
        let heard = heard.into_iter().find_map(Said::this);
        let name = part_name(&rule, &key, intake);
        let Some(listener) = listeners.iter_mut().find(|listener| Some(&listener.key) == heard.as_ref())
        else {
            tell_unknown(&rule, "the listener of a rule", intake);
            listeners.iter_mut().for_each(|any| any.routes.push(Route::untold(&name, &rule)));
            continue;
        };
        let map = rule.reference("urlPathMap", intake).this();
        match map.as_ref().map(|map| maps.get(map)) {
            None => listener.routes.extend(read_route(&rule, &name, (ROUTE, ports), intake)),
            Some(Some(map)) => {
                listener.routes.extend(read_route(&map, &name, (DEFAULT_ROUTE, ports), intake));
                match map.objects("pathRules", intake) {
                    Said::This(paths) => {
                        let routes = paths.iter().map(|path| read_route(path, &name, (ROUTE, ports), intake));
                        listener.routes.extend(routes.flatten());
                    }
                    // A map has path rules: where they lead is not known.
                    Said::Nothing => {
                        tell_unknown(&map, "`pathRules`", intake);
                        listener.routes.push(Route::untold(&name, &map));
                    }
                    Said::Unreadable => listener.routes.push(Route::untold(&name, &map)),
                }
            }
            Some(None) => {
                tell_unknown(&rule, "the path map of a rule", intake);
                listener.routes.push(Route::untold(&name, &rule));
            }
        }
    }
}

/// The keys of lists, of those for HTTP and those for other protocols.
const LISTENERS: [&str; 2] = ["httpListeners", "listeners"];
const RULES: [&str; 2] = ["requestRoutingRules", "routingRules"];

/// The keys under which an object says to whom it hands on.
#[derive(Clone, Copy)]
struct RouteKeys {
    pool: &'static str,
    settings: [&'static str; 2],
    redirect: &'static str,
}

const ROUTE: RouteKeys = RouteKeys {
    pool: "backendAddressPool",
    settings: ["backendHttpSettings", "backendSettings"],
    redirect: "redirectConfiguration",
};
const DEFAULT_ROUTE: RouteKeys = RouteKeys {
    pool: "defaultBackendAddressPool",
    settings: ["defaultBackendHttpSettings", "defaultBackendSettings"],
    redirect: "defaultRedirectConfiguration",
};

impl Route {
    /// A route to any backend, on any port.
    fn untold(rule: &Name, stated: &Stated<'_, '_>) -> Self {
        Self { rule: Arc::clone(rule), pool: None, port: None, waf: None, read_at: stated.read_at }
    }
}

/// `None` for what only redirects: it reaches no backend.
fn read_route<'a>(
    stated: &Stated<'_, 'a>,
    rule: &Name,
    (keys, ports): (RouteKeys, &Ports<'_, 'a>),
    intake: &mut Intake<'_, 'a>,
) -> Option<Route> {
    let pool = stated.reference(keys.pool, intake);
    if pool.is_nothing() && !stated.reference(keys.redirect, intake).is_nothing() {
        return None;
    }
    if pool.is_nothing() {
        tell_unknown(stated, "the backend pool of a rule", intake);
    }
    let settings = keys.settings.map(|key| stated.reference(key, intake)).into_iter().find_map(Said::this);
    let settings = settings.and_then(|settings| ports.settings.get(&settings));
    let port = settings.and_then(|settings| port_of(&settings, intake));
    if port.is_none() {
        tell_unknown(stated, "the backend port of a rule", intake);
    }
    Some(Route {
        rule: Arc::clone(rule),
        pool: pool.this(),
        port,
        waf: stated.reference("firewallPolicy", intake).this().map(Waf::Policy),
        read_at: stated.read_at,
    })
}

fn read_pools<'a>(
    stated: &Stated<'_, 'a>,
    identity: &Identity,
    intake: &mut Intake<'_, 'a>,
) -> Vec<BackendPool> {
    let mut pools = Vec::new();
    for (key, part) in parts(stated, &["backendAddressPools"], identity, intake).0 {
        let mut pool = BackendPool {
            key,
            addresses: Vec::new(),
            configurations: part.listed_references("backendIPConfigurations", intake),
            has_names: false,
        };
        for backend in part.listed("backendAddresses", intake) {
            pool.addresses.extend(address(&backend, "ipAddress", intake));
            if matches!(backend.value("ipAddress"), Some(Tree::Unknown(_))) {
                let sentence = "the address of a backend is not known: whom it reaches is not in the answer";
                backend.tell("unread-list", Effect::Narrowed, sentence, intake);
            }
            // A name field may hold an address all the same.
            match backend.text("fqdn", intake).this().map(grammar::address) {
                Some(Some(address)) => pool.addresses.push(address),
                Some(None) => pool.has_names = true,
                None if !backend.has("ipAddress") && !backend.has("fqdn") => {
                    let sentence = "a backend has neither an address nor a name: it may be anybody";
                    backend.tell("missing-field", Effect::Undecided, sentence, intake);
                }
                None => {}
            }
        }
        pools.push(pool);
    }
    pools
}

/// The SKU decides whether there can be one; then the policy; then the gateway's own settings.
fn read_waf<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<Waf> {
    let sku = stated.object("sku", intake).this();
    let word = |key: &str, intake: &mut Intake<'_, 'a>| sku.and_then(|sku| sku.text(key, intake).this());
    let tier = word("tier", intake).or_else(|| word("name", intake)).map(str::to_ascii_lowercase);
    let has_waf = tier.as_ref().map(|tier| tier.starts_with("waf"));
    if has_waf == Some(false) {
        return None;
    }
    if let Said::This(policy) = stated.reference("firewallPolicy", intake) {
        return Some(Waf::Policy(policy));
    }
    Some(match stated.object("webApplicationFirewallConfiguration", intake) {
        Said::This(own) => {
            let is_enabled = own.flag("enabled", intake).this();
            Waf::of(is_enabled, own.text("firewallMode", intake).this())
        }
        Said::Nothing if has_waf == Some(true) => Waf::Off,
        Said::Nothing | Said::Unreadable => Waf::Unknown,
    })
}

fn part_name<'a>(part: &Stated<'_, 'a>, key: &Name, intake: &mut Intake<'_, 'a>) -> Name {
    match part.text("name", intake).this() {
        Some(name) => intake.name(name),
        None => Arc::clone(key),
    }
}

fn tell_unknown<'a>(stated: &Stated<'_, 'a>, what: &str, intake: &mut Intake<'_, 'a>) {
    let sentence = format!("{what} is not among the parts of the gateway: it may be any");
    stated.tell("unknown-gateway-part", Effect::Undecided, &sentence, intake);
}
