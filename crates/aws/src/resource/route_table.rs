//! Route tables: which prefix leads where, and at which subnets or gateways they stand (W16).
//!
//! Which route wins is found in `lower`.

use cloud::{Quoted, Said, Stated};
use model::{Effect, Name};
use packet::Prefix;

use crate::intake::Intake;

use super::vpc::{GONE, block};
use super::{Identity, Origin};

/// A route table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RouteTable {
    pub(crate) identity: Identity,
    pub(crate) vpc: Option<Name>,
    /// Whether it stands at the subnets of its VPC that have no other.
    pub(crate) is_main: bool,
    /// The ids of the subnets it stands at.
    pub(crate) subnets: Vec<Name>,
    /// The ids of the gateways at whose edge it stands.
    pub(crate) gateways: Vec<Name>,
    /// Whether these three are all that it says of where it stands.
    pub(crate) tells_places: bool,
    /// `None`: not known, which has been told.
    pub(crate) routes: Option<Vec<Route>>,
}

/// One route.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Route {
    pub(crate) towards: Towards,
    pub(crate) target: Target,
    /// What the target drops, because it is gone (`blackhole`).
    pub(crate) is_blackhole: bool,
    /// Whether a gateway put it there: then a static one goes first.
    pub(crate) is_propagated: bool,
}

/// The addresses of a route. Complete.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Towards {
    Prefix(Prefix),
    PrefixList(Name),
    /// Not known which. It has been told.
    Unreadable,
}

/// Where a route leads. Complete.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Target {
    /// Within the VPC.
    Local,
    InternetGateway(Name),
    /// A gateway that lets out and answers: NAT, or egress-only.
    OutboundOnly(Name),
    EgressOnly(Name),
    /// To where no Internet gateway of this VPC is: a peer, a carrier's network, a service inside AWS.
    Away(Name),
    /// To what may lead on to the Internet: an appliance, a transit gateway, a VPN.
    Through(Name),
    /// Not known. It has been told.
    Unreadable,
}

impl RouteTable {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let id = stated.text("RouteTableId", intake).this()?;
        let identity = Identity::read(stated, id, None, origin, intake);
        let routes = match stated.objects("Routes", intake) {
            Said::This(routes) => Some(routes.iter().map(|route| Route::read(route, intake)).collect()),
            Said::Nothing => {
                let sentence = "`Routes` is missing: where it leads is not known";
                stated.tell("missing-field", Effect::Undecided, sentence, intake);
                None
            }
            Said::Unreadable => None,
        };
        let vpc = stated.text("VpcId", intake).this().map(|vpc| intake.name(vpc));
        let mut table = Self {
            identity,
            vpc,
            is_main: false,
            subnets: Vec::new(),
            gateways: Vec::new(),
            tells_places: true,
            routes,
        };
        table.read_associations(stated, intake);
        Some(table)
    }

    fn read_associations<'a>(&mut self, stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) {
        let associations = match stated.objects("Associations", intake) {
            Said::This(associations) => associations,
            // The API prints `[]` where there is none; null is what a query makes of a key that is not there.
            Said::Nothing | Said::Unreadable => {
                self.tells_places = false;
                Vec::new()
            }
        };
        for association in associations {
            let state = association.object("AssociationState", intake).this();
            let state = state.and_then(|state| state.text("State", intake).this());
            if state.is_some_and(|state| GONE.iter().any(|gone| state.eq_ignore_ascii_case(gone))) {
                continue;
            }
            let is_main = association.flag("Main", intake);
            self.is_main |= is_main == Said::This(true);
            let subnet = association.text("SubnetId", intake);
            let gateway = association.text("GatewayId", intake);
            // What is neither of a subnet nor of a gateway nor the main one is of something that is not told.
            let is_placed = matches!((&subnet, &gateway), (Said::This(_), _) | (_, Said::This(_)))
                || is_main == Said::This(true);
            let is_read =
                ![subnet.clone(), gateway.clone()].contains(&Said::Unreadable) && is_main != Said::Unreadable;
            if is_read && !is_placed {
                let sentence = "an association has no `SubnetId`: where the table stands is not known";
                association.tell("missing-field", Effect::Undecided, sentence, intake);
            }
            self.tells_places &= is_read && is_placed;
            self.subnets.extend(subnet.this().map(|id| intake.name(id)));
            self.gateways.extend(gateway.this().map(|id| intake.name(id)));
        }
        self.subnets.sort_unstable();
        self.subnets.dedup();
        self.gateways.sort_unstable();
        self.gateways.dedup();
    }
}

