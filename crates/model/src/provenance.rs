//! Where a fact was read.

/// The number of an input document of the run, in the order they were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentId(pub u32);

/// A place in an input document: any byte of the JSON value that states the fact.
///
/// Line and pointer are found from it when somebody asks, not before: most facts are never printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Provenance {
    /// The document.
    pub document: DocumentId,
    /// Bytes from the start of its text. The place is the innermost object or array that holds this byte.
    pub offset: u64,
}
