//! Rewrites that change how an account is written and nothing of what it means.

use serde_json::{Value, json};

use super::{BLOCKS, RANGES, number, routes};
use crate::faults::{entries, interfaces, permissions};
use crate::generate::{Account, as_rules};
use crate::random::Random;
use crate::rewrite::prefix::{halves, hosts, pieces, with_host_bits};

/// One way to write the same otherwise. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AwsRewrite {
    /// T1: each prefix of a group as its two halves.
    Halves,
    /// T13: the prefixes of a permission as a managed prefix list.
    PrefixList,
    /// One permission for each source.
    SplitPermissions,
    /// One permission for all sources of the same protocol and ports.
    MergedPermissions,
    /// T18: protocols by name where they had a number, and the other way round.
    ProtocolSpelling,
    /// Small prefixes as lists of single addresses.
    SingleAddresses,
    /// A range of ports as two permissions.
    PortPieces,
    /// A group as two groups on the same interfaces.
    TwoGroups,
    /// `describe-security-group-rules` instead of permissions.
    GroupRules,
    /// T25: prefixes with bits behind their length.
    HostBits,
    /// Permissions, entries, routes, groups and resources in another order.
    Order,
    /// Other numbers for entries, in the same order.
    Renumbered,
    /// An entry of a list as two for the halves of its prefix.
    EntryHalves,
    /// An entry of a list as two for pieces of its ports.
    EntryPieces,
    /// A route as two for the halves of its prefix.
    RouteHalves,
    /// Permissions and entries that let in or keep out nothing more.
    Repeated,
}

impl AwsRewrite {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Halves,
        Self::PrefixList,
        Self::SplitPermissions,
        Self::MergedPermissions,
        Self::ProtocolSpelling,
        Self::SingleAddresses,
        Self::PortPieces,
        Self::TwoGroups,
        Self::GroupRules,
        Self::HostBits,
        Self::Order,
        Self::Renumbered,
        Self::EntryHalves,
        Self::EntryPieces,
        Self::RouteHalves,
        Self::Repeated,
    ];

    /// The account written otherwise.
    #[must_use]
    pub fn apply(self, account: &Account, random: &mut Random) -> Account {
        let mut account = account.clone();
        match self {
            Self::Halves => each_range(&mut account, |text| {
                halves(text).map_or_else(|| vec![text.to_owned()], |halves| halves.to_vec())
            }),
            Self::SingleAddresses => {
                each_range(&mut account, |text| hosts(text).unwrap_or_else(|| vec![text.to_owned()]))
            }
            Self::PrefixList => prefix_lists(&mut account),
            Self::SplitPermissions => each_group(&mut account, |permissions| {
                *permissions = permissions.iter().flat_map(split).collect();
            }),
            Self::MergedPermissions => each_group(&mut account, merge),
            Self::ProtocolSpelling => {
                permissions(&mut account).into_iter().flatten().for_each(|it| respell(&mut it["IpProtocol"]));
            }
            Self::PortPieces => each_group(&mut account, |permissions| {
                *permissions = permissions.iter().flat_map(|it| port_pieces(it, random)).collect();
            }),
            Self::TwoGroups => two_groups(&mut account, random),
            Self::GroupRules => {
                for group in core::mem::take(account.all("SecurityGroups")) {
                    // Without a rule a group is told by its own command only.
                    let told = |key: &str| group[key].as_array().is_some_and(|it| !it.is_empty());
                    match told("IpPermissions") || told("IpPermissionsEgress") {
                        true => as_rules(&mut account, &group),
                        false => account.all("SecurityGroups").push(group),
                    }
                }
            }
            Self::HostBits => host_bits(&mut account, random),
            Self::Order => reorder(&mut account, random),
            Self::Renumbered => entries(&mut account).into_iter().for_each(|entries| {
                renumber(entries, |place| 3 + place * 7);
            }),
            Self::EntryHalves => entries(&mut account).into_iter().for_each(|entries| {
                renumber(entries, |place| 10 + place * 10);
                entries_in_two(entries, entry_halves);
            }),
            Self::EntryPieces => entries(&mut account).into_iter().for_each(|entries| {
                renumber(entries, |place| 10 + place * 10);
                entries_in_two(entries, |entry| entry_pieces(entry, random));
            }),
            Self::RouteHalves => {
                routes(&mut account).into_iter().for_each(|routes| route_halves(routes, random))
            }
            Self::Repeated => repeat(&mut account),
        }
        account
    }
}

