//! Target groups: to what kind of target, and at which port.
//!
//! Which targets are registered is told by their health (`target_health`).

use cloud::{Quoted, Said, Stated};
use model::{Effect, Name};
use packet::Family;

use crate::intake::Intake;

use super::super::{Identity, Origin};
use super::target_health::{Registered, targets};
use super::{called, name, port};

/// A target group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TargetGroup {
    /// Its id is its ARN.
    pub(crate) identity: Identity,
    pub(crate) kind: TargetKind,
    pub(crate) port: Said<u16>,
    pub(crate) vpc: Option<Name>,
    /// The ARNs of the load balancers that use it.
    pub(crate) balancers: Vec<Name>,
    /// The family of its targets.
    pub(crate) family: Family,
    /// Whether its protocol keeps the client's address whatever its attributes say (W18).
    pub(crate) always_preserves: bool,
    /// Whether its protocol is known.
    pub(crate) has_protocol: bool,
    /// Its targets, where its own document tells them.
    pub(crate) targets: Option<Vec<Registered>>,
    /// Whether the client's address is kept, where its own document tells it.
    pub(crate) preserves: Said<bool>,
}

/// What is registered in a target group. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TargetKind {
    Instance,
    Address,
    Function,
    /// An application load balancer behind a network load balancer.
    Balancer,
    /// Not said or not known.
    Other,
}

impl TargetGroup {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let id = stated.text("TargetGroupArn", intake).this()?;
        let called_by = name(stated, "TargetGroupName", intake).this();
        let called_by = called_by.or_else(|| name(stated, "Name", intake).this());
        let called_by = called_by.or_else(|| super::name_in_arn(id).map(|name| intake.name(name)));
        let identity = called(Identity::read(stated, id, None, origin, intake), called_by);
        let protocol = stated.text("Protocol", intake).this().map(str::to_ascii_uppercase);
        let always = ["UDP", "TCP_UDP", "QUIC", "TCP_QUIC"];
        let family = stated.text("IpAddressType", intake).this();
        let balancers = stated.listed_texts("LoadBalancerArns", intake);
        let listed = stated.has("Targets").then(|| targets(stated, "Targets", intake));
        Some(Self {
            identity,
            kind: kind(stated, intake),
            port: port(stated, "Port", intake),
            vpc: name(stated, "VpcId", intake).this(),
            balancers: balancers.into_iter().map(|arn| intake.name(arn)).collect(),
            family: if family.is_some_and(|word| word.eq_ignore_ascii_case("ipv6")) {
                Family::V6
            } else {
                Family::V4
            },
            always_preserves: protocol.as_deref().is_some_and(|word| always.contains(&word)),
            has_protocol: protocol.is_some(),
            targets: listed.flatten(),
            preserves: super::attributes::flag_of(
                stated,
                "TargetGroupAttributes",
                super::attributes::PRESERVES,
                intake,
            ),
        })
    }
}

fn kind<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> TargetKind {
    let Said::This(word) = stated.text("TargetType", intake) else { return TargetKind::Other };
    match word.to_ascii_lowercase().as_str() {
        "instance" => TargetKind::Instance,
        "ip" => TargetKind::Address,
        "lambda" => TargetKind::Function,
        "alb" => TargetKind::Balancer,
        _ => {
            let sentence = format!("`TargetType` is {}: whom its targets see is not known", Quoted(word));
            stated.tell("unknown-value", Effect::Undecided, &sentence, intake);
            TargetKind::Other
        }
    }
}
