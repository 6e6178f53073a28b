//! Services with a firewall of their own (semantics section 6): whom each lets in, as its documents say.
//!
//! One file for each family; what many share is in `firewall`, `ranges`, `acls` and `part`. Network reach only: nothing
//! here is about authentication. Knows no path and no target; `lower` has those.

mod acls;
mod arrival;
mod cosmos;
mod databases;
mod firewall;
mod kinds;
mod kubernetes;
mod managed_instance;
mod namespace;
mod part;
mod ranges;
mod redis;
mod registry;
mod site;
mod site_entry;
mod sql;
mod storage;
mod synapse;
mod table;
mod vault;

use cloud::{Said, Stated};
use model::Name;
use packet::{Bounds, Family, PortSet};

use crate::intake::Intake;
use crate::resource::identity::Identity;

pub(super) use arrival::put_service;
pub(crate) use firewall::{Entry, Firewall, Otherwise, PublicAccess};
pub(crate) use kinds::ServiceKind;
pub(crate) use namespace::NetworkRules;
pub(crate) use part::PartContent;
pub use part::ServicePart;
pub(crate) use site::{MANAGEMENT_SITE, SiteRules};
pub(super) use table::*;

/// A service with a firewall of its own, as one document states it.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    pub(crate) identity: Identity,
    pub(crate) kind: &'static ServiceKind,
    pub(crate) access: PublicAccess,
    /// The TCP ports of its endpoint.
    pub(crate) ports: Bounds<PortSet>,
    pub(crate) families: &'static [Family],
    pub(crate) kept: Kept,
    /// Running, stopped and so on.
    pub(crate) power: Option<Name>,
    /// Whether its endpoint may be one that the Internet has no way to.
    pub(crate) is_elsewhere: bool,
    /// Whether the document says anything of who is let in: a list of names, as `az resource list` prints it, does not.
    pub(crate) is_told: bool,
    /// Whether it says all that it has to say of that: a projection may leave some of it out.
    pub(crate) is_whole: bool,
}

/// Where a service keeps who is let in. Complete.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kept {
    /// In its own document.
    Here(Firewall),
    /// P9: in its own document, and these public addresses of its own are let in unlisted, by key.
    HereAnd(Firewall, Vec<Name>),
    /// P1, P3, P4, P5: in resources of their own, one for each range.
    Ranges(Ranges),
    /// P7: in a resource beside it. Whether it acts in the tier of the service; `None` where that is not known.
    NetworkRules { acts: Option<bool> },
    /// P10: in its own document, or in its configuration beside it.
    Site(SiteRules),
    /// P2: in the group of its subnet, by the key of that.
    Subnet(Option<Name>),
}

/// Ranges that are resources of their own, as far as the document of their service lists them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ranges {
    pub(crate) ipv4: Option<Vec<Entry>>,
    pub(crate) ipv6: Option<Vec<Entry>>,
    /// Who is let in when there is none.
    pub(crate) without: Otherwise,
}

impl Ranges {
    pub(super) const fn untold(without: Otherwise) -> Self {
        Self { ipv4: None, ipv6: None, without }
    }
}

impl Service {
    /// A service with one TCP port over IPv4 that lets in whom `kept` says.
    pub(super) fn new(
        identity: Identity,
        kind: &'static ServiceKind,
        access: PublicAccess,
        kept: Kept,
    ) -> Self {
        Self {
            identity,
            kind,
            access,
            ports: Bounds::exactly(
                kind.ports
                    .iter()
                    .copied()
                    .map(PortSet::only)
                    .fold(PortSet::empty(), |sum, port| sum.union(&port)),
            ),
            families: kind.families,
            kept,
            power: None,
            is_elsewhere: false,
            is_told: true,
            is_whole: true,
        }
    }

    /// A service of which the input has nothing but parts.
    pub(crate) fn unseen(part: &ServicePart) -> Option<Self> {
        let identity = Identity { read_at: part.identity.read_at, ..part.owner.clone()? };
        let kept = match &part.content {
            PartContent::Range(..) => Kept::Ranges(Ranges::untold(part.of.without)),
            PartContent::NetworkRules(_) => Kept::NetworkRules { acts: None },
            PartContent::Site(_) => Kept::Site(SiteRules::untold()),
            PartContent::Unrelated => return None,
        };
        let service = Self::new(identity, part.of, PublicAccess::Enabled, kept);
        Some(Self { is_elsewhere: true, ..service })
    }

    /// With ports that it may have beside.
    pub(super) fn with_port(mut self, port: u16, has_it: Option<bool>) -> Self {
        let with = |set: &PortSet| set.union(&PortSet::only(port));
        match has_it {
            Some(false) => {}
            Some(true) => self.ports = Bounds { must: with(&self.ports.must), may: with(&self.ports.may) },
            None => self.ports.may = with(&self.ports.may),
        }
        self
    }
}

/// Whether a document is an export with all that it has, by a key that only such ones have. What edits alone say of a
/// service is none, whatever keys they have.
fn is_full(stated: &Stated<'_, '_>, marks: &[&str]) -> bool {
    has_any(stated, marks) && !stated.has(OF_EDITS)
}

/// A key of an object that nobody stated and that is made of what edits said.
pub(crate) const OF_EDITS: &str = "#partial";

/// Whether an object has one of these keys, be its value null.
fn has_any(stated: &Stated<'_, '_>, keys: &[&str]) -> bool {
    keys.iter().any(|key| stated.has(key))
}

/// Whether an object says something under one of these keys. In a projection null says as little as absence: the path of
/// its query may have led nowhere.
fn says_any(stated: &Stated<'_, '_>, keys: &[&str]) -> bool {
    keys.iter().any(|key| stated.has(key) && !stated.is_null(key))
}

/// The text under the first of some keys that says anything.
fn first_text<'n, 'a>(stated: &Stated<'n, 'a>, keys: &[&str], intake: &mut Intake<'_, 'a>) -> Said<&'n str> {
    let mut said = Said::Nothing;
    for key in keys {
        said = stated.text(key, intake);
        if !said.is_nothing() {
            break;
        }
    }
    said
}

/// A flag; `without` where nothing is said, `None` where it cannot be read.
fn flag_or<'a>(
    stated: &Stated<'_, 'a>,
    keys: &[&str],
    without: Option<bool>,
    intake: &mut Intake<'_, 'a>,
) -> Option<bool> {
    for key in keys {
        match stated.flag(key, intake) {
            Said::Nothing => {}
            Said::This(flag) => return Some(flag),
            Said::Unreadable => return None,
        }
    }
    without
}
