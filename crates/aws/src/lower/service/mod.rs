//! Services as targets (P20 to P23, W26): a database through the groups and the network it is in, everything else
//! through a list of its own.

mod database;
mod endpoint;
mod lightsail;
mod list;
mod seat;
mod told;

use model::{Name, Reach, Target};

use super::Lowering;
use endpoint::Endpoint;

impl<'e> Lowering<'e> {
    /// The keys of all services that may be targets.
    pub(super) fn service_keys(&self) -> Vec<Name> {
        let known = &self.estate.resources;
        let keys = known.rds_instances.iter().map(|(key, _)| key);
        let keys = keys.chain(known.rds_clusters.iter().map(|(key, _)| key));
        let keys = keys.chain(known.redshift_clusters.iter().map(|(key, _)| key));
        let keys = keys.chain(known.redshift_workgroups.iter().map(|(key, _)| key));
        let keys = keys.chain(known.eks_clusters.iter().map(|(key, _)| key));
        let keys = keys.chain(known.opensearch_domains.iter().map(|(key, _)| key));
        let keys = keys.chain(known.lightsail_instances.iter().map(|(key, _)| key));
        let keys = keys.chain(known.lightsail_databases.iter().map(|(key, _)| key)).cloned();
        keys.chain(self.lone_port_states()).collect()
    }

    /// The target that a service is.
    pub(super) fn service_target(&mut self, key: &Name) -> Option<Target> {
        let known = &self.estate.resources;
        if let Some(instance) = known.rds_instances.get(key) {
            return Some(self.rds_instance_target(instance));
        }
        if let Some(cluster) = known.rds_clusters.get(key) {
            return self.rds_cluster_target(cluster);
        }
        if let Some(cluster) = known.redshift_clusters.get(key) {
            return Some(self.redshift_target(cluster));
        }
        if let Some(workgroup) = known.redshift_workgroups.get(key) {
            return Some(self.redshift_workgroup_target(workgroup));
        }
        if let Some(instance) = known.lightsail_instances.get(key) {
            return Some(self.lightsail_target(instance));
        }
        if let Some(states) = known.lightsail_port_states.get(key) {
            return Some(self.lightsail_ports_target(states));
        }
        let endpoint = self.endpoint_of(key)?;
        Some(self.endpoint_target(&endpoint))
    }

    fn endpoint_of(&self, key: &Name) -> Option<Endpoint<'e>> {
        let known = &self.estate.resources;
        if let Some(cluster) = known.eks_clusters.get(key) {
            return Some(Endpoint {
                identity: &cluster.identity,
                kind: "eks-cluster",
                lines: &cluster.lines,
                faces: &cluster.faces,
                reach: Reach::Exposed,
                power: cluster.power.as_ref(),
            });
        }
        if let Some(domain) = known.opensearch_domains.get(key) {
            return Some(Endpoint {
                identity: &domain.identity,
                kind: "opensearch-domain",
                lines: &domain.lines,
                faces: &domain.faces,
                reach: if domain.is_told { Reach::Exposed } else { Reach::Admitted },
                power: None,
            });
        }
        let database = known.lightsail_databases.get(key)?;
        Some(Endpoint {
            identity: &database.identity,
            kind: "lightsail-database",
            lines: &database.lines,
            faces: &[crate::resource::Face::V4],
            reach: Reach::Exposed,
            power: database.power.as_ref(),
        })
    }
}
