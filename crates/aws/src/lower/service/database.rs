//! Databases as targets (P20): a public address in a subnet, the groups and the lists in front of it, one port.

use std::sync::Arc;

use cloud::Quoted;
use model::{Carries, Destinations, Effect, Front, Gap, Name, Path, Reach, Target};
use packet::{Family, Protocol, ProtocolSet};

use crate::resource::{
    Database, Face, Identity, Public, RdsCluster, RdsInstance, RedshiftCluster, RedshiftWorkgroup, Seat, Site,
};

use crate::register::Found;

use super::super::Lowering;
use super::super::way::Way;
use super::endpoint::{attributes, target};
use super::seat::{seated, standby_subnets, subnets};

impl Lowering<'_> {
    pub(super) fn rds_instance_target(&mut self, instance: &RdsInstance) -> Target {
        let groups = self.estate.resources.rds_subnet_groups.values();
        let known = groups.map(|group| (&group.identity, &group.vpc, &group.subnets));
        let known = seated(known, &instance.identity, &instance.database.seat);
        let (database, sites) =
            self.with_sites(&instance.database, known, &instance.identity, "rds-subnet-group");
        self.database_target(&instance.identity, "rds-instance", &database, sites)
    }

    /// A cluster that has endpoints of its own; of others the instances are what is reached.
    pub(super) fn rds_cluster_target(&mut self, cluster: &RdsCluster) -> Option<Target> {
        let Some(database) = &cluster.database else {
            self.tell_members(cluster);
            return None;
        };
        let groups = self.estate.resources.rds_subnet_groups.values();
        let known = groups.map(|group| (&group.identity, &group.vpc, &group.subnets));
        let known = seated(known, &cluster.identity, &database.seat);
        let (database, sites) = self.with_sites(database, known, &cluster.identity, "rds-subnet-group");
        Some(self.database_target(&cluster.identity, "rds-cluster", &database, sites))
    }

    pub(super) fn redshift_target(&mut self, cluster: &RedshiftCluster) -> Target {
        let groups = self.estate.resources.redshift_subnet_groups.values();
        let known = groups.map(|group| (&group.identity, &group.vpc, &group.subnets));
        let known = seated(known, &cluster.identity, &cluster.database.seat);
        let (database, sites) =
            self.with_sites(&cluster.database, known, &cluster.identity, "redshift-subnet-group");
        self.database_target(&cluster.identity, "redshift-cluster", &database, sites)
    }

    pub(super) fn redshift_workgroup_target(&mut self, workgroup: &RedshiftWorkgroup) -> Target {
        let sites = workgroup.database.seat.subnets.clone();
        self.database_target(&workgroup.identity, "redshift-workgroup", &workgroup.database, sites)
    }

    /// A database with its subnets: those it lists, else those of the group it names. A group that the input has not,
    /// although it has others, is told.
    fn with_sites(
        &mut self,
        database: &Database,
        known: Option<(Option<Name>, Option<Vec<Site>>)>,
        owner: &Identity,
        kind: &'static str,
    ) -> (Database, Option<Vec<Site>>) {
        let own = &database.seat;
        if own.subnets.is_some() {
            return (database.clone(), own.subnets.clone());
        }
        let named =
            own.subnet_group.as_ref().filter(|_| known.is_none() && self.estate.listed.contains(kind));
        if let Some(group) = named {
            let message = format!(
                "{}: the group of subnets {} is not in the input: in which subnets it may be is not known",
                Quoted(&owner.name),
                Quoted(group)
            );
            self.gaps.push(Gap::at(owner.read_at.0, "dangling-reference", Effect::Undecided, message));
        }
        let (vpc, sites) = known.unwrap_or((None, None));
        let seat = Seat { vpc: own.vpc.clone().or(vpc), ..own.clone() };
        (Database { seat, ..database.clone() }, sites)
    }

    /// P20: whether such a cluster is public is said by its instances.
    fn tell_members(&mut self, cluster: &RdsCluster) {
        let known = &self.estate.resources.rds_instances;
        let beside = |member: &Name| match cluster.identity.id.split_once(":cluster:") {
            Some((before, _)) => format!("{before}:db:{member}"),
            None => format!("rds:db:{member}"),
        };
        let account = cluster.identity.account.as_deref();
        let is_known = |member: &&Name| !matches!(known.find(account, &beside(member)), Found::Nothing);
        // Wholly absent, they are missing, which is said once.
        if known.is_empty() && !self.estate.listed.contains("rds-instance") {
            return;
        }
        let absent: Vec<&Name> = cluster.members.iter().filter(|member| !is_known(member)).collect();
        for member in absent {
            let message = format!(
                "{}: its instance {} is not in the input: whether it is public is not known",
                Quoted(&cluster.identity.name),
                Quoted(member)
            );
            let place = cluster.identity.read_at.0;
            self.gaps.push(Gap::at(place, "dangling-reference", Effect::Narrowed, message));
        }
    }

    fn database_target(
        &mut self,
        identity: &Identity,
        kind: &'static str,
        database: &Database,
        sites: Option<Vec<Site>>,
    ) -> Target {
        // Where it may be is not told: its network is asked as a whole.
        let sites = sites.as_deref().unwrap_or(&[]);
        let mut paths = Vec::new();
        for face in &database.faces {
            if !face.certain && face.family == Family::V6 && self.lacks_ipv6(identity, &database.seat, sites)
            {
                continue;
            }
            paths.extend(self.face_paths(identity, database, *face, sites));
        }
        Target {
            attributes: attributes(identity, Some(DATABASE)),
            power: database.power.clone(),
            ..target(identity, kind, paths)
        }
    }

    fn face_paths(
        &mut self,
        identity: &Identity,
        database: &Database,
        face: Face,
        sites: &[Site],
    ) -> Vec<Path> {
        let groups = self.groups_filter(&database.groups, identity);
        let mut way = way(identity, database, face);
        let approaches = match subnets(&database.seat, sites).as_slice() {
            [] => vec![self.approach_of_network(identity, database, face.family, &mut way)],
            subnets => self.approaches(identity, &database.seat, face.family, subnets),
        };
        let mut paths: Vec<Path> = Vec::new();
        for approach in &approaches {
            paths.extend(self.paths(&way, approach, groups.clone()));
        }
        // After its zone fails it is elsewhere, and nobody changed anything.
        let standby = standby_subnets(&database.seat, sites);
        if way.reach == Reach::Exposed && !standby.is_empty() {
            let way = Way { doubt: way.doubt.or(Some("standby")), ..way };
            let others = self.approaches(identity, &database.seat, face.family, &standby);
            for approach in others.iter().filter(|approach| !approaches.contains(approach)) {
                paths.extend(self.paths(&way, approach, groups.clone()));
            }
        }
        paths
    }
}

/// The way to a database, which is known to be missing where it has no public address.
fn way(identity: &Identity, database: &Database, face: Face) -> Way {
    let front = Front { id: Arc::clone(&identity.id), address: database.front };
    let (reach, front) = match database.is_public {
        Public::Accessible | Public::Unknown => (Reach::Exposed, Some(front)),
        Public::Private => (Reach::Latent, None),
    };
    let doubt = match (database.is_public, face.certain, database.ports.is_exact()) {
        (Public::Unknown, _, _) => Some("public access"),
        (_, false, _) => Some("address family"),
        (_, _, false) => Some("port"),
        (Public::Accessible | Public::Private, true, true) => None,
    };
    Way {
        carries: Carries::Only {
            protocols: ProtocolSet::only(Protocol::TCP),
            ports: Arc::new(database.ports.may.clone()),
        },
        doubt,
        ..Way::straight(reach, front, Destinations::endpoint(&[face.family]))
    }
}

/// What checks know a service by whose port is that of a database, whichever number it has.
const DATABASE: &str = "database";
