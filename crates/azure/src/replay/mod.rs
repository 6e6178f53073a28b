//! Edits of audit logs applied to what exports said: the object is edited as it is spelled, and read again by the reader
//! that exports have.
//!
//! The law: what is known after a replay is what an export of then would say. Knows no operation and no log.

mod balanced;
mod commit;
mod deleted;
mod flat;
mod follow;
mod group_rule;
mod made;
mod parts;
mod step;
mod unstated;

use std::borrow::Cow;
use std::sync::Arc;

use cloud::Desk;
use cloud::audit::{Act, Edit, Edited, Ledger, Spot};
use cloud::json::{Node, Tree};
use model::{Gap, Name, Provenance};

use crate::estate::Estate;
use crate::pool::Pool;
use crate::reader::read_made;
use crate::resource::{Device, Group, Resource, name_of, type_of};

pub(crate) use flat::flat;
use flat::flat_act;
use parts::Part;

/// An edit as it is applied: of the object that states what is edited.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) kind: Name,
    pub(crate) key: Name,
    id: Name,
    pub(crate) act: Act,
    /// Names of the rules of a group that alone are edited.
    rules: Option<Vec<Name>>,
    /// An object of its own that the edited one states too.
    stale: Option<[Name; 2]>,
}

/// What an edit came to.
#[derive(Debug)]
pub(crate) struct Changed {
    pub(crate) edited: Edited,
    /// What the object says now; nothing where it is gone, or says nothing that is modelled.
    pub(crate) resources: Vec<Resource>,
}

/// What came beside what an edit is about.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    /// Something that may reach any target.
    pub(crate) reaches_far: bool,
    /// What decides what it did and was never stated, in words.
    pub(crate) untold: Option<String>,
}

/// What edits are applied to.
pub(crate) struct Replay<'r> {
    pub(crate) estate: &'r mut Estate,
    pub(crate) ledger: &'r mut Ledger,
    pub(crate) pool: &'r mut Pool,
    pub(crate) place: Provenance,
    pub(crate) gaps: &'r mut Vec<Gap>,
}

impl Plan {
    /// How an edit is applied.
    pub(crate) fn of(edit: &Edit, ledger: &Ledger, pool: &mut Pool) -> Self {
        let kind = pool.key(&edit.kind);
        let key = pool.key(&edit.id);
        let act = deleted::recovered(&edit.act, [&kind, &key], ledger).unwrap_or_else(|| flat_act(&edit.act));
        let id = Arc::clone(&edit.id);
        let plan = match Part::of_kind(&kind).and_then(|part| of_owner(part, [&id, &key], &act, ledger, pool))
        {
            Some(plan) => plan,
            None => Self { kind, key, id, act, rules: None, stale: None },
        };
        let rules = (&*plan.kind == step::GROUP).then(|| group_rule::named(&plan.act)).flatten();
        Self { rules, ..plan }.completed(ledger)
    }

    /// With what the provider makes.
    fn completed(mut self, ledger: &Ledger) -> Self {
        if let Act::Put(node) = &mut self.act {
            let known = ledger.get(&self.kind, &self.key).filter(|known| !known.is_partial);
            made::complete(&self.kind, &self.id, node, known.map(|known| &known.node));
        }
        self
    }

    /// Whether it changes nothing but rules of a group.
    pub(crate) const fn is_of_rules(&self) -> bool {
        self.rules.is_some()
    }

    /// What was done to an object, where the edit does not say what became of it.
    pub(crate) fn unseen(&self) -> Option<&str> {
        match &self.act {
            Act::Set { at, value: Tree::Text(what) } if *at == Spot::of(&[UNSEEN]) => Some(what),
            _ => None,
        }
    }

    /// Whether it takes away a group of resources.
    pub(crate) fn is_of_scope(&self) -> bool {
        &*self.kind == SCOPE && self.act == Act::Drop
    }
}

/// An edit of a part as one of its owner; `None` where the part stands alone.
fn of_owner(part: &Part, [id, key]: [&Name; 2], act: &Act, ledger: &Ledger, pool: &mut Pool) -> Option<Plan> {
    let (owner, spot) = part.spot(id)?;
    let (kind, owner_key, owner) = (Name::from(part.of), pool.key(owner), Name::from(owner));
    let known = ledger.get(&kind, &owner_key);
    let is_stated = known.is_some_and(|known| matches!(known.node.own(part.list), Some(Tree::List(_))));
    if !is_stated && !part.makes_owner {
        return None;
    }
    let list = Spot::of(&[part.list]);
    let item = known.and_then(|known| match spot.find(&known.node) {
        Some(Tree::Object(item)) => Some(item),
        _ => None,
    });
    let name = || Tree::Text(Cow::Owned(name_of(id).to_owned()));
    let act = match act {
        Act::Drop => {
            let pattern = Node::new(vec![(Cow::Borrowed("name"), name())], None);
            Act::Remove { from: list, items: vec![Tree::Object(pattern)] }
        }
        act => {
            let part_kind = Name::from(part.kind());
            let node = edited_item(&part_kind, [id, key], act, item);
            Act::Insert { into: list, items: vec![Tree::Object(node)], by: vec!["name".into()] }
        }
    };
    let stale = Some([Name::from(part.kind()), Arc::clone(key)]);
    Some(Plan { kind, key: owner_key, id: owner, act, rules: None, stale })
}

