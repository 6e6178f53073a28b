//! Global Accelerator: its responses say what they made or changed whole.

use cloud::audit::{Act, Nature, Spot};
use cloud::json::Tree;

use super::Does;
use super::Does::Read as By;
use crate::trail::call::{Call, Meaning, Told};
use crate::trail::made::{described, names, text, tree};

/// What is done to accelerators. Those of custom routing are asked by operations of their own.
pub(super) const OPERATIONS: &[(&str, Does)] = &[
    ("CreateAccelerator", By(accelerator)),
    ("UpdateAccelerator", By(accelerator)),
    ("DeleteAccelerator", By(delete)),
    ("CreateCustomRoutingAccelerator", By(accelerator)),
    ("UpdateCustomRoutingAccelerator", By(accelerator)),
    ("DeleteCustomRoutingAccelerator", By(delete)),
    ("CreateListener", By(listener)),
    ("UpdateListener", By(listener)),
    ("DeleteListener", By(delete)),
    ("CreateCustomRoutingListener", By(listener)),
    ("UpdateCustomRoutingListener", By(listener)),
    ("DeleteCustomRoutingListener", By(delete)),
    ("CreateEndpointGroup", By(group)),
    ("UpdateEndpointGroup", By(group)),
    ("DeleteEndpointGroup", By(delete)),
    ("CreateCustomRoutingEndpointGroup", By(group)),
    ("DeleteCustomRoutingEndpointGroup", By(delete)),
    ("AddEndpoints", By(add)),
    ("RemoveEndpoints", By(remove)),
    ("AddCustomRoutingEndpoints", By(add)),
    ("RemoveCustomRoutingEndpoints", By(remove)),
    ("UpdateAcceleratorAttributes", By(super::impairment::accelerator)),
];

fn accelerator(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    stated(call, told, "accelerator", ("accelerator", "acceleratorArn"))
}

fn listener(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    stated(call, told, "listener", ("accelerator-listener", "listenerArn"))
}

fn group(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    stated(call, told, "endpointGroup", ("endpoint-group", "endpointGroupArn"))
}

fn stated(call: &Call<'_>, told: &mut Told<'_>, part: &str, (kind, key): (&str, &str)) -> Meaning {
    let made = call.response.part(part);
    if let Some(arn) = made.text(key) {
        let put = Act::Put(described(made, &[]));
        return Meaning::edits(vec![call.edit(kind, arn, Nature::Attachment, put)]);
    }
    // Of what was refused the request says what would have been; what would have been made has no ARN.
    match call.request.text(key) {
        Some(arn) => {
            let now = Act::Merge(described(call.request, &[]));
            Meaning::edits(vec![call.edit(kind, arn, Nature::Attachment, now)])
        }
        None => told.no_id(key),
    }
}

fn delete(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let kinds = [
        ("accelerator", "acceleratorArn"),
        ("accelerator-listener", "listenerArn"),
        ("endpoint-group", "endpointGroupArn"),
    ];
    let named = kinds.into_iter().find_map(|(kind, key)| Some((kind, call.request.text(key)?)));
    let Some((kind, arn)) = named else { return told.no_id("acceleratorArn") };
    Meaning::edits(vec![call.edit(kind, arn, Nature::Attachment, Act::Drop)])
}

fn add(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(arn) = call.request.text("endpointGroupArn") else { return told.no_id("endpointGroupArn") };
    let described = |one| Tree::Object(described(one, &[]));
    let items = call.request.parts("endpointConfigurations").into_iter().map(described).collect();
    let act = Act::Insert { into: Spot::of(&[ENDPOINTS]), items, by: names(&["EndpointId"]) };
    Meaning::edits(vec![call.edit("endpoint-group", arn, Nature::Attachment, act)])
}

fn remove(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(arn) = call.request.text("endpointGroupArn") else { return told.no_id("endpointGroupArn") };
    // Those of custom routing are named by their ids alone.
    let ids = call.request.texts_of("endpointIdentifiers", "endpointId").into_iter();
    let ids = ids.chain(call.request.texts("endpointIds"));
    let items = ids.map(|id| tree([("EndpointId", text(id))])).collect();
    let act = Act::Remove { from: Spot::of(&[ENDPOINTS]), items };
    Meaning::edits(vec![call.edit("endpoint-group", arn, Nature::Attachment, act)])
}

const ENDPOINTS: &str = "EndpointDescriptions";
