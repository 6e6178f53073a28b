//! CloudTrail as an account writes it, one event in a thousand about a security group, and what was open when beside it.
//!
//! Deterministic: the same seed gives the same bytes. Records are of about 1 KB, with the keys, the order and the ids of real
//! ones. Relevant are calls that authorize and revoke, by value and by rule id, nested and flat, whole sources and halves of
//! them by different people, beside the same calls refused, failed and about sources that are not the Internet.
//!
//! The truth is kept by a plain set for each port of each group: it is open to all of IPv4 while `0.0.0.0/0`, or both
//! halves, are in it.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::random::Random;

/// An endless log.
#[derive(Debug)]
pub struct Trail {
    random: Random,
    /// Seconds since the log began.
    second: u64,
    number: u64,
    groups: usize,
    /// One record of so many is relevant.
    relevant_every: u64,
    /// What is authorized, by group and port.
    doors: BTreeMap<(usize, u16), Door>,
    /// What was open to all of IPv4 and is not any more.
    closed: Vec<Opened>,
}

/// What is authorized at one port of one group.
#[derive(Debug, Default)]
struct Door {
    rules: Vec<Rule>,
    open: Option<(u64, Vec<&'static str>)>,
}

#[derive(Debug)]
struct Rule {
    id: u64,
    source: &'static str,
    by: &'static str,
}

/// An interval in which a port of a group was open to all of IPv4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The group.
    pub group: String,
    /// The TCP port.
    pub port: u16,
    /// When, as the event that opened it says.
    pub from: String,
    /// Who authorized what was open then, in their order.
    pub by: Vec<&'static str>,
    /// When it was closed, and by whom; `None` while it is open.
    pub until: Option<(String, &'static str)>,
}

impl Trail {
    /// The log of an account with this many groups that are edited.
    #[must_use]
    pub fn new(seed: u64, groups: usize) -> Self {
        Self {
            random: Random::new(seed),
            second: 0,
            number: 0,
            groups: groups.max(1),
            relevant_every: RELEVANT_EVERY,
            doors: BTreeMap::new(),
            closed: Vec::new(),
        }
    }

    /// The same, of relevant records alone.
    #[must_use]
    pub fn dense(seed: u64, groups: usize) -> Self {
        Self { relevant_every: 1, ..Self::new(seed, groups) }
    }

    /// The next record, as one line without its end.
    pub fn record(&mut self) -> String {
        self.number += 1;
        // Twenty calls a second; the order of two edits of one door never hangs on their order within a second.
        if self.number.is_multiple_of(20) {
            self.second += 1;
        }
        if self.number.is_multiple_of(self.relevant_every) {
            self.second += 1;
            self.edit()
        } else {
            self.everyday()
        }
    }

    /// What was open to all of IPv4 so far, in the order in which it began, closed or not.
    #[must_use]
    pub fn truth(&self) -> Vec<Opened> {
        let open = self.doors.iter().filter_map(|((group, port), door)| {
            let (from, by) = door.open.as_ref()?;
            Some(Opened {
                group: group_id(*group),
                port: *port,
                from: time(*from),
                by: by.clone(),
                until: None,
            })
        });
        let mut all: Vec<Opened> = self.closed.iter().cloned().chain(open).collect();
        all.sort_by(|a, b| (&a.from, &a.group, a.port).cmp(&(&b.from, &b.group, b.port)));
        all
    }

    /// A call that has nothing to do with firewalls.
    fn everyday(&mut self) -> String {
        let (source, name, request, response) = self.random.pick(&EVERYDAY);
        let number = self.number;
        let hex = self.random.bits();
        let fill =
            |text: &str| text.replace("{n}", &number.to_string()).replace("{x}", &format!("{hex:016x}"));
        let actor = self.random.pick(&ACTORS);
        self.write(actor, source, name, &fill(request), &fill(response), None)
    }

