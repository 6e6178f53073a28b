//! What every record says: who, when, which operation on which resource, and what became of it.
//!
//! One reading for the three spellings. Knows no operation.

use std::borrow::Cow;
use std::cell::OnceCell;

use cloud::audit::{Actor, Element, Outcome};
use cloud::json::Node;
use model::{Moment, Name, Provenance};

use crate::resource::type_of;

use super::actor;
use super::body::Content;
use super::field::{object, text};
use super::time::moment;

/// The operation of a record: what is written there, and where that is for people to read, the action that was authorised.
/// Of what is kept beside another resource (`…/providers/microsoft.insights/diagnosticSettings/write`) its own part.
pub(super) fn operation<'n>(node: &'n Node<'_>) -> Option<Cow<'n, str>> {
    let named = ["OperationNameValue", "operationName"].iter().filter_map(|key| text(node, &[key]));
    let is_operation = |text: &&str| text.contains('/') && !text.contains(' ');
    if let Some(operation) = named.into_iter().find(is_operation) {
        return Some(Cow::Borrowed(own_part(operation)));
    }
    let granted = authorization(node)?;
    let action = text(&granted, &["action"]).filter(is_operation)?;
    Some(Cow::Owned(own_part(action).to_owned()))
}

fn own_part(operation: &str) -> &str {
    let is_beside = |at: usize| {
        operation.get(at..at + BESIDE.len()).is_some_and(|text| text.eq_ignore_ascii_case(BESIDE))
    };
    let beside = operation.rmatch_indices('/').map(|(at, _)| at).find(|at| is_beside(*at));
    beside.and_then(|at| operation.get(at + BESIDE.len()..)).unwrap_or(operation)
}

const BESIDE: &str = "/providers/";

fn authorization<'n, 'a>(node: &'n Node<'a>) -> Option<Cow<'n, Node<'a>>> {
    object(node, &["authorization", "Authorization_d"]).or_else(|| {
        let identity = object(node, &["identity"])?;
        object(&identity, &["authorization"]).map(|granted| Cow::Owned(granted.into_owned()))
    })
}

/// How far a request had come. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// It arrived.
    Started,
    /// It was taken on: what is answered is what is going to be.
    Accepted,
    Succeeded,
    Failed,
    Denied,
    /// A word that is not known.
    Unknown,
}

/// A record whose operation bears on something.
#[derive(Debug)]
pub(super) struct Call<'r, 'a> {
    node: &'r Node<'a>,
    operation: Cow<'r, str>,
    properties: Option<Cow<'r, Node<'a>>>,
    id: Name,
    kind: String,
    pub(super) phase: Phase,
    pub(super) place: Provenance,
    request: OnceCell<Content>,
    response: OnceCell<Content>,
}

impl<'r, 'a> Call<'r, 'a> {
    pub(super) fn new(node: &'r Node<'a>, operation: Cow<'r, str>, element: &Element<'a>) -> Self {
        let properties = object(node, &["properties", "Properties_d"]);
        let id = resource_of(node);
        let place = match node.at {
            Some(at) => place_of(at, element),
            None => element.at,
        };
        let mut call = Self {
            node,
            kind: kind_of(&operation),
            operation,
            properties,
            id: id.as_ref().into(),
            phase: Phase::Unknown,
            place,
            request: OnceCell::new(),
            response: OnceCell::new(),
        };
        call.phase = call.read_phase();
        call.id = call.spelled_id();
        call.operation = call.spelled_operation();
        call
    }

    /// The operation as it is written: `Microsoft.Network/networkSecurityGroups/write`.
    pub(super) fn operation(&self) -> &str {
        &self.operation
    }

    /// The type that its operation is about, in small letters.
    pub(super) fn kind(&self) -> &str {
        &self.kind
    }

    /// Whether its id is one of that type.
    pub(super) fn names_its_resource(&self) -> bool {
        is_of(&self.id, &self.kind)
    }

    /// The id of its resource: spelled as the body or the authorisation has it, since exports of diagnostics write capitals.
    pub(super) const fn id(&self) -> &Name {
        &self.id
    }

    /// Whether nothing says what it happened to, though it may have happened.
    pub(super) fn is_lost(&self) -> bool {
        type_of(&self.id).is_none() && !matches!(self.phase, Phase::Failed | Phase::Denied)
    }

