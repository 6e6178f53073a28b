//! Controls of compliance frameworks that a positive answer fails, as tables: what every cloud has in common here, what
//! speaks of one cloud alone in a file of its own.
//!
//! Ids only: the texts are licensed. SRG-NET-000193 is not here although others name it: it is about denial of
//! service; SRG-NET-000202 is the one about deny by default. CISA SCuBA has no control about these filters.

mod about;
mod aws;
mod azure;
mod gcp;

pub(crate) use about::About;
pub(crate) use azure::defender;

use crate::{Control, Recommendation};

const fn control(framework: &'static str, version: &'static str, id: &'static str) -> Control {
    Control { framework, version, id, about: About::EVERYTHING }
}

/// One framework's ids of one control, by version. A wrong length does not compile.
#[expect(
    clippy::indexing_slicing,
    reason = "only the compiler calls it, and an index out of bounds does not compile"
)]
const fn all<const N: usize>(
    framework: &'static str,
    ids: &[(&'static str, &'static str)],
    about: About,
) -> [Control; N] {
    let mut all = [control("", "", ""); N];
    let mut row = 0;
    while row < ids.len() {
        let (version, id) = ids[row];
        all[row] = Control { framework, version, id, about };
        row += 1;
    }
    assert!(row == N, "as many controls as ids");
    all
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
    azure::benchmark("NS-1"),
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

/// Remote access is authorised, monitored, and not standing open.
const REMOTE_ACCESS: [Control; 5] = [
    control("ISO 27001", "2022", "A.8.21"),
    azure::benchmark("NS-3"),
    control("NIST SP 800-53", "Rev. 5", "AC-17(1)"),
    control("NIST SP 800-53", "Rev. 5", "SC-7(3)"),
    control("PCI DSS", "4.0.1", "1.2.5"),
];

/// Stored data is not directly reachable.
const STORED_DATA: [Control; 4] = [
    control("CIS Controls", "8.1", "3.3"),
    control("GDPR", "2016/679", "Art. 32"),
    azure::benchmark("NS-2"),
    control("PCI DSS", "4.0.1", "1.4.4"),
];

/// Only the services that are needed are there.
const LEAST_FUNCTION: [Control; 2] =
    [control("NIST SP 800-53", "Rev. 5", "CM-7(b)"), control("PCI DSS", "4.0.1", "1.2.5")];

/// The content of requests is filtered before what serves them.
const CONTENT_FILTERED: [Control; 3] = [
    control("CIS Controls", "8.1", "13.10"),
    azure::benchmark("NS-6"),
    control("NIST SP 800-53", "Rev. 5", "SC-7"),
];

/// Changes of networks are approved before they are made, and somebody answers for them.
const CHANGES: [Control; 3] = [
    control("ISO 27001", "2022", "A.8.32"),
    control("NIST SP 800-53", "Rev. 5", "CM-3"),
    control("PCI DSS", "4.0.1", "1.2.2"),
];

/// Who watches is not blinded.
const WATCH: [Control; 5] = [
    control("ISO 27001", "2022", "A.8.16"),
    control("NIST SP 800-53", "Rev. 5", "CM-5"),
    control("NIST SP 800-53", "Rev. 5", "SI-4"),
    control("PCI DSS", "4.0.1", "10.7.2"),
    control("SOC 2", "2017", "CC7.2"),
];

/// What happens is kept, and nobody turns that off.
const LOGS_KEPT: [Control; 7] = [
    control("CIS Controls", "8.1", "8.2"),
    control("ISO 27001", "2022", "A.8.15"),
    control("NIST SP 800-53", "Rev. 5", "AU-9"),
    control("NIST SP 800-53", "Rev. 5", "AU-12"),
    control("PCI DSS", "4.0.1", "10.2.1"),
    control("PCI DSS", "4.0.1", "10.7.2"),
    control("SOC 2", "2017", "CC7.2"),
];

/// Rules are reviewed, and what is not needed is taken away.
const REVIEWED: [Control; 4] = [
    control("ISO 27001", "2022", "A.8.9"),
    azure::benchmark("NS-7"),
    control("NIST SP 800-53", "Rev. 5", "CM-6(a)"),
    control("PCI DSS", "4.0.1", "1.2.7"),
];

/// What is asked of the lists that stand before machines, of whatever port.
const GROUPS: [Control; 32] = joined(&[
    &aws::GROUPS_REMOTE_V4,
    &aws::GROUPS_REMOTE_V6,
    &aws::GROUPS_FILES,
    &aws::HUB_GROUPS,
    &gcp::SSH,
    &gcp::RDP,
]);

/// The same, and what is asked of lists before a whole network.
const LISTS: [Control; 40] = joined(&[&GROUPS, &aws::NETWORK_LISTS_REMOTE, &aws::HUB_NETWORK_LISTS]);

/// What is asked of services that a provider runs, of whatever sources.
const SERVICES: [Control; 21] = joined(&[
    &azure::DATABASES,
    &azure::STORAGE,
    &azure::VAULTS,
    &aws::DATABASES,
    &aws::HUB_SERVICES,
    &gcp::DATABASES,
]);

pub(crate) static CONTENT: &[Control] = &joined::<4>(&[&azure::CONTENT, &CONTENT_FILTERED]);

pub(crate) static WATCHED: &[Control] = &WATCH;

pub(crate) static LOGGED: &[Control] = &LOGS_KEPT;

pub(crate) static REVIEW: &[Control] = &REVIEWED;

pub(crate) static CHANGED: &[Control] = &CHANGES;

pub(crate) static LATENT: &[Control] = &joined::<36>(&[&GROUPS, &REVIEWED]);

pub(crate) static ADMINISTRATION: &[Control] =
    &joined::<80>(&[&azure::RDP, &azure::SSH, &LISTS, &BOUNDARY, &LIMITED_SOURCES, &REMOTE_ACCESS]);

pub(crate) static DATABASE: &[Control] =
    &joined::<88>(&[&LISTS, &SERVICES, &BOUNDARY, &LIMITED_SOURCES, &STORED_DATA]);

pub(crate) static SERVICE: &[Control] =
    &joined::<88>(&[&LISTS, &SERVICES, &BOUNDARY, &LIMITED_SOURCES, &STORED_DATA]);

pub(crate) static TENANTS: &[Control] =
    &joined::<49>(&[&SERVICES, &BOUNDARY, &DENY_BY_DEFAULT, &LIMITED_SOURCES, &STORED_DATA]);

pub(crate) static ALL_PORTS: &[Control] = &joined::<89>(&[
    &azure::RDP,
    &azure::SSH,
    &azure::UDP,
    &azure::WEB,
    &LISTS,
    &BOUNDARY,
    &DENY_BY_DEFAULT,
    &LEAST_FUNCTION,
]);

pub(crate) static PORT: &[Control] =
    &joined::<97>(&[&azure::UDP, &azure::WEB, &LISTS, &SERVICES, &BOUNDARY, &LEAST_FUNCTION]);

pub(crate) static AMPLIFIER: &[Control] = &joined::<62>(&[&azure::UDP, &GROUPS, &BOUNDARY, &LEAST_FUNCTION]);

pub(crate) static SOURCES: &[Control] = &joined::<24>(&[&BOUNDARY, &DENY_BY_DEFAULT, &LIMITED_SOURCES]);

pub(crate) static NO_FILTER: &[Control] = &joined::<25>(&[&azure::SUBNETS, &BOUNDARY, &DENY_BY_DEFAULT]);

pub(crate) static BOUNDARY_ALONE: &[Control] = &BOUNDARY;

pub(crate) static DEFAULT_LIST: &[Control] = &joined::<35>(&[
    &aws::DEFAULT_GROUPS,
    &aws::HUB_DEFAULT_GROUPS,
    &gcp::DEFAULT_NETWORK,
    &BOUNDARY,
    &DENY_BY_DEFAULT,
]);

#[cfg(test)]
mod tests;
