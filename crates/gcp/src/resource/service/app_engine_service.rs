//! Services of App Engine: whether one takes requests from the Internet at all.

use cloud::{Quoted, Said, Stated};
use model::{Effect, Name};

use crate::intake::Intake;
use crate::resource::{Identity, Origin};

use super::app_engine_application::{application_of, identity};

/// A service of an application.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AppEngineService {
    pub(crate) identity: Identity,
    pub(crate) application: Name,
    pub(crate) ingress: Said<Ingress>,
}

/// From where a service takes requests. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ingress {
    Everywhere,
    /// From inside, or from inside and from load balancers.
    Inside,
}

impl AppEngineService {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let keys = ["name", "application", "project"];
        let application = match stated.text("name", intake).this() {
            // A name alone is the service's.
            Some(name) if !name.contains('/') => application_of(stated, &keys[1..], origin, intake),
            Some(_) | None => application_of(stated, &keys, origin, intake),
        };
        let name = ["id", "name"].iter().find_map(|key| stated.text(key, intake).this());
        let (Some(application), Some(name)) = (application, name) else {
            super::tell_unnamed(stated, intake);
            return None;
        };
        let name = name.rsplit('/').next().unwrap_or(name);
        Some(Self {
            identity: identity(&application, &format!("/services/{name}"), stated, intake),
            application: intake.name(&application),
            ingress: ingress(stated, intake),
        })
    }
}

fn ingress<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Said<Ingress> {
    let settings = match stated.object("networkSettings", intake) {
        Said::This(settings) => settings,
        Said::Nothing => return Said::Nothing,
        Said::Unreadable => return Said::Unreadable,
    };
    match settings.text("ingressTrafficAllowed", intake) {
        Said::This("INGRESS_TRAFFIC_ALLOWED_ALL" | "INGRESS_TRAFFIC_ALLOWED_UNSPECIFIED") => {
            Said::This(Ingress::Everywhere)
        }
        Said::This("INGRESS_TRAFFIC_ALLOWED_INTERNAL_ONLY" | "INGRESS_TRAFFIC_ALLOWED_INTERNAL_AND_LB") => {
            Said::This(Ingress::Inside)
        }
        Said::This(word) => {
            let sentence =
                format!("`ingressTrafficAllowed` is {}: requests from everywhere are possible", Quoted(word));
            stated.tell("unknown-word", Effect::Undecided, &sentence, intake);
            Said::Unreadable
        }
        Said::Nothing => Said::Nothing,
        Said::Unreadable => Said::Unreadable,
    }
}
