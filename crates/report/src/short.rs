//! One line per finding, for grep and cut: severity, id, check, subject, packets, message, place; a tab between them.
//!
//! Columns are never padded, broken or left out: what a finding does not have is `-`. Where a log was read, four follow:
//! when it was opened, when it was closed, who opened it, `expected` where somebody expected it. Gaps and counts are not
//! findings; see `write_summary`.

use std::io;
use std::sync::Arc;

use check::Finding;
use engine::Cause;
use packet::{PortSet, Protocol};

use crate::history::Openings;
use crate::screen::{Screen, Tone};
use crate::visible::Grouped;
use crate::{Format, Outcome, Stream, Style};

pub(crate) const FORMAT: Format =
    Format { name: "short", extension: "txt", summary: "one line per finding, columns apart by tabs", write };

/// Nothing comes after the lines.
pub(crate) const STREAM: Stream = Stream { news: write, end: |_, _, _| Ok(()) };

fn write(outcome: &Outcome<'_>, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut screen = Screen::new(style, out);
    let openings = Openings::of(outcome);
    outcome.findings.iter().try_for_each(|finding| {
        let place = outcome.places.text(None, finding.provenance);
        let columns = [
            finding.id.clone(),
            finding.check.name.to_owned(),
            finding.subject.name.to_string(),
            packets(finding),
            finding.message.clone(),
            place.unwrap_or_else(|| "-".to_owned()),
        ];
        let columns = columns.into_iter().chain(when(&openings, finding));
        let severity = screen.line().add(Tone::Rank(finding.severity), finding.severity);
        let line = columns.fold(severity, |line, column| line.tab().plain(column));
        screen.whole(0, &line)
    })
}

/// When the opening that is told was opened and closed, and by whom; of changes the first and the last.
fn when(openings: &Openings<'_>, finding: &Finding) -> Vec<String> {
    let Some(detected) = &finding.detected else { return Vec::new() };
    let none = || "-".to_owned();
    let at = |cause: Option<&Arc<Cause>>| cause.map_or_else(none, |cause| cause.at.to_string());
    let leading = openings.rested_on(finding).first().copied();
    let first = detected.causes.first();
    let opened = match leading {
        Some(opening) => opening.opened.as_ref().or(first),
        None => first,
    };
    let closed = match leading {
        Some(opening) => opening.closed.as_ref(),
        None => detected.causes.last(),
    };
    let actor = opened.map_or_else(none, |cause| cause.actor.to_string());
    let accepted = detected.accepted.as_ref().map_or_else(none, |_| "expected".to_owned());
    vec![at(opened), at(closed), actor, accepted]
}

/// `tcp/22,3389`; `icmp/8,3/4`; `any`; what a finding that speaks of no packet is about, else `-`.
pub(crate) fn packets(finding: &Finding) -> String {
    if finding.packets.is_empty() {
        return finding.protocol.map_or_else(|| "-".to_owned(), |protocol| protocol.to_string());
    }
    let texts: Vec<_> =
        finding.packets.iter().map(|(protocol, ports)| packets_of(*protocol, ports)).collect();
    texts.join(" ")
}

fn packets_of(protocol: Option<Protocol>, ports: &PortSet) -> String {
    let Some(protocol) = protocol else { return "any".to_owned() };
    if ports.is_empty() {
        return protocol.to_string();
    }
    let all: Vec<String> = match protocol.has_types() {
        true => packet::types(ports).iter().map(ToString::to_string).collect(),
        false => ports.ranges().map(|range| range.to_string()).collect(),
    };
    let listed: Vec<_> = all.iter().take(RANGES_MAX).map(String::as_str).collect();
    let cut = all.len().saturating_sub(RANGES_MAX);
    let more = if cut == 0 { String::new() } else { format!(",+{}", Grouped(cut as u64)) };
    format!("{protocol}/{}{more}", listed.join(","))
}

const RANGES_MAX: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{estate, rendered};

    #[test]
    fn columns_are_stable() {
        let estate = estate();
        let text = rendered("short", &estate.outcome(), &Style::PLAIN);
        let expected = "critical\tWO-7F3K2M9Q\tinternet-reaches-admin-port\tnsg-web\ttcp/22\t\
            tcp/22 (SSH) open to the whole IPv4 Internet: 3,702,258,431 addresses\tnsgs.json:14\n\
            low\tWO-00000000\tshadowed-rule\tnsg-web\t-\t`old` never decides: `allow-rdp` comes before it\t-\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn colour_touches_the_severity_only() {
        let estate = estate();
        let style = Style { colour: true, width: Some(60), unicode: true };
        let text = rendered("short", &estate.outcome(), &style);
        assert!(text.starts_with("\x1b[1;31mcritical\x1b[0m\tWO-7F3K2M9Q\t"), "{text:?}");
        assert_eq!(text.lines().count(), 2, "no line is broken");
        assert_eq!(text.matches('\x1b').count(), 4);
    }

    #[test]
    fn packets_are_told_in_one_word() {
        let every_other = (0..20_u16).filter_map(|n| packet::PortRange::new(2 * n, 2 * n)).collect();
        assert_eq!(packets_of(Some(Protocol::UDP), &every_other), "udp/0,2,4,6,8,10,12,14,+12");
        assert_eq!(packets_of(Some(Protocol::ICMP), &PortSet::empty()), "icmp");
        let numbers = [packet::number(8, 0), packet::number(3, 4)].map(PortSet::only);
        let [echo, too_big] = &numbers;
        assert_eq!(packets_of(Some(Protocol::ICMP), &echo.union(too_big)), "icmp/3/4,8/0");
        assert_eq!(packets_of(Some(Protocol(99)), &PortSet::empty()), "99");
        assert_eq!(packets_of(None, &PortSet::empty()), "any");
        assert_eq!(packets_of(Some(Protocol::TCP), &PortSet::everything()), "tcp/0-65535");
    }

    #[test]
    fn without_findings_nothing_is_written() {
        let mut estate = estate();
        estate.findings.clear();
        assert_eq!(rendered("short", &estate.outcome(), &Style::PLAIN), "");
    }
}