fn each_group(account: &mut Account, change: impl FnMut(&mut Vec<Value>)) {
    permissions(account).into_iter().for_each(change);
}

/// Changes each prefix of each permission.
fn each_range(account: &mut Account, change: impl Fn(&str) -> Vec<String>) {
    for permission in permissions(account).into_iter().flatten() {
        for [list, key] in RANGES {
            let texts = permission[list].as_array().into_iter().flatten().filter_map(|it| it[key].as_str());
            let changed: Vec<Value> = texts.flat_map(&change).map(|text| json!({key: text})).collect();
            permission[list] = changed.into();
        }
    }
}

fn prefix_lists(account: &mut Account) {
    let mut made: Vec<(String, &str, Vec<Value>)> = Vec::new();
    for permission in permissions(account).into_iter().flatten() {
        for ([list, key], family) in RANGES.into_iter().zip(["IPv4", "IPv6"]) {
            let ranges = permission[list].as_array().into_iter().flatten();
            let mut cidrs: Vec<&str> = ranges.filter_map(|it| it[key].as_str()).collect();
            cidrs.sort_unstable();
            cidrs.dedup();
            if !cidrs.is_empty() {
                let id = format!("pl-made-{}", made.len());
                made.push((
                    id.clone(),
                    family,
                    cidrs.into_iter().map(|cidr| json!({"Cidr": cidr})).collect(),
                ));
                permission[list] = json!([]);
                let lists = permission["PrefixListIds"].as_array_mut();
                lists.into_iter().for_each(|lists| lists.push(json!({"PrefixListId": id})));
            }
        }
    }
    for (id, family, entries) in made {
        account.all("PrefixLists").push(json!({
            "PrefixListId": id, "PrefixListName": id, "AddressFamily": family, "State": "create-complete",
            "MaxEntries": entries.len(), "Version": 1, "OwnerId": "111122223333",
        }));
        account.entries.push(json!({"PrefixListId": id, "Entries": entries}));
    }
}

/// A permission for each source.
fn split(permission: &Value) -> Vec<Value> {
    let mut bare = permission.clone();
    SOURCES.iter().for_each(|list| bare[*list] = json!([]));
    let mut split = Vec::new();
    for list in SOURCES {
        for source in permission[list].as_array().into_iter().flatten() {
            let mut one = bare.clone();
            one[list] = json!([source]);
            split.push(one);
        }
    }
    split
}

fn merge(permissions: &mut Vec<Value>) {
    let mut merged: Vec<Value> = Vec::new();
    for permission in permissions.drain(..) {
        let same = |other: &&mut Value| {
            ["IpProtocol", "FromPort", "ToPort"].iter().all(|key| other.get(key) == permission.get(key))
        };
        match merged.iter_mut().find(same) {
            None => merged.push(permission),
            Some(known) => {
                for list in SOURCES {
                    let added = permission[list].as_array().cloned().unwrap_or_default();
                    known[list].as_array_mut().into_iter().for_each(|own| own.extend(added.clone()));
                }
            }
        }
    }
    *permissions = merged;
}

fn respell(protocol: &mut Value) {
    let names = [("tcp", "6"), ("udp", "17"), ("icmp", "1"), ("icmpv6", "58")];
    let own = protocol.as_str().unwrap_or_default().to_owned();
    for (name, number) in names {
        if own == name {
            *protocol = number.into();
        } else if own == number {
            *protocol = name.into();
        }
    }
}

