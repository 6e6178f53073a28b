//! Addresses that are reserved: whether they are external, and who uses them.
//!
//! Knows nothing of what they lead to but its name.

use core::net::IpAddr;

use cloud::{Said, Stated, grammar};

use crate::intake::Intake;

use super::{Identity, Link, Origin};

/// A reserved address.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Address {
    pub(crate) identity: Identity,
    /// The address; `None` where the input does not say it, or it cannot be read.
    pub(crate) address: Option<IpAddr>,
    /// Whether the Internet can send to it. Of one that does not say so it is not known.
    pub(crate) is_external: Option<bool>,
    /// Who uses it. A reserved address that nobody uses has none.
    pub(crate) users: Vec<Link>,
}

impl Address {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let identity = Identity::read(stated, "addresses", origin, intake)?;
        let address = stated.text("address", intake).this().and_then(grammar::address);
        let is_external = match stated.text("addressType", intake) {
            Said::This("EXTERNAL") => Some(true),
            Said::This("INTERNAL") => Some(false),
            // Documents of before there were internal ones do not say it, and no other word is documented.
            Said::This(_) | Said::Nothing | Said::Unreadable => None,
        };
        let users = match stated.texts("users", intake) {
            Said::This(users) => users.into_iter().map(Link::of).collect(),
            Said::Nothing | Said::Unreadable => Vec::new(),
        };
        Some(Self { identity, address, is_external, users })
    }
}
