//! Address groups: addresses under a name, of which rules of policies speak (G14).
//!
//! Knows no rule.

use std::sync::Arc;

use cloud::json::Tree;
use cloud::{Said, Stated};
use model::Effect;
use packet::{AddressSet, Bounds};

use crate::intake::Intake;

use super::ranges::ranges;
use super::{Identity, Origin};

/// An address group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AddressGroup {
    pub(crate) identity: Identity,
    /// Its items. Nothing: they are not told, which is not "none".
    pub(crate) items: Said<Bounds<Arc<AddressSet>>>,
}

impl AddressGroup {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let identity = Identity::read(stated, "addressGroups", origin, intake)?;
        let is_empty = match stated.value("items") {
            Some(Tree::List(items)) => items.is_empty(),
            // An export leaves an empty list out.
            None => origin.asset.is_some() || stated.has("createTime"),
            Some(_) => false,
        };
        let items = match is_empty {
            true => Said::This(Bounds::exactly(Arc::clone(&intake.pool.common.nothing))),
            false => ranges(stated, "items", intake).map(|ranges| ranges.addresses),
        };
        if items.is_nothing() {
            let sentence = "`items` is missing: the group may hold every address";
            stated.tell("missing-field", Effect::Undecided, sentence, intake);
        }
        Some(Self { identity, items })
    }
}
