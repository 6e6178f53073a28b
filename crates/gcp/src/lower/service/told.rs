//! What the input has nothing of that services need, each with the command that would export it.

use super::super::Lowering;

impl Lowering<'_> {
    pub(in crate::lower) fn missing_of_services(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        let keys = self.app_engine_keys();
        if !keys.is_empty() && !self.has_kind("app-engine-firewall") {
            sentences.push(MISSING_FIREWALL.to_owned());
        }
        if !keys.is_empty() && !self.has_kind("app-engine-service") {
            sentences.push(MISSING_SERVICES.to_owned());
        }
        sentences
    }
}

const MISSING_FIREWALL: &str = "firewalls of App Engine are not in the input: everybody is possible; add `gcloud app \
                                firewall-rules list --format json`";
const MISSING_SERVICES: &str = "services of App Engine are not in the input and presumed to take requests from \
                                everywhere; add `gcloud app services list --format json`";
