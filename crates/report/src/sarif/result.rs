//! Findings as results: where, how bad, through which rules, and the way of one packet.

use std::collections::BTreeMap;

use check::{Finding, Severity};
use engine::{Cause, Expected, Exposure, Fingerprint};
use model::{Action, DocumentId, Name, Provenance, Rule, RuleList, Target};

use super::log::{
    ArtifactLocation, CodeFlow, Location, LogicalLocation, PhysicalLocation, Region, Result,
    ResultProperties, Step, Suppression, Text, ThreadFlow,
};
use super::rule::{INCOMPLETE, Rules, level};
use super::uri::uri;
use crate::history::Openings;
use crate::leading::{Exposures, passages, way};
use crate::visible::counted;
use crate::{Outcome, TARGETS_PLACED_MAX, proof, short};

/// What results are made from.
pub(super) struct Results<'a> {
    pub(super) outcome: &'a Outcome<'a>,
    pub(super) exposures: BTreeMap<Fingerprint, &'a Exposure>,
    pub(super) openings: Openings<'a>,
    /// The place of each input in the list of artifacts.
    pub(super) artifacts: BTreeMap<&'a str, usize>,
}

impl<'a> Results<'a> {
    pub(super) fn of(outcome: &'a Outcome<'a>) -> Self {
        let inputs = outcome.run.inputs.iter().enumerate().rev();
        let artifacts = inputs.map(|(place, input)| (input.path.as_str(), place)).collect();
        Self { outcome, exposures: outcome.by_fingerprint(), openings: Openings::of(outcome), artifacts }
    }

    pub(super) fn result(&self, finding: &Finding, rules: &Rules) -> Result {
        let Exposures { all: _, leading } = Exposures::of(finding, &self.exposures);
        Result {
            rule_id: finding.check.name,
            rule_index: rules.index(finding.check),
            kind: "fail",
            level: level(finding.severity),
            rank: rank(finding.severity),
            message: Text::inert(&format!("{}: {}", finding.subject.name, self.openings.said(finding))),
            suppressions: finding.accepted().map(suppression).into_iter().collect(),
            locations: vec![self.main_location(finding)],
            related_locations: self.related(finding),
            code_flows: leading.map(|exposure| self.flow(finding, exposure)).into_iter().collect(),
            partial_fingerprints: [(FINGERPRINT, finding.id.clone())].into(),
            properties: Some(self.properties(finding, leading)),
        }
    }

    /// Stands for all gaps, so that a log without findings does not look as if everything were closed.
    pub(super) fn incomplete(&self, rules: &Rules) -> Result {
        let gaps = counted(self.outcome.gaps.len() as u64, "gap");
        let text =
            format!("part of the input was not understood ({gaps}): alerts that are missing may be open");
        let place = self.outcome.gaps.iter().find_map(|gap| self.place(gap.document, gap.provenance));
        let location = Location {
            physical_location: with_line(place.or_else(|| self.any_place())),
            ..Location::default()
        };
        Result {
            rule_id: INCOMPLETE,
            rule_index: rules.incomplete(),
            kind: "fail",
            level: "error",
            rank: rank(Severity::High),
            message: Text { text },
            suppressions: Vec::new(),
            locations: vec![location],
            related_locations: Vec::new(),
            code_flows: Vec::new(),
            partial_fingerprints: [(FINGERPRINT, INCOMPLETE.to_owned())].into(),
            properties: None,
        }
    }

    pub(super) fn place(
        &self,
        document: Option<DocumentId>,
        provenance: Option<Provenance>,
    ) -> Option<PhysicalLocation> {
        let places = self.outcome.places;
        let resolved = provenance.and_then(|provenance| places.resolved.get(&provenance));
        let region = resolved.map(|place| Region { start_line: place.line.max(1) });
        let path = places.path(document, provenance).or(resolved.map(|place| place.path.as_str()))?;
        Some(PhysicalLocation { artifact_location: self.artifact(path), region })
    }

    pub(super) fn artifact(&self, path: &str) -> ArtifactLocation {
        ArtifactLocation { uri: uri(path), index: self.artifacts.get(path).copied() }
    }

    /// Code scanning takes no result without a file.
    fn any_place(&self) -> Option<PhysicalLocation> {
        let input = self.outcome.run.inputs.first()?;
        let artifact_location = self.artifact(&input.path);
        Some(PhysicalLocation { artifact_location, region: Some(Region { start_line: 1 }) })
    }