    /// What was asked for.
    pub(super) fn request(&self) -> &Content {
        self.request.get_or_init(|| self.body(&["requestbody", "request_body"]))
    }

    /// What was answered.
    pub(super) fn response(&self) -> &Content {
        self.response.get_or_init(|| self.body(&["responseBody", "response_body"]))
    }

    fn body(&self, keys: &[&str]) -> Content {
        let within =
            self.properties.as_deref().and_then(|properties| keys.iter().find_map(|key| properties.own(key)));
        Content::of(within.or_else(|| keys.iter().find_map(|key| self.node.own(key))))
    }

    /// A text of the record itself.
    pub(super) fn text(&self, keys: &[&str]) -> Option<&str> {
        text(self.node, keys)
    }

    /// The method of the request, where the record has it: exports of diagnostics have none.
    pub(super) fn method(&self) -> Option<String> {
        let request = object(self.node, &["httpRequest"])?;
        text(&request, &["method"]).map(str::to_ascii_uppercase)
    }

    /// What ended with it.
    pub(super) const fn outcome(&self) -> Outcome {
        match self.phase {
            Phase::Started | Phase::Unknown => Outcome::Begun,
            Phase::Accepted | Phase::Succeeded => Outcome::Done,
            Phase::Failed => Outcome::Failed,
            Phase::Denied => Outcome::Denied,
        }
    }

    /// The subscription.
    pub(super) fn scope(&self) -> Option<Name> {
        let of_id = crate::resource::segment_after(&self.id, "subscriptions");
        of_id.or_else(|| self.text(&["subscriptionId", "_SubscriptionId"])).map(Name::from)
    }

    /// When it happened.
    pub(super) fn at(&self) -> Option<Moment> {
        TIMES.iter().find_map(|key| self.text(&[key])).and_then(moment)
    }

    /// Its id, with the request that it is a phase of where both are known; where the export has none, what tells it from
    /// every other.
    pub(super) fn event_id(&self) -> Name {
        let request = self.text(&["operationId"]).filter(|_| self.correlation().is_some());
        match (self.text(&["eventDataId"]), request) {
            (Some(id), Some(request)) => return format!("{id}{OF_REQUEST}{request}").into(),
            (Some(id), None) => return id.into(),
            (None, _) => {}
        }
        let written = TIMES.iter().find_map(|key| self.text(&[key])).unwrap_or_default();
        let time = self.at().map_or_else(|| written.to_owned(), |at| at.to_string());
        let correlation = self.correlation().unwrap_or_default();
        let operation = self.operation.to_ascii_lowercase();
        format!("{correlation}/{:?}/{time}/{}/{operation}", self.phase, self.id.to_ascii_lowercase()).into()
    }

    /// What joins it with the other phases of its request, in whatever export: the id of the request is in some of them
    /// only. Parts of a deployment share the correlation id, and so do all requests of one run of Terraform: the resource
    /// and the operation belong to it.
    pub(super) fn joined_by(&self) -> Option<Name> {
        let correlation = self.correlation()?;
        let key = format!("{correlation}/{}/{}", self.id, self.operation);
        Some(key.to_ascii_lowercase().into())
    }

    fn correlation(&self) -> Option<&str> {
        self.text(&["correlationId"])
    }

    /// Who did it.
    pub(super) fn actor(&self) -> Actor {
        actor::of(self.node)
    }

    fn read_phase(&self) -> Phase {
        let word = self.text(&["status", "ActivityStatusValue", "ActivityStatus", "resultType", "outcome"]);
        let word = word.unwrap_or_default().to_ascii_lowercase();
        match &*word {
            "start" | "started" | "begin" | "inprogress" | "in progress" | "running" => Phase::Started,
            "accept" | "accepted" => Phase::Accepted,
            "success" | "succeeded" | "completed" => Phase::Succeeded,
            "failure" | "failed" | "cancelled" | "canceled" | "error" if self.is_refused() => Phase::Denied,
            "failure" | "failed" | "cancelled" | "canceled" | "error" => Phase::Failed,
            _ => Phase::Unknown,
        }
    }

