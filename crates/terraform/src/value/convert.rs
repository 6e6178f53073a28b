//! How Terraform takes a value of one type where another is wanted: numbers, strings and booleans.

use cloud::json::Cause;

use super::{Kind, Number, Text, Value};

/// Why a value is not what is wanted. Complete.
#[derive(Clone, Debug)]
pub(crate) enum Fault<'a> {
    /// It is of another type: what it should be.
    Wrong(String),
    /// This part of it is not known.
    Unknown(Value<'a>),
    /// A form that is not evaluated.
    Unsupported(&'static str),
    /// More than is evaluated.
    TooLarge,
}

impl<'a> Fault<'a> {
    /// What something is that needs the value.
    pub(crate) fn value(self) -> Value<'a> {
        match self {
            Self::Wrong(what) => Value::unknown(Cause::Wrong, what),
            Self::Unknown(unknown) if unknown.is_unknown() => unknown.because(),
            // What is known is no reason.
            Self::Unknown(_) => Value::unknown(Cause::Unsupported, "a part of it"),
            Self::Unsupported(what) => Value::unknown(Cause::Unsupported, what),
            Self::TooLarge => Value::unknown(Cause::TooLarge, ""),
        }
    }
}

/// A value of a kind, or why it is none.
pub(crate) type Wanted<'a, T> = Result<T, Fault<'a>>;

impl<'a> Value<'a> {
    /// That something else was wanted; not known where it is not known.
    pub(crate) fn not<T>(&self, wanted: &str) -> Wanted<'a, T> {
        Err(match &self.kind {
            Kind::Unknown(_) => Fault::Unknown(self.clone()),
            Kind::Null
            | Kind::Flag(_)
            | Kind::Number(_)
            | Kind::Text(_)
            | Kind::Sequence(_)
            | Kind::Object(_) => Fault::Wrong(format!("{} stands where {wanted} is wanted", self.noun())),
        })
    }

    /// As a string.
    pub(crate) fn to_text(&self) -> Wanted<'a, Text<'a>> {
        match &self.kind {
            Kind::Text(text) => Ok(text.clone()),
            Kind::Flag(flag) => Ok(Text::Here(if *flag { "true" } else { "false" })),
            Kind::Number(number) => match number.digits() {
                Some(digits) => Ok(digits.into()),
                None => Err(Fault::Unsupported("the digits of a fraction")),
            },
            Kind::Null | Kind::Sequence(_) | Kind::Object(_) | Kind::Unknown(_) => self.not("a string"),
        }
    }

    /// As a number.
    pub(crate) fn to_number(&self) -> Wanted<'a, Number> {
        match &self.kind {
            Kind::Number(number) => Ok(*number),
            Kind::Text(text) => match Number::decimal(text) {
                Some(number) => Ok(number),
                // More digits than fit are a number all the same.
                None if is_decimal(text) => Err(Fault::TooLarge),
                None => self.not("a number"),
            },
            Kind::Null | Kind::Flag(_) | Kind::Sequence(_) | Kind::Object(_) | Kind::Unknown(_) => {
                self.not("a number")
            }
        }
    }

    /// As a whole number.
    pub(crate) fn to_integer(&self) -> Wanted<'a, i128> {
        let number = self.to_number()?;
        number
            .integer()
            .ok_or_else(|| Fault::Wrong(format!("{number} stands where a whole number is wanted")))
    }

    /// As a boolean.
    pub(crate) fn to_flag(&self) -> Wanted<'a, bool> {
        match &self.kind {
            Kind::Flag(flag) => Ok(*flag),
            // `1` and `0` were booleans once, and are no more.
            Kind::Text(text) if &**text == "true" => Ok(true),
            Kind::Text(text) if &**text == "false" => Ok(false),
            Kind::Null
            | Kind::Number(_)
            | Kind::Text(_)
            | Kind::Sequence(_)
            | Kind::Object(_)
            | Kind::Unknown(_) => self.not("true or false"),
        }
    }

    /// Its items, of a tuple, list or set, whose number may not be known.
    pub(crate) fn to_items(&self) -> Wanted<'a, &[Self]> {
        match &self.kind {
            Kind::Sequence(sequence) => Ok(sequence.items()),
            Kind::Null
            | Kind::Flag(_)
            | Kind::Number(_)
            | Kind::Text(_)
            | Kind::Object(_)
            | Kind::Unknown(_) => self.not("a list"),
        }
    }

    /// Its items, each of which is exactly one.
    pub(crate) fn to_counted(&self) -> Wanted<'a, &[Self]> {
        let items = self.to_items()?;
        match self.as_sequence() {
            Some(sequence) if !sequence.is_counted() => {
                Err(Fault::Unknown(self.first_unknown_or("how many there are")))
            }
            Some(_) | None => Ok(items),
        }
    }

    /// Its keys and values, all of which are told.
    pub(crate) fn to_entries(&self) -> Wanted<'a, &[(Text<'a>, Self)]> {
        match &self.kind {
            Kind::Object(object) => match object.unknown_keys() {
                Some(unknown) => Err(Fault::Unknown(unknown)),
                None => Ok(object.entries()),
            },
            // How many of a resource there are is not known, and so are their keys.
            Kind::Sequence(sequence) if sequence.stand_in().is_some() => {
                Err(Fault::Unknown(self.first_unknown_or("its keys")))
            }
            Kind::Null
            | Kind::Flag(_)
            | Kind::Number(_)
            | Kind::Text(_)
            | Kind::Sequence(_)
            | Kind::Unknown(_) => self.not("a map"),
        }
    }

    fn first_unknown_or(&self, what: &'static str) -> Self {
        self.first_unknown().unwrap_or_else(|| Self::unknown(Cause::Unsupported, what))
    }
}

/// Whether a text is written as a number is.
fn is_decimal(text: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    let size = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = size.split_once(['e', 'E']).unwrap_or((size, "0"));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    is_digits(whole) && is_digits(part) && is_digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))
}
