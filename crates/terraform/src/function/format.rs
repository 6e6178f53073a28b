//! `format` and `formatlist`: the verbs of Go, as Terraform takes them.

use super::{encode, text, uncounted};
use crate::expression::Budget;
use crate::value::{Fault, Kind, Number, Shape, Value, Wanted};

type Made<'a> = Wanted<'a, Value<'a>>;

/// One verb with how it is written: `%-5.2f`, `%[1]s`.
#[derive(Debug, Default)]
struct Verb {
    letter: char,
    argument: Option<usize>,
    is_left: bool,
    is_zero: bool,
    is_signed: bool,
    is_sharp: bool,
    has_space: bool,
    width: usize,
    precision: Option<usize>,
}

pub(super) fn format<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let Some((spec, arguments)) = values.split_first() else { return uncounted() };
    let spec = spec.to_text()?;
    text::made(formatted(&spec, arguments)?, budget)
}

pub(super) fn format_list<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let Some((spec, arguments)) = values.split_first() else { return uncounted() };
    let spec = spec.to_text()?;
    let mut count = None;
    for list in arguments.iter().filter(|value| matches!(value.kind, Kind::Sequence(_) | Kind::Unknown(_))) {
        let length = list.to_counted()?.len();
        if count.replace(length).is_some_and(|other| other != length) {
            return Err(Fault::Wrong("the lists are not of one length".to_owned()));
        }
    }
    let mut items = Vec::new();
    for position in 0..count.unwrap_or(1) {
        let row: Vec<Value<'a>> = arguments
            .iter()
            .map(|value| {
                value
                    .items()
                    .map_or(Some(value), |items| items.get(position))
                    .cloned()
                    .unwrap_or_else(Value::null)
            })
            .collect();
        let at = row.iter().find_map(|value| value.at);
        match formatted(&spec, &row) {
            Ok(made) => items.push(text::made(made, budget)?.or_at(at)),
            Err(Fault::Unknown(unknown)) => items.push(unknown.because()),
            Err(fault) => return Err(fault),
        }
    }
    Ok(Value::sequence(Shape::List, items))
}

fn formatted<'a>(spec: &str, arguments: &[Value<'a>]) -> Wanted<'a, String> {
    let (mut made, mut next, mut used, mut rest) = (String::new(), 0, 0, spec);
    while let Some((before, behind)) = rest.split_once('%') {
        made.push_str(before);
        if let Some(behind) = behind.strip_prefix('%') {
            made.push('%');
            rest = behind;
            continue;
        }
        let (verb, behind) = verb(behind)?;
        let position = verb.argument.map_or(next, |argument| argument.saturating_sub(1));
        next = position + 1;
        used = used.max(next);
        let missing =
            || Fault::Wrong(format!("there is no argument {} for `%{}`", position + 1, verb.letter));
        let argument = arguments.get(position).ok_or_else(missing)?;
        verb.append(argument, &mut made)?;
        if made.len() > crate::expression::TEXT_MAX {
            return Err(Fault::TooLarge);
        }
        rest = behind;
    }
    made.push_str(rest);
    if used < arguments.len() {
        return Err(Fault::Wrong(format!("of {} arguments {used} are used", arguments.len())));
    }
    Ok(made)
}

