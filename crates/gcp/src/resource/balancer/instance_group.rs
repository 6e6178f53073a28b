//! Instance groups: by which names their ports are known. Who is in one is told apart (`members`, `managed_instances`).

use cloud::{Said, Stated};
use model::{Effect, Name};

use crate::intake::Intake;

use super::super::{Identity, Origin};
use super::{is_told, or_empty, port};

/// An instance group of a zone or a region, managed or not.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct InstanceGroup {
    pub(crate) identity: Identity,
    /// The ports of each name; a name may have several. Nothing: not told.
    pub(crate) named_ports: Said<Vec<(Name, u16)>>,
    /// How many instances are in it.
    pub(crate) size: Option<u32>,
}

impl InstanceGroup {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let identity = Identity::read(stated, "instanceGroups", origin, intake)?;
        let named_ports = named_ports(stated, intake);
        Some(Self {
            identity,
            named_ports: or_empty(named_ports, is_told(stated, "namedPorts", origin)),
            size: stated.number("size", intake).this(),
        })
    }
}

/// The ports of an instance group by name, each once.
pub(super) fn named_ports<'a>(
    stated: &Stated<'_, 'a>,
    intake: &mut Intake<'_, 'a>,
) -> Said<Vec<(Name, u16)>> {
    let listed = match stated.objects("namedPorts", intake) {
        Said::This(listed) => listed,
        Said::Nothing => return Said::Nothing,
        Said::Unreadable => return Said::Unreadable,
    };
    let mut ports = Vec::with_capacity(listed.len());
    for one in &listed {
        match (one.text("name", intake), port(one, "port", intake)) {
            (Said::This(name), Said::This(port)) => ports.push((intake.name(name), port)),
            (Said::Unreadable, _) | (_, Said::Unreadable) => return Said::Unreadable,
            (Said::Nothing, _) | (_, Said::Nothing) => {
                let sentence = "a named port has no `name` or no `port`: every port is possible";
                one.tell("missing-field", Effect::Undecided, sentence, intake);
                return Said::Unreadable;
            }
        }
    }
    ports.sort_unstable();
    ports.dedup();
    Said::This(ports)
}
