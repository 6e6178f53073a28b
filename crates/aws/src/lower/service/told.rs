//! What the input has nothing of that services need, each with the command that would export it.

use super::super::Lowering;

impl Lowering<'_> {
    pub(in crate::lower) fn missing_of_services(&self) -> Vec<String> {
        let known = &self.estate.resources;
        let mut sentences = Vec::new();
        let names_group =
            known.redshift_clusters.values().any(|cluster| cluster.database.seat.subnet_group.is_some());
        if names_group && self.lacks("redshift-subnet-group", known.redshift_subnet_groups.is_empty()) {
            sentences.push(MISSING_REDSHIFT_SUBNETS.to_owned());
        }
        let has_cluster = known.rds_clusters.values().any(|cluster| cluster.database.is_some());
        if has_cluster && self.lacks("rds-subnet-group", known.rds_subnet_groups.is_empty()) {
            sentences.push(MISSING_RDS_SUBNETS.to_owned());
        }
        let has_members = known
            .rds_clusters
            .values()
            .any(|cluster| cluster.database.is_none() && !cluster.members.is_empty());
        if has_members && self.lacks("rds-instance", known.rds_instances.is_empty()) {
            sentences.push(MISSING_INSTANCES.to_owned());
        }
        sentences
    }

    /// Whether something is reached through groups and a network that is no interface of the input.
    pub(in crate::lower) fn has_databases(&self) -> bool {
        let known = &self.estate.resources;
        !known.rds_instances.is_empty()
            || known.rds_clusters.values().any(|cluster| cluster.database.is_some())
            || !known.redshift_clusters.is_empty()
            || !known.redshift_workgroups.is_empty()
    }

    fn lacks(&self, kind: &str, is_empty: bool) -> bool {
        is_empty && !self.estate.listed.contains(kind)
    }
}

const MISSING_REDSHIFT_SUBNETS: &str = "groups of subnets of Redshift are not in the input: in which subnets clusters are is not known; add `aws redshift describe-cluster-subnet-groups`";
const MISSING_RDS_SUBNETS: &str = "groups of subnets of RDS are not in the input: in which subnets clusters are is not known; add `aws rds describe-db-subnet-groups`";
const MISSING_INSTANCES: &str = "instances of database clusters are not in the input: whether these are public is said by them; add `aws rds describe-db-instances`";
