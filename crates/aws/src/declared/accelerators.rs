//! Global Accelerator: accelerators, their listeners and what these lead to.

use cloud::json::Tree;

use super::Out;
use super::shape::{Shape, perhaps};
use super::world::{World, value_in};

pub(super) fn lower<'a>(world: &World<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    for thing in world.of_kinds(&["aws_globalaccelerator_accelerator"]) {
        let shape = Shape::at(thing.at())
            .with("AcceleratorArn", world.arn(thing))
            .with("Name", world.name(thing))
            .with_some("Enabled", thing.flag("enabled").written(Some(Tree::Flag(true)), Tree::Flag));
        out.put("accelerator", thing, shape);
    }
    for thing in world.of_kinds(&["aws_globalaccelerator_listener"]) {
        let ranges = thing.blocks("port_range").iter().filter(|block| **block != Tree::Null);
        let ranges = ranges.map(|block| match block {
            Tree::Object(node) => Shape::at(node.at.or(thing.at()))
                .with_some("FromPort", value_in(node, "from_port").cloned())
                .with_some("ToPort", value_in(node, "to_port").cloned())
                .tree(),
            unknown => unknown.clone(),
        });
        let protocol = match thing.is_perhaps() {
            true => Some(perhaps(&thing.declared.address)),
            false => thing.value("protocol").cloned(),
        };
        let shape = Shape::at(thing.at())
            .with("ListenerArn", world.arn(thing))
            .with_some("Protocol", protocol)
            .with("PortRanges", ranges.collect::<Vec<_>>());
        out.put("accelerator-listener", thing, shape);
    }
    for thing in world.of_kinds(&["aws_globalaccelerator_endpoint_group"]) {
        let blocks = thing.blocks("endpoint_configuration").iter().filter(|block| **block != Tree::Null);
        let endpoints = blocks.map(|block| match block {
            Tree::Object(node) => Shape::at(node.at.or(thing.at()))
                .with_some("EndpointId", world.under(node, "endpoint_id"))
                .with_some("Weight", value_in(node, "weight").cloned())
                .with_some(
                    "ClientIPPreservationEnabled",
                    value_in(node, "client_ip_preservation_enabled").cloned(),
                )
                .tree(),
            unknown => unknown.clone(),
        });
        let overrides = thing.blocks("port_override").iter().filter(|block| **block != Tree::Null);
        let overrides = overrides.map(|block| match block {
            Tree::Object(node) => Shape::at(node.at.or(thing.at()))
                .with_some("ListenerPort", value_in(node, "listener_port").cloned())
                .with_some("EndpointPort", value_in(node, "endpoint_port").cloned())
                .tree(),
            unknown => unknown.clone(),
        });
        let shape = Shape::at(thing.at())
            .with("EndpointGroupArn", world.arn(thing))
            .with_some("TrafficDialPercentage", thing.value("traffic_dial_percentage").cloned())
            .with("EndpointDescriptions", endpoints.collect::<Vec<_>>())
            .with("PortOverrides", overrides.collect::<Vec<_>>());
        out.put("endpoint-group", thing, shape);
    }
}
