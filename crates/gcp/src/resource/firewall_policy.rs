//! Firewall policies: of an organisation or folder, of networks, of networks in one region (G10–G14).
//!
//! Knows no instance and no network: whom a policy is for is asked when it is lowered.

use cloud::{Quoted, Said, Stated};
use model::{Effect, Name};

use crate::intake::Intake;

use super::policy_rule::{PolicyRule, policy_rules};
use super::{Identity, Link, Origin};

/// A firewall policy.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FirewallPolicy {
    pub(crate) identity: Identity,
    pub(crate) level: Level,
    /// The number by which associations may name it.
    pub(crate) number: Option<Name>,
    /// The organisation or folder that a hierarchical one belongs to.
    pub(crate) parent: Option<Name>,
    /// Where it acts. Nothing: not told, which is not "nowhere".
    pub(crate) targets: Said<Vec<Link>>,
    /// Its rules for packets that come in. Nothing: not told: every policy has rules (G12).
    pub(crate) rules: Said<Vec<PolicyRule>>,
}

/// What a policy can be associated with. Complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// Organisations and folders.
    Hierarchy,
    /// Networks of its project.
    Global,
    /// Networks of its project, for what is in one region.
    Regional(Name),
}

/// A policy associated with something, told beside the policy.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PolicyAssociation {
    pub(crate) identity: Identity,
    /// The policy.
    pub(crate) policy: Link,
    /// What it is associated with.
    pub(crate) target: Link,
}

/// Rules of a policy, told beside the policy.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PolicyRules {
    pub(crate) identity: Identity,
    /// The policy.
    pub(crate) policy: Link,
    pub(crate) rules: Said<Vec<PolicyRule>>,
}

impl FirewallPolicy {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let identity = identity_of(stated, origin, intake)?;
        let level = level_of(&identity, stated, intake);
        // Policies of organisations are called by a number; people call them otherwise.
        let spoken = ["shortName", "displayName"].into_iter().find_map(|key| stated.text(key, intake).this());
        let identity = match spoken {
            Some(name) => Identity { name: intake.name(name), ..identity },
            None => identity,
        };
        let rules = policy_rules(stated, "rules", intake);
        let targets = match stated.objects("associations", intake) {
            Said::This(parts) => targets_of(&parts, &level, intake),
            // An export leaves an empty list out; where it left out the rules too, it is no whole one.
            Said::Nothing if !rules.is_nothing() && super::is_whole(stated, origin) => Said::This(Vec::new()),
            Said::Nothing => Said::Nothing,
            Said::Unreadable => Said::Unreadable,
        };
        let number = stated.text("id", intake).this().map(|number| intake.name(number));
        let parent = stated.text("parent", intake).this().map(|parent| intake.name(&Link::of(parent).path));
        Some(Self { identity, level, number, parent, targets, rules })
    }
}

/// A hierarchical policy has neither project nor region.
fn identity_of<'a>(
    stated: &Stated<'_, 'a>,
    origin: &Origin,
    intake: &mut Intake<'_, 'a>,
) -> Option<Identity> {
    let text = |key: &str, intake: &mut Intake<'_, 'a>| stated.text(key, intake).this();
    let parent = text("parent", intake).map(Link::of);
    let is_hierarchical = parent.is_some_and(|parent| {
        parent.path.starts_with("organizations/") || parent.path.starts_with("folders/")
    });
    let (link, id) = (text("selfLink", intake), text("id", intake).or(text("name", intake)));
    match (is_hierarchical && link.is_none() && origin.asset.is_none(), id) {
        (true, Some(id)) => Some(Identity::of(&format!("{HIERARCHY}{id}"), None, stated.read_at, intake)),
        _ => Identity::read(stated, "firewallPolicies", origin, intake),
    }
}

fn level_of<'a>(identity: &Identity, stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Level {
    let link = Link { path: identity.id.clone() };
    let region = stated.text("region", intake).this().map(|region| Link::of(region).name().to_owned());
    match (link.after("regions").map(str::to_owned).or(region), identity.id.starts_with(HIERARCHY)) {
        (Some(region), _) => Level::Regional(intake.name(&region)),
        (None, true) => Level::Hierarchy,
        (None, false) => Level::Global,
    }
}

/// What the associations lead to. One that does not say it makes all of them unknown.
fn targets_of<'a>(parts: &[Stated<'_, 'a>], level: &Level, intake: &mut Intake<'_, 'a>) -> Said<Vec<Link>> {
    let mut targets = Vec::with_capacity(parts.len());
    for part in parts {
        match part.text("attachmentTarget", intake) {
            Said::This(target) if level.takes(&Link::of(target)) => targets.push(Link::of(target)),
            Said::This(target) => {
                let sentence = format!(
                    "`attachmentTarget` is {}, expected {}: the policy may be in force or not",
                    Quoted(target),
                    level.targets()
                );
                part.tell("unreadable-reference", Effect::Undecided, &sentence, intake);
                return Said::Unreadable;
            }
            Said::Nothing | Said::Unreadable => return Said::Nothing,
        }
    }
    targets.sort_unstable();
    targets.dedup();
    Said::This(targets)
}

impl Level {
    /// Whether it can be associated with something of this path.
    fn takes(&self, target: &Link) -> bool {
        match self {
            Self::Hierarchy => {
                ["organizations/", "folders/"].iter().any(|root| target.path.starts_with(root))
            }
            Self::Global | Self::Regional(_) => target.after("networks").is_some(),
        }
    }

    /// One word for it.
    pub(crate) const fn word(&self) -> &'static str {
        match self {
            Self::Hierarchy => "hierarchy",
            Self::Global => "global",
            Self::Regional(_) => "regional",
        }
    }

    const fn targets(&self) -> &'static str {
        match self {
            Self::Hierarchy => "an organisation or a folder",
            Self::Global | Self::Regional(_) => "a network",
        }
    }
}

impl PolicyAssociation {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        _origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let policy = stated.text("firewallPolicyId", intake).this()?;
        let target = Link::of(stated.text("attachmentTarget", intake).this()?);
        // A network's policy is known by a number, too, which no path has.
        let policy = match target.after("networks").is_some() && super::is_number(policy) {
            true => Link::of(&format!("firewallPolicies/{policy}")),
            false => policy_link(policy),
        };
        let path = format!("{}/associations/{}", policy.path, target.path);
        let identity = Identity::of(&path, None, stated.read_at, intake);
        Some(Self { identity, policy, target })
    }
}

impl PolicyRules {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        _origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let policy = stated.text("firewallPolicy", intake).this().map(policy_link)?;
        let identity = Identity::of(&format!("{}/rules", policy.path), None, stated.read_at, intake);
        let rules = policy_rules(stated, "rules", intake);
        Some(Self { identity, policy, rules })
    }
}

/// A policy as it is named: a number alone is that of a hierarchical one.
fn policy_link(text: &str) -> Link {
    match super::is_number(text.trim()) {
        true => Link::of(&format!("{HIERARCHY}{}", text.trim())),
        false => Link::of(text),
    }
}

/// What the paths of hierarchical policies begin with.
pub(crate) const HIERARCHY: &str = "locations/global/firewallPolicies/";
