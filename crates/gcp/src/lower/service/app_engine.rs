//! Applications of App Engine as targets (P32): put together of the application, its firewall and its services, any of
//! which the input may not have.

use std::sync::Arc;

use cloud::{Quoted, Said, all_of};
use model::{Action, Effect, Filter, Gap, Name, Path, Reach, Target};
use packet::{Bounds, Family, PortSet};

use crate::resource::{AppEngineFirewall, Identity, Ingress, Line, Whom};

use super::super::Lowering;
use super::{Endpoint, attributes, target};

impl<'e> Lowering<'e> {
    /// The keys of applications: those that are in the input, and those of which only the firewall or a service is.
    pub(super) fn app_engine_keys(&self) -> Vec<Name> {
        let known = &self.estate.resources;
        let own = known.app_engine_applications.iter().map(|(key, _)| Arc::clone(key));
        let firewalls = known.app_engine_firewalls.values();
        let firewalls = firewalls.filter(|firewall| !self.is_of_the_one_application(firewall));
        let walled = firewalls.map(|firewall| application_key(&firewall.identity));
        let served = known.app_engine_services.values().map(|service| application_key(&service.identity));
        own.chain(walled).chain(served).collect()
    }

    pub(super) fn app_engine_target(&mut self, key: &Name) -> Option<Target> {
        let known = &self.estate.resources;
        let application = known.app_engine_applications.get(key);
        let firewall = self.firewall_of(key);
        let mut services = known.app_engine_services.values();
        let part = firewall.map(|firewall| &firewall.identity);
        let part = part.or_else(|| {
            let service = services.find(|service| application_key(&service.identity) == *key);
            service.map(|service| &service.identity)
        });
        let identity = match application {
            Some(application) => application.identity.clone(),
            None => of_application(key, part?),
        };
        let lines = match firewall {
            Some(firewall) => firewall.lines.clone(),
            None => vec![self.no_firewall(&identity)],
        };
        let endpoint = Endpoint {
            lines: &lines,
            ports: Bounds::exactly(PortSet::only(80).union(&PortSet::only(443))),
            families: &Family::BOTH,
            reach: Reach::Exposed,
            address: None,
            hops: Vec::new(),
        };
        let paths = match self.takes_requests(&identity) {
            Requests::Taken => vec![self.endpoint_path(&identity, APPLICATION, endpoint)],
            Requests::Perhaps => {
                self.tell_described(&identity);
                let path = self.endpoint_path(&identity, APPLICATION, endpoint);
                let doubt = self.doubted(Filter::Always(Action::Allow), SERVICES);
                let filter = Arc::new(all_of(vec![doubt, Filter::clone(&path.filter)]));
                vec![Path { filter, ..path }]
            }
            Requests::None => Vec::new(),
        };
        Some(Target {
            power: application.and_then(|application| application.power.clone()),
            attributes: attributes(application.and_then(|application| application.region.as_ref()), SITE),
            ..target(&identity, APPLICATION, paths)
        })
    }

    /// The firewall of an application. One that does not say whose it is, is that of the only application there is; that
    /// it does not say so has been told.
    fn firewall_of(&self, key: &Name) -> Option<&'e AppEngineFirewall> {
        let firewalls = &self.estate.resources.app_engine_firewalls;
        let own = firewalls.values().find(|firewall| application_key(&firewall.identity) == *key);
        own.or_else(|| firewalls.values().find(|firewall| self.is_of_the_one_application(firewall)))
    }

    fn is_of_the_one_application(&self, firewall: &AppEngineFirewall) -> bool {
        let known = &self.estate.resources;
        firewall.application.is_none()
            && known.app_engine_applications.len() == 1
            && known.app_engine_firewalls.len() == 1
    }

    /// A firewall that is not in the input may let everybody in, as every new one does.
    fn no_firewall(&mut self, identity: &Identity) -> Line {
        if self.has_kind(FIREWALL) {
            let message = format!(
                "{}: its firewall is not in the input: everybody is possible",
                Quoted(&identity.name)
            );
            self.gaps.push(Gap::at(identity.read_at.0, "dangling-reference", Effect::Undecided, message));
        }
        Line {
            name: "default".into(),
            written: "*".into(),
            action: Action::Allow,
            sources: Whom::These(Bounds::exactly(Arc::clone(&self.common.everything))),
            rank: 0,
            priority: None,
            certain: false,
            built_in: true,
            read_at: identity.read_at,
        }
    }

    /// Whether a service of the application takes requests from the Internet. Every application has the service
    /// `default`: without it not all are in the input. Nor need they be where one was described by itself.
    fn takes_requests(&self, identity: &Identity) -> Requests {
        let services = self.estate.resources.app_engine_services.values();
        let own: Vec<_> =
            services.filter(|service| application_key(&service.identity) == identity.key).collect();
        let has_default = own.iter().any(|service| &*service.identity.name == "default");
        let is_inside = own.iter().all(|service| service.ingress == Said::This(Ingress::Inside));
        match has_default && is_inside {
            false => Requests::Taken,
            true if self.estate.described.contains(SERVICE) => Requests::Perhaps,
            true => Requests::None,
        }
    }

    fn tell_described(&mut self, identity: &Identity) {
        let message = format!(
            "{}: services of it were described one by one, and none of these takes requests from outside: others may; put \
             all of them into one list",
            Quoted(&identity.name)
        );
        self.gaps.push(Gap::at(identity.read_at.0, "unlisted-services", Effect::Undecided, message));
    }
}

/// Whether an application takes requests from the Internet. Complete.
enum Requests {
    Taken,
    /// What is in the input does not, and there may be more.
    Perhaps,
    None,
}

/// The key of the application that something is of: `apps/x` of `apps/x/firewall`.
fn application_key(part: &Identity) -> Name {
    let end = part.key.match_indices('/').nth(1).map_or(part.key.len(), |(position, _)| position);
    part.key.get(..end).unwrap_or(&part.key).into()
}

/// Who an application is of which only a part is in the input.
fn of_application(key: &Name, part: &Identity) -> Identity {
    let name = key.rsplit('/').next().unwrap_or(key).into();
    Identity { key: Arc::clone(key), id: Arc::clone(key), name, ..part.clone() }
}

const APPLICATION: &str = "app-engine-application";
const FIREWALL: &str = "app-engine-firewall";
const SERVICE: &str = "app-engine-service";
/// The name under which it is doubted that a service takes requests that the input does not have.
const SERVICES: &str = "other services";
/// What checks know a service by that shows pages to the public.
const SITE: &str = "site";
