//! What a load balancer listens to, and whom it hands requests to: rules by their number, then the default.
//!
//! A client writes host and path itself, so a rule that asks for them is met by whom it lets; its address is its own, so
//! `source-ip` bounds who is led where, exactly.

use std::sync::Arc;

use cloud::{Common, Said};
use model::{Name, Provenance};
use packet::{AddressSet, Bounds, PortSet, Protocol, ProtocolSet};

use crate::resource::{ClassicListener, Forwarding, Listener, ListenerRule};

/// What a load balancer listens to.
#[derive(Clone, Debug)]
pub(super) struct Ear {
    pub(super) name: Option<Name>,
    pub(super) protocols: ProtocolSet,
    /// The ports at which it listens: one, or one of these, not known which.
    pub(super) ports: Arc<PortSet>,
    /// Whether it ends the connections of its clients.
    pub(super) ends_connections: bool,
    pub(super) routes: Vec<Route>,
    /// The ARNs of all groups that it names, be it for nobody.
    groups: Vec<Name>,
    /// Whether one of its actions may do anything.
    pub(super) is_unread: bool,
    /// Why it is not certain that it listens, if it is not.
    pub(super) doubt: Option<&'static str>,
    pub(super) provenance: Option<Provenance>,
}

/// Whom some requests are handed to.
#[derive(Clone, Debug)]
pub(super) struct Route {
    pub(super) to: To,
    /// Whose.
    pub(super) sources: Bounds<Arc<AddressSet>>,
    /// Why it is not certain that there is this route, if it is not.
    pub(super) doubt: Option<&'static str>,
}

/// What requests come to. Complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum To {
    /// The targets of the group with this ARN.
    Group(Name),
    /// An instance, at a port; `None`: not known which.
    Instance(Name, Option<u16>),
    /// The load balancer answers, or whom it asks is not known.
    Itself,
}

impl Ear {
    /// A listener of which the input has nothing: any port.
    pub(super) fn unknown(routes: Vec<Route>, protocols: ProtocolSet, common: &Common) -> Self {
        Self {
            name: None,
            protocols,
            ports: Arc::clone(&common.every_port),
            ends_connections: false,
            routes,
            groups: Vec::new(),
            is_unread: false,
            doubt: Some(LISTENERS),
            provenance: None,
        }
    }

    /// A listener with its rules, ascending by number.
    pub(super) fn of(listener: &Listener, rules: &[&ListenerRule], common: &Common) -> Self {
        let (protocols, is_told) = match listener.protocols {
            Said::This(protocols) => (protocols, true),
            Said::Nothing | Said::Unreadable => (either(), false),
        };
        let actions = rules.iter().map(|rule| &rule.action).chain([&listener.default]);
        Self {
            name: Some(Arc::clone(&listener.identity.name)),
            protocols,
            ports: ports(&listener.port, common),
            ends_connections: listener.is_tls,
            routes: routes(listener, rules, common),
            is_unread: default(listener, rules).is_unread
                || rules.iter().any(|rule| !rule.is_default && rule.action.is_unread),
            groups: actions.flat_map(|action| action.groups.iter().cloned()).collect(),
            doubt: match (is_told, &listener.port) {
                (true, Said::This(_)) => None,
                _ => Some(LISTENERS),
            },
            provenance: Some(listener.identity.read_at.0),
        }
    }

    /// A listener of a classic load balancer.
    pub(super) fn classic(listener: &ClassicListener, instances: Option<&[Name]>, common: &Common) -> Self {
        let to = listener.instance_port.clone().this();
        let route = |id: &Name| Route::of(To::Instance(Arc::clone(id), to), common);
        let routes = match instances {
            Some(instances) => instances.iter().map(route).collect(),
            None => vec![Route::of(To::Itself, common)],
        };
        let name = match &listener.port {
            Said::This(port) => Some(format!("TCP {port}").into()),
            Said::Nothing | Said::Unreadable => None,
        };
        Self {
            name,
            protocols: ProtocolSet::only(Protocol::TCP),
            ports: ports(&listener.port, common),
            ends_connections: true,
            routes,
            groups: Vec::new(),
            is_unread: false,
            doubt: (!matches!(listener.port, Said::This(_))).then_some(LISTENERS),
            provenance: None,
        }
    }

