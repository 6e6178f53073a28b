//! Security groups, their rules, and the VPCs they are made usable in (W1, W3).
//!
//! Descriptions are no part of a rule: changing one changes nothing.

use cloud::Quoted;
use cloud::audit::{Act, Edit, Nature, Spot};
use cloud::json::Tree;
use model::{Effect, Name};

use crate::trail::body::Body;
use crate::trail::call::{Call, Meaning, Told};
use crate::trail::made::{names, object, perhaps, text, tree};
use crate::trail::permission::Permission;

const KIND: &str = "security-group";
const ASSOCIATION: &str = "security-group-association";

/// Which way rules let through. Complete.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    In,
    Out,
}

impl Direction {
    const fn list(self) -> &'static str {
        match self {
            Self::In => "IpPermissions",
            Self::Out => "IpPermissionsEgress",
        }
    }
}

/// A new group lets nobody in and everything out. Where its VPC has addresses of IPv6 it lets these out too, which no
/// answer depends on: replies leave anyway (W2).
pub(super) fn create(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let name = call.request.text("groupName");
    let Some(id) = call.response.text("groupId") else {
        return not_done(call, name, told);
    };
    let everything = tree([
        ("IpProtocol", text("-1")),
        ("IpRanges", Tree::List(vec![tree([("CidrIp", text("0.0.0.0/0"))])])),
        ("Ipv6Ranges", Tree::List(Vec::new())),
        ("PrefixListIds", Tree::List(Vec::new())),
        ("UserIdGroupPairs", Tree::List(Vec::new())),
    ]);
    let group = object([
        ("GroupId", text(id)),
        ("GroupName", perhaps(name)),
        ("Description", perhaps(call.request.first_text(&["groupDescription", "description"]))),
        ("VpcId", perhaps(call.request.text("vpcId"))),
        ("OwnerId", perhaps(call.account)),
        ("IpPermissions", Tree::List(Vec::new())),
        ("IpPermissionsEgress", Tree::List(vec![everything])),
    ]);
    Meaning::edits(vec![call.edit(KIND, id, Nature::Rule, Act::Put(group))])
}

/// What would have been made has no id; what was made has to.
fn not_done(call: &Call<'_>, name: Option<&str>, told: &mut Told<'_>) -> Meaning {
    if call.is_done() {
        return told.no_id("responseElements.groupId");
    }
    Meaning::recorded(name.unwrap_or_default())
}

pub(super) fn delete(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(id) = group_of(call) else { return told.no_id("groupId") };
    Meaning::edits_of(told_as(&id), vec![call.edit(KIND, &id, Nature::Rule, Act::Drop)])
}

pub(super) fn authorize_ingress(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    authorize(call, Direction::In, told)
}

pub(super) fn authorize_egress(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    authorize(call, Direction::Out, told)
}

fn authorize(call: &Call<'_>, direction: Direction, told: &mut Told<'_>) -> Meaning {
    let Some(id) = group_of(call) else { return told.no_id("groupId") };
    let rules = rules(call, "securityGroupRuleSet", direction);
    if rules.is_empty() {
        return unread(&id, told);
    }
    let insert = |rule: &Permission| {
        let act =
            Act::Insert { into: Spot::of(&[direction.list()]), items: vec![rule.item()], by: rule.by() };
        call.edit(KIND, &id, Nature::Rule, act)
    };
    Meaning::edits_of(told_as(&id), rules.iter().map(insert).collect())
}

pub(super) fn revoke_ingress(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    revoke(call, Direction::In, told)
}

pub(super) fn revoke_egress(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    revoke(call, Direction::Out, told)
}

/// Rules are taken away by what they say or by their ids. What AWS did not find (`unknownIpPermissionSet`) was not there:
/// taking it away changes nothing.
fn revoke(call: &Call<'_>, direction: Direction, told: &mut Told<'_>) -> Meaning {
    let Some(id) = group_of(call) else { return told.no_id("groupId") };
    let answered = "revokedSecurityGroupRuleSet";
    let rules = rules(call, answered, direction);
    let ids = ["securityGroupRuleIds", "securityGroupRuleIdSet", "securityGroupRuleId"];
    let mut ids: Vec<&str> =
        ids.iter().flat_map(|key| call.request.texts_of(key, "securityGroupRuleId")).collect();
    if rules.is_empty() {
        let revoked = call.response.parts(answered).into_iter();
        ids.extend(revoked.filter_map(|rule| rule.text("securityGroupRuleId")));
    }
    ids.sort_unstable();
    ids.dedup();
    // What a rule says finds it in exports too, which do not tell the ids of rules.
    ids.retain(|id| !rules.iter().any(|rule| rule.rule() == Some(id)));
    let patterns = rules.iter().map(Permission::pattern);
    let patterns = patterns.chain(ids.into_iter().map(|id| tree([("#rule", text(id))])));
    let remove = |pattern| {
        let act = Act::Remove { from: Spot::of(&[direction.list()]), items: vec![pattern] };
        call.edit(KIND, &id, Nature::Rule, act)
    };
    let edits: Vec<Edit> = patterns.map(remove).collect();
    if edits.is_empty() { unread(&id, told) } else { Meaning::edits_of(told_as(&id), edits) }
}

/// The rules of a call: as the answer has them, which is canonical, else as they were asked for, nested or flat.
fn rules(call: &Call<'_>, answered: &str, direction: Direction) -> Vec<Permission> {
    let of_direction = |rule: &Body<'_>| {
        rule.flag("isEgress").is_none_or(|is_egress| is_egress == (direction == Direction::Out))
    };
    let mut set = call.response.parts(answered);
    set.retain(of_direction);
    let canonical: Vec<Permission> =
        set.iter().filter_map(|rule| Permission::listed(*rule, call.account)).collect();
    if !canonical.is_empty() && canonical.len() == set.len() {
        return canonical;
    }
    let nested = call.request.parts("ipPermissions");
    let nested = nested.into_iter().flat_map(|permission| Permission::all_of(permission, call.account));
    canonical.into_iter().chain(nested).chain(flat(call.request, call.account)).collect()
}

