//! Rule lists as plain numbers, IPv4 only: the one form that our engine, the diagrams, Z3 and the exports are made
//! from.

use std::sync::Arc;

use model::{
    Action, Carries, Destinations, Filter, Internet, Matches, Path, Reach, Rule, RuleList, Snapshot, Target,
    Thresholds, every_type,
};
use packet::{AddressSet, Bounds, PortRange, PortSet, Protocol, ProtocolSet};

/// Closed intervals of addresses.
pub type Addresses = Vec<(u32, u32)>;
/// Closed intervals of ports.
pub type Ports = Vec<(u16, u16)>;

/// One rule: the product of its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainRule {
    /// Allow or deny.
    pub allow: bool,
    /// `None` is every protocol.
    pub protocol: Option<u8>,
    /// From where.
    pub sources: Addresses,
    /// From which ports.
    pub source_ports: Ports,
    /// To where.
    pub destinations: Addresses,
    /// To which ports.
    pub ports: Ports,
}

/// Rules in order; the first that matches decides, and a deny stands behind them.
pub type PlainList = Vec<PlainRule>;

/// Every address.
pub const ALL_ADDRESSES: (u32, u32) = (0, u32::MAX);
/// Every port.
pub const ALL_PORTS: (u16, u16) = (0, u16::MAX);
/// The address of the interface that every question is about.
pub const TARGET: u32 = 0x0a00_0004;
/// The protocols a network security group speaks of (semantics A12).
pub const PROTOCOLS: [u8; 5] = [1, 6, 17, 50, 51];

/// The Internet as Azure sees it (semantics I9).
#[must_use]
pub fn internet() -> Internet {
    let infrastructure = AddressSet::from_v4_spans(vec![(0xa83f_8110, 0xa83f_8110)]);
    Internet::less(&infrastructure, Thresholds::STANDARD)
}

/// Turns plain lists into the engine's, sharing what is everything.
pub struct Lowering {
    every_address: Arc<AddressSet>,
    every_port: Arc<PortSet>,
    destinations: Arc<AddressSet>,
}

impl Default for Lowering {
    fn default() -> Self {
        Self {
            every_address: Arc::new(AddressSet::everything()),
            every_port: Arc::new(PortSet::everything()),
            destinations: Arc::new(AddressSet::from_v4_spans(vec![(TARGET, TARGET)])),
        }
    }
}

impl Lowering {
    /// The target with one address behind one list.
    #[must_use]
    pub fn target(&self, name: &str, list: &[PlainRule]) -> Arc<Target> {
        let rules = list.iter().enumerate().map(|(number, rule)| self.rule(number, rule)).collect();
        self.target_behind(name, rules)
    }

    /// The target behind rules that are lowered already.
    #[must_use]
    pub fn target_behind(&self, name: &str, rules: Vec<Rule>) -> Arc<Target> {
        let list = RuleList {
            id: name.into(),
            name: name.into(),
            kind: "network-security-group",
            scope: None,
            rules,
            behind: None,
            provenance: None,
        };
        let first_match = Filter::FirstMatch(Arc::new(list));
        let path = Path {
            reach: Reach::Exposed,
            front: None,
            destinations: Destinations::These(Arc::clone(&self.destinations)),
            carries: Carries::Everything,
            hops: Vec::new(),
            filter: Arc::new(Filter::Chain(vec![first_match, Filter::Always(Action::Deny)])),
        };
        Arc::new(Target {
            cloud: "azure",
            id: name.into(),
            key: name.into(),
            kind: "network-interface",
            name: name.into(),
            scope: None,
            power: None,
            attributes: Vec::new(),
            paths: vec![path],
            provenance: None,
        })
    }

    /// One rule, ranked by its number.
    #[must_use]
    pub fn rule(&self, number: usize, rule: &PlainRule) -> Rule {
        let protocols =
            rule.protocol.map_or(ProtocolSet::EVERYTHING, |number| ProtocolSet::only(Protocol(number)));
        Rule {
            name: format!("rule-{number}").into(),
            priority: Some(number as u32),
            rank: number as u32,
            action: if rule.allow { Action::Allow } else { Action::Deny },
            matches: Matches {
                protocols: Bounds::exactly(protocols),
                sources: Bounds::exactly(self.addresses(&rule.sources)),
                tags: Vec::new(),
                source_ports: Bounds::exactly(self.ports(&rule.source_ports)),
                destinations: Bounds::exactly(self.addresses(&rule.destinations)),
                ports: Bounds::exactly(self.ports(&rule.ports)),
                types: every_type(),
            },
            written: "".into(),
            built_in: false,
            provenance: None,
        }
    }

    /// `*` is every address of both families.
    fn addresses(&self, spans: &Addresses) -> Arc<AddressSet> {
        if spans.as_slice() == [ALL_ADDRESSES] {
            return Arc::clone(&self.every_address);
        }
        Arc::new(AddressSet::from_v4_spans(spans.clone()))
    }

    fn ports(&self, spans: &Ports) -> Arc<PortSet> {
        if spans.as_slice() == [ALL_PORTS] {
            return Arc::clone(&self.every_port);
        }
        Arc::new(spans.iter().filter_map(|&(first, last)| PortRange::new(first, last)).collect())
    }
}

/// Everything known of one account: these targets.
#[must_use]
pub fn snapshot(targets: Vec<Arc<Target>>) -> Snapshot {
    Snapshot {
        cloud: "azure",
        internet: Arc::new(internet()),
        inside: None,
        protocols: PROTOCOLS.into_iter().map(Protocol).collect(),
        rentable: Vec::new(),
        targets,
        lists: Vec::new(),
        gaps: Vec::new(),
        coverage: Default::default(),
        missing: Vec::new(),
    }
}
