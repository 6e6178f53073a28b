//! Values as the table of cases writes them.

use cloud::json::Cause;

use crate::value::{Kind, Shape, Value};

pub(super) fn shown(value: &Value<'_>) -> String {
    match &value.kind {
        Kind::Null => "null".to_owned(),
        Kind::Flag(flag) => flag.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::Text(text) => serde_json::to_string(&**text).unwrap(),
        Kind::Sequence(sequence) => {
            let items: Vec<String> = sequence.items().iter().map(shown).collect();
            let before = match sequence.shape() {
                Shape::Tuple | Shape::List => "",
                Shape::Set => "set",
                Shape::Partial => "some",
            };
            format!("{before}[{}]", items.join(", "))
        }
        Kind::Object(object) => {
            let entry = |(key, value): &(crate::value::Text<'_>, Value<'_>)| {
                format!("{}: {}", serde_json::to_string(&**key).unwrap(), shown(value))
            };
            let entries: Vec<String> = object.entries().iter().map(entry).collect();
            let more = if object.is_open() { ", …" } else { "" };
            format!("{{{}{more}}}", entries.join(", "))
        }
        Kind::Unknown(unknown) => {
            let cause = match unknown.cause {
                Cause::Unset => "unset",
                Cause::Existing => "existing",
                Cause::Computed => "computed",
                Cause::Changing => "changing",
                Cause::Unsupported => "unsupported",
                Cause::Wrong => "wrong",
                Cause::TooLarge => "too large",
            };
            match &unknown.refers {
                Some(to) => format!("?{cause} {}", crate::value::joined(&to.address, &to.attribute)),
                None => format!("?{cause}"),
            }
        }
    }
}
