//! What must stay when an estate is only written otherwise.

use std::collections::BTreeSet;

use engine::Exposure;

use super::told::is_alone;
use crate::pipeline::lower;

/// The fingerprint of each exposure, which holds its target, reach, protocol, ports and sources, with what stands beside
/// these: its certainty, and where it is seen from outside. Groups and networks that are targets
/// of their own are left out.
///
/// # Panics
/// When the engine contradicts itself.
#[must_use]
pub fn fingerprints<'d>(documents: impl IntoIterator<Item = (&'d str, &'d str)>) -> BTreeSet<String> {
    let (snapshot, _) = lower(documents);
    let mut told = BTreeSet::new();
    let sink = &mut |exposure: Exposure, _: &packet::AddressSet| {
        let Exposure { fingerprint, target, reach, certainty, fronts, .. } = exposure;
        if !is_alone(target.kind) {
            let fronts: Vec<_> = fronts.iter().map(|it| it.front.address).collect();
            told.insert(format!("{fingerprint} {} {reach:?} {certainty:?} {fronts:?}", target.id));
        }
    };
    engine::exposures(&snapshot, sink).unwrap_or_else(|contradiction| panic!("{contradiction}"));
    told
}
