//! Services with lists of their own (P1 to P10): who may come to their endpoints.
//!
//! Network perimeters are not known here: an estate that has one is abstained from.

mod clients;
mod databases;
mod listed;
mod sites;

use serde_json::Value;

use super::Estate;
use super::fields::{field, has, same, text};
use super::verdict::Verdict;
use super::way::{Carries, Gate, Way};

pub(super) use clients::{Clients, Interval};

/// What `publicNetworkAccess` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Enabled,
    Disabled,
    /// A perimeter decides, or a word that nobody knows.
    Elsewhere,
    /// Enabled or not: the document leaves it out.
    Untold,
}

impl Access {
    /// Section 6: null means enabled.
    fn of(resource: &Value) -> Self {
        match field(resource, "publicNetworkAccess").map(|it| it.as_str().unwrap_or_default()) {
            None if !is_full(resource) => Self::Untold,
            None => Self::Enabled,
            Some(word) if same(word, "Enabled") => Self::Enabled,
            Some(word) if same(word, "Disabled") => Self::Disabled,
            Some(_) => Self::Elsewhere,
        }
    }

    /// The list, where the list is asked.
    fn over(self, list: Clients) -> Clients {
        match self {
            Self::Enabled => list,
            Self::Disabled => Clients::Always(Verdict::Deny),
            Self::Elsewhere => Clients::Always(Verdict::Undecided),
            Self::Untold => Clients::Doubted(Box::new(list)),
        }
    }
}

impl Estate {
    /// The ways to services.
    pub(super) fn service_ways(&self) -> Vec<Way> {
        let mut ways = self.database_ways();
        ways.extend(self.listed_ways());
        ways.extend(self.site_ways());
        ways
    }

    /// The resources of a kind whose id stands below another's.
    fn children<'a>(&'a self, kind: &str, parent: &'a Value) -> impl Iterator<Item = &'a Value> {
        let parent = text(parent, "id").unwrap_or_default().to_ascii_lowercase();
        self.all(kind).iter().filter(move |child| {
            let id = text(child, "id").unwrap_or_default().to_ascii_lowercase();
            id.strip_prefix(&parent).is_some_and(|rest| rest.starts_with('/'))
        })
    }
}

/// Whether a document holds what a full export has and a projection to a few columns has not: in the former what is not
/// there is not set, in the latter it is not told (C4).
fn is_full(resource: &Value) -> bool {
    FULL.iter().any(|key| has(resource, key))
}

const FULL: [&str; 16] = [
    "provisioningState",
    "fullyQualifiedDomainName",
    "connectivityEndpoints",
    "hostName",
    "primaryEndpoints",
    "vaultUri",
    "endpoint",
    "loginServer",
    "serviceBusEndpoint",
    "documentEndpoint",
    "defaultHostName",
    "numberOfWorkers",
    "redisVersion",
    "administratorLogin",
    "encryption",
    "metricId",
];

/// The way to an endpoint of IPv4.
fn endpoint(resource: &Value, ports: &[u16], clients: Clients) -> Option<Way> {
    endpoint_of(resource, [true, false], ports, clients)
}

fn endpoint_of(resource: &Value, families: [bool; 2], ports: &[u16], clients: Clients) -> Option<Way> {
    let ports = ports.iter().map(|port| (*port, *port)).collect();
    let carries = Carries { protocols: vec![6], ports, to: None };
    let gates = vec![Gate::Clients(clients)];
    Some(Way::new(text(resource, "name")?, families, None, carries, gates, Verdict::Allow))
}
