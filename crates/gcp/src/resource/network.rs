//! Networks: in which order their rules and policies are asked (G10).
//!
//! Knows no rule.

use cloud::{Quoted, Said, Stated};
use model::{Effect, Name};

use crate::intake::Intake;

use super::{Identity, Link, Origin, is_whole};

/// A VPC network.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Network {
    pub(crate) identity: Identity,
    /// The number by which keys of tags name it.
    pub(crate) number: Option<Name>,
    /// Nothing: the input does not say.
    pub(crate) order: Said<Order>,
    /// The network firewall policy that the network names.
    pub(crate) policy: Option<Link>,
}

/// When global and regional network policies are asked (G10). Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Behind the rules of the network: the default.
    AfterClassic,
    /// Before them.
    BeforeClassic,
}

impl Network {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let identity = Identity::read(stated, "networks", origin, intake)?;
        let order = match stated.text(ORDER, intake) {
            Said::This("AFTER_CLASSIC_FIREWALL") => Said::This(Order::AfterClassic),
            Said::This("BEFORE_CLASSIC_FIREWALL") => Said::This(Order::BeforeClassic),
            Said::This(word) => {
                let sentence = format!(
                    "{ORDER} is {}, expected AFTER_CLASSIC_FIREWALL or BEFORE_CLASSIC_FIREWALL: both orders are \
                     possible",
                    Quoted(word)
                );
                stated.tell("unknown-word", Effect::Undecided, &sentence, intake);
                Said::Unreadable
            }
            // The default.
            Said::Nothing if is_whole(stated, origin) => Said::This(Order::AfterClassic),
            Said::Nothing => Said::Nothing,
            Said::Unreadable => Said::Unreadable,
        };
        let number = stated.text("id", intake).this().map(|number| intake.name(number));
        let policy = stated.text("firewallPolicy", intake).this().map(Link::of);
        Some(Self { identity, number, order, policy })
    }
}

const ORDER: &str = "networkFirewallPolicyEnforcementOrder";
