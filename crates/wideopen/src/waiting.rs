//! Documents that say what they mean only together with others: templates with their parameters, configurations of
//! Terraform.
//!
//! Keeps who waits. Knows no language but that Terraform's is one for every cloud.

use std::collections::{BTreeMap, BTreeSet};

use cloud::{Document, Reading, Reception};
use model::DocumentId;
use read::Text;

/// The documents that wait.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    templates: Vec<Kept>,
    configurations: Vec<Kept>,
    /// What configurations named and the user did not.
    beside: Vec<Kept>,
}

/// A document that waits.
#[derive(Clone, Copy, Debug)]
struct Kept {
    id: DocumentId,
    named: bool,
}

/// What came of a document that waited.
pub(crate) struct Settled {
    pub(crate) id: DocumentId,
    pub(crate) named: bool,
    pub(crate) reading: Reading,
}

/// How many modules and files that the user did not name are looked for.
pub(crate) const WANTED_MAX: usize = 10_000;

/// Where the documents stand.
#[derive(Clone, Copy)]
pub(crate) struct Library<'l> {
    pub(crate) paths: &'l [String],
    pub(crate) texts: &'l BTreeMap<DocumentId, Text>,
}

/// What came of configurations. Complete.
pub(crate) enum Progressed {
    /// They were read.
    Settled(Vec<Settled>),
    /// They name modules or files that may be there and were not looked for.
    Wants(Vec<String>),
}

impl Waiting {
    /// Keeps a document that has to wait; says whether it is one.
    pub(crate) fn keep(&mut self, document: &Document<'_>, named: bool, reception: &Reception) -> bool {
        let kept = Kept { id: document.id, named };
        if terraform::knows(document) {
            self.configurations.push(kept);
        } else if reception.waits(document) {
            self.templates.push(kept);
        } else {
            return false;
        }
        true
    }

    /// Keeps a document that a configuration named.
    pub(crate) fn keep_beside(&mut self, id: DocumentId) {
        self.beside.push(Kept { id, named: false });
    }

    /// Reads the templates.
    pub(crate) fn templates(&self, library: Library<'_>, reception: &mut Reception) -> Vec<Settled> {
        let readings = reception.offer_together(&library.documents(&self.templates));
        settled(self.templates.iter().zip(readings))
    }

    /// Reads the configurations, if they want nothing but what was `tried` before.
    pub(crate) fn configurations(
        &self,
        library: Library<'_>,
        tried: &BTreeSet<String>,
        reception: &mut Reception,
    ) -> Progressed {
        if self.configurations.is_empty() {
            return Progressed::Settled(Vec::new());
        }
        let inputs: Vec<terraform::Input<'_>> =
            self.configurations.iter().filter_map(|kept| library.input(kept)).collect();
        let evaluated = terraform::evaluate(&inputs, &library.documents(&self.beside));
        let wants: Vec<String> =
            evaluated.wanted.iter().filter(|wanted| !tried.contains(*wanted)).cloned().collect();
        if !wants.is_empty() && tried.len() < WANTED_MAX {
            return Progressed::Wants(wants);
        }
        let mut all = settled(self.configurations.iter().chain(&self.beside).zip(evaluated.readings));
        for configuration in &evaluated.configurations {
            let declarations = configuration.declarations();
            let Reading { resources, mut gaps, .. } = reception.declare(&declarations);
            gaps.extend(crate::elsewhere::told(&declarations));
            // Gaps know their own places; the resources are counted where the configuration begins.
            let first = configuration.documents.iter().map(|(id, _)| *id).min();
            if let Some(settled) = all.iter_mut().find(|settled| Some(settled.id) == first) {
                settled.reading.resources += resources;
                settled.reading.gaps.extend(gaps);
            }
        }
        Progressed::Settled(all)
    }
}

impl<'l> Library<'l> {
    fn document(&self, kept: &Kept) -> Option<Document<'l>> {
        let path = self.paths.get(kept.id.0 as usize)?;
        Some(Document { id: kept.id, path, text: self.texts.get(&kept.id)?.as_str() })
    }

    fn documents(&self, kept: &[Kept]) -> Vec<Document<'l>> {
        kept.iter().filter_map(|kept| self.document(kept)).collect()
    }

    fn input(&self, kept: &Kept) -> Option<terraform::Input<'l>> {
        Some(terraform::Input { document: self.document(kept)?, named: kept.named })
    }
}

fn settled<'k>(readings: impl Iterator<Item = (&'k Kept, Reading)>) -> Vec<Settled> {
    readings.map(|(kept, reading)| Settled { id: kept.id, named: kept.named, reading }).collect()
}
