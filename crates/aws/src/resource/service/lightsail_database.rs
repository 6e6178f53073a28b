//! Databases of Lightsail: public or not, and without a list of sources.

use cloud::{Said, Stated};
use model::{Action, Name};
use packet::PortSet;

use crate::intake::Intake;
use crate::resource::{Identity, Origin};

use super::database::{self, Public};
use super::line::{Line, power, tcp};

/// A database of Lightsail.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LightsailDatabase {
    pub(crate) identity: Identity,
    pub(crate) lines: Vec<Line>,
    pub(crate) power: Option<Name>,
}

impl LightsailDatabase {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let name = super::name_of(stated, "name", intake)?;
        let arn = stated.text("arn", intake).this();
        let identity = super::identity(stated, (arn, "lightsail:RelationalDatabase/", name), origin, intake);
        let port = match stated.object("masterEndpoint", intake) {
            Said::This(endpoint) => database::port(&endpoint, "port", intake),
            Said::Nothing | Said::Unreadable => None,
        };
        let ports = port.map_or_else(PortSet::empty, PortSet::only);
        let numbers = tcp(database::ports_or_any(ports, stated, intake), intake);
        let line = |action, intake: &mut Intake<'_, 'a>| {
            Line::everybody("publiclyAccessible", action, numbers.clone(), stated, intake)
        };
        let lines = match Public::read(stated, intake) {
            Public::Accessible => vec![line(Action::Allow, intake)],
            Public::Private => vec![line(Action::Deny, intake)],
            Public::Unknown => vec![line(Action::Allow, intake).possibly()],
        };
        Some(Self { identity, lines, power: power(stated, "state", intake) })
    }
}
