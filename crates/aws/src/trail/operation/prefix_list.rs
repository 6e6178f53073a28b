//! Managed prefix lists and their versions (W6).
//!
//! A list is edited as AWS Config has it, with its entries. Which entries an earlier version had is remembered by
//! `aftermath`.

use cloud::audit::{Act, Edit, Nature, Spot};
use cloud::grammar;
use cloud::json::Tree;
use model::Effect;

use crate::trail::body::Body;
use crate::trail::call::{Call, Meaning, Told};
use crate::trail::made::{described, names, object, text, tree};

const KIND: &str = "prefix-list";

pub(super) fn create(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let list = call.response.part("prefixList");
    let name = call.request.text("prefixListName");
    let Some(id) = list.text("prefixListId") else {
        return match call.is_done() {
            true => told.no_id("responseElements.prefixList.prefixListId"),
            false => Meaning::recorded(name.unwrap_or_default()),
        };
    };
    let Some(entries) = entries(call.request, &ADDED) else { return unread(id, told) };
    let mut listed = described(list, &[("tagSet", "Tags")]);
    for key in ["state", "version"] {
        listed.take_out(key);
    }
    let first = tree([("Version", text("1")), ("Entries", Tree::List(entries.clone()))]);
    for (key, value) in
        [("Version", text("1")), ("Entries", Tree::List(entries)), ("#versions", Tree::List(vec![first]))]
    {
        listed.push(key.into(), value);
    }
    Meaning::edits(vec![call.edit(KIND, id, Nature::Rule, Act::Put(listed))])
}

/// What is taken out goes before what is put in; without entries it is about a name, or how many fit.
pub(super) fn modify(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(id) = call.request.text("prefixListId") else { return told.no_id("PrefixListId") };
    let (Some(added), Some(removed)) = (entries(call.request, &ADDED), entries(call.request, &REMOVED))
    else {
        return unread(id, told);
    };
    let mut edits = Vec::new();
    if let Some(name) = call.request.text("prefixListName") {
        let act = Act::Merge(object([("PrefixListName", text(name))]));
        edits.push(call.edit(KIND, id, Nature::Rule, act));
    }
    if added.is_empty() && removed.is_empty() {
        return if edits.is_empty() { Meaning::recorded(id) } else { Meaning::edits(edits) };
    }
    let version = call.request.number("currentVersion");
    edits.extend(version.map(|version| at_version(call, id, version)));
    let spot = || Spot::of(&["Entries"]);
    if !removed.is_empty() {
        edits.push(call.edit(KIND, id, Nature::Rule, Act::Remove { from: spot(), items: removed }));
    }
    if !added.is_empty() {
        let act = Act::Insert { into: spot(), items: added, by: names(&["Cidr"]) };
        edits.push(call.edit(KIND, id, Nature::Rule, act));
    }
    edits.extend(version.map(|version| at_version(call, id, version.saturating_add(1))));
    Meaning::edits(edits)
}

/// The entries of an earlier version come back as a new one.
pub(super) fn restore(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(id) = call.request.text("prefixListId") else { return told.no_id("PrefixListId") };
    let Some(previous) = call.request.number("previousVersion") else { return unread(id, told) };
    let current = call.request.number("currentVersion");
    let mut edits: Vec<Edit> = current.map(|version| at_version(call, id, version)).into_iter().collect();
    let act = Act::Set { at: Spot::of(&["#restored"]), value: text(&previous.to_string()) };
    edits.push(call.edit(KIND, id, Nature::Rule, act));
    edits.extend(current.map(|version| at_version(call, id, version.saturating_add(1))));
    Meaning::edits(edits)
}

pub(super) fn delete(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(id) = call.request.text("prefixListId") else { return told.no_id("PrefixListId") };
    Meaning::edits(vec![call.edit(KIND, id, Nature::Rule, Act::Drop)])
}

/// What the list holds now is what this version of it holds: `aftermath` remembers.
fn at_version(call: &Call<'_>, id: &str, version: i64) -> Edit {
    let act = Act::Set { at: Spot::of(&["Version"]), value: text(&version.to_string()) };
    call.edit(KIND, id, Nature::Rule, act)
}

/// The entries under one of some keys, without host bits, which AWS cuts off; `None` where one cannot be read.
fn entries(request: Body<'_>, keys: &[&str]) -> Option<Vec<Tree<'static>>> {
    let items = keys.iter().flat_map(|key| request.items(key));
    let entry = |item| {
        let cidr = Body::in_tree(item)?.text("cidr")?;
        let cidr = grammar::prefix(cidr).map_or_else(|_| cidr.to_owned(), |prefix| prefix.to_string());
        Some(tree([("Cidr", text(&cidr))]))
    };
    items.map(entry).collect()
}

fn unread(id: &str, told: &mut Told<'_>) -> Meaning {
    let sentence = "an entry has no `Cidr`, or no version is named: what the list holds is not known; an export of now has it";
    told.tell("unreadable-event", Effect::Undecided, sentence);
    Meaning::recorded(id)
}

/// Keys under which entries are put in, and taken out.
const ADDED: [&str; 4] = ["entry", "entries", "addEntry", "addEntries"];
const REMOVED: [&str; 2] = ["removeEntry", "removeEntries"];
