//! What firewalls tell interfaces apart by: the network, the tags, the service accounts.
//!
//! Twenty thousand interfaces come to few classes, because names that no rule speaks of are left out. Knows no rule.

use std::sync::Arc;

use cloud::{Common, Quoted, Said};
use model::{Effect, Gap, Name};
use packet::{AddressSet, Bounds};

use crate::resource::{Instance, Interface, Link};

use super::Lowering;
use super::network_index::Seat;
use super::secure_tags::SecureTags;

/// All that rules and policies ask of an interface.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Class {
    /// The key of the network; `None` where it is not told.
    pub(super) network: Option<Name>,
    pub(super) region: Option<Name>,
    /// Its network tags that some rule speaks of, in lower case, sorted; `None` where they are not told.
    pub(super) tags: Option<Arc<[Name]>>,
    /// Its service accounts that some rule speaks of, in lower case, sorted; `None` where they are not told.
    pub(super) accounts: Option<Arc<[Name]>>,
    pub(super) secure_tags: Arc<SecureTags>,
    /// The key of the effective firewall that the input has of the interface itself.
    pub(super) view: Option<Name>,
}

/// Whether an interface has what a rule asks for. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Fits {
    Yes,
    No,
    /// The input does not say.
    Maybe,
}

impl Class {
    /// The class of a machine of a network without tags and service accounts.
    pub(super) fn bare(network: Option<&Name>) -> Self {
        let none: Arc<[Name]> = Arc::new([]);
        Self {
            network: network.cloned(),
            region: None,
            tags: Some(Arc::clone(&none)),
            accounts: Some(none),
            secure_tags: Arc::new(SecureTags::none()),
            view: None,
        }
    }

    /// Whether it runs as a service account, given in lower case.
    pub(super) fn has_account(&self, email: &str) -> Fits {
        Fits::among(self.accounts.as_deref(), email)
    }
}

impl Fits {
    fn among(names: Option<&[Name]>, asked: &str) -> Self {
        match names {
            None => Self::Maybe,
            Some(names) if names.iter().any(|name| **name == *asked) => Self::Yes,
            Some(_) => Self::No,
        }
    }

    /// Whether one of several holds.
    pub(super) fn any(each: impl IntoIterator<Item = Self>) -> Self {
        each.into_iter().fold(Self::No, |all, one| match (all, one) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::Maybe, _) | (_, Self::Maybe) => Self::Maybe,
            (Self::No, Self::No) => Self::No,
        })
    }
}

/// Whom the firewall of an interface sees. Complete.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Viewpoint {
    /// The clients themselves.
    Client,
    /// Whoever comes for them, from one of these addresses, not known which: a proxy (G17).
    Behind(Arc<AddressSet>),
}

impl Viewpoint {
    /// The clients that a rule for these sources matches: where they are not seen, all of them if it holds whoever may
    /// come for them, none if it holds none, else possibly all.
    pub(super) fn sources(
        &self,
        sources: &Bounds<Arc<AddressSet>>,
        common: &Common,
    ) -> Bounds<Arc<AddressSet>> {
        match self {
            Self::Client => sources.clone(),
            Self::Behind(seen) => {
                let all_or_none =
                    |all: bool| Arc::clone(if all { &common.everything } else { &common.nothing });
                let is_certain = !seen.is_empty() && seen.is_subset(&sources.must);
                let is_possible = is_certain || seen.is_empty() || !seen.is_disjoint(&sources.may);
                Bounds { must: all_or_none(is_certain), may: all_or_none(is_possible) }
            }
        }
    }
}

