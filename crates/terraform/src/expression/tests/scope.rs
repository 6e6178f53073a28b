//! The names that tests use.

use cloud::json::{Cause, Reference};

use super::super::{Budget, Found, Scope, Step};
use crate::value::Value;

/// A few variables, resources and files.
pub(super) struct Names {
    budget: Budget,
}

impl Names {
    pub(super) const fn new(steps: usize) -> Self {
        Self { budget: Budget::new(steps) }
    }
}

impl<'a> Scope<'a> for Names {
    fn find(&mut self, root: &str, steps: &[Step<'a>]) -> Found<'a> {
        let first = match steps.first() {
            Some(Step::Attribute(name)) => name,
            Some(Step::Index(_)) | None => return Found::Wrong(format!("there is no `{root}`")),
        };
        let value = match root {
            "var" => variable(first),
            "path" if &**first == "module" => Some(Value::text(".")),
            "aws_subnet" => subnet(first),
            _ => None,
        };
        match value {
            Some(value) => Found::This { value, used: 1 },
            None => Found::Wrong(format!("there is no `{root}.{}`", &**first)),
        }
    }

    fn budget(&mut self) -> &mut Budget {
        &mut self.budget
    }

    fn file(&mut self, path: &str) -> Option<&'a str> {
        match path.trim_start_matches("./") {
            "rules.json" => Some("{\"ports\": [22, 80]}"),
            "rules.yaml" => Some("rules:\n  - name: ssh\n    port: 22\n  - name: https\n    port: 443\n"),
            "short.txt" => Some("hi"),
            "hello.tftpl" => Some("hello ${name}: %{ for p in ports }${p} %{ endfor }"),
            "endless.tftpl" => Some("${templatefile(\"endless.tftpl\", {})}"),
            _ => None,
        }
    }

    fn folder(&mut self, path: &str) -> Option<Vec<String>> {
        let files = ["a.json", "b.json", "c.txt", "deep/c.json"];
        (path == "conf").then(|| files.map(str::to_owned).to_vec())
    }
}

fn variable<'a>(name: &str) -> Option<Value<'a>> {
    let texts = |texts: &[&'static str]| Value::list(texts.iter().map(|text| Value::text(*text)).collect());
    let rule = |port: i128, cidrs: &[&'static str]| {
        Value::object(vec![("port".into(), Value::number(port)), ("cidrs".into(), texts(cidrs))])
    };
    Some(match name {
        "unset" => Value::unknown(Cause::Unset, "var.unset"),
        "port" => Value::number(443),
        "name" => Value::text("web"),
        "flag" => Value::flag(true),
        "empty" => Value::text(""),
        "nothing" => Value::null(),
        "ports" => Value::list(vec![Value::number(80), Value::number(443)]),
        "cidrs" => texts(&["10.0.0.0/8", "0.0.0.0/0"]),
        "tags" => Value::map(vec![("Name".into(), Value::text("web"))]),
        "rules" => Value::map(vec![
            ("ssh".into(), rule(22, &["10.0.0.0/8", "192.0.2.0/24"])),
            ("https".into(), rule(443, &["0.0.0.0/0"])),
        ]),
        _ => return None,
    })
}

fn subnet<'a>(name: &str) -> Option<Value<'a>> {
    let subnet = |key: &str, cidr: &'static str| {
        let of = Reference { address: format!("aws_subnet.{name}{key}"), attribute: String::new() };
        Value::open_object(vec![("cidr_block".into(), Value::text(cidr))], None, Cause::Computed, of)
    };
    Some(match name {
        "a" => subnet("", "10.0.1.0/24"),
        "many" => Value::tuple(vec![subnet("[0]", "10.0.2.0/24"), subnet("[1]", "10.0.3.0/24")]),
        "some" => Value::partial(vec![subnet("", "10.0.4.0/24")]),
        "none" => Value::tuple(Vec::new()),
        _ => return None,
    })
}
