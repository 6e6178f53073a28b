//! Records as OCSF's API Activity (6003) has them, in both of its generations that Security Lake writes: 1.0.0-rc.2, where
//! what it has no place for stands in pieces under `unmapped`, and 1.1, where bodies are texts.

use cloud::json::{Node, Tree};
use model::Moment;

use crate::trail::body::Body;
use crate::trail::made::{object, perhaps, text, tree};

use super::spelling;

pub(super) fn respelled(event: Body<'_>) -> Option<Node<'static>> {
    let (api, cloud, metadata) = (event.part("api"), event.part("cloud"), event.part("metadata"));
    let (name, source) = (api.text("operation")?, api.part("service").text("name")?);
    (event.has("class_uid") && is_cloudtrail(metadata, source)).then_some(())?;
    let unmapped = event.part("unmapped");
    let response = api.part("response");
    let failure = || {
        let is_failed = event.text("status_id") == Some("2")
            || event.text("status").is_some_and(|word| word.eq_ignore_ascii_case("failure"));
        is_failed.then_some("Failure")
    };
    let body = |own: Body<'_>, name: &str| {
        let whole = spelling::body(own.own("data").or_else(|| unmapped.own(name)));
        if whole == Tree::Null { spelling::gathered(unmapped, name) } else { whole }
    };
    let account = cloud.part("account").text("uid").or_else(|| cloud.text("account_uid"));
    let account = account.or_else(|| unmapped.text("recipientAccountId"));
    Some(object([
        ("eventName", text(name)),
        ("eventSource", text(source)),
        ("eventID", perhaps(metadata.text("uid"))),
        ("eventTime", time(event)),
        ("awsRegion", perhaps(cloud.text("region"))),
        ("recipientAccountId", perhaps(account)),
        ("sourceIPAddress", perhaps(event.part("src_endpoint").first_text(&["ip", "domain", "svc_name"]))),
        ("userAgent", perhaps(event.part("http_request").text("user_agent"))),
        ("errorCode", perhaps(response.first_text(&["error", "error_code"]).or_else(failure))),
        ("requestParameters", body(api.part("request"), "requestParameters")),
        ("responseElements", body(response, "responseElements")),
        ("userIdentity", identity(event.part("actor"))),
    ]))
}

/// Whether it is of CloudTrail: audit logs of EKS are of the same class.
fn is_cloudtrail(metadata: Body<'_>, source: &str) -> bool {
    let product = metadata.part("product").text("name");
    product.map_or_else(
        || source.ends_with(".amazonaws.com"),
        |product| {
            product.eq_ignore_ascii_case("CloudTrail") || product.eq_ignore_ascii_case("AWS CloudTrail")
        },
    )
}

/// Milliseconds since 1970, or beside them a text.
fn time(event: Body<'_>) -> Tree<'static> {
    let millis = event.number("time").map(|millis| text(&Moment(millis).to_string()));
    millis.unwrap_or_else(|| perhaps(event.first_text(&["time_dt", "time"])))
}

/// The ARN has another place in each generation.
fn identity(actor: Body<'_>) -> Tree<'static> {
    let (user, session) = (actor.part("user"), actor.part("session"));
    let arn = ["uid", "uuid"].into_iter().filter_map(|key| user.text(key)).find(|id| id.starts_with("arn:"));
    let issuer = tree([("arn", perhaps(session.text("issuer")))]);
    let account = user.part("account").text("uid").or_else(|| user.text("account_uid"));
    tree([
        ("type", perhaps(user.text("type"))),
        ("arn", perhaps(arn)),
        ("principalId", perhaps(user.first_text(&["uid_alt", "uid"]))),
        ("accountId", perhaps(account)),
        ("userName", perhaps(user.text("name"))),
        ("invokedBy", perhaps(actor.text("invoked_by"))),
        ("identityProvider", perhaps(actor.part("idp").text("name"))),
        ("sessionContext", tree([("sessionIssuer", issuer)])),
    ])
}
