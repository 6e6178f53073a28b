//! What is declared and not assessed: what may open something of its own to the Internet, and what only may stand in a
//! path. And which types are things of their own rather than parts of another.

use cloud::Bearing;
use cloud::json::Tree;

use crate::wire::Beside;

use super::world::{Argument, Thing, World, text_in};

/// A type that is not assessed.
struct Kind {
    /// Its type.
    of: &'static str,
    /// What results call it.
    name: &'static str,
    closed: Closed,
}

/// When one opens nothing, as far as its own arguments say. Complete.
#[derive(Clone, Copy)]
enum Closed {
    Never,
    /// It only may stand in a path.
    Always,
    /// An argument is not set: a switch that is off where it is not given.
    Unless(&'static str),
    /// An argument has this word.
    Where(&'static str, &'static str),
    /// An argument of a block has this word, or is not given.
    WhereIn(&'static [&'static str; 3]),
}

const fn opens(of: &'static str, name: &'static str) -> Kind {
    Kind { of, name, closed: Closed::Never }
}

const fn counts(of: &'static str, name: &'static str) -> Kind {
    Kind { of, name, closed: Closed::Always }
}

const fn unless(of: &'static str, name: &'static str, argument: &'static str) -> Kind {
    Kind { of, name, closed: Closed::Unless(argument) }
}

/// What of a resource is to be counted.
pub(super) fn of<'a>(world: &World<'_, 'a>, thing: Thing<'_, 'a>) -> Option<Beside<'a>> {
    let kind = KINDS.iter().find(|kind| kind.of == thing.kind())?;
    let is_word =
        |argument: &str, word: &str| thing.text(argument).is_some_and(|own| own.eq_ignore_ascii_case(word));
    let is_closed = match kind.closed {
        Closed::Never => false,
        Closed::Always => true,
        Closed::Unless(argument) => {
            matches!(thing.flag(argument), Argument::Absent | Argument::Known(false))
        }
        Closed::Where(argument, word) => is_word(argument, word),
        Closed::WhereIn([block, argument, word]) => match thing.blocks(block).first() {
            None | Some(Tree::Null) => false,
            Some(Tree::Object(node)) => {
                text_in(node, argument).is_some_and(|own| own.eq_ignore_ascii_case(word))
            }
            Some(_) => false,
        },
    };
    // Templates that something uses are read with it.
    let is_used = kind.of.starts_with("aws_launch_")
        && world.users_of(&thing.declared.address).any(|user| USERS_OF_TEMPLATES.contains(&user));
    let bearing = if is_closed { Bearing::Counts } else { Bearing::Opens };
    (!is_used).then_some(Beside { name: kind.name, bearing, at: thing.at() })
}

const USERS_OF_TEMPLATES: &[&str] = &["aws_autoscaling_group", "aws_instance", "aws_spot_instance_request"];

