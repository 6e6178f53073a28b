//! What is not known decides nothing: whatever an open parameter turns out to be, what was told without it still holds.
//! And no text, however damaged, stops the run.

use std::borrow::Cow;

use cloud::json::{Node, Tree};
use cloud::{Document, Inventory as _};
use model::{DocumentId, Thresholds};
use proptest::prelude::*;

use super::run_of;
use crate::template::evaluate::may_lack;
use crate::template::stack::Stack;

const TEMPLATE: &str = "
AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  P: {Type: String}
  Q: {Type: CommaDelimitedList}
  Known: {Type: String, Default: a}
Mappings:
  M:
    a: {k: '1', b: z}
    b: {k: '2'}
Conditions:
  C: !Equals [!Ref P, a]
  D: !Not [!Condition C]
  E: !Or [!Condition C, !Equals [!Join ['', !Ref Q], ab]]
  F: !And [!Condition E, !Equals [!Ref Known, a]]
  Always: !Equals [a, a]
Resources:
  Web: {Type: 'AWS::EC2::SecurityGroup'}
";

fn text(text: &str) -> Tree<'static> {
    Tree::Text(Cow::Owned(text.to_owned()))
}

fn call(name: &'static str, arguments: Vec<Tree<'static>>) -> Tree<'static> {
    Tree::Object(Node::new(vec![(Cow::Borrowed(name), Tree::List(arguments))], None))
}

fn single(name: &'static str, argument: Tree<'static>) -> Tree<'static> {
    Tree::Object(Node::new(vec![(Cow::Borrowed(name), argument)], None))
}

fn expression() -> impl Strategy<Value = Tree<'static>> {
    let words = prop::sample::select(vec!["a", "b", "0", "1", "x,y", "", "10.0.0.0/16"]);
    let names = prop::sample::select(vec!["P", "P", "Q", "Known", "AWS::NoValue", "AWS::Region", "Web"]);
    let leaf = prop_oneof![
        words.prop_map(text),
        names.prop_map(|name| single("Ref", text(name))),
        Just(Tree::Flag(true)),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        let list = || prop::collection::vec(inner.clone(), 0..4).prop_map(Tree::List);
        let pair = |name: &'static str| {
            (inner.clone(), prop_oneof![list(), inner.clone()])
                .prop_map(move |(one, other)| call(name, vec![one, other]))
        };
        let condition = prop::sample::select(vec!["C", "D", "E", "F", "Always"]);
        prop_oneof![
            list(),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| {
                Tree::Object(Node::new(vec![("k".into(), one), ("l".into(), other)], None))
            }),
            (condition, inner.clone(), inner.clone())
                .prop_map(|(name, then, otherwise)| call("Fn::If", vec![text(name), then, otherwise])),
            pair("Fn::Join"),
            (prop::sample::select(vec!["0", "1"]), list())
                .prop_map(|(index, list)| call("Fn::Select", vec![text(index), list])),
            pair("Fn::Select"),
            pair("Fn::Split"),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(first, second, default)| {
                let default = Tree::Object(Node::new(vec![("DefaultValue".into(), default)], None));
                call("Fn::FindInMap", vec![text("M"), first, second, default])
            }),
            inner.clone().prop_map(|value| {
                let own = Tree::Object(Node::new(vec![("A".into(), value)], None));
                call("Fn::Sub", vec![text("<${A}-${Known}>"), own])
            }),
            inner.clone().prop_map(|value| single("Fn::Base64", value)),
            list().prop_map(|value| single("Fn::Length", value)),
            inner.clone().prop_map(|value| single("Fn::ToJsonString", value)),
            inner.clone().prop_map(|block| call("Fn::Cidr", vec![block, text("2"), text("8")])),
        ]
    })
}

/// Whether what was told of a value leaves room for what it turned out to be.
fn covers(told: Option<&Tree<'_>>, is: Option<&Tree<'_>>) -> bool {
    match (told, is) {
        (Some(Tree::Unknown(_)), _) => true,
        (None, is) => is.is_none(),
        (Some(_), None) => false,
        (Some(Tree::List(told)), Some(Tree::List(is))) => lists(told, is),
        (Some(Tree::Object(told)), Some(Tree::Object(is))) => {
            is.keys().all(|key| told.own(key).is_some())
                && told.entries().iter().all(|(key, value)| covers(Some(value), is.own(key)))
        }
        // A value that comes out wrong is not deployed.
        (Some(_), Some(Tree::Unknown(_))) => true,
        (Some(told), Some(is)) => told == is,
    }
}

fn lists(told: &[Tree<'_>], is: &[Tree<'_>]) -> bool {
    match (told, is) {
        ([], []) => true,
        ([first, rest @ ..], is) => {
            let stays = is
                .split_first()
                .is_some_and(|(own, others)| covers(Some(first), Some(own)) && lists(rest, others));
            stays || (may_lack(first) && lists(rest, is))
        }
        ([], _) => false,
    }
}

fn with(values: &[(&str, &str)]) -> String {
    let mut template = TEMPLATE.to_owned();
    for (name, value) in values {
        let before = format!("  {name}: {{Type: ");
        template = template.replacen(&before, &format!("  {name}: {{Default: '{value}', Type: "), 1);
    }
    template
}

