//! Rules of groups as a ledger has them: one item for each source, so that an edit finds them by what they say.
//!
//! Descriptions are no part of a rule. What cannot be read stays as it is: its reader tells of it. Knows no operation.

use std::borrow::Cow;

use cloud::grammar;
use cloud::json::{Node, Tree};
use model::Name;

use super::body::{Body, text_of};
use super::made::{perhaps, text, tree};

/// One rule: a protocol, a range, one source.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Permission {
    numbers: Numbers,
    /// The list that its source stands in.
    list: &'static str,
    source: Tree<'static>,
    /// Its id, where it is known.
    rule: Option<String>,
}

/// Protocol, and the first and last of its numbers as `describe-security-groups` prints them.
#[derive(Clone, Debug, PartialEq)]
struct Numbers {
    protocol: Tree<'static>,
    first: Tree<'static>,
    last: Tree<'static>,
}

impl Permission {
    /// The rules of one permission, in any of the forms of documents and requests: one for each source.
    pub(crate) fn all_of(permission: Body<'_>, account: Option<&str>) -> Vec<Self> {
        let numbers = Numbers::of(permission);
        let rule = permission.first_text(&["#rule", "securityGroupRuleId"]).map(str::to_owned);
        let mut all: Vec<Self> = Vec::new();
        for (list, keys) in LISTS {
            let items = keys.iter().flat_map(|key| permission.items(key));
            for source in items.map(|item| source(list, item, account)) {
                // AWS Config has each range twice, as an object and as a text.
                if !all.iter().any(|known| known.list == list && known.source == source) {
                    all.push(Self { numbers: numbers.clone(), list, source, rule: rule.clone() });
                }
            }
        }
        all
    }

    /// A rule as `describe-security-group-rules`, a rule set and a modification have it: with one source beside its
    /// numbers. `None` where it has none.
    pub(crate) fn listed(rule: Body<'_>, account: Option<&str>) -> Option<Self> {
        let range = |key: &str, field| rule.text(key).map(|cidr| tree([(field, block(cidr))]));
        let list = || rule.text("prefixListId").map(|id| tree([("PrefixListId", text(id))]));
        let group = || {
            let group = match rule.part("referencedGroupInfo") {
                stated if !stated.is_empty() => stated.node().map(|node| Tree::Object(node.to_owned_node())),
                _ => None,
            };
            let id = || rule.text("referencedGroupId").map(|id| tree([("groupId", text(id))]));
            let named = |group: Tree<'static>| pair(&group, account);
            group.map(named).or_else(|| Some(pair(&id()?, None)))
        };
        let (list, source) = None
            .or_else(|| Some((IPV4, range("cidrIpv4", "CidrIp")?)))
            .or_else(|| Some((IPV6, range("cidrIpv6", "CidrIpv6")?)))
            .or_else(|| Some((PREFIX_LISTS, list()?)))
            .or_else(|| Some((GROUPS, group()?)))?;
        let rule_id = rule.text("securityGroupRuleId").map(str::to_owned);
        Some(Self { numbers: Numbers::of(rule), list, source, rule: rule_id })
    }

    /// The same with an id.
    pub(crate) fn with_rule(self, rule: &str) -> Self {
        Self { rule: Some(rule.to_owned()), ..self }
    }

    /// Its id, where it is known.
    pub(crate) fn rule(&self) -> Option<&str> {
        self.rule.as_deref()
    }

