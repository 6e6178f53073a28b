//! Classic load balancers: they stand in for their clients, and each listener names the port of the instances (W20, W21).

use cloud::{Said, Stated};
use model::Name;
use packet::ProtocolSet;

use crate::intake::Intake;

use super::super::group::{Attached, attached};
use super::super::{Identity, Origin};
use super::{Scheme, called, name, port, protocols};

/// A classic load balancer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ClassicBalancer {
    /// Its id is its ARN, or its name where the region or the account is not known.
    pub(crate) identity: Identity,
    pub(crate) scheme: Said<Scheme>,
    /// Its groups; none outside of a VPC, where everybody comes to its listeners.
    pub(crate) groups: Attached,
    pub(crate) vpc: Option<Name>,
    pub(crate) subnets: Vec<Name>,
    /// `None`: the document does not tell them.
    pub(crate) listeners: Option<Vec<ClassicListener>>,
    /// The ids of the instances behind it; `None`: the document does not tell them.
    pub(crate) instances: Option<Vec<Name>>,
}

/// A listener of a classic load balancer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ClassicListener {
    /// Nothing and unreadable: TCP, the only one that it can carry.
    pub(crate) protocols: Said<ProtocolSet>,
    pub(crate) port: Said<u16>,
    pub(crate) instance_port: Said<u16>,
}

impl ClassicBalancer {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let called_by = stated.text("LoadBalancerName", intake).this()?;
        let host = stated.text("DNSName", intake).this();
        let region = origin.region.clone();
        let region = region.or_else(|| host.and_then(region_of_host).map(|region| intake.name(region)));
        let source = stated.object("SourceSecurityGroup", intake).this();
        let account = origin.account.clone();
        let alias = source.and_then(|source| name(&source, "OwnerAlias", intake).this());
        // Outside of a VPC the group is `amazon-elb`'s.
        let alias = alias.filter(|alias| alias.bytes().all(|byte| byte.is_ascii_digit()));
        let account = account.or(alias);
        // Names are unique in a region of an account only; its ARN says both.
        let id = match (&region, &account) {
            (Some(region), Some(account)) => {
                let partition = partition(region);
                format!("arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{called_by}")
            }
            _ => called_by.to_owned(),
        };
        let own = Origin { account, region, ..Origin::default() };
        let identity = Identity::read(stated, &id, None, &own, intake);
        let called_by = intake.name(called_by);
        let identity = called(identity, Some(called_by));
        let vpc = name(stated, "VPCId", intake).this();
        let groups = match attached(stated, "SecurityGroups", intake) {
            Said::Nothing if vpc.is_none() && stated.has("SourceSecurityGroup") => Said::This(Vec::new()),
            groups => groups,
        };
        let subnets = stated.listed_texts("Subnets", intake);
        Some(Self {
            scheme: Scheme::read(stated, intake),
            groups,
            vpc,
            subnets: subnets.into_iter().map(|id| intake.name(id)).collect(),
            listeners: stated.has("ListenerDescriptions").then(|| listeners(stated, intake)).flatten(),
            instances: instances(stated, intake),
            identity,
        })
    }
}

/// The region in the name of a host: `eu-west-1` of `lb-1.eu-west-1.elb.amazonaws.com`.
fn region_of_host(host: &str) -> Option<&str> {
    let (before, _) = host.split_once(".elb.amazonaws.")?;
    before.rsplit_once('.').map(|(_, region)| region)
}

/// The partition that a region is of.
fn partition(region: &str) -> &'static str {
    match region {
        _ if region.starts_with("cn-") => "aws-cn",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

/// `None`: there are some that cannot be read, which has been told.
fn listeners<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<Vec<ClassicListener>> {
    let mut listeners = Vec::new();
    let described = match stated.objects("ListenerDescriptions", intake) {
        Said::This(described) => described,
        Said::Nothing => Vec::new(),
        Said::Unreadable => return None,
    };
    for described in described {
        let listener = match described.object("Listener", intake) {
            Said::This(listener) => listener,
            Said::Nothing => continue,
            Said::Unreadable => return None,
        };
        listeners.push(ClassicListener {
            protocols: protocols(&listener, "Protocol", intake),
            port: port(&listener, "LoadBalancerPort", intake),
            instance_port: port(&listener, "InstancePort", intake),
        });
    }
    Some(listeners)
}

fn instances<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<Vec<Name>> {
    if !stated.has("Instances") {
        return None;
    }
    let listed = match stated.objects("Instances", intake) {
        Said::This(listed) => listed,
        Said::Nothing => Vec::new(),
        Said::Unreadable => return None,
    };
    let mut ids: Vec<Name> = Vec::with_capacity(listed.len());
    for one in &listed {
        match name(one, "InstanceId", intake) {
            Said::This(id) => ids.push(id),
            Said::Nothing => {}
            // No instance has such an id: requests that go there are told at the load balancer.
            Said::Unreadable => ids.push(intake.name(super::SOME_TARGET)),
        }
    }
    ids.sort_unstable();
    ids.dedup();
    Some(ids)
}
