//! Load balancers: which ways they make, what is left of a latent group, what is odd in them (semantics AP3 to AP7,
//! AP12, A25).

use crate::estate::{Answer, group, id, interface, network, public_address, scan};

const ANY: &str = "any 3702258431 / -";

/// The parts of a load balancer, each as JSON text of a list.
#[derive(Clone, Copy)]
pub(crate) struct Balancer<'t> {
    pub(crate) sku: &'t str,
    pub(crate) frontends: &'t str,
    pub(crate) pools: &'t str,
    pub(crate) rules: &'t str,
    pub(crate) nat_rules: &'t str,
    pub(crate) nat_pools: &'t str,
}

/// A public frontend and one pool with the interface `nic` in it.
pub(crate) const PUBLIC: Balancer<'static> = Balancer {
    sku: "Standard",
    frontends: "fe>pip",
    pools: "pool>nic",
    rules: "",
    nat_rules: "",
    nat_pools: "",
};

impl Balancer<'_> {
    pub(crate) fn json(&self, name: &str) -> String {
        let own = id("loadBalancers", name);
        let list = |text: &str, of: &dyn Fn(&str) -> String| -> String {
            text.split(';').filter(|it| !it.is_empty()).map(of).collect::<Vec<_>>().join(", ")
        };
        format!(
            r#"[{{"id": "{own}", "name": "{name}", "etag": "W/0", "type": "Microsoft.Network/loadBalancers", "sku": {{"name": "{}"}}, "properties": {{"frontendIPConfigurations": [{}], "backendAddressPools": [{}], "loadBalancingRules": [{}], "inboundNatRules": [{}], "inboundNatPools": [{}]}}}}]"#,
            self.sku,
            list(self.frontends, &|it| frontend(&own, it)),
            list(self.pools, &|it| pool(&own, it)),
            list(self.rules, &|it| balancing(&own, it)),
            list(self.nat_rules, &|it| nat(&own, it)),
            list(self.nat_pools, &|it| nat(&own, it)),
        )
    }
}

