//! Routes: to which clients a subnet's replies go back by an Internet gateway (W14–W16).
//!
//! The longest prefix wins; of equal ones a static route, then one by a prefix list, then a propagated one.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use cloud::{Outcome, Quoted};
use model::{Name, RuleList};
use packet::{AddressSet, Bounds, Family, Prefix};

use crate::resource::{Route, RouteTable, RouteTarget, Towards};

use super::Lowering;
use super::approach::{Spot, Standing};
use super::network_index::of_account;
use super::painted::{Origin, Painted, Plain};
use super::route_list::route_list;

/// Where replies to the Internet go.
#[derive(Clone, Debug)]
pub(super) struct Back {
    /// The clients whose replies leave by an Internet gateway, of one family.
    pub(super) clients: Bounds<AddressSet>,
    /// Whether whatever goes to the Internet goes by an egress-only gateway.
    pub(super) is_egress_only: bool,
    /// The routes as a list over packets that come in; `None` where every client gets its replies, so that nothing is
    /// to be told.
    pub(super) list: Option<Arc<RuleList>>,
}

impl<'e> Lowering<'e> {
    /// W16: the table of the subnet, else the main one of its VPC.
    pub(super) fn tables_at(&mut self, spot: &Spot<'e>) -> Standing<&'e RouteTable> {
        if !self.has_kind("route-table") {
            return Standing::Untold;
        }
        // Where nobody says which subnet it is, the way is not known.
        let Some(subnet) = &spot.place.subnet else { return Standing::Untold };
        let index = Arc::clone(&self.network.index);
        let identity: fn(&RouteTable) -> &crate::resource::Identity = |table| &table.identity;
        let own = index.tables_of_subnet.get(&**subnet).map_or(&[][..], Vec::as_slice);
        let mut tables = of_account(own, spot.home.as_ref(), identity);
        if tables.is_empty() {
            let main = spot.vpc_id.as_deref().and_then(|vpc| index.main_tables.get(vpc));
            tables = of_account(main.map_or(&[][..], Vec::as_slice), spot.home.as_ref(), identity);
            // A table that does not say where it stands may stand here.
            let loose = index.loose_tables.iter().copied();
            tables.extend(loose.filter(|table| table.vpc.is_none() || table.vpc == spot.vpc_id));
        }
        match tables.len() {
            0 => {
                let message = format!(
                    "{}: no route table of the input stands there: whether replies reach the Internet is not known",
                    Quoted(spot.name())
                );
                self.tell_at(spot, "dangling-reference", message);
                Standing::Missing
            }
            1 => Standing::These(tables),
            _ => {
                let message = format!(
                    "{}: several route tables may stand there: each is taken as possible",
                    Quoted(spot.name())
                );
                self.tell_at(spot, "contradicting-attachments", message);
                Standing::These(tables)
            }
        }
    }

    /// Where replies to clients of a family go: with several tables only what all of them say is certain.
    pub(super) fn back(
        &mut self,
        spot: &Spot<'e>,
        tables: &Standing<&'e RouteTable>,
        family: Family,
    ) -> Arc<Back> {
        let tables = match tables {
            Standing::These(tables) => tables,
            // Where no table is known of: what it does is not asked.
            Standing::Untold => {
                let clients = Bounds::exactly(AddressSet::whole(family));
                return Arc::new(Back { clients, is_egress_only: false, list: None });
            }
            Standing::Missing => return Arc::new(self.unknown_back(spot, family)),
        };
        let backs: Vec<Arc<Back>> = tables.iter().map(|table| self.back_of(table, spot, family)).collect();
        match backs.as_slice() {
            [only] => Arc::clone(only),
            several => {
                let unknown = self.unknown_back(spot, family);
                let mut clients = Bounds { must: AddressSet::whole(family), may: AddressSet::empty() };
                for back in several {
                    clients.must = clients.must.intersection(&back.clients.must);
                    clients.may = clients.may.union(&back.clients.may);
                }
                let is_egress_only = several.iter().all(|back| back.is_egress_only);
                let list = if self.is_total(&clients, family) { None } else { unknown.list };
                Arc::new(Back { clients, is_egress_only, list })
            }
        }
    }

    fn back_of(&mut self, table: &'e RouteTable, spot: &Spot<'e>, family: Family) -> Arc<Back> {
        let key = (Arc::clone(&table.identity.key), family);
        if let Some(known) = self.network.backs.get(&key) {
            return Arc::clone(known);
        }
        let made = Arc::new(match &table.routes {
            Some(routes) => {
                let painted = self.painted(table, routes, spot, family);
                let clients = painted.clients(family);
                let list =
                    (!self.is_total(&clients, family)).then(|| self.listed_routes(table, &painted, family));
                let is_egress_only =
                    painted.is_egress_only && clients.may.is_disjoint(&self.network.internet);
                Back { clients, is_egress_only, list }
            }
            None => self.unknown_back(spot, family),
        });
        self.network.backs.insert(key, Arc::clone(&made));
        made
    }

    /// Whether every client of the Internet gets its replies, for certain.
    pub(super) fn is_total(&self, clients: &Bounds<AddressSet>, family: Family) -> bool {
        self.network.internet.only(family).is_subset(&clients.must)
    }

    fn unknown_back(&self, spot: &Spot<'_>, family: Family) -> Back {
        let clients = Bounds::between(AddressSet::empty(), AddressSet::whole(family));
        let list = self.unknown_replies(spot, TABLE_KIND);
        Back { clients, is_egress_only: false, list: Some(Arc::new(list)) }
    }

    fn painted(
        &mut self,
        table: &'e RouteTable,
        routes: &'e [Route],
        spot: &Spot<'e>,
        family: Family,
    ) -> Painted {
        let mut plain: BTreeMap<Prefix, Plain> = BTreeMap::new();
        let mut add = |prefix: Prefix, route: Plain| match plain.entry(prefix) {
            Entry::Vacant(place) => drop(place.insert(route)),
            Entry::Occupied(mut known) => known.get_mut().beside(route),
        };
        let mut listed = Vec::new();
        let mut floating = Vec::new();
        let mut is_egress_only = false;
        // Every table leads to the blocks of its VPC by itself, whether its document says so or not.
        let account = table.identity.account.as_deref();
        let vpc = table.vpc.as_deref().and_then(|id| self.estate.resources.vpcs.find(account, id).one());
        let vpc = vpc.or(spot.vpc);
        let is_own = |prefix: Prefix| {
            // Of IPv6 nobody else has these addresses: who has them is inside, and no client from outside.
            let is_public = vpc.is_none_or(|vpc| AddressSet::from(prefix).is_disjoint(&vpc.private_v6));
            prefix.family() == Family::V6 && is_public
        };
        for block in vpc.iter().flat_map(|vpc| &vpc.blocks).filter(|block| !is_own(**block)) {
            add(*block, Plain { outcome: Outcome::Lost, list: None, origin: Origin::Static });
        }
        for route in routes {
            let outcome = route.outcome();
            // These gateways are of IPv6: families are apart.
            let is_egress = family == Family::V6 && matches!(route.target, RouteTarget::EgressOnly(_));
            is_egress_only |= is_egress && !route.is_blackhole;
            match &route.towards {
                Towards::Prefix(prefix) if route.target == RouteTarget::Local && is_own(*prefix) => {}
                Towards::Prefix(prefix) => {
                    let origin = if route.is_propagated { Origin::Propagated } else { Origin::Static };
                    add(*prefix, Plain { outcome, list: None, origin });
                }
                Towards::PrefixList(id) if self.is_unseen_endpoint(id, route) => {}
                Towards::PrefixList(id) => {
                    let held = self.prefix_list(id, &table.identity);
                    match &held.prefixes {
                        Some(prefixes) => {
                            for prefix in prefixes.iter() {
                                let list = Some(Arc::clone(id));
                                add(*prefix, Plain { outcome, list, origin: Origin::PrefixList });
                            }
                        }
                        None => listed.push((Arc::clone(id), held.addresses, outcome)),
                    }
                }
                Towards::Unreadable => floating.push(outcome),
            }
        }
        plain.retain(|prefix, _| prefix.family() == family);
        Painted { plain, listed, floating, is_egress_only }
    }

    /// Whether a route leads to a gateway endpoint by a list of AWS's own that the input does not hold. These lists have
    /// the addresses of one service (S3, DynamoDB), which nobody sends from.
    fn is_unseen_endpoint(&self, id: &Name, route: &Route) -> bool {
        let RouteTarget::Through(target) = &route.target else { return false };
        target.starts_with("vpce-") && self.is_unresolved_of_aws(id, id.len() == SHORT_ID)
    }

    fn listed_routes(&mut self, table: &RouteTable, painted: &Painted, family: Family) -> Arc<RuleList> {
        let internet = self.network.internet.only(family);
        Arc::new(route_list(table, painted, family, &internet, &self.common))
    }
}

impl RouteTable {
    /// The Internet gateways that its routes lead to, so far as they are there.
    pub(super) fn internet_gateways(&self) -> impl Iterator<Item = &Name> {
        let routes = self.routes.iter().flatten().filter(|route| !route.is_blackhole);
        routes.filter_map(|route| match &route.target {
            RouteTarget::InternetGateway(gateway) => Some(gateway),
            RouteTarget::Local
            | RouteTarget::OutboundOnly(_)
            | RouteTarget::EgressOnly(_)
            | RouteTarget::Away(_)
            | RouteTarget::Through(_)
            | RouteTarget::Unreadable => None,
        })
    }
}

impl Route {
    /// What becomes of a reply that takes it.
    pub(super) const fn outcome(&self) -> Outcome {
        if self.is_blackhole {
            return Outcome::Lost;
        }
        match &self.target {
            RouteTarget::InternetGateway(_) => Outcome::Returns,
            // What these send on has another address than the client spoke to, or goes nowhere.
            RouteTarget::Local
            | RouteTarget::OutboundOnly(_)
            | RouteTarget::EgressOnly(_)
            | RouteTarget::Away(_) => Outcome::Lost,
            RouteTarget::Through(_) | RouteTarget::Unreadable => Outcome::Unknown,
        }
    }
}

pub(super) const TABLE_KIND: &str = "route-table";
/// The length of the ids of AWS's own lists; those of customers are longer.
const SHORT_ID: usize = "pl-12345678".len();
