//! What Google answers when it is asked what is in force at an interface (`getEffectiveFirewalls`), made of the raw resources.

use serde_json::{Value, json};

use super::Estate;
use super::fields::{after, last, members, path, text};
use super::interfaces::Interface;
use super::policies::attachments;
use super::rules;
use crate::oracle::verdict::Match;

impl Estate {
    /// The answer for each interface, with its subject beside it.
    #[must_use]
    pub fn effective(&self) -> Vec<Value> {
        self.interfaces().iter().map(|interface| self.effective_of(interface)).collect()
    }

    fn effective_of(&self, interface: &Interface) -> Value {
        let here = |rule: &&Value| text(rule, "network").is_some_and(|it| self.same(it, &interface.network));
        let own = self.all("firewalls").iter().filter(here);
        let firewalls: Vec<&Value> =
            own.filter(|rule| rules::applies(rule, interface) != Match::No).collect();
        let holders = self.ancestors(&interface.network);
        let above = holders.iter().flat_map(|holder| {
            self.attached(move |place| path(place) == *holder)
                .map(|policy| self.told(policy, "HIERARCHY", interface))
        });
        let of_network = self.attached(|place| self.same(place, &interface.network));
        let of_network = of_network.filter_map(|policy| {
            let region = text(policy, "region").map(last);
            let kind = if region.is_none() { "NETWORK" } else { "NETWORK_REGIONAL" };
            region.is_none_or(|it| it == interface.region).then(|| self.told(policy, kind, interface))
        });
        json!({
            "instance": interface.instance,
            "networkInterface": last(&interface.id),
            "firewalls": firewalls,
            "firewallPolicys": above.chain(of_network).collect::<Vec<Value>>(),
        })
    }

    fn attached<'e>(&'e self, to: impl Fn(&str) -> bool + 'e) -> impl Iterator<Item = &'e Value> {
        self.all("firewallPolicies").iter().filter(move |policy| attachments(policy).iter().any(|it| to(it)))
    }

    /// A policy with the rules that are for an interface.
    fn told(&self, policy: &Value, kind: &str, interface: &Interface) -> Value {
        let own = members(policy, "rules").filter(|rule| self.applies(rule, interface) != Match::No);
        let rules: Vec<&Value> = own.collect();
        let id = self.id(policy);
        let name = after(&id, "firewallPolicies").unwrap_or_default();
        json!({"name": name, "displayName": text(policy, "shortName"), "type": kind, "rules": rules})
    }
}
