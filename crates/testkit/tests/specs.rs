//! The specs hold. `UPDATE_SPECS=1` rewrites what they expect; review the difference.

use std::path::Path;

use testkit::spec::run;

#[test]
fn specs_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs");
    let update = std::env::var_os("UPDATE_SPECS").is_some_and(|value| value == "1");
    let report = run(&folder, update);
    let judged = report.judged;
    println!("{} cases, {} expectations, {judged} packets decided twice", report.cases, report.expectations);
    assert!(report.cases > 0 && judged > 0, "no case in {}", folder.display());
    assert!(
        report.failures.is_empty() || update,
        "{} of {} expectations fail:\n\n{}\n",
        report.failures.len(),
        report.expectations,
        report.failures.join("\n\n")
    );
}
