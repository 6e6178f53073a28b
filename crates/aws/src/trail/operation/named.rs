//! ARNs of what requests name by its name alone.

use crate::trail::call::Call;

/// The ARN of something of the account and region of a call.
pub(super) fn arn(call: &Call<'_>, service: &str, rest: &str) -> String {
    let region = call.region.unwrap_or_default();
    let account = call.account.unwrap_or_default();
    let partition = match region {
        _ if region.starts_with("cn-") => "aws-cn",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    };
    format!("arn:{partition}:{service}:{region}:{account}:{rest}")
}
