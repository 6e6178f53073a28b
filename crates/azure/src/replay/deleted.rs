//! What is deleted and can be recovered: it comes back as it was.
//!
//! Adding a type: a line in [`RECOVERABLE`].

use std::borrow::Cow;
use std::sync::Arc;

use cloud::audit::{Act, Ledger, Spot};
use cloud::json::Tree;
use model::Name;

use super::{Plan, UNSEEN};

/// Before an edit: what is about to be deleted is kept, if it can be recovered.
pub(super) fn keep(ledger: &mut Ledger, plan: &Plan) {
    if plan.act != Act::Drop || !RECOVERABLE.contains(&&*plan.kind) {
        return;
    }
    if let Some(object) = ledger.get(&plan.kind, &plan.key).cloned() {
        ledger.keep(&of_deleted(&plan.kind), &plan.key, Arc::new(object));
    }
}

/// The edit that a recovery is: the object as it was, or nobody knows what. `None` where it is none.
pub(super) fn recovered(act: &Act, [kind, key]: [&Name; 2], ledger: &Ledger) -> Option<Act> {
    let Act::Set { at, value } = act else { return None };
    if *at != Spot::of(&[RECOVERED]) {
        return None;
    }
    let known = ledger.get(&of_deleted(kind), key).filter(|known| !known.is_partial);
    Some(match (known, value) {
        (Some(known), _) => Act::Put(known.node.clone()),
        (None, Tree::Text(words)) => {
            Act::Set { at: Spot::of(&[UNSEEN]), value: Tree::Text(Cow::Owned(words.clone().into_owned())) }
        }
        (None, _) => act.clone(),
    })
}

fn of_deleted(kind: &str) -> Name {
    format!("deleted {kind}").into()
}

/// Types that are deleted softly and say so when they are recovered.
const RECOVERABLE: [&str; 2] = ["microsoft.cognitiveservices/accounts", "microsoft.keyvault/vaults"];
/// Where an edit says that an object is there again as it was.
const RECOVERED: &str = "#recovered";