const KINDS: &[Kind] = &[
    opens("aws_lambda_function_url", "lambda-function-url"),
    Kind {
        of: "aws_api_gateway_rest_api",
        name: "api-gateway",
        closed: Closed::WhereIn(&["endpoint_configuration", "types", "PRIVATE"]),
    },
    opens("aws_apigatewayv2_api", "api-gateway"),
    opens("aws_cloudfront_distribution", "cloudfront-distribution"),
    opens("aws_apprunner_service", "app-runner-service"),
    opens("aws_msk_cluster", "msk-cluster"),
    unless("aws_mq_broker", "mq-broker", "publicly_accessible"),
    opens("aws_dms_replication_instance", "dms-replication-instance"),
    opens("aws_ec2_client_vpn_endpoint", "client-vpn-endpoint"),
    opens("aws_verifiedaccess_endpoint", "verified-access-endpoint"),
    Kind {
        of: "aws_transfer_server",
        name: "transfer-server",
        closed: Closed::Where("endpoint_type", "VPC_ENDPOINT"),
    },
    Kind {
        of: "aws_appsync_graphql_api",
        name: "appsync-api",
        closed: Closed::Where("visibility", "PRIVATE"),
    },
    opens("aws_opensearchserverless_collection", "opensearch-serverless-collection"),
    opens("aws_lightsail_container_service", "lightsail-container-service"),
    opens("aws_lightsail_lb", "lightsail-load-balancer"),
    opens("aws_lightsail_distribution", "lightsail-distribution"),
    opens("aws_gamelift_fleet", "gamelift-fleet"),
    opens("aws_eks_node_group", "eks-node-group"),
    opens("aws_ec2_fleet", "ec2-fleet"),
    opens("aws_spot_fleet_request", "ec2-fleet"),
    opens("aws_ec2_spot_fleet_request", "ec2-fleet"),
    opens("aws_batch_compute_environment", "batch-compute-environment"),
    opens("aws_elastic_beanstalk_environment", "elastic-beanstalk-environment"),
    opens("aws_emr_cluster", "emr-cluster"),
    opens("aws_glue_dev_endpoint", "glue-dev-endpoint"),
    opens("aws_globalaccelerator_custom_routing_accelerator", "custom-routing-accelerator"),
    opens("aws_db_security_group", "db-security-group"),
    opens("aws_redshift_security_group", "redshift-security-group"),
    opens("aws_workspaces_workspace", "workspace"),
    // What stands in a template of another language.
    opens("aws_cloudformation_stack", "cloudformation-stack"),
    opens("aws_cloudformation_stack_set", "cloudformation-stack"),
    opens("aws_cloudformation_stack_set_instance", "cloudformation-stack"),
    opens("aws_cloudcontrolapi_resource", "cloud-control-resource"),
    opens("aws_serverlessapplicationrepository_cloudformation_stack", "cloudformation-stack"),
    // The same kinds by another provider.
    opens("awscc_ec2_security_group", "cloud-control-resource"),
    opens("awscc_ec2_security_group_ingress", "cloud-control-resource"),
    opens("awscc_ec2_instance", "cloud-control-resource"),
    opens("awscc_ec2_network_interface", "cloud-control-resource"),
    opens("awscc_ec2_network_acl_entry", "cloud-control-resource"),
    opens("awscc_elasticloadbalancingv2_load_balancer", "cloud-control-resource"),
    opens("awscc_rds_db_instance", "cloud-control-resource"),
    opens("awscc_rds_db_cluster", "cloud-control-resource"),
    opens("awscc_redshift_cluster", "cloud-control-resource"),
    opens("awscc_eks_cluster", "cloud-control-resource"),
    counts("aws_launch_template", "launch-template"),
    counts("aws_launch_configuration", "launch-template"),
    counts("aws_networkfirewall_firewall", "network-firewall"),
    counts("aws_ec2_transit_gateway", "transit-gateway"),
    counts("aws_ec2_transit_gateway_vpc_attachment", "transit-gateway-attachment"),
    counts("aws_ec2_transit_gateway_route_table", "transit-gateway-route-table"),
    counts("aws_vpn_gateway", "vpn-gateway"),
    counts("aws_vpn_connection", "vpn-connection"),
    counts("aws_customer_gateway", "customer-gateway"),
    counts("aws_dx_gateway", "direct-connect-gateway"),
    counts("aws_vpc_endpoint", "vpc-endpoint"),
    counts("aws_wafv2_web_acl", "web-acl"),
    counts("aws_elasticache_security_group", "elasticache-security-group"),
];

/// Whether a type is a thing of its own, which is taken to be there where that is not known; parts of another say it
/// where they are put together.
pub(super) fn is_whole(thing: Thing<'_, '_>) -> bool {
    thing.is(WHOLE)
}

const WHOLE: &[&str] = &[
    "aws_vpc",
    "aws_subnet",
    "aws_security_group",
    "aws_default_security_group",
    "aws_internet_gateway",
    "aws_route_table",
    "aws_default_route_table",
    "aws_network_acl",
    "aws_default_network_acl",
    "aws_instance",
    "aws_spot_instance_request",
    "aws_network_interface",
    "aws_autoscaling_group",
    "aws_ecs_service",
    "aws_lb",
    "aws_alb",
    "aws_elb",
    "aws_lb_target_group",
    "aws_alb_target_group",
    "aws_globalaccelerator_accelerator",
    "aws_db_instance",
    "aws_rds_cluster",
    "aws_rds_cluster_instance",
    "aws_neptune_cluster",
    "aws_neptune_cluster_instance",
    "aws_redshift_cluster",
    "aws_eks_cluster",
    "aws_opensearch_domain",
    "aws_elasticsearch_domain",
    "aws_lightsail_instance",
    "aws_lightsail_database",
];
