//! The text of a template as a tree, be it JSON or YAML, and what tells a template and a file of parameters.
//!
//! Evaluates nothing.

use cloud::json::{Node, Tree};
use cloud::{Document, Quoted};
use model::{Effect, Gap, Provenance};
use serde::Deserialize as _;

use super::{answer, yaml};

/// What a document of this format is. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Template,
    /// A file that gives parameters of templates values.
    Parameters,
}

/// What a document is, by the words that it has; `None`: none of ours.
pub(super) fn role(document: &Document<'_>) -> Option<Role> {
    let text = document.text;
    if text.len() > BYTES_MAX {
        return None;
    }
    if let Some(body) = answer::text(text) {
        return role(&Document { text: &body, ..*document });
    }
    if starts_json(text) {
        if first_key(text).is_some_and(|key| !FIRST_KEYS.contains(&key)) {
            return None;
        }
        if ["\"ParameterKey\"", "\"Parameters\""].iter().any(|word| text.contains(word))
            && json(text).is_some_and(|tree| super::parameter_file::is_one(&tree))
        {
            return Some(Role::Parameters);
        }
        if answer::KEYS.iter().any(|key| first_key(text) == Some(key)) {
            let body = json(text).map(answer::body);
            return body.is_some_and(|tree| is_template(&tree)).then_some(Role::Template);
        }
        let has_words = text.contains(VERSION) || (text.contains("\"Resources\"") && has_types(text));
        return (has_words && is_json_template(text)).then_some(Role::Template);
    }
    let begins = |word: &str| lines_with_key(text, word).next().is_some();
    let is_template = (text.contains(VERSION) && begins(VERSION))
        || (has_types(text) && begins("Resources") && has_typed_line(text))
        || (text.contains(SAM) && begins("Transform") && begins("Resources"));
    is_template.then_some(Role::Template)
}

/// The first key of a JSON text; `None` where something else stands there. Of large exports nothing more is looked at.
pub(super) fn first_key(text: &str) -> Option<&str> {
    let rest =
        text.trim_start().trim_start_matches(|one: char| one == '[' || one == '{' || one.is_whitespace());
    rest.strip_prefix('"')?.split('"').next()
}

fn starts_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// The one value of a JSON text.
fn json(text: &str) -> Option<Tree<'_>> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let tree = Tree::deserialize(&mut reader).ok()?;
    reader.end().is_ok().then_some(tree)
}

/// Whether the outermost object of a text is a template. Of what is no JSON its words decide.
fn is_json_template(text: &str) -> bool {
    match json(text) {
        Some(tree) => is_template(&tree),
        None => text.trim_start().starts_with('{') && (text.contains(VERSION) || text.contains("\"Type\"")),
    }
}

fn is_template(tree: &Tree<'_>) -> bool {
    let Tree::Object(node) = tree else { return false };
    if exact(node, VERSION).is_some() {
        return true;
    }
    let Some(Tree::Object(resources)) = exact(node, "Resources") else { return false };
    resources.entries().iter().any(|(_, resource)| match resource {
        Tree::Object(resource) => {
            matches!(exact(resource, "Type"), Some(Tree::Text(word)) if is_type(word))
        }
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => false,
    })
}

fn has_types(text: &str) -> bool {
    text.contains("::")
}

/// Whether a word is a type: parts between double colons, whoever registered it.
fn is_type(word: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_@-".contains(&byte))
    };
    word.contains("::") && word.split("::").all(is_part)
}

/// The lines of a text that begin with a key, as far in as its first line that says something.
fn lines_with_key<'a>(text: &'a str, key: &str) -> impl Iterator<Item = &'a str> {
    let says = |line: &&str| {
        let line = line.trim_start();
        !line.is_empty() && !line.starts_with(['#', '%']) && line.trim_end() != "---"
    };
    let first = text.lines().find(says).unwrap_or_default();
    let indent = first.len() - first.trim_start_matches(' ').len();
    text.lines().filter(move |line| {
        let Some((blank, line)) = line.split_at_checked(indent) else { return false };
        if !blank.bytes().all(|byte| byte == b' ') {
            return false;
        }
        let line = line.trim_start_matches(['"', '\'']);
        line.strip_prefix(key)
            .is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':'))
    })
}

/// Whether a line has the key `Type` with a type, be it inside of braces.
fn has_typed_line(text: &str) -> bool {
    const KEY: &str = "Type";
    text.match_indices(KEY).any(|(found, _)| {
        let before = text.get(..found).and_then(|before| before.chars().next_back());
        let begins =
            before.is_none_or(|before| before.is_whitespace() || ['"', '\'', '{', ','].contains(&before));
        let line = text.get(found + KEY.len()..).and_then(|rest| rest.lines().next()).filter(|_| begins);
        let value = line.map(|rest| rest.trim_start_matches(['"', '\'']).trim_start());
        let value = value.and_then(|rest| rest.strip_prefix(':')).map(str::trim_start);
        value.is_some_and(|value| {
            let value = value.trim_start_matches(['"', '\'']);
            is_type(value.split(['"', '\'', ' ', ',', '}', '#', '\r']).next().unwrap_or_default())
        })
    })
}

