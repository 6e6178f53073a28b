//! What answers list beside the kinds that are assessed: what may open something of its own to the Internet, what only
//! bears on the question, and what does not.
//!
//! A kind that is assessed one day is taken out here.

use cloud::json::Tree;
use cloud::{Bearing, Fate};

/// A list of things that are no kind of ours.
pub(super) struct Elsewhere {
    /// The key of the list, as the API writes it.
    pub(super) list: &'static str,
    sign: Sign,
    /// What results call it.
    pub(super) name: &'static str,
    fate: Fate,
}

/// What tells the entries of a list from those of another with the same key. Complete.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// The key of the list alone.
    List,
    /// A key of the entry.
    Key(&'static str),
    /// They are names and nothing else.
    Names,
}

impl Elsewhere {
    /// Whether an entry of the list is this thing.
    pub(super) fn is_told_by(&self, entry: &Tree<'_>) -> bool {
        match (self.sign, entry) {
            (Sign::List, _) | (Sign::Names, Tree::Text(_)) => true,
            (Sign::Key(key), Tree::Object(node)) => node.own(key).is_some(),
            (Sign::Key(_) | Sign::Names, _) => false,
        }
    }

    /// Whether the list is this one by its key alone, be it empty.
    pub(super) fn is_told_by_key(&self) -> bool {
        self.sign == Sign::List
    }

    pub(super) fn bearing(&self, entry: &Tree<'_>) -> Bearing {
        self.fate.bearing(entry)
    }
}

/// The bearing of a type of AWS Config that is no kind of ours, and what results call it.
pub(super) fn of_type(kind: &str, configuration: &Tree<'_>) -> (&'static str, Bearing) {
    bearing_of_type(kind, configuration).unwrap_or(("other", Bearing::Counts))
}

/// The bearing of a type that is no kind of ours and bears on the question, and what results call it.
pub(crate) fn bearing_of_type(kind: &str, configuration: &Tree<'_>) -> Option<(&'static str, Bearing)> {
    let known = TYPES.iter().find(|(known, ..)| known.eq_ignore_ascii_case(kind));
    known.map(|(_, name, fate)| (*name, fate.bearing(configuration)))
}

/// Whether an object that is no entry of any list is known by its own keys.
pub(super) fn is_lone(has: &dyn Fn(&str) -> bool) -> bool {
    LONE.iter().any(|signs| signs.iter().all(|sign| has(sign)))
}

/// Things that are one object and bear on nothing: who asked; how a load balancer logs and waits.
const LONE: [&[&str]; 2] = [&["UserId", "Account", "Arn"], &["LoadBalancerArn", "Attributes"]];

const OPENS: Fate = Fate::Always(Bearing::Opens);
const COUNTS: Fate = Fate::Always(Bearing::Counts);
const NOTHING: Fate = Fate::Always(Bearing::Nothing);
const NO_INPUT: Fate = Fate::Always(Bearing::NoInput);
const PUBLIC: &[&str] = &["true"];
const PRIVATE: &[&str] = &["false"];

const fn of(list: &'static str, sign: Sign, name: &'static str, fate: Fate) -> Elsewhere {
    Elsewhere { list, sign, name, fate }
}

/// A list that bears on nothing.
const fn nothing(list: &'static str) -> Elsewhere {
    of(list, Sign::List, "", NOTHING)
}

