//! Applications of App Engine (P32). Their firewall and their services are resources of their own.

use cloud::{Said, Stated};
use model::Name;

use crate::intake::Intake;
use crate::resource::{Identity, Origin};

use super::line::power;

/// An application.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AppEngineApplication {
    pub(crate) identity: Identity,
    pub(crate) region: Option<Name>,
    pub(crate) power: Option<Name>,
}

impl AppEngineApplication {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let Some(application) = application_of(stated, &["name", "id"], origin, intake) else {
            super::tell_unnamed(stated, intake);
            return None;
        };
        Some(Self {
            identity: identity(&application, "", stated, intake),
            region: stated.text("locationId", intake).this().map(|region| intake.name(region)),
            power: power(stated, "servingStatus", intake),
        })
    }
}

/// The application that an object is of or about, by the first of these keys that names one: `apps/x`, a path below it,
/// or `x` alone.
pub(super) fn application_of<'a>(
    stated: &Stated<'_, 'a>,
    keys: &[&str],
    origin: &Origin,
    intake: &mut Intake<'_, 'a>,
) -> Option<String> {
    let own = keys.iter().find_map(|key| match stated.text(key, intake) {
        Said::This(text) => named(text).or_else(|| (!text.contains('/')).then_some(text)),
        Said::Nothing | Said::Unreadable => None,
    });
    let around = || [origin.asset.as_deref(), origin.holder.as_deref()].into_iter().flatten().find_map(named);
    own.or_else(around).map(str::to_owned)
}

/// What stands behind `apps/`.
fn named(path: &str) -> Option<&str> {
    let mut parts = path.split('/');
    parts.find(|part| *part == APPS)?;
    parts.next().filter(|name| !name.is_empty())
}

/// The identity of something of an application. An application is named as its project is.
pub(super) fn identity<'a>(
    application: &str,
    below: &str,
    stated: &Stated<'_, 'a>,
    intake: &mut Intake<'_, 'a>,
) -> Identity {
    let path = format!("{APPS}/{application}{below}");
    let identity = Identity::of(&path, None, stated.read_at, intake);
    Identity { project: Some(intake.name(application)), ..identity }
}

const APPS: &str = "apps";
