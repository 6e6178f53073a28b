//! Every operation as the edit that it is: with its answer, with its request alone, refused, failed, only begun.

use cloud::audit::{Act, Nature, Outcome};
use serde_json::{Value, json};

use super::written::Written;
use super::{bears, edit_of, edited, is_unseen, lines, told};

const SCOPE: &str = "/subscriptions/5e1d0000-0000-4000-8000-000000000001/resourceGroups/rg";

fn id(path: &str) -> String {
    format!("{SCOPE}/providers/{path}")
}

fn asked(operation: &str, path: &str, method: &'static str, body: &Value) -> Written {
    let written = Written::done(operation, &id(path), json!({"requestbody": body.to_string()}));
    Written { method, ..written }
}

fn line(written: &Written) -> String {
    let lines = lines(&told(&[written.rest().to_string()]));
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines[0].trim_start_matches("09:12:44 done ").to_owned()
}

/// Operations whose resource is written and deleted as itself: path, whether it stands somewhere or lets in.
const WHOLE: &[(&str, &str, Nature)] = &[
    ("Microsoft.Network/networkSecurityGroups", "Microsoft.Network/networkSecurityGroups/n", Nature::Rule),
    ("Microsoft.Network/networkInterfaces", "Microsoft.Network/networkInterfaces/n", Nature::Attachment),
    ("Microsoft.Network/virtualNetworks", "Microsoft.Network/virtualNetworks/v", Nature::Attachment),
    (
        "Microsoft.Network/virtualNetworks/subnets",
        "Microsoft.Network/virtualNetworks/v/subnets/s",
        Nature::Attachment,
    ),
    (
        "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
        "Microsoft.Network/virtualNetworks/v/virtualNetworkPeerings/p",
        Nature::Attachment,
    ),
    ("Microsoft.Network/routeTables", "Microsoft.Network/routeTables/t", Nature::Attachment),
    ("Microsoft.Network/publicIPAddresses", "Microsoft.Network/publicIPAddresses/a", Nature::Attachment),
    ("Microsoft.Network/publicIPPrefixes", "Microsoft.Network/publicIPPrefixes/a", Nature::Attachment),
    (
        "Microsoft.Network/applicationSecurityGroups",
        "Microsoft.Network/applicationSecurityGroups/a",
        Nature::Attachment,
    ),
    ("Microsoft.Network/loadBalancers", "Microsoft.Network/loadBalancers/l", Nature::Attachment),
    (
        "Microsoft.Network/loadBalancers/inboundNatRules",
        "Microsoft.Network/loadBalancers/l/inboundNatRules/r",
        Nature::Attachment,
    ),
    (
        "Microsoft.Network/loadBalancers/backendAddressPools",
        "Microsoft.Network/loadBalancers/l/backendAddressPools/p",
        Nature::Attachment,
    ),
    ("Microsoft.Network/natGateways", "Microsoft.Network/natGateways/g", Nature::Attachment),
    ("Microsoft.Network/applicationGateways", "Microsoft.Network/applicationGateways/g", Nature::Attachment),
    (
        "Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies",
        "Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies/p",
        Nature::Rule,
    ),
    ("Microsoft.Network/azureFirewalls", "Microsoft.Network/azureFirewalls/f", Nature::Rule),
    ("Microsoft.Network/firewallPolicies", "Microsoft.Network/firewallPolicies/p", Nature::Rule),
    (
        "Microsoft.Network/firewallPolicies/ruleCollectionGroups",
        "Microsoft.Network/firewallPolicies/p/ruleCollectionGroups/g",
        Nature::Rule,
    ),
    ("Microsoft.Network/ipGroups", "Microsoft.Network/ipGroups/g", Nature::Rule),
    ("Microsoft.Network/bastionHosts", "Microsoft.Network/bastionHosts/b", Nature::Attachment),
    (
        "Microsoft.Network/virtualNetworkGateways",
        "Microsoft.Network/virtualNetworkGateways/g",
        Nature::Attachment,
    ),
    ("Microsoft.Network/vpnGateways", "Microsoft.Network/vpnGateways/g", Nature::Attachment),
    ("Microsoft.Network/p2sVpnGateways", "Microsoft.Network/p2sVpnGateways/g", Nature::Attachment),
    (
        "Microsoft.Network/expressRouteGateways",
        "Microsoft.Network/expressRouteGateways/g",
        Nature::Attachment,
    ),
    ("Microsoft.Network/privateEndpoints", "Microsoft.Network/privateEndpoints/e", Nature::Attachment),
    ("Microsoft.Network/privateLinkServices", "Microsoft.Network/privateLinkServices/s", Nature::Attachment),
    (
        "Microsoft.Network/networkSecurityPerimeters",
        "Microsoft.Network/networkSecurityPerimeters/p",
        Nature::Rule,
    ),
    (
        "Microsoft.Network/networkSecurityPerimeters/profiles/accessRules",
        "Microsoft.Network/networkSecurityPerimeters/p/profiles/f/accessRules/r",
        Nature::Rule,
    ),
    (
        "Microsoft.Network/networkSecurityPerimeters/resourceAssociations",
        "Microsoft.Network/networkSecurityPerimeters/p/resourceAssociations/a",
        Nature::Attachment,
    ),
    ("Microsoft.Network/networkManagers", "Microsoft.Network/networkManagers/m", Nature::Rule),
    (
        "Microsoft.Network/networkManagers/networkGroups",
        "Microsoft.Network/networkManagers/m/networkGroups/g",
        Nature::Attachment,
    ),
    (
        "Microsoft.Network/networkManagers/networkGroups/staticMembers",
        "Microsoft.Network/networkManagers/m/networkGroups/g/staticMembers/s",
        Nature::Attachment,
    ),
    (
        "Microsoft.Network/networkManagers/securityAdminConfigurations",
        "Microsoft.Network/networkManagers/m/securityAdminConfigurations/c",
        Nature::Rule,
    ),
    (
        "Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections",
        "Microsoft.Network/networkManagers/m/securityAdminConfigurations/c/ruleCollections/k",
        Nature::Rule,
    ),
    (
        "Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections/rules",
        "Microsoft.Network/networkManagers/m/securityAdminConfigurations/c/ruleCollections/k/rules/r",
        Nature::Rule,
    ),
    ("Microsoft.Compute/virtualMachines", "Microsoft.Compute/virtualMachines/v", Nature::Attachment),
    (
        "Microsoft.Compute/virtualMachineScaleSets",
        "Microsoft.Compute/virtualMachineScaleSets/s",
        Nature::Attachment,
    ),
    ("Microsoft.Sql/servers", "Microsoft.Sql/servers/s", Nature::Rule),
    ("Microsoft.Sql/servers/firewallRules", "Microsoft.Sql/servers/s/firewallRules/r", Nature::Rule),
    ("Microsoft.Sql/servers/ipv6FirewallRules", "Microsoft.Sql/servers/s/ipv6FirewallRules/r", Nature::Rule),
    (
        "Microsoft.Sql/servers/virtualNetworkRules",
        "Microsoft.Sql/servers/s/virtualNetworkRules/r",
        Nature::Rule,
    ),
    ("Microsoft.Sql/managedInstances", "Microsoft.Sql/managedInstances/s", Nature::Rule),
    (
        "Microsoft.DBforPostgreSQL/flexibleServers",
        "Microsoft.DBforPostgreSQL/flexibleServers/s",
        Nature::Rule,
    ),
    (
        "Microsoft.DBforPostgreSQL/flexibleServers/firewallRules",
        "Microsoft.DBforPostgreSQL/flexibleServers/s/firewallRules/r",
        Nature::Rule,
    ),
    (
        "Microsoft.DBforPostgreSQL/servers/firewallRules",
        "Microsoft.DBforPostgreSQL/servers/s/firewallRules/r",
        Nature::Rule,
    ),
    (
        "Microsoft.DBforMySQL/flexibleServers/firewallRules",
        "Microsoft.DBforMySQL/flexibleServers/s/firewallRules/r",
        Nature::Rule,
    ),
    (
        "Microsoft.DBforMySQL/servers/firewallRules",
        "Microsoft.DBforMySQL/servers/s/firewallRules/r",
        Nature::Rule,
    ),
    (
        "Microsoft.DBforMariaDB/servers/firewallRules",
        "Microsoft.DBforMariaDB/servers/s/firewallRules/r",
        Nature::Rule,
    ),
    ("Microsoft.Synapse/workspaces", "Microsoft.Synapse/workspaces/w", Nature::Rule),
    (
        "Microsoft.Synapse/workspaces/firewallRules",
        "Microsoft.Synapse/workspaces/w/firewallRules/r",
        Nature::Rule,
    ),
    ("Microsoft.Cache/redis", "Microsoft.Cache/redis/r", Nature::Rule),
    ("Microsoft.Cache/redis/firewallRules", "Microsoft.Cache/redis/r/firewallRules/f", Nature::Rule),
    ("Microsoft.Storage/storageAccounts", "Microsoft.Storage/storageAccounts/s", Nature::Rule),
    ("Microsoft.KeyVault/vaults", "Microsoft.KeyVault/vaults/k", Nature::Rule),
    ("Microsoft.DocumentDB/databaseAccounts", "Microsoft.DocumentDB/databaseAccounts/d", Nature::Rule),
    ("Microsoft.ContainerRegistry/registries", "Microsoft.ContainerRegistry/registries/c", Nature::Rule),
    (
        "Microsoft.ContainerService/managedClusters",
        "Microsoft.ContainerService/managedClusters/c",
        Nature::Rule,
    ),
    ("Microsoft.CognitiveServices/accounts", "Microsoft.CognitiveServices/accounts/c", Nature::Rule),
    ("Microsoft.EventHub/namespaces", "Microsoft.EventHub/namespaces/e", Nature::Rule),
    (
        "Microsoft.EventHub/namespaces/networkRuleSets",
        "Microsoft.EventHub/namespaces/e/networkRuleSets/default",
        Nature::Rule,
    ),
    ("Microsoft.ServiceBus/namespaces", "Microsoft.ServiceBus/namespaces/s", Nature::Rule),
    (
        "Microsoft.ServiceBus/namespaces/networkRuleSets",
        "Microsoft.ServiceBus/namespaces/s/networkRuleSets/default",
        Nature::Rule,
    ),
    ("Microsoft.Web/sites", "Microsoft.Web/sites/w", Nature::Rule),
    ("Microsoft.Web/sites/config", "Microsoft.Web/sites/w/config/web", Nature::Rule),
    ("Microsoft.Web/sites/slots", "Microsoft.Web/sites/w/slots/s", Nature::Rule),
    ("Microsoft.Web/sites/slots/config", "Microsoft.Web/sites/w/slots/s/config/web", Nature::Rule),
];

