//! What audit logs say, in words that all clouds share: events, the edits of resources that they are, and the objects that
//! edits are made to.
//!
//! A cloud hears records and says what was edited, in the spelling of its exports, so that the readers of exports give an
//! edit its meaning. Knows no operation of any provider.

mod commuting;
mod edit;
mod event;
mod ledger;
mod selector;
mod spot;
mod standing;
mod swap;

pub use edit::{Act, Applied, Edit, Nature};
pub use event::{
    Actor, Announcement, Bears, Element, Event, Heard, Impairment, Outcome, Watcher, guards, keeps,
};
pub use ledger::{Edited, Items, Ledger, Object, fits};
pub use selector::Selector;
pub use spot::{Leg, Spot};
pub use standing::Standing;
pub use swap::Swap;

/// How a cloud hears its audit logs.
pub struct Trail {
    /// Keys that a record has and what wraps records has not, itself or an object directly in it: an object with one of
    /// them is never opened to look for records inside.
    pub record_keys: &'static [&'static str],
    /// Hears one JSON value of a log: a record, or what wraps several. Where it is neither, [`Heard::format`] is `None`.
    pub hear: for<'a> fn(&Element<'a>) -> Heard,
    /// Makes the changes out of all events with the same [`Event::joined_by`], which are sorted by time and id: the
    /// phases of one request, the first and the last entry of a long operation. What is told depends on the set of events
    /// alone. Never called with events that are joined by nothing.
    pub join: fn(Vec<Event>) -> Vec<Event>,
    /// The operations that are understood: of all that edit what is modelled, weaken a watcher or make one whole, the names,
    /// sorted, each once. An event names its operation so, letter case and the version of an interface in front of it aside.
    pub operations: fn() -> Vec<&'static str>,
}
