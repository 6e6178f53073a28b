//! Security groups: what they let in (W1, W3), and who carries them.
//!
//! Rules come as permissions of a group or one by one (`group_listing`). Knows nothing of interfaces.

use std::sync::Arc;

use cloud::json::{Json, Node, Tree};
use cloud::{Said, Stated};
use model::{Effect, Name};

use crate::intake::Intake;

use super::group_rule::GroupRule;
use super::permission::{LATER_KEYS, read_permission, unknown_permission};
use super::{Identity, Origin};

/// A security group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    /// Its name is its `GroupName`.
    pub(crate) identity: Identity,
    /// Its VPC; nothing for a group of EC2-Classic.
    pub(crate) vpc: Said<Name>,
    /// What it lets in. Nothing: the document does not say, which is not "nobody" (C4).
    pub(crate) rules: Said<Vec<GroupRule>>,
    pub(crate) omits_sources: Omits,
    /// Whether what the input does not tell carries it: only evaluators say so.
    pub(crate) is_carried_elsewhere: bool,
}

/// Whether a document leaves something out. No part of what it says: another statement of the same may have it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Omits(pub(crate) bool);

impl PartialEq for Omits {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Group {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let id = stated.text("GroupId", intake).this()?;
        let name = stated.text("GroupName", intake).this();
        let mut identity = Identity::read(stated, id, name, origin, intake);
        // The tag `Name` of a group is not what rules, consoles and people call it by.
        if let Some(name) = name {
            identity.name = intake.name(name);
        }
        let vpc = stated.text("VpcId", intake).map(|vpc| intake.name(vpc));
        let rules = permissions(stated, id, intake);
        let is_carried_elsewhere = stated.flag("CarriedElsewhere", intake) == Said::This(true);
        Some(Self { identity, vpc, rules, omits_sources: omits_sources(stated), is_carried_elsewhere })
    }
}

/// What a group's permissions let in. Panther writes null for a list without members, and then for the egress too or a
/// list: a null beside the other list is an empty list.
fn permissions<'a>(stated: &Stated<'_, 'a>, id: &str, intake: &mut Intake<'_, 'a>) -> Said<Vec<GroupRule>> {
    let items = match stated.value(KEY) {
        Some(Tree::List(items)) => items.as_slice(),
        None => return Said::Nothing,
        Some(Tree::Null) if stated.has("IpPermissionsEgress") => return Said::This(Vec::new()),
        Some(Tree::Null) => return Said::Nothing,
        Some(Tree::Object(_)) => core::slice::from_ref(stated.value(KEY).unwrap_or(&Tree::Null)),
        Some(other) => return stated.strange(KEY, other.json(), "a list of permissions", intake),
    };
    let mut rules = Vec::with_capacity(items.len());
    // Only what is remembered says so.
    let is_listed = intake.standing.is_some() && stated.has("#listed");
    for item in items {
        if let Tree::Unknown(_) = item {
            stated.strange::<()>(KEY, item.json(), "a list of permissions", intake);
            unknown_permission(stated, intake, &mut rules);
            continue;
        }
        let Tree::Object(node) = item else {
            return stated.strange(KEY, item.json(), "a list of permissions", intake);
        };
        rules_of(node, id, is_listed, intake, &mut rules);
    }
    // W1: they have no order, and AWS prints them in none.
    rules.sort_by(|one, other| one.says.cmp(&other.says));
    rules.shrink_to_fit();
    Said::This(rules)
}

/// Adds what one permission of a group lets in. `is_listed`: documents list the rules of the group one by one, so they have
/// ids in results.
pub(crate) fn rules_of<'a>(
    permission: &Node<'a>,
    group: &str,
    is_listed: bool,
    intake: &mut Intake<'_, 'a>,
    rules: &mut Vec<GroupRule>,
) {
    let before = rules.len();
    read_permission(&Stated::flat(permission, group, intake), intake, rules);
    if is_listed && let Some(Tree::Text(rule)) = permission.own("#rule") {
        let rule = intake.name(rule);
        rules.iter_mut().skip(before).for_each(|own| own.rule = Some(Arc::clone(&rule)));
    }
}

/// Whether a permission does not say whom it lets in over IPv6 or by a prefix list.
fn omits_sources(stated: &Stated<'_, '_>) -> Omits {
    let Some(Tree::List(permissions)) = stated.value(KEY) else { return Omits(false) };
    let lacks = |permission: &Tree<'_>| match permission {
        Tree::Object(permission) => LATER_KEYS.iter().any(|key| permission.own(key).is_none()),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => false,
    };
    Omits(permissions.iter().any(lacks))
}

const KEY: &str = "IpPermissions";

/// The ids of the groups that something says it carries, sorted, each once. Nothing: the document does not say, so they
/// are not known. None of it: nothing gets in (W3). Unreadable: told, and not known. Where one of several is not known it
/// is [`SOME_GROUP`].
pub(crate) type Attached = Said<Vec<Name>>;

/// What stands for a group of a list that is not known, which has been told: no id has blank space.
pub(crate) const SOME_GROUP: &str = "a group that is not known";

/// Whether something may carry groups of which nobody knows.
pub(crate) fn may_carry_more(attached: &Attached) -> bool {
    match attached {
        Said::This(ids) => ids.iter().any(|id| &**id == SOME_GROUP),
        Said::Nothing | Said::Unreadable => true,
    }
}

/// Reads the groups something carries: ids, or objects with one.
pub(crate) fn attached<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Attached {
    let items = match stated.value(key) {
        None | Some(Tree::Null) => return Said::Nothing,
        Some(Tree::List(items)) => items.as_slice(),
        Some(alone) => core::slice::from_ref(alone),
    };
    let mut ids = Vec::with_capacity(items.len());
    for item in items {
        let id = match item {
            Tree::Text(id) if !id.trim().is_empty() => id.trim(),
            Tree::Object(node) => {
                let id = ID_KEYS.iter().find_map(|key| match node.own(key) {
                    Some(Tree::Text(id)) => Some(id.trim()).filter(|id| !id.is_empty()),
                    Some(_) | None => None,
                });
                let unknown = ID_KEYS.iter().find_map(|key| node.own(key)).map(Tree::json);
                if let (None, Some(json @ Json::Unknown(_))) = (id, unknown) {
                    stated.strange::<()>(key, json, "a list of security groups", intake);
                    ids.push(intake.name(SOME_GROUP));
                    continue;
                }
                let Some(id) = id else {
                    let sentence =
                        format!("an item of `{key}` has no id of a group: its groups are not known");
                    stated.tell("missing-field", Effect::Undecided, &sentence, intake);
                    return Said::Unreadable;
                };
                id
            }
            Tree::Unknown(_) if matches!(stated.value(key), Some(Tree::List(_))) => {
                stated.strange::<()>(key, item.json(), "a list of security groups", intake);
                SOME_GROUP
            }
            other => return stated.strange(key, other.json(), "a list of security groups", intake),
        };
        ids.push(intake.name(id));
    }
    ids.sort_unstable();
    ids.dedup();
    Said::This(ids)
}

/// Under which keys a group's id stands where something carries it.
const ID_KEYS: [&str; 3] = ["GroupId", "VpcSecurityGroupId", "SecurityGroupId"];
