//! Slow evaluators that share no code with what they judge: one packet, one answer, plain loops.

pub mod aws;
pub mod azure;
pub mod filter;
pub mod gcp;
mod prefix;
mod verdict;
