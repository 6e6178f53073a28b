//! Who watches and who protects: what each event does to them; and what is changed of kinds that are not modelled.

use model::Weakened::{self, Less, Off, Perhaps, Restored};

use crate::trail::{elsewhere, heard, impaired, record};

/// Asserts what a call does; `None`: it is no event.
fn does(service: &str, name: &str, request: &str, expected: Option<Weakened>) {
    let weakened = impaired([service, name, request, "null"]).map(|(weakened, ..)| weakened);
    assert_eq!(weakened, expected, "{service} {name} {request}");
}

#[test]
fn a_list_of_guard_duty_is_judged_by_what_it_is_for_and_whether_it_is_used() {
    let at = r#""location": "https://s3.amazonaws.com/lists/ips.txt""#;
    for (name, request, expected) in [
        (
            "CreateIPSet",
            format!(r#"{{"detectorId": "d", "name": "n", "format": "TXT", {at}, "activate": true}}"#),
            Some(Less),
        ),
        (
            "CreateIPSet",
            format!(r#"{{"detectorId": "d", "name": "n", "format": "TXT", {at}, "activate": false}}"#),
            Some(Perhaps),
        ),
        ("UpdateIPSet", r#"{"detectorId": "d", "ipSetId": "s", "activate": true}"#.to_owned(), Some(Less)),
        (
            "UpdateIPSet",
            r#"{"detectorId": "d", "ipSetId": "s", "activate": false}"#.to_owned(),
            Some(Restored),
        ),
        ("UpdateIPSet", format!(r#"{{"detectorId": "d", "ipSetId": "s", {at}}}"#), Some(Perhaps)),
        ("UpdateIPSet", r#"{"detectorId": "d", "ipSetId": "s", "name": "other"}"#.to_owned(), None),
        ("DeleteIPSet", r#"{"detectorId": "d", "ipSetId": "s"}"#.to_owned(), Some(Restored)),
        (
            "CreateTrustedEntitySet",
            format!(r#"{{"detectorId": "d", "name": "n", {at}, "activate": true}}"#),
            Some(Less),
        ),
        (
            "CreateThreatIntelSet",
            format!(r#"{{"detectorId": "d", "name": "n", {at}, "activate": true}}"#),
            Some(Restored),
        ),
        (
            "UpdateThreatIntelSet",
            format!(r#"{{"detectorId": "d", "threatIntelSetId": "s", {at}, "activate": true}}"#),
            Some(Perhaps),
        ),
        (
            "UpdateThreatIntelSet",
            r#"{"detectorId": "d", "threatIntelSetId": "s", "activate": false}"#.to_owned(),
            Some(Less),
        ),
        ("DeleteThreatEntitySet", r#"{"detectorId": "d", "threatEntitySetId": "s"}"#.to_owned(), Some(Less)),
    ] {
        does("guardduty", name, &request, expected);
    }
}

#[test]
fn of_a_list_it_is_told_where_it_lies_and_whose_that_is_as_far_as_the_event_says_it() {
    let note = |more: &str| {
        let request = format!(
            r#"{{"detectorId": "d", "name": "ours", "format": "TXT", "location": "https://lists.s3.eu-west-1.amazonaws.com/a/ips.txt", "activate": true{more}}}"#
        );
        impaired(["guardduty", "CreateIPSet", &request, r#"{"ipSetId": "s-1"}"#]).unwrap().2
    };
    assert_eq!(
        note(""),
        "the list `ours` lies at `s3://lists/a/ips.txt`: whose the bucket `lists` is, is not in the event; what is in it raises no findings, and its contents are not in the event"
    );
    assert!(
        note(r#", "expectedBucketOwner": "111122223333""#).contains("the bucket `lists` is of this account")
    );
    assert!(
        note(r#", "expectedBucketOwner": "444455556666""#).contains("is of another account, 444455556666")
    );
}

#[test]
fn what_is_written_to_where_a_list_may_lie_is_given_with_its_place() {
    let request = r#"{"bucketName": "lists", "Host": "lists.s3.amazonaws.com", "key": "a/ips.txt"}"#;
    let events = heard(&record(["s3", "PutObject", request, "null"], ""));
    assert_eq!(&*events[0].edited, "s3://lists/a/ips.txt");
    let (weakened, kind, _) = impaired(["s3", "DeleteObject", request, "null"]).unwrap();
    assert_eq!((weakened, kind.as_str()), (Perhaps, "object that a list may point to"));
    does("s3", "PutObject", r#"{"bucketName": "logs", "key": "AWSLogs/1/x.json.gz"}"#, None);
}

#[test]
fn guard_duty_itself() {
    let detector = r#"{"detectorId": "d", "#;
    for (name, request, expected) in [
        ("CreateDetector", r#"{"enable": true}"#.to_owned(), Some(Restored)),
        ("CreateDetector", r#"{"enable": false}"#.to_owned(), None),
        ("UpdateDetector", format!(r#"{detector} "enable": false}}"#), Some(Off)),
        ("UpdateDetector", format!(r#"{detector} "enable": true}}"#), Some(Restored)),
        ("UpdateDetector", format!(r#"{detector} "findingPublishingFrequency": "SIX_HOURS"}}"#), None),
        (
            "UpdateDetector",
            format!(r#"{detector} "features": [{{"name": "S3_DATA_EVENTS", "status": "DISABLED"}}]}}"#),
            Some(Less),
        ),
        (
            "UpdateDetector",
            format!(r#"{detector} "features": [{{"name": "S3_DATA_EVENTS", "status": "ENABLED"}}]}}"#),
            Some(Restored),
        ),
        (
            "UpdateDetector",
            format!(r#"{detector} "dataSources": {{"kubernetes": {{"auditLogs": {{"enable": false}}}}}}}}"#),
            Some(Less),
        ),
        ("DeleteDetector", format!(r#"{detector} "x": 1}}"#), Some(Off)),
        (
            "CreateFilter",
            format!(
                r#"{detector} "name": "f", "action": "ARCHIVE", "findingCriteria": {{"criterion": {{"severity": {{"gte": 1}}}}}}}}"#
            ),
            Some(Less),
        ),
        ("CreateFilter", format!(r#"{detector} "name": "f", "action": "NOOP"}}"#), None),
        ("UpdateFilter", format!(r#"{detector} "filterName": "f", "action": "NOOP"}}"#), Some(Restored)),
        (
            "UpdateFilter",
            format!(
                r#"{detector} "filterName": "f", "findingCriteria": {{"criterion": {{"type": {{"eq": ["x"]}}}}}}}}"#
            ),
            Some(Perhaps),
        ),
        ("DeleteFilter", format!(r#"{detector} "filterName": "f"}}"#), Some(Restored)),
        ("ArchiveFindings", format!(r#"{detector} "findingIds": ["a", "b"]}}"#), Some(Less)),
        ("StopMonitoringMembers", format!(r#"{detector} "accountIds": ["1"]}}"#), Some(Off)),
        ("DisassociateFromAdministratorAccount", format!(r#"{detector} "x": 1}}"#), Some(Off)),
        ("DeletePublishingDestination", format!(r#"{detector} "destinationId": "x"}}"#), Some(Less)),
        ("ListDetectors", "{}".to_owned(), None),
        ("GetFindings", "{}".to_owned(), None),
    ] {
        does("guardduty", name, &request, expected);
    }
}

#[test]
fn trails_and_recorders() {
    for (service, name, request, expected) in TRAILS {
        does(service, name, request, *expected);
    }
    let events = heard(&record(
        [
            "ec2",
            "DeleteFlowLogs",
            r#"{"DeleteFlowLogsRequest": {"FlowLogId": {"content": "fl-1", "tag": 1}}}"#,
            "null",
        ],
        "",
    ));
    assert_eq!(&*events[0].edited, "fl-1");
}

#[test]
fn judges_and_filters() {
    for (service, name, request, expected) in JUDGES {
        does(service, name, request, *expected);
    }
}

#[test]
fn addresses_of_a_web_firewall_are_in_the_event() {
    let whole = impaired([
        "wafv2",
        "UpdateIPSet",
        r#"{"name": "n", "id": "1", "addresses": ["198.51.100.0/24", "192.0.2.1/32"]}"#,
        "null",
    ]);
    assert_eq!(whole.unwrap().2, "it holds `198.51.100.0/24`, `192.0.2.1/32` now");
    let parts = impaired([
        "waf",
        "UpdateIPSet",
        r#"{"iPSetId": "1", "updates": [{"action": "DELETE", "iPSetDescriptor": {"type": "IPV4", "value": "198.51.100.0/24"}}]}"#,
        "null",
    ]);
    assert_eq!(parts.unwrap().2, "out: `198.51.100.0/24`");
}

#[test]
fn failed_and_refused_calls_are_no_impairment_that_was_done() {
    use cloud::audit::Outcome;
    let call = ["guardduty", "DeleteDetector", r#"{"detectorId": "d"}"#, "null"];
    for (code, expected) in [("AccessDenied", Outcome::Denied), ("BadRequestException", Outcome::Failed)] {
        let events = heard(&record(call, &format!(r#", "errorCode": "{code}""#)));
        assert_eq!(events[0].outcome, expected);
    }
}

#[test]
fn what_is_not_modelled_is_named_where_it_opens() {
    for (service, name, request, expected) in ELSEWHERE {
        assert_eq!(
            elsewhere([service, name, request, "null"]).as_deref(),
            *expected,
            "{service} {name} {request}"
        );
    }
}

/// Calls, and what they do.
const TRAILS: &[(&str, &str, &str, Option<Weakened>)] = &[
    ("cloudtrail", "StopLogging", r#"{"name": "t"}"#, Some(Off)),
    ("cloudtrail", "StartLogging", r#"{"name": "t"}"#, Some(Restored)),
    ("cloudtrail", "DeleteTrail", r#"{"name": "t"}"#, Some(Off)),
    ("cloudtrail", "UpdateTrail", r#"{"name": "t", "isMultiRegionTrail": false}"#, Some(Less)),
    ("cloudtrail", "UpdateTrail", r#"{"name": "t", "s3BucketName": "elsewhere"}"#, Some(Perhaps)),
    ("cloudtrail", "UpdateTrail", r#"{"name": "t", "enableLogFileValidation": true}"#, Some(Restored)),
    (
        "cloudtrail",
        "PutEventSelectors",
        r#"{"trailName": "t", "eventSelectors": [{"includeManagementEvents": false, "readWriteType": "All"}]}"#,
        Some(Less),
    ),
    (
        "cloudtrail",
        "PutEventSelectors",
        r#"{"trailName": "t", "eventSelectors": [{"includeManagementEvents": true, "readWriteType": "ReadOnly"}]}"#,
        Some(Less),
    ),
    (
        "cloudtrail",
        "PutEventSelectors",
        r#"{"trailName": "t", "eventSelectors": [{"includeManagementEvents": true, "readWriteType": "All", "excludeManagementEventSources": []}]}"#,
        Some(Restored),
    ),
    (
        "cloudtrail",
        "PutEventSelectors",
        r#"{"trailName": "t", "advancedEventSelectors": [{"fieldSelectors": [{"field": "eventCategory", "equals": ["Management"]}]}]}"#,
        Some(Restored),
    ),
    (
        "cloudtrail",
        "PutEventSelectors",
        r#"{"trailName": "t", "advancedEventSelectors": [{"fieldSelectors": [{"field": "eventCategory", "equals": ["Management"]}, {"field": "readOnly", "equals": ["true"]}]}]}"#,
        Some(Less),
    ),
    (
        "cloudtrail",
        "PutEventSelectors",
        r#"{"trailName": "t", "advancedEventSelectors": [{"fieldSelectors": [{"field": "eventCategory", "equals": ["Data"]}]}]}"#,
        Some(Less),
    ),
    ("cloudtrail", "PutInsightSelectors", r#"{"trailName": "t", "insightSelectors": []}"#, Some(Less)),
    ("cloudtrail", "StopEventDataStoreIngestion", r#"{"eventDataStore": "e"}"#, Some(Off)),
    ("cloudtrail", "LookupEvents", "{}", None),
    (
        "ec2",
        "DeleteFlowLogs",
        r#"{"DeleteFlowLogsRequest": {"FlowLogId": {"content": "fl-1", "tag": 1}}}"#,
        Some(Off),
    ),
    (
        "ec2",
        "CreateFlowLogs",
        r#"{"CreateFlowLogsRequest": {"ResourceId": {"content": "vpc-1", "tag": 1}}}"#,
        Some(Restored),
    ),
    ("config", "StopConfigurationRecorder", r#"{"configurationRecorderName": "default"}"#, Some(Off)),
    ("config", "StartConfigurationRecorder", r#"{"configurationRecorderName": "default"}"#, Some(Restored)),
    (
        "config",
        "PutConfigurationRecorder",
        r#"{"configurationRecorder": {"name": "default", "recordingGroup": {"allSupported": true}}}"#,
        Some(Restored),
    ),
    (
        "config",
        "PutConfigurationRecorder",
        r#"{"configurationRecorder": {"name": "default", "recordingGroup": {"allSupported": false, "resourceTypes": ["AWS::S3::Bucket"]}}}"#,
        Some(Perhaps),
    ),
    ("config", "DeleteConfigRule", r#"{"configRuleName": "r"}"#, Some(Less)),
    ("config", "DeleteDeliveryChannel", r#"{"deliveryChannelName": "d"}"#, Some(Off)),
    ("logs", "DeleteLogGroup", r#"{"logGroupName": "/vpc"}"#, Some(Off)),
    ("logs", "CreateLogGroup", r#"{"logGroupName": "/vpc"}"#, None),
];

/// Calls, and what they do.
const JUDGES: &[(&str, &str, &str, Option<Weakened>)] = &[
    ("securityhub", "DisableSecurityHub", "null", Some(Off)),
    (
        "securityhub",
        "BatchUpdateFindings",
        r#"{"findingIdentifiers": [{"id": "a"}], "workflow": {"status": "SUPPRESSED"}}"#,
        Some(Less),
    ),
    (
        "securityhub",
        "BatchUpdateFindings",
        r#"{"findingIdentifiers": [{"id": "a"}], "note": {"text": "x"}}"#,
        None,
    ),
    (
        "securityhub",
        "UpdateStandardsControl",
        r#"{"standardsControlArn": "a", "controlStatus": "DISABLED"}"#,
        Some(Less),
    ),
    (
        "securityhub",
        "UpdateStandardsControl",
        r#"{"standardsControlArn": "a", "controlStatus": "ENABLED"}"#,
        Some(Restored),
    ),
    ("inspector2", "Disable", r#"{"resourceTypes": ["EC2"]}"#, Some(Less)),
    ("inspector2", "Disable", r#"{"resourceTypes": ["EC2", "ECR", "LAMBDA", "LAMBDA_CODE"]}"#, Some(Off)),
    ("inspector2", "Disable", "{}", Some(Off)),
    ("inspector2", "CreateFilter", r#"{"name": "f", "action": "SUPPRESS"}"#, Some(Less)),
    ("inspector2", "CreateFilter", r#"{"name": "f", "action": "NONE"}"#, None),
    ("access-analyzer", "CreateArchiveRule", r#"{"ruleName": "r"}"#, Some(Less)),
    ("access-analyzer", "DeleteAnalyzer", r#"{"analyzerName": "a"}"#, Some(Off)),
    ("macie2", "UpdateMacieSession", r#"{"status": "PAUSED"}"#, Some(Off)),
    (
        "elasticmapreduce",
        "PutBlockPublicAccessConfiguration",
        r#"{"blockPublicAccessConfiguration": {"blockPublicSecurityGroupRules": false}}"#,
        Some(Off),
    ),
    (
        "elasticmapreduce",
        "PutBlockPublicAccessConfiguration",
        r#"{"blockPublicAccessConfiguration": {"blockPublicSecurityGroupRules": true, "permittedPublicSecurityGroupRuleRanges": [{"minRange": 22, "maxRange": 22}]}}"#,
        Some(Restored),
    ),
    (
        "elasticmapreduce",
        "PutBlockPublicAccessConfiguration",
        r#"{"blockPublicAccessConfiguration": {"blockPublicSecurityGroupRules": true, "permittedPublicSecurityGroupRuleRanges": [{"minRange": 0, "maxRange": 65535}]}}"#,
        Some(Less),
    ),
    ("wafv2", "DisassociateWebACL", r#"{"resourceArn": "a"}"#, Some(Off)),
    (
        "wafv2",
        "UpdateWebACL",
        r#"{"name": "w", "id": "1", "scope": "REGIONAL", "defaultAction": {"allow": {}}, "rules": [], "visibilityConfig": {}}"#,
        Some(Off),
    ),
    (
        "wafv2",
        "UpdateWebACL",
        r#"{"name": "w", "id": "1", "scope": "REGIONAL", "defaultAction": {"allow": {}}, "rules": [{"name": "r"}]}"#,
        Some(Perhaps),
    ),
    (
        "waf-regional",
        "UpdateWebACL",
        r#"{"webACLId": "1", "defaultAction": {"type": "ALLOW"}}"#,
        Some(Perhaps),
    ),
    ("waf", "DeleteLoggingConfiguration", r#"{"resourceArn": "a"}"#, Some(Off)),
    (
        "network-firewall",
        "UpdateFirewallDeleteProtection",
        r#"{"firewallName": "f", "deleteProtection": false}"#,
        Some(Less),
    ),
    (
        "network-firewall",
        "UpdateLoggingConfiguration",
        r#"{"firewallName": "f", "loggingConfiguration": {"logDestinationConfigs": []}}"#,
        Some(Off),
    ),
    (
        "route53resolver",
        "UpdateFirewallConfig",
        r#"{"resourceId": "vpc-1", "firewallFailOpen": "ENABLED"}"#,
        Some(Less),
    ),
    (
        "route53resolver",
        "UpdateFirewallConfig",
        r#"{"resourceId": "vpc-1", "firewallFailOpen": "DISABLED"}"#,
        Some(Restored),
    ),
    ("route53resolver", "DeleteResolverQueryLogConfig", r#"{"resolverQueryLogConfigId": "q"}"#, Some(Off)),
    ("fms", "DeletePolicy", r#"{"policyId": "p"}"#, Some(Off)),
    ("shield", "DeleteProtection", r#"{"protectionId": "p"}"#, Some(Off)),
    ("organizations", "LeaveOrganization", "null", Some(Off)),
    (
        "cloudfront",
        "UpdateDistribution",
        r#"{"id": "E1", "distributionConfig": {"webACLId": "", "enabled": true}}"#,
        Some(Perhaps),
    ),
];

/// Calls, and what they do.
const ELSEWHERE: &[(&str, &str, &str, Option<&str>)] = &[
    ("ec2", "AuthorizeClientVpnIngress", r#"{"clientVpnEndpointId": "c"}"#, Some("client VPN endpoint")),
    ("ec2", "CreateInstanceConnectEndpoint", r#"{"subnetId": "s"}"#, Some("instance connect endpoint")),
    ("ec2", "EnableSerialConsoleAccess", "{}", Some("serial console")),
    ("ec2", "DisableSerialConsoleAccess", "{}", None),
    (
        "lambda",
        "CreateFunctionUrlConfig20211031",
        r#"{"functionName": "f", "authType": "NONE"}"#,
        Some("function URL"),
    ),
    ("lambda", "CreateFunctionUrlConfig", r#"{"functionName": "f", "authType": "AWS_IAM"}"#, None),
    (
        "lambda",
        "AddPermission20150331v2",
        r#"{"functionName": "f", "principal": "*", "functionUrlAuthType": "NONE"}"#,
        Some("function policy"),
    ),
    ("lambda", "AddPermission20150331v2", r#"{"functionName": "f", "principal": "s3.amazonaws.com"}"#, None),
    ("apigateway", "CreateRestApi", r#"{"name": "a"}"#, Some("API gateway")),
    (
        "aoss",
        "CreateSecurityPolicy",
        r#"{"name": "p", "type": "network", "policy": [{"AllowFromPublic": true}]}"#,
        Some("OpenSearch collection policy"),
    ),
    ("aoss", "CreateSecurityPolicy", r#"{"name": "p", "type": "encryption"}"#, None),
    (
        "dms",
        "CreateReplicationInstance",
        r#"{"replicationInstanceIdentifier": "r"}"#,
        Some("replication instance"),
    ),
    (
        "dms",
        "CreateReplicationInstance",
        r#"{"replicationInstanceIdentifier": "r", "publiclyAccessible": false}"#,
        None,
    ),
    (
        "sagemaker",
        "CreateNotebookInstance",
        r#"{"notebookInstanceName": "n", "directInternetAccess": "Disabled"}"#,
        None,
    ),
    ("sagemaker", "CreateNotebookInstance", r#"{"notebookInstanceName": "n"}"#, Some("SageMaker notebook")),
    (
        "ecs",
        "CreateService",
        r#"{"service": "s", "networkConfiguration": {"awsvpcConfiguration": {"assignPublicIp": "ENABLED"}}}"#,
        Some("container task with a public address"),
    ),
    (
        "ecs",
        "CreateService",
        r#"{"service": "s", "networkConfiguration": {"awsvpcConfiguration": {"assignPublicIp": "DISABLED"}}}"#,
        None,
    ),
    (
        "rds",
        "AuthorizeDBSecurityGroupIngress",
        r#"{"dBSecurityGroupName": "g", "cIDRIP": "0.0.0.0/0"}"#,
        Some("database security group of EC2-Classic"),
    ),
    ("network-firewall", "UpdateRuleGroup", r#"{"ruleGroupName": "g"}"#, Some("Network Firewall rules")),
    (
        "cloudfront",
        "UpdateDistribution",
        r#"{"id": "E1", "distributionConfig": {"enabled": true}}"#,
        Some("CloudFront distribution"),
    ),
    ("kafka", "UpdateConnectivity", r#"{"clusterArn": "k"}"#, Some("Kafka cluster")),
    ("kafka", "DescribeCluster", r#"{"clusterArn": "k"}"#, None),
];
