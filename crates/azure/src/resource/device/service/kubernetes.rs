//! AKS clusters (semantics P9): who reaches their API server.

use cloud::json::Node;
use cloud::{Said, Stated};
use model::{Effect, Name};

use crate::intake::Intake;
use crate::resource::device::Device;
use crate::resource::stated::OfAzure as _;

use super::kinds::Zero;
use super::ranges::prefix_entry;
use super::{Firewall, Kept, Otherwise, PublicAccess, Service, ServiceKind, flag_or, is_full, says_any};

pub(crate) static KUBERNETES: ServiceKind = ServiceKind::new(
    ["kubernetes-cluster", "kubernetes-api-server-ranges", "Kubernetes clusters", "az aks list"],
    &[443],
);

pub(crate) fn read<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed Kubernetes cluster", intake);
    let is_full = is_full(&stated, MARKS);
    let (list, access) = match stated.object(PROFILE, intake) {
        Said::This(profile) => {
            (read_ranges(&profile, RANGES, is_full, intake), read_access(&profile, is_full, intake))
        }
        // Versions of the interface before profiles have the ranges beside, and no private clusters.
        Said::Nothing if says_any(&stated, &[RANGES_ALONE]) => {
            (read_ranges(&stated, RANGES_ALONE, is_full, intake), PublicAccess::Enabled)
        }
        // A cluster without a profile has no limits.
        Said::Nothing if is_full => (Firewall::open(), PublicAccess::Enabled),
        Said::Nothing | Said::Unreadable => (Firewall::all(Otherwise::Either), PublicAccess::Untold),
    };
    let access = access.and(undescribed(&stated, access, intake));
    let own = own_addresses(&stated, intake);
    let power = stated.object("powerState", intake).this();
    let power = power.and_then(|power| power.text("code", intake).this());
    let power = power.map(|code| intake.name(&code.to_ascii_lowercase()));
    let service = Service::new(identity, &KUBERNETES, access, Kept::HereAnd(list, own));
    let is_told = is_full || says_any(&stated, &[PROFILE]);
    let is_whole = is_full || (is_told && says_both(&stated, intake));
    Service { is_told, is_whole, power, ..service }.into()
}

/// Whether a projected profile has both of what decides.
fn says_both<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> bool {
    let profile = stated.object(PROFILE, intake).this();
    profile.is_some_and(|profile| [PRIVATE, RANGES].iter().all(|key| says_any(&profile, &[key])))
}

fn read_ranges<'a>(
    profile: &Stated<'_, 'a>,
    key: &'static str,
    is_full: bool,
    intake: &mut Intake<'_, 'a>,
) -> Firewall {
    let texts = match profile.texts(key, intake) {
        Said::Nothing if !is_full => return Firewall::all(Otherwise::Either),
        Said::Nothing => return Firewall::open(),
        Said::Unreadable => return Firewall::all(Otherwise::Either),
        Said::This(texts) if texts.is_empty() => return Firewall::open(),
        Said::This(texts) => texts,
    };
    // P9: `0.0.0.0/32` is nobody but the cluster itself, and no packet comes from it.
    let entries = texts.into_iter().map(|text| prefix_entry(profile, text, Zero::Address, intake)).collect();
    Firewall { entries, otherwise: Otherwise::Deny }
}

fn read_access<'a>(profile: &Stated<'_, 'a>, is_full: bool, intake: &mut Intake<'_, 'a>) -> PublicAccess {
    match flag_or(profile, &[PRIVATE], is_full.then_some(false), intake) {
        Some(true) => PublicAccess::Disabled,
        Some(false) => PublicAccess::Enabled,
        None => PublicAccess::Untold,
    }
}

/// `publicNetworkAccess` of a cluster that is not private: what it does there is not described, so it closes nothing.
fn undescribed<'a>(
    stated: &Stated<'_, 'a>,
    access: PublicAccess,
    intake: &mut Intake<'_, 'a>,
) -> PublicAccess {
    let said = PublicAccess::read(stated, true, intake);
    match (access, said) {
        (PublicAccess::Disabled, _) | (_, PublicAccess::Enabled) => PublicAccess::Enabled,
        (_, PublicAccess::Disabled) => {
            let sentence = "`publicNetworkAccess` is `Disabled` and the cluster is not private: what that does to its API server is not known";
            stated.tell("unknown-value", Effect::Undecided, sentence, intake);
            PublicAccess::Untold
        }
        (_, PublicAccess::ByPerimeter | PublicAccess::Untold) => said,
    }
}

/// P9: the cluster's own outbound addresses are let in without being listed.
fn own_addresses<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Vec<Name> {
    let Said::This(network) = stated.object("networkProfile", intake) else { return Vec::new() };
    let mut keys = Vec::new();
    for profile in ["loadBalancerProfile", "natGatewayProfile"] {
        if let Said::This(profile) = network.object(profile, intake) {
            keys.extend(profile.listed_references("effectiveOutboundIPs", intake));
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

const PROFILE: &str = "apiServerAccessProfile";
const PRIVATE: &str = "enablePrivateCluster";
const RANGES: &str = "authorizedIPRanges";
/// Where versions 2019-02-01 to 2019-08-01 have them.
const RANGES_ALONE: &str = "apiServerAuthorizedIPRanges";

/// Keys that a full export has, and a list of names has not.
const MARKS: &[&str] = &["fqdn", "kubernetesVersion", "dnsPrefix", "agentPoolProfiles"];
