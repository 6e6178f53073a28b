//! The rules of a policy, lowered once, with whom each is for.
//!
//! Knows no class: which of the rules are for it is asked in `list`.

use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::{Quoted, Said};
use model::{Action, Effect, Gap, Matches, Name, Rule, every_type};
use packet::{Bounds, ProtocolSet};

use crate::lower::Lowering;
use crate::lower::class::{Class, Fits};
use crate::register::Register;
use crate::resource::{Audience, Identity, Link, Network, PolicyRule, Standing, Verdict, command_of};

use super::source::Senders;

/// Rules of a policy as a document has them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sheet<'e, 's> {
    /// Who the policy is; the key tells sheets apart.
    pub(super) owner: &'s Identity,
    /// Whose the policy is.
    pub(super) scope: Option<&'s Name>,
    pub(super) rules: &'e [PolicyRule],
    /// Whether the rules are those of the asked interface, whomever they say they are for.
    pub(super) are_chosen: bool,
}

/// The rules of a policy.
#[derive(Debug, Default)]
pub(super) struct Prepared<'e> {
    pub(super) entries: Vec<Entry<'e>>,
    /// What is odd about them, told where the policy is in force.
    pub(super) told: Vec<Gap>,
}

/// One rule of it.
#[derive(Debug)]
pub(super) struct Entry<'e> {
    /// What it comes to, in order.
    pub(super) rules: Vec<Rule>,
    pub(super) audience: &'e Audience,
    /// Whether it is for members of tags, too, who send from inside.
    pub(super) has_members: bool,
    /// The keys of the networks it is for; `None`: all.
    networks: Option<Vec<Name>>,
    /// The secure tags it is for, and whether they count; `None`: it asks for none.
    tags: Option<Vec<(Name, Standing)>>,
    is_chosen: bool,
}

impl<'e> Lowering<'e> {
    /// The rules of a sheet, lowered.
    pub(super) fn prepared(&mut self, sheet: Sheet<'e, '_>) -> Arc<Prepared<'e>> {
        if let Some(known) = self.policies.prepared.get(&sheet.owner.key) {
            return Arc::clone(known);
        }
        let told_before = self.gaps.len();
        self.tell_tied(sheet);
        // Every policy ends in the same rules, and what they say is said by having no match (G12).
        let has_plain_end =
            sheet.rules.iter().all(|rule| !is_predefined(rule) || rule.verdict == Verdict::GoToNext);
        let asked = sheet.rules.iter().filter(|rule| !(has_plain_end && is_predefined(rule)));
        let entries = asked.map(|rule| self.entry(rule, sheet)).collect();
        let told = self.gaps.split_off(told_before);
        let prepared = Arc::new(Prepared { entries, told });
        self.policies.prepared.insert(Arc::clone(&sheet.owner.key), Arc::clone(&prepared));
        prepared
    }

    fn entry(&mut self, rule: &'e PolicyRule, sheet: Sheet<'e, '_>) -> Entry<'e> {
        let audience = &rule.audience;
        let project = sheet.owner.project.as_deref();
        let networks = match &audience.networks {
            Said::This(links) => {
                let keys = links.iter().filter_map(|link| self.network_key(project, Some(link), None));
                let keys: Vec<Name> = keys.collect();
                self.tell_numbered(rule, &keys, sheet.owner);
                Some(keys)
            }
            Said::Nothing | Said::Unreadable => None,
        };
        let tags = match &audience.tags {
            Said::This(tags) => {
                let value = |name| self.policies.bindings.value(name);
                Some(tags.iter().map(|tag| (value(&tag.value), tag.standing)).collect())
            }
            Said::Nothing | Said::Unreadable => None,
        };
        let rules = self.lowered(rule, sheet.owner);
        let has_members = rule.source.has_members;
        Entry { rules, audience, has_members, networks, tags, is_chosen: sheet.are_chosen }
    }

    /// What a rule comes to: one rule for each product of protocols and ports, two where the provider looks into what is
    /// matched before it lets it in.
    fn lowered(&mut self, rule: &PolicyRule, owner: &Identity) -> Vec<Rule> {
        let senders = self.senders_of(rule, owner);
        let is_certain = rule.is_certain && matches!(rule.priority, Said::This(_));
        let made = |action, is_certain| self.with_action(rule, &senders, action, is_certain);
        match rule.verdict {
            Verdict::Allow => made(Action::Allow, is_certain),
            Verdict::Deny => made(Action::Deny, is_certain),
            Verdict::GoToNext => made(Action::Pass, is_certain),
            // G11: let in if the inspection finds nothing, else kept out; either way no other rule is asked.
            Verdict::Inspect => {
                let denied = made(Action::Deny, is_certain).into_iter();
                let denied =
                    denied.map(|rule| Rule { rank: rule.rank.saturating_add(1), built_in: true, ..rule });
                made(Action::Allow, false).into_iter().chain(denied).collect()
            }
            Verdict::Unreadable => {
                let denied = made(Action::Deny, false);
                made(Action::Allow, false).into_iter().chain(denied).collect()
            }
        }
    }

    fn with_action(
        &self,
        rule: &PolicyRule,
        senders: &Senders,
        action: Action,
        is_certain: bool,
    ) -> Vec<Rule> {
        let priority = if let Said::This(priority) = rule.priority { Some(priority) } else { None };
        let one = |layer4: &crate::resource::Layer4| {
            let must = if is_certain { layer4.protocols.must } else { ProtocolSet::EMPTY };
            let matches = Matches {
                protocols: Bounds::between(must, layer4.protocols.may),
                sources: senders.addresses.clone(),
                tags: senders.tags.clone(),
                source_ports: Bounds::exactly(Arc::clone(&self.common.every_port)),
                destinations: rule.destinations.clone(),
                ports: layer4.ports.clone(),
                types: every_type(),
            };
            Rule {
                name: Arc::clone(&rule.name),
                priority,
                // One whose number is not known is asked first, as one that may match and may not.
                rank: priority.map_or(0, |priority| priority.saturating_mul(2)),
                action,
                matches,
                written: Arc::clone(&rule.source.written),
                built_in: is_predefined(rule),
                provenance: Some(rule.read_at.0),
            }
        };
        rule.layer4.iter().map(one).collect()
    }

    /// Networks of a project that is known by its number alone: they may be those of a project known by its id.
    fn tell_numbered(&mut self, rule: &PolicyRule, keys: &[Name], owner: &Identity) {
        let networks = &self.estate.resources.networks;
        let of_input = || networks.iter().map(|(key, _)| key).chain(self.rules.book.networks());
        let may_be_another =
            |key: &&Name| of_input().any(|own| networks.may_be_one(&Link::from(*key), &Link::from(own)));
        if let Some(key) = keys.iter().find(may_be_another) {
            let message = format!(
                "{}: rule {}: which project the number in {} is of is not in the input: the rule may be for a network of \
                 that name; add `{}`",
                Quoted(&owner.name),
                Quoted(&rule.name),
                Quoted(key),
                command_of("project")
            );
            self.gaps.push(Gap::at(rule.read_at.0, "unknown-project", Effect::Undecided, message));
        }
    }

    /// X1: priorities are unique in a policy (G11). An input in which they are not is told; either order holds.
    fn tell_tied(&mut self, sheet: Sheet<'e, '_>) {
        let mut known: BTreeMap<u32, &PolicyRule> = BTreeMap::new();
        for rule in sheet.rules {
            let Said::This(priority) = rule.priority else { continue };
            if let Some(first) = known.insert(priority, rule) {
                let message = format!(
                    "{}: rules {} and {} have the priority {priority}, expected one: both orders are possible",
                    Quoted(&sheet.owner.name),
                    Quoted(&first.name),
                    Quoted(&rule.name)
                );
                self.gaps.push(Gap::at(rule.read_at.0, "tied-rules", Effect::Undecided, message));
            }
        }
    }
}

