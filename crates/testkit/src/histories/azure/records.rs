//! The records of a request: its phases, as each export writes them.

use serde_json::{Value, json};

/// One phase of a request.
#[derive(Clone, Debug)]
pub(super) struct Phase {
    pub(super) time: String,
    /// `Started`, `Accepted`, `Succeeded` or `Failed`.
    pub(super) status: &'static str,
    pub(super) method: &'static str,
    pub(super) operation: String,
    pub(super) id: String,
    pub(super) correlation: String,
    pub(super) request: String,
    pub(super) caller: &'static str,
    pub(super) properties: Value,
}

/// A way to write a record.
pub(super) type Shape = fn(&Phase) -> Value;

/// Every way that says all that the REST interface says.
pub(super) const SHAPES: [Shape; 6] =
    [Phase::rest, Phase::exported, Phase::row, Phase::answered, Phase::powershell, Phase::elastic];

impl Phase {
    fn authorization(&self) -> Value {
        json!({"action": self.operation, "scope": self.id})
    }

    fn claims(&self) -> Value {
        json!({
            "appid": "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn": self.caller,
        })
    }

    fn event_id(&self) -> String {
        format!("{}-{}-{}", self.request, self.time.replace([':', '.'], "-"), self.status)
    }

    /// The word that exports of diagnostics have for its status.
    const fn result(&self) -> &'static str {
        match self.status.as_bytes() {
            b"Started" => "Start",
            b"Accepted" => "Accept",
            b"Succeeded" => "Success",
            _ => "Failure",
        }
    }

    /// As the REST interface and the command line write it.
    pub(super) fn rest(&self) -> Value {
        json!({
            "authorization": self.authorization(),
            "caller": self.caller,
            "claims": self.claims(),
            "correlationId": self.correlation,
            "eventDataId": self.event_id(),
            "eventTimestamp": self.time,
            "submissionTimestamp": "2026-02-10T09:20:00Z",
            "httpRequest": {"clientIpAddress": "203.0.113.7", "method": self.method},
            "operationId": self.request,
            "operationName": {"value": self.operation, "localizedValue": "Create or update something"},
            "properties": self.properties,
            "resourceId": self.id,
            "status": {"value": self.status, "localizedValue": self.status},
            "subStatus": {"value": "", "localizedValue": ""},
        })
    }

    /// As diagnostic settings export it to Event Hubs and Storage: no ids of event and request, no method.
    pub(super) fn exported(&self) -> Value {
        json!({
            "time": self.time,
            "resourceId": self.id.to_uppercase(),
            "operationName": self.operation.to_uppercase(),
            "category": "Administrative",
            "resultType": self.result(),
            "resultSignature": format!("{}.", self.status),
            "callerIpAddress": "203.0.113.7",
            "correlationId": self.correlation,
            "identity": {"authorization": self.authorization(), "claims": self.claims()},
            "properties": self.properties,
        })
    }

    /// As a table keeps it.
    pub(super) fn row(&self) -> Value {
        json!({
            "TimeGenerated": self.time,
            "OperationNameValue": self.operation.to_uppercase(),
            "ActivityStatusValue": self.result(),
            "ActivitySubstatusValue": "",
            "Authorization": self.authorization().to_string(),
            "Caller": self.caller,
            "CallerIpAddress": "203.0.113.7",
            "Claims": self.claims().to_string(),
            "CorrelationId": self.correlation,
            "EventDataId": self.event_id(),
            "OperationId": self.request,
            "HTTPRequest": json!({"clientIpAddress": "203.0.113.7", "method": self.method}).to_string(),
            "Properties": self.properties.to_string(),
            "_ResourceId": self.id.to_lowercase(),
        })
    }

    /// What the query interface answers.
    pub(super) fn answered(&self) -> Value {
        let row = self.row();
        let cells = row.as_object().into_iter().flatten();
        let columns: Vec<Value> =
            cells.clone().map(|(name, _)| json!({"name": name, "type": "string"})).collect();
        let cells: Vec<&Value> = cells.map(|(_, cell)| cell).collect();
        json!({"tables": [{"name": "PrimaryResult", "columns": columns, "rows": [cells]}]})
    }

    /// As `Get-AzActivityLog | ConvertTo-Json` prints it.
    pub(super) fn powershell(&self) -> Value {
        json!({
            "Authorization": {"Action": self.operation, "Scope": self.id},
            "Caller": self.caller,
            "Claims": {"Content": self.claims()},
            "CorrelationId": self.correlation,
            "EventDataId": self.event_id(),
            "EventTimestamp": self.time,
            "HttpRequest": {"ClientIpAddress": "203.0.113.7", "Method": self.method},
            "OperationId": self.request,
            "OperationName": "Create or update something",
            "Properties": {"Content": self.properties},
            "ResourceId": self.id,
            "Status": self.status,
            "SubStatus": "",
        })
    }

    /// As Elastic keeps what Event Hubs handed on.
    pub(super) fn elastic(&self) -> Value {
        let exported = self.exported();
        json!({
            "@timestamp": self.time,
            "azure": {
                "activitylogs": {
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
        })
    }
}
