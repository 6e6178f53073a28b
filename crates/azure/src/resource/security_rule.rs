//! One rule: what it matches and what it does, as far as its own group says.
//!
//! Only inbound rules: nothing here speaks of egress. Knows no order among rules; see `group`.

use std::sync::Arc;

use cloud::ReadAt;
use model::Name;
use packet::{AddressSet, Bounds, PortSet};

use crate::intake::Intake;
use crate::pool::Pool;
use crate::wire::Rule;

use super::ports::{PortFields, read_ports};
use super::protocols::Protocols;
use super::rule_intake::{Access, Direction, Origin, RuleIntake};
use super::side::{Side, SideNames, host_addresses, read_side};

/// An inbound rule.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SecurityRule {
    pub(crate) name: Name,
    /// `None` when it cannot be read.
    pub(crate) priority: Option<u32>,
    pub(crate) access: Access,
    /// Whether the rule, where it matches, matches for certain; not with keys that nobody understands.
    pub(crate) certain: bool,
    pub(crate) protocols: Bounds<Protocols>,
    pub(crate) sources: Arc<Side>,
    pub(crate) source_ports: Bounds<Arc<PortSet>>,
    pub(crate) destinations: Arc<Side>,
    pub(crate) ports: Bounds<Arc<PortSet>>,
    pub(crate) built_in: bool,
    /// `None` for a rule that no document states.
    pub(crate) read_at: Option<ReadAt>,
}

impl SecurityRule {
    /// Reads the `position`-th rule of a group; `None` for an outbound one.
    pub(crate) fn read<'a>(
        stated: &Rule<'a>,
        origin: Origin,
        (list, position): (&str, usize),
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let place = intake.place(stated.at);
        let name = match stated.name.get() {
            Some(name) => intake.name(unprefixed(name, origin)),
            None => intake.name(&format!("rule {}", position + 1)),
        };
        // The view says which of its rules are the default ones in their names.
        let by_azure = stated.name.get().is_some_and(|name| name.starts_with(BUILT_IN_PREFIX));
        let origin = if origin == Origin::Effective && by_azure { Origin::BuiltIn } else { origin };
        let denies = stated.access.get().is_some_and(|word| word.eq_ignore_ascii_case("deny"));
        let mut rule = RuleIntake { intake, origin, list, rule: name, place, denies };
        let direction_known = match rule.direction(&stated.direction) {
            Direction::Outbound => return None,
            Direction::Inbound => true,
            Direction::Unreadable => false,
        };
        rule.strange_keys(stated);
        rule.doubt(stated);
        // Only an effective view says what tags stand for; in a group nobody knows what such a field would do.
        let expanded = origin == Origin::Stated && rule.expanded_keys(stated);
        let ports = read_ports(&destination_ports(stated), &mut rule);
        let source_ports = read_ports(&source_ports(stated), &mut rule);
        let access = rule.access(&stated.access);
        let priority = rule.priority(&stated.priority);
        Some(Self {
            priority,
            access,
            // Without its place in the order a rule can only be said to be possible, and first.
            certain: direction_known
                && priority.is_some()
                && stated.strange_keys.is_empty()
                && stated.doubt.is_none()
                && !expanded,
            protocols: rule.protocols(&stated.protocol, &source_ports, &ports),
            sources: read_side(&stated.source, &SOURCE_FIELDS, &mut rule),
            destinations: read_side(&stated.destination, &DESTINATION_FIELDS, &mut rule),
            source_ports,
            ports,
            built_in: rule.origin == Origin::BuiltIn,
            read_at: Some(ReadAt(place)),
            name: rule.rule,
        })
    }

    /// A rule of which nothing is known: it may allow or deny anything.
    pub(crate) fn unknown(pool: &mut Pool) -> Self {
        let side = Arc::new(Side::unknown(pool));
        let ports = Bounds::between(Arc::clone(&pool.common.no_port), Arc::clone(&pool.common.every_port));
        Self {
            name: pool.name("unreadable rule"),
            priority: None,
            access: Access::Unreadable,
            certain: false,
            protocols: Bounds::between(Protocols::NONE, Protocols::ALL),
            sources: Arc::clone(&side),
            source_ports: ports.clone(),
            destinations: side,
            ports,
            built_in: false,
            read_at: None,
        }
    }
}

/// The inbound default rules (semantics A2), for groups whose document leaves them out.
pub(crate) fn default_rules(pool: &mut Pool) -> [SecurityRule; 3] {
    let common = pool.common.clone();
    let mut side = |written: &str, addresses: &Arc<AddressSet>| {
        Side::of(pool.name(written), Bounds::exactly(Arc::clone(addresses)))
    };
    let everywhere = Arc::new(side("*", &common.everything));
    let network = Arc::new(Side { virtual_network: true, ..side("VirtualNetwork", &common.nothing) });
    let host = Arc::new(side("AzureLoadBalancer", &Arc::new(host_addresses())));
    let mut rule =
        |name: &str, priority, access, sources: &Arc<Side>, destinations: &Arc<Side>| SecurityRule {
            name: pool.name(name),
            priority: Some(priority),
            access,
            certain: true,
            protocols: Bounds::exactly(Protocols::ALL),
            sources: Arc::clone(sources),
            source_ports: Bounds::exactly(Arc::clone(&common.every_port)),
            destinations: Arc::clone(destinations),
            ports: Bounds::exactly(Arc::clone(&common.every_port)),
            built_in: true,
            read_at: None,
        };
    [
        rule("AllowVnetInBound", 65000, Access::Allow, &network, &network),
        rule("AllowAzureLoadBalancerInBound", 65001, Access::Allow, &host, &everywhere),
        rule("DenyAllInBound", 65500, Access::Deny, &everywhere, &everywhere),
    ]
}

/// The name a person gave the rule, without what the effective view puts before it.
fn unprefixed(name: &str, origin: Origin) -> &str {
    match origin {
        Origin::Stated | Origin::BuiltIn => name,
        Origin::Effective => {
            let own = name.strip_prefix(BUILT_IN_PREFIX).or_else(|| name.strip_prefix("securityRules/"));
            own.filter(|own| !own.is_empty()).unwrap_or(name)
        }
    }
}

fn destination_ports<'f, 'a>(stated: &'f Rule<'a>) -> PortFields<'f, 'a> {
    PortFields {
        range: ("destinationPortRange", &stated.destination.port),
        ranges: ("destinationPortRanges", &stated.destination.ports),
    }
}

fn source_ports<'f, 'a>(stated: &'f Rule<'a>) -> PortFields<'f, 'a> {
    PortFields {
        range: ("sourcePortRange", &stated.source.port),
        ranges: ("sourcePortRanges", &stated.source.ports),
    }
}

const BUILT_IN_PREFIX: &str = "defaultSecurityRules/";

const SOURCE_FIELDS: SideNames = SideNames {
    prefix: "sourceAddressPrefix",
    prefixes: "sourceAddressPrefixes",
    groups: "sourceApplicationSecurityGroups",
    expanded: "expandedSourceAddressPrefix",
};

const DESTINATION_FIELDS: SideNames = SideNames {
    prefix: "destinationAddressPrefix",
    prefixes: "destinationAddressPrefixes",
    groups: "destinationApplicationSecurityGroups",
    expanded: "expandedDestinationAddressPrefix",
};
