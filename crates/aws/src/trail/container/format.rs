//! What containers are called.

pub(crate) const CLOUDTRAIL: &str = "aws/cloudtrail";
pub(crate) const EVENTBRIDGE: &str = "aws/eventbridge";
pub(crate) const INSIGHT: &str = "aws/cloudtrail-insight";
pub(crate) const DIGEST: &str = "aws/cloudtrail-digest";
pub(crate) const LAKE: &str = "aws/cloudtrail-lake";
pub(crate) const LOOKUP: &str = "aws/lookup-events";
pub(crate) const LOGS: &str = "aws/cloudwatch-logs";
pub(crate) const SNS: &str = "aws/sns";
pub(crate) const SQS: &str = "aws/sqs";
pub(crate) const OCSF: &str = "aws/ocsf";
pub(crate) const SENTINEL: &str = "aws/sentinel";
pub(crate) const PANTHER: &str = "aws/panther";
pub(crate) const ELASTIC: &str = "aws/elastic";
pub(crate) const OPENSEARCH: &str = "aws/opensearch";
pub(crate) const SPLUNK: &str = "aws/splunk";
