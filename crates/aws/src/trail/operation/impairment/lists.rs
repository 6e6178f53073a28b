//! The lists of addresses that GuardDuty trusts or suspects. Their contents are a file in S3 and in no event of GuardDuty.
//!
//! Who writes such a file later writes the list: what is written to S3 is given with its place, and told where a list of the
//! log lies there, which is not known here. Of files with endings that lists do not have nothing is kept.

use cloud::Quoted;
use cloud::audit::{Watcher, guards};
use model::Weakened;

use super::super::Does;
use super::super::Does::Read as By;
use crate::trail::call::{Call, Meaning, Told};

/// Writes to objects of S3, which only trails with data events have.
pub(in super::super) const OPERATIONS: &[(&str, Does)] = &[
    ("PutObject", By(write)),
    ("CopyObject", By(write)),
    ("CompleteMultipartUpload", By(write)),
    ("DeleteObject", By(write)),
];

/// Which kind of list, by the name of its operation.
struct List {
    kind: Watcher,
    /// The key of its id.
    id: &'static str,
    /// Whether GuardDuty leaves alone what is in it, and does not look out for it.
    is_trusted: bool,
}

const LISTS: [(&str, List); 4] = [
    (
        "ThreatIntelSet",
        List { kind: guards("GuardDuty threat list"), id: "threatIntelSetId", is_trusted: false },
    ),
    (
        "ThreatEntitySet",
        List { kind: guards("GuardDuty threat entity list"), id: "threatEntitySetId", is_trusted: false },
    ),
    (
        "TrustedEntitySet",
        List { kind: guards("GuardDuty trusted entity list"), id: "trustedEntitySetId", is_trusted: true },
    ),
    ("IPSet", List { kind: guards("GuardDuty trusted IP list"), id: "ipSetId", is_trusted: true }),
];

/// Reads what is done to a list. Whether it is the stronger or the weaker for it depends on what the list is for.
pub(super) fn list(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some((_, list)) = LISTS.iter().find(|(word, _)| call.name.ends_with(word)) else {
        return told.no_id("name");
    };
    let request = call.request;
    let id = request.text(list.id).or_else(|| call.response.text(list.id)).or_else(|| request.text("name"));
    let edited = id.unwrap_or_default();
    let location = request.text("location");
    let is_active = request.flag("activate");
    let weakened = match (call.name.get(..6).unwrap_or_default(), list.is_trusted, is_active) {
        ("Delete", true, _) => Weakened::Restored,
        ("Delete", false, _) => Weakened::Less,
        (_, true, Some(true)) => Weakened::Less,
        (_, true, Some(false)) if call.name.starts_with("Update") => Weakened::Restored,
        (_, false, Some(false)) if call.name.starts_with("Update") => Weakened::Less,
        // What is made and not used does nothing yet; a new place of a list may hold anything.
        (_, true, None | Some(false)) | (_, false, None) if location.is_some() => Weakened::Perhaps,
        (_, false, Some(true)) if location.is_some() && call.name.starts_with("Update") => Weakened::Perhaps,
        (_, false, Some(true)) => Weakened::Restored,
        // What it was made of is not in the event.
        ("Create", true, None) => Weakened::Perhaps,
        // A name, tags; a threat list that nobody uses yet.
        _ => return Meaning::nothing(edited),
    };
    let at = location.and_then(place);
    Meaning::impairs(edited, weakened, list.kind, note(call, list, location, is_active))
        .reading(at.as_deref())
}

fn note(call: &Call<'_>, list: &List, location: Option<&str>, is_active: Option<bool>) -> String {
    let name = call.request.text("name").map(|name| format!("the list {}", Quoted(name)));
    let name = name.unwrap_or_else(|| "the list".to_owned());
    let Some(location) = location else {
        return match is_active {
            Some(true) => format!("{name} is used from now on; its contents are not in the event"),
            Some(false) => format!("{name} is not used from now on"),
            None => "where it lies, and whether it is used, is not in the event".to_owned(),
        };
    };
    let used = match is_active {
        Some(false) => " is not used yet and",
        Some(true) | None => "",
    };
    let owner = owner(call, location);
    // The place in one spelling: by it what is written there is found.
    let place = place(location);
    let location = place.as_deref().unwrap_or(location);
    let effect =
        if list.is_trusted { "what is in it raises no findings" } else { "what is in it raises findings" };
    format!(
        "{name}{used} lies at {}: {owner}; {effect}, and its contents are not in the event",
        Quoted(location)
    )
}

