//! Types of ICMP that somebody answers, and how.
//!
//! Knows no list.

use packet::Protocol;

/// A type of ICMP that somebody answers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request {
    pub(super) protocol: Protocol,
    pub(super) of_type: u8,
    /// The type of the answer.
    pub(super) reply: u8,
}

/// Echo, timestamp, information and address mask (RFC 792, RFC 950); echo of ICMPv6 (RFC 4443).
pub(super) const REQUESTS: [Request; 5] = [
    Request { protocol: Protocol::ICMP, of_type: 8, reply: 0 },
    Request { protocol: Protocol::ICMP, of_type: 13, reply: 14 },
    Request { protocol: Protocol::ICMP, of_type: 15, reply: 16 },
    Request { protocol: Protocol::ICMP, of_type: 17, reply: 18 },
    Request { protocol: Protocol::ICMPV6, of_type: 128, reply: 129 },
];
