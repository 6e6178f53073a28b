//! Security policies of Cloud Armor: rules about those who come to a load balancer or to an external address.

use cloud::{Said, Stated};

use crate::intake::Intake;

use super::super::{Identity, Origin};
use super::security_rule::SecurityRule;
use super::{is_told, or_empty};

/// A security policy.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SecurityPolicy {
    pub(crate) identity: Identity,
    /// Its rules, ascending by priority. Nothing: not told.
    pub(crate) rules: Said<Vec<SecurityRule>>,
}

impl SecurityPolicy {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let identity = Identity::read(stated, "securityPolicies", origin, intake)?;
        let rules = stated.objects("rules", intake).map(|rules| {
            let mut rules: Vec<SecurityRule> =
                rules.iter().map(|rule| SecurityRule::read(rule, intake)).collect();
            rules.sort_by_key(|rule| rule.priority);
            rules
        });
        Some(Self { identity, rules: or_empty(rules, is_told(stated, "rules", origin)) })
    }
}
