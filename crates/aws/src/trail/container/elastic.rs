//! Documents of Elastic's integration that do not carry the record itself (`event.original`): its bodies stand flattened.

use cloud::json::{Node, Tree};

use crate::trail::body::Body;
use crate::trail::made::{object, perhaps, text, tree};

use super::spelling;

pub(super) fn respelled(document: Body<'_>) -> Option<Node<'static>> {
    let own = document.at(&["aws", "cloudtrail"]);
    let event = document.part("event");
    let (name, source) = (event.text("action")?, event.text("provider")?);
    (!own.is_empty()).then_some(())?;
    let flattened = own.part("flattened");
    let body = |key: &str| {
        let whole = spelling::body(flattened.own(key));
        if whole == Tree::Null { spelling::body(own.own(key)) } else { whole }
    };
    let (cloud, identity) = (document.part("cloud"), own.part("user_identity"));
    let account = own.text("recipient_account_id").or_else(|| cloud.part("account").text("id"));
    let issuer = identity.at(&["session_context", "session_issuer"]);
    let issuer = tree([("arn", perhaps(issuer.text("arn")))]);
    Some(object([
        ("eventName", text(name)),
        ("eventSource", text(source)),
        ("eventID", perhaps(event.text("id"))),
        ("eventTime", perhaps(document.text("@timestamp").or_else(|| event.text("created")))),
        ("awsRegion", perhaps(cloud.text("region"))),
        ("recipientAccountId", perhaps(account)),
        ("sourceIPAddress", perhaps(document.part("source").first_text(&["ip", "address"]))),
        ("userAgent", perhaps(document.part("user_agent").text("original"))),
        ("errorCode", perhaps(own.text("error_code").or_else(|| failure(event)))),
        ("requestParameters", body("request_parameters")),
        ("responseElements", body("response_elements")),
        (
            "userIdentity",
            tree([
                ("type", perhaps(identity.text("type"))),
                ("arn", perhaps(identity.text("arn"))),
                ("userName", perhaps(document.part("user").text("name"))),
                ("principalId", perhaps(document.part("user").text("id"))),
                ("invokedBy", perhaps(identity.text("invoked_by"))),
                ("sessionContext", tree([("sessionIssuer", issuer)])),
            ]),
        ),
    ]))
}

fn failure(event: Body<'_>) -> Option<&'static str> {
    event.text("outcome").is_some_and(|word| word.eq_ignore_ascii_case("failure")).then_some("Failure")
}
