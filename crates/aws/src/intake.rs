//! What reading one document needs beside the document: its desk, and what is shared between documents.

use core::ops::{Deref, DerefMut};

use cloud::{Desk, Pool};
use model::Name;

/// The desk at which the resources of one document are taken in.
pub(crate) struct Intake<'r, 'a> {
    pub(crate) desk: Desk<'r, 'a>,
    pub(crate) pool: &'r mut Pool,
}

impl Intake<'_, '_> {
    pub(crate) fn name(&mut self, text: &str) -> Name {
        self.pool.name(text)
    }
}

impl<'r, 'a> Deref for Intake<'r, 'a> {
    type Target = Desk<'r, 'a>;

    fn deref(&self) -> &Self::Target {
        &self.desk
    }
}

impl DerefMut for Intake<'_, '_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.desk
    }
}
