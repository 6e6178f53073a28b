//! Maps that are only looked up in: no order of one reaches a result.
//!
//! Measured: with the hash of the standard library, look-ups were a fifth of reading an export. This one is keyed at
//! random too, so nobody can choose names that collide.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

/// A map that is only looked up in.
pub type LookupMap<K, V> = HashMap<K, V, RandomState>;
/// A set that is only looked up in.
pub type LookupSet<T> = HashSet<T, RandomState>;
