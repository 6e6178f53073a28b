//! Subnetworks: which addresses they have, of which network.
//!
//! Knows no rule, and nothing of who stands in them.

use cloud::{Quoted, Said, Stated, grammar};
use model::Effect;
use packet::Prefix;

use crate::intake::Intake;

use super::{Identity, Link, Origin};

/// A subnetwork.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Subnetwork {
    pub(crate) identity: Identity,
    pub(crate) network: Option<Link>,
    /// What its interfaces have their internal address of IPv4 from; `None` where the input does not say it.
    pub(crate) primary: Option<Prefix>,
    /// What alias addresses come from.
    pub(crate) secondary: Vec<Prefix>,
    /// What its interfaces have their external addresses of IPv6 from.
    pub(crate) external_v6: Option<Prefix>,
    /// Whether it says that none of its interfaces has an external address of IPv6.
    pub(crate) has_no_external_v6: bool,
    /// Whether the proxies of load balancers of its region have their addresses from it, and no machine (G17).
    pub(crate) is_of_proxies: bool,
}

impl Subnetwork {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let identity = Identity::read(stated, "subnetworks", origin, intake)?;
        let network = stated.text("network", intake).this().map(Link::of);
        let primary = range(stated, "ipCidrRange", intake);
        let secondary = stated.listed("secondaryIpRanges", intake);
        let secondary = secondary.iter().filter_map(|one| range(one, "ipCidrRange", intake)).collect();
        let external_v6 = range(stated, "externalIpv6Prefix", intake);
        let has_no_external_v6 = matches!(stated.text("stackType", intake), Said::This("IPV4_ONLY"))
            || matches!(stated.text("ipv6AccessType", intake), Said::This("INTERNAL"));
        let purpose = stated.text("purpose", intake).this();
        // The second word is the one before there were regional load balancers for the Internet.
        let is_of_proxies =
            matches!(purpose, Some("REGIONAL_MANAGED_PROXY" | "INTERNAL_HTTPS_LOAD_BALANCER"))
                && stated.text("role", intake) != Said::This("BACKUP");
        Some(Self { identity, network, primary, secondary, external_v6, has_no_external_v6, is_of_proxies })
    }

    /// All its ranges of IPv4.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = Prefix> {
        self.primary.iter().chain(&self.secondary).copied()
    }
}

/// A prefix; one that cannot be read is told and left out.
pub(super) fn range<'a>(
    stated: &Stated<'_, 'a>,
    key: &'static str,
    intake: &mut Intake<'_, 'a>,
) -> Option<Prefix> {
    let Said::This(text) = stated.text(key, intake) else { return None };
    let prefix = grammar::prefix(text).ok();
    if prefix.is_none() {
        let sentence = format!("`{key}` is {}, expected a prefix: it is not known", Quoted(text));
        stated.tell("unreadable-prefix", Effect::Undecided, &sentence, intake);
    }
    prefix
}
