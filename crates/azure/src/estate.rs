//! All resources that the input has, by key. Documents may come in any order.
//!
//! Knows no rule of Azure but how to tell two statements of one resource apart.

use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::{Arrival, LookupMap, LookupSet, Reading, Shelf};
use model::{Effect, Gap, Name, Provenance};

use crate::catalogue::Catalogue;
use crate::reader::{Remainder, Statement};
use crate::resource::{
    ApplicationGroup, Devices, EffectiveView, Group, Interface, Machine, NetworkParts, Peering,
    PublicAddress, Resource, RouteTable, Subnet, VirtualNetwork,
};

/// The resources of the input.
#[derive(Clone, Debug, Default)]
pub(crate) struct Estate {
    pub(crate) groups: Shelf<Group>,
    pub(crate) interfaces: Shelf<Interface>,
    pub(crate) networks: Shelf<VirtualNetwork>,
    pub(crate) subnets: Shelf<Subnet>,
    pub(crate) peerings: Shelf<Peering>,
    pub(crate) route_tables: Shelf<RouteTable>,
    pub(crate) public_addresses: Shelf<PublicAddress>,
    pub(crate) machines: Shelf<Machine>,
    pub(crate) application_groups: Shelf<ApplicationGroup>,
    pub(crate) views: Shelf<EffectiveView>,
    pub(crate) devices: Devices,
    pub(crate) catalogue: Option<Catalogue>,
    /// Resources of which the input has the name alone, and where.
    names: BTreeMap<Name, Provenance>,
    /// How many groups without an id had a key before, for its next one.
    copies: LookupMap<Name, u32>,
    /// Resources that are seen and not assessed, by kind.
    pub(crate) not_assessed: BTreeMap<&'static str, u64>,
    /// Whether something is declared: a group that it names is either declared too or there before, and no list of
    /// groups is missing.
    pub(crate) is_declared: bool,
    /// Resources that nobody stated whole: what is known of them is what edits said.
    partial: LookupSet<Name>,
    /// Rules and collections of network managers that an edit made: they act where they are committed and nowhere else.
    pub(crate) drafts: LookupSet<Name>,
    /// Services and profiles of perimeters of which all is known that is kept beside them, though there is nothing: an edit
    /// made them, or took the last of it away.
    pub(crate) ranged: LookupSet<Name>,
    /// Groups of network managers with what an edit took out of them.
    pub(crate) former_members: LookupSet<[Name; 2]>,
}

impl Estate {
    /// Takes in what a document says of a resource, and tells where others said something else.
    pub(crate) fn take(&mut self, resource: Resource, statement: Statement, gaps: &mut Vec<Gap>) {
        let identity = resource.identity().clone();
        let arrival = match statement {
            Statement::Name => self.put_name(resource),
            Statement::Content => self.put_content(resource),
        };
        gaps.extend(arrival.told(&identity.id, identity.read_at));
    }

    /// Takes in what was left when a document was read; what it told is handed back.
    pub(crate) fn complete(&mut self, remainder: Remainder) -> Reading {
        for (kind, count) in remainder.not_assessed {
            *self.not_assessed.entry(kind).or_default() += count;
        }
        remainder.reading
    }

    /// Takes in a resource. The later of two statements of one resource counts, except that a full export is not
    /// replaced by a projection with the same rules.
    pub(crate) fn put(&mut self, resource: Resource) -> Arrival {
        match resource {
            Resource::Group(group) => self.put_group(group),
            Resource::Interface(interface) => self.interfaces.put(&interface.identity.key.clone(), interface),
            Resource::Network(parts) => self.put_network(*parts),
            Resource::Subnet(subnet) => self.subnets.put(&subnet.identity.key.clone(), subnet),
            Resource::Peering(peering) => self.peerings.put(&peering.identity.key.clone(), peering),
            Resource::RouteTable(table) => self.route_tables.put(&table.identity.key.clone(), table),
            Resource::PublicAddress(address) => {
                self.public_addresses.put(&address.identity.key.clone(), address)
            }
            Resource::Machine(machine) => self.put_machine(machine),
            Resource::ApplicationGroup(group) => {
                self.application_groups.put(&group.identity.key.clone(), group)
            }
            Resource::Effective(view) => self.views.put(&view.identity.key.clone(), view),
            Resource::Device(device) => self.devices.put(device),
        }
    }

