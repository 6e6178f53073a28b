//! One packet from the Internet to a network interface, decided on the JSON that `az` prints.
//!
//! Written from the numbered statements of the semantics only, on [`serde_json::Value`], with no code of the crates
//! it judges: no sets, no lowering, no inventory. It knows groups, interfaces, virtual networks, public addresses,
//! route tables and application security groups, and nothing of load balancers, admin rules or service-tag files.

use core::cmp::Ordering;
use core::net::IpAddr;
use std::sync::LazyLock;

use serde_json::{Value, json};

/// What happens to a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It reaches the interface.
    Allow,
    /// It does not.
    Deny,
    /// The input does not say.
    Undecided,
}

impl Verdict {
    /// The word specs use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
            Self::Undecided => "undecided",
        }
    }

    /// Both must let it in.
    const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Deny, _) | (_, Self::Deny) => Self::Deny,
            (Self::Undecided, _) | (_, Self::Undecided) => Self::Undecided,
            (Self::Allow, Self::Allow) => Self::Allow,
        }
    }

    /// The one that lets in more.
    const fn better(self, other: Self) -> Self {
        match (self, other) {
            (Self::Allow, _) | (_, Self::Allow) => Self::Allow,
            (Self::Undecided, _) | (_, Self::Undecided) => Self::Undecided,
            (Self::Deny, Self::Deny) => Self::Deny,
        }
    }

    /// One of the two happens.
    const fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Allow, Self::Allow) => Self::Allow,
            (Self::Deny, Self::Deny) => Self::Deny,
            (Self::Allow | Self::Deny | Self::Undecided, _) => Self::Undecided,
        }
    }
}

/// A packet that opens a flow; the port is zero where the protocol has none.
#[derive(Clone, Copy, Debug)]
pub struct Packet {
    /// The protocol number.
    pub protocol: u8,
    /// The client's address.
    pub source: IpAddr,
    /// The port at the front, which is that of the interface.
    pub port: u16,
}

/// Whether a rule matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Match {
    No,
    Maybe,
    Yes,
}

impl From<bool> for Match {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

/// The resources of all documents of a case.
#[derive(Debug, Default)]
pub struct Estate {
    groups: Vec<Value>,
    interfaces: Vec<Value>,
    networks: Vec<Value>,
    addresses: Vec<Value>,
    tables: Vec<Value>,
    foreign: bool,
}

/// An interface with everything that is known about its ways in, read once.
#[derive(Debug)]
pub struct Judge {
    ways: Vec<Way>,
}

/// One ip-configuration with a public address.
#[derive(Debug)]
struct Way {
    v6: bool,
    /// What is let in where the groups let everything in.
    arrival: Verdict,
    network: Option<Network>,
    /// `None` when a group is not in the input.
    groups: Option<Vec<Vec<Line>>>,
    source_ports: Vec<u16>,
}

/// What `VirtualNetwork` is at one subnet.
#[derive(Debug)]
struct Network {
    own: Vec<Prefix>,
    peers: Vec<Prefix>,
    /// Each with whether it is certain to join.
    routes: Vec<(Prefix, bool)>,
}

/// One rule at one configuration, whose destination it has already been asked about.
#[derive(Debug)]
struct Line {
    priority: u64,
    action: Verdict,
    certain: Match,
    protocol: Spoken,
    restricted: bool,
    ports: Vec<Option<(u16, u16)>>,
    source_ports: Vec<Option<(u16, u16)>>,
    sources: Vec<Term>,
    destination: Match,
}

/// The protocol of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spoken {
    Every,
    One(u8),
    Unknown,
}

/// One text of a side.
#[derive(Debug)]
enum Term {
    Everything,
    Prefix(Prefix),
    VirtualNetwork,
    Internet,
    Host,
    Unknown,
}

impl Estate {
    /// Takes in a document: an array of resources, one resource, or something it has no opinion on.
    pub fn read(&mut self, document: &Value) {
        match document {
            Value::Array(members) => members.iter().for_each(|member| self.read(member)),
            Value::Object(_) if field(document, "value").is_some_and(Value::is_array) => {
                self.read(field(document, "value").unwrap_or(&Value::Null));
            }
            Value::Object(_) => self.resource(document),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => self.foreign = true,
        }
    }

