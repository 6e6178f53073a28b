//! Rewrites the pages of a folder.
fn main() {
    let folder = std::env::args().nth(1).unwrap();
    let report = testkit::spec::run(std::path::Path::new(&folder), true);
    println!("{} cases, {}", report.cases, report.failures.join("\n"));
}
