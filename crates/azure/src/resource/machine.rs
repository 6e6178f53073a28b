//! Virtual machines: whether they run, and which interfaces are theirs.

use model::Name;

use crate::intake::Intake;
use crate::wire::Element;

use super::identity::{Identity, reference_keys};

/// A virtual machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    pub(crate) identity: Identity,
    /// `running`, `deallocated` and so on; only `az vm list -d` says it.
    pub(crate) power: Option<Name>,
    /// The keys of its interfaces.
    pub(crate) interfaces: Vec<Name>,
}

impl Machine {
    pub(crate) fn read<'a>(element: &Element<'a>, intake: &mut Intake<'_, 'a>) -> Self {
        let identity = Identity::read(element, "unnamed machine", intake);
        let interfaces = element.network_profile.get().map(|profile| &profile.interfaces);
        let mut read = |list| reference_keys(("networkInterfaces", list), identity.owner(), intake).0;
        let interfaces = interfaces.map(&mut read).unwrap_or_default();
        Self {
            power: element.power.get().map(|power| {
                // `VM running`, as the command line prints it.
                let word = power.strip_prefix("VM ").unwrap_or(power).to_ascii_lowercase();
                intake.name(&word)
            }),
            interfaces,
            identity,
        }
    }
}