impl<'e> Lowering<'e> {
    /// The class of an interface.
    pub(super) fn class_of(&mut self, instance: &'e Instance, interface: &'e Interface) -> Arc<Class> {
        let network = self.network_of(Seat { instance, interface });
        if network.is_none() {
            let message = format!(
                "{}: the network of `{}` is not told: any rule may be for it",
                Quoted(&instance.identity.name),
                interface.name
            );
            let place = instance.identity.read_at.0;
            self.gaps.push(Gap::at(place, "missing-field", Effect::Undecided, message));
        }
        self.tell_unlisted(instance, interface, network.as_ref());
        self.tell_untold(instance);
        let seat = Seat { instance, interface };
        let secure_tags = self.secure_tags_of(seat, network.as_ref());
        let view = self.view_key_of(seat);
        let named = &self.rules.named;
        let class = Class {
            network,
            region: region_of(instance.identity.id.as_ref(), interface),
            tags: kept(&instance.tags, |tag| named.tags.contains(tag)),
            accounts: kept(&instance.accounts, |account| named.accounts.contains(account)),
            secure_tags,
            view,
        };
        self.rules.class(class)
    }

    /// A network that is not in the input, nor any rule of it, although others of its project are.
    fn tell_unlisted(&mut self, instance: &Instance, interface: &Interface, network: Option<&Name>) {
        let networks = &self.estate.resources.networks;
        let is_unknown =
            |network: &&Name| networks.get(network).is_none() && self.rules.book.page(network).is_none();
        let Some(network) = network.filter(is_unknown) else { return };
        let link = Link::from(network);
        let is_of_project = |own: &str| Some(networks.id_of(own)) == link.project();
        let is_listed =
            networks.values().filter_map(|known| known.identity.project.as_deref()).any(is_of_project);
        // A bare name may be that of a network which another project shares.
        let is_bare = interface.network.as_ref().is_some_and(|link| !link.is_whole());
        let mut others = networks.iter().map(|(key, _)| key).chain(self.rules.book.networks());
        let is_shared = is_bare && others.any(|key| Link::from(key).name() == link.name());
        if is_listed || is_shared {
            let message = format!(
                "{}: the network {} of `{}` is not in the input, and others are: what decides there may be missing",
                Quoted(&instance.identity.name),
                Quoted(network),
                interface.name
            );
            let place = instance.identity.read_at.0;
            self.gaps.push(Gap::at(place, "dangling-reference", Effect::Undecided, message));
        }
    }

    /// C4: where rules ask for tags or service accounts that an instance does not tell.
    fn tell_untold(&mut self, instance: &Instance) {
        let named = &self.rules.named;
        let tags = instance.tags.is_nothing() && !named.tags.is_empty();
        let accounts = instance.accounts.is_nothing() && !named.accounts.is_empty();
        let untold = [(tags, "network tags", "tags"), (accounts, "service accounts", "serviceAccounts")];
        for (_, what, key) in untold.into_iter().filter(|(is_untold, ..)| *is_untold) {
            let message = format!(
                "{}: its {what} are not told: rules for some may be for it; export `{key}` too",
                Quoted(&instance.identity.name)
            );
            self.gaps.push(Gap::at(instance.identity.read_at.0, "missing-field", Effect::Undecided, message));
        }
    }
}

/// Names that are spoken of, sorted.
fn kept(names: &Said<Vec<Name>>, is_named: impl Fn(&str) -> bool) -> Option<Arc<[Name]>> {
    let Said::This(names) = names else { return None };
    let mut kept: Vec<Name> = names.iter().filter(|name| is_named(name)).cloned().collect();
    kept.sort_unstable();
    kept.dedup();
    Some(kept.into())
}

/// The region of an interface: that of its subnetwork, else the one its zone is of.
fn region_of(instance: &str, interface: &Interface) -> Option<Name> {
    let subnetwork = interface.subnetwork.as_ref().and_then(|link| link.after("regions"));
    let zone = || {
        let path = Link::of(instance);
        let zone = path.after("zones")?.to_owned();
        Some(zone.rsplit_once('-').map_or(zone.clone(), |(region, _)| region.to_owned()))
    };
    subnetwork.map(str::to_owned).or_else(zone).map(Name::from)
}
