//! Controls of compliance frameworks that a positive answer fails, as tables.
//!
//! Ids only: the texts are licensed. SRG-NET-000193 is not here although others name it: it is about denial of
//! service; SRG-NET-000202 is the one about deny by default. CISA SCuBA has no control about these filters.

use crate::Control;

const fn control(framework: &'static str, version: &'static str, id: &'static str) -> Control {
    Control { framework, version, id }
}

/// One table after another. A wrong length does not compile.
#[expect(
    clippy::indexing_slicing,
    reason = "only the compiler calls it, and an index out of bounds does not compile"
)]
const fn joined<const N: usize>(tables: &[&[Control]]) -> [Control; N] {
    let mut all = [control("", "", ""); N];
    let (mut table, mut length) = (0, 0);
    while table < tables.len() {
        let mut row = 0;
        while row < tables[table].len() {
            all[length] = tables[table][row];
            (row, length) = (row + 1, length + 1);
        }
        table += 1;
    }
    assert!(length == N, "the length of the whole is the sum of its parts");
    all
}

/// Traffic from outside is limited to what is needed.
const BOUNDARY: [Control; 22] = [
    control("CIS Controls", "8.1", "4.4"),
    control("CIS Controls", "8.1", "13.4"),
    control("CMMC", "2.0", "AC.L2-3.1.3"),
    control("CMMC", "2.0", "SC.L1-3.13.1"),
    control("CMMC", "2.0", "SC.L2-3.13.6"),
    control("CSA CCM", "4.0", "IVS-03"),
    control("CSA CCM", "4.0", "IVS-09"),
    control("DORA", "2022/2554", "Art. 9"),
    control("ISO 27001", "2022", "A.8.20"),
    control("ISO 27001", "2022", "A.8.22"),
    control("MCSB", "v1", "NS-1"),
    control("NIS2", "2022/2555", "Art. 21"),
    control("NIS2", "2024/2690", "6.7.2"),
    control("NIST SP 800-171", "Rev. 2", "3.13.1"),
    control("NIST SP 800-171", "Rev. 2", "3.13.6"),
    control("NIST SP 800-53", "Rev. 5", "AC-4"),
    control("NIST SP 800-53", "Rev. 5", "SC-7"),
    control("NIST SP 800-53", "Rev. 5", "SC-7(5)"),
    control("PCI DSS", "4.0", "1.4.2"),
    control("PCI DSS", "4.0.1", "1.3.1"),
    control("PCI DSS", "4.0.1", "1.4.2"),
    control("SOC 2", "2017", "CC6.6"),
];

/// A rule that names *any* where an exception was meant.
const DENY_BY_DEFAULT: [Control; 1] = [control("DISA Firewall SRG", "SV-206694r604133", "SRG-NET-000202")];

/// Sources are limited to those that are authorised.
const LIMITED_SOURCES: [Control; 1] = [control("NIST SP 800-53", "Rev. 5", "SC-7(11)")];

/// RDP and SSH from the Internet are evaluated and restricted.
const CIS_AZURE_REMOTE: [Control; 12] = [
    control("CIS Azure", "2.0", "6.1"),
    control("CIS Azure", "2.0", "6.2"),
    control("CIS Azure", "2.1", "6.1"),
    control("CIS Azure", "2.1", "6.2"),
    control("CIS Azure", "3.0", "7.1"),
    control("CIS Azure", "3.0", "7.2"),
    control("CIS Azure", "4.0", "8.1"),
    control("CIS Azure", "4.0", "8.2"),
    control("CIS Azure", "5.0", "7.1"),
    control("CIS Azure", "5.0", "7.2"),
    control("CIS Azure", "6.0", "7.1"),
    control("CIS Azure", "6.0", "7.2"),
];

/// UDP from the Internet is evaluated and restricted.
const CIS_AZURE_UDP: [Control; 6] = [
    control("CIS Azure", "2.0", "6.3"),
    control("CIS Azure", "2.1", "6.3"),
    control("CIS Azure", "3.0", "7.3"),
    control("CIS Azure", "4.0", "8.3"),
    control("CIS Azure", "5.0", "7.3"),
    control("CIS Azure", "6.0", "7.3"),
];

/// HTTP and HTTPS from the Internet are evaluated and restricted.
const CIS_AZURE_WEB: [Control; 6] = [
    control("CIS Azure", "2.0", "6.4"),
    control("CIS Azure", "2.1", "6.4"),
    control("CIS Azure", "3.0", "7.4"),
    control("CIS Azure", "4.0", "8.4"),
    control("CIS Azure", "5.0", "7.4"),
    control("CIS Azure", "6.0", "7.4"),
];

/// Remote access is authorised, monitored, and not standing open.
const REMOTE_ACCESS: [Control; 5] = [
    control("ISO 27001", "2022", "A.8.21"),
    control("MCSB", "v1", "NS-3"),
    control("NIST SP 800-53", "Rev. 5", "AC-17(1)"),
    control("NIST SP 800-53", "Rev. 5", "SC-7(3)"),
    control("PCI DSS", "4.0.1", "1.2.5"),
];

