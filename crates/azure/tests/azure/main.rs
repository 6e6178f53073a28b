//! What the crate makes of documents as users have them, end to end: text in, exposures and gaps out.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a fixture whose own assumptions fail may stop the test"
)]

mod addresses;
mod attacks;
mod changes;
mod effective;
mod estate;
mod formats;
mod gaps;
mod groups;
mod interfaces;
mod mutations;
mod networks;
mod protocols;
mod service_tags;
