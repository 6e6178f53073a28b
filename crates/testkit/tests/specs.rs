//! The specs hold. `UPDATE_SPECS=1` rewrites what they expect; review the difference.

use std::path::Path;

use testkit::spec::{self, run};

#[test]
fn specs_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs");
    let update = std::env::var_os("UPDATE_SPECS").is_some_and(|value| value == "1");
    let report: spec::Report = run(&folder, update);
    let spec::Report { cases, expectations, judged, abstained, .. } = report;
    let strange = &report.strange;
    println!("{cases} cases, {expectations} expectations, {judged} packets decided twice");
    println!("{abstained} packets on which the oracle abstained: it does not model {strange:?}");
    assert!(report.cases > 0 && judged > 0, "no case in {}", folder.display());
    assert!(
        report.failures.is_empty() || update,
        "{} of {} expectations fail:\n\n{}\n",
        report.failures.len(),
        report.expectations,
        report.failures.join("\n\n")
    );
}
