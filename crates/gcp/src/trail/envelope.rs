//! What a record says around its request: who, when, from where, in which project, and what became of it.
//!
//! Knows no operation.

use cloud::audit::{Actor, Outcome};
use cloud::json::{Node, Tree};
use model::{Moment, Name};

use crate::resource::{Link, is_number, path_of};

use super::part::{first_text, flag, items, object, part, text, text_at, value};

/// Where a record stands in its operation. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// It is the only one.
    Alone,
    /// The first of a long operation: it has the request.
    First,
    /// What follows it: how it ended.
    Later,
}

/// The envelope of a record.
#[derive(Clone, Debug)]
pub(super) struct Envelope {
    pub(super) id: Name,
    pub(super) at: Option<Moment>,
    /// The project; else the folder or organisation.
    pub(super) scope: Option<Name>,
    pub(super) actor: Actor,
    /// The name of the method, as it is logged.
    pub(super) method: Name,
    /// The path of the resource, with the id of its project where its number is told.
    pub(super) resource: String,
    pub(super) outcome: Outcome,
    pub(super) phase: Phase,
    pub(super) joined_by: Option<Name>,
}

impl Envelope {
    /// Reads the envelope of an entry and its payload. `request` and `response` are those of the payload.
    pub(super) fn of(
        entry: &Node<'_>,
        payload: &Node<'_>,
        request: &Node<'_>,
        response: Option<&Node<'_>>,
    ) -> Self {
        let method = text(payload, "methodName").unwrap_or_default();
        let written = first_text(payload, &["resourceName", "GCPResourceName"]).unwrap_or_default();
        let project = project(entry, payload);
        let resource = with_project(path_of(written), project.as_deref());
        let time = ["timestamp", "TimeGenerated", "@timestamp", "receiveTimestamp"];
        let told = first_text(entry, &time)
            .or_else(|| text_at(payload, &["requestMetadata", "requestAttributes", "time"]));
        let own_id =
            first_text(entry, &["insertId", "insert_id"]).or_else(|| text_at(entry, &["event", "id"]));
        let id =
            own_id.map_or_else(|| format!("{method} {written} {}", told.unwrap_or_default()), str::to_owned);
        let operation = Operation::of(entry, payload);
        let phase = operation.phase(request, response);
        let service = text(payload, "serviceName").unwrap_or_default();
        let refused = refusal(payload, response);
        // Tables leave the operation out: entries of Compute Engine are told by what they hold.
        let by_table =
            operation.id.is_none() && phase == Phase::Alone && refused.is_none() && service == COMPUTE;
        let phase = if by_table { paired_phase(request, response) } else { phase };
        let joined_by = match (phase, operation.id) {
            (Phase::Alone, _) => None,
            // The first entry may name another producer than the last: the service is the same.
            (Phase::First | Phase::Later, Some(id)) => Some(format!("{service} {id}").into()),
            (Phase::First | Phase::Later, None) => Some(format!("{method} {resource}").into()),
        };
        Self {
            id: id.into(),
            at: told.and_then(moment),
            scope: project.or_else(|| owner(&resource)).map(Name::from),
            actor: actor(payload),
            method: method.into(),
            resource,
            outcome: refused.unwrap_or_else(|| outcome(entry, request, response, phase)),
            phase,
            joined_by,
        }
    }
}

/// A time after the first audit logs of Google and before the end of the century: others are absurd.
fn moment(text: &str) -> Option<Moment> {
    let text = text.trim().trim_end_matches(" UTC");
    let moment = Moment::of(text).or_else(|| american(text));
    moment.filter(|moment| (EARLIEST..LATEST).contains(moment))
}

/// 2010-01-01 and 2100-01-01.
const EARLIEST: Moment = Moment(1_262_304_000_000);
const LATEST: Moment = Moment(4_102_444_800_000);

