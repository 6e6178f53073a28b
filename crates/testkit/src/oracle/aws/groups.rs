//! Security groups: unions of what their entries let in (W1, W3, W7, W8, W22, W25), and prefix lists (W6).

use core::net::IpAddr;

use serde_json::Value;

use super::Estate;
use super::fields::{Prefix, field, members, number, text};
use super::line::{From, Line, Ports, Protocols};
use crate::oracle::verdict::{Match, Verdict};

/// Everything that the groups of an interface let in.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    pub(super) lines: Vec<Line>,
    /// One of them is not in the input: it may let in anything.
    pub(super) missing: bool,
}

impl Groups {
    pub(super) fn decide(&self, protocol: u8, source: IpAddr, port: u16) -> Verdict {
        let mut verdict = if self.missing { Verdict::Undecided } else { Verdict::Deny };
        for line in &self.lines {
            match line.matches(protocol, source, port) {
                Match::Yes => return Verdict::Allow,
                Match::Maybe => verdict = Verdict::Undecided,
                Match::No => {}
            }
        }
        verdict
    }
}

impl Estate {
    /// The union over groups by their ids (W1).
    pub(super) fn groups<'a>(&self, ids: impl Iterator<Item = &'a str>) -> Groups {
        let mut groups = Groups::default();
        for id in ids {
            match self.group(id) {
                Some(lines) => groups.lines.extend(lines),
                None => groups.missing = true,
            }
        }
        groups
    }

    /// X3: a group that no interface carries, by its id or its name. Where interfaces of its account are in the input it
    /// stands before nothing; else nobody knows how far its packets get.
    pub(super) fn lone_group(&self, target: &str) -> Option<(Groups, Verdict)> {
        let named = |it: &&Value| [text(it, "GroupId"), text(it, "GroupName")].contains(&Some(target));
        let group = self.all("SecurityGroups").iter().find(named);
        let listed = || self.all("SecurityGroupRules").iter().find(|it| text(it, "GroupId") == Some(target));
        let id = text(group.or_else(listed)?, "GroupId")?;
        let owner = group.and_then(|it| text(it, "OwnerId"));
        let elsewhere =
            |own: &&Value| text(own, "OwnerId").zip(owner).is_some_and(|(own, owner)| own != owner);
        let own: Vec<&Value> = self.stated_interfaces().filter(|it| !elsewhere(it)).collect();
        let carries = |it: &&Value| members(it, "Groups").any(|it| text(it, "GroupId") == Some(id));
        if own.iter().any(carries) {
            return None;
        }
        let cap = if own.is_empty() { Verdict::Undecided } else { Verdict::Deny };
        Some((self.groups([id].into_iter()), cap))
    }

    fn group(&self, id: &str) -> Option<Vec<Line>> {
        let whole = self.find("SecurityGroups", "GroupId", id).and_then(|group| {
            field(group, "IpPermissions")?;
            let permissions = members(group, "IpPermissions");
            Some(permissions.flat_map(|permission| self.permission(permission)).collect())
        });
        let rules = || self.all("SecurityGroupRules").iter().filter(|rule| text(rule, "GroupId") == Some(id));
        whole.or_else(|| {
            rules().next()?;
            let inbound = rules().filter(|rule| field(rule, "IsEgress") != Some(&Value::Bool(true)));
            Some(inbound.flat_map(|rule| self.rule(rule)).collect())
        })
    }

    /// One of `IpPermissions`: a line for each source.
    fn permission(&self, permission: &Value) -> Vec<Line> {
        let mut from: Vec<From> = Vec::new();
        let cidrs = |list, key, v6| {
            members(permission, list).map(move |it| From::of_cidr(text(it, key).unwrap_or_default(), v6))
        };
        from.extend(cidrs("IpRanges", "CidrIp", false));
        from.extend(cidrs("Ipv6Ranges", "CidrIpv6", true));
        for list in members(permission, "PrefixListIds") {
            from.extend(self.prefix_list(text(list, "PrefixListId").unwrap_or_default()));
        }
        lines(permission, from)
    }

    /// One of `SecurityGroupRules`.
    fn rule(&self, rule: &Value) -> Vec<Line> {
        let mut from: Vec<From> = Vec::new();
        from.extend(text(rule, "CidrIpv4").map(|cidr| From::of_cidr(cidr, false)));
        from.extend(text(rule, "CidrIpv6").map(|cidr| From::of_cidr(cidr, true)));
        if let Some(list) = text(rule, "PrefixListId") {
            from.extend(self.prefix_list(list));
        }
        if field(rule, "ReferencedGroupInfo").is_some() {
            from.push(From::Nobody);
        }
        lines(rule, from)
    }

    /// W6: the union of its entries; without them something of its family.
    pub(super) fn prefix_list(&self, id: &str) -> Vec<From> {
        let lists = || self.all("PrefixLists").iter().filter(|list| text(list, "PrefixListId") == Some(id));
        let pages = self.all("Entries").iter().filter(|list| text(list, "PrefixListId") == Some(id));
        let whole = |list: &&Value| field(list, "Entries").is_some() || field(list, "Cidrs").is_some();
        // Pages add up.
        let stated: Vec<&Value> = pages.chain(lists()).filter(whole).collect();
        if stated.is_empty() {
            let family = lists().find_map(|list| text(list, "AddressFamily"));
            let [v4, v6] = [From::Some { v6: false }, From::Some { v6: true }];
            return match family {
                Some("IPv4") => vec![v4],
                Some("IPv6") => vec![v6],
                _ => vec![v4, v6],
            };
        }
        let of_entries = stated.iter().flat_map(|list| members(list, "Entries"));
        let entries = of_entries.filter_map(|entry| text(entry, "Cidr"));
        let cidrs = stated.iter().flat_map(|list| members(list, "Cidrs")).filter_map(Value::as_str);
        let read = |cidr: &str| match Prefix::parse(cidr) {
            Some(prefix) => vec![From::Prefix(prefix)],
            None => vec![From::Some { v6: false }, From::Some { v6: true }],
        };
        entries.chain(cidrs).flat_map(read).collect()
    }
}

/// Protocol and ports of an entry, for each of its sources.
fn lines(entry: &Value, from: Vec<From>) -> Vec<Line> {
    let protocol = Protocols::read(entry, "IpProtocol");
    let [first, last] = ["FromPort", "ToPort"].map(|name| number(entry, name));
    let ports = match protocol {
        Protocols::One(6 | 17) => Ports::range(first, last),
        Protocols::One(58) if first.is_none() && last.is_none() => Ports::All,
        Protocols::One(1 | 58) => Ports::types(first, last),
        Protocols::One(_) | Protocols::All | Protocols::Unreadable => Ports::All,
    };
    from.into_iter().map(|from| Line { protocol, ports, from }).collect()
}
