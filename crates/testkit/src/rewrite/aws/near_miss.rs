//! Rewrites gone wrong by the least amount.

use serde_json::{Value, json};

use super::{BLOCKS, RANGES, number, routes};
use crate::faults::{entries, interfaces, permissions};
use crate::generate::Account;
use crate::random::Random;
use crate::rewrite::prefix::{all_but_one, off_by_one};

/// A kind of near-miss. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AwsNearMiss {
    /// A prefix one bit longer or shorter.
    OneBit,
    /// A prefix in pieces, one address lost.
    OneAddress,
    /// A range of ports of a group one longer or shorter.
    OnePort,
    /// A range of ports of a list one longer or shorter.
    OneListPort,
    /// Another protocol.
    OneProtocol,
    /// Everybody of one family for everybody of the other.
    OneFamily,
    /// A type or a code one more.
    OneType,
    /// Two neighbours of a list change places.
    OneSwap,
    /// A copy of an entry of a list before the others.
    EarlyCopy,
    /// The other action.
    OneAction,
    /// An entry of a list for the other way.
    OneWay,
    /// The prefix of an entry of a list one bit longer or shorter.
    OneListBit,
    /// One group of an interface is left out.
    OneGroup,
    /// One entry of a prefix list is left out.
    OneEntry,
    /// A route one bit longer or shorter.
    OneRouteBit,
    /// A route that leads nowhere.
    OneBlackhole,
    /// An exclusion for what leaves.
    OneExclusion,
}

impl AwsNearMiss {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::OneBit,
        Self::OneAddress,
        Self::OnePort,
        Self::OneListPort,
        Self::OneProtocol,
        Self::OneFamily,
        Self::OneType,
        Self::OneSwap,
        Self::EarlyCopy,
        Self::OneAction,
        Self::OneWay,
        Self::OneListBit,
        Self::OneGroup,
        Self::OneEntry,
        Self::OneRouteBit,
        Self::OneBlackhole,
        Self::OneExclusion,
    ];

    /// The account with one such change; `None` where the place that was drawn does not allow it.
    #[must_use]
    pub fn apply(self, account: &Account, random: &mut Random) -> Option<Account> {
        let mut account = account.clone();
        match self {
            Self::OneBit
            | Self::OneAddress
            | Self::OnePort
            | Self::OneProtocol
            | Self::OneFamily
            | Self::OneType
            | Self::OneGroup
            | Self::OneEntry => self.change_groups(&mut account, random)?,
            Self::OneListPort
            | Self::OneSwap
            | Self::EarlyCopy
            | Self::OneAction
            | Self::OneWay
            | Self::OneListBit => self.change_lists(&mut account, random)?,
            Self::OneRouteBit | Self::OneBlackhole | Self::OneExclusion => {
                self.change_borders(&mut account, random)?;
            }
        }
        Some(account)
    }

    fn change_groups(self, account: &mut Account, random: &mut Random) -> Option<()> {
        if self == Self::OneGroup {
            let id = format!("eni-{}", random.below(6));
            let named = interfaces(account).into_iter().filter(|it| it["NetworkInterfaceId"] == *id);
            return named.map(|it| it["Groups"].as_array_mut()?.pop().map(drop)).collect();
        }
        if self == Self::OneEntry {
            let list = one_of(account.entries.iter_mut().collect(), random)?;
            return list["Entries"].as_array_mut()?.pop().map(drop);
        }
        match self {
            Self::OneBit => {
                return range(account, random, |text, random| Some(vec![one_bit(text, random)?]));
            }
            Self::OneAddress => return range(account, random, all_but_one),
            Self::OneType => return one_type(account, random),
            _ => {}
        }
        let permission = one_of(permissions(account).into_iter().flatten().collect(), random)?;
        match self {
            Self::OnePort => {
                let moved = moved(permission, "FromPort", "ToPort", random)?;
                ["tcp", "udp", "6", "17"]
                    .iter()
                    .any(|word| permission["IpProtocol"] == **word)
                    .then_some(())?;
                permission["FromPort"] = moved[0].into();
                permission["ToPort"] = moved[1].into();
            }
            Self::OneProtocol => {
                permission.get("FromPort")?;
                permission["IpProtocol"] = (*random.pick(&["tcp", "udp", "-1"])).into();
            }
            _ => {
                let [v4, v6] = RANGES.map(|[list, key]| permission[list] == json!([{key: whole(key)}]));
                (v4 != v6).then_some(())?;
                permission["IpRanges"] = if v4 { json!([]) } else { json!([{"CidrIp": "0.0.0.0/0"}]) };
                permission["Ipv6Ranges"] = if v6 { json!([]) } else { json!([{"CidrIpv6": "::/0"}]) };
            }
        }
        Some(())
    }

    fn change_lists(self, account: &mut Account, random: &mut Random) -> Option<()> {
        match self {
            Self::OneSwap => return swap(one_of(entries(account), random)?, random),
            Self::EarlyCopy => return copy(one_of(entries(account), random)?, random),
            Self::OneWay => return turn(one_of(entries(account), random)?, random),
            _ => {}
        }
        let entry = one_entry(account, random)?;
        match self {
            Self::OneListPort => {
                let moved = moved(entry.get("PortRange")?, "From", "To", random)?;
                entry["PortRange"] = json!({"From": moved[0], "To": moved[1]});
            }
            Self::OneAction => {
                let other = if entry["RuleAction"] == "allow" { "deny" } else { "allow" };
                entry["RuleAction"] = other.into();
            }
            _ => {
                let key = BLOCKS.into_iter().find(|key| entry.get(key).is_some())?;
                entry[key] = one_bit(entry[key].as_str()?, random)?.into();
            }
        }
        Some(())
    }

    /// Routes and Block Public Access.
    fn change_borders(self, account: &mut Account, random: &mut Random) -> Option<()> {
        if self == Self::OneExclusion {
            let exclusions = account.all("VpcBlockPublicAccessExclusions").iter_mut().collect();
            one_of(exclusions, random)?["InternetGatewayExclusionMode"] = "allow-egress".into();
            return Some(());
        }
        let route = one_of(routes(account).into_iter().flatten().collect(), random)?;
        (route["GatewayId"] != "local" && route["State"] == "active").then_some(())?;
        if self == Self::OneBlackhole {
            route["State"] = "blackhole".into();
            return Some(());
        }
        let keys = ["DestinationCidrBlock", "DestinationIpv6CidrBlock"];
        let key = keys.into_iter().find(|key| route.get(key).is_some())?;
        route[key] = one_bit(route[key].as_str()?, random)?.into();
        Some(())
    }
}

