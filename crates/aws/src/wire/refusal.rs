//! Answers that are none: what the API refused is not an account in which there is nothing.

use std::borrow::Cow;

use cloud::json::{Malformed, Node, Tree};

/// An error that the command line printed between answers.
pub(super) struct Line<'a> {
    /// The name of the error.
    pub(super) code: Cow<'a, str>,
    /// The byte at which it begins.
    pub(super) at: usize,
}

/// The error that stands where a text is not JSON, if it is one: `An error occurred (UnauthorizedOperation) when …`.
pub(super) fn at<'a>(text: &'a str, broken: &Malformed) -> Option<Line<'a>> {
    let offset = usize::try_from(broken.offset).ok()?;
    let (before, _) = text.split_at_checked(offset)?;
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(start..)?.lines().next()?;
    let within = line.find(ANNOUNCEMENT)?;
    let code = line.get(within + ANNOUNCEMENT.len()..)?.split(')').next()?;
    Some(Line { code: Cow::Borrowed(code), at: start + within })
}

const ANNOUNCEMENT: &str = "An error occurred (";

/// The code of the error that an object is: `{"Error": {"Code": …}}`, or `{"__type": …}` of services that speak JSON. In
/// these letters only: other clouds write errors too.
pub(super) fn code<'n>(page: &'n Node<'_>) -> Option<&'n str> {
    match exactly(page, "Error") {
        Some(Tree::Object(error)) => text(exactly(error, "Code")?),
        Some(_) => None,
        None => text(exactly(page, "__type")?).map(|kind| kind.rsplit('#').next().unwrap_or(kind)),
    }
}

/// The state of HTTP that an answer is recorded with, where it is an error.
pub(super) fn state<'n>(page: &'n Node<'_>) -> Option<&'n str> {
    match exactly(page, "ResponseMetadata")? {
        Tree::Object(metadata) => {
            text(metadata.own("HTTPStatusCode")?).filter(|state| !state.starts_with('2'))
        }
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => None,
    }
}

fn exactly<'n, 'a>(node: &'n Node<'a>, key: &str) -> Option<&'n Tree<'a>> {
    node.entries().iter().find(|(own, _)| own == key).map(|(_, value)| value)
}

fn text<'n>(value: &'n Tree<'_>) -> Option<&'n str> {
    match value {
        Tree::Text(text) => Some(text),
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => None,
    }
}
