//! Values that are not known before something is deployed.

use std::borrow::Cow;

use core::fmt;

/// A value that an expression will have, and that cannot be told now.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown<'a> {
    /// Why.
    pub cause: Cause,
    /// The expression, as people would recognise it. May be empty.
    pub text: Cow<'a, str>,
    /// What it is an attribute of, where it is one of a resource that is declared beside it.
    pub refers: Option<Reference>,
}

/// An attribute of a declared resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Where the resource is declared: `module.net.aws_subnet.a[0]`.
    pub address: String,
    /// Which attribute of it: `id`. Nested ones with dots and brackets, as they are written.
    pub attribute: String,
}

/// Why a value is not known. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// A variable or parameter has no value.
    Unset,
    /// It is of something that exists elsewhere and is not in the input.
    Existing,
    /// It is given to a resource when that is created: an id, an address.
    Computed,
    /// It is another each time: a time, a random value.
    Changing,
    /// A function or a form that is not evaluated.
    Unsupported,
    /// The expression is wrong: a name that nothing has, a type that does not fit.
    Wrong,
    /// Evaluating it would take more than it may.
    TooLarge,
}

impl Cause {
    /// Every cause.
    pub const ALL: [Self; 7] = [
        Self::Unset,
        Self::Existing,
        Self::Computed,
        Self::Changing,
        Self::Unsupported,
        Self::Wrong,
        Self::TooLarge,
    ];
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unset => "a variable without a value",
            Self::Existing => "of something that is not in the input",
            Self::Computed => "told when it is created",
            Self::Changing => "another value each time",
            Self::Unsupported => "a form that is not evaluated",
            Self::Wrong => "an expression that is wrong",
            Self::TooLarge => "too large to be evaluated",
        })
    }
}
