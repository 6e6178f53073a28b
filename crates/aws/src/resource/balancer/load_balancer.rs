//! Application, network and gateway load balancers: where they stand and who may come (W19, W20).
//!
//! What they listen on is in `listener`.

use core::net::IpAddr;

use cloud::{Quoted, Said, Stated};
use model::{Effect, Name};

use crate::intake::Intake;

use super::super::group::{Attached, attached};
use super::super::place::address;
use super::super::{Identity, Origin};
use super::{called, name};

/// A load balancer of the second generation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LoadBalancer {
    /// Its id is its ARN.
    pub(crate) identity: Identity,
    pub(crate) kind: BalancerKind,
    /// Nothing: not known.
    pub(crate) scheme: Said<Scheme>,
    /// Its groups. A network load balancer may have none, and then everybody comes to its listeners (W19).
    pub(crate) groups: Attached,
    pub(crate) vpc: Option<Name>,
    /// Where its nodes are.
    pub(crate) nodes: Vec<BalancerNode>,
    /// The families in which clients come.
    pub(crate) families: AddressType,
    /// Active, provisioning and so on.
    pub(crate) state: Option<Name>,
    /// Whether all its listeners are stated by themselves: so it is where its making, or the end of one of them, was seen.
    pub(crate) has_all_listeners: bool,
}

/// The node of a load balancer in a subnet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BalancerNode {
    pub(crate) subnet: Option<Name>,
    /// The addresses outside that the document tells.
    pub(crate) public: Vec<IpAddr>,
    /// The addresses inside that the document tells.
    pub(crate) private: Vec<IpAddr>,
}

/// What a load balancer is. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BalancerKind {
    /// It stands in for its clients.
    Application,
    /// It passes packets on.
    Network,
    /// It hands packets to appliances that look at them: no way in.
    Gateway,
    /// A kind that is not known.
    Other,
}

/// From where a load balancer takes packets. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// It has public addresses.
    InternetFacing,
    Internal,
}

/// In which families clients from outside come. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AddressType {
    V4,
    Dual,
    /// Clients inside come in both, those outside in IPv6.
    DualWithoutPublicV4,
    /// Not said: IPv4 for certain, IPv6 possibly.
    Unknown,
}

impl Scheme {
    pub(super) fn read<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Said<Self> {
        match stated.text("Scheme", intake) {
            Said::Nothing => Said::Nothing,
            Said::Unreadable => Said::Unreadable,
            Said::This(word) if word.eq_ignore_ascii_case("internal") => Said::This(Self::Internal),
            Said::This(word) if word.eq_ignore_ascii_case("internet-facing") => {
                Said::This(Self::InternetFacing)
            }
            Said::This(word) => {
                let sentence =
                    format!("`Scheme` is {}, expected `internet-facing` or `internal`", Quoted(word));
                stated.tell("unknown-value", Effect::Undecided, &sentence, intake);
                Said::Unreadable
            }
        }
    }
}

impl AddressType {
    fn read<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Self {
        let Said::This(word) = stated.text("IpAddressType", intake) else { return Self::Unknown };
        match word.to_ascii_lowercase().as_str() {
            "ipv4" => Self::V4,
            "dualstack" => Self::Dual,
            "dualstack-without-public-ipv4" => Self::DualWithoutPublicV4,
            _ => {
                let sentence = format!("`IpAddressType` is {}, expected `ipv4` or `dualstack`", Quoted(word));
                stated.tell("unknown-value", Effect::Undecided, &sentence, intake);
                Self::Unknown
            }
        }
    }
}

impl LoadBalancer {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let id = stated.text("LoadBalancerArn", intake).this()?;
        let called_by = name(stated, "LoadBalancerName", intake).this();
        let called_by = called_by.or_else(|| name(stated, "Name", intake).this());
        let called_by = called_by.or_else(|| super::name_in_arn(id).map(|name| intake.name(name)));
        let identity = called(Identity::read(stated, id, None, origin, intake), called_by);
        let kind = kind(stated, id, intake);
        let groups = attached(stated, "SecurityGroups", intake);
        // A network load balancer without groups has no such key in answers.
        let groups = match (&groups, kind) {
            (Said::Nothing, BalancerKind::Network) => Said::This(Vec::new()),
            // An application load balancer has one at least: a list without any was not exported whole.
            (Said::This(ids), BalancerKind::Application) if ids.is_empty() => Said::Nothing,
            _ => groups,
        };
        let state = stated.object("State", intake).this();
        Some(Self {
            kind,
            scheme: Scheme::read(stated, intake),
            groups,
            vpc: name(stated, "VpcId", intake).this(),
            nodes: nodes(stated, intake),
            families: AddressType::read(stated, intake),
            state: state.and_then(|state| name(&state, "Code", intake).this()),
            has_all_listeners: stated.has(LISTENERS),
            identity,
        })
    }
}

/// Its type, which its ARN says as well: `…:loadbalancer/net/…`.
fn kind<'a>(stated: &Stated<'_, 'a>, arn: &str, intake: &mut Intake<'_, 'a>) -> BalancerKind {
    let word = stated.text("Type", intake).this().map(str::to_ascii_lowercase);
    match word.as_deref() {
        Some("application") => BalancerKind::Application,
        Some("network") => BalancerKind::Network,
        Some("gateway") => BalancerKind::Gateway,
        _ if arn.contains(":loadbalancer/app/") => BalancerKind::Application,
        _ if arn.contains(":loadbalancer/net/") => BalancerKind::Network,
        _ if arn.contains(":loadbalancer/gwy/") => BalancerKind::Gateway,
        _ => {
            let sentence = "is of a type that is not known: whom its targets see is not known";
            stated.tell("unknown-value", Effect::Undecided, sentence, intake);
            BalancerKind::Other
        }
    }
}

fn nodes<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Vec<BalancerNode> {
    let mut nodes = Vec::new();
    for zone in stated.listed("AvailabilityZones", intake) {
        let (mut public, mut private) = (Vec::new(), Vec::new());
        for one in zone.listed("LoadBalancerAddresses", intake) {
            public.extend(address(&one, "IpAddress", intake).this());
            private.extend(address(&one, "PrivateIPv4Address", intake).this());
            // The same address is seen outside and inside (W14).
            let v6 = address(&one, "IPv6Address", intake).this();
            public.extend(v6);
            private.extend(v6);
        }
        nodes.push(BalancerNode { subnet: name(&zone, "SubnetId", intake).this(), public, private });
    }
    // Templates list the subnets alone.
    for id in stated.listed_texts("Subnets", intake) {
        let id = intake.name(id);
        if !nodes.iter().any(|node: &BalancerNode| node.subnet.as_ref() == Some(&id)) {
            nodes.push(BalancerNode { subnet: Some(id), public: Vec::new(), private: Vec::new() });
        }
    }
    nodes.sort_by(|one, other| one.subnet.cmp(&other.subnet));
    nodes
}

/// No answer of AWS has it: a replay writes it, as a list without any.
pub(crate) const LISTENERS: &str = "#listeners";
