//! The twins of all that the pages of `specs/detect` tell: calls that failed are silent, calls that were refused are told
//! as refused, and neither moves what the Internet reaches.

use std::path::Path;

use cloud::Cloud;

fn twins_hold(cloud: &'static Cloud) {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs/detect");
    let law = testkit::spec::twins(&specs, cloud);
    let (mut failed, mut refused) = (0, 0);
    for (operation, twins) in &law.operations {
        println!("{} {operation}: {} failed, {} refused", cloud.name, twins.failed, twins.refused);
        failed += twins.failed;
        refused += twins.refused;
    }
    println!("{}: {} operations, {failed} failed, {refused} refused", cloud.name, law.operations.len());
    let untried: Vec<&String> = law
        .operations
        .iter()
        .filter(|(_, twins)| twins.failed == 0 || twins.refused == 0)
        .map(|(operation, _)| operation)
        .collect();
    assert!(!law.operations.is_empty() && untried.is_empty(), "without both twins: {untried:#?}");
    assert!(law.broken.is_empty(), "{} broken:\n\n{}\n", law.broken.len(), law.broken.join("\n\n"));
}

#[test]
fn of_aws() {
    twins_hold(&aws::CLOUD);
}

#[test]
fn of_azure() {
    twins_hold(&azure::CLOUD);
}

#[test]
fn of_google_cloud() {
    twins_hold(&gcp::CLOUD);
}
