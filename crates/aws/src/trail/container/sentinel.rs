//! Rows of `AWSCloudTrail` in Log Analytics: a column for each part of a record, bodies as texts.

use cloud::json::{Node, Tree};

use crate::trail::body::Body;
use crate::trail::made::{object, perhaps, text, tree};

use super::spelling;

pub(super) fn respelled(row: Body<'_>) -> Option<Node<'static>> {
    let time = time_of(row)?;
    if row.has("userIdentity") || row.has("eventVersion") && row.has("eventTime") {
        return None;
    }
    let (name, source) = (row.text("EventName")?, row.text("EventSource")?);
    let issuer = tree([
        ("arn", perhaps(row.text("SessionIssuerArn"))),
        ("userName", perhaps(row.text("SessionIssuerUserName"))),
        ("type", perhaps(row.text("SessionIssuerType"))),
    ]);
    let identity = tree([
        ("type", perhaps(row.text("UserIdentityType"))),
        ("arn", perhaps(row.text("UserIdentityArn"))),
        ("principalId", perhaps(row.text("UserIdentityPrincipalid"))),
        ("accountId", perhaps(row.text("UserIdentityAccountId"))),
        ("userName", perhaps(row.text("UserIdentityUserName"))),
        ("invokedBy", perhaps(row.text("UserIdentityInvokedBy"))),
        ("sessionContext", tree([("sessionIssuer", issuer)])),
    ]);
    Some(object([
        ("eventName", text(name)),
        ("eventSource", text(source)),
        ("eventID", perhaps(row.first_text(&["AwsEventId", "EventID"]))),
        ("eventTime", text(&time)),
        ("awsRegion", perhaps(row.text("AWSRegion"))),
        ("recipientAccountId", perhaps(row.text("RecipientAccountId"))),
        ("sourceIPAddress", perhaps(row.text("SourceIpAddress"))),
        ("userAgent", perhaps(row.text("UserAgent"))),
        ("errorCode", perhaps(row.text("ErrorCode"))),
        ("requestParameters", spelling::body(row.own("RequestParameters"))),
        ("responseElements", spelling::body(row.own("ResponseElements"))),
        ("additionalEventData", spelling::body(row.own("AdditionalEventData"))),
        ("userIdentity", identity),
    ]))
}

/// The time of a row; the portal's files name the zone in the head and write it as Americans do.
fn time_of(row: Body<'_>) -> Option<String> {
    let entries = row.node()?.entries();
    let is_time = |key: &str| key.get(..13).is_some_and(|start| start.eq_ignore_ascii_case("TimeGenerated"));
    let (_, value) = entries.iter().find(|(key, _)| is_time(key))?;
    let Tree::Text(written) = value else { return None };
    Some(american(written).unwrap_or_else(|| written.to_string()))
}

/// `7/10/2023, 12:15:32.000 PM` in the international order.
fn american(written: &str) -> Option<String> {
    let (date, time) = written.split_once(", ")?;
    let mut parts = date.splitn(3, '/').map(str::parse::<u16>);
    let (month, day, year) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let (clock, half) = time.trim().split_once(' ')?;
    let (hour, rest) = clock.split_once(':')?;
    let hour = hour.parse::<u8>().ok()? % 12 + if half.eq_ignore_ascii_case("PM") { 12 } else { 0 };
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{rest}Z"))
}

#[cfg(test)]
mod tests {
    use super::american;

    #[test]
    fn times_of_the_portal_are_put_in_order() {
        for (written, expected) in [
            ("7/10/2023, 12:15:32.000 PM", "2023-07-10T12:15:32.000Z"),
            ("11/2/2026, 12:05:00 AM", "2026-11-02T00:05:00Z"),
            ("11/2/2026, 1:05:00.5 pm", "2026-11-02T13:05:00.5Z"),
        ] {
            assert_eq!(american(written).as_deref(), Some(expected));
        }
        assert_eq!(american("2023-07-10T12:15:32Z"), None);
    }
}
