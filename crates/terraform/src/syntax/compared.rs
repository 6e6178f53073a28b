//! The same texts read by another reader of HCL, `hcl-edit`: both take the same ones, and read the same in them.
//!
//! Where they differ, Terraform 1.11 was asked, and reads as we do:
//! - `hcl-edit` takes the blank space of an indented heredoc out of its blank lines too, Terraform leaves it there;
//! - in Terraform lines inside of `%{ if }` and `%{ for }` count for the indentation of a heredoc, in `hcl-edit` they do not;
//! - `~` takes away the blank space of its line in Terraform, in `hcl-edit` (as read here) that of the lines around too;
//! - `hcl-edit` refuses `a.00`, a key of an object that is given twice, and an operand on the next line in brackets;
//! - `hcl-edit` reads `-0` as `0`;
//! - it takes some texts that are none: see [`REFUSED`].

#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::too_many_lines
)]

use std::fmt::Write as _;
use std::path::Path;

use hcl_edit::expr::{Expression as Theirs, ObjectKey, TraversalOperator};
use hcl_edit::structure::{Body as TheirBody, Structure};
use hcl_edit::template::{Directive, Element, Strip, Template};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::{Block, Body, Expression, Form, Part, Step, body};

/// A template, one piece after the other.
#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Text(String),
    Word(String),
}

fn pieces(parts: &[Part<'_>], out: &mut Vec<Piece>) {
    for part in parts {
        match part {
            Part::Text(text) => out.push(Piece::Text(text.to_string())),
            Part::Value(value) => out.push(Piece::Word(expression(value))),
            Part::If(choice) => {
                out.push(Piece::Word(format!("if {}", expression(&choice.0))));
                pieces(&choice.1, out);
                out.push(Piece::Word("else".into()));
                pieces(&choice.2, out);
                out.push(Piece::Word("endif".into()));
            }
            Part::For(repeated) => {
                let (key, value) = (repeated.key.as_deref().unwrap_or(""), &repeated.value);
                out.push(Piece::Word(format!("for {key},{value} {}", expression(&repeated.of))));
                pieces(&repeated.parts, out);
                out.push(Piece::Word("endfor".into()));
            }
        }
    }
}

/// Their template with the blank space taken away that `~` says.
struct Stripped {
    pieces: Vec<Piece>,
    strips: bool,
}

impl Stripped {
    fn text(&mut self, text: &str) {
        let text = if self.strips { text.trim_start() } else { text };
        if !text.is_empty() {
            self.strips = false;
            self.pieces.push(Piece::Text(text.to_owned()));
        }
    }

    fn word(&mut self, word: String, strip: Strip) {
        if strip.strip_start()
            && let Some(Piece::Text(text)) = self.pieces.last_mut()
        {
            *text = text.trim_end().to_owned();
        }
        self.pieces.push(Piece::Word(word));
        self.strips = strip.strip_end();
    }

    fn template(&mut self, template: &Template) {
        for element in template.iter() {
            match element {
                Element::Literal(text) => self.text(&text.replace("$${", "${").replace("%%{", "%{")),
                Element::Interpolation(value) => self.word(theirs(&value.expr), value.strip),
                Element::Directive(directive) => match &**directive {
                    Directive::If(choice) => {
                        self.word(format!("if {}", theirs(&choice.if_expr.cond_expr)), choice.if_expr.strip);
                        self.template(&choice.if_expr.template);
                        if let Some(otherwise) = &choice.else_expr {
                            self.word("else".into(), otherwise.strip);
                            self.template(&otherwise.template);
                        } else {
                            self.word("else".into(), Strip::None);
                        }
                        self.word("endif".into(), choice.endif_expr.strip);
                    }
                    Directive::For(repeated) => {
                        let of = &repeated.for_expr;
                        let key = of.key_var.as_ref().map_or("", |key| key.as_str());
                        let word =
                            format!("for {key},{} {}", of.value_var.as_str(), theirs(&of.collection_expr));
                        self.word(word, of.strip);
                        self.template(&of.template);
                        self.word("endfor".into(), repeated.endfor_expr.strip);
                    }
                },
            }
        }
    }
}

fn shown(pieces: Vec<Piece>) -> String {
    let mut merged: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (merged.last_mut(), piece) {
            (_, Piece::Text(text)) if text.is_empty() => {}
            (Some(Piece::Text(before)), Piece::Text(text)) => before.push_str(&text),
            (_, piece) => merged.push(piece),
        }
    }
    // Blank space on blank lines: see above.
    for piece in &mut merged {
        if let Piece::Text(text) = piece {
            *text = text
                .split('\n')
                .map(|line| if line.trim().is_empty() { "" } else { line })
                .collect::<Vec<_>>()
                .join("\n");
        }
    }
    format!("{merged:?}")
}

