//! Functions of strings.

use super::uncounted;
use crate::expression::Budget;
use crate::value::{Fault, TEXT_STEP, Text, Value, Wanted};

type Made<'a> = Wanted<'a, Value<'a>>;

fn one<'a>(values: &[Value<'a>]) -> Wanted<'a, Text<'a>> {
    let [text] = values else { return uncounted() };
    text.to_text()
}

fn two<'a>(values: &[Value<'a>]) -> Wanted<'a, (Text<'a>, Text<'a>)> {
    let [one, other] = values else { return uncounted() };
    Ok((one.to_text()?, other.to_text()?))
}

/// A text that was made, if it is not too long.
pub(super) fn made<'a>(text: String, budget: &mut Budget) -> Made<'a> {
    let fits = text.len() <= crate::expression::TEXT_MAX && budget.spend(text.len() / TEXT_STEP);
    fits.then(|| Value::text(text)).ok_or(Fault::TooLarge)
}

/// The characters of a text as people count them: letters with accents of their own may be more than one.
pub(super) fn letters<'a>(text: &str) -> Wanted<'a, Vec<char>> {
    if text.chars().any(|letter| letter >= '\u{300}') || text.contains("\r\n") {
        return Err(Fault::Unsupported("letters beyond Latin"));
    }
    Ok(text.chars().collect())
}

pub(super) fn chomp<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    made(one(values)?.trim_end_matches(['\r', '\n']).to_owned(), budget)
}

pub(super) fn ends_with<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let (text, end) = two(values)?;
    Ok(Value::flag(text.ends_with(&*end)))
}

pub(super) fn starts_with<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let (text, start) = two(values)?;
    Ok(Value::flag(text.starts_with(&*start)))
}

pub(super) fn contains<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let (text, part) = two(values)?;
    Ok(Value::flag(text.contains(&*part)))
}

pub(super) fn indent<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let [spaces, text] = values else { return uncounted() };
    let spaces = usize::try_from(spaces.to_integer()?).unwrap_or(0);
    let text = text.to_text()?;
    let lines = text.matches('\n').count();
    if lines.saturating_mul(spaces) > crate::expression::TEXT_MAX {
        return Err(Fault::TooLarge);
    }
    let space = if lines == 0 { String::new() } else { " ".repeat(spaces) };
    made(text.replace('\n', &format!("\n{space}")), budget)
}

pub(super) fn join<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let Some((separator, lists)) = values.split_first() else { return uncounted() };
    // Between the items of one nothing is put: `join("", aws_vpc.main[*].id)` is that id, told now or later.
    if let [list] = lists
        && let Ok([only]) = list.to_counted()
        && only.is_unknown()
    {
        return Ok(only.clone());
    }
    let separator = separator.to_text()?;
    let (mut joined, mut is_first) = (String::new(), true);
    for list in lists {
        for item in list.to_counted()? {
            if !is_first {
                joined.push_str(&separator);
            }
            is_first = false;
            joined.push_str(&item.to_text()?);
            if joined.len() > crate::expression::TEXT_MAX {
                return Err(Fault::TooLarge);
            }
        }
    }
    made(joined, budget)
}

pub(super) fn lower<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    made(each_letter(&one(values)?, |letter| lone(letter.to_lowercase()).unwrap_or(letter)), budget)
}

pub(super) fn upper<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    made(each_letter(&one(values)?, upper_letter), budget)
}

fn upper_letter(letter: char) -> char {
    lone(letter.to_uppercase()).unwrap_or(letter)
}

fn each_letter(text: &str, with: impl FnMut(char) -> char) -> String {
    text.chars().map(with).collect()
}

fn lone(mut letters: impl Iterator<Item = char>) -> Option<char> {
    letters.next().filter(|_| letters.next().is_none())
}

pub(super) fn title<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let mut is_start = true;
    let text = each_letter(&one(values)?, |letter| {
        let titled = if is_start { upper_letter(letter) } else { letter };
        let is_joined =
            letter == '_' || letter.is_alphanumeric() || !(letter.is_ascii() || letter.is_whitespace());
        is_start = !is_joined;
        titled
    });
    made(text, budget)
}

pub(super) fn split<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let (separator, text) = two(values)?;
    if !budget.spend(text.len() / 4) {
        return Err(Fault::TooLarge);
    }
    let part = |part: &str| Value::text(part.to_owned());
    if separator.is_empty() {
        return Ok(Value::list(text.chars().map(|letter| Value::text(letter.to_string())).collect()));
    }
    Ok(Value::list(match &text {
        Text::Here(text) => text.split(&*separator).map(Value::text).collect(),
        Text::Made(text) => text.split(&*separator).map(part).collect(),
    }))
}

pub(super) fn reverse<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    made(letters(&one(values)?)?.into_iter().rev().collect(), budget)
}

pub(super) fn part<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let [text, offset, length] = values else { return uncounted() };
    let (text, offset, length) = (text.to_text()?, offset.to_integer()?, length.to_integer()?);
    let letters = letters(&text)?;
    let count = i128::try_from(letters.len()).unwrap_or(i128::MAX);
    let start = if offset < 0 { (count + offset).max(0) } else { offset.min(count) };
    let end = if length < 0 { count } else { start.saturating_add(length).min(count) };
    let (start, end) = (usize::try_from(start).unwrap_or(0), usize::try_from(end).unwrap_or(0));
    made(letters.get(start..end).unwrap_or_default().iter().collect(), budget)
}

pub(super) fn trim<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let (text, letters) = two(values)?;
    made(text.trim_matches(|letter| letters.contains(letter)).to_owned(), budget)
}

pub(super) fn trim_prefix<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let (text, prefix) = two(values)?;
    made(text.strip_prefix(&*prefix).unwrap_or(&text).to_owned(), budget)
}

pub(super) fn trim_suffix<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let (text, suffix) = two(values)?;
    made(text.strip_suffix(&*suffix).unwrap_or(&text).to_owned(), budget)
}

pub(super) fn trim_space<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    made(one(values)?.trim().to_owned(), budget)
}
