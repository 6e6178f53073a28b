//! ARNs of what requests name by its name alone, and what is told where only a response says what was made.

use model::Effect;

use crate::trail::call::{Call, Told};

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

/// Tells that something was made of which its response would say what it is, where there is none.
pub(super) fn tell_no_response(call: &Call<'_>, told: &mut Told<'_>) {
    if ["Create", "Restore"].iter().any(|start| call.name.starts_with(start)) {
        let sentence = "its response is not in the event, expected what was made: whom it lets in is known only as far as \
                        the request says it";
        told.tell("missing-field", Effect::Undecided, sentence);
    }
}
