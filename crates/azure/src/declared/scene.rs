//! Everything that a configuration declares: which resources there are, and what they add to each other.
//!
//! Who each of them is says `ids`, what arguments refer to `references`.

use std::collections::{BTreeMap, BTreeSet};

use cloud::json::{Tree, Unknown};
use cloud::{Declarations, Declared};

use super::interface::{MACHINES, interfaces_of};
use super::one::{One, says_something};
use super::row::{Make, Parent, Place, Row, Slot};
use super::spelled;

/// What is declared.
pub(super) struct Scene<'d, 'a> {
    pub(super) resources: &'d [Declared<'a>],
    pub(super) rows: Vec<Option<&'static Row>>,
    pub(super) by_address: BTreeMap<&'d str, usize>,
    /// By type and name, in lower case.
    pub(super) by_name: BTreeMap<(&'d str, String), Vec<usize>>,
    pub(super) names: Vec<String>,
    pub(super) ids: Vec<String>,
    /// What adds to a list of the resource of an id, in lower case.
    parts: BTreeMap<(String, Slot), Vec<usize>>,
    /// What adds to a list of a resource, and it is not known of which.
    strays: BTreeMap<Slot, Vec<usize>>,
    /// The ids of what is declared and not looked up, in lower case.
    made: BTreeMap<String, usize>,
    /// The machine that names an interface, both by id; the interface in lower case.
    machines: BTreeMap<String, String>,
    /// What tells ids of this configuration from those of others.
    pub(super) label: String,
}

/// To whom something belongs. Complete.
pub(super) enum Owner<'a> {
    /// To the resource of this id.
    This(String),
    /// To one that is not known.
    Unknown(Box<Unknown<'a>>),
}

impl<'d, 'a> Scene<'d, 'a> {
    pub(super) fn new(
        declarations: &Declarations<'d, 'a>,
        row_of: impl Fn(&str) -> Option<&'static Row>,
    ) -> Self {
        let resources = declarations.resources;
        let addresses = resources.iter().enumerate();
        let mut scene = Self {
            resources,
            rows: resources.iter().map(|declared| row_of(&declared.kind)).collect(),
            by_address: addresses.map(|(index, one)| (&*one.address, index)).collect(),
            by_name: BTreeMap::new(),
            names: Vec::with_capacity(resources.len()),
            ids: Vec::new(),
            parts: BTreeMap::new(),
            strays: BTreeMap::new(),
            made: BTreeMap::new(),
            machines: BTreeMap::new(),
            label: declarations.label.replace('/', "."),
        };
        for declared in resources {
            scene.names.push(scene.name_of(declared, 0));
        }
        for (index, declared) in resources.iter().enumerate() {
            let name = scene.name(index).to_lowercase();
            scene.by_name.entry((&*declared.kind, name)).or_default().push(index);
        }
        scene.add_ids();
        for (index, _) in resources.iter().enumerate().filter(|(_, declared)| !declared.is_looked_up) {
            scene.made.insert(scene.id(index).to_lowercase(), index);
        }
        for (index, declared) in resources.iter().enumerate() {
            scene.place((index, declared));
        }
        scene.machines = scene.interfaces_of_machines();
        scene
    }

    /// Whatever stands in a resource group comes first: the ids of others are made of theirs.
    fn add_ids(&mut self) {
        self.ids = vec![String::new(); self.resources.len()];
        let mut known: BTreeSet<String> = BTreeSet::new();
        for is_first in [true, false] {
            for (index, declared) in self.resources.iter().enumerate() {
                let place = self.row(index).map(|row| row.place);
                if matches!(place, Some(Place::Group(_) | Place::Subscription)) != is_first {
                    continue;
                }
                let mut id = self.id_of((index, declared), 0);
                // Two that are called alike cannot both be made, and neither hides the other.
                if !declared.is_looked_up && !known.insert(id.to_lowercase()) {
                    id = format!("{id}@{}", declared.address.replace('/', "_"));
                }
                if let Some(own) = self.ids.get_mut(index) {
                    *own = id;
                }
            }
        }
    }