impl Route {
    fn read<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Self {
        let state = stated.text("State", intake);
        let is = |word: &str| matches!(state, Said::This(state) if state.eq_ignore_ascii_case(word));
        let is_blackhole = is("blackhole");
        let origin = stated.text("Origin", intake);
        // `filtered`, and what may come: whether it is followed is not known.
        let is_followed = (state.is_nothing() || is("active") || is_blackhole) && origin != Said::Unreadable;
        let is_propagated =
            matches!(origin, Said::This(origin) if origin.eq_ignore_ascii_case("EnableVgwRoutePropagation"));
        Self {
            towards: Towards::read(stated, intake),
            target: Some(Target::read(stated, intake)).filter(|_| is_followed).unwrap_or(Target::Unreadable),
            is_blackhole,
            is_propagated,
        }
    }
}

impl Towards {
    fn read<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Self {
        if let Said::This(list) = stated.text("DestinationPrefixListId", intake) {
            return Self::PrefixList(intake.name(list));
        }
        let keys = ["DestinationCidrBlock", "DestinationIpv6CidrBlock"];
        let said = keys.iter().any(|key| stated.text(key, intake) != Said::Nothing);
        if !said {
            let sentence = "a route has no destination: it may be of every address";
            stated.tell("missing-field", Effect::Undecided, sentence, intake);
        }
        let prefix = keys.iter().find_map(|key| block(stated, key, intake));
        prefix.map_or(Self::Unreadable, Self::Prefix)
    }
}

impl Target {
    /// The target of a route whose one key says what it is, and not which.
    fn by_key<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<Self> {
        let mut given = TARGETS.iter().filter(|(key, _)| stated.has(key) && !stated.is_null(key));
        let (key, kind) = given.next().filter(|_| given.next().is_none())?;
        let is_told = !matches!(kind, Named::ByItsId) && stated.is_unknown(key);
        is_told.then(|| kind.of(stated, key, intake))
    }

    /// The target of a route by the key that names it, and, as gateways of several kinds share one, by its id.
    fn read<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Self {
        if let Some(target) = Self::by_key(stated, intake) {
            return target;
        }
        for (key, kind) in TARGETS {
            let Said::This(id) = stated.text(key, intake) else { continue };
            let other =
                stated.text("GatewayId", intake).this().filter(|id| key != "GatewayId" && !id.is_empty());
            if let Some(other) = other {
                let sentence = format!(
                    "a route leads to {} and to {}: where it leads is not known",
                    Quoted(id),
                    Quoted(other)
                );
                stated.tell("unknown-route-target", Effect::Undecided, &sentence, intake);
                return Self::Unreadable;
            }
            return kind.of(stated, id, intake);
        }
        let sentence = "a route has no target that is known: where it leads is not known";
        stated.tell("unknown-route-target", Effect::Undecided, sentence, intake);
        Self::Unreadable
    }
}

/// What a key that names a target says of it.
#[derive(Clone, Copy)]
enum Named {
    /// One of several kinds, told by the start of its id.
    ByItsId,
    OutboundOnly,
    EgressOnly,
    Away,
    Through,
}

impl Named {
    fn of<'a>(self, stated: &Stated<'_, 'a>, id: &str, intake: &mut Intake<'_, 'a>) -> Target {
        let name = intake.name(id);
        match self {
            Self::OutboundOnly => Target::OutboundOnly(name),
            Self::EgressOnly => Target::EgressOnly(name),
            Self::Away => Target::Away(name),
            Self::Through => Target::Through(name),
            Self::ByItsId => {
                let kind = id.split_once('-').map_or(id, |(kind, _)| kind).to_ascii_lowercase();
                match kind.as_str() {
                    "local" => Target::Local,
                    "igw" => Target::InternetGateway(name),
                    "eigw" => Target::EgressOnly(name),
                    "nat" => Target::OutboundOnly(name),
                    // An endpoint of a Gateway Load Balancer is an appliance; a gateway endpoint leads to a service, by
                    // a prefix list: through either something may come back.
                    "vgw" | "vpce" | "tgw" | "eni" | "i" => Target::Through(name),
                    "pcx" | "cagw" | "lgw" => Target::Away(name),
                    _ => {
                        let sentence = format!("a route leads to {}: what that is is not known", Quoted(id));
                        stated.tell("unknown-route-target", Effect::Undecided, &sentence, intake);
                        Target::Unreadable
                    }
                }
            }
        }
    }
}

/// The keys that name targets. A route to an instance names its interface as well.
const TARGETS: [(&str, Named); 12] = [
    ("EgressOnlyInternetGatewayId", Named::EgressOnly),
    ("NatGatewayId", Named::OutboundOnly),
    ("TransitGatewayId", Named::Through),
    ("VpcPeeringConnectionId", Named::Away),
    ("CarrierGatewayId", Named::Away),
    ("LocalGatewayId", Named::Away),
    ("CoreNetworkArn", Named::Through),
    ("NetworkInterfaceId", Named::Through),
    ("InstanceId", Named::Through),
    ("VpcEndpointId", Named::Through),
    ("OdbNetworkArn", Named::Away),
    ("GatewayId", Named::ByItsId),
];