fn expression(expression: &Expression<'_>) -> String {
    let of = self::expression;
    match &expression.form {
        Form::Null => "null".into(),
        Form::Flag(flag) => flag.to_string(),
        Form::Number(digits) => number(digits),
        Form::Template(parts) => {
            let mut out = Vec::new();
            pieces(parts, &mut out);
            shown(out)
        }
        Form::List(items) => format!("[{}]", items.iter().map(of).collect::<Vec<_>>().join(",")),
        Form::Object(items) => object(items.iter().map(|(key, value)| (of(key), of(value))).collect()),
        Form::Name(name) => name.to_string(),
        Form::Chain { of: from, steps } => {
            let mut out = of(from);
            for step in steps {
                match step {
                    Step::Attribute(name) => write!(out, ".{name}").unwrap(),
                    Step::Index(index) => write!(out, "[{}]", of(index)).unwrap(),
                    Step::Splat => out.push_str("[*]"),
                    Step::AttributeSplat => out.push_str(".*"),
                }
            }
            format!("<{out}>")
        }
        Form::Call { name, arguments, is_spread } => {
            let arguments = arguments.iter().map(of).collect::<Vec<_>>().join(",");
            format!("{name}({arguments}{})", if *is_spread { "..." } else { "" })
        }
        Form::Unary(operator, value) => format!("({operator:?} {})", of(value)),
        Form::Binary(operator, both) => format!("({operator:?} {} {})", of(&both[0]), of(&both[1])),
        Form::Conditional(all) => format!("({} ? {} : {})", of(&all[0]), of(&all[1]), of(&all[2])),
        Form::For(made) => format!(
            "for {:?},{} {} : {:?} {} if {:?} {}",
            made.key.as_deref(),
            made.value,
            of(&made.of),
            made.made_key.as_ref().map(of),
            of(&made.made),
            made.condition.as_ref().map(of),
            made.is_grouped
        ),
        Form::Broken => "broken".into(),
    }
}

fn number(digits: &str) -> String {
    format!("{:e}", digits.parse::<f64>().unwrap())
}

/// Of a key that is given twice the later value.
fn object(items: Vec<(String, String)>) -> String {
    let items: std::collections::BTreeMap<_, _> = items.into_iter().collect();
    format!("{items:?}")
}

