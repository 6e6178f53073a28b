//! Damage to good documents: never a panic, never a hang, never a loss without a word.

use proptest::prelude::*;

use crate::estate::{group, scan};

const SSH: &str = "tcp 22 0.0.0.0/0";

fn documents() -> Vec<String> {
    let web = group("sg-1", &[SSH, "udp 53-54 2000::/3"]);
    let text = serde_json::to_string(&web).unwrap();
    vec![
        format!(r#"{{"SecurityGroups": [{web}], "NextToken": "t"}}"#),
        format!(r#"{{"status_code": 200, "data": {{"ResponseMetadata": {{"HTTPStatusCode": 200}}, "SecurityGroups": [{web}]}}}}"#),
        format!(r#"{{"configurationItems": [{{"resourceType": "AWS::EC2::SecurityGroup", "resourceId": "sg-1", "awsAccountId": "111122223333", "configurationItemCaptureTime": "2026-01-01T00:00:00Z", "configuration": {web}}}, {{"resourceType": "AWS::EC2::SecurityGroup", "resourceId": "sg-2", "configuration": {text}}}]}}"#),
        format!(r#"{{"Results": [{}]}}"#, serde_json::to_string(&format!(r#"{{"resourceType": "AWS::EC2::SecurityGroup", "configuration": {web}}}"#)).unwrap()),
        r#"{"Reservations": [{"OwnerId": "111122223333", "Instances": [{"InstanceId": "i-1", "State": {"Name": "running"}, "NetworkInterfaces": []}]}], "TargetGroupArn": "arn:aws:elasticloadbalancing:r:1:targetgroup/t/1", "TargetHealthDescriptions": []}"#.to_owned(),
        web,
        r#"{"syncToken": "1", "createDate": "d", "prefixes": [{"ip_prefix": "3.0.0.0/9", "region": "r", "service": "EC2"}], "ipv6_prefixes": []}"#.to_owned(),
    ]
}

/// Cut off at any byte, a document is recognised and broken, or it is not recognised at all, which the binary tells.
#[test]
fn a_document_that_breaks_off_is_broken() {
    for text in documents() {
        for end in 0..text.len() {
            let answer = scan(&[&text[..end]]);
            match answer.readings[0].format {
                None => assert_eq!(answer.exposures(), [""; 0], "{}", &text[..end]),
                Some(_) => assert!(answer.codes().contains(&"malformed-json"), "{}", &text[..end]),
            }
        }
    }
}

#[test]
fn what_stands_before_the_end_is_kept() {
    let text = format!(r#"{{"SecurityGroups": [{}, {{"GroupId": "sg"#, group("sg-1", &[SSH]));
    let answer = scan(&[text]);
    answer.check(&["sg-1-name admitted tcp/22 any 3702258432 / -"]);
    assert_eq!(answer.codes(), ["malformed-json"]);
}

#[test]
fn nesting_without_an_end_is_broken_and_no_hang() {
    for (open, close) in [
        ("[", "]"),
        (r#"{"a":"#, "}"),
        (r#"{"data":"#, "}"),
        (r#"{"SecurityGroups":["#, "]}"),
        (r#"{"detail":"#, "}"),
    ] {
        let text = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        let answer = scan(&[text.as_str()]);
        assert!(answer.readings[0].format.is_none() || answer.codes().contains(&"malformed-json"));
        let inside = format!(r#"{{"SecurityGroups": [{}], "x": {text}}}"#, group("sg-1", &[SSH]));
        // What nobody asks for is passed over, however deep.
        let answer = scan(&[inside]);
        assert_eq!((answer.codes(), answer.exposures().len()), (vec![], 1));
    }
}

#[test]
fn keys_given_twice_are_told() {
    let text = group("sg-1", &[SSH]).replacen('{', r#"{"IpPermissions": [], "#, 1);
    for text in [format!(r#"{{"SecurityGroups": [{text}]}}"#), text] {
        let answer = scan(&[text]);
        answer.check(&["sg-1-name admitted tcp/22 any 3702258432 / -"]);
        assert_eq!(answer.codes(), ["duplicate-key"]);
    }
}

#[test]
fn lists_given_twice_are_both_read() {
    let text = format!(
        r#"{{"SecurityGroups": [{}], "SecurityGroups": [{}]}}"#,
        group("sg-1", &[SSH]),
        group("sg-2", &[SSH])
    );
    assert_eq!(scan(&[text]).exposures().len(), 2);
}

#[test]
fn escapes_in_keys_are_undone() {
    let web = group("sg-1", &[SSH]).replace("GroupId", "Group\\u0049d");
    for text in
        [format!(r#"{{"Security\u0047roups": [{web}]}}"#), format!(r#"{{"\u0053ecurityGroups": [{web}]}}"#)]
    {
        scan(&[text]).check(&["sg-1-name admitted tcp/22 any 3702258432 / -"]);
    }
    // The first key alone is the place of an object.
    for text in [format!("[{web}]"), web] {
        assert_eq!(scan(&[text]).codes(), ["unreadable-resource"]);
    }
}

/// Pieces that JSON and answers are made of.
const PIECES: [&str; 20] = [
    "null",
    "{}",
    "[]",
    "\"",
    ",",
    ":",
    "7",
    "-1e999",
    "true",
    "[[[[",
    "}}}}",
    "\"-1\"",
    "\\ud800",
    "\u{202e}",
    "\n",
    "SecurityGroups",
    "configuration",
    "An error occurred (",
    "AWS::EC2::",
    "\\\"",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn damage_is_a_gap_or_nothing(which in 0_usize..7, cuts in proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..40, 0_usize..20), 1..6)) {
        let mut text = documents()[which].clone();
        for (place, length, piece) in cuts {
            let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            let start = *place.get(&boundaries);
            let end = text.char_indices().map(|(at, _)| at).find(|at| *at >= start + length).unwrap_or(text.len());
            text.replace_range(start..end, PIECES[piece]);
            if text.is_empty() {
                break;
            }
        }
        let answer = scan(&[text.as_str()]);
        answer.exposures();
        prop_assert!(answer.snapshot.targets.is_sorted_by(|one, other| one.key < other.key));
        let offsets = answer.readings[0].gaps.iter().filter_map(|gap| Some(gap.provenance?.offset));
        prop_assert!(offsets.into_iter().all(|offset| offset <= text.len() as u64));
    }

    /// A value of another type in a document that stays JSON: the group is as it was, or a gap tells why it is not.
    #[test]
    fn no_value_is_lost_without_a_word(which in 0_usize..6, place in any::<prop::sample::Index>(), piece in prop::sample::select(vec!["7", "true", "{}", "[]", "\"x\"", "[7]", "{\"a\": 1}"])) {
        let text = documents()[which].clone();
        let values: Vec<usize> = text.match_indices("\": ").map(|(at, _)| at + 3).collect();
        let start = *place.get(&values);
        let Some(Ok(value)) = serde_json::Deserializer::from_str(&text[start..]).into_iter::<serde_json::Value>().next() else { return Ok(()) };
        if value.is_array() && piece == "[]" {
            return Ok(());
        }
        let mut reader = serde_json::Deserializer::from_str(&text[start..]).into_iter::<serde::de::IgnoredAny>();
        reader.next();
        let end = start + reader.byte_offset();
        let changed = format!("{}{piece}{}", &text[..start], &text[end..]);
        let key = text[..start - 3].rsplit('"').next().unwrap().trim_end_matches('\\').to_owned();
        let (before, after) = (scan(&[text.as_str()]), scan(&[changed.as_str()]));
        let lost = before.exposures().iter().filter(|line| !after.exposures().contains(line)).count();
        let is_told = !after.codes().is_empty() || after.readings[0].format.is_none();
        prop_assert!(lost == 0 || is_told || BENIGN.contains(&key.as_str()), "{key}: {value} -> {piece}\n{changed}");
    }
}

/// Keys whose other value is as good as the first: names, ids, numbers of protocols and ports, types of AWS Config that
/// are another's.
const BENIGN: [&str; 7] =
    ["GroupName", "GroupId", "OwnerId", "IpProtocol", "FromPort", "ToPort", "resourceType"];