    /// Removes the resource of a key, and the parts of a network with it.
    pub(crate) fn remove(&mut self, key: &str) {
        if self.networks.remove(key).is_some() {
            self.subnets.retain(|_, subnet| subnet.network.as_deref() != Some(key));
            self.peerings.retain(|_, peering| peering.network.as_deref() != Some(key));
        }
        self.groups.remove(key);
        self.interfaces.remove(key);
        self.subnets.remove(key);
        self.peerings.remove(key);
        self.route_tables.remove(key);
        self.public_addresses.remove(key);
        self.machines.remove(key);
        self.application_groups.remove(key);
        self.views.remove(key);
        self.devices.remove(key);
        self.names.remove(key);
        self.partial.remove(key);
        self.drafts.remove(key);
        self.ranged.remove(key);
    }

    /// Removes what is read whole, and nothing else of that key.
    pub(crate) fn remove_device(&mut self, key: &str) {
        self.devices.remove(key);
    }

    /// Notes whether nobody stated a resource whole.
    pub(crate) fn set_partial(&mut self, key: &Name, is_partial: bool) {
        if is_partial {
            self.partial.insert(Arc::clone(key));
        } else {
            self.partial.remove(key);
        }
    }

    /// Whether a resource is known from edits alone.
    pub(crate) fn is_partial(&self, key: &str) -> bool {
        self.partial.contains(key)
    }

    /// More is known of a resource than its name.
    pub(crate) fn forget_name(&mut self, key: &str) {
        self.names.remove(key);
    }

    /// Which kinds the input has nothing of: what that means is seen everywhere.
    pub(crate) fn absent_kinds(&self) -> [bool; 7] {
        [
            self.groups.is_empty(),
            self.interfaces.is_empty(),
            self.networks.is_empty(),
            self.subnets.is_empty(),
            self.route_tables.is_empty(),
            self.public_addresses.is_empty(),
            self.devices.scale_sets.is_empty(),
        ]
    }

    /// Takes in a resource of which a list has the name alone: it says nothing against what others say.
    pub(crate) fn put_name(&mut self, resource: Resource) -> Arrival {
        let identity = resource.identity().clone();
        if self.contains(&identity.key) {
            return Arrival::Same;
        }
        self.names.insert(identity.key, identity.read_at.0);
        self.put(resource)
    }

    /// Takes in a resource of which a document says what it is.
    pub(crate) fn put_content(&mut self, resource: Resource) -> Arrival {
        let was_name = !self.names.is_empty() && self.names.remove(&resource.identity().key).is_some();
        let arrival = self.put(resource);
        if was_name { Arrival::New } else { arrival }
    }

    /// Whether only the name of a resource is known, which is told of it.
    pub(crate) fn is_name(&self, key: &str) -> bool {
        self.names.contains_key(key)
    }

    /// Tells, once for each document, of resources of which only the name is known.
    pub(crate) fn tell_names(&self) -> Vec<Gap> {
        let mut documents: BTreeMap<_, (Provenance, u64)> = BTreeMap::new();
        for place in self.names.values() {
            let (first, count) = documents.entry(place.document).or_insert((*place, 0));
            first.offset = first.offset.min(place.offset);
            *count += 1;
        }
        let gap = |(place, count): (Provenance, u64)| {
            let message = format!(
                "{count} of the resources here have a name and no properties, as `az resource list` prints them: what they are is \
                 not known; add `az network nsg list` and its siblings, or `az resource show`"
            );
            Gap::at(place, "resource-without-properties", Effect::Undecided, message)
        };
        documents.into_values().map(gap).collect()
    }