fn verb<'a>(text: &str) -> Wanted<'a, (Verb, &str)> {
    let mut verb = Verb::default();
    let mut rest = text;
    while let Some(flag) = rest.chars().next() {
        match flag {
            '-' => verb.is_left = true,
            '0' => verb.is_zero = true,
            '+' => verb.is_signed = true,
            '#' => verb.is_sharp = true,
            ' ' => verb.has_space = true,
            _ => break,
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    if let Some(width) = digits(&mut rest)? {
        verb.width = width;
    }
    if let Some(behind) = rest.strip_prefix('.') {
        rest = behind;
        verb.precision = Some(digits(&mut rest)?.unwrap_or(0));
    }
    if let Some(behind) = rest.strip_prefix('[') {
        rest = behind;
        verb.argument = digits(&mut rest)?;
        rest = rest
            .strip_prefix(']')
            .ok_or_else(|| Fault::Wrong("a number of an argument does not end".to_owned()))?;
        if verb.argument.is_none_or(|argument| argument == 0) {
            return Err(Fault::Wrong("arguments are counted from 1".to_owned()));
        }
    }
    let mut letters = rest.chars();
    verb.letter = letters.next().ok_or_else(|| Fault::Wrong("the format ends within a verb".to_owned()))?;
    Ok((verb, letters.as_str()))
}

fn digits<'a>(rest: &mut &str) -> Wanted<'a, Option<usize>> {
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, behind) = rest.split_at_checked(length).unwrap_or(("", rest));
    *rest = behind;
    match digits.parse::<usize>() {
        Ok(number) if number > WIDTH_MAX => Err(Fault::TooLarge),
        Ok(number) => Ok(Some(number)),
        Err(_) if digits.is_empty() => Ok(None),
        Err(_) => Err(Fault::TooLarge),
    }
}

impl Verb {
    fn append<'a>(&self, argument: &Value<'a>, made: &mut String) -> Wanted<'a, ()> {
        if let Some(unknown) = argument.first_unknown() {
            return Err(Fault::Unknown(unknown));
        }
        let words = match self.letter {
            'v' if self.is_sharp => encode::json(argument)?,
            'v' => match &argument.kind {
                Kind::Text(text) => text.to_string(),
                Kind::Number(number) => general(*number)?,
                _ => encode::json(argument)?,
            },
            't' => argument.to_flag()?.to_string(),
            's' => self.cut(&argument.to_text()?)?,
            'q' => quoted(&argument.to_text()?)?,
            'd' | 'b' | 'o' | 'x' | 'X' => return self.append_integer(argument.to_integer()?, made),
            'f' | 'F' => return self.append_decimal(argument.to_number()?, made),
            'g' if self.precision.is_none() => general(argument.to_number()?)?,
            'e' | 'E' | 'g' | 'G' => return Err(Fault::Unsupported("a verb")),
            other => return Err(Fault::Wrong(format!("`%{other}` is no verb"))),
        };
        self.pad("", &words, made)
    }

    fn cut<'a>(&self, text: &str) -> Wanted<'a, String> {
        match self.precision {
            Some(precision) => Ok(text::letters(text)?.into_iter().take(precision).collect()),
            None => Ok(text.to_owned()),
        }
    }

    fn append_integer<'a>(&self, number: i128, made: &mut String) -> Wanted<'a, ()> {
        if self.is_sharp || self.precision.is_some() {
            return Err(Fault::Unsupported("a verb"));
        }
        let size = number.unsigned_abs();
        let digits = match self.letter {
            'b' => format!("{size:b}"),
            'o' => format!("{size:o}"),
            'x' => format!("{size:x}"),
            'X' => format!("{size:X}"),
            _ => size.to_string(),
        };
        self.pad(self.sign(number < 0), &digits, made)
    }

    fn append_decimal<'a>(&self, number: Number, made: &mut String) -> Wanted<'a, ()> {
        let places = u32::try_from(self.precision.unwrap_or(6)).map_err(|_| Fault::TooLarge)?;
        let power = 10_i128.checked_pow(places).map(Number::whole).ok_or(Fault::TooLarge)?;
        let zero = Number::whole(0);
        let is_negative = number < zero;
        let size = if is_negative { number.negative().ok_or(Fault::TooLarge)? } else { number };
        let scaled = size.times(power).ok_or(Fault::TooLarge)?;
        let half = Number::fraction(1, 2).unwrap_or(zero);
        let above = scaled.plus(half).ok_or(Fault::TooLarge)?;
        // The nearest one; between two of them the even one.
        let mut rounded = above.floor();
        if above.integer() == Some(rounded) && rounded % 2 != 0 {
            rounded -= 1;
        }
        let digits = match Number::fraction(rounded, 1).and_then(|number| number.over(power)) {
            _ if places == 0 => rounded.to_string(),
            Some(_) => {
                let width = self.precision.unwrap_or(6);
                let digits = format!("{rounded:0>width$}", width = width + 1);
                let (whole, part) = digits.split_at_checked(digits.len() - width).unwrap_or((&digits, ""));
                format!("{whole}.{part}")
            }
            None => return Err(Fault::TooLarge),
        };
        self.pad(self.sign(is_negative), &digits, made)
    }

    const fn sign(&self, is_negative: bool) -> &'static str {
        match (is_negative, self.is_signed, self.has_space) {
            (true, _, _) => "-",
            (false, true, _) => "+",
            (false, false, true) => " ",
            (false, false, false) => "",
        }
    }

    fn pad<'a>(&self, sign: &str, words: &str, made: &mut String) -> Wanted<'a, ()> {
        let length = if self.width == 0 { 0 } else { sign.len() + text::letters(words)?.len() };
        let missing = self.width.saturating_sub(length);
        if self.is_left {
            made.push_str(sign);
            made.push_str(words);
            made.extend(std::iter::repeat_n(' ', missing));
        } else if self.is_zero {
            made.push_str(sign);
            made.extend(std::iter::repeat_n('0', missing));
            made.push_str(words);
        } else {
            made.extend(std::iter::repeat_n(' ', missing));
            made.push_str(sign);
            made.push_str(words);
        }
        Ok(())
    }
}

/// A number as Go prints one of any size with `%g`: with an exponent from the seventh digit on.
fn general<'a>(number: Number) -> Wanted<'a, String> {
    let digits = number.digits().ok_or(Fault::Unsupported("the digits of a fraction"))?;
    let (sign, size) = digits.strip_prefix('-').map_or(("", &*digits), |size| ("-", size));
    let (whole, part) = size.split_once('.').unwrap_or((size, ""));
    let all = format!("{whole}{part}");
    let behind_zeros = all.trim_start_matches('0');
    let figures = behind_zeros.trim_end_matches('0');
    let small = whole.len() <= 6 && all.len() - behind_zeros.len() <= 4;
    if small || figures.is_empty() {
        return Ok(digits);
    }
    let (first, rest) = figures.split_at_checked(1).unwrap_or((figures, ""));
    let point = if rest.is_empty() { "" } else { "." };
    let (way, exponent) =
        if whole == "0" { ('-', all.len() - behind_zeros.len()) } else { ('+', whole.len() - 1) };
    Ok(format!("{sign}{first}{point}{rest}e{way}{exponent:02}"))
}

/// A string in quotes, as Go writes it.
fn quoted<'a>(text: &str) -> Wanted<'a, String> {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            ' '..='~' => quoted.push(letter),
            _ => return Err(Fault::Unsupported("letters in quotes")),
        }
    }
    quoted.push('"');
    Ok(quoted)
}

/// A wider field is a bomb.
const WIDTH_MAX: usize = 10_000;