#[test]
fn resources_are_written_and_deleted_as_themselves() {
    for (operation, path, nature) in WHOLE {
        let id = id(path);
        let body =
            json!({"location": "westeurope", "properties": {"provisioningState": "Succeeded", "x": "y"}});
        let write = Written::done(&format!("{operation}/write"), &id, json!({"responseBody": body}));
        let edit = edit_of(&[write.rest().to_string()]);
        assert_eq!(*edit.kind, operation.to_lowercase(), "{operation}");
        assert_eq!(*edit.id, *id, "{operation}");
        assert_eq!(edit.nature, *nature, "{operation}");
        let Act::Put(node) = &edit.act else { panic!("{operation}: {edit:?}") };
        let text = |key: &str| super::json(node.own(key).unwrap());
        assert_eq!((text("id"), text("name")), (id.clone(), id.rsplit('/').next().unwrap().to_owned()));
        assert!(text("properties").contains("x: y"), "{operation}");

        let delete =
            Written { method: "DELETE", ..Written::done(&format!("{operation}/delete"), &id, json!({})) };
        let dropped = edit_of(&[delete.rest().to_string()]);
        assert_eq!(
            (&dropped.kind, &dropped.id, &dropped.act),
            (&edit.kind, &edit.id, &Act::Drop),
            "{operation}"
        );

        counterparts(&write, &delete);
    }
}

