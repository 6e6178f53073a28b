//! How fast a log is cut into its elements, by itself: `cargo run --release -p read --example log_speed`.

#![allow(clippy::unwrap_used, reason = "a measurement, not a product")]

use std::time::Instant;

use read::{Broken, LogElement, LogEnd, LogLimits, LogSink, Taken, Unread};

/// Counts records.
#[derive(Default)]
struct Count(u64);

impl LogSink for Count {
    fn begin(&mut self, _path: &str, _named: bool) {}

    fn element(&mut self, element: &LogElement<'_>) -> Taken {
        if element.text.starts_with("{\"eventVersion\"") {
            self.0 += 1;
            Taken::Recognised
        } else {
            Taken::Unrecognised
        }
    }

    fn broken(&mut self, broken: Broken) {
        eprintln!("{}", broken.reason);
    }

    fn end(&mut self, _end: &LogEnd) {}

    fn unread(&mut self, unread: Unread) {
        eprintln!("{}", unread.reason);
    }
}

fn record(number: usize) -> String {
    format!(
        r#"{{"eventVersion":"1.08","userIdentity":{{"type":"AssumedRole","principalId":"AROAEXAMPLE:session-{number}","arn":"arn:aws:sts::111122223333:assumed-role/reader/session-{number}","accountId":"111122223333","accessKeyId":"ASIAEXAMPLE","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"AROAEXAMPLE","arn":"arn:aws:iam::111122223333:role/reader","accountId":"111122223333","userName":"reader"}},"webIdFederationData":{{}},"attributes":{{"creationDate":"2026-11-22T10:00:00Z","mfaAuthenticated":"false"}}}}}},"eventTime":"2026-11-22T10:{:02}:{:02}Z","eventSource":"ec2.amazonaws.com","eventName":"DescribeInstances","awsRegion":"eu-central-1","sourceIPAddress":"198.51.100.{}","userAgent":"aws-sdk-go/1.44.0 (go1.19; linux; amd64)","requestParameters":{{"instancesSet":{{"items":[{{"instanceId":"i-{number:017x}"}}]}},"filterSet":{{}}}},"responseElements":null,"requestID":"{number:08x}-0000-4000-8000-000000000000","eventID":"{number:08x}-1111-4000-8000-000000000000","readOnly":true,"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management"}}"#,
        number / 60 % 60,
        number % 60,
        number % 250
    )
}

fn main() {
    let records: Vec<String> = (0..200_000).map(record).collect();
    let shapes = [
        ("one list", format!("{{\"Records\":[{}]}}", records.join(","))),
        ("lines", records.join("\n")),
        (
            "lists of 500, whole first",
            records.chunks(500).map(|part| format!("{{\"Records\":[{}]}}\n", part.join(","))).collect(),
        ),
    ];
    for (name, text) in &shapes {
        let best = (0..5)
            .map(|_| {
                let begun = Instant::now();
                let mut count = Count::default();
                read::elements(
                    &["-"],
                    &mut text.as_bytes(),
                    &["eventName"],
                    &LogLimits::STANDARD,
                    &mut count,
                );
                assert_eq!(count.0, 200_000);
                begun.elapsed()
            })
            .min()
            .unwrap();
        println!(
            "{name}: {:.0} MB/s",
            f64::from(u32::try_from(text.len()).unwrap()) / 1e6 / best.as_secs_f64()
        );
    }
}
