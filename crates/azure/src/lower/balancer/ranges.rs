//! Inbound NAT rules that a load balancer made of a range, one for each instance of a scale set (AP5).

use model::{Carries, Name};
use packet::PortSet;

use crate::resource::NatRule;

use super::super::Lowering;
use super::assembly::Assembly;

impl Lowering<'_> {
    /// AP5: whether a rule is one that a load balancer made of a range for the scale set of this instance: the set
    /// names the range, which tells of all of them.
    pub(super) fn is_told_by_range(
        &self,
        assembly: &Assembly<'_>,
        rule: &NatRule,
        configuration: &str,
    ) -> bool {
        let set = configuration.split_once("/virtualmachines/").map(|(set, _)| set);
        let Some(set) = set.and_then(|set| self.estate.devices.scale_sets.get(set)) else { return false };
        let configurations = set.interfaces.iter().flat_map(|one| &one.interface.configurations);
        let named: Vec<&Name> =
            configurations.filter_map(|one| one.balancing.as_ref()).flat_map(|one| &one.nat_pools).collect();
        let mut ranges = assembly.nat_rules.iter().filter(|part| named.contains(&part.key()));
        ranges.any(|range| {
            let [range, one] = [&range.stated, &rule].map(|rule| (&rule.frontend, &rule.carried));
            range.0 == one.0 && is_within(&one.1.carries, &range.1.carries)
        })
    }
}

/// Whether a range carries all that a rule of one port carries, to the same port.
fn is_within(one: &Carries, range: &Carries) -> bool {
    let Carries::Translated { protocols, from, to } = range else { return false };
    match one {
        Carries::Everything => false,
        Carries::Only { protocols: own, ports } => {
            own == protocols && **ports == PortSet::only(*to) && ports.is_subset(from)
        }
        Carries::Translated { protocols: own, from: ports, to: port } => {
            own == protocols && port == to && ports.is_subset(from)
        }
    }
}