/// A time as tables of Sentinel are exported: `1/15/2026, 3:04:05.678 PM`.
fn american(text: &str) -> Option<Moment> {
    let (date, time) = text.split_once(", ")?;
    let mut parts = date.split('/');
    let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
    let (clock, half) = time.trim().rsplit_once([' ', '\u{202f}'])?;
    let (hour, rest) = clock.split_once(':')?;
    let hour: u32 = hour.parse().ok()?;
    let hour = match half {
        "AM" => hour % 12,
        "PM" => hour % 12 + 12,
        _ => return None,
    };
    Moment::of(&format!("{year}-{month}-{day}T{hour}:{rest}Z"))
}

/// The id of the project, where anything says one that is no number; else the number.
fn project(entry: &Node<'_>, payload: &Node<'_>) -> Option<String> {
    let label = |node: &Node<'_>| {
        object(&object(node, "resource")?, "labels")
            .and_then(|labels| text(&labels, "project_id").map(str::to_owned))
    };
    let log = first_text(entry, &["logName", "LogName"])
        .and_then(|name| Link::of(name).project().map(str::to_owned));
    let row = text(entry, "ProjectId").map(str::to_owned);
    let resource = first_text(payload, &["resourceName", "GCPResourceName"]);
    let resource = resource.and_then(|name| Link::of(name).project().map(str::to_owned));
    let told = [label(entry), row, log, resource];
    let mut known = told.iter().flatten().filter(|project| !project.is_empty() && *project != "-");
    let by_id = known.clone().find(|project| !is_number(project));
    by_id.or_else(|| known.next()).cloned()
}

/// A path of a project that is named by its number, with the id instead.
pub(super) fn with_project(path: &str, project: Option<&str>) -> String {
    let own = Link::of(path).project().filter(|own| is_number(own)).map(str::to_owned);
    match (own, project) {
        (Some(own), Some(project)) if !is_number(project) => {
            path.replacen(&format!("projects/{own}"), &format!("projects/{project}"), 1)
        }
        _ => path.to_owned(),
    }
}

fn owner(path: &str) -> Option<String> {
    let mut parts = path.split('/');
    let (root, name) = (parts.next()?, parts.next()?);
    ["folders", "organizations", "billingAccounts"].contains(&root).then(|| format!("{root}/{name}"))
}

/// Who is accountable. Of a service account that somebody acts through, both: `robot@… (by user@…)`.
fn actor(payload: &Node<'_>) -> Actor {
    let identity = object(payload, "authenticationInfo").unwrap_or_default();
    let metadata = object(payload, "requestMetadata").unwrap_or_default();
    let own = first_text(&identity, &["principalEmail", "principalSubject"])
        .or_else(|| first_text(payload, &["principalEmail"]))
        .unwrap_or("unknown");
    // Sorted: who delegated first stands first.
    let mut chain: Vec<String> = Vec::new();
    for step in items(&identity, "serviceAccountDelegationInfo") {
        let Tree::Object(step) = step else { continue };
        let first_party = part(step, "firstPartyPrincipal").and_then(|party| text(party, "principalEmail"));
        let by = first_party.or_else(|| text(step, "principalSubject"));
        chain.extend(by.filter(|by| *by != own).map(str::to_owned));
    }
    let name = if chain.is_empty() { own.to_owned() } else { format!("{own} (by {})", chain.join(", ")) };
    Actor {
        name: name.into(),
        address: first_text(&metadata, &["callerIp"]).map(Name::from),
        client: first_text(&metadata, &["callerSuppliedUserAgent"]).map(Name::from),
    }
}

/// What a record says of its long operation.
struct Operation {
    id: Option<String>,
    is_first: bool,
    is_last: bool,
}

impl Operation {
    fn of(entry: &Node<'_>, payload: &Node<'_>) -> Self {
        let part = object(entry, "operation").or_else(|| object(payload, "operation")).unwrap_or_default();
        let flagged = |key: &str| flag(&part, key) == Some(true);
        Self {
            id: text(&part, "id").map(str::to_owned),
            is_first: flagged("first"),
            is_last: flagged("last"),
        }
    }

    fn phase(&self, request: &Node<'_>, response: Option<&Node<'_>>) -> Phase {
        match (self.is_first, self.is_last) {
            (true, true) => Phase::Alone,
            (true, false) => Phase::First,
            (false, true) => Phase::Later,
            // Kubernetes has an empty operation; a step in the middle has an id.
            (false, false) if self.id.is_some() && is_bare(request) && response.is_none() => Phase::Later,
            (false, false) => Phase::Alone,
        }
    }
}