    fn resource(&mut self, resource: &Value) {
        let id = text(resource, "id").unwrap_or_default().to_ascii_lowercase();
        let kind = id.rsplit('/').nth(1).unwrap_or_default();
        match kind {
            "networksecuritygroups" => self.groups.push(resource.clone()),
            "networkinterfaces" => self.interfaces.push(resource.clone()),
            "virtualnetworks" => self.networks.push(resource.clone()),
            "publicipaddresses" => self.addresses.push(resource.clone()),
            "routetables" => self.tables.push(resource.clone()),
            "applicationsecuritygroups" | "virtualmachines" => {}
            _ => self.foreign = true,
        }
    }

    /// Who decides for an interface, by its name; `None` when there is no such interface, or when the documents hold
    /// something this evaluator does not know.
    #[must_use]
    pub fn judge(&self, interface: &str) -> Option<Judge> {
        let interface = self.interfaces.iter().find(|it| text(it, "name") == Some(interface))?;
        if self.foreign {
            return None;
        }
        let configurations = members(interface, "ipConfigurations");
        Some(Judge { ways: configurations.filter_map(|it| self.way(interface, it)).collect() })
    }

    /// AP2, AP12: without a public address of its own there is no way.
    fn way(&self, interface: &Value, configuration: &Value) -> Option<Way> {
        let public = find(&self.addresses, reference(configuration, "publicIPAddress")?);
        let subnet_id = reference(configuration, "subnet");
        let place = self.networks.iter().find_map(|network| {
            let subnet = members(network, "subnets").find(|it| is_named(it, subnet_id))?;
            Some((network, subnet))
        });
        let mut way = Way {
            v6: text(configuration, "privateIPAddressVersion").is_some_and(|it| same(it, "IPv6")),
            arrival: if public.is_some() { Verdict::Allow } else { Verdict::Undecided },
            network: place.map(|(network, subnet)| self.network(network, subnet)),
            groups: None,
            source_ports: vec![0],
        };
        let groups = self.groups_of(interface, place.map(|(_, subnet)| subnet), subnet_id);
        if groups.as_ref().is_some_and(Vec::is_empty) {
            way.arrival = public.map_or(Verdict::Undecided, unfiltered);
        }
        way.groups =
            groups.map(|groups| groups.iter().map(|group| lines(group, configuration, &way)).collect());
        for (first, last) in
            way.groups.iter().flatten().flatten().flat_map(|it| it.source_ports.iter().flatten())
        {
            way.source_ports.push(*first);
            way.source_ports.extend(last.checked_add(1));
        }
        way.source_ports.sort_unstable();
        way.source_ports.dedup();
        Some(way)
    }

    /// A15, A16: the network's own space, its peers, and the routes of the subnet.
    fn network(&self, network: &Value, subnet: &Value) -> Network {
        let peerings = members(network, "virtualNetworkPeerings");
        let joined =
            peerings.filter(|it| field(it, "allowVirtualNetworkAccess") != Some(&Value::Bool(false)));
        let spaces = joined.flat_map(|peering| {
            ["remoteAddressSpace", "remoteVirtualNetworkAddressSpace"].map(|key| field(peering, key))
        });
        let table = reference(subnet, "routeTable").and_then(|table| find(&self.tables, table));
        let routes = table.into_iter().flat_map(|table| members(table, "routes"));
        Network {
            own: field(network, "addressSpace").map(prefixes).unwrap_or_default(),
            peers: spaces.flatten().flat_map(prefixes).collect(),
            routes: routes
                .filter_map(|route| {
                    let appliance =
                        text(route, "nextHopType").is_some_and(|hop| same(hop, "VirtualAppliance"));
                    Some((parse(text(route, "addressPrefix")?)?, appliance))
                })
                .collect(),
        }
    }

