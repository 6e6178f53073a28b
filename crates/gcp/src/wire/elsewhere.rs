//! What documents hold beside the kinds that are assessed: what may open something of its own to the Internet, what only
//! bears on the question, and what does not.
//!
//! A kind that is assessed one day is taken out here.

use cloud::{Bearing, Fate};

/// A kind that is none of ours.
pub(super) struct Elsewhere {
    /// What results call it.
    pub(super) name: &'static str,
    /// Its types in the asset inventory.
    pub(super) assets: &'static [&'static str],
    /// What it says under `kind`.
    pub(super) kinds: &'static [&'static str],
    /// The word before its name in paths, which is the key of its lists too. Empty: nobody lists it.
    pub(super) collection: &'static str,
    /// Keys that tell it where nothing else does; with a collection, those it has beside its path.
    pub(super) signs: &'static [&'static str],
    pub(super) fate: Fate,
}

const OPENS: Fate = Fate::Always(Bearing::Opens);
const COUNTS: Fate = Fate::Always(Bearing::Counts);
const NOTHING: Fate = Fate::Always(Bearing::Nothing);

const fn of(
    name: &'static str,
    assets: &'static [&'static str],
    kinds: &'static [&'static str],
    collection: &'static str,
    signs: &'static [&'static str],
    fate: Fate,
) -> Elsewhere {
    Elsewhere { name, assets, kinds, collection, signs, fate }
}

const PRIVATE: &[&str] = &["true"];

/// Kinds, with their bearing.
pub(super) const ELSEWHERE: &[Elsewhere] = &[
    // What may open something on its own.
    of(
        "cloud-run-service",
        &["run.googleapis.com/Service"],
        &[],
        "services",
        &["ingress", "template"],
        Fate::Unless(&["ingress"], &["INGRESS_TRAFFIC_INTERNAL_ONLY"]),
    ),
    // As the command line and the asset inventory have it, in the words of Knative.
    of(
        "cloud-run-service",
        &[],
        &["serving.knative.dev/v1"],
        "",
        &[],
        Fate::Unless(&["metadata", "annotations", "run.googleapis.com/ingress"], &["internal"]),
    ),
    of(
        "cloud-function",
        &["cloudfunctions.googleapis.com/Function"],
        &[],
        "functions",
        &["serviceConfig"],
        Fate::Unless(&["serviceConfig", "ingressSettings"], &["ALLOW_INTERNAL_ONLY"]),
    ),
    of(
        "cloud-function",
        &["cloudfunctions.googleapis.com/CloudFunction"],
        &[],
        "functions",
        &[],
        Fate::Unless(&["ingressSettings"], &["ALLOW_INTERNAL_ONLY"]),
    ),
    of("api-gateway", &["apigateway.googleapis.com/Gateway"], &[], "gateways", &["apiConfig"], OPENS),
    of("apigee-instance", &["apigee.googleapis.com/Instance"], &[], "", &[], OPENS),
    of("secure-web-gateway", &["networkservices.googleapis.com/Gateway"], &[], "gateways", &["ports"], OPENS),
    of(
        "alloydb-instance",
        &["alloydb.googleapis.com/Instance"],
        &[],
        "instances",
        &["instanceType", "availabilityType"],
        Fate::If(&["networkConfig", "enablePublicIp"], &["true"]),
    ),
    of("notebook-instance", &["notebooks.googleapis.com/Instance"], &[], "instances", &["proxyUri"], OPENS),
    of(
        "composer-environment",
        &["composer.googleapis.com/Environment"],
        &[],
        "environments",
        &["config"],
        OPENS,
    ),
    of(
        "data-fusion-instance",
        &["datafusion.googleapis.com/Instance"],
        &[],
        "instances",
        &["apiEndpoint"],
        Fate::Unless(&["privateInstance"], PRIVATE),
    ),
    of(
        "looker-instance",
        &["looker.googleapis.com/Instance"],
        &[],
        "instances",
        &["platformEdition"],
        Fate::If(&["publicIpEnabled"], &["true"]),
    ),
    of("tpu-node", &["tpu.googleapis.com/Node"], &[], "nodes", &["acceleratorType"], OPENS),
    of(
        "vmware-external-address",
        &["vmwareengine.googleapis.com/ExternalAddress"],
        &[],
        "externalAddresses",
        &[],
        OPENS,
    ),
    // What may stand in a path, or is reached through Google's APIs and private networks only.
    of(
        "instance-template",
        &["compute.googleapis.com/InstanceTemplate"],
        &["compute#instanceTemplate"],
        "",
        &[],
        COUNTS,
    ),
    of("vpn-gateway", &["compute.googleapis.com/VpnGateway"], &["compute#vpnGateway"], "", &[], COUNTS),
    of(
        "packet-mirroring",
        &["compute.googleapis.com/PacketMirroring"],
        &["compute#packetMirroring"],
        "",
        &[],
        COUNTS,
    ),
    of(
        "interconnect-attachment",
        &["compute.googleapis.com/InterconnectAttachment"],
        &["compute#interconnectAttachment"],
        "",
        &[],
        COUNTS,
    ),
    of(
        "dataproc-cluster",
        &["dataproc.googleapis.com/Cluster"],
        &[],
        "clusters",
        &["clusterName", "clusterUuid"],
        COUNTS,
    ),
    of("storage-bucket", &["storage.googleapis.com/Bucket"], &["storage#bucket"], "", &[], COUNTS),
    // What was asked of an API and when.
    of("", &[], &["compute#operation", "sql#operation"], "", &[], NOTHING),
    of("", &[], &[], "", &["operationType", "targetLink"], NOTHING),
    // Who may do what.
    of("", &[], &[], "", &["bindings", "etag"], NOTHING),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::KINDS;

    #[test]
    fn what_is_assessed_is_not_elsewhere() {
        for other in ELSEWHERE {
            let is_it = |kind: &crate::resource::Kind| {
                other.assets.iter().any(|asset| kind.assets.contains(asset))
                    || other.kinds.iter().any(|word| kind.kinds.contains(word))
            };
            assert!(!KINDS.iter().any(is_it), "{}", other.name);
        }
    }
}
