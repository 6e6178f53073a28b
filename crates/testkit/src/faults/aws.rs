//! Mistakes about accounts of AWS, put into the documents before the crates see them.
//!
//! The evaluator on the JSON is asked about the account as it is. A fault matters when the engine's exposures differ in
//! what they hold; then some packet must be decided differently.

use serde_json::{Value, json};

use super::{Caught, hunt};
use crate::estates::{AWS_ASKED, ReachTold, account_duel, disagrees};
use crate::generate::{Account, AwsElement};
use crate::pipeline::lower_values;
use crate::random::Random;

/// One kind of mistake. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AwsFault {
    /// A permission of a group is not there.
    DroppedPermission,
    /// An entry of a network ACL is not there.
    DroppedEntry,
    /// A range of ports ends one later.
    PortOffByOne,
    /// What is said of one family is taken for the other.
    FamiliesSwapped,
    /// The entries of a list are read from the end.
    OrderReversed,
    /// Outbound lists are not asked.
    OutboundIgnored,
    /// Whatever the ports, replies leave.
    ReplyPortsIgnored,
    /// One group of an interface is not asked.
    GroupDropped,
    /// The shortest prefix decides.
    ShortestPrefix,
    /// A route that leads nowhere is taken for one that leads out.
    BlackholeIgnored,
    /// An egress-only gateway is taken for one that lets in.
    EgressOnlyReadAsOpen,
    /// Block Public Access is not asked.
    AccessIgnored,
    /// An exclusion for what leaves is taken for one for everything.
    ExclusionWidened,
    /// Type and code change places.
    TypeAndCodeSwapped,
    /// Ports beside `-1` are taken for a restriction.
    PortsOfAllObeyed,
    /// Entries of a prefix list beyond the first are not read.
    ListCut,
    /// The main table is asked for every subnet.
    MainTableForAll,
    /// A network without a gateway is taken for one with.
    DetachedIgnored,
}

