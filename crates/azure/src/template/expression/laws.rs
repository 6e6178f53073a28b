//! Laws: what is not known never becomes another known value, and every text is evaluated to an end.

use std::borrow::Cow;

use cloud::json::Cause;
use proptest::prelude::*;

use super::cases::{PARAMETERS, Stage, all, told};
use super::evaluate;
use crate::template::text::read;
use crate::template::value::Value;

/// Whether `general` says no more than is true where `exact` is the truth.
fn allows(general: &Value<'_>, exact: &Value<'_>) -> bool {
    match (general, exact) {
        // What is wrong fails to be deployed: nothing comes of it that could be said wrongly.
        (Value::Unknown(_), _) | (_, Value::Unknown(_)) => true,
        (Value::Opaque(opaque), Value::Text(text)) => opaque.is(text) != Some(false),
        (Value::Opaque(one), Value::Opaque(other)) => one.same(other) != Some(false),
        (Value::List(general), Value::List(exact)) => {
            general.len() == exact.len()
                && general.iter().zip(exact.iter()).all(|(one, other)| allows(one, other))
        }
        (Value::Object(general), Value::Object(exact)) => {
            let known = general.entries().iter().all(|(key, value)| {
                exact.own(key).map_or(exact.rest.is_some(), |other| allows(value, other))
            });
            known
                && (general.rest.is_some()
                    || exact.entries().iter().all(|(key, _)| general.own(key).is_some()))
        }
        (general, exact) => general == exact,
    }
}

fn evaluated(expression: &str, stage: &Stage) -> Value<'static> {
    evaluate(&Cow::Owned(expression.to_owned()), stage)
}

/// What a parameter may be hidden behind.
fn hidden(name: &str) -> Vec<Value<'static>> {
    let value = read(PARAMETERS).0.own(name).cloned().unwrap();
    let mut hidden = vec![Value::unknown(Cause::Unset, name.to_owned())];
    match value {
        Value::Text(_) => hidden.push(Value::opaque(Cause::Unset, name)),
        Value::List(items) => hidden.extend((0..items.len()).map(|position| {
            let mut items = items.to_vec();
            items[position] = Value::unknown(Cause::Unset, "item");
            Value::list(items)
        })),
        Value::Object(object) => {
            let entries = object.entries().to_vec();
            hidden.extend((0..entries.len()).map(|position| {
                let mut entries = entries.clone();
                entries[position].1 = Value::unknown(Cause::Unset, "value");
                Value::object(entries, None)
            }));
            hidden.extend(
                (0..=entries.len())
                    .map(|kept| Value::open_object(entries[..kept].to_vec(), None, Cause::Computed)),
            );
        }
        _ => {}
    }
    hidden
}

fn names() -> Vec<String> {
    let parameters = read(PARAMETERS).0;
    parameters.as_object().unwrap().entries().iter().map(|(name, _)| name.to_string()).collect()
}

/// Evaluates with each parameter hidden in each way; how often there was something to compare.
fn hide_each(expression: &str) -> usize {
    let exact = evaluated(expression, &Stage::new());
    let mut compared = 0;
    for name in names().into_iter().filter(|name| expression.contains(&format!("'{name}'"))) {
        for value in hidden(&name) {
            let stage = Stage::new();
            stage.hidden.borrow_mut().push((name.clone(), value.clone()));
            let general = evaluated(expression, &stage);
            let (value, found) = (told(&value), told(&general));
            assert!(
                allows(&general, &exact),
                "{expression} with {name} = {value}: {found}, not {}",
                told(&exact)
            );
            compared += 1;
        }
    }
    compared
}

#[test]
fn hiding_a_value_never_gives_another_one() {
    let compared: usize = all().map(|(expression, _)| hide_each(expression)).sum();
    assert!(compared > 300, "{compared}");
}

/// Writes expressions that are mostly right: of texts, numbers, lists, objects, booleans.
struct Writer {
    state: u64,
    depth: usize,
}

impl Writer {
    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state >> 33).unwrap() % bound
    }

    /// One of these forms, in which a letter stands for an expression: `T` a text, `N` a number, `L` a list, `O` an
    /// object, `F` a boolean, `A` any.
    fn write(&mut self, letter: char) -> String {
        let (leaves, forms) = match letter {
            'T' => (TEXTS, TEXT_FORMS),
            'N' => (NUMBERS, NUMBER_FORMS),
            'L' => (LISTS, LIST_FORMS),
            'O' => (OBJECTS, OBJECT_FORMS),
            'F' => (FLAGS, FLAG_FORMS),
            _ => {
                let letter = ['T', 'N', 'L', 'O', 'F'][self.below(5)];
                return self.write(letter);
            }
        };
        if self.depth == 0 || self.below(5) == 0 {
            return leaves[self.below(leaves.len())].to_owned();
        }
        let form = forms[self.below(forms.len())];
        self.depth -= 1;
        let is_letter = |letter: char| matches!(letter, 'T' | 'N' | 'L' | 'O' | 'F' | 'A');
        let mut text = String::new();
        let mut before = '(';
        for character in form.chars() {
            let stands_alone = is_letter(character) && matches!(before, '(' | ' ' | '[');
            text.push_str(&if stands_alone { self.write(character) } else { character.to_string() });
            before = character;
        }
        self.depth += 1;
        text
    }
}

