//! What reading one document needs beside the document: its desk, and what documents share.

/// The desk at which the resources of one document are taken in.
pub(crate) type Intake<'r, 'a> = cloud::Intake<'r, 'a, cloud::Pool>;
