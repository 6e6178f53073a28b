//! Kubernetes clusters of GKE (P31): who gets to the control plane, by its address and by its name.
//!
//! A cluster has an endpoint with an address, which may be private and has a list of sources, and one with a name below
//! `gke.goog`, which is a front end of Google's in front of the same control plane and has no list. What was said in
//! `privateClusterConfig` and `masterAuthorizedNetworksConfig` is said in `controlPlaneEndpointsConfig` since 2024;
//! answers have both. Knows nothing of who may log in.

use core::net::IpAddr;

use cloud::{Said, Stated, grammar};
use model::{Effect, Name};

use crate::intake::Intake;
use crate::resource::{Identity, Link, Origin, is_whole};

use super::authorized::Authorized;
use super::line::{Line, power};

/// A cluster of GKE.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GkeCluster {
    pub(crate) identity: Identity,
    pub(crate) region: Option<Name>,
    /// Whom the public address lets in. None where there is none.
    pub(crate) lines: Vec<Line>,
    pub(crate) address: Option<IpAddr>,
    /// The endpoint with a name, where it takes more than what Google sends.
    pub(crate) dns: Option<DnsEndpoint>,
    pub(crate) power: Option<Name>,
}

/// The endpoint with a name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DnsEndpoint {
    pub(crate) host: Option<Name>,
    pub(crate) lines: Vec<Line>,
}

impl GkeCluster {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let identity = identity(stated, origin, intake)?;
        let endpoints = Endpoints::read(stated, origin, intake);
        let lines = match endpoints.is_public(stated, intake) {
            Some(false) => Vec::new(),
            Some(true) => endpoints.authorized(stated, intake),
            None => endpoints.authorized(stated, intake).into_iter().map(Line::possibly).collect(),
        };
        let region = ["location", "zone"].iter().find_map(|key| stated.text(key, intake).this());
        Some(Self {
            region: region.map(|region| intake.name(region)),
            address: endpoints.address(stated, intake),
            dns: endpoints.dns(stated, intake),
            power: power(stated, "status", intake),
            lines,
            identity,
        })
    }
}

/// One path for each cluster: zones and regions are locations.
fn identity<'a>(stated: &Stated<'_, 'a>, origin: &Origin, intake: &mut Intake<'_, 'a>) -> Option<Identity> {
    let text = |key: &str, intake: &mut Intake<'_, 'a>| stated.text(key, intake).this();
    let name = text("name", intake);
    let link = text("selfLink", intake).or(origin.asset.as_deref());
    let path = match (link, name) {
        (Some(link), _) => Link::of(link).path.to_string(),
        (None, Some(name)) => {
            let holder = origin.holder.as_deref().and_then(|holder| holder.split("/locations/").next());
            let holder = holder.map_or_else(String::new, |holder| format!("{holder}/"));
            let location = text("location", intake).or_else(|| text("zone", intake));
            let location = location.map_or_else(String::new, |location| format!("locations/{location}/"));
            format!("{holder}{location}clusters/{name}")
        }
        (None, None) => {
            let sentence = "`name` is missing: nothing of it is in the answer";
            stated.tell("missing-field", Effect::Skipped, sentence, intake);
            return None;
        }
    };
    let path = path.replacen("/zones/", "/locations/", 1).replacen("/regions/", "/locations/", 1);
    Some(Identity::of(&path, name, stated.read_at, intake))
}

/// What a cluster says of its endpoints, in the places where it does.
struct Endpoints<'n, 'a> {
    /// Whether all of the cluster was exported: then what is not there is off.
    is_whole: bool,
    /// `privateClusterConfig`.
    private: Said<Stated<'n, 'a>>,
    /// `controlPlaneEndpointsConfig.ipEndpointsConfig`.
    by_address: Said<Stated<'n, 'a>>,
    /// `controlPlaneEndpointsConfig.dnsEndpointConfig`.
    by_name: Said<Stated<'n, 'a>>,
}

impl<'n, 'a> Endpoints<'n, 'a> {
    fn read(stated: &Stated<'n, 'a>, origin: &Origin, intake: &mut Intake<'_, 'a>) -> Self {
        let (by_address, by_name) = match stated.object("controlPlaneEndpointsConfig", intake) {
            Said::This(both) => {
                (both.object("ipEndpointsConfig", intake), both.object("dnsEndpointConfig", intake))
            }
            Said::Nothing => (Said::Nothing, Said::Nothing),
            Said::Unreadable => (Said::Unreadable, Said::Unreadable),
        };
        let is_whole = is_whole(stated, origin) || MARKS.iter().any(|mark| stated.has(mark));
        Self { is_whole, private: stated.object("privateClusterConfig", intake), by_address, by_name }
    }

