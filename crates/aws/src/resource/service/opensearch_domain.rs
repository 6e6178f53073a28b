//! Domains of OpenSearch and Elasticsearch (P22): whether one is in a VPC, and what its access policy says.

use cloud::{Said, Stated};
use model::{Action, Effect};
use packet::{Bounds, PortSet};

use crate::intake::Intake;
use crate::resource::{Identity, Origin};

use super::access_policy::{self, About};
use super::line::{Face, Line, tcp};

/// A domain.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OpensearchDomain {
    pub(crate) identity: Identity,
    pub(crate) lines: Vec<Line>,
    pub(crate) faces: Vec<Face>,
    /// Whether its document says anything of who is let in.
    pub(crate) is_told: bool,
}

impl OpensearchDomain {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let name = super::name_of(stated, "DomainName", intake)?;
        let arn = ["ARN", "DomainArn"].iter().find_map(|key| stated.text(key, intake).this());
        let arn = arn.or(origin.arn.as_deref());
        let identity = super::identity(stated, (arn, "es:domain/", name), origin, intake);
        let is_told = MARKS.iter().any(|key| stated.has(key));
        if !is_told {
            let sentence = "its document says nothing of whom it lets in: export it with `aws opensearch describe-domains`";
            stated.tell("missing-field", Effect::Undecided, sentence, intake);
        }
        let ports = ports(stated, intake);
        let faces = faces(stated, intake);
        let within = tcp(ports.clone(), intake);
        let inside = Line::everybody("VPCOptions", Action::Deny, within, stated, intake);
        let about = About { arn, name, ports };
        let mut lines = match is_in_vpc(stated, intake) {
            Some(true) => vec![inside],
            Some(false) => access_policy::lines(stated, POLICY, &about, intake),
            None => {
                let policy = access_policy::lines(stated, POLICY, &about, intake);
                policy.into_iter().chain([inside.possibly()]).collect()
            }
        };
        if !is_told {
            lines = lines.into_iter().map(Line::possibly).collect();
        }
        Some(Self { identity, lines, faces, is_told })
    }
}

/// `None`: not known.
fn is_in_vpc<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<bool> {
    let by_endpoint = match stated.object("Endpoints", intake) {
        Said::This(endpoints) => endpoints.has("vpc"),
        Said::Nothing | Said::Unreadable => false,
    };
    match stated.object("VPCOptions", intake) {
        Said::Nothing => Some(by_endpoint),
        Said::Unreadable => None,
        Said::This(options) => {
            let has_vpc = matches!(options.text("VPCId", intake), Said::This(_));
            let has_subnets =
                matches!(options.texts("SubnetIds", intake), Said::This(subnets) if !subnets.is_empty());
            Some(has_vpc || has_subnets || by_endpoint)
        }
    }
}

/// HTTPS, and HTTP unless that is refused.
fn ports<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Bounds<PortSet> {
    let (https, both) = (PortSet::only(443), PortSet::only(443).union(&PortSet::only(80)));
    let enforced = match stated.object("DomainEndpointOptions", intake) {
        Said::This(options) => options.flag("EnforceHTTPS", intake),
        Said::Nothing => Said::Nothing,
        Said::Unreadable => Said::Unreadable,
    };
    match enforced {
        Said::This(true) => Bounds::exactly(https),
        Said::This(false) | Said::Nothing => Bounds::exactly(both),
        Said::Unreadable => Bounds::between(https, both),
    }
}

/// IPv4 unless it says otherwise: exports from before there was a choice say nothing.
fn faces<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Vec<Face> {
    match stated.text("IPAddressType", intake) {
        Said::This(word) if word.eq_ignore_ascii_case("dualstack") => vec![Face::V4, Face::V6],
        Said::This(word) if word.eq_ignore_ascii_case("ipv4") => vec![Face::V4],
        Said::Nothing if !stated.has("EndpointV2") => vec![Face::V4],
        Said::Nothing | Said::This(_) | Said::Unreadable => vec![Face::V4, Face::MAYBE_V6],
    }
}

const POLICY: &str = "AccessPolicies";
/// Keys one of which every full description has, and a list of names has not.
const MARKS: [&str; 5] =
    ["AccessPolicies", "VPCOptions", "ClusterConfig", "ElasticsearchClusterConfig", "DomainEndpointOptions"];