const TEXTS: &[&str] = &[
    "parameters('s')",
    "parameters('blank')",
    "parameters('prefix')",
    "parameters('json')",
    "parameters('vm')",
    "'a'",
    "'l'",
    "''",
    "'He'",
    "parameters('list')[1]",
    "parameters('rules')[0].name",
    "lambdaVariables('x')",
];
const NUMBERS: &[&str] = &[
    "parameters('n')",
    "parameters('zero')",
    "0",
    "1",
    "2",
    "parameters('numbers')[0]",
    "parameters('object').a",
];
const LISTS: &[&str] = &[
    "parameters('list')",
    "parameters('numbers')",
    "parameters('none')",
    "parameters('rules')",
    "parameters('half')",
    "parameters('object').b.d",
    "createArray('a', 'z')",
];
const OBJECTS: &[&str] = &[
    "parameters('object')",
    "parameters('bare')",
    "parameters('object').b",
    "parameters('rules')[1]",
    "parameters('open')",
];
const FLAGS: &[&str] = &["parameters('yes')", "parameters('no')", "parameters('rules')[0].open", "true()"];
const TEXT_FORMS: &[&str] = &[
    "concat(T, T)",
    "format('{0}-{1}', T, A)",
    "toLower(T)",
    "toUpper(T)",
    "trim(T)",
    "replace(T, T, T)",
    "substring(T, N)",
    "substring(T, 0, N)",
    "take(T, N)",
    "skip(T, N)",
    "join(L, T)",
    "padLeft(T, N, '0')",
    "string(A)",
    "base64(T)",
    "base64ToString(base64(T))",
    "uriComponent(T)",
    "if(F, T, T)",
    "first(T)",
    "last(L)",
    "coalesce(null(), T)",
    "cidrSubnet(T, 24, N)",
    "cidrHost(T, N)",
    "uniqueString(T)",
    "split(T, T)[0]",
    "first(L)",
    "resourceId('A/b', T)",
    "resourceId(T, 'A/b', T)",
    "reduce(L, '', lambda('x', 'y', concat(T, 'x')))",
    "parseCidr(T).network",
    "subscription().id",
    "uri(T, T)",
    "objectKeys(O)[0]",
    "L[N]",
    "tryGet(O, T)",
    "string(json(T))",
];
const NUMBER_FORMS: &[&str] = &[
    "add(N, N)",
    "sub(N, N)",
    "mul(N, N)",
    "div(N, N)",
    "mod(N, N)",
    "length(T)",
    "length(L)",
    "length(O)",
    "indexOf(T, T)",
    "lastIndexOf(T, T)",
    "indexOf(L, A)",
    "lastIndexOf(L, A)",
    "min(N, N)",
    "max(L)",
    "if(F, N, N)",
    "int(string(N))",
    "copyIndex(N)",
    "L[N]",
];
const LIST_FORMS: &[&str] = &[
    "concat(L, L)",
    "union(L, L)",
    "intersection(L, L)",
    "createArray(A, A)",
    "take(L, N)",
    "skip(L, N)",
    "split(T, T)",
    "if(F, L, L)",
    "map(L, lambda('x', A))",
    "map(L, lambda('x', lambdaVariables('x')))",
    "filter(L, lambda('x', F))",
    "filter(L, lambda('x', equals(lambdaVariables('x'), A)))",
    "sort(L, lambda('x', 'y', F))",
    "flatten(createArray(L, L))",
    "array(A)",
    "items(O)",
    "objectKeys(O)",
    "range(N, N)",
    "json(string(L))",
    "coalesce(tryGet(O, T), L)",
    "zip(L, L)",
    "O.?b.?d",
];
const OBJECT_FORMS: &[&str] = &[
    "union(O, O)",
    "intersection(O, O)",
    "createObject(T, A)",
    "createObject('a', A, 'b', O)",
    "if(F, O, O)",
    "shallowMerge(createArray(O, O))",
    "toObject(L, lambda('x', string(lambdaVariables('x'))))",
    "mapValues(O, lambda('x', A))",
    "groupBy(L, lambda('x', T))",
    "json(string(O))",
    "items(O)[N]",
];
const FLAG_FORMS: &[&str] = &[
    "equals(A, A)",
    "equals(T, T)",
    "equals(N, N)",
    "equals(L, L)",
    "and(F, F)",
    "or(F, F)",
    "not(F)",
    "empty(T)",
    "empty(L)",
    "empty(O)",
    "contains(T, T)",
    "contains(L, A)",
    "contains(O, T)",
    "startsWith(T, T)",
    "endsWith(T, T)",
    "less(N, N)",
    "greaterOrEquals(N, N)",
    "greater(T, T)",
    "bool(string(F))",
    "if(F, F, F)",
];

#[test]
#[expect(clippy::disallowed_macros, reason = "how many there are is told")]
fn hiding_a_value_in_any_expression_never_gives_another_one() {
    let mut compared = 0;
    for seed in 1..=SEEDS {
        let mut writer = Writer { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15), depth: 4 };
        let expression = format!("[{}]", writer.write('A'));
        if !matches!(evaluated(&expression, &Stage::new()), Value::Unknown(_)) {
            compared += hide_each(&expression);
        }
    }
    println!("{compared} comparisons of {SEEDS} expressions");
    assert!(compared > 1_000, "{compared}");
}

const SEEDS: u64 = 1_500;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_comes_to_an_end(text in r"\[[a-z(),'.\[\]?0-9 {}\\é-]{0,60}\]?") {
        evaluated(&text, &Stage::new()).into_tree();
    }
}

#[test]
fn nesting_is_bounded() {
    for text in [
        format!("[{}{}]", "concat(".repeat(50_000), ")".repeat(50_000)),
        format!("[parameters('object'){}]", ".a".repeat(50_000)),
        format!("[parameters('object'){}]", "[parameters('object')".repeat(50_000)),
        format!("[{}]", "'".repeat(100_001)),
    ] {
        assert!(told(&evaluated(&text, &Stage::new())).starts_with('?'), "{}", text.len());
    }
}