    /// The groups at the subnet and at the interface, each once; `None` when one of them is not in the input, or when
    /// nobody says whether there is one.
    fn groups_of(
        &self,
        interface: &Value,
        subnet: Option<&Value>,
        subnet_id: Option<&str>,
    ) -> Option<Vec<&Value>> {
        let mut ids: Vec<&str> = Vec::new();
        ids.extend(subnet.and_then(|subnet| reference(subnet, "networkSecurityGroup")));
        ids.extend(reference(interface, "networkSecurityGroup"));
        for group in &self.groups {
            let at_subnet = members(group, "subnets").any(|it| is_named(it, subnet_id));
            let at_interface =
                members(group, "networkInterfaces").any(|it| is_named(it, text(interface, "id")));
            if at_subnet || at_interface {
                ids.extend(text(group, "id"));
            }
        }
        if subnet.is_none() && subnet_id.is_some() {
            return None;
        }
        let mut groups: Vec<&Value> = Vec::new();
        for id in ids {
            let group = find(&self.groups, id)?;
            if !groups.iter().any(|known| core::ptr::eq(*known, group)) {
                groups.push(group);
            }
        }
        Some(groups)
    }
}

impl Judge {
    /// Decides a packet.
    #[must_use]
    pub fn decide(&self, packet: &Packet) -> Verdict {
        if !is_internet(packet.source) || ![1, 6, 17, 50, 51].contains(&packet.protocol) {
            return Verdict::Deny;
        }
        let mut verdict = Verdict::Deny;
        for way in &self.ways {
            if way.v6 == packet.source.is_ipv6() {
                verdict = verdict.better(way.decide(packet));
            }
        }
        verdict
    }
}

impl Way {
    /// The caller chooses its own port: the best one counts (A3).
    fn decide(&self, packet: &Packet) -> Verdict {
        let Some(groups) = &self.groups else { return Verdict::Undecided };
        let mut best = Verdict::Deny;
        for port in &self.source_ports {
            // A6: the flow needs the consent of each group present.
            let verdicts = groups.iter().map(|lines| self.group(lines, packet, *port));
            best = best.better(verdicts.fold(self.arrival, Verdict::and));
        }
        best
    }

    /// A1, A2: ascending priority, first match; unmatched is what rule 65500 denies.
    fn group(&self, lines: &[Line], packet: &Packet, source_port: u16) -> Verdict {
        let mut open: Option<Verdict> = None;
        let mut settled: Option<u64> = None;
        for line in lines {
            // X1: what is tied with the one that settles it may come first.
            if settled.is_some_and(|priority| priority != line.priority) {
                break;
            }
            let matched = self.line(line, packet, source_port);
            if matched == Match::No {
                continue;
            }
            open = Some(open.map_or(line.action, |before| before.or(line.action)));
            if matched == Match::Yes {
                settled = Some(line.priority);
            }
        }
        match (open, settled) {
            (Some(verdict), Some(_)) => verdict,
            (open, _) => open.map_or(Verdict::Deny, |before| before.or(Verdict::Deny)),
        }
    }

    fn line(&self, line: &Line, packet: &Packet, source_port: u16) -> Match {
        let protocol = match line.protocol {
            Spoken::Every => Match::Yes,
            Spoken::One(number) => Match::from(number == packet.protocol),
            Spoken::Unknown => Match::Maybe,
        };
        let ported = [6, 17].contains(&packet.protocol);
        let ports = match (ported, line.restricted, line.protocol) {
            (true, _, _) => within(&line.ports, packet.port).min(within(&line.source_ports, source_port)),
            (false, false, _) => Match::Yes,
            // A12: Any with ports matches nothing portless. A protocol named with ports: not documented.
            (false, true, Spoken::Every) => Match::No,
            (false, true, Spoken::One(_) | Spoken::Unknown) => Match::Maybe,
        };
        let early = protocol.min(ports).min(line.destination).min(line.certain);
        if early == Match::No {
            return Match::No;
        }
        let sources = line.sources.iter().map(|term| self.term(term, packet.source)).max();
        early.min(sources.unwrap_or(Match::No))
    }

    fn term(&self, term: &Term, address: IpAddr) -> Match {
        match term {
            Term::Everything => Match::Yes,
            Term::Prefix(prefix) => Match::from(prefix.holds(address)),
            Term::VirtualNetwork => self.in_network(address),
            Term::Internet => self.in_internet_tag(address),
            Term::Host => Match::from(is_host(address)),
            // A20, C8: a tag whose members are not in the input, or something not understood.
            Term::Unknown => Match::Maybe,
        }
    }

