//! The addresses that the source of a rule stands for (G14).
//!
//! Address groups are exact where the input has them. Knows no class.

use std::sync::Arc;

use cloud::{Quoted, Said};
use model::{Effect, Gap, Name, Tag};
use packet::{AddressSet, Bounds};

use crate::lower::{Lowering, infrastructure};
use crate::resource::{CLOUDS, Identity, Link, PolicyRule, PolicySource, Scope};

/// Who sends what a rule matches.
#[derive(Clone, Debug)]
pub(super) struct Senders {
    pub(super) addresses: Bounds<Arc<AddressSet>>,
    pub(super) tags: Vec<Arc<Tag>>,
}

impl Lowering<'_> {
    /// Who sends what a rule of a policy matches.
    pub(super) fn senders_of(&mut self, rule: &PolicyRule, owner: &Identity) -> Senders {
        let source = &rule.source;
        if let Some(hidden) = &source.hidden {
            let message = format!(
                "{}: rule {}: only Google knows which addresses {} stands for: every address is possible",
                Quoted(&owner.name),
                Quoted(&rule.name),
                Quoted(hidden)
            );
            self.gaps.push(Gap::at(rule.read_at.0, "unresolved-source", Effect::Undecided, message));
        }
        let mut addresses = source.addresses.clone();
        for group in &source.groups {
            let items = self.items_of(group, rule, owner);
            addresses = Bounds {
                must: Arc::new(addresses.must.union(&items.must)),
                may: Arc::new(addresses.may.union(&items.may)),
            };
        }
        let mut tags: Vec<Arc<Tag>> = source.pools.iter().map(pool).collect();
        if !tags.is_empty() {
            // Any address may be on such a list (C8).
            addresses.may = Arc::clone(&self.common.everything);
        }
        if source.may_be_ignored {
            addresses.must = Arc::clone(&self.common.nothing);
            tags.clear();
        }
        self.within_scope(source, Senders { addresses, tags })
    }

    /// The items of an address group.
    fn items_of(&mut self, group: &Link, rule: &PolicyRule, owner: &Identity) -> Bounds<Arc<AddressSet>> {
        let found = self.estate.resources.address_groups.find(owner.project.as_deref(), group).one();
        match found.map(|found| &found.items) {
            Some(Said::This(items)) => return items.clone(),
            // It has been told where it was read.
            Some(Said::Nothing | Said::Unreadable) => {}
            // Where its kind is not in the input, it is missing, which is said once.
            None if self.has_kind("address-group") => {
                let message = format!(
                    "{}: rule {}: the address group {} is not in the input: it may hold every address",
                    Quoted(&owner.name),
                    Quoted(&rule.name),
                    Quoted(&group.path)
                );
                self.gaps.push(Gap::at(rule.read_at.0, "dangling-reference", Effect::Undecided, message));
            }
            None => {}
        }
        self.common.unknown()
    }

    /// What is left of senders where a rule asks for a network type besides: what comes from the Internet to an external
    /// address is of the type INTERNET, and of no other. Health checks and proxies of Google may be of either.
    fn within_scope(&self, source: &PolicySource, senders: Senders) -> Senders {
        let internet = &self.network.internet;
        let Senders { addresses: Bounds { must, may }, tags } = senders;
        match source.scope {
            Scope::Everywhere => Senders { addresses: Bounds { must, may }, tags },
            Scope::Internet => {
                let outside = internet.union(&infrastructure());
                let addresses = Bounds {
                    must: Arc::new(must.intersection(internet)),
                    may: Arc::new(may.intersection(&outside)),
                };
                Senders { addresses, tags }
            }
            Scope::NonInternet => {
                let inside = internet.union(&infrastructure()).complement();
                let addresses = Bounds {
                    must: Arc::new(must.intersection(&inside)),
                    may: Arc::new(may.difference(internet)),
                };
                Senders { addresses, tags: Vec::new() }
            }
            Scope::SomeNetworks => {
                let may = Arc::new(may.difference(internet));
                Senders {
                    addresses: Bounds { must: Arc::clone(&self.common.nothing), may },
                    tags: Vec::new(),
                }
            }
            Scope::Unreadable => {
                let may = if tags.is_empty() { may } else { Arc::clone(&self.common.everything) };
                Senders {
                    addresses: Bounds { must: Arc::clone(&self.common.nothing), may },
                    tags: Vec::new(),
                }
            }
        }
    }
}

/// A list of clouds whose addresses anybody can rent; that of one cloud is within that of all.
fn pool(name: &Name) -> Arc<Tag> {
    let within = if **name == *CLOUDS { Vec::new() } else { vec![Name::from(CLOUDS)] };
    Arc::new(Tag { name: Arc::clone(name), within })
}
