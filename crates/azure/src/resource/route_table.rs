//! Route tables: prefixes that people route elsewhere.
//!
//! Knows what a table states. Which subnets use it, and what its routes do to the tags there, is found in `lower`.

use std::sync::Arc;

use cloud::{Quoted, ReadAt, grammar};
use model::{Effect, Name};
use packet::Prefix;

use crate::intake::Intake;
use crate::wire::{self, Element, Fields, List};

use super::group::subnet_keys;
use super::identity::{Identity, objects, tell_missing, tell_twice};
use super::service_tag::NamedTag;

/// A route table.
#[derive(Clone, Debug, PartialEq)]
pub struct RouteTable {
    pub(crate) identity: Identity,
    pub(crate) routes: Vec<Route>,
    /// The keys of the subnets that it says use it.
    pub(crate) subnets: Vec<Name>,
    /// Whether those are all of them; a projection may leave them out.
    pub(crate) tells_subnets: bool,
}

/// One user-defined route.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Route {
    pub(crate) name: Name,
    pub(crate) prefix: RoutePrefix,
    pub(crate) next_hop: NextHop,
}

/// Where packets of a route go to. Complete.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RoutePrefix {
    Prefix(Prefix),
    Tag(Arc<NamedTag>),
    Unreadable,
}

/// Where a route leads, as far as the tag `VirtualNetwork` and replies depend on it. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NextHop {
    /// To a virtual appliance: measured to add its prefix.
    Appliance,
    /// Straight to the Internet.
    Internet,
    /// To anything else, nowhere included. What it does to the tag is documented for "user-defined routes" without a word on which.
    Elsewhere,
}

impl RouteTable {
    pub(crate) fn read<'a>(element: &Element<'a>, intake: &mut Intake<'_, 'a>) -> Self {
        let identity = Identity::read(element, "unnamed route table", intake);
        let stated = objects(("routes", &element.routes), identity.owner(), intake);
        let mut routes: Vec<Route> =
            stated.into_iter().map(|route| Route::read(route, &identity, intake)).collect();
        let are_all_read = element.routes.items().len() == routes.len();
        if matches!(element.routes, List::Items(_)) && !are_all_read {
            // What is no route was told: it may be any.
            let name = intake.name("unknown routes");
            routes.push(Route { name, prefix: RoutePrefix::Unreadable, next_hop: NextHop::Elsewhere });
        }
        if !matches!(element.routes, List::Items(_)) {
            tell_missing("routes", identity.owner(), intake);
            let name = intake.name("unknown routes");
            routes.push(Route { name, prefix: RoutePrefix::Unreadable, next_hop: NextHop::Elsewhere });
        }
        let is_projected = element.etag.is_absent() && element.provisioning_state.is_absent();
        let tells_subnets = !is_projected || element.seen.has(Element::KEYS, "subnets");
        Self { routes, subnets: subnet_keys(element, &identity, intake), tells_subnets, identity }
    }
}

impl Route {
    fn read<'a>(stated: &wire::Route<'a>, table: &Identity, intake: &mut Intake<'_, 'a>) -> Self {
        let read_at = ReadAt(intake.place(stated.at));
        tell_twice::<wire::Route<'_>>(stated.seen, (&table.name, read_at), intake);
        let next_hop = NextHop::read(stated, table, intake);
        let text = stated.prefix.get().unwrap_or_default();
        // Numbers and colons make a prefix, everything else is a service tag.
        let is_name =
            text.starts_with(|first: char| first.is_ascii_alphabetic()) && !text.contains([':', '/']);
        let prefix = match grammar::prefix(text) {
            Ok(prefix) => RoutePrefix::Prefix(prefix),
            Err(_) if is_name => RoutePrefix::Tag(intake.pool.tag(text)),
            Err(_) => {
                let message = format!(
                    "{}: route {}: `addressPrefix` is {}, expected a prefix like `10.0.0.0/24`, or a service tag",
                    Quoted(&table.name),
                    Quoted(stated.name.get().unwrap_or_default()),
                    Quoted(text)
                );
                let place = intake.place(stated.at);
                intake.note(place, "unreadable-prefix", Effect::Undecided, message);
                RoutePrefix::Unreadable
            }
        };
        let name = intake.name(stated.name.get().unwrap_or("route without a name"));
        Self { name, prefix, next_hop }
    }
}

impl NextHop {
    /// A word nobody knows may be an appliance: the route is possible, like every other, and that is said.
    fn read<'a>(stated: &wire::Route<'a>, table: &Identity, intake: &mut Intake<'_, 'a>) -> Self {
        let is_one_of = |words: &[&str]| {
            let word = stated.next_hop_type.get();
            word.is_some_and(|word| words.iter().any(|known| word.eq_ignore_ascii_case(known)))
        };
        if is_one_of(&["VirtualAppliance", "VirtualApplianceEcmp"]) {
            return Self::Appliance;
        }
        if is_one_of(&["Internet"]) {
            return Self::Internet;
        }
        if !is_one_of(&["VirtualNetworkGateway", "VnetLocal", "None"]) {
            let message = format!(
                "{}: route {}: `nextHopType` is missing or not known, expected e.g. `VirtualAppliance` or `Internet`",
                Quoted(&table.name),
                Quoted(stated.name.get().unwrap_or("without a name"))
            );
            let place = intake.place(stated.at);
            intake.note(place, "unknown-next-hop", Effect::Undecided, message);
        }
        Self::Elsewhere
    }
}