    /// Whether the endpoint with an address is one of the Internet; `None`: not known.
    fn is_public(&self, stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<bool> {
        let enabled = flag(&self.by_address, "enabled", intake);
        if enabled == Said::This(false) {
            return Some(false);
        }
        let public = flag(&self.by_address, "enablePublicEndpoint", intake);
        let private = flag(&self.private, "enablePrivateEndpoint", intake);
        match (enabled, public, private) {
            (Said::Unreadable, ..) | (_, Said::Unreadable, _) | (.., Said::Unreadable) => None,
            (_, Said::This(public), Said::This(private)) if public == private => {
                let sentence = format!(
                    "`enablePublicEndpoint` and `enablePrivateEndpoint` are both {public}: either may hold"
                );
                stated.tell("contradicting-parts", Effect::Undecided, &sentence, intake);
                None
            }
            (_, Said::This(false), _) | (_, _, Said::This(true)) => Some(false),
            (_, Said::This(true), _) | (_, _, Said::This(false)) => Some(true),
            // P31. A flag that is false is left out, and so is all of a public cluster's.
            (_, Said::Nothing, Said::Nothing) if self.says_something() || self.is_whole => Some(true),
            (_, Said::Nothing, Said::Nothing) => {
                let sentence =
                    "`privateClusterConfig` is missing: whether its endpoint is public is not known";
                stated.tell("missing-field", Effect::Undecided, sentence, intake);
                None
            }
        }
    }

    /// Whether it says anything of the endpoint with an address.
    const fn says_something(&self) -> bool {
        !self.private.is_nothing() || !self.by_address.is_nothing()
    }

    /// Whom the list lets in. Where the two places say different things, either may hold.
    fn authorized(&self, stated: &Stated<'n, 'a>, intake: &mut Intake<'_, 'a>) -> Vec<Line> {
        let older = Authorized::read(stated, "masterAuthorizedNetworksConfig", self.is_whole, intake);
        let newer = match &self.by_address {
            Said::This(endpoint) => {
                Authorized::read(endpoint, "authorizedNetworksConfig", self.is_whole, intake)
            }
            Said::Nothing => None,
            Said::Unreadable => Some(Authorized::Unknown),
        };
        match (older, newer) {
            (Some(older), Some(newer)) if older != newer => {
                let sentence = "`masterAuthorizedNetworksConfig` and `authorizedNetworksConfig` say different things: \
                                either may hold";
                stated.tell("contradicting-parts", Effect::Undecided, sentence, intake);
                let lines = [older, newer].into_iter().flat_map(|one| one.lines(stated, intake));
                lines.map(Line::possibly).collect()
            }
            (Some(one), _) | (None, Some(one)) => one.lines(stated, intake),
            // Old answers of clusters without a list say nothing of it.
            (None, None) if self.is_whole => Authorized::Everybody.lines(stated, intake),
            (None, None) => {
                let sentence = "`masterAuthorizedNetworksConfig` is missing: every address is possible";
                stated.tell("missing-field", Effect::Undecided, sentence, intake);
                Authorized::Unknown.lines(stated, intake)
            }
        }
    }

    /// The public address, if it is told.
    fn address(&self, stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<IpAddr> {
        let named = [(&self.by_address, "publicEndpoint"), (&self.private, "publicEndpoint")];
        let named = named.iter().find_map(|(part, key)| match part {
            Said::This(part) => part.text(key, intake).this(),
            Said::Nothing | Said::Unreadable => None,
        });
        // Of a cluster without a public endpoint it is the private one.
        named.or_else(|| stated.text("endpoint", intake).this()).and_then(grammar::address)
    }

    /// Everybody, where traffic from outside is let in: who the caller is, the front end asks then, and no list.
    fn dns(&self, stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<DnsEndpoint> {
        let endpoint = match &self.by_name {
            Said::This(endpoint) => endpoint,
            Said::Nothing => return None,
            Said::Unreadable => {
                let lines = vec![Line::everybody(EXTERNAL, stated, intake).possibly()];
                return Some(DnsEndpoint { host: None, lines });
            }
        };
        let line = Line::everybody(EXTERNAL, endpoint, intake);
        let line = match endpoint.flag(EXTERNAL, intake) {
            Said::This(true) => line,
            Said::This(false) | Said::Nothing => return None,
            Said::Unreadable => line.possibly(),
        };
        let host = endpoint.text("endpoint", intake).this().map(|host| intake.name(host));
        Some(DnsEndpoint { host, lines: vec![line] })
    }
}

fn flag<'a>(part: &Said<Stated<'_, 'a>>, key: &str, intake: &mut Intake<'_, 'a>) -> Said<bool> {
    match part {
        Said::This(part) => part.flag(key, intake),
        Said::Nothing => Said::Nothing,
        Said::Unreadable => Said::Unreadable,
    }
}

const EXTERNAL: &str = "allowExternalTraffic";
/// What every cluster has and no projection asks for.
const MARKS: [&str; 3] = ["masterAuth", "nodePools", "currentMasterVersion"];
