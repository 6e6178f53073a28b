//! Parameters that every template has. What they are is known only when a stack is deployed; most only stand in names, so
//! they are texts in braces that no comparison trusts.

use cloud::json::{Cause, Tree};

/// The value of a pseudo parameter; `None` where it has none of this name. `AWS::NoValue` is not among them.
pub(super) fn value<'a>(name: &str) -> Option<Tree<'a>> {
    if name == "AWS::NotificationARNs" {
        return Some(Tree::unknown(Cause::Unset, "!Ref AWS::NotificationARNs"));
    }
    PLACEHOLDERS.iter().find(|(known, _)| *known == name).map(|(_, text)| Tree::Text((*text).into()))
}

/// Whether a text has a part that is told when a stack is deployed.
pub(super) fn is_open(text: &str) -> bool {
    PLACEHOLDERS.iter().any(|(_, placeholder)| text.contains(placeholder))
}

/// Whether no such part of a text can hold a delimiter: names and numbers have no colon, slash, comma or bar.
pub(super) fn splits_cleanly(text: &str, delimiter: &str) -> bool {
    let is_clean = [":", "/", ",", "|", "_", " "].contains(&delimiter);
    !is_open(text) || (is_clean && !text.contains(STACK_ID))
}

const STACK_ID: &str = "{stack-id}";
const PLACEHOLDERS: [(&str, &str); 6] = [
    ("AWS::AccountId", "{account}"),
    ("AWS::Partition", "{partition}"),
    ("AWS::Region", "{region}"),
    ("AWS::StackId", STACK_ID),
    ("AWS::StackName", "{stack-name}"),
    ("AWS::URLSuffix", "{url-suffix}"),
];
