//! Expressions over rule lists: what stands between the Internet and a target.

use std::sync::Arc;

use packet::AddressSet;

use crate::{Action, Name, Provenance, Rule};

/// A list of rules read in order of rank; a packet that none matches passes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleList {
    /// The id of the resource it belongs to, in the spelling of its document.
    pub id: Name,
    /// Its name.
    pub name: Name,
    /// What kind of resource it is.
    pub kind: &'static str,
    /// Subscription, account or project; `None` when the input does not say.
    pub scope: Option<Name>,
    /// Its rules, ascending by rank.
    pub rules: Vec<Rule>,
    /// All addresses the list can stand in front of, when the input tells them all.
    pub behind: Option<Arc<AddressSet>>,
    /// Where it was read.
    pub provenance: Option<Provenance>,
}

/// A filter: an expression over rule lists. Every packet gets exactly one [`Action`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// The same action for every packet.
    Always(Action),
    /// The first rule that matches decides; without one the packet passes.
    FirstMatch(Arc<RuleList>),
    /// The first stage that does not pass decides.
    Chain(Vec<Filter>),
    /// Deny if any denies, else pass if any passes, else allow.
    AllOf(Vec<Filter>),
    /// Allow if any allows, else deny if any denies, else pass.
    AnyOf(Vec<Filter>),
}

impl Filter {
    /// Whether a part of the expression may decide before another is asked.
    #[must_use]
    pub fn has_stages(&self) -> bool {
        let is_asked = |part: &Self| !matches!(part, Self::Always(_));
        match self {
            Self::Always(_) | Self::FirstMatch(_) => false,
            Self::Chain(parts) => parts.iter().skip(1).any(is_asked) || parts.iter().any(Self::has_stages),
            Self::AllOf(parts) | Self::AnyOf(parts) => parts.iter().any(Self::has_stages),
        }
    }

    /// The lists of any of which it is enough to let a packet in, where a list is among them; itself alone where it
    /// stands in no union.
    #[must_use]
    pub fn alternatives(&self, id: &str) -> Vec<&Arc<RuleList>> {
        let is_it = |list: &&Arc<RuleList>| *list.id == *id;
        match self {
            Self::Always(_) => Vec::new(),
            Self::FirstMatch(list) => Some(list).into_iter().filter(is_it).collect(),
            Self::AnyOf(_) if self.lists().iter().any(is_it) => self.lists(),
            Self::Chain(parts) | Self::AllOf(parts) | Self::AnyOf(parts) => {
                parts.iter().flat_map(|part| part.alternatives(id)).collect()
            }
        }
    }

    /// The lists of the expression, in the order a packet meets them.
    #[must_use]
    pub fn lists(&self) -> Vec<&Arc<RuleList>> {
        let mut lists = Vec::with_capacity(8);
        self.add_lists(&mut lists);
        lists
    }

    fn add_lists<'f>(&'f self, lists: &mut Vec<&'f Arc<RuleList>>) {
        match self {
            Self::Always(_) => {}
            Self::FirstMatch(list) => lists.push(list),
            Self::Chain(parts) | Self::AllOf(parts) | Self::AnyOf(parts) => {
                parts.iter().for_each(|part| part.add_lists(lists));
            }
        }
    }
}