    fn in_network(&self, address: IpAddr) -> Match {
        if is_host(address) {
            return Match::Yes;
        }
        let Some(network) = &self.network else { return Match::Maybe };
        let inside = network.own.iter().chain(&network.peers).any(|prefix| prefix.holds(address));
        let routed = network.routes.iter().filter(|(prefix, _)| prefix.holds(address));
        let routed = routed.map(|(_, certain)| if *certain { Match::Yes } else { Match::Maybe }).max();
        Match::from(inside).max(routed.unwrap_or(Match::No))
    }

    /// A14: what is outside of the network; A15: with a default route that is not certain of anything.
    fn in_internet_tag(&self, address: IpAddr) -> Match {
        let Some(network) = &self.network else { return Match::Maybe };
        let own = network.own.iter().any(|prefix| prefix.holds(address));
        if network.routes.iter().any(|(prefix, _)| prefix.length == 0) {
            return if own { Match::No } else { Match::Maybe };
        }
        match self.in_network(address) {
            Match::No => Match::Yes,
            Match::Maybe => Match::Maybe,
            Match::Yes => Match::No,
        }
    }

    /// Whether a destination holds the address of the configuration.
    fn reaches(&self, term: &Term, address: Option<IpAddr>) -> Match {
        match (term, address) {
            (Term::Everything, _) => Match::Yes,
            (term, Some(address)) => self.term(term, address),
            (Term::Prefix(prefix), None) => Match::from(prefix.v6 == self.v6).min(Match::Maybe),
            (Term::VirtualNetwork | Term::Internet | Term::Host | Term::Unknown, None) => Match::Maybe,
        }
    }
}

/// The inbound rules of a group in ascending priority, the provider's own included (A2).
fn lines(group: &Value, configuration: &Value, way: &Way) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for rule in members(group, "securityRules") {
        lines.extend(line(rule, false, configuration, way));
    }
    let defaults = defaults();
    let stated: Vec<&Value> = members(group, "defaultSecurityRules").collect();
    let left_out = defaults.iter().filter(|rule| !stated.iter().any(|it| number(it) == number(rule)));
    for rule in stated.iter().copied().chain(left_out) {
        lines.extend(line(rule, true, configuration, way));
    }
    lines.sort_by_key(|line| line.priority);
    lines
}

/// A2.
fn defaults() -> [Value; 3] {
    let rule = |priority: u64, access: &str, source: &str, destination: &str| {
        json!({
            "priority": priority, "access": access, "direction": "Inbound", "protocol": "*",
            "sourceAddressPrefix": source, "destinationAddressPrefix": destination,
            "sourcePortRange": "*", "destinationPortRange": "*",
        })
    };
    [
        rule(65000, "Allow", "VirtualNetwork", "VirtualNetwork"),
        rule(65001, "Allow", "AzureLoadBalancer", "*"),
        rule(65500, "Deny", "*", "*"),
    ]
}

fn line(rule: &Value, built_in: bool, configuration: &Value, way: &Way) -> Option<Line> {
    let inbound = match text(rule, "direction") {
        Some(direction) if same(direction, "Outbound") => return None,
        Some(direction) if same(direction, "Inbound") => Match::Yes,
        Some(_) | None => Match::Maybe,
    };
    let address = text(configuration, "privateIPAddress").and_then(|it| it.trim().parse().ok());
    let reached = side(rule, "destination", built_in).iter().map(|term| way.reaches(term, address)).max();
    // A21: a destination holds the configurations that are in it.
    let member = members(rule, "destinationApplicationSecurityGroups").any(|it| is_member(configuration, it));
    let ports = either(rule, "destinationPortRange", "destinationPortRanges");
    let source_ports = either(rule, "sourcePortRange", "sourcePortRanges");
    let priority = number(rule);
    Some(Line {
        // Without a place in the order it may come first.
        priority: priority.unwrap_or_default(),
        certain: inbound.min(if priority.is_some() { Match::Yes } else { Match::Maybe }),
        action: access(rule),
        protocol: protocol(rule),
        restricted: !covers_all(&ports) || !covers_all(&source_ports),
        ports: ports.iter().map(|text| range(text)).collect(),
        source_ports: source_ports.iter().map(|text| range(text)).collect(),
        sources: side(rule, "source", built_in),
        destination: reached.unwrap_or(Match::No).max(Match::from(member)),
    })
}

