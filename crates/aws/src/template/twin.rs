//! Which resource of Terraform each type of CloudFormation is, and how arguments and attributes are called there: what is
//! declared in either is written as exports spell it in one place.
//!
//! Adding a type: a line, and a shape where more than names differ.

use std::borrow::Cow;
use std::sync::Arc;

use cloud::json::{Node, Tree};
use cloud::{Declared, Presence};

use super::shape;

/// A resource of a template, its properties evaluated.
#[derive(Debug)]
pub(super) struct Resource<'a> {
    /// Where it is declared.
    pub(super) id: String,
    /// Its logical id, behind those of the stacks that nest it.
    pub(super) name: String,
    pub(super) properties: Node<'a>,
    /// A piece of the template inside it.
    pub(super) at: Option<&'a str>,
    pub(super) presence: Presence,
}

/// What a resource is made of beside its names.
type Shape = for<'a> fn(&Resource<'a>, Node<'a>) -> Vec<Declared<'a>>;

/// A type and its twin.
pub(super) struct Twin {
    kind: &'static str,
    pub(super) terraform: &'static str,
    /// What `Ref` gives.
    reference: &'static str,
    /// Properties whose names are not the same words, at any depth.
    names: &'static [(&'static str, &'static str)],
    /// Attributes likewise.
    attributes: &'static [(&'static str, &'static str)],
    /// The argument that people know it by, where its property may be left out.
    name: Option<&'static str>,
    shape: Shape,
}

const fn twin(kind: &'static str, terraform: &'static str) -> Twin {
    Twin { kind, terraform, reference: "id", names: &[], attributes: &[], name: None, shape: shape::whole }
}

impl Twin {
    const fn refers(self, reference: &'static str) -> Self {
        Self { reference, ..self }
    }

    const fn names(self, names: &'static [(&'static str, &'static str)]) -> Self {
        Self { names, ..self }
    }

    const fn attributes(self, attributes: &'static [(&'static str, &'static str)]) -> Self {
        Self { attributes, ..self }
    }

    const fn named(self, name: &'static str) -> Self {
        Self { name: Some(name), ..self }
    }

    const fn shape(self, shape: Shape) -> Self {
        Self { shape, ..self }
    }
}

