//! Text and numbers as people may see them: nothing in them speaks to the terminal, hides or turns around.
//!
//! Knows no colour and no line.

use core::fmt::{self, Write};

/// Text from outside, with every character that a terminal would obey, hide or reorder written as `\u{202e}`.
#[derive(Clone, Copy, Debug)]
pub struct Visible<'a> {
    /// The text.
    pub text: &'a str,
    /// Whether letters beyond ASCII are shown as they are.
    pub unicode: bool,
}

impl fmt::Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.chars().try_for_each(|c| {
            if is_treacherous(c) || !(self.unicode || c.is_ascii()) {
                write!(f, "\\u{{{:x}}}", u32::from(c))
            } else {
                f.write_char(c)
            }
        })
    }
}

/// Controls (C0, DEL, C1), bidirectional controls, line separators, and characters without a shape.
pub(crate) const fn is_treacherous(c: char) -> bool {
    matches!(c,
        '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// How many columns of a terminal a text that is visible takes.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

/// The blocks that Unicode Standard Annex 11 calls wide, as far as names have them. A combining mark is counted as
/// one column, so a line may break early and never late.
const fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}')
}

/// A number with its thousands apart: `3,702,258,431`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grouped(pub(crate) u64);

impl fmt::Display for Grouped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        digits.chars().enumerate().try_for_each(|(position, digit)| {
            let comma = position > 0 && (digits.len() - position).is_multiple_of(3);
            if comma { write!(f, ",{digit}") } else { f.write_char(digit) }
        })
    }
}

/// A number with the noun it counts: `1 gap`, `1,200 gaps`.
pub(crate) fn counted(number: u64, noun: &str) -> String {
    format!("{} {}", Grouped(number), if number == 1 { noun.to_owned() } else { plural(noun) })
}

/// The plural of a noun as kinds of resources have them.
pub(crate) fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        // One answer about several is of a kind that is a plural already: members, options.
        _ if MANY.iter().any(|many| noun.ends_with(many)) => noun.to_owned(),
        _ if noun.ends_with(['s', 'x']) || noun.ends_with("ch") => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

/// How kinds end that are plurals.
const MANY: [&str; 6] = ["members", "options", "endpoints", "instances", "rules", "firewalls"];

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, unicode: bool) -> String {
        Visible { text, unicode }.to_string()
    }

    #[test]
    fn what_a_terminal_obeys_is_spelled() {
        assert_eq!(shown("a\u{1b}[31mb", true), "a\\u{1b}[31mb");
        assert_eq!(shown("a\tb\r\nc\u{7f}", true), "a\\u{9}b\\u{d}\\u{a}c\\u{7f}");
        assert_eq!(shown("\u{85}\u{9b}", true), "\\u{85}\\u{9b}");
        assert_eq!(shown("\u{202e}\u{2066}\u{200f}\u{61c}", true), "\\u{202e}\\u{2066}\\u{200f}\\u{61c}");
        assert_eq!(shown("\u{2028}\u{feff}\u{e0041}", true), "\\u{2028}\\u{feff}\\u{e0041}");
    }

    #[test]
    fn letters_stay_where_the_terminal_has_them() {
        assert_eq!(shown("grüß-東京 ~", true), "grüß-東京 ~");
        assert_eq!(shown("grüß", false), "gr\\u{fc}\\u{df}");
    }

    #[test]
    fn thousands_are_apart() {
        let grouped = |number| Grouped(number).to_string();
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(3_702_258_431), "3,702,258,431");
        assert_eq!(grouped(u64::MAX), "18,446,744,073,709,551,615");
    }

    #[test]
    fn nouns_are_counted() {
        assert_eq!(counted(1, "gap"), "1 gap");
        assert_eq!(counted(1_200, "public ip address"), "1,200 public ip addresses");
        assert_eq!(counted(2, "policy"), "2 policies");
        assert_eq!(counted(0, "gateway"), "0 gateways");
        assert_eq!(counted(2, "instance group members"), "2 instance group members");
    }

    #[test]
    fn columns_are_those_of_a_terminal() {
        assert_eq!(columns("nsg-web"), 7);
        assert_eq!(columns("東京"), 4);
    }
}
