//! What manages an instance group: it has made the instances, and they name it.

use cloud::{Said, Stated};
use model::Name;

use crate::intake::Intake;

use super::super::{Identity, Link, Origin};
use super::instance_group::named_ports;
use super::{is_told, link, or_empty};

/// What manages an instance group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct InstanceGroupManager {
    pub(crate) identity: Identity,
    /// Its group.
    pub(crate) group: Option<Link>,
    /// The ports of each name in its group. Nothing: not told.
    pub(crate) named_ports: Said<Vec<(Name, u16)>>,
}

impl InstanceGroupManager {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let identity = Identity::read(stated, "instanceGroupManagers", origin, intake)?;
        let named_ports = named_ports(stated, intake);
        Some(Self {
            identity,
            group: link(stated, "instanceGroup", intake).this(),
            named_ports: or_empty(named_ports, is_told(stated, "namedPorts", origin)),
        })
    }
}