fn theirs(expression: &Theirs) -> String {
    let of = theirs;
    match expression {
        Theirs::Null(_) => "null".into(),
        Theirs::Bool(flag) => flag.value().to_string(),
        Theirs::Number(digits) => {
            let digits = digits.value().to_string();
            match digits.strip_prefix('-') {
                Some(digits) => format!("(Minus {})", number(digits)),
                None => number(&digits),
            }
        }
        Theirs::String(text) => shown(vec![Piece::Text(text.value().clone())]),
        Theirs::Array(items) => format!("[{}]", items.iter().map(of).collect::<Vec<_>>().join(",")),
        Theirs::Object(items) => {
            let key = |key: &ObjectKey| match key {
                ObjectKey::Ident(name) => shown(vec![Piece::Text(name.as_str().to_owned())]),
                ObjectKey::Expression(key) => of(key),
            };
            object(items.iter().map(|(name, value)| (key(name), of(value.expr()))).collect())
        }
        Theirs::StringTemplate(template) => {
            let mut stripped = Stripped { pieces: Vec::new(), strips: false };
            stripped.template(template);
            shown(stripped.pieces)
        }
        Theirs::HeredocTemplate(template) => {
            let mut stripped = Stripped { pieces: Vec::new(), strips: false };
            stripped.template(&template.template);
            shown(stripped.pieces)
        }
        Theirs::Parenthesis(inner) => of(inner.inner()),
        Theirs::Variable(name) => name.as_str().to_owned(),
        Theirs::Conditional(all) => {
            format!("({} ? {} : {})", of(&all.cond_expr), of(&all.true_expr), of(&all.false_expr))
        }
        Theirs::FuncCall(call) => {
            let names = call.name.namespace.iter().chain([&call.name.name]);
            let name = names.map(|name| name.as_str()).collect::<Vec<_>>().join("::");
            let arguments = call.args.iter().map(of).collect::<Vec<_>>().join(",");
            format!("{name}({arguments}{})", if call.args.expand_final() { "..." } else { "" })
        }
        Theirs::Traversal(chain) => {
            let mut out = of(&chain.expr);
            for step in &chain.operators {
                match step.value() {
                    TraversalOperator::AttrSplat(_) => out.push_str(".*"),
                    TraversalOperator::FullSplat(_) => out.push_str("[*]"),
                    TraversalOperator::GetAttr(name) => write!(out, ".{}", name.as_str()).unwrap(),
                    TraversalOperator::Index(index) => write!(out, "[{}]", of(index)).unwrap(),
                    TraversalOperator::LegacyIndex(index) => write!(out, ".{}", index.value()).unwrap(),
                }
            }
            format!("<{out}>")
        }
        Theirs::UnaryOp(unary) => {
            let operator = if unary.operator.value().as_str() == "!" { "Not" } else { "Minus" };
            format!("({operator} {})", of(&unary.expr))
        }
        Theirs::BinaryOp(binary) => {
            let names = ["||", "&&", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%"];
            let position = names.iter().position(|name| *name == binary.operator.value().as_str()).unwrap();
            let words = "Or And Equal Unequal Less LessOrEqual Greater GreaterOrEqual Add Subtract Multiply Divide Remainder";
            let word = words.split(' ').nth(position).unwrap();
            format!("({word} {} {})", of(&binary.lhs_expr), of(&binary.rhs_expr))
        }
        Theirs::ForExpr(made) => format!(
            "for {:?},{} {} : {:?} {} if {:?} {}",
            made.intro.key_var.as_ref().map(|key| key.as_str()),
            made.intro.value_var.as_str(),
            of(&made.intro.collection_expr),
            made.key_expr.as_ref().map(of),
            of(&made.value_expr),
            made.cond.as_ref().map(|condition| of(&condition.expr)),
            made.grouping
        ),
    }
}

fn ours_body(body: &Body<'_>, depth: usize, out: &mut String) {
    let pad = " ".repeat(depth);
    for attribute in &body.attributes {
        writeln!(out, "{pad}{} = {}", attribute.name, expression(&attribute.value)).unwrap();
    }
    for Block { kind, labels, body, .. } in &body.blocks {
        writeln!(out, "{pad}{kind} {labels:?}").unwrap();
        ours_body(body, depth + 1, out);
    }
}

fn their_body(body: &TheirBody, depth: usize, out: &mut String) {
    let pad = " ".repeat(depth);
    for attribute in body.iter().filter_map(Structure::as_attribute) {
        writeln!(out, "{pad}{} = {}", attribute.key.as_str(), theirs(&attribute.value)).unwrap();
    }
    for block in body.iter().filter_map(Structure::as_block) {
        let labels: Vec<&str> = block.labels.iter().map(|label| label.as_str()).collect();
        writeln!(out, "{pad}{} {labels:?}", block.ident.as_str()).unwrap();
        their_body(&block.body, depth + 1, out);
    }
}

/// What both make of a text; `None` where they refuse it.
fn both(text: &str) -> (Option<String>, Option<String>) {
    let (body, broken) = body(text);
    let ours = broken.is_empty().then(|| {
        let mut out = String::new();
        ours_body(&body, 0, &mut out);
        out
    });
    let theirs = text.parse::<TheirBody>().ok().map(|body| {
        let mut out = String::new();
        their_body(&body, 0, &mut out);
        out
    });
    (ours, theirs)
}

fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "tf" || extension == "tfvars") {
            found.push(path);
        }
    }
}

