//! What is known after edits is what an export of then says.

use std::collections::BTreeMap;
use std::sync::Arc;

use azure::Inventory;
use cloud::audit::Edit;
use cloud::{Document, Inventory as _};
use model::{DocumentId, Filter, Name, RuleList, Target, Thresholds};
use proptest::prelude::*;
use serde_json::Value;

use crate::edits::{PLACE, puts};
use crate::world::{Random, World};

/// An inventory that remembers, and has read these documents.
pub(crate) fn reading(documents: &[Value]) -> Inventory {
    let mut inventory = Inventory::new();
    inventory.remember();
    for (number, document) in documents.iter().enumerate() {
        let id = DocumentId(u32::try_from(number).unwrap());
        let text = document.to_string();
        inventory.read(&Document { id, path: "input.json", text: &text });
    }
    inventory
}

/// The targets of an inventory by key, without where they were read, and without what is behind each list: nobody is let in
/// or kept out by it.
pub(crate) fn targets(inventory: &dyn cloud::Inventory) -> BTreeMap<Name, String> {
    let snapshot = inventory.snapshot(Thresholds::STANDARD);
    snapshot.targets.iter().map(|target| (Arc::clone(&target.key), plain(target))).collect()
}

/// A target without where it was read.
pub(crate) fn plain(target: &Target) -> String {
    let mut target = target.clone();
    target.provenance = None;
    for path in &mut target.paths {
        path.filter = Arc::new(bare(&path.filter));
        path.hops.iter_mut().for_each(|hop| hop.provenance = None);
    }
    format!("{target:?}")
}

fn bare(filter: &Filter) -> Filter {
    let all = |parts: &[Filter]| parts.iter().map(bare).collect();
    match filter {
        Filter::Always(action) => Filter::Always(*action),
        Filter::FirstMatch(list) => {
            let mut list = RuleList::clone(list);
            list.provenance = None;
            list.behind = None;
            list.rules.iter_mut().for_each(|rule| rule.provenance = None);
            Filter::FirstMatch(Arc::new(list))
        }
        Filter::Chain(parts) => Filter::Chain(all(parts)),
        Filter::AllOf(parts) => Filter::AllOf(all(parts)),
        Filter::AnyOf(parts) => Filter::AnyOf(all(parts)),
    }
}

/// Where two sets of targets differ first.
pub(crate) fn differences(got: &BTreeMap<Name, String>, expected: &BTreeMap<Name, String>) -> Option<String> {
    let around =
        |text: &str, at: usize| text.chars().skip(at.saturating_sub(120)).take(400).collect::<String>();
    let keys = got.keys().chain(expected.keys());
    keys.into_iter().find_map(|key| match (got.get(key), expected.get(key)) {
        (Some(one), Some(other)) if one == other => None,
        (Some(one), Some(other)) => {
            let at = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
            Some(format!("{key}\n   got …{}\n   not …{}", around(one, at), around(other, at)))
        }
        (one, other) => Some(format!("{key}: got {}, expected {}", one.is_some(), other.is_some())),
    })
}

/// An edit in a line.
fn said(edit: &Edit) -> String {
    let act = format!("{:?}", edit.act);
    format!("\n  {} {}", edit.id, act.chars().take(60).collect::<String>())
}

/// Changes an estate many times, and holds after each change that the replay and an export of then are one. Returns how many
/// targets were compared, and how many of them an edit touched.
fn run(seed: u64, changes: usize) -> Result<[usize; 2], TestCaseError> {
    let mut random = Random::new(seed);
    let mut world = World::new(&mut random);
    let mut inventory = reading(&world.documents());
    let mut known = targets(&inventory);
    let mut counted = [0, 0];
    for _ in 0..changes {
        let edits = world.change(&mut random);
        let mut touched: Vec<Name> = Vec::new();
        for edit in &edits {
            touched.extend(inventory.apply(edit, PLACE).touched);
        }
        let lowered: BTreeMap<Name, String> =
            inventory.lower(&touched).iter().map(|target| (Arc::clone(&target.key), plain(target))).collect();
        let fresh = targets(&reading(&world.documents()));
        let differs = differences(&targets(&inventory), &fresh);
        let said = || edits.iter().map(said).collect::<String>();
        prop_assert!(differs.is_none(), "{}\nafter {}", differs.unwrap_or_default(), said());
        for (key, target) in &fresh {
            counted[0] += 1;
            if touched.contains(key) {
                counted[1] += 1;
                prop_assert!(lowered.get(key) == Some(target), "{} after {}", key, said());
            } else {
                prop_assert!(known.get(key) == Some(target), "{} moved untouched by {}", key, said());
            }
        }
        for key in known.keys().filter(|key| !fresh.contains_key(*key)) {
            prop_assert!(touched.contains(key), "{} went untouched by {}", key, said());
        }
        known = fresh;
    }
    Ok(counted)
}

#[test]
#[expect(clippy::disallowed_macros, reason = "how much was compared is for who runs it")]
fn a_replay_and_an_export_are_one() {
    let mut counted = [0, 0];
    for seed in 0..RUNS {
        match run(seed, 40) {
            Ok(more) => counted = [counted[0] + more[0], counted[1] + more[1]],
            Err(error) => panic!("seed {seed}: {error}"),
        }
    }
    println!("{} targets compared, {} of them touched", counted[0], counted[1]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_replay_of_any_history_and_an_export_are_one(seed in any::<u64>()) {
        run(seed, 25)?;
    }

    #[test]
    fn to_put_what_an_export_holds_is_to_read_it(seed in any::<u64>()) {
        let mut random = Random::new(seed);
        let documents = World::new(&mut random).documents();
        let mut inventory = Inventory::new();
        inventory.remember();
        for document in &documents {
            for edit in puts(&document.to_string()) {
                inventory.apply(&edit, PLACE);
            }
        }
        let read = reading(&documents);
        prop_assert_eq!(differences(&targets(&inventory), &targets(&read)), None);
        for target in &inventory.snapshot(Thresholds::STANDARD).targets {
            prop_assert_eq!(inventory.is_partial(target), read.is_partial(target), "{}", target.key);
        }
    }

    #[test]
    fn a_fork_leaves_the_original_as_it_was(seed in any::<u64>()) {
        let mut random = Random::new(seed);
        let mut world = World::new(&mut random);
        let mut inventory = reading(&world.documents());
        let before = targets(&inventory);
        let mut fork = inventory.fork();
        prop_assert_eq!(&targets(&*fork), &before);
        let edits: Vec<_> = (0..10).flat_map(|_| world.change(&mut random)).collect();
        for edit in &edits {
            fork.apply(edit, PLACE);
        }
        prop_assert_eq!(&targets(&inventory), &before);
        for edit in &edits {
            inventory.apply(edit, PLACE);
        }
        prop_assert_eq!(targets(&inventory), targets(&*fork));
    }
}

/// How many histories are run each time.
const RUNS: u64 = 24;
