//! From a byte of a text to the place people look for: the line, and the pointer of what holds the byte.
//!
//! JSON, the language of Terraform and YAML, told apart by how a text begins. Works on text that is none of them as well
//! as it can: the answer is then a good guess, never a panic. Knows nothing about what the documents mean.

mod hcl;
mod json;
mod yaml;

/// Where an object, a list or a block starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line of its first byte, from 1.
    pub line: u64,
    /// Its RFC 6901 pointer, relative to the document of the stream it is in; empty for the document itself. A block of
    /// Terraform has the pointer that it would have in Terraform's JSON: `/resource/aws_vpc/main`.
    pub pointer: String,
}

/// Finds for each offset the innermost object, list or block that contains that byte.
///
/// `offsets` are ascending; the answer has one place for each of them, in the same order. An offset outside of all of
/// them gets its own line and the empty pointer.
#[must_use]
pub fn locate(text: &str, offsets: &[u64]) -> Vec<Place> {
    debug_assert!(offsets.is_sorted());
    match Language::of(text) {
        Language::Json => json::locate(text, offsets),
        Language::Hcl => hcl::locate(text, offsets),
        Language::Yaml => yaml::locate(text, offsets),
    }
}

/// What a text is written in. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    Json,
    Hcl,
    Yaml,
}

impl Language {
    /// By the first line that says anything.
    fn of(text: &str) -> Self {
        let rest = after_comments(text);
        let line = rest.lines().next().unwrap_or_default();
        let word = line.find(|byte: char| !byte.is_ascii_alphanumeric() && byte != '_' && byte != '-');
        let behind = word.and_then(|end| line.get(end..)).unwrap_or_default().trim_start();
        if rest.starts_with(['{', '[']) || rest.is_empty() {
            Self::Json
        } else if line.starts_with(['-', '%', '?', '!', '\''])
            || behind.starts_with(':')
            || is_quoted_key(line)
        {
            Self::Yaml
        } else if behind.starts_with(['{', '"', '='])
            || behind.starts_with(|first: char| first.is_alphabetic())
        {
            Self::Hcl
        } else {
            Self::Json
        }
    }
}

/// Whether a line begins with a key in quotes.
fn is_quoted_key(line: &str) -> bool {
    let behind = line.strip_prefix('"').and_then(|rest| rest.split_once('"'));
    behind.is_some_and(|(_, behind)| behind.trim_start().starts_with(':'))
}

/// A text from its first byte on that is neither blank nor in a comment of any of the languages.
fn after_comments(text: &str) -> &str {
    let mut rest = text.trim_start();
    loop {
        let behind = if rest.starts_with('#') || rest.starts_with("//") {
            rest.split_once('\n').map_or("", |(_, behind)| behind)
        } else if rest.starts_with("/*") {
            rest.split_once("*/").map_or("", |(_, behind)| behind)
        } else {
            return rest;
        };
        rest = behind.trim_start();
    }
}

/// Appends a step to a pointer, behind its slash.
fn push_step(pointer: &mut String, step: impl IntoIterator<Item = char>) {
    for character in step {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_says_by_its_beginning_what_it_is_written_in() {
        for (text, language) in [
            ("", Language::Json),
            (" [1]", Language::Json),
            ("// c\n/* d */ {\"a\": 1}", Language::Json),
            ("# c\nresource \"a\" \"b\" {}", Language::Hcl),
            ("locals {\n}", Language::Hcl),
            ("region = \"eu\"", Language::Hcl),
            ("---\nResources:", Language::Yaml),
            ("# c\nAWSTemplateFormatVersion: '2010'", Language::Yaml),
            ("- a: 1", Language::Yaml),
            ("\"Resources\" :\n  A: 1", Language::Yaml),
        ] {
            assert_eq!(Language::of(text), language, "{text}");
        }
    }
}
