//! One rule of a firewall policy: whom it is for, what it matches, what it then does (G11–G14).
//!
//! Knows no instance, no address group and no list of Google: these are resolved when it is lowered.

use std::sync::Arc;

use cloud::json::Node;
use cloud::{Quoted, ReadAt, Said, Stated};
use model::{Effect, Name};
use packet::{AddressSet, Bounds};

use crate::intake::Intake;

use super::layer4::{Layer4, layer4};
use super::policy_audience::Audience;
use super::policy_source::PolicySource;
use super::ranges::ranges;
use super::unknown_keys::has_unknown_keys;

/// A rule for packets that come in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PolicyRule {
    /// The name its owner gave it, its priority where there is none: a policy tells its rules by that (G11).
    pub(crate) name: Name,
    /// Unique in a policy (G11).
    pub(crate) priority: Said<u32>,
    pub(crate) verdict: Verdict,
    pub(crate) layer4: Vec<Layer4>,
    pub(crate) source: PolicySource,
    /// The addresses it is for; everything where it names none.
    pub(crate) destinations: Bounds<Arc<AddressSet>>,
    pub(crate) audience: Audience,
    /// Whether it is in force and for packets that come in, as far as it can be read.
    pub(crate) is_certain: bool,
    pub(crate) read_at: ReadAt,
}

/// What a rule does with what it matches (G11). Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Allow,
    Deny,
    /// Leave this policy.
    GoToNext,
    /// Let a firewall endpoint look into it: what that finds is not known.
    Inspect,
    /// None of them, and nobody knows which.
    Unreadable,
}

/// The rules for packets that come in under a key. An entry that is no object makes all of them unreadable.
pub(super) fn policy_rules<'a>(
    stated: &Stated<'_, 'a>,
    key: &str,
    intake: &mut Intake<'_, 'a>,
) -> Said<Vec<PolicyRule>> {
    let parts = stated.objects(key, intake);
    parts.map(|parts| parts.iter().filter_map(|part| PolicyRule::read(part, intake)).collect())
}

impl PolicyRule {
    /// `None`: it decides on nothing that comes in to an instance, or is not in force.
    fn read<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<Self> {
        let is_inbound = is_inbound(stated, intake)?;
        let is_enabled = is_enabled(stated, intake)?;
        let verdict = verdict(stated, intake)?;
        let audience = Audience::read(stated, intake)?;
        let empty = Node::default();
        let matched = match stated.object("match", intake) {
            Said::This(matched) => matched,
            Said::Nothing | Said::Unreadable => stated.part(&empty, intake),
        };
        let source = PolicySource::read(stated, &matched, intake)?;
        let priority = priority(stated, intake);
        let name = match (stated.text("ruleName", intake), &priority) {
            (Said::This(name), _) => intake.name(name),
            (Said::Nothing | Said::Unreadable, Said::This(priority)) => intake.name(&priority.to_string()),
            (Said::Nothing | Said::Unreadable, _) => intake.name("rule without a priority"),
        };
        let layer4 = entries(stated, &matched, intake);
        let destinations = destinations(stated, &matched, intake);
        let asks_for_more = has_unknown_keys(&matched, &["src", "dest"], &MATCHES, intake)
            | has_unknown_keys(stated, &["target"], &TARGETS, intake);
        let is_certain = is_inbound && is_enabled && audience.is_certain && !asks_for_more;
        let read_at = stated.read_at;
        Some(Self { name, priority, verdict, layer4, source, destinations, audience, is_certain, read_at })
    }
}

fn priority<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Said<u32> {
    let priority = stated.number("priority", intake);
    if priority.is_nothing() {
        let sentence = "`priority` of a rule is missing: it may come before every other";
        stated.tell("missing-field", Effect::Undecided, sentence, intake);
    }
    priority
}

/// Whether a rule is for packets that come in: `None` if for those that go out, `false` if it does not say.
fn is_inbound<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<bool> {
    match stated.text("direction", intake) {
        Said::This(word) if word.eq_ignore_ascii_case("INGRESS") => Some(true),
        Said::This(word) if word.eq_ignore_ascii_case("EGRESS") => None,
        Said::This(word) => {
            let sentence = format!(
                "`direction` is {}, expected INGRESS or EGRESS: the rule may be for packets that come in",
                Quoted(word)
            );
            stated.tell("unknown-word", Effect::Undecided, &sentence, intake);
            Some(false)
        }
        Said::Nothing => {
            let sentence = "`direction` of a rule is missing: it may be for packets that come in";
            stated.tell("missing-field", Effect::Undecided, sentence, intake);
            Some(false)
        }
        Said::Unreadable => Some(false),
    }
}

