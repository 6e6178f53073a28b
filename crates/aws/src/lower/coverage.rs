//! How much of each kind was assessed, and what the input has nothing of: kinds that would change the answer, each with
//! the command that exports it and what the answer presumes without it.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Coverage, Name, Target};

use crate::resource::{Mode, command_of};

use super::Lowering;

impl Lowering<'_> {
    /// Assessed and not assessed, by kind.
    pub(super) fn coverage(&self, _targets: &[Arc<Target>]) -> BTreeMap<&'static str, Coverage> {
        let groups = ("security-group", self.groups.known.len());
        let counted = self.estate.resources.counts().into_iter().filter(|(kind, _)| *kind != groups.0);
        let counted = counted.chain([groups]).filter(|(kind, count)| *count > 0 && !PARTS.contains(kind));
        let mut coverage: BTreeMap<&'static str, Coverage> = counted
            .map(|(kind, count)| (kind, Coverage { assessed: count as u64, not_assessed: 0 }))
            .collect();
        for (kind, count) in &self.estate.not_assessed {
            coverage.entry(kind).or_default().not_assessed += count;
        }
        coverage
    }

    /// Whether the input has a kind, be it an empty list of it.
    pub(super) fn has_kind(&self, kind: &str) -> bool {
        self.estate.has_kind(kind)
    }

    /// What the input has nothing of, each with the command that would export it, and only where the answer would be
    /// another with it.
    pub(super) fn missing(&self) -> Vec<String> {
        let has_interfaces = self.network.index.interfaces(self.estate).next().is_some();
        let is_carried = !self.groups.carriers.is_empty() || self.has_databases();
        let has_paths = has_interfaces || self.has_databases();
        let told = [
            (!self.has_groups() && is_carried, MISSING_GROUPS),
            (!self.has_kind("network-interface") && !self.groups.known.is_empty(), MISSING_INTERFACES),
            (has_paths && !self.has_kind("vpc-block-public-access-options"), MISSING_BLOCK),
            (self.blocks_without_exclusions(), MISSING_EXCLUSIONS),
            (self.has_unseen_instances(), MISSING_INSTANCES),
            (self.groups.uses_unlisted, MISSING_PREFIX_LISTS),
            (self.omits_sources(), MISSING_SOURCES),
        ];
        let mut told: Vec<String> =
            told.into_iter().filter(|(holds, _)| *holds).map(|(_, sentence)| sentence.to_owned()).collect();
        if has_paths {
            let is_absent = |(kind, _): &&(&str, &str)| {
                let is_needed = *kind != "internet-gateway" || self.has_unrouted_vpc();
                is_needed && !self.has_kind(kind)
            };
            told.extend(grouped(&PATH_KINDS.iter().filter(is_absent).collect::<Vec<_>>()));
        }
        told.extend(self.missing_of_services());
        told.extend(self.missing_of_balancers());
        told
    }

    /// Whether a group does not say whom it lets in over IPv6 or by prefix lists, neither in its permissions nor rule by rule.
    fn omits_sources(&self) -> bool {
        let mut known = self.groups.known.values();
        known.any(|known| known.listed.is_empty() && known.group.is_some_and(|group| group.omits_sources.0))
    }

    /// Whether an interface is in a VPC of which no route proves that it has a gateway.
    fn has_unrouted_vpc(&self) -> bool {
        let routed = &self.network.index.routed_gateways;
        let is_routed = |vpc: &Name| routed.contains_key(&**vpc);
        let mut interfaces = self.network.index.interfaces(self.estate);
        self.has_databases() || interfaces.any(|interface| !interface.vpc.as_ref().is_some_and(is_routed))
    }

    /// Whether an interface is attached to an instance, and no instance is in the input.
    fn has_unseen_instances(&self) -> bool {
        let mut interfaces = self.estate.resources.interfaces.values();
        !self.has_kind("instance") && interfaces.any(|interface| interface.instance.is_some())
    }

    /// Whether VPCs are blocked, and which are excluded is not in the input.
    fn blocks_without_exclusions(&self) -> bool {
        let mut modes = self.estate.resources.public_access.values();
        !self.has_kind("vpc-block-public-access-exclusion")
            && modes.any(|options| options.mode != Some(Mode::Off))
    }
}

/// Kinds without which a path is not known, in one sentence.
fn grouped(absent: &[&(&str, &str)]) -> Option<String> {
    if absent.is_empty() {
        return None;
    }
    let names: Vec<&str> = absent.iter().map(|(_, name)| *name).collect();
    let commands: Vec<String> = absent.iter().map(|(kind, _)| format!("`{}`", command_of(kind))).collect();
    let names = match names.as_slice() {
        [several @ .., last] if !several.is_empty() => format!("{} and {last}", several.join(", ")),
        names => names.concat(),
    };
    Some(format!("{names} are not in the input: interfaces are `admitted`; add {}", commands.join(", ")))
}

/// Kinds that say more of another resource, which is the one that is counted.
const PARTS: [&str; 10] = [
    "security-group-rule",
    "security-group-association",
    "prefix-list-entries",
    "vpc-block-public-access-exclusion",
    "rds-subnet-group",
    "redshift-subnet-group",
    "lightsail-port-states",
    "target-health",
    "target-group-attributes",
    "load-balancer-attributes",
];

/// What stands between the Internet and an interface: the kind, and what people call several of it.
const PATH_KINDS: [(&str, &str); 3] = [
    ("route-table", "route tables"),
    ("internet-gateway", "Internet gateways"),
    ("network-acl", "network ACLs"),
];

const MISSING_BLOCK: &str = "VPC Block Public Access is not in the input and presumed off; add `aws ec2 \
                             describe-vpc-block-public-access-options` and `aws ec2 \
                             describe-vpc-block-public-access-exclusions`";
const MISSING_EXCLUSIONS: &str = "exclusions from VPC Block Public Access are not in the input: what is blocked is \
                                  possible; add `aws ec2 describe-vpc-block-public-access-exclusions`";
const MISSING_INSTANCES: &str = "instances are not in the input: whether they run is not known; add `aws ec2 \
                                 describe-instances`";
const MISSING_SOURCES: &str = "permissions of some security groups are without `Ipv6Ranges` or `PrefixListIds`: they are \
                               taken to have none; add all of `aws ec2 describe-security-groups`";
const MISSING_GROUPS: &str = "security groups are not in the input: what carries one may let in everybody; add \
                              `aws ec2 describe-security-groups`";
const MISSING_INTERFACES: &str = "network interfaces are not in the input: the reach of a group is `admitted`; add \
                                  `aws ec2 describe-network-interfaces`";
const MISSING_PREFIX_LISTS: &str = "prefix lists that rules use are not in the input: they may hold every address; add \
                                    `aws ec2 describe-managed-prefix-lists` and `aws ec2 \
                                    get-managed-prefix-list-entries` of each";
