//! Answers of effective firewalls that lack rules which other documents have: one of them is older.
//!
//! The answer counts. What it leaves out would else be closed without a word.

use std::sync::Arc;

use cloud::Quoted;
use model::{Effect, Gap, Name};

use crate::lower::Lowering;
use crate::lower::class::Class;
use crate::lower::network_index::{Seat, network_key};
use crate::resource::{EffectiveFirewalls, Subject};

impl<'e> Lowering<'e> {
    /// Tells of each answer that lacks a rule which lets something in.
    pub(in crate::lower) fn tell_contradicted_views(&mut self) {
        for view in self.estate.resources.effective_firewalls.values() {
            let classes = match &view.subject {
                Subject::Network { network, .. } => {
                    let key = network_key(self.estate, network.project(), Some(network), None);
                    self.tell_lacking(view, key.as_ref(), None);
                    continue;
                }
                Subject::Interface { .. } => self.classes_of_view(view),
            };
            for class in classes {
                self.tell_lacking(view, class.network.as_ref(), Some(&class));
            }
        }
    }

    /// The interface that an answer is about, as if there were no answer.
    fn classes_of_view(&mut self, view: &'e EffectiveFirewalls) -> Vec<Arc<Class>> {
        let Subject::Interface { instance, .. } = &view.subject else { return Vec::new() };
        let Some(instance) = self.estate.resources.instances.find(instance.project(), instance).one() else {
            return Vec::new();
        };
        let seats = instance.interfaces.iter().map(|interface| Seat { instance, interface });
        let own: Vec<Seat<'e>> =
            seats.filter(|seat| self.view_key_of(*seat).as_ref() == Some(&view.identity.key)).collect();
        own.into_iter().map(|seat| self.class_of(seat.instance, seat.interface)).collect()
    }

    fn tell_lacking(&mut self, view: &EffectiveFirewalls, network: Option<&Name>, class: Option<&Class>) {
        let (Some(network), Some(own)) = (network, view.firewalls.this_ref()) else { return };
        let book = Arc::clone(&self.rules.book);
        let Some(page) = book.page(network) else { return };
        let selected = match class {
            Some(class) => page.select(class),
            None => (0..page.entries.len()).map(|position| (position, true)).collect(),
        };
        let certain = selected.iter().filter(|(_, is_certain)| *is_certain);
        let mut entries = certain.filter_map(|(position, _)| page.entries.get(*position));
        let lacking = entries.find(|entry| {
            let name = &entry.firewall.identity.name;
            entry.is_placed
                && !entry.inbound.allowed.is_empty()
                && !own.iter().any(|rule| rule.identity.name == *name)
        });
        if let Some(entry) = lacking {
            let message = format!(
                "effective firewalls of {} lack the rule {}, which another document has: they count, unless they are \
                 older; export both anew",
                Quoted(network),
                Quoted(&entry.firewall.identity.name)
            );
            let place = view.identity.read_at.0;
            self.gaps.push(Gap::at(place, "contradicting-documents", Effect::Undecided, message));
        }
    }
}
