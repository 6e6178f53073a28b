//! What is known of a type of resource: where its id stands, and what becomes of what is declared.

use cloud::json::{Node, Tree};

use super::one::One;

/// A type of resource that providers declare.
pub(super) struct Row {
    /// Its type: `azurerm_subnet`.
    pub(super) kind: &'static str,
    pub(super) place: Place,
    pub(super) make: Make,
}

/// Where the id of a resource stands. Complete.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// In its resource group; the type as ids spell it.
    Group(&'static str),
    /// In its subscription: the resource group itself.
    Subscription,
    /// In another resource, under this word.
    Part(&'static Parent, &'static str),
    /// It says so itself: `parent_id` and `type`.
    Stated,
    /// It has none that anybody refers to.
    Nowhere,
}

/// The resource to which another belongs.
pub(super) struct Parent {
    /// Arguments that name it by its id.
    pub(super) ids: &'static [&'static str],
    /// Arguments that name it by its name, in the resource group of what belongs to it.
    pub(super) names: &'static [&'static str],
    /// The types that declare it; none where any may.
    pub(super) kinds: &'static [&'static str],
    /// Its type, as ids spell it.
    pub(super) path: &'static str,
}

/// What becomes of what is declared. Complete.
#[derive(Clone, Copy)]
pub(super) enum Make {
    /// Resources of their own.
    Resources(for<'s, 'a> fn(One<'s, 'a>) -> Vec<Node<'a>>),
    /// An item of a list of the resource that it belongs to; nothing where it opens and closes nothing.
    Item(Slot, &'static Parent, for<'s, 'a> fn(One<'s, 'a>) -> Option<Tree<'a>>),
    /// A resource as its interface spells it, or an item of one.
    Spelled,
    /// A correction of one.
    Corrected,
    /// Nothing: others refer to it, and that is all.
    Nothing,
}

/// A list of a resource to which others that are declared add. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    GroupRules,
    SubnetGroup,
    SubnetTable,
    TableRoutes,
    InterfaceGroup,
    InterfaceApplicationGroups,
    InterfacePools,
    InterfaceNatRules,
    InterfaceGatewayPools,
    BalancerPools,
    BalancerRules,
    BalancerNatRules,
    BalancerNatPools,
    PoolAddresses,
    FirewallNat,
    FirewallNetwork,
    IpGroupAddresses,
    ServerRanges,
    StorageRules,
    NamespaceRules,
}
