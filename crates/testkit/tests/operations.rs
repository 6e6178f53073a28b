//! The pages of `specs/detect` tell of every operation that is understood: what it does where it goes through.

use std::path::Path;

use cloud::Cloud;

fn tells_of_all(cloud: &'static Cloud) {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs/detect");
    let untold = testkit::spec::untold(&specs, cloud);
    let all = (cloud.trail.operations)().len();
    println!("{}: {} of {all} operations are told of", cloud.name, all - untold.len());
    assert!(untold.is_empty(), "no page tells of {untold:#?}");
}

#[test]
fn of_aws() {
    tells_of_all(&aws::CLOUD);
}

#[test]
fn of_azure() {
    tells_of_all(&azure::CLOUD);
}

#[test]
fn of_google_cloud() {
    tells_of_all(&gcp::CLOUD);
}
