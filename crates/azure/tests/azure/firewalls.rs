//! Azure Firewalls: translations in the order they are read, by classic rules and by policies (semantics AP9).

use crate::estate::{Answer, group, id, interface, network, public_address, scan};

const ANY: &str = "any 3702258431 / -";
const CLOSED: &str = "200 deny * * * *";

/// A rule that translates: name, sources, destination, ports, where to.
fn translation(name: &str, [sources, destination, ports, to]: [&str; 4]) -> String {
    let texts = |list: &str| list.split(',').map(|text| format!("{text:?}")).collect::<Vec<_>>().join(", ");
    let (address, port) = to.rsplit_once(':').unwrap();
    let sources = match sources.strip_prefix('@') {
        Some(group) => format!(r#""sourceIpGroups": ["{}"]"#, id("ipGroups", group)),
        None => format!(r#""sourceAddresses": [{}]"#, texts(sources)),
    };
    format!(
        r#"{{"name": "{name}", "ruleType": "NatRule", "ipProtocols": ["TCP"], {sources}, "destinationAddresses": ["{destination}"], "destinationPorts": [{}], "translatedAddress": "{address}", "translatedPort": "{port}"}}"#,
        texts(ports)
    )
}

fn collection(priority: u32, rules: &[String]) -> String {
    format!(
        r#"{{"name": "c{priority}", "priority": {priority}, "ruleCollectionType": "FirewallPolicyNatRuleCollection", "action": {{"type": "DNAT"}}, "rules": [{}]}}"#,
        rules.join(", ")
    )
}

fn collection_group(policy: &str, name: &str, priority: u32, collections: &[String]) -> String {
    format!(
        r#"[{{"id": "{}/ruleCollectionGroups/{name}", "name": "{name}", "type": "Microsoft.Network/firewallPolicies/ruleCollectionGroups", "properties": {{"priority": {priority}, "ruleCollections": [{}]}}}}]"#,
        id("firewallPolicies", policy),
        collections.join(", ")
    )
}

fn policy(name: &str, base: &str, groups: &[&str]) -> String {
    let own = id("firewallPolicies", name);
    let groups: Vec<String> =
        groups.iter().map(|group| format!(r#"{{"id": "{own}/ruleCollectionGroups/{group}"}}"#)).collect();
    let base = if base.is_empty() {
        "null".to_owned()
    } else {
        format!(r#"{{"id": "{}"}}"#, id("firewallPolicies", base))
    };
    format!(
        r#"[{{"id": "{own}", "name": "{name}", "type": "Microsoft.Network/firewallPolicies", "basePolicy": {base}, "threatIntelMode": "Alert", "ruleCollectionGroups": [{}]}}]"#,
        groups.join(", ")
    )
}

/// A firewall `fw` in `v/AzureFirewallSubnet` with more keys.
fn firewall(more: &str) -> String {
    format!(
        r#"[{{"id": "{}", "name": "fw", "type": "Microsoft.Network/azureFirewalls", "etag": "1", "ipConfigurations": [{{"name": "i", "privateIPAddress": "10.0.2.4", "subnet": {{"id": "{}"}}, "publicIPAddress": {{"id": "{}"}}}}]{more}}}]"#,
        id("azureFirewalls", "fw"),
        id("virtualNetworks", "v/subnets/AzureFirewallSubnet"),
        id("publicIPAddresses", "fw-pip"),
    )
}

fn with_policy() -> String {
    firewall(&format!(r#", "firewallPolicy": {{"id": "{}"}}"#, id("firewallPolicies", "fp")))
}

/// The firewall before `vm` and `other`, whose group lets in what comes from the firewall.
fn estate(firewall: String) -> Vec<String> {
    vec![
        firewall,
        group("nsg-vm", &["100 allow * 10.0.2.0/26 * *", CLOSED]),
        interface("vm", ["10.0.0.4", "", "nsg-vm", "v/s"]),
        interface("other", ["10.0.0.5", "", "nsg-vm", "v/s"]),
        public_address("fw-pip", "20.50.1.50", "Standard"),
        network(
            "v",
            "10.0.0.0/16",
            &[["s", "10.0.0.0/24", "", ""], ["AzureFirewallSubnet", "10.0.2.0/26", "", ""]],
        ),
    ]
}

/// One group of one collection with these rules.
fn translating(rules: &[[&str; 4]]) -> Answer {
    let rules: Vec<String> =
        rules.iter().zip(1..).map(|(rule, number)| translation(&format!("r{number}"), *rule)).collect();
    let mut documents = estate(with_policy());
    documents.push(policy("fp", "", &["g"]));
    documents.push(collection_group("fp", "g", 100, &[collection(100, &rules)]));
    scan(&documents)
}

/// A firewall that leads to a machine by a policy: the policy and its group stand last.
pub(crate) fn documents_of_policy() -> Vec<String> {
    let mut documents = estate(with_policy());
    documents.push(policy("fp", "", &["g"]));
    let rule = translation("r", ["*", "20.50.1.50", "50001", "10.0.0.4:3389"]);
    documents.push(collection_group("fp", "g", 100, &[collection(100, &[rule])]));
    documents
}

/// AP9: the group of the machine sees the firewall; the sources are the rule's.
#[test]
fn a_translation_is_a_way_in() {
    let answer = translating(&[["8.8.8.0/24", "20.50.1.50", "50001", "10.0.0.4:3389"]]);
    answer.check(&["vm via-proxy tcp/3389 narrow 256 / -"]);
    assert_eq!(answer.codes(), [""; 0]);
    let vm = answer.snapshot.targets.iter().find(|target| &*target.name == "vm").unwrap();
    let path = vm.paths.iter().find(|path| !path.hops.is_empty()).unwrap();
    assert_eq!(path.carries.outside(packet::Protocol::TCP, 3389), Some(50001));
    assert_eq!(path.front.as_ref().unwrap().address, Some("20.50.1.50".parse().unwrap()));
    let firewall = answer.snapshot.targets.iter().find(|target| &*target.name == "fw").unwrap();
    assert_eq!(firewall.attributes, [("threat-intelligence", "alert".into())]);
    assert_eq!(answer.snapshot.coverage["azure-firewall"].assessed, 1);
}

#[test]
fn a_group_that_does_not_know_the_firewall_closes() {
    let mut documents = estate(with_policy());
    documents[1] = group("nsg-vm", &["100 allow * Internet * *", CLOSED]);
    documents.push(policy("fp", "", &["g"]));
    let rule = translation("r", ["*", "20.50.1.50", "443", "10.0.0.4:443"]);
    documents.push(collection_group("fp", "g", 100, &[collection(100, &[rule])]));
    let answer = scan(&documents);
    assert!(answer.exposures().iter().all(|line| line.contains(" latent ")), "{:?}", answer.exposures());
}

/// A destination of any address holds the firewall's; that of somebody else does not.
#[test]
fn destinations_are_public_addresses_of_the_firewall() {
    translating(&[["*", "*", "443", "10.0.0.4:443"]]).check(&[&format!("vm via-proxy tcp/443 {ANY}")]);
    translating(&[["*", "20.50.1.51", "443", "10.0.0.4:443"]]).check(&[]);
    translating(&[["*", "20.50.1.48/29", "443", "10.0.0.4:443"]])
        .check(&[&format!("vm via-proxy tcp/443 {ANY}")]);
}

/// Several ports, a range: all of them lead to one port.
#[test]
fn several_ports_lead_to_one() {
    let answer = translating(&[["*", "20.50.1.50", "443,8443-8444", "10.0.0.4:443"]]);
    answer.check(&[&format!("vm via-proxy tcp/443 {ANY}")]);
}

/// First match ends: an earlier rule takes its sources elsewhere.
#[test]
fn an_earlier_rule_takes_its_sources_elsewhere() {
    let answer = translating(&[
        ["8.0.0.0/8", "20.50.1.50", "443", "10.0.0.5:443"],
        ["8.8.8.0/24,9.9.9.0/24", "20.50.1.50", "443", "10.0.0.4:443"],
    ]);
    answer.check(&["other via-proxy tcp/443 broad 16777216 / -", "vm via-proxy tcp/443 narrow 256 / -"]);
    // And only on its ports.
    let answer = translating(&[
        ["*", "20.50.1.50", "443", "10.0.0.5:443"],
        ["*", "20.50.1.50", "443,8443", "10.0.0.4:443"],
    ]);
    answer.check(&[&format!("other via-proxy tcp/443 {ANY}"), &format!("vm via-proxy tcp/443 {ANY}")]);
    let vm = answer.snapshot.targets.iter().find(|target| &*target.name == "vm").unwrap();
    let mut outside = Vec::new();
    engine::exposures(&answer.snapshot, &mut |exposure, _| {
        if &*exposure.target.name == "vm" {
            outside.extend(exposure.fronts.iter().map(|entrance| entrance.ports.to_string()));
        }
    })
    .unwrap();
    assert_eq!(outside, ["8443"], "{:?}", vm.paths);
}

/// The priority of the group of collections, then that of the collection, then the place in it.
#[test]
fn groups_come_before_collections_and_collections_before_places() {
    let to =
        |name: &str, address: &str| translation(name, ["*", "20.50.1.50", "443", &format!("{address}:443")]);
    let mut documents = estate(with_policy());
    documents.push(policy("fp", "", &["a", "b"]));
    documents.push(collection_group("fp", "a", 300, &[collection(100, &[to("r", "10.0.0.5")])]));
    documents.push(collection_group(
        "fp",
        "b",
        200,
        &[collection(900, &[to("r", "10.0.0.5")]), collection(800, &[to("s", "10.0.0.4")])],
    ));
    scan(&documents).check(&[&format!("vm via-proxy tcp/443 {ANY}")]);
}

/// Ranges and groups of addresses; a group that is not in the input may hold any.
#[test]
fn ip_groups_are_resolved() {
    let ip_group = |name: &str, addresses: &str| {
        format!(
            r#"[{{"id": "{}", "name": "{name}", "type": "Microsoft.Network/ipGroups", "properties": {{"ipAddresses": [{addresses}]}}}}]"#,
            id("ipGroups", name)
        )
    };
    let mut documents = estate(with_policy());
    documents.push(policy("fp", "", &["g"]));
    let rule = translation("r", ["@office", "20.50.1.50", "443", "10.0.0.4:443"]);
    documents.push(collection_group("fp", "g", 100, &[collection(100, &[rule])]));
    let answer = scan(&documents);
    answer.check(&[&format!("vm via-proxy possible tcp/443 {ANY}")]);
    assert_eq!(answer.codes(), [""; 0]);
    assert!(answer.snapshot.missing.iter().any(|told| told.contains("`az network ip-group list`")));
    documents.push(ip_group("office", r#""8.8.8.0-8.8.8.9", "9.9.9.9""#));
    scan(&documents).check(&["vm via-proxy tcp/443 narrow 11 / -"]);
    documents.pop();
    documents.push(ip_group("elsewhere", r#""8.8.8.8""#));
    let answer = scan(&documents);
    answer.check(&[&format!("vm via-proxy possible tcp/443 {ANY}")]);
    assert_eq!(answer.codes(), ["dangling-reference"]);
}

/// A policy, or its groups of collections, that are not in the input: nothing is known of what comes in.
#[test]
fn unknown_rules_may_let_in_anything() {
    let all = [
        format!("fw admitted possible tcp/0-65535 {ANY}"),
        format!("fw admitted possible udp/0-65535 {ANY}"),
    ];
    let mut documents = estate(with_policy());
    let answer = scan(&documents);
    assert_eq!(answer.exposures(), all);
    assert_eq!(answer.codes(), [""; 0]);
    assert!(answer.snapshot.missing.iter().any(|told| told.contains("`az network firewall policy list`")));
    documents.push(policy("fp", "", &["g", "h"]));
    let answer = scan(&documents);
    assert_eq!(answer.exposures(), all);
    assert!(answer.snapshot.missing.iter().any(|told| told.contains("rule-collection-group list")));
    // What one group lets in, another may take before it.
    let rule = translation("r", ["8.8.8.8", "20.50.1.50", "443", "10.0.0.4:443"]);
    documents.push(collection_group("fp", "g", 100, &[collection(100, &[rule])]));
    let answer = scan(&documents);
    assert_eq!(answer.exposures()[2..], ["vm via-proxy possible tcp/443 narrow 1 / -"]);
    assert_eq!(answer.codes(), ["dangling-reference"]);
}

/// Documentation contradicts itself on whether translations of a parent are inherited: they may act, and first.
#[test]
fn translations_of_a_parent_are_possible() {
    let mut documents = estate(with_policy());
    documents.push(policy("fp", "base", &["g"]));
    documents.push(policy("base", "", &["p"]));
    let rule = translation("own", ["8.8.8.0/24,9.9.9.9", "20.50.1.50", "443", "10.0.0.4:443"]);
    documents.push(collection_group("fp", "g", 100, &[collection(100, &[rule])]));
    let rule = translation("inherited", ["8.8.8.8", "*", "443", "10.0.0.5:443"]);
    documents.push(collection_group("base", "p", 500, &[collection(100, &[rule])]));
    scan(&documents).check(&[
        "other via-proxy possible tcp/443 narrow 1 / -",
        "vm via-proxy possible tcp/443 narrow 1 / -",
        "vm via-proxy tcp/443 narrow 256 / -",
    ]);
}

/// Of a firewall without a policy a network rule that denies what was translated may override the translation.
#[test]
fn a_classic_denial_is_possible() {
    let classic = |network: &str| {
        let rule =
            translation("r", ["*", "20.50.1.50", "443", "10.0.0.4:3389"]).replace("ipProtocols", "protocols");
        let nat = format!(
            r#", "natRuleCollections": [{{"name": "n", "priority": 100, "action": {{"type": "Dnat"}}, "rules": [{rule}]}}]"#
        );
        scan(&estate(firewall(&format!("{nat}{network}")))).exposures()
    };
    let network = |priority: u32, action: &str, [source, destination, port]: [&str; 3]| {
        format!(
            r#"{{"name": "{action}", "priority": {priority}, "action": {{"type": "{action}"}}, "rules": [{{"name": "{action}", "protocols": ["Any"], "sourceAddresses": ["{source}"], "destinationAddresses": ["{destination}"], "destinationPorts": ["{port}"]}}]}}"#
        )
    };
    let rules = |rules: &[String]| format!(r#", "networkRuleCollections": [{}]"#, rules.join(", "));
    let open = format!("vm via-proxy tcp/3389 {ANY}");
    let possible = format!("vm via-proxy possible tcp/3389 {ANY}");
    assert_eq!(classic(""), [&open[..]]);
    assert_eq!(classic(&rules(&[network(100, "Deny", ["*", "10.0.0.4", "3389"])])), [possible]);
    // Another machine, another port.
    assert_eq!(classic(&rules(&[network(100, "Deny", ["*", "10.0.0.5", "3389"])])), [&open[..]]);
    assert_eq!(classic(&rules(&[network(100, "Deny", ["*", "*", "443"])])), [&open[..]]);
    // A network rule that lets it through stands before.
    let both = [network(200, "Deny", ["*", "*", "*"]), network(100, "Allow", ["*", "10.0.0.0/24", "*"])];
    assert_eq!(classic(&rules(&both)), [open]);
}

/// A translation to what nobody in the input has: told of the firewall, and a gap where interfaces are.
#[test]
fn a_translation_to_nobody_is_told_of_the_firewall() {
    let answer = translating(&[["*", "20.50.1.50", "443", "10.0.0.99:443"]]);
    answer.check(&[&format!("fw admitted tcp/443 {ANY}")]);
    assert_eq!(answer.codes(), ["unknown-translation"]);
    let mut documents = estate(with_policy());
    documents.drain(1..4);
    documents.push(policy("fp", "", &["g"]));
    let rule = translation("r", ["*", "20.50.1.50", "443", "10.0.0.99:443"]);
    documents.push(collection_group("fp", "g", 100, &[collection(100, &[rule])]));
    let answer = scan(&documents);
    answer.check(&[&format!("fw admitted tcp/443 {ANY}")]);
    assert_eq!(answer.codes(), [""; 0]);
}

/// A name is nothing that the input resolves.
#[test]
fn a_translation_to_a_name_is_told_of_the_firewall() {
    let mut documents = estate(with_policy());
    documents.push(policy("fp", "", &["g"]));
    let rule = translation("r", ["*", "20.50.1.50", "443", "10.0.0.4:443"])
        .replace(r#""translatedAddress": "10.0.0.4""#, r#""translatedFqdn": "web.local""#);
    documents.push(collection_group("fp", "g", 100, &[collection(100, &[rule])]));
    let answer = scan(&documents);
    answer.check(&[&format!("fw admitted tcp/443 {ANY}")]);
    assert_eq!(answer.codes(), ["unknown-translation"]);
}

/// A firewall in a virtual hub has addresses that are no resources.
#[test]
fn a_firewall_of_a_hub_translates_too() {
    let hub = with_policy().replace(
        r#""ipConfigurations": [{"name": "i", "privateIPAddress": "10.0.2.4", "subnet": {"#,
        r#""hubIPAddresses": {"publicIPs": {"addresses": [{"address": "20.50.1.50"}], "count": 1}, "privateIPAddress": "10.0.2.4"}, "x": [{"subnet": {"#,
    );
    let mut documents = estate(hub);
    documents.push(policy("fp", "", &["g"]));
    let rule = translation("r", ["*", "20.50.1.50", "443", "10.0.0.4:443"]);
    documents.push(collection_group("fp", "g", 100, &[collection(100, &[rule])]));
    scan(&documents).check(&[&format!("vm via-proxy possible tcp/443 {ANY}")]);
    documents[1] = group("nsg-vm", &["100 allow * VirtualNetwork * *", CLOSED]);
    let answer = scan(&documents);
    assert_eq!(answer.exposures().len(), 1, "{:?}", answer.exposures());
}

/// A firewall before an application gateway before a machine: each translates.
#[test]
fn a_firewall_before_a_gateway_leads_to_its_backends() {
    let gateway = crate::application_gateways::Gateway {
        more: r#", "sku": {"tier": "WAF_v2"}"#,
        listeners: &[("https", "private", 443)],
        rules: &[("web", "https", "vms", 8080)],
        pools: &[("vms", r#""backendAddresses": [{"ipAddress": "10.0.0.4"}]"#)],
    };
    let mut documents = estate(with_policy());
    documents[1] = group("nsg-vm", &["100 allow tcp 10.0.1.0/24 * 8080", CLOSED]);
    documents[5] = network(
        "v",
        "10.0.0.0/16",
        &[
            ["s", "10.0.0.0/24", "", ""],
            ["gw", "10.0.1.0/24", "nsg-gw", ""],
            ["AzureFirewallSubnet", "10.0.2.0/26", "", ""],
        ],
    );
    documents.push(group("nsg-gw", &["100 allow tcp 10.0.2.0/26 * 443", "110 deny * * * *"]));
    documents.push(policy("fp", "", &["g"]));
    let rule = translation("r", ["8.8.8.0/24", "20.50.1.50", "8443", "10.0.1.10:443"]);
    documents.push(collection_group("fp", "g", 100, &[collection(100, &[rule])]));
    documents.push(gateway.document());
    let answer = scan(&documents);
    answer.check(&["agw via-proxy tcp/443 narrow 256 / -", "vm via-proxy tcp/8080 narrow 256 / -"]);
    assert_eq!(answer.codes(), [""; 0]);
    let vm = answer.snapshot.targets.iter().find(|target| &*target.name == "vm").unwrap();
    let path = vm.paths.iter().find(|path| path.hops.len() == 2).unwrap();
    assert_eq!(path.carries.outside(packet::Protocol::TCP, 8080), Some(8443));
}

/// The place of a port that cannot be read, a side of a wrong type: never closed.
#[test]
fn what_cannot_be_read_may_be_anything() {
    let with = |from: &str, to: &str| {
        let rule = translation("r", ["8.8.8.8", "20.50.1.50", "443", "10.0.0.4:443"]).replace(from, to);
        let mut documents = estate(with_policy());
        documents.push(policy("fp", "", &["g"]));
        documents.push(collection_group("fp", "g", 100, &[collection(100, &[rule])]));
        let answer = scan(&documents);
        assert!(!answer.codes().is_empty(), "{to}");
        answer.exposures()
    };
    let possible = |ports: &str| [format!("vm via-proxy possible tcp/{ports} narrow 1 / -")];
    assert_eq!(with(r#""translatedPort": "443""#, r#""translatedPort": "*""#), possible("0-65535"));
    assert_eq!(with(r#"["8.8.8.8"]"#, "7"), [format!("vm via-proxy possible tcp/443 {ANY}")]);
    assert_eq!(with(r#"["443"]"#, r#"["https"]"#), possible("443"));
    assert_eq!(with(r#"["20.50.1.50"]"#, "{}"), possible("443"));
    let both = with(r#"["TCP"]"#, r#"["SCTP"]"#);
    assert_eq!(both, [possible("443")[0].clone(), possible("443")[0].replace("tcp", "udp")]);
}

/// An internal load balancer `lb` at 10.0.0.100 with one rule, from this port to this one of `vm`.
fn internal_balancer(from: u16, to: u16) -> String {
    let own = id("loadBalancers", "lb");
    let subnet = id("virtualNetworks", "v/subnets/s");
    let configuration = format!("{}/ipConfigurations/c1", id("networkInterfaces", "vm"));
    format!(
        r#"[{{"id": "{own}", "name": "lb", "type": "Microsoft.Network/loadBalancers", "etag": "W/0", "sku": {{"name": "Standard"}},
        "frontendIPConfigurations": [{{"id": "{own}/frontendIPConfigurations/f", "name": "f", "etag": "W/0", "privateIPAddress": "10.0.0.100", "subnet": {{"id": "{subnet}"}}}}],
        "backendAddressPools": [{{"id": "{own}/backendAddressPools/p", "name": "p", "etag": "W/0", "backendIPConfigurations": [{{"id": "{configuration}"}}]}}],
        "loadBalancingRules": [{{"id": "{own}/loadBalancingRules/web", "name": "web", "etag": "W/0", "protocol": "Tcp", "frontendPort": {from}, "backendPort": {to},
          "frontendIPConfiguration": {{"id": "{own}/frontendIPConfigurations/f"}}, "backendAddressPool": {{"id": "{own}/backendAddressPools/p"}}}}]}}]"#
    )
}

/// A firewall before an internal load balancer: the machines behind it are reached.
#[test]
fn a_firewall_before_an_internal_load_balancer_leads_to_its_backends() {
    let mut documents = estate(with_policy());
    documents.push(policy("fp", "", &["g"]));
    let rule = translation("r", ["8.8.8.0/24", "20.50.1.50", "8443", "10.0.0.100:443"]);
    documents.push(collection_group("fp", "g", 100, &[collection(100, &[rule])]));
    documents.push(internal_balancer(443, 8080));
    let answer = scan(&documents);
    answer.check(&["vm via-proxy tcp/8080 narrow 256 / -"]);
    assert_eq!(answer.codes(), [""; 0]);
    let vm = answer.snapshot.targets.iter().find(|target| &*target.name == "vm").unwrap();
    let path = vm.paths.iter().find(|path| path.hops.len() == 2).unwrap();
    assert_eq!(path.carries.outside(packet::Protocol::TCP, 8080), Some(8443));
    // On another port nobody listens.
    documents.pop();
    documents.push(internal_balancer(80, 8080));
    scan(&documents).check(&[]);
}

/// AP9: what threat intelligence holds back nobody can prove of one address; a mode that nobody knows may do the same.
#[test]
fn threat_intelligence_leaves_nothing_certain() {
    let answer = |mode: &str| {
        let mut documents = estate(with_policy());
        documents.push(policy("fp", "", &["g"]).replace("\"Alert\"", mode));
        let rule = translation("r", ["*", "20.50.1.50", "50001", "10.0.0.4:3389"]);
        documents.push(collection_group("fp", "g", 100, &[collection(100, &[rule])]));
        scan(&documents)
    };
    for (mode, code) in [("\"Deny\"", None), ("\"Block\"", Some("unknown-threat-intelligence"))] {
        let answer = answer(mode);
        answer.check(&[&format!("vm via-proxy possible tcp/3389 {ANY}")]);
        assert_eq!(answer.codes(), code.into_iter().collect::<Vec<_>>());
    }
    answer("\"OFF\"").check(&[&format!("vm via-proxy tcp/3389 {ANY}")]);
}

/// Rules for one port each are found by it: thousands cost no more than they are.
#[test]
fn many_rules_of_one_port_do_not_meet() {
    let rules: Vec<String> = (0..3_000)
        .map(|number| {
            translation(
                &format!("r{number}"),
                ["*", "20.50.1.50", &format!("{}", 1_000 + number), "10.0.0.4:3389"],
            )
        })
        .collect();
    let mut documents = estate(with_policy());
    documents.push(policy("fp", "", &["g"]));
    documents.push(collection_group("fp", "g", 100, &[collection(100, &rules)]));
    let answer = scan(&documents);
    assert_eq!(answer.codes(), [""; 0]);
    let vm = answer.snapshot.targets.iter().find(|target| &*target.name == "vm").unwrap();
    assert_eq!(vm.paths.iter().filter(|path| !path.hops.is_empty()).count(), 3_000);
}

/// A range that earlier rules cut into more pieces than are told is possible, and that is said.
#[test]
fn too_many_pieces_are_bounds() {
    let mut rules: Vec<String> = (0..600)
        .map(|number| {
            let port = format!("{}", 1_000 + 2 * number);
            translation(&format!("r{number}"), ["8.8.8.0/24", "20.50.1.50", &port, "10.0.0.5:443"])
        })
        .collect();
    rules.push(translation("rest", ["*", "20.50.1.50", "900-3000", "10.0.0.4:3389"]));
    let mut documents = estate(with_policy());
    documents.push(policy("fp", "", &["g"]));
    documents.push(collection_group("fp", "g", 100, &[collection(100, &rules)]));
    let answer = scan(&documents);
    assert_eq!(answer.codes(), ["too-many-pieces"]);
    let told = answer.exposures();
    assert!(told.iter().any(|one| one.starts_with("vm via-proxy possible tcp/3389")), "{told:?}");
    assert!(told.iter().any(|one| one.starts_with("vm via-proxy tcp/3389")), "{told:?}");
}

/// An earlier rule that takes all of a later one leaves no way.
#[test]
fn a_rule_behind_one_that_takes_all_is_no_way() {
    let answer = translating(&[
        ["*", "20.50.1.50", "443", "10.0.0.5:443"],
        ["8.8.8.0/24", "20.50.1.50", "443", "10.0.0.4:443"],
    ]);
    answer.check(&[&format!("other via-proxy tcp/443 {ANY}")]);
}
