//! What is declared and not assessed: the kinds that `wire` knows as well, by Terraform's types.

use cloud::json::Tree;

use crate::wire::Beside;

use super::Out;
use super::groups::template_of;
use super::machines::is_template;
use super::shape::{Shape, Words, items};
use super::world::{World, value_in};

pub(super) fn lower<'w, 'a>(world: &'w World<'w, 'a>, out: &mut Out<'_, '_, 'a>) {
    let used: Vec<String> = used_templates(world);
    for declared in world.all.iter().filter(|declared| !declared.is_looked_up) {
        if is_template(&declared.kind) && used.contains(&declared.address) {
            continue;
        }
        let Some((_, asset)) = TYPES.iter().find(|(kind, _)| *kind == declared.kind) else { continue };
        let shape = Shape::of_node(world, &declared.attributes, &WORDS);
        out.beside.push(Beside { asset, node: Tree::Object(shape.node()), at: declared.attributes.at });
    }
}

/// The addresses of templates of which managers of groups make instances.
fn used_templates<'w, 'a>(world: &'w World<'w, 'a>) -> Vec<String> {
    let kinds = ["google_compute_instance_group_manager", "google_compute_region_instance_group_manager"];
    let mut used = Vec::new();
    for thing in kinds.iter().flat_map(|kind| world.of_kind(kind)) {
        let versions = items(thing.value("version")).iter().filter_map(|version| match version {
            Tree::Object(version) => value_in(version, "instance_template"),
            _ => None,
        });
        let templates = versions.chain(thing.value("instance_template"));
        used.extend(
            templates
                .filter_map(|value| template_of(world, value))
                .map(|template| template.declared.address.clone()),
        );
    }
    used
}

/// Types, with the type of the asset inventory that says what they bear.
const TYPES: &[(&str, &str)] = &[
    ("google_cloud_run_service", "serving.knative.dev/v1"),
    ("google_cloud_run_v2_service", "run.googleapis.com/Service"),
    ("google_cloudfunctions_function", "cloudfunctions.googleapis.com/CloudFunction"),
    ("google_cloudfunctions2_function", "cloudfunctions.googleapis.com/Function"),
    ("google_api_gateway_gateway", "apigateway.googleapis.com/Gateway"),
    ("google_apigee_instance", "apigee.googleapis.com/Instance"),
    ("google_network_services_gateway", "networkservices.googleapis.com/Gateway"),
    ("google_alloydb_instance", "alloydb.googleapis.com/Instance"),
    ("google_notebooks_instance", "notebooks.googleapis.com/Instance"),
    ("google_workbench_instance", "notebooks.googleapis.com/Instance"),
    ("google_composer_environment", "composer.googleapis.com/Environment"),
    ("google_data_fusion_instance", "datafusion.googleapis.com/Instance"),
    ("google_looker_instance", "looker.googleapis.com/Instance"),
    ("google_tpu_node", "tpu.googleapis.com/Node"),
    ("google_tpu_v2_vm", "tpu.googleapis.com/Node"),
    ("google_vmwareengine_external_address", "vmwareengine.googleapis.com/ExternalAddress"),
    ("google_compute_instance_template", "compute.googleapis.com/InstanceTemplate"),
    ("google_compute_region_instance_template", "compute.googleapis.com/InstanceTemplate"),
    ("google_compute_ha_vpn_gateway", "compute.googleapis.com/VpnGateway"),
    ("google_compute_packet_mirroring", "compute.googleapis.com/PacketMirroring"),
    ("google_compute_interconnect_attachment", "compute.googleapis.com/InterconnectAttachment"),
    ("google_dataproc_cluster", "dataproc.googleapis.com/Cluster"),
    ("google_storage_bucket", "storage.googleapis.com/Bucket"),
];

const WORDS: Words =
    Words { alone: &["metadata", "template", "service_config", "network_config"], blocks: &[], renamed: &[] };
