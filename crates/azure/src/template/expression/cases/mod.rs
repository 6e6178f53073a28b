//! Expressions and what they come to, worked out by hand from the documentation of Azure Resource Manager.
//!
//! What stands in a table: JSON for what is known, `<…>` for an opaque text, `?cause` for what is not known.

mod language;
mod lists;
mod places;
mod texts;

use core::cell::{Cell, RefCell};
use std::borrow::Cow;

use cloud::json::Cause;

use super::{Place, Scope, evaluate};
use crate::template::text::read;
use crate::template::value::Value;

type Case = (&'static str, &'static str);

/// A scope whose parameters are those of [`PARAMETERS`], of which some are not known.
pub(super) struct Stage {
    pub(super) hidden: RefCell<Vec<(String, Value<'static>)>>,
    steps: Cell<usize>,
    depth: Cell<usize>,
}

/// What parameters and variables are in every case. Those that are not here: `vm` and `size`, texts without a value;
/// `gone`, without a value; `half`, a list of which one item is not known; `ip`, an address told later.
pub(super) const PARAMETERS: &str = r#"{
    "n": 3, "zero": 0, "yes": true, "no": false, "s": "Hello", "blank": "", "nothing": null,
    "list": ["a", "b", "c"], "numbers": [3, 1, 2], "none": [],
    "object": {"a": 1, "b": {"c": "x", "d": [10, 20]}, "Upper": "U"}, "bare": {},
    "rules": [
        {"name": "web", "port": 443, "open": true},
        {"name": "ssh", "port": 22, "open": false},
        {"name": "dns", "port": 53, "open": true}
    ],
    "prefix": "10.1.0.0/16", "json": "{\"a\": [1, \"x\"]}"
}"#;

impl Stage {
    pub(super) fn new() -> Self {
        Self { hidden: RefCell::new(Vec::new()), steps: Cell::new(100_000), depth: Cell::new(0) }
    }

    fn told(name: &str) -> Option<Value<'static>> {
        Some(match name {
            "vm" | "size" => Value::opaque(Cause::Unset, name),
            "gone" => Value::unknown(Cause::Unset, "parameters('gone')"),
            "half" => {
                Value::list(vec![Value::text("a"), Value::unknown(Cause::Unset, "x"), Value::text("b")])
            }
            "ip" => Value::unknown(Cause::Computed, "ip"),
            "open" => Value::open_object(vec![("a".into(), Value::Number(1))], None, Cause::Computed),
            _ => return None,
        })
    }
}

impl<'a> Scope<'a> for Stage {
    fn parameter(&self, name: &str) -> Value<'a> {
        let hidden = self.hidden.borrow();
        if let Some((_, value)) = hidden.iter().find(|(own, _)| own == name) {
            return value.clone();
        }
        let known = || read(PARAMETERS).0.own(name).cloned();
        Self::told(name).or_else(known).unwrap_or_else(|| Value::unknown(Cause::Wrong, name.to_owned()))
    }

    fn variable(&self, name: &str) -> Value<'a> {
        match name {
            // A variable for itself.
            "loop" => evaluate(&Cow::Borrowed("[variables('loop')]"), self),
            "deep" => evaluate(&Cow::Borrowed("[concat(variables('deep'), variables('deep'))]"), self),
            _ => self.parameter(name),
        }
    }

    fn copy_index(&self, name: Option<&str>) -> Value<'a> {
        match name {
            None => Value::Number(2),
            Some("outer") => Value::Number(5),
            Some(name) => Value::unknown(Cause::Wrong, name.to_owned()),
        }
    }

    fn reference(&self, target: &Value<'a>, is_full: bool) -> Value<'a> {
        let properties =
            vec![("ipAddress".into(), Value::unknown(Cause::Computed, "ip")), ("id".into(), target.clone())];
        let properties = Value::open_object(properties, None, Cause::Computed);
        match target.spelled().as_deref() {
            Some("elsewhere") => Value::unknown(Cause::Existing, "elsewhere"),
            _ if is_full => {
                Value::open_object(vec![("properties".into(), properties)], None, Cause::Computed)
            }
            _ => properties,
        }
    }

    fn references(&self, symbol: &Value<'a>, _: bool) -> Value<'a> {
        Value::list(vec![self.reference(symbol, false)])
    }

    fn resource_info(&self, symbol: &str) -> Value<'a> {
        Value::object(vec![("name".into(), Value::text(symbol.to_owned()))], None)
    }

    fn place(&self) -> Place<'a> {
        Place {
            subscription: Value::opaque(Cause::Existing, "subscription"),
            resource_group: Some(Value::opaque(Cause::Existing, "resource-group")),
            location: Value::opaque(Cause::Existing, "location"),
            management_group: None,
            tenant: Value::opaque(Cause::Existing, "tenant"),
        }
    }

    fn deployment(&self) -> Value<'a> {
        Value::object(vec![("name".into(), Value::text("main"))], None)
    }

    fn call(&self, name: &str, arguments: Vec<Value<'a>>) -> Option<Value<'a>> {
        name.eq_ignore_ascii_case("contoso.same").then(|| Value::list(arguments))
    }

    fn step(&self) -> bool {
        self.steps.set(self.steps.get().saturating_sub(1));
        self.steps.get() > 0
    }

    fn depth(&self) -> &Cell<usize> {
        &self.depth
    }
}

