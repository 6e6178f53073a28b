//! Access that was asked for in advance: what is opened in its bounds is expected.

use cloud::audit::{Announcement, Event};
use packet::PortSet;

use crate::expected::Expectation;
use crate::told::word;

/// The expectation that an announcement comes to. Who opens it is another identity, mostly the provider's: what counts is
/// that nothing is opened that was not asked for.
pub(crate) fn expectation(event: &Event, announcement: &Announcement) -> Expectation {
    let Announcement { targets, protocols, ports, sources, until } = announcement;
    Expectation {
        principals: vec!["*".to_owned()],
        targets: targets.iter().map(|target| target.to_string()).collect(),
        protocols: *protocols,
        ports: PortSet::clone(ports),
        sources: sources.clone(),
        windows: Vec::new(),
        until: Some(*until),
        since: event.at,
        owner: event.actor.name.clone(),
        reason: word(&format!("asked for in advance until {until}")),
    }
}
