//! The routes of a network as lists over packets that come in: who gets a reply by which route, and who gets none.
//!
//! Asked only where not every client gets one. Knows no instance.

use std::sync::Arc;

use cloud::{Common, Outcome, answered_rule, no_route, route_rules, without_reply};
use model::{Action, Filter, Name, Rule, RuleList, every_type};
use packet::{AddressSet, Bounds, Family, ProtocolSet};

use crate::resource::Link;

use super::routes::Table;

/// What denies whatever gets no reply: the routes that bear on clients of the Internet, in the order in which they count.
pub(super) fn answered(
    network: &Name,
    table: &Table,
    family: Family,
    internet: &AddressSet,
    common: &Common,
) -> Filter {
    let mut rules = without_reply(common);
    for (name, held) in &table.diverting {
        rules.extend(route_rules(Arc::clone(name), DIVERTING, Outcome::Unknown, held, common));
    }
    let subnets = table.subnets.iter().map(|prefix| (prefix, AddressSet::from(*prefix)));
    for (prefix, own) in subnets.filter(|(_, own)| !own.is_disjoint(internet)) {
        let name = format!("subnet {prefix}").into();
        rules.extend(route_rules(name, SUBNET, Outcome::Lost, &Bounds::exactly(Arc::new(own)), common));
    }
    for (prefix, (name, leading)) in &table.leading {
        let own = AddressSet::from(*prefix);
        if own.is_disjoint(internet) {
            continue;
        }
        let rank = PLAIN + u32::from(family.width() - prefix.length());
        let may = Arc::new(own);
        let must = if leading.is_certain { Arc::clone(&may) } else { Arc::clone(&common.nothing) };
        let sources = Bounds::between(must, may);
        rules.extend(route_rules(Arc::clone(name), rank, leading.outcome, &sources, common));
    }
    rules.push(no_route(NO_ROUTE, common));
    rules.sort_by_key(|rule| rule.rank);
    list(network, "routes", rules)
}

/// What denies whatever gets a reply.
pub(super) fn unanswered(network: &Name, clients: &Bounds<AddressSet>, common: &Common) -> Filter {
    let mut rules = without_reply(common);
    for rule in &mut rules {
        rule.action = Action::Deny;
    }
    let clients = Bounds::between(Arc::new(clients.must.clone()), Arc::new(clients.may.clone()));
    rules.push(answered_rule(ProtocolSet::EVERYTHING, every_type(), clients, common));
    list(network, "unanswered", rules)
}

fn list(network: &Name, what: &str, rules: Vec<Rule>) -> Filter {
    let link = Link::from(network);
    Filter::FirstMatch(Arc::new(RuleList {
        id: format!("{network}/{what}").into(),
        name: link.name().into(),
        kind: ROUTES_KIND,
        scope: link.project().map(Into::into),
        rules,
        behind: None,
        provenance: None,
    }))
}

/// As people know it, whatever the cloud calls it.
pub(super) const ROUTES_KIND: &str = "route-table";
const DIVERTING: u32 = 1;
const SUBNET: u32 = 2;
const PLAIN: u32 = 3;
const NO_ROUTE: u32 = PLAIN + 256;
