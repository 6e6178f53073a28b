//! Meaning: what each kind of resource says, whichever form its document has. One file for each kind.
//!
//! Adding one: its file, a line in `kinds!`.

mod address;
mod balancer;
mod egress_gateway;
mod group;
mod group_association;
mod group_listing;
mod group_rule;
mod identity;
mod instance;
mod interface;
mod internet_gateway;
mod nat_gateway;
mod network_acl;
mod numbers;
mod peering;
mod permission;
mod place;
mod prefix_list;
mod protocol;
mod public_access;
mod route_table;
mod service;
mod subnet;
mod tag;
mod vpc;

use cloud::json::Node;
use cloud::{Arrival, Stated};
use model::Name;

use crate::intake::Intake;
use crate::register::Register;

pub(crate) use address::Address;
pub(crate) use balancer::{
    Accelerator, AcceleratorListener, AddressType, BalancerKind, BalancerNode, ClassicBalancer,
    ClassicListener, Endpoint, EndpointGroup, Forwarding, LISTENERS, Listener, ListenerRule, LoadBalancer,
    Registered, Scheme, TargetGroup, TargetGroupAttributes, TargetHealth, TargetKind,
};
pub(crate) use egress_gateway::EgressGateway;
pub(crate) use group::{Attached, Group, SOME_GROUP, attached, may_carry_more, rules_of};
pub(crate) use group_association::GroupAssociation;
pub(crate) use group_listing::ListedRule;
pub(crate) use group_rule::{GroupReference, GroupRule, Source};
pub(crate) use identity::{Arn, Identity, Origin, key_of};
pub(crate) use instance::Instance;
pub(crate) use interface::{Association, Interface, PrivateAddress, Purpose};
pub(crate) use internet_gateway::InternetGateway;
pub(crate) use nat_gateway::NatGateway;
pub(crate) use network_acl::{Entry, NetworkAcl, Verdict};
pub(crate) use numbers::{Numbers, integer};
pub(crate) use peering::Peering;
pub(crate) use prefix_list::{Contents, PrefixList, PrefixListEntries};
pub(crate) use public_access::{LetsIn, Mode, PublicAccess, PublicAccessExclusion};
pub(crate) use route_table::{Route, RouteTable, Target as RouteTarget, Towards};
pub(crate) use service::{
    CacheCluster, Database, EksCluster, Face, FrontAddress, LightsailDatabase, LightsailInstance,
    LightsailPortStates, Line, MemoryCluster, OpensearchDomain, PORTS, Ports, Public, RdsCluster,
    RdsInstance, RdsSubnetGroup, RedshiftCluster, RedshiftSubnetGroup, RedshiftWorkgroup, Seat,
    ServerlessCache, Site, Standby,
};
pub(crate) use subnet::Subnet;
pub(crate) use vpc::Vpc;

/// A kind of resource: how documents name it, and who reads it.
pub(crate) struct Kind {
    /// What results call it.
    pub(crate) name: &'static str,
    /// The keys under which answers list it.
    pub(crate) lists: &'static [&'static str],
    /// Its types in AWS Config.
    pub(crate) types: &'static [&'static str],
    /// Keys that every one of it has and no other kind of the same list: they tell it where nothing else does.
    pub(crate) signs: &'static [&'static str],
    /// The command that exports it.
    pub(crate) command: &'static str,
    /// Reads one; `None` where it is not of this kind after all, which has been told if it loses anything.
    pub(crate) read: for<'n, 'a, 's, 'o, 'i, 'r> fn(
        &'s Stated<'n, 'a>,
        &'o Origin,
        &'i mut Intake<'r, 'a>,
    ) -> Option<Resource>,
}

impl Kind {
    /// Whether an object has what tells this kind.
    pub(crate) fn is_told_by(&self, node: &Node<'_>) -> bool {
        self.signs.iter().all(|sign| node.own(sign).is_some())
    }
}

