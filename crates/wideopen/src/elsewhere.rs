//! What a configuration declares in clouds that nobody here reads: told, so that nothing of it passes as closed.

use std::collections::BTreeMap;

use cloud::{Declarations, Desk, Quoted};
use model::{Effect, Gap};

/// What is told of resources of such clouds, once for each provider, where the first of them is.
pub(crate) fn told(declarations: &Declarations<'_, '_>) -> Vec<Gap> {
    let mut found: BTreeMap<&str, (u64, Option<&str>)> = BTreeMap::new();
    for declared in declarations.resources.iter().filter(|declared| !declared.is_looked_up) {
        let provider = declared.kind.split('_').next().unwrap_or_default();
        if PROVIDERS.contains(&provider) {
            found.entry(provider).or_insert((0, declared.attributes.at)).0 += 1;
        }
    }
    let mut gaps = Vec::new();
    let Some(mut desk) = Desk::beside(declarations.documents, &mut gaps) else { return Vec::new() };
    for (provider, (count, at)) in found {
        let message = format!(
            "the clouds of {} are not read: {count} of its resources are not assessed",
            Quoted(provider)
        );
        let place = desk.place(at);
        desk.note(place, "unsupported-provider", Effect::Skipped, message);
    }
    gaps
}

/// Providers of clouds with firewalls, as types begin.
const PROVIDERS: &[&str] = &[
    "alicloud",
    "azurestack",
    "civo",
    "digitalocean",
    "exoscale",
    "hcloud",
    "huaweicloud",
    "ibm",
    "linode",
    "nutanix",
    "oci",
    "opentelekomcloud",
    "openstack",
    "outscale",
    "ovh",
    "scaleway",
    "tencentcloud",
    "upcloud",
    "vultr",
    "yandex",
];
