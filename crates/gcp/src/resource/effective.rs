//! Effective firewalls: what the API itself says is in force at a network or at an interface.
//!
//! An answer does not name its subject: that stands beside it, or its rules say it. Knows no order of policies but the one
//! the answer has.

use cloud::{Quoted, Said, Stated};
use model::{Effect, Name};

use crate::intake::Intake;

use super::policy_rule::{PolicyRule, policy_rules};
use super::{Firewall, Identity, Link, Origin};

/// An answer about one network or interface.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EffectiveFirewalls {
    pub(crate) identity: Identity,
    pub(crate) subject: Subject,
    /// The rules of the network. An answer leaves out an empty list.
    pub(crate) firewalls: Said<Vec<Firewall>>,
    /// The policies, in the order in which they are asked at their level.
    pub(crate) policies: Said<Vec<EffectivePolicy>>,
}

/// What an answer is about. Complete.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Subject {
    /// A network; with a region, its policies in that region, too.
    Network { network: Link, region: Option<Name> },
    /// An interface of an instance; its only one where it is not named.
    Interface { instance: Link, interface: Option<Name> },
}

/// A policy of an answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EffectivePolicy {
    pub(crate) id: Name,
    pub(crate) name: Name,
    pub(crate) standing: PolicyStanding,
    pub(crate) rules: Said<Vec<PolicyRule>>,
}

/// Where a policy of an answer stands among the others (G10). Complete; in the order in which they are asked, but that
/// rules of the network stand among the last two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PolicyStanding {
    /// Nobody knows where.
    Unknown,
    Hierarchy,
    /// Managed by Google (G19).
    System,
    Network,
    Regional,
}

impl EffectiveFirewalls {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let firewalls = match stated.objects("firewalls", intake) {
            Said::This(parts) => {
                let read: Option<Vec<Firewall>> =
                    parts.iter().map(|part| Firewall::read(part, origin, intake)).collect();
                if read.is_none() {
                    let sentence =
                        "`firewalls` has an entry that is no rule: what the rules decide is not known";
                    stated.tell("unread-list", Effect::Undecided, sentence, intake);
                }
                read.map_or(Said::Unreadable, Said::This)
            }
            Said::Nothing => Said::This(Vec::new()),
            Said::Unreadable => Said::Unreadable,
        };
        let mut policies = match stated.objects("firewallPolicys", intake) {
            Said::This(parts) => {
                Said::This(parts.iter().map(|part| EffectivePolicy::read(part, intake)).collect())
            }
            Said::Nothing => Said::This(Vec::new()),
            Said::Unreadable => Said::Unreadable,
        };
        if !matches!(stated.objects("organizationFirewalls", intake), Said::Nothing) {
            let sentence =
                "`organizationFirewalls` is of an older form and is not read: what it decides is not known";
            stated.tell("unsupported-list", Effect::Undecided, sentence, intake);
            policies = Said::Unreadable;
        }
        let Some(subject) = subject(stated, &firewalls, intake) else {
            stated.tell("missing-subject", Effect::Skipped, NO_SUBJECT, intake);
            return None;
        };
        let path = subject.path();
        let identity = Identity::of(&path, None, stated.read_at, intake);
        Some(Self { identity, subject, firewalls, policies })
    }
}

impl Subject {
    fn path(&self) -> String {
        match self {
            Self::Network { network, region: None } => format!("{}/effectiveFirewalls", network.path),
            Self::Network { network, region: Some(region) } => {
                format!("{}/effectiveFirewalls/{region}", network.path)
            }
            Self::Interface { instance, interface: None } => format!("{}/effectiveFirewalls", instance.path),
            Self::Interface { instance, interface: Some(interface) } => {
                format!("{}/networkInterfaces/{interface}/effectiveFirewalls", instance.path)
            }
        }
    }
}

/// What stands beside the answer; else the one network of all its rules.
fn subject<'a>(
    stated: &Stated<'_, 'a>,
    firewalls: &Said<Vec<Firewall>>,
    intake: &mut Intake<'_, 'a>,
) -> Option<Subject> {
    if let Said::This(instance) = stated.text("instance", intake) {
        let interface =
            stated.text("networkInterface", intake).this().map(|interface| intake.name(interface));
        return Some(Subject::Interface { instance: Link::of(instance), interface });
    }
    let region = stated.text("region", intake).this().map(|region| intake.name(Link::of(region).name()));
    if let Said::This(network) = stated.text("network", intake) {
        return Some(Subject::Network { network: Link::of(network), region });
    }
    let Said::This(firewalls) = firewalls else { return None };
    let network = firewalls.first()?.network.clone()?;
    let is_one = firewalls.iter().all(|firewall| firewall.network.as_ref() == Some(&network));
    is_one.then_some(Subject::Network { network, region })
}

impl EffectivePolicy {
    fn read<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Self {
        let id = stated.text("name", intake).this().unwrap_or("unnamed policy");
        let spoken = ["shortName", "displayName"].into_iter().find_map(|key| stated.text(key, intake).this());
        let (name, id) = (intake.name(spoken.unwrap_or(Link::of(id).name())), intake.name(id));
        let standing = match stated.text("type", intake) {
            Said::This("HIERARCHY") => PolicyStanding::Hierarchy,
            Said::This("SYSTEM" | "SYSTEM_GLOBAL" | "SYSTEM_REGIONAL") => PolicyStanding::System,
            Said::This("NETWORK") => PolicyStanding::Network,
            Said::This("NETWORK_REGIONAL") => PolicyStanding::Regional,
            Said::This(word) => {
                let sentence = format!(
                    "the policy {} is of the type {}, which is not known: what it decides is possible",
                    Quoted(&name),
                    Quoted(word)
                );
                stated.tell("unknown-word", Effect::Undecided, &sentence, intake);
                PolicyStanding::Unknown
            }
            Said::Nothing => {
                let sentence =
                    format!("`type` of the policy {} is missing: what it decides is possible", Quoted(&name));
                stated.tell("missing-field", Effect::Undecided, &sentence, intake);
                PolicyStanding::Unknown
            }
            Said::Unreadable => PolicyStanding::Unknown,
        };
        let rules = policy_rules(stated, "rules", intake);
        if rules.is_nothing() {
            let sentence = format!(
                "`rules` of the policy {} is missing: it may let in and keep out anything",
                Quoted(&name)
            );
            stated.tell("missing-field", Effect::Undecided, &sentence, intake);
        }
        Self { id, name, standing, rules }
    }
}

const NO_SUBJECT: &str = "effective firewalls do not say whose they are: add the key `network`, or `instance` and \
                          `networkInterface`, beside `firewalls`";
