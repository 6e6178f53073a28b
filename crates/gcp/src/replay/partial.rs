//! What decides about a target and was never stated whole.

use model::{Name, Target};

use crate::estate::Estate;
use crate::resource::Link;

use super::Memory;

impl Memory {
    /// Whether something that decides about a target was never stated whole: the target itself, the rules of its network,
    /// a policy in its way.
    pub(crate) fn is_partial(&self, target: &Target, estate: &Estate) -> bool {
        let own = OWN.iter().filter_map(|kind| self.of(kind, &target.key));
        // The key of an interface begins with that of its instance.
        let instance = target.key.split_once("/networkInterfaces/").map(|(instance, _)| Name::from(instance));
        let instance = instance.and_then(|instance| self.of("instance", &instance));
        let firewall = self.of("app-engine-firewall", &format!("{}/firewall", target.key).into());
        if own.into_iter().chain(instance).chain(firewall).any(|is_partial| is_partial) {
            return true;
        }
        let mut lists = target.paths.iter().flat_map(|path| path.filter.lists());
        lists.any(|list| match list.kind {
            "vpc-firewall" => !estate.states_rules_of(Link::from(&list.id).project()),
            _ => self.of("firewall-policy", &list.id) == Some(true),
        })
    }

    /// Whether the object of a kind and a key is partial; `None` where there is none.
    fn of(&self, kind: &str, key: &Name) -> Option<bool> {
        self.ledger.get(kind, key).map(|object| object.is_partial)
    }
}

/// Kinds that are targets.
const OWN: [&str; 6] =
    ["instance", "network", "cloud-sql-instance", "gke-cluster", "app-engine-application", "forwarding-rule"];
