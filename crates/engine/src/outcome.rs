//! What can happen to a packet when not everything about a filter is known: a small set of actions, and how the
//! expressions of the filter algebra combine such sets.
//!
//! A leaf is a set because an inexact match adds its action and goes on. So certain and possible answers come from
//! one pass, and `Chain`, `AllOf`, `AnyOf` work on sets member by member. Unknowns are taken as independent of each
//! other, which keeps bounds sound and may make them wider than needed.

use model::{Action, Filter};

/// A non-empty set of the things that can happen to one packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Outcomes(u8);

impl Outcomes {
    /// Nothing yet: the neutral element of [`Outcomes::or`].
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const ALLOW: Self = Self(1);
    /// Allowed if the source is in a pool whose members are not known. Told apart from [`Outcomes::ALLOW`], because
    /// the pool is reported as itself and not as "any address is possible" (semantics I11).
    pub(crate) const POOL: Self = Self(2);
    pub(crate) const DENY: Self = Self(4);
    pub(crate) const PASS: Self = Self(8);

    pub(crate) const fn of(action: Action) -> Self {
        match action {
            Action::Allow => Self::ALLOW,
            Action::Deny => Self::DENY,
            Action::Pass => Self::PASS,
        }
    }

    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the packet gets in whatever the unknowns are. A packet that passes a whole path was kept out by
    /// nothing, so it is in.
    pub(crate) const fn is_allowed(self) -> bool {
        !self.has(Self::DENY) && self.0 != 0
    }

    /// Whether some value of the unknowns lets it in, pools aside.
    pub(crate) const fn may_be_allowed(self) -> bool {
        self.has(Self::ALLOW) || self.has(Self::PASS)
    }

    /// Whether some value of the unknowns lets it in, pools included.
    pub(crate) const fn may_be_allowed_by_pool(self) -> bool {
        self.may_be_allowed() || self.has(Self::POOL)
    }

    /// The action that certainly happens; `None` where several can.
    pub(crate) fn certain(self) -> Option<Action> {
        match self {
            Self::ALLOW => Some(Action::Allow),
            Self::DENY => Some(Action::Deny),
            Self::PASS => Some(Action::Pass),
            // An allow that also holds by pool is an allow; a pool alone may as well not be one.
            Self(bits) => (bits == Self::ALLOW.0 | Self::POOL.0).then_some(Action::Allow),
        }
    }

    fn each(self) -> impl Iterator<Item = Self> {
        [Self::ALLOW, Self::POOL, Self::DENY, Self::PASS].into_iter().filter(move |one| self.has(*one))
    }

    fn pairwise(self, other: Self, combine: fn(Self, Self) -> Self) -> Self {
        let mut all = Self::NONE;
        for left in self.each() {
            for right in other.each() {
                all = all.or(combine(left, right));
            }
        }
        all
    }
}

/// Evaluates the expression; `leaf` gives the outcomes of its lists, in the order [`Filter::lists`] names them.
pub(crate) fn evaluate(filter: &Filter, leaf: &mut impl Iterator<Item = Outcomes>) -> Outcomes {
    match filter {
        Filter::Always(action) => Outcomes::of(*action),
        Filter::FirstMatch(_) => leaf.next().unwrap_or(Outcomes::PASS),
        Filter::Chain(stages) => {
            let mut all = Outcomes::PASS;
            for stage in stages {
                // Every stage takes its leaves, also one that is never reached.
                let next = evaluate(stage, leaf);
                if all.has(Outcomes::PASS) {
                    all = all.without(Outcomes::PASS).or(next);
                }
            }
            all
        }
        Filter::AllOf(parts) => all_of(parts.iter().map(|part| evaluate(part, leaf))),
        Filter::AnyOf(parts) => any_of(parts.iter().map(|part| evaluate(part, leaf))),
    }
}

/// What [`Filter::AllOf`] makes of its parts.
pub(crate) fn all_of(parts: impl Iterator<Item = Outcomes>) -> Outcomes {
    parts.fold(Outcomes::ALLOW, |all, part| all.pairwise(part, both))
}

/// What [`Filter::AnyOf`] makes of its parts.
pub(crate) fn any_of(parts: impl Iterator<Item = Outcomes>) -> Outcomes {
    parts.reduce(|all, part| all.pairwise(part, either)).unwrap_or(Outcomes::PASS)
}

