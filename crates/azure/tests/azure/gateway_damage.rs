//! Every value of a gateway or a firewall damaged, one at a time: an opening is never lost without a word (AP8, AP9).

use crate::application_gateways::{Gateway, WEB, behind};
use crate::estate::{Answer, id, scan};
use crate::firewalls::documents_of_policy;

/// The length of the JSON value at the start of a text.
fn value_length(text: &str) -> usize {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
    values.next().unwrap().unwrap();
    values.byte_offset()
}

/// The document of this number with every value replaced by each of these, one at a time: the key, the junk, and what
/// is answered.
fn damaged(documents: &[String], number: usize, mut judge: impl FnMut(&str, &str, &Answer)) -> usize {
    let text = &documents[number];
    let mut tried = 0;
    for start in text.match_indices(": ").map(|(at, _)| at + 2) {
        let end = start + value_length(&text[start..]);
        for junk in ["null", "true", "7", "\"junk\"", "[7]", "[\"junk\"]", "{\"junk\": 1}", "{}", "[]"] {
            let mut changed = documents.to_vec();
            changed[number] = format!("{}{junk}{}", &text[..start], &text[end..]);
            let key = text[..start].rsplit('"').nth(1).unwrap();
            judge(key, junk, &scan(&changed));
            tried += 1;
        }
    }
    tried
}

/// What is lost without a word: `key: junk`.
fn silent(
    documents: &[String],
    number: usize,
    is_another_statement: impl Fn(&str, &str) -> bool,
) -> Vec<String> {
    let whole = scan(documents);
    let reached = |answer: &Answer| -> Vec<String> {
        let lines = answer.exposures().into_iter().filter(|line| !line.contains(" latent "));
        lines.map(|line| line.split(' ').next().unwrap().to_owned()).collect()
    };
    let before = reached(&whole);
    assert!(!before.is_empty());
    let mut lost = Vec::new();
    let tried = damaged(documents, number, |key, junk, answer| {
        let now = reached(answer);
        let is_kept = before.iter().all(|name| now.contains(name));
        let is_told =
            !answer.codes().is_empty() || answer.snapshot.missing.len() > whole.snapshot.missing.len();
        if !is_kept && !is_told && !is_another_statement(key, junk) {
            lost.push(format!("{key}: {junk}"));
        }
    });
    assert!(tried > 30, "{tried}");
    lost.sort();
    lost.dedup();
    lost
}

/// Others are spoken of, or it is said that there is nothing.
fn names_others(key: &str, junk: &str) -> bool {
    matches!(key, "id" | "name") || junk == "null" || junk == "[]"
}

#[test]
fn damage_of_a_gateway_is_never_silent() {
    let mut documents = behind(&WEB, &["100 allow tcp 10.0.1.0/24 * 8080", "200 deny * * * *"], &[]);
    let lost = silent(&documents, 0, |key, junk| {
        names_others(key, junk) || matches!((key, junk), ("port", "7") | ("ipAddress" | "type", _))
    });
    assert_eq!(lost, [""; 0]);
    let pool = format!(
        r#""backendIPConfigurations": [{{"id": "{}/ipConfigurations/c1"}}]"#,
        id("networkInterfaces", "vm")
    );
    documents[0] = Gateway { pools: &[("vms", &pool)], ..WEB }.document();
    assert_eq!(
        silent(&documents, 0, |key, junk| names_others(key, junk)
            || matches!((key, junk), ("port", "7") | ("type", _))),
        [""; 0]
    );
}

#[test]
fn damage_of_a_firewall_is_never_silent() {
    let documents = documents_of_policy();
    for number in [0, documents.len() - 2, documents.len() - 1] {
        let lost = silent(&documents, number, |key, junk| names_others(key, junk) || key == "type");
        assert_eq!(lost, [""; 0], "{}", documents[number]);
    }
}
