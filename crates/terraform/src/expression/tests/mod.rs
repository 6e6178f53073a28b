//! Expressions against results that were worked out by hand, and laws that hold for all of them.

mod cases;
mod laws;
mod replaced;
mod scope;
mod shown;
