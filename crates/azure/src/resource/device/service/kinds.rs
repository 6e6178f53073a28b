//! What is told of the kinds of services: names, ports, commands that export them.

use packet::Family;

use super::Otherwise;

/// What kind of service it is, and what is told of its like.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ServiceKind {
    /// Its name in results.
    pub(crate) name: &'static str,
    /// The name of its list in results.
    pub(crate) list: &'static str,
    /// What people call several of it.
    pub(crate) plural: &'static str,
    /// The command that exports it.
    pub(crate) command: &'static str,
    /// What is kept in resources beside it, in people's words, and the command that exports them.
    pub(crate) beside: Option<(&'static str, &'static str)>,
    /// The TCP ports of its endpoint.
    pub(crate) ports: &'static [u16],
    pub(crate) families: &'static [Family],
    /// Who is let in when it keeps no range.
    pub(crate) without: Otherwise,
    pub(crate) zero: Zero,
}

/// What `0.0.0.0` stands for in a list. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zero {
    /// P1, P3, P4, P8: everything that runs in Azure, other customers' machines included.
    Azure,
    /// An address, from which no packet comes.
    Address,
}

impl ServiceKind {
    /// A kind reached over IPv4 that lets nobody in without a rule.
    pub(super) const fn new([name, list, plural, command]: [&'static str; 4], ports: &'static [u16]) -> Self {
        Self {
            name,
            list,
            plural,
            command,
            beside: None,
            ports,
            families: &[Family::V4],
            without: Otherwise::Deny,
            zero: Zero::Address,
        }
    }

    /// Whether `0.0.0.0` is everything in Azure.
    pub(crate) const fn zero_is_azure(&self) -> bool {
        matches!(self.zero, Zero::Azure)
    }

    /// A kind that keeps rules beside it.
    pub(super) const fn beside(mut self, what: &'static str, command: &'static str) -> Self {
        self.beside = Some((what, command));
        self
    }

    /// A kind for which `0.0.0.0` is everything in Azure.
    pub(super) const fn with_azure(mut self) -> Self {
        self.zero = Zero::Azure;
        self
    }

    /// A kind that is reached over both families.
    pub(super) const fn dual(mut self) -> Self {
        self.families = &Family::BOTH;
        self
    }
}
