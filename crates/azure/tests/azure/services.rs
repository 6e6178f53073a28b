//! Services with a firewall of their own (P1 to P10): what is put together from several documents, and what is told.

use azure::Inventory;
use cloud::Inventory as _;
use model::{Name, Thresholds};

use crate::edits::{PLACE, gone, puts};

use crate::estate::{Answer, public_address, scan, scan_with};

const SCOPE: &str = "/subscriptions/s1/resourceGroups/rg/providers";

/// A service as `az` lists it.
pub(crate) fn service(kind: &str, name: &str, rest: &str) -> String {
    format!(r#"[{{"id": "{SCOPE}/{kind}/{name}", "name": "{name}", "type": "{kind}", {rest}}}]"#)
}

/// What a service keeps beside it.
pub(crate) fn part(kind: &str, service: &str, part: &str, rest: &str) -> String {
    format!(
        r#"[{{"id": "{SCOPE}/{kind}/{service}/{part}", "name": "{}", "type": "{kind}/{}", {rest}}}]"#,
        part.split('/').nth(1).unwrap(),
        part.split('/').next().unwrap(),
    )
}

const SQL: &str = "Microsoft.Sql/servers";

fn sql(name: &str) -> String {
    let rest = format!(r#""fullyQualifiedDomainName": "{name}.example", "publicNetworkAccess": "Enabled""#);
    service(SQL, name, &rest)
}

fn range(server: &str, name: &str, first: &str, last: &str) -> String {
    let rest = format!(r#""startIpAddress": "{first}", "endIpAddress": "{last}""#);
    part(SQL, server, &format!("firewallRules/{name}"), &rest)
}

const EVERYBODY: &str = "a exposed tcp/1433 any 3702258431 / -";

#[test]
fn documents_of_a_service_may_come_in_any_order_and_letter_case() {
    let documents = [
        sql("a"),
        range("a", "low", "0.0.0.0", "127.255.255.255"),
        range("a", "high", "128.0.0.0", "255.255.255.255"),
    ];
    scan(&documents).check(&[EVERYBODY]);
    let mut turned = documents.map(|text| text.replace("/firewallRules/", "/FIREWALLRULES/"));
    turned.reverse();
    turned[0] = turned[0].replace("resourceGroups/rg", "resourcegroups/RG");
    assert_eq!(scan(&turned).exposures(), [EVERYBODY]);
}

#[test]
fn each_service_has_the_rules_that_name_it() {
    let documents = [
        sql("a"),
        sql("ab"),
        range("a", "all", "0.0.0.0", "255.255.255.255"),
        range("ab", "one", "8.8.8.8", "8.8.8.8"),
    ];
    scan(&documents).check(&[EVERYBODY, "ab exposed tcp/1433 narrow 1 / -"]);
}

#[test]
fn what_is_not_in_the_input_is_told_with_its_command() {
    let answer = scan(&[sql("a"), sql("b"), range("b", "one", "8.8.8.8", "8.8.8.8")]);
    assert_eq!(answer.codes(), [""; 0]);
    let told = answer.snapshot.missing.join("\n");
    for expected in [
        "firewall rules of SQL servers are not in the input (`a`): whom these let in is not known; add `az sql server firewall-rule list`",
        "add `az sql server ipv6-firewall-rule list`",
        "sys.database_firewall_rules",
    ] {
        assert!(told.contains(expected), "{told}");
    }
    let closed =
        service(SQL, "a", r#""fullyQualifiedDomainName": "a.example", "publicNetworkAccess": "Disabled""#);
    let told = scan(&[closed]).snapshot.missing.join("\n");
    assert!(!told.contains("SQL"), "{told}");
}

#[test]
fn rules_without_their_server_are_a_target_that_is_admitted() {
    let answer = scan(&[range("a", "all", "0.0.0.0", "255.255.255.255")]);
    answer.check(&["a admitted tcp/1433 any 3702258431 / -"]);
    assert!(answer.snapshot.missing.iter().any(|told| told.contains("az sql server list")));
    assert_eq!(answer.snapshot.targets[0].kind, "sql-server");
    assert_eq!(&*answer.snapshot.targets[0].id, format!("{SCOPE}/{SQL}/a"));
}

#[test]
fn a_rule_that_does_not_say_whose_it_is_is_told() {
    let text = r#"[{"name": "all", "type": "Microsoft.Sql/servers/firewallRules", "startIpAddress": "0.0.0.0", "endIpAddress": "255.255.255.255"}]"#;
    assert_eq!(scan(&[text]).codes(), ["rule-without-service"]);
}

#[test]
fn kinds_are_covered_by_their_names() {
    let vault = service("Microsoft.KeyVault/vaults", "kv", r#""vaultUri": "https://kv/""#);
    let answer = scan(&[sql("a"), range("a", "one", "8.8.8.8", "8.8.8.8"), vault]);
    let coverage = &answer.snapshot.coverage;
    for kind in ["sql-server", "sql-firewall-rule", "key-vault"] {
        assert_eq!(coverage[kind].assessed, 1, "{kind}");
    }
    assert!(!coverage.contains_key("service") && !coverage.contains_key("service-part"));
}

#[test]
fn zero_is_resolved_by_a_catalogue_and_only_ipv4_of_it() {
    let catalogue = r#"{"changeNumber": 1, "cloud": "Public", "values": [{"name": "AzureCloud", "id": "AzureCloud", "properties": {"region": "", "addressPrefixes": ["20.0.0.0/16", "2603:1030::/32"]}}]}"#;
    let documents = [sql("a"), range("a", "azure", "0.0.0.0", "0.0.0.0")];
    let answer = scan_with(&documents, Some(catalogue));
    answer.check(&["a exposed tcp/1433 wide 65536 / -"]);
    assert_eq!(answer.codes(), [""; 0]);
    scan(&documents).check(&["a exposed tcp/1433 unknown / - +AzureCloud"]);
}

#[test]
fn names_alone_take_nothing_away() {
    let vault = |rest: &str| service("Microsoft.KeyVault/vaults", "kv", rest);
    let told = vault(
        r#""vaultUri": "https://kv/", "networkAcls": {"defaultAction": "Deny", "ipRules": [{"value": "8.8.8.8"}]}"#,
    );
    let names = vault(r#""location": "westeurope", "resourceGroup": "rg", "tags": null"#);
    let rows = vault(r#""location": "westeurope", "hsmUri": "https://kv/""#);
    for documents in [[&told, &names], [&names, &told], [&told, &rows], [&rows, &told]] {
        let answer = scan(&documents);
        answer.check(&["kv exposed tcp/443 narrow 1 / -"]);
        assert_eq!(answer.codes(), [""; 0]);
    }
    scan(&[&rows]).check(&["kv admitted possible tcp/443 any 3702258431 / -"]);
    assert!(scan(&[&rows]).message().contains("az keyvault show"));
}

#[test]
fn two_statements_of_one_service_are_told() {
    let account = |action: &str| {
        let rest = format!(
            r#""primaryEndpoints": {{}}, "enableHttpsTrafficOnly": true, "networkRuleSet": {{"defaultAction": "{action}"}}"#
        );
        service("Microsoft.Storage/storageAccounts", "sto", &rest)
    };
    let answer = scan(&[account("Deny"), account("Allow")]);
    assert_eq!(answer.codes(), ["duplicate-resource"]);
    answer.check(&["sto exposed tcp/443 any 3702258431 / -"]);
}

fn apply(inventory: &mut Inventory, text: &str) -> Vec<Name> {
    puts(text).iter().flat_map(|edit| inventory.apply(edit, PLACE).touched).collect()
}

#[test]
fn a_change_of_a_rule_touches_its_server() {
    let Answer { mut inventory, .. } = scan(&[sql("a"), range("a", "one", "8.8.8.8", "8.8.8.8")]);
    let key: Name = format!("{SCOPE}/{SQL}/a").to_ascii_lowercase().into();
    let touched = apply(&mut inventory, &range("a", "two", "0.0.0.0", "255.255.255.255"));
    assert!(touched.contains(&key), "{touched:?}");
    let id = format!("{SCOPE}/{SQL}/a/firewallRules/two");
    let touched = inventory.apply(&gone(&id), PLACE).touched;
    assert!(touched.contains(&key), "{touched:?}");
    let touched = inventory.apply(&gone(&format!("{SCOPE}/{SQL}/a")), PLACE).touched;
    assert!(touched.contains(&key), "{touched:?}");
    // Its rule goes with it.
    assert_eq!(inventory.snapshot(Thresholds::STANDARD).targets.len(), 0);
}

#[test]
fn a_list_is_read_whole_or_told() {
    let vault = |acls: &str| {
        let rest =
            format!(r#""vaultUri": "https://kv/", "networkAcls": {{"defaultAction": "Deny", {acls}}}"#);
        scan(&[service("Microsoft.KeyVault/vaults", "kv", &rest)])
    };
    // As PowerShell prints it.
    vault(r#""IpAddressRanges": ["0.0.0.0/1", "128.0.0.0/1"]"#)
        .check(&["kv exposed tcp/443 any 3702258431 / -"]);
    let answer = vault(r#""hostRules": ["0.0.0.0/0"]"#);
    answer.check(&["kv exposed possible tcp/443 any 3702258431 / -"]);
    assert_eq!(answer.codes(), ["unknown-rule-key"]);
    vault(r#""bypass": "AzureServices", "resourceAccessRules": []"#).check(&[]);
}

#[test]
fn outbound_addresses_of_a_cluster_are_let_in_or_told() {
    let rest = format!(
        r#""fqdn": "k", "apiServerAccessProfile": {{"authorizedIpRanges": ["0.0.0.0/32"]}}, "networkProfile": {{"loadBalancerProfile": {{"effectiveOutboundIps": [{{"id": "{SCOPE}/Microsoft.Network/publicIPAddresses/out"}}]}}}}"#
    );
    let cluster = service("Microsoft.ContainerService/managedClusters", "k", &rest);
    let told = |answer: &Answer| answer.snapshot.missing.iter().any(|told| told.starts_with("outbound"));
    let answer = scan(&[&cluster]);
    answer.check(&[]);
    assert!(told(&answer));
    let answer = scan(&[cluster, public_address("out", "20.50.1.20", "Standard")]);
    answer.check(&["k exposed tcp/443 narrow 1 / -"]);
    assert!(!told(&answer));
}
