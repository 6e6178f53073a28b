//! Paths, targets and snapshots around a filter.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Carries, Destinations, Filter, Front, Internet, Path, Reach, Snapshot, Target, Thresholds};

use super::filters::{filter, group};
use super::lists::{AZURE, Kind, list, set};
use crate::random::Random;

/// A target with these paths.
#[must_use]
pub fn target(name: &str, paths: Vec<Path>) -> Target {
    Target {
        cloud: "testland",
        id: name.into(),
        key: name.into(),
        kind: "interface",
        name: name.into(),
        scope: None,
        power: None,
        attributes: Vec::new(),
        paths,
        provenance: None,
    }
}

/// A snapshot of these targets.
#[must_use]
pub fn snapshot(mut targets: Vec<Target>) -> Snapshot {
    targets.sort_by(|a, b| a.key.cmp(&b.key));
    let filters = targets.iter().flat_map(|target| &target.paths).map(|path| &path.filter);
    let mut lists: Vec<_> = filters.flat_map(|filter| filter.lists().into_iter().cloned()).collect();
    lists.sort_by(|a, b| a.id.cmp(&b.id));
    lists.dedup_by(|a, b| a.id == b.id);
    Snapshot {
        cloud: "testland",
        internet: Arc::new(Internet::less(&set(&["168.63.129.16/32"]), Thresholds::STANDARD)),
        inside: None,
        protocols: AZURE,
        rentable: Vec::new(),
        targets: targets.into_iter().map(Arc::new).collect(),
        lists,
        gaps: Vec::new(),
        coverage: BTreeMap::new(),
        missing: Vec::new(),
    }
}

/// The two paths of an interface with an address of either family behind one filter.
#[must_use]
pub fn paths(filter: Filter) -> Vec<Path> {
    let filter = Arc::new(filter);
    let path = |front: &str, destination: &str| Path {
        reach: Reach::Exposed,
        front: Some(Front { id: front.into(), address: front.parse().ok() }),
        destinations: Destinations::These(Arc::new(set(&[destination]))),
        carries: Carries::Everything,
        hops: Vec::new(),
        filter: filter.clone(),
    };
    vec![path("203.0.113.10", "10.0.0.4"), path("2001:db8:ffff::10", "2001:db8::4")]
}

/// Two to five paths of different reach, front, destinations and filter to one target.
#[must_use]
pub fn tangle(random: &mut Random) -> Vec<Path> {
    let shared = Arc::new(group(list(random, Kind::Account, 8)));
    (0..random.between(2, 5)).map(|number| strand(random, number, &shared)).collect()
}

fn strand(random: &mut Random, number: usize, shared: &Arc<Filter>) -> Path {
    let reaches = [Reach::Exposed, Reach::Exposed, Reach::OneWay, Reach::Latent, Reach::Admitted];
    let reach = *random.pick(&reaches);
    let several = Destinations::SomeOf(Arc::new(set(&["10.0.0.0/16", "2001:db8::/64"])));
    let (front, destinations) = match (reach, random.below(4)) {
        (Reach::Latent | Reach::Admitted, 0) => (None, several),
        (Reach::Latent | Reach::Admitted, _) => (None, these(&["10.0.0.4"])),
        (_, 0) => (Some("203.0.113.10"), these(&["10.0.0.4", "10.0.1.7"])),
        (_, 1) => (Some("203.0.113.11"), these(&["10.0.0.4"])),
        (_, 2) => (Some("2001:db8:ffff::10"), these(&["2001:db8::4"])),
        (_, _) => (Some("203.0.113.10"), these(&["10.0.0.4"])),
    };
    let filter = match random.below(3) {
        0 => shared.clone(),
        1 => Arc::new(filter(random, Kind::Account, 2)),
        _ => {
            let mut rules = list(random, Kind::Account, 6);
            rules.id = format!("strand-{number}").into();
            Arc::new(group(rules))
        }
    };
    let front = front.map(|text| Front { id: text.into(), address: text.parse().ok() });
    Path { reach, front, destinations, carries: Carries::Everything, hops: Vec::new(), filter }
}

fn these(texts: &[&str]) -> Destinations {
    Destinations::These(Arc::new(set(texts)))
}
