//! Sorted, disjoint, closed intervals of integers: the one representation behind addresses and ports.
//!
//! Knows nothing about what the integers stand for.

/// An integer that intervals can be made of.
pub(crate) trait Ordinal: Copy + Ord + core::fmt::Debug {
    const MIN: Self;
    const MAX: Self;
    /// The next integer, or `None` after the last.
    fn next(self) -> Option<Self>;
    /// The integer before, or `None` before the first.
    fn previous(self) -> Option<Self>;
    /// The largest aligned block of integers that starts here and does not go beyond `last`: the number of its low
    /// bits, and its last integer.
    fn block(self, last: Self) -> (u32, Self);
}

macro_rules! ordinal {
    ($($integer:ty),*) => {$(
        impl Ordinal for $integer {
            const MIN: Self = <$integer>::MIN;
            const MAX: Self = <$integer>::MAX;
            fn next(self) -> Option<Self> { self.checked_add(1) }
            fn previous(self) -> Option<Self> { self.checked_sub(1) }
            fn block(self, last: Self) -> (u32, Self) {
                // All integers together have no number of their own type: they are aligned to its width.
                let fitting = (last - self).checked_add(1).map_or(Self::BITS, Self::ilog2);
                let bits = self.trailing_zeros().min(fitting);
                (bits, self | (Self::MAX.checked_shr(Self::BITS - bits).unwrap_or(0)))
            }
        }
    )*};
}
ordinal!(u16, u32, u128);

/// A canonical set of integers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Ranges<T> {
    // INVARIANT: sorted; first <= last; a gap of at least one integer between neighbours.
    spans: Vec<(T, T)>,
}

impl<T: Ordinal> Ranges<T> {
    pub(crate) const fn empty() -> Self {
        Self { spans: Vec::new() }
    }

    pub(crate) fn everything() -> Self {
        Self { spans: vec![(T::MIN, T::MAX)] }
    }

    /// Builds the set from intervals in any order, overlapping or not. An interval with `first > last` is empty.
    pub(crate) fn from_spans(mut spans: Vec<(T, T)>) -> Self {
        spans.retain(|&(first, last)| first <= last);
        if !is_canonical(&spans) {
            spans.sort_unstable();
            merge_sorted(&mut spans);
        }
        debug_assert!(is_canonical(&spans));
        Self { spans }
    }

    pub(crate) fn spans(&self) -> &[(T, T)] {
        &self.spans
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    pub(crate) fn contains(&self, member: T) -> bool {
        let after = self.spans.partition_point(|&(first, _)| first <= member);
        after.checked_sub(1).and_then(|i| self.spans.get(i)).is_some_and(|&(_, last)| member <= last)
    }

    pub(crate) fn union(&self, other: &Self) -> Self {
        if self.is_empty() {
            return other.clone();
        }
        if other.is_empty() {
            return self.clone();
        }
        let mut spans = Vec::with_capacity(self.spans.len() + other.spans.len());
        let (mut left, mut right) = (self.spans.iter().peekable(), other.spans.iter().peekable());
        loop {
            let next = match (left.peek(), right.peek()) {
                (Some(a), Some(b)) if a <= b => left.next(),
                (Some(_) | None, Some(_)) => right.next(),
                (Some(_), None) => left.next(),
                (None, None) => break,
            };
            spans.extend(next.copied());
        }
        merge_sorted(&mut spans);
        Self { spans }
    }

    pub(crate) fn intersection(&self, other: &Self) -> Self {
        if self.is_empty() || other.is_empty() {
            return Self::empty();
        }
        let mut spans = Vec::with_capacity(self.spans.len());
        let (mut left, mut right) = (self.spans.iter().peekable(), other.spans.iter().peekable());
        while let (Some(&&(a_first, a_last)), Some(&&(b_first, b_last))) = (left.peek(), right.peek()) {
            let (first, last) = (a_first.max(b_first), a_last.min(b_last));
            if first <= last {
                spans.push((first, last));
            }
            if a_last < b_last {
                left.next();
            } else {
                right.next();
            }
        }
        debug_assert!(is_canonical(&spans));
        Self { spans }
    }

    pub(crate) fn complement(&self) -> Self {
        let mut spans = Vec::with_capacity(self.spans.len() + 1);
        let mut start = Some(T::MIN);
        for &(first, last) in &self.spans {
            if let (Some(from), Some(to)) = (start, first.previous())
                && from <= to
            {
                spans.push((from, to));
            }
            start = last.next();
        }
        spans.extend(start.map(|from| (from, T::MAX)));
        debug_assert!(is_canonical(&spans));
        Self { spans }
    }

    pub(crate) fn difference(&self, other: &Self) -> Self {
        if self.is_empty() || other.is_empty() {
            return self.clone();
        }
        let mut spans = Vec::with_capacity(self.spans.len() + other.spans.len());
        let mut holes = other.spans.iter().peekable();
        for &(first, last) in &self.spans {
            let mut start = Some(first);
            while holes.next_if(|&&(_, end)| end < first).is_some() {}
            while let (Some(from), Some(&&(hole, end))) = (start, holes.peek())
                && hole <= last
            {
                spans.extend(hole.previous().filter(|to| from <= *to).map(|to| (from, to)));
                start = end.next().filter(|next| *next <= last);
                // A hole that goes on beyond this span may cut the next one as well.
                if end > last {
                    break;
                }
                holes.next();
            }
            spans.extend(start.map(|from| (from, last)));
        }
        debug_assert!(is_canonical(&spans));
        Self { spans }
    }

    pub(crate) fn is_subset(&self, other: &Self) -> bool {
        let mut outer = other.spans.iter().peekable();
        self.spans.iter().all(|&(first, last)| {
            while outer.next_if(|&&(_, end)| end < first).is_some() {}
            outer.peek().is_some_and(|&&(start, end)| start <= first && last <= end)
        })
    }

    pub(crate) fn is_disjoint(&self, other: &Self) -> bool {
        let mut outer = other.spans.iter().peekable();
        self.spans.iter().all(|&(first, last)| {
            while outer.next_if(|&&(_, end)| end < first).is_some() {}
            outer.peek().is_none_or(|&&(start, _)| last < start)
        })
    }
}

fn is_canonical<T: Ordinal>(spans: &[(T, T)]) -> bool {
    let apart = |pair: &[(T, T)]| match pair {
        [(_, last), (first, _)] => last.next().is_some_and(|next| next < *first),
        _ => true,
    };
    spans.iter().all(|(first, last)| first <= last) && spans.windows(2).all(apart)
}

/// Joins overlapping and touching neighbours of a list sorted by first member.
fn merge_sorted<T: Ordinal>(spans: &mut Vec<(T, T)>) {
    spans.dedup_by(|next, kept| {
        let joins = kept.1.next().is_none_or(|after| next.0 <= after);
        if joins {
            kept.1 = kept.1.max(next.1);
        }
        joins
    });
}
