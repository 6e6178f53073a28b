//! Secure tags: keys, values, and what they are bound to (G13).
//!
//! Knows no instance: the number in a binding is resolved when rules are lowered.

use cloud::{Said, Stated};
use model::Name;

use crate::intake::Intake;

use super::policy_audience::is_value;
use super::{Identity, Link, Origin};

/// A key of tags.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TagKey {
    pub(crate) identity: Identity,
    /// The one network in which tags of the key count, as the key names it. Nothing: in every network of the organisation,
    /// or not told.
    pub(crate) network: Said<Link>,
    /// Whether tags of the key count in every network of the organisation.
    pub(crate) is_for_all: bool,
}

/// A value of a key: what rules name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TagValue {
    pub(crate) identity: Identity,
    /// `123/env/prod`: its other name.
    pub(crate) spoken: Option<Name>,
    /// Its key.
    pub(crate) key: Option<Link>,
}

/// A value bound to something.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TagBinding {
    pub(crate) identity: Identity,
    /// What it is bound to: `projects/123/zones/z/instances/456`.
    pub(crate) target: Option<Link>,
    /// The value: `tagValues/1`, or its other name.
    pub(crate) value: Option<Name>,
    /// Its other name, where it tells both.
    pub(crate) spoken: Option<Name>,
    /// Whether it comes from an inventory, which has all bindings.
    pub(crate) is_of_inventory: bool,
}

impl TagKey {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let identity = Identity::read(stated, "tagKeys", origin, intake)?;
        let (network, is_for_all) = match stated.object("purposeData", intake) {
            Said::This(purpose) => {
                let is_for_all = purpose.text("organization", intake).this().is_some();
                (purpose.text("network", intake).map(Link::of), is_for_all)
            }
            Said::Nothing => (Said::Nothing, false),
            Said::Unreadable => (Said::Unreadable, false),
        };
        Some(Self { identity, network, is_for_all })
    }
}

impl TagValue {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let identity = Identity::read(stated, "tagValues", origin, intake)?;
        let spoken = stated.text("namespacedName", intake).this().map(|name| intake.name(name));
        let key = stated.text("parent", intake).this().map(Link::of);
        Some(Self { identity, spoken, key })
    }
}

impl TagBinding {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        // What can be bound to is a path.
        let target = stated.text("parent", intake).this().filter(|path| path.contains('/')).map(Link::of);
        let spoken = stated.text("tagValueNamespacedName", intake).this();
        let value = stated.text("tagValue", intake).this().or(spoken);
        let spoken = spoken.map(|name| intake.name(name));
        let value = value.filter(|value| is_value(value)).map(|value| intake.name(value));
        // Its own name repeats both, with slashes in escapes: what it binds is who it is.
        let identity = match (&target, &value) {
            (Some(target), Some(value)) => {
                let path = format!("tagBindings/{}/{value}", target.path);
                Identity::of(&path, None, stated.read_at, intake)
            }
            _ => Identity::read(stated, "tagBindings", origin, intake)?,
        };
        if target.is_none() || value.is_none() {
            let sentence =
                "`parent` or `tagValue` cannot be read: to which instance which tag is bound is not known";
            stated.tell("unreadable-reference", model::Effect::Undecided, sentence, intake);
        }
        Some(Self { identity, target, value, spoken, is_of_inventory: origin.asset.is_some() })
    }
}
