//! Exact, canonical sets of packets, field by field.
//!
//! A set holds what it holds and nothing else: two sets are equal when their members are, however they were
//! written. Counts are exact integers. IPv4 and IPv6 are two universes and never mix (semantics C5).
//!
//! ```
//! use packet::{AddressSet, Family, Prefix};
//! let halves: AddressSet = ["0.0.0.0/1", "128.0.0.0/1"].iter().map(|p| p.parse::<Prefix>().unwrap()).collect();
//! let whole: AddressSet = ["0.0.0.0/0"].iter().map(|p| p.parse::<Prefix>().unwrap()).collect();
//! assert_eq!(halves, whole);
//! assert_eq!(whole.count(Family::V4).to_string(), "4294967296");
//! ```
//!
//! Knows no rule, no cloud, no Internet: what a set *means* is said by whoever built it.

mod address;
mod bounds;
mod cover;
mod header;
mod kind;
mod port;
mod prefix;
mod protocol;
mod ranges;

pub use address::{AddressSet, Count, Family};
pub use bounds::Bounds;
pub use cover::{Cover, cover};
pub use header::Packet;
pub use kind::{TypeRange, number, types};
pub use port::{PortRange, PortRangeError, PortSet};
pub use prefix::{Prefix, PrefixError};
pub use protocol::{Protocol, ProtocolSet};
