//! One packet from the Internet to a network interface, decided on the JSON that `az` prints.
//!
//! Written from the numbered statements of the semantics only, on [`serde_json::Value`], with no code of the crates
//! it judges: no sets, no lowering, no inventory. It knows groups, interfaces, virtual networks, public addresses,
//! route tables and application security groups, and nothing of load balancers, admin rules or service-tag files.

use core::cmp::Ordering;
use core::net::IpAddr;

use serde_json::Value;

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

/// The address configuration of an interface, and what its subnet says.
struct Seat<'a> {
    configuration: &'a Value,
    address: Option<IpAddr>,
    network: Option<&'a Value>,
    subnet: Option<&'a Value>,
    table: Option<&'a Value>,
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

    /// Decides a packet to an interface by its name; `None` when there is no such interface, or when the documents
    /// hold something this evaluator does not know.
    #[must_use]
    pub fn decide(&self, interface: &str, packet: &Packet) -> Option<Verdict> {
        let interface = self.interfaces.iter().find(|it| text(it, "name") == Some(interface))?;
        if self.foreign {
            return None;
        }
        if !is_internet(packet.source) || ![1, 6, 17, 50, 51].contains(&packet.protocol) {
            return Some(Verdict::Deny);
        }
        let mut verdict = Verdict::Deny;
        for configuration in members(interface, "ipConfigurations") {
            match self.configuration(interface, configuration, packet) {
                Verdict::Allow => return Some(Verdict::Allow),
                Verdict::Undecided => verdict = Verdict::Undecided,
                Verdict::Deny => {}
            }
        }
        Some(verdict)
    }

    fn configuration(&self, interface: &Value, configuration: &Value, packet: &Packet) -> Verdict {
        let v6 = text(configuration, "privateIPAddressVersion").is_some_and(|it| same(it, "IPv6"));
        // AP2, AP12: without a public address of its family nothing arrives.
        let Some(reference) = reference(configuration, "publicIPAddress") else { return Verdict::Deny };
        if v6 != packet.source.is_ipv6() {
            return Verdict::Deny;
        }
        let Some(public) = find(&self.addresses, reference) else { return Verdict::Undecided };
        let seat = self.seat(configuration);
        let groups = self.groups_of(interface, &seat);
        let Some(groups) = groups else { return Verdict::Undecided };
        if groups.is_empty() {
            return unfiltered(public);
        }
        // A6: the flow needs the consent of each group present.
        groups.iter().map(|group| self.group(group, &seat, packet)).fold(Verdict::Allow, Verdict::and)
    }

    fn seat<'a>(&'a self, configuration: &'a Value) -> Seat<'a> {
        let address = text(configuration, "privateIPAddress").and_then(|it| it.trim().parse().ok());
        let mut seat = Seat { configuration, address, network: None, subnet: None, table: None };
        let Some(id) = reference(configuration, "subnet") else { return seat };
        for network in &self.networks {
            for subnet in members(network, "subnets") {
                if text(subnet, "id").is_some_and(|it| same(it, id)) {
                    seat.network = Some(network);
                    seat.subnet = Some(subnet);
                    seat.table =
                        self::reference(subnet, "routeTable").and_then(|table| find(&self.tables, table));
                }
            }
        }
        seat
    }

    /// The groups at the subnet and at the interface; `None` when one of them is not in the input.
    fn groups_of(&self, interface: &Value, seat: &Seat<'_>) -> Option<Vec<&Value>> {
        let mut ids: Vec<&str> = Vec::new();
        ids.extend(seat.subnet.and_then(|subnet| reference(subnet, "networkSecurityGroup")));
        ids.extend(reference(interface, "networkSecurityGroup"));
        let subnet = reference(seat.configuration, "subnet");
        for group in &self.groups {
            let names = |list: &str, id: Option<&str>| {
                members(group, list).any(|it| text(it, "id").zip(id).is_some_and(|(a, b)| same(a, b)))
            };
            if names("networkInterfaces", text(interface, "id")) || names("subnets", subnet) {
                ids.extend(text(group, "id"));
            }
        }
        if seat.subnet.is_none() && subnet.is_some() {
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

    /// A1, A2: ascending priority, first match; unmatched is what rule 65500 denies.
    fn group(&self, group: &Value, seat: &Seat<'_>, packet: &Packet) -> Verdict {
        let mut rules: Vec<(u64, &Value, bool)> = Vec::new();
        for rule in members(group, "securityRules") {
            rules.push((number(rule, "priority"), rule, false));
        }
        for rule in members(group, "defaultSecurityRules") {
            rules.push((number(rule, "priority"), rule, true));
        }
        rules.retain(|(_, rule, _)| text(rule, "direction").is_some_and(|it| same(it, "Inbound")));
        rules.sort_by_key(|(priority, ..)| *priority);
        let ranks: Vec<u64> = rules.iter().map(|(priority, ..)| *priority).collect();
        let mut open: Option<Verdict> = None;
        for (place, (priority, rule, built_in)) in rules.iter().enumerate() {
            let matched = self.rule(rule, *built_in, seat, packet);
            if matched == Match::No {
                continue;
            }
            let verdict = access(rule);
            open = Some(open.map_or(verdict, |before| before.or(verdict)));
            // X1: what is tied with it may come first; then nothing is certain about the next one either.
            let tied = ranks.iter().filter(|rank| *rank == priority).count() > 1;
            let last = ranks.get(place + 1) != Some(priority);
            if matched == Match::Yes && (!tied || last) {
                return open.unwrap_or(verdict);
            }
            if matched == Match::Yes && tied {
                let rest = rules[place + 1..].iter().take_while(|(rank, ..)| rank == priority);
                for (_, rule, built_in) in rest {
                    if self.rule(rule, *built_in, seat, packet) != Match::No {
                        open = open.map(|before| before.or(access(rule)));
                    }
                }
                return open.unwrap_or(verdict);
            }
        }
        let ending = default_rules(seat, packet);
        open.map_or(ending, |before| before.or(ending))
    }

    fn rule(&self, rule: &Value, built_in: bool, seat: &Seat<'_>, packet: &Packet) -> Match {
        let fields = [
            protocol(rule, packet),
            ports(rule, packet),
            self.side(rule, "source", built_in, seat, Some(packet.source), packet),
            self.side(rule, "destination", built_in, seat, seat.address, packet),
        ];
        fields.into_iter().min().unwrap_or(Match::Yes)
    }

    /// The union of prefix, prefixes and application security groups of a side (A9, A10).
    fn side(
        &self,
        rule: &Value,
        side: &str,
        built_in: bool,
        seat: &Seat<'_>,
        address: Option<IpAddr>,
        packet: &Packet,
    ) -> Match {
        let texts = either(rule, &format!("{side}AddressPrefix"), &format!("{side}AddressPrefixes"));
        let groups: Vec<&Value> = members(rule, &format!("{side}ApplicationSecurityGroups")).collect();
        if texts.is_empty() && groups.is_empty() {
            // C4: nothing given is not known to mean nothing.
            return Match::Maybe;
        }
        let mut best = Match::No;
        for text in texts {
            best = best.max(self.prefix(text, built_in, seat, address, packet));
        }
        // A21: as a source it never holds the Internet; as a destination, the configurations that are in it.
        if side == "destination" {
            for group in groups {
                best = best.max(Match::from(is_member(seat.configuration, group)));
            }
        }
        best
    }

    fn prefix(
        &self,
        given: &str,
        built_in: bool,
        seat: &Seat<'_>,
        address: Option<IpAddr>,
        packet: &Packet,
    ) -> Match {
        let given = given.trim();
        match given.to_ascii_lowercase().as_str() {
            "*" | "any" => return Match::Yes,
            // A24: in the defaults it stands for both families.
            "0.0.0.0/0" if built_in => return Match::Yes,
            "virtualnetwork" | "virtual_network" => {
                return address.map_or(Match::Maybe, |it| in_network(seat, it));
            }
            "internet" => return address.map_or(Match::Maybe, |it| in_internet_tag(seat, it)),
            "azureloadbalancer" | "azure_loadbalancer" => {
                return address.map_or(Match::Maybe, |it| Match::from(is_host(it)));
            }
            _ => {}
        }
        match parse(given) {
            Some(prefix) => match address {
                Some(address) => Match::from(prefix.holds(address)),
                None => Match::from(prefix.v6 == packet.source.is_ipv6()).min(Match::Maybe),
            },
            // A20, C8: a tag whose members are not in the input, or something not understood.
            None => Match::Maybe,
        }
    }
}

/// A2: the network and the host's probes come in, nothing else.
fn default_rules(seat: &Seat<'_>, packet: &Packet) -> Verdict {
    let source = in_network(seat, packet.source);
    let destination = seat.address.map_or(Match::Maybe, |it| in_network(seat, it));
    match source.min(destination) {
        Match::Yes => Verdict::Allow,
        Match::Maybe => Verdict::Undecided,
        Match::No => Verdict::Deny,
    }
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
fn protocol(rule: &Value, packet: &Packet) -> Match {
    let Some(name) = text(rule, "protocol") else { return Match::Maybe };
    match name.trim().to_ascii_lowercase().as_str() {
        "*" | "any" | "all" => Match::Yes,
        "icmp" => Match::from(packet.protocol == 1),
        "tcp" => Match::from(packet.protocol == 6),
        "udp" => Match::from(packet.protocol == 17),
        "esp" => Match::from(packet.protocol == 50),
        "ah" => Match::from(packet.protocol == 51),
        other => other.parse().map_or(Match::Maybe, |number: u8| Match::from(number == packet.protocol)),
    }
}

fn ports(rule: &Value, packet: &Packet) -> Match {
    let destination = either(rule, "destinationPortRange", "destinationPortRanges");
    let source = either(rule, "sourcePortRange", "sourcePortRanges");
    if ![6, 17].contains(&packet.protocol) {
        let restricted = !covers_all(&destination) || !covers_all(&source);
        let named = text(rule, "protocol").is_some_and(|it| !["*", "any", "all"].contains(&it.trim()));
        // A12: Any with ports matches nothing portless. A protocol named with ports: not documented.
        return match (restricted, named) {
            (false, _) => Match::Yes,
            (true, false) => Match::No,
            (true, true) => Match::Maybe,
        };
    }
    let mut best = if destination.is_empty() { Match::Maybe } else { Match::No };
    for text in &destination {
        best = best.max(
            range(text)
                .map_or(Match::Maybe, |(first, last)| Match::from((first..=last).contains(&packet.port))),
        );
    }
    // The caller chooses its own port: one is enough.
    let mut any = if source.is_empty() { Match::Maybe } else { Match::No };
    for text in &source {
        any = any.max(range(text).map_or(Match::Maybe, |_| Match::Yes));
    }
    best.min(any)
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

/// A15, A16: the network's own space, its peers, the host address and the routes of the subnet.
fn in_network(seat: &Seat<'_>, address: IpAddr) -> Match {
    if is_host(address) {
        return Match::Yes;
    }
    let Some(network) = seat.network else { return Match::Maybe };
    let mut best = Match::from(in_space(network, address));
    for peering in members(network, "virtualNetworkPeerings") {
        if field(peering, "allowVirtualNetworkAccess") == Some(&Value::Bool(false)) {
            continue;
        }
        for key in ["remoteAddressSpace", "remoteVirtualNetworkAddressSpace"] {
            best = best.max(Match::from(field(peering, key).is_some_and(|it| holds_prefix(it, address))));
        }
    }
    for route in seat.table.into_iter().flat_map(|table| members(table, "routes")) {
        let inside = text(route, "addressPrefix").and_then(parse).is_some_and(|it| it.holds(address));
        let appliance = text(route, "nextHopType").is_some_and(|hop| same(hop, "VirtualAppliance"));
        let matched = if appliance { Match::Yes } else { Match::Maybe };
        best = best.max(if inside { matched } else { Match::No });
    }
    best
}

/// A14: what is outside of the network; A15: with a default route that is not certain of anything.
fn in_internet_tag(seat: &Seat<'_>, address: IpAddr) -> Match {
    let default = seat.table.into_iter().flat_map(|table| members(table, "routes")).any(|route| {
        text(route, "addressPrefix").is_some_and(|it| ["0.0.0.0/0", "::/0"].contains(&it.trim()))
    });
    let Some(network) = seat.network else { return Match::Maybe };
    if default {
        return if in_space(network, address) { Match::No } else { Match::Maybe };
    }
    match in_network(seat, address) {
        Match::No => Match::Yes,
        Match::Maybe => Match::Maybe,
        Match::Yes => Match::No,
    }
}

fn in_space(network: &Value, address: IpAddr) -> bool {
    field(network, "addressSpace").is_some_and(|space| holds_prefix(space, address))
}

fn holds_prefix(space: &Value, address: IpAddr) -> bool {
    members(space, "addressPrefixes")
        .filter_map(Value::as_str)
        .filter_map(parse)
        .any(|prefix| prefix.holds(address))
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
    let inside = |texts: &[&str]| texts.iter().filter_map(|text| parse(text)).any(|it| it.holds(address));
    match address {
        IpAddr::V4(_) => !inside(&NOT_INTERNET_4),
        IpAddr::V6(_) => inside(&["2000::/3"]) && !inside(&NOT_INTERNET_6),
    }
}

/// A prefix as bits.
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

fn number(object: &Value, name: &str) -> u64 {
    field(object, name).and_then(Value::as_u64).unwrap_or(u64::MAX)
}

fn members<'a>(object: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    field(object, name).and_then(Value::as_array).into_iter().flatten()
}

/// The texts of a singular and a plural member together; an effective view has lists under both.
fn either<'a>(rule: &'a Value, singular: &str, plural: &str) -> Vec<&'a str> {
    let mut texts: Vec<&str> = Vec::new();
    for name in [singular, plural] {
        texts.extend(text(rule, name).filter(|it| !it.is_empty()));
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