    fn interfaces_of_machines(&self) -> BTreeMap<String, String> {
        let machines = MACHINES.iter().flat_map(|kind| self.all_of(kind));
        let owned = |machine: One<'_, 'a>| {
            let id = machine.who().id.to_owned();
            let interfaces = interfaces_of(machine).into_iter();
            interfaces.map(move |interface| (interface.to_lowercase(), id.clone())).collect::<Vec<_>>()
        };
        machines.flat_map(owned).collect()
    }

    /// The id of the machine that names an interface.
    pub(super) fn machine_of(&self, interface: &str) -> Option<&str> {
        self.machines.get(&interface.to_lowercase()).map(String::as_str)
    }

    /// What is declared of a type and not looked up.
    pub(super) fn all_of<'s>(&'s self, kind: &'s str) -> impl Iterator<Item = One<'s, 'a>> {
        let named =
            self.by_name.range((kind, String::new())..).take_while(move |((known, _), _)| *known == kind);
        let all = named.flat_map(|(_, indexes)| indexes).filter_map(|index| self.one(*index));
        all.filter(|one| !one.declared.is_looked_up)
    }

    /// Notes to which list of which resource something adds.
    fn place(&mut self, (index, declared): (usize, &Declared<'a>)) {
        let Some((slot, owner)) = self.owner_of((index, declared)) else { return };
        match owner {
            Owner::This(id) => self.parts.entry((id.to_lowercase(), slot)).or_default().push(index),
            Owner::Unknown(_) => self.strays.entry(slot).or_default().push(index),
        }
    }

    fn owner_of(&self, (index, declared): (usize, &Declared<'a>)) -> Option<(Slot, Owner<'a>)> {
        let row = self.row(index).filter(|_| !declared.is_looked_up)?;
        let (slot, parent): (Slot, &Parent) = match row.make {
            Make::Item(slot, parent, _) => (slot, parent),
            Make::Spelled => (spelled::slot(declared)?, &spelled::PARENT),
            Make::Resources(_) | Make::Corrected | Make::Nothing => return None,
        };
        Some((slot, self.owner(declared, parent, 0)))
    }

    /// Whether what adds to a resource finds it here, or may find it.
    pub(super) fn is_placed(&self, index: usize) -> bool {
        let Some(declared) = self.resources.get(index) else { return false };
        match self.owner_of((index, declared)) {
            Some((slot, Owner::This(id))) => self.takes(&id, slot),
            // It may be any that is declared here.
            Some((slot, Owner::Unknown(_))) => {
                takers(slot).iter().any(|kind| self.all_of(kind).next().is_some())
            }
            None => false,
        }
    }

    /// Whether a resource of an id is declared, or a part of one.
    fn takes(&self, id: &str, slot: Slot) -> bool {
        let key = id.to_lowercase();
        // Subnets may be declared inside of their networks.
        let network = key.split_once("/subnets/").map(|(network, _)| network);
        let within = network.and_then(|network| self.made(network));
        let is_within = within.is_some_and(|network| !network.block().blocks(&["subnet"]).is_empty());
        let has_room = self
            .made(&key)
            .is_some_and(|owner| owner.kind() != spelled::KIND || spelled::has_room(owner.declared, slot));
        has_room || (matches!(slot, Slot::SubnetGroup | Slot::SubnetTable) && is_within)
    }

    /// The id of the resource to which something adds.
    pub(super) fn owner_id(&self, index: usize) -> Option<String> {
        match self.owner_of((index, self.resources.get(index)?))? {
            (_, Owner::This(id)) => Some(id),
            (_, Owner::Unknown(_)) => None,
        }
    }

    /// Whether nothing before adds to the same resource: what all of them add is told once.
    pub(super) fn is_first_part(&self, index: usize) -> bool {
        let Some(owner) = self.owner_id(index).map(|owner| owner.to_lowercase()) else { return true };
        let slots = [Slot::SubnetGroup, Slot::SubnetTable, Slot::InterfaceGroup, Slot::StorageRules];
        let before = slots.iter().filter_map(|slot| self.parts.get(&(owner.clone(), *slot)));
        before.flatten().all(|other| index <= *other)
    }

    /// The declared resource of an id.
    pub(super) fn made(&self, id: &str) -> Option<One<'_, 'a>> {
        self.one(*self.made.get(&id.to_lowercase())?)
    }

    pub(super) fn one(&self, index: usize) -> Option<One<'_, 'a>> {
        Some(One { scene: self, index, declared: self.resources.get(index)? })
    }

    pub(super) fn row(&self, index: usize) -> Option<&'static Row> {
        self.rows.get(index).copied().flatten()
    }

    pub(super) fn id(&self, index: usize) -> &str {
        self.ids.get(index).map_or("", String::as_str)
    }

    pub(super) fn name(&self, index: usize) -> &str {
        self.names.get(index).map_or("", String::as_str)
    }

    /// What others add to a list of the resource of an id. What may be added or may not comes as what it may be: whoever
    /// writes an item asks [`One::is_certain`] and [`One::is_placed`].
    pub(super) fn added(&self, id: &str, slot: Slot) -> Vec<Tree<'a>> {
        let own = self.parts.get(&(id.to_lowercase(), slot)).into_iter().flatten();
        let strays = self.strays.get(&slot).into_iter().flatten();
        own.chain(strays).filter_map(|index| self.item(*index)).collect()
    }

    fn item(&self, index: usize) -> Option<Tree<'a>> {
        let one = self.one(index)?;
        match self.row(index)?.make {
            Make::Item(_, _, write) => write(one),
            Make::Spelled => Some(spelled::item(one)),
            Make::Resources(_) | Make::Corrected | Make::Nothing => None,
        }
    }

    /// Whether it is known to whom something belongs.
    pub(super) fn has_owner(&self, index: usize) -> bool {
        let declared = self.resources.get(index);
        let owner = declared.and_then(|declared| self.owner_of((index, declared)));
        !matches!(owner, Some((_, Owner::Unknown(_))))
    }
}

