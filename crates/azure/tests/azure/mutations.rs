//! Random damage to good documents: never a panic, never a hang.

use proptest::prelude::*;

use crate::estate::{network, route_table, scan, standard};

fn documents() -> String {
    let mut documents =
        standard(&["100 allow tcp Internet * 22", "200 deny * 8.0.0.0/8,AzureCloud 10.0.0.4 80,443"]);
    documents[3] = network("v", "10.0.0.0/16", &[["s", "10.0.0.0/24", "nsg", "rt"]]);
    documents.push(route_table("rt", &[("0.0.0.0/0", "VirtualAppliance")]));
    documents.join("\n")
}

/// Pieces that JSON and rules are made of.
const PIECES: [&str; 16] = [
    "null",
    "{}",
    "[]",
    "\"",
    ",",
    ":",
    "7",
    "-1e999",
    "true",
    "[[[[",
    "}}}}",
    "\"*\"",
    "\\ud800",
    "\u{202e}",
    "\n",
    "properties",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn damage_is_a_gap_or_nothing(cuts in proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..40, 0_usize..16), 1..6)) {
        let mut text = documents();
        for (place, length, piece) in cuts {
            let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            let start = *place.get(&boundaries);
            let end = text.char_indices().map(|(at, _)| at).find(|at| *at >= start + length).unwrap_or(text.len());
            text.replace_range(start..end, PIECES[piece]);
            if text.is_empty() {
                break;
            }
        }
        let answer = scan(&[text.as_str()]);
        prop_assert!(answer.snapshot.targets.is_sorted_by(|one, other| one.key < other.key));
        let offsets = answer.readings[0].gaps.iter().filter_map(|gap| Some(gap.provenance?.offset));
        prop_assert!(offsets.into_iter().all(|offset| offset <= text.len() as u64));
    }

    #[test]
    fn values_of_any_type_are_read(place in any::<prop::sample::Index>(), piece in 0_usize..16) {
        let text = documents();
        let values: Vec<usize> = text.match_indices(": ").map(|(at, _)| at + 2).collect();
        let start = *place.get(&values);
        let end = start + text[start..].find([',', '}']).unwrap_or(0);
        let changed = format!("{}{}{}", &text[..start], PIECES[piece], &text[end..]);
        scan(&[changed]);
    }
}
