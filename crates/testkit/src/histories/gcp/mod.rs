//! Generated histories of Google Cloud: one project with two networks, played operation by operation.
//!
//! Long operations have two entries, the first with the request, the last with how it ended. Among them are calls that are
//! refused, calls that fail at once or at the end, and reads.

mod cloud;
mod entries;
mod machine;
mod network;
mod policy;

use serde_json::Value;

use super::{Export, Happening, History, clock};
use crate::random::{Random, mix};

use cloud::Cloud;
use entries::Entries;

/// How a history is made.
#[derive(Clone, Copy, Debug)]
pub struct Made {
    /// What determines it.
    pub seed: u64,
    /// How many operations.
    pub operations: usize,
    /// Whether each event has an export of what it left.
    pub has_exports: bool,
    /// Whether some operations happen in one second.
    pub is_dense: bool,
}

/// A history of Google Cloud.
#[must_use]
pub fn gcp(made: Made) -> History {
    let mut random = Random::new(mix(made.seed ^ 0x6763_7000));
    let mut cloud = Cloud::new(&mut random);
    let before = cloud.export();
    let mut entries = Entries::default();
    let mut events = Vec::with_capacity(made.operations);
    let mut seconds = 60;
    let mut touched: Vec<String> = Vec::new();
    for _ in 0..made.operations {
        let asked = cloud.operate(&mut random);
        let is_with_last =
            made.is_dense && random.chance(10) && !touched.contains(&asked.path) && !asked.is_made_of_others;
        if is_with_last {
            touched.push(asked.path.clone());
        } else {
            seconds += 20 + random.below(600) as u64;
            touched = vec![asked.path.clone()];
        }
        let after: Option<Export> = made.has_exports.then(|| cloud.export());
        let at = clock(seconds);
        let records: Vec<Value> = entries.of(&asked, seconds, &mut random);
        events.push(Happening { records, at, after });
    }
    History { name: format!("gcp {made:?}"), before, events, after: cloud.export() }
}

/// How the Compute API begins its links.
const API: &str = "https://www.googleapis.com/compute/v1/";
/// The project of everything.
const PROJECT: &str = "projects/tailspin";

/// The path of something of the project.
fn path(collection: &str, name: &str) -> String {
    format!("{PROJECT}/{collection}/{name}")
}

fn link(path: &str) -> String {
    format!("{API}{path}")
}