    fn main_location(&self, finding: &Finding) -> Location {
        let subject = &finding.subject;
        let place = self.place(None, finding.provenance).or_else(|| self.any_place());
        let logical = logical(&subject.id, &subject.name);
        let physical_location = with_line(place);
        Location { physical_location, logical_locations: vec![logical], ..Location::default() }
    }

    /// The other rules that let it in, then what is reached.
    fn related(&self, finding: &Finding) -> Vec<Location> {
        let rules =
            finding.opened_by.iter().filter_map(|by| Some((by.list.as_ref(), by.list.rules.get(by.rule)?)));
        let rules =
            rules.filter(|(_, rule)| rule.provenance.is_none() || rule.provenance != finding.provenance);
        let rules = rules.map(|(list, rule)| self.rule(list, rule));
        let targets = finding.targets.iter().take(TARGETS_PLACED_MAX).map(|target| self.target(target));
        let causes = finding.detected.as_ref().map(|detected| detected.causes.as_slice()).unwrap_or_default();
        let events = causes.iter().map(|cause| self.event(cause));
        let numbered = rules.chain(events).chain(targets).take(LOCATIONS_MAX).zip(1..);
        numbered.map(|(location, id)| Location { id: Some(id), ..location }).collect()
    }

    fn rule(&self, list: &RuleList, rule: &Rule) -> Location {
        let place = rule.provenance.or(list.provenance);
        let message = format!("{} / {} admits it", list.name, rule.name);
        self.step_location(place, &list.id, &list.name, &message)
    }

    fn event(&self, cause: &Cause) -> Location {
        let message = format!("{} by {} at {}", cause.operation, cause.actor, cause.at);
        self.step_location(cause.provenance, &cause.event, &cause.event, &message)
    }

    fn target(&self, target: &Target) -> Location {
        let message = format!("{} is reached", target.name);
        self.step_location(target.provenance, &target.id, &target.name, &message)
    }

    fn step_location(&self, place: Option<Provenance>, id: &Name, name: &Name, message: &str) -> Location {
        Location {
            id: None,
            physical_location: self.place(None, place),
            logical_locations: vec![logical(id, name)],
            message: Some(Text::inert(message)),
        }
    }

    /// Front, hops, filters, target: the way of one packet.
    fn flow(&self, finding: &Finding, exposure: &Exposure) -> CodeFlow {
        let path = way(exposure);
        let front = path.and_then(|path| path.front.as_ref()).map(|front| {
            let address =
                front.address.map_or_else(|| "an address".to_owned(), |address| address.to_string());
            self.step_location(None, &front.id, &front.id, &format!("the Internet sends to {address}"))
        });
        let hops = path.map(|path| path.hops.as_slice()).unwrap_or_default().iter().map(|hop| {
            let rule = hop.rule.as_ref().map(|rule| format!(" by {rule}")).unwrap_or_default();
            self.step_location(
                hop.provenance,
                &hop.id,
                &hop.name,
                &format!("{} passes it on{rule}", hop.name),
            )
        });
        let filters = passages(&finding.opened_by, exposure).map(|(list, rule)| {
            let place = rule.and_then(|rule| rule.provenance).or(list.provenance);
            let decided = decided(list, rule);
            self.step_location(place, &list.id, &list.name, &decided)
        });
        let deliver = self.target(&exposure.target);
        let steps = front.map(|location| step("enter", location)).into_iter();
        let steps = steps.chain(hops.map(|location| step("call", location)));
        let steps = steps.chain(filters.map(|location| step("branch", location)));
        let steps = steps.chain([step("danger", deliver)]).take(STEPS_MAX).collect();
        CodeFlow { thread_flows: [ThreadFlow { locations: steps }] }
    }

