//! What a record says around its request: who, when, from where, in which account, and what became of it.
//!
//! Knows no operation.

use cloud::audit::{Actor, Outcome};
use model::{Moment, Name};

use super::body::Body;

/// The envelope of one record.
#[derive(Clone, Debug)]
pub(crate) struct Envelope<'n> {
    pub(crate) id: Option<&'n str>,
    pub(crate) at: Option<Moment>,
    pub(crate) account: Option<&'n str>,
    pub(crate) region: Option<&'n str>,
    pub(crate) actor: Actor,
    pub(crate) outcome: Outcome,
}

impl<'n> Envelope<'n> {
    pub(crate) fn of(record: Body<'n>) -> Self {
        let identity = record.part("userIdentity");
        let account = record.text("recipientAccountId").or_else(|| identity.text("accountId"));
        Self {
            id: record.text("eventID"),
            at: record.text("eventTime").and_then(moment),
            account,
            region: record.text("awsRegion"),
            actor: actor(record, identity),
            outcome: outcome(record),
        }
    }
}

/// A time between the first record of CloudTrail's predecessors and the end of the century: others are absurd.
fn moment(text: &str) -> Option<Moment> {
    Moment::of(text).filter(|moment| (EARLIEST..LATEST).contains(moment))
}

/// Who is accountable: a session's ARN names its role and itself.
fn actor(record: Body<'_>, identity: Body<'_>) -> Actor {
    let session = identity.part("sessionContext");
    let issuer = session.part("sessionIssuer").text("arn");
    let name = match identity.text("type") {
        // A service that acts by itself has no ARN.
        Some("AWSService") => identity.first_text(&["invokedBy", "principalId"]).map(Name::from),
        // The provider and the name that it gave: the principal's id has both.
        Some("SAMLUser" | "WebIdentityUser") => {
            let user = identity.first_text(&["userName", "principalId"]);
            let provider = identity
                .text("identityProvider")
                .or_else(|| session.part("webIdFederationData").text("federatedProvider"));
            user.map(|user| match provider {
                Some(provider) => format!("{provider}/{user}").into(),
                None => user.into(),
            })
        }
        _ => None,
    };
    let by_arn = || identity.text("arn").or(issuer).map(Name::from);
    let by_person = || {
        let person = identity.part("onBehalfOf").text("userId");
        person.map(|person| Name::from(format!("identity-center/{person}")))
    };
    let by_parts = || {
        let id = identity.first_text(&["userName", "principalId", "invokedBy"]);
        match (identity.text("accountId"), id) {
            (Some(account), Some(id)) => Some(Name::from(format!("{account}/{id}"))),
            (account, id) => id.or(account).map(Name::from),
        }
    };
    let name = name.or_else(by_arn).or_else(by_person).or_else(by_parts).unwrap_or_else(|| "unknown".into());
    Actor {
        name,
        address: record.text("sourceIPAddress").or_else(|| identity.text("invokedBy")).map(Name::from),
        client: record.text("userAgent").map(Name::from),
    }
}

/// What became of a call: without a code it was done. EC2 puts `Client.` before its codes, and says in its answer whether
/// it did it.
fn outcome(record: Body<'_>) -> Outcome {
    let Some(code) = record.text("errorCode") else {
        let answer = record.part("responseElements");
        let is_refused = ["_return", "return"].iter().any(|key| answer.flag(key) == Some(false));
        return if is_refused { Outcome::Failed } else { Outcome::Done };
    };
    let code = code.strip_prefix("Client.").or_else(|| code.strip_prefix("Server.")).unwrap_or(code);
    let is = |words: &[&str], fits: fn(&str, &str) -> bool| words.iter().any(|word| fits(code, word));
    let begins =
        |code: &str, word: &str| code.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    if is(&DENIED, begins) || is(&DENIED_EXACTLY, str::eq_ignore_ascii_case) {
        Outcome::Denied
    } else {
        Outcome::Failed
    }
}

/// How codes begin that refuse for want of permission: `UnauthorizedOperation`, `AccessDeniedException`.
const DENIED: [&str; 5] =
    ["Unauthorized", "AccessDenied", "NotAuthorized", "AuthorizationError", "Forbidden"];
/// Codes that do so too.
const DENIED_EXACTLY: [&str; 2] = ["AuthFailure", "InsufficientPrivilegesException"];
/// 2006-01-01, the year of the first service, and 2100-01-01.
const EARLIEST: Moment = Moment(1_136_073_600_000);
const LATEST: Moment = Moment(4_102_444_800_000);