    /// The item of `IpPermissions` that it is.
    pub(crate) fn item(&self) -> Tree<'static> {
        let Numbers { protocol, first, last } = self.numbers.clone();
        let list =
            |key: &str| Tree::List((key == self.list).then(|| self.source.clone()).into_iter().collect());
        tree([
            ("IpProtocol", protocol),
            ("FromPort", first),
            ("ToPort", last),
            (IPV4, list(IPV4)),
            (IPV6, list(IPV6)),
            (PREFIX_LISTS, list(PREFIX_LISTS)),
            (GROUPS, list(GROUPS)),
            ("#rule", perhaps(self.rule.as_deref())),
        ])
    }

    /// What fits every item that says the same.
    pub(crate) fn pattern(&self) -> Tree<'static> {
        let Numbers { protocol, first, last } = self.numbers.clone();
        let source = match &self.source {
            Tree::Object(pair) if self.list == GROUPS => {
                // An id names one group, whoever's it is.
                let names = if pair.own("GroupId").is_some() { &PAIR[..1] } else { &PAIR[1..] };
                let own = |(key, _): &(Cow<'_, str>, Tree<'_>)| names.iter().any(|own| *own == &**key);
                let entries = pair.entries().iter().filter(|entry| own(entry)).cloned().collect();
                Tree::Object(Node::new(entries, None))
            }
            source => source.clone(),
        };
        // Null fits what is not there.
        let entries = [("IpProtocol", protocol), ("FromPort", first), ("ToPort", last)];
        let entries = entries.into_iter().chain([(self.list, Tree::List(vec![source]))]);
        Tree::Object(Node::new(entries.map(|(key, value)| (key.into(), value)).collect(), None))
    }

    /// The keys by which it is the same as another.
    pub(crate) fn by(&self) -> Vec<Name> {
        ["IpProtocol", "FromPort", "ToPort", self.list].map(Name::from).into()
    }
}