/// The command that exports a kind.
pub(crate) fn command_of(kind: &str) -> &'static str {
    KINDS.iter().find(|known| known.name == kind).map_or("aws", |known| known.command)
}

/// All kinds, their registers, and how a resource comes into its own.
macro_rules! kinds {
    ($($register:ident: $kind:ident, $name:literal, $lists:expr, $types:expr, $signs:expr, $command:literal;)*) => {
        /// A resource of the input.
        #[derive(Debug)]
        pub(crate) enum Resource {
            $($kind(Box<$kind>),)*
        }

        /// All resources of the input, by kind.
        #[derive(Clone, Debug, Default)]
        pub(crate) struct Registers {
            $(pub(crate) $register: Register<$kind>,)*
        }

        impl Registers {
            /// Takes in a resource; the later of two statements counts.
            pub(crate) fn put(&mut self, resource: Resource) -> Arrival {
                match resource {
                    $(Resource::$kind(mut resource) => {
                        self.$register.complete(&mut resource.identity);
                        self.$register.put(resource.identity.clone(), *resource)
                    })*
                }
            }

            /// Removes the resource of a kind and a key.
            pub(crate) fn remove(&mut self, kind: &str, key: &str) {
                match kind {
                    $($name => self.$register.remove(key),)*
                    _ => {}
                }
            }

            /// The key under which the resource with an id is known, as somebody of an account names it.
            pub(crate) fn key_of(&self, kind: &str, account: Option<&str>, id: &str) -> Option<Name> {
                match kind {
                    $($name => self.$register.key_of(account, id),)*
                    _ => None,
                }
            }

            /// How many there are of each kind, by its name.
            pub(crate) fn counts(&self) -> Vec<(&'static str, usize)> {
                vec![$(($name, self.$register.len()),)*]
            }
        }

        impl Resource {
            pub(crate) const fn identity(&self) -> &Identity {
                match self {
                    $(Self::$kind(resource) => &resource.identity,)*
                }
            }
        }

        /// Every kind. An object is of the first whose list and signs it has.
        pub(crate) const KINDS: &[Kind] = &[
            $(Kind {
                name: $name,
                lists: &$lists,
                types: &$types,
                signs: &$signs,
                command: $command,
                read: |stated, origin, intake| {
                    $kind::read(stated, origin, intake).map(|resource| Resource::$kind(Box::new(resource)))
                },
            },)*
        ];
    };
}

