//! One rule: what it matches and what it does, as far as its own group says.
//!
//! Only inbound rules: nothing here speaks of egress. Knows no order among rules; see `group`.

use core::fmt;
use std::sync::Arc;

use model::{Effect, Name, Provenance};
use packet::{AddressSet, Bounds, PortSet};

use crate::intake::{Intake, Quoted};
use crate::pool::Pool;
use crate::wire::{Json, Rule, Text};

use super::identity::ReadAt;
use super::ports::{PortFields, read_ports};
use super::protocols::Protocols;
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

/// What a rule does. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Allow,
    Deny,
    /// One of both.
    Unreadable,
}

/// Who wrote a rule, and in which dialect. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A person, in a group.
    Stated,
    /// Azure: one of the default rules (semantics A2).
    BuiltIn,
    /// The effective view of an interface.
    Effective,
}

impl Origin {
    pub(crate) const COUNT: usize = 3;

    pub(crate) const fn index(self) -> usize {
        match self {
            Self::Stated => 0,
            Self::BuiltIn => 1,
            Self::Effective => 2,
        }
    }
}

/// What reading one rule needs.
pub(super) struct RuleIntake<'x, 'r, 'a> {
    pub(super) intake: &'x mut Intake<'r, 'a>,
    pub(super) origin: Origin,
    /// The name of its group.
    pub(super) list: &'x str,
    /// Its own name.
    pub(super) rule: Name,
    pub(super) place: Provenance,
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
        let mut rule = RuleIntake { intake, origin, list, rule: name, place };
        let direction_known = match rule.direction(&stated.direction) {
            Direction::Outbound => return None,
            Direction::Inbound => true,
            Direction::Unreadable => false,
        };
        rule.strange_keys(stated);
        let ports = read_ports(&destination_ports(stated), &mut rule);
        let source_ports = read_ports(&source_ports(stated), &mut rule);
        let access = rule.access(&stated.access);
        let priority = rule.priority(&stated.priority);
        Some(Self {
            priority,
            access,
            // Without its place in the order a rule can only be said to be possible, and first.
            certain: direction_known && priority.is_some() && stated.strange_keys.is_empty(),
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

enum Direction {
    Inbound,
    Outbound,
    Unreadable,
}

impl RuleIntake<'_, '_, '_> {
    pub(super) fn note(&mut self, code: &'static str, effect: Effect, what: fmt::Arguments<'_>) {
        let message = format!("{}: rule {}: {what}", Quoted(self.list), Quoted(&self.rule));
        self.intake.note(self.place, code, effect, message);
    }

    pub(super) fn missing(&mut self, field: &str, expected: &str) {
        self.note(
            "missing-field",
            Effect::Undecided,
            format_args!("`{field}` is missing, expected {expected}"),
        );
    }

    pub(super) fn unexpected(&mut self, field: &str, json: Json, expected: &str) {
        let what = format_args!("`{field}` is or holds {json}, expected {expected}");
        self.note("unexpected-type", Effect::Undecided, what);
    }

    /// A10: both the singular and the plural field: their union, which is an assumption where they differ.
    pub(super) fn both_fields(&mut self, one: &str, many: &str) {
        let what = format_args!(
            "both `{one}` and `{many}` have a value, expected one of them: their union is taken"
        );
        self.note("singular-and-plural", Effect::Widened, what);
    }

    fn unreadable(&mut self, code: &'static str, field: &str, text: &Text<'_>, expected: &str) {
        match text {
            Text::Absent => self.missing(field, expected),
            Text::Not(json) => self.unexpected(field, *json, expected),
            Text::Is(stated) => {
                let what = format_args!("`{field}` is {}, expected {expected}", Quoted(stated));
                self.note(code, Effect::Undecided, what);
            }
        }
    }

    fn direction(&mut self, text: &Text<'_>) -> Direction {
        match text.get() {
            Some(word) if word.eq_ignore_ascii_case("inbound") => Direction::Inbound,
            Some(word) if word.eq_ignore_ascii_case("outbound") => Direction::Outbound,
            Some(_) | None => {
                self.unreadable("unknown-direction", "direction", text, "`Inbound` or `Outbound`");
                Direction::Unreadable
            }
        }
    }

    fn access(&mut self, text: &Text<'_>) -> Access {
        match text.get() {
            Some(word) if word.eq_ignore_ascii_case("allow") => Access::Allow,
            Some(word) if word.eq_ignore_ascii_case("deny") => Access::Deny,
            Some(_) | None => {
                self.unreadable("unknown-access", "access", text, "`Allow` or `Deny`");
                Access::Unreadable
            }
        }
    }

    /// A1: 100 to 4096; the default rules have 65000 and more.
    fn priority(&mut self, text: &Text<'_>) -> Option<u32> {
        let digits = text.get().filter(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
        let priority = digits.and_then(|digits| digits.parse::<u32>().ok());
        let expected = "a whole number from 100 to 4096";
        match (priority, self.origin) {
            (None, Origin::Stated | Origin::BuiltIn | Origin::Effective) => {
                self.unreadable("unreadable-priority", "priority", text, expected);
            }
            (Some(100..=4096), Origin::Stated) | (Some(_), Origin::BuiltIn | Origin::Effective) => {}
            (Some(_), Origin::Stated) => {
                self.unreadable("priority-out-of-range", "priority", text, expected);
            }
        }
        priority
    }

    fn strange_keys(&mut self, stated: &Rule<'_>) {
        for key in &stated.strange_keys {
            let what = format_args!(
                "the key {} is not known or given twice: the rule is taken as possible, not as certain",
                Quoted(key)
            );
            self.note("unknown-rule-key", Effect::Undecided, what);
        }
    }

    /// A11, A12, A13: the universe, and what a restriction of ports does to protocols without ports.
    fn protocols(
        &mut self,
        text: &Text<'_>,
        source_ports: &Bounds<Arc<PortSet>>,
        ports: &Bounds<Arc<PortSet>>,
    ) -> Bounds<Protocols> {
        let Some(named) = text.get().and_then(Protocols::named) else {
            self.unreadable("unknown-protocol", "protocol", text, "`Tcp`, `Udp`, `Icmp`, `Esp`, `Ah` or `*`");
            return Bounds::between(Protocols::NONE, Protocols::ALL);
        };
        let unrestricted =
            |source: &PortSet, destination: &PortSet| source.is_everything() && destination.is_everything();
        let certainly_free = unrestricted(&source_ports.must, &ports.must);
        let possibly_free = unrestricted(&source_ports.may, &ports.may);
        if named == Protocols::ALL {
            let part = |free: bool| if free { Protocols::ALL } else { Protocols::PORTED };
            return Bounds::between(part(certainly_free), part(possibly_free));
        }
        if named.is_subset(Protocols::PORTED) || certainly_free {
            return Bounds::exactly(named);
        }
        if !possibly_free {
            let what = format_args!(
                "protocol {} has no ports, expected `*` as ports: the rule is taken as possible, not as certain",
                Quoted(text.get().unwrap_or_default())
            );
            self.note("portless-protocol-with-ports", Effect::Undecided, what);
        }
        Bounds::between(Protocols::NONE, named)
    }
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
