//! Lists of clients: intervals that are united, and restrictions of which the first that matches decides.

use core::net::IpAddr;

use super::super::addresses::{bits, parse};
use super::super::verdict::{Match, Verdict};

/// Who may come.
#[derive(Debug)]
pub(in super::super) enum Clients {
    Always(Verdict),
    /// These, or nobody.
    Doubted(Box<Self>),
    /// Those in one of the intervals; the others get what is said here.
    Union(Vec<Interval>, Verdict),
    /// The first that matches, in ascending priority; the others get what is said here.
    Ordered(Vec<Restriction>, Verdict),
}

/// From one address to another, both included.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Interval {
    v6: bool,
    first: u128,
    last: u128,
}

/// One restriction of a site.
#[derive(Debug)]
pub(in super::super) struct Restriction {
    pub(super) priority: u64,
    pub(super) action: Verdict,
    pub(super) sources: Vec<Interval>,
    /// The most that is known of a match: of those in the intervals, and of everybody else.
    pub(super) inside: Match,
    pub(super) outside: Match,
}

impl Interval {
    /// `None` where it ends before it starts or where a text is no address.
    pub(in super::super) fn between(first: &str, last: &str) -> Option<Self> {
        let (v6, first) = bits(first.trim().parse().ok()?);
        let (other, last) = bits(last.trim().parse().ok()?);
        (v6 == other && first <= last).then_some(Self { v6, first, last })
    }

    /// An address or a prefix.
    pub(in super::super) fn of(text: &str) -> Option<Self> {
        let prefix = parse(text)?;
        let (first, last) = (bits(prefix.first()).1, bits(prefix.last()).1);
        Some(Self { v6: prefix.v6, first, last })
    }

    pub(in super::super) fn holds(&self, address: IpAddr) -> bool {
        let (v6, value) = bits(address);
        v6 == self.v6 && self.first <= value && value <= self.last
    }
}

impl Clients {
    /// The union of some; what cannot be read may be anybody.
    pub(super) fn union_of(intervals: impl Iterator<Item = Option<Interval>>) -> Self {
        let mut rest = Verdict::Deny;
        let mut known = Vec::new();
        for interval in intervals {
            match interval {
                Some(interval) => known.push(interval),
                None => rest = Verdict::Undecided,
            }
        }
        Self::Union(known, rest)
    }

    pub(in super::super) fn decide(&self, source: IpAddr) -> Verdict {
        match self {
            Self::Always(verdict) => *verdict,
            Self::Doubted(list) => list.decide(source).doubted(),
            Self::Union(intervals, _) if intervals.iter().any(|it| it.holds(source)) => Verdict::Allow,
            Self::Union(_, rest) => *rest,
            Self::Ordered(restrictions, rest) => ordered(restrictions, *rest, source),
        }
    }
}

fn ordered(restrictions: &[Restriction], rest: Verdict, source: IpAddr) -> Verdict {
    let mut open: Option<Verdict> = None;
    let mut settled: Option<u64> = None;
    for restriction in restrictions {
        if settled.is_some_and(|priority| priority != restriction.priority) {
            break;
        }
        let inside = restriction.sources.iter().any(|it| it.holds(source));
        let matched = if inside { restriction.inside } else { restriction.outside };
        if matched == Match::No {
            continue;
        }
        open = Some(open.map_or(restriction.action, |before| before.or(restriction.action)));
        if matched == Match::Yes {
            settled = Some(restriction.priority);
        }
    }
    match (open, settled) {
        (Some(verdict), Some(_)) => verdict,
        (open, _) => open.map_or(rest, |before| before.or(rest)),
    }
}
