//! Network managers: whom they manage, what they draft, where that is committed (semantics AA0, AA3, AA5).
//!
//! Each part is a resource of its own, and refers to the others by key. The rules are in `admin_rule`.

use std::sync::Arc;

use cloud::json::Node;
use cloud::{Quoted, Said, Stated};
use model::{Effect, Name};

use crate::intake::Intake;
use crate::resource::id::parent_of;
use crate::resource::identity::Identity;
use crate::resource::stated::OfAzure as _;

use super::Device;
use super::admin_rule::keys_of;

/// A network manager.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkManager {
    pub(crate) identity: Identity,
    pub(crate) scope: ManagerScope,
}

/// How high the scope of a manager is (AA5). Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ManagerScope {
    /// It manages a management group, and nobody knows which of two that is above the other.
    ManagementGroup,
    Subscription,
    /// Not said.
    Unknown,
}

/// A group of networks or subnets.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkGroup {
    pub(crate) identity: Identity,
    /// The members it names itself, as older interfaces print them.
    pub(crate) members: Vec<Name>,
    /// Whether a condition adds members.
    pub(crate) is_conditional: bool,
}

/// One member of a network group.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkGroupMember {
    pub(crate) identity: Identity,
    pub(crate) group: Option<Name>,
    /// The network or the subnet.
    pub(crate) member: Option<Name>,
    /// Whether it stands in a list of all members, those that a policy adds too: Resource Graph's.
    pub(crate) is_of_all: bool,
}

/// A security admin configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct AdminConfiguration {
    pub(crate) identity: Identity,
    pub(crate) beside_intent_policies: BesideIntentPolicies,
}

/// What acts in networks with services that have network intent policies (AA3). Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BesideIntentPolicies {
    Nothing,
    AllowRulesOnly,
    All,
    Unreadable,
}

/// A collection of rules of a configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct AdminCollection {
    pub(crate) identity: Identity,
    /// The keys of the network groups it applies to; `None` when that cannot be read.
    pub(crate) groups: Option<Vec<Name>>,
}

/// What was committed to one region.
#[derive(Clone, Debug, PartialEq)]
pub struct AdminDeployment {
    pub(crate) identity: Identity,
    pub(crate) region: Option<Name>,
    /// The keys of the configurations that are the goal there; of several, one alone is a security admin one.
    pub(crate) configurations: Vec<Name>,
    /// Whether it is about security admin configurations and no others.
    pub(crate) is_admin: bool,
    /// Whether all of it is in place.
    pub(crate) is_done: bool,
    /// When, to the second.
    pub(crate) committed: Option<Name>,
}

/// The configurations in force in one network: Resource Graph's `effectivesecurityadminrules`.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectiveAdminNetwork {
    pub(crate) identity: Identity,
    /// The key of the network, or of a subnet of it.
    pub(crate) network: Option<Name>,
    /// The keys of the configurations; `None` when they cannot be read.
    pub(crate) configurations: Option<Vec<Name>>,
    pub(crate) is_done: bool,
}

pub(crate) fn read_manager<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed network manager", intake);
    let scopes = stated.object("networkManagerScopes", intake).this();
    let mut has = |key| match scopes.as_ref().map(|scopes| scopes.texts(key, intake)) {
        Some(Said::This(scopes)) => !scopes.is_empty(),
        Some(Said::Nothing | Said::Unreadable) | None => false,
    };
    let scope = match (has("managementGroups"), has("subscriptions")) {
        (true, false) => ManagerScope::ManagementGroup,
        (false, true) => ManagerScope::Subscription,
        // With both it depends on which of them holds the network.
        (true, true) | (false, false) => ManagerScope::Unknown,
    };
    NetworkManager { identity, scope }.into()
}

pub(crate) fn read_group<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed network group", intake);
    let mut members = Vec::new();
    for member in stated.listed("groupMembers", intake) {
        let id = ["resourceId", "vnetId", "id"].iter().find_map(|key| member.reference(key, intake).this());
        members.extend(id);
    }
    let is_conditional = !stated.text("conditionalMembership", intake).is_nothing();
    NetworkGroup { identity, members, is_conditional }.into()
}

pub(crate) fn read_static_member<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    read_group_member(node, "resourceId", false, intake)
}

pub(crate) fn read_listed_member<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    read_group_member(node, "memberId", true, intake)
}

fn read_group_member<'a>(node: &Node<'a>, key: &str, is_of_all: bool, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed group member", intake);
    let group = parent_of(&identity.id).map(|group| intake.pool.key(group));
    let member = stated.reference(key, intake);
    if member.is_nothing() {
        let sentence = format!("`{key}` is missing: who is a member is not known");
        stated.tell("missing-field", Effect::Undecided, &sentence, intake);
    }
    NetworkGroupMember { identity, group, member: member.this(), is_of_all }.into()
}

