//! Access that was asked for in advance: what is opened in its bounds, and closed by its end, is expected.
//!
//! Judged state by state: whoever gets in at a moment was announced for that moment. Who opens it is another identity than
//! who asked, mostly the provider's: what counts is that nothing is open that was not asked for.

use std::sync::Arc;

use cloud::audit::{Announcement, Event};
use engine::{Expected, Opening, Sources, Step};
use model::{Internet, Moment, Name, Target};
use packet::{AddressSet, PortSet, Protocol};

use crate::told::word;

/// An announcement with who made it, and when.
#[derive(Debug)]
pub(crate) struct Announced {
    announcement: Announcement,
    since: Moment,
    owner: Name,
}

impl Announced {
    pub(crate) fn new(event: &Event, at: Moment, announcement: &Announcement) -> Self {
        Self { announcement: announcement.clone(), since: at, owner: Arc::clone(&event.actor.name) }
    }

    /// Whether it is about a target, over these protocols.
    fn is_about(&self, opening: &Opening) -> bool {
        let is_it = |id: &Name| names(&self.announcement.within, id, &opening.exposure.target);
        opening.exposure.protocols.is_subset(self.announcement.protocols)
            && self.announcement.targets.iter().any(is_it)
    }

    /// Whether it allows for a time that begins and ends so.
    fn holds(&self, from: Moment, to: Moment) -> bool {
        self.since <= from
            && from < self.announcement.until
            && to.0 <= self.announcement.until.0.saturating_add(GRACE)
    }
}

/// Who announced an opening: whoever got in through it was announced for as long as he did. `last` is the time of the last
/// event: what is open then stays open at least until then.
pub(crate) fn announced(
    announced: &[Announced],
    opening: &Opening,
    last: Moment,
    internet: &Internet,
) -> Option<Expected> {
    let own: Vec<&Announced> = announced.iter().filter(|one| one.is_about(opening)).collect();
    // Of what was open before the first event nobody knows why.
    opening.opened.as_ref().filter(|_| !own.is_empty())?;
    let ends = opening.steps.iter().skip(1).map(|step| step.cause.at).chain([last]);
    let mut first = None;
    for (step, end) in opening.steps.iter().zip(ends) {
        let allowed: Vec<&&Announced> = own.iter().filter(|one| one.holds(step.cause.at, end)).collect();
        first = first.or_else(|| allowed.first().copied());
        if !is_allowed(&allowed, opening, step, internet) {
            return None;
        }
    }
    let Announced { announcement, owner, .. } = first?;
    let reason = word(&format!("asked for in advance until {}", announcement.until));
    Some(Expected { owner: Arc::clone(owner), reason })
}

/// Whether everybody who gets in after a step was announced, at every port.
fn is_allowed(allowed: &[&&Announced], opening: &Opening, step: &Step, internet: &Internet) -> bool {
    let Some(sources) = &step.sources else { return true };
    let Some(sources) = addresses(sources, internet) else { return false };
    let of_all = |fits: &dyn Fn(&PortSet) -> bool| {
        let fitting = allowed.iter().filter(|one| fits(&one.announcement.ports));
        let all = fitting.fold(AddressSet::empty(), |sum, one| sum.union(&one.announcement.sources));
        sources.is_subset(&all)
    };
    let exposure = &opening.exposure;
    if !exposure.protocols.iter().any(Protocol::is_numbered) {
        return of_all(&|_| true);
    }
    if exposure.ports.is_empty() || exposure.ports.count() > PORTS_MAX {
        let everything = PortSet::everything();
        let ports = if exposure.ports.is_empty() { &everything } else { &exposure.ports };
        return of_all(&|announced| ports.is_subset(announced));
    }
    let ports = exposure.ports.spans().iter().flat_map(|&(first, last)| first..=last);
    ports.into_iter().all(|port| of_all(&|announced| announced.contains(port)))
}

/// Exactly the addresses that were measured; `None` where they are not all known.
fn addresses(sources: &Sources, internet: &Internet) -> Option<AddressSet> {
    let covers = [&sources.ipv4, &sources.ipv6].into_iter().flatten().map(|measure| &measure.cidrs);
    let mut sum = AddressSet::empty();
    for cover in covers {
        if cover.more > 0 {
            return None;
        }
        sum = sum.union(&cover.prefixes.iter().copied().collect());
    }
    // A cover may hold what is nobody's.
    sources.tags.is_empty().then(|| sum.intersection(internet.addresses()))
}

/// Whether an id is that of a target, or of the machine that it names.
fn names(within: &str, id: &str, target: &Target) -> bool {
    let begins =
        |text: &str| text.get(..within.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(within));
    let name = id.rsplit('/').next().unwrap_or(id);
    let is_machine = |(key, value): &(&str, Name)| *key == "machine" && value.eq_ignore_ascii_case(name);
    id.eq_ignore_ascii_case(&target.id)
        || (!within.is_empty() && begins(&target.id) && target.attributes.iter().any(is_machine))
}

/// How long after the announced end it may still be open, in milliseconds: the rule is taken away a little later.
const GRACE: i64 = 15 * 60_000;
/// Of more ports than this no two announcements are put together.
const PORTS_MAX: u32 = 64;
