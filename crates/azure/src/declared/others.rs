//! Types of which the name is all that is needed: what nothing comes in through, and what is not assessed.

use cloud::json::Node;

use super::one::One;
use super::row::{Make, Place, Row};
use super::spelled::KIND;
use super::written::Written;

macro_rules! named {
    ($($kind:literal => $path:literal),* $(,)?) => {
        pub(super) static ROWS: &[Row] = &[
            Row { kind: "azurerm_resource_group", place: Place::Subscription, make: Make::Nothing },
            Row { kind: KIND, place: Place::Stated, make: Make::Spelled },
            Row { kind: "azapi_update_resource", place: Place::Stated, make: Make::Corrected },
            $(Row { kind: $kind, place: Place::Group($path), make: Make::Resources(|one| named(one, $path)) }),*
        ];
    };
}

named! {
    "azurerm_analysis_services_server" => "Microsoft.AnalysisServices/servers",
    "azurerm_api_management" => "Microsoft.ApiManagement/service",
    "azurerm_app_configuration" => "Microsoft.AppConfiguration/configurationStores",
    "azurerm_batch_account" => "Microsoft.Batch/batchAccounts",
    "azurerm_cdn_frontdoor_profile" => "Microsoft.Cdn/profiles",
    "azurerm_cdn_profile" => "Microsoft.Cdn/profiles",
    "azurerm_container_app" => "Microsoft.App/containerApps",
    "azurerm_container_app_environment" => "Microsoft.App/managedEnvironments",
    "azurerm_container_group" => "Microsoft.ContainerInstance/containerGroups",
    "azurerm_cosmosdb_cassandra_cluster" => "Microsoft.DocumentDB/cassandraClusters",
    "azurerm_cosmosdb_postgresql_cluster" => "Microsoft.DBforPostgreSQL/serverGroupsv2",
    "azurerm_data_factory" => "Microsoft.DataFactory/factories",
    "azurerm_databricks_workspace" => "Microsoft.Databricks/workspaces",
    "azurerm_eventgrid_domain" => "Microsoft.EventGrid/domains",
    "azurerm_eventgrid_namespace" => "Microsoft.EventGrid/namespaces",
    "azurerm_eventgrid_topic" => "Microsoft.EventGrid/topics",
    "azurerm_express_route_gateway" => "Microsoft.Network/expressRouteGateways",
    "azurerm_frontdoor" => "Microsoft.Network/frontDoors",
    "azurerm_hdinsight_hadoop_cluster" => "Microsoft.HDInsight/clusters",
    "azurerm_hdinsight_hbase_cluster" => "Microsoft.HDInsight/clusters",
    "azurerm_hdinsight_interactive_query_cluster" => "Microsoft.HDInsight/clusters",
    "azurerm_hdinsight_kafka_cluster" => "Microsoft.HDInsight/clusters",
    "azurerm_hdinsight_spark_cluster" => "Microsoft.HDInsight/clusters",
    "azurerm_iothub" => "Microsoft.Devices/IotHubs",
    "azurerm_key_vault_managed_hardware_security_module" => "Microsoft.KeyVault/managedHSMs",
    "azurerm_kusto_cluster" => "Microsoft.Kusto/clusters",
    "azurerm_logic_app_workflow" => "Microsoft.Logic/workflows",
    "azurerm_machine_learning_workspace" => "Microsoft.MachineLearningServices/workspaces",
    "azurerm_managed_redis" => "Microsoft.Cache/redisEnterprise",
    "azurerm_mongo_cluster" => "Microsoft.DocumentDB/mongoClusters",
    "azurerm_nat_gateway" => "Microsoft.Network/natGateways",
    "azurerm_point_to_site_vpn_gateway" => "Microsoft.Network/p2sVpnGateways",
    "azurerm_private_endpoint" => "Microsoft.Network/privateEndpoints",
    "azurerm_private_link_service" => "Microsoft.Network/privateLinkServices",
    "azurerm_redhat_openshift_cluster" => "Microsoft.RedHatOpenShift/openShiftClusters",
    "azurerm_redis_enterprise_cluster" => "Microsoft.Cache/redisEnterprise",
    "azurerm_relay_namespace" => "Microsoft.Relay/namespaces",
    "azurerm_search_service" => "Microsoft.Search/searchServices",
    "azurerm_signalr_service" => "Microsoft.SignalRService/SignalR",
    "azurerm_spring_cloud_api_portal" => "Microsoft.AppPlatform/Spring",
    "azurerm_spring_cloud_service" => "Microsoft.AppPlatform/Spring",
    // What stands in a template of another language.
    "azurerm_management_group_template_deployment" => "Microsoft.Other/templateDeployments",
    "azurerm_resource_group_template_deployment" => "Microsoft.Other/templateDeployments",
    "azurerm_subscription_template_deployment" => "Microsoft.Other/templateDeployments",
    "azurerm_template_deployment" => "Microsoft.Other/templateDeployments",
    "azurerm_tenant_template_deployment" => "Microsoft.Other/templateDeployments",
    "azurerm_static_site" => "Microsoft.Web/staticSites",
    "azurerm_static_web_app" => "Microsoft.Web/staticSites",
    "azurerm_virtual_hub" => "Microsoft.Network/virtualHubs",
    "azurerm_vpn_gateway" => "Microsoft.Network/vpnGateways",
    "azurerm_web_pubsub" => "Microsoft.SignalRService/WebPubSub",
}

fn named<'a>(one: One<'_, 'a>, path: &'static str) -> Vec<Node<'a>> {
    vec![Written::resource(path, &one.who(), one.at(), Written::default()).node()]
}