/// What did not take effect, or not certainly, says so; what nobody saw, too.
fn counterparts(write: &Written, delete: &Written) {
    let began = "2026-01-10T09:12:40Z";
    let begun = write.phase(
        "Started",
        began,
        json!({"requestbody": "{\"location\":\"x\",\"properties\":{\"a\":1}}"}),
    );
    let refused = write.phase("Failed", "2026-01-10T09:12:41Z", json!({"statusCode": "Forbidden"}));
    let failed = write.phase("Failed", "2026-01-10T09:12:41Z", json!({"statusCode": "Conflict"}));
    let bare = Written { properties: json!({}), ..write.clone() };
    let outcome = |phases: &[&Written]| {
        let texts: Vec<String> = phases.iter().map(|phase| phase.exported().to_string()).collect();
        let events = edited(&texts);
        assert_eq!(events.len(), 1, "{}: {events:?}", write.operation);
        events[0].outcome
    };
    assert_eq!(outcome(&[&begun]), Outcome::Begun);
    assert_eq!(outcome(&[&begun, &refused]), Outcome::Denied);
    assert_eq!(outcome(&[&begun, &failed]), Outcome::Failed);
    assert_eq!(outcome(&[&begun, write]), Outcome::Done);
    assert_eq!(outcome(&[&delete.phase("Started", began, json!({}))]), Outcome::Begun);
    assert!(is_unseen(&edit_of(&[bare.rest().to_string()])), "{}", write.operation);
}

