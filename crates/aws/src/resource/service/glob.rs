//! Patterns of policies: `*` is any text, `?` one character. Actions are compared without letter case.

/// Whether a pattern matches a text.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let (mut pattern_rest, mut text_rest) = (pattern, text);
    // Where to go on when what follows the last `*` does not fit: behind it, one character further.
    let mut retry: Option<(&str, &str)> = None;
    loop {
        let mut after = text_rest.chars();
        let next = after.next();
        let mut pattern_after = pattern_rest.chars();
        match (pattern_after.next(), next) {
            (Some('*'), _) => {
                pattern_rest = pattern_after.as_str();
                retry = Some((pattern_rest, text_rest));
                continue;
            }
            (Some(expected), Some(found)) if expected == '?' || expected.eq_ignore_ascii_case(&found) => {
                (pattern_rest, text_rest) = (pattern_after.as_str(), after.as_str());
                continue;
            }
            (None, None) => return true,
            (Some(_), _) | (None, Some(_)) => {}
        }
        let Some((behind, from)) = retry else { return false };
        let mut from = from.chars();
        if from.next().is_none() {
            return false;
        }
        (pattern_rest, text_rest) = (behind, from.as_str());
        retry = Some((behind, text_rest));
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_and_question_marks() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("*", "es:ESHttpGet", true),
            ("es:*", "es:ESHttpGet", true),
            ("ES:eshttp*", "es:ESHttpGet", true),
            ("es:ESHttp?et", "es:ESHttpGet", true),
            ("es:*Get", "es:ESHttpGet", true),
            ("es:*Get", "es:ESHttpGets", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("", "", true),
            ("", "a", false),
            ("es", "es:", false),
            ("?", "", false),
            ("**", "a", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
