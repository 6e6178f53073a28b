//! Which targets are registered in a target group, and at which port each is asked.
//!
//! Their health is not kept: what is unhealthy gets packets again once it is well or all are ill, what is not used once
//! its zone is.

use cloud::{Said, Stated};
use model::{Effect, Name};

use crate::intake::Intake;

use super::super::{Identity, Origin};
use super::{name, port};

/// The targets of a target group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TargetHealth {
    /// Its id is the ARN of the target group.
    pub(crate) identity: Identity,
    /// `None`: they could not be read, which has been told.
    pub(crate) targets: Option<Vec<Registered>>,
}

/// A target: an instance, an address, a function, a load balancer.
#[derive(Clone, Debug, PartialEq, PartialOrd, Eq, Ord)]
pub(crate) struct Registered {
    pub(crate) id: Name,
    /// `None`: that of its group.
    pub(crate) port: Option<u16>,
    /// Whether it gets requests, as far as its state says it.
    pub(crate) is_in_use: bool,
}

impl TargetHealth {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let id = stated.text("TargetGroupArn", intake).this()?;
        let identity = Identity::read(stated, id, None, origin, intake);
        Some(Self { identity, targets: targets(stated, "TargetHealthDescriptions", intake) })
    }
}

/// The targets under a key, sorted.
pub(super) fn targets<'a>(
    stated: &Stated<'_, 'a>,
    key: &str,
    intake: &mut Intake<'_, 'a>,
) -> Option<Vec<Registered>> {
    let listed = match stated.objects(key, intake) {
        Said::This(listed) => listed,
        Said::Nothing => {
            let sentence = format!("`{key}` is null: which targets it has is not known");
            stated.tell("missing-field", Effect::Undecided, &sentence, intake);
            return None;
        }
        Said::Unreadable => return None,
    };
    let mut targets = Vec::with_capacity(listed.len());
    for one in &listed {
        let inner = one.object("Target", intake).this();
        let target = inner.as_ref().map_or(one, |target| target);
        let health = one.object("TargetHealth", intake).this();
        let state = health.and_then(|health| health.text("State", intake).this());
        let id = name(target, "Id", intake);
        if id.is_nothing() {
            let sentence = "a target has no `Id`: who gets packets is not known";
            target.tell("missing-field", Effect::Undecided, sentence, intake);
        }
        let id = match id {
            Said::This(id) => id,
            Said::Nothing => return None,
            // What goes there is told at the load balancer.
            Said::Unreadable => intake.name(super::SOME_TARGET),
        };
        targets.push(Registered {
            id,
            port: port(target, "Port", intake).this(),
            is_in_use: state != Some("unused"),
        });
    }
    targets.sort_unstable();
    targets.dedup();
    Some(targets)
}