#[test]
fn a_put_takes_away_what_it_leaves_out() {
    let cases = [
        (
            asked(
                "Microsoft.Network/networkSecurityGroups/write",
                "Microsoft.Network/networkSecurityGroups/n",
                "PUT",
                &json!({"location": "x"}),
            ),
            "networksecuritygroups n rule: put {location: x, properties: {securityrules: []}}",
        ),
        (
            asked(
                "Microsoft.Network/virtualNetworks/subnets/write",
                "Microsoft.Network/virtualNetworks/v/subnets/s",
                "PUT",
                &json!({"properties": {"addressPrefix": "10.0.0.0/24"}}),
            ),
            "subnets s attachment: put {properties: {addressprefix: 10.0.0.0/24, networksecuritygroup: null, routetable: null, natgateway: null}}",
        ),
        (
            asked(
                "Microsoft.Network/networkInterfaces/write",
                "Microsoft.Network/networkInterfaces/n",
                "PUT",
                &json!({"location": "x", "properties": {"ipConfigurations": []}}),
            ),
            "networkinterfaces n attachment: put {location: x, properties: {ipconfigurations: [], networksecuritygroup: null}}",
        ),
        (
            asked(
                "Microsoft.Network/routeTables/write",
                "Microsoft.Network/routeTables/t",
                "PUT",
                &json!({"location": "x", "properties": {}}),
            ),
            "routetables t attachment: put {location: x, properties: {routes: []}}",
        ),
        (
            asked(
                "Microsoft.Network/virtualNetworks/write",
                "Microsoft.Network/virtualNetworks/v",
                "PUT",
                &json!({"location": "x", "properties": {"subnets": [{"name": "s", "properties": {"addressPrefix": "10.0.0.0/24"}}]}}),
            ),
            "virtualnetworks v attachment: put {location: x, properties: {subnets: [{name: s, properties: {addressprefix: 10.0.0.0/24, \
             networksecuritygroup: null, routetable: null, natgateway: null}}]}}",
        ),
    ];
    for (written, expected) in cases {
        assert_eq!(line(&written), expected);
    }
}

