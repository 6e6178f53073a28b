//! Laws of evaluation: a part that is not known never makes another value known; nothing panics, nothing goes on for ever.

use proptest::prelude::*;

use super::super::{Budget, evaluate};
use super::cases::cases;
use super::replaced::{parts, replaced};
use super::scope::Names;
use super::shown::shown;
use crate::function::{Does, Function};
use crate::syntax;
use crate::value::{Kind, Shape, Value, equals};

/// Whether a value of which less is known may be that value.
fn may_be(less: &Value<'_>, value: &Value<'_>) -> bool {
    match (&less.kind, &value.kind) {
        (Kind::Unknown(_), _) | (_, Kind::Unknown(_)) => true,
        (Kind::Sequence(own), Kind::Sequence(others)) => {
            let is_among = |item: &Value<'_>| others.items().iter().any(|other| may_be(item, other));
            match own.shape() {
                // A part of the value may itself not be counted.
                _ if others.shape() == Shape::Partial => true,
                Shape::Tuple | Shape::List => {
                    own.items().len() == others.items().len()
                        && own.items().iter().zip(others.items()).all(|(item, other)| may_be(item, other))
                }
                Shape::Set | Shape::Partial => {
                    own.items().iter().filter(|item| !item.is_unknown()).all(is_among)
                }
            }
        }
        (Kind::Object(own), Kind::Object(others)) => {
            let told = own
                .entries()
                .iter()
                .all(|(key, value)| others.find(key).is_some_and(|other| may_be(value, &other)));
            told && (own.is_open() || own.entries().len() == others.entries().len())
        }
        // A conditional of which one side is not known cannot know that the other becomes a string.
        (Kind::Number(_) | Kind::Flag(_), Kind::Text(text)) => less.to_text().is_ok_and(|less| less == *text),
        _ => equals(less, value) == Some(true),
    }
}

/// Replaces every part of an expression in turn; how often the result stayed known.
fn holds(text: &str) -> Result<(usize, usize), String> {
    let Ok(expression) = syntax::expression(text) else { return Ok((0, 0)) };
    let value = evaluate(&expression, &mut Names::new(100_000));
    let (count, mut known) = (parts(&expression), 0);
    for number in 0..count {
        let with_unknown = replaced(&expression, number);
        let less = evaluate(&with_unknown, &mut Names::new(100_000));
        if !may_be(&less, &value) {
            return Err(format!(
                "{text}: part {number} not known: {} instead of {}",
                shown(&less),
                shown(&value)
            ));
        }
        known += usize::from(less.is_wholly_known());
    }
    Ok((count, known))
}

