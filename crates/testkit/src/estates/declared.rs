//! What is said of an estate that is declared, and of the same one exported: without what is only told at creation.

use crate::pipeline::lower_all;

/// What is said of some documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Each exposure by the kind and name of its target, without ids and the addresses of fronts. Sorted; what two
    /// targets of one name have is there twice.
    pub exposures: Vec<String>,
    /// The codes of gaps, with their messages, sorted.
    pub gaps: Vec<String>,
}

impl Declared {
    /// The same without targets of which `export` lacks something that a configuration tells by not having it: who a group
    /// is attached to, the rules of a service.
    #[must_use]
    pub fn known_in(mut self, export: &Self) -> Self {
        let target = |line: &str| line.split(' ').take(2).map(str::to_owned).collect::<Vec<_>>();
        let lacks = |line: &&String| {
            let is_group = line.starts_with("network-security-group ");
            line.contains(" Admitted Possible ") || is_group && line.contains(" Admitted ")
        };
        let untold: Vec<Vec<String>> =
            export.exposures.iter().filter(lacks).map(|line| target(line)).collect();
        self.exposures.retain(|line| !untold.contains(&target(line)));
        self
    }

    /// The first few things that only one of the two says.
    #[must_use]
    pub fn unlike(&self, other: &Self) -> String {
        let only = |one: &[String], other: &[String]| {
            let lines = one.iter().filter(|line| !other.contains(line)).take(3);
            lines.map(|line| line.chars().take(260).collect()).collect::<Vec<String>>()
        };
        format!(
            "lost {:#?}, new {:#?}, gaps {:#?}",
            only(&self.exposures, &other.exposures),
            only(&other.exposures, &self.exposures),
            other.gaps.iter().filter(|gap| !self.gaps.contains(gap)).take(3).collect::<Vec<_>>()
        )
    }
}

/// What is said of documents, by their names and texts.
///
/// # Panics
/// When the engine contradicts itself.
#[must_use]
pub fn declared<'a>(documents: impl IntoIterator<Item = (&'a str, &'a str)>) -> Declared {
    let (snapshots, gaps) = lower_all(documents);
    let mut exposures = Vec::new();
    for snapshot in &snapshots {
        let sink = &mut |exposure: engine::Exposure, addresses: &packet::AddressSet| {
            let engine::Exposure { target, reach, certainty, protocol, ports, sources, .. } = exposure;
            exposures.push(format!(
                "{} {} {reach:?} {certainty:?} {protocol:?} {ports} {sources:?} {addresses:?}",
                target.kind, target.name
            ));
        };
        engine::exposures(snapshot, sink).unwrap_or_else(|contradiction| panic!("{contradiction}"));
    }
    let mut gaps: Vec<String> = gaps.iter().map(|gap| format!("{} {}", gap.code, gap.message)).collect();
    exposures.sort();
    gaps.sort();
    Declared { exposures, gaps }
}
