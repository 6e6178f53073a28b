//! Routes of a network: for which destinations, for whom, and where they lead.
//!
//! Knows no instance. Which of several counts is decided where they are lowered.

use cloud::json::Tree;
use cloud::{Quoted, Said, Stated};
use model::{Effect, Name};
use packet::Prefix;

use crate::intake::Intake;

use super::names::names;
use super::subnetwork::range;
use super::{Identity, Link, Origin, is_whole};

/// A route of a network.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Route {
    pub(crate) identity: Identity,
    pub(crate) network: Option<Link>,
    /// For which destinations; `None` where that is not known.
    pub(crate) towards: Option<Prefix>,
    /// The lower comes first; `None` where that is not known.
    pub(crate) priority: Option<u32>,
    /// The tags of the instances it is for. Nothing: it is for all.
    pub(crate) tags: Said<Vec<Name>>,
    pub(crate) hop: NextHop,
}

/// Where a route leads. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NextHop {
    /// The Internet.
    Gateway,
    /// The addresses of a subnet of the network.
    Subnet,
    /// An instance, a load balancer, a tunnel, a peer, whatever may lead it on; or something that cannot be read.
    Elsewhere,
    /// Nowhere: the route is not in force.
    Dropped,
}

impl Route {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let identity = Identity::read(stated, "routes", origin, intake)?;
        // A projection that leaves out the tags does not say whom the route is for.
        let tells_tags = is_whole(stated, origin) || stated.has("tags");
        let untold = [
            ("network", is_blank(stated, "network")),
            ("destRange", is_blank(stated, "destRange")),
            ("tags", !tells_tags),
        ];
        for (key, _) in untold.iter().filter(|(_, is_untold)| *is_untold) {
            let sentence = format!("`{key}` is not told: which replies take the route is not known");
            stated.tell("untold-route", Effect::Undecided, &sentence, intake);
        }
        let network = stated.text("network", intake).this().map(Link::of);
        let towards = range(stated, "destRange", intake);
        // Left out where it is 0, which routes of subnets have; a route that is made without one has 1000. In a projection
        // it is not told. Which of the three, nobody says.
        let priority = stated.number("priority", intake).this();
        let tags = if tells_tags { names(stated, "tags", intake) } else { Said::Unreadable };
        let hop = next_hop(stated, intake);
        Some(Self { identity, network, towards, priority, tags, hop })
    }
}

fn next_hop<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> NextHop {
    match stated.text("routeStatus", intake) {
        Said::This("DROPPED" | "INACTIVE") => return NextHop::Dropped,
        Said::This("ACTIVE") | Said::Nothing => {}
        // It may be in force, and another may be in its place.
        Said::This("PENDING") | Said::Unreadable => return NextHop::Elsewhere,
        Said::This(word) => {
            let sentence = format!(
                "`routeStatus` is {}, expected ACTIVE, PENDING, INACTIVE or DROPPED: whether replies take the route is not \
                 known",
                Quoted(word)
            );
            stated.tell("unknown-word", Effect::Undecided, &sentence, intake);
            return NextHop::Elsewhere;
        }
    }
    match (stated.text("nextHopGateway", intake), stated.text("nextHopNetwork", intake)) {
        (Said::This(gateway), _) if Link::of(gateway).name() == INTERNET_GATEWAY => return NextHop::Gateway,
        (Said::Nothing, Said::This(_)) => return NextHop::Subnet,
        (Said::This(gateway), _) => {
            let sentence = format!(
                "`nextHopGateway` is {}, expected {INTERNET_GATEWAY}: whether replies leave by it is not known",
                Quoted(gateway)
            );
            stated.tell("unknown-word", Effect::Undecided, &sentence, intake);
        }
        (Said::Nothing, _)
            if !stated.keys().any(|key| key.starts_with("nextHop") && !is_blank(stated, key)) =>
        {
            let sentence = "its next hop is not told: whether replies leave by it is not known";
            stated.tell("untold-route", Effect::Undecided, sentence, intake);
        }
        _ => {}
    }
    NextHop::Elsewhere
}

/// Whether a key says nothing.
fn is_blank(stated: &Stated<'_, '_>, key: &str) -> bool {
    match stated.value(key) {
        None | Some(Tree::Null) => true,
        Some(Tree::Text(text)) => text.trim().is_empty(),
        Some(_) => false,
    }
}

/// The name of the one gateway that there is.
const INTERNET_GATEWAY: &str = "default-internet-gateway";
