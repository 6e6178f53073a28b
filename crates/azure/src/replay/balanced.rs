//! What interfaces take of a load balancer goes with it: a pool or a rule that is gone is theirs no more.
//!
//! Whoever deletes a load balancer need not write the interfaces in its pools: the provider takes them out.

use std::sync::Arc;

use cloud::audit::Spot;
use cloud::json::{Node, Tree};
use model::Name;

use crate::resource::{Balancing, name_of};

use super::step::{BALANCER, INTERFACE, Step};

impl Step<'_> {
    /// After an edit of a load balancer: interfaces refer to nothing of it that is not there.
    pub(super) fn balancer(&mut self, key: &Name) {
        let object = self.ledger.get(BALANCER, key);
        // What nobody stated whole may have parts that nobody saw.
        if object.is_some_and(|object| object.is_partial) {
            return;
        }
        let node = object.map(|object| object.node.clone());
        for (of_interface, own) in LISTS {
            let is_gone = |part: &Name| match &node {
                None => part.starts_with(&format!("{key}/")),
                Some(node) => {
                    part.starts_with(&format!("{key}/{}/", own.to_ascii_lowercase()))
                        && lacks(node, own, part)
                }
            };
            let all = self.estate.interfaces.iter();
            let users = all.filter(|(_, interface)| {
                let balancing = interface.configurations.iter().filter_map(|one| one.balancing.as_ref());
                balancing.flat_map(|one| one.parts()).any(&is_gone)
            });
            let users: Vec<Name> = users.map(|(key, _)| Arc::clone(key)).collect();
            for user in users {
                if let Some(known) = self.estate.interfaces.get_mut(&user) {
                    for configuration in &mut known.configurations {
                        if let Some(balancing) = &mut configuration.balancing {
                            balancing.forget(&is_gone);
                        }
                        let is_silent = configuration
                            .balancing
                            .as_deref()
                            .is_some_and(|one| *one == Balancing::default());
                        if is_silent {
                            configuration.balancing = None;
                        }
                    }
                }
                self.forget_in(&user, of_interface, &is_gone);
            }
        }
    }

    /// Takes references out of the configurations of an interface as the ledger has them.
    fn forget_in(&mut self, user: &Name, list: &'static str, is_gone: &dyn Fn(&Name) -> bool) {
        let spot = Spot::of(&["ipConfigurations"]);
        let configurations = self.ledger.get(INTERFACE, user).and_then(|object| spot.find(&object.node));
        let Some(Tree::List(configurations)) = configurations else { return };
        let mut configurations = configurations.clone();
        for configuration in &mut configurations {
            let Tree::Object(configuration) = configuration else { continue };
            let Some(Tree::List(items)) = configuration.own_mut(list) else { continue };
            items.retain(|item| !refers(item, is_gone));
        }
        self.set(INTERFACE, user, "ipConfigurations", Tree::List(configurations));
    }
}

fn refers(item: &Tree<'static>, is_gone: &dyn Fn(&Name) -> bool) -> bool {
    let Tree::Object(item) = item else { return false };
    matches!(item.own("id"), Some(Tree::Text(id)) if is_gone(&id.to_ascii_lowercase().into()))
}

/// Whether a list of parts that is stated has none of a name.
fn lacks(node: &Node<'static>, list: &str, part: &str) -> bool {
    let Some(Tree::List(items)) = node.own(list) else { return false };
    let is_it = |item: &Tree<'static>| match item {
        Tree::Object(item) => {
            matches!(item.own("name"), Some(Tree::Text(name)) if name.eq_ignore_ascii_case(name_of(part)))
        }
        _ => false,
    };
    !items.iter().any(is_it)
}

/// Where interfaces refer to parts, and where a load balancer has these.
const LISTS: [(&str, &str); 2] = [
    ("loadBalancerBackendAddressPools", "backendAddressPools"),
    ("loadBalancerInboundNatRules", "inboundNatRules"),
];
