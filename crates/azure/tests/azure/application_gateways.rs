//! Application gateways: fronts, groups of their subnet, backends behind them, filters of content (semantics AP8, A7).

use crate::estate::{Answer, group, id, interface, network, network_of, public_address, scan};

const ANY: &str = "any 3702258431 / -";

/// A gateway `agw` in `v/gw`: more keys, its listeners (name, frontend, port), its rules (name, listener, pool,
/// backend port), its pools (name, JSON of their content).
pub(crate) struct Gateway<'g> {
    pub(crate) more: &'g str,
    pub(crate) listeners: &'g [(&'g str, &'g str, u16)],
    pub(crate) rules: &'g [(&'g str, &'g str, &'g str, u16)],
    pub(crate) pools: &'g [(&'g str, &'g str)],
}

impl Gateway<'_> {
    pub(crate) fn document(&self) -> String {
        let own = id("applicationGateways", "agw");
        let part = |kind: &str, name: &str, rest: &str| {
            format!(r#"{{"id": "{own}/{kind}/{name}", "name": "{name}", {rest}}}"#)
        };
        let reference = |kind: &str, name: &str| format!(r#"{{"id": "{own}/{kind}/{name}"}}"#);
        let list = |items: Vec<String>| items.join(", ");
        let ports = list(
            self.listeners
                .iter()
                .map(|(name, _, port)| part("frontendPorts", name, &format!(r#""port": {port}"#)))
                .collect(),
        );
        let listeners = list(
            self.listeners
                .iter()
                .map(|(name, frontend, _)| {
                    part(
                        "httpListeners",
                        name,
                        &format!(
                            r#""protocol": "Http", "frontendIPConfiguration": {}, "frontendPort": {}"#,
                            reference("frontendIPConfigurations", frontend),
                            reference("frontendPorts", name),
                        ),
                    )
                })
                .collect(),
        );
        let settings = list(
            self.rules
                .iter()
                .map(|(name, _, _, port)| {
                    part("backendHttpSettingsCollection", name, &format!(r#""port": {port}"#))
                })
                .collect(),
        );
        let rules = list(self.rules.iter().map(|(name, listener, pool, _)| {
            part("requestRoutingRules", name, &format!(
                r#""ruleType": "Basic", "httpListener": {}, "backendAddressPool": {}, "backendHttpSettings": {}"#,
                reference("httpListeners", listener),
                reference("backendAddressPools", pool),
                reference("backendHttpSettingsCollection", name),
            ))
        }).collect());
        let pools = list(
            self.pools.iter().map(|(name, content)| part("backendAddressPools", name, content)).collect(),
        );
        let subnet = id("virtualNetworks", "v/subnets/gw");
        let public = id("publicIPAddresses", "agw-pip");
        format!(
            r#"[{{"id": "{own}", "name": "agw", "type": "Microsoft.Network/applicationGateways", "etag": "W/0", "operationalState": "Running",
            "gatewayIPConfigurations": [{{"name": "g", "subnet": {{"id": "{subnet}"}}}}],
            "frontendIPConfigurations": [
              {{"id": "{own}/frontendIPConfigurations/public", "name": "public", "publicIPAddress": {{"id": "{public}"}}}},
              {{"id": "{own}/frontendIPConfigurations/private", "name": "private", "privateIPAddress": "10.0.1.10"}}
            ],
            "frontendPorts": [{ports}], "httpListeners": [{listeners}], "backendHttpSettingsCollection": [{settings}],
            "requestRoutingRules": [{rules}], "backendAddressPools": [{pools}]{}}}]"#,
            self.more
        )
    }
}

pub(crate) const WEB: Gateway<'_> = Gateway {
    more: r#", "sku": {"name": "WAF_v2", "tier": "WAF_v2"}, "webApplicationFirewallConfiguration": {"enabled": true, "firewallMode": "Prevention"}"#,
    listeners: &[("https", "public", 443)],
    rules: &[("web", "https", "vms", 8080)],
    pools: &[("vms", r#""backendAddresses": [{"ipAddress": "10.0.0.4"}]"#)],
};

/// The gateway before `vm`, whose group has these rules; the group of the gateway's subnet has these, none without.
pub(crate) fn behind(gateway: &Gateway<'_>, own: &[&str], before: &[&str]) -> Vec<String> {
    let subnet_group = if before.is_empty() { "" } else { "nsg-gw" };
    let mut documents = vec![
        gateway.document(),
        group("nsg-vm", own),
        interface("vm", ["10.0.0.4", "", "nsg-vm", "v/s"]),
        public_address("agw-pip", "20.50.1.40", "Standard"),
        network("v", "10.0.0.0/16", &[["s", "10.0.0.0/24", "", ""], ["gw", "10.0.1.0/24", subnet_group, ""]]),
    ];
    if !before.is_empty() {
        documents.push(group("nsg-gw", before));
    }
    documents
}

fn attribute(answer: &Answer) -> Option<&str> {
    let target = answer.snapshot.targets.iter().find(|target| &*target.name == "agw").unwrap();
    target.attributes.iter().find(|(name, _)| *name == "waf").map(|(_, word)| &**word)
}

/// AP8: a group that lets in only the subnet of the gateway lets in the Internet.
#[test]
fn a_group_that_allows_only_the_gateway_is_reached_through_it() {
    let answer = scan(&behind(&WEB, &["100 allow tcp 10.0.1.0/24 * 8080", "200 deny * * * *"], &[]));
    answer.check(&[&format!("agw exposed tcp/443 {ANY}"), &format!("vm via-proxy tcp/8080 {ANY}")]);
    assert_eq!(answer.codes(), [""; 0]);
    let vm = answer.snapshot.targets.iter().find(|target| &*target.name == "vm").unwrap();
    let path = vm.paths.iter().find(|path| !path.hops.is_empty()).unwrap();
    assert_eq!(path.hops[0].rule.as_deref(), Some("web"));
    assert_eq!(path.front.as_ref().unwrap().address, Some("20.50.1.40".parse().unwrap()));
    assert_eq!(path.carries.outside(packet::Protocol::TCP, 8080), Some(443));
}

/// AP8: one that lets in the Internet and not the gateway is not reached; what it lets in is latent.
#[test]
fn a_group_that_allows_only_clients_is_not_reached_through_it() {
    let answer = scan(&behind(&WEB, &["100 allow tcp Internet * 8080", "200 deny * * * *"], &[]));
    answer.check(&[&format!("agw exposed tcp/443 {ANY}"), &format!("vm latent tcp/8080 {ANY}")]);
}

/// Some instances only: which address an instance has is not known.
#[test]
fn a_part_of_the_gateway_subnet_is_possible() {
    let answer = scan(&behind(&WEB, &["100 allow tcp 10.0.1.4 * 8080", "200 deny * * * *"], &[]));
    answer.check(&[&format!("agw exposed tcp/443 {ANY}"), &format!("vm via-proxy possible tcp/8080 {ANY}")]);
}

/// A7, AP8: the group of the gateway's subnet decides on the clients, for the listener's port, and for what is behind.
#[test]
fn the_group_of_the_subnet_decides_on_the_clients() {
    let rules = ["100 allow tcp 8.8.8.0/24 * 443", "110 allow tcp GatewayManager * 65200-65535"];
    let answer = scan(&behind(&WEB, &[], &rules));
    answer.check(&["agw exposed tcp/443 narrow 256 / -", "vm via-proxy tcp/8080 narrow 256 / -"]);
    // The port of the backend is no port of the listener.
    let rules = ["100 allow tcp 8.8.8.0/24 * 8080"];
    scan(&behind(&WEB, &[], &rules)).check(&[]);
}

#[test]
fn a_group_with_only_the_management_ports_closes() {
    scan(&behind(&WEB, &[], &["100 allow tcp GatewayManager * 65200-65535"])).check(&[]);
}

/// A destination of the group: the subnet is where the instances are; one address of it may be one of them.
#[test]
fn destinations_of_the_group_are_instances() {
    let open = |destination: &str| {
        let rule = format!("100 allow tcp * {destination} 443");
        scan(&behind(&WEB, &[], &[&rule])).exposures()
    };
    assert_eq!(open("10.0.1.0/24")[0], format!("agw exposed tcp/443 {ANY}"));
    assert_eq!(open("10.0.1.7")[0], format!("agw exposed possible tcp/443 {ANY}"));
    assert_eq!(open("10.0.0.0/24"), [""; 0]);
    // A4: the public address is none, unless a private listener shares the port.
    assert_eq!(open("20.50.1.40"), [""; 0]);
    let shared = Gateway { listeners: &[("https", "public", 443), ("inside", "private", 443)], ..WEB };
    let answer = scan(&behind(&shared, &[], &["100 allow tcp * 20.50.1.40 443"]));
    assert_eq!(answer.exposures()[0], format!("agw exposed possible tcp/443 {ANY}"));
}

#[test]
fn a_private_listener_is_no_front() {
    let private = Gateway { listeners: &[("https", "private", 443)], ..WEB };
    scan(&behind(&private, &["100 allow tcp 10.0.1.0/24 * 8080", "200 deny * * * *"], &[])).check(&[]);
}

/// AP2: a stopped gateway is one click from running.
#[test]
fn a_stopped_gateway_keeps_its_reach() {
    let mut documents = behind(&WEB, &[], &[]);
    documents[0] = documents[0].replace("Running", "Stopped");
    let answer = scan(&documents);
    assert_eq!(answer.exposures()[0], format!("agw exposed tcp/443 {ANY}"));
    let target = answer.snapshot.targets.iter().find(|target| &*target.name == "agw").unwrap();
    assert_eq!(target.power.as_deref(), Some("stopped"));
}

/// A redirect reaches no backend.
#[test]
fn a_redirect_reaches_nobody() {
    let mut documents = behind(&WEB, &["100 allow tcp 10.0.1.0/24 * 8080", "200 deny * * * *"], &[]);
    let pool = format!(
        r#""backendAddressPool": {{"id": "{}/backendAddressPools/vms"}}"#,
        id("applicationGateways", "agw")
    );
    documents[0] =
        documents[0].replace(&pool, r#""redirectConfiguration": {"id": "/x/redirectConfigurations/r"}"#);
    let answer = scan(&documents);
    answer.check(&[&format!("agw exposed tcp/443 {ANY}")]);
    assert_eq!(answer.codes(), [""; 0]);
}

/// Path rules hand on to other pools, on other ports.
#[test]
fn path_rules_lead_to_their_own_pools() {
    let own = id("applicationGateways", "agw");
    let to = |pool: &str, settings: &str, prefix: &str| {
        let (first, rest) = if prefix.is_empty() { ("b", "ackend") } else { ("B", "ackend") };
        format!(
            r#""{prefix}{first}{rest}AddressPool": {{"id": "{own}/backendAddressPools/{pool}"}}, "{prefix}{first}{rest}HttpSettings": {{"id": "{own}/backendHttpSettingsCollection/{settings}"}}"#
        )
    };
    let map = format!(
        r#", "urlPathMaps": [{{"id": "{own}/urlPathMaps/m", "name": "m", {}, "pathRules": [{{"name": "api", {}}}]}}]"#,
        to("vms", "web", "default"),
        to("apis", "api", "")
    );
    let gateway = Gateway {
        more: &map,
        rules: &[("web", "https", "vms", 8080), ("api", "other", "apis", 9090)],
        listeners: &[("https", "public", 443), ("other", "private", 80)],
        pools: &[WEB.pools[0], ("apis", r#""backendAddresses": [{"ipAddress": "10.0.0.5"}]"#)],
    };
    let mut documents = behind(&gateway, &[], &[]);
    let pool = format!(
        r#""backendAddressPool": {{"id": "{own}/backendAddressPools/vms"}}, "backendHttpSettings": {{"id": "{own}/backendHttpSettingsCollection/web"}}}}"#
    );
    assert!(documents[0].contains(&pool));
    documents[0] =
        documents[0].replacen(&pool, &format!(r#""urlPathMap": {{"id": "{own}/urlPathMaps/m"}}}}"#), 1);
    documents.push(interface("api", ["10.0.0.5", "", "nsg-vm", "v/s"]));
    let answer = scan(&documents);
    answer.check(&[
        &format!("agw exposed tcp/443 {ANY}"),
        &format!("api via-proxy tcp/9090 {ANY}"),
        &format!("vm via-proxy tcp/8080 {ANY}"),
    ]);
    // Where they cannot be read, or a projection leaves them out, they may lead anywhere: never closed.
    let start = documents[0].find(r#", "pathRules": ["#).unwrap();
    let end = start + documents[0][start..].find("]").unwrap() + 1;
    for (stated, code) in [
        (r#", "pathRules": 7"#, "unexpected-type"),
        (r#", "pathRules": "System.Object[]""#, "truncated-depth"),
        ("", "unknown-gateway-part"),
    ] {
        let mut damaged = documents.clone();
        damaged[0].replace_range(start..end, stated);
        let answer = scan(&damaged);
        let told = answer.exposures();
        let is_api = |line: &&String| {
            line.starts_with("api via-proxy possible") || line.starts_with("api via-proxy ?")
        };
        assert!(told.iter().any(|line| is_api(&line)), "{stated}: {told:?}");
        assert!(answer.codes().contains(&code), "{stated}: {:?}", answer.codes());
    }
}

/// A list of backends that cannot be read takes something from the answer, and that is told.
#[test]
fn an_unread_list_narrows_the_answer() {
    let pools = [("vms", r#""backendAddresses": 7"#)];
    let answer = scan(&behind(&Gateway { pools: &pools, ..WEB }, &[], &[]));
    assert_eq!(answer.codes(), ["unexpected-type", "unread-list"]);
    let gaps = answer.readings.iter().flat_map(|reading| &reading.gaps);
    assert_eq!(gaps.filter(|gap| gap.effect == model::Effect::Narrowed).count(), 1);
}

/// The interface says it, the gateway says it by ip-configuration; either is enough.
#[test]
fn members_are_told_by_either_side() {
    let own = id("applicationGateways", "agw");
    let empty = Gateway { pools: &[("vms", r#""backendAddresses": []"#)], ..WEB };
    let expected = [format!("agw exposed tcp/443 {ANY}"), format!("vm via-proxy tcp/8080 {ANY}")];
    let mut documents = behind(&empty, &[], &[]);
    documents[2] = documents[2].replace(
        r#""name": "c1","#,
        &format!(r#""name": "c1", "applicationGatewayBackendAddressPools": [{{"id": "{own}/backendAddressPools/vms"}}],"#),
    );
    assert_eq!(scan(&documents).exposures(), expected);
    let pool = format!(
        r#""backendIPConfigurations": [{{"id": "{}/ipConfigurations/c1"}}]"#,
        id("networkInterfaces", "vm")
    );
    let named = Gateway { pools: &[("vms", &pool)], ..WEB };
    assert_eq!(scan(&behind(&named, &[], &[])).exposures(), expected);
}

/// A gateway that is not in the input: told as missing, the interface is admitted; a gap where other gateways are.
#[test]
fn a_gateway_that_is_not_there_is_admitted() {
    let pool = format!("{}/backendAddressPools/p", id("applicationGateways", "other"));
    let mut documents = behind(&WEB, &["100 allow tcp * * 22"], &[]);
    documents[2] = documents[2].replace(
        r#""name": "c1","#,
        &format!(r#""name": "c1", "applicationGatewayBackendAddressPools": [{{"id": "{pool}"}}],"#),
    );
    let answer = scan(&documents);
    assert!(answer.exposures().contains(&format!("vm admitted tcp/22 {ANY}")), "{:?}", answer.exposures());
    assert_eq!(answer.codes(), ["dangling-reference"]);
    documents.remove(0);
    let answer = scan(&documents);
    assert!(answer.exposures().contains(&format!("vm admitted tcp/22 {ANY}")));
    assert_eq!(answer.codes(), [""; 0]);
    assert!(
        answer.snapshot.missing.iter().any(|told| told.contains("`az network application-gateway list`"))
    );
}

/// A backend in a peered network is reached; one of an unconnected network with the same address only where nobody is
/// nearer, and then it is possible.
#[test]
fn networks_that_are_nearer_come_first() {
    let peering = |to: &str| {
        format!(
            r#", "virtualNetworkPeerings": [{{"id": "{0}/virtualNetworkPeerings/p", "name": "p", "peeringState": "Connected", "allowVirtualNetworkAccess": true, "remoteVirtualNetwork": {{"id": "{1}"}}, "remoteAddressSpace": {{"addressPrefixes": ["10.9.0.0/16"]}}}}]"#,
            id("virtualNetworks", "v"),
            id("virtualNetworks", to)
        )
    };
    let gateway = Gateway { pools: &[("vms", r#""backendAddresses": [{"ipAddress": "10.9.0.4"}]"#)], ..WEB };
    let documents = |peered: &str| {
        let mut documents = behind(&gateway, &["100 allow tcp 10.0.1.0/24 * 8080"], &[]);
        documents[4] = network_of(
            "v",
            "10.0.0.0/16",
            &[["s", "10.0.0.0/24", "", ""], ["gw", "10.0.1.0/24", "", ""]],
            &peering(peered),
        );
        documents.push(interface("far", ["10.9.0.4", "", "nsg-vm", "w/s"]));
        documents.push(network("w", "10.9.0.0/16", &[["s", "10.9.0.0/24", "", ""]]));
        documents
    };
    let answer = scan(&documents("w"));
    answer.check(&[&format!("agw exposed tcp/443 {ANY}"), &format!("far via-proxy tcp/8080 {ANY}")]);
    let mut other = documents("x");
    other.push(network("x", "10.9.0.0/16", &[["s", "10.9.0.0/24", "", ""]]));
    scan(&other)
        .check(&[&format!("agw exposed tcp/443 {ANY}"), &format!("far via-proxy possible tcp/8080 {ANY}")]);
    other.push(interface("near", ["10.9.0.4", "", "nsg-vm", "x/s"]));
    scan(&other).check(&[&format!("agw exposed tcp/443 {ANY}"), &format!("near via-proxy tcp/8080 {ANY}")]);
}

/// AP8: a backend given by its public address sees the gateway's public address. AP1: a Standard one needs a group.
#[test]
fn a_backend_by_public_address_sees_the_public_address() {
    let gateway =
        Gateway { pools: &[("vms", r#""backendAddresses": [{"ipAddress": "20.50.1.20"}]"#)], ..WEB };
    let at = |rules: &[&str], group: &str| {
        let mut documents = behind(&gateway, rules, &[]);
        documents[2] = interface("vm", ["10.0.0.4", "pip", group, "v/s"]);
        documents.push(public_address("pip", "20.50.1.20", "Standard"));
        scan(&documents).exposures()
    };
    let own = format!("agw exposed tcp/443 {ANY}");
    let closed = "200 deny * * * *";
    assert_eq!(
        at(&["100 allow tcp 20.50.1.40 * 8080", closed], "nsg-vm"),
        [own.clone(), "vm exposed tcp/8080 narrow 1 / -".to_owned(), format!("vm via-proxy tcp/8080 {ANY}")]
    );
    assert_eq!(at(&["100 allow tcp 10.0.1.0/24 * 8080", closed], "nsg-vm"), [&own[..]]);
    assert_eq!(at(&[], ""), [own]);
}

/// The weakest filter of content that a listener, a path or the gateway has.
#[test]
fn the_weakest_filter_of_content_is_told() {
    let policy = |name: &str, state: &str, mode: &str| {
        format!(
            r#"[{{"id": "{}", "name": "{name}", "type": "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies", "policySettings": {{"state": "{state}", "mode": "{mode}"}}}}]"#,
            id("ApplicationGatewayWebApplicationFirewallPolicies", name)
        )
    };
    let with = |more: &str, documents: &[String]| {
        let gateway = Gateway { more, ..WEB };
        let mut all = behind(&gateway, &[], &[]);
        all.extend(documents.iter().cloned());
        let answer = scan(&all);
        (attribute(&answer).map(str::to_owned), answer.codes().len())
    };
    let said = |word: &str, gaps: usize| (Some(word.to_owned()), gaps);
    assert_eq!(with(WEB.more, &[]), said("prevention", 0));
    assert_eq!(with(r#", "sku": {"tier": "Standard_v2"}"#, &[]), said("off", 0));
    assert_eq!(with(r#", "sku": {"tier": "WAF_v2"}"#, &[]), said("off", 0));
    assert_eq!(with("", &[]), said("unknown", 0));
    let by_policy = format!(
        r#", "sku": {{"tier": "WAF_v2"}}, "firewallPolicy": {{"id": "{}"}}"#,
        id("applicationGatewayWebApplicationFirewallPolicies", "waf")
    );
    assert_eq!(with(&by_policy, &[policy("waf", "Enabled", "Detection")]), said("detection", 0));
    assert_eq!(with(&by_policy, &[policy("waf", "Disabled", "Prevention")]), said("off", 0));
    assert_eq!(with(&by_policy, &[policy("waf", "Enabled", "Prevention")]), said("prevention", 0));
    assert_eq!(with(&by_policy, &[policy("other", "Enabled", "Prevention")]), said("unknown", 1));
    assert_eq!(with(&by_policy, &[]), said("unknown", 0));
}

/// The public address of a gateway is assessed now.
#[test]
fn public_addresses_of_gateways_are_assessed() {
    let mut documents = behind(&WEB, &[], &[]);
    let user = format!("{}/frontendIPConfigurations/public", id("applicationGateways", "agw"));
    documents[3] = documents[3]
        .replace(r#""ipAddress""#, &format!(r#""ipConfiguration": {{"id": "{user}"}}, "ipAddress""#));
    let coverage = scan(&documents).snapshot.coverage;
    assert_eq!((coverage["public-ip-address"].assessed, coverage["public-ip-address"].not_assessed), (1, 0));
    assert_eq!(
        (coverage["application-gateway"].assessed, coverage["application-gateway"].not_assessed),
        (1, 0)
    );
}

/// A part that is not there may be any.
#[test]
fn a_port_that_is_not_there_may_be_any() {
    let mut documents = behind(&WEB, &["100 allow tcp 10.0.1.0/24 * 8080", "200 deny * * * *"], &[]);
    documents[0] = documents[0].replace("frontendPorts/https\"}", "frontendPorts/none\"}");
    let answer = scan(&documents);
    answer.check(&[
        &format!("agw exposed possible tcp/0-65535 {ANY}"),
        &format!("vm via-proxy possible tcp/8080 {ANY}"),
    ]);
    assert_eq!(answer.codes(), ["unknown-gateway-part"]);
}

/// The order of documents is nothing.
#[test]
fn the_order_of_documents_is_nothing() {
    let mut documents = behind(
        &WEB,
        &["100 allow tcp 10.0.1.0/24 * 8080", "200 deny * * * *"],
        &["100 allow tcp 8.8.8.0/24 * 443"],
    );
    let forward = scan(&documents).exposures();
    documents.reverse();
    assert_eq!(scan(&documents).exposures(), forward);
}

/// A gateway before the private listener of another.
#[test]
fn a_gateway_leads_to_the_private_listener_of_another() {
    let outer = Gateway { pools: &[("vms", r#""backendAddresses": [{"ipAddress": "10.0.1.20"}]"#)], ..WEB };
    let outer = Gateway { rules: &[("web", "https", "vms", 8443)], ..outer };
    let inner = Gateway {
        listeners: &[("inside", "private", 8443)],
        rules: &[("web", "inside", "vms", 8080)],
        ..WEB
    };
    let inner = inner.document().replace("applicationGateways/agw", "applicationGateways/inner");
    let inner = inner.replace(r#""name": "agw""#, r#""name": "inner""#).replace("10.0.1.10", "10.0.1.20");
    for names in [["agw", "inner"], ["zagw", "inner"]] {
        let mut documents = behind(&outer, &["100 allow tcp 10.0.1.0/24 * 8080", "200 deny * * * *"], &[]);
        documents[0] =
            documents[0].replace("applicationGateways/agw", &format!("applicationGateways/{}", names[0]));
        documents.push(inner.clone());
        scan(&documents).check(&[
            &format!("agw exposed tcp/443 {ANY}"),
            &format!("inner via-proxy tcp/8443 {ANY}"),
            &format!("vm via-proxy tcp/8080 {ANY}"),
        ]);
    }
}

/// Two gateways that lead to each other end somewhere.
#[test]
fn gateways_in_a_circle_end() {
    let circle = Gateway {
        listeners: &[("https", "public", 443), ("inside", "private", 443)],
        rules: &[("web", "https", "vms", 443), ("again", "inside", "vms", 443)],
        pools: &[("vms", r#""backendAddresses": [{"ipAddress": "10.0.1.10"}, {"ipAddress": "10.0.0.4"}]"#)],
        ..WEB
    };
    let answer = scan(&behind(&circle, &["100 allow tcp 10.0.1.0/24 * *", "200 deny * * * *"], &[]));
    answer.check(&[&format!("agw exposed tcp/443 {ANY}"), &format!("vm via-proxy tcp/443 {ANY}")]);
}

/// An edit of the group before a gateway moves what is behind the gateway.
#[test]
fn an_edit_of_the_group_before_moves_what_is_behind() {
    use cloud::Inventory as _;
    let documents = behind(&WEB, &["100 allow tcp 10.0.1.0/24 * 8080"], &["100 allow tcp 8.8.8.0/24 * 443"]);
    let mut answer = scan(&documents);
    let edited = group("nsg-gw", &["100 deny * * * *"]);
    let edits = crate::edits::puts(&edited);
    let touched: Vec<model::Name> =
        edits.iter().flat_map(|edit| answer.inventory.apply(edit, crate::edits::PLACE).touched).collect();
    for name in ["networkinterfaces/vm", "applicationgateways/agw"] {
        assert!(touched.iter().any(|key| key.ends_with(name)), "{name}: {touched:?}");
    }
    let mut whole = documents.clone();
    whole[5] = edited.clone();
    let fresh = scan(&whole).snapshot.targets.clone();
    let lowered = answer.inventory.lower(&touched);
    for target in &fresh {
        let again = lowered.iter().find(|one| one.key == target.key);
        let filters = |target: &model::Target| {
            target.paths.iter().map(|path| path.filter.lists().len()).collect::<Vec<_>>()
        };
        assert!(again.is_none_or(|again| filters(again) == filters(target)), "{}", target.name);
    }
}

/// A gateway hands on over IPv4 what it hears over IPv6: which clients those are cannot be said of the backend.
#[test]
fn a_listener_over_ipv6_leads_to_its_backends() {
    let documents = |rules: &[&str]| {
        let mut documents = behind(&WEB, &["100 allow tcp 10.0.1.0/24 * 8080", "200 deny * * * *"], rules);
        documents[3] = public_address("agw-pip", "2603:1000::40", "Standard");
        let group = if rules.is_empty() { "" } else { "nsg-gw" };
        documents[4] =
            network("v", "10.0.0.0/16", &[["s", "10.0.0.0/24", "", ""], ["gw", "10.0.1.0/24", group, ""]]);
        documents
    };
    let six = |grade: &str| format!("agw exposed tcp/443 - / {grade}");
    let vm = format!("vm via-proxy possible tcp/8080 {ANY}");
    scan(&documents(&[])).check(&[&six("any"), &vm]);
    let some = scan(&documents(&["100 allow tcp 2603::/16 * 443"])).exposures();
    assert_eq!(some.last(), Some(&vm));
    assert_eq!(scan(&documents(&["100 allow tcp 0.0.0.0/0 * 443"])).exposures(), [""; 0]);
}

/// An interface whose address is not in the input may have the one that a gateway leads to.
#[test]
fn an_interface_without_an_address_may_be_meant() {
    let mut documents = behind(&WEB, &["100 allow tcp 10.0.1.0/24 * 8080", "200 deny * * * *"], &[]);
    documents[2] = documents[2].replace(r#""privateIPAddress": "10.0.0.4", "#, "");
    let answer = scan(&documents);
    answer.check(&[&format!("agw exposed tcp/443 {ANY}"), &format!("vm via-proxy possible tcp/8080 {ANY}")]);
    documents.push(interface("known", ["10.0.0.4", "", "nsg-vm", "v/s"]));
    scan(&documents)
        .check(&[&format!("agw exposed tcp/443 {ANY}"), &format!("known via-proxy tcp/8080 {ANY}")]);
}