impl AwsFault {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::DroppedPermission,
        Self::DroppedEntry,
        Self::PortOffByOne,
        Self::FamiliesSwapped,
        Self::OrderReversed,
        Self::OutboundIgnored,
        Self::ReplyPortsIgnored,
        Self::GroupDropped,
        Self::ShortestPrefix,
        Self::BlackholeIgnored,
        Self::EgressOnlyReadAsOpen,
        Self::AccessIgnored,
        Self::ExclusionWidened,
        Self::TypeAndCodeSwapped,
        Self::PortsOfAllObeyed,
        Self::ListCut,
        Self::MainTableForAll,
        Self::DetachedIgnored,
    ];

    /// What it is called in the printed counts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::DroppedPermission => "aws: dropped permission",
            Self::DroppedEntry => "aws: dropped NACL entry",
            Self::PortOffByOne => "aws: port off by one",
            Self::FamiliesSwapped => "aws: families swapped",
            Self::OrderReversed => "aws: NACL order reversed",
            Self::OutboundIgnored => "aws: outbound list ignored",
            Self::ReplyPortsIgnored => "aws: reply ports ignored",
            Self::GroupDropped => "aws: group of a union dropped",
            Self::ShortestPrefix => "aws: longest prefix ignored",
            Self::BlackholeIgnored => "aws: blackhole ignored",
            Self::EgressOnlyReadAsOpen => "aws: EIGW read as IGW",
            Self::AccessIgnored => "aws: Block Public Access ignored",
            Self::ExclusionWidened => "aws: exclusion widened",
            Self::TypeAndCodeSwapped => "aws: type and code swapped",
            Self::PortsOfAllObeyed => "aws: ports of -1 obeyed",
            Self::ListCut => "aws: prefix list cut",
            Self::MainTableForAll => "aws: main table for all",
            Self::DetachedIgnored => "aws: detached gateway ignored",
        }
    }

    /// What it can be made about.
    #[must_use]
    pub const fn element(self) -> AwsElement {
        match self {
            Self::DroppedPermission | Self::GroupDropped | Self::PortsOfAllObeyed => AwsElement::Groups,
            Self::PortOffByOne | Self::FamiliesSwapped => AwsElement::Mixed,
            Self::DroppedEntry | Self::OrderReversed | Self::OutboundIgnored | Self::ReplyPortsIgnored => {
                AwsElement::Lists
            }
            Self::ShortestPrefix
            | Self::BlackholeIgnored
            | Self::EgressOnlyReadAsOpen
            | Self::MainTableForAll
            | Self::DetachedIgnored => AwsElement::Routes,
            Self::AccessIgnored | Self::ExclusionWidened => AwsElement::Access,
            Self::TypeAndCodeSwapped => AwsElement::Icmp,
            Self::ListCut => AwsElement::PrefixLists,
        }
    }

    /// Puts the fault into accounts until it matters in that many, and compares each over that many packets; where none
    /// of them is decided otherwise, over the first at the boundaries of what is told in which the answers differ.
    #[must_use]
    pub fn run(self, accounts: u64, packets: usize, seed: u64) -> Caught {
        let draw = |random: &mut Random| self.element().account(random);
        let inject = |account: &mut Account, random: &mut Random| self.inject(account, random);
        hunt(accounts, seed, draw, inject, |[account, faulted], random| {
            let (truth, wrong) = (lower_values(&account.documents()).0, lower_values(&faulted.documents()).0);
            let (right, told) = (ReachTold::of(&truth), ReachTold::of(&wrong));
            let packet = right.differing(&told, AWS_ASKED)?;
            // Bounds where the truth has none are no contradiction, but no answer either.
            let tally = account_duel(account, &wrong, [&told, &right], packets, random);
            Some(tally.disagreed > 0 || tally.wider > 0 || disagrees(account, &told, &packet))
        })
    }

    fn inject(self, account: &mut Account, random: &mut Random) {
        match self {
            Self::DroppedPermission => drop_one(&mut permissions(account), 0, random),
            Self::DroppedEntry => {
                let mut lists = entries(account);
                // The last ones are the provider's.
                lists.iter_mut().for_each(|list| list.sort_by_key(|entry| entry["RuleNumber"].as_i64()));
                drop_one(&mut lists, 4, random);
            }
            Self::PortOffByOne => longer(account, random),
            Self::FamiliesSwapped => account.kinds.values_mut().for_each(swap_families),
            Self::OrderReversed => entries(account).into_iter().for_each(|entries| renumber(entries)),
            Self::OutboundIgnored => entries(account).into_iter().for_each(open_outbound),
            Self::ReplyPortsIgnored => each_entry(account, |entry| {
                if entry["Egress"] == true && entry.get("PortRange").is_some() {
                    entry["PortRange"] = json!({"From": 0, "To": 65535});
                }
            }),
            Self::GroupDropped => interfaces(account).into_iter().for_each(|interface| {
                let groups = interface["Groups"].as_array_mut().filter(|groups| groups.len() > 1);
                groups.into_iter().for_each(|groups| drop(groups.pop()));
            }),
            Self::ShortestPrefix => account.all("RouteTables").iter_mut().for_each(shortest),
            Self::BlackholeIgnored => each_route(account, |route| {
                if route["State"] == "blackhole" {
                    route["State"] = "active".into();
                }
            }),
            Self::EgressOnlyReadAsOpen => each_route(account, |route| {
                let own = route.as_object_mut().and_then(|it| it.remove("EgressOnlyInternetGatewayId"));
                if let Some(gateway) = own.as_ref().and_then(Value::as_str) {
                    route["GatewayId"] = gateway.trim_start_matches('e').into();
                }
            }),
            Self::AccessIgnored => {
                account.kinds.entry("VpcBlockPublicAccessOptions").and_modify(|options| {
                    options["InternetGatewayBlockMode"] = "off".into();
                });
            }
            Self::ExclusionWidened => {
                account.all("VpcBlockPublicAccessExclusions").iter_mut().for_each(|exclusion| {
                    exclusion["InternetGatewayExclusionMode"] = "allow-bidirectional".into();
                });
            }
            Self::TypeAndCodeSwapped => swap_types(account),
            Self::PortsOfAllObeyed => permissions(account).into_iter().flatten().for_each(|permission| {
                if permission["IpProtocol"] == "-1" && permission.get("FromPort").is_some() {
                    permission["IpProtocol"] = "tcp".into();
                }
            }),
            Self::ListCut => account.entries.iter_mut().for_each(|list| {
                list["Entries"].as_array_mut().into_iter().for_each(|entries| entries.truncate(1));
            }),
            Self::MainTableForAll => account.all("RouteTables").iter_mut().for_each(|table| {
                let associations = table["Associations"].as_array_mut();
                associations.into_iter().for_each(|it| it.retain(|association| association["Main"] == true));
            }),
            Self::DetachedIgnored => {
                each_route(account, |route| route["State"] = "active".into());
                for gateway in account.all("InternetGateways") {
                    let id = gateway["InternetGatewayId"].as_str().unwrap_or_default();
                    let network = id.replace("igw", "vpc");
                    gateway["Attachments"] = json!([{"State": "available", "VpcId": network}]);
                }
            }
        }
    }
}