/// The texts of a side (A9, A10). As a source an application security group never holds the Internet (A21).
fn side(rule: &Value, side: &str, built_in: bool) -> Vec<Term> {
    let texts = either(rule, &format!("{side}AddressPrefix"), &format!("{side}AddressPrefixes"));
    let groups = members(rule, &format!("{side}ApplicationSecurityGroups")).count();
    if texts.is_empty() && groups == 0 {
        // C4: nothing given is not known to mean nothing.
        return vec![Term::Unknown];
    }
    texts.into_iter().map(|text| term(text.trim(), built_in)).collect()
}

fn term(text: &str, built_in: bool) -> Term {
    match text.to_ascii_lowercase().as_str() {
        "*" | "any" => Term::Everything,
        // A24: in the defaults it stands for both families.
        "0.0.0.0/0" if built_in => Term::Everything,
        "virtualnetwork" | "virtual_network" => Term::VirtualNetwork,
        "internet" => Term::Internet,
        "azureloadbalancer" | "azure_loadbalancer" => Term::Host,
        _ => parse(text).map_or(Term::Unknown, Term::Prefix),
    }
}

/// A text that cannot be read may be any port, and so may no text at all.
fn within(ranges: &[Option<(u16, u16)>], port: u16) -> Match {
    let held = |range: &Option<(u16, u16)>| match range {
        Some((first, last)) => Match::from((*first..=*last).contains(&port)),
        None => Match::Maybe,
    };
    ranges.iter().map(held).max().unwrap_or(Match::Maybe)
}

/// A7, AP1: no group anywhere.
fn unfiltered(public: &Value) -> Verdict {
    let sku = field(public, "sku").and_then(|sku| text(sku, "name"));
    match sku {
        Some(name) if same(name, "Standard") || same(name, "StandardV2") => Verdict::Deny,
        Some(name) if same(name, "Basic") => Verdict::Allow,
        Some(_) | None => Verdict::Undecided,
    }
}

fn access(rule: &Value) -> Verdict {
    match text(rule, "access") {
        Some(access) if same(access, "Allow") => Verdict::Allow,
        Some(access) if same(access, "Deny") => Verdict::Deny,
        Some(_) | None => Verdict::Undecided,
    }
}

/// A11, A12.
fn protocol(rule: &Value) -> Spoken {
    let Some(name) = text(rule, "protocol") else { return Spoken::Unknown };
    match name.trim().to_ascii_lowercase().as_str() {
        "*" | "any" | "all" => Spoken::Every,
        "icmp" => Spoken::One(1),
        "tcp" => Spoken::One(6),
        "udp" => Spoken::One(17),
        "esp" => Spoken::One(50),
        "ah" => Spoken::One(51),
        other => other.parse().map_or(Spoken::Unknown, Spoken::One),
    }
}

fn covers_all(texts: &[&str]) -> bool {
    let mut ranges: Vec<(u16, u16)> = texts.iter().filter_map(|text| range(text)).collect();
    ranges.sort_unstable();
    let mut next = 0_u32;
    for (first, last) in ranges {
        if u32::from(first) <= next {
            next = next.max(u32::from(last) + 1);
        }
    }
    next > u32::from(u16::MAX)
}

