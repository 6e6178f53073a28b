//! What stands where: lists and tables by subnet, gateways by VPC, addresses by interface.
//!
//! Only look-ups: whoever resolves fifty thousand interfaces walks no register again.

use core::net::IpAddr;
use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::{Filters, LookupMap, Said};
use model::{Internet, Name, Provenance, RuleList, Thresholds};
use packet::{AddressSet, Family};

use crate::estate::Estate;
use crate::register::Found;
use crate::resource::{
    Address, Identity, Instance, Interface, InternetGateway, NetworkAcl, PublicAccessExclusion, RouteTable,
};

use super::answering::Answers;
use super::approach::{Approach, Place};
use super::reply::Leg;
use super::routes::Back;

/// What stands where, and what was already made of it.
#[derive(Debug)]
pub(super) struct Network<'e> {
    pub(super) index: Arc<NetworkIndex<'e>>,
    /// Every address that counts as the Internet.
    pub(super) internet: Arc<AddressSet>,
    /// Where the target was read that is lowered now.
    pub(super) asker: Option<Provenance>,
    pub(super) approaches: LookupMap<(Place, Family), Arc<Approach>>,
    /// What each table leads back, by its key.
    pub(super) backs: LookupMap<(Name, Family), Arc<Back>>,
    /// What each list of a subnet answers, by its key.
    pub(super) legs: LookupMap<(Name, Family), Arc<Leg>>,
    /// What each answers to load balancers.
    pub(super) inner_answers: LookupMap<(Name, Family), Arc<Answers>>,
    /// The mirrored list of each of them.
    pub(super) mirrored: LookupMap<Name, Arc<RuleList>>,
    /// The filters of paths.
    pub(super) filters: Filters,
}

/// What stands where.
#[derive(Debug, Default)]
pub(super) struct NetworkIndex<'e> {
    pub(super) lists_of_subnet: LookupMap<&'e str, Vec<&'e NetworkAcl>>,
    /// Lists that do not say where they stand.
    pub(super) loose_lists: Vec<&'e NetworkAcl>,
    pub(super) tables_of_subnet: LookupMap<&'e str, Vec<&'e RouteTable>>,
    pub(super) main_tables: LookupMap<&'e str, Vec<&'e RouteTable>>,
    /// Tables that do not say where they stand.
    pub(super) loose_tables: Vec<&'e RouteTable>,
    /// Tables at the edge of a gateway.
    pub(super) edge_tables: LookupMap<&'e str, Vec<&'e RouteTable>>,
    pub(super) gateways_of_vpc: LookupMap<&'e str, Vec<&'e InternetGateway>>,
    /// Internet gateways that routes lead to, by VPC.
    pub(super) routed_gateways: LookupMap<&'e str, Vec<&'e Name>>,
    /// Gateways of which it is not known where they are attached.
    pub(super) has_loose_gateways: bool,
    pub(super) exclusions: LookupMap<&'e str, Vec<&'e PublicAccessExclusion>>,
    /// Exclusions of which it is not known what they exclude.
    pub(super) loose_exclusions: Vec<&'e PublicAccessExclusion>,
    /// Elastic IP addresses by the address.
    pub(super) elastic: LookupMap<IpAddr, &'e Address>,
    /// Elastic IP addresses by the interface they say they lead to.
    pub(super) elastic_of: LookupMap<&'e str, Vec<&'e Address>>,
    /// The interfaces of NAT gateways.
    pub(super) nat_interfaces: cloud::LookupSet<&'e str>,
    /// Interfaces that only an instance states, by their key.
    pub(super) inline: BTreeMap<Name, &'e Interface>,
    /// By the key of an interface what instances state of it that it does not say, or another instance does not.
    pub(super) disputed: LookupMap<&'e str, Vec<&'e Interface>>,
    /// The instance that states an interface, by the key of the interface, where that does not say whose it is.
    holders: LookupMap<&'e str, &'e Name>,
    /// What instances say of themselves that list no interface and of which none is in the input.
    pub(super) bare: BTreeMap<Name, &'e Instance>,
}

impl<'e> Network<'e> {
    pub(super) fn of(estate: &'e Estate) -> Self {
        let internet = Internet::less(&AddressSet::empty(), Thresholds::STANDARD);
        Self {
            index: Arc::new(NetworkIndex::of(estate)),
            internet: Arc::new(internet.addresses().clone()),
            asker: None,
            approaches: LookupMap::default(),
            backs: LookupMap::default(),
            legs: LookupMap::default(),
            inner_answers: LookupMap::default(),
            mirrored: LookupMap::default(),
            filters: Filters::default(),
        }
    }
}

impl<'e> NetworkIndex<'e> {
    fn of(estate: &'e Estate) -> Self {
        let mut index = Self::default();
        index.add_lists(estate);
        index.add_tables(estate);
        index.add_gateways(estate);
        index.add_exclusions(estate);
        index.add_addresses(estate);
        index.add_instances(estate);
        index
    }

    fn add_lists(&mut self, estate: &'e Estate) {
        for list in estate.resources.network_acls.values() {
            match &list.subnets {
                Some(subnets) => {
                    for subnet in subnets {
                        self.lists_of_subnet.entry(subnet).or_default().push(list);
                    }
                }
                None => self.loose_lists.push(list),
            }
        }
    }

