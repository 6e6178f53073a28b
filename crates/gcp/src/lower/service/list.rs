//! The list of a service as rules.

use std::sync::Arc;

use model::{Action, Filter, Matches, Rule, RuleList, every_type};
use packet::{AddressSet, Bounds, Family, PortSet, Protocol, ProtocolSet};

use crate::resource::{Identity, Line, Whom};

use super::super::Lowering;

impl Lowering<'_> {
    /// The list that a service keeps itself, which lets in nobody whom it does not name.
    pub(super) fn own_list(
        &mut self,
        identity: &Identity,
        kind: &'static str,
        lines: &[Line],
        ports: Bounds<PortSet>,
    ) -> Filter {
        let ports = Bounds::between(Arc::new(ports.must), Arc::new(ports.may));
        let mut rules: Vec<Rule> = lines.iter().map(|line| self.line(line, &ports)).collect();
        rules.sort_by_key(|rule| rule.rank);
        let list = Arc::new(RuleList {
            id: Arc::clone(&identity.id),
            name: Arc::clone(&identity.name),
            kind,
            scope: identity.project.clone(),
            rules,
            behind: None,
            provenance: Some(identity.read_at.0),
        });
        self.lists.insert(Arc::clone(&identity.key), Arc::clone(&list));
        Filter::Chain(vec![Filter::FirstMatch(list), Filter::Always(Action::Deny)])
    }

    fn line(&mut self, line: &Line, ports: &Bounds<Arc<PortSet>>) -> Rule {
        let tcp = ProtocolSet::only(Protocol::TCP);
        let (sources, tags) = match &line.sources {
            Whom::These(addresses) => (addresses.clone(), Vec::new()),
            Whom::Customers => self.customers(),
        };
        Rule {
            name: Arc::clone(&line.name),
            priority: line.priority,
            rank: line.rank,
            action: line.action,
            matches: Matches {
                protocols: Bounds::between(if line.certain { tcp } else { ProtocolSet::EMPTY }, tcp),
                sources,
                tags,
                source_ports: Bounds::exactly(Arc::clone(&self.common.every_port)),
                destinations: Bounds::exactly(Arc::clone(&self.common.everything)),
                ports: ports.clone(),
                types: every_type(),
            },
            written: Arc::clone(&line.written),
            built_in: line.built_in,
            provenance: Some(line.read_at.0),
        }
    }

    /// A line about everybody whose endpoint has IPv4 for certain, and IPv6 perhaps.
    pub(super) fn of_one_family(&self, line: &Line) -> Line {
        let v4 = Arc::new(AddressSet::whole(Family::V4));
        let sources = Bounds::between(v4, Arc::clone(&self.common.everything));
        Line { sources: Whom::These(sources), ..line.clone() }
    }
}
