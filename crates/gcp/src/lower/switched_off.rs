//! Services that are switched off: nothing of them is in the project for which they are.
//!
//! Google asks in whose name it is asked. That is the project that was asked about, or one that only pays for the question;
//! then what was asked for is not answered.

use std::collections::BTreeSet;

use cloud::Quoted;
use model::{Effect, Gap, Name};

use crate::resource::is_number;
use crate::wire::Disabled;

use super::Lowering;

impl Lowering<'_> {
    /// Tells of what was asked in the name of a project that is none of the input's.
    pub(super) fn tell_switched_off_elsewhere(&mut self) {
        let projects = self.projects();
        let elsewhere = self.estate.disabled.iter().filter(|one| is_elsewhere(one, &projects));
        let told = elsewhere.map(|one| {
            let consumer = Quoted(one.consumer.as_deref().unwrap_or_default());
            let message = format!(
                "`{}` is switched off in {consumer}, which is no project of the input: what was asked for in its name is \
                 not read",
                one.service
            );
            Gap::at(one.read_at, "error-answer", Effect::Skipped, message)
        });
        let told: Vec<Gap> = told.collect();
        self.gaps.extend(told);
    }

    /// What is presumed of the others.
    pub(super) fn missing_of_services_switched_off(&self) -> BTreeSet<String> {
        let told = self.estate.disabled.iter().map(|one| {
            let place = one.consumer.as_ref().map(|consumer| format!(" in `{consumer}`")).unwrap_or_default();
            format!("`{}` is switched off{place}: presumed that nothing of it is there", one.service)
        });
        told.collect()
    }

    /// The projects of the input, by number and id.
    fn projects(&self) -> BTreeSet<Name> {
        let resources = &self.estate.resources;
        let identities = resources.networks.values().map(|it| &it.identity);
        let identities = identities.chain(resources.firewalls.values().map(|it| &it.identity));
        let identities = identities.chain(resources.instances.values().map(|it| &it.identity));
        let identities = identities.chain(resources.projects.values().map(|it| &it.identity));
        let named = identities.filter_map(|identity| identity.project.clone());
        let numbers = resources.projects.values().filter_map(|project| project.number.clone());
        named.chain(numbers).chain(self.estate.hierarchy.projects().cloned()).collect()
    }
}

/// Whether a service is switched off for nobody of the input: by number where the input tells numbers, by id where it
/// tells ids.
fn is_elsewhere(one: &Disabled, projects: &BTreeSet<Name>) -> bool {
    let Some(consumer) = one.consumer.as_deref() else { return false };
    let consumer = consumer.strip_prefix("projects/").unwrap_or(consumer);
    let mut alike = projects.iter().filter(|project| is_number(project) == is_number(consumer)).peekable();
    alike.peek().is_some() && alike.all(|project| **project != *consumer)
}
