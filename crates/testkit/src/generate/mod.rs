//! Seeded inputs: sets, rules, lists, filters, paths, snapshots and whole estates.
//!
//! Everything leans towards boundaries: the first and last member, one beside them, the edges of the Internet,
//! spans that touch. Random middles find few mistakes.

mod aws;
mod elements;
mod estates;
mod fields;
mod filters;
mod gcp;
mod lists;
mod replies;
mod snapshots;

pub(crate) use aws::as_rules;
pub use aws::{Account, AwsElement};
pub use elements::Element;
pub use estates::{Estate, estate};
pub(crate) use estates::{plural, put, texts};
pub use fields::{addresses, ports, prefix, types};
pub use filters::{filter, group};
pub(crate) use gcp::is_inbound;
pub use gcp::{GcpElement, Organisation};
pub use lists::{Kind, list};
pub use replies::{any_of_groups, replied, unordered};
pub use snapshots::{paths, snapshot, tangle, target};