/// The permissions of a group of a document, one item for each source. What evaluators left open, and what is not written
/// as permissions are, stays as it is. `account` is that of the group.
pub(crate) fn canonical_permissions(permissions: &Tree<'static>, account: Option<&str>) -> Tree<'static> {
    let Tree::List(items) = permissions else { return permissions.clone() };
    let mut canonical = Vec::with_capacity(items.len());
    for item in items {
        match item {
            Tree::Object(node) if is_whole(node) => {
                let all = Permission::all_of(Body::of(node), account);
                let stated = |list: &str| keys_of(list).iter().any(|key| node.own(key).is_some());
                canonical.extend(all.iter().map(|permission| without_lists(permission.item(), &stated)));
            }
            other => canonical.push(other.clone()),
        }
    }
    Tree::List(canonical)
}

/// Leaves out the empty lists of which the document has none: whether it says "none" or nothing matters to readers.
fn without_lists(item: Tree<'static>, stated: &dyn Fn(&str) -> bool) -> Tree<'static> {
    let Tree::Object(node) = item else { return item };
    let stays =
        |(key, value): &(Cow<'static, str>, Tree<'static>)| *value != Tree::List(Vec::new()) || stated(key);
    Tree::Object(Node::new(node.into_entries().into_iter().filter(stays).collect(), None))
}

/// Whether a permission is written as AWS writes them, and says whom it lets in.
fn is_whole(node: &Node<'_>) -> bool {
    let is_known = |tree: &Tree<'_>| !matches!(tree, Tree::Unknown(_));
    let mut names_ranges = false;
    for (key, value) in node.entries() {
        names_ranges |= keys_of(IPV4).iter().any(|own| own.eq_ignore_ascii_case(key));
        let items = match value {
            Tree::List(items) => items.as_slice(),
            other => core::slice::from_ref(other),
        };
        let is_open = items.iter().any(|item| match item {
            Tree::Object(entry) => entry.entries().iter().any(|(_, value)| !is_known(value)),
            other => !is_known(other),
        });
        if is_open {
            return false;
        }
    }
    names_ranges && !Permission::all_of(Body::of(node), None).is_empty()
}

impl Numbers {
    fn of(stated: Body<'_>) -> Self {
        let word = stated.text("ipProtocol");
        let protocol = word.map(protocol);
        let number = |key: &str| match stated.text(key).map(|digits| (digits, digits.parse::<i64>())) {
            Some((_, Ok(number))) => text(&number.to_string()),
            Some((other, Err(_))) => text(other),
            None => Tree::Null,
        };
        let (first, last) = match protocol.as_deref() {
            // W7: what is ignored is nothing, in whichever of its three ways it is written.
            Some("tcp" | "udp" | "icmp") => (number("fromPort"), number("toPort")),
            Some("icmpv6") => match (number("fromPort"), number("toPort")) {
                (Tree::Null, Tree::Null) => (text("-1"), text("-1")),
                range => range,
            },
            Some(_) => (Tree::Null, Tree::Null),
            None => (number("fromPort"), number("toPort")),
        };
        let protocol = match protocol {
            Some(protocol) => Tree::Text(protocol.into_owned().into()),
            None => stated.tree("ipProtocol").unwrap_or(Tree::Null),
        };
        Self { protocol, first, last }
    }
}

/// A protocol as AWS prints it; a word that is none as it is.
fn protocol(word: &str) -> Cow<'static, str> {
    let number = word.parse::<u8>().ok().filter(|_| !word.starts_with('+'));
    if let Some((_, name)) = PROTOCOLS.iter().find(|(own, _)| number == Some(*own)) {
        return Cow::Borrowed(name);
    }
    if word.eq_ignore_ascii_case("all") {
        return Cow::Borrowed("-1");
    }
    number.map_or_else(|| word.to_ascii_lowercase(), |number| number.to_string()).into()
}

/// One source of a list.
fn source(list: &str, item: &Tree<'_>, account: Option<&str>) -> Tree<'static> {
    let field = match list {
        IPV4 => "CidrIp",
        IPV6 => "CidrIpv6",
        PREFIX_LISTS => "PrefixListId",
        _ => return pair(item, account),
    };
    let said = match item {
        Tree::Object(node) => Body::of(node).text(field).or_else(|| text_of(item)),
        other => text_of(other),
    };
    match said {
        Some(id) if list == PREFIX_LISTS => tree([(field, text(id))]),
        Some(cidr) => tree([(field, block(cidr))]),
        None => item.to_owned_tree(),
    }
}

/// W12: AWS cuts host bits off.
fn block(cidr: &str) -> Tree<'static> {
    grammar::prefix(cidr).map_or_else(|_| text(cidr), |prefix| text(&prefix.to_string()))
}

/// A group as a source. `describe-…` always says whose it is; a request only where it is another account's.
fn pair(item: &Tree<'_>, account: Option<&str>) -> Tree<'static> {
    let Tree::Object(node) = item else { return item.to_owned_tree() };
    let stated = Body::of(node);
    let id = stated.text("groupId");
    let is_account = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (before, id) = match id.and_then(|id| id.split_once('/')) {
        Some((before, id)) if is_account(before) => (Some(before), Some(id)),
        _ => (None, id),
    };
    // The name says nothing more beside the id.
    let name = stated.text("groupName").filter(|_| id.is_none());
    tree([
        ("GroupId", perhaps(id)),
        ("UserId", perhaps(stated.text("userId").or(before).or(account))),
        ("GroupName", perhaps(name)),
        ("VpcId", perhaps(stated.text("vpcId"))),
        ("VpcPeeringConnectionId", perhaps(stated.text("vpcPeeringConnectionId"))),
        ("PeeringStatus", perhaps(stated.text("peeringStatus"))),
    ])
}

/// The keys under which a list stands in documents and requests.
fn keys_of(list: &str) -> &'static [&'static str] {
    LISTS.iter().find(|(own, _)| *own == list).map_or(&[], |(_, keys)| keys)
}

const IPV4: &str = "IpRanges";
const IPV6: &str = "Ipv6Ranges";
const PREFIX_LISTS: &str = "PrefixListIds";
const GROUPS: &str = "UserIdGroupPairs";
const LISTS: [(&str, &[&str]); 4] = [
    // AWS Config has the first of these, with texts under the other.
    (IPV4, &["ipv4Ranges", "ipRanges"]),
    (IPV6, &["ipv6Ranges"]),
    (PREFIX_LISTS, &["prefixListIds"]),
    // Requests have the second.
    (GROUPS, &["userIdGroupPairs", "groups"]),
];
/// The keys of a group as a source that tell which it is.
const PAIR: [&str; 3] = ["GroupId", "UserId", "GroupName"];
const PROTOCOLS: [(u8, &str); 4] = [(6, "tcp"), (17, "udp"), (1, "icmp"), (58, "icmpv6")];
