//! What is told of policies of which the input does not say all.

use cloud::Quoted;
use model::{Effect, Gap, Name};

use crate::lower::Lowering;
use crate::resource::command_of;

use super::book::Known;

impl Lowering<'_> {
    /// Whether something is told of something for the first time.
    pub(super) fn is_first(&mut self, what: &'static str, of: &str) -> bool {
        self.policies.told.insert((what, of.into()))
    }

    /// G14: a policy acts where it is associated, and nowhere else.
    pub(super) fn tell_unknown_association(&mut self, known: &Known<'_>) {
        if !self.is_first("association", &known.identity.key) {
            return;
        }
        let message = format!(
            "{}: what the policy is associated with is not in this export: it may be in force or not; export it with \
             `associations`",
            Quoted(&known.identity.name)
        );
        let place = known.identity.read_at.0;
        self.gaps.push(Gap::at(place, "unknown-association", Effect::Undecided, message));
    }

    pub(super) fn tell_unknown_rules(&mut self, known: &Known<'_>) {
        if !self.is_first("rules", &known.identity.key) {
            return;
        }
        let name = Quoted(&known.identity.name);
        let (code, message) = match known.is_named_only {
            true => (
                "dangling-reference",
                format!(
                    "the firewall policy {name} is not in the input: it may let in and keep out anything"
                ),
            ),
            false => (
                "missing-field",
                format!("{name}: `rules` is not in this export: the policy may let in and keep out anything"),
            ),
        };
        self.gaps.push(Gap::at(known.identity.read_at.0, code, Effect::Undecided, message));
    }

    /// Where its kind is not in the input, it is missing, which is said once.
    pub(super) fn tell_unknown_ancestry(&mut self, project: Option<&str>) {
        let Some(project) = project.filter(|_| self.has_kind("project")) else { return };
        if !self.is_first("ancestry", project) {
            return;
        }
        let message = format!(
            "which folders and organisation hold the project {} is not in the input: firewall policies of the \
             organisation may be in force or not; add `{}` and `{}`",
            Quoted(project),
            command_of("project"),
            command_of("folder")
        );
        let gap = Gap {
            document: None,
            provenance: None,
            code: "unknown-ancestry",
            effect: Effect::Undecided,
            message,
        };
        self.gaps.push(gap);
    }

    /// X1: a target has one policy of a level.
    pub(super) fn tell_several(&mut self, known: &[&Known<'_>], target: &Name) {
        let Some(first) = known.first() else { return };
        if !self.is_first(first.level.word(), &format!("{target} {}", first.identity.key)) {
            return;
        }
        let names: Vec<String> = known.iter().map(|known| Quoted(&known.identity.name).to_string()).collect();
        let message = format!(
            "{}: the policies {} are associated with it, expected one: each may be in force or not",
            Quoted(target),
            names.join(" and ")
        );
        self.gaps.push(Gap::at(first.identity.read_at.0, "several-policies", Effect::Undecided, message));
    }

    pub(super) fn tell_unknown_order(&mut self, network: Option<&Name>) {
        let Some(network) = network else { return };
        if !self.is_first("order", network) {
            return;
        }
        let message = format!(
            "{}: whether the rules of the network or its policies are asked first is not in the input; add \
             `{}`",
            Quoted(network),
            command_of("network")
        );
        let gap = Gap {
            document: None,
            provenance: None,
            code: "unknown-order",
            effect: Effect::Undecided,
            message,
        };
        self.gaps.push(gap);
    }
}