/// The permissions of each group.
pub(crate) fn permissions(account: &mut Account) -> Vec<&mut Vec<Value>> {
    account.all("SecurityGroups").iter_mut().filter_map(|it| it["IpPermissions"].as_array_mut()).collect()
}

/// The entries of each list.
pub(crate) fn entries(account: &mut Account) -> Vec<&mut Vec<Value>> {
    account.all("NetworkAcls").iter_mut().filter_map(|it| it["Entries"].as_array_mut()).collect()
}

/// The interfaces, wherever they are told.
pub(crate) fn interfaces(account: &mut Account) -> Vec<&mut Value> {
    let mut all = Vec::new();
    for (kind, resources) in &mut account.kinds {
        let resources = resources.as_array_mut().into_iter().flatten();
        match *kind {
            "NetworkInterfaces" => all.extend(resources),
            "Reservations" => {
                let instances = resources.filter_map(|it| it["Instances"].as_array_mut()).flatten();
                all.extend(instances.filter_map(|it| it["NetworkInterfaces"].as_array_mut()).flatten());
            }
            _ => {}
        }
    }
    all
}

fn each_entry(account: &mut Account, change: impl Fn(&mut Value)) {
    entries(account).into_iter().flatten().for_each(change);
}

fn each_route(account: &mut Account, change: impl Fn(&mut Value)) {
    let tables = account.all("RouteTables").iter_mut();
    tables.filter_map(|it| it["Routes"].as_array_mut()).flatten().for_each(change);
}

/// Takes a member out of one of some lists, but not one of the last ones.
fn drop_one(lists: &mut [&mut Vec<Value>], kept: usize, random: &mut Random) {
    let mut some: Vec<_> = lists.iter_mut().filter(|it| it.len() > kept).collect();
    if !some.is_empty() {
        let place = random.below(some.len());
        let member = random.below(some[place].len() - kept);
        some[place].remove(member);
    }
}

fn longer(account: &mut Account, random: &mut Random) {
    let mut ranged: Vec<&mut Value> = permissions(account).into_iter().flatten().collect();
    ranged.retain(|it| ["tcp", "udp", "6", "17"].iter().any(|word| it["IpProtocol"] == **word));
    ranged.retain(|it| it["ToPort"] != 65535);
    if !ranged.is_empty() {
        let place = random.below(ranged.len());
        let last = ranged[place]["ToPort"].as_i64().unwrap_or_default();
        ranged[place]["ToPort"] = (last + 1).min(65535).into();
    }
}