const TWINS: &[Twin] = &[
    // Networks.
    twin("AWS::EC2::VPC", "aws_vpc").attributes(&[
        ("DefaultSecurityGroup", "default_security_group_id"),
        ("DefaultNetworkAcl", "default_network_acl_id"),
        ("VpcId", "id"),
    ]),
    twin("AWS::EC2::VPCCidrBlock", "aws_vpc_ipv4_cidr_block_association").shape(shape::network::vpc_block),
    twin("AWS::EC2::Subnet", "aws_subnet").attributes(&[("SubnetId", "id")]).shape(shape::network::subnet),
    twin("AWS::EC2::SubnetCidrBlock", "aws_subnet_cidr_block_association"),
    twin("AWS::EC2::InternetGateway", "aws_internet_gateway").attributes(&[("InternetGatewayId", "id")]),
    twin("AWS::EC2::VPCGatewayAttachment", "aws_internet_gateway_attachment")
        .shape(shape::network::attachment),
    twin("AWS::EC2::EgressOnlyInternetGateway", "aws_egress_only_internet_gateway"),
    twin("AWS::EC2::NatGateway", "aws_nat_gateway").attributes(&[("NatGatewayId", "id")]),
    twin("AWS::EC2::RouteTable", "aws_route_table").attributes(&[("RouteTableId", "id")]),
    twin("AWS::EC2::Route", "aws_route").names(&[("EgressOnlyInternetGatewayId", "egress_only_gateway_id")]),
    twin("AWS::EC2::SubnetRouteTableAssociation", "aws_route_table_association"),
    twin("AWS::EC2::GatewayRouteTableAssociation", "aws_route_table_association"),
    twin("AWS::EC2::NetworkAcl", "aws_network_acl").attributes(&[("Id", "id")]),
    twin("AWS::EC2::NetworkAclEntry", "aws_network_acl_rule").shape(shape::network::acl_entry),
    twin("AWS::EC2::SubnetNetworkAclAssociation", "aws_network_acl_association"),
    twin("AWS::EC2::VPCPeeringConnection", "aws_vpc_peering_connection"),
    twin("AWS::EC2::PrefixList", "aws_ec2_managed_prefix_list")
        .names(&[("PrefixListName", "name"), ("Entries", "entry")])
        .attributes(&[("PrefixListId", "id")])
        .named("name"),
    twin("AWS::EC2::VPCBlockPublicAccessOptions", "aws_vpc_block_public_access_options"),
    twin("AWS::EC2::VPCBlockPublicAccessExclusion", "aws_vpc_block_public_access_exclusion"),
    // Groups.
    twin("AWS::EC2::SecurityGroup", "aws_security_group")
        .names(&[
            ("GroupName", "name"),
            ("GroupDescription", "description"),
            ("SecurityGroupIngress", "ingress"),
            ("SecurityGroupEgress", "egress"),
        ])
        .attributes(&[("GroupId", "id"), ("Id", "id"), ("GroupName", "name")])
        .named("name")
        .shape(shape::groups::group),
    twin("AWS::EC2::SecurityGroupIngress", "aws_vpc_security_group_ingress_rule")
        .names(shape::groups::RULE)
        .shape(shape::groups::rule),
    twin("AWS::EC2::SecurityGroupEgress", "aws_vpc_security_group_egress_rule")
        .names(shape::groups::RULE)
        .shape(shape::groups::rule),
    twin("AWS::EC2::SecurityGroupVpcAssociation", "aws_vpc_security_group_vpc_association")
        .names(&[("GroupId", "security_group_id")]),
    // Machines.
    twin("AWS::EC2::EIP", "aws_eip")
        .refers("public_ip")
        .names(&[("InstanceId", "instance")])
        .attributes(&[("AllocationId", "id")]),
    twin("AWS::EC2::EIPAssociation", "aws_eip_association")
        .names(&[("EIP", "public_ip")])
        .shape(shape::machines::address_association),
    twin("AWS::EC2::Instance", "aws_instance")
        .names(&[("PrivateIpAddress", "private_ip"), ("SecurityGroupIds", "vpc_security_group_ids")])
        .attributes(&[("InstanceId", "id")])
        .shape(shape::machines::instance),
    twin("AWS::EC2::NetworkInterface", "aws_network_interface")
        .names(&[("GroupSet", "security_groups"), ("PrivateIpAddress", "private_ip")])
        .attributes(&[("Id", "id"), ("PrimaryPrivateIpAddress", "private_ip")])
        .shape(shape::machines::interface),
    twin("AWS::EC2::NetworkInterfaceAttachment", "aws_network_interface_attachment"),
    twin("AWS::EC2::LaunchTemplate", "aws_launch_template")
        .names(&[
            ("LaunchTemplateName", "name"),
            ("SecurityGroupIds", "vpc_security_group_ids"),
            ("SecurityGroups", "security_group_names"),
            ("Groups", "security_groups"),
        ])
        .attributes(&[("LatestVersionNumber", "latest_version"), ("DefaultVersionNumber", "default_version")])
        .named("name")
        .shape(shape::machines::launch_template),
    twin("AWS::AutoScaling::LaunchConfiguration", "aws_launch_configuration").refers("name"),
    twin("AWS::AutoScaling::AutoScalingGroup", "aws_autoscaling_group")
        .refers("name")
        .names(&[
            ("AutoScalingGroupName", "name"),
            ("TargetGroupARNs", "target_group_arns"),
            ("LoadBalancerNames", "load_balancers"),
            ("VPCZoneIdentifier", "vpc_zone_identifier"),
            ("LaunchConfigurationName", "launch_configuration"),
            ("LaunchTemplateId", "id"),
            ("LaunchTemplateName", "name"),
        ])
        .named("name"),
    // Load balancers.
    twin("AWS::ElasticLoadBalancingV2::LoadBalancer", "aws_lb")
        .refers("arn")
        .names(&[("Type", "load_balancer_type"), ("SubnetMappings", "subnet_mapping")])
        .attributes(&[("DNSName", "dns_name"), ("CanonicalHostedZoneID", "zone_id")])
        .named("name")
        .shape(shape::balancers::balancer),
    twin("AWS::ElasticLoadBalancingV2::Listener", "aws_lb_listener")
        .refers("arn")
        .names(&[("DefaultActions", "default_action"), ("Certificates", "")])
        .shape(shape::balancers::listener),
    twin("AWS::ElasticLoadBalancingV2::ListenerRule", "aws_lb_listener_rule")
        .refers("arn")
        .names(&[("Actions", "action"), ("Conditions", "condition")])
        .shape(shape::balancers::listener_rule),
    twin("AWS::ElasticLoadBalancingV2::TargetGroup", "aws_lb_target_group")
        .refers("arn")
        .named("name")
        .shape(shape::balancers::target_group),
    twin("AWS::ElasticLoadBalancing::LoadBalancer", "aws_elb")
        .refers("name")
        .names(&[
            ("LoadBalancerName", "name"),
            ("Listeners", "listener"),
            ("LoadBalancerPort", "lb_port"),
            ("Protocol", "lb_protocol"),
        ])
        .attributes(&[("DNSName", "dns_name")])
        .named("name")
        .shape(shape::balancers::classic),
    twin("AWS::GlobalAccelerator::Accelerator", "aws_globalaccelerator_accelerator")
        .refers("arn")
        .named("name"),
    twin("AWS::GlobalAccelerator::Listener", "aws_globalaccelerator_listener")
        .refers("arn")
        .names(&[("PortRanges", "port_range")]),
    twin("AWS::GlobalAccelerator::EndpointGroup", "aws_globalaccelerator_endpoint_group")
        .refers("arn")
        .names(&[
            ("EndpointConfigurations", "endpoint_configuration"),
            ("PortOverrides", "port_override"),
            ("ClientIPPreservationEnabled", "client_ip_preservation_enabled"),
        ]),
    // Services.
    twin("AWS::RDS::DBInstance", "aws_db_instance")
        .refers("identifier")
        .names(&[("DBInstanceIdentifier", "identifier"), ("VPCSecurityGroups", "vpc_security_group_ids")])
        .named("identifier")
        .shape(shape::services::database),
    twin("AWS::RDS::DBCluster", "aws_rds_cluster")
        .refers("cluster_identifier")
        .names(&[("DBClusterIdentifier", "cluster_identifier")])
        .named("cluster_identifier"),
    twin("AWS::RDS::DBSubnetGroup", "aws_db_subnet_group")
        .refers("name")
        .names(&[("DBSubnetGroupName", "name"), ("DBSubnetGroupDescription", "description")])
        .named("name"),
    twin("AWS::Redshift::Cluster", "aws_redshift_cluster")
        .refers("cluster_identifier")
        .names(&[("ClusterSubnetGroupName", "cluster_subnet_group_name")])
        .named("cluster_identifier")
        .shape(shape::services::redshift),
    twin("AWS::Redshift::ClusterSubnetGroup", "aws_redshift_subnet_group")
        .refers("name")
        .names(&[("ClusterSubnetGroupName", "name")])
        .named("name"),
    twin("AWS::RedshiftServerless::Workgroup", "aws_redshiftserverless_workgroup")
        .refers("workgroup_name")
        .named("workgroup_name")
        .shape(shape::services::redshift),
    twin("AWS::OpenSearchService::Domain", "aws_opensearch_domain")
        .refers("domain_name")
        .names(&[("VPCOptions", "vpc_options")])
        .named("domain_name")
        .shape(shape::services::domain),
    twin("AWS::Elasticsearch::Domain", "aws_elasticsearch_domain")
        .refers("domain_name")
        .names(&[("VPCOptions", "vpc_options")])
        .named("domain_name")
        .shape(shape::services::domain),
    twin("AWS::ElastiCache::CacheCluster", "aws_elasticache_cluster")
        .refers("cluster_id")
        .names(&[
            ("ClusterName", "cluster_id"),
            ("CacheSubnetGroupName", "subnet_group_name"),
            ("VpcSecurityGroupIds", "security_group_ids"),
        ])
        .named("cluster_id"),
    twin("AWS::ElastiCache::ServerlessCache", "aws_elasticache_serverless_cache")
        .refers("name")
        .names(&[("ServerlessCacheName", "name")])
        .named("name"),
    twin("AWS::MemoryDB::Cluster", "aws_memorydb_cluster")
        .refers("name")
        .names(&[("ClusterName", "name"), ("ACLName", "acl_name")])
        .named("name"),
    twin("AWS::EKS::Cluster", "aws_eks_cluster")
        .refers("name")
        .names(&[("ResourcesVpcConfig", "vpc_config")])
        .named("name"),
    twin("AWS::Lightsail::Instance", "aws_lightsail_instance")
        .refers("name")
        .names(&[("InstanceName", "name")])
        .named("name")
        .shape(shape::services::lightsail),
    twin("AWS::Lightsail::Database", "aws_lightsail_database")
        .names(&[("RelationalDatabaseName", "relational_database_name")])
        .named("relational_database_name"),
];

