//! What was deleted by a document that says when, and is stated by one that does not.
//!
//! Either may be the older. A list prints no time, so it is believed; that it may be wrong is told.

use cloud::Quoted;
use model::{Effect, Gap};

use super::Lowering;

impl Lowering<'_> {
    pub(super) fn tell_disputed(&mut self) {
        let told = self.estate.disputed().map(|identity| {
            let message = format!(
                "{}: one document says that it was deleted, another has it and says no time: it is taken to be there",
                Quoted(&identity.id)
            );
            Gap::at(identity.read_at.0, "contradicting-documents", Effect::Undecided, message)
        });
        let told: Vec<Gap> = told.collect();
        self.gaps.extend(told);
    }
}
