//! Services: who one is in each spelling, its port, and what is told beside exposures. What each kind comes to is in
//! `specs/gcp/{cloud-sql,gke,app-engine}.md`.

use model::Target;

use crate::estate::{Answer, scan, scan_with};

fn instance(fields: &str) -> String {
    format!(
        r#"[{{"kind": "sql#instance", {fields}, "settings": {{"tier": "db-g1-small", "ipConfiguration": {{"ipv4Enabled": true, "authorizedNetworks": [{{"value": "8.8.8.0/24"}}]}}}}}}]"#
    )
}

fn only(answer: &Answer) -> &Target {
    let [target] = answer.snapshot.targets.as_slice() else { panic!("{:?}", answer.snapshot.targets) };
    target
}

#[test]
fn an_instance_has_one_path_in_every_spelling() {
    for fields in [
        r#""name": "db", "selfLink": "https://www.googleapis.com/sql/v1beta4/projects/p/instances/db""#,
        r#""name": "db", "selfLink": "https://sqladmin.googleapis.com/sql/v1/projects/p/instances/db""#,
        r#""name": "db", "project": "p", "region": "europe-west1""#,
        r#""name": "db", "connectionName": "p:europe-west1:db""#,
        r#""connectionName": "p:europe-west1:db""#,
    ] {
        let answer = scan(&[instance(&format!(r#"{fields}, "databaseVersion": "MYSQL_8_0""#))]);
        let target = only(&answer);
        assert_eq!(
            (&*target.id, &*target.name, target.scope.as_deref(), target.kind),
            ("projects/p/instances/db", "db", Some("p"), "cloud-sql-instance"),
            "{fields}"
        );
        answer.check(&["db exposed tcp/3306 narrow 256 / -"]);
    }
    let domain =
        instance(r#""connectionName": "example.com:p:europe-west1:db", "databaseVersion": "MYSQL_8_0""#);
    assert_eq!(&*only(&scan(&[domain])).id, "projects/example.com:p/instances/db");
    let nobody = scan(&[instance(r#""databaseVersion": "MYSQL_8_0""#)]);
    assert!(nobody.snapshot.targets.is_empty());
    assert_eq!(nobody.codes(), ["missing-field"]);
}

#[test]
fn the_engine_says_the_port() {
    for (version, expected) in [
        ("MYSQL_5_7", "db exposed tcp/3306 narrow 256 / -"),
        ("mysql_8_4", "db exposed tcp/3306 narrow 256 / -"),
        ("POSTGRES_9_6", "db exposed tcp/5432 narrow 256 / -"),
        ("SQLSERVER_2022_ENTERPRISE", "db exposed tcp/1433 narrow 256 / -"),
        ("SQL_DATABASE_VERSION_UNSPECIFIED", "db exposed possible tcp/1433,3306,5432 narrow 256 / -"),
    ] {
        let answer = scan(&[instance(&format!(r#""name": "db", "databaseVersion": "{version}""#))]);
        answer.check(&[expected]);
        assert_eq!(answer.codes().is_empty(), !expected.contains("possible"), "{version}");
    }
}

#[test]
fn the_front_of_an_instance_is_its_primary_address() {
    let answer = scan(&[instance(
        r#""name": "db", "databaseVersion": "MYSQL_8_0", "state": "RUNNABLE", "region": "europe-west1", "ipAddresses": [{"type": "OUTGOING", "ipAddress": "192.0.2.9"}, {"type": "PRIMARY", "ipAddress": "192.0.2.1"}]"#,
    )]);
    let target = only(&answer);
    let front = target.paths[0].front.as_ref().unwrap();
    assert_eq!(front.address.unwrap().to_string(), "192.0.2.1");
    assert_eq!(target.power.as_deref(), Some("runnable"));
    let attributes: Vec<String> =
        target.attributes.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(attributes, ["connectors=tcp/3307", "region=europe-west1", "service=data"]);
}

#[test]
fn zones_regions_and_locations_of_a_cluster_are_one_path() {
    for place in ["zones/europe-west1-b", "locations/europe-west1-b"] {
        let text = format!(
            r#"{{"clusters": [{{"name": "c", "selfLink": "https://container.googleapis.com/v1/projects/p/{place}/clusters/c", "zone": "europe-west1-b", "status": "RUNNING", "endpoint": "192.0.2.7", "currentMasterVersion": "1", "masterAuthorizedNetworksConfig": {{}}}}]}}"#
        );
        let answer = scan(&[text]);
        let target = only(&answer);
        assert_eq!(&*target.id, "projects/p/locations/europe-west1-b/clusters/c");
        assert_eq!((target.scope.as_deref(), target.power.as_deref()), (Some("p"), Some("running")));
        let front = target.paths[0].front.as_ref().unwrap();
        assert_eq!(front.address.unwrap().to_string(), "192.0.2.7");
    }
}

#[test]
fn a_private_address_is_no_front() {
    let cluster = |parts: &str| {
        let text = format!(
            r#"[{{"name": "c", "selfLink": "https://container.googleapis.com/v1/projects/p/locations/l/clusters/c", "currentMasterVersion": "1", "endpoint": "192.0.2.7", {parts}}}]"#
        );
        let answer = scan(&[text]);
        let fronts = only(&answer).paths.iter().map(|path| path.front.as_ref().unwrap().address);
        fronts.map(|address| address.map(|address| address.to_string())).collect::<Vec<_>>()
    };
    let both = r#""privateClusterConfig": {"privateEndpoint": "10.0.0.2", "publicEndpoint": "192.0.2.8"}"#;
    assert_eq!(cluster(both), [Some("192.0.2.8".to_owned())]);
    let by_name = r#""controlPlaneEndpointsConfig": {"ipEndpointsConfig": {"enabled": false}, "dnsEndpointConfig": {"allowExternalTraffic": true, "endpoint": "gke-1.gke.goog"}}"#;
    assert_eq!(cluster(by_name), [None]);
    assert!(cluster(r#""privateClusterConfig": {"enablePrivateEndpoint": true}"#).is_empty());
}

#[test]
fn what_app_engine_lacks_is_told_with_its_command() {
    let application =
        r#"{"name": "apps/x", "id": "x", "servingStatus": "SERVING", "locationId": "europe-west"}"#;
    let firewall = r#"{"application": "apps/x", "ingressRules": [{"priority": 2147483647, "action": "DENY", "sourceRange": "*"}]}"#;
    let service =
        r#"[{"name": "apps/x/services/default", "id": "default", "split": {"allocations": {"1": 1}}}]"#;
    let commands = |documents: &[&str]| {
        let answer = scan(documents);
        assert!(answer.codes().is_empty(), "{:?}", answer.codes());
        let missing = answer.snapshot.missing.iter().filter(|sentence| sentence.contains("App Engine"));
        let commands = missing.filter_map(|sentence| sentence.split('`').nth(1).map(str::to_owned));
        commands.collect::<Vec<_>>()
    };
    let (rules, services) =
        ("gcloud app firewall-rules list --format json", "gcloud app services list --format json");
    assert_eq!(commands(&[application]), [rules, services]);
    assert_eq!(commands(&[application, firewall]), [services]);
    assert_eq!(commands(&[firewall]), [services]);
    assert_eq!(commands(&[service]), [rules]);
    assert!(commands(&[application, firewall, service]).is_empty());
}

/// One application, whichever part of it comes first and whichever is there.
#[test]
fn parts_of_an_application_meet_in_any_order() {
    let application =
        r#"{"name": "apps/x", "id": "x", "servingStatus": "SERVING", "locationId": "europe-west"}"#;
    let service = r#"[{"name": "apps/x/services/default", "id": "default", "split": {}}]"#;
    let rules = r#"[{"priority": 2147483647, "action": "DENY", "sourceRange": "*"}, {"priority": 7, "action": "ALLOW", "sourceRange": "8.8.8.0/24"}]"#;
    for subject in
        [r#""application": "apps/x""#, r#""application": "x""#, r#""name": "apps/x/firewall/ingressRules""#]
    {
        let firewall = format!(r#"{{{subject}, "ingressRules": {rules}}}"#);
        let expected = ["x exposed tcp/80,443 narrow 256 / -"];
        scan(&[application, service, &firewall]).check(&expected);
        scan(&[&firewall, service, application]).check(&expected);
        scan(&[&*firewall]).check(&expected);
    }
}

/// Lists of the command line and the asset inventory say the same of each.
#[test]
fn assets_are_the_same_targets() {
    let database = r#"{"kind": "sql#instance", "name": "db", "project": "p", "databaseVersion": "MYSQL_8_0", "selfLink": "https://sqladmin.googleapis.com/sql/v1beta4/projects/p/instances/db", "settings": {"tier": "t", "ipConfiguration": {"ipv4Enabled": true, "authorizedNetworks": [{"value": "8.8.8.0/24"}]}}}"#;
    let cluster = r#"{"name": "c", "selfLink": "https://container.googleapis.com/v1/projects/p/zones/z/clusters/c", "currentMasterVersion": "1", "status": "RUNNING", "masterAuthorizedNetworksConfig": {}}"#;
    let application =
        r#"{"name": "apps/p", "id": "p", "servingStatus": "SERVING", "locationId": "europe-west"}"#;
    let service =
        r#"{"name": "apps/p/services/default", "id": "default", "split": {"allocations": {"1": 1}}}"#;
    let told = |documents: &[String]| {
        let answer = scan(documents);
        assert!(answer.codes().is_empty(), "{:?}", answer.codes());
        let targets = answer.snapshot.targets.iter();
        let targets: Vec<String> = targets
            .map(|target| format!("{} {:?} {:?}", target.id, target.scope, target.attributes))
            .collect();
        (targets, answer.exposures())
    };
    let lists: Vec<String> = [database, cluster, service]
        .map(|one| format!("[{one}]"))
        .into_iter()
        .chain([application.to_owned()])
        .collect();
    let asset = |name: &str, kind: &str, data: &str| {
        format!(
            r#"{{"name": "//{name}", "assetType": "{kind}", "resource": {{"version": "v1", "parent": "//cloudresourcemanager.googleapis.com/projects/123", "data": {data}}}, "ancestors": ["projects/123", "organizations/5"]}}"#
        )
    };
    let assets = [
        asset(
            "cloudsql.googleapis.com/projects/p/instances/db",
            "sqladmin.googleapis.com/Instance",
            database,
        ),
        asset(
            "container.googleapis.com/projects/p/zones/z/clusters/c",
            "container.googleapis.com/Cluster",
            cluster,
        ),
        asset("appengine.googleapis.com/apps/p", "appengine.googleapis.com/Application", application),
        asset(
            "appengine.googleapis.com/apps/p/services/default",
            "appengine.googleapis.com/Service",
            service,
        ),
    ];
    let expected = told(&lists);
    assert_eq!(expected.0.len(), 3, "{expected:?}");
    assert_eq!(told(&[assets.join("\n")]), expected);
    assert_eq!(told(&[format!("[{}]", assets.join(", "))]), expected);
}

#[test]
fn who_has_a_machine_at_google_cloud_is_counted_where_the_catalogue_is_there() {
    let cluster = r#"[{"name": "c", "selfLink": "https://container.googleapis.com/v1/projects/p/zones/z/clusters/c", "currentMasterVersion": "1", "masterAuthorizedNetworksConfig": {"enabled": true, "gcpPublicCidrsAccessEnabled": true}}]"#;
    let catalogue = r#"{"syncToken": "1", "creationTime": "2026-11-01T00:00:00", "prefixes": [{"ipv4Prefix": "34.0.0.0/16", "service": "Google Cloud", "scope": "europe-west1"}]}"#;
    scan(&[cluster]).check(&["c exposed tcp/443 unknown / - +Google Cloud"]);
    scan_with(&[cluster], Some(catalogue)).check(&["c exposed tcp/443 wide 65536 / -"]);
}
