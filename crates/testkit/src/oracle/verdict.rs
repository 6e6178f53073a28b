//! What happens to a packet, and whether a rule matches one.

use core::net::IpAddr;

/// What happens to a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It reaches the interface.
    Allow,
    /// It does not.
    Deny,
    /// The input does not say.
    Undecided,
}

impl Verdict {
    /// The word specs use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
            Self::Undecided => "undecided",
        }
    }

    /// Both must let it in.
    pub(super) const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Deny, _) | (_, Self::Deny) => Self::Deny,
            (Self::Undecided, _) | (_, Self::Undecided) => Self::Undecided,
            (Self::Allow, Self::Allow) => Self::Allow,
        }
    }

    /// The one that lets in more.
    pub(crate) const fn better(self, other: Self) -> Self {
        match (self, other) {
            (Self::Allow, _) | (_, Self::Allow) => Self::Allow,
            (Self::Undecided, _) | (_, Self::Undecided) => Self::Undecided,
            (Self::Deny, Self::Deny) => Self::Deny,
        }
    }

    /// This one, or nothing gets in: something of which nothing is known may hold it back.
    pub(super) const fn doubted(self) -> Self {
        match self {
            Self::Allow => Self::Undecided,
            Self::Deny | Self::Undecided => self,
        }
    }

    /// The other one.
    pub(super) const fn opposite(self) -> Self {
        match self {
            Self::Allow => Self::Deny,
            Self::Deny => Self::Allow,
            Self::Undecided => Self::Undecided,
        }
    }

    /// One of the two happens.
    pub(super) const fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Allow, Self::Allow) => Self::Allow,
            (Self::Deny, Self::Deny) => Self::Deny,
            (Self::Allow | Self::Deny | Self::Undecided, _) => Self::Undecided,
        }
    }
}

/// A packet that opens a flow; the port is zero where the protocol has none.
#[derive(Clone, Copy, Debug)]
pub struct Packet {
    /// The protocol number.
    pub protocol: u8,
    /// The client's address.
    pub source: IpAddr,
    /// The port: the one outside when a front is asked, else the target's. Where a cloud tells types of ICMP apart, it
    /// is type × 256 + code.
    pub port: u16,
}

/// How far a packet gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// It arrives, and some reply leaves.
    pub exposed: Verdict,
    /// It arrives, and no reply leaves.
    pub one_way: Verdict,
}

impl Reached {
    /// It does not arrive.
    pub const NOT: Self = Self { exposed: Verdict::Deny, one_way: Verdict::Deny };

    /// Whether it arrives.
    #[must_use]
    pub const fn arrives(self) -> Verdict {
        self.exposed.better(self.one_way)
    }
}

/// Whether a rule matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Match {
    No,
    Maybe,
    Yes,
}

impl From<bool> for Match {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}
