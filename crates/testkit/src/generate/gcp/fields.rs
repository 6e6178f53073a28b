//! Sources, destinations, protocols and ports that lean towards boundaries and towards each other.

use serde_json::{Value, json};

use crate::random::Random;

/// Prefixes of one family, as rules of a network hold them (G6).
pub(super) fn ranges(v6: bool, most: usize, random: &mut Random) -> Vec<String> {
    (0..random.between(1, most)).map(|_| if v6 { cidr6(random) } else { cidr4(random) }).collect()
}

/// A prefix of IPv4.
pub(super) fn cidr4(random: &mut Random) -> String {
    match random.below(12) {
        0..8 => (*random.pick(&BLOCKS_4)).to_owned(),
        8 | 9 => {
            let length = random.between(1, 32);
            let shift = 32 - length;
            let bits = (random.bits() as u32) >> shift << shift;
            format!("{}/{length}", core::net::Ipv4Addr::from(bits))
        }
        10 => format!("8.8.{}.0/24", random.below(4)),
        _ => format!("8.8.8.{}/32", random.below(4)),
    }
}

/// A prefix of IPv6.
pub(super) fn cidr6(random: &mut Random) -> String {
    if random.chance(75) {
        return (*random.pick(&BLOCKS_6)).to_owned();
    }
    let length = random.between(3, 64);
    let shift = 128 - length;
    let bits = (0x2000_u128 << 112 | random.wide() >> 3) >> shift << shift;
    format!("{}/{length}", core::net::Ipv6Addr::from(bits))
}

/// What an interface's address is in, beside or the whole of; of IPv6 an interface has 2^32 addresses, and some of these
/// may be spoken of alone.
pub(super) fn destinations(v6: bool, random: &mut Random) -> Vec<String> {
    let one = |random: &mut Random| match v6 {
        false => match random.below(5) {
            0 => "10.0.0.0/8".to_owned(),
            1 => format!("10.{}.0.0/16", random.below(3)),
            2 => format!("203.0.113.{}/32", random.between(100, 103)),
            3 => format!("10.{}.{}.{}/32", random.below(3), random.below(2), random.between(10, 14)),
            _ => format!("10.{}.{}.0/29", random.below(3), random.below(2)),
        },
        true => match random.below(4) {
            0 => "2001:db8::/32".to_owned(),
            3 => {
                let (network, subnet, machine) = (random.below(3), random.below(2), random.between(10, 14));
                format!("2001:db8:{network}:{subnet}:0:{machine}::/{}", random.pick(&[97, 112, 128]))
            }
            1 => format!("2001:db8:{}::/48", random.below(3)),
            _ => {
                format!("2001:db8:{}:{}:0:{}::/96", random.below(3), random.below(2), random.between(10, 14))
            }
        },
    };
    (0..random.between(1, 2)).map(|_| one(random)).collect()
}

/// Protocols and ports, some of them several at once; the key of the protocol differs.
pub(super) fn layer4(key: &str, v6: bool, random: &mut Random) -> Vec<Value> {
    let count = if random.chance(75) { 1 } else { random.between(2, 3) };
    (0..count).map(|_| one_layer4(key, v6, random)).collect()
}

fn one_layer4(key: &str, v6: bool, random: &mut Random) -> Value {
    let portless: &[&str] =
        if v6 { &["58", "50", "esp", "47"] } else { &["icmp", "1", "esp", "ah", "51", "47", "ipip"] };
    match random.below(14) {
        0 | 1 => json!({key: "all"}),
        2 | 3 => json!({key: *random.pick(portless)}),
        4 => json!({key: *random.pick(&["tcp", "udp", "sctp", "6", "17", "132"])}),
        5 => json!({key: *random.pick(&["sctp", "132"]), "ports": ports(random)}),
        6 | 7 => json!({key: *random.pick(&["udp", "17"]), "ports": ports(random)}),
        8 => json!({key: "6", "ports": ports(random)}),
        _ => json!({key: "tcp", "ports": ports(random)}),
    }
}

/// One to three ports or ranges of them.
fn ports(random: &mut Random) -> Vec<String> {
    (0..random.between(1, 3)).map(|_| range(random)).collect()
}

/// One port or a range.
pub(super) fn range(random: &mut Random) -> String {
    let one = |random: &mut Random| *random.pick(&PORTS);
    match random.below(9) {
        0 => "0-65535".to_owned(),
        1 => "1-65535".to_owned(),
        2 => {
            let first = random.between(0, 60000);
            format!("{first}-{}", first + random.between(1, 5000))
        }
        3 | 4 => {
            let (one, other): (u16, u16) = (one(random), one(random));
            format!("{}-{}", one.min(other), one.max(other))
        }
        _ => one(random).to_string(),
    }
}

const BLOCKS_4: [&str; 14] = [
    "0.0.0.0/0",
    "0.0.0.0/0",
    "0.0.0.0/0",
    "0.0.0.0/0",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "8.0.0.0/8",
    "8.8.8.0/24",
    "9.9.9.9/32",
    "64.0.0.0/2",
    "10.0.0.0/8",
    "203.0.113.0/24",
    "35.191.0.0/16",
    "35.128.0.0/9",
];
const BLOCKS_6: [&str; 7] =
    ["::/0", "::/0", "::/0", "2000::/3", "2600::/12", "2a00:1450::/32", "2001:db8::/32"];
const PORTS: [u16; 9] = [0, 22, 53, 80, 443, 1023, 3389, 8080, 65535];
