//! What comes of evaluating a configuration.

use std::collections::BTreeSet;

use cloud::Declared;
use model::{DocumentId, Gap};

use super::Run;
use crate::library::Values;

/// What a configuration comes to.
pub(crate) struct Outcome<'a> {
    /// What it declares, by address.
    pub(crate) declared: Vec<Declared<'a>>,
    /// Everything it is written in, sorted by where the texts lie in memory.
    pub(crate) documents: Vec<(DocumentId, &'a str)>,
    /// What was not understood.
    pub(crate) gaps: Vec<Gap>,
    /// What would say more.
    pub(crate) wanted: BTreeSet<String>,
}

impl<'a> Run<'_, 'a> {
    pub(super) fn outcome(self, values: &[&Values<'a>], declared: Vec<Declared<'a>>) -> Outcome<'a> {
        let mut own: BTreeSet<DocumentId> = self.read.clone();
        own.extend(
            self.instances.iter().flat_map(|instance| instance.module.documents.iter().map(|(id, _)| *id)),
        );
        own.extend(values.iter().map(|values| values.document.0));
        Outcome {
            declared,
            documents: self.documents.iter().filter(|(id, _)| own.contains(id)).copied().collect(),
            gaps: self.gaps,
            wanted: self.wanted,
        }
    }
}
