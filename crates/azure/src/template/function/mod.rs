//! The functions of templates, one line for each.
//!
//! A function says what it makes of what it is given; that it was given something unknown is seen before, unless it
//! says that it takes that too. Knows no section of a template.

mod address;
mod encoding;
mod format;
mod lambda;
mod list;
mod logic;
mod number;
mod object;
mod place;
mod same;
mod table;
mod text;

use std::borrow::Cow;
use std::rc::Rc;

use cloud::json::{Cause, Unknown};

use super::expression::{Evaluator, Expression, Scope};
use super::opaque::Opaque;
use super::value::{Object, Value};

pub(crate) use object::{element, property};
use table::TABLE;

/// What a function comes to.
pub(crate) type Answer<'a> = Result<Value<'a>, Stop<'a>>;

/// Why a function does not come to a value. Complete.
#[derive(Clone, Debug)]
pub(crate) enum Stop<'a> {
    /// It does not take this; what it expects.
    Wrong(Cow<'static, str>),
    Unsupported,
    TooLarge,
    /// It would have to know the characters of this.
    Opaque(Rc<Opaque>),
    /// It is not known, for this reason.
    Because(Cause),
    Unknown(Box<Unknown<'a>>),
}

impl Stop<'_> {
    pub(crate) const fn wrong(message: &'static str) -> Self {
        Self::Wrong(Cow::Borrowed(message))
    }
}

/// A function.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    least: usize,
    most: usize,
    pub(crate) means: Form,
    /// Whether it comes to a text whatever text it is given: of an opaque one to an opaque one.
    pub(crate) gives_text: bool,
    /// Whether it compares each with each.
    is_square: bool,
}

/// How a function takes its arguments. Complete.
pub(crate) enum Form {
    /// As values, none of them unknown.
    Pure(for<'a> fn(&[Value<'a>]) -> Answer<'a>),
    /// As values.
    Open(for<'a> fn(&[Value<'a>]) -> Answer<'a>),
    /// As values, with where it stands.
    Scoped(for<'a> fn(&dyn Scope<'a>, &[Value<'a>]) -> Answer<'a>),
    /// As they are written.
    Lazy(for<'a> fn(&mut Evaluator<'_, 'a>, &[Expression<'_>]) -> Answer<'a>),
}

impl Function {
    const fn of(name: &'static str, [least, most]: [usize; 2], means: Form) -> Self {
        Self { name, least, most, means, gives_text: false, is_square: false }
    }

    const fn text(self) -> Self {
        Self { gives_text: true, ..self }
    }

    const fn square(self) -> Self {
        Self { is_square: true, ..self }
    }

    pub(crate) const fn takes(&self, arguments: usize) -> bool {
        self.least <= arguments && arguments <= self.most
    }

    /// How many steps it takes with values that hold so many.
    pub(crate) const fn steps(&self, nodes: usize) -> usize {
        let work = if self.is_square { nodes.saturating_mul(nodes) } else { nodes };
        work / NODES_OF_STEP
    }
}

/// The function of a name.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    TABLE.iter().find(|function| function.name.eq_ignore_ascii_case(name))
}

const NODES_OF_STEP: usize = 64;

/// The name of what a function makes of texts that are not known: equal for equal arguments.
pub(crate) fn spelled_call(name: &str, arguments: &[Value<'_>]) -> String {
    let short: Option<Vec<String>> = arguments.iter().map(short_argument).collect();
    if let Some(short) =
        short.map(|arguments| arguments.join(",")).filter(|short| short.len() <= SHORT_BYTES_MAX)
    {
        return format!("{name}({short})");
    }
    format!("{name}:{}", digest(&format!("{arguments:?}")))
}

/// An argument that can be read, and is like no other.
fn short_argument(value: &Value<'_>) -> Option<String> {
    let is_plain =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::Text(text) if is_plain(text) => Some(format!("'{text}'")),
        Value::Opaque(opaque) if opaque.is_plain_hole() => Some(opaque.spelled()),
        _ => None,
    }
}

/// Thirteen characters that stand for a text, the same in every run.
fn digest(text: &str) -> String {
    // FNV-1a.
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (0..13).map(|figure| char::from_digit((hash >> (5 * figure) & 31) as u32, 32).unwrap_or('0')).collect()
}

const SHORT_BYTES_MAX: usize = 40;

/// The text that an argument is.
fn text_of<'v>(value: &'v Value<'_>) -> Result<&'v str, Stop<'static>> {
    match value {
        Value::Text(text) => Ok(text),
        Value::Opaque(opaque) => Err(Stop::Opaque(Rc::clone(opaque))),
        _ => Err(Stop::wrong("a text is expected")),
    }
}

/// The whole number that an argument is.
fn number_of(value: &Value<'_>) -> Result<i64, Stop<'static>> {
    match value {
        Value::Number(number) => Ok(*number),
        Value::Real(_) => Err(Stop::Unsupported),
        _ => Err(Stop::wrong("a whole number is expected")),
    }
}

/// The object that an argument is, all of whose keys are known.
fn object_of<'v, 'a>(value: &'v Value<'a>) -> Result<&'v Object<'a>, Stop<'static>> {
    match value {
        Value::Object(object) => object.rest.map_or(Ok(&**object), |cause| Err(Stop::Because(cause))),
        _ => Err(Stop::wrong("an object is expected")),
    }
}

/// The list that an argument is.
fn list_of<'v, 'a>(value: &'v Value<'a>) -> Result<&'v [Value<'a>], Stop<'static>> {
    value.as_list().ok_or(Stop::wrong("an array is expected"))
}

/// The first value that is not known among these, as the reason why something is not.
fn first_unknown<'a>(values: &[Value<'a>]) -> Stop<'a> {
    values.iter().find_map(unknown_in).unwrap_or(Stop::Unsupported)
}

fn unknown_in<'a>(value: &Value<'a>) -> Option<Stop<'a>> {
    match value {
        Value::Unknown(unknown) => Some(Stop::Unknown(unknown.clone())),
        Value::Opaque(opaque) => Some(Stop::Because(opaque.cause())),
        Value::List(items) => items.iter().find_map(unknown_in),
        Value::Object(object) => object
            .entries()
            .iter()
            .find_map(|(_, value)| unknown_in(value))
            .or(object.rest.map(Stop::Because)),
        Value::Null | Value::Flag(_) | Value::Number(_) | Value::Real(_) | Value::Text(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_function_has_one_line() {
        let names: Vec<String> = TABLE.iter().map(|function| function.name.to_lowercase()).collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), names.len());
    }

    #[test]
    fn what_stands_for_a_call_can_be_part_of_an_id() {
        let id = Value::opaque(Cause::Existing, "a/b");
        let spelled = spelled_call("uniqueString", core::slice::from_ref(&id));
        assert_eq!(spelled.len(), "uniqueString:".len() + 13);
        assert!(!spelled.contains('/') && spelled.is_ascii());
        assert_eq!(spelled, spelled_call("uniqueString", &[id]));
        assert_ne!(spelled, spelled_call("uniqueString", &[Value::text("a/b")]));
    }
}