fn port_pieces(permission: &Value, random: &mut Random) -> Vec<Value> {
    let ranged = ["tcp", "udp", "6", "17"].iter().any(|word| permission["IpProtocol"] == **word);
    let [first, last] = ["FromPort", "ToPort"].map(|key| permission[key].as_u64().unwrap_or_default());
    let Some(cut) = pieces(&format!("{first}-{last}"), random).filter(|_| ranged) else {
        return vec![permission.clone()];
    };
    let piece = |text: &String| {
        let mut one = permission.clone();
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        one["FromPort"] = first.parse::<u16>().unwrap_or_default().into();
        one["ToPort"] = last.parse::<u16>().unwrap_or_default().into();
        one
    };
    cut.iter().map(piece).collect()
}

fn two_groups(account: &mut Account, random: &mut Random) {
    let mut others = Vec::new();
    let of = |interface: &mut Value| interface["Groups"].as_array().cloned().unwrap_or_default();
    let carried: Vec<Value> =
        interfaces(account).into_iter().flat_map(of).map(|it| it["GroupId"].clone()).collect();
    // One that nothing carries is a target of its own.
    for group in account.all("SecurityGroups").iter_mut().filter(|it| carried.contains(&it["GroupId"])) {
        let mut other = group.clone();
        let id = format!("{}-other", group["GroupId"].as_str().unwrap_or_default());
        other["GroupId"] = id.clone().into();
        other["GroupName"] = id.into();
        let own = group["IpPermissions"].as_array_mut();
        let (kept, moved): (Vec<Value>, Vec<Value>) =
            own.map(core::mem::take).unwrap_or_default().into_iter().partition(|_| random.chance(50));
        group["IpPermissions"] = kept.into();
        other["IpPermissions"] = moved.into();
        others.push(other);
    }
    let made: Vec<String> = others.iter().filter_map(|it| Some(it["GroupId"].as_str()?.to_owned())).collect();
    for interface in interfaces(account) {
        let groups = interface["Groups"].as_array_mut().expect("groups of an interface");
        let carried: Vec<String> =
            groups.iter().filter_map(|it| Some(format!("{}-other", it["GroupId"].as_str()?))).collect();
        let added = carried.iter().filter(|id| made.contains(id));
        groups.extend(added.map(|id| json!({"GroupId": id, "GroupName": id})).collect::<Vec<_>>());
    }
    let associations = account.all("SecurityGroupVpcAssociations");
    associations.extend(made.iter().map(|id| {
        json!({"GroupId": id, "GroupOwnerId": "111122223333", "VpcId": "vpc-1", "VpcOwnerId": "111122223333", "State": "associated"})
    }));
    account.all("SecurityGroups").extend(others);
}

fn host_bits(account: &mut Account, random: &mut Random) {
    for permission in permissions(account).into_iter().flatten() {
        for [list, key] in RANGES {
            for range in permission[list].as_array_mut().into_iter().flatten() {
                rewrite(&mut range[key], random);
            }
        }
    }
    for entry in entries(account).into_iter().flatten() {
        BLOCKS.iter().for_each(|key| {
            if let Some(block) = entry.get_mut(key) {
                rewrite(block, random);
            }
        });
    }
}

fn rewrite(text: &mut Value, random: &mut Random) {
    let changed = text.as_str().and_then(|text| with_host_bits(text, random));
    changed.into_iter().for_each(|changed| *text = changed.into());
}

fn reorder(account: &mut Account, random: &mut Random) {
    permissions(account).into_iter().for_each(|it| random.shuffle(it));
    entries(account).into_iter().for_each(|it| random.shuffle(it));
    routes(account).into_iter().for_each(|it| random.shuffle(it));
    for interface in interfaces(account) {
        interface["Groups"].as_array_mut().into_iter().for_each(|it| random.shuffle(it));
    }
    account.kinds.values_mut().filter_map(Value::as_array_mut).for_each(|it| random.shuffle(it));
    random.shuffle(&mut account.entries);
}

