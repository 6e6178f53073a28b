//! The network tags and service accounts that rules speak of. Those that none speaks of tell no interfaces apart.

use cloud::{LookupSet, Said};
use model::Name;

use crate::estate::Estate;
use crate::resource::{Targets, Verdict};

/// What rules speak of, in lower case.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub(super) tags: LookupSet<Name>,
    pub(super) accounts: LookupSet<Name>,
    /// Whether a policy leaves the decision to the next one, or to rules, for some machines only: then it takes what two
    /// names open together to let a packet in.
    pub(super) has_step: bool,
}

impl Named {
    pub(super) fn of(estate: &Estate) -> Self {
        let mut named = Self::default();
        let answered = estate
            .resources
            .effective_firewalls
            .values()
            .filter_map(|view| view.firewalls.this_ref())
            .flatten();
        let firewalls = estate.resources.firewalls.values().chain(answered);
        for inbound in firewalls.filter_map(|rule| rule.inbound.as_ref()) {
            match &inbound.targets {
                Targets::Tagged(tags) => named.tags.extend(tags.iter().cloned()),
                Targets::RunningAs(accounts) => named.accounts.extend(accounts.iter().cloned()),
                Targets::Everyone | Targets::Unknown => {}
            }
        }
        // Policies name accounts, too.
        let policies = estate.resources.firewall_policies.values().map(|policy| &policy.rules);
        let parts = estate.resources.policy_rules.values().map(|part| &part.rules);
        let views = estate.resources.effective_firewalls.values();
        let of_views =
            views.filter_map(|view| view.policies.this_ref()).flatten().map(|policy| &policy.rules);
        for rule in policies.chain(parts).chain(of_views).filter_map(Said::this_ref).flatten() {
            named.accounts.extend(rule.audience.accounts.this_ref().into_iter().flatten().cloned());
            let is_for_some = !rule.audience.accounts.is_nothing() || !rule.audience.tags.is_nothing();
            named.has_step |= is_for_some && rule.verdict == Verdict::GoToNext;
        }
        named
    }
}