#[test]
fn a_patch_changes_what_it_names() {
    let body = json!({"properties": {"networkAcls": {"defaultAction": "Allow"}}});
    let storage = "Microsoft.Storage/storageAccounts/s";
    let merged = "storageaccounts s rule: merge {properties: {networkacls: {defaultaction: allow}}}";
    let patch = asked("Microsoft.Storage/storageAccounts/write", storage, "PATCH", &body);
    assert_eq!(line(&patch), merged);
    // Exports without a method: a resource of its own is put with its location.
    let texts = [patch.exported().to_string()];
    assert_eq!(super::edit(&edit_of(&texts)), merged);
    let put = asked(
        "Microsoft.Storage/storageAccounts/write",
        storage,
        "PUT",
        &json!({"location": "x", "properties": {}}),
    );
    assert_eq!(
        super::edit(&edit_of(&[put.exported().to_string()])),
        "storageaccounts s rule: put {location: x, properties: {}}"
    );
    // A configuration of an app is merged by PUT too.
    let site = asked("Microsoft.Web/sites/config/write", "Microsoft.Web/sites/w/config/web", "PUT", &body);
    assert!(line(&site).starts_with("config web rule: merge "));
    // Tags are nothing of the network, in whichever form they come.
    for kind in ["Microsoft.Network/networkSecurityGroups", "Microsoft.Network/publicIPAddresses"] {
        for body in [json!({"tags": {"a": "b"}}), json!({"tags": "******"})] {
            let tags = asked(&format!("{kind}/write"), &format!("{kind}/n"), "PATCH", &body);
            assert_eq!(line(&tags), "nothing");
            assert_eq!(lines(&told(&[tags.exported().to_string()])), ["09:12:44 done nothing"]);
            let begun = tags.phase("Started", "2026-01-10T09:12:40Z", tags.properties.clone());
            let done = tags.phase("Succeeded", "2026-01-10T09:12:44Z", json!({"statusCode": "OK"}));
            let phases = [begun.rest().to_string(), done.rest().to_string()];
            assert_eq!(lines(&told(&phases)), ["09:12:44 done nothing"], "{phases:?}");
        }
    }
    // An answer is the whole resource, whichever the method.
    let whole = json!({"id": id(storage), "location": "x", "properties": {"provisioningState": "Succeeded"}});
    let answered = Written { properties: json!({"requestbody": body, "responseBody": whole}), ..patch };
    assert_eq!(
        line(&answered),
        "storageaccounts s rule: put {location: x, properties: {provisioningstate: succeeded}}"
    );
}

#[test]
fn rules_and_routes_are_items_of_what_holds_them() {
    let rule = json!({"properties": {"access": "Deny", "priority": 100}});
    let path = "Microsoft.Network/networkSecurityGroups/n/securityRules/deny-all";
    let full = id(path).to_lowercase();
    let write = asked("Microsoft.Network/networkSecurityGroups/securityRules/write", path, "PUT", &rule);
    assert_eq!(
        line(&write),
        format!(
            "networksecuritygroups n rule: insert into properties.securityrules by [\"name\"] {{id: {full}, name: deny-all, properties: {{access: deny, priority: 100}}}}"
        )
    );
    let delete =
        Written::done("Microsoft.Network/networkSecurityGroups/securityRules/delete", &id(path), json!({}));
    assert_eq!(
        line(&delete),
        "networksecuritygroups n rule: remove from properties.securityrules {name: deny-all}"
    );
    let path = "Microsoft.Network/routeTables/t/routes/out";
    let full = id(path).to_lowercase();
    let route = json!({"properties": {"addressPrefix": "0.0.0.0/0", "nextHopType": "Internet"}});
    let write = asked("Microsoft.Network/routeTables/routes/write", path, "PUT", &route);
    assert_eq!(
        line(&write),
        format!(
            "routetables t attachment: insert into properties.routes by [\"name\"] {{id: {full}, name: out, properties: {{addressprefix: 0.0.0.0/0, nexthoptype: internet}}}}"
        )
    );
    let delete = Written::done("Microsoft.Network/routeTables/routes/delete", &id(path), json!({}));
    assert_eq!(line(&delete), "routetables t attachment: remove from properties.routes {name: out}");
    for operation in [
        "Microsoft.Network/networkSecurityGroups/securityRules/write",
        "Microsoft.Network/routeTables/routes/write",
    ] {
        let bare = Written::done(operation, &id(path), json!({}));
        assert!(is_unseen(&edit_of(&[bare.rest().to_string()])));
    }
}