fn range(text: &str) -> Option<(u16, u16)> {
    let text = text.trim();
    if text == "*" || same(text, "any") {
        return Some((0, u16::MAX));
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let digits = |it: &str| it.trim().bytes().all(|byte| byte.is_ascii_digit());
    let number = |it: &str| if digits(it) { it.trim().parse::<u16>().ok() } else { None };
    let (first, last) = (number(first)?, number(last)?);
    if first <= last { Some((first, last)) } else { None }
}

fn prefixes(space: &Value) -> Vec<Prefix> {
    members(space, "addressPrefixes").filter_map(Value::as_str).filter_map(parse).collect()
}

fn is_named(resource: &Value, id: Option<&str>) -> bool {
    text(resource, "id").zip(id).is_some_and(|(own, id)| same(own, id))
}

fn is_member(configuration: &Value, group: &Value) -> bool {
    let id = text(group, "id").unwrap_or_default();
    members(configuration, "applicationSecurityGroups")
        .any(|member| text(member, "id").is_some_and(|it| same(it, id)))
}

fn is_host(address: IpAddr) -> bool {
    address == IpAddr::from([168, 63, 129, 16])
}

/// Section 5: I1, I2, I9.
fn is_internet(address: IpAddr) -> bool {
    static SPECIAL: LazyLock<Vec<Prefix>> = LazyLock::new(|| {
        NOT_INTERNET_4.iter().chain(&NOT_INTERNET_6).filter_map(|text| parse(text)).collect()
    });
    let (v6, bits) = bits(address);
    let global = !v6 || bits >> 125 == 1;
    global && !SPECIAL.iter().any(|prefix| prefix.holds(address))
}

/// A prefix as bits.
#[derive(Debug)]
struct Prefix {
    v6: bool,
    bits: u128,
    length: u32,
}

impl Prefix {
    fn holds(&self, address: IpAddr) -> bool {
        let (v6, bits) = bits(address);
        let shift = if self.v6 { 128 - self.length } else { 32 - self.length };
        v6 == self.v6 && (shift == 128 || bits >> shift == self.bits >> shift)
    }
}

fn bits(address: IpAddr) -> (bool, u128) {
    match address {
        IpAddr::V4(address) => (false, u128::from(u32::from(address))),
        IpAddr::V6(address) => (true, u128::from(address)),
    }
}

/// A22: host bits are cut off when it is asked.
fn parse(text: &str) -> Option<Prefix> {
    let (address, length) = match text.trim().split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text.trim(), None),
    };
    let (v6, bits) = bits(address.parse().ok()?);
    let width = if v6 { 128 } else { 32 };
    let length = match length {
        Some(length) if length.bytes().all(|byte| byte.is_ascii_digit()) => length.parse().ok()?,
        Some(_) => return None,
        None => width,
    };
    match length.cmp(&width) {
        Ordering::Less | Ordering::Equal => Some(Prefix { v6, bits, length }),
        Ordering::Greater => None,
    }
}

/// A member of an object, or of its `properties`, whatever the case of its name.
fn field<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    let own = |object: &'a Value| {
        let map = object.as_object()?;
        map.iter().find(|(key, value)| same(key, name) && !value.is_null()).map(|(_, value)| value)
    };
    own(object).or_else(|| own(object.get("properties")?))
}

fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    field(object, name).and_then(Value::as_str)
}

fn number(rule: &Value) -> Option<u64> {
    let priority = field(rule, "priority")?;
    priority.as_u64().or_else(|| priority.as_str()?.trim().parse().ok())
}

fn members<'a>(object: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    field(object, name).and_then(Value::as_array).into_iter().flatten()
}

/// The texts of a singular and a plural member together; an effective view has lists under both.
fn either<'a>(rule: &'a Value, singular: &str, plural: &str) -> Vec<&'a str> {
    let mut texts: Vec<&str> = Vec::new();
    for name in [singular, plural] {
        texts.extend(text(rule, name).filter(|it| !it.trim().is_empty()));
        texts.extend(members(rule, name).filter_map(Value::as_str));
    }
    texts
}

fn reference<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    field(object, name).and_then(|it| text(it, "id"))
}

fn find<'a>(resources: &'a [Value], id: &str) -> Option<&'a Value> {
    resources.iter().find(|resource| text(resource, "id").is_some_and(|it| same(it, id)))
}

fn same(left: &str, right: &str) -> bool {
    left.trim().eq_ignore_ascii_case(right)
}

const NOT_INTERNET_4: [&str; 16] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "168.63.129.16/32",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
];

const NOT_INTERNET_6: [&str; 4] = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];