    fn add_tables(&mut self, estate: &'e Estate) {
        for table in estate.resources.route_tables.values() {
            for subnet in &table.subnets {
                self.tables_of_subnet.entry(subnet).or_default().push(table);
            }
            for gateway in &table.gateways {
                self.edge_tables.entry(gateway).or_default().push(table);
            }
            let Some(vpc) = &table.vpc else {
                self.loose_tables.extend((!table.tells_places || table.is_main).then_some(table));
                continue;
            };
            if table.is_main {
                self.main_tables.entry(vpc).or_default().push(table);
            } else if !table.tells_places {
                self.loose_tables.push(table);
            }
            for gateway in table.internet_gateways() {
                let known = self.routed_gateways.entry(vpc).or_default();
                if !known.contains(&gateway) {
                    known.push(gateway);
                }
            }
        }
    }

    fn add_gateways(&mut self, estate: &'e Estate) {
        for gateway in estate.resources.internet_gateways.values() {
            match &gateway.vpcs {
                Said::This(vpcs) => {
                    for vpc in vpcs {
                        self.gateways_of_vpc.entry(vpc).or_default().push(gateway);
                    }
                }
                Said::Nothing | Said::Unreadable => self.has_loose_gateways = true,
            }
        }
    }

    fn add_exclusions(&mut self, estate: &'e Estate) {
        for exclusion in estate.resources.public_access_exclusions.values() {
            match &exclusion.of {
                Some(id) => self.exclusions.entry(id).or_default().push(exclusion),
                None => self.loose_exclusions.push(exclusion),
            }
        }
    }

    fn add_addresses(&mut self, estate: &'e Estate) {
        for address in estate.resources.addresses.values() {
            if let Some(public) = address.public {
                self.elastic.entry(public).or_insert(address);
            }
            if let Some(interface) = &address.interface {
                self.elastic_of.entry(interface).or_default().push(address);
            }
            if let Some(instance) = &address.instance {
                self.elastic_of.entry(instance).or_default().push(address);
            }
        }
    }

    fn add_instances(&mut self, estate: &'e Estate) {
        let of_nat = estate.resources.nat_gateways.values().flat_map(|gateway| &gateway.interfaces);
        self.nat_interfaces.extend(of_nat.map(|id| &**id));
        let interfaces = &estate.resources.interfaces;
        let mut listed: LookupMap<&str, Vec<&Interface>> = LookupMap::default();
        for interface in interfaces.values() {
            if let Some(instance) = &interface.instance {
                listed.entry(instance).or_default().push(interface);
            }
        }
        for (key, instance) in estate.resources.instances.iter() {
            for interface in &instance.interfaces {
                let identity = &interface.identity;
                let known = match interfaces.find(identity.account.as_deref(), &identity.id) {
                    Found::One(known) => known,
                    // Of two instances that state one interface, one is old; neither is left out.
                    Found::Nothing => self.inline.entry(Arc::clone(&identity.key)).or_insert(interface),
                    Found::Several => continue,
                };
                if known.instance.is_none() && !known.is_spare {
                    self.holders.entry(&known.identity.key).or_insert(&instance.identity.id);
                }
                if !known.agrees_with(interface) {
                    self.disputed.entry(&known.identity.key).or_default().push(interface);
                }
            }
            let Some(bare) = instance.bare.as_deref() else { continue };
            match listed.get(&*instance.identity.id) {
                None => drop(self.bare.insert(Arc::clone(key), instance)),
                Some(own) => {
                    if let Some(holder) = bare.holder_of(own) {
                        self.disputed.entry(&holder.identity.key).or_default().push(bare);
                    }
                }
            }
        }
    }
}

impl<'e> NetworkIndex<'e> {
    /// The instance that an interface is of: as it says, else as an instance says that lists it. One that nobody uses is of
    /// none.
    pub(super) fn instance_of<'i>(&self, interface: &'i Interface) -> Option<&'i Name>
    where
        'e: 'i,
    {
        interface.instance.as_ref().or_else(|| self.holders.get(&*interface.identity.key).copied())
    }
}

impl Interface {
    /// Of the interfaces of an instance the one that should have the public address which the instance states and none of
    /// them does.
    fn holder_of<'e>(&self, own: &[&'e Self]) -> Option<&'e Self> {
        let (private, association) = self.associations().next()?;
        association.address?;
        let has = |one: &&&Self| one.associations().any(|(_, it)| it.address == association.address);
        if own.iter().any(|one| has(&one)) {
            return None;
        }
        let holds = |one: &&&Self| private.address.is_some_and(|address| one.private.contains(address));
        let first = |one: &&&Self| one.device.is_none_or(|device| device == 0);
        own.iter().find(holds).or_else(|| own.iter().find(first)).copied()
    }

    /// Whether what an instance states of it says nothing else, so far as it says it.
    fn agrees_with(&self, stated: &Self) -> bool {
        let groups = stated.groups == self.groups || !matches!(stated.groups, Said::This(_));
        let mut public = stated.associations().filter_map(|(_, association)| association.address);
        let has = |address| self.associations().any(|(_, own)| own.address == Some(address));
        groups && public.all(has)
    }
}

/// Of several resources that have a claim those of an account, where it has one (ids of two accounts stay apart); else
/// all of them, as shared VPCs refer to other accounts (W24).
pub(super) fn of_account<'e, T>(
    claims: &[&'e T],
    account: Option<&Name>,
    identity: fn(&T) -> &Identity,
) -> Vec<&'e T> {
    let own = claims.iter().filter(|one| account.is_some() && identity(one).account.as_ref() == account);
    let own: Vec<&T> = own.copied().collect();
    if own.is_empty() { claims.to_vec() } else { own }
}