/// A value as a table has it.
pub(super) fn told(value: &Value<'_>) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Flag(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Real(number) => format!("{number:?}"),
        Value::Text(text) => format!("{text:?}"),
        Value::Opaque(opaque) => format!("<{opaque}>"),
        Value::Unknown(unknown) => format!("?{:?}", unknown.cause).to_lowercase(),
        Value::List(items) => format!("[{}]", items.iter().map(told).collect::<Vec<_>>().join(",")),
        Value::Object(object) => {
            let entries = object.entries().iter().map(|(key, value)| format!("{key:?}:{}", told(value)));
            let rest = object.rest.iter().map(|cause| format!("?{cause:?}").to_lowercase());
            format!("{{{}}}", entries.chain(rest).collect::<Vec<_>>().join(","))
        }
    }
}

pub(super) fn all() -> impl Iterator<Item = Case> {
    [language::CASES, texts::CASES, lists::CASES, places::CASES].into_iter().flatten().copied()
}

#[test]
#[expect(clippy::disallowed_macros, reason = "how many there are is told")]
fn expressions_come_to_what_was_worked_out() {
    let wrong: Vec<String> = all()
        .filter_map(|(expression, expected)| {
            let found = told(&evaluate(&Cow::Borrowed(expression), &Stage::new()));
            (found != expected).then(|| format!("{expression}\n  expected {expected}\n  found    {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{} expressions", all().count());
    assert!(all().count() >= 300);
}

#[test]
fn mistakes_say_where_they_are() {
    for (expression, expected) in [
        ("[concat('a'", "[concat('a': expected `,` or `)` at character 12"),
        ("[concat('a]", "[concat('a]: expected the quote that ends a text at character 9"),
        ("[add(1 2)]", "[add(1 2)]: expected `,` or `)` at character 8"),
        ("[é('a')]", "[é('a')]: expected a function, a text in single quotes or a number at character 2"),
        ("[list[0]]", "[list[0]]: expected `(` at character 6"),
    ] {
        let expression =
            if expression.ends_with(']') { expression.to_owned() } else { format!("{expression}]") };
        let Value::Unknown(unknown) = evaluate(&Cow::Owned(expression.clone()), &Stage::new()) else {
            panic!("{expression}")
        };
        let said = unknown.text.replace("]:", ":");
        assert_eq!(said, expected.replace("]:", ":"), "{expression}");
    }
    let wrong = evaluate(&Cow::Borrowed("[concat('a', add('x', 1))]"), &Stage::new());
    let Value::Unknown(unknown) = wrong else { panic!("{wrong:?}") };
    assert_eq!(unknown.text, "add('x', 1): a whole number is expected");
}