/// A part after an edit of it.
fn edited_item(
    kind: &Name,
    [id, key]: [&Name; 2],
    act: &Act,
    known: Option<&Node<'static>>,
) -> Node<'static> {
    if let Act::Put(node) = act {
        let mut node = node.clone();
        made::complete(kind, id, &mut node, known);
        return node;
    }
    let place = Provenance { document: model::DocumentId(0), offset: 0 };
    let mut scratch = Ledger::default();
    if let Some(known) = known {
        scratch.note(kind, key, known, place);
    }
    scratch.act([kind, key], act, place, &|| unseen(kind, id));
    scratch.get(kind, key).map(|object| object.node.clone()).unwrap_or_default()
}

/// What an object begins as that nobody stated: who it is, and a list of parts without which nothing can be read.
fn unseen(kind: &str, id: &Name) -> Node<'static> {
    let text = |text: &str| Tree::Text(Cow::Owned(text.to_owned()));
    let mut node = Node::default();
    node.push(Cow::Borrowed("id"), text(id));
    node.push(Cow::Borrowed("name"), text(name_of(id)));
    for part in Part::of_owner(kind).filter(|part| part.makes_owner) {
        node.push(Cow::Borrowed(part.list), Tree::List(Vec::new()));
    }
    node
}

impl Replay<'_> {
    /// Edits the object, and reads what it says now. Nothing of the estate is changed.
    pub(crate) fn edit(&mut self, plan: &Plan) -> Changed {
        let Plan { kind, key, id, act, .. } = plan;
        deleted::keep(self.ledger, plan);
        let edited = self.ledger.act([kind, key], act, self.place, &|| unseen(kind, id));
        let edited = match (edited, &plan.rules) {
            (Edited::Missing(_), Some(names)) => {
                Edited::Missing(group_rule::lost(names, self.ledger.get(kind, key)))
            }
            (edited, _) => edited,
        };
        // What is committed once more is what is drafted now.
        let is_commit = &**kind == commit::DEPLOYMENTS && edited == Edited::Same;
        let edited = if is_commit { Edited::Changed } else { edited };
        if let Some([kind, key]) = &plan.stale {
            self.ledger.forget(kind, key);
        }
        let resources = match edited {
            Edited::Gone | Edited::Same => Vec::new(),
            Edited::Changed | Edited::Missing(_) => match self.read_rules(plan) {
                Some(group) => vec![Resource::Group(group)],
                None => self.read(kind, key),
            },
        };
        Changed { edited, resources }
    }

    /// What an edit of a service that nobody stated leaves out, and that decides what it did.
    pub(crate) fn lacks(&self, plan: &Plan) -> Option<&'static str> {
        let object = self.ledger.get(&plan.kind, &plan.key)?;
        let is_made = object.is_partial && is_of_service(&plan.kind);
        is_made.then(|| unstated::lacks(&plan.act, &object.node)).flatten()
    }

    /// The group with its edited rules read again, and no others.
    fn read_rules(&mut self, plan: &Plan) -> Option<Group> {
        let names = plan.rules.as_ref()?;
        let known = self.estate.groups.get(&plan.key);
        known.filter(|group| group.identity.named_by_id && !self.estate.is_name(&plan.key))?;
        let excerpt = group_rule::excerpt(&self.ledger.get(&plan.kind, &plan.key)?.node, names)?;
        let told = self.gaps.len();
        let Some(Resource::Group(excerpt)) = self.read_node(excerpt).pop() else { return None };
        let changed = group_rule::with_rules(self.estate.groups.get(&plan.key)?, names, excerpt);
        if changed.is_none() {
            self.gaps.truncate(told);
        }
        changed
    }

    fn read(&mut self, kind: &Name, key: &Name) -> Vec<Resource> {
        let Some(object) = self.ledger.get(kind, key) else { return Vec::new() };
        let mut node = stated(&object.node);
        if object.is_partial && is_of_service(kind) {
            unstated::read_as(&mut node);
        }
        // An id may say less than the edit: that of a deployment ends with its region.
        let is_told = node.own("type").is_some() || type_of(key).is_some_and(|of_id| *of_id == **kind);
        if !is_told {
            node.push(Cow::Borrowed("type"), Tree::Text(Cow::Owned(kind.to_string())));
        }
        self.read_node(node)
    }

    /// What an object says, by the reader of exports.
    fn read_node(&mut self, node: Node<'static>) -> Vec<Resource> {
        let mut resources = Vec::new();
        let mut take =
            |resource, _, _: crate::reader::Spelled<'_>, _: &mut Vec<Gap>| resources.push(resource);
        let desk = Desk::standing(self.place, self.gaps);
        read_made(desk, [node], self.pool, &mut take);
        resources
    }

    /// Puts what an edit came to in the place of what was known; attachments follow on both sides.
    pub(crate) fn put(&mut self, plan: &Plan, changed: Changed) -> Beside {
        let mut beside = Beside::default();
        let Changed { edited, resources } = changed;
        let subnets = self.subnets_of(&plan.key);
        commit::freeze(self.estate, &plan.kind, &plan.key);
        commit::draft(self.estate, &plan.kind, &plan.key, &plan.act);
        let ranged = unstated::ranged(self.estate, plan, &resources);
        let object = self.ledger.get(&plan.kind, &plan.key);
        let is_partial = object.is_some_and(|object| object.is_partial || object.node.own(UNSEEN).is_some());
        match edited {
            Edited::Gone => {
                self.drop_parts(&plan.kind, &plan.key);
                self.estate.remove(&plan.key);
            }
            Edited::Same => return beside,
            Edited::Changed | Edited::Missing(_) => {
                if let Some([_, stale]) = &plan.stale
                    && !resources.iter().any(|resource| matches!(resource, Resource::Network(_)))
                {
                    self.estate.remove_device(stale);
                }
                for resource in resources {
                    let untold = self.replace(plan, resource);
                    beside.untold = beside.untold.or(untold);
                }
                self.estate.set_partial(&plan.key, is_partial);
            }
        }
        self.estate.ranged.extend(ranged);
        commit::cease(self.estate, &plan.kind, &plan.key, &plan.act);
        let known = self.estate.subnets.len();
        self.follow(plan, subnets);
        beside.reaches_far = self.estate.subnets.len() != known;
        beside
    }

    fn replace(&mut self, plan: &Plan, resource: Resource) -> Option<String> {
        match resource {
            Resource::Device(Device::AdminDeployment(deployment)) => {
                return commit::commit(self.estate, &plan.key, *deployment);
            }
            Resource::Device(device) => {
                self.estate.remove_device(&plan.key);
                self.estate.put_content(Resource::Device(device));
            }
            Resource::Group(group) => {
                self.estate.forget_name(&plan.key);
                self.estate.groups.put(&group.identity.key.clone(), group);
            }
            Resource::Network(parts) => {
                // What a network states of its parts, it states whole.
                let subnets =
                    parts.subnets.iter().flatten().map(|subnet| (step::SUBNET, &subnet.identity.key));
                let peerings = parts.peerings.iter().flatten();
                let peerings = peerings.map(|peering| (step::PEERING, &peering.identity.key));
                for (kind, key) in subnets.chain(peerings) {
                    self.ledger.forget(kind, key);
                    self.estate.set_partial(key, false);
                }
                self.estate.put_content(Resource::Network(parts));
            }
            other => {
                self.estate.put_content(other);
            }
        }
        None
    }

    /// The keys of the subnets of a network.
    fn subnets_of(&self, network: &Name) -> Vec<Name> {
        if !self.estate.networks.contains_key(network) {
            return Vec::new();
        }
        let all = self.estate.subnets.iter();
        all.filter(|(_, own)| own.network.as_ref() == Some(network)).map(|(key, _)| Arc::clone(key)).collect()
    }

    /// Takes away all that is in a group of resources, one after the other: what was attached to it elsewhere follows.
    pub(crate) fn drop_scope(&mut self, scope: &Plan) {
        let within = format!("{}/", scope.key);
        let mut inside = self.ledger.keys_of(&|_, key| key.starts_with(&within));
        inside.sort_unstable();
        for [kind, key] in inside {
            let id = Arc::clone(&key);
            let plan = Plan { kind, key, id, act: Act::Drop, rules: None, stale: None };
            let changed = self.edit(&plan);
            self.put(&plan, changed);
        }
    }

    /// What goes with its owner.
    fn drop_parts(&mut self, kind: &str, key: &Name) {
        let start = format!("{kind}/");
        let within = format!("{key}/");
        let is_part = |known: &str, of: &str| known.starts_with(&start) && of.starts_with(&within);
        for [kind, key] in self.ledger.keys_of(&is_part) {
            self.ledger.forget(&kind, &key);
            self.estate.remove(&key);
        }
    }
}

/// Whether a type is one of services, or of what they keep beside them.
fn is_of_service(kind: &str) -> bool {
    !["microsoft.network/", "microsoft.compute/", "microsoft.resources/"]
        .iter()
        .any(|own| kind.starts_with(own))
}

/// A group of resources, of which nothing is read but that it is gone.
const SCOPE: &str = "microsoft.resources/resourcegroups";
/// Where an edit says what was done to an object of which it does not say what became of it.
const UNSEEN: &str = "#unseen";

/// What of an object is not the memory of the ledger.
fn stated(node: &Node<'static>) -> Node<'static> {
    if !node.keys().any(|key| key.starts_with('#')) {
        return node.clone();
    }
    let own = node.entries().iter().filter(|(key, _)| !key.starts_with('#'));
    Node::new(own.cloned().collect(), None)
}