    fn properties(&self, finding: &Finding, leading: Option<&Exposure>) -> ResultProperties {
        let covers = leading.map(|exposure| [&exposure.sources.ipv4, &exposure.sources.ipv6]);
        let covers: Vec<_> = covers.into_iter().flatten().flatten().map(|measure| &measure.cidrs).collect();
        let prefixes = covers.iter().flat_map(|cover| &cover.prefixes).map(ToString::to_string);
        let tags = leading.map(|exposure| exposure.sources.tags.as_slice()).unwrap_or_default().iter();
        let fronts = leading.map(|exposure| exposure.fronts.as_slice()).unwrap_or_default().iter();
        let targets = finding.targets.iter().take(TARGETS_MAX).map(|target| target.id.to_string());
        let name = leading.map_or(&finding.subject.name, |exposure| &exposure.target.name);
        let opening = self.openings.rested_on(finding).first().copied();
        let opened = opening.and_then(|opening| opening.opened.as_ref());
        let opened = opened.or(finding.detected.as_ref().and_then(|detected| detected.causes.first()));
        let closed = opening.and_then(|opening| opening.closed.as_ref());
        ResultProperties {
            opened: opened.map(|cause| cause.at.to_string()),
            opened_by: opened.map(|cause| cause.actor.to_string()),
            closed: closed.map(|cause| cause.at.to_string()),
            closed_by: closed.map(|cause| cause.actor.to_string()),
            severity: finding.severity.word(),
            exposures: finding.exposures.iter().take(TARGETS_MAX).map(ToString::to_string).collect(),
            packets: short::packets(finding),
            reach: leading.map(|exposure| exposure.reach.word()),
            certainty: leading.map(|exposure| exposure.certainty.word()),
            fronts: fronts
                .filter_map(|entrance| entrance.front.address)
                .map(|address| address.to_string())
                .collect(),
            sources: prefixes.chain(tags.map(ToString::to_string)).collect(),
            sources_more: covers.iter().map(|cover| cover.more).sum(),
            targets: targets.collect(),
            targets_more: finding.targets.len().saturating_sub(TARGETS_MAX) as u64,
            witness: finding.witness.as_ref().map(|witness| proof::told(witness, name)),
        }
    }
}

fn suppression(expected: &Expected) -> Suppression {
    let justification = Text::inert(&format!("expected by {}: {}", expected.owner, expected.reason)).text;
    Suppression { kind: "external", status: "accepted", justification }
}

/// Code scanning takes no result without a line: a whole document is told at its first.
fn with_line(place: Option<PhysicalLocation>) -> Option<PhysicalLocation> {
    let first = || Some(Region { start_line: 1 });
    place.map(|place| PhysicalLocation { region: place.region.or_else(first), ..place })
}

/// What a list says of the packet. One that would keep it out is overruled, else there was no such packet.
fn decided(list: &RuleList, rule: Option<&Rule>) -> String {
    let name = &list.name;
    match rule.map(|rule| (rule.action, &rule.name)) {
        Some((Action::Allow, rule)) => format!("{name} lets it in: {rule}"),
        Some((Action::Deny, rule)) => format!("{name} would keep it out, and is overruled: {rule}"),
        Some((Action::Pass, rule)) => format!("{name} leaves it to the next: {rule}"),
        None => format!("{name} leaves it to the next"),
    }
}

fn step(kind: &'static str, location: Location) -> Step {
    Step { location, kinds: [kind] }
}

fn logical(id: &Name, name: &Name) -> LogicalLocation {
    LogicalLocation { name: name.to_string(), fully_qualified_name: id.to_string(), kind: "resource" }
}

const fn rank(severity: Severity) -> u8 {
    match severity {
        Severity::Critical => 95,
        Severity::High => 80,
        Severity::Medium => 55,
        Severity::Low => 20,
        Severity::Info => 1,
    }
}

/// What alerts follow: the id of the finding, which stays while ports, sources, rules and lines change.
const FINGERPRINT: &str = "wideopenId/v1";
/// Of 1,000 related locations that code scanning takes it shows a hundred.
const LOCATIONS_MAX: usize = 100;
const STEPS_MAX: usize = 1_000;
const TARGETS_MAX: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{list, rule};

    /// A list that an earlier one has overruled is never said to let anything in.
    #[test]
    fn what_a_list_says_is_what_its_rule_does() {
        let list = list("nsg-web", vec![]);
        let said = |action| decided(&list, Some(&Rule { action, ..rule("first", 100, &[]) }));
        assert_eq!(said(Action::Allow), "nsg-web lets it in: first");
        assert_eq!(said(Action::Deny), "nsg-web would keep it out, and is overruled: first");
        assert_eq!(said(Action::Pass), "nsg-web leaves it to the next: first");
        assert_eq!(decided(&list, None), "nsg-web leaves it to the next");
    }
}