/// An entry for the other way, where its number is free.
fn turn(entries: &mut [Value], random: &mut Random) -> Option<()> {
    let numbers: Vec<(bool, i64)> = entries.iter().map(|it| (it["Egress"] == true, number(it))).collect();
    let entry = one_of(entries.iter_mut().filter(|it| number(it) < 32767).collect(), random)?;
    let egress = entry["Egress"] != true;
    (!numbers.contains(&(egress, number(entry)))).then_some(())?;
    entry["Egress"] = egress.into();
    Some(())
}

fn one_of<'a, T: ?Sized>(mut from: Vec<&'a mut T>, random: &mut Random) -> Option<&'a mut T> {
    (!from.is_empty()).then(|| from.swap_remove(random.below(from.len())))
}

/// An entry of a list that is not the provider's.
fn one_entry<'a>(account: &'a mut Account, random: &mut Random) -> Option<&'a mut Value> {
    let own = entries(account).into_iter().flatten().filter(|entry| number(entry) < 32767);
    one_of(own.collect(), random)
}

fn whole(key: &str) -> &'static str {
    if key == "CidrIp" { "0.0.0.0/0" } else { "::/0" }
}

/// Replaces one prefix of one permission.
fn range(
    account: &mut Account,
    random: &mut Random,
    change: impl Fn(&str, &mut Random) -> Option<Vec<String>>,
) -> Option<()> {
    let permission = one_of(permissions(account).into_iter().flatten().collect(), random)?;
    let [list, key] = *random.pick(&RANGES);
    let ranges = permission[list].as_array_mut()?;
    (!ranges.is_empty()).then_some(())?;
    let place = random.below(ranges.len());
    let changed = change(ranges[place][key].as_str()?, random)?;
    ranges.splice(place..=place, changed.into_iter().map(|text| json!({key: text})));
    Some(())
}

fn one_bit(text: &str, random: &mut Random) -> Option<String> {
    let (address, length) = text.split_once('/')?;
    let length: u8 = length.parse().ok()?;
    let length = if random.chance(50) { length.checked_sub(1)? } else { length + 1 };
    let width = if address.contains(':') { 128 } else { 32 };
    (length <= width).then(|| format!("{address}/{length}"))
}

fn moved(holder: &Value, first: &str, last: &str, random: &mut Random) -> Option<[u16; 2]> {
    let text = format!("{}-{}", holder.get(first)?.as_u64()?, holder.get(last)?.as_u64()?);
    let moved = off_by_one(&text, random)?;
    let (first, last) = moved.split_once('-').unwrap_or((&moved, &moved));
    Some([first.parse().ok()?, last.parse().ok()?])
}

fn one_type(account: &mut Account, random: &mut Random) -> Option<()> {
    let icmp = |protocol: &Value| ["icmp", "icmpv6", "1", "58"].iter().any(|word| protocol == *word);
    let up = |number: &mut Value| {
        let more = number.as_i64().filter(|it| (0..255).contains(it)).map(|it| it + 1)?;
        *number = more.into();
        Some(())
    };
    let which = random.below(2);
    if random.chance(50) {
        let own = permissions(account).into_iter().flatten().filter(|it| icmp(&it["IpProtocol"]));
        return up(one_of(own.collect(), random)?.get_mut(["FromPort", "ToPort"][which])?);
    }
    let own = entries(account).into_iter().flatten().filter_map(|it| it.get_mut("IcmpTypeCode"));
    up(one_of(own.collect(), random)?.get_mut(["Type", "Code"][which])?)
}

/// Two neighbours of one way.
fn swap(entries: &mut [Value], random: &mut Random) -> Option<()> {
    let egress = random.chance(30);
    let own = entries.iter_mut().filter(|it| it["Egress"] == egress && number(it) < 32767);
    let mut own: Vec<&mut Value> = own.collect();
    own.sort_by_key(|entry| number(entry));
    let first = random.below(own.len().checked_sub(1).filter(|pairs| *pairs > 0)?);
    let (one, other) = (own[first]["RuleNumber"].clone(), own[first + 1]["RuleNumber"].clone());
    own[first]["RuleNumber"] = other;
    own[first + 1]["RuleNumber"] = one;
    Some(())
}

fn copy(entries: &mut Vec<Value>, random: &mut Random) -> Option<()> {
    let own: Vec<&Value> = entries.iter().filter(|it| number(it) < 32767).collect();
    (!own.is_empty()).then_some(())?;
    let mut copy = (*random.pick(&own)).clone();
    let way = own.iter().filter(|it| it["Egress"] == copy["Egress"]);
    let before = way.map(|it| number(it)).min()?.checked_sub(1).filter(|number| *number >= 1)?;
    copy["RuleNumber"] = before.into();
    entries.push(copy);
    Some(())
}
