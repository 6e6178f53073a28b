//! Who is accountable for a record, in any of the places where exports say it.

use std::borrow::Cow;

use cloud::audit::Actor;
use cloud::json::Node;
use model::Name;

use super::field::{object, text};

/// Who did what a record tells: a person by name; anything else by its object id and its application.
pub(super) fn of(node: &Node<'_>) -> Actor {
    let identity = object(node, &["identity"]);
    let claims = object(node, &["claims", "Claims_d"])
        .or_else(|| object(identity.as_deref()?, &["claims"]).map(|claims| Cow::Owned(claims.into_owned())));
    let claim = |names: &[&str]| claims.as_deref().and_then(|claims| claim(claims, names));
    let caller = text(node, &["caller"]);
    let application = claim(&["appid", "azp"]);
    let person = [caller, claim(&["upn"]), claim(&["unique_name", "name"])];
    let name = match person.into_iter().flatten().find(|name| name.contains('@')) {
        Some(person) => person.to_owned(),
        None => {
            let principal = identity.as_deref().and_then(principal_of);
            let who = caller.or_else(|| claim(&["objectidentifier", "oid"])).or(principal.as_deref());
            match (who, application) {
                (Some(who), Some(application)) if who != application => {
                    format!("{who} (application {application})")
                }
                (Some(who), _) => who.to_owned(),
                (None, Some(application)) => format!("application {application}"),
                (None, None) => "unknown".to_owned(),
            }
        }
    };
    let request = object(node, &["httpRequest"]);
    let sent = request.as_deref().and_then(|request| text(request, &["clientIpAddress"]));
    let address =
        sent.or_else(|| text(node, &["callerIpAddress", "clientAddress"])).or_else(|| claim(&["ipaddr"]));
    Actor { name: name.into(), address: address.map(Name::from), client: application.map(Name::from) }
}

/// A claim of a token by the last step of its name: `http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn` is `upn`,
/// and stores that allow no dots in keys write others.
fn claim<'n>(claims: &'n Node<'_>, names: &[&str]) -> Option<&'n str> {
    names.iter().find_map(|name| {
        // A `name` without a namespace is what people choose to be called.
        let is_it = |key: &&str| match key.rsplit_once('/') {
            Some((_, last)) => last.eq_ignore_ascii_case(name),
            None => *name != "name" && key.eq_ignore_ascii_case(name),
        };
        claims.keys().filter(is_it).find_map(|key| text(claims, &[key]))
    })
}

fn principal_of(identity: &Node<'_>) -> Option<String> {
    let granted = object(identity, &["authorization"])?;
    let evidence = object(&granted, &["evidence"])?;
    text(&evidence, &["principalId", "principal_id"]).map(str::to_owned)
}