/// Whose the bucket is, as far as the event says it: a list in somebody else's bucket is somebody else's to write.
fn owner(call: &Call<'_>, location: &str) -> String {
    let place = place(location);
    let bucket =
        place.as_deref().and_then(|place| place.strip_prefix(S3)?.split('/').next()).unwrap_or(location);
    match (call.request.text("expectedBucketOwner"), call.account) {
        (Some(owner), Some(account)) if owner == account => {
            format!("the bucket {} is of this account", Quoted(bucket))
        }
        (Some(owner), _) => format!("the bucket {} is of another account, {owner}", Quoted(bucket)),
        (None, _) => format!("whose the bucket {} is, is not in the event", Quoted(bucket)),
    }
}

/// A place in S3 in one of the spellings of its addresses: `s3://bucket/key`.
fn place(location: &str) -> Option<String> {
    let location = location.trim();
    if let Some(rest) =
        location.strip_prefix("arn:").and_then(|arn| arn.split_once(":s3:::")).map(|(_, rest)| rest)
    {
        return Some(format!("{S3}{rest}"));
    }
    if let Some(rest) = location.strip_prefix(S3) {
        return Some(format!("{S3}{rest}"));
    }
    let rest = location.strip_prefix("https://").or_else(|| location.strip_prefix("http://"))?;
    let (host, path) = rest.split_once('/')?;
    let host = host.split_once(".amazonaws.com").map(|(host, _)| host)?;
    // The service and its region stand last: `bucket.s3.eu-west-1`, `s3-eu-west-1`, `s3`.
    let is_service = |part: &str| part == "s3" || part.starts_with("s3-");
    let parts: Vec<&str> = host.split('.').collect();
    let at = parts.iter().rposition(|part| is_service(part))?;
    let bucket = parts.get(..at).unwrap_or_default().join(".");
    match bucket.is_empty() {
        true => Some(format!("{S3}{path}")),
        false => Some(format!("{S3}{bucket}/{path}")),
    }
}

fn write(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let (Some(bucket), Some(key)) = (call.request.text("bucketName"), call.request.text("key")) else {
        return Meaning::nothing("");
    };
    if !may_be_list(key) {
        return Meaning::nothing("");
    }
    let edited = format!("{S3}{bucket}/{key}");
    let what = if call.name == "DeleteObject" { "deleted" } else { "written" };
    let note = format!("the file of a GuardDuty list was {what}; its contents are not in the event");
    Meaning::impairs(&edited, Weakened::Perhaps, FILE, note).reading(Some(&edited))
}

/// Whether a file may be a list: one of plain text, of rows, of STIX, or without an ending.
fn may_be_list(key: &str) -> bool {
    let name = key.rsplit('/').next().unwrap_or(key);
    match name.rsplit_once('.') {
        None => !name.is_empty() && !name.contains('-'),
        Some((_, ending)) => ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)),
    }
}

const FILE: Watcher = guards("object that a list may point to");
const S3: &str = "s3://";
const ENDINGS: [&str; 8] = ["txt", "csv", "stix", "xml", "list", "lst", "ips", "ipset"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_place_is_one() {
        for location in [
            "s3://lists/trusted/ips.txt",
            "https://s3.amazonaws.com/lists/trusted/ips.txt",
            "https://lists.s3.amazonaws.com/trusted/ips.txt",
            "https://s3-eu-west-1.amazonaws.com/lists/trusted/ips.txt",
            "https://lists.s3.eu-west-1.amazonaws.com/trusted/ips.txt",
            "https://lists.s3.cn-north-1.amazonaws.com.cn/trusted/ips.txt",
            "arn:aws:s3:::lists/trusted/ips.txt",
        ] {
            assert_eq!(place(location).as_deref(), Some("s3://lists/trusted/ips.txt"), "{location}");
        }
        assert_eq!(place("https://lists.example.com/ips.txt"), None);
        assert_eq!(place("https://my.s3.bucket.s3.amazonaws.com/a").as_deref(), Some("s3://my.s3.bucket/a"));
    }

    #[test]
    fn only_what_may_be_a_list_is_kept() {
        assert!(may_be_list("trusted/ips.txt") && may_be_list("ips") && may_be_list("a.CSV"));
        assert!(!may_be_list("AWSLogs/1/x.json.gz") && !may_be_list("img/a.png") && !may_be_list("dir/"));
    }
}