/// The twin of a type.
pub(super) fn of(kind: &str) -> Option<&'static Twin> {
    // CloudFormation takes no type in other letters. One that is nearly ours is read, and never passed over.
    TWINS.iter().find(|twin| twin.kind.eq_ignore_ascii_case(kind.trim()))
}

/// Whether a type is a stack that nests a template.
pub(super) fn is_stack(kind: &str) -> bool {
    ["AWS::CloudFormation::Stack", "AWS::Serverless::Application"].contains(&kind)
}

/// The property that says what an attribute will be.
pub(super) fn stated(kind: &str, attribute: &str) -> Option<&'static str> {
    STATED.iter().find(|(own, name)| *own == kind && *name == attribute).map(|(_, name)| *name)
}

const STATED: [(&str, &str); 4] = [
    ("AWS::EC2::VPC", "CidrBlock"),
    ("AWS::EC2::Subnet", "CidrBlock"),
    ("AWS::EC2::Subnet", "VpcId"),
    ("AWS::EC2::SecurityGroup", "VpcId"),
];

/// What Terraform calls an attribute; `Ref` is one.
pub(super) fn attribute(kind: &str, attribute: &str) -> String {
    let twin = of(kind);
    if attribute == "Ref" {
        return twin.map_or("id", |twin| twin.reference).to_owned();
    }
    let own = twin.and_then(|twin| twin.attributes.iter().find(|(name, _)| *name == attribute));
    match own {
        Some((_, name)) => (*name).to_owned(),
        None if attribute.ends_with("Arn") => "arn".to_owned(),
        None => attribute.split('.').map(|part| snake(part).into_owned()).collect::<Vec<_>>().join("."),
    }
}

