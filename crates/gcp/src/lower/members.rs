//! The interfaces of a network by what rules name: tags and service accounts (G4, G5).
//!
//! A rule that names tags of senders never lets in the Internet: it matches packets from internal addresses of machines
//! of its network. That holds for a network that uses numbers of the Internet inside as well: what comes from the
//! Internet with such a number does not come from a machine of the network.

use std::sync::Arc;

use cloud::{LookupMap, Said};
use model::Name;
use packet::{AddressSet, Bounds};

use crate::resource::{Interface, Link, Sources, Targets};

use super::Lowering;
use super::network_index::Seat;

/// The interfaces of one network.
#[derive(Debug, Default)]
pub(super) struct Members {
    /// The machines of the network, as far as the input has them.
    all: Vec<Member>,
    by_tag: LookupMap<Name, Vec<usize>>,
    by_account: LookupMap<Name, Vec<usize>>,
    /// Machines whose tags are not told.
    untagged: Vec<usize>,
    /// Machines whose service accounts are not told.
    unaccounted: Vec<usize>,
    /// Whether the network has no others.
    is_complete: bool,
}

/// What is known of the addresses of an interface.
#[derive(Debug)]
struct Member {
    /// Its own address of each family.
    own: AddressSet,
    /// All that it has inside, aliases too; `None` where that is not told.
    all: Option<AddressSet>,
}

impl Members {
    fn of(seats: &[Seat<'_>], project: Option<&str>, are_known: bool) -> Self {
        let is_own = |seat: &Seat<'_>| seat.project() == project;
        // A network that machines of other projects are in may have more of them elsewhere.
        let is_complete = are_known && seats.iter().all(is_own);
        let mut members = Self { is_complete, ..Self::default() };
        for (position, seat) in seats.iter().enumerate() {
            members.all.push(Member::of(seat.interface));
            index(&mut members.by_tag, &mut members.untagged, &seat.instance.tags, position);
            index(&mut members.by_account, &mut members.unaccounted, &seat.instance.accounts, position);
        }
        members
    }

    /// Those who have one of these names for certain, and those who may.
    fn named(&self, tags: &[Name], accounts: &[Name]) -> (Vec<&Member>, Vec<&Member>) {
        let known = tags.iter().filter_map(|tag| self.by_tag.get(tag));
        let known = known.chain(accounts.iter().filter_map(|account| self.by_account.get(account)));
        let possible = [(tags, &self.untagged), (accounts, &self.unaccounted)];
        let possible =
            possible.into_iter().filter(|(names, _)| !names.is_empty()).map(|(_, positions)| positions);
        let member = |position: &usize| self.all.get(*position);
        (known.flatten().filter_map(member).collect(), possible.flatten().filter_map(member).collect())
    }
}

impl Member {
    fn of(interface: &Interface) -> Self {
        let own =
            interface.internal.map(packet::Prefix::host).into_iter().chain(interface.internal_v6).collect();
        let all = interface.addresses();
        Self { own, all: Some(all).filter(|all| !all.is_empty()) }
    }
}

impl<'e> Lowering<'e> {
    /// Who sends as a rule of a network names it, beside the addresses it has: internal addresses of machines.
    pub(super) fn senders(&mut self, network: &Name, sources: &Sources) -> Bounds<Arc<AddressSet>> {
        let Sources { tags, accounts, .. } = sources;
        let common = &self.common;
        if tags.is_empty() && accounts.is_empty() {
            return Bounds::exactly(Arc::clone(&common.nothing));
        }
        let inside = self.network.internet.complement();
        let members = self.members(network);
        let (known, possible) = members.named(tags, accounts);
        let must = union(known.iter().map(|member| &member.own)).intersection(&inside);
        let is_told = known.iter().chain(&possible).all(|member| member.all.is_some());
        // Machines all of whose addresses are numbers of the Internet are machines all the same.
        let is_cut = must.is_empty() && !(known.is_empty() && possible.is_empty());
        let may = match members.is_complete && is_told && !is_cut {
            true => union(known.iter().chain(&possible).filter_map(|member| member.all.as_ref()))
                .intersection(&inside),
            false => inside,
        };
        Bounds { must: Arc::new(must), may: Arc::new(may) }
    }

