//! Spelling: how documents hold resources, and nothing of what they mean.
//!
//! What comes out is one object after the other with the kind it is of and whose it is; keys are compared without letter
//! case, so what the command line prints and what AWS Config stores read through the same readers.

mod answer;
mod config;
mod document;
mod elsewhere;
mod lone;
mod page;
mod range;
mod reader;
mod refusal;
mod words;

pub(crate) use document::{Beside, Made, Remainder, Statement, Take, read_again, read_document, read_made};
pub(crate) use elsewhere::bearing_of_type;
