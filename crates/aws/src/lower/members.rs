//! Who is a member of a group: the private addresses of the interfaces that carry it (W4, W5).
//!
//! A rule that names a group never lets in the Internet: traffic to the public address of a peer comes with a public
//! source and does not match. That holds for a VPC with public numbers too: what is sent from them inside the VPC does
//! not come from the Internet, and a client on the Internet who has such a number is nobody's member.

use std::sync::Arc;

use cloud::LookupMap;
use model::{Internet, Name, Thresholds};
use packet::{AddressSet, Bounds, Family};

use crate::estate::Estate;
use crate::register::Found;
use crate::resource::{Attached, GroupReference, Identity, Interface, Subnet, may_carry_more};

use super::Lowering;
use super::network_index::NetworkIndex;

/// The members of every group.
#[derive(Debug)]
pub(super) struct Membership {
    // By the id of the group.
    members: LookupMap<Name, Vec<Member>>,
    // Of interfaces that do not tell their groups: there are some, their addresses, and whether these are all.
    possible: Vec<Member>,
    possible_addresses: Option<(Arc<AddressSet>, bool)>,
    // Accounts and regions whose interfaces are in the input; `None` is one that is not said.
    places: Vec<(Option<Name>, Option<Name>)>,
    // The regions of VPCs, as far as something in them says it.
    regions: LookupMap<Name, Name>,
    // Every address that is not the Internet's.
    inside: Arc<AddressSet>,
    // Sets that were made, by account and id of the group.
    made: LookupMap<(Option<Name>, Name), Bounds<Arc<AddressSet>>>,
}

#[derive(Clone, Debug)]
struct Member {
    account: Option<Name>,
    addresses: Arc<AddressSet>,
    /// Where it may have addresses that are told when it is created: in its subnet.
    may: Arc<AddressSet>,
    is_complete: bool,
}

impl Member {
    fn of(interface: &Interface, estate: &Estate) -> Self {
        let account = interface.identity.account.clone();
        let is_told = interface.v4.is_some() && interface.v6.is_some();
        let (may, is_placed) = match !interface.untold_families().is_empty() {
            false => (Arc::clone(&interface.private), true),
            true => {
                let subnets = &estate.resources.subnets;
                let subnet = interface.subnet.as_deref();
                let subnet = subnet.and_then(|id| subnets.find(account.as_deref(), id).one());
                let blocks = subnet.into_iter().flat_map(|subnet| subnet.blocks.iter().copied());
                let own: AddressSet =
                    blocks.filter(|block| interface.untold_families().contains(&block.family())).collect();
                let families = interface.untold_families();
                let has_all = |subnet: &Subnet| families.iter().all(|family| subnet.known.has_all(*family));
                let is_placed = subnet.is_some_and(has_all);
                (Arc::new(interface.private.union(&own)), is_placed)
            }
        };
        Self { account, addresses: Arc::clone(&interface.private), may, is_complete: is_told && is_placed }
    }
}

impl Membership {
    pub(super) fn of(estate: &Estate, network: &NetworkIndex<'_>) -> Self {
        let internet = Internet::less(&AddressSet::empty(), Thresholds::STANDARD);
        let mut membership = Self {
            members: LookupMap::default(),
            possible: Vec::new(),
            possible_addresses: None,
            places: Vec::new(),
            regions: LookupMap::default(),
            inside: Arc::new(internet.addresses().complement()),
            made: LookupMap::default(),
        };
        // An instance lists its own interfaces only: that a place has no others is known from their own list.
        match &estate.stated {
            Some(stated) => membership.places.clone_from(&stated.places),
            None => membership.add_places(estate),
        }
        let interfaces = network.interfaces(estate).map(|one| (&one.vpc, &one.identity.region));
        let subnets = estate.resources.subnets.values().map(|one| (&one.vpc, &one.identity.region));
        for (vpc, region) in interfaces.chain(subnets) {
            if let (Some(vpc), Some(region)) = (vpc, region) {
                membership.regions.insert(Arc::clone(vpc), Arc::clone(region));
            }
        }
        for (groups, identity, subnets) in balancers(estate) {
            membership.add_behind(groups, identity, &subnets, estate);
        }
        for (groups, identity) in estate.resources.database_groups() {
            membership.add_behind(groups, identity, &[], estate);
        }
        for interface in network.interfaces(estate) {
            let member = Member::of(interface, estate);
            for group in interface.groups.this_ref().into_iter().flatten() {
                membership.members.entry(Arc::clone(group)).or_default().push(member.clone());
            }
            if may_carry_more(&interface.groups) {
                membership.possible.push(member);
            }
        }
        membership
    }

