//! Associations of groups with VPCs that are not their own: interfaces there may carry them.
//!
//! Knows nothing of either.

use cloud::Stated;
use model::Name;

use crate::intake::Intake;

use super::{Identity, Origin};

/// A group made usable in a VPC.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GroupAssociation {
    pub(crate) identity: Identity,
    /// The id of the group.
    pub(crate) group: Name,
    /// The id of the VPC.
    pub(crate) vpc: Name,
    /// The account of the VPC, where it is said.
    pub(crate) vpc_owner: Option<Name>,
    /// Whether it is in force, as far as it is said.
    pub(crate) is_associated: bool,
}

impl GroupAssociation {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let group = stated.text("GroupId", intake).this()?;
        let vpc = stated.text("VpcId", intake).this()?;
        let vpc_owner = stated.text("VpcOwnerId", intake).this().map(|owner| intake.name(owner));
        let owner = stated.text("GroupOwnerId", intake).this().map(|owner| intake.name(owner));
        let origin = Origin { account: owner.or_else(|| origin.account.clone()), ..origin.clone() };
        let identity = Identity::read(stated, &format!("{group}/{vpc}"), None, &origin, intake);
        let state = stated.text("State", intake).this();
        let is_associated = state.is_none_or(|word| !word.eq_ignore_ascii_case("disassociated"));
        Some(Self { identity, group: intake.name(group), vpc: intake.name(vpc), vpc_owner, is_associated })
    }
}
