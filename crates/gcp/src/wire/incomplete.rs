//! What answers say of what they lack: another page, places that did not answer, warnings.

use cloud::Quoted;
use cloud::json::{Node, Tree};
use model::Effect;

use super::reader::Reader;
use super::words::text;

/// What an aggregated list says of a scope of it.
pub(super) struct Warning<'a> {
    pub(super) scope: String,
    pub(super) said: Tree<'a>,
}

/// Tells what an answer says of what it lacks, itself and of its scopes; says whether it is whole.
pub(super) fn tell_incomplete<'a>(
    answer: &Node<'a>,
    scopes: &[Warning<'a>],
    reader: &mut Reader<'_, 'a, '_>,
) -> bool {
    let at = answer.at;
    let mut is_whole = true;
    if NEXT_PAGE.iter().any(|key| text(answer, key).is_some()) {
        is_whole = false;
        reader.truncated(at);
    }
    for key in UNREACHABLE {
        let Some(Tree::List(places)) = answer.own(key) else { continue };
        for place in places {
            is_whole = false;
            let place = if let Tree::Text(place) = place { place } else { "a place" };
            let place = Quoted(place);
            let message =
                format!("`{key}` names {place}, which did not answer: what is there is not in the list");
            reader.tell(at, "unreachable-scope", Effect::Narrowed, message);
        }
    }
    for Warning { scope, said } in scopes {
        is_whole &= !tell_warning(Some(scope), said, at, reader);
    }
    for said in ["warning", "warnings"].into_iter().filter_map(|key| answer.own(key)) {
        is_whole &= !tell_warning(None, said, at, reader);
    }
    is_whole
}

/// The token of the page that follows, as the API writes it and as messages are written by their own names.
pub(super) const NEXT_PAGE: [&str; 2] = ["nextPageToken", "next_page_token"];

/// Whether an answer names places of Google that did not answer: there may be nothing else in it.
pub(super) fn names_places(answer: &Node<'_>) -> bool {
    UNREACHABLE.iter().any(|key| match answer.own(key) {
        Some(Tree::List(places)) => places.iter().any(|place| match place {
            Tree::Text(place) => *key == "missingZones" || place.starts_with("projects/"),
            Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => false,
        }),
        Some(_) | None => false,
    })
}

/// Keys under which answers name places that did not answer.
const UNREACHABLE: [&str; 4] = ["unreachables", "unreachable", "missingZones", "failedLocations"];

/// Tells of a warning, or of several; says whether one of them leaves something out.
fn tell_warning<'a>(
    scope: Option<&str>,
    warning: &Tree<'a>,
    at: Option<&'a str>,
    reader: &mut Reader<'_, 'a, '_>,
) -> bool {
    match warning {
        Tree::List(warnings) => {
            warnings.iter().fold(false, |is_cut, one| tell_warning(scope, one, at, reader) | is_cut)
        }
        Tree::Object(node) => {
            let Some(code) = text(node, "code").filter(|code| !HARMLESS.contains(code)) else { return false };
            let place = scope.or_else(|| text(node, "region"));
            let place = place.map_or_else(|| "the list".to_owned(), |place| Quoted(place).to_string());
            let message = format!("a warning {} of {place}: the list may lack what is there", Quoted(code));
            reader.tell(node.at.or(at), "unreachable-scope", Effect::Narrowed, message);
            true
        }
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => false,
    }
}

/// Warnings that leave nothing out.
const HARMLESS: [&str; 3] = ["NO_RESULTS_ON_PAGE", "DEPRECATED_RESOURCE_USED", "EXPERIMENTAL_TYPE_USED"];