    fn add_places(&mut self, estate: &Estate) {
        for interface in estate.resources.interfaces.values() {
            let place = (interface.identity.account.clone(), interface.identity.region.clone());
            if !self.places.contains(&place) {
                self.places.push(place);
            }
        }
    }

    /// What carries groups and whose interfaces nobody declares: its addresses are some of its subnets'. Exports have the
    /// interfaces themselves.
    fn add_behind(&mut self, groups: &Attached, identity: &Identity, subnets: &[Name], estate: &Estate) {
        if !estate.is_declared {
            return;
        }
        let account = identity.account.clone();
        let known = subnets.iter().map(|id| estate.resources.subnets.find(account.as_deref(), id).one());
        let known: Option<Vec<&Subnet>> = known.collect();
        let is_complete = !subnets.is_empty()
            && known.as_ref().is_some_and(|known| {
                known.iter().all(|subnet| Family::BOTH.iter().all(|family| subnet.known.has_all(*family)))
            });
        let blocks = known.iter().flatten().flat_map(|subnet| subnet.blocks.iter().copied());
        let member = Member {
            account,
            addresses: Arc::new(AddressSet::empty()),
            may: Arc::new(blocks.collect()),
            is_complete,
        };
        for group in groups.this_ref().into_iter().flatten() {
            self.members.entry(Arc::clone(group)).or_default().push(member.clone());
        }
    }

    /// The addresses of the members of a group. Its account tells it from another of its id; members may be of other
    /// accounts, as groups are shared.
    fn of_group(
        &mut self,
        group: &Name,
        account: Option<&Name>,
        owner: Option<&Name>,
    ) -> Bounds<Arc<AddressSet>> {
        let key = (owner.cloned(), Arc::clone(group));
        if let Some(made) = self.made.get(&key) {
            return made.clone();
        }
        let is_of = |member: &&Member| {
            account.is_none() || member.account.is_none() || member.account.as_ref() == account
        };
        let stated: Vec<&Member> = self.members.get(group).into_iter().flatten().filter(is_of).collect();
        let (possible, is_possible_complete) = self.possible_addresses.get_or_insert_with(|| {
            let members: Vec<&Member> = self.possible.iter().collect();
            (united_may(&members, &self.inside), members.iter().all(|member| member.is_complete))
        });
        let (possible, is_possible_complete) = (Arc::clone(possible), *is_possible_complete);
        let is_complete = is_possible_complete
            && stated.iter().all(|member| member.is_complete)
            && self.has_interfaces_of(owner, None, false);
        let must = united(&stated, &self.inside);
        // Members whose addresses are all numbers of the Internet are members all the same.
        let is_cut = must.is_empty() && stated.iter().any(|member| !member.addresses.is_empty());
        let stated = united_may(&stated, &self.inside);
        let may = match is_complete && !is_cut {
            true if possible.is_empty() => stated,
            true => Arc::new(stated.union(&possible)),
            false => Arc::clone(&self.inside),
        };
        let made = Bounds { must, may };
        self.made.insert(key, made.clone());
        made
    }

    /// Whether interfaces of an account and a region are in the input, or a list of them that is empty.
    pub(super) fn has_interfaces_of(
        &self,
        account: Option<&Name>,
        region: Option<&Name>,
        is_listed: bool,
    ) -> bool {
        let is_same = |own: &Option<Name>, asked: Option<&Name>| {
            own.as_ref().is_none_or(|own| asked.is_none_or(|asked| own == asked))
        };
        let is_there =
            |(own, place): &(Option<Name>, Option<Name>)| is_same(own, account) && is_same(place, region);
        self.places.iter().any(is_there) || (self.places.is_empty() && is_listed)
    }

