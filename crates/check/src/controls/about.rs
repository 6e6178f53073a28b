//! What a control speaks of, so that a finding about something else does not carry its id.

use model::Grade;
use packet::{Family, Protocol};

use crate::Finding;

/// What a control speaks of. Every field has to fit; one that is empty fits everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct About {
    /// The cloud whose framework it is.
    pub(super) cloud: Option<&'static str>,
    /// Kinds of lists that let it in, and of what is reached.
    pub(super) kinds: &'static [&'static str],
    /// Ports, from the first to the last.
    pub(super) ports: &'static [(Protocol, u16, u16)],
    /// Families, over one of which everybody gets in, or so many that it comes to the same.
    pub(super) open_over: &'static [Family],
}

impl About {
    /// Whatever is found, in every cloud.
    pub(super) const EVERYTHING: Self = Self { cloud: None, kinds: &[], ports: &[], open_over: &[] };

    /// Whatever is found in one cloud.
    pub(super) const fn cloud(cloud: &'static str) -> Self {
        Self { cloud: Some(cloud), ..Self::EVERYTHING }
    }

    /// Whether it speaks of what a finding tells.
    pub(crate) fn fits(&self, finding: &Finding) -> bool {
        self.cloud.is_none_or(|cloud| cloud == finding.cloud)
            && (self.kinds.is_empty() || has_kind(finding, self.kinds))
            && (self.ports.is_empty() || self.ports.iter().any(|ports| has_ports(finding, *ports)))
            && (self.open_over.is_empty() || self.open_over.iter().any(|family| is_open(finding, *family)))
    }
}

fn has_kind(finding: &Finding, kinds: &[&str]) -> bool {
    let lists = finding.opened_by.iter().map(|admission| admission.list.kind);
    let targets = finding.targets.iter().map(|target| target.kind);
    lists.chain(targets).chain([finding.subject.kind]).any(|kind| kinds.contains(&kind))
}

fn has_ports(finding: &Finding, (protocol, first, last): (Protocol, u16, u16)) -> bool {
    let overlaps = |&(from, to): &(u16, u16)| from <= last && first <= to;
    finding.packets.contains_key(&None)
        || finding.packets.get(&Some(protocol)).is_some_and(|ports| ports.spans().iter().any(overlaps))
}

/// A /8 and more is no restriction.
fn is_open(finding: &Finding, family: Family) -> bool {
    finding.grades.get(&family).is_some_and(|grade| *grade >= Grade::Broad)
}
