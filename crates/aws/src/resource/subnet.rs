//! Subnets: where they are and which addresses they have.
//!
//! Which list and which table stand at one is said by these (W9, W16), not here.

use cloud::{Said, Stated};
use model::Name;
use packet::{Family, Prefix};

use crate::intake::Intake;

use super::place::region_of_zone;
use super::public_access::Mode;
use super::vpc::{KnownBlocks, blocks};
use super::{Identity, Origin};

/// A subnet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Subnet {
    pub(crate) identity: Identity,
    pub(crate) vpc: Option<Name>,
    pub(crate) blocks: Vec<Prefix>,
    /// Whether these are all.
    pub(crate) known: KnownBlocks,
    /// W17: what the subnet says of Block Public Access in its region.
    pub(crate) public_access: Said<Mode>,
}

impl Subnet {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let id = stated.text("SubnetId", intake).this()?;
        let mut identity = Identity::read(stated, id, None, origin, intake);
        if identity.region.is_none() {
            let zone = stated.text("AvailabilityZone", intake).this();
            identity.region = zone.and_then(region_of_zone).map(|region| intake.name(region));
        }
        let vpc = stated.text("VpcId", intake).this().map(|vpc| intake.name(vpc));
        let (blocks, known) = blocks(stated, ("CidrBlockAssociationSet", "CidrBlockState"), intake);
        let public_access = match stated.object("BlockPublicAccessStates", intake) {
            Said::This(states) => Mode::read(&states, "InternetGatewayBlockMode", intake),
            Said::Nothing => Said::Nothing,
            Said::Unreadable => Said::Unreadable,
        };
        Some(Self { identity, vpc, blocks, known, public_access })
    }

    /// Whether it is known to have no addresses of IPv6.
    pub(crate) fn lacks_ipv6(&self) -> bool {
        let is_v4 = |block: &Prefix| block.family() == Family::V4;
        let says_any = !self.blocks.is_empty() || !self.known.has_all(Family::V4);
        self.known.has_all(Family::V6) && says_any && self.blocks.iter().all(is_v4)
    }
}