impl Entry<'_> {
    /// Whether the rule is for machines of a class.
    pub(super) fn fits(&self, class: &Class, known: &Register<Network>) -> Fits {
        if self.is_chosen {
            return Fits::Yes;
        }
        let network = match (&self.audience.networks, &self.networks, &class.network) {
            (Said::Nothing, ..) => Fits::Yes,
            (Said::This(_), Some(networks), Some(network)) if networks.contains(network) => Fits::Yes,
            (Said::This(_), Some(networks), Some(network))
                if networks.iter().any(|one| known.may_be_one(&Link::from(one), &Link::from(network))) =>
            {
                Fits::Maybe
            }
            (Said::This(_), Some(_), Some(_)) => Fits::No,
            (Said::This(_) | Said::Unreadable, ..) => Fits::Maybe,
        };
        let account = match &self.audience.accounts {
            Said::Nothing => Fits::Yes,
            Said::This(accounts) => Fits::any(accounts.iter().map(|account| class.has_account(account))),
            Said::Unreadable => Fits::Maybe,
        };
        let tag = match (&self.audience.tags, &self.tags) {
            (Said::Nothing, _) => Fits::Yes,
            (Said::This(_), Some(tags)) => Fits::any(tags.iter().map(|(tag, standing)| {
                let has = class.secure_tags.have(tag);
                if *standing == Standing::Unreadable && has == Fits::Yes { Fits::Maybe } else { has }
            })),
            (Said::This(_) | Said::Unreadable, _) => Fits::Maybe,
        };
        [network, account, tag].into_iter().fold(Fits::Yes, |all, one| match (all, one) {
            (Fits::No, _) | (_, Fits::No) => Fits::No,
            (Fits::Maybe, _) | (_, Fits::Maybe) => Fits::Maybe,
            (Fits::Yes, Fits::Yes) => Fits::Yes,
        })
    }

    /// Whether the rule is for everybody its policy is for.
    pub(super) fn is_for_everybody(&self) -> bool {
        let Audience { networks, accounts, tags, .. } = self.audience;
        networks.is_nothing() && accounts.is_nothing() && tags.is_nothing()
    }
}

fn is_predefined(rule: &PolicyRule) -> bool {
    matches!(rule.priority, Said::This(priority) if priority >= FIRST_PREDEFINED)
}

/// G12: rules that every policy has, each of which goes on.
const FIRST_PREDEFINED: u32 = 2_147_483_644;
