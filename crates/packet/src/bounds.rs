//! What is known of a set that is not known exactly.

/// `must ⊆ truth ⊆ may`: what is certainly in, and what cannot be ruled out. Exact when both are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bounds<T> {
    /// Certainly in.
    pub must: T,
    /// Possibly in; holds everything that `must` holds.
    pub may: T,
}

impl<T: Clone + PartialEq> Bounds<T> {
    /// A value that is known.
    pub fn exactly(value: T) -> Self {
        Self { must: value.clone(), may: value }
    }

    /// A value known only by its bounds.
    pub const fn between(must: T, may: T) -> Self {
        Self { must, may }
    }

    /// Whether the value is known.
    pub fn is_exact(&self) -> bool {
        self.must == self.may
    }
}
