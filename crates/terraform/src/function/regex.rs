//! Regular expressions: Go's, in the words of the library here.

use regex::{Captures, Regex, RegexBuilder};

use super::{text, uncounted};
use crate::expression::Budget;
use crate::value::{Fault, Text, Value, Wanted};

type Made<'a> = Wanted<'a, Value<'a>>;

/// The expression of a pattern.
fn compiled<'a>(pattern: &str, budget: &mut Budget) -> Wanted<'a, Regex> {
    // Compiling costs as much as a hundred values do.
    if pattern.len() > PATTERN_MAX || !budget.spend(100 + pattern.len()) {
        return Err(Fault::TooLarge);
    }
    let pattern = translated(pattern)?;
    let built = RegexBuilder::new(&pattern).size_limit(SIZE_MAX).nest_limit(50).build();
    built.map_err(|_| Fault::Unsupported("a pattern"))
}

/// A pattern with what means something else in Go written out.
fn translated<'a>(pattern: &str) -> Wanted<'a, String> {
    let (mut made, mut letters, mut is_class) = (String::new(), pattern.chars().peekable(), false);
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                let escaped = letters.next().ok_or(Fault::Unsupported("a pattern"))?;
                // Letters of ASCII alone, whatever the text is in.
                made.push_str(match (escaped, is_class) {
                    ('d', false) => "[0-9]",
                    ('d', true) => "0-9",
                    ('D', _) => "[^0-9]",
                    ('w', false) => "[0-9A-Za-z_]",
                    ('w', true) => "0-9A-Za-z_",
                    ('W', _) => "[^0-9A-Za-z_]",
                    ('s', false) => "[\\t\\n\\f\\r ]",
                    ('s', true) => "\\t\\n\\f\\r ",
                    ('S', _) => "[^\\t\\n\\f\\r ]",
                    ('b', false) => "(?-u:\\b)",
                    ('B', false) => "(?-u:\\B)",
                    ('<', _) => "<",
                    ('>', _) => ">",
                    ('Q' | 'E' | 'C' | 'p' | 'P' | '1'..='9', _) => {
                        return Err(Fault::Unsupported("a pattern"));
                    }
                    (other, _) => {
                        made.push('\\');
                        made.push(other);
                        continue;
                    }
                });
            }
            '[' if is_class && letters.peek() != Some(&':') => made.push_str("\\["),
            '[' => {
                made.push('[');
                if is_class {
                    // `[:alpha:]`: up to its end.
                    for letter in letters.by_ref() {
                        made.push(letter);
                        if letter == ']' {
                            break;
                        }
                    }
                } else {
                    is_class = true;
                    made.extend(letters.next_if_eq(&'^'));
                    // A bracket that closes is itself where it comes first.
                    made.push_str(letters.next_if_eq(&']').map_or("", |_| "\\]"));
                }
            }
            ']' if is_class => {
                is_class = false;
                made.push(']');
            }
            '&' | '~' if is_class => made.extend(['\\', letter]),
            '(' if !is_class && letters.peek() == Some(&'?') => {
                letters.next();
                made.push_str("(?");
                let knows = matches!(letters.peek(), Some(':' | 'P' | '<' | 'i' | 'm' | 's' | 'U' | '-'));
                knows.then_some(()).ok_or(Fault::Unsupported("a pattern"))?;
            }
            other => made.push(other),
        }
    }
    Ok(made)
}

/// What matched: the whole, or its groups.
fn matched<'a>(pattern: &Regex, captures: &Captures<'_>) -> Value<'a> {
    let group = |position: usize| {
        let text = captures.get(position).map(|group| group.as_str().to_owned());
        text.map_or_else(Value::null, Value::text)
    };
    let names: Vec<Option<&str>> = pattern.capture_names().skip(1).collect();
    if names.is_empty() {
        return group(0);
    }
    if names.iter().any(Option::is_some) {
        let named = names.iter().enumerate();
        let entries =
            named.filter_map(|(before, name)| Some((Text::from((*name)?.to_owned()), group(before + 1))));
        return Value::object(entries.collect());
    }
    Value::tuple((1..=names.len()).map(group).collect())
}

fn arguments<'a>(values: &[Value<'a>], budget: &mut Budget) -> Wanted<'a, (Regex, Text<'a>)> {
    let [pattern, text] = values else { return uncounted() };
    let (pattern, text) = (pattern.to_text()?, text.to_text()?);
    let pattern = compiled(&pattern, budget)?;
    budget.spend(text.len()).then_some((pattern, text)).ok_or(Fault::TooLarge)
}

pub(super) fn regex<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let (pattern, text) = arguments(values, budget)?;
    match pattern.captures(&text) {
        Some(captures) => Ok(matched(&pattern, &captures)),
        None => Err(Fault::Wrong("the pattern does not match".to_owned())),
    }
}

pub(super) fn regex_all<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let (pattern, text) = arguments(values, budget)?;
    Ok(Value::list(pattern.captures_iter(&text).map(|captures| matched(&pattern, &captures)).collect()))
}

/// Replaces a text, or a pattern between slashes.
pub(super) fn replace<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let [text, part, by] = values else { return uncounted() };
    let (text, part, by) = (text.to_text()?, part.to_text()?, by.to_text()?);
    if text.len().saturating_mul(by.len() + 1) > crate::expression::TEXT_MAX {
        return Err(Fault::TooLarge);
    }
    let pattern = part.strip_prefix('/').and_then(|part| part.strip_suffix('/'));
    let made = match pattern {
        Some(pattern) if part.len() > 1 => {
            let pattern = compiled(pattern, budget)?;
            if !budget.spend(text.len()) {
                return Err(Fault::TooLarge);
            }
            pattern.replace_all(&text, &*by).into_owned()
        }
        Some(_) | None => text.replace(&*part, &by),
    };
    text::made(made, budget)
}

const PATTERN_MAX: usize = 10_000;
const SIZE_MAX: usize = 1 << 20;