/// How long both take for the files of the corpus: `cargo test --release -p terraform -- --ignored --nocapture speed`.
#[test]
#[ignore = "a measurement, which needs the corpus"]
fn speed_of_both() {
    let corpus = std::env::var_os("WIDEOPEN_CORPUS").unwrap();
    let mut found = Vec::new();
    files(Path::new(&corpus), &mut found);
    let texts: Vec<String> = found.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let best = |read: &dyn Fn(&str)| {
        let once = || {
            let start = std::time::Instant::now();
            texts.iter().for_each(|text| read(text));
            start.elapsed()
        };
        (0..50).map(|_| once()).min().unwrap()
    };
    let ours = best(&|text| drop(std::hint::black_box(body(text))));
    let theirs = best(&|text| drop(std::hint::black_box(text.parse::<TheirBody>())));
    eprintln!("{} files, {bytes} bytes: ours {ours:?}, hcl-edit {theirs:?}", texts.len());
}

#[test]
fn real_files_read_the_same() {
    let Some(corpus) = std::env::var_os("WIDEOPEN_CORPUS") else {
        eprintln!("not run: WIDEOPEN_CORPUS does not name the corpus");
        return;
    };
    let mut found = Vec::new();
    files(Path::new(&corpus), &mut found);
    found.sort();
    let mut different = Vec::new();
    for path in &found {
        let text = std::fs::read_to_string(path).unwrap();
        let (ours, theirs) = both(&text);
        if ours != theirs {
            let line =
                ours.iter().flat_map(|text| text.lines()).zip(theirs.iter().flat_map(|text| text.lines()));
            let line = line.into_iter().find(|(one, other)| one != other);
            different.push(format!("{}: {} {} {line:?}", path.display(), ours.is_some(), theirs.is_some()));
        }
    }
    assert!(found.len() > 300, "{}", found.len());
    assert!(different.is_empty(), "{} of {}:\n{}", different.len(), found.len(), different.join("\n"));
}

const SEEDS: [&str; 6] = [
    "a = 1\nb \"c\" d {\n  e = [for k, v in x : \"${k}-${v}\" if v != null]\n  f { g = { h = 1, \"i\" : 2 } }\n}\n",
    "x = a.b[0].c[*].d + -f(1, [2, 3]...) * 4 == 5 && !true || c ? 1 : \"y\"\n",
    "y = <<-EOT\n    a ${b}\n      $${c} %{ if d }e%{ else ~}\n f %{ endif }\n  EOT\nz = <<E\n1\nE\n",
    "# one\n// two\n/* three */\nm = {\n  a = 1 # x\n  (b) = \"\\t\\u00e9\\\"\"\n  c = { for k, v in w : k => v... }\n}\n",
    "t = \"a%{ for i, v in l }${v}%{ endfor }b%{if x~} c %{~endif}\"\nn = 1.5e3 / 2 % 3 <= 4\n",
    "r = [1, 2,\n 3,]\ns = a.*.b\nu = a.0.b\nv = null\nw = provider::n::f()\nempty {}\n",
];

/// Texts near to those that people write.
fn damaged() -> impl Strategy<Value = String> {
    let bits = prop::sample::select(vec![
        "", "\n", " ", "\"", "{", "}", "[", "]", "(", ")", "=", ",", ":", "?", ".", "*", "$", "${", "%{",
        "~", "\\", "#", "/", "for", "in", "if", "else", "endif", "-", "!", "<<E\n", "E", "0", "1", "a", "=>",
        "...", "&&", "||", "<", "é",
    ]);
    let edit = (any::<prop::sample::Index>(), 0..3usize, bits);
    (prop::sample::select(SEEDS.to_vec()), prop::collection::vec(edit, 0..4)).prop_map(|(seed, edits)| {
        let mut text: Vec<char> = seed.chars().collect();
        for (place, removed, bit) in edits {
            let start = place.index(text.len() + 1);
            let end = (start + removed).min(text.len());
            text.splice(start..end, bit.chars());
        }
        text.into_iter().collect()
    })
}