    pub(crate) fn contains(&self, key: &Name) -> bool {
        self.groups.contains_key(key)
            || self.interfaces.contains_key(key)
            || self.networks.contains_key(key)
            || self.subnets.contains_key(key)
            || self.peerings.contains_key(key)
            || self.route_tables.contains_key(key)
            || self.public_addresses.contains_key(key)
            || self.machines.contains_key(key)
            || self.devices.contains(key)
    }

    /// Whether the input has anything of Azure.
    pub(crate) fn is_empty(&self) -> bool {
        !self.has_network() && self.devices.is_empty()
    }

    /// Whether the input has anything of networks and machines, beside devices.
    pub(crate) fn has_network(&self) -> bool {
        !(self.groups.is_empty()
            && self.interfaces.is_empty()
            && self.networks.is_empty()
            && self.subnets.is_empty()
            && self.route_tables.is_empty()
            && self.public_addresses.is_empty()
            && self.machines.is_empty()
            && self.application_groups.is_empty()
            && self.views.is_empty()
            && self.devices.load_balancers.is_empty()
            && self.devices.scale_sets.is_empty()
            && self.devices.application_gateways.is_empty()
            && self.devices.firewalls.is_empty())
    }

    fn put_group(&mut self, mut group: Group) -> Arrival {
        if !group.identity.named_by_id {
            // Names are not unique: groups without an id are never one group.
            group.identity.key = self.free_key(&group.identity.key);
            return self.groups.put(&group.identity.key.clone(), group);
        }
        match self.groups.get_mut(&group.identity.key) {
            Some(known) if known.rules == group.rules && known.is_projected != group.is_projected => {
                if known.is_projected {
                    *known = group;
                }
                Arrival::Same
            }
            Some(_) | None => self.groups.put(&group.identity.key.clone(), group),
        }
    }

    /// `az vm list` does not know what `az vm list -d` knows: whether the machine runs.
    fn put_machine(&mut self, mut machine: Machine) -> Arrival {
        let known = self.machines.get(&machine.identity.key).and_then(|known| known.power.as_ref());
        let before = known.or(machine.power.as_ref()).map(Arc::clone);
        machine.power = machine.power.or_else(|| before.clone());
        if let Some(known) = self.machines.get_mut(&machine.identity.key) {
            known.power = known.power.take().or(before);
        }
        self.machines.put(&machine.identity.key.clone(), machine)
    }

    /// The key itself, or with the lowest number that makes it a new one.
    fn free_key(&mut self, key: &Name) -> Name {
        if !self.groups.contains_key(key) {
            return Arc::clone(key);
        }
        // From the last one that was given out: thousands may have one name.
        let last = self.copies.entry(Arc::clone(key)).or_insert(1);
        loop {
            *last += 1;
            let candidate = Name::from(format!("{key}#{last}"));
            if !self.groups.contains_key(&candidate) {
                return candidate;
            }
        }
    }

    fn put_network(&mut self, parts: NetworkParts) -> Arrival {
        let key = Arc::clone(&parts.network.identity.key);
        let mut arrivals = Vec::new();
        // A list of parts is all of them: what it does not name any more is gone.
        if let Some(subnets) = parts.subnets {
            let named =
                |known: &Subnet| subnets.iter().any(|subnet| subnet.identity.key == known.identity.key);
            self.subnets.retain(|_, known| known.network.as_ref() != Some(&key) || named(known));
            for subnet in subnets {
                arrivals.push(self.subnets.put(&subnet.identity.key.clone(), subnet));
            }
        }
        if let Some(peerings) = parts.peerings {
            let named =
                |known: &Peering| peerings.iter().any(|peering| peering.identity.key == known.identity.key);
            self.peerings.retain(|_, known| known.network.as_ref() != Some(&key) || named(known));
            for peering in peerings {
                arrivals.push(self.peerings.put(&peering.identity.key.clone(), peering));
            }
        }
        let network = self.networks.put(&key, parts.network);
        if arrivals.contains(&Arrival::Differs) { Arrival::Differs } else { network }
    }
}