    /// The region of a VPC.
    pub(super) fn region_of(&self, vpc: &str) -> Option<&Name> {
        self.regions.get(vpc)
    }

    /// Whether interfaces of the input say their region, so that what does not say its own may be elsewhere.
    pub(super) fn tells_regions(&self) -> bool {
        self.places.iter().any(|(_, region)| region.is_some())
    }

    /// Whether all interfaces that the input has tell their groups.
    pub(super) fn is_told(&self) -> bool {
        self.possible.is_empty()
    }
}

/// Load balancers with their groups and subnets.
fn balancers(estate: &Estate) -> impl Iterator<Item = (&Attached, &Identity, Vec<Name>)> {
    let modern = estate.resources.load_balancers.values().map(|one| {
        let subnets = one.nodes.iter().filter_map(|node| node.subnet.clone()).collect();
        (&one.groups, &one.identity, subnets)
    });
    let classic = estate.resources.classic_balancers.values();
    modern.chain(classic.map(|one| (&one.groups, &one.identity, one.subnets.clone())))
}

/// All addresses of members that are not the Internet's.
fn united(members: &[&Member], inside: &AddressSet) -> Arc<AddressSet> {
    joined(members.iter().map(|member| &*member.addresses), inside)
}

/// All that they may have.
fn united_may(members: &[&Member], inside: &AddressSet) -> Arc<AddressSet> {
    joined(members.iter().map(|member| &*member.may), inside)
}

fn joined<'m>(sets: impl Iterator<Item = &'m AddressSet> + Clone, inside: &AddressSet) -> Arc<AddressSet> {
    let v4 = sets.clone().flat_map(AddressSet::v4_spans).copied().collect();
    let v6 = sets.flat_map(AddressSet::v6_spans).copied().collect();
    let all = AddressSet::from_v4_spans(v4).union(&AddressSet::from_v6_spans(v6));
    Arc::new(all.intersection(inside))
}

impl Lowering<'_> {
    /// Whom a rule matches that names a group: its members, and nobody where the peering is gone (W5).
    pub(super) fn referenced(&mut self, group: &GroupReference, owner: &Identity) -> Bounds<Arc<AddressSet>> {
        if self.is_stale(group) {
            return Bounds::exactly(Arc::clone(&self.common.nothing));
        }
        match &group.id {
            // W24: a rule that does not say whose group it names means one of its own account.
            Some(id) => self.members(id, group.account.as_ref().or(owner.account.as_ref())),
            None => Bounds::between(Arc::clone(&self.common.nothing), Arc::clone(&self.membership().inside)),
        }
    }

    /// The private addresses of the interfaces that carry a group.
    pub(super) fn members(&mut self, id: &Name, account: Option<&Name>) -> Bounds<Arc<AddressSet>> {
        let known = self.groups.find(account, id).and_then(|known| known.group);
        if known.is_some_and(|group| group.is_carried_elsewhere) {
            let inside = Arc::clone(&self.membership().inside);
            let must = self.membership().of_group(id, None, account).must;
            return Bounds { must, may: inside };
        }
        let apart = account.filter(|_| self.groups.has_several(id)).cloned();
        self.membership().of_group(id, apart.as_ref(), account)
    }

    pub(super) fn membership(&mut self) -> &mut Membership {
        self.groups.membership.get_or_insert_with(|| Membership::of(self.estate, &self.network.index))
    }

    /// Whether the peering of a reference is known not to be active.
    pub(super) fn is_stale(&self, group: &GroupReference) -> bool {
        let peering = group.peering.as_ref().map(|id| self.estate.resources.peerings.find(None, id));
        let is_gone = matches!(peering, Some(Found::One(peering)) if peering.is_active == Some(false));
        group.is_stale || is_gone
    }
}

impl<'e> NetworkIndex<'e> {
    /// Every interface that the input states: by itself, or by its instance only.
    pub(super) fn interfaces(&self, estate: &'e Estate) -> impl Iterator<Item = &'e Interface> {
        let bare = self.bare.values().filter_map(|instance| instance.bare.as_deref());
        estate.resources.interfaces.values().chain(self.inline.values().copied()).chain(bare)
    }
}