/// G13: a disabled rule is absent. Whoever does not say it is not disabled.
fn is_enabled<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<bool> {
    match stated.flag("disabled", intake) {
        Said::This(true) => None,
        Said::This(false) | Said::Nothing => Some(true),
        Said::Unreadable => Some(false),
    }
}

/// `None`: a rule that only copies packets decides on none.
fn verdict<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<Verdict> {
    let word = match stated.text("action", intake) {
        Said::This(word) => word,
        Said::Nothing => {
            let sentence = "`action` of a rule is missing: it may let in what it matches";
            stated.tell("missing-field", Effect::Undecided, sentence, intake);
            return Some(Verdict::Unreadable);
        }
        Said::Unreadable => return Some(Verdict::Unreadable),
    };
    match word.to_ascii_lowercase().as_str() {
        "allow" => Some(Verdict::Allow),
        "deny" => Some(Verdict::Deny),
        "goto_next" => Some(Verdict::GoToNext),
        "apply_security_profile_group" => Some(Verdict::Inspect),
        "mirror" | "do_not_mirror" => None,
        _ => {
            let sentence =
                format!("`action` is {}, which is not known: it may let in what it matches", Quoted(word));
            stated.tell("unknown-word", Effect::Undecided, &sentence, intake);
            Some(Verdict::Unreadable)
        }
    }
}

fn entries<'a>(
    stated: &Stated<'_, 'a>,
    matched: &Stated<'_, 'a>,
    intake: &mut Intake<'_, 'a>,
) -> Vec<Layer4> {
    match layer4(matched, "layer4Configs", intake) {
        Said::This(entries) => entries,
        Said::Nothing => {
            let sentence = "`layer4Configs` of a rule is missing: it may be for every protocol";
            stated.tell("missing-field", Effect::Undecided, sentence, intake);
            vec![Layer4::unknown(intake)]
        }
        Said::Unreadable => vec![Layer4::unknown(intake)],
    }
}

/// The addresses a rule is for. Rules for packets that come in take ranges only; what else may stand there bounds.
fn destinations<'a>(
    stated: &Stated<'_, 'a>,
    matched: &Stated<'_, 'a>,
    intake: &mut Intake<'_, 'a>,
) -> Bounds<Arc<AddressSet>> {
    let named = ranges(matched, "destIpRanges", intake);
    if let Some(key) = OTHER_DESTINATIONS.into_iter().find(|key| matched.has(key)) {
        let sentence = format!(
            "`{key}` of a rule for packets that come in is not read: the rule may be for every address"
        );
        stated.tell("unsupported-match", Effect::Undecided, &sentence, intake);
        return intake.pool.common.unknown();
    }
    match named {
        Said::This(ranges) => ranges.addresses,
        Said::Nothing => Bounds::exactly(Arc::clone(&intake.pool.common.everything)),
        Said::Unreadable => intake.pool.common.unknown(),
    }
}

/// What is read of a match.
const MATCHES: [&str; 18] = [
    "destAddressGroups",
    "destFqdns",
    "destIpRanges",
    "destNetworkContext",
    "destNetworkScope",
    "destNetworkType",
    "destRegionCodes",
    "destThreatIntelligences",
    "srcAddressGroups",
    "srcFqdns",
    "srcIpRanges",
    "srcNetworkContext",
    "srcNetworkScope",
    "srcNetworkType",
    "srcNetworks",
    "srcRegionCodes",
    "srcSecureTags",
    "srcThreatIntelligences",
];
const TARGETS: [&str; 4] = ["targetResources", "targetSecureTags", "targetServiceAccounts", "targetType"];

const OTHER_DESTINATIONS: [&str; 7] = [
    "destAddressGroups",
    "destFqdns",
    "destNetworkContext",
    "destNetworkScope",
    "destNetworkType",
    "destRegionCodes",
    "destThreatIntelligences",
];