/// Sets of outcomes of 64 packets at once: one word for each of the four things that can happen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Planes {
    pub(crate) allow: u64,
    pub(crate) pool: u64,
    pub(crate) deny: u64,
    pub(crate) pass: u64,
}

impl Planes {
    fn of(action: Action) -> Self {
        let mut planes = Self::default();
        planes.add(Outcomes::of(action), u64::MAX);
        planes
    }

    /// Adds outcomes to the packets of `bits`.
    pub(crate) fn add(&mut self, outcomes: Outcomes, bits: u64) {
        match outcomes {
            Outcomes::ALLOW => self.allow |= bits,
            Outcomes::DENY => self.deny |= bits,
            Outcomes::POOL => self.pool |= bits,
            Outcomes::PASS => self.pass |= bits,
            several => several.each().for_each(|one| self.add(one, bits)),
        }
    }

    /// As [`Outcomes::is_allowed`].
    pub(crate) const fn allowed(self) -> u64 {
        (self.allow | self.pool | self.pass) & !self.deny
    }

    /// As [`Outcomes::may_be_allowed`].
    pub(crate) const fn maybe_allowed(self) -> u64 {
        self.allow | self.pass
    }

    fn both(self, other: Self) -> Self {
        let admits = |planes: Self| planes.allow | planes.pool;
        let either = |own: fn(Self) -> u64, others: fn(Self) -> u64| {
            own(self) & others(other) | own(other) & others(self)
        };
        Self {
            deny: self.deny | other.deny,
            pass: either(|p| p.pass, |p| p.pass | p.allow | p.pool),
            pool: self.pool & admits(other) | other.pool & admits(self),
            allow: self.allow & other.allow,
        }
    }

    fn either(self, other: Self) -> Self {
        let either = |own: fn(Self) -> u64, others: fn(Self) -> u64| {
            own(self) & others(other) | own(other) & others(self)
        };
        Self {
            allow: self.allow | other.allow,
            pool: either(|p| p.pool, |p| p.pool | p.deny | p.pass),
            deny: either(|p| p.deny, |p| p.deny | p.pass),
            pass: self.pass & other.pass,
        }
    }
}

/// As [`evaluate`], for 64 packets at once. A packet without any outcome stays without one or gets a wrong one: the
/// caller leaves it out.
pub(crate) fn evaluate_planes(filter: &Filter, leaf: &mut impl Iterator<Item = Planes>) -> Planes {
    match filter {
        Filter::Always(action) => Planes::of(*action),
        Filter::FirstMatch(_) => leaf.next().unwrap_or(Planes::of(Action::Pass)),
        Filter::Chain(stages) => stages.iter().fold(Planes::of(Action::Pass), |all, stage| {
            let next = evaluate_planes(stage, leaf);
            let open = all.pass;
            Planes {
                allow: all.allow | next.allow & open,
                pool: all.pool | next.pool & open,
                deny: all.deny | next.deny & open,
                pass: next.pass & open,
            }
        }),
        Filter::AllOf(parts) => {
            parts.iter().fold(Planes::of(Action::Allow), |all, part| all.both(evaluate_planes(part, leaf)))
        }
        Filter::AnyOf(parts) => {
            let mut all: Option<Planes> = None;
            for part in parts {
                let next = evaluate_planes(part, leaf);
                all = Some(all.map_or(next, |all| all.either(next)));
            }
            all.unwrap_or(Planes::of(Action::Pass))
        }
    }
}

fn both(left: Outcomes, right: Outcomes) -> Outcomes {
    let either_is = |outcome| left == outcome || right == outcome;
    if either_is(Outcomes::DENY) {
        Outcomes::DENY
    } else if either_is(Outcomes::PASS) {
        Outcomes::PASS
    } else if either_is(Outcomes::POOL) {
        Outcomes::POOL
    } else {
        Outcomes::ALLOW
    }
}