    /// A call that opens or closes a group, or tries to.
    fn edit(&mut self) -> String {
        let key = (self.random.below(self.groups), self.random.pick(&PORTS));
        let actor = self.random.pick(&ACTORS);
        let count = self.doors.get(&key).map_or(0, |door| door.rules.len());
        if count > 0 && self.random.chance(50) {
            let which = self.random.below(count);
            return self.revoke(key, which, actor);
        }
        let source = self.random.pick(&SOURCES);
        let door = self.doors.entry(key).or_default();
        let is_there = door.rules.iter().any(|rule| rule.source == source);
        let error = match self.random.below(10) {
            _ if is_there => Some("Client.InvalidPermission.Duplicate"),
            0 => Some("Client.UnauthorizedOperation"),
            1 => Some("Client.DryRunOperation"),
            _ => None,
        };
        self.authorize(key, source, actor, error)
    }

    fn authorize(
        &mut self,
        key: (usize, u16),
        source: &'static str,
        by: &'static str,
        error: Option<&str>,
    ) -> String {
        let (group, port) = (group_id(key.0), key.1);
        let id = self.number;
        let request = if self.random.chance(20) && !source.contains(':') {
            format!(
                r#"{{"groupId":"{group}","ipPermissions":{{}},"ipProtocol":"tcp","fromPort":{port},"toPort":{port},"cidrIp":"{source}"}}"#
            )
        } else {
            format!(r#"{{"groupId":"{group}","ipPermissions":{{"items":[{}]}}}}"#, permission(port, source))
        };
        if error.is_some() {
            return self.write(by, EC2, "AuthorizeSecurityGroupIngress", &request, "null", error);
        }
        let cidr = if source.contains(':') { "cidrIpv6" } else { "cidrIpv4" };
        let response = format!(
            r#"{{"requestId":"{id:08x}-0000-4000-8000-00000000aaaa","_return":true,"securityGroupRuleSet":{{"items":[{{"groupOwnerId":"{OWNER}","groupId":"{group}","securityGroupRuleId":"{}","isEgress":false,"ipProtocol":"tcp","fromPort":{port},"toPort":{port},"{cidr}":"{source}"}}]}}}}"#,
            rule_id(id)
        );
        self.doors.entry(key).or_default().rules.push(Rule { id, source, by });
        self.judge(key, by);
        self.write(by, EC2, "AuthorizeSecurityGroupIngress", &request, &response, None)
    }

    fn revoke(&mut self, key: (usize, u16), which: usize, by: &'static str) -> String {
        let (group, port) = (group_id(key.0), key.1);
        let rule = self.doors.entry(key).or_default().rules.remove(which);
        let request = if self.random.chance(40) {
            format!(
                r#"{{"groupId":"{group}","ipPermissions":{{}},"securityGroupRuleIds":{{"items":[{{"securityGroupRuleId":"{}"}}]}}}}"#,
                rule_id(rule.id)
            )
        } else {
            format!(
                r#"{{"groupId":"{group}","ipPermissions":{{"items":[{}]}}}}"#,
                permission(port, rule.source)
            )
        };
        let response =
            format!(r#"{{"requestId":"{:08x}-0000-4000-8000-00000000bbbb","_return":true}}"#, self.number);
        self.judge(key, by);
        self.write(by, EC2, "RevokeSecurityGroupIngress", &request, &response, None)
    }

    /// Notes what an edit opened or closed.
    fn judge(&mut self, key: (usize, u16), by: &'static str) {
        let now = self.second;
        let Some(door) = self.doors.get_mut(&key) else { return };
        let has = |source: &str| door.rules.iter().any(|rule| rule.source == source);
        let is_open = has("0.0.0.0/0") || (has("0.0.0.0/1") && has("128.0.0.0/1"));
        match (&door.open, is_open) {
            (None, true) => {
                let opens = |rule: &&Rule| matches!(rule.source, "0.0.0.0/0" | "0.0.0.0/1" | "128.0.0.0/1");
                door.open = Some((now, door.rules.iter().filter(opens).map(|rule| rule.by).collect()));
            }
            (Some((from, openers)), false) => {
                self.closed.push(Opened {
                    group: group_id(key.0),
                    port: key.1,
                    from: time(*from),
                    by: openers.clone(),
                    until: Some((time(now), by)),
                });
                door.open = None;
            }
            _ => {}
        }
    }

    fn write(
        &mut self,
        actor: &str,
        source: &str,
        name: &str,
        request: &str,
        response: &str,
        error: Option<&str>,
    ) -> String {
        let (number, noise) = (self.number, self.random.bits());
        let mut text = format!(
            r#"{{"eventVersion":"1.09","userIdentity":{{"type":"AssumedRole","principalId":"AROA{actor:A>16}:{actor}@example.com","arn":"arn:aws:sts::{OWNER}:assumed-role/{actor}/{actor}@example.com","accountId":"{OWNER}","accessKeyId":"ASIA{noise:016X}","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"AROA{actor:A>16}","arn":"arn:aws:iam::{OWNER}:role/{actor}","accountId":"{OWNER}","userName":"{actor}"}},"attributes":{{"creationDate":"{}","mfaAuthenticated":"false"}}}}}},"eventTime":"{}","eventSource":"{source}","eventName":"{name}","awsRegion":"eu-central-1","sourceIPAddress":"198.51.100.{}","userAgent":"aws-cli/2.17.0 md/Botocore#2.17.0 ua/2.0 os/linux#6.1 md/arch#x86_64 lang/python#3.11.9","#,
            time(self.second.saturating_sub(900)),
            time(self.second),
            number % 250 + 1,
        );
        if let Some(error) = error {
            write!(text, r#""errorCode":"{error}","errorMessage":"The call was not carried out: {error}","#)
                .expect("text can be written to");
        }
        write!(
            text,
            r#""requestParameters":{request},"responseElements":{response},"requestID":"{number:08x}-{:04x}-4000-8000-{:012x}","eventID":"{number:08x}-{:04x}-4000-9000-{:012x}","readOnly":{},"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"{OWNER}","eventCategory":"Management","tlsDetails":{{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"{source}"}}}}"#,
            noise >> 48,
            noise & 0xffff_ffff_ffff,
            noise >> 32 & 0xffff,
            noise.rotate_left(13) & 0xffff_ffff_ffff,
            ["Describe", "Get", "BatchGet", "Decrypt"].iter().any(|prefix| name.starts_with(prefix)),
        )
        .expect("text can be written to");
        text
    }
}

/// Records as the files of a bucket hold them.
#[must_use]
pub fn file(records: &[String]) -> String {
    format!("{{\"Records\":[{}]}}", records.join(","))
}

/// The truth, one object a line.
#[must_use]
pub fn truth_lines(truth: &[Opened]) -> String {
    let mut lines = String::new();
    for Opened { group, port, from, by, until } in truth {
        let by: Vec<String> = by.iter().map(|one| format!("\"{one}\"")).collect();
        let until =
            until.as_ref().map_or("null".to_owned(), |(at, who)| format!(r#"{{"at":"{at}","by":"{who}"}}"#));
        writeln!(
            lines,
            r#"{{"group":"{group}","port":{port},"from":"{from}","by":[{}],"until":{until}}}"#,
            by.join(",")
        )
        .expect("text can be written to");
    }
    lines
}

fn permission(port: u16, source: &str) -> String {
    let (four, six) = if source.contains(':') {
        ("{}".to_owned(), format!(r#"{{"items":[{{"cidrIpv6":"{source}"}}]}}"#))
    } else {
        (format!(r#"{{"items":[{{"cidrIp":"{source}"}}]}}"#), "{}".to_owned())
    };
    format!(
        r#"{{"ipProtocol":"tcp","fromPort":{port},"toPort":{port},"groups":{{}},"ipRanges":{four},"ipv6Ranges":{six},"prefixListIds":{{}}}}"#
    )
}

fn group_id(number: usize) -> String {
    format!("sg-{number:017x}")
}

fn rule_id(number: u64) -> String {
    format!("sgr-{number:017x}")
}

/// Seconds since the log began, in days of the year 2026 and on.
fn time(second: u64) -> String {
    let (day, second) = (second / 86_400, second % 86_400);
    let (month, day) = (day / 28 % 12 + 1, day % 28 + 1);
    format!("2026-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

const OWNER: &str = "111122223333";
const EC2: &str = "ec2.amazonaws.com";
/// One record in a thousand.
const RELEVANT_EVERY: u64 = 1000;
const PORTS: [u16; 6] = [22, 443, 3306, 3389, 5432, 8080];
const ACTORS: [&str; 6] = ["alice", "bob", "carol", "deploy", "erin", "operations"];
/// All of IPv4, its halves, all of IPv6, one address, a network of nobody's Internet.
const SOURCES: [&str; 6] = ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "::/0", "198.51.100.7/32", "10.0.0.0/8"];
/// Service, operation, request and answer of what accounts do all day.
const EVERYDAY: [(&str, &str, &str, &str); 10] = [
    (
        EC2,
        "DescribeInstances",
        r#"{"instancesSet":{"items":[{"instanceId":"i-0{x}"}]},"filterSet":{}}"#,
        "null",
    ),
    (
        EC2,
        "DescribeSecurityGroups",
        r#"{"securityGroupSet":{},"securityGroupIdSet":{"items":[{"groupId":"sg-0{x}"}]},"filterSet":{}}"#,
        "null",
    ),
    (
        EC2,
        "DescribeNetworkInterfaces",
        r#"{"networkInterfaceIdSet":{},"filterSet":{"items":[{"name":"vpc-id","valueSet":{"items":[{"value":"vpc-0{x}"}]}}]}}"#,
        "null",
    ),
    (
        "sts.amazonaws.com",
        "AssumeRole",
        r#"{"roleArn":"arn:aws:iam::111122223333:role/reader","roleSessionName":"session-{n}","durationSeconds":3600}"#,
        r#"{"credentials":{"accessKeyId":"ASIA{x}","sessionToken":"{x}{x}{x}{x}","expiration":"Jan 1, 2026, 1:00:00 AM"},"assumedRoleUser":{"assumedRoleId":"AROA{x}:session-{n}","arn":"arn:aws:sts::111122223333:assumed-role/reader/session-{n}"}}"#,
    ),
    (
        "kms.amazonaws.com",
        "Decrypt",
        r#"{"encryptionAlgorithm":"SYMMETRIC_DEFAULT","encryptionContext":{"aws:s3:arn":"arn:aws:s3:::bucket-{n}"}}"#,
        "null",
    ),
    (
        "s3.amazonaws.com",
        "GetBucketAcl",
        r#"{"bucketName":"bucket-{n}","Host":"bucket-{n}.s3.eu-central-1.amazonaws.com","acl":""}"#,
        "null",
    ),
    (
        "logs.amazonaws.com",
        "CreateLogStream",
        r#"{"logGroupName":"/aws/lambda/function-{n}","logStreamName":"2026/01/01/[$LATEST]{x}"}"#,
        "null",
    ),
    (
        "ecr.amazonaws.com",
        "BatchGetImage",
        r#"{"repositoryName":"service","registryId":"111122223333","imageIds":[{"imageDigest":"sha256:{x}{x}{x}{x}"}],"acceptedMediaTypes":["application/vnd.oci.image.manifest.v1+json"]}"#,
        "null",
    ),
    (
        "monitoring.amazonaws.com",
        "DescribeAlarms",
        r#"{"alarmNamePrefix":"service-{n}","maxRecords":100}"#,
        "null",
    ),
    (
        EC2,
        "CreateTags",
        r#"{"resourcesSet":{"items":[{"resourceId":"vol-0{x}"}]},"tagSet":{"items":[{"key":"Name","value":"AuthorizeSecurityGroupIngress {n}"}]}}"#,
        r#"{"requestId":"{x}","_return":true}"#,
    ),
];
