//! The routes of a table as a list over packets that come in: who gets a reply by which route.
//!
//! Asked only where not every client gets one. Knows no subnet.

use std::sync::Arc;

use cloud::Common;
use model::{Action, Matches, Name, Rule, RuleList, every_type};
use packet::{AddressSet, Bounds, Family, ProtocolSet};

use crate::resource::RouteTable;

use super::painted::{Outcome, Painted};
use super::reply::without_reply;
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
        push(&mut rules, "route of unknown addresses".into(), FLOATING, *outcome, sources, common);
    }
    for (position, (id, held, outcome)) in painted.listed.iter().enumerate() {
        let must = painted.certain_of(position, family);
        let sources = Bounds::between(Arc::new(must), Arc::new(held.may.only(family)));
        if !held.may.is_disjoint(internet) {
            push(&mut rules, Arc::clone(id), LISTED, *outcome, sources, common);
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
        push(&mut rules, name.into(), rank, plain.outcome, sources, common);
    }
    let everybody = Bounds::exactly(Arc::clone(&common.everything));
    let rest = Rule { built_in: true, ..rule("no route".into(), NO_ROUTE, Action::Deny, everybody, common) };
    rules.push(rest);
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

/// The rules of one route: of one that may lead on, both answers, neither before the other.
fn push(
    rules: &mut Vec<Rule>,
    name: Name,
    rank: u32,
    outcome: Outcome,
    sources: Bounds<Arc<AddressSet>>,
    common: &Common,
) {
    let actions: &[Action] = match outcome {
        // It takes nothing away, and opens nothing either.
        Outcome::Returns => &[Action::Pass],
        Outcome::Lost => &[Action::Deny],
        Outcome::Unknown => &[Action::Pass, Action::Deny],
    };
    for action in actions {
        rules.push(rule(Arc::clone(&name), rank, *action, sources.clone(), common));
    }
}

fn rule(name: Name, rank: u32, action: Action, sources: Bounds<Arc<AddressSet>>, common: &Common) -> Rule {
    let every_port = Bounds::exactly(Arc::clone(&common.every_port));
    Rule {
        written: Arc::clone(&name),
        name,
        priority: None,
        rank,
        action,
        matches: Matches {
            protocols: Bounds::exactly(ProtocolSet::EVERYTHING),
            sources,
            tags: Vec::new(),
            source_ports: every_port.clone(),
            destinations: Bounds::exactly(Arc::clone(&common.everything)),
            ports: every_port,
            types: every_type(),
        },
        built_in: false,
        provenance: None,
    }
}

const FLOATING: u32 = 1;
const LISTED: u32 = 2;
const PLAIN: u32 = 3;
const NO_ROUTE: u32 = PLAIN + 256;
