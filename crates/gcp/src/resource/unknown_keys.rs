//! Keys that ask for more than is known here: Google adds conditions to rules.
//!
//! A rule with one matches what it says, or less of it. Knows no rule.

use cloud::json::Tree;
use cloud::{Quoted, Stated};
use model::Effect;

use crate::intake::Intake;

/// Whether an object has a key that begins like those that narrow a rule and is none of the known ones; that is told.
pub(super) fn has_unknown_keys<'a>(
    stated: &Stated<'_, 'a>,
    beginnings: &[&str],
    known: &[&str],
    intake: &mut Intake<'_, 'a>,
) -> bool {
    let is_blank = |key: &str| match stated.value(key) {
        None | Some(Tree::Null) => true,
        Some(Tree::List(items)) => items.is_empty(),
        Some(Tree::Text(text)) => text.trim().is_empty(),
        Some(Tree::Flag(_) | Tree::Object(_) | Tree::Unknown(_)) => false,
    };
    // Inventories of 2019 have a key in the singular beside the one that is read.
    let is_twin = |key: &str, known: &str| known.strip_suffix('s') == Some(key) && stated.has(known);
    let is_known =
        |key: &str| known.iter().any(|known| key.eq_ignore_ascii_case(known) || is_twin(key, known));
    let is_unknown = |key: &&str| {
        beginnings.iter().any(|beginning| key.starts_with(beginning)) && !is_known(key) && !is_blank(key)
    };
    let Some(key) = stated.keys().find(is_unknown) else { return false };
    let sentence = format!("{} is not known: the rule may be for less than the rest of it says", Quoted(key));
    stated.tell("unsupported-match", Effect::Undecided, &sentence, intake);
    true
}
