//! What the checks of Checkov and Regula ask, put as questions that exposures answer; and why the others are not asked.
//!
//! One line for each check. Knows no file.

use packet::Protocol;

use crate::Expected;
use crate::scan::Question;

/// Clouds that wideopen does not read, as paths and checks have them.
const OTHER_CLOUDS: [&str; 11] = [
    "/alicloud/",
    "/digitalocean/",
    "/ncp/",
    "/oci/",
    "/openstack/",
    "/tencentcloud/",
    "/yandexcloud/",
    "/IBM_",
    "/OCI_",
    "/OSSBucketPublic",
    "/RouteTablePublicSubnetConnection",
];

/// Inputs that hold both what a check of Regula finds and what it lets pass.
const UNSTATED: [&str; 3] =
    ["ingress_anywhere_infra.json", "firewall_no_inbound_all_infra.json", "network_access_deny.tf"];

/// What a row asks, or why it is not compared.
pub(crate) fn asked(expected: &Expected) -> Result<Question, &'static str> {
    if OTHER_CLOUDS.iter().any(|cloud| expected.file.contains(cloud)) {
        return Err("other-cloud");
    }
    let check = expected.check.trim_start_matches("graph:");
    if expected.resource.starts_with("module.") {
        return Err("no-recording");
    }
    if UNSTATED.iter().any(|file| expected.file.ends_with(file)) {
        return Err("unstated");
    }
    // `ingress_22` of Regula; Checkov's rows have a column.
    let port = if check.starts_with("CKV") { &*expected.port } else { check.rsplit('_').next().unwrap() };
    match port.parse() {
        Ok(port) => Ok(Question::Ports(vec![port])),
        Err(_) => services(check).or_else(|| networks(check, expected)).unwrap_or_else(|| Err(beyond(check))),
    }
}

/// Who gets into a service?
fn services(check: &str) -> Option<Result<Question, &'static str>> {
    let question = match check {
        // Are there no authorized networks, or is one everybody?
        "CKV_AWS_38"
        | "CKV_AZURE_6"
        | "CKV_AZURE_11"
        | "CKV_AZURE_35"
        | "CKV_AZURE_109"
        | "no_inbound_all"
        | "network_access_deny" => Question::Everyone,
        // Is the public network shut?
        "CKV_AWS_39"
        | "CKV_AWS_137"
        | "CKV_AZURE_48"
        | "CKV_AZURE_53"
        | "CKV_AZURE_59"
        | "CKV_AZURE_68"
        | "CKV_AZURE_89"
        | "CKV_AZURE_101"
        | "CKV_AZURE_113"
        | "CKV_AZURE_134"
        | "CKV_AZURE_139"
        | "CKV_AZURE_189"
        | "CKV_AZURE_204"
        | "CKV_AZURE_221"
        | "CKV_AZURE_222"
        | "CKV_GCP_11"
        | "CKV_GCP_60"
        | "CKV2_AZURE_19"
        | "AzureSynapseWorkspacesHaveNoIPFirewallRulesAttached" => Question::Anyone,
        _ => return None,
    };
    Some(Ok(question))
}

/// What lets a rule in, and which machine has a public address?
fn networks(check: &str, expected: &Expected) -> Option<Result<Question, &'static str>> {
    let is_template = ["aws_launch_template.", "google_compute_instance_template."]
        .iter()
        .any(|kind| expected.resource.starts_with(kind));
    let question = match check {
        "CKV_AWS_277" | "CKV_AWS_352" | "GCPComputeFirewallOverlyPermissiveToAllTraffic" => {
            Question::EveryPort(Protocol::TCP)
        }
        "CKV_AZURE_77" => Question::SomePort(Protocol::UDP),
        "CKV_AWS_88" | "CKV_GCP_40" if is_template => return Some(Err("unread-kind")),
        "CKV_AWS_17"
        | "CKV_AWS_87"
        | "CKV_AWS_88"
        | "CKV_GCP_40"
        | "AzureNetworkInterfacePublicIPAddressId" => Question::PublicAddress,
        _ => return None,
    };
    Some(Ok(question))
}

/// Why a check is not compared.
fn beyond(check: &str) -> &'static str {
    match check {
        "CKV_AWS_382" => "egress",
        "VPCPeeringRouteTableOverlyPermissive" => "between-groups",
        "CKV_AWS_390"
        | "CKV_GCP_74"
        | "CKV_GCP_76"
        | "GCPNetworkDoesNotUseDefaultFirewall"
        | "GCPProjectHasNoLegacyNetworks"
        | "VPCHasRestrictedSG"
        | "default_security_group" => "no-way-asked",
        "CKV_AWS_196"
        | "CKV_AWS_198"
        | "AzureMSSQLserverConfigPrivEndpt"
        | "AzureSpringCloudConfigWithVnet"
        | "AzureSubnetConfigWithNSG"
        | "AzureVMconfigPublicIP_SerialConsoleAccess"
        | "EIPAllocatedToVPCAttachedEC2"
        | "SGAttachedToResource"
        | "SubnetHasACL" => "attachment",
        _ if UNREAD.contains(&check) => "unread-kind",
        _ => "another-subject",
    }
}

/// About kinds of resources that are not assessed.
const UNREAD: [&str; 29] = [
    "AMRClustersNotOpenToInternet",
    "AzureMLWorkspaceHBIPublicNetwork",
    "AzureMLWorkspacePublicNetwork",
    "CKV_AWS_69",
    "CKV_AWS_89",
    "CKV_AWS_117",
    "CKV_AWS_164",
    "CKV_AWS_301",
    "CKV_AWS_306",
    "CKV_AWS_333",
    "CKV_AWS_389",
    "CKV_AZURE_64",
    "CKV_AZURE_104",
    "CKV_AZURE_124",
    "CKV_AZURE_143",
    "CKV_AZURE_144",
    "CKV_AZURE_158",
    "CKV_AZURE_162",
    "CKV_AZURE_174",
    "CKV_AZURE_185",
    "CKV_AZURE_245",
    "CKV_AZURE_251",
    "CKV_GCP_103",
    "CKV_GCP_114",
    "CKV_GCP_124",
    "GCPVertexWorkbenchInstanceNoPublicIp",
    "S3BucketHasPublicAccessBlock",
    "block_public_access",
    "function_not_public",
];

/// The kind of the targets that a check is about, where its examples have others beside.
pub(crate) fn kind(check: &str) -> Option<&'static str> {
    (check == "CKV_AZURE_35").then_some("storage-account")
}
