//! Names of ICMP types, for people.
//!
//! Knows no severity.

use packet::{Protocol, TypeRange};

/// `type 8 (echo request)`, `type 3/4 (fragmentation needed)`, `types 0-7`.
#[must_use]
pub fn type_named(protocol: Protocol, range: TypeRange) -> String {
    let noun = match range {
        TypeRange::Types(first, last) if first < last => "types",
        TypeRange::Types(..) | TypeRange::Codes(..) => "type",
    };
    match name(protocol, range) {
        Some(name) => format!("{noun} {range} ({name})"),
        None => format!("{noun} {range}"),
    }
}

/// The name of the one type that a range is of; of one code, where that has a name of its own.
fn name(protocol: Protocol, range: TypeRange) -> Option<&'static str> {
    let (of_type, code) = match range {
        TypeRange::Types(first, last) if first < last => return None,
        TypeRange::Codes(of_type, first, last) if first == last => (of_type, Some(first)),
        TypeRange::Types(of_type, _) | TypeRange::Codes(of_type, ..) => (of_type, None),
    };
    let names = if protocol == Protocol::ICMPV6 { V6.as_slice() } else { V4.as_slice() };
    let own = names.iter().find(|known| known.1.is_some() && (known.0, known.1) == (of_type, code));
    let whole = || names.iter().find(|known| (known.0, known.1) == (of_type, None));
    own.or_else(whole).map(|known| known.2)
}

/// IANA, Internet Control Message Protocol parameters: type, code, name.
const V4: [(u8, Option<u8>, &str); 15] = [
    (0, None, "echo reply"),
    (3, None, "destination unreachable"),
    (3, Some(4), "fragmentation needed"),
    (4, None, "source quench"),
    (5, None, "redirect"),
    (8, None, "echo request"),
    (9, None, "router advertisement"),
    (10, None, "router solicitation"),
    (11, None, "time exceeded"),
    (12, None, "parameter problem"),
    (13, None, "timestamp request"),
    (14, None, "timestamp reply"),
    (17, None, "address mask request"),
    (18, None, "address mask reply"),
    (42, None, "extended echo request"),
];

/// IANA, Internet Control Message Protocol version 6 parameters.
const V6: [(u8, Option<u8>, &str); 12] = [
    (1, None, "destination unreachable"),
    (2, None, "packet too big"),
    (3, None, "time exceeded"),
    (4, None, "parameter problem"),
    (128, None, "echo request"),
    (129, None, "echo reply"),
    (133, None, "router solicitation"),
    (134, None, "router advertisement"),
    (135, None, "neighbor solicitation"),
    (136, None, "neighbor advertisement"),
    (137, None, "redirect"),
    (160, None, "extended echo request"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_named_where_people_have_a_name() {
        let told = |range| type_named(Protocol::ICMP, range);
        assert_eq!(told(TypeRange::Types(8, 8)), "type 8 (echo request)");
        assert_eq!(told(TypeRange::Codes(3, 4, 4)), "type 3/4 (fragmentation needed)");
        assert_eq!(told(TypeRange::Codes(3, 0, 3)), "type 3/0-3 (destination unreachable)");
        assert_eq!(told(TypeRange::Types(0, 7)), "types 0-7");
        assert_eq!(told(TypeRange::Types(200, 200)), "type 200");
        let six = |range| type_named(Protocol::ICMPV6, range);
        assert_eq!(six(TypeRange::Types(128, 128)), "type 128 (echo request)");
        assert_eq!(six(TypeRange::Types(8, 8)), "type 8");
    }
}