#[test]
fn an_operation_without_a_resource_of_its_own_leaves_what_it_names_unseen() {
    // All ranges of a server, replaced at once.
    let body = json!({"values": [{"name": "all", "properties": {"startIpAddress": "0.0.0.0", "endIpAddress": "255.255.255.255"}}]});
    let all = asked(
        "Microsoft.Sql/servers/firewallRules/write",
        "Microsoft.Sql/servers/s/firewallRules",
        "PUT",
        &body,
    );
    assert_eq!(
        line(&all),
        "servers s rule: set #unseen microsoft.sql/servers/firewallrules/write: what was written names no resource of its own"
    );
    // A rule that is logged at its group; its body says which.
    let group = "Microsoft.Network/networkSecurityGroups/n";
    let rule = json!({"id": id(&format!("{group}/securityRules/r")), "properties": {"access": "Allow"}});
    let operation = "Microsoft.Network/networkSecurityGroups/securityRules/write";
    let at_group = Written::done(operation, &id(group), json!({"responseBody": rule}));
    let edit = edit_of(&[at_group.row().to_string()]);
    assert!(super::edit(&edit).starts_with("networksecuritygroups n rule: insert"), "{edit:?}");
    // With nothing that says it.
    let mut nameless = Written::done(operation, &id(group), json!({})).rest();
    nameless["authorization"] = json!({});
    assert!(is_unseen(&edit_of(&[nameless.to_string()])));
    for id in ["", "/", "nonsense", "/subscriptions/s"] {
        let mut lost = Written::done(operation, id, json!({})).rest();
        lost["authorization"] = json!({});
        let heard = super::hear(&lost.to_string());
        assert_eq!(lines(&heard.events), ["09:12:44 done nothing"], "{id}");
        assert_eq!(
            heard.gaps.iter().map(|gap| gap.code).collect::<Vec<_>>(),
            ["event-without-resource"],
            "{id}"
        );
    }
}

#[test]
fn what_is_kept_beside_a_resource_is_told_by_its_own_operation() {
    let path = "Microsoft.Network/networkSecurityGroups/n/providers/microsoft.insights/diagnosticSettings/s";
    for operation in [
        "Microsoft.Network/networkSecurityGroups/providers/microsoft.insights/diagnosticSettings/delete",
        "MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/PROVIDERS/MICROSOFT.INSIGHTS/DIAGNOSTICSETTINGS/DELETE",
        "Microsoft.Insights/diagnosticSettings/delete",
    ] {
        let deleted = Written::done(operation, &id(path), json!({}));
        assert!(line(&deleted).starts_with("impairs "), "{operation}");
    }
}

#[test]
fn settings_of_apps_are_nothing_and_what_is_recovered_is_unseen() {
    let path = "Microsoft.Web/sites/w/config/appsettings";
    let settings =
        asked("Microsoft.Web/sites/config/write", path, "PUT", &json!({"properties": {"KEY": "******"}}));
    assert_eq!(line(&settings), "nothing");
    let body = json!({"location": "x", "properties": {"createMode": "recover", "tenantId": "t"}});
    let vault = asked("Microsoft.KeyVault/vaults/write", "Microsoft.KeyVault/vaults/k", "PUT", &body);
    assert!(line(&vault).ends_with("what was written is what was deleted before"));
}

#[test]
fn a_group_of_resources_takes_what_is_in_it() {
    let delete = Written::done("Microsoft.Resources/subscriptions/resourceGroups/delete", SCOPE, json!({}));
    let edit = edit_of(&[delete.rest().to_string()]);
    assert_eq!(
        (&*edit.kind, &*edit.id, &edit.act),
        ("microsoft.resources/resourcegroups", SCOPE, &Act::Drop)
    );
}

