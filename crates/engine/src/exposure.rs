//! What a set of sources can reach at one target, and how it is measured and told.
//!
//! Knows no severity and no wording; `check` and `report` have those.

use std::sync::Arc;

use core::fmt;
use core::net::{IpAddr, SocketAddr};

use model::{Front, Grade, Name, Reach, Rule, RuleList, Target};
use packet::{AddressSet, Count, Cover, Packet, PortSet, Protocol, ProtocolSet};

/// How sure an exposure is. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Certainty {
    /// Every packet of it gets in, whatever the unknowns turn out to be.
    Proved,
    /// Some value of the unknowns lets it in.
    Possible,
}

impl Certainty {
    /// The word results use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Proved => "proved",
            Self::Possible => "possible",
        }
    }
}

/// How many sources of one family, and which.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// Its size class.
    pub grade: Grade,
    /// The exact number of Internet addresses; `None` when the set holds a pool whose members are not known.
    pub addresses: Option<Count>,
    /// The share of what grades are measured on, for reading only; `None` where `addresses` is.
    pub share: Option<f64>,
    /// The canonical cover of the known addresses.
    pub cidrs: Cover,
    /// The canonical cover of what is left out; empty but for `any` and `almost-any`.
    pub missing: Cover,
}

/// A measured set of sources. Equal sets measure equal, and have equal digests.
#[derive(Clone, Debug, PartialEq)]
pub struct Sources {
    /// IPv4; `None` without a source of it.
    pub ipv4: Option<Measure>,
    /// IPv6; `None` without a source of it.
    pub ipv6: Option<Measure>,
    /// Names of pools whose members are not known, sorted.
    pub tags: Vec<Name>,
    /// Whether an attacker can rent an address inside, and the grade is below almost-any (semantics I11).
    pub rentable: bool,
    /// SHA-256 of the exact set, for fingerprints.
    pub digest: [u8; 32],
}

impl Sources {
    /// The higher grade of the two families.
    #[must_use]
    pub fn grade(&self) -> Grade {
        let grades = [&self.ipv4, &self.ipv6].into_iter().flatten().map(|measure| measure.grade);
        grades.max().unwrap_or(Grade::Narrow)
    }
}

/// A rule that lets some of an exposure in.
#[derive(Clone, Debug)]
pub struct Admission {
    /// The list it is in.
    pub list: Arc<RuleList>,
    /// Its position in `list.rules`.
    pub rule: usize,
}

impl Admission {
    /// The rule itself.
    #[must_use]
    pub fn stated(&self) -> Option<&Rule> {
        self.list.rules.get(self.rule)
    }

    /// The position of the same rule in a list: lists of one resource may have different rules of it, each for those
    /// whom it is for, so a rule is known by its name and by where it was read.
    #[must_use]
    pub fn position_in(&self, list: &RuleList) -> Option<usize> {
        let stated = self.stated().filter(|_| self.list.id == list.id)?;
        let is_it = |rule: &Rule| rule.name == stated.name && rule.provenance == stated.provenance;
        // Mostly it is the list itself, and names are not unique in every list.
        let own = list.rules.get(self.rule).filter(|rule| is_it(rule)).map(|_| self.rule);
        own.or_else(|| list.rules.iter().position(is_it))
    }
}

/// One packet of an exposure, decided once more by the plain first-match loop before it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// As the filters see it: sent to the target's own address and port.
    pub packet: Packet,
    /// Where it is sent to from outside, where that is known: the port there need not be the target's. Its type and code
    /// where the protocol has these, port zero where it has neither.
    pub front: Option<SocketAddr>,
    /// The address of the target; `None` where that is an endpoint whose addresses are the provider's.
    pub target: Option<IpAddr>,
    /// All source ports from which this packet gets in as surely, its own among them: nearly always every one. None
    /// where its protocol has no ports.
    pub source_ports: Arc<PortSet>,
}

/// Where an exposure is seen from outside.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Entrance {
    /// The address.
    pub front: Front,
    /// All ports there that lead to the exposure's, equal to them where the path does not translate and where they are
    /// types; no port only where the exposure has none either.
    pub ports: PortSet,
}

/// What a witness met at one list that it came to.
#[derive(Clone, Debug)]
pub struct Passage {
    /// The list.
    pub list: Arc<RuleList>,
    /// The position of the rule that let it in; `None` where no rule matched for certain.
    pub rule: Option<usize>,
}

/// A SHA-256 of what an exposure is: target, reach, protocol, ports, sources. Names, priorities, order and text of
/// rules are not in it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(pub [u8; 32]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

/// A maximal block: one target, one reach, one certainty, one protocol, and the set of ports that the same sources
/// of both families reach.
///
/// Maximal among ways that carry the same packets and whose filters show the same. Ways that differ are told one by
/// one, so that no front is listed for sources or ports that do not reach the target through it; where what they show
/// is equal after all, it is one exposure with the entrances of all of them.
#[derive(Clone, Debug)]
pub struct Exposure {
    /// What it is.
    pub fingerprint: Fingerprint,
    /// What is reached.
    pub target: Arc<Target>,
    /// How far.
    pub reach: Reach,
    /// How sure.
    pub certainty: Certainty,
    /// Where it is seen from outside, sorted, each front once; empty when not known.
    pub fronts: Vec<Entrance>,
    /// The protocol; `None` for every protocol of that cloud on every port.
    pub protocol: Option<Protocol>,
    /// All protocols it is about: the one, or with it all others without ports and types that nothing on the ways to the
    /// target tells apart from it, where these are many.
    pub protocols: ProtocolSet,
    /// The ports as the target sees them; empty where the protocol has none or is every one. Of ICMP its types, each as
    /// type × 256 + code, empty where it is every one.
    pub ports: PortSet,
    /// Who can reach it.
    pub sources: Arc<Sources>,
    /// The destinations that are reached, where the path only says *some of these* and it is not all of them.
    pub destinations: Option<Arc<AddressSet>>,
    /// The rules that admit it, in the order of the path, each once.
    pub opened_by: Vec<Admission>,
    /// The position in `target.paths` of the way that passages and witness are of.
    pub way: usize,
    /// The lists the witness passes, in the order of the path.
    pub passages: Vec<Passage>,
    /// One packet of it; `None` when its sources are only pools whose members are not known.
    pub witness: Option<Witness>,
}
