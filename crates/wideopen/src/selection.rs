//! Which findings and exposures are shown: by check, severity, target, port, scope.
//!
//! Checks, targets, ports and scopes decide what the run is about, and so its exit code; the lowest severity shown
//! only hides.

use std::collections::BTreeSet;

use check::{Finding, Severity};
use engine::Exposure;
use model::{Snapshot, Target};
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

    /// Names the user asked for that nothing in the input has: a filter that lets nothing through must not look like
    /// nothing being open.
    pub(crate) fn unknown(&self, known: &Known) -> Vec<String> {
        let ask = |wishes: &[String], option: &str, names: &BTreeSet<String>| -> Vec<String> {
            let is_known =
                |wish: &str| names.contains(wish) || names.iter().any(|name| is_called(name, wish));
            let missing = wishes.iter().filter(|wish| !is_known(&wish.to_ascii_lowercase()));
            missing
                .map(|wish| {
                    format!("`{option} {wish}`: nothing in the input has that name{}", near(wish, names))
                })
                .collect()
        };
        let mut unknown = ask(&self.targets, "--target", &known.targets);
        unknown.extend(ask(&self.scopes, "--scope", &known.scopes));
        unknown
    }

    /// Whether the run is about this exposure.
    pub(crate) fn has_exposure(&self, exposure: &Exposure) -> bool {
        let target = &exposure.target;
        let named = |wish: &String| {
            [&target.name, &target.id, &target.key].into_iter().any(|name| is_called(name, wish))
                || is_of_machine(target, wish)
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
                [&finding.subject.name, &finding.subject.id].into_iter().any(|name| is_called(name, wish))
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

    /// The scopes of the input that the run is about.
    pub(crate) fn scopes(&self, known: &Known) -> BTreeSet<String> {
        let is_wished = |scope: &&String| {
            self.scopes.is_empty() || self.scopes.iter().any(|wish| wish.eq_ignore_ascii_case(scope))
        };
        known.scopes.iter().filter(is_wished).cloned().collect()
    }

    /// Whether a finding that the run is about is shown.
    pub(crate) fn shows(&self, finding: &Finding) -> bool {
        self.severity.is_none_or(|lowest| finding.severity >= lowest)
    }
}

/// What the input has that a filter can name, in lower case.
#[derive(Default)]
pub(crate) struct Known {
    targets: BTreeSet<String>,
    scopes: BTreeSet<String>,
}

impl Known {
    pub(crate) fn note(&mut self, snapshot: &Snapshot) {
        snapshot.targets.iter().for_each(|target| self.note_target(target));
        for list in &snapshot.lists {
            self.targets.extend([&list.name, &list.id].map(|name| name.to_ascii_lowercase()));
            self.scopes.extend(list.scope.iter().map(|scope| scope.to_ascii_lowercase()));
        }
    }

    pub(crate) fn note_target(&mut self, target: &Target) {
        self.targets.extend([&target.name, &target.id, &target.key].map(|name| name.to_ascii_lowercase()));
        for name in machines(target) {
            let last = name.rsplit('/').next().unwrap_or(name);
            self.targets.extend([name, last].map(str::to_ascii_lowercase));
        }
        self.scopes.extend(target.scope.iter().map(|scope| scope.to_ascii_lowercase()));
    }
}

/// Whether somebody calls something by a name or id of it: in any letter case, and by an id with the address of an API or
/// a page before it, as one copies it from there.
pub(crate) fn is_called(name: &str, wish: &str) -> bool {
    if name.eq_ignore_ascii_case(wish) {
        return true;
    }
    let Some(cut) = wish.len().checked_sub(name.len()).filter(|_| name.contains('/')) else { return false };
    let (Some(before), Some(end)) = (wish.get(..cut), wish.get(cut..)) else { return false };
    end.eq_ignore_ascii_case(name) && (name.starts_with('/') || before.ends_with('/'))
}

/// Whether an interface is of the machine that somebody names, by its id or the last part of it.
pub(crate) fn is_of_machine(target: &Target, wish: &str) -> bool {
    machines(target).any(|name| is_called(name, wish) || is_last(name, wish))
}

fn machines(target: &Target) -> impl Iterator<Item = &str> {
    let own = target.attributes.iter().filter(|(what, _)| MACHINES.contains(what));
    own.map(|(_, name)| &**name)
}

/// Whether somebody means the last part of an id that is a path.
pub(crate) fn is_last(id: &str, wish: &str) -> bool {
    id.rsplit_once('/').is_some_and(|(_, last)| last.eq_ignore_ascii_case(wish))
}

fn near(wish: &str, names: &BTreeSet<String>) -> String {
    let nearest = nearest(wish, names.iter().map(String::as_str));
    nearest.map(|name| format!(", did you mean `{name}`?")).unwrap_or_default()
}

/// The name that somebody may have meant; none when none is near. Letter case does not matter.
pub(crate) fn nearest<'a>(wish: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wish = wish.to_ascii_lowercase();
    let far = |name: &str| strsim::damerau_levenshtein(&wish, &name.to_ascii_lowercase());
    let (distance, name) = names.map(|name| (far(name), name)).min()?;
    (distance <= 1 + wish.len() / 3).then_some(name)
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

/// The attributes of an interface that say whose it is.
const MACHINES: [&str; 2] = ["machine", "instance"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_may_be_copied_with_what_stands_before_it() {
        let id = "projects/tailspin-prod/zones/europe-west3-a/instances/jump";
        for wish in [
            id,
            "PROJECTS/tailspin-prod/zones/europe-west3-a/instances/jump",
            "https://www.googleapis.com/compute/v1/projects/tailspin-prod/zones/europe-west3-a/instances/jump",
            "//compute.googleapis.com/projects/tailspin-prod/zones/europe-west3-a/instances/jump",
        ] {
            assert!(is_called(id, wish), "{wish}");
        }
        let azure = "/subscriptions/s/resourceGroups/rg";
        assert!(is_called(
            azure,
            "https://portal.azure.com/#@tenant/resource/subscriptions/s/resourceGroups/rg"
        ));
        for (name, wish) in [
            ("jump", "my/jump"),
            (id, "jump"),
            (id, "xprojects/tailspin-prod/zones/europe-west3-a/instances/jump"),
            ("a/é", "é/é"),
            ("", "x"),
        ] {
            assert!(!is_called(name, wish), "{name} {wish}");
        }
    }

    #[test]
    fn ports_are_read_with_and_without_protocol() {
        assert_eq!(port("22").unwrap().0, PortSet::only(22));
        assert_eq!(port("53/UDP").unwrap().1, Some(Protocol::UDP));
        for wrong in ["", "22/icmp", "22-", "/tcp", "ssh"] {
            assert!(port(wrong).is_err(), "{wrong}");
        }
    }
}
