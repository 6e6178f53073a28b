//! Network security groups: their rules in the order in which they are read, and what they say they are attached to.
//!
//! Knows nothing of what the tags in its rules stand for, nor whether what it is attached to exists.

use cloud::Quoted;
use cloud::json::Json;
use model::{Effect, Name};

use crate::intake::Intake;
use crate::wire::{DECLARED, Element, List, Object, Rule};

use super::identity::{Identity, objects, reference_keys, tell_missing};
use super::rule_intake::Origin;
use super::security_rule::SecurityRule;

/// A network security group: its inbound rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub(crate) identity: Identity,
    /// Ascending by priority, default rules included; a rule whose priority is not known comes first.
    pub(crate) rules: Vec<SecurityRule>,
    /// Whether the document is a projection, in which what is absent says nothing (semantics X3).
    pub(crate) is_projected: bool,
    /// Whether it is declared and not made yet: then it does not say what it is attached to.
    pub(crate) is_declared: bool,
    /// Keys of the interfaces and subnets it says it is attached to.
    pub(crate) interfaces: Vec<Name>,
    pub(crate) subnets: Vec<Name>,
}

impl Group {
    pub(crate) fn read<'a>(element: &Element<'a>, intake: &mut Intake<'_, 'a>) -> Self {
        let identity = Identity::read(element, "unnamed group", intake);
        let mut rules = read_rules(&element.rules, "securityRules", Origin::Stated, &identity, intake);
        if element.rules.is_absent() {
            tell_missing("securityRules", identity.owner(), intake);
            rules.push(SecurityRule::unknown(intake.pool));
        }
        rules.sort_by_key(|rule| rule.priority);
        tell_equal_priorities(&rules, &identity.name, intake);
        let stated =
            read_rules(&element.default_rules, "defaultSecurityRules", Origin::BuiltIn, &identity, intake);
        let defaults = complete_defaults(stated, &identity, intake);
        rules.reserve_exact(defaults.len());
        rules.extend(defaults);
        rules.shrink_to_fit();
        rules.sort_by_key(|rule| rule.priority);
        Self {
            // X3: an export that nobody projected has one of these.
            is_projected: element.etag.is_absent() && element.default_rules.is_absent(),
            is_declared: element.provisioning_state.get() == Some(DECLARED),
            rules,
            interfaces: reference_keys(("networkInterfaces", &element.interfaces), identity.owner(), intake)
                .0,
            subnets: subnet_keys(element, &identity, intake),
            identity,
        }
    }

    /// The same group with other rules.
    pub(crate) fn with_rules(&self, rules: Vec<SecurityRule>) -> Self {
        Self {
            identity: self.identity.clone(),
            rules,
            is_projected: self.is_projected,
            is_declared: self.is_declared,
            interfaces: self.interfaces.clone(),
            subnets: self.subnets.clone(),
        }
    }

    /// Whether any of its rules names an application security group.
    pub(crate) fn uses_application_groups(&self) -> bool {
        self.rules.iter().any(|rule| !rule.sources.groups.is_empty() || !rule.destinations.groups.is_empty())
    }
}

/// Reads a list of rules; whatever in it is no rule is told.
pub(super) fn read_rules<'a>(
    list: &List<Object<Rule<'a>>>,
    field: &str,
    origin: Origin,
    owner: &Identity,
    intake: &mut Intake<'_, 'a>,
) -> Vec<SecurityRule> {
    let strange = |json: Json, what: &str, intake: &mut Intake<'_, 'a>| {
        let message = format!("{}: {what}`{field}` is {json}, expected rules", Quoted(&owner.name));
        intake.note(owner.read_at.0, json.code(), Effect::Undecided, message);
    };
    if let List::Not(json) = list {
        strange(*json, "", intake);
        return vec![SecurityRule::unknown(intake.pool)];
    }
    let mut rules = Vec::with_capacity(list.items().len());
    for (position, item) in list.items().iter().enumerate() {
        match item {
            Object::Is(rule) => {
                rules.extend(SecurityRule::read(rule, origin, (&owner.name, position), intake));
            }
            Object::Not(json) => {
                strange(*json, "an item of ", intake);
                rules.push(SecurityRule::unknown(intake.pool));
            }
            Object::Absent => {
                strange(Json::Null, "an item of ", intake);
                rules.push(SecurityRule::unknown(intake.pool));
            }
        }
    }
    rules
}

/// A2: the default rules cannot be removed; what the document leaves out is added.
fn complete_defaults(
    mut stated: Vec<SecurityRule>,
    group: &Identity,
    intake: &mut Intake<'_, '_>,
) -> Vec<SecurityRule> {
    for rule in intake.pool.default_rules().iter() {
        match stated.iter_mut().find(|known| known.priority == rule.priority) {
            None => stated.push(rule.clone()),
            Some(known) if known.access == rule.access => {}
            Some(known) => {
                known.certain = false;
                let place = known.read_at.unwrap_or(group.read_at).0;
                let message = format!(
                    "{}: the default rule {} has another `access` than Azure gives it",
                    Quoted(&group.name),
                    Quoted(&known.name)
                );
                intake.note(place, "changed-default-rule", Effect::Undecided, message);
            }
        }
    }
    stated
}

/// X1: two rules of one direction cannot have one priority. Either may come first.
fn tell_equal_priorities(rules: &[SecurityRule], group: &str, intake: &mut Intake<'_, '_>) {
    for pair in rules.windows(2) {
        if let [first, second] = pair
            && let Some(priority) = first.priority
            && first.priority == second.priority
            && let Some(read_at) = second.read_at
        {
            let message = format!(
                "{}: rules {} and {} both have the inbound priority {priority}, expected one of them: both orders \
                 are taken as possible",
                Quoted(group),
                Quoted(&first.name),
                Quoted(&second.name)
            );
            intake.note(read_at.0, "equal-priorities", Effect::Undecided, message);
        }
    }
}

/// The keys of the subnets that a group or a route table says it is attached to.
pub(super) fn subnet_keys<'a>(
    element: &Element<'a>,
    owner: &Identity,
    intake: &mut Intake<'_, 'a>,
) -> Vec<Name> {
    let subnets = objects(("subnets", &element.subnets), owner.owner(), intake);
    let mut keys: Vec<Name> = Vec::with_capacity(subnets.len());
    for subnet in subnets {
        match subnet.id.get() {
            Some(id) => keys.push(intake.pool.key(id)),
            None => tell_missing("id", (&format!("{}: subnets", owner.name), owner.read_at), intake),
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}
