//! Answers that are none: what an API refused is not a project in which there is nothing.

use std::borrow::Cow;

use cloud::json::{Malformed, Node, Tree};
use model::Provenance;

use super::words::{object, text};

/// What was refused, and why.
pub(super) struct Refusal {
    /// The word of the API: `PERMISSION_DENIED`.
    pub(super) code: String,
    /// The service that is switched off, and for whom.
    pub(super) disabled: Option<(String, Option<String>)>,
}

/// A service that is switched off: nothing of it is in the project for which it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Disabled {
    /// `sqladmin.googleapis.com`.
    pub(crate) service: String,
    /// `projects/123`: the project that was asked about, or another one in whose name it was asked.
    pub(crate) consumer: Option<String>,
    pub(crate) read_at: Provenance,
}

/// The error that an object is: `{"error": {"code": 403, "status": "PERMISSION_DENIED", …}}`. Other clouds write words
/// under `code`.
pub(super) fn read(node: &Node<'_>) -> Option<Refusal> {
    let Tree::Object(error) = node.own("error")? else { return None };
    let number = text(error, "code").filter(|code| code.len() == 3 && code.parse::<u16>().is_ok())?;
    let reason = || objects(error, "errors").find_map(|one| text(one, "reason"));
    let is_of_google = error.own("errors").is_some() || text(error, "status").is_some_and(is_status);
    is_of_google.then_some(())?;
    let code = text(error, "status").or_else(reason).unwrap_or(number).to_owned();
    Some(Refusal { code, disabled: disabled(error) })
}

fn is_status(status: &str) -> bool {
    status.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// What an API says of a service that is switched off.
fn disabled(error: &Node<'_>) -> Option<(String, Option<String>)> {
    let detail = objects(error, "details").find(|detail| text(detail, "reason") == Some("SERVICE_DISABLED"));
    let is_old = || objects(error, "errors").any(|one| text(one, "reason") == Some("accessNotConfigured"));
    if detail.is_none() && !is_old() {
        return None;
    }
    let metadata = detail.and_then(|detail| object(detail, "metadata"));
    let said = |key: &str| metadata.and_then(|metadata| text(metadata, key));
    let service = said("service").unwrap_or("a service of Google Cloud").to_owned();
    Some((service, said("consumer").map(str::to_owned)))
}

fn objects<'n, 'a>(node: &'n Node<'a>, key: &str) -> impl Iterator<Item = &'n Node<'a>> + use<'n, 'a> {
    let items = match node.own(key) {
        Some(Tree::List(items)) => items.as_slice(),
        Some(_) | None => &[],
    };
    items.iter().filter_map(|item| match item {
        Tree::Object(node) => Some(node),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => None,
    })
}

/// An error that the command line printed between answers.
pub(super) struct Line<'a> {
    /// The command that failed.
    pub(super) command: Cow<'a, str>,
    /// The byte at which it begins.
    pub(super) at: usize,
}

/// The error that stands where a text is not JSON, if it is one: `ERROR: (gcloud.compute.networks.list) …`.
pub(super) fn at<'a>(text: &'a str, broken: &Malformed) -> Option<Line<'a>> {
    let offset = usize::try_from(broken.offset).ok()?;
    let (before, _) = text.split_at_checked(offset)?;
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(start..)?.lines().next()?;
    let within = line.find(ANNOUNCEMENT)?;
    let command = line.get(within + ANNOUNCEMENT.len()..)?.split(')').next()?;
    Some(Line { command: Cow::Borrowed(command), at: start + within })
}

const ANNOUNCEMENT: &str = "ERROR: (gcloud.";
