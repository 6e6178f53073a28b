//! Services as targets: one path to the endpoint of each, through its own list (semantics P1 to P10, AP10).
//!
//! AP11: private endpoints are no way from the Internet, so nothing here looks at them.

mod index;
mod list;
mod rules;
mod told;

use std::borrow::Cow;
use std::sync::Arc;

use cloud::Quoted;
use model::{Action, Carries, Destinations, Effect, Filter, Front, Gap, Name, Path, Reach, Target};
use packet::{AddressSet, Family, PortSet, Protocol, ProtocolSet};

use crate::resource::{
    Kept, MANAGEMENT_SITE, PartContent, PublicAccess, Service, ServicePart, SiteRules, Sku,
};

use super::layer::Layer;
use super::list::closed_list;
use super::{CLOUD_NAME, Lowering, perimeter};

/// One of the two sites of an app, or the only endpoint of any other service. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Endpoint {
    Main,
    Management,
}

impl<'e> Lowering<'e> {
    /// The keys of all services that may be targets.
    pub(super) fn service_keys(&self) -> Vec<Name> {
        let services = &self.estate.devices.services;
        let unseen = self.index.parts_of_service.keys().filter(|owner| !services.contains_key(*owner));
        let mut keys: Vec<Name> = services.keys().chain(unseen).cloned().collect();
        let sites = keys.iter().filter(|key| self.service_of(key).is_some_and(|service| is_site(&service)));
        let management: Vec<Name> = sites.map(|key| format!("{key}{MANAGEMENT}").into()).collect();
        keys.extend(management);
        keys
    }

    /// The target that a service is, or that the management site of an app is.
    pub(super) fn service_target(&mut self, key: &Name) -> Option<Target> {
        if let Some(service) = self.service_of(key) {
            let is_told = self.is_told_at(&service, Endpoint::Main);
            return is_told.then(|| self.endpoint_target(&service, Endpoint::Main));
        }
        let app = self.service_of(key.strip_suffix(MANAGEMENT)?).filter(|service| is_site(service))?;
        let is_told = self.is_told_at(&app, Endpoint::Management);
        is_told.then(|| self.endpoint_target(&app, Endpoint::Management))
    }

    /// Whether anything says whom a site of an app lets in: edits of one of both say nothing of the other.
    fn is_told_at(&self, service: &Service, endpoint: Endpoint) -> bool {
        let Kept::Site(own) = &service.kept else { return true };
        let key = &service.identity.key;
        let stated = self.estate.devices.services.get(key);
        let is_of_edits = match stated {
            Some(_) => self.estate.is_partial(key),
            None => self.parts_of(key).all(|part| self.estate.is_partial(&part.identity.key)),
        };
        let says = |rules: &SiteRules| {
            let list = match endpoint {
                Endpoint::Main => &rules.main,
                Endpoint::Management => &rules.management,
            };
            // Where neither is told, it is the access to both that was edited.
            list.is_some() || (rules.main.is_none() && rules.management.is_none())
        };
        !is_of_edits
            || (stated.is_some_and(|stated| stated.is_told) && says(own))
            || self.parts_of(key).any(|part| matches!(&part.content, PartContent::Site(rules) if says(rules)))
    }

