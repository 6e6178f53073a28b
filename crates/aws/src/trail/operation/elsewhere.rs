//! What opens something of a kind that is not modelled: named in words, so that nobody takes silence for safety.
//!
//! Adding one: a line. What closes is not told.

use cloud::Quoted;
use cloud::audit::guards;
use model::Weakened;

use super::Does;
use super::Does::Read as By;
use crate::trail::body::Body;
use crate::trail::call::{Call, Meaning, Told};

/// An operation on something that is not modelled.
const fn of(kind: &'static str, id: &'static [&'static str]) -> Does {
    Does::NotModelled { kind, id }
}

/// Operations on kinds that are not modelled, by service.
pub(super) const OPERATIONS: &[super::Operations] = &[
    ("ec2", EC2),
    ("apigateway", API_GATEWAY),
    ("lambda", LAMBDA),
    ("cloudfront", CLOUDFRONT),
    (
        "kafka",
        &[
            ("CreateCluster", of(KAFKA, &["clusterName"])),
            ("CreateClusterV2", of(KAFKA, &["clusterName"])),
            ("UpdateConnectivity", of(KAFKA, &["clusterArn"])),
            ("UpdateSecurity", of(KAFKA, &["clusterArn"])),
            ("PutClusterPolicy", of(KAFKA, &["clusterArn"])),
        ],
    ),
    (
        "amazonmq",
        &[("CreateBroker", By(public)), ("UpdateBroker", of("message broker", &["brokerId", "broker-id"]))],
    ),
    (
        "mq",
        &[("CreateBroker", By(public)), ("UpdateBroker", of("message broker", &["brokerId", "broker-id"]))],
    ),
    ("dms", &[("CreateReplicationInstance", By(public))]),
    (
        "sagemaker",
        &[
            ("CreateNotebookInstance", By(notebook)),
            ("UpdateNotebookInstance", By(notebook)),
            ("CreateDomain", of("SageMaker domain", &["domainName"])),
        ],
    ),
    ("aoss", &[("CreateSecurityPolicy", By(policy)), ("UpdateSecurityPolicy", By(policy))]),
    (
        "network-firewall",
        &[
            ("UpdateFirewallPolicy", of(FIREWALL_RULES, &["firewallPolicyName", "firewallPolicyArn"])),
            ("AssociateFirewallPolicy", of(FIREWALL_RULES, &["firewallName", "firewallArn"])),
            ("UpdateRuleGroup", of(FIREWALL_RULES, &["ruleGroupName", "ruleGroupArn"])),
        ],
    ),
    (
        "apprunner",
        &[
            ("CreateService", of("App Runner service", &["serviceName"])),
            ("UpdateService", of("App Runner service", &["serviceArn"])),
        ],
    ),
    (
        "docdb-elastic",
        &[
            ("CreateCluster", of("elastic DocumentDB cluster", &["clusterName"])),
            ("UpdateCluster", of("elastic DocumentDB cluster", &["clusterArn"])),
        ],
    ),
    (
        "rds",
        &[
            ("AuthorizeDBSecurityGroupIngress", By(classic)),
            ("ModifyDBProxy", of("RDS proxy", &["dBProxyName"])),
            ("CreateDBProxyEndpoint", of("RDS proxy", &["dBProxyName"])),
        ],
    ),
    (
        "redshift",
        &[
            ("AuthorizeClusterSecurityGroupIngress", By(classic)),
            ("AuthorizeEndpointAccess", of("Redshift endpoint", &["clusterIdentifier"])),
        ],
    ),
    (
        "elasticache",
        &[("AuthorizeCacheSecurityGroupIngress", of("cache security group", &["cacheSecurityGroupName"]))],
    ),
    (
        "lightsail",
        &[
            ("CreateLoadBalancer", of("Lightsail load balancer", &["loadBalancerName"])),
            ("CreateContainerServiceDeployment", of("Lightsail container service", &["serviceName"])),
            ("AttachStaticIp", of("Lightsail static address", &["staticIpName"])),
            ("PeerVpc", of("Lightsail VPC peering", &[])),
        ],
    ),
    ("transfer", &[("CreateServer", By(server)), ("UpdateServer", By(server))]),
    ("ecs", &[("CreateService", By(tasks)), ("UpdateService", By(tasks)), ("RunTask", By(tasks))]),
    (
        "vpc-lattice",
        &[
            ("CreateServiceNetworkVpcAssociation", of("VPC Lattice network", &["serviceNetworkIdentifier"])),
            ("PutAuthPolicy", of("VPC Lattice policy", &["resourceIdentifier"])),
        ],
    ),
    (
        "globalaccelerator",
        &[
            ("AllowCustomRoutingTraffic", of("custom routing of an accelerator", &["endpointGroupArn"])),
            ("CreateCrossAccountAttachment", of("attachment of an accelerator", &["name"])),
        ],
    ),
];

const EC2: &[(&str, Does)] = &[
    ("CreateClientVpnEndpoint", of("client VPN endpoint", &["vpcId"])),
    ("AuthorizeClientVpnIngress", of("client VPN endpoint", &["clientVpnEndpointId"])),
    ("AssociateClientVpnTargetNetwork", of("client VPN endpoint", &["clientVpnEndpointId"])),
    ("CreateInstanceConnectEndpoint", of("instance connect endpoint", &["subnetId"])),
    ("ModifyInstanceConnectEndpoint", of("instance connect endpoint", &["instanceConnectEndpointId"])),
    ("EnableSerialConsoleAccess", of("serial console", &[])),
    ("ModifyVpcEndpointServicePermissions", of("endpoint service", &["serviceId"])),
    ("CreateTransitGatewayRoute", of("transit gateway route", &["transitGatewayRouteTableId"])),
    ("ReplaceTransitGatewayRoute", of("transit gateway route", &["transitGatewayRouteTableId"])),
    ("AcceptTransitGatewayVpcAttachment", of("transit gateway attachment", &["transitGatewayAttachmentId"])),
    (
        "AcceptTransitGatewayPeeringAttachment",
        of("transit gateway attachment", &["transitGatewayAttachmentId"]),
    ),
    ("CreateVpnConnection", of("VPN connection", &["vpnGatewayId", "transitGatewayId"])),
    ("CreateVpnConnectionRoute", of("VPN connection", &["vpnConnectionId"])),
    ("CreateLocalGatewayRoute", of("local gateway route", &["localGatewayRouteTableId"])),
    ("CreateVerifiedAccessEndpoint", of("Verified Access endpoint", &["endpointDomainPrefix"])),
    ("ModifyVerifiedAccessEndpointPolicy", of("Verified Access endpoint", &["verifiedAccessEndpointId"])),
    ("CreateCarrierGateway", of("carrier gateway", &["vpcId"])),
    ("ProvisionByoipCidr", of("own address range", &["cidr"])),
    ("AdvertiseByoipCidr", of("own address range", &["cidr"])),
];

const API_GATEWAY: &[(&str, Does)] = &[
    ("CreateRestApi", of(API, &["name"])),
    ("ImportRestApi", of(API, &[])),
    ("UpdateRestApi", of(API, &["restApiId"])),
    ("UpdateRestApiPolicy", of(API, &["restApiId"])),
    ("PutRestApi", of(API, &["restApiId"])),
    ("PutMethod", of(API, &["restApiId"])),
    ("UpdateMethod", of(API, &["restApiId"])),
    ("CreateDeployment", of(API, &["restApiId", "apiId"])),
    ("CreateStage", of(API, &["restApiId", "apiId"])),
    ("CreateApi", of(API, &["name"])),
    ("ImportApi", of(API, &[])),
    ("UpdateApi", of(API, &["apiId"])),
    ("CreateRoute", of(API, &["apiId"])),
    ("UpdateRoute", of(API, &["apiId"])),
    ("CreateVpcLink", of(API, &["name"])),
];

const LAMBDA: &[(&str, Does)] = &[
    ("CreateFunctionUrlConfig", By(function_url)),
    ("UpdateFunctionUrlConfig", By(function_url)),
    ("CreateFunctionUrlConfig20211031", By(function_url)),
    ("UpdateFunctionUrlConfig20211031", By(function_url)),
    ("AddPermission20150331v2", By(permission)),
    ("AddPermission20150331", By(permission)),
];

const CLOUDFRONT: &[(&str, Does)] = &[
    ("CreateDistribution", of(DISTRIBUTION, &["name"])),
    ("CreateDistribution2020_05_31", of(DISTRIBUTION, &["name"])),
    ("CreateDistributionWithTags2020_05_31", of(DISTRIBUTION, &["name"])),
    ("UpdateDistribution", By(distribution)),
    ("UpdateDistribution2020_05_31", By(distribution)),
    ("DisassociateDistributionWebACL", By(without_acl)),
];

/// Something that is public only where its request says so.
fn public(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let (kind, ids): (_, &[&str]) = match call.service {
        "dms" => ("replication instance", &["replicationInstanceIdentifier"]),
        _ => ("message broker", &["brokerName"]),
    };
    let id = request.first_text(ids).unwrap_or_default();
    // A replication instance is public unless it says otherwise.
    let is_public = request.flag("publiclyAccessible").unwrap_or(call.service == "dms");
    if is_public { Meaning::not_modelled(id, kind) } else { Meaning::nothing(id) }
}

/// A notebook has a way to the Internet unless it says otherwise.
fn notebook(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let id = call.request.text("notebookInstanceName").unwrap_or_default();
    let is_off =
        call.request.text("directInternetAccess").is_some_and(|word| word.eq_ignore_ascii_case("disabled"));
    if is_off { Meaning::nothing(id) } else { Meaning::not_modelled(id, "SageMaker notebook") }
}

/// Of the policies of a collection those of its network say who may come.
fn policy(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let id = call.request.text("name").unwrap_or_default();
    let is_network = call.request.text("type").is_none_or(|word| word.eq_ignore_ascii_case("network"));
    if is_network { Meaning::not_modelled(id, "OpenSearch collection policy") } else { Meaning::nothing(id) }
}

/// A server for files is public unless it is inside a VPC without addresses.
fn server(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let id = call.request.text("serverId").or_else(|| call.response.text("serverId")).unwrap_or_default();
    let request = call.request;
    let is_inside = request.text("endpointType").is_some_and(|word| word.eq_ignore_ascii_case("vpc"))
        && request.part("endpointDetails").items("addressAllocationIds").is_empty();
    let says = call.name == "CreateServer" || request.has("endpointType") || request.has("endpointDetails");
    if says && !is_inside { Meaning::not_modelled(id, "file transfer server") } else { Meaning::nothing(id) }
}

/// Tasks make their own interfaces, some with public addresses.
fn tasks(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let network = call.request.at(&["networkConfiguration", "awsvpcConfiguration"]);
    let id = call.request.first_text(&["serviceName", "service", "taskDefinition"]).unwrap_or_default();
    let is_public = network.text("assignPublicIp").is_some_and(|word| word.eq_ignore_ascii_case("enabled"));
    if is_public {
        Meaning::not_modelled(id, "container task with a public address")
    } else {
        Meaning::nothing(id)
    }
}

/// A list of EC2-Classic, which is gone: nothing new can use it.
fn classic(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let id =
        call.request.first_text(&["dBSecurityGroupName", "clusterSecurityGroupName"]).unwrap_or_default();
    Meaning::not_modelled(id, "database security group of EC2-Classic")
}

fn function_url(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let id = call.request.text("functionName").unwrap_or_default();
    match call.request.text("authType").or_else(|| call.response.text("authType")) {
        Some(word) if !word.eq_ignore_ascii_case("none") => Meaning::nothing(id),
        Some(_) | None => Meaning::not_modelled(id, "function URL"),
    }
}

/// A function that everybody may call.
fn permission(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let id = request.text("functionName").unwrap_or_default();
    let is_everybody = request.text("principal") == Some("*");
    let bound = ["sourceArn", "sourceAccount", "principalOrgID"].iter().any(|key| request.has(key));
    if is_everybody && !bound { Meaning::not_modelled(id, "function policy") } else { Meaning::nothing(id) }
}

/// A distribution whose web firewall was taken away is weaker for it; other changes are not looked at.
fn distribution(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let id = request.text("id").unwrap_or_default();
    let config: Body<'_> = request.part("distributionConfig");
    let is_bare = config.node().is_some_and(|node| {
        node.own("webACLId")
            .is_some_and(|value| matches!(value, cloud::json::Tree::Text(text) if text.trim().is_empty()))
    });
    if is_bare { unprotected(id, Weakened::Perhaps) } else { Meaning::not_modelled(id, DISTRIBUTION) }
}

fn without_acl(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    unprotected(call.request.text("id").unwrap_or_default(), Weakened::Off)
}

fn unprotected(id: &str, weakened: Weakened) -> Meaning {
    let note = match weakened {
        Weakened::Perhaps => {
            format!(
                "the distribution {} has no web firewall; whether it had one is not in the event",
                Quoted(id)
            )
        }
        Weakened::Off | Weakened::Less | Weakened::Restored => {
            format!("the distribution {} has no web firewall any more", Quoted(id))
        }
    };
    Meaning::impairs(id, weakened, guards("web firewall of a distribution"), note)
}

const API: &str = "API gateway";
const KAFKA: &str = "Kafka cluster";
const FIREWALL_RULES: &str = "Network Firewall rules";
const DISTRIBUTION: &str = "CloudFront distribution";
