//! Rules of groups one by one, as `describe-security-group-rules` lists them: each names its group.
//!
//! Knows nothing of the group but its id: other rules of it are other resources.

use cloud::{Said, Stated};
use model::{Effect, Name};

use crate::intake::Intake;

use super::group_rule::GroupRule;
use super::permission::read_listed_rule;
use super::{Identity, Origin};

/// A rule of a group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ListedRule {
    pub(crate) identity: Identity,
    /// Whether it gives its id.
    pub(crate) has_id: bool,
    /// The id of its group.
    pub(crate) group: Name,
    /// What it lets in: none for a rule of the other direction.
    pub(crate) inbound: Vec<GroupRule>,
    /// Whether it is certainly of this direction.
    pub(crate) is_certain: bool,
}

impl ListedRule {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let Some(group) = stated.text("GroupId", intake).this() else {
            let sentence = "`GroupId` is missing: the rule is of a group nobody knows, and not in the answer";
            stated.tell("missing-field", Effect::Narrowed, sentence, intake);
            return None;
        };
        // A projection may leave the id out: its place tells it from the others.
        let place = stated.read_at.0;
        let placed = format!("{group}/{}:{}", place.document.0, place.offset);
        let stated_id = stated.text("SecurityGroupRuleId", intake).this();
        let id = stated_id.unwrap_or(&placed);
        let owner = stated.text("GroupOwnerId", intake).this().map(|owner| intake.name(owner));
        let origin = Origin { account: owner.or_else(|| origin.account.clone()), ..origin.clone() };
        let identity = Identity::read(stated, id, None, &origin, intake);
        let direction = stated.flag("IsEgress", intake);
        if direction.is_nothing() {
            let sentence = "`IsEgress` is missing: the rule may be an inbound one";
            stated.tell("missing-field", Effect::Undecided, sentence, intake);
        }
        let mut inbound = Vec::new();
        if direction != Said::This(true) {
            read_listed_rule(stated, intake, &mut inbound);
        }
        let is_certain = direction == Said::This(false);
        Some(Self { identity, has_id: stated_id.is_some(), group: intake.name(group), inbound, is_certain })
    }
}
