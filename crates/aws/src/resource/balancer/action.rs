//! What a listener does with a request: hand it to target groups, or answer it itself.

use cloud::{Quoted, Said, Stated};
use model::{Effect, Name};

use crate::intake::Intake;

use super::name;

/// What is done with requests.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Action {
    /// The ARNs of the target groups that requests are handed to, sorted.
    pub(crate) groups: Vec<Name>,
    /// Those of them that get no request now: their weight is zero.
    pub(crate) idle: Vec<Name>,
    /// Whether the load balancer answers itself: a redirection, a fixed response.
    pub(crate) answers: bool,
    /// Whether something of it could not be read.
    pub(crate) is_unread: bool,
}

const FORWARD: &str = "forward";

impl Action {
    /// Reads the actions under a key. An `authenticate-…` comes before the one that forwards: who authenticates is not
    /// looked at.
    pub(super) fn read<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Self {
        let mut action = Self { groups: Vec::new(), idle: Vec::new(), answers: false, is_unread: false };
        let listed = match stated.objects(key, intake) {
            Said::This(listed) => listed,
            Said::Nothing | Said::Unreadable => return Self { is_unread: true, ..action },
        };
        for one in &listed {
            let word = match one.text("Type", intake) {
                Said::This(word) => word.to_ascii_lowercase(),
                // What only names groups forwards to them.
                Said::Nothing => FORWARD.to_owned(),
                Said::Unreadable => {
                    action.is_unread = true;
                    continue;
                }
            };
            let before = action.groups.len();
            let own = name(one, "TargetGroupArn", intake);
            action.is_unread |= own == Said::Unreadable;
            action.groups.extend(own.this());
            let config = one.object("ForwardConfig", intake);
            action.is_unread |= matches!(config, Said::Unreadable);
            if let Said::This(config) = config {
                let listed = config.objects("TargetGroups", intake);
                action.is_unread |= matches!(listed, Said::Unreadable);
                for group in config.or_narrowed("TargetGroups", listed, intake) {
                    let arn = name(&group, "TargetGroupArn", intake);
                    action.is_unread |= arn == Said::Unreadable;
                    let arn = arn.this();
                    let weight = super::super::integer(&group, "Weight", intake);
                    if matches!(weight, Said::This(0) | Said::Unreadable) {
                        action.idle.extend(arn.clone());
                    }
                    action.groups.extend(arn);
                }
            }
            match word.as_str() {
                "redirect" | "fixed-response" => action.answers = true,
                _ if word.starts_with("authenticate-") || word == "jwt-validation" => {}
                FORWARD => action.is_unread |= action.groups.len() == before,
                // A word that is not known may do anything with the request.
                _ => {
                    let sentence = format!("the action {} is not known: it may do anything", Quoted(&word));
                    one.tell("unknown-action", Effect::Undecided, &sentence, intake);
                    action.is_unread |= action.groups.len() == before;
                }
            }
        }
        action.is_unread |= listed.is_empty();
        action.groups.sort_unstable();
        action.groups.dedup();
        action
    }
}