    /// The addresses of the machines of a network that a rule is for; everything for a rule that is for all of them.
    /// Nobody is the empty set. Machines that the input may not have are told apart by the name the rule knows them by.
    pub(super) fn receivers(&mut self, network: &Name, targets: &Targets) -> Bounds<Arc<AddressSet>> {
        let (tags, accounts): (&[Name], &[Name]) = match targets {
            Targets::Everyone => return Bounds::exactly(Arc::clone(&self.common.everything)),
            Targets::Unknown => return self.common.unknown(),
            Targets::Tagged(tags) => (tags, &[]),
            Targets::RunningAs(accounts) => (&[], accounts),
        };
        let members = self.members(network);
        let (known, possible) = members.named(tags, accounts);
        let is_told = possible.is_empty() && known.iter().all(|member| member.all.is_some());
        let receivers = union(known.iter().filter_map(|member| member.all.as_ref()));
        let receivers = match members.is_complete && is_told {
            true => receivers,
            false => receivers.union(&self.rules.stand_ins.of(tags.iter().chain(accounts))),
        };
        Bounds::exactly(Arc::new(receivers))
    }

    fn members(&mut self, network: &Name) -> Arc<Members> {
        if let Some(known) = self.rules.members.get(network) {
            return Arc::clone(known);
        }
        let link = Link::from(network);
        let index = Arc::clone(&self.network.index);
        let are_known = self.tells_networks(link.project()) == Some(true);
        let members = Arc::new(Members::of(index.of_network(network), link.project(), are_known));
        self.rules.members.insert(Arc::clone(network), Arc::clone(&members));
        members
    }

    /// Whether all instances of a project that the input has tell their networks; `None` where it has none.
    pub(super) fn tells_networks(&mut self, project: Option<&str>) -> Option<bool> {
        if self.rules.instance_projects.is_none() {
            let mut told: LookupMap<Option<Name>, bool> = LookupMap::default();
            for instance in self.estate.resources.instances.values() {
                let is_told = |interface| self.network_of(Seat { instance, interface }).is_some();
                let are_told = !instance.interfaces.is_empty() && instance.interfaces.iter().all(is_told);
                *told.entry(instance.identity.project.clone()).or_insert(true) &= are_told;
            }
            self.rules.instance_projects = Some(told);
        }
        if !self.estate.states_instances_of(project) {
            return None;
        }
        let known = self.rules.instance_projects.as_ref()?;
        known.get(&project.map(Name::from)).copied()
    }
}

/// Addresses that no machine has, one of each family for each tag and service account: for machines that have it and that
/// the input may not have. So rules for one tag are known to be for the same machines, and for somebody.
#[derive(Debug, Default)]
pub(super) struct StandIns(LookupMap<Name, u32>);

impl StandIns {
    fn of<'n>(&mut self, names: impl Iterator<Item = &'n Name>) -> AddressSet {
        let mut number = |name: &Name| {
            let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
            *self.0.entry(Arc::clone(name)).or_insert(next)
        };
        let numbers: Vec<u32> = names.map(&mut number).collect();
        // 0.0.0.0/8 is nobody's as a destination, nor is 100::/64.
        let v4 = numbers.iter().map(|number| (*number, *number)).collect();
        let discarded = 0x0100_u128 << 112;
        let v6 = numbers.iter().map(|number| discarded + u128::from(*number)).map(|one| (one, one)).collect();
        AddressSet::from_v4_spans(v4).union(&AddressSet::from_v6_spans(v6))
    }
}

fn index(
    by_name: &mut LookupMap<Name, Vec<usize>>,
    untold: &mut Vec<usize>,
    names: &Said<Vec<Name>>,
    position: usize,
) {
    match names {
        Said::This(names) => {
            for name in names {
                by_name.entry(Arc::clone(name)).or_default().push(position);
            }
        }
        Said::Nothing | Said::Unreadable => untold.push(position),
    }
}

fn union<'s>(sets: impl Iterator<Item = &'s AddressSet>) -> AddressSet {
    let (mut v4, mut v6) = (Vec::new(), Vec::new());
    for set in sets {
        v4.extend_from_slice(set.v4_spans());
        v6.extend_from_slice(set.v6_spans());
    }
    AddressSet::from_v4_spans(v4).union(&AddressSet::from_v6_spans(v6))
}