    /// Whether it names a group.
    pub(super) fn names(&self, group: &Name) -> bool {
        self.groups.contains(group)
    }

    /// A rule that the input has not may hand requests to a group.
    pub(super) fn add_possible(&mut self, group: Name, common: &Common) {
        self.groups.push(Arc::clone(&group));
        self.routes.push(Route { doubt: Some(RULES), ..Route::of(To::Group(group), common) });
    }
}

impl Route {
    /// A route for all requests.
    pub(super) fn of(to: To, common: &Common) -> Self {
        Self { to, sources: Bounds::exactly(Arc::clone(&common.everything)), doubt: None }
    }
}

fn ports(port: &Said<u16>, common: &Common) -> Arc<PortSet> {
    match port {
        Said::This(port) => Arc::new(PortSet::only(*port)),
        Said::Nothing | Said::Unreadable => Arc::clone(&common.every_port),
    }
}

/// TCP and UDP.
pub(super) fn either() -> ProtocolSet {
    [Protocol::TCP, Protocol::UDP].into_iter().collect()
}

/// Who is led where: each rule takes those it asks for of whom no rule before it took all.
fn routes(listener: &Listener, rules: &[&ListenerRule], common: &Common) -> Vec<Route> {
    let mut left = Bounds::exactly(Arc::clone(&common.everything));
    let mut routes: Vec<Route> = Vec::new();
    for rule in rules.iter().filter(|rule| !rule.is_default) {
        let asked = &rule.condition.sources;
        let both = |a: &AddressSet, b: &AddressSet| Arc::new(a.intersection(b));
        let mut taken = Bounds { must: both(&left.must, &asked.must), may: both(&left.may, &asked.may) };
        if rule.priority.is_none() {
            taken.must = Arc::clone(&common.nothing);
        }
        add(&mut routes, &rule.action, &taken);
        if !rule.condition.has_more {
            let rest = |a: &AddressSet, b: &AddressSet| Arc::new(a.difference(b));
            let gone = if rule.priority.is_some() { &taken.must } else { &common.nothing };
            left = Bounds { must: rest(&left.must, &taken.may), may: rest(&left.may, gone) };
        }
    }
    add(&mut routes, default(listener, rules), &left);
    routes
}

/// What becomes of requests that no rule takes: the listener says it, and its last rule says it again.
fn default<'l>(listener: &'l Listener, rules: &[&'l ListenerRule]) -> &'l Forwarding {
    let last = rules.iter().find(|rule| rule.is_default && !rule.action.is_unread);
    last.map(|rule| &rule.action).filter(|_| listener.default.is_unread).unwrap_or(&listener.default)
}

fn add(routes: &mut Vec<Route>, action: &Forwarding, sources: &Bounds<Arc<AddressSet>>) {
    if sources.may.is_empty() {
        return;
    }
    let mut to: Vec<To> = action.groups.iter().map(|group| To::Group(Arc::clone(group))).collect();
    if action.answers || action.is_unread || to.is_empty() {
        to.push(To::Itself);
    }
    for to in to {
        match routes.iter_mut().find(|known| known.to == to) {
            Some(known) => {
                if !matches!(&to, To::Group(group) if action.idle.contains(group)) {
                    known.doubt = None;
                }
                let both = |a: &AddressSet, b: &AddressSet| Arc::new(a.union(b));
                known.sources = Bounds {
                    must: both(&known.sources.must, &sources.must),
                    may: both(&known.sources.may, &sources.may),
                };
            }
            None => {
                let is_idle = matches!(&to, To::Group(group) if action.idle.contains(group));
                routes.push(Route { to, sources: sources.clone(), doubt: is_idle.then_some(WEIGHT) });
            }
        }
    }
}

/// What a path says of a group whose weight is zero: one call gives it requests.
const WEIGHT: &str = "weight";
/// What a path says that a rule of a listener may make which is not in the input.
const RULES: &str = "listener rules";
/// What a path says whose listener is not in the input.
const LISTENERS: &str = "listeners";
