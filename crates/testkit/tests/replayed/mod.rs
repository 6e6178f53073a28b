//! The laws of edits, whatever the cloud.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cloud::audit::{Act, Edit, Nature};
use cloud::json::{Node, Tree, tree_in};
use cloud::{Cloud, Document, Inventory};
use model::{DocumentId, Name, Provenance, Target, Thresholds};
use serde_json::Value;
use testkit::histories::laws::placeless;
use testkit::random::Random;

/// How much was compared.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) estates: usize,
    pub(crate) edits: usize,
    pub(crate) touched: usize,
    /// Targets that an edit did not touch, compared with what they were before.
    pub(crate) kept: usize,
    /// Targets compared with those of an export of afterwards.
    pub(crate) exported: usize,
}

/// An object as edits state it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Thing {
    pub(crate) scope: Option<Name>,
    pub(crate) node: Value,
}

pub(crate) type Things = BTreeMap<(&'static str, Name), Thing>;

/// Two exports of one estate, and the objects of each.
pub(crate) struct Laws {
    pub(crate) cloud: &'static Cloud,
    pub(crate) name: String,
    pub(crate) before: Vec<(String, String)>,
    pub(crate) after: Vec<(String, String)>,
    pub(crate) things: [Things; 2],
}

/// Kinds that state what others state too, in an order in which each may say something else than the one before.
const TWICE: [&str; 3] = ["address", "network-interface", "instance"];
/// Kinds that come with others when they are made, which are stated then.
const FIRST: [&str; 4] = ["vpc", "subnet", "network", "subnetwork"];
const PLACE: Provenance = Provenance { document: DocumentId(9), offset: 9 };

impl Laws {
    pub(crate) fn hold(&self, random: &mut Random, counts: &mut Counts) {
        self.follow(self.edits(random), counts);
    }

    /// The same of edits that are given.
    pub(crate) fn follow(&self, edits: Vec<Edit>, counts: &mut Counts) {
        counts.estates += 1;
        let mut inventory = self.read(&self.before, true);
        let untouched = inventory.fork();
        let first = targets(&*untouched);
        assert_eq!(
            bare(&first),
            bare(&targets(&*self.read(&self.before, false))),
            "{}: remembered",
            self.name
        );
        let mut known = first.clone();
        for edit in edits {
            let applied = inventory.apply(&edit, PLACE);
            // With others it may be gone already.
            if edit.act != Act::Drop {
                assert_eq!(applied.unseen, None, "{}: {edit:?}", self.name);
            }
            counts.edits += 1;
            counts.touched += applied.touched.len();
            let now = targets(&*inventory);
            let touched: BTreeSet<&Name> = applied.touched.iter().collect();
            let lowered: BTreeMap<Name, Target> = inventory
                .lower(&applied.touched)
                .into_iter()
                .map(|one| (Arc::clone(&one.key), one))
                .collect();
            for key in &touched {
                assert_eq!(lowered.get(*key), now.get(*key), "{}: lowered {key} after {edit:?}", self.name);
            }
            for (key, target) in &now {
                if !touched.contains(key) {
                    counts.kept += 1;
                    assert_eq!(known.get(key), Some(target), "{}: {key} moved by {edit:?}", self.name);
                }
            }
            let gone = known.keys().find(|key| !now.contains_key(*key) && !touched.contains(key));
            assert_eq!(gone, None, "{}: gone by {edit:?}", self.name);
            known = now;
        }
        let exported = bare(&targets(&*self.read(&self.after, false)));
        counts.exported += exported.len();
        let now = bare(&known);
        for key in exported.keys().chain(now.keys()) {
            let [own, theirs] = [&now, &exported].map(|all| all.get(key));
            assert!(own == theirs, "{}: {key} after all edits: {}", self.name, difference(own, theirs));
        }
        assert_eq!(targets(&*untouched), first, "{}: forked", self.name);
    }

    fn read(&self, documents: &[(String, String)], remembers: bool) -> Box<dyn Inventory> {
        let mut inventory = (self.cloud.inventory)();
        if remembers {
            inventory.remember();
        }
        for (number, (path, text)) in documents.iter().enumerate() {
            let id = DocumentId(u32::try_from(number).expect("few documents"));
            inventory.read(&Document { id, path, text });
        }
        inventory
    }

    /// What makes the second estate of the first one, in any order.
    fn edits(&self, random: &mut Random) -> Vec<Edit> {
        let [before, after] = &self.things;
        let edit = |kind: &str, id: &Name, scope: &Option<Name>, act: Act| Edit {
            kind: kind.into(),
            id: Arc::clone(id),
            scope: scope.clone(),
            region: None,
            nature: Nature::Rule,
            act,
        };
        let mut edits = Vec::new();
        for ((kind, id), thing) in before {
            if !after.contains_key(&(*kind, Arc::clone(id))) {
                edits.push(edit(kind, id, &thing.scope, Act::Drop));
            }
        }
        for ((kind, id), thing) in after {
            let act = Act::Put(node(&thing.node));
            edits.push(edit(kind, id, &thing.scope, act));
        }
        random.shuffle(&mut edits);
        // What is stated twice follows what is stated first: whoever states both says the second one last.
        let order = |edit: &Edit| match edit.act {
            Act::Drop => 0,
            _ if FIRST.contains(&&*edit.kind) => 1,
            _ => 2 + TWICE.iter().position(|kind| *edit.kind == **kind).map_or(0, |position| position + 1),
        };
        edits.sort_by_key(order);
        edits
    }
}

/// Where two differ, with what stands around.
fn difference(one: Option<&Target>, other: Option<&Target>) -> String {
    let [one, other] = [format!("{one:?}"), format!("{other:?}")];
    let same = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let around =
        |text: &str| text.get(same.saturating_sub(300)..(same + 300).min(text.len())).map(str::to_owned);
    format!("{:?}\n{:?}", around(&one), around(&other))
}

pub(crate) fn node(value: &Value) -> Node<'static> {
    match tree_in(&value.to_string()).map(|tree| tree.to_owned_tree()) {
        Some(Tree::Object(node)) => node,
        other => panic!("{other:?}"),
    }
}

fn targets(inventory: &dyn Inventory) -> BTreeMap<Name, Target> {
    let snapshot = inventory.snapshot(Thresholds::STANDARD);
    snapshot.targets.iter().map(|target| (Arc::clone(&target.key), Target::clone(target))).collect()
}

/// The same without where it was read.
fn bare(targets: &BTreeMap<Name, Target>) -> BTreeMap<Name, Target> {
    targets.iter().map(|(key, one)| (Arc::clone(key), placeless(one))).collect()
}
