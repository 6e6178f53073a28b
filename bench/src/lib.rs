//! What the benchmarks share: seeded lists, clocks, and rivals that answer the same question.
//!
//! Nothing here is part of the product. A benchmark that cannot go on stops with a panic that says why.

pub mod clock;
pub mod export;
pub mod export_aws;
pub mod export_gcp;
pub mod generate;
pub mod list;
pub mod random;
pub mod rival;
pub mod scan;
pub mod smt;
pub mod terraform;
pub mod trail;
pub mod whole;
pub mod wire;

/// The allocator of the binary, for us and for the rivals alike.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
