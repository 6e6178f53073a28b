//! The way back of a reply: the longest prefix, then the lowest priority; some routes are for some tags only.

use core::net::IpAddr;

use serde_json::Value;

use super::Estate;
use super::fields::{Prefix, last, number, text, texts};
use super::interfaces::Interface;
use crate::oracle::verdict::Verdict;

/// The routes of an interface; nothing where the input has none of its network: the default one is presumed.
#[derive(Clone, Debug)]
pub(super) struct Routes {
    known: Option<Vec<(Prefix, i64, Verdict)>>,
}

impl Routes {
    /// Whether a reply to a client leaves to the Internet.
    pub(super) fn decide(&self, client: IpAddr) -> Verdict {
        let Some(known) = &self.known else { return Verdict::Allow };
        let mut best: Option<(u32, i64, Verdict)> = None;
        for (prefix, priority, hop) in known.iter().filter(|(prefix, ..)| prefix.holds(client)) {
            best = Some(match best {
                Some((length, own, before)) if (length, own) == (prefix.length, *priority) => {
                    (length, own, before.or(*hop))
                }
                Some(before) if (before.0, -before.1) > (prefix.length, -*priority) => before,
                _ => (prefix.length, *priority, *hop),
            });
        }
        best.map_or(Verdict::Deny, |(.., hop)| hop)
    }
}

impl Estate {
    pub(super) fn routes(&self, interface: &Interface) -> Routes {
        let here =
            |route: &&Value| text(route, "network").is_some_and(|it| self.same(it, &interface.network));
        if !self.all("routes").iter().any(|route| here(&route)) {
            return Routes { known: None };
        }
        let own = self.all("routes").iter().filter(here).filter(|route| {
            let tags = texts(route, "tags");
            tags.is_empty() || tags.iter().any(|tag| interface.tags.iter().any(|own| own == tag))
        });
        let read = |route: &Value| {
            let prefix = Prefix::parse(text(route, "destRange")?)?;
            Some((prefix, number(route, "priority").unwrap_or(1000), hop(route)))
        };
        Routes { known: Some(own.filter_map(read).collect()) }
    }
}

/// Whether what follows a route leaves to the Internet, as a reply of the flow it answers. What a machine, a tunnel or a
/// peer does with it nobody knows; a subnetwork keeps it.
fn hop(route: &Value) -> Verdict {
    match text(route, "nextHopGateway").map(last) {
        Some("default-internet-gateway") => Verdict::Allow,
        None if text(route, "nextHopNetwork").is_some() => Verdict::Deny,
        Some(_) | None => Verdict::Undecided,
    }
}
