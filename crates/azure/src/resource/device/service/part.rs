//! What services keep in resources of their own: ranges, rule sets of namespaces, configurations of sites.
//!
//! A part names its service by its own id. Documents may come in any order, so it is `lower` that puts them together.

use cloud::Stated;
use cloud::json::Node;
use model::Effect;
use packet::Family;

use crate::intake::Intake;
use crate::resource::device::Device;
use crate::resource::id::parent_of;
use crate::resource::identity::Identity;
use crate::resource::stated::OfAzure as _;

use super::ranges::range_entry;
use super::{Entry, NetworkRules, ServiceKind, SiteRules};

/// A resource that says something of the firewall of a service.
#[derive(Clone, Debug, PartialEq)]
pub struct ServicePart {
    pub(crate) identity: Identity,
    /// Its name in results.
    pub(crate) name: &'static str,
    /// The kind of its service.
    pub(crate) of: &'static ServiceKind,
    /// Its service, as far as its id says who that is.
    pub(crate) owner: Option<Identity>,
    pub(crate) content: PartContent,
}

/// What a part says. Complete.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PartContent {
    /// Addresses that are let in, in the list of a family.
    Range(Entry, Family),
    NetworkRules(NetworkRules),
    Site(SiteRules),
    /// Nothing of the Internet: subnets that are let in (P1), settings of apps.
    Unrelated,
}

/// A range that is let in.
pub(super) fn range<'a>(
    (of, name): (&'static ServiceKind, &'static str),
    family: Family,
    node: &Node<'a>,
    intake: &mut Intake<'_, 'a>,
) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed rule", intake);
    let entry = range_entry(&stated, (identity.name.clone(), family), of.zero, intake);
    placed((of, name), identity, PartContent::Range(entry, family), &stated, intake)
}

/// A part that says nothing of the Internet.
pub(super) fn unrelated<'a>(
    (of, name): (&'static ServiceKind, &'static str),
    node: &Node<'a>,
    intake: &mut Intake<'_, 'a>,
) -> Device {
    let (identity, _) = Stated::resource(node, "unnamed rule", intake);
    ServicePart { identity, name, of, owner: None, content: PartContent::Unrelated }.into()
}

/// A part with its service, which its id names.
pub(super) fn placed<'a>(
    (of, name): (&'static ServiceKind, &'static str),
    identity: Identity,
    content: PartContent,
    stated: &Stated<'_, 'a>,
    intake: &mut Intake<'_, 'a>,
) -> Device {
    let owner = parent_of(&identity.id).filter(|_| identity.named_by_id);
    let owner = owner.map(|id| Identity::of_id(id, identity.read_at, intake));
    if owner.is_none() {
        let sentence = "its `id` does not say to which service it belongs: it is not read";
        stated.tell("rule-without-service", Effect::Skipped, sentence, intake);
    }
    ServicePart { identity, name, of, owner, content }.into()
}
