//! Rules of one group edited: they alone are read again, and the others keep where they were read.
//!
//! Measured: to read all fifty rules of a group again takes ten times as long as all else that an edit of one asks for.

use cloud::audit::{Act, Items, Leg, Spot};
use cloud::json::Tree;
use cloud::{Desk, Intake, Pool, ReadAt, Said};
use model::Provenance;

use crate::lower::RuleChange;
use crate::resource::{Group, GroupRule, Source, rules_of};

/// Whether an act is about items of a group's permissions and about nothing else.
pub(super) fn is_of_rules(act: &Act) -> bool {
    let is_it = |list: &Spot| match list.0.as_slice() {
        [Leg::Key(key)] => key.eq_ignore_ascii_case(LIST),
        _ => false,
    };
    match act {
        Act::Insert { into, .. } => is_it(into),
        Act::Remove { from, .. } => is_it(from),
        Act::Put(_) | Act::Drop | Act::Merge(_) | Act::Set { .. } => false,
    }
}

/// Changes the rules of a group as its permissions were changed. `None`, and the group as it was, where all of it has to be
/// read. `is_listed`: documents list its rules one by one.
pub(super) fn change(
    group: &mut Group,
    edits: &[Items],
    is_listed: bool,
    place: Provenance,
    pool: &mut Pool,
) -> Option<Vec<RuleChange>> {
    if group.omits_sources.0 {
        return None;
    }
    let id = group.identity.id.clone();
    let Said::This(rules) = &mut group.rules else { return None };
    let mut gaps = Vec::new();
    let mut intake = Intake { desk: Desk::standing(place, &mut gaps), pool };
    let mut changes = Vec::new();
    let mut is_told = true;
    for Items { gone, come } in edits {
        let mut read = |items: &[Tree<'static>]| {
            let mut all = Vec::new();
            for item in items {
                match item {
                    Tree::Object(node) => rules_of(node, &id, is_listed, &mut intake, &mut all),
                    _ => is_told = false,
                }
            }
            all
        };
        let (gone, come) = (read(gone), read(come));
        is_told = is_told && take_out(rules, gone, &mut changes) && bring_in(rules, come, &mut changes);
    }
    if !is_told || !gaps.is_empty() {
        undo(rules, changes);
        return None;
    }
    if !changes.is_empty() {
        group.identity.read_at = ReadAt(place);
    }
    Some(changes)
}

/// Whether all of them were there.
fn take_out(rules: &mut Vec<GroupRule>, gone: Vec<GroupRule>, changes: &mut Vec<RuleChange>) -> bool {
    for rule in gone {
        let alike = rules.iter().enumerate().skip(rules.partition_point(|own| own.says < rule.says));
        let mut alike = alike.take_while(|(_, own)| own.says == rule.says);
        let Some((at, _)) = alike.find(|(_, own)| **own == rule) else { return false };
        changes.push(RuleChange::Out(at, rules.remove(at)));
    }
    true
}

/// Whether each names addresses, and its place is told by what it says: whom a list or another group stands for is known to
/// all of them together, and the order of several rules that say the same is that of their list.
fn bring_in(rules: &mut Vec<GroupRule>, come: Vec<GroupRule>, changes: &mut Vec<RuleChange>) -> bool {
    for rule in come {
        let at = rules.partition_point(|own| own.says < rule.says);
        let is_plain = matches!(rule.source, Source::Addresses(_));
        if !is_plain || rules.get(at).is_some_and(|own| own.says == rule.says) {
            return false;
        }
        changes.push(RuleChange::In(at, rule.clone()));
        rules.insert(at, rule);
    }
    true
}

fn undo(rules: &mut Vec<GroupRule>, changes: Vec<RuleChange>) {
    for change in changes.into_iter().rev() {
        match change {
            RuleChange::Out(at, rule) => rules.insert(at, rule),
            RuleChange::In(at, _) => {
                rules.remove(at);
            }
        }
    }
}

/// Where a group has its inbound rules.
const LIST: &str = "IpPermissions";
