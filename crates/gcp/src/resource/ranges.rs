//! Lists of prefixes in rules (G6, G7).
//!
//! Knows no rule and no default of an absent list.

use std::sync::Arc;

use cloud::json::{Tree, is_cut};
use cloud::{Quoted, Said, Stated, grammar};
use model::{Effect, Name};
use packet::{AddressSet, Bounds, Prefix};

use crate::intake::Intake;

/// The addresses of a list of prefixes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ranges {
    pub(crate) addresses: Bounds<Arc<AddressSet>>,
    /// The prefixes as they are written, for people.
    pub(crate) written: Name,
}

/// The prefixes of a list, of either family (G6: the API takes one family in a rule, and each is what it says). Host
/// bits are cut off (C3); an IPv4-mapped prefix is one of IPv6 (C5). What is no prefix may be every address. An empty
/// list is nothing: the API takes it for none.
pub(crate) fn ranges<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Said<Ranges> {
    let alone;
    let items = match stated.value(key) {
        None | Some(Tree::Null) => return Said::Nothing,
        Some(Tree::List(items)) if items.is_empty() => return Said::Nothing,
        Some(Tree::List(items)) => items.as_slice(),
        Some(Tree::Text(text)) if text.trim().is_empty() => return Said::Nothing,
        // What `list()` makes of a list in a projection.
        Some(Tree::Text(text)) if !is_cut(text) => {
            let parts = text.split(',').map(|part| Tree::Text(part.to_owned().into()));
            alone = parts.collect::<Vec<_>>();
            alone.as_slice()
        }
        Some(other) => return stated.strange(key, other.json(), "a list of prefixes", intake),
    };
    let mut prefixes: Vec<Prefix> = Vec::with_capacity(items.len());
    let mut written: Vec<&str> = Vec::with_capacity(items.len());
    let mut is_read = true;
    for item in items {
        let text = match item {
            Tree::Text(text) if !is_cut(text) => text.trim(),
            other => {
                stated.strange::<()>(key, other.json(), "a list of prefixes", intake);
                is_read = false;
                continue;
            }
        };
        written.push(text);
        match grammar::prefix(text) {
            Ok(prefix) => prefixes.push(prefix),
            Err(_) => {
                let sentence =
                    format!("`{key}` has {}, which is no prefix: every address is possible", Quoted(text));
                stated.tell("unreadable-prefix", Effect::Undecided, &sentence, intake);
                is_read = false;
            }
        }
    }
    let must = match prefixes.as_slice() {
        [prefix] => intake.pool.prefix(*prefix),
        _ => intake.pool.set(prefixes.into_iter().collect()),
    };
    let may = if is_read { Arc::clone(&must) } else { Arc::clone(&intake.pool.common.everything) };
    Said::This(Ranges { addresses: Bounds { must, may }, written: intake.name(&written.join(" + ")) })
}
