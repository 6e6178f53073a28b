//! JSON as people hand it over: several documents in one text, a wrong type in a field, a key in another letter case.
//!
//! What is not JSON is an error with its place; everything else is a value that says what it is. Knows no key.

mod inner;
mod key;
mod lenient;
mod parsed;
mod replay;
mod stream;
mod tree;
mod unknown;

pub use inner::{object_in, tree_in};
pub use key::Key;
pub use lenient::{Json, Lenient, Seed, is_cut};
pub use parsed::parsed_entries;
pub use stream::{Malformed, ReadOne, StrReader, read_stream};
pub use tree::{Node, Tree, whole_object};
pub use unknown::{Cause, Reference, Unknown};
