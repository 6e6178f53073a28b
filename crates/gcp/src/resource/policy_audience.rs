//! Which interfaces a rule of a policy is for (G13).
//!
//! Knows no interface.

use cloud::{Quoted, Said, Stated};
use model::{Effect, Name};

use crate::intake::Intake;

use super::Link;

/// The interfaces in one of the networks whose instance has one of the accounts or tags.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Audience {
    /// The networks. Nothing: all.
    pub(crate) networks: Said<Vec<Link>>,
    /// The emails of service accounts, in lower case. Nothing: it asks for none.
    pub(crate) accounts: Said<Vec<Name>>,
    /// The secure tags that count or may count. Nothing: it asks for none.
    pub(crate) tags: Said<Vec<SecureTag>>,
    /// Whether it is known to be for instances.
    pub(crate) is_certain: bool,
}

/// A secure tag as a rule names it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SecureTag {
    /// `tagValues/1`.
    pub(crate) value: Name,
    pub(crate) standing: Standing,
}

/// Whether a tag in a rule counts. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Effective,
    /// It or its network is deleted.
    Ineffective,
    Unreadable,
}

impl Audience {
    /// `None`: the rule is for nobody that has an instance's interface.
    pub(super) fn read<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<Self> {
        let is_certain = is_for_instances(stated, intake)?;
        let networks = links(stated, "targetResources", intake);
        let networks = read_as(networks, "targetResources", "networks", stated, intake, |network| {
            network.after("networks").is_some()
        });
        let accounts = stated.texts("targetServiceAccounts", intake);
        let accounts = read_as(accounts, "targetServiceAccounts", "emails", stated, intake, |account| {
            account.contains('@')
        });
        let accounts = some(accounts).map(|accounts| {
            let lower = accounts.into_iter().map(str::to_ascii_lowercase);
            lower.collect::<Vec<_>>().iter().map(|one| intake.name(one)).collect()
        });
        let tags = secure_tags(stated, "targetSecureTags", intake);
        // G13: a rule all of whose target tags are ineffective is ignored.
        if let Said::This(tags) = &tags
            && tags.iter().all(|tag| tag.standing == Standing::Ineffective)
        {
            return None;
        }
        let tags = tags.map(|mut tags| {
            tags.retain(|tag| tag.standing != Standing::Ineffective);
            tags
        });
        Some(Self { networks, accounts, tags, is_certain })
    }
}

/// Whether a rule is for instances: there are rules for internal load balancers, too.
fn is_for_instances<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<bool> {
    match stated.text("targetType", intake) {
        Said::This("INTERNAL_MANAGED_LB") => None,
        Said::This("INSTANCES") | Said::Nothing => Some(true),
        Said::This(word) => {
            let sentence = format!(
                "`targetType` is {}, which is not known: the rule may be for instances",
                Quoted(word)
            );
            stated.tell("unknown-word", Effect::Undecided, &sentence, intake);
            Some(false)
        }
        Said::Unreadable => Some(false),
    }
}

/// A list all of whose entries are what they should be; else it is told, and any machine may be meant.
fn read_as<'a, T>(
    said: Said<Vec<T>>,
    key: &str,
    expected: &str,
    stated: &Stated<'_, 'a>,
    intake: &mut Intake<'_, 'a>,
    is_one: impl Fn(&T) -> bool,
) -> Said<Vec<T>> {
    match said {
        Said::This(items) if !items.iter().all(is_one) => {
            let sentence = format!("`{key}` of a rule are not all {expected}: it may be for any instance");
            stated.tell("unreadable-reference", Effect::Undecided, &sentence, intake);
            Said::Unreadable
        }
        said => said,
    }
}

/// An empty list asks for nothing.
pub(super) fn some<T>(said: Said<Vec<T>>) -> Said<Vec<T>> {
    match said {
        Said::This(items) if items.is_empty() => Said::Nothing,
        said => said,
    }
}

pub(super) fn links<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Said<Vec<Link>> {
    some(stated.texts(key, intake)).map(|links| links.into_iter().map(Link::of).collect())
}

/// The tags of a list of `{"name": "tagValues/1", "state": "EFFECTIVE"}`.
pub(super) fn secure_tags<'a>(
    stated: &Stated<'_, 'a>,
    key: &str,
    intake: &mut Intake<'_, 'a>,
) -> Said<Vec<SecureTag>> {
    let parts = match some(stated.objects(key, intake)) {
        Said::This(parts) => parts,
        Said::Nothing => return Said::Nothing,
        Said::Unreadable => return Said::Unreadable,
    };
    let mut tags = Vec::with_capacity(parts.len());
    for part in parts {
        let Some(value) = part.text("name", intake).this().filter(|name| is_value(name)) else {
            let sentence =
                format!("`{key}` has no value of a tag where one is expected: every instance may have it");
            stated.tell("unreadable-reference", Effect::Undecided, &sentence, intake);
            return Said::Unreadable;
        };
        tags.push(SecureTag { value: intake.name(&Link::of(value).path), standing: standing(&part, intake) });
    }
    Said::This(tags)
}

/// Whether a text is a value of a tag: `tagValues/1` or `123/env/prod`.
pub(super) fn is_value(text: &str) -> bool {
    text.contains('/')
}

/// What only the API says is left out of what people write: then it counts.
fn standing<'a>(part: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Standing {
    match part.text("state", intake) {
        Said::This("EFFECTIVE") | Said::Nothing => Standing::Effective,
        Said::This("INEFFECTIVE") => Standing::Ineffective,
        Said::This(word) => {
            let sentence = format!("`state` of a tag is {}, expected EFFECTIVE or INEFFECTIVE", Quoted(word));
            part.tell("unknown-word", Effect::Undecided, &sentence, intake);
            Standing::Unreadable
        }
        Said::Unreadable => Standing::Unreadable,
    }
}