kinds! {
    interfaces: Interface, "network-interface", ["NetworkInterfaces"], ["AWS::EC2::NetworkInterface"],
        ["NetworkInterfaceId"], "aws ec2 describe-network-interfaces";
    instances: Instance, "instance", ["Instances"], ["AWS::EC2::Instance"], ["InstanceId"],
        "aws ec2 describe-instances";
    addresses: Address, "address", ["Addresses"], ["AWS::EC2::EIP"], ["PublicIp"], "aws ec2 describe-addresses";
    vpcs: Vpc, "vpc", ["Vpcs"], ["AWS::EC2::VPC"], ["VpcId"], "aws ec2 describe-vpcs";
    subnets: Subnet, "subnet", ["Subnets"], ["AWS::EC2::Subnet"], ["SubnetId"], "aws ec2 describe-subnets";
    route_tables: RouteTable, "route-table", ["RouteTables"], ["AWS::EC2::RouteTable"], ["RouteTableId"],
        "aws ec2 describe-route-tables";
    network_acls: NetworkAcl, "network-acl", ["NetworkAcls"], ["AWS::EC2::NetworkAcl"], ["NetworkAclId"],
        "aws ec2 describe-network-acls";
    egress_gateways: EgressGateway, "egress-only-internet-gateway", ["EgressOnlyInternetGateways"],
        ["AWS::EC2::EgressOnlyInternetGateway"], ["EgressOnlyInternetGatewayId"],
        "aws ec2 describe-egress-only-internet-gateways";
    nat_gateways: NatGateway, "nat-gateway", ["NatGateways"], ["AWS::EC2::NatGateway"], ["NatGatewayId"],
        "aws ec2 describe-nat-gateways";
    public_access: PublicAccess, "vpc-block-public-access-options", ["VpcBlockPublicAccessOptions"],
        ["AWS::EC2::VPCBlockPublicAccessOptions"], ["InternetGatewayBlockMode"],
        "aws ec2 describe-vpc-block-public-access-options";
    public_access_exclusions: PublicAccessExclusion, "vpc-block-public-access-exclusion",
        ["VpcBlockPublicAccessExclusions"], ["AWS::EC2::VPCBlockPublicAccessExclusion"], ["ExclusionId"],
        "aws ec2 describe-vpc-block-public-access-exclusions";
    internet_gateways: InternetGateway, "internet-gateway", ["InternetGateways"], ["AWS::EC2::InternetGateway"],
        ["InternetGatewayId"], "aws ec2 describe-internet-gateways";
    listed_rules: ListedRule, "security-group-rule", ["SecurityGroupRules"], [], ["GroupId", "IpProtocol"],
        "aws ec2 describe-security-group-rules";
    group_associations: GroupAssociation, "security-group-association", ["SecurityGroupVpcAssociations"],
        ["AWS::EC2::SecurityGroupVpcAssociation"], ["GroupId", "VpcOwnerId"],
        "aws ec2 describe-security-group-vpc-associations";
    groups: Group, "security-group", ["SecurityGroups"], ["AWS::EC2::SecurityGroup"], ["GroupId"],
        "aws ec2 describe-security-groups";
    prefix_lists: PrefixList, "prefix-list", ["PrefixLists"], ["AWS::EC2::PrefixList"],
        ["PrefixListId", "PrefixListName"], "aws ec2 describe-managed-prefix-lists";
    prefix_list_entries: PrefixListEntries, "prefix-list-entries", [], [], ["PrefixListId", "Entries"],
        "aws ec2 get-managed-prefix-list-entries";
    peerings: Peering, "vpc-peering", ["VpcPeeringConnections"], ["AWS::EC2::VPCPeeringConnection"],
        ["VpcPeeringConnectionId"], "aws ec2 describe-vpc-peering-connections";
    rds_instances: RdsInstance, "rds-instance", ["DBInstances", "DBInstance"], ["AWS::RDS::DBInstance"],
        ["DBInstanceIdentifier"], "aws rds describe-db-instances";
    rds_clusters: RdsCluster, "rds-cluster", ["DBClusters", "DBCluster"], ["AWS::RDS::DBCluster"],
        ["DBClusterIdentifier"], "aws rds describe-db-clusters";
    rds_subnet_groups: RdsSubnetGroup, "rds-subnet-group", ["DBSubnetGroups"], ["AWS::RDS::DBSubnetGroup"],
        ["DBSubnetGroupName", "Subnets"], "aws rds describe-db-subnet-groups";
    redshift_clusters: RedshiftCluster, "redshift-cluster", ["Clusters"], ["AWS::Redshift::Cluster"],
        ["ClusterIdentifier"], "aws redshift describe-clusters";
    redshift_subnet_groups: RedshiftSubnetGroup, "redshift-subnet-group", ["ClusterSubnetGroups"],
        ["AWS::Redshift::ClusterSubnetGroup"], ["ClusterSubnetGroupName", "Subnets"],
        "aws redshift describe-cluster-subnet-groups";
    redshift_workgroups: RedshiftWorkgroup, "redshift-workgroup", ["workgroups", "workgroup"],
        ["AWS::RedshiftServerless::Workgroup"], ["workgroupName"], "aws redshift-serverless list-workgroups";
    eks_clusters: EksCluster, "eks-cluster", ["cluster", "clusters"], ["AWS::EKS::Cluster"],
        ["name", "resourcesVpcConfig"], "aws eks describe-cluster";
    opensearch_domains: OpensearchDomain, "opensearch-domain", ["DomainStatusList", "DomainStatus"],
        ["AWS::OpenSearch::Domain", "AWS::Elasticsearch::Domain"], ["DomainName"],
        "aws opensearch describe-domains";
    lightsail_instances: LightsailInstance, "lightsail-instance", ["instances", "instance"],
        ["AWS::Lightsail::Instance"], ["name", "networking"], "aws lightsail get-instances";
    lightsail_port_states: LightsailPortStates, "lightsail-port-states", [], [], ["instanceName", "portStates"],
        "aws lightsail get-instance-port-states";
    lightsail_databases: LightsailDatabase, "lightsail-database", ["relationalDatabases", "relationalDatabase"],
        ["AWS::Lightsail::Database"], ["name", "masterEndpoint"], "aws lightsail get-relational-databases";
    cache_clusters: CacheCluster, "elasticache-cluster", ["CacheClusters"], ["AWS::ElastiCache::CacheCluster"],
        ["CacheClusterId"], "aws elasticache describe-cache-clusters";
    serverless_caches: ServerlessCache, "elasticache-serverless-cache", ["ServerlessCaches"],
        ["AWS::ElastiCache::ServerlessCache"], ["ServerlessCacheName"],
        "aws elasticache describe-serverless-caches";
    memory_clusters: MemoryCluster, "memorydb-cluster", ["Clusters"], ["AWS::MemoryDB::Cluster"],
        ["Name", "NodeType", "ACLName"], "aws memorydb describe-clusters";
    load_balancers: LoadBalancer, "load-balancer", ["LoadBalancers"], ["AWS::ElasticLoadBalancingV2::LoadBalancer"],
        ["LoadBalancerArn"], "aws elbv2 describe-load-balancers";
    classic_balancers: ClassicBalancer, "classic-load-balancer", ["LoadBalancerDescriptions"],
        ["AWS::ElasticLoadBalancing::LoadBalancer"], ["LoadBalancerName"], "aws elb describe-load-balancers";
    listeners: Listener, "listener", ["Listeners"], ["AWS::ElasticLoadBalancingV2::Listener"],
        ["ListenerArn", "LoadBalancerArn"], "aws elbv2 describe-listeners";
    listener_rules: ListenerRule, "listener-rule", ["Rules"], ["AWS::ElasticLoadBalancingV2::ListenerRule"],
        ["RuleArn"], "aws elbv2 describe-rules";
    target_groups: TargetGroup, "target-group", ["TargetGroups"], ["AWS::ElasticLoadBalancingV2::TargetGroup"],
        ["TargetGroupArn"], "aws elbv2 describe-target-groups";
    target_healths: TargetHealth, "target-health", ["LoadBalancerTargetHealth"], [],
        ["TargetGroupArn", "TargetHealthDescriptions"], "aws elbv2 describe-target-health";
    target_group_attributes: TargetGroupAttributes, "target-group-attributes", [], [],
        ["TargetGroupArn", "Attributes"], "aws elbv2 describe-target-group-attributes";
    accelerators: Accelerator, "accelerator", ["Accelerators", "Accelerator"], ["AWS::GlobalAccelerator::Accelerator"],
        ["AcceleratorArn"], "aws globalaccelerator list-accelerators";
    accelerator_listeners: AcceleratorListener, "accelerator-listener", ["Listeners"],
        ["AWS::GlobalAccelerator::Listener"], ["ListenerArn", "PortRanges"], "aws globalaccelerator list-listeners";
    endpoint_groups: EndpointGroup, "endpoint-group", ["EndpointGroups"], ["AWS::GlobalAccelerator::EndpointGroup"],
        ["EndpointGroupArn"], "aws globalaccelerator list-endpoint-groups";
}