/// What the parameters of old callers say: one range, one CIDR; or a group by its name, and then, without a protocol, all
/// of TCP, UDP and ICMP.
fn flat(request: Body<'_>, account: Option<&str>) -> Vec<Permission> {
    let group = request.text("sourceSecurityGroupName").map(|name| {
        let owner = request.text("sourceSecurityGroupOwnerId");
        tree([("groupName", text(name)), ("userId", perhaps(owner))])
    });
    let range =
        |key: &str, field| request.text(key).map(|cidr| Tree::List(vec![tree([(field, text(cidr))])]));
    let list = |group: Tree<'static>| Tree::List(vec![group]);
    let with = |protocol: &str, first: Option<&str>, last: Option<&str>| {
        let permission = object([
            ("ipProtocol", text(protocol)),
            ("fromPort", perhaps(first)),
            ("toPort", perhaps(last)),
            ("ipRanges", range("cidrIp", "cidrIp").unwrap_or(Tree::Null)),
            ("ipv6Ranges", range("cidrIpv6", "cidrIpv6").unwrap_or(Tree::Null)),
            ("groups", group.clone().map_or(Tree::Null, list)),
        ]);
        Permission::all_of(Body::of(&permission), account)
    };
    match request.text("ipProtocol") {
        Some(protocol) => with(protocol, request.text("fromPort"), request.text("toPort")),
        None if group.is_some() => {
            let all = [("tcp", "0", "65535"), ("udp", "0", "65535"), ("icmp", "-1", "-1")];
            all.into_iter().flat_map(|(word, first, last)| with(word, Some(first), Some(last))).collect()
        }
        None => Vec::new(),
    }
}

/// The rules keep their ids and their direction, which the event does not say: `aftermath` finds them.
pub(super) fn modify_rules(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(id) = group_of(call) else { return told.no_id("GroupId") };
    let mut items = Vec::new();
    for rule in ["securityGroupRule", "securityGroupRules"].iter().flat_map(|key| call.request.parts(key)) {
        let said = ["securityGroupRule", "securityGroupRuleRequest"].map(|key| rule.part(key));
        let said = said.into_iter().find(|said| !said.is_empty()).unwrap_or(rule);
        match (rule.text("securityGroupRuleId"), Permission::listed(said, call.account)) {
            (Some(rule), Some(permission)) => items.push(permission.with_rule(rule).item()),
            (Some(_) | None, _) => return unread(&id, told),
        }
    }
    if items.is_empty() {
        return unread(&id, told);
    }
    let act = Act::Insert { into: Spot::of(&["#modified"]), items, by: names(&["#rule"]) };
    Meaning::edits_of(told_as(&id), vec![call.edit(KIND, &id, Nature::Rule, act)])
}

pub(super) fn describe_rules(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    Meaning::recorded(group_of(call).as_deref().map(told_as).unwrap_or_default())
}

pub(super) fn associate(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some((group, vpc)) = group_and_vpc(call) else { return told.no_id("GroupId` or `VpcId") };
    let association = object([
        ("GroupId", text(group)),
        ("VpcId", text(vpc)),
        ("GroupOwnerId", perhaps(call.account)),
        // It is on its way when the call returns, and nothing tells when it is there.
        ("State", text("associated")),
    ]);
    let act = Act::Put(association);
    Meaning::edits_of(group, vec![call.edit(ASSOCIATION, &format!("{group}/{vpc}"), Nature::Attachment, act)])
}

pub(super) fn disassociate(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some((group, vpc)) = group_and_vpc(call) else { return told.no_id("GroupId` or `VpcId") };
    let id = format!("{group}/{vpc}");
    Meaning::edits_of(group, vec![call.edit(ASSOCIATION, &id, Nature::Attachment, Act::Drop)])
}

fn group_and_vpc<'n>(call: &Call<'n>) -> Option<(&'n str, &'n str)> {
    Some((call.request.text("groupId")?, call.request.text("vpcId")?))
}

/// The group that a call is about: its id, else, of a group of the default VPC, its name. No name begins with `sg-`.
fn group_of(call: &Call<'_>) -> Option<Name> {
    let answered = ["securityGroupRuleSet", "revokedSecurityGroupRuleSet"];
    let answered = || {
        let rules = answered.iter().flat_map(|key| call.response.parts(key));
        rules.filter_map(|rule| rule.text("groupId")).next()
    };
    let id = call.request.text("groupId").or_else(answered).or_else(|| call.response.text("groupId"));
    let by_name = || {
        let name = call.request.text("groupName")?;
        let owner = call.account.map(|account| format!("OwnerId={account},")).unwrap_or_default();
        Some(Name::from(format!("{owner}{BY_NAME}{name}")))
    };
    id.map(Name::from).or_else(by_name)
}

/// What people call a group.
fn told_as(id: &str) -> &str {
    id.split_once(BY_NAME).map_or(id, |(_, name)| name)
}

const BY_NAME: &str = "GroupName=";

/// What a rule says was not read.
fn unread(id: &str, told: &mut Told<'_>) -> Meaning {
    let sentence = format!(
        "no rule of {} can be read from the event: what it lets in is not known, expected `ipPermissions`, `cidrIp` or `securityGroupRuleSet`; an export of now has it",
        Quoted(told_as(id))
    );
    told.tell("unreadable-event", Effect::Undecided, &sentence);
    Meaning::recorded(told_as(id))
}
