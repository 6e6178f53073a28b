//! Interfaces of instances: their addresses inside and outside (G8, G20, G21).
//!
//! Knows nothing of what leads to them but their own external addresses.

use core::net::IpAddr;

use cloud::{Quoted, Said, Stated, grammar};
use model::{Effect, Name};
use packet::{AddressSet, Family, Prefix};

use crate::intake::Intake;

use super::subnetwork::range;
use super::{Link, Origin};

/// An interface of an instance.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Interface {
    /// `nic0`; `nic1.2` of a dynamic one.
    pub(crate) name: Name,
    pub(crate) network: Option<Link>,
    pub(crate) subnetwork: Option<Link>,
    /// Its internal address of IPv4; `None` where it has none, or the input does not say it.
    pub(crate) internal: Option<IpAddr>,
    /// Whether it has one that is told when it is made: some address of its subnetwork.
    pub(crate) is_given_internal: bool,
    /// More addresses of IPv4, none of which is external.
    pub(crate) aliases: Vec<Prefix>,
    /// Its internal addresses of IPv6.
    pub(crate) internal_v6: Option<Prefix>,
    /// Its external addresses of IPv4. Nothing: the input does not say whether it has some.
    pub(crate) access: Said<Vec<Access>>,
    /// Its external addresses of IPv6. Nothing: the input does not say whether it has some.
    pub(crate) access_v6: Said<Vec<AccessV6>>,
}

/// An external address of IPv4, which is translated to the internal one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Access {
    /// `None` of a stopped instance whose address is not reserved: it gets one when it starts.
    pub(crate) address: Option<IpAddr>,
    /// Whether it is a translation for certain.
    pub(crate) is_known: bool,
    /// What filters packets that are sent to it.
    pub(crate) policy: Said<Link>,
}

/// External addresses of IPv6, which are the interface's own (G21).
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AccessV6 {
    /// The first of them, which the machine takes as its own, with the length of all; `None` where it is not told.
    pub(crate) addresses: Option<(IpAddr, Prefix)>,
    /// Whether it is external for certain.
    pub(crate) is_known: bool,
    /// What filters packets that are sent to them.
    pub(crate) policy: Said<Link>,
}

impl Interface {
    /// Reads one. Of a whole interface an absent list is an empty one, of a part of it is not told.
    pub(super) fn read<'a>(
        stated: &Stated<'_, 'a>,
        number: usize,
        is_whole: bool,
        intake: &mut Intake<'_, 'a>,
    ) -> Self {
        let name = stated.text("name", intake).this().map_or_else(|| format!("nic{number}"), str::to_owned);
        let is_given_internal = stated.is_computed("networkIP");
        let internal =
            if is_given_internal { None } else { address(stated, "networkIP", Family::V4, intake) };
        let listed = stated.listed("aliasIpRanges", intake);
        let aliases = listed.iter().filter_map(|alias| range(alias, "ipCidrRange", intake)).collect();
        Self {
            name: intake.name(&name),
            network: stated.text("network", intake).this().map(Link::of),
            subnetwork: stated.text("subnetwork", intake).this().map(Link::of),
            internal,
            is_given_internal,
            aliases,
            internal_v6: address(stated, "ipv6Address", Family::V6, intake)
                .and_then(|first| sized(stated, first, "internalIpv6PrefixLength", intake)),
            access: access(stated, is_whole, intake),
            access_v6: access_v6(stated, is_whole, intake),
        }
    }

    /// Whether all of an interface is told, of an instance that is told whole or not: a projection may ask for some keys of
    /// it only.
    pub(super) fn is_whole(stated: &Stated<'_, '_>, origin: &Origin, is_instance_whole: bool) -> bool {
        let is_addressed =
            ["networkIP", "ipv6Address", "ipv6AccessConfigs"].iter().any(|key| stated.has(key));
        let is_marked = origin.asset.is_some() || stated.has("kind") || stated.has("fingerprint");
        is_marked || (is_instance_whole && is_addressed && stated.has("network"))
    }

    /// All its addresses that packets carry when rules see them; nothing where the input does not have them.
    pub(crate) fn addresses(&self) -> AddressSet {
        let own = self.internal.map(Prefix::host).into_iter().chain(self.aliases.iter().copied());
        let external =
            self.stated_v6().iter().filter_map(|config| config.addresses).map(|(_, prefix)| prefix);
        own.chain(self.internal_v6).chain(external).collect()
    }

    /// What it says of external addresses of IPv6.
    pub(crate) fn stated_v6(&self) -> &[AccessV6] {
        match &self.access_v6 {
            Said::This(configs) => configs,
            Said::Nothing | Said::Unreadable => &[],
        }
    }

    /// Its external addresses of IPv4 that the input has.
    pub(crate) fn external_v4(&self) -> impl Iterator<Item = IpAddr> {
        let configs = match &self.access {
            Said::This(configs) => configs.as_slice(),
            Said::Nothing | Said::Unreadable => &[],
        };
        configs.iter().filter_map(|config| config.address)
    }
}