fn either(left: Outcomes, right: Outcomes) -> Outcomes {
    let either_is = |outcome| left == outcome || right == outcome;
    if either_is(Outcomes::ALLOW) {
        Outcomes::ALLOW
    } else if either_is(Outcomes::POOL) {
        Outcomes::POOL
    } else if either_is(Outcomes::DENY) {
        Outcomes::DENY
    } else {
        Outcomes::PASS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(filter: &Filter) -> Outcomes {
        evaluate(filter, &mut std::iter::empty())
    }

    fn always(actions: &[Action]) -> Vec<Filter> {
        actions.iter().copied().map(Filter::Always).collect()
    }

    /// The truth table of design section 6, all pairs.
    #[test]
    fn expressions_combine_as_the_algebra_says() {
        use Action::{Allow, Deny, Pass};
        for (pair, chain, all, any) in [
            ([Allow, Allow], Allow, Allow, Allow),
            ([Allow, Deny], Allow, Deny, Allow),
            ([Allow, Pass], Allow, Pass, Allow),
            ([Deny, Allow], Deny, Deny, Allow),
            ([Deny, Deny], Deny, Deny, Deny),
            ([Deny, Pass], Deny, Deny, Deny),
            ([Pass, Allow], Allow, Pass, Allow),
            ([Pass, Deny], Deny, Deny, Deny),
            ([Pass, Pass], Pass, Pass, Pass),
        ] {
            assert_eq!(run(&Filter::Chain(always(&pair))), Outcomes::of(chain), "chain {pair:?}");
            assert_eq!(run(&Filter::AllOf(always(&pair))), Outcomes::of(all), "all of {pair:?}");
            assert_eq!(run(&Filter::AnyOf(always(&pair))), Outcomes::of(any), "any of {pair:?}");
        }
    }

    #[test]
    fn nothing_to_combine_is_neutral() {
        assert_eq!(run(&Filter::AllOf(Vec::new())), Outcomes::ALLOW);
        assert_eq!(run(&Filter::AnyOf(Vec::new())), Outcomes::PASS);
        assert_eq!(run(&Filter::Chain(Vec::new())), Outcomes::PASS);
    }

    #[test]
    fn a_set_is_combined_member_by_member() {
        let unsure = Outcomes::ALLOW.or(Outcomes::DENY);
        assert_eq!(unsure.pairwise(Outcomes::DENY, both), Outcomes::DENY);
        assert_eq!(unsure.pairwise(Outcomes::ALLOW, both), unsure);
        assert_eq!(unsure.pairwise(Outcomes::ALLOW, either), Outcomes::ALLOW);
        assert!(!unsure.is_allowed() && unsure.may_be_allowed());
        assert!(Outcomes::POOL.or(Outcomes::ALLOW).is_allowed());
        assert!(!Outcomes::POOL.or(Outcomes::DENY).may_be_allowed());
    }

    /// Every pair of non-empty sets, through every expression, one by one and 64 at once.
    #[test]
    fn planes_are_outcomes_side_by_side() {
        let list = || {
            Filter::FirstMatch(std::sync::Arc::new(model::RuleList {
                id: "l".into(),
                name: "l".into(),
                kind: "list",
                scope: None,
                rules: Vec::new(),
                behind: None,
                provenance: None,
            }))
        };
        let pair = || vec![list(), list()];
        for filter in [Filter::Chain(pair()), Filter::AllOf(pair()), Filter::AnyOf(pair())] {
            for (left, right) in (1..16).flat_map(|left| (1..16).map(move |right| (left, right))) {
                let leaves = [Outcomes(left), Outcomes(right)];
                let one = evaluate(&filter, &mut leaves.into_iter());
                let planes = leaves.map(|outcomes| {
                    let mut planes = Planes::default();
                    planes.add(outcomes, 1 << 40);
                    planes
                });
                let many = evaluate_planes(&filter, &mut planes.into_iter());
                let mut expected = Planes::default();
                expected.add(one, 1 << 40);
                let cut = |planes: Planes| {
                    [planes.allow, planes.pool, planes.deny, planes.pass].map(|plane| plane & 1 << 40)
                };
                assert_eq!(cut(many), cut(expected), "{filter:?} {left} {right}");
                assert_eq!(many.allowed() >> 40 & 1 == 1, one.is_allowed());
                assert_eq!(many.maybe_allowed() >> 40 & 1 == 1, one.may_be_allowed());
            }
        }
    }
}
