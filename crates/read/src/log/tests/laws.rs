//! Laws: it does not matter how a text is cut; nothing panics; what is held is bounded.

use proptest::prelude::*;

use super::{limits, told_in_pieces};

/// Pieces of logs, whole and broken.
fn fragment() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => Just("{\"eventName\":\"A\",\"x\":{\"y\":[1,{\"z\":null}]}}".to_owned()),
        2 => Just("{\"Records\":[{\"eventName\":1},{\"eventName\":\"b\\\"]}\"}]}".to_owned()),
        2 => Just("\n".to_owned()),
        1 => Just("\r\n  ".to_owned()),
        1 => Just(",".to_owned()),
        1 => Just("[".to_owned()),
        1 => Just("]".to_owned()),
        1 => Just("{".to_owned()),
        1 => Just("}".to_owned()),
        1 => Just("\"".to_owned()),
        1 => Just("\\".to_owned()),
        1 => Just("\"a\":".to_owned()),
        1 => Just("{\"list\":[{\"b\":[{\"c\":1}]},".to_owned()),
        1 => Just("{\"operationName\":\"x\",\"l\":[{\"eventName\":3}],".to_owned()),
        1 => Just("2023-07-10T11:45:00Z ".to_owned()),
        1 => Just("name,eventName\n1,\"2\n3\"\n4\n5,6\n".to_owned()),
        1 => "[ -~]{0,12}",
        1 => "\\PC{0,6}",
    ]
}

fn log() -> impl Strategy<Value = Vec<u8>> {
    let text = prop::collection::vec(fragment(), 0..12).prop_map(|parts| parts.concat().into_bytes());
    let hits = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3);
    (text, hits).prop_map(|(mut text, hits)| {
        for (index, byte) in hits {
            if !text.is_empty() {
                let at = index.index(text.len());
                text[at] = byte;
            }
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn it_does_not_matter_how_a_text_is_cut(
        text in log(),
        pieces in prop::collection::vec(1_usize..40, 1..8),
        element_bytes_max in prop_oneof![Just(16_usize), Just(48), Just(1 << 20), 8_usize..200],
    ) {
        let limits = limits(element_bytes_max);
        let whole = told_in_pieces(&text, &[], &limits);
        prop_assert_eq!(told_in_pieces(&text, &pieces, &limits), whole.clone(), "{:?}", String::from_utf8_lossy(&text));
        prop_assert_eq!(told_in_pieces(&text, &[1], &limits), whole);
    }

    #[test]
    fn no_element_is_told_twice_or_out_of_its_place(text in log(), element_bytes_max in 8_usize..200) {
        let told = told_in_pieces(&text, &[7], &limits(element_bytes_max));
        let mut until = 0;
        for line in told.iter().filter(|line| !line.contains('?') && !line.contains("BROKEN") && !line.starts_with("end")) {
            let (place, element) = line.split_once(' ').unwrap();
            let (offset, line) = place.split_once(':').unwrap();
            let (offset, line): (usize, usize) = (offset.parse().unwrap(), line.parse().unwrap());
            prop_assert!(offset >= until, "{told:?}");
            prop_assert_eq!(line, 1 + text[..offset].iter().filter(|byte| **byte == b'\n').count());
            if text[offset..].starts_with(b"{") && text[offset..].starts_with(element.as_bytes()) {
                until = offset + element.len();
            }
        }
    }

    #[test]
    fn whole_records_behind_line_breaks_are_never_lost(before in log()) {
        // Whatever begins with an object is no table.
        let mut text = b"{}\n".to_vec();
        text.extend_from_slice(&before);
        text.extend_from_slice(b"\n{\"eventName\":\"last\"}\n{\"eventName\":\"last\"}\n");
        let told = told_in_pieces(&text, &[], &limits(1 << 20));
        prop_assert!(told.iter().any(|line| line.ends_with("{\"eventName\":\"last\"}")), "{:?} {told:?}", String::from_utf8_lossy(&text));
    }
}

#[test]
fn hostile_texts_take_time_in_proportion() {
    let begun = std::time::Instant::now();
    for unit in [
        "[",
        "{\"a\":",
        "{\"a\":\n",
        "[\n",
        "{\n",
        "[{\"a\":[",
        "[{\"a\":\n",
        "\"",
        "{\"a\":[{\"b\":\n",
        "\\",
        "{\"eventName\":\n",
        "0",
    ] {
        let text = unit.repeat((512 << 10) / unit.len());
        let told = told_in_pieces(text.as_bytes(), &[64 << 10], &limits(1 << 20));
        assert!(told.len() < 2 * super::super::framer::BROKEN_TOLD_MAX, "{unit:?}: {}", told.len());
    }
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}
