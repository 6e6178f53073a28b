//! Reserved addresses that lead to what the input does not have, and what the input has nothing of that stands in a way.

use cloud::Quoted;
use model::{Effect, Gap};

use crate::register::Found;
use crate::resource::{Link, command_of};

use super::Lowering;

impl Lowering<'_> {
    /// An external address that is used by an instance or a forwarding rule which the input lacks, although it has others
    /// of its kind: what the Internet reaches by it is not told. One that nobody uses leads nowhere.
    pub(super) fn tell_stray_addresses(&mut self) {
        let mut gaps = Vec::new();
        for address in self.estate.resources.addresses.values().filter(|one| one.is_external != Some(false)) {
            let project = address.identity.project.as_deref();
            for user in address.users.iter().filter(|user| self.is_missing_user(project, user)) {
                let message = format!(
                    "{}: it is used by {}, which is not in the input: what the Internet reaches there is not told",
                    Quoted(&address.identity.name),
                    Quoted(&user.path)
                );
                let place = address.identity.read_at.0;
                gaps.push(Gap::at(place, "dangling-reference", Effect::Narrowed, message));
            }
        }
        self.gaps.extend(gaps);
    }

    fn is_missing_user(&self, project: Option<&str>, user: &Link) -> bool {
        let resources = &self.estate.resources;
        if user.after("instances").is_some() {
            return self.has_kind("instance") && resources.instances.find(project, user) == Found::Nothing;
        }
        if user.after("forwardingRules").is_some() {
            let found = resources.forwarding_rules.find(project, user);
            return self.has_kind("forwarding-rule") && found == Found::Nothing;
        }
        // A router translates what goes out and lets nobody in.
        false
    }

    /// What the input has nothing of that stands between the Internet and interfaces.
    pub(super) fn missing_of_network(&self) -> Vec<String> {
        let mut missing = Vec::new();
        if self.network.has_unrouted {
            let command = command_of("route");
            missing.push(format!(
                "routes of a network are not in the input: replies are presumed to leave by the Internet gateway; add \
                 `{command}`"
            ));
        }
        if self.has_learned_routes() {
            missing.push(
                "routes that Cloud Routers learn are not in the input and presumed to hold nobody of the Internet; see \
                 `gcloud compute routers get-status`"
                    .to_owned(),
            );
        }
        missing
    }

    /// Whether a router learns routes of a network that interfaces stand in.
    fn has_learned_routes(&self) -> bool {
        let mut learning = self.estate.resources.routers.values().filter(|router| router.learns);
        learning.any(|router| {
            let project = router.identity.project.as_deref();
            let network = self.network_key(project, router.network.as_ref(), None);
            network.is_some_and(|network| !self.network.index.of_network(&network).is_empty())
        })
    }
}