/// An expression as the grammar has them.
fn written() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "1",
        "2.50",
        "true",
        "null",
        "a",
        "b-c",
        "\"\"",
        "\"x\"",
        "\"$${a} ${b}\"",
        "var.x",
        "a.0",
        "a[0].b",
        "x[*].y.z",
        "x.*.y",
        "\"%{ if a }b%{ else }c%{ endif }\"",
        "[]",
        "{}",
        "f()",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(5, 40, 4, |inner| {
        let operators = vec!["||", "&&", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%"];
        prop_oneof![
            (inner.clone(), prop::sample::select(operators), inner.clone())
                .prop_map(|(a, o, b)| format!("{a} {o} {b}")),
            inner.clone().prop_map(|a| format!("({a})")),
            inner.clone().prop_map(|a| format!("!{a}")),
            inner.clone().prop_map(|a| format!("-{a}")),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("{a} ? {b} : {c}")),
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("f({})", items.join(", "))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{{ k = {a}, (z) = {b} }}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("[for k, v in {a} : {b}]")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("{{for v in {a} : {b} => {c} if {a}}}")),
            inner.clone().prop_map(|a| format!("\"x ${{{a}}} y\"")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("({a})[{b}].c")),
        ]
    })
}

/// Two thousand cases, always the same ones: what two readers of a language make of a text is a fact, and no property.
/// `PROPTEST_RNG_SEED` and `PROPTEST_CASES` ask for others.
fn two_thousand() -> ProptestConfig {
    let asked = ProptestConfig::default();
    let is_asked = |name: &str| std::env::var_os(name).is_some();
    ProptestConfig {
        cases: if is_asked("PROPTEST_CASES") { asked.cases } else { 2_000 },
        rng_seed: if is_asked("PROPTEST_RNG_SEED") { asked.rng_seed } else { RngSeed::Fixed(6) },
        failure_persistence: None,
        ..asked
    }
}

proptest! {
    #![proptest_config(two_thousand())]

    #[test]
    fn expressions_read_the_same(expression in written()) {
        let (ours, theirs) = both(&format!("x = {expression}\n"));
        prop_assert!(ours.is_some());
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn damaged_texts_are_refused_alike(text in damaged()) {
        // Blank space in the name of a function, which Terraform allows.
        let is_apart = text.contains(" ::") || text.contains(":: ") || text.contains("::\n");
        match both(&text) {
            (Some(ours), Some(theirs)) => {
                let is_other = is_apart
                    || text.contains('~')
                    || text.contains("-0")
                    || (text.contains("<<-") && text.contains("%{"));
                prop_assert!(ours == theirs || is_other, "{}", text);
            }
            (None, Some(_)) => {
                let broken = body(&text).1;
                prop_assert!(REFUSED.contains(&broken[0].expected), "{} {:?}", text, broken);
            }
            (Some(_), None) => {
                let told = text.parse::<TheirBody>().unwrap_err().to_string();
                let is_known = ["newline or eof", "invalid expression", "redefined object key"];
                let is_known = is_known.iter().any(|known| told.contains(known));
                prop_assert!(is_known || is_apart, "{} {}", text, told);
            }
            (None, None) => {}
        }
    }
}

/// What was expected where `hcl-edit` takes a text that Terraform refuses.
const REFUSED: [&str; 14] = [
    "`=`, a label or `{`",
    "`%{ endfor }`",
    "`%{ endif }`",
    "`%{ if … }` or `%{ for … }` before it",
    "`if`, `else`, `endif`, `for` or `endfor`",
    "`in`",
    "an argument or a block",
    "an argument, a block or `}`",
    "one of the escapes `\\n`, `\\r`, `\\t`, `\\\"`, `\\\\`, `\\u`",
    "the closing bracket",
    "the closing quote",
    "the name of an attribute",
    "the name of a variable",
    "the word that ends the text",
];
