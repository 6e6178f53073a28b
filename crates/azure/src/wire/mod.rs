//! Spelling: what the documents look like, and nothing of what they mean.
//!
//! A struct here mirrors an object of a document. Leaves are lenient: a wrong JSON type in a field is a value that
//! says so, and the rest of the document is still read. `null` and absent are one value, but [`Seen`] tells whether the
//! key is there; letter case of keys does not matter (az 2.5x and before spell `privateIpAddress`, later ones `privateIPAddress`); what the REST form nests
//! under `properties` and `az` flattens reads through the same struct.

mod answer;
mod element;
mod fields;
mod interface;
mod leaf;
mod network;
mod page;
mod powershell;
mod properties;
mod replay;
mod rule;
mod stream;
mod table;
mod tags;
mod wrapper;

pub(crate) use answer::{Query, Refusal};
pub(crate) use element::{Element, Sign};
pub(crate) use fields::{Fields, List, Object, Reference, Seen};
pub(crate) use interface::{IpConfiguration, Sku};
pub(crate) use leaf::{Flag, Text, Texts};
pub(crate) use network::{AddressSpace, Delegation, Peering, Route, Subnet};
pub(crate) use page::{Item, Listing};
pub(crate) use powershell::respelled;
pub(crate) use properties::{LOOKUP, is_envelope};
pub(crate) use replay::element as element_of;
pub(crate) use rule::{CONDITION, Rule, Side as RuleSide};
pub(crate) use stream::read_stream;
pub(crate) use tags::TagValue;
pub(crate) use wrapper::Wrapper;

/// What stands as `provisioningState` in a resource that is declared and not made yet. It says all that it says; what
/// else there is, it does not say.
pub(crate) const DECLARED: &str = "Declared";
