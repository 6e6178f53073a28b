//! Answers of `aws cloudformation get-template`: the template is an object in them, or a text.
//!
//! Knows no section of a template.

use cloud::json::Tree;

use super::text::{exact, first_key};

/// The template of an answer; anything else is itself.
pub(super) fn body(tree: Tree<'_>) -> Tree<'_> {
    let Tree::Object(node) = &tree else { return tree };
    match exact(node, BODY) {
        Some(body @ Tree::Object(_)) if KEYS.iter().any(|key| node.keys().next() == Some(key)) => {
            body.clone()
        }
        Some(_) | None => tree,
    }
}

/// The template that is a text of an answer, or of one that is nothing but the text: as far behind blank space as its
/// text stands in the answer, so that its pieces lead to the line of the answer.
pub(super) fn text(answer: &str) -> Option<String> {
    let start = match answer.trim_start() {
        whole if whole.starts_with('"') => answer.len() - whole.len(),
        object if object.starts_with('{') && KEYS.iter().any(|key| first_key(object) == Some(key)) => {
            let key = answer.find(BODY_QUOTED)? + BODY_QUOTED.len();
            let value = answer.get(key..)?.trim_start().strip_prefix(':')?.trim_start();
            value.starts_with('"').then(|| answer.len() - value.len())?
        }
        _ => return None,
    };
    let mut values = serde_json::Deserializer::from_str(answer.get(start..)?).into_iter::<String>();
    let body = values.next()?.ok()?;
    let behind = answer.get(start + values.byte_offset()..)?.trim_start();
    let is_whole =
        behind.is_empty() || (answer.trim_start().starts_with('{') && behind.starts_with(['}', ',']));
    (is_whole && body.contains("Resources")).then(|| format!("{}\n{body}", " ".repeat(start)))
}

const BODY: &str = "TemplateBody";
const BODY_QUOTED: &str = "\"TemplateBody\"";
/// What answers begin with.
pub(super) const KEYS: [&str; 2] = ["StagesAvailable", BODY];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_distance() {
        let answer = r#"{"StagesAvailable": [], "TemplateBody": "Resources:\n  A: \"b\"\n"}"#;
        let body = text(answer).unwrap();
        assert_eq!(body.trim_start(), "Resources:\n  A: \"b\"\n");
        let own = body.find("Resources").unwrap();
        assert_eq!(answer.get(own..own + 9), Some("Resources"));
        assert_eq!(text("\"Resources: {}\"").as_deref(), Some("\nResources: {}"));
        assert_eq!(text("\"Resources\": {}"), None);
        assert_eq!(text(r#"{"TemplateBody": {"Resources": {}}}"#), None);
    }
}
