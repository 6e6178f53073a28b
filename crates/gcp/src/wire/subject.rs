//! What an answer is about, by the address at which it was asked for, or by the path that it says of itself.

use crate::resource::path_of;

/// The path of what holds the resources of an answer: `projects/p` of `…/projects/p/global/firewalls`, the group of
/// `…/instanceGroups/g/listInstances`, `apps/p` of the rules of an application.
pub(super) fn holder(asked: &str) -> Option<String> {
    let asked = asked.split('?').next().unwrap_or(asked);
    if let Some((_, rest)) = asked.split_once("apps/") {
        return rest.split('/').next().map(|app| format!("apps/{app}"));
    }
    let path = path_of(asked);
    let mut parts = path.split('/').peekable();
    let mut kept: Vec<String> = Vec::new();
    while let Some(word) = parts.next() {
        match (word, parts.next_if(|_| !ALONE.contains(&word))) {
            ("aggregated", _) => break,
            (_, Some("-")) => {}
            (_, Some(name)) => kept.push(format!("{word}/{name}")),
            ("global", None) => kept.push(word.to_owned()),
            // What is listed, or what was done.
            (_, None) => {}
        }
    }
    if kept.last().is_some_and(|last| last == "global") {
        kept.pop();
    }
    (!kept.is_empty() && path.contains('/')).then(|| kept.join("/"))
}

/// Words of paths that no name follows.
const ALONE: [&str; 2] = ["global", "aggregated"];

/// The keys by which an effective answer names its subject, where an address asks for one.
pub(super) fn subject(asked: &str) -> Option<Vec<(&'static str, String)>> {
    let (path, query) = asked.split_once('?').unwrap_or((asked, ""));
    let path = path_of(path).strip_suffix("/getEffectiveFirewalls")?;
    if path.contains("/networks/") {
        return Some(vec![("network", path.to_owned())]);
    }
    let interface = query.split('&').find_map(|part| part.strip_prefix("networkInterface="));
    let interface = interface.map(|name| ("networkInterface", name.to_owned()));
    Some([("instance", path.to_owned())].into_iter().chain(interface).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_about_what_holds_their_resources() {
        for (asked, expected) in [
            (
                "https://www.googleapis.com/compute/v1/projects/p/global/firewalls?alt=json",
                Some("projects/p"),
            ),
            ("projects/p/zones/z/instances", Some("projects/p/zones/z")),
            ("projects/p/aggregated/instances", Some("projects/p")),
            (
                "https://container.googleapis.com/v1/projects/p/locations/-/clusters?alt=json",
                Some("projects/p"),
            ),
            (
                "projects/p/zones/z/instanceGroups/g/listInstances",
                Some("projects/p/zones/z/instanceGroups/g"),
            ),
            ("projects/p/global/networkEndpointGroups/n", Some("projects/p/global/networkEndpointGroups/n")),
            ("https://appengine.googleapis.com/v1/apps/p/firewall/ingressRules?alt=json", Some("apps/p")),
            ("https://appengine.googleapis.com/v1/apps/p", Some("apps/p")),
            ("5789677160149163724", None),
            ("", None),
        ] {
            assert_eq!(holder(asked).as_deref(), expected, "{asked}");
        }
    }

    #[test]
    fn effective_answers_are_about_a_network_or_an_interface() {
        let of = |asked: &str| {
            subject(asked).map(|keys| {
                keys.into_iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" ")
            })
        };
        let host = "https://compute.googleapis.com/compute/v1";
        assert_eq!(
            of(&format!("{host}/projects/p/global/networks/n/getEffectiveFirewalls?alt=json")).as_deref(),
            Some("network=projects/p/global/networks/n")
        );
        assert_eq!(
            of(&format!(
                "{host}/projects/p/zones/z/instances/i/getEffectiveFirewalls?networkInterface=nic0&alt=json"
            ))
            .as_deref(),
            Some("instance=projects/p/zones/z/instances/i networkInterface=nic0")
        );
        assert_eq!(of("projects/p/global/networks/n"), None);
    }
}
