//! Services as targets (P30 to P32): an endpoint of the provider behind a list of the service's own.

mod app_engine;
mod customers;
mod list;
mod told;

use core::net::IpAddr;
use std::sync::Arc;

use model::{Carries, Destinations, Front, Hop, Name, Path, Reach, Target};
use packet::{Bounds, Family, PortSet};

use crate::resource::{CloudSqlInstance, DnsEndpoint, GkeCluster, Identity, Line};

use super::{CLOUD_NAME, Lowering};

/// One endpoint of a service, as far as a path needs it.
struct Endpoint<'s> {
    lines: &'s [Line],
    ports: Bounds<PortSet>,
    families: &'s [Family],
    reach: Reach,
    address: Option<IpAddr>,
    hops: Vec<Hop>,
}

impl Lowering<'_> {
    /// The keys of all services that may be targets.
    pub(super) fn service_keys(&self) -> Vec<Name> {
        let known = &self.estate.resources;
        let keys = known.cloud_sql_instances.iter().map(|(key, _)| key);
        let keys = keys.chain(known.gke_clusters.iter().map(|(key, _)| key)).cloned();
        keys.chain(self.app_engine_keys()).collect()
    }

    /// The target that a service is.
    pub(super) fn service_target(&mut self, key: &Name) -> Option<Target> {
        let known = &self.estate.resources;
        if let Some(instance) = known.cloud_sql_instances.get(key) {
            return Some(self.cloud_sql_target(instance));
        }
        if let Some(cluster) = known.gke_clusters.get(key) {
            return Some(self.gke_target(cluster));
        }
        self.app_engine_target(key)
    }

    fn cloud_sql_target(&mut self, instance: &CloudSqlInstance) -> Target {
        let families = if instance.has_ipv6 { &Family::BOTH[..] } else { &[Family::V4][..] };
        let paths = if instance.is_public == Some(false) {
            Vec::new()
        } else {
            vec![self.endpoint_path(
                &instance.identity,
                CLOUD_SQL,
                Endpoint {
                    lines: &instance.lines,
                    ports: instance.ports.clone(),
                    families,
                    reach: Reach::Exposed,
                    address: instance.address,
                    hops: Vec::new(),
                },
            )]
        };
        // The port of the connectors asks no list, only for a certificate: told, and no exposure.
        let connectors = (instance.is_public != Some(false)).then(|| ("connectors", CONNECTORS.into()));
        let mut attributes = attributes(instance.region.as_ref(), DATA);
        attributes.extend(connectors);
        attributes.sort();
        Target { power: instance.power.clone(), attributes, ..target(&instance.identity, CLOUD_SQL, paths) }
    }

    fn gke_target(&mut self, cluster: &GkeCluster) -> Target {
        let mut paths = Vec::new();
        if !cluster.lines.is_empty() {
            paths.push(self.endpoint_path(
                &cluster.identity,
                GKE,
                Endpoint {
                    lines: &cluster.lines,
                    ports: Bounds::exactly(PortSet::only(HTTPS)),
                    families: &[Family::V4],
                    reach: Reach::Exposed,
                    address: cluster.address,
                    hops: Vec::new(),
                },
            ));
        }
        paths.extend(cluster.dns.as_ref().map(|dns| self.dns_path(cluster, dns)));
        let attributes = attributes(cluster.region.as_ref(), DATA);
        Target { power: cluster.power.clone(), attributes, ..target(&cluster.identity, GKE, paths) }
    }

    /// By its name a control plane is reached through a front end of Google's, whose address it sees. Which families
    /// that has is not documented: IPv6 is possible.
    fn dns_path(&mut self, cluster: &GkeCluster, dns: &DnsEndpoint) -> Path {
        let id = format!("{}/dnsEndpoint", cluster.identity.id);
        let host = dns.host.clone().unwrap_or_else(|| Arc::clone(&cluster.identity.name));
        let identity =
            Identity { key: id.as_str().into(), id: id.into(), name: host, ..cluster.identity.clone() };
        let hop = Hop {
            kind: DNS_ENDPOINT,
            id: Arc::clone(&identity.id),
            name: Arc::clone(&identity.name),
            rule: None,
            provenance: Some(identity.read_at.0),
        };
        let lines: Vec<Line> = dns.lines.iter().map(|line| self.of_one_family(line)).collect();
        let endpoint = Endpoint {
            lines: &lines,
            ports: Bounds::exactly(PortSet::only(HTTPS)),
            families: &Family::BOTH,
            reach: Reach::ViaProxy,
            address: None,
            hops: vec![hop],
        };
        self.endpoint_path(&identity, DNS_ENDPOINT, endpoint)
    }

    fn endpoint_path(&mut self, identity: &Identity, kind: &'static str, endpoint: Endpoint<'_>) -> Path {
        Path {
            reach: endpoint.reach,
            front: Some(Front { id: Arc::clone(&identity.id), address: endpoint.address }),
            destinations: Destinations::endpoint(endpoint.families),
            carries: Carries::Everything,
            hops: endpoint.hops,
            filter: Arc::new(self.own_list(identity, kind, endpoint.lines, endpoint.ports)),
        }
    }
}

/// A target with nothing known but who it is and how it is reached.
fn target(identity: &Identity, kind: &'static str, paths: Vec<Path>) -> Target {
    Target {
        cloud: CLOUD_NAME,
        id: Arc::clone(&identity.id),
        key: Arc::clone(&identity.key),
        kind,
        name: Arc::clone(&identity.name),
        scope: identity.project.clone(),
        power: None,
        attributes: Vec::new(),
        paths,
        provenance: Some(identity.read_at.0),
    }
}

/// Its region, and what its endpoint is for. Sorted.
fn attributes(region: Option<&Name>, service: &str) -> Vec<(&'static str, Name)> {
    let region = region.map(|region| ("region", Arc::clone(region)));
    region.into_iter().chain([("service", service.into())]).collect()
}

const CLOUD_SQL: &str = "cloud-sql-instance";
const GKE: &str = "gke-cluster";
const DNS_ENDPOINT: &str = "gke-dns-endpoint";
/// What checks know a service by that keeps data behind its endpoint.
const DATA: &str = "data";
const HTTPS: u16 = 443;
const CONNECTORS: &str = "tcp/3307";
