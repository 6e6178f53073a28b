//! Security admin rules of network managers, as drafted, as committed and as in force (semantics AA0).
//!
//! Only inbound rules are kept. Whether a drafted rule acts anywhere, and before which others, is put together in
//! `lower`.

use cloud::json::Node;
use cloud::{Said, Stated};
use model::{Effect, Name};

use crate::intake::Intake;
use crate::resource::id::{name_of, parent_of};
use crate::resource::identity::Identity;
use crate::resource::stated::OfAzure as _;

use super::Device;
use super::admin_body::{AdminBody, read_body};
use super::network_group::moment_of;

/// A rule of a collection, as it is drafted.
#[derive(Clone, Debug, PartialEq)]
pub struct AdminRule {
    pub(crate) identity: Identity,
    pub(crate) body: AdminBody,
    /// When it was last edited, to the second.
    pub(crate) edited: Option<Name>,
}

/// A rule that is in force somewhere, as an effective or active list tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct ActiveAdminRule {
    /// Who this statement is; the rule is `rule`.
    pub(crate) identity: Identity,
    /// The id of the rule.
    pub(crate) rule: Name,
    pub(crate) body: AdminBody,
    /// The region it was committed to, where the list says it.
    pub(crate) region: Option<Name>,
    /// The keys of the network groups its collection applies to; `None` when the list does not say.
    pub(crate) groups: Option<Vec<Name>>,
    /// The keys of the members of these groups, where the list tells them.
    pub(crate) members: Vec<Name>,
}

/// A rule as it was committed at some time: Resource Graph's snapshots.
#[derive(Clone, Debug, PartialEq)]
pub struct AdminSnapshot {
    pub(crate) identity: Identity,
    /// The id of the rule.
    pub(crate) rule: Name,
    pub(crate) body: AdminBody,
}

pub(crate) fn read<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed admin rule", intake);
    let in_force = ["ruleGroups", "ruleCollectionAppliesToGroups", "commitTime", "region"];
    if !in_force.iter().any(|key| stated.has(key) && !stated.is_null(key)) {
        let edited = stated.object("systemData", intake).this();
        let edited = edited.and_then(|by| by.text("lastModifiedAt", intake).this());
        let edited = edited.map(|moment| moment_of(moment, intake));
        return AdminRule { body: read_body(&stated, &identity, intake), identity, edited }.into();
    }
    read_active(&stated, identity, intake)
}

pub(crate) fn read_snapshot<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed snapshot", intake);
    let rule = parent_of(&identity.id).unwrap_or(&identity.id).to_owned();
    let of_rule = Identity { name: intake.name(name_of(&rule)), ..identity.clone() };
    let body = read_body(&stated, &of_rule, intake);
    AdminSnapshot { identity, rule: intake.name(&rule), body }.into()
}

fn read_active<'a>(stated: &Stated<'_, 'a>, rule: Identity, intake: &mut Intake<'_, 'a>) -> Device {
    let region =
        stated.text("region", intake).this().map(|region| super::network_group::region_of(region, intake));
    let applies = stated.objects("ruleCollectionAppliesToGroups", intake);
    let groups = keys_of(applies, "networkGroupId", intake);
    let mut listed: Option<Vec<Name>> = None;
    let mut members = Vec::new();
    if let Said::This(stated_groups) = stated.objects("ruleGroups", intake) {
        for group in stated_groups {
            listed.get_or_insert_default().extend(group.reference("id", intake).this());
            for member in group.listed("groupMembers", intake) {
                let id = ["resourceId", "vnetId", "id"]
                    .iter()
                    .find_map(|key| member.reference(key, intake).this());
                members.extend(id);
            }
        }
    }
    members.sort_unstable();
    members.dedup();
    let groups = match (groups, listed) {
        (Some(mut groups), listed) => {
            groups.extend(listed.unwrap_or_default());
            groups.sort_unstable();
            groups.dedup();
            Some(groups)
        }
        (None, listed) => listed,
    };
    let body = read_body(stated, &rule, intake);
    // One rule is in force in many places, and told once for each.
    let place = groups.iter().flatten().chain(&members).fold(String::new(), |sum, key| sum + "," + key);
    let key = format!("{}@{}{place}", rule.key, region.as_deref().unwrap_or_default());
    let identity = Identity { key: intake.pool.key(&key), ..rule.clone() };
    ActiveAdminRule { identity, rule: rule.id, body, region, groups, members }.into()
}

/// The keys under one key of each object of a list; `None` where that is not said, or not of all.
pub(super) fn keys_of<'a>(
    objects: Said<Vec<Stated<'_, 'a>>>,
    key: &str,
    intake: &mut Intake<'_, 'a>,
) -> Option<Vec<Name>> {
    let mut keys = Vec::new();
    for object in objects.this()? {
        match object.reference(key, intake) {
            Said::This(id) => keys.push(id),
            Said::Nothing => {
                let sentence =
                    format!("`{key}` is missing in one of its parts: which groups it is for is not known");
                object.tell("missing-field", Effect::Undecided, &sentence, intake);
                return None;
            }
            Said::Unreadable => return None,
        }
    }
    Some(keys)
}
