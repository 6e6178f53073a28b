//! What one packet meets on one path, list by list: the answer to "who lets it in, who keeps it out".
//!
//! Built on the plain first-match loop; knows no sweep, no target, no Internet: any packet is answered.

use std::sync::Arc;

use model::{Action, Filter, Path, RuleList};
use packet::Packet;

use crate::decide::walk;
use crate::outcome::{Outcomes, all_of, any_of};

/// What a whole path says of a packet. Complete: results name these three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// It gets in whatever the unknowns are.
    Allow,
    /// Some value of the unknowns lets it in, another does not.
    Undecided,
    /// It stays out whatever the unknowns are.
    Deny,
}

impl Verdict {
    /// The word results use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Undecided => "undecided",
            Self::Deny => "deny",
        }
    }
}

/// What one list says of a packet.
#[derive(Clone, Debug)]
pub struct Layer {
    /// The list.
    pub list: Arc<RuleList>,
    /// What it says, with what is implied where none of its rules matches; `None` where that is open.
    pub verdict: Option<Action>,
    /// Positions in `list.rules` of the rule that decides: several where unknowns or a tie leave open which. None where
    /// no rule matches.
    pub rules: Vec<usize>,
    /// Whether the packet comes to this list: not where one before it has decided for good.
    pub is_reached: bool,
}

impl Layer {
    /// The word results use.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self.verdict {
            Some(Action::Allow) => "allow",
            Some(Action::Deny) => "deny",
            Some(Action::Pass) => "pass",
            None => "undecided",
        }
    }
}

/// What a packet meets on a path.
#[derive(Clone, Debug)]
pub struct Trace {
    /// What comes of it.
    pub verdict: Verdict,
    /// Every list of the path's filter, in the order a packet meets them.
    pub layers: Vec<Layer>,
}

/// Follows a packet along a path, rule by rule. The packet is as filters see it; whether the path carries it, and how
/// far it gets that it lets in, is the path's to say.
#[must_use]
pub fn trace(path: &Path, packet: &Packet) -> Trace {
    let mut layers = Vec::new();
    let outcomes = follow(&path.filter, packet, Asked { is_reached: true, implied: None }, &mut layers);
    let verdict = match (outcomes.is_allowed(), outcomes.may_be_allowed_by_pool()) {
        (true, _) => Verdict::Allow,
        (false, true) => Verdict::Undecided,
        (false, false) => Verdict::Deny,
    };
    Trace { verdict, layers }
}

/// How a part of a filter is asked.
#[derive(Clone, Copy)]
struct Asked {
    is_reached: bool,
    /// What follows at once where it passes.
    implied: Option<Action>,
}

fn follow(filter: &Filter, packet: &Packet, asked: Asked, layers: &mut Vec<Layer>) -> Outcomes {
    match filter {
        Filter::Always(action) => Outcomes::of(*action),
        Filter::FirstMatch(list) => {
            let mut rules = Vec::new();
            let outcomes = walk(list, packet, |rule| rules.push(rule)).outcomes;
            let verdict = match asked.implied {
                Some(action) if outcomes.has(Outcomes::PASS) => {
                    outcomes.without(Outcomes::PASS).or(Outcomes::of(action))
                }
                Some(_) | None => outcomes,
            };
            let verdict = verdict.certain();
            layers.push(Layer { list: Arc::clone(list), verdict, rules, is_reached: asked.is_reached });
            outcomes
        }
        Filter::Chain(stages) => {
            let mut all = Outcomes::PASS;
            for (position, stage) in stages.iter().enumerate() {
                let is_reached = asked.is_reached && all.has(Outcomes::PASS);
                let implied = match stages.get(position + 1) {
                    Some(Filter::Always(action)) => Some(*action),
                    Some(_) | None => None,
                };
                let next = follow(stage, packet, Asked { is_reached, implied }, layers);
                if all.has(Outcomes::PASS) {
                    all = all.without(Outcomes::PASS).or(next);
                }
            }
            all
        }
        Filter::AllOf(parts) => {
            let asked = Asked { implied: None, ..asked };
            all_of(parts.iter().map(|part| follow(part, packet, asked, layers)))
        }
        Filter::AnyOf(parts) => {
            let asked = Asked { implied: None, ..asked };
            any_of(parts.iter().map(|part| follow(part, packet, asked, layers)))
        }
    }
}
