//! Services with a firewall of their own, and kinds that are not modelled.

use cloud::audit::Bears;

use crate::bench::{Line, check, entry, events, events_and_gaps};

fn run(
    method: &str,
    resource: &str,
    path: &str,
    kind: &str,
    request: &str,
    [before, after]: [Option<&str>; 2],
) {
    let payload = format!(r#""request": {request}"#);
    check(&Line { method, resource, payload: &payload, kind, path, before, after });
}

const SQL: &str = "projects/tailspin/instances/orders";

#[test]
fn cloud_sql_has_one_method_for_a_patch_and_a_full_update() {
    let before = r#"{"databaseVersion": "POSTGRES_15", "settings": {"tier": "t", "activationPolicy": "ALWAYS",
        "ipConfiguration": {"ipv4Enabled": true, "authorizedNetworks": [{"value": "192.0.2.0/24"}]}}}"#;
    let body = |kind: &str, settings: &str| {
        format!(
            r#"{{"@type": "type.googleapis.com/google.cloud.sql.v1beta4.{kind}", "instance": "orders", "project": "tailspin",
            "body": {{"settings": {settings}}}}}"#
        )
    };
    let open = r#"{"ipConfiguration": {"authorizedNetworks": [{"value": "0.0.0.0/0"}]}}"#;
    let patched = before.replace("192.0.2.0/24", "0.0.0.0/0");
    for resource in [SQL, "instances/orders"] {
        for method in ["cloudsql.instances.update", "cloud.sql.v1beta4.SqlInstancesService.Patch"] {
            run(
                method,
                resource,
                SQL,
                "cloud-sql-instance",
                &body("SqlInstancesPatchRequest", open),
                [Some(before), Some(&patched)],
            );
        }
    }
    let replaced = format!(r#"{{"databaseVersion": "POSTGRES_15", "settings": {open}}}"#);
    run(
        "cloudsql.instances.update",
        SQL,
        SQL,
        "cloud-sql-instance",
        &body("SqlInstancesUpdateRequest", open),
        [Some(before), Some(&replaced)],
    );
    let made =
        format!(r#"{{"body": {{"name": "orders", "databaseVersion": "MYSQL_8_0", "settings": {open}}}}}"#);
    let after = format!(r#"{{"databaseVersion": "MYSQL_8_0", "settings": {open}}}"#);
    run("cloudsql.instances.create", SQL, SQL, "cloud-sql-instance", &made, [None, Some(&after)]);
    run(
        "cloudsql.instances.delete",
        SQL,
        SQL,
        "cloud-sql-instance",
        r#"{"instance": "orders"}"#,
        [Some(before), None],
    );
    let cloned = entry(
        "cloudsql.instances.clone",
        SQL,
        r#""request": {"body": {"cloneContext": {"destinationInstanceName": "copy"}}}"#,
    );
    assert_eq!(events_and_gaps(&[&cloned]).1, ["unsaid-change"]);
    for method in ["cloudsql.instances.restart", "cloudsql.users.create", "cloudsql.instances.export"] {
        assert!(events(&[&entry(method, SQL, r#""request": {"a": 1}"#)]).is_empty());
    }
    let (told, gaps) = events_and_gaps(&[&entry("cloudsql.instances.update", SQL, "")]);
    assert_eq!((told.len(), gaps), (1, vec!["missing-field"]));
}

#[test]
fn clusters_say_in_one_place_whom_they_let_in() {
    let zonal = "projects/tailspin/zones/europe-west1-b/clusters/c";
    let path = "projects/tailspin/locations/europe-west1-b/clusters/c";
    let kind = "gke-cluster";
    let list = r#"{"enabled": true, "cidrBlocks": [{"cidrBlock": "0.0.0.0/0"}]}"#;
    let update = format!(r#"{{"update": {{"desiredMasterAuthorizedNetworksConfig": {list}}}}}"#);
    let before = r#"{"masterAuthorizedNetworksConfig": {"enabled": true, "cidrBlocks": [{"cidrBlock": "192.0.2.0/24"}]}}"#;
    let after = format!(
        r#"{{"controlPlaneEndpointsConfig": {{"ipEndpointsConfig": {{"authorizedNetworksConfig": {list}}}}}}}"#
    );
    run(
        "google.container.v1.ClusterManager.UpdateCluster",
        zonal,
        path,
        kind,
        &update,
        [Some(before), Some(&after)],
    );
    // A list that is switched off says nothing.
    let off = r#"{"update": {"desiredMasterAuthorizedNetworksConfig": {}}}"#;
    let after = r#"{"controlPlaneEndpointsConfig": {"ipEndpointsConfig": {"authorizedNetworksConfig": {}}}}"#;
    run(
        "google.container.v1beta1.ClusterManager.UpdateCluster",
        path,
        path,
        kind,
        off,
        [Some(before), Some(after)],
    );
    let newer = r#"{"update": {"desiredControlPlaneEndpointsConfig": {"ipEndpointsConfig": {"enablePublicEndpoint": true}}}}"#;
    let after = r#"{"controlPlaneEndpointsConfig": {"ipEndpointsConfig": {"enablePublicEndpoint": true}}, "privateClusterConfig": {}}"#;
    run(
        "google.container.v1.ClusterManager.UpdateCluster",
        path,
        path,
        kind,
        newer,
        [Some(r#"{"privateClusterConfig": {"enablePrivateEndpoint": true}}"#), Some(after)],
    );
    let made = format!(
        r#"{{"parent": "projects/tailspin/locations/europe-west1-b", "cluster": {{"name": "c", "masterAuthorizedNetworksConfig": {list}}}}}"#
    );
    let after = format!(r#"{{"masterAuthorizedNetworksConfig": {list}}}"#);
    run("google.container.v1.ClusterManager.CreateCluster", zonal, path, kind, &made, [None, Some(&after)]);
    run(
        "google.container.v1.ClusterManager.DeleteCluster",
        zonal,
        path,
        kind,
        r#"{"name": "x"}"#,
        [Some(before), None],
    );
    let silent = entry("google.container.v1.ClusterManager.SetLabels", zonal, r#""request": {"a": 1}"#);
    assert!(events(&[&silent]).is_empty());
}

#[test]
fn app_engine_has_a_list_of_rules() {
    let (path, kind) = ("apps/tailspin/firewall", "app-engine-firewall");
    let one = "apps/tailspin/firewall/ingressRules/1000";
    let before = r#"{"ingressRules": [{"priority": 1000, "action": "DENY", "sourceRange": "*"}]}"#;
    let v1 = "google.appengine.v1.Firewall";
    let rule = r#"{"priority": 500, "action": "ALLOW", "sourceRange": "0.0.0.0/0"}"#;
    let after = format!(
        r#"{{"ingressRules": [{{"priority": 1000, "action": "DENY", "sourceRange": "*"}}, {rule}]}}"#
    );
    let request = format!(r#"{{"parent": "apps/tailspin", "rule": {rule}}}"#);
    run(
        &format!("{v1}.CreateIngressRule"),
        "apps/tailspin",
        path,
        kind,
        &request,
        [Some(before), Some(&after)],
    );
    let request = format!(r#"{{"name": "{one}", "rule": {{"action": "ALLOW"}}}}"#);
    run(
        &format!("{v1}.UpdateIngressRule"),
        one,
        path,
        kind,
        &request,
        [Some(before), Some(&before.replace("DENY", "ALLOW"))],
    );
    run(
        &format!("{v1}.DeleteIngressRule"),
        one,
        path,
        kind,
        r#"{"@type": "t"}"#,
        [Some(before), Some(r#"{"ingressRules": []}"#)],
    );
    let request = format!(r#"{{"name": "{path}", "ingressRules": [{rule}]}}"#);
    let after = format!(r#"{{"application": "apps/tailspin", "ingressRules": [{rule}]}}"#);
    run(
        "google.appengine.v1beta.Firewall.BatchUpdateIngressRules",
        path,
        path,
        kind,
        &request,
        [Some(before), Some(&after)],
    );
    let service = "apps/tailspin/services/default";
    let request = r#"{"name": "apps/tailspin/services/default", "service": {"networkSettings": {"ingressTrafficAllowed": "INGRESS_TRAFFIC_ALLOWED_ALL"}}}"#;
    let after = r#"{"networkSettings": {"ingressTrafficAllowed": "INGRESS_TRAFFIC_ALLOWED_ALL"}}"#;
    run(
        "google.appengine.v1.Services.UpdateService",
        service,
        service,
        "app-engine-service",
        request,
        [Some("{}"), Some(after)],
    );
}

#[test]
fn kinds_that_are_not_modelled_are_named() {
    let told = |method: &str, request: &str| {
        let all = events(&[&entry(
            method,
            "projects/tailspin/locations/l/x/y",
            &format!(r#""request": {request}"#),
        )]);
        all.first().map(|event| match &event.bears {
            Bears::NotModelled { kind } => kind.to_string(),
            other => panic!("{other:?}"),
        })
    };
    let run = "google.cloud.run.v2.Services.UpdateService";
    assert_eq!(
        told(run, r#"{"service": {"ingress": "INGRESS_TRAFFIC_ALL"}}"#).as_deref(),
        Some("Cloud Run service")
    );
    assert_eq!(told(run, r#"{"service": {"ingress": "INGRESS_TRAFFIC_INTERNAL_ONLY"}}"#), None);
    let alloydb = "google.cloud.alloydb.v1.AlloyDBAdmin.UpdateInstance";
    assert_eq!(
        told(alloydb, r#"{"instance": {"networkConfig": {"enablePublicIp": true}}}"#).as_deref(),
        Some("AlloyDB instance")
    );
    assert_eq!(told(alloydb, r#"{"instance": {"networkConfig": {"enablePublicIp": false}}}"#), None);
    assert_eq!(told("google.cloud.run.v2.Services.GetService", "{}"), None);
}
