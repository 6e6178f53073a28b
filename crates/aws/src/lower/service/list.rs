//! The list of a service as rules.

use std::sync::Arc;

use model::{Action, Filter, Matches, Rule, RuleList};
use packet::{Bounds, ProtocolSet};

use crate::resource::{Identity, Line};

use super::super::Lowering;

impl Lowering<'_> {
    /// The list that a service keeps itself, which lets in nobody whom it does not name.
    pub(super) fn own_list(&mut self, identity: &Identity, kind: &'static str, lines: &[&Line]) -> Filter {
        let mut rules: Vec<Rule> = lines.iter().map(|line| self.line(line)).collect();
        rules.sort_by_key(|rule| rule.rank);
        let list = Arc::new(RuleList {
            id: Arc::clone(&identity.id),
            name: Arc::clone(&identity.name),
            kind,
            scope: identity.account.clone(),
            rules,
            behind: None,
            provenance: Some(identity.read_at.0),
        });
        self.lists.insert(Arc::clone(&identity.key), Arc::clone(&list));
        Filter::Chain(vec![Filter::FirstMatch(list), Filter::Always(Action::Deny)])
    }

    fn line(&self, line: &Line) -> Rule {
        let numbers = &line.numbers;
        let must = if line.certain { numbers.protocols.must } else { ProtocolSet::EMPTY };
        Rule {
            name: Arc::clone(&line.name),
            priority: None,
            // Denials win; among themselves lines have no order.
            rank: u32::from(line.action == Action::Allow),
            action: line.action,
            matches: Matches {
                protocols: Bounds::between(must, numbers.protocols.may),
                sources: line.sources.clone(),
                tags: Vec::new(),
                source_ports: Bounds::exactly(Arc::clone(&self.common.every_port)),
                destinations: Bounds::exactly(Arc::clone(&self.common.everything)),
                ports: numbers.ports.clone(),
                types: numbers.types.clone(),
            },
            written: Arc::clone(&line.written),
            built_in: line.built_in,
            provenance: Some(line.read_at.0),
        }
    }
}
