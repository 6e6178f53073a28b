//! Load balancers and their parts, inside of them or exported on their own.
//!
//! Knows what each states. Where a packet to a frontend goes is found in `lower`.

mod backend_pool;
mod balancing_rule;
mod carried;
mod frontend;
mod nat_rule;

use cloud::json::Node;
use cloud::{Said, Stated};
use model::Effect;

use crate::intake::Intake;
use crate::resource::Sku;
use crate::resource::identity::Identity;
use crate::resource::stated::OfAzure as _;

use super::Device;

pub use backend_pool::BackendPool;
pub use balancing_rule::BalancingRule;
pub use frontend::BalancerFrontend;
pub use nat_rule::NatRule;

pub(crate) use carried::Carried;
pub(crate) use frontend::Fronted;
pub(crate) use nat_rule::Translated;

/// A load balancer.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadBalancer {
    pub(crate) identity: Identity,
    /// What it lets in where no group is attached (AP7).
    pub(crate) sku: Sku,
    pub(crate) frontends: Vec<BalancerFrontend>,
    pub(crate) pools: Vec<BackendPool>,
    pub(crate) rules: Vec<BalancingRule>,
    /// Inbound translations, those for scale sets among them.
    pub(crate) nat_rules: Vec<NatRule>,
    /// Whether its document says all of that.
    pub(crate) is_complete: bool,
}

pub(crate) fn read<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed load balancer", intake);
    let owner = Owner { identity: &identity, is_projected: is_projected(&stated) };
    let frontends = owner.parts(&stated, "frontendIPConfigurations", BalancerFrontend::read, intake);
    let pools = owner.parts(&stated, "backendAddressPools", BackendPool::read, intake);
    let rules = owner.parts(&stated, "loadBalancingRules", BalancingRule::read, intake);
    let nat_rules = owner.parts(&stated, "inboundNatRules", NatRule::read, intake);
    // Balancers that no scale set uses leave this list out, projected or not.
    let for_sets = match stated.has("inboundNatPools") {
        true => owner.parts(&stated, "inboundNatPools", NatRule::read_for_sets, intake),
        false => Some(Vec::new()),
    };
    LoadBalancer {
        is_complete: frontends.is_some()
            && pools.is_some()
            && rules.is_some()
            && nat_rules.is_some()
            && for_sets.is_some(),
        sku: read_sku(&stated, intake),
        frontends: frontends.unwrap_or_default(),
        pools: pools.unwrap_or_default(),
        rules: rules.unwrap_or_default(),
        nat_rules: nat_rules.into_iter().chain(for_sets).flatten().collect(),
        identity,
    }
    .into()
}

/// The type of a part stands for the kind of its owner's list.
pub(crate) fn read_frontend<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed frontend", intake);
    BalancerFrontend::read(&stated, identity, intake).into()
}

pub(crate) fn read_pool<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed backend pool", intake);
    BackendPool::read(&stated, identity, intake).into()
}

pub(crate) fn read_rule<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed balancing rule", intake);
    BalancingRule::read(&stated, identity, intake).into()
}

pub(crate) fn read_nat_rule<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed inbound NAT rule", intake);
    NatRule::read(&stated, identity, intake).into()
}

pub(crate) fn read_nat_pool<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed inbound NAT pool", intake);
    NatRule::read_for_sets(&stated, identity, intake).into()
}

/// Whether what is absent says nothing.
fn is_projected(stated: &Stated<'_, '_>) -> bool {
    !stated.has("etag") && !stated.has("provisioningState")
}

/// AP1, AP7: `Basic` is open where no group is, every other word is not.
fn read_sku<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Sku {
    let word = match stated.object("sku", intake) {
        Said::This(sku) => sku.text("name", intake),
        Said::Nothing => Said::Nothing,
        Said::Unreadable => Said::Unreadable,
    };
    match word {
        Said::This(word) if word.eq_ignore_ascii_case("basic") => Sku::Basic,
        Said::This(word) if ["standard", "gateway"].iter().any(|known| word.eq_ignore_ascii_case(known)) => {
            Sku::Standard
        }
        Said::This(_) | Said::Nothing | Said::Unreadable => Sku::Unknown,
    }
}

/// A balancer whose parts are read.
struct Owner<'i> {
    identity: &'i Identity,
    is_projected: bool,
}

impl Owner<'_> {
    /// The parts that a list states; `None` when the document does not say all of them.
    fn parts<'n, 'a, T>(
        &self,
        stated: &Stated<'n, 'a>,
        key: &str,
        read: fn(&Stated<'n, 'a>, Identity, &mut Intake<'_, 'a>) -> T,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Vec<T>> {
        let parts = match stated.objects(key, intake) {
            Said::This(parts) => parts,
            Said::Nothing if self.is_projected && !stated.has(key) => {
                let sentence = format!("`{key}` is missing: what it holds is not known");
                stated.tell("missing-field", Effect::Undecided, &sentence, intake);
                return None;
            }
            Said::Nothing => Vec::new(),
            Said::Unreadable => return None,
        };
        let mut read_parts = Vec::with_capacity(parts.len());
        for part in &parts {
            let id = part.text("id", intake).this();
            let name = part.text("name", intake).this();
            let made = name.map(|name| format!("{}/{key}/{name}", self.identity.id));
            let id = id.or(made.as_deref());
            let identity = Identity::from_parts(id, name, None, key, part.read_at, intake);
            read_parts.push(read(part, identity, intake));
        }
        Some(read_parts)
    }
}