/// `name>address`, `name>/prefix`, `name` alone is private.
fn frontend(own: &str, text: &str) -> String {
    let (name, to) = text.split_once('>').unwrap_or((text, ""));
    let (name, more) = name.split_once('+').unwrap_or((name, ""));
    let at = match to {
        "" => format!(
            r#""subnet": {{"id": "{}"}}, "privateIPAddress": "10.0.0.9""#,
            id("virtualNetworks", "v/subnets/s")
        ),
        prefix if prefix.starts_with('/') => {
            format!(r#""publicIPPrefix": {{"id": "{}"}}"#, id("publicIPPrefixes", &prefix[1..]))
        }
        address => format!(r#""publicIPAddress": {{"id": "{}"}}"#, id("publicIPAddresses", address)),
    };
    let chained = match more {
        "chained" => format!(
            r#", "gatewayLoadBalancer": {{"id": "{}"}}"#,
            id("loadBalancers", "glb/frontendIPConfigurations/f")
        ),
        _ => String::new(),
    };
    format!(
        r#"{{"id": "{own}/frontendIPConfigurations/{name}", "name": "{name}", "properties": {{{at}{chained}}}}}"#
    )
}

/// `name>nic` has the first configuration of an interface, `name@v:10.0.0.4` an address, `name` says nothing.
fn pool(own: &str, text: &str) -> String {
    let head = |name: &str| format!(r#""id": "{own}/backendAddressPools/{name}", "name": "{name}""#);
    if let Some((name, nic)) = text.split_once('>') {
        let configurations = nic
            .split(',')
            .map(|nic| format!(r#"{{"id": "{}/ipConfigurations/c1"}}"#, id("networkInterfaces", nic)));
        let configurations: Vec<String> = configurations.collect();
        return format!(
            r#"{{{}, "properties": {{"backendIPConfigurations": [{}]}}}}"#,
            head(name),
            configurations.join(", ")
        );
    }
    if let Some((name, member)) = text.split_once('@') {
        let (network, address) = member.split_once(':').unwrap();
        return format!(
            r#"{{{}, "properties": {{"loadBalancerBackendAddresses": [{{"name": "a", "properties": {{"ipAddress": "{address}", "virtualNetwork": {{"id": "{}"}}}}}}]}}}}"#,
            head(name),
            id("virtualNetworks", network)
        );
    }
    format!(r#"{{{}, "properties": {{}}}}"#, head(text))
}

/// `name frontend pool protocol from to [floating]`.
fn balancing(own: &str, text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let floats = words.get(6).is_some_and(|word| *word == "floating");
    let pool = match words[2].split_once('!') {
        Some((other, pool)) => format!("{}/backendAddressPools/{pool}", id("loadBalancers", other)),
        None => format!("{own}/backendAddressPools/{}", words[2]),
    };
    format!(
        r#"{{"id": "{own}/loadBalancingRules/{0}", "name": "{0}", "properties": {{"frontendIPConfiguration": {{"id": "{own}/frontendIPConfigurations/{1}"}}, "backendAddressPool": {{"id": "{pool}"}}, "protocol": "{2}", "frontendPort": {3}, "backendPort": {4}, "enableFloatingIP": {floats}}}}}"#,
        words[0], words[1], words[3], words[4], words[5]
    )
}

/// `name frontend >nic protocol from to`, `name frontend pool protocol first-last to`; `-` leads nowhere by itself.
fn nat(own: &str, text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let to = match words[2].strip_prefix('>') {
        Some(nic) => {
            format!(
                r#""backendIPConfiguration": {{"id": "{}/ipConfigurations/c1"}}, "#,
                id("networkInterfaces", nic)
            )
        }
        None if words[2] == "-" => String::new(),
        None => format!(r#""backendAddressPool": {{"id": "{own}/backendAddressPools/{}"}}, "#, words[2]),
    };
    let from = match words[4].split_once('-') {
        Some((first, last)) => {
            format!(r#""frontendPortRangeStart": {first}, "frontendPortRangeEnd": {last}"#)
        }
        None => format!(r#""frontendPort": {}"#, words[4]),
    };
    let list = if words[2] == "-" && words[4].contains('-') { "inboundNatPools" } else { "inboundNatRules" };
    format!(
        r#"{{"id": "{own}/{list}/{0}", "name": "{0}", "properties": {{"frontendIPConfiguration": {{"id": "{own}/frontendIPConfigurations/{1}"}}, {to}"protocol": "{2}", {from}, "backendPort": {3}}}}}"#,
        words[0], words[1], words[3], words[5]
    )
}

/// A machine without a public address behind a group with these rules, and a load balancer before it.
fn behind(balancer: &Balancer<'_>, rules: &[&str]) -> Vec<String> {
    vec![
        balancer.json("lb"),
        group("nsg", rules),
        interface("nic", ["10.0.0.4", "", "nsg", "v/s"]),
        public_address("pip", "20.50.1.20", balancer.sku),
        network("v", "10.0.0.0/16", &[["s", "10.0.0.0/24", "", ""]]),
    ]
}

/// Exposures with the addresses and ports outside, where something passes the packets on.
pub(crate) fn told(answer: &Answer) -> Vec<String> {
    let mut lines = Vec::new();
    engine::exposures(&answer.snapshot, &mut |exposure, _| {
        let fronts = exposure.fronts.iter().map(|entrance| {
            let address =
                entrance.front.address.map_or_else(|| "?".to_owned(), |address| address.to_string());
            format!("{address}:{}", entrance.ports)
        });
        let fronts: Vec<String> = fronts.collect();
        lines.push(format!(
            "{} {} {} {}/{} < {}",
            exposure.target.name,
            exposure.reach.word(),
            exposure.certainty.word(),
            exposure.protocol.map_or_else(|| "any".to_owned(), |protocol| protocol.to_string()),
            exposure.ports,
            fronts.join("+")
        ));
    })
    .unwrap();
    lines.sort();
    lines
}

/// AP4, T10: the port outside is the translator's, the port the group sees is the machine's.
#[test]
fn an_inbound_nat_rule_leads_to_its_configuration() {
    let nat = Balancer { nat_rules: "rdp fe >nic Tcp 50001 3389", ..PUBLIC };
    let open = scan(&behind(&nat, &["100 allow tcp * * 3389"]));
    assert_eq!(told(&open), ["nic exposed proved tcp/3389 < 20.50.1.20:50001"]);
    assert_eq!(open.codes(), [""; 0]);
    let hop = open.snapshot.targets[0].paths.iter().find_map(|path| path.hops.first()).unwrap();
    assert_eq!((hop.kind, &*hop.name, hop.rule.as_deref()), ("load-balancer", "lb", Some("rdp")));
    // AP4, A26: the group never sees the port outside. It would let it in if something led there.
    let outside = scan(&behind(&nat, &["100 allow tcp * * 50001"]));
    assert_eq!(told(&outside), ["nic latent proved tcp/50001 < "]);
}

/// AP3: what is exposed is not told as latent again; what else the group lets in is.
#[test]
fn latent_is_what_nothing_leads_to() {
    let web = Balancer { rules: "web fe pool Tcp 80 8080", ..PUBLIC };
    let answer = scan(&behind(&web, &["100 allow tcp * * 22,8080", "110 allow udp * * 53"]));
    let expected = [
        "nic exposed proved tcp/8080 < 20.50.1.20:80",
        "nic latent proved tcp/22 < ",
        "nic latent proved udp/53 < ",
    ];
    assert_eq!(told(&answer), expected);
}

/// AP1, AP7: without any group, a Basic load balancer is open and a Standard one closed.
#[test]
fn without_a_group_the_sku_decides() {
    for (sku, expected) in [("Basic", vec![format!("nic exposed tcp/8080 {ANY}")]), ("Standard", vec![])] {
        let web = Balancer { sku, rules: "web fe pool Tcp 80 8080", ..PUBLIC };
        let mut documents = behind(&web, &[]);
        documents[2] = interface("nic", ["10.0.0.4", "", "", "v/s"]);
        let exposures = scan(&documents).exposures();
        let exposed: Vec<_> = exposures.into_iter().filter(|line| line.contains("exposed")).collect();
        assert_eq!(exposed, expected, "{sku}");
    }
}

/// AP2: behind an internal load balancer only.
#[test]
fn an_internal_load_balancer_is_no_way_in() {
    let internal = Balancer { frontends: "fe", rules: "web fe pool Tcp 80 80", ..PUBLIC };
    let answer = scan(&behind(&internal, &["100 allow tcp * * 80"]));
    answer.check(&[&format!("nic latent tcp/80 {ANY}")]);
    let outbound = Balancer { ..PUBLIC };
    scan(&behind(&outbound, &["100 allow tcp * * 80"])).check(&[&format!("nic latent tcp/80 {ANY}")]);
}

/// AP6: rules for every port are internal; on a public frontend there are none.
#[test]
fn ha_ports() {
    let internal = Balancer { frontends: "fe", rules: "all fe pool All 0 0", ..PUBLIC };
    let answer = scan(&behind(&internal, &["100 allow tcp * * 80"]));
    answer.check(&[&format!("nic latent tcp/80 {ANY}")]);
    assert_eq!(answer.codes(), [""; 0]);
    let public = Balancer { rules: "all fe pool All 0 0", ..PUBLIC };
    let answer = scan(&behind(&public, &["100 allow tcp * * 80"]));
    assert_eq!(told(&answer), ["nic exposed possible tcp/80 < 20.50.1.20:80"]);
    assert_eq!(answer.codes(), ["strange-balancing-rule"]);
}

/// AP6: through a gateway load balancer.
#[test]
fn a_chained_frontend_is_possible() {
    let chained = Balancer { frontends: "fe+chained>pip", rules: "web fe pool Tcp 80 80", ..PUBLIC };
    let answer = scan(&behind(&chained, &["100 allow tcp * * 80"]));
    assert_eq!(told(&answer), ["nic exposed possible tcp/80 < 20.50.1.20:80"]);
    assert_eq!(answer.codes(), [""; 0]);
    // A private frontend before which one stands is private still.
    let internal = Balancer { frontends: "fe+chained", rules: "web fe pool Tcp 80 80", ..PUBLIC };
    scan(&behind(&internal, &["100 allow tcp * * 80"])).check(&[&format!("nic latent tcp/80 {ANY}")]);
}

/// AP3, A4, A25: with floating IP the group sees the frontend's address.
#[test]
fn floating_ip() {
    let floating = Balancer { rules: "web fe pool Tcp 443 443 floating", ..PUBLIC };
    let to_frontend = scan(&behind(&floating, &["100 allow tcp * 20.50.1.20 443"]));
    assert_eq!(told(&to_frontend), ["nic exposed proved tcp/443 < 20.50.1.20:443"]);
    assert!(to_frontend.snapshot.lists[0].behind.as_ref().unwrap().contains("20.50.1.20".parse().unwrap()));
    let to_all = scan(&behind(&floating, &["100 allow tcp * * 443"]));
    assert_eq!(told(&to_all), ["nic exposed proved tcp/443 < 20.50.1.20:443"]);
    let to_private = scan(&behind(&floating, &["100 allow tcp * 10.0.0.4 443"]));
    assert_eq!(told(&to_private), ["nic exposed possible tcp/443 < 20.50.1.20:443"]);
    let to_another = scan(&behind(&floating, &["100 allow tcp * 20.50.1.21 443"]));
    to_another.check(&[]);
    let plain = Balancer { rules: "web fe pool Tcp 443 443", ..PUBLIC };
    scan(&behind(&plain, &["100 allow tcp * 20.50.1.20 443"])).check(&[]);
    // A denial of the private address may hold nothing back.
    let denied = scan(&behind(&floating, &["100 deny tcp * 10.0.0.4 443", "110 allow tcp * * 443"]));
    assert_eq!(told(&denied), ["nic exposed possible tcp/443 < 20.50.1.20:443"]);
}

/// AP3: the frontend's address is not known.
#[test]
fn floating_ip_without_an_address_is_possible() {
    let floating = Balancer { frontends: "fe>/prefix", rules: "web fe pool Tcp 443 443 floating", ..PUBLIC };
    let answer = scan(&behind(&floating, &["100 allow tcp * 20.60.0.0/16 443"]));
    let lines = told(&answer);
    assert!(lines.iter().all(|line| line.starts_with("nic exposed possible tcp/443")), "{lines:?}");
    assert_eq!(lines.len(), 1);
}

/// AP5: each port of the range reaches some member, every one the same port.
#[test]
fn nat_for_a_pool_translates_a_range() {
    let nat = Balancer { nat_rules: "ssh fe pool Tcp 500-599 22", ..PUBLIC };
    let answer = scan(&behind(&nat, &["100 allow tcp * * 22"]));
    assert_eq!(told(&answer), ["nic exposed proved tcp/22 < 20.50.1.20:500-599"]);
    let reversed = Balancer { nat_rules: "ssh fe pool Tcp 599-500 22", ..PUBLIC };
    let answer = scan(&behind(&reversed, &["100 allow tcp * * 22"]));
    assert_eq!(told(&answer), ["nic exposed possible tcp/22 < 20.50.1.20:0-65535"]);
    assert_eq!(answer.codes(), ["strange-balancing-rule"]);
}

/// AP12: an IPv6 frontend reaches IPv6 configurations only.
#[test]
fn families_do_not_mix() {
    let both = Balancer {
        frontends: "fe>pip;six>pip6",
        rules: "web fe pool Tcp 80 80;web6 six pool Tcp 81 80",
        ..PUBLIC
    };
    let mut documents = behind(&both, &["100 allow tcp * * 80"]);
    documents.push(public_address("pip6", "2603:1030::5", "Standard"));
    assert_eq!(told(&scan(&documents)), ["nic exposed proved tcp/80 < 20.50.1.20:80"]);
    documents[2] = interface("nic", ["fd00::4", "", "nsg", "v/s"]);
    assert_eq!(told(&scan(&documents)), ["nic exposed proved tcp/80 < 2603:1030::5:81"]);
}

/// Members known by their addresses reach who has the address, in that network.
#[test]
fn pools_of_addresses() {
    let pooled = Balancer { pools: "pool@v:10.0.0.4", rules: "web fe pool Tcp 80 80", ..PUBLIC };
    let answer = scan(&behind(&pooled, &["100 allow tcp * * 80"]));
    assert_eq!(told(&answer), ["nic exposed proved tcp/80 < 20.50.1.20:80"]);
    assert_eq!(answer.codes(), [""; 0]);
    let elsewhere = Balancer { pools: "pool@w:10.0.0.4", ..pooled };
    let answer = scan(&behind(&elsewhere, &["100 allow tcp * * 80"]));
    answer.check(&[&format!("nic latent tcp/80 {ANY}")]);
    assert_eq!(answer.codes(), ["dangling-reference"]);
}

/// The interface may say it, the load balancer may say it; where both speak and differ, it is possible.
#[test]
fn either_side_tells_who_is_behind() {
    let rules = ["100 allow tcp * * 80"];
    let silent = Balancer { pools: "pool", rules: "web fe pool Tcp 80 80", ..PUBLIC };
    let named = |documents: &[String], list: &str| {
        let pool = format!("{}/backendAddressPools/pool", id("loadBalancers", "LB"));
        let list = list.replace("pool", &pool);
        let mut documents = documents.to_vec();
        documents[2] = documents[2].replace(
            r#""name": "c1","#,
            &format!(r#""name": "c1", "loadBalancerBackendAddressPools": {list},"#),
        );
        scan(&documents)
    };
    let exposed = ["nic exposed proved tcp/80 < 20.50.1.20:80"];
    assert_eq!(told(&named(&behind(&silent, &rules), r#"[{"id": "pool"}]"#)), exposed);
    let stated = Balancer { pools: "pool>nic", ..silent };
    assert_eq!(told(&named(&behind(&stated, &rules), r#"[{"id": "pool"}]"#)), exposed);
    let possible = ["nic exposed possible tcp/80 < 20.50.1.20:80"];
    for (pools, list) in [("pool>nic", "[]"), ("pool>nic", "null"), ("pool>other", r#"[{"id": "pool"}]"#)] {
        let mut documents = behind(&Balancer { pools, ..silent }, &rules);
        documents.push(interface("other", ["10.0.0.5", "", "nsg", "v/s"]));
        let answer = named(&documents, list);
        let lines = told(&answer);
        assert_eq!(
            lines.iter().filter(|line| line.starts_with("nic")).collect::<Vec<_>>(),
            possible,
            "{pools} {list}"
        );
        assert!(answer.codes().contains(&"contradicting-attachments"), "{pools} {list}");
    }
}

/// A load balancer that is not in the input: none is told, one of them is a gap.
#[test]
fn load_balancers_that_are_not_there() {
    let web = Balancer { rules: "web fe pool Tcp 80 80", ..PUBLIC };
    let mut documents = behind(&web, &["100 allow tcp * * 80"]);
    documents[2] = documents[2].replace(
        r#""name": "c1","#,
        &format!(
            r#""name": "c1", "loadBalancerBackendAddressPools": [{{"id": "{}/backendAddressPools/p"}}],"#,
            id("loadBalancers", "other")
        ),
    );
    let answer = scan(&documents[1..]);
    answer.check(&[&format!("nic admitted tcp/80 {ANY}")]);
    assert_eq!(answer.codes(), [""; 0]);
    assert!(answer.snapshot.missing.iter().any(|told| told.contains("`az network lb list`")));
    let answer = scan(&documents);
    assert!(answer.exposures().contains(&format!("nic admitted tcp/80 {ANY}")), "{:?}", answer.exposures());
    assert!(answer.codes().contains(&"dangling-reference"));
    assert!(!answer.snapshot.missing.iter().any(|told| told.contains("`az network lb list`")));
}

/// Backends, pools and frontends that are not in the input.
#[test]
fn dangling_parts_are_gaps() {
    let rules = ["100 allow tcp * * 80"];
    let unseen = Balancer { nat_rules: "rdp fe >gone Tcp 50001 3389", ..PUBLIC };
    let answer = scan(&behind(&unseen, &rules));
    assert!(answer.message().starts_with("`rdp`: the backend `/subscriptions/s1/"), "{}", answer.message());
    let unseen = Balancer { pools: "pool>nic,gone", rules: "web fe pool Tcp 80 80", ..PUBLIC };
    let answer = scan(&behind(&unseen, &rules));
    assert_eq!(told(&answer), ["nic exposed proved tcp/80 < 20.50.1.20:80"]);
    assert!(answer.message().starts_with("`pool`: the backend"), "{}", answer.message());
    let foreign = Balancer { rules: "web fe else!pool Tcp 80 80", ..PUBLIC };
    let answer = scan(&behind(&foreign, &rules));
    assert_eq!(answer.codes(), ["dangling-reference"]);
    let no_frontend = Balancer { rules: "web gone pool Tcp 80 80", ..PUBLIC };
    let answer = scan(&behind(&no_frontend, &rules));
    assert_eq!(told(&answer), ["nic admitted proved tcp/80 < "]);
    assert_eq!(answer.codes(), ["dangling-reference"]);
    let mut documents = behind(&Balancer { rules: "web fe pool Tcp 80 80", ..PUBLIC }, &rules);
    documents[3] = public_address("other", "20.50.1.21", "Standard");
    let answer = scan(&documents);
    assert_eq!(told(&answer), ["nic admitted proved tcp/80 < "]);
    assert!(answer.message().contains("the public address"), "{}", answer.message());
}

/// No two rules of a frontend can have one port.
#[test]
fn rules_that_contest_a_port_are_possible() {
    let rules = ["100 allow tcp * * 22,3389"];
    let contested = Balancer { nat_rules: "a fe >nic Tcp 50001 3389;b fe >nic Tcp 50001 22", ..PUBLIC };
    let answer = scan(&behind(&contested, &rules));
    let lines = told(&answer);
    assert!(lines.iter().all(|line| line.contains("possible")) && !lines.is_empty(), "{lines:?}");
    assert_eq!(answer.codes(), ["contradicting-parts"; 2]);
    let apart = Balancer { nat_rules: "a fe >nic Tcp 50001 3389;b fe >nic Udp 50001 22", ..PUBLIC };
    assert_eq!(scan(&behind(&apart, &rules)).codes(), [""; 0]);
}

/// Two frontends lead to one port.
#[test]
fn two_frontends() {
    let two = Balancer {
        frontends: "fe>pip;fe2>pip2",
        rules: "web fe pool Tcp 80 8080;alt fe2 pool Tcp 81 8080",
        ..PUBLIC
    };
    let mut documents = behind(&two, &["100 allow tcp * * 8080"]);
    documents.push(public_address("pip2", "20.50.1.21", "Standard"));
    assert_eq!(told(&scan(&documents)), ["nic exposed proved tcp/8080 < 20.50.1.20:80+20.50.1.21:81"]);
}

/// Words and numbers nobody knows.
#[test]
fn odd_rules_are_possible_and_told() {
    for (rule, code) in [
        ("web fe pool Sctp 80 80", "strange-balancing-rule"),
        ("web fe pool Tcp 0 80", "strange-balancing-rule"),
        ("web fe pool Tcp 80 0", "strange-balancing-rule"),
        ("web fe pool Tcp 65616 80", "strange-balancing-rule"),
        ("web fe pool Tcp true 80", "unexpected-type"),
        ("web fe pool All 80 80", "strange-balancing-rule"),
    ] {
        let odd = Balancer { rules: rule, ..PUBLIC };
        let answer = scan(&behind(&odd, &["100 allow tcp * * 80"]));
        let lines = told(&answer);
        assert!(
            lines.iter().any(|line| line.starts_with("nic exposed possible tcp/80")),
            "{rule}: {lines:?}"
        );
        assert!(!lines.iter().any(|line| line.contains("proved")), "{rule}: {lines:?}");
        assert!(answer.codes().contains(&code), "{rule}: {:?}", answer.codes());
    }
}

/// Parts exported on their own: the public address says which frontend it is.
#[test]
fn parts_alone() {
    let own = id("loadBalancers", "lb");
    let web = Balancer { nat_rules: "rdp fe >nic Tcp 50001 3389", ..PUBLIC };
    let mut documents = behind(&web, &["100 allow tcp * * 22,3389"]);
    let rule = nat(&own, "rdp fe >nic Tcp 50001 3389");
    documents.push(format!("[{rule}]"));
    assert_eq!(scan(&documents).codes(), [""; 0]);
    documents[3] = documents[3].replace(
        r#""ipAddress""#,
        &format!(r#""ipConfiguration": {{"id": "{own}/frontendIPConfigurations/fe"}}, "ipAddress""#),
    );
    let alone = scan(&documents[1..]);
    let lines = told(&alone);
    assert!(lines.contains(&"nic exposed proved tcp/3389 < 20.50.1.20:50001".to_owned()), "{lines:?}");
    assert_eq!(alone.codes(), [""; 0]);
    // What the load balancer says otherwise is possible.
    *documents.last_mut().unwrap() = format!("[{}]", rule.replace("50001", "50002"));
    let differs = scan(&documents);
    assert!(told(&differs).iter().all(|line| !line.contains("exposed proved")), "{:?}", told(&differs));
    assert_eq!(differs.codes(), ["contradicting-parts"]);
}

/// Load balancers that span regions lead to the frontends of others.
#[test]
fn load_balancers_in_a_row() {
    let regional = Balancer { rules: "web fe pool Tcp 80 8080", ..PUBLIC };
    let mut documents = behind(&regional, &["100 allow tcp * * 8080"]);
    let frontend = format!("{}/frontendIPConfigurations/fe", id("loadBalancers", "lb"));
    let global =
        Balancer { frontends: "out>pip2", pools: "regions", rules: "in out regions Tcp 81 80", ..PUBLIC };
    let global = global.json("global").replace(
        r#""name": "regions", "properties": {"#,
        &format!(
            r#""name": "regions", "properties": {{"loadBalancerBackendAddresses": [{{"properties": {{"loadBalancerFrontendIPConfiguration": {{"id": "{frontend}"}}}}}}]"#
        ),
    );
    documents.push(global);
    documents.push(public_address("pip2", "20.50.1.21", "Standard"));
    let answer = scan(&documents);
    assert_eq!(answer.codes(), [""; 0]);
    assert_eq!(told(&answer), ["nic exposed proved tcp/8080 < 20.50.1.20:80+20.50.1.21:81"]);
}

/// A load balancer of which the export leaves something out.
#[test]
fn a_projected_load_balancer_is_not_known() {
    let web = Balancer { rules: "web fe pool Tcp 80 80", ..PUBLIC };
    let mut documents = behind(&web, &["100 allow tcp * * 22,80"]);
    documents[0] = documents[0].replace(r#""etag": "W/0", "#, "").replace(r#""inboundNatRules": [], "#, "");
    let answer = scan(&documents);
    let lines = told(&answer);
    assert!(lines.contains(&"nic exposed proved tcp/80 < 20.50.1.20:80".to_owned()), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("nic admitted proved tcp/22")), "{lines:?}");
    assert_eq!(answer.codes(), ["missing-field"]);
}

/// The ports of `nic` and `vmss` that the Internet reaches, or may reach.
fn reached(documents: &[String]) -> (Vec<String>, usize) {
    let answer = scan(documents);
    let lines = told(&answer).into_iter().filter(|line| !line.contains(" latent "));
    let ports = lines.filter_map(|line| {
        let words: Vec<&str> = line.split(' ').collect();
        let (protocol, ports) = words[3].split_once('/').unwrap();
        let holds = |port: u16| {
            ports.is_empty()
                || ports.split(',').any(|range| {
                    let (first, last) = range.split_once('-').unwrap_or((range, range));
                    (first.parse::<u16>().unwrap()..=last.parse().unwrap()).contains(&port)
                })
        };
        let all = ["tcp", "any"].contains(&protocol);
        let held: Vec<String> = [22_u16, 8080]
            .into_iter()
            .filter(|port| all && holds(*port))
            .map(|port| format!("{} {port}", words[0]))
            .collect();
        (!held.is_empty()).then_some(held)
    });
    let mut ports: Vec<String> = ports.flatten().collect();
    ports.sort();
    ports.dedup();
    (ports, answer.codes().len())
}

/// Damage to what a load balancer, an interface or a scale set says: the answer never gets smaller without a gap.
#[test]
fn a_value_of_another_type_never_closes_without_a_gap() {
    let balancer = Balancer {
        pools: "pool",
        rules: "web fe pool Tcp 80 8080",
        nat_rules: "ssh fe >nic Tcp 50001 22",
        nat_pools: "all fe - Tcp 500-599 22",
        ..PUBLIC
    };
    let mut documents = behind(&balancer, &["100 allow tcp * * 22,8080"]);
    let pool = format!(r#"[{{"id": "{}/backendAddressPools/pool"}}]"#, id("loadBalancers", "lb"));
    let nat_pool = format!(r#"[{{"id": "{}/inboundNatPools/all"}}]"#, id("loadBalancers", "lb"));
    documents[2] = documents[2]
        .replace(r#""name": "c1","#, &format!(r#""name": "c1", "loadBalancerBackendAddressPools": {pool},"#));
    documents.push(crate::scale_sets::set(
        &format!(r#""loadBalancerBackendAddressPools": {pool}, "loadBalancerInboundNatPools": {nat_pool}, "#),
        r#""orchestrationMode": "Uniform", "#,
    ));
    let (before, gaps) = reached(&documents);
    assert_eq!(before, ["nic 22", "nic 8080", "vmss 22", "vmss 8080"]);
    assert_eq!(gaps, 0);
    let mut silent = Vec::new();
    for number in [0, 2, 5] {
        let text = documents[number].clone();
        for (start, end) in values_of(&text) {
            for junk in ["null", "7", "\"junk\"", "true", "[7]", "[null]", "{\"junk\": 1}", "{}", "[]"] {
                let mut changed = documents.clone();
                changed[number] = format!("{}{junk}{}", &text[..start], &text[end..]);
                let (after, gaps) = reached(&changed);
                let key = text[..start].rsplit('"').nth(1).unwrap();
                let lost: Vec<&String> = before.iter().filter(|port| !after.contains(port)).collect();
                if !lost.is_empty() && gaps == 0 && !is_another_statement(key, junk) {
                    silent.push(format!("{key}: {junk} loses {lost:?}"));
                }
            }
        }
    }
    assert_eq!(silent, [""; 0]);
}

/// Whether the damage says something: that there is none, or another name or number.
fn is_another_statement(key: &str, junk: &str) -> bool {
    let is_none = ["null", "[]"].contains(&junk);
    let lists = [
        "loadBalancingRules",
        "inboundNatRules",
        "loadBalancerBackendAddressPools",
        "loadBalancerInboundNatPools",
    ];
    let references = ["backendAddressPool", "backendIPConfiguration", "networkSecurityGroup"];
    (is_none && lists.contains(&key))
        || (junk == "null" && references.contains(&key))
        || (key == "name" && ["7", "\"junk\""].contains(&junk))
        || (key == "backendPort" && junk == "7")
}

/// Where the values of a document stand.
fn values_of(text: &str) -> Vec<(usize, usize)> {
    let starts = text.match_indices(": ").map(|(at, _)| at + 2);
    let length = |at: usize| {
        let mut values = serde_json::Deserializer::from_str(&text[at..]).into_iter::<serde_json::Value>();
        values.next().unwrap().unwrap();
        values.byte_offset()
    };
    starts.map(|at| (at, at + length(at))).collect()
}

/// One change at a time gives what reading everything at once gives.
#[test]
fn one_change_at_a_time() {
    let web = Balancer { rules: "web fe pool Tcp 80 8080", ..PUBLIC };
    let mut documents = behind(&web, &["100 allow tcp * * 22,8080"]);
    documents.push(crate::scale_sets::set("", ""));
    let mut answer = scan(&documents);
    let nat = Balancer { nat_rules: "ssh fe >nic Tcp 50001 22", ..web };
    let edits = [
        nat.json("lb"),
        public_address("pip", "20.50.1.99", "Standard"),
        group("nsg", &["100 allow tcp * * 22"]),
        crate::scale_sets::set(
            r#""publicIPAddressConfiguration": {"name": "p", "sku": {"name": "Standard"}}, "#,
            "",
        ),
        Balancer { frontends: "fe", ..web }.json("lb"),
    ];
    for edit in edits {
        crate::changes::apply(&mut answer.inventory, &edit);
    }
}

/// Neither the order of documents nor the letter case of ids is anything.
#[test]
fn order_and_letter_case_do_not_matter() {
    let floating = Balancer {
        rules: "web fe pool Tcp 443 443 floating",
        nat_rules: "rdp fe >nic Tcp 50001 3389",
        ..PUBLIC
    };
    let mut documents = behind(&floating, &["100 allow tcp * * 443,3389"]);
    let expected = told(&scan(&documents));
    assert_eq!(expected.len(), 2);
    documents.reverse();
    assert_eq!(told(&scan(&documents)), expected);
    let last = documents.last_mut().unwrap();
    *last =
        last.replace("/networkInterfaces/nic/ipConfigurations", "/NETWORKINTERFACES/NIC/IPCONFIGURATIONS");
    *last = last
        .replace("/publicIPAddresses/pip", "/publicipaddresses/PIP")
        .replace("/backendAddressPools/pool\"}", "/BackendAddressPools/Pool\"}");
    assert_eq!(told(&scan(&documents)), expected);
}
