//! Interfaces of which the input has nothing but an answer of effective firewalls.

use std::sync::Arc;

use model::{Carries, Destinations, Name, Path, Reach, Target};

use crate::lower::class::Class;
use crate::lower::{CLOUD_NAME, Lowering};
use crate::resource::{EffectiveFirewalls, Link, Subject};

impl Lowering<'_> {
    /// The keys of answers about interfaces, in no order.
    pub(in crate::lower) fn view_keys(&self) -> Vec<Name> {
        let views = self.estate.resources.effective_firewalls.values();
        let of_interface = views.filter(|view| matches!(view.subject, Subject::Interface { .. }));
        of_interface.map(|view| Arc::clone(&view.identity.key)).collect()
    }

    /// The interface that an answer is about; `None` where the input has its instance, which then answers for it.
    pub(in crate::lower) fn view_target(&mut self, key: &Name) -> Option<Target> {
        let view = self.estate.resources.effective_firewalls.get(key)?;
        let Subject::Interface { instance, interface } = &view.subject else { return None };
        if self.estate.resources.instances.find(instance.project(), instance).one().is_some() {
            return None;
        }
        let class = Class { view: Some(Arc::clone(key)), ..Class::bare(network_in(view).as_ref()) };
        let path = Path {
            reach: Reach::Admitted,
            front: None,
            destinations: Destinations::SomeOf(Arc::clone(&self.common.everything)),
            carries: Carries::Everything,
            hops: Vec::new(),
            filter: self.firewall(&Arc::new(class)),
        };
        let name = interface.as_deref().unwrap_or("nic0");
        Some(Target {
            cloud: CLOUD_NAME,
            id: format!("{}/networkInterfaces/{name}", instance.path).into(),
            key: Arc::clone(key),
            kind: "network-interface",
            name: instance.name().into(),
            scope: instance.project().map(Name::from),
            power: None,
            attributes: vec![("instance", Arc::clone(&instance.path))],
            paths: vec![path],
            provenance: Some(view.identity.read_at.0),
        })
    }
}

/// The network that the rules of an answer are of.
fn network_in(view: &EffectiveFirewalls) -> Option<Name> {
    let firewalls = view.firewalls.this_ref()?;
    let network: &Link = firewalls.first()?.network.as_ref()?;
    Some(Arc::clone(&network.path))
}
