//! What services write down of themselves: access logs of load balancers, flow logs of accelerators, logs of the control plane
//! of a cluster, audit logs of a warehouse. Beside these, what a load balancer does when its web firewall does not answer.
//!
//! Where such a log goes, and whether somebody reads it, is in no event.

use cloud::Quoted;
use cloud::audit::{Watcher, guards, keeps};
use model::Weakened;

use super::super::Does;
use super::{back, off};
use crate::trail::body::Body;
use crate::trail::call::{Call, Meaning, Told};

/// What is done to logs of Redshift.
pub(in super::super) const WAREHOUSE: &[(&str, Does)] = &[
    ("DisableLogging", off(keeps("Redshift audit log"), &["clusterIdentifier"])),
    ("EnableLogging", back(keeps("Redshift audit log"), &["clusterIdentifier"])),
];

/// Attributes of a load balancer: those that say what it writes down and what it lets by. Both generations share the name.
pub(in super::super) fn balancer(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let Some(id) = request.first_text(&["loadBalancerArn", "loadBalancerName"]) else {
        return told.no_id("loadBalancerArn");
    };
    let attributes = request.parts("attributes");
    let of = |key: &str| attributes.iter().find(|one| one.text("key") == Some(key))?.flag("value");
    let classic = request.at(&["loadBalancerAttributes", "accessLog"]).flag("enabled");
    let access = of("access_logs.s3.enabled").or(classic);
    let lets_in = of("ipv6.deny_all_igw_traffic") == Some(false);
    let weakened = match (access, of("connection_logs.s3.enabled"), of("waf.fail_open.enabled")) {
        (Some(false), ..) => Some((Weakened::Off, LOG, "")),
        (_, Some(false), _) => Some((Weakened::Less, LOG, "it does not log connections any more")),
        (_, _, Some(true)) => {
            Some((Weakened::Less, FIREWALL, "requests get by while the web firewall does not answer"))
        }
        (Some(true), ..) | (_, Some(true), _) => Some((Weakened::Restored, LOG, "")),
        (_, _, Some(false)) => Some((Weakened::Restored, FIREWALL, "")),
        (None, None, None) => None,
    };
    match (weakened, lets_in) {
        (Some((weakened @ (Weakened::Off | Weakened::Less), kind, note)), true) => {
            let more =
                "it lets in what comes over IPv6 through an Internet gateway, whose effect is not judged";
            let note = if note.is_empty() { more.to_owned() } else { format!("{note}; {more}") };
            Meaning::impairs(id, weakened, kind, note)
        }
        (_, true) => Meaning::not_modelled(id, "way into a load balancer over IPv6"),
        (Some((weakened, kind, note)), false) => Meaning::impairs(id, weakened, kind, note.to_owned()),
        (None, false) => Meaning::nothing(id),
    }
}

/// Attributes of an accelerator: its flow logs.
pub(in super::super) fn accelerator(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let Some(id) = request.text("acceleratorArn") else { return told.no_id("acceleratorArn") };
    let Some(is_on) = request.flag("flowLogsEnabled") else { return Meaning::nothing(id) };
    let weakened = if is_on { Weakened::Restored } else { Weakened::Off };
    Meaning::impairs(id, weakened, keeps("accelerator flow log"), String::new())
}

/// Which logs of its control plane a cluster writes. The console names those that stay off beside those that go on: only
/// where nothing goes on it is certain that something was on before.
pub(in super::super) fn cluster(id: &str, logging: Body<'_>) -> Meaning {
    let setups = logging.parts("clusterLogging");
    let of = |wanted: bool| -> Vec<String> {
        let own = setups.iter().filter(|setup| setup.flag("enabled") == Some(wanted));
        own.flat_map(|setup| setup.texts("types")).map(|word| Quoted(word).to_string()).collect()
    };
    let (on, off) = (of(true), of(false));
    let kind = keeps("log of a cluster's control plane");
    if on.is_empty() && off.is_empty() {
        return Meaning::nothing(id);
    }
    if off.is_empty() {
        return Meaning::impairs(id, Weakened::Restored, kind, String::new());
    }
    let weakened = if on.is_empty() { Weakened::Less } else { Weakened::Perhaps };
    Meaning::impairs(id, weakened, kind, format!("it is without {} now", off.join(", ")))
}

const LOG: Watcher = keeps("load balancer log");
const FIREWALL: Watcher = guards("web firewall of a load balancer");