/// The tree of a document.
///
/// # Errors
/// What is told of a text that is neither JSON nor YAML.
pub(super) fn tree<'a>(document: &Document<'a>) -> Result<Tree<'a>, Gap> {
    let text = document.text;
    let is_json = starts_json(text);
    if is_json && let Some(tree) = json(text) {
        return Ok(answer::body(tree));
    }
    // JSON with comments and commas behind the last item is YAML, and CloudFormation reads it so.
    yaml::read(text).map_err(|broken| {
        let yaml::Broken { offset, line, column, expected } = broken;
        let (code, language) = if is_json { ("malformed-json", "JSON") } else { ("malformed-yaml", "YAML") };
        let path = Quoted(document.path);
        let message =
            format!("{path}: not {language} at line {line} column {column}: {expected}: it is not read");
        let provenance = Provenance { document: document.id, offset: offset as u64 };
        Gap::at(provenance, code, Effect::Skipped, message)
    })
}

/// The value of a key, in its own letters: CloudFormation tells them apart. Of a key that is given twice the later value.
pub(super) fn exact<'n, 'a>(node: &'n Node<'a>, key: &str) -> Option<&'n Tree<'a>> {
    node.entries().iter().rev().find(|(own, _)| own == key).map(|(_, value)| value)
}

/// How many values an object holds, as far as its sections tell.
pub(super) fn size(root: &Node<'_>) -> usize {
    let section = |value: &Tree<'_>| match value {
        Tree::Object(section) => section.entries().len(),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => 1,
    };
    root.entries().iter().map(|(_, value)| 10 * section(value)).sum()
}

/// The object under a key.
pub(super) fn section<'n, 'a>(node: &'n Node<'a>, key: &str) -> Option<&'n Node<'a>> {
    match exact(node, key) {
        Some(Tree::Object(section)) => Some(section),
        Some(_) | None => None,
    }
}

const VERSION: &str = "AWSTemplateFormatVersion";
/// What templates, and files of parameters, begin with.
const FIRST_KEYS: [&str; 20] = [
    VERSION,
    "Conditions",
    "Description",
    "Globals",
    "Hooks",
    "Mappings",
    "Metadata",
    "Outputs",
    "ParameterKey",
    "ParameterValue",
    "Parameters",
    "ResolvedValue",
    "Resources",
    "Rules",
    "StackPolicy",
    "StagesAvailable",
    "Tags",
    "TemplateBody",
    "Transform",
    "UsePreviousValue",
];
const SAM: &str = "AWS::Serverless-";
/// CloudFormation takes templates of 1 MB.
const BYTES_MAX: usize = 10_000_000;

#[cfg(test)]
mod tests {
    use super::*;
    use model::DocumentId;

    fn role_of(text: &str) -> Option<Role> {
        role(&Document { id: DocumentId(0), path: "x", text })
    }

    #[test]
    fn templates_are_told_from_what_looks_like_them() {
        for text in [
            "AWSTemplateFormatVersion: '2010-09-09'\nResources: {}\n",
            "\"AWSTemplateFormatVersion\" : \"2010-09-09\"\n",
            "Resources:\n  Web:\n    Type: AWS::EC2::SecurityGroup\n",
            "Resources:\n  Web:\n    Type: 'AWS::EC2::SecurityGroup'\n",
            "Transform: AWS::Serverless-2016-10-31\nResources:\n  F: {}\n",
            r#"{"Resources": {"Web": {"Type": "AWS::EC2::VPC"}}}"#,
            "Resources:\n  Net:\n    Type: Contoso::Network::Base::MODULE\n",
            r#"{"AWSTemplateFormatVersion": "2010-09-09"}"#,
            "{\"AWSTemplateFormatVersion\": \"2010-09-09\", // note\n}",
        ] {
            assert_eq!(role_of(text), Some(Role::Template), "{text}");
        }
        for text in [
            "apiVersion: v1\nkind: Service\n",
            "- hosts: all\n  tasks:\n  - cloudformation:\n      template: |\n        AWSTemplateFormatVersion: 1\n",
            "on: push\njobs:\n  build:\n    steps: [{run: echo AWS::EC2::VPC}]\n",
            r#"{"configurationItems": [{"resourceType": "AWS::EC2::VPC", "Resources": {}}]}"#,
            r#"{"Resources": [{"Type": "AWS::EC2::VPC"}]}"#,
            r#"{"Stacks": [{"Parameters": [{"ParameterKey": "A", "ParameterValue": "b"}]}]}"#,
            r#"{"parameters": {"a": {"value": 1}}}"#,
            r#"{"Parameters": {"A": {"Type": "String"}}, "Resources": {}}"#,
        ] {
            assert_eq!(role_of(text), None, "{text}");
        }
        for text in [
            r#"[{"ParameterKey": "A", "ParameterValue": "b"}]"#,
            r#"{"Parameters": {"A": "b", "C": 1}, "Tags": {}}"#,
        ] {
            assert_eq!(role_of(text), Some(Role::Parameters), "{text}");
        }
    }
}