/// Whether a request says nothing but what it is.
pub(super) fn is_bare(request: &Node<'_>) -> bool {
    request.entries().iter().all(|(key, value)| *value == Tree::Null || TYPES.contains(&&**key))
}

/// As containers spell the type of a message.
pub(super) const TYPES: [&str; 4] = ["@type", "at_sign_type", "proto_name", "protoName"];

/// The phase of an entry that does not say its operation: the first is answered with an operation that runs, the last has
/// neither request nor answer.
fn paired_phase(request: &Node<'_>, response: Option<&Node<'_>>) -> Phase {
    match response {
        Some(response) if is_running(response) => Phase::First,
        None if is_bare(request) => Phase::Later,
        Some(_) | None => Phase::Alone,
    }
}

fn is_running(response: &Node<'_>) -> bool {
    matches!(text(response, "status"), Some("PENDING" | "RUNNING"))
}

/// Whether a call was refused, or failed.
fn refusal(payload: &Node<'_>, response: Option<&Node<'_>>) -> Option<Outcome> {
    let status = object(payload, "status");
    let code =
        status.as_ref().and_then(|status| text(status, "code")).or_else(|| text(payload, "statusCode"));
    // Answers of Compute Engine have the code of HTTP.
    let error = response.and_then(|response| object(response, "error"));
    let error = error.as_ref().map(|error| text(error, "code").unwrap_or("error"));
    match (code, error) {
        (Some("7"), _) | (None | Some("0"), Some("403")) => Some(Outcome::Denied),
        (Some(code), _) if code != "0" => Some(Outcome::Failed),
        (_, Some(_)) => Some(Outcome::Failed),
        (_, None) => None,
    }
}

fn outcome(entry: &Node<'_>, request: &Node<'_>, response: Option<&Node<'_>>, phase: Phase) -> Outcome {
    if ["validateOnly", "dryRun"].iter().any(|key| flag(request, key) == Some(true)) {
        return Outcome::Failed;
    }
    let is_error = text(entry, "severity").is_some_and(|word| word.eq_ignore_ascii_case("ERROR"));
    let is_over = response.and_then(|response| text(response, "status")) == Some("DONE");
    match phase {
        // It says that something went wrong, and not what.
        _ if is_error => Outcome::Begun,
        // The entry is written when the operation is accepted; the last one says whether it was carried out.
        Phase::First if !is_over => Outcome::Begun,
        Phase::Alone if response.is_some_and(is_running) => Outcome::Begun,
        Phase::First | Phase::Later | Phase::Alone => Outcome::Done,
    }
}

const COMPUTE: &str = "compute.googleapis.com";

/// Keys of a record that stand twice with different values, in the parts that decide.
pub(super) fn twice<'t>(parts: &[&'t Node<'_>]) -> Option<&'t str> {
    parts.iter().find_map(|part| part.twice().next())
}

/// The name under which something is told by the answer: the path, or the number, of what was made.
pub(super) fn made(response: Option<&Node<'_>>, key: &str) -> Option<String> {
    value(response?, key).and_then(|value| match value {
        Tree::Text(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Tree::Text(_) | Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => {
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_tables_print_them() {
        let expected = Moment::of("2026-01-15T15:04:05.678Z");
        for text in [
            "2026-01-15T15:04:05.678912345Z",
            "2026-01-15 15:04:05.678 UTC",
            "2026-01-15 15:04:05.678912 UTC",
            "1/15/2026, 3:04:05.678 PM",
        ] {
            assert_eq!(moment(text), expected, "{text}");
        }
        assert_eq!(moment("1/15/2026, 12:04:05.000 AM"), Moment::of("2026-01-15T00:04:05Z"));
        assert_eq!(
            (moment("1970-01-01T00:00:00Z"), moment("0001-01-01T00:00:00Z"), moment("soon")),
            (None, None, None)
        );
    }
}