/// Lists, with the name of what they hold and its bearing.
pub(super) const LISTS: &[Elsewhere] = &[
    // What may open something on its own.
    of("FunctionUrlConfigs", Sign::List, "lambda-function-url", OPENS),
    of(
        "items",
        Sign::Key("endpointConfiguration"),
        "api-gateway",
        Fate::Unless(&["endpointConfiguration", "types"], &["PRIVATE"]),
    ),
    of("Items", Sign::Key("ApiEndpoint"), "api-gateway", OPENS),
    of("DistributionList", Sign::List, "cloudfront-distribution", OPENS),
    of("ServiceSummaryList", Sign::Key("ServiceArn"), "app-runner-service", OPENS),
    of("ClusterInfoList", Sign::Key("Provisioned"), "msk-cluster", Fate::If(MSK_OF_TWO, PUBLIC_BROKERS)),
    of("ClusterInfoList", Sign::List, "msk-cluster", Fate::If(MSK, PUBLIC_BROKERS)),
    of("BrokerSummaries", Sign::List, "mq-broker", OPENS),
    of(
        "ReplicationInstances",
        Sign::List,
        "dms-replication-instance",
        Fate::Unless(&["PubliclyAccessible"], PRIVATE),
    ),
    of("ClientVpnEndpoints", Sign::List, "client-vpn-endpoint", OPENS),
    of("VerifiedAccessEndpoints", Sign::List, "verified-access-endpoint", OPENS),
    of(
        "Servers",
        Sign::Key("EndpointType"),
        "transfer-server",
        Fate::Unless(&["EndpointType"], &["VPC_ENDPOINT"]),
    ),
    of("graphqlApis", Sign::List, "appsync-api", Fate::Unless(&["visibility"], &["PRIVATE"])),
    of("collectionSummaries", Sign::List, "opensearch-serverless-collection", OPENS),
    of("containerServices", Sign::List, "lightsail-container-service", OPENS),
    of("loadBalancers", Sign::Key("dnsName"), "lightsail-load-balancer", OPENS),
    of("distributions", Sign::Key("originPublicDNS"), "lightsail-distribution", OPENS),
    of("FleetIds", Sign::List, "gamelift-fleet", OPENS),
    // What may stand in a path.
    of("Firewalls", Sign::Key("FirewallArn"), "network-firewall", COUNTS),
    of("Firewall", Sign::Key("FirewallArn"), "network-firewall", COUNTS),
    of("TransitGateways", Sign::List, "transit-gateway", COUNTS),
    of("TransitGatewayAttachments", Sign::List, "transit-gateway-attachment", COUNTS),
    of("TransitGatewayVpcAttachments", Sign::List, "transit-gateway-attachment", COUNTS),
    of("TransitGatewayRouteTables", Sign::List, "transit-gateway-route-table", COUNTS),
    of("TransitGatewayPropagations", Sign::List, "transit-gateway-route-table", COUNTS),
    of("TransitGatewayStaticRoutes", Sign::List, "transit-gateway-route-table", COUNTS),
    of("VpnGateways", Sign::List, "vpn-gateway", COUNTS),
    of("VpnConnections", Sign::List, "vpn-connection", COUNTS),
    of("CustomerGateways", Sign::List, "customer-gateway", COUNTS),
    of("DirectConnectGateways", Sign::List, "direct-connect-gateway", COUNTS),
    of("DirectConnectGatewayAssociations", Sign::List, "direct-connect-gateway", COUNTS),
    of("VirtualInterfaces", Sign::List, "direct-connect-interface", COUNTS),
    of("VpcEndpoints", Sign::List, "vpc-endpoint", COUNTS),
    of("WebACLs", Sign::List, "web-acl", COUNTS),
    of("WebACL", Sign::List, "web-acl", COUNTS),
    of("ReplicationGroups", Sign::List, "elasticache-cluster", COUNTS),
    of("AutoScalingGroups", Sign::List, "auto-scaling-group", COUNTS),
    of("LaunchTemplates", Sign::List, "launch-template", COUNTS),
    of("LaunchTemplateVersions", Sign::List, "launch-template", COUNTS),
    // What bears on nothing.
    of("clusters", Sign::Names, "", NOTHING),
    of("clusters", Sign::Key("clusterArn"), "", NOTHING),
    of("Clusters", Sign::Key("NormalizedInstanceHours"), "", NOTHING),
    of("Clusters", Sign::Key("TotalNodes"), "", NOTHING),
    of("Clusters", Sign::Key("NumberOfShards"), "", NOTHING),
    nothing("clusterArns"),
    nothing("DomainNames"),
    nothing("AvailabilityZones"),
    nothing("Regions"),
    nothing("KeyPairs"),
    nothing("Images"),
    nothing("Snapshots"),
    nothing("Volumes"),
    nothing("Hosts"),
    nothing("InstanceTypes"),
    nothing("InstanceStates"),
    nothing("LoadBalancerAttributes"),
    nothing("InstanceStatuses"),
    nothing("FlowLogs"),
    nothing("DhcpOptions"),
    nothing("TagDescriptions"),
    nothing("SecurityGroupReferenceSet"),
    nothing("ServiceDetails"),
    nothing("ServiceNames"),
    nothing("DBSnapshots"),
    nothing("DBClusterSnapshots"),
    nothing("DBParameterGroups"),
    nothing("ClusterParameterGroups"),
    nothing("nodegroup"),
    nothing("nodegroups"),
    nothing("Buckets"),
    nothing("trailList"),
    nothing("Trails"),
    nothing("DetectorIds"),
    nothing("Functions"),
    nothing("UserDetailList"),
    nothing("GroupDetailList"),
    nothing("RoleDetailList"),
    nothing("SAMLProviderList"),
    nothing("SummaryMap"),
    nothing("SecretList"),
    nothing("Topics"),
    nothing("QueueUrls"),
    of("repositories", Sign::Key("repositoryArn"), "", NOTHING),
    nothing("analyzers"),
    nothing("HostedZones"),
    nothing("ResourceRecordSets"),
    nothing("SSLPolicies"),
    nothing("CertificateSummaryList"),
    nothing("LogGroups"),
    nothing("StackSummaries"),
    nothing("MetricAlarms"),
    // What is no export of anything.
    of("ResourceTagMappingList", Sign::List, "names of resources", NO_INPUT),
    of("resourceIdentifiers", Sign::Key("resourceType"), "names of resources", NO_INPUT),
    of("ResourceIdentifiers", Sign::Key("ResourceType"), "names of resources", NO_INPUT),
    of("Records", Sign::Key("eventSource"), "events", NO_INPUT),
    of("Events", Sign::Key("CloudTrailEvent"), "events", NO_INPUT),
    of("Findings", Sign::Key("ProductArn"), "findings of others", NO_INPUT),
    of("EvaluationResults", Sign::List, "states of compliance", NO_INPUT),
];

