//! Load balancers and everything else behind a forwarding rule: what takes packets, and whom it hands them to (G16, G17).
//!
//! Who reaches what through them is found in `lower`.

mod backend_bucket;
mod backend_service;
mod condition;
mod endpoint_group;
mod endpoints;
mod forwarding_rule;
mod instance_group;
mod instance_group_manager;
mod managed_instances;
mod members;
mod security_policy;
mod security_rule;
mod target_instance;
mod target_pool;
mod target_proxy;
mod target_vpn_gateway;
mod url_map;

use cloud::{Quoted, Said, Stated};
use model::Effect;

use crate::intake::Intake;

use super::{Link, Origin, is_whole};

pub(crate) use backend_bucket::BackendBucket;
pub(crate) use backend_service::{BackendService, Selection};
pub(crate) use endpoint_group::{EndpointGroup, EndpointKind};
pub(crate) use endpoints::Endpoints;
pub(crate) use forwarding_rule::{Carried, ForwardingRule};
pub(crate) use instance_group::InstanceGroup;
pub(crate) use instance_group_manager::InstanceGroupManager;
pub(crate) use managed_instances::ManagedInstances;
pub(crate) use members::Members;
pub(crate) use security_policy::SecurityPolicy;
pub(crate) use security_rule::{Outcome, SecurityRule};
pub(crate) use target_instance::TargetInstance;
pub(crate) use target_pool::TargetPool;
pub(crate) use target_proxy::{
    TargetGrpcProxy, TargetHttpProxy, TargetHttpsProxy, TargetProxy, TargetSslProxy, TargetTcpProxy,
};
pub(crate) use target_vpn_gateway::TargetVpnGateway;
pub(crate) use url_map::UrlMap;

/// Whom a forwarding rule or a backend service serves. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// The Internet, through a classic proxy or straight (`EXTERNAL`).
    External,
    /// The Internet, through proxies of the newer kind (`EXTERNAL_MANAGED`).
    ExternalManaged,
    /// Clients inside: `INTERNAL`, `INTERNAL_MANAGED`, `INTERNAL_SELF_MANAGED`.
    Internal,
}

impl Scheme {
    fn read<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Said<Self> {
        match stated.text(SCHEME, intake) {
            Said::Nothing => Said::Nothing,
            Said::Unreadable => Said::Unreadable,
            Said::This("EXTERNAL" | "EXTERNAL_PASSTHROUGH") => Said::This(Self::External),
            Said::This("EXTERNAL_MANAGED") => Said::This(Self::ExternalManaged),
            Said::This("INTERNAL" | "INTERNAL_MANAGED" | "INTERNAL_SELF_MANAGED") => {
                Said::This(Self::Internal)
            }
            Said::This(word) => {
                let sentence = format!(
                    "`{SCHEME}` is {}, expected EXTERNAL, EXTERNAL_MANAGED or one of INTERNAL: what it serves is possible",
                    Quoted(word)
                );
                stated.tell("unknown-word", Effect::Undecided, &sentence, intake);
                Said::Unreadable
            }
        }
    }
}

/// A reference under a key.
fn link<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Said<Link> {
    stated.text(key, intake).map(Link::of)
}

/// References under a key, sorted, each once.
fn links<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Said<Vec<Link>> {
    stated.texts(key, intake).map(|texts| {
        let mut links: Vec<Link> = texts.into_iter().map(Link::of).collect();
        links.sort_unstable();
        links.dedup();
        links
    })
}

/// Whether an absent key of an object says that it has no such thing: the object is whole, or it says null.
fn is_told(stated: &Stated<'_, '_>, key: &str, origin: &Origin) -> bool {
    is_whole(stated, origin) || stated.is_null(key)
}

/// A list that is not there is empty where that is told.
fn or_empty<T>(said: Said<Vec<T>>, is_told: bool) -> Said<Vec<T>> {
    match said {
        Said::Nothing if is_told => Said::This(Vec::new()),
        said => said,
    }
}

/// A policy that stands before something. Complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Guard {
    None,
    Policy(Link),
    /// Not told, or not read: there may be one.
    Unknown,
}

impl Guard {
    fn read<'a>(stated: &Stated<'_, 'a>, key: &str, origin: &Origin, intake: &mut Intake<'_, 'a>) -> Self {
        match link(stated, key, intake) {
            Said::This(policy) => Self::Policy(policy),
            Said::Nothing if is_told(stated, key, origin) => Self::None,
            Said::Nothing | Said::Unreadable => Self::Unknown,
        }
    }
}

/// A port; what is none has been told.
fn port<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Said<u16> {
    match stated.number(key, intake) {
        Said::Nothing => Said::Nothing,
        Said::Unreadable => Said::Unreadable,
        Said::This(number) => match u16::try_from(number) {
            Ok(port) => Said::This(port),
            Err(_) => {
                let sentence = format!("`{key}` is {number}, expected a port: every port is possible");
                stated.tell("unreadable-port", Effect::Undecided, &sentence, intake);
                Said::Unreadable
            }
        },
    }
}

const SCHEME: &str = "loadBalancingScheme";
