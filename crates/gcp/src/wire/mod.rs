//! Spelling: how documents hold resources, and nothing of what they mean.
//!
//! What comes out is one object after the other with the kind it is of and whose it is, whether the command line printed
//! it, an API answered it, or the asset inventory wrapped it.

mod answer;
mod asset;
mod document;
mod elsewhere;
mod incomplete;
mod loose;
mod message;
mod page;
mod range;
mod reader;
mod refusal;
mod subject;
mod told;
mod traits;
mod words;
mod yaml;

pub(crate) use document::{Beside, Made, Remainder, Statement, read_again, read_document, read_made};
pub(crate) use refusal::Disabled;
