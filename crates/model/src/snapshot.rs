//! Everything known at one instant.

use std::collections::BTreeMap;
use std::sync::Arc;

use packet::{AddressSet, ProtocolSet};

use crate::{Gap, Internet, RuleList, Target};

/// How much of one kind of resource was assessed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Resources whose answer is in the result.
    pub assessed: u64,
    /// Resources that were seen and not decided.
    pub not_assessed: u64,
}

/// Who sends from inside a cloud's networks: by ways that no path tells, which gateways and the lists of subnets do not
/// stand in.
#[derive(Clone, Debug)]
pub struct Inside {
    /// The addresses they may have, those among them that are numbers of the Internet too.
    pub addresses: Arc<AddressSet>,
    /// Which lists keep them out all the same.
    pub bound_by: Bound,
}

/// Which lists of a way from outside somebody inside meets too. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Those of this kind, each of which keeps out by itself what it does not let in.
    Only(&'static str),
    /// All but those of these kinds.
    AllBut(&'static [&'static str]),
}

/// Everything known of one cloud at one instant, lowered to what the engine decides on.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The cloud, in one lower-case word.
    pub cloud: &'static str,
    /// Who counts as the Internet there.
    pub internet: Arc<Internet>,
    /// Who sends from inside, where paths do not hold for them too.
    pub inside: Option<Inside>,
    /// The protocols its filters speak of; a result's `any` means all of these (semantics A12).
    pub protocols: ProtocolSet,
    /// Pools of addresses an attacker can rent from: one set for each pool (semantics I7).
    pub rentable: Vec<Arc<AddressSet>>,
    /// The targets, sorted by key, each key once.
    pub targets: Vec<Arc<Target>>,
    /// Every rule list, attached or not, once each, sorted by id.
    pub lists: Vec<Arc<RuleList>>,
    /// What was not understood while lowering.
    pub gaps: Vec<Gap>,
    /// By kind of resource.
    pub coverage: BTreeMap<&'static str, Coverage>,
    /// What the input has nothing of, each with the command that would export it. One sentence each.
    pub missing: Vec<String>,
}
