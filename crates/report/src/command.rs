//! Commands to copy: words as a shell reads them back.
//!
//! Knows no verb.

/// A word as a shell reads it back.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:@%+=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Lines of a command that is no wider than a screen, as far as its words allow: a line that goes on ends in `\`.
pub(crate) fn broken(words: &[String], width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words {
        let quoted = quoted(word);
        let Some(line) = lines.last_mut() else { continue };
        // Two columns are for ` \`.
        if line.is_empty() {
            line.push_str(&quoted);
        } else if line.chars().count() + 1 + quoted.chars().count() + 2 <= width {
            line.push(' ');
            line.push_str(&quoted);
        } else {
            line.push_str(" \\");
            lines.push(format!("  {quoted}"));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_would_read_something_else() {
        assert_eq!(quoted("nsgs.json"), "nsgs.json");
        assert_eq!(quoted("my nics.json"), "'my nics.json'");
        assert_eq!(quoted("$(id)'"), "'$(id)'\\'''");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn a_long_command_goes_on_in_the_next_line() {
        let words: Vec<String> =
            "wideopen test --from 8.8.8.8 a.json".split(' ').map(str::to_owned).collect();
        assert_eq!(broken(&words, 30), ["wideopen test --from 8.8.8.8 \\", "  a.json"]);
        assert_eq!(broken(&words, 80), ["wideopen test --from 8.8.8.8 a.json"]);
    }
}
