//! Routes of the reply: where a table sends it elsewhere, a TCP connection need not come about (AP13).
//!
//! Who sends one datagram needs no reply, so only TCP is less certain. Routes that gateways learn are in no export.

use std::sync::Arc;

use model::{Action, Filter, Matches, Name, Rule, RuleList, every_type};
use packet::{AddressSet, Bounds, Prefix, Protocol, ProtocolSet};

use crate::resource::{IpConfiguration, NextHop, RoutePrefix, RouteTable, UNREADABLE_KEY, UserRoute};

use super::Lowering;
use super::way::Way;

impl Lowering<'_> {
    /// The filter of an address with a possible denial of what is not answered on the way it came.
    pub(super) fn replied(&mut self, configuration: &IpConfiguration, filter: Filter, way: &Way) -> Filter {
        // The reply to what stands in for a client goes to where that is.
        let Some(subnet) = configuration.subnet.as_ref().filter(|_| way.seen_as.is_none()) else {
            return filter;
        };
        let lost = self.lost_replies(subnet);
        if lost.is_empty() {
            return filter;
        }
        let lists = lost.iter().map(|list| Filter::FirstMatch(Arc::clone(list)));
        Filter::Chain(lists.chain([filter]).collect())
    }

    /// What the routes of a subnet may take from TCP, one list for each table that it may have.
    fn lost_replies(&mut self, subnet: &Name) -> Arc<[Arc<RuleList>]> {
        if let Some(known) = self.memo.lost_replies.get(subnet) {
            return Arc::clone(known);
        }
        let tables = self.tables_of(subnet);
        let lists: Vec<_> =
            tables.into_iter().filter_map(|table| self.lost_by(table)).map(Arc::new).collect();
        let lists: Arc<[Arc<RuleList>]> = lists.into();
        self.memo.lost_replies.insert(Arc::clone(subnet), Arc::clone(&lists));
        lists
    }

    /// The tables that a subnet has or may have, by what it and the tables say. One that is not in the input was told
    /// as a gap where the tag `VirtualNetwork` was put together, and takes nothing away for certain.
    fn tables_of(&self, subnet: &Name) -> Vec<Table<'_>> {
        let estate = self.estate;
        let stated = estate.subnets.get(subnet);
        if let Some(key) = stated.and_then(|subnet| subnet.route_table.as_ref()) {
            return match estate.route_tables.get(key) {
                Some(table) => vec![Table::Known(table)],
                // The whole kind is absent: told in the coverage. One that is not known may be any.
                None if estate.route_tables.is_empty() && **key != *UNREADABLE_KEY => Vec::new(),
                None => vec![Table::Missing(key)],
            };
        }
        let told = self.index.tables_of_subnet.get(subnet).map_or(&[][..], Vec::as_slice);
        let is_open = stated.is_none_or(|subnet| !subnet.tells_route_table);
        let tables = told.iter().filter_map(|key| estate.route_tables.get(key));
        let silent =
            estate.route_tables.values().filter(|table| is_open && told.is_empty() && !table.tells_subnets);
        tables.chain(silent).map(Table::Known).collect()
    }

    /// The possible denials of a table; `None` where every reply goes to the Internet.
    fn lost_by(&self, table: Table<'_>) -> Option<RuleList> {
        let (id, name, scope, read_at, lost) = match table {
            Table::Known(table) => {
                let identity = &table.identity;
                let scope = identity.scope.clone();
                (
                    &identity.id,
                    Arc::clone(&identity.name),
                    scope,
                    Some(identity.read_at.0),
                    self.lost_routes(table),
                )
            }
            Table::Missing(key) => {
                let unknown = (Name::from("unknown routes"), AddressSet::everything());
                (key, crate::resource::name_of(key).into(), None, None, vec![unknown])
            }
        };
        let rules = lost.into_iter().map(|(route, clients)| self.lost_rule(route, clients));
        let rules: Vec<Rule> = rules.collect();
        (!rules.is_empty()).then(|| RuleList {
            id: Arc::clone(id),
            name,
            kind: TABLE_KIND,
            scope,
            rules,
            behind: None,
            provenance: read_at,
        })
    }

    /// The routes that lead replies elsewhere, each with the clients whose replies those are: the longest prefix wins.
    fn lost_routes(&self, table: &RouteTable) -> Vec<(Name, AddressSet)> {
        let mut lost = Vec::new();
        let mut routes: Vec<(Prefix, &UserRoute)> = Vec::new();
        for route in &table.routes {
            match &route.prefix {
                RoutePrefix::Prefix(prefix) => routes.push((*prefix, route)),
                // Whose members have which length is not looked at: none is taken out of another route.
                RoutePrefix::Tag(tag) if route.next_hop != NextHop::Internet => {
                    let known = self.estate.catalogue.as_ref().and_then(|known| known.addresses(&tag.key));
                    let clients = known.map_or_else(AddressSet::everything, |known| AddressSet::clone(known));
                    lost.push((Arc::clone(&route.name), clients));
                }
                RoutePrefix::Tag(_) => {}
                RoutePrefix::Unreadable => lost.push((Arc::clone(&route.name), AddressSet::everything())),
            }
        }
        routes.sort_by(|(one, a), (other, b)| {
            (other.length(), one, &a.name).cmp(&(one.length(), other, &b.name))
        });
        let mut decided = AddressSet::empty();
        for (prefix, route) in routes {
            let clients = AddressSet::from(prefix).difference(&decided);
            decided = decided.union(&clients);
            if route.next_hop != NextHop::Internet && !clients.is_empty() {
                lost.push((Arc::clone(&route.name), clients));
            }
        }
        // Private clients are none from the Internet: routes among networks take nothing.
        lost.retain(|(_, clients)| !clients.is_subset(&self.memo.private));
        lost
    }

    fn lost_rule(&self, route: Name, clients: AddressSet) -> Rule {
        let common = &self.memo.common;
        let every_port = Bounds::exactly(Arc::clone(&common.every_port));
        Rule {
            name: route,
            priority: None,
            rank: 0,
            action: Action::Deny,
            matches: Matches {
                // Whether what replies go to passes them on is not known.
                protocols: Bounds::between(ProtocolSet::EMPTY, ProtocolSet::only(Protocol::TCP)),
                sources: Bounds::exactly(Arc::new(clients)),
                tags: Vec::new(),
                source_ports: every_port.clone(),
                destinations: Bounds::exactly(Arc::clone(&common.everything)),
                ports: every_port,
                types: every_type(),
            },
            written: "".into(),
            built_in: false,
            provenance: None,
        }
    }
}

/// A route table of a subnet, in the input or not. Complete.
enum Table<'e> {
    Known(&'e RouteTable),
    Missing(&'e Name),
}

const TABLE_KIND: &str = "route-table";