const PUBLIC_BROKERS: &[&str] = &["SERVICE_PROVIDED_EIPS"];
const MSK_OF_TWO: &[&str] =
    &["Provisioned", "BrokerNodeGroupInfo", "ConnectivityInfo", "PublicAccess", "Type"];
const MSK: &[&str] = &["BrokerNodeGroupInfo", "ConnectivityInfo", "PublicAccess", "Type"];

/// Types of AWS Config, with their names and bearings.
const TYPES: &[(&str, &str, Fate)] = &[
    ("AWS::Lambda::Url", "lambda-function-url", OPENS),
    (
        "AWS::ApiGateway::RestApi",
        "api-gateway",
        Fate::Unless(&["endpointConfiguration", "types"], &["PRIVATE"]),
    ),
    ("AWS::ApiGatewayV2::Api", "api-gateway", OPENS),
    ("AWS::CloudFront::Distribution", "cloudfront-distribution", OPENS),
    ("AWS::AppRunner::Service", "app-runner-service", OPENS),
    ("AWS::MSK::Cluster", "msk-cluster", Fate::If(MSK, PUBLIC_BROKERS)),
    ("AWS::AmazonMQ::Broker", "mq-broker", Fate::If(&["PubliclyAccessible"], PUBLIC)),
    (
        "AWS::DMS::ReplicationInstance",
        "dms-replication-instance",
        Fate::Unless(&["PubliclyAccessible"], PRIVATE),
    ),
    ("AWS::EC2::ClientVpnEndpoint", "client-vpn-endpoint", OPENS),
    ("AWS::Transfer::Server", "transfer-server", Fate::Unless(&["EndpointType"], &["VPC_ENDPOINT"])),
    ("AWS::AppSync::GraphQLApi", "appsync-api", Fate::Unless(&["Visibility"], &["PRIVATE"])),
    ("AWS::GameLift::Fleet", "gamelift-fleet", OPENS),
    ("AWS::NetworkFirewall::Firewall", "network-firewall", COUNTS),
    ("AWS::EC2::TransitGateway", "transit-gateway", COUNTS),
    ("AWS::EC2::VPNGateway", "vpn-gateway", COUNTS),
    ("AWS::EC2::VPNConnection", "vpn-connection", COUNTS),
    ("AWS::EC2::VPCEndpoint", "vpc-endpoint", COUNTS),
    ("AWS::WAFv2::WebACL", "web-acl", COUNTS),
    ("AWS::EC2::VerifiedAccessEndpoint", "verified-access-endpoint", OPENS),
    ("AWS::OpenSearchServerless::Collection", "opensearch-serverless-collection", OPENS),
    ("AWS::Lightsail::Container", "lightsail-container-service", OPENS),
    ("AWS::Lightsail::LoadBalancer", "lightsail-load-balancer", OPENS),
    ("AWS::Lightsail::Distribution", "lightsail-distribution", OPENS),
    ("AWS::ElasticBeanstalk::Environment", "beanstalk-environment", OPENS),
    ("AWS::Serverless::Api", "api-gateway", OPENS),
    ("AWS::Serverless::HttpApi", "api-gateway", OPENS),
    ("AWS::Serverless::GraphQLApi", "appsync-api", OPENS),
    ("AWS::RDS::DBSecurityGroup", "rds-security-group", OPENS),
    ("AWS::RDS::DBSecurityGroupIngress", "rds-security-group", OPENS),
    ("AWS::Redshift::ClusterSecurityGroup", "redshift-security-group", OPENS),
    ("AWS::Redshift::ClusterSecurityGroupIngress", "redshift-security-group", OPENS),
    ("AWS::ElastiCache::SecurityGroupIngress", "elasticache-security-group", OPENS),
    (
        "AWS::ECS::Service",
        "ecs-service",
        Fate::If(&["NetworkConfiguration", "AwsvpcConfiguration", "AssignPublicIp"], &["ENABLED"]),
    ),
    ("AWS::EMR::Cluster", "emr-cluster", COUNTS),
    ("AWS::ElastiCache::ReplicationGroup", "elasticache-cluster", COUNTS),
    ("AWS::DocDB::DBCluster", "docdb-cluster", COUNTS),
    ("AWS::Neptune::DBCluster", "neptune-cluster", COUNTS),
    ("AWS::Neptune::DBInstance", "neptune-cluster", Fate::If(&["PubliclyAccessible"], PUBLIC)),
    ("AWS::NeptuneGraph::Graph", "neptune-graph", Fate::Unless(&["PublicConnectivity"], PRIVATE)),
    ("AWS::Glue::DevEndpoint", "glue-dev-endpoint", OPENS),
    ("AWS::WorkSpaces::Workspace", "workspace", OPENS),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::KINDS;

    #[test]
    fn what_is_assessed_is_not_elsewhere() {
        for other in LISTS.iter().filter(|other| other.is_told_by_key()) {
            assert!(!KINDS.iter().any(|kind| kind.lists.contains(&other.list)), "{}", other.list);
        }
        for (known, ..) in TYPES {
            assert!(!KINDS.iter().any(|kind| kind.types.contains(known)), "{known}");
        }
    }
}