fn value<'a>(template: &'a str, expression: &Tree<'a>) -> Option<Tree<'a>> {
    let run = run_of(template);
    let stack = Stack::outermost(&run, &run.sources[0], "");
    stack.value(expression)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_not_known_never_becomes_another_value(
        expression in expression(),
        p in prop::sample::select(vec!["a", "b", "", "0", "1"]),
        q in prop::sample::select(vec!["a", "a,b", "", "x,y,z"]),
    ) {
        let open = value(TEMPLATE, &expression);
        for values in [vec![("P", p)], vec![("Q", q)], vec![("P", p), ("Q", q)]] {
            let template = with(&values);
            let closed = value(&template, &expression);
            prop_assert!(covers(open.as_ref(), closed.as_ref()), "{open:?}\nwith {values:?}\n{closed:?}");
        }
    }

    #[test]
    fn damaged_templates_are_read_to_an_end(
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..TOKENS.len()), 1..6),
    ) {
        let mut text = super::TEMPLATE.to_owned();
        for (from, to, token) in cuts {
            let (from, to) = (from.index(text.len()), to.index(text.len()));
            let to = to.clamp(from, (from + 40).min(text.len()));
            if text.is_char_boundary(from) && text.is_char_boundary(to) {
                text.replace_range(from..to, TOKENS[token]);
            }
        }
        read(&text);
    }

    #[test]
    fn texts_of_tokens_are_read_to_an_end(tokens in prop::collection::vec(0..TOKENS.len(), 0..40)) {
        let body: String = tokens.into_iter().map(|token| TOKENS[token]).collect();
        read(&format!("AWSTemplateFormatVersion: 1\nResources:\n{body}"));
        read(&format!("{{\"AWSTemplateFormatVersion\": 1, \"Resources\": {{{body}"));
    }
}

fn read(text: &str) {
    let mut inventory = crate::Inventory::new();
    let document = Document { id: DocumentId(0), path: "a.yaml", text };
    let readings = inventory.read_together(&[document]);
    assert_eq!(readings.len(), 1);
    inventory.snapshot(Thresholds::STANDARD);
}

const TOKENS: [&str; 40] = [
    "  A:\n",
    "    Type: AWS::EC2::SecurityGroup\n",
    "    Properties:\n",
    "      SecurityGroupIngress:\n",
    "        - ",
    "!Ref ",
    "!Sub ",
    "!If [",
    "!GetAtt ",
    "!Select [",
    "!Cidr [",
    "]",
    "[",
    "{",
    "}",
    ", ",
    ": ",
    "\n",
    "\t",
    "'",
    "\"",
    "|\n",
    "&a ",
    "*a ",
    "<<: ",
    "? ",
    "- ",
    "Fn::ForEach::X: [I, [a, b], {",
    "${I}",
    "&{I}",
    "ä",
    "\u{feff}",
    "---\n",
    "...\n",
    "#",
    "%YAML 9\n",
    "!!binary ",
    "AWS::CloudFormation::Stack",
    "TemplateURL: a.yaml\n",
    "    Condition: Circle\n",
];

#[test]
fn nests_and_bombs_are_bounded() {
    let deep = |open: &str, close: &str| format!("{}a{}", open.repeat(90), close.repeat(90));
    read(&format!("AWSTemplateFormatVersion: 1\nResources:\n  A: {}\n", deep("{a: ", "}")));
    // Texts that double with each level.
    let mut value = "'a,a,a,a,a,a,a,a,a,a'".to_owned();
    for _ in 0..20 {
        value = format!("!Join [',a,a,a,a,a,a,a,a,', !Split [',', {value}]]");
    }
    let template = format!(
        "AWSTemplateFormatVersion: 1\nResources:\n  A:\n    Type: AWS::EC2::SecurityGroup\n    Properties: {{GroupName: {value}}}\n"
    );
    read(&template);
    // Loops in loops.
    let mut body = "A${I0}: {Type: 'AWS::EC2::SecurityGroup'}".to_owned();
    for level in 0..9 {
        body = format!("Fn::ForEach::L{level}: [I{level}, [a,b,c,d,e,f,g,h], {{{body}}}]");
    }
    read(&format!("AWSTemplateFormatVersion: 1\nResources: {{{body}}}\n"));
    // More resources than anybody has, each referring to the last.
    let many: String = (0..12_000)
        .map(|one| format!("  R{one}: {{Type: 'AWS::IAM::Role', Properties: {{A: !Ref R11999}}}}\n"))
        .collect();
    read(&format!("AWSTemplateFormatVersion: 1\nResources:\n{many}"));
    // A template that nests itself, and conditions in a long row.
    read(
        "AWSTemplateFormatVersion: 1\nResources:\n  A:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: a.yaml}\n",
    );
    let mut chain = "AWSTemplateFormatVersion: 1\nConditions:\n  C0: !Equals [a, a]\n".to_owned();
    for level in 1..5000 {
        chain += &format!("  C{level}: !Not [!Condition C{}]\n", level - 1);
    }
    read(&(chain + "Resources:\n  A: {Type: 'AWS::EC2::VPC', Condition: C4999}\n"));
}
