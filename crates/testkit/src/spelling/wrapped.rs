//! Answers inside other documents: recordings, examples, batches.

use serde_json::{Value, json};

/// A batch of answers, each of one resource.
pub(super) fn batch(resources: Vec<Value>) -> Value {
    let answers: Vec<Value> = resources
        .into_iter()
        .enumerate()
        .map(|(number, resource)| json!({"name": number.to_string(), "httpStatusCode": 200, "headers": {}, "content": resource}))
        .collect();
    json!({"responses": answers})
}

/// A recording of one request that listed all.
pub(super) fn recording(resources: Vec<Value>) -> Value {
    json!({"version": 1, "interactions": [
        {"request": {"method": "GET", "uri": ADDRESS, "body": decoy(), "headers": {}},
         "response": {"status": {"code": 200, "message": "OK"}, "headers": {},
                      "body": {"data": {"value": resources}}}}
    ]})
}

/// A recording of pages of one resource each, whose answers are texts.
pub(super) fn recording_of_texts(resources: Vec<Value>) -> Value {
    let last = resources.len().saturating_sub(1);
    let mut interactions: Vec<Value> = resources
        .into_iter()
        .enumerate()
        .map(|(number, resource)| {
            let mut page = json!({"value": [resource]});
            if number < last {
                page["nextLink"] = format!("{ADDRESS}&$skiptoken={}", number + 1).into();
            }
            let asked =
                if number == 0 { ADDRESS.to_owned() } else { format!("{ADDRESS}&%24skiptoken={number}") };
            json!({"request": {"method": "GET", "uri": asked, "body": null},
                   "response": {"status": {"code": 200}, "body": {"string": page.to_string()}}})
        })
        .collect();
    interactions.push(json!({"request": {"method": "GET", "uri": "https://login.microsoftonline.com/"},
                             "response": {"status": {"code": 200}, "body": {"string": "<html>"}}}));
    json!({"interactions": interactions, "version": 1})
}

/// What the recorder of Microsoft's clients writes.
pub(super) fn session_records(resources: Vec<Value>) -> Value {
    let page = json!({"value": resources});
    json!({"Entries": [{"RequestUri": ADDRESS, "RequestMethod": "GET", "RequestBody": decoy().to_string(),
                        "StatusCode": 200, "ResponseHeaders": {}, "ResponseBody": page.to_string()}],
           "Names": {}, "Variables": {}})
}

/// An example of the specification: what is asked is no answer.
pub(super) fn example(resources: Vec<Value>) -> Value {
    json!({"title": "List", "parameters": {"api-version": "2021-02-01", "parameters": decoy()},
           "responses": {"200": {"headers": {}, "body": {"value": resources}}, "404": {"body": decoy()}}})
}

/// A group that is open to everything, where no answer stands.
fn decoy() -> Value {
    json!({"id": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/nsg-0",
           "name": "nsg-0",
           "properties": {"securityRules": [{"name": "decoy", "properties": {
               "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "*",
               "sourceAddressPrefix": "*", "sourcePortRange": "*",
               "destinationAddressPrefix": "*", "destinationPortRange": "*"}}]}})
}

const ADDRESS: &str =
    "https://management.azure.com/subscriptions/s/providers/Microsoft.Network/things?api-version=2021-02-01";