    /// The service of a key: as its document states it, or as far as its parts do. Edits that say nothing of whom it lets
    /// in are no statement of a service: that nobody stated whom it lets in opened nothing.
    fn service_of(&self, key: &str) -> Option<Cow<'e, Service>> {
        if let Some(service) = self.estate.devices.services.get(key)
            && (service.is_told || !self.estate.is_partial(key))
        {
            return Some(Cow::Borrowed(service));
        }
        self.parts_of(key).find_map(Service::unseen).map(Cow::Owned)
    }

    /// What is kept beside a service, in the order of keys.
    fn parts_of(&self, key: &str) -> impl Iterator<Item = &'e ServicePart> + use<'e> {
        let estate = self.estate;
        let keys = self.index.parts_of_service.get(key).cloned().unwrap_or_default();
        keys.into_iter().filter_map(|key| estate.devices.service_parts.get(&key))
    }

    fn endpoint_target(&mut self, service: &Service, endpoint: Endpoint) -> Target {
        let identity = &service.identity;
        self.tell_untold(service);
        let (kind, id, key, name) = match endpoint {
            Endpoint::Main => (
                service.kind.name,
                Arc::clone(&identity.id),
                Arc::clone(&identity.key),
                Arc::clone(&identity.name),
            ),
            Endpoint::Management => (
                MANAGEMENT_SITE,
                format!("{}{MANAGEMENT}", identity.id).into(),
                format!("{}{MANAGEMENT}", identity.key).into(),
                format!("{}.scm", identity.name).into(),
            ),
        };
        let path = match &service.kept {
            Kept::Subnet(subnet) => self.instance_path(service, subnet.as_ref()),
            Kept::Here(_)
            | Kept::HereAnd(..)
            | Kept::Ranges(_)
            | Kept::NetworkRules { .. }
            | Kept::Site(_) => self.endpoint_path(service, endpoint),
        };
        Target {
            cloud: CLOUD_NAME,
            id,
            key,
            kind,
            name,
            scope: identity.scope.clone(),
            power: service.power.clone(),
            attributes: attributes(service, endpoint),
            paths: vec![path],
            provenance: Some(identity.read_at.0),
        }
    }

    fn endpoint_path(&mut self, service: &Service, endpoint: Endpoint) -> Path {
        let whom = self.whom(service, endpoint);
        let own = closed_list(Arc::new(self.firewall_list(service, endpoint, &whom)));
        let is_member = self.index.perimeter_members.contains_key(&service.identity.key);
        let (filter, carries, is_known) = match whom.access {
            PublicAccess::Enabled | PublicAccess::Disabled | PublicAccess::Untold if !is_member => {
                (own, Carries::Everything, whom.is_known)
            }
            access => {
                let carries = Carries::Only {
                    protocols: ProtocolSet::only(Protocol::TCP),
                    ports: Arc::new(service.ports.may.clone()),
                };
                (self.perimeter_filter(service, access, own), carries, is_member)
            }
        };
        let is_complete = is_known && service.is_told && !service.is_elsewhere;
        Path {
            reach: if is_complete { Reach::Exposed } else { Reach::Admitted },
            front: Some(Front { id: Arc::clone(&service.identity.id), address: None }),
            destinations: Destinations::endpoint(service.families),
            carries,
            hops: Vec::new(),
            filter: Arc::new(filter),
        }
    }

    /// P6: where a perimeter decides, its rules stand in the place of the service's own. They name no ports.
    fn perimeter_filter(&mut self, service: &Service, access: PublicAccess, own: Filter) -> Filter {
        let access = match access {
            PublicAccess::Enabled | PublicAccess::Untold => perimeter::PublicAccess::Enabled,
            PublicAccess::Disabled => perimeter::PublicAccess::Disabled,
            PublicAccess::ByPerimeter => perimeter::PublicAccess::ByPerimeter,
        };
        let filter = self.within_perimeter(&service.identity, access, own);
        if service.ports.is_exact() {
            return filter;
        }
        let ports = Arc::new(self.ports_list(service));
        Filter::AllOf(vec![filter, closed_list(ports)])
    }

    /// P2: the public endpoint of a managed instance is behind the group of its subnet.
    fn instance_path(&mut self, service: &Service, subnet: Option<&Name>) -> Path {
        let place = self.place_in(subnet);
        let layer = match subnet {
            Some(subnet) => {
                self.layer_of_subnet(subnet, (&service.identity, service.identity.read_at), &place)
            }
            None => Layer::Untold,
        };
        let told = !matches!(layer, Layer::Untold) && service.is_told;
        let behind = self.filter(&[layer], Sku::Unknown, &service.identity.name);
        // AA3 says whether they act beside an instance.
        let behind = self.under_admin_rules(subnet, None, behind, Sku::Unknown);
        let filter = match service.access {
            PublicAccess::Disabled => Filter::Always(Action::Deny),
            PublicAccess::Enabled => behind,
            PublicAccess::Untold | PublicAccess::ByPerimeter => self.doubted(behind, ENDPOINT),
        };
        let subnet = subnet.and_then(|subnet| self.estate.subnets.get(subnet));
        let addresses = subnet.and_then(|subnet| subnet.addresses.as_ref()).map(|set| set.only(Family::V4));
        let addresses = addresses.unwrap_or_else(|| AddressSet::whole(Family::V4));
        Path {
            reach: if told { Reach::Exposed } else { Reach::Admitted },
            front: Some(Front { id: Arc::clone(&service.identity.id), address: None }),
            destinations: Destinations::SomeOf(self.memo.share(addresses)),
            carries: Carries::Only {
                protocols: ProtocolSet::only(Protocol::TCP),
                ports: Arc::new(service.ports.may.clone()),
            },
            hops: Vec::new(),
            filter: Arc::new(filter),
        }
    }

    /// A document that says nothing of the firewall, as `az resource list` prints it, is no export of it.
    fn tell_untold(&mut self, service: &Service) {
        if !service.is_told && !self.estate.is_name(&service.identity.key) {
            let message = format!(
                "{}: its document says nothing of whom it lets in: export it with `{}`",
                Quoted(&service.identity.name),
                service.kind.command
            );
            let place = service.identity.read_at.0;
            self.gaps.push(Gap::at(place, "missing-field", Effect::Undecided, message));
        }
    }
}

const fn is_site(service: &Service) -> bool {
    matches!(service.kept, Kept::Site(_))
}

/// What its endpoint is for, where it has a filter of its own.
fn attributes(service: &Service, endpoint: Endpoint) -> Vec<(&'static str, Name)> {
    let what = match (&service.kept, endpoint) {
        (Kept::Subnet(_), _) => return Vec::new(),
        (Kept::Site(_), Endpoint::Main) => "site",
        (Kept::Site(_), Endpoint::Management) => "management",
        (Kept::Here(_) | Kept::HereAnd(..) | Kept::Ranges(_) | Kept::NetworkRules { .. }, _) => "data",
    };
    vec![("service", what.into())]
}

/// The ports of a service, shared by the rules of its list.
fn shared(ports: &PortSet) -> Arc<PortSet> {
    Arc::new(ports.clone())
}

/// What follows the id and the key of an app in those of its management site.
pub(super) const MANAGEMENT: &str = "/scm";

/// The name under which the doubt about a public endpoint stands in a path.
const ENDPOINT: &str = "public endpoint";
