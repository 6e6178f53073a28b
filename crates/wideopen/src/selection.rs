//! Which findings and exposures are shown: by check, severity, target, port, scope.
//!
//! Checks, targets, ports and scopes decide what the run is about, and so its exit code; the lowest severity shown
//! only hides.

use check::{Finding, Severity};
use engine::Exposure;
use packet::{PortRange, PortSet, Protocol};

use crate::arguments;
use crate::configuration::Configuration;
use crate::exit::Fault;

/// What the user wants to see.
pub(crate) struct Selection {
    select: Vec<String>,
    skip: Vec<String>,
    severity: Option<Severity>,
    targets: Vec<String>,
    scopes: Vec<String>,
    port: Option<(PortSet, Option<Protocol>)>,
}

impl Selection {
    pub(crate) fn new(wishes: &arguments::Selection, configured: &Configuration) -> Result<Self, Fault> {
        Ok(Self {
            select: wishes.select.clone(),
            skip: wishes.skip.iter().chain(&configured.skip).cloned().collect(),
            severity: wishes.severity.or(configured.severity),
            targets: wishes.target.clone(),
            scopes: wishes.scope.clone(),
            port: wishes.port.as_deref().map(port).transpose()?,
        })
    }

    /// Whether the run is about this exposure.
    pub(crate) fn has_exposure(&self, exposure: &Exposure) -> bool {
        let target = &exposure.target;
        let named = |wish: &String| {
            [&target.name, &target.id, &target.key].into_iter().any(|name| name.eq_ignore_ascii_case(wish))
        };
        let scope =
            |wish: &String| target.scope.as_ref().is_some_and(|scope| scope.eq_ignore_ascii_case(wish));
        (self.targets.is_empty() || self.targets.iter().any(named))
            && (self.scopes.is_empty() || self.scopes.iter().any(scope))
            && self.port.as_ref().is_none_or(|(ports, protocol)| reaches(exposure, ports, *protocol))
    }

    /// Whether the run is about this finding, given the exposures it is about.
    pub(crate) fn has_finding(&self, finding: &Finding, exposures: &[Exposure]) -> bool {
        let name = finding.check.name;
        let about = |name: &str, list: &[String]| list.iter().any(|wish| wish == name);
        if about(name, &self.skip) || !(self.select.is_empty() || about(name, &self.select)) {
            return false;
        }
        if finding.exposures.is_empty() {
            let subject = |wish: &String| {
                finding.subject.name.eq_ignore_ascii_case(wish)
                    || finding.subject.id.eq_ignore_ascii_case(wish)
            };
            let scope =
                |wish: &String| finding.scope.as_ref().is_some_and(|scope| scope.eq_ignore_ascii_case(wish));
            return self.port.is_none()
                && (self.targets.is_empty() || self.targets.iter().any(subject))
                && (self.scopes.is_empty() || self.scopes.iter().any(scope));
        }
        let narrowed = !self.targets.is_empty() || !self.scopes.is_empty() || self.port.is_some();
        !narrowed || exposures.iter().any(|exposure| finding.exposures.contains(&exposure.fingerprint))
    }

    /// Whether a finding that the run is about is shown.
    pub(crate) fn shows(&self, finding: &Finding) -> bool {
        self.severity.is_none_or(|lowest| finding.severity >= lowest)
    }
}

fn reaches(exposure: &Exposure, ports: &PortSet, protocol: Option<Protocol>) -> bool {
    let Some(own) = exposure.protocol else { return true };
    own.has_ports() && protocol.is_none_or(|protocol| protocol == own) && !exposure.ports.is_disjoint(ports)
}

fn port(wish: &str) -> Result<(PortSet, Option<Protocol>), Fault> {
    let wrong =
        |why: String| Fault::Usage(format!("`--port {wish}`: {why}, expected e.g. 22, 3380-3400 or 53/udp"));
    let (ports, protocol) = match wish.split_once('/') {
        Some((ports, protocol)) => (ports, Some(protocol)),
        None => (wish, None),
    };
    let protocol = match protocol.map(str::to_ascii_lowercase).as_deref() {
        None => None,
        Some("tcp") => Some(Protocol::TCP),
        Some("udp") => Some(Protocol::UDP),
        Some("sctp") => Some(Protocol::SCTP),
        Some(other) => return Err(wrong(format!("`{other}` is no protocol with ports"))),
    };
    let ports: PortSet = ports
        .split(',')
        .map(|text| text.parse::<PortRange>().map_err(|error| wrong(error.to_string())))
        .collect::<Result<_, _>>()?;
    Ok((ports, protocol))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_read_with_and_without_protocol() {
        assert_eq!(port("22").unwrap().0, PortSet::only(22));
        assert_eq!(port("53/UDP").unwrap().1, Some(Protocol::UDP));
        for wrong in ["", "22/icmp", "22-", "/tcp", "ssh"] {
            assert!(port(wrong).is_err(), "{wrong}");
        }
    }
}
