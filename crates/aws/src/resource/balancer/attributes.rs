//! Attributes of target groups, told apart from them: a list of keys and values.

use cloud::{Said, Stated};

use crate::intake::Intake;

use super::super::{Identity, Origin};

/// The attributes of a target group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TargetGroupAttributes {
    /// Its id is the ARN of the target group.
    pub(crate) identity: Identity,
    /// W18. Nothing: there is no such attribute, and the default holds.
    pub(crate) preserves: Said<bool>,
}

impl TargetGroupAttributes {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let id = stated.text("TargetGroupArn", intake).this()?;
        let identity = Identity::read(stated, id, None, origin, intake);
        Some(Self { identity, preserves: flag_of(stated, "Attributes", PRESERVES, intake) })
    }
}

/// An attribute that is true or false.
pub(super) fn flag_of<'a>(
    stated: &Stated<'_, 'a>,
    list: &str,
    key: &str,
    intake: &mut Intake<'_, 'a>,
) -> Said<bool> {
    let listed = match stated.objects(list, intake) {
        Said::This(listed) => listed,
        Said::Nothing => return Said::Nothing,
        Said::Unreadable => return Said::Unreadable,
    };
    let own = listed.iter().find(|one| one.text("Key", intake) == Said::This(key));
    own.map_or(Said::Nothing, |own| own.flag("Value", intake))
}

/// The attribute that says whether targets see the addresses of clients.
pub(super) const PRESERVES: &str = "preserve_client_ip.enabled";