#[test]
fn what_is_committed_is_told_for_each_region() {
    let manager = id("Microsoft.Network/networkManagers/m");
    let configuration = format!("{manager}/securityAdminConfigurations/c");
    let commit = |kind: &str, configurations: Value| {
        let body = json!({"targetLocations": ["West Europe", "eastus"], "configurationIds": configurations, "commitType": kind});
        Written::done(
            "Microsoft.Network/networkManagers/commit/action",
            &manager,
            json!({"requestbody": body.to_string()}),
        )
    };
    let told_of = |written: &Written| lines(&told(&[written.rest().to_string()]));
    let entry = |region: &str, ids: &str| {
        format!(
            "deployments securityadmin-{region} rule: put {{committime: 2026-01-10t09:12:44.500z, configurationids: [{ids}], \
             deploymentstatus: deployed, deploymenttype: securityadmin, region: {region}}}"
        )
    };
    let ids = configuration.to_lowercase();
    assert_eq!(
        told_of(&commit("SecurityAdmin", json!([configuration]))),
        [format!("09:12:44 done {}; {}", entry("westeurope", &ids), entry("eastus", &ids))]
    );
    assert_eq!(
        told_of(&commit("SecurityAdmin", json!([]))),
        [format!("09:12:44 done {}; {}", entry("westeurope", ""), entry("eastus", ""))]
    );
    assert_eq!(told_of(&commit("Connectivity", json!([configuration]))), ["09:12:44 done nothing"]);
    let bare = Written::done("Microsoft.Network/networkManagers/commit/action", &manager, json!({}));
    assert!(is_unseen(&edit_of(&[bare.rest().to_string()])));
}

#[test]
fn access_that_is_asked_for_is_announced() {
    let machine = id("Microsoft.Compute/virtualMachines/vm-web");
    let policy = id("Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default");
    let operation = "Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action";
    let body = json!({"virtualMachines": [{"id": machine, "ports": [
        {"number": 22, "duration": "PT3H", "allowedSourceAddressPrefix": "198.51.100.0/24"},
        {"number": 3389, "endTimeUtc": "2026-01-10T10:00:00.0000000Z", "allowedSourceAddressPrefixes": ["192.0.2.1", "192.0.2.3"]},
        {"number": 5986, "endTimeUtc": "2026-01-10T10:00:00Z", "allowedSourceAddressPrefix": "*"},
        {"number": 99999, "duration": "PT3H", "allowedSourceAddressPrefix": "*"},
        {"number": 80, "allowedSourceAddressPrefix": "*"}]}]});
    let begun = Written::done(operation, &policy, json!({})).phase(
        "Started",
        "2026-01-10T09:12:40Z",
        json!({"requestbody": body.to_string()}),
    );
    let done = Written::done(operation, &policy, json!({}));
    let texts = [begun.rest().to_string(), done.rest().to_string()];
    let events = told(&texts);
    let expected = [
        format!(
            "09:12:40 done announces [\"{machine}\"] [\"22-22\"] [(3325256704, 3325256959)] until 2026-01-10T12:12:40Z"
        ),
        format!(
            "09:12:40 done announces [\"{machine}\"] [\"3389-3389\"] [(3221225985, 3221225985), (3221225987, 3221225987)] until 2026-01-10T10:00:00Z"
        ),
        format!(
            "09:12:40 done announces [\"{machine}\"] [\"5986-5986\"] [(0, 4294967295)] until 2026-01-10T10:00:00Z"
        ),
    ];
    assert_eq!(lines(&events), expected);
    let ids: std::collections::BTreeSet<_> = events.iter().map(|event| &event.id).collect();
    assert_eq!(ids.len(), 3, "{ids:?}");
    assert_eq!(told(&[texts[1].clone(), texts[0].clone(), texts[1].clone()]), events);
    // One alone, and refused.
    let one = json!({"virtualMachines": [{"id": machine, "ports": [{"number": 22, "endTimeUtc": "2026-01-10T10:00:00Z", "allowedSourceAddressPrefix": "*"}]}]});
    let begun = begun.phase("Started", "2026-01-10T09:12:40Z", json!({"requestbody": one}));
    let refused = done.phase("Failed", "2026-01-10T09:12:41Z", json!({"statusCode": "Forbidden"}));
    let events = told(&[begun.rest().to_string(), refused.rest().to_string()]);
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].outcome, Outcome::Denied);
    assert!(bears(&events[0].bears).starts_with("announces"));
    // Policies themselves: what they change in groups is told by the groups, and who may ask is not modelled.
    for verb in ["write", "delete"] {
        let operation = format!("Microsoft.Security/locations/jitNetworkAccessPolicies/{verb}");
        let text = Written::done(&operation, &policy, json!({})).rest().to_string();
        assert_eq!(lines(&told(&[text])), ["09:12:44 done not modelled: policy of just-in-time access"]);
    }
}
