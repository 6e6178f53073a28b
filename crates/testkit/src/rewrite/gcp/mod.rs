//! The same organisation of Google Cloud written otherwise, and organisations that are nearly the same.

mod equivalent;
mod near_miss;
mod packed;
mod places;
mod split;

pub use equivalent::GcpRewrite;
pub use near_miss::GcpNearMiss;
pub use packed::{Packing, packed};

use serde_json::Value;

/// The number of a rule or a route.
fn number(rule: &Value) -> i64 {
    rule["priority"].as_i64().unwrap_or_default()
}

/// Whether a rule of a policy is one that every policy ends with (G12).
fn is_predefined(rule: &Value) -> bool {
    number(rule) >= 2_147_483_548
}

/// Takes members out of an object.
fn without(object: &mut Value, keys: &[&str]) {
    object.as_object_mut().into_iter().for_each(|it| it.retain(|key, _| !keys.contains(&key.as_str())));
}
