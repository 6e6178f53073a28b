//! Kubernetes clusters of EKS (P21): who gets to the public endpoint of the API server.
//!
//! Knows nothing of who may log in there.

use cloud::{Said, Stated};
use model::{Action, Effect, Name};
use packet::{Bounds, Family, PortSet};

use crate::intake::Intake;
use crate::resource::{Identity, Origin};

use super::line::{Face, Line, anybody, power, prefixes, tcp};

/// A cluster of EKS.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EksCluster {
    pub(crate) identity: Identity,
    pub(crate) lines: Vec<Line>,
    pub(crate) faces: Vec<Face>,
    pub(crate) power: Option<Name>,
}

impl EksCluster {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let name = super::name_of(stated, "name", intake)?;
        let arn = stated.text("arn", intake).this();
        let identity = super::identity(stated, (arn, "eks:cluster/", name), origin, intake);
        let power = power(stated, "status", intake);
        let Said::This(access) = stated.object(ACCESS, intake) else {
            let sentence = format!("`{ACCESS}` is not read: whether its endpoint is public is not known");
            stated.tell("missing-field", Effect::Undecided, &sentence, intake);
            let https = tcp(Bounds::exactly(PortSet::only(HTTPS)), intake);
            let lines = vec![Line::everybody(CIDRS, Action::Allow, https, stated, intake).possibly()];
            return Some(Self { identity, lines, faces: faces(stated, &Said::Nothing, intake), power });
        };
        let cidrs = access.texts(CIDRS, intake);
        let faces = faces(stated, &cidrs, intake);
        // P21: on unless it is said to be off; then its list does nothing.
        let lines = match access.flag("endpointPublicAccess", intake) {
            Said::Nothing | Said::This(true) => listed(&access, cidrs, intake),
            Said::This(false) => vec![off(&access, intake)],
            Said::Unreadable => {
                let lines = listed(&access, cidrs, intake);
                lines.into_iter().chain([off(&access, intake).possibly()]).collect()
            }
        };
        Some(Self { identity, lines, faces, power })
    }
}

fn off<'a>(access: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Line {
    let https = tcp(Bounds::exactly(PortSet::only(HTTPS)), intake);
    Line::everybody("endpointPublicAccess", Action::Deny, https, access, intake)
}

/// P21: those in the list, and everybody where it is empty or not there.
fn listed<'n, 'a>(
    access: &Stated<'n, 'a>,
    cidrs: Said<Vec<&'n str>>,
    intake: &mut Intake<'_, 'a>,
) -> Vec<Line> {
    let https = tcp(Bounds::exactly(PortSet::only(HTTPS)), intake);
    let everybody = Line::everybody(CIDRS, Action::Allow, https.clone(), access, intake);
    let texts = match cidrs {
        Said::This(texts) if !texts.is_empty() => texts,
        Said::This(_) | Said::Nothing => return vec![everybody],
        Said::Unreadable => return vec![Line { sources: anybody(intake), ..everybody }],
    };
    let entries = prefixes(&texts, access, intake).into_iter();
    let lines = entries.map(|(text, sources)| {
        let written = intake.name(text);
        Line { name: written.clone(), written, sources, built_in: false, ..everybody.clone() }
    });
    lines.collect()
}

/// The public endpoint is of both families for clusters of IPv6 that were made after October 2024, whose endpoints have
/// names below `api.aws`; of IPv4 for all others.
fn faces<'a>(stated: &Stated<'_, 'a>, cidrs: &Said<Vec<&str>>, intake: &mut Intake<'_, 'a>) -> Vec<Face> {
    let names_ipv6 = matches!(cidrs, Said::This(cidrs) if cidrs.iter().any(|cidr| is_of_v6(cidr)));
    let network = stated.object("kubernetesNetworkConfig", intake).this();
    let family = network.map_or(Said::Nothing, |network| network.text("ipFamily", intake));
    let host = stated.text("endpoint", intake).this().map(str::to_ascii_lowercase);
    let host = host.as_deref().map(|host| host.trim_start_matches("https://").trim_end_matches('/'));
    let is_dual = host.map(|host| DUAL_DOMAINS.iter().any(|domain| host.ends_with(domain)));
    let is_ipv4 = matches!(family, Said::This(word) if word.eq_ignore_ascii_case("ipv4"));
    match is_dual {
        _ if names_ipv6 => vec![Face::V4, Face::V6],
        Some(true) => vec![Face::V4, Face::V6],
        Some(false) => vec![Face::V4],
        None if is_ipv4 => vec![Face::V4],
        None => vec![Face::V4, Face::MAYBE_V6],
    }
}

fn is_of_v6(cidr: &str) -> bool {
    cloud::grammar::prefix(cidr).is_ok_and(|prefix| prefix.family() == Family::V6)
}

const HTTPS: u16 = 443;
const ACCESS: &str = "resourcesVpcConfig";
const CIDRS: &str = "publicAccessCidrs";
/// Where endpoints of both families are named; in China `api.amazonwebservices.com.cn`.
const DUAL_DOMAINS: [&str; 2] = [".api.aws", ".api.amazonwebservices.com.cn"];