pub(crate) fn read_configuration<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed admin configuration", intake);
    let words = stated.texts("applyOnNetworkIntentPolicyBasedServices", intake);
    let beside_intent_policies = match words {
        Said::Nothing => BesideIntentPolicies::Nothing,
        Said::Unreadable => BesideIntentPolicies::Unreadable,
        Said::This(words) => match words.as_slice() {
            [] => BesideIntentPolicies::Nothing,
            [word] if word.eq_ignore_ascii_case("none") => BesideIntentPolicies::Nothing,
            [word] if word.eq_ignore_ascii_case("allowrulesonly") => BesideIntentPolicies::AllowRulesOnly,
            [word] if word.eq_ignore_ascii_case("all") => BesideIntentPolicies::All,
            words => {
                let words = words.join(", ");
                let sentence = format!(
                    "`applyOnNetworkIntentPolicyBasedServices` is {}, expected `None`, `AllowRulesOnly` or `All`",
                    Quoted(&words)
                );
                stated.tell("unknown-word", Effect::Undecided, &sentence, intake);
                BesideIntentPolicies::Unreadable
            }
        },
    };
    AdminConfiguration { identity, beside_intent_policies }.into()
}

pub(crate) fn read_collection<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed rule collection", intake);
    let applies = stated.objects("appliesToGroups", intake);
    if applies.is_nothing() {
        let sentence = "`appliesToGroups` is missing: which groups it is for is not known";
        stated.tell("missing-field", Effect::Undecided, sentence, intake);
    }
    let groups = keys_of(applies, "networkGroupId", intake);
    AdminCollection { identity, groups }.into()
}

/// `az network manager list-deploy-status`: an entry has no id and names its manager only by the configurations.
pub(crate) fn read_deployment<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "deployment", intake);
    let configurations = stated.references("configurationIds", intake).this().unwrap_or_default();
    let state = stated.text("deploymentStatus", intake).this();
    let is_done = state.is_some_and(|state| state.eq_ignore_ascii_case("deployed"));
    let committed = stated.text("commitTime", intake).this().map(|moment| moment_of(moment, intake));
    let region = stated.text("region", intake).this().map(|region| region_of(region, intake));
    let kind = stated.text("deploymentType", intake).this().unwrap_or_default();
    let place = configurations.iter().fold(String::new(), |sum, key| sum + "," + key);
    let key = format!("deployment {kind} {}{place}", region.as_deref().unwrap_or_default());
    let identity = Identity { key: intake.pool.key(&key), ..identity };
    // Older interfaces say `AdminPolicy`.
    let is_admin = ["securityadmin", "adminpolicy"].iter().any(|word| kind.eq_ignore_ascii_case(word));
    AdminDeployment { identity, region, configurations, is_admin, is_done, committed }.into()
}

/// Resource Graph's `securityadminregionalgoalstates`.
pub(crate) fn read_goal<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed goal state", intake);
    let configurations = snapshots(&stated, "securityAdminConfigurations", intake).unwrap_or_default();
    let state = stated.text("status", intake).this();
    let is_done = state
        .is_some_and(|state| ["deployed", "succeeded"].iter().any(|done| state.eq_ignore_ascii_case(done)));
    let committed = stated.text("commitTimestamp", intake).this().map(|moment| moment_of(moment, intake));
    let region = stated.text("location", intake).this().map(|region| region_of(region, intake));
    AdminDeployment { identity, region, configurations, is_admin: true, is_done, committed }.into()
}

pub(crate) fn read_effective_network<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed effective rules", intake);
    let of_id = identity.key.rsplit_once("/providers/").map(|(network, _)| network.to_owned());
    let network = stated.reference("resourceId", intake).this();
    let network = network.or_else(|| of_id.map(|network| intake.pool.key(&network)));
    let configurations = snapshots(&stated, "effectiveSecurityAdminConfigurations", intake);
    let state = stated.text("provisioningState", intake);
    let is_done = match state {
        Said::Nothing => true,
        Said::This(word) => word.eq_ignore_ascii_case("succeeded"),
        Said::Unreadable => false,
    };
    EffectiveAdminNetwork { identity, network, configurations, is_done }.into()
}

/// The keys of configurations, named by their snapshots; `None` when they cannot be read.
fn snapshots<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Option<Vec<Name>> {
    let named = match stated.references(key, intake) {
        Said::This(named) => named,
        Said::Nothing if stated.has(key) => Vec::new(),
        Said::Nothing => {
            let sentence = format!("`{key}` is missing: which configurations are in force is not known");
            stated.tell("missing-field", Effect::Undecided, &sentence, intake);
            return None;
        }
        Said::Unreadable => return None,
    };
    let whole = named.iter().map(|id| match id.split_once("/snapshots/") {
        Some((configuration, _)) => intake.pool.key(configuration),
        None => Arc::clone(id),
    });
    Some(whole.collect())
}

/// A region as it is compared: `East US` is `eastus`.
pub(crate) fn region_of(text: &str, intake: &mut Intake<'_, '_>) -> Name {
    let letters = text.chars().filter(|letter| !letter.is_whitespace());
    intake.name(&letters.collect::<String>().to_ascii_lowercase())
}

/// A moment to the second: `2026-01-10T09:12:44`, which compares as text.
pub(super) fn moment_of(text: &str, intake: &mut Intake<'_, '_>) -> Name {
    let second = text.get(..19).unwrap_or(text).replace(' ', "T");
    intake.name(&second)
}