    /// Whether it failed because it may not: the status of the answer, or the code in what is said of it.
    fn is_refused(&self) -> bool {
        let sub = self.text(&["subStatus", "ActivitySubstatusValue", "ActivitySubstatus", "resultSignature"]);
        let properties = self.properties.as_deref();
        let code = properties.and_then(|properties| text(properties, &["statusCode", "status_code"]));
        let said = properties.and_then(|properties| text(properties, &["statusMessage", "status_message"]));
        let holds = |text: &str| {
            let text = text.to_ascii_lowercase();
            REFUSALS.iter().any(|word| text.contains(word))
        };
        [sub, code, said].into_iter().flatten().any(holds)
    }

    /// The operation as the authorisation spells it: exports of diagnostics write capitals.
    fn spelled_operation(&self) -> Cow<'r, str> {
        let granted = authorization(self.node);
        let action = granted.as_deref().and_then(|granted| text(granted, &["action"]));
        match action.map(own_part).filter(|action| action.eq_ignore_ascii_case(&self.operation)) {
            Some(action) => Cow::Owned(action.to_owned()),
            None => self.operation.clone(),
        }
    }

    /// The id of its resource, as the body or the authorisation spells it. Where the record names another one than its
    /// operation is about, the one that these name.
    fn spelled_id(&self) -> Name {
        let stated = [self.response(), self.request()].into_iter().find_map(|body| match body {
            Content::Is(node) => text(node, &["id"]).map(str::to_owned),
            Content::Nothing | Content::Unreadable(_) => None,
        });
        let granted = authorization(self.node);
        let granted = granted.as_deref().and_then(|granted| text(granted, &["scope"])).map(str::to_owned);
        let is_strange = !self.names_its_resource();
        let is_it = |spelled: &String| {
            let spelled = spelled.trim_end_matches('/');
            spelled.eq_ignore_ascii_case(&self.id) || (is_strange && is_of(spelled, &self.kind))
        };
        match stated.into_iter().chain(granted).find(is_it) {
            Some(spelled) => spelled.trim_end_matches('/').into(),
            None => Name::clone(&self.id),
        }
    }
}

/// Stands between the id of an event and that of its request, until its phases are joined.
pub(super) const OF_REQUEST: &str = " of request ";

/// The type that an operation is about: all but its last word, and `action` before that.
fn kind_of(operation: &str) -> String {
    let kind = operation.rsplit_once('/').map_or(operation, |(kind, _)| kind);
    kind.to_ascii_lowercase()
}

/// Whether an id names a resource of a type: with a name for each of its words.
pub(super) fn is_of(id: &str, kind: &str) -> bool {
    let Some(provider) = id.to_ascii_lowercase().rfind("/providers/") else { return false };
    let words = id.get(provider..).unwrap_or_default().split('/').filter(|word| !word.is_empty()).count();
    // `providers`, whose it is, and two for each word of the type behind that.
    type_of(id).is_some_and(|own| own == kind) && words == 2 + 2 * kind.matches('/').count()
}

/// The id of the resource of a record.
fn resource_of<'n>(node: &'n Node<'_>) -> Cow<'n, str> {
    let stated = text(node, &["resourceId", "_ResourceId", "resourceUri", "subject"]);
    match stated {
        Some(id) => Cow::Borrowed(id.trim_end_matches('/')),
        None => {
            let granted = authorization(node);
            let scope = granted.as_deref().and_then(|granted| text(granted, &["scope"]));
            Cow::Owned(scope.unwrap_or_default().trim_end_matches('/').to_owned())
        }
    }
}

/// Where the object stands of which `at` is a piece.
fn place_of(at: &str, element: &Element<'_>) -> Provenance {
    let before = (at.as_ptr() as usize).checked_sub(element.text.as_ptr() as usize);
    let within =
        before.and_then(|before| element.text.get(..before)).map(|before| before.rfind('{').unwrap_or(0));
    let offset = element.at.offset.saturating_add(within.unwrap_or(0) as u64);
    Provenance { document: element.at.document, offset }
}

/// The event's own time, in the order in which it is asked for.
const TIMES: [&str; 6] = [
    "eventTimestamp",
    "time",
    "TimeGenerated",
    "TimeGenerated [UTC]",
    "eventTime",
    "EventSubmissionTimestamp",
];

/// `AuthorizationFailed` and `LinkedAuthorizationFailed` are codes of 403.
const REFUSALS: [&str; 4] = ["forbidden", "authorizationfailed", "unauthorized", "403"];