fn access<'a>(stated: &Stated<'_, 'a>, is_whole: bool, intake: &mut Intake<'_, 'a>) -> Said<Vec<Access>> {
    match stated.objects("accessConfigs", intake) {
        Said::This(configs) => Said::This(configs.iter().map(|config| one_access(config, intake)).collect()),
        Said::Nothing if is_whole || stated.is_null("accessConfigs") => Said::This(Vec::new()),
        Said::Nothing => Said::Nothing,
        Said::Unreadable => Said::Unreadable,
    }
}

fn one_access<'a>(config: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Access {
    // The one type there is of IPv4, and the default.
    let is_known = is_of_type(config, "ONE_TO_ONE_NAT", intake);
    Access { address: address(config, "natIP", Family::V4, intake), is_known, policy: policy(config, intake) }
}

fn access_v6<'a>(
    stated: &Stated<'_, 'a>,
    is_whole: bool,
    intake: &mut Intake<'_, 'a>,
) -> Said<Vec<AccessV6>> {
    let configs = match stated.objects("ipv6AccessConfigs", intake) {
        Said::This(configs) => configs,
        Said::Nothing if is_whole || stated.is_null("ipv6AccessConfigs") => return Said::This(Vec::new()),
        Said::Nothing => return Said::Nothing,
        Said::Unreadable => return Said::Unreadable,
    };
    let kind = stated.text("ipv6AccessType", intake);
    let is_external = matches!(kind, Said::This("EXTERNAL") | Said::Nothing);
    if !is_external && !configs.is_empty() {
        let sentence = "it has an external address of IPv6, and its `ipv6AccessType` is not EXTERNAL: the address is \
                        taken as possible";
        stated.tell("contradicting-attachments", Effect::Undecided, sentence, intake);
    }
    let one = |config: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>| {
        let addresses = address(config, "externalIpv6", Family::V6, intake)
            .and_then(|first| Some((first, sized(config, first, "externalIpv6PrefixLength", intake)?)));
        let is_known = is_of_type(config, "DIRECT_IPV6", intake) && is_external;
        AccessV6 { addresses, is_known, policy: policy(config, intake) }
    };
    Said::This(configs.iter().map(|config| one(config, intake)).collect())
}

/// Whether an access configuration is of the type that its list has, which is the default there.
fn is_of_type<'a>(config: &Stated<'_, 'a>, expected: &str, intake: &mut Intake<'_, 'a>) -> bool {
    match config.text("type", intake) {
        Said::Nothing => true,
        Said::This(word) if word == expected => true,
        Said::This(word) => {
            let word = Quoted(word);
            let sentence = format!(
                "an access configuration is of type {word}, expected {expected}: its address is taken as possible"
            );
            config.tell("unknown-word", Effect::Undecided, &sentence, intake);
            false
        }
        Said::Unreadable => false,
    }
}

/// The network edge security policy of an external address.
fn policy<'a>(config: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Said<Link> {
    config.text("securityPolicy", intake).map(Link::of)
}

/// An address of a family; what is none is told, and not known.
fn address<'a>(
    stated: &Stated<'_, 'a>,
    key: &'static str,
    family: Family,
    intake: &mut Intake<'_, 'a>,
) -> Option<IpAddr> {
    let Said::This(text) = stated.text(key, intake) else { return None };
    let address = grammar::address(text.split('/').next().unwrap_or(text));
    let address = address.filter(|address| Family::of(*address).0 == family);
    if address.is_none() {
        let expected = if family == Family::V4 { "of IPv4" } else { "of IPv6" };
        let sentence =
            format!("`{key}` is {}, expected an address {expected}: it is not known", Quoted(text));
        stated.tell("unreadable-address", Effect::Undecided, &sentence, intake);
    }
    address
}

/// The addresses of IPv6 from a first one on: as many as its length says, which is always the same.
fn sized<'a>(
    stated: &Stated<'_, 'a>,
    first: IpAddr,
    key: &'static str,
    intake: &mut Intake<'_, 'a>,
) -> Option<Prefix> {
    let length = match stated.number(key, intake) {
        // Left out where it is not asked for; zero would be every address.
        Said::This(length) => u8::try_from(length).ok().filter(|length| *length > 0),
        Said::Nothing | Said::Unreadable => None,
    };
    let covering = |length| Prefix::covering(first, length);
    length.and_then(covering).or_else(|| covering(RANGE_V6))
}

/// The length of the range that an interface has of IPv6.
const RANGE_V6: u8 = 96;