/// `0.0.0.0/0` and `::/0` change places, in groups, lists and routes.
fn swap_families(value: &mut Value) {
    match value {
        Value::Array(members) => members.iter_mut().for_each(swap_families),
        Value::Object(members) => {
            for [v4, v6] in
                [["IpRanges", "Ipv6Ranges"], ["CidrIpv4", "CidrIpv6"], ["CidrBlock", "Ipv6CidrBlock"]]
            {
                let whole = |value: Option<&Value>, text: &str| match value {
                    Some(Value::Array(members)) => members
                        .iter()
                        .any(|it| it.as_object().is_some_and(|it| it.values().any(|cidr| cidr == text))),
                    Some(value) => value == text,
                    None => false,
                };
                let [is_v4, is_v6] = [whole(members.get(v4), "0.0.0.0/0"), whole(members.get(v6), "::/0")];
                if v4 == "IpRanges" && is_v4 != is_v6 {
                    members.insert(
                        v4.to_owned(),
                        if is_v4 { json!([]) } else { json!([{"CidrIp": "0.0.0.0/0"}]) },
                    );
                    members
                        .insert(v6.to_owned(), if is_v6 { json!([]) } else { json!([{"CidrIpv6": "::/0"}]) });
                } else if v4 != "IpRanges" && (is_v4 || is_v6) {
                    members.remove(v4);
                    members.remove(v6);
                    let (key, text) = if is_v4 { (v6, "::/0") } else { (v4, "0.0.0.0/0") };
                    members.insert(key.to_owned(), text.into());
                }
            }
            members.values_mut().for_each(swap_families);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The numbers of each way in the other order; the last ones stay.
fn renumber(entries: &mut [Value]) {
    for egress in [false, true] {
        let number = |entry: &Value| entry["RuleNumber"].as_i64().unwrap_or_default();
        let mut own: Vec<&mut Value> =
            entries.iter_mut().filter(|it| it["Egress"] == egress && number(it) < 32767).collect();
        own.sort_by_key(|entry| number(entry));
        let numbers: Vec<i64> = own.iter().rev().map(|entry| number(entry)).collect();
        own.into_iter().zip(numbers).for_each(|(entry, number)| entry["RuleNumber"] = number.into());
    }
}

fn open_outbound(entries: &mut Vec<Value>) {
    entries.retain(|entry| entry["Egress"] != true);
    entries.push(json!({"RuleNumber": 1, "RuleAction": "allow", "Protocol": "-1", "Egress": true, "CidrBlock": "0.0.0.0/0"}));
    entries.push(json!({"RuleNumber": 2, "RuleAction": "allow", "Protocol": "-1", "Egress": true, "Ipv6CidrBlock": "::/0"}));
}

/// Of the routes of a family only the one of the shortest prefix is left.
fn shortest(table: &mut Value) {
    let Some(routes) = table["Routes"].as_array_mut() else { return };
    for key in ["DestinationCidrBlock", "DestinationIpv6CidrBlock"] {
        let length = |route: &Value| route.get(key)?.as_str()?.rsplit_once('/')?.1.parse::<u8>().ok();
        let least = routes.iter().filter_map(length).min();
        routes.retain(|route| length(route).is_none() || length(route) == least);
    }
}

fn swap_types(account: &mut Account) {
    let turned = |own: &mut Value, [first, last]: [&str; 2]| {
        let (one, other) = (own[first].clone(), own[last].clone());
        // Every code of a type would be a code of every type, which nobody can say.
        if one.as_i64().is_some_and(|it| it >= 0) && other.as_i64().is_some_and(|it| it >= 0) {
            own[first] = other;
            own[last] = one;
        }
    };
    let icmp = |protocol: &Value| ["icmp", "icmpv6", "1", "58"].iter().any(|word| protocol == *word);
    for permission in permissions(account).into_iter().flatten().filter(|it| icmp(&it["IpProtocol"])) {
        turned(permission, ["FromPort", "ToPort"]);
    }
    each_entry(account, |entry| {
        if let Some(types) = entry.get_mut("IcmpTypeCode") {
            turned(types, ["Type", "Code"]);
        }
    });
}