/// The types that have a list.
fn takers(slot: Slot) -> &'static [&'static str] {
    match slot {
        Slot::GroupRules => &["azurerm_network_security_group"],
        Slot::SubnetGroup | Slot::SubnetTable => &["azurerm_subnet"],
        Slot::TableRoutes => &["azurerm_route_table"],
        Slot::InterfaceGroup
        | Slot::InterfaceApplicationGroups
        | Slot::InterfacePools
        | Slot::InterfaceNatRules
        | Slot::InterfaceGatewayPools => &["azurerm_network_interface"],
        Slot::BalancerPools | Slot::BalancerRules | Slot::BalancerNatRules | Slot::BalancerNatPools => {
            &["azurerm_lb"]
        }
        Slot::PoolAddresses => &["azurerm_lb_backend_address_pool"],
        Slot::FirewallNat | Slot::FirewallNetwork => &["azurerm_firewall"],
        Slot::IpGroupAddresses => &["azurerm_ip_group"],
        // Rules of one kind of server are not those of another, and each names its own.
        Slot::ServerRanges => &[],
        Slot::StorageRules => &["azurerm_storage_account"],
        Slot::NamespaceRules => &["azurerm_servicebus_namespace"],
    }
}

/// The first of several arguments that says anything.
pub(super) fn argument<'s, 'a>(declared: &'s Declared<'a>, names: &[&str]) -> Option<&'s Tree<'a>> {
    let mut stated = names.iter().filter_map(|name| declared.attributes.own(name));
    stated.find(|value| says_something(value))
}
