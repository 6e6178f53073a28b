//! `networkAcls`, or `networkRuleSet` as `az` prints it: a default action, and addresses that are let in beside (P6, P7).

use cloud::{Quoted, Said, Stated};
use model::Effect;

use crate::intake::Intake;
use crate::resource::rule_intake::Access;

use super::firewall::default_action;
use super::kinds::Zero;
use super::ranges::prefix_entry;
use super::{Entry, Firewall, Otherwise, first_text, says_any};

/// The list under the first of some keys that has one. What a full export leaves out lets everybody in; what a
/// projection leaves out is not known.
pub(super) fn read_acls<'a>(
    stated: &Stated<'_, 'a>,
    keys: &[&str],
    is_full: bool,
    intake: &mut Intake<'_, 'a>,
) -> Firewall {
    let mut found: Option<Firewall> = None;
    for key in keys {
        let list = match stated.object(key, intake) {
            Said::Nothing => continue,
            Said::Unreadable => return Firewall::all(Otherwise::Either),
            Said::This(acls) => read_list(&acls, is_full, intake),
        };
        if found.as_ref().is_some_and(|known| *known != list) {
            let sentence = "it has two lists that are not the same: each is taken as possible";
            stated.tell("contradicting-lists", Effect::Undecided, sentence, intake);
            return Firewall::all(Otherwise::Either);
        }
        found = Some(list);
    }
    if let Some(list) = found {
        return list;
    }
    if is_full { Firewall::open() } else { Firewall::all(Otherwise::Either) }
}

fn read_list<'a>(acls: &Stated<'_, 'a>, is_full: bool, intake: &mut Intake<'_, 'a>) -> Firewall {
    let leaves_out = |keys: &[&str]| !is_full && !says_any(acls, keys);
    let otherwise = if leaves_out(&["defaultAction"]) {
        tell_left_out(acls, "defaultAction", intake);
        Otherwise::Either
    } else {
        default_action(acls, "defaultAction", Otherwise::Allow, intake)
    };
    if otherwise == Otherwise::Allow {
        // P6: whatever the rules say.
        return Firewall::open();
    }
    let mut entries = Vec::new();
    let mut readable = true;
    if otherwise == Otherwise::Deny && leaves_out(&["ipRules", "ipAddressRanges"]) {
        tell_left_out(acls, "ipRules", intake);
        readable = false;
    }
    for key in ["ipRules", "ipv6Rules"] {
        readable &= read_rules(acls, key, &mut entries, intake);
    }
    // As PowerShell prints those of a key vault.
    match acls.texts("ipAddressRanges", intake) {
        Said::Nothing => {}
        Said::Unreadable => readable = false,
        Said::This(texts) => {
            entries.extend(texts.into_iter().map(|text| prefix_entry(acls, text, Zero::Address, intake)));
        }
    }
    readable &= knows_all_keys(acls, intake);
    Firewall { entries, otherwise: if readable { otherwise } else { Otherwise::Either } }
}

/// Tells that a projection of a list leaves something out: it may let in anybody.
fn tell_left_out<'a>(acls: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) {
    let sentence = format!("its list is projected without `{key}`: it may let in anybody");
    acls.tell("missing-field", Effect::Undecided, &sentence, intake);
}

/// Whether every key of a list is a known one: what another may let in is not known.
fn knows_all_keys<'a>(acls: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> bool {
    let is_known = |key: &str| KEYS.iter().any(|known| known.eq_ignore_ascii_case(key));
    let strange: Vec<&str> = acls.keys().filter(|key| !is_known(key)).collect();
    for key in &strange {
        let sentence =
            format!("its list has the key {}, which is not known: it may let in anybody", Quoted(key));
        acls.tell("unknown-rule-key", Effect::Undecided, &sentence, intake);
    }
    strange.is_empty()
}

/// The keys that lists have. Rules of networks and of single resources let in no Internet address (P6).
const KEYS: [&str; 12] = [
    "bypass",
    "defaultAction",
    "ipAddressRanges",
    "ipAddressRangesText",
    "ipRules",
    "ipv6Rules",
    "resourceAccessRules",
    "virtualNetworkRules",
    "virtualNetworkResourceIds",
    "virtualNetworkResourceIdsText",
    "networkRuleBypassOptions",
    "publicNetworkAccess",
];

/// Adds the entries of a list of addresses; whether all of it could be read.
pub(super) fn read_rules<'a>(
    acls: &Stated<'_, 'a>,
    key: &str,
    entries: &mut Vec<Entry>,
    intake: &mut Intake<'_, 'a>,
) -> bool {
    let rules = match acls.objects(key, intake) {
        Said::Nothing => return true,
        Said::Unreadable => return false,
        Said::This(rules) => rules,
    };
    for rule in &rules {
        match first_text(rule, &["value", "ipAddressOrRange", "ipMask"], intake) {
            Said::This(text) => {
                let entry = prefix_entry(rule, text, Zero::Address, intake);
                entries.push(Entry { access: access(rule, intake), ..entry });
            }
            Said::Nothing => {
                let sentence = format!("a rule of `{key}` names no address: it may let in anybody");
                rule.tell("missing-field", Effect::Undecided, &sentence, intake);
                return false;
            }
            Said::Unreadable => return false,
        }
    }
    true
}

/// `Allow` is the only action there is, and may be left out.
fn access<'a>(rule: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Access {
    match rule.text("action", intake) {
        Said::Nothing => Access::Allow,
        Said::This(word) if word.eq_ignore_ascii_case("allow") => Access::Allow,
        Said::This(word) => {
            let sentence = format!("`action` is {}, expected `Allow`", Quoted(word));
            rule.tell("unknown-value", Effect::Undecided, &sentence, intake);
            Access::Unreadable
        }
        Said::Unreadable => Access::Unreadable,
    }
}
