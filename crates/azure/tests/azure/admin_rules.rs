//! Security admin rules of network managers (semantics AA0 to AA6, S040 to S044).

use crate::estate::{Answer, group, id, interface, network_of, public_address, scan, standard};

const COLLECTION: &str = "m/securityAdminConfigurations/c/ruleCollections/k";

/// The id of a rule of the one collection.
fn rule_id(name: &str) -> String {
    id("networkManagers", &format!("{COLLECTION}/rules/{name}"))
}

/// The properties of a rule from a line: `10 deny tcp SOURCE DESTINATION PORTS`.
fn properties(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [priority, access, protocol, source, destination, ports] = words.as_slice() else {
        panic!("a rule has six words: {line}")
    };
    let side = |text: &str| {
        let kind =
            if text.starts_with(|c: char| c.is_ascii_alphabetic()) { "ServiceTag" } else { "IPPrefix" };
        format!(r#"[{{"addressPrefix": "{text}", "addressPrefixType": "{kind}"}}]"#)
    };
    let ports = if *ports == "*" { "0-65535" } else { ports };
    format!(
        r#""priority": {priority}, "access": "{access}", "protocol": "{protocol}", "direction": "Inbound", "sources": {}, "destinations": {}, "sourcePortRanges": ["0-65535"], "destinationPortRanges": ["{ports}"]"#,
        side(source),
        side(destination)
    )
}

/// A rule as it is drafted.
fn drafted(line: &str) -> String {
    let name = format!("r{}", line.split(' ').next().unwrap_or_default());
    format!(
        r#"{{"id": "{}", "name": "{name}", "kind": "Custom", "type": "Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections/rules", {}}}"#,
        rule_id(&name),
        properties(line)
    )
}

fn list(items: &[String]) -> String {
    format!("[{}]", items.join(", "))
}

/// A rule in force, with more keys.
fn active(line: &str, more: &str) -> String {
    let name = format!("r{}", line.split(' ').next().unwrap_or_default());
    format!(
        r#"{{"id": "{}", "kind": "Custom", "configurationDescription": "", "ruleCollectionAppliesToGroups": [{{"networkGroupId": "{}"}}], {}{more}}}"#,
        rule_id(&name),
        id("networkManagers", "m/networkGroups/g"),
        properties(line)
    )
}

/// A list of the rules in force in networks, as the interface answers that names members.
fn effective(lines: &[&str], networks: &[&str]) -> String {
    let members: Vec<String> = networks
        .iter()
        .map(|network| format!(r#"{{"resourceId": "{}"}}"#, id("virtualNetworks", network)))
        .collect();
    let groups = format!(
        r#", "ruleGroups": [{{"id": "{}", "groupMembers": [{}]}}]"#,
        id("networkManagers", "m/networkGroups/g"),
        members.join(", ")
    );
    let rules: Vec<String> = lines.iter().map(|line| active(line, &groups)).collect();
    format!(r#"{{"value": {}}}"#, list(&rules))
}

fn collection() -> String {
    format!(
        r#"[{{"id": "{}", "name": "k", "appliesToGroups": [{{"networkGroupId": "{}"}}]}}]"#,
        id("networkManagers", COLLECTION),
        id("networkManagers", "m/networkGroups/g")
    )
}

fn member(name: &str, resource: &str) -> String {
    format!(
        r#"[{{"id": "{}", "name": "{name}", "resourceId": "{resource}"}}]"#,
        id("networkManagers", &format!("m/networkGroups/g/staticMembers/{name}"))
    )
}

fn configuration(more: &str) -> String {
    format!(
        r#"[{{"id": "{}", "name": "c"{more}}}]"#,
        id("networkManagers", "m/securityAdminConfigurations/c")
    )
}

fn deployment(region: &str, status: &str, configuration: &str) -> String {
    format!(
        r#"{{"value": [{{"commitTime": "2026-01-26T06:58:50.883Z", "region": "{region}", "deploymentStatus": "{status}", "configurationIds": ["{}"], "deploymentType": "SecurityAdmin", "errorMessage": ""}}]}}"#,
        id("networkManagers", &format!("m/securityAdminConfigurations/{configuration}"))
    )
}

/// A machine with these group rules, in a network in `East US` whose subnets are delegated to nobody.
fn estate(rules: &[&str]) -> Vec<String> {
    let mut documents = standard(rules);
    documents[3] = located();
    documents
}

fn located() -> String {
    network_of(
        "v",
        "10.0.0.0/16",
        &[["s", "10.0.0.0/24", "", ""]],
        r#", "location": "East US", "etag": "W/0""#,
    )
}

fn with(rules: &[&str], more: &[String]) -> Answer {
    let mut documents = estate(rules);
    documents.extend_from_slice(more);
    scan(&documents)
}

fn in_force(rules: &[&str], admin: &[&str]) -> Answer {
    let answer = with(rules, &[effective(admin, &["v"])]);
    assert_eq!(answer.codes(), [""; 0]);
    answer
}

const SSH: &str = "nic exposed tcp/22 any 3702258431 / -";

/// S040: a denial of an admin rule ends it.
#[test]
fn a_denial_ends_it() {
    in_force(&["100 allow tcp * * 22"], &["10 Deny Tcp Internet * 22"]).check(&[]);
    in_force(&["100 allow tcp * * 22"], &["10 Deny Tcp Internet * 23"]).check(&[SSH]);
}

/// S041: what always allows skips the groups.
#[test]
fn what_always_allows_skips_the_groups() {
    in_force(&["100 deny * * * *"], &["10 AlwaysAllow Tcp 8.8.8.0/24 * 22"])
        .check(&["nic exposed tcp/22 narrow 256 / -"]);
}

/// S042: what allows goes on to the groups.
#[test]
fn what_allows_goes_on_to_the_groups() {
    in_force(&["100 deny tcp * * 22"], &["10 Allow Tcp * * 22"]).check(&[]);
}

/// S043, S044: the first match decides, then the groups.
#[test]
fn the_first_match_decides() {
    let admin = ["20 Deny Tcp * * *", "10 Allow Tcp * * 22"];
    in_force(&["100 allow tcp * * *"], &admin).check(&[SSH]);
}

/// AA4: whether a rule that always allows replaces the group that a Standard address asks for is not documented.
#[test]
fn a_standard_address_without_a_group_is_three_valued() {
    let mut documents = estate(&[]);
    documents[0] = group("other", &[]);
    documents[1] = interface("nic", ["10.0.0.4", "pip", "", "v/s"]);
    documents.push(effective(&["10 AlwaysAllow Tcp 8.8.8.0/24 * 22"], &["v"]));
    let only_nic = |answer: &Answer| {
        answer.exposures().into_iter().filter(|line| line.starts_with("nic")).collect::<Vec<_>>()
    };
    assert_eq!(only_nic(&scan(&documents)), ["nic exposed possible tcp/22 narrow 256 / -"]);
    documents[2] = public_address("pip", "20.50.1.20", "Basic");
    documents[4] = effective(&["10 Deny * * * *"], &["v"]);
    assert_eq!(only_nic(&scan(&documents)), [""; 0]);
}

/// AA0: what is drafted never closes, and may open.
#[test]
fn drafted_rules_are_bounds() {
    let answer = with(&["100 allow tcp * * 22"], &[list(&[drafted("10 Deny Tcp * * 22")])]);
    answer.check(&["nic exposed possible tcp/22 any 3702258431 / -"]);
    assert_eq!(answer.codes(), ["drafted-admin-rules"]);
    let answer = with(&[], &[list(&[drafted("10 AlwaysAllow Tcp * * 22")])]);
    answer.check(&["nic exposed possible tcp/22 any 3702258431 / -"]);
    // One that lets the groups decide changes nothing where there is no other rule.
    with(&["100 allow tcp * * 22"], &[list(&[drafted("10 Allow Tcp * * 22")])]).check(&[SSH]);
}

/// AA0: committed to the region of the network, and the network a static member: exact.
#[test]
fn a_deployment_puts_drafts_in_force() {
    let parts = |region: &str, status: &str, name: &str| {
        vec![
            list(&[drafted("10 Deny Tcp * * 22")]),
            collection(),
            member("v", &id("virtualNetworks", "v")),
            deployment(region, status, name),
        ]
    };
    let rules = ["100 allow tcp * * 22"];
    let answer = with(&rules, &parts("eastus", "Deployed", "c"));
    answer.check(&[]);
    assert_eq!(answer.codes(), [""; 0]);
    let possible = ["nic exposed possible tcp/22 any 3702258431 / -"];
    for (region, status, name) in
        [("westus", "Deployed", "c"), ("eastus", "Failed", "c"), ("eastus", "Deploying", "c")]
    {
        let answer = with(&rules, &parts(region, status, name));
        answer.check(&possible);
        assert_eq!(answer.codes(), ["drafted-admin-rules"], "{region} {status}");
    }
    // A manager has one configuration in a region: another one there is the goal instead.
    with(&rules, &parts("eastus", "Deployed", "other")).check(&[SSH]);
}

/// A rule that was edited after the commit is drafted again.
#[test]
fn what_was_edited_after_the_commit_is_drafted() {
    let edited = |moment: &str| {
        let rule = drafted("10 Deny Tcp * * 22");
        let rule = rule.replacen('{', &format!(r#"{{"systemData": {{"lastModifiedAt": "{moment}"}}, "#), 1);
        let parts = [
            list(&[rule]),
            collection(),
            member("v", &id("virtualNetworks", "v")),
            deployment("eastus", "Deployed", "c"),
        ];
        with(&["100 allow tcp * * 22"], &parts).exposures()
    };
    assert_eq!(edited("2026-01-26T06:58:50.1Z"), [""; 0]);
    assert_eq!(edited("2026-01-26T06:58:51Z"), ["nic exposed possible tcp/22 any 3702258431 / -"]);
}

/// A list of rules in force does not say of which network it is: one region is enough, else it may be any member's.
#[test]
fn an_effective_list_must_be_placed() {
    let rules = ["100 allow tcp * * 22"];
    let deny = ["10 Deny Tcp * * 22"];
    let far = network_of("w", "10.9.0.0/16", &[["s", "10.9.0.0/24", "", ""]], r#", "location": "westus""#);
    let near = far.replace("westus", "eastus");
    let both = effective(&deny, &["v", "w"]);
    with(&rules, &[both.clone(), near]).check(&[]);
    let answer = with(&rules, &[both, far]);
    answer.check(&["nic exposed possible tcp/22 any 3702258431 / -"]);
    assert_eq!(answer.codes(), ["unplaced-admin-rules"]);
    // Without members it may be of any network that the groups may hold.
    let answer = with(&rules, &[format!(r#"{{"value": [{}]}}"#, active(deny[0], ""))]);
    answer.check(&["nic exposed possible tcp/22 any 3702258431 / -"]);
    assert_eq!(answer.codes(), ["unplaced-admin-rules"]);
    // Of others.
    with(&rules, &[effective(&deny, &["other"])]).check(&[SSH]);
}

/// `az network manager list-active-security-admin-rule`: the region is said, members are told elsewhere.
#[test]
fn active_rules_say_their_region() {
    let rules = ["100 allow tcp * * 22"];
    let told = |region: &str| {
        let more = format!(r#", "region": "{region}", "commitTime": "2026-01-26T06:58:50.883Z""#);
        format!(r#"{{"value": [{}]}}"#, active("10 Deny Tcp * * 22", &more))
    };
    let v = member("v", &id("virtualNetworks", "v"));
    with(&rules, &[told("eastus"), v.clone()]).check(&[]);
    with(&rules, &[told("westus"), v]).check(&["nic exposed possible tcp/22 any 3702258431 / -"]);
    let answer = with(&rules, &[told("eastus")]);
    answer.check(&["nic exposed possible tcp/22 any 3702258431 / -"]);
    assert_eq!(answer.codes(), ["unknown-group-membership"]);
    // Static members are all members: others are none.
    with(&rules, &[told("eastus"), member("w", &id("virtualNetworks", "w"))]).check(&[SSH]);
}

/// A group may hold subnets: the other subnets of the network are untouched.
#[test]
fn a_subnet_may_be_the_member() {
    let rules = ["100 allow tcp * * 22"];
    let told = |subnet: &str| {
        let more = r#", "region": "eastus", "commitTime": "2026-01-26T06:58:50.883Z""#;
        let active = format!(r#"{{"value": [{}]}}"#, active("10 Deny Tcp * * 22", more));
        let member = member("s", &id("virtualNetworks", &format!("v/subnets/{subnet}")));
        with(&rules, &[active, member]).exposures()
    };
    assert_eq!(told("S"), [""; 0]);
    assert_eq!(told("other"), [SSH]);
}

fn graph(configurations: &str) -> String {
    format!(
        r#"[{{"id": "{}/providers/Microsoft.Network/effectiveSecurityAdminRules/default", "name": "default", "type": "microsoft.network/effectivesecurityadminrules", "properties": {{"provisioningState": "Succeeded", "EffectiveSecurityAdminConfigurations": [{configurations}]}}}}]"#,
        id("virtualNetworks", "v")
    )
}

/// Resource Graph says of a network which configurations are in force there.
#[test]
fn resource_graph_names_the_network() {
    let rules = ["100 allow tcp * * 22"];
    let configuration = id("networkManagers", "m/securityAdminConfigurations/c/snapshots/7");
    let of_c = format!(r#"{{"Id": "{configuration}"}}"#);
    let deny = list(&[drafted("10 Deny Tcp * * 22")]);
    with(&rules, &[deny.clone(), graph(&of_c)]).check(&[]);
    let answer = with(&rules, &[deny, graph("")]);
    answer.check(&[SSH]);
    assert_eq!(answer.codes(), [""; 0]);
    // In force, and its rules are not in the input.
    let answer = with(&rules, &[graph(&of_c)]);
    answer.check(&["nic exposed possible any any 3702258431 / -"]);
    assert_eq!(answer.codes(), ["dangling-reference"]);
}

/// AA3: platform subnets are left out, the others of the network are not.
#[test]
fn platform_subnets_are_exempt() {
    let in_subnet = |subnet: &str, more: &str| {
        let mut documents = estate(&["100 allow tcp * * 22"]);
        documents[1] = interface("nic", ["10.0.0.4", "pip", "nsg", &format!("v/{subnet}")]);
        documents[3] =
            network_of("v", "10.0.0.0/16", &[[subnet, "10.0.0.0/24", "", ""]], r#", "etag": "W/0""#);
        documents[3] = documents[3].replace(r#""routeTable": null"#, &format!(r#""routeTable": null{more}"#));
        documents.push(effective(&["10 Deny Tcp * * 22"], &["v"]));
        scan(&documents).exposures()
    };
    for subnet in [
        "AzureBastionSubnet",
        "azurefirewallsubnet",
        "AzureFirewallManagementSubnet",
        "GatewaySubnet",
        "RouteServerSubnet",
    ] {
        assert_eq!(in_subnet(subnet, ""), [SSH], "{subnet}");
    }
    assert_eq!(in_subnet("AzureBastionSubnet2", ""), [""; 0]);
    let gateway = format!(
        r#", "applicationGatewayIPConfigurations": [{{"id": "{}"}}]"#,
        id("applicationGateways", "g/gatewayIPConfigurations/c")
    );
    assert_eq!(in_subnet("s", &gateway), [SSH]);
    let user = format!(
        r#", "ipConfigurations": [{{"id": "{}"}}]"#,
        id("applicationGateways", "g/gatewayIPConfigurations/c")
    );
    assert_eq!(in_subnet("s", &user), [SSH]);
}

/// AA3: beside a service with a network intent policy the configuration says what acts.
#[test]
fn intent_policies_keep_rules_out() {
    let beside = |word: &str, rule: &str, delegation: &str| {
        let mut documents = estate(&["100 allow tcp * * 22"]);
        documents[3] = documents[3].replace(
            r#""routeTable": null"#,
            &format!(
                r#""routeTable": null, "delegations": [{{"name": "d", "serviceName": "{delegation}"}}]"#
            ),
        );
        documents.extend([
            list(&[drafted(rule)]),
            collection(),
            configuration(&format!(r#", "applyOnNetworkIntentPolicyBasedServices": [{word}]"#)),
            member("v", &id("virtualNetworks", "v")),
            deployment("eastus", "Deployed", "c"),
        ]);
        scan(&documents).exposures()
    };
    let (deny, always) = ("10 Deny Tcp * * 22", "10 AlwaysAllow Tcp * * 23");
    let instances = "Microsoft.Sql/managedInstances";
    assert_eq!(beside(r#""None""#, deny, instances), [SSH]);
    assert_eq!(beside("", deny, "microsoft.databricks/workspaces"), [SSH]);
    assert_eq!(beside(r#""AllowRulesOnly""#, deny, instances), [SSH]);
    assert_eq!(beside(r#""All""#, deny, instances), [""; 0]);
    assert_eq!(beside(r#""None""#, deny, "Microsoft.Web/serverFarms"), [""; 0]);
    let possible = "nic exposed possible tcp/23 any 3702258431 / any";
    let exposures = beside(r#""AllowRulesOnly""#, always, instances);
    assert_eq!(exposures, [possible.replace("/ any", "/ -"), SSH.to_owned()]);
}

/// A projection of a network does not say to whom its subnets are delegated.
#[test]
fn untold_delegations_are_bounds() {
    let mut documents = estate(&["100 allow tcp * * 22"]);
    documents[3] = documents[3].replace(r#", "etag": "W/0""#, "");
    documents.extend([
        list(&[drafted("10 Deny Tcp * * 22")]),
        collection(),
        configuration(""),
        member("v", &id("virtualNetworks", "v")),
        deployment("eastus", "Deployed", "c"),
    ]);
    let answer = scan(&documents);
    answer.check(&["nic exposed possible tcp/22 any 3702258431 / -"]);
    assert_eq!(answer.codes(), ["untold-delegations"]);
}

fn of_manager(manager: &str, line: &str) -> String {
    effective(&[line], &["v"]).replace("networkManagers/m/", &format!("networkManagers/{manager}/"))
}

fn manager(name: &str, scopes: &str) -> String {
    format!(
        r#"[{{"id": "{}", "name": "{name}", "networkManagerScopes": {scopes}}}]"#,
        id("networkManagers", name)
    )
}

/// AA5: the manager at the higher scope decides.
#[test]
fn the_higher_scope_comes_first() {
    let rules = ["100 allow tcp * * 22"];
    let high = manager(
        "high",
        r#"{"managementGroups": ["/providers/Microsoft.Management/managementGroups/g"], "subscriptions": []}"#,
    );
    let low = manager("low", r#"{"managementGroups": [], "subscriptions": ["/subscriptions/s1"]}"#);
    let of = |one: &str, other: &str| {
        [high.clone(), low.clone(), of_manager("high", one), of_manager("low", other)]
    };
    with(&rules, &of("900 Allow Tcp * * 22", "1 Deny Tcp * * 22")).check(&[SSH]);
    with(&rules, &of("900 Deny Tcp * * 22", "1 AlwaysAllow Tcp * * 22")).check(&[]);
    // Not said: either may come first.
    let unsaid = [of_manager("high", "900 Deny Tcp * * 22"), of_manager("low", "1 AlwaysAllow Tcp * * 22")];
    let answer = with(&rules, &unsaid);
    answer.check(&["nic exposed possible tcp/22 any 3702258431 / -"]);
    assert_eq!(answer.codes(), ["admin-rules-order"]);
}

/// AA5: collections are one list by priority; a tie of two is either order.
#[test]
fn collections_are_one_list() {
    let rules = ["100 allow tcp * * 22"];
    let other = |line: &str| effective(&[line], &["v"]).replace("ruleCollections/k/", "ruleCollections/l/");
    let deny = effective(&["20 Deny Tcp * * 22"], &["v"]);
    with(&rules, &[deny.clone(), other("10 Allow Tcp * * 22")]).check(&[SSH]);
    with(&rules, &[deny.clone(), other("30 Allow Tcp * * 22")]).check(&[]);
    let answer = with(&rules, &[deny, other("20 Allow Tcp * * 22")]);
    answer.check(&["nic exposed possible tcp/22 any 3702258431 / -"]);
    assert_eq!(answer.codes(), ["equal-priorities"]);
}

/// Words that nobody understands are bounds, never closed and never open.
#[test]
fn what_cannot_be_read_is_bounds() {
    let possible = ["nic exposed possible tcp/22 any 3702258431 / -"];
    for (from, to, code) in [
        (r#""access": "Deny""#, r#""access": "Refuse""#, "unknown-access"),
        (r#""access": "Deny""#, r#""access": 7"#, "unknown-access"),
        (r#""direction": "Inbound""#, r#""direction": "In""#, "unknown-direction"),
        (r#""priority": 10"#, r#""priority": 5000"#, "priority-out-of-range"),
        (r#""priority": 10"#, r#""priority": null"#, "priority-out-of-range"),
        (r#""kind": "Custom""#, r#""kind": "Custom", "expires": "soon""#, "unknown-rule-key"),
        (
            r#""addressPrefixType": "IPPrefix""#,
            r#""addressPrefixType": "NetworkGroup""#,
            "network-group-as-side",
        ),
    ] {
        let text = effective(&["10 Deny Tcp * * 22"], &["v"]).replacen(from, to, 1);
        let answer = with(&["100 allow tcp * * 22"], &[text]);
        answer.check(&possible);
        assert_eq!(answer.codes(), [code], "{to}");
    }
}

/// Outbound rules say nothing of the Internet's way in.
#[test]
fn outbound_rules_are_left_out() {
    let text = effective(&["10 Deny Tcp * * 22"], &["v"]).replace("Inbound", "Outbound");
    let answer = with(&["100 allow tcp * * 22"], &[text]);
    answer.check(&[SSH]);
    assert_eq!(answer.codes(), [""; 0]);
}

/// X3: a group whose interfaces are not in the input is behind the rules of its subnet's network too.
#[test]
fn groups_alone_are_behind_them() {
    let attached = |network: &str| {
        let subnets = format!(
            r#", "subnets": [{{"id": "{}"}}]"#,
            id("virtualNetworks", &format!("{network}/subnets/s"))
        );
        let rules = crate::estate::rule("100 allow tcp * * 22");
        let nsg = crate::estate::group_of("nsg", &rules, &subnets);
        scan(&[nsg, effective(&["10 Deny Tcp * * 22"], &["v"])]).exposures()
    };
    assert_eq!(attached("v"), [""; 0]);
    assert_eq!(attached("w"), ["nsg admitted tcp/22 any 3702258431 / any"]);
}

/// A view shows `Allow` for both kinds; where the rules themselves are in force, they tell them apart.
#[test]
fn rules_in_force_stand_for_those_of_a_view() {
    let rule = |name: &str, access: &str, priority: u32, ports: &str| {
        format!(
            r#"{{"access": "{access}", "destinationAddressPrefix": "0.0.0.0/0", "destinationPortRange": "{ports}", "direction": "Inbound", "name": "{name}", "priority": {priority}, "protocol": "All", "sourceAddressPrefix": "0.0.0.0/0", "sourcePortRange": "0-65535"}}"#
        )
    };
    let view = format!(
        r#"{{"value": [{{"association": {{"networkManager": {{"id": "{}"}}}}, "effectiveSecurityRules": [{}]}}, {{"association": {{"networkInterface": {{"id": "{}"}}}}, "networkSecurityGroup": {{"id": "{}"}}, "effectiveSecurityRules": [{}]}}]}}"#,
        id("networkManagers", "m"),
        rule("r10", "Allow", 10, "22-22"),
        id("networkInterfaces", "nic"),
        id("networkSecurityGroups", "nsg"),
        rule("defaultSecurityRules/DenyAllInBound", "Deny", 65500, "0-65535"),
    );
    let possible =
        ["nic exposed possible tcp/22 any 3702258431 / -", "nic exposed possible udp/22 any 3702258431 / -"];
    let alone = with(&[], std::slice::from_ref(&view));
    alone.check(&possible);
    with(&[], &[view.clone(), effective(&["10 AlwaysAllow Tcp * * 22"], &["v"])]).check(&[SSH]);
    with(&[], &[view.clone(), effective(&["10 Allow Tcp * * 22"], &["v"])]).check(&[]);
    // A denial in a view is one.
    let denied = view.replacen("\"Allow\"", "\"Deny\"", 1);
    let answer = with(&[], &[denied]);
    answer.check(&[]);
    assert_eq!(answer.codes(), [""; 0]);
}

/// Documents may come in any order, and ids in any letter case.
#[test]
fn order_and_letter_case_do_not_matter() {
    let parts = [
        list(&[drafted("10 Deny Tcp * * 22")]),
        collection(),
        member("v", &id("virtualNetworks", "V")),
        deployment("EastUS", "deployed", "C"),
    ];
    let mut documents = estate(&["100 allow tcp * * 22"]);
    documents.extend(parts);
    scan(&documents).check(&[]);
    documents.reverse();
    scan(&documents).check(&[]);
}

/// What a manager is for is not known without its rules; members that a policy adds are in no list of static ones.
#[test]
fn what_is_missing_is_told() {
    let told = |more: &[String], words: &str| {
        let answer = with(&["100 allow tcp * * 22"], more);
        answer.snapshot.missing.iter().any(|sentence| sentence.contains(words))
    };
    let manager = manager("m", "{}");
    let rules = list(&[drafted("10 Deny Tcp * * 22")]);
    assert!(told(std::slice::from_ref(&manager), "list-active-security-admin-rule"));
    assert!(!told(&[manager, rules.clone()], "list-active-security-admin-rule"));
    let v = member("v", &id("virtualNetworks", "v"));
    assert!(told(&[rules.clone(), v.clone()], "no static member"));
    let all = v.replace("staticMembers", "members").replace("resourceId", "memberId");
    assert!(!told(&[rules.clone(), all], "no static member"));
    assert!(!told(&[rules], "no static member"));
}

/// Resource Graph lists the members that a policy adds too.
#[test]
fn members_of_resource_graph_are_members() {
    let parts = |network: &str| {
        let member = member("x", &id("virtualNetworks", network))
            .replace("staticMembers", "members")
            .replace("resourceId", "memberId");
        let parts = [
            list(&[drafted("10 Deny Tcp * * 22")]),
            collection(),
            member,
            deployment("eastus", "Deployed", "c"),
        ];
        with(&["100 allow tcp * * 22"], &parts).exposures()
    };
    assert_eq!(parts("v"), [""; 0]);
    assert_eq!(parts("w"), [SSH]);
}

/// Rules are exported collection by collection: one without any may have some.
#[test]
fn a_collection_without_rules_is_bounds() {
    let v = member("v", &id("virtualNetworks", "v"));
    let answer = with(&["100 allow tcp * * 22"], &[collection(), v]);
    assert_eq!(answer.codes(), ["admin-rules-untold", "drafted-admin-rules"]);
    answer.check(&["nic exposed possible any any 3702258431 / -"]);
}

/// An edit of a rule moves the answer, one change at a time.
#[test]
fn an_edit_of_an_admin_rule_moves_its_targets() {
    use azure::Inventory;
    use cloud::{Document, Inventory as _};
    use model::{DocumentId, Filter, Thresholds};

    let mut inventory = Inventory::new();
    let mut documents = estate(&["100 allow tcp * * 22"]);
    documents.push(effective(&["10 Deny Tcp * * 22"], &["v"]));
    for (number, text) in documents.iter().enumerate() {
        let id = DocumentId(u32::try_from(number).unwrap());
        inventory.read(&Document { id, path: "input.json", text });
    }
    let edited = effective(&["10 Allow Tcp * * 22"], &["v"]);
    let edits = crate::edits::puts(&edited);
    let touched: Vec<model::Name> =
        edits.iter().flat_map(|edit| inventory.apply(edit, crate::edits::PLACE).touched).collect();
    let lowered = inventory.lower(&touched);
    let whole = inventory.snapshot(Thresholds::STANDARD);
    let now = |targets: &[model::Target]| -> Vec<Filter> {
        let nic = targets.iter().find(|target| &*target.name == "nic");
        nic.into_iter().flat_map(|target| &target.paths).map(|path| Filter::clone(&path.filter)).collect()
    };
    let whole: Vec<model::Target> = whole.targets.iter().map(|target| model::Target::clone(target)).collect();
    assert_eq!(now(&lowered), now(&whole));
    assert!(!now(&lowered).is_empty());
}

/// The length of the JSON value at the start of a text.
fn value_length(text: &str) -> usize {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
    values.next().unwrap().unwrap();
    values.byte_offset()
}

/// Every value of the documents replaced by each of these, one at a time.
fn damaged(documents: &[String], mut judge: impl FnMut(&str, &str, &[String])) -> usize {
    let mut tried = 0;
    for (number, text) in documents.iter().enumerate() {
        let values: Vec<usize> = text.match_indices(": ").map(|(at, _)| at + 2).collect();
        for start in values {
            let end = start + value_length(&text[start..]);
            for junk in ["null", "true", "7", "\"junk\"", "[7]", "[\"junk\"]", "{\"junk\": 1}", "{}", "[]"] {
                let mut changed = documents.to_vec();
                changed[number] = format!("{}{junk}{}", &text[..start], &text[end..]);
                let key = text[..start].rsplit('"').nth(1).unwrap();
                judge(key, junk, &changed);
                tried += 1;
            }
        }
    }
    tried
}

/// Damage never loses an opening, and never makes one certain, without a gap: but where it is another true statement.
#[test]
fn damage_is_never_silent() {
    let estate_of = |rule: &str, more: &[String]| {
        let mut documents = estate(&[rule]);
        documents.extend_from_slice(more);
        scan(&documents)
    };
    // Other members, other groups, other configurations, other places are statements about others.
    let speaks_of_others = |key: &str, junk: &str| {
        // What is no list is no document of ours.
        matches!(
            (key, junk),
            ("value" | "resourceId" | "region" | "networkGroupId" | "id" | "name" | "configurationIds", _)
        ) || matches!((key, junk), ("groupMembers" | "ruleGroups" | "appliesToGroups", "[]"))
            || matches!((key, junk), ("destinationPortRanges" | "sourcePortRanges" | "priority", "7" | "[7]"))
            || matches!((key, junk), ("addressPrefix", "7"))
    };
    let sets = |line: &str| {
        let committed = vec![
            list(&[drafted(line)]),
            collection(),
            member("v", &id("virtualNetworks", "v")),
            deployment("eastus", "Deployed", "c"),
        ];
        [vec![effective(&[line], &["v"])], committed]
    };
    let mut silent: Vec<String> = Vec::new();
    for (line, rule, before) in [
        ("10 AlwaysAllow Tcp * * 22", "100 deny * * * *", &[SSH][..]),
        ("10 Deny Tcp * * 22", "100 allow tcp * * 22", &[]),
    ] {
        for documents in sets(line) {
            estate_of(rule, &documents).check(before);
            let tried = damaged(&documents, |key, junk, changed| {
                let answer = estate_of(rule, changed);
                let exposures = answer.exposures();
                let is_kept = if before.is_empty() {
                    exposures.iter().all(|line| line.contains("possible"))
                } else {
                    !exposures.is_empty()
                };
                if !is_kept && answer.codes().is_empty() && !speaks_of_others(key, junk) {
                    silent.push(format!("{line}: {key}: {junk}"));
                }
            });
            assert!(tried > 100, "{tried}");
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

/// A list of what is in force has all that is: what is drafted beside it is not in force there.
#[test]
fn what_a_list_in_force_does_not_name_is_not_in_force() {
    let rules = ["100 allow tcp * * 22"];
    let draft = list(&[drafted("10 Deny Tcp * * 22")]);
    let told = effective(&["20 Deny Tcp * * 23"], &["v"]);
    let answer = with(&rules, &[draft.clone(), told]);
    answer.check(&[SSH]);
    assert_eq!(answer.codes(), [""; 0]);
    let of_region = |region: &str| {
        let more = format!(r#", "region": "{region}", "commitTime": "2026-01-26T06:58:50.883Z""#);
        let told = format!(r#"{{"value": [{}]}}"#, active("20 Deny Tcp * * 23", &more));
        with(&rules, &[draft.clone(), told, member("v", &id("virtualNetworks", "v"))]).exposures()
    };
    assert_eq!(of_region("eastus"), [SSH]);
    assert_eq!(of_region("westus"), ["nic exposed possible tcp/22 any 3702258431 / -"]);
}

/// PowerShell writes names with capitals, and lists a second time as text.
#[test]
fn powershell_spells_them_otherwise() {
    let mut text = effective(&["10 Deny Tcp * * 22"], &["v"]);
    for key in [
        "sources",
        "destinations",
        "access",
        "priority",
        "direction",
        "protocol",
        "ruleGroups",
        "groupMembers",
    ] {
        let (first, rest) = key.split_at(1);
        text = text.replace(&format!("\"{key}\""), &format!("\"{}{rest}\"", first.to_uppercase()));
    }
    let text = text.replacen(
        "{\"id\"",
        r#"{"SourcesText": "[]", "DestinationPortRangesText": "[ \"22\" ]", "id""#,
        1,
    );
    let answer = with(&["100 allow tcp * * 22"], &[text]);
    answer.check(&[]);
    assert_eq!(answer.codes(), [""; 0]);
}

/// A page that names another one is not the whole list.
#[test]
fn a_page_that_goes_on_is_told() {
    let text = effective(&["10 Deny Tcp * * 23"], &["v"]).replacen('{', r#"{"skipToken": "abc", "#, 1);
    assert!(!with(&["100 allow tcp * * 22"], &[text]).codes().is_empty());
}

/// Resource Graph's snapshots are what was committed, and the drafts beside them are not.
#[test]
fn snapshots_are_what_was_committed() {
    let snapshot = |line: &str, number: u32| {
        let rule = drafted(line);
        let rule = rule.replace("rules/r10", &format!("rules/r10/snapshots/{number}"));
        rule.replace("ruleCollections/rules\"", "ruleCollections/rules/snapshots\"")
    };
    let of_c =
        format!(r#"{{"id": "{}"}}"#, id("networkManagers", "m/securityAdminConfigurations/c/snapshots/7"));
    let rules = ["100 allow tcp * * 22"];
    let deny = "10 Deny Tcp * * 22";
    let one = with(&rules, &[list(&[snapshot(deny, 3)]), graph(&of_c)]);
    one.check(&[]);
    assert_eq!(one.codes(), [""; 0]);
    // The draft was edited since.
    with(&rules, &[list(&[drafted("10 Allow Tcp * * 22"), snapshot(deny, 3)]), graph(&of_c)]).check(&[]);
    // Which of two holds is not known.
    let two = with(&rules, &[list(&[snapshot(deny, 3), snapshot("10 Allow Tcp * * 22", 4)]), graph(&of_c)]);
    let exposures = two.exposures();
    assert!(exposures.iter().all(|line| line.contains("possible")) && !exposures.is_empty(), "{exposures:?}");
    assert!(!two.codes().is_empty());
}

/// P2: the public endpoint of a managed instance is behind them where the configuration says so.
#[test]
fn managed_instances_are_behind_them() {
    let beside = |word: &str| {
        let mut documents = estate(&[]);
        let subnet = r#""routeTable": null, "delegations": [{"name": "d", "serviceName": "Microsoft.Sql/managedInstances"}]"#;
        documents[3] = documents[3].replace(r#""routeTable": null"#, subnet);
        let nsg = format!(r#""networkSecurityGroup": {{"id": "{}"}}"#, id("networkSecurityGroups", "open"));
        documents[3] = documents[3].replace(r#""networkSecurityGroup": null"#, &nsg);
        documents.push(group("open", &["100 allow tcp * * 3342"]));
        documents.push(format!(
            r#"[{{"id": "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Sql/managedInstances/mi", "name": "mi", "type": "Microsoft.Sql/managedInstances", "provisioningState": "Succeeded", "publicDataEndpointEnabled": true, "subnetId": "{}"}}]"#,
            id("virtualNetworks", "v/subnets/s")
        ));
        documents.extend([
            list(&[drafted("10 Deny Tcp * * *")]),
            collection(),
            configuration(&format!(r#", "applyOnNetworkIntentPolicyBasedServices": ["{word}"]"#)),
            member("v", &id("virtualNetworks", "v")),
            deployment("eastus", "Deployed", "c"),
        ]);
        let lines = scan(&documents).exposures();
        lines.into_iter().filter(|line| line.starts_with("mi ")).collect::<Vec<_>>()
    };
    assert_eq!(beside("None"), ["mi exposed tcp/3342 any 3702258431 / -"]);
    assert_eq!(beside("All"), [""; 0]);
}
