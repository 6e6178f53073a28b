//! The objects and arrays that stand one after another in a text, as commands print them that write into one stream.
//!
//! Knows brackets and strings, and nothing else of JSON: whether a value is one is asked when it is read.

use core::ops::Range;

/// Where each value begins and ends, in bytes. One that does not end goes to the end of the text.
pub(crate) fn values(text: &str) -> Vec<Range<usize>> {
    let mut values = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    let (mut in_text, mut is_escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_text => is_escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'{' | b'[' => {
                start = if depth == 0 { at } else { start };
                depth += 1;
            }
            b'}' | b']' if depth == 1 => {
                values.push(start..at + 1);
                depth = 0;
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    if depth > 0 {
        values.push(start..text.len());
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<&str> {
        values(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn values_end_where_their_brackets_do() {
        assert_eq!(told("[1]\n{\"a\": [{}]} [2"), ["[1]", "{\"a\": [{}]}", "[2"]);
        assert_eq!(told(r#"{"a": "]}\"{"}[]"#), [r#"{"a": "]}\"{"}"#, "[]"]);
        assert!(told("").is_empty() && told("null 5 ]").is_empty());
    }
}
