//! Services whose own list is the only filter before them (P21, P22, W26): clusters of EKS, domains of OpenSearch,
//! databases of Lightsail.

use std::sync::Arc;

use model::{Carries, Destinations, Filter, Front, Name, Path, Reach, Target};
use packet::{AddressSet, Family, Prefix};

use crate::resource::{Face, Identity, Line};

use super::super::{CLOUD_NAME, Lowering};

/// A service with a list of its own, as far as a path needs it.
pub(super) struct Endpoint<'s> {
    pub(super) identity: &'s Identity,
    pub(super) kind: &'static str,
    pub(super) lines: &'s [Line],
    pub(super) faces: &'s [Face],
    pub(super) reach: Reach,
    pub(super) power: Option<&'s Name>,
}

impl Lowering<'_> {
    pub(super) fn endpoint_target(&mut self, endpoint: &Endpoint<'_>) -> Target {
        let lines: Vec<&Line> = endpoint.lines.iter().collect();
        let filter = self.own_list(endpoint.identity, endpoint.kind, &lines);
        let of = |certain: bool| {
            let faces = endpoint.faces.iter().filter(move |face| face.certain == certain);
            faces.map(|face| face.family).collect::<Vec<Family>>()
        };
        let mut paths = Vec::new();
        let (certain, possible) = (of(true), of(false));
        if !certain.is_empty() {
            paths.push(path(endpoint, &certain, filter.clone()));
        }
        if !possible.is_empty() {
            let filter = self.doubted(filter, FAMILY);
            paths.push(path(endpoint, &possible, filter));
        }
        Target {
            attributes: attributes(endpoint.identity, Some(DATA)),
            power: endpoint.power.cloned(),
            ..target(endpoint.identity, endpoint.kind, paths)
        }
    }
}

fn path(endpoint: &Endpoint<'_>, families: &[Family], filter: Filter) -> Path {
    Path {
        reach: endpoint.reach,
        front: Some(Front { id: Arc::clone(&endpoint.identity.id), address: None }),
        destinations: Destinations::endpoint(families),
        carries: Carries::Everything,
        hops: Vec::new(),
        filter: Arc::new(filter),
    }
}

/// A target with nothing known but who it is and how it is reached.
pub(super) fn target(identity: &Identity, kind: &'static str, paths: Vec<Path>) -> Target {
    Target {
        cloud: CLOUD_NAME,
        id: Arc::clone(&identity.id),
        key: Arc::clone(&identity.key),
        kind,
        name: Arc::clone(&identity.name),
        scope: identity.account.clone(),
        power: None,
        attributes: attributes(identity, None),
        paths,
        provenance: Some(identity.read_at.0),
    }
}

/// Its region, and what its endpoint is for where it has a filter of its own.
pub(super) fn attributes(identity: &Identity, service: Option<&str>) -> Vec<(&'static str, Name)> {
    let region = identity.region.clone().map(|region| ("region", region));
    region.into_iter().chain(service.map(|service| ("service", service.into()))).collect()
}

/// One address, as the place where packets arrive.
pub(super) fn only(address: core::net::IpAddr) -> Destinations {
    Destinations::These(Arc::new(AddressSet::from(Prefix::host(address))))
}

/// What checks know a service by that keeps data behind its endpoint.
const DATA: &str = "data";
/// What a path says that may not be there.
const FAMILY: &str = "address family";