#[test]
#[expect(clippy::disallowed_macros, reason = "how many runs there were is told")]
fn a_part_that_is_not_known_never_makes_another_value_known() {
    let (mut runs, mut known, mut exceptions, mut wrong) = (0, 0, 0, Vec::new());
    for (text, _) in cases() {
        match holds(text) {
            Ok((count, stayed)) => (runs, known) = (runs + count, known + stayed),
            Err(_) if EXCEPTIONS.contains(&text) => exceptions += 1,
            Err(what) => wrong.push(what),
        }
    }
    assert_eq!(exceptions, EXCEPTIONS.len(), "an exception is none any more");
    println!("{runs} runs with a part that is not known, {known} of them known all the same");
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// What is as it is in Terraform too:
/// - A side of a conditional that is not known may change the type of the other, and with it what is equal to it.
/// - What is wrong is replaced by what is not known: it was no value before.
const EXCEPTIONS: [&str; 2] = ["(true ? [\"a\"] : []) == [\"a\"]", "try([1, {}.a][0], 7)"];

/// Expressions of numbers, booleans, strings and lists of numbers and strings, each of its type.
#[derive(Clone, Debug)]
struct Typed {
    number: String,
    flag: String,
    text: String,
    numbers: String,
    texts: String,
    object: String,
}

fn typed() -> impl Strategy<Value = Typed> {
    let leaf = (0..5_i32, any::<bool>(), "[ab]{0,2}").prop_map(|(number, flag, text)| Typed {
        number: number.to_string(),
        flag: flag.to_string(),
        text: format!("\"{text}\""),
        numbers: format!("[{number}]"),
        texts: format!("[\"{text}\"]"),
        object: format!("{{a = \"{text}\"}}"),
    });
    leaf.prop_recursive(4, 40, 3, |inner| {
        (inner.clone(), inner.clone(), inner, 0..16_usize)
            .prop_map(|(x, y, z, which)| mixed(&x, &y, &z, which))
    })
}

fn pick(which: usize, of: &[String]) -> String {
    of[which % of.len()].clone()
}

#[expect(clippy::too_many_lines, reason = "a table of forms")]
fn mixed(x: &Typed, y: &Typed, z: &Typed, which: usize) -> Typed {
    Typed {
        number: pick(
            which,
            &[
                format!("({} + {})", x.number, y.number),
                format!("({} * {} - 1)", x.number, y.number),
                format!("length({})", x.texts),
                format!("({} ? {} : {})", x.flag, y.number, z.number),
                format!("max({}, {})", x.number, y.number),
                format!("try({}[{}], {})", x.numbers, y.number, z.number),
                format!("length(distinct({}))", x.texts),
                format!("sum(concat({}, [1]))", x.numbers),
                format!("element(concat({}, [2]), {})", x.numbers, y.number.replace('-', "")),
                format!("length(toset({}))", x.texts),
                format!("length({})", x.object),
            ],
        ),
        flag: pick(
            which,
            &[
                format!("({} && {})", x.flag, y.flag),
                format!("({} || {})", x.flag, y.flag),
                format!("!{}", x.flag),
                format!("({} < {})", x.number, y.number),
                format!("({} == {})", x.text, y.text),
                format!("(tolist({}) == tolist({}))", x.texts, y.texts),
                format!("contains({}, {})", x.texts, y.text),
                format!("can({}[{}])", x.numbers, y.number),
                format!("alltrue([{}, {}])", x.flag, y.flag),
                format!("anytrue([for t in {} : t == {}])", x.texts, y.text),
                format!("(tomap({}) == tomap({}))", x.object, y.object),
                format!("(length(setintersection({}, {})) > 0)", x.texts, y.texts),
                format!("(toset({}) != toset({}))", x.texts, y.texts),
            ],
        ),
        text: pick(
            which,
            &[
                format!("\"${{{}}}-${{{}}}\"", x.text, y.number),
                format!("join(\",\", {})", x.texts),
                format!("({} ? {} : {})", x.flag, y.text, z.text),
                format!("upper({})", x.text),
                format!("coalesce({}, {}, \"c\")", x.text, y.text),
                format!("lookup({}, {}, {})", x.object, y.text, z.text),
                format!("try({}.a, {})", x.object, y.text),
                format!("\"%{{ if {} }}${{{}}}%{{ else }}n%{{ endif }}\"", x.flag, y.text),
                format!("\"%{{ for t in {} }}${{t}}%{{ endfor }}\"", x.texts),
                format!("try({}[{}], {})", x.texts, y.number, z.text),
                format!("format(\"%s/%d\", {}, {})", x.text, y.number),
            ],
        ),
        numbers: pick(
            which,
            &[
                format!("[{}, {}]", x.number, y.number),
                format!("[for n in {} : n + {} if {}]", x.numbers, y.number, z.flag),
                format!("concat({}, {})", x.numbers, y.numbers),
                format!("reverse({})", x.numbers),
                format!("flatten([{}, [{}]])", x.numbers, y.number),
                format!("({} ? {} : {})", x.flag, y.numbers, z.numbers),
                format!("slice(concat({}, {}), 0, 1)", x.numbers, y.numbers),
                format!("tolist(toset({}))", x.numbers),
                format!("[for o in [{}, {}] : length(o)]", x.texts, y.texts),
            ],
        ),
        texts: pick(
            which,
            &[
                format!("[{}, {}]", x.text, y.text),
                format!("compact({})", x.texts),
                format!("distinct(concat({}, {}))", x.texts, y.texts),
                format!("sort({})", x.texts),
                format!("[for t in toset({}) : \"${{t}}x\"]", x.texts),
                format!("keys({})", x.object),
                format!("values({})", x.object),
                format!("({} ? {} : [])", x.flag, y.texts),
                format!("[{{a = {}}}, {{a = {}}}][*].a", x.text, y.text),
                format!("coalescelist({}, {})", x.texts, y.texts),
                format!("[for t in {} : t if t != {}]", x.texts, y.text),
                format!("tolist(setunion({}, {}))", x.texts, y.texts),
                format!("tolist(setsubtract({}, {}))", x.texts, y.texts),
                format!("split(\"-\", {})", x.text),
            ],
        ),
        object: pick(
            which,
            &[
                format!("{{a = {}, (\"b${{{}}}\") = {}}}", x.text, y.text, z.number),
                format!("merge({}, {})", x.object, y.object),
                format!("{{for t in distinct({}) : t => {}}}", x.texts, y.number),
                format!("({} ? {} : {})", x.flag, y.object, z.object),
                format!("zipmap([\"a\", {}], [1, {}])", x.text, y.number),
                format!("{{for t in {} : t => t...}}", x.texts),
            ],
        ),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn generated_expressions_hold_it_too(of in typed()) {
        for text in [of.number, of.flag, of.text, of.numbers, of.texts, of.object] {
            if let Err(what) = holds(&text) {
                prop_assert!(false, "{}", what);
            }
        }
    }

    #[test]
    fn any_text_comes_to_something(words in prop::collection::vec(0..WORDS.len(), 0..24)) {
        let text: String = words.iter().map(|word| WORDS[*word]).collect::<Vec<_>>().join("");
        if let Ok(expression) = syntax::expression(&text) {
            let value = evaluate(&expression, &mut Names::new(20_000));
            let _ = value.tree();
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[-a1:,\\[\\]{}\"' \n&*!|>#%~.()?+^$\\\\é<]{0,40}", other in "[-a1\\[\\]()?+^$\\\\|:{}*]{0,16}") {
        for name in ["yamldecode", "jsondecode", "csvdecode", "base64decode", "tonumber", "cidrnetmask", "urlencode", "md5"] {
            compute(name, &[Value::text(text.clone())]);
        }
        for name in ["regex", "regexall", "format", "parseint", "trim", "split", "cidrhost", "textdecodebase64"] {
            compute(name, &[Value::text(other.clone()), Value::text(text.clone())]);
        }
        compute("replace", &[Value::text(text), Value::text(format!("/{other}/")), Value::text("$1")]);
    }

    #[test]
    fn any_arguments_come_to_something(
        function in 0..crate::function::names().count(),
        arguments in prop::collection::vec(0..ARGUMENTS.len(), 0..4),
    ) {
        let name = crate::function::names().nth(function).unwrap();
        let mut arguments: Vec<&str> = arguments.iter().map(|argument| ARGUMENTS[*argument]).collect();
        // Only the last one may stand for several.
        arguments.sort_by_key(|argument| argument.ends_with("..."));
        arguments.dedup_by_key(|argument| argument.ends_with("...").then_some(()).ok_or(*argument));
        let text = format!("{name}({})", arguments.join(", "));
        let expression = syntax::expression(&text).unwrap();
        let value = evaluate(&expression, &mut Names::new(50_000));
        let _ = value.tree();
        if let Err(what) = holds(&text) {
            prop_assert!(false, "{}", what);
        }
    }
}

fn compute(name: &str, arguments: &[Value<'static>]) {
    let Some(Function { does: Does::Compute(with), .. }) = Function::named(name) else { panic!("{name}") };
    let _ = with(arguments, &mut Budget::new(10_000));
}

const WORDS: [&str; 44] = [
    "var", ".", "unset", "port", "[", "]", "*", "(", ")", "{", "}", "=", ",", "?", ":", "\"", "${", "%{",
    "~", "if ", "for ", " in ", "x", "=>", "...", "1", "-", "+", "/", "%", "&&", "||", "!", "==", "<",
    "null", "true", "length(", "merge(", "try(", "é", "\n", " endif ", "rules",
];

const ARGUMENTS: [&str; 34] = [
    "null",
    "true",
    "0",
    "1",
    "-1",
    "2.5",
    "1e30",
    "170141183460469231731687303715884105727",
    "\"\"",
    "\"a\"",
    "\"é\\n\"",
    "\"%s\"",
    "\"%-5d|%v\"",
    "\"(a\"",
    "\"10.0.0.0/8\"",
    "\"::/0\"",
    "\"[a-z]+\"",
    "[]",
    "[1, 2]",
    "[\"a\", \"b\", \"a\"]",
    "[[1], [2]]",
    "[null]",
    "toset([\"b\"])",
    "{}",
    "{a = 1}",
    "{a = [\"x\"]}",
    "var.unset",
    "[var.unset]",
    "{a = var.unset}",
    "aws_subnet.a",
    "aws_subnet.some",
    "var.rules",
    "var.ports...",
    "[var.unset]...",
];