/// Stored data is not directly reachable.
const STORED_DATA: [Control; 4] = [
    control("CIS Controls", "8.1", "3.3"),
    control("GDPR", "2016/679", "Art. 32"),
    control("MCSB", "v1", "NS-2"),
    control("PCI DSS", "4.0.1", "1.4.4"),
];

/// Databases, storage and key vaults are not open to any address.
const CIS_AZURE_SERVICES: [Control; 11] = [
    control("CIS Azure", "2.0", "4.1.2"),
    control("CIS Azure", "2.1", "3.7"),
    control("CIS Azure", "2.1", "4.1.2"),
    control("CIS Azure", "3.0", "4.6"),
    control("CIS Azure", "3.0", "5.1.2"),
    control("CIS Azure", "4.0", "9.3.7"),
    control("CIS Azure", "4.0", "10.3.2.2"),
    control("CIS Azure", "5.0", "8.3.7"),
    control("CIS Azure", "5.0", "9.3.2.2"),
    control("CIS Azure", "6.0", "8.3.7"),
    control("CIS Azure", "6.0", "9.3.2.2"),
];

/// Only the services that are needed are there.
const LEAST_FUNCTION: [Control; 2] =
    [control("NIST SP 800-53", "Rev. 5", "CM-7(b)"), control("PCI DSS", "4.0.1", "1.2.5")];

/// Every subnet has a filter.
const CIS_AZURE_SUBNETS: [Control; 2] =
    [control("CIS Azure", "5.0", "7.11"), control("CIS Azure", "6.0", "7.11")];

/// The content of requests is filtered before what serves them.
pub(crate) static CONTENT: &[Control] = &[
    control("CIS Azure", "5.0", "7.10"),
    control("CIS Controls", "8.1", "13.10"),
    control("MCSB", "v1", "NS-6"),
    control("NIST SP 800-53", "Rev. 5", "SC-7"),
];

/// Rules are reviewed, and what is not needed is taken away.
pub(crate) static REVIEW: &[Control] = &[
    control("ISO 27001", "2022", "A.8.9"),
    control("MCSB", "v1", "NS-7"),
    control("NIST SP 800-53", "Rev. 5", "CM-6(a)"),
    control("PCI DSS", "4.0.1", "1.2.7"),
];

pub(crate) static ADMINISTRATION: &[Control] =
    &joined::<40>(&[&CIS_AZURE_REMOTE, &BOUNDARY, &LIMITED_SOURCES, &REMOTE_ACCESS]);

pub(crate) static DATABASE: &[Control] = &joined::<27>(&[&BOUNDARY, &LIMITED_SOURCES, &STORED_DATA]);

pub(crate) static SERVICE: &[Control] =
    &joined::<38>(&[&CIS_AZURE_SERVICES, &BOUNDARY, &LIMITED_SOURCES, &STORED_DATA]);

pub(crate) static TENANTS: &[Control] =
    &joined::<39>(&[&CIS_AZURE_SERVICES, &BOUNDARY, &DENY_BY_DEFAULT, &LIMITED_SOURCES, &STORED_DATA]);

pub(crate) static ALL_PORTS: &[Control] = &joined::<49>(&[
    &CIS_AZURE_REMOTE,
    &CIS_AZURE_UDP,
    &CIS_AZURE_WEB,
    &BOUNDARY,
    &DENY_BY_DEFAULT,
    &LEAST_FUNCTION,
]);

pub(crate) static PORT: &[Control] = &joined::<30>(&[&CIS_AZURE_WEB, &BOUNDARY, &LEAST_FUNCTION]);

pub(crate) static AMPLIFIER: &[Control] = &joined::<30>(&[&CIS_AZURE_UDP, &BOUNDARY, &LEAST_FUNCTION]);

pub(crate) static SOURCES: &[Control] = &joined::<24>(&[&BOUNDARY, &DENY_BY_DEFAULT, &LIMITED_SOURCES]);

pub(crate) static NO_FILTER: &[Control] = &joined::<25>(&[&CIS_AZURE_SUBNETS, &BOUNDARY, &DENY_BY_DEFAULT]);

pub(crate) static BOUNDARY_ALONE: &[Control] = &BOUNDARY;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::CHECKS;

    #[test]
    fn no_check_names_a_control_twice_or_one_that_does_not_fit() {
        for check in CHECKS {
            let controls: BTreeSet<_> = check.controls.iter().collect();
            assert_eq!(controls.len(), check.controls.len(), "{check:?}");
            let misfit = |id: &str| id.starts_with("SRG-NET-000193") || id.contains("SCuBA");
            assert!(!check.controls.iter().any(|c| misfit(c.id) || misfit(c.framework)), "{check:?}");
            assert!(check.controls.iter().all(|c| !c.id.is_empty() && !c.version.is_empty()), "{check:?}");
        }
    }
}
