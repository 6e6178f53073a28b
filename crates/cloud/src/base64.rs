//! Base64 as RFC 4648 has it, in either alphabet, padded or not: messages carry documents in it.

/// The bytes of a text; `None` where it is not base64.
#[must_use]
pub fn base64(text: &str) -> Option<Vec<u8>> {
    let figures: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let figures = figures.strip_suffix(b"==").or(figures.strip_suffix(b"=")).unwrap_or(&figures);
    let mut bytes = Vec::with_capacity(figures.len() / 4 * 3 + 2);
    for group in figures.chunks(4) {
        // Six bits are no byte.
        (group.len() > 1).then_some(())?;
        let mut bits = 0_u32;
        for position in 0..4 {
            bits = bits << 6 | group.get(position).map_or(Some(0), |figure| value(*figure))?;
        }
        let [_, whole @ ..] = bits.to_be_bytes();
        bytes.extend(whole.into_iter().take(group.len() - 1));
    }
    Some(bytes)
}

fn value(figure: u8) -> Option<u32> {
    let value = match figure {
        b'A'..=b'Z' => figure - b'A',
        b'a'..=b'z' => figure - b'a' + 26,
        b'0'..=b'9' => figure - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_the_standard_are_read() {
        for (text, expected) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYg", "foob"),
            ("Zm9v\nYmE=\n", "fooba"),
            ("Zm9vYmFy", "foobar"),
            ("Pz8_Pj4-", "???>>>"),
            ("Pz8/Pj4+", "???>>>"),
        ] {
            assert_eq!(base64(text).as_deref(), Some(expected.as_bytes()), "{text}");
        }
        for text in ["Z", "Zm9vY", "Zm9v!", "é", "Zg==Zg==", "===="] {
            assert_eq!(base64(text), None, "{text}");
        }
    }
}
