//! Application security groups: a name. Who its members are, the interfaces say.

use crate::intake::Intake;
use crate::wire::Element;

use super::identity::Identity;

/// An application security group.
#[derive(Clone, Debug, PartialEq)]
pub struct ApplicationGroup {
    pub(crate) identity: Identity,
}

impl ApplicationGroup {
    pub(crate) fn read<'a>(element: &Element<'a>, intake: &mut Intake<'_, 'a>) -> Self {
        Self { identity: Identity::read(element, "unnamed application group", intake) }
    }
}
