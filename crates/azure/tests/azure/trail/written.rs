//! Records as each export writes them.

use serde_json::{Value, json};

pub(super) const GROUP: &str = "/subscriptions/5e1d0000-0000-4000-8000-000000000001/resourceGroups/rg-web/providers/Microsoft.Network/networkSecurityGroups/nsg-web";

/// One phase of a request.
#[derive(Clone)]
pub(super) struct Written {
    pub(super) time: &'static str,
    /// `Started`, `Accepted`, `Succeeded` or `Failed`.
    pub(super) status: &'static str,
    pub(super) sub_status: &'static str,
    pub(super) method: &'static str,
    pub(super) operation: String,
    pub(super) id: String,
    pub(super) correlation: &'static str,
    pub(super) request_id: &'static str,
    pub(super) caller: &'static str,
    pub(super) properties: Value,
}

impl Written {
    /// The end of a request on a resource.
    pub(super) fn done(operation: &str, id: &str, properties: Value) -> Self {
        Self {
            time: "2026-01-10T09:12:44.5000000Z",
            status: "Succeeded",
            sub_status: "",
            method: "PUT",
            operation: operation.to_owned(),
            id: id.to_owned(),
            correlation: "c0ffee00-0000-4000-8000-000000000001",
            request_id: "0de10000-0000-4000-8000-000000000001",
            caller: "kim@example.com",
            properties,
        }
    }

    /// The same in another phase, at another time.
    pub(super) fn phase(&self, status: &'static str, time: &'static str, properties: Value) -> Self {
        Self { status, time, properties, ..self.clone() }
    }

    fn authorization(&self) -> Value {
        json!({"action": self.operation, "scope": self.id})
    }

    fn claims(&self) -> Value {
        json!({
            "appid": "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn": self.caller,
            "ipaddr": "203.0.113.99",
        })
    }

    fn event_id(&self) -> String {
        format!("{}-{}-{}", self.correlation, self.time, self.status)
    }

    /// As the REST interface and the command line write it.
    pub(super) fn rest(&self) -> Value {
        json!({
            "authorization": self.authorization(),
            "caller": self.caller,
            "claims": self.claims(),
            "correlationId": self.correlation,
            "eventDataId": self.event_id(),
            "eventName": {"value": "EndRequest", "localizedValue": "End request"},
            "eventTimestamp": self.time,
            "submissionTimestamp": "2026-01-10T09:20:00Z",
            "httpRequest": {"clientIpAddress": "203.0.113.7", "method": self.method},
            "level": "Informational",
            "operationId": self.request_id,
            "operationName": {"value": self.operation, "localizedValue": "Create or update something"},
            "properties": self.properties,
            "resourceId": self.id,
            "status": {"value": self.status, "localizedValue": self.status},
            "subStatus": {"value": self.sub_status, "localizedValue": ""},
            "subscriptionId": "5e1d0000-0000-4000-8000-000000000001",
        })
    }

    /// As diagnostic settings export it to Event Hubs and Storage.
    pub(super) fn exported(&self) -> Value {
        let result = match self.status {
            "Started" => "Start",
            "Accepted" => "Accept",
            "Succeeded" => "Success",
            _ => "Failure",
        };
        json!({
            "time": self.time,
            "resourceId": self.id.to_uppercase(),
            "operationName": self.operation.to_uppercase(),
            "category": "Administrative",
            "resultType": result,
            "resultSignature": format!("{}.{}", self.status, self.sub_status),
            "durationMs": 0,
            "callerIpAddress": "203.0.113.7",
            "correlationId": self.correlation,
            "identity": {"authorization": self.authorization(), "claims": self.claims()},
            "level": "Information",
            "location": "global",
            "properties": self.properties,
        })
    }

    /// As a table keeps it.
    pub(super) fn row(&self) -> Value {
        let value = match self.status {
            "Started" => "Start",
            "Accepted" => "Accept",
            "Succeeded" => "Success",
            _ => "Failure",
        };
        json!({
            "TimeGenerated": self.time,
            "OperationName": "Create or update something",
            "OperationNameValue": self.operation.to_uppercase(),
            "ActivityStatus": "",
            "ActivityStatusValue": value,
            "ActivitySubstatusValue": self.sub_status,
            "Authorization": self.authorization().to_string(),
            "Caller": self.caller,
            "CallerIpAddress": "203.0.113.7",
            "Claims": self.claims().to_string(),
            "CorrelationId": self.correlation,
            "EventDataId": self.event_id(),
            "OperationId": self.request_id,
            "HTTPRequest": json!({"clientIpAddress": "203.0.113.7", "method": self.method}).to_string(),
            "Properties": self.properties.to_string(),
            "_ResourceId": self.id.to_lowercase(),
            "ResourceId": "",
        })
    }

    /// The same with columns of the newer kind.
    pub(super) fn dynamic_row(&self) -> Value {
        let mut row = self.row();
        row["Properties"] = json!("");
        row["Properties_d"] = self.properties.clone();
        row["Claims"] = json!("");
        row["Claims_d"] = self.claims();
        row["Authorization"] = json!("");
        row["Authorization_d"] = self.authorization();
        row
    }

    /// What the query interface answers.
    pub(super) fn answered(&self) -> Value {
        let row = self.row();
        let columns: Vec<Value> =
            row.as_object().unwrap().keys().map(|name| json!({"name": name, "type": "string"})).collect();
        let cells: Vec<Value> = row.as_object().unwrap().values().cloned().collect();
        json!({"tables": [{"name": "PrimaryResult", "columns": columns, "rows": [cells]}]})
    }

    /// A line of a table that was exported as CSV.
    pub(super) fn csv_row(&self) -> Value {
        let mut row = self.row();
        row["TimeGenerated [UTC]"] = json!("1/10/2026, 9:12:44.500 AM");
        row.as_object_mut().unwrap().remove("TimeGenerated");
        row
    }

    /// As Elastic keeps it.
    pub(super) fn elastic(&self) -> Value {
        let exported = self.exported();
        json!({
            "@timestamp": self.time,
            "azure": {
                "activitylogs": {
                    "category": "Administrative",
                    "operation_name": exported["operationName"],
                    "result_type": exported["resultType"],
                    "result_signature": exported["resultSignature"],
                    "identity": exported["identity"],
                    "properties": self.properties,
                },
                "correlation_id": self.correlation,
                "resource": {"id": exported["resourceId"]},
            },
            "source": {"ip": "203.0.113.7"},
            "event": {"outcome": "success", "kind": "event"},
        })
    }

    /// The same as newer versions print it.
    pub(super) fn powershell_at(&self) -> Value {
        let mut record = self.powershell();
        record["EventTimestamp"] = json!(self.time);
        record
    }

    /// As `Get-AzActivityLog | ConvertTo-Json` prints it.
    pub(super) fn powershell(&self) -> Value {
        json!({
            "Authorization": {"Action": self.operation, "Scope": self.id},
            "Caller": self.caller,
            "Claims": {"Content": self.claims()},
            "CorrelationId": self.correlation,
            "EventDataId": self.event_id(),
            "EventName": "EndRequest",
            "EventTimestamp": "/Date(1768036364500)/",
            "HttpRequest": {"ClientIpAddress": "203.0.113.7", "Method": self.method, "Uri": null},
            "OperationId": self.request_id,
            "OperationName": "Create or Update Security Rule",
            "Properties": {"Content": self.properties},
            "ResourceId": self.id,
            "Status": self.status,
            "SubStatus": self.sub_status,
        })
    }
}