impl Twin {
    /// What a resource declares.
    pub(super) fn declared<'a>(&self, resource: &Resource<'a>) -> Vec<Declared<'a>> {
        let mut arguments = self.renamed(&resource.properties);
        arguments.at = resource.at;
        if let Some(name) = self.name
            && !matches!(arguments.own(name), Some(Tree::Text(_)))
        {
            // CloudFormation makes one of the stack's name and the logical id.
            let own = resource.name.clone();
            let entries = arguments.into_entries().into_iter().filter(|(key, _)| key != name).collect();
            arguments = Node::new(entries, resource.at);
            arguments.push(Cow::Borrowed(name), Tree::Text(Cow::Owned(own)));
        }
        let mut declared = (self.shape)(resource, arguments);
        for one in &mut declared {
            if one.kind.is_empty() {
                one.kind = Cow::Borrowed(self.terraform);
            }
        }
        declared
    }

    fn renamed<'a>(&self, node: &Node<'a>) -> Node<'a> {
        let mut made = Node::new(Vec::with_capacity(node.entries().len()), node.at);
        for (key, value) in node.entries() {
            let own = self.names.iter().find(|(name, _)| name == key).map(|(_, name)| *name);
            let name = own.map_or_else(|| snake(key), Cow::Borrowed);
            match &*name {
                "" => {}
                "tags" => made.push(name, tags(value)),
                _ => made.push(name, self.renamed_value(value)),
            }
        }
        made
    }

    fn renamed_value<'a>(&self, value: &Tree<'a>) -> Tree<'a> {
        match value {
            // A block is a list of objects, be there one.
            Tree::Object(node) => Tree::List(vec![Tree::Object(self.renamed(node))]),
            Tree::List(items) => {
                let item = |item: &Tree<'a>| match item {
                    Tree::Object(node) => Tree::Object(self.renamed(node)),
                    other => other.clone(),
                };
                Tree::List(items.iter().map(item).collect())
            }
            Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => value.clone(),
        }
    }
}

