//! Sources, ports and protocols that lean towards boundaries.

use crate::random::Random;

/// A prefix of IPv4.
pub(super) fn cidr4(random: &mut Random) -> String {
    match random.below(10) {
        0..6 => (*random.pick(&BLOCKS_4)).to_owned(),
        6 | 7 => {
            let length = random.between(1, 32);
            let shift = 32 - length;
            let bits = (random.bits() as u32) >> shift << shift;
            format!("{}/{length}", core::net::Ipv4Addr::from(bits))
        }
        8 => format!("8.8.{}.0/24", random.below(256)),
        _ => format!("8.8.8.{}/32", random.below(256)),
    }
}

/// A prefix of IPv6.
pub(super) fn cidr6(random: &mut Random) -> String {
    if random.chance(70) {
        return (*random.pick(&BLOCKS_6)).to_owned();
    }
    let length = random.between(3, 64);
    let shift = 128 - length;
    let bits = (0x2000_u128 << 112 | random.wide() >> 3) >> shift << shift;
    format!("{}/{length}", core::net::Ipv6Addr::from(bits))
}

/// First and last of a range of ports.
pub(super) fn ports(random: &mut Random) -> (u16, u16) {
    let one = |random: &mut Random| *random.pick(&PORTS);
    match random.below(8) {
        0 | 1 => (0, 65535),
        2 => (1024, 65535),
        3 => {
            let first = random.between(0, 60000) as u16;
            (first, first + random.between(1, 5000) as u16)
        }
        4 => {
            let (one, other) = (one(random), one(random));
            (one.min(other), one.max(other))
        }
        _ => {
            let port = one(random);
            (port, port)
        }
    }
}

/// A type and a code, -1 for all.
pub(super) fn types(random: &mut Random, v6: bool) -> (i64, i64) {
    let known: &[i64] = if v6 { &[128, 129, 1, 2, 133, 255] } else { &[8, 0, 3, 13, 14, 255] };
    match random.below(6) {
        0 => (-1, -1),
        1 | 2 => (*random.pick(known), *random.pick(&[0, 1, 4, 255])),
        _ => (*random.pick(known), -1),
    }
}

const BLOCKS_4: [&str; 14] = [
    "0.0.0.0/0",
    "0.0.0.0/0",
    "0.0.0.0/0",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "8.0.0.0/8",
    "9.0.0.0/8",
    "8.8.8.0/24",
    "9.9.9.9/32",
    "64.0.0.0/2",
    "10.0.0.0/16",
    "203.0.113.0/24",
    "11.0.0.0/8",
    "192.0.0.0/2",
];
const BLOCKS_6: [&str; 7] =
    ["::/0", "::/0", "2000::/3", "2600::/12", "2a00::/12", "2a00:1450::/32", "2001:db8::/32"];
const PORTS: [u16; 12] = [0, 1, 22, 53, 80, 443, 1023, 1024, 3389, 8080, 32768, 65535];
