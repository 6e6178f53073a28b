//! Rows of Azure Resource Graph.

use serde_json::{Value, json};

use super::segment;

/// Rows as objects, by REST.
pub(super) fn objects(resources: Vec<Value>) -> Value {
    let count = resources.len();
    let rows: Vec<Value> = resources.into_iter().map(row).collect();
    json!({"totalRecords": count, "count": count, "data": rows, "facets": [], "resultTruncated": "false"})
}

/// A table, by REST.
pub(super) fn table(resources: Vec<Value>) -> Value {
    let count = resources.len();
    let (columns, rows) = columns_and_rows(resources);
    let text = format!(
        r#"{{"totalRecords": {count}, "count": {count}, "data": {{"columns": {columns}, "rows": {rows}}}, "facets": [], "resultTruncated": "false"}}"#
    );
    ordered(&text)
}

/// A table whose columns come last.
pub(super) fn table_rows_first(resources: Vec<Value>) -> Value {
    let count = resources.len();
    let (columns, rows) = columns_and_rows(resources);
    ordered(&format!(
        r#"{{"data": {{"rows": {rows}, "zcolumns": 0, "columns": {columns}}}, "count": {count}, "totalRecords": {count}}}"#
    ))
}

/// `az graph query`.
pub(super) fn command_line(resources: Vec<Value>) -> Value {
    let count = resources.len();
    let rows: Vec<Value> = resources.into_iter().map(row).collect();
    json!({"count": count, "data": rows, "skip_token": null, "total_records": count})
}

/// `Search-AzGraph | ConvertTo-Json`.
pub(super) fn search(resources: Vec<Value>) -> Value {
    let rows: Vec<Value> = resources
        .into_iter()
        .map(|resource| {
            let mut row = row(resource);
            row["ResourceId"] = row["id"].clone();
            row
        })
        .collect();
    json!({"SkipToken": null, "Data": rows})
}

/// A row has no `etag`; what it holds is whole all the same.
fn row(mut resource: Value) -> Value {
    let words = ["subscriptions", "resourceGroups"].map(|word| segment(&resource, word).map(str::to_owned));
    let [subscription, group] = words;
    if let Value::Object(members) = &mut resource {
        let is_whole = members.remove("etag").is_some();
        if let Some(Value::Object(properties)) = members.get_mut("properties").filter(|_| is_whole) {
            properties.entry("provisioningState").or_insert("Succeeded".into());
        }
        if let Some(kind) = members.get("type").and_then(Value::as_str).map(str::to_lowercase) {
            members.insert("type".to_owned(), kind.into());
        }
        members.insert("subscriptionId".to_owned(), subscription.into());
        members.insert("resourceGroup".to_owned(), group.map(|group| group.to_lowercase()).into());
        for key in ["managedBy", "plan", "identity", "zones", "extendedLocation"] {
            members.entry(key).or_insert(Value::Null);
        }
    }
    resource
}

fn columns_and_rows(resources: Vec<Value>) -> (Value, Value) {
    let rows: Vec<Value> = resources.into_iter().map(row).collect();
    let mut names: Vec<&String> =
        rows.iter().filter_map(Value::as_object).flat_map(|row| row.keys()).collect();
    names.sort();
    names.dedup();
    let columns: Vec<Value> = names.iter().map(|name| json!({"name": name, "type": "object"})).collect();
    let cells = |row: &Value| names.iter().map(|name| row[name.as_str()].clone()).collect::<Vec<Value>>();
    let table: Vec<Vec<Value>> = rows.iter().map(cells).collect();
    (columns.into(), json!(table))
}

fn ordered(text: &str) -> Value {
    serde_json::from_str(text).expect("a table is JSON")
}
