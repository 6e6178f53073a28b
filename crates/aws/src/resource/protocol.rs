//! The protocol of a rule (W7): a name, a number, or `-1` for every one.
//!
//! Knows nothing of ports.

use cloud::json::Tree;
use cloud::{Quoted, Stated};
use model::Effect;
use packet::Protocol;

use crate::intake::Intake;

/// Which protocol a rule speaks of. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spoken {
    /// Every protocol, and then every port of it.
    Every,
    One(Protocol),
    /// Not known which. It has been told as a gap.
    Unreadable,
}

/// The protocol that is said under a key. One that is not said is not known: what AWS prints always has it.
pub(crate) fn protocol<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Spoken {
    let word = match stated.value(key) {
        Some(Tree::Text(word)) => word.trim(),
        None | Some(Tree::Null) => {
            let sentence = format!("`{key}` is missing: the rule may be of every protocol");
            stated.tell("missing-field", Effect::Undecided, &sentence, intake);
            return Spoken::Unreadable;
        }
        Some(other) => {
            stated.strange::<()>(key, other.json(), "a protocol like `tcp` or `-1`", intake);
            return Spoken::Unreadable;
        }
    };
    named(word).unwrap_or_else(|| {
        let sentence =
            format!("{} is no protocol: the rule may be of every protocol and every port", Quoted(word));
        stated.tell("unknown-protocol", Effect::Undecided, &sentence, intake);
        Spoken::Unreadable
    })
}

fn named(word: &str) -> Option<Spoken> {
    // `all` is how the command line takes `-1`.
    if word == "-1" || word.eq_ignore_ascii_case("all") {
        return Some(Spoken::Every);
    }
    let known = NAMES.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, known)| *known);
    // `u8::from_str` takes `+6`; AWS does not.
    let number = || {
        let is_number = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
        word.parse().ok().filter(|_| is_number).map(Protocol)
    };
    known.or_else(number).map(Spoken::One)
}

/// The names the API prints; other protocols are numbers there.
const NAMES: [(&str, Protocol); 4] =
    [("tcp", Protocol::TCP), ("udp", Protocol::UDP), ("icmp", Protocol::ICMP), ("icmpv6", Protocol::ICMPV6)];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_the_same_protocols() {
        for (word, number) in
            [("tcp", 6), ("TCP", 6), ("6", 6), ("Udp", 17), ("1", 1), ("icmpv6", 58), ("58", 58)]
        {
            assert_eq!(named(word), Some(Spoken::One(Protocol(number))), "{word}");
        }
        assert_eq!(named("-1"), Some(Spoken::Every));
        assert_eq!(named("ALL"), Some(Spoken::Every));
        for word in ["", "+6", "256", "-2", "tcp,udp", "6.0", "icmp6", "any", "*"] {
            assert_eq!(named(word), None, "{word}");
        }
    }
}
