//! Managed prefix lists (W6): who has them and, where the document says, what they hold.
//!
//! One command lists them, another their entries. Knows nothing of who uses a list.

use std::sync::Arc;

use cloud::json::Tree;
use cloud::{Quoted, Said, Stated, grammar};
use model::{Effect, Name};
use packet::{AddressSet, Bounds, Family, Prefix};

use crate::intake::Intake;

use super::{Identity, Origin};

/// What a document says of a prefix list. Each form says another part, so each is a statement of its own: what they say
/// together is put together where the list is used.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PrefixList {
    /// Of this statement.
    pub(crate) identity: Identity,
    /// The id of the list.
    pub(crate) list: Name,
    pub(crate) name: Option<Name>,
    /// The account that may change it, where it is said; `AWS`.
    pub(crate) owner: Option<Name>,
    /// The family of its entries, where it is said and known.
    pub(crate) family: Option<Family>,
    /// What it holds, where this statement says so.
    pub(crate) contents: Said<Contents>,
}

impl PrefixList {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let id = stated.text("PrefixListId", intake).this()?;
        let name = stated.text("PrefixListName", intake).this();
        // AWS Config states all of a list, and later again; the commands a part each.
        let own = match (stated.has("Entries"), stated.has("Cidrs")) {
            (true, _) => id.to_owned(),
            (false, true) => format!("{id}/ranges"),
            (false, false) => format!("{id}/listed"),
        };
        let identity = Identity::read(stated, &own, name, origin, intake);
        let owner = stated.text("OwnerId", intake).this().map(|owner| intake.name(owner));
        let family = match stated.text("AddressFamily", intake) {
            Said::This(word) if word.eq_ignore_ascii_case("IPv4") => Some(Family::V4),
            Said::This(word) if word.eq_ignore_ascii_case("IPv6") => Some(Family::V6),
            Said::This(_) | Said::Nothing | Said::Unreadable => None,
        };
        Some(Self {
            identity,
            list: intake.name(id),
            name: name.map(|name| intake.name(name)),
            owner,
            family,
            contents: contents(stated, id, intake),
        })
    }
}

/// What a prefix list holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Contents {
    pub(crate) addresses: Bounds<Arc<AddressSet>>,
    /// The entries, sorted: routes ask how the addresses are cut (W16). `None` where not all of them can be read.
    pub(crate) prefixes: Option<Arc<[Prefix]>>,
}

/// What a prefix list holds, as `get-managed-prefix-list-entries` says it: a page of it, perhaps.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PrefixListEntries {
    /// Of this page: pages add up.
    pub(crate) identity: Identity,
    /// The id of the list.
    pub(crate) list: Name,
    pub(crate) contents: Said<Contents>,
}

impl PrefixListEntries {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let id = stated.text("PrefixListId", intake).this()?;
        let place = stated.read_at.0;
        let page = format!("{id}/{}:{}", place.document.0, place.offset);
        let identity = Identity::read(stated, &page, None, origin, intake);
        Some(Self { identity, list: intake.name(id), contents: contents(stated, id, intake) })
    }
}

/// The union of the entries. Of an entry that cannot be read every address is possible.
fn contents<'a>(stated: &Stated<'_, 'a>, id: &str, intake: &mut Intake<'_, 'a>) -> Said<Contents> {
    let Some((key, items)) = CONTENT_KEYS.iter().find_map(|key| match stated.value(key) {
        None | Some(Tree::Null) => None,
        Some(Tree::List(items)) => Some((*key, items)),
        Some(_) => None,
    }) else {
        let strange = CONTENT_KEYS.iter().find_map(|key| match stated.value(key) {
            None | Some(Tree::Null) => None,
            Some(other) => Some((*key, other.json())),
        });
        return match strange {
            Some((key, json)) => stated.strange(key, json, "a list of entries", intake),
            None => Said::Nothing,
        };
    };
    let mut prefixes: Vec<Prefix> = Vec::with_capacity(items.len());
    let mut is_complete = true;
    for item in items {
        let said = match item {
            Tree::Object(entry) => entry.own("Cidr").unwrap_or(item),
            other => other,
        };
        if let Tree::Unknown(_) = said {
            stated.strange::<()>(key, said.json(), "a list of prefixes", intake);
            is_complete = false;
            continue;
        }
        let text = match item {
            Tree::Text(text) => Some(&**text),
            Tree::Object(entry) => match entry.own("Cidr") {
                Some(Tree::Text(text)) => Some(&**text),
                Some(_) | None => None,
            },
            Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Unknown(_) => None,
        };
        match text.map(grammar::prefix) {
            Some(Ok(prefix)) => prefixes.push(prefix),
            Some(Err(_)) | None => {
                is_complete = false;
                let what =
                    text.map_or_else(|| format!("an item of `{key}`"), |text| Quoted(text).to_string());
                let message = format!("{}: {what} is no prefix: every address is possible", Quoted(id));
                intake.note(stated.read_at.0, "unreadable-prefix", Effect::Undecided, message);
            }
        }
    }
    prefixes.sort_unstable();
    prefixes.dedup();
    let must = intake.pool.set(prefixes.iter().copied().collect());
    let may = if is_complete { Arc::clone(&must) } else { Arc::clone(&intake.pool.common.everything) };
    let prefixes = is_complete.then(|| prefixes.into());
    Said::This(Contents { addresses: Bounds::between(must, may), prefixes })
}

/// Entries with their descriptions; what `describe-prefix-lists` has instead.
const CONTENT_KEYS: [&str; 2] = ["Entries", "Cidrs"];