/// Tags as an object. Only names are asked for, so one that is not known is left out.
fn tags<'a>(value: &Tree<'a>) -> Tree<'a> {
    let Tree::List(items) = value else { return Tree::Object(Node::default()) };
    let mut made = Node::default();
    for item in items {
        let Tree::Object(tag) = item else { continue };
        if let (Some(Tree::Text(key)), Some(value @ Tree::Text(_))) = (tag.own("Key"), tag.own("Value")) {
            made.push(key.clone(), value.clone());
        }
    }
    Tree::Object(made)
}

/// `DBSubnetGroupName` as `db_subnet_group_name`.
pub(super) fn snake<'a>(name: &str) -> Cow<'a, str> {
    let letters: Vec<char> = name.chars().collect();
    let mut made = String::with_capacity(name.len() + 8);
    for (position, letter) in letters.iter().enumerate() {
        let before = position.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(position + 1);
        let begins = letter.is_ascii_uppercase()
            && before.is_some_and(|before| {
                !before.is_ascii_uppercase() || after.is_some_and(char::is_ascii_lowercase)
            });
        if begins {
            made.push('_');
        }
        made.push(letter.to_ascii_lowercase());
    }
    Cow::Owned(made)
}

/// A declared resource of the type's own twin.
pub(super) fn declare<'a>(resource: &Resource<'a>, attributes: Node<'a>) -> Declared<'a> {
    Declared {
        kind: Cow::Borrowed(""),
        address: resource.id.clone(),
        attributes,
        provider: Arc::new(Node::default()),
        presence: resource.presence,
        is_looked_up: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_properties_are_told_apart() {
        for (name, words) in [
            ("VpcId", "vpc_id"),
            ("DBSubnetGroupName", "db_subnet_group_name"),
            ("Ipv6CidrBlock", "ipv6_cidr_block"),
            ("AssociatePublicIpAddress", "associate_public_ip_address"),
            ("SourceSecurityGroupOwnerId", "source_security_group_owner_id"),
        ] {
            assert_eq!(snake(name), words);
        }
    }

    #[test]
    fn each_type_has_one_twin() {
        for twin in TWINS {
            assert_eq!(TWINS.iter().filter(|other| other.kind == twin.kind).count(), 1, "{}", twin.kind);
        }
    }
}