/// Numbers by the place in the order of each way; those of the provider stay.
fn renumber(entries: &mut [Value], to: impl Fn(i64) -> i64) {
    for egress in [false, true] {
        let own = entries.iter_mut().filter(|it| it["Egress"] == egress && number(it) < 32767);
        let mut own: Vec<&mut Value> = own.collect();
        own.sort_by_key(|entry| number(entry));
        own.into_iter().zip(0..).for_each(|(entry, place)| entry["RuleNumber"] = to(place).into());
    }
}

fn entries_in_two(entries: &mut Vec<Value>, mut change: impl FnMut(&Value) -> Option<[Value; 2]>) {
    let mut changed = Vec::new();
    for entry in entries.drain(..) {
        match change(&entry).filter(|_| number(&entry) < 32767) {
            None => changed.push(entry),
            Some([one, mut other]) => {
                other["RuleNumber"] = (number(&entry) + 1).into();
                changed.extend([one, other]);
            }
        }
    }
    *entries = changed;
}

fn entry_halves(entry: &Value) -> Option<[Value; 2]> {
    let key = BLOCKS.into_iter().find(|key| entry.get(key).is_some())?;
    let halves = halves(entry[key].as_str()?)?;
    Some(halves.map(|half| {
        let mut one = entry.clone();
        one[key] = half.into();
        one
    }))
}

fn entry_pieces(entry: &Value, random: &mut Random) -> Option<[Value; 2]> {
    let range = entry.get("PortRange")?;
    let pieces = pieces(&format!("{}-{}", range["From"].as_u64()?, range["To"].as_u64()?), random)?;
    Some(pieces.map(|piece| {
        let (first, last) = piece.split_once('-').unwrap_or((&piece, &piece));
        let mut one = entry.clone();
        let port = |text: &str| text.parse::<u16>().unwrap_or_default();
        one["PortRange"] = json!({"From": port(first), "To": port(last)});
        one
    }))
}

/// Where nothing else is as long as a half, the halves go where the whole went. Prefix lists may hold anything.
fn route_halves(routes: &mut Vec<Value>, random: &mut Random) {
    if routes.iter().any(|it| it.get("DestinationPrefixListId").is_some()) {
        return;
    }
    let keys = ["DestinationCidrBlock", "DestinationIpv6CidrBlock"];
    let texts: Vec<String> = routes
        .iter()
        .flat_map(|route| keys.iter().filter_map(|key| Some(route.get(key)?.as_str()?.to_owned())))
        .collect();
    let mut changed = Vec::new();
    for route in routes.drain(..) {
        let key = keys.into_iter().find(|key| route.get(key).is_some());
        let text = key.and_then(|key| route[key].as_str()).unwrap_or_default();
        let once = texts.iter().filter(|it| *it == text).count() == 1;
        let cut = halves(text).filter(|halves| once && !halves.iter().any(|half| texts.contains(half)));
        match (cut, key) {
            (Some(halves), Some(key)) if route["GatewayId"] != "local" && random.chance(70) => {
                changed.extend(halves.map(|half| {
                    let mut one = route.clone();
                    one[key] = half.into();
                    one
                }));
            }
            _ => changed.push(route),
        }
    }
    *routes = changed;
}

/// Each group says everything twice, and each list its first entry once more behind it.
fn repeat(account: &mut Account) {
    each_group(account, |permissions| {
        let again: Vec<Value> = permissions.iter().flat_map(split).collect();
        permissions.extend(again);
    });
    for entries in entries(account) {
        renumber(entries, |place| 10 + place * 10);
        let again: Vec<Value> = entries.iter().filter(|entry| number(entry) < 32767).cloned().collect();
        entries.extend(again.into_iter().map(|mut entry| {
            entry["RuleNumber"] = (number(&entry) + 5).into();
            entry
        }));
    }
}

const SOURCES: [&str; 4] = ["IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs"];
