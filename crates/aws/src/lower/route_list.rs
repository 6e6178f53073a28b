//! The routes of a table as a list over packets that come in: who gets a reply by which route.
//!
//! Asked only where not every client gets one. Knows no subnet.

use std::sync::Arc;

use cloud::{Common, no_route, route_rules, without_reply};
use model::RuleList;
use packet::{AddressSet, Bounds, Family};

use crate::resource::RouteTable;

use super::painted::Painted;
use super::routes::TABLE_KIND;

/// The routes that bear on clients of the Internet, the longest prefix first.
pub(super) fn route_list(
    table: &RouteTable,
    painted: &Painted,
    family: Family,
    internet: &AddressSet,
    common: &Common,
) -> RuleList {
    let mut rules = without_reply(common);
    for outcome in &painted.floating {
        let everything = Arc::clone(&common.everything);
        let nobody = Arc::clone(&common.nothing);
        let sources = Bounds::between(nobody, everything);
        rules.extend(route_rules("route of unknown addresses".into(), FLOATING, *outcome, &sources, common));
    }
    for (position, (id, held, outcome)) in painted.listed.iter().enumerate() {
        let must = painted.certain_of(position, family);
        let sources = Bounds::between(Arc::new(must), Arc::new(held.may.only(family)));
        if !held.may.is_disjoint(internet) {
            rules.extend(route_rules(Arc::clone(id), LISTED, *outcome, &sources, common));
        }
    }
    for (prefix, plain) in &painted.plain {
        let sources = AddressSet::from(*prefix);
        if sources.is_disjoint(internet) {
            continue;
        }
        let rank = PLAIN + u32::from(u8::MAX - prefix.length());
        let sources = Bounds::exactly(Arc::new(sources));
        let name = match &plain.list {
            Some(list) => format!("{list} {prefix}"),
            None => prefix.to_string(),
        };
        rules.extend(route_rules(name.into(), rank, plain.outcome, &sources, common));
    }
    rules.push(no_route(NO_ROUTE, common));
    rules.sort_by_key(|rule| rule.rank);
    for rule in &mut rules {
        rule.provenance = Some(table.identity.read_at.0);
    }
    RuleList {
        id: Arc::clone(&table.identity.id),
        name: Arc::clone(&table.identity.name),
        kind: TABLE_KIND,
        scope: table.identity.account.clone(),
        rules,
        behind: None,
        provenance: Some(table.identity.read_at.0),
    }
}

const FLOATING: u32 = 1;
const LISTED: u32 = 2;
const PLAIN: u32 = 3;
const NO_ROUTE: u32 = PLAIN + 256;
