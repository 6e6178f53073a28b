//! Lists of clients as services write them.

use serde_json::Value;

use crate::random::Random;

/// A first and a last address, both included.
pub(super) fn interval(random: &mut Random) -> (String, String) {
    let intervals = [
        ("0.0.0.0", "127.255.255.255"),
        ("128.0.0.0", "255.255.255.255"),
        ("0.0.0.0", "255.255.255.255"),
        ("8.8.8.8", "8.8.8.8"),
        ("8.8.8.0", "8.8.8.255"),
        ("8.8.8.9", "8.8.9.3"),
        ("9.255.255.255", "11.0.0.0"),
        ("1.0.0.1", "223.255.255.254"),
        ("0.0.0.1", "255.255.255.255"),
        ("203.0.113.5", "203.0.113.9"),
        ("10.0.0.0", "10.255.255.255"),
        ("0.0.0.0", "0.0.0.1"),
    ];
    let (first, last) = *random.pick(&intervals);
    (first.to_owned(), last.to_owned())
}

/// A prefix or an address.
pub(super) fn prefix(random: &mut Random) -> &'static str {
    let prefixes = [
        "0.0.0.0/1",
        "128.0.0.0/1",
        "8.8.8.0/24",
        "8.8.8.8",
        "8.8.9.0/31",
        "64.0.0.0/2",
        "9.9.9.9/32",
        "203.0.113.0/24",
        "100.0.0.0/8",
        "40.76.0.0/14",
    ];
    let prefix: &&'static str = random.pick(&prefixes);
    prefix
}

/// Says whether there is public access at all; now and then the document leaves it out.
pub(super) fn say_access(resource: &mut Value, random: &mut Random) {
    let words = [Value::Null, "Enabled".into(), "Enabled".into(), "enabled".into(), "Disabled".into()];
    if random.chance(95) {
        resource["publicNetworkAccess"] = random.pick(&words).clone();
    }
}
