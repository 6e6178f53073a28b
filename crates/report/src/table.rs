//! The screen for people: every finding with its rules, a packet as proof and the next command, then the summary.
//!
//! Knows no wording of a finding: the message is the check's. What a log was judged to have done has parts of its own, in
//! `log`.

mod log;
mod times;

use std::collections::BTreeMap;
use std::io;

use check::Finding;
use core::net::IpAddr;

use engine::{Certainty, Entrance, Exposure, Fingerprint, Witness};
use model::{Destinations, Path, Reach, Target};

use crate::admission::{abridged, openers};
use crate::command::quoted;
use crate::leading::Exposures;
use crate::proof;
use crate::screen::{Line, Screen, Tone};
use crate::visible::{Grouped, counted};
use crate::{Format, Outcome, Style, summary};

pub(crate) const FORMAT: Format = Format {
    name: "table",
    extension: "txt",
    summary: "for people: findings with proof, then a summary",
    write,
};

fn write(outcome: &Outcome<'_>, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let exposures = outcome.by_fingerprint();
    let mut screen = Screen::new(style, out);
    if let Some(detected) = &outcome.detected {
        return log::write(outcome, detected, &exposures, &mut screen);
    }
    for finding in outcome.findings {
        Block::new(outcome, finding, &exposures).write(&mut screen)?;
        screen.blank()?;
    }
    summary::write(outcome, &mut screen)
}

/// One finding on the screen.
struct Block<'a> {
    outcome: &'a Outcome<'a>,
    finding: &'a Finding,
    exposures: Vec<&'a Exposure>,
    /// The one of `exposures` that is told in full.
    leading: Option<&'a Exposure>,
}

impl<'a> Block<'a> {
    fn new(
        outcome: &'a Outcome<'a>,
        finding: &'a Finding,
        exposures: &BTreeMap<Fingerprint, &'a Exposure>,
    ) -> Self {
        let Exposures { all, leading } = Exposures::of(finding, exposures);
        Self { outcome, finding, exposures: all, leading }
    }

    fn write(&self, screen: &mut Screen<'_>) -> io::Result<()> {
        self.headline(screen)?;
        self.targets(screen)?;
        for opener in openers(&self.finding.opened_by) {
            let line = screen.line().add(Tone::Strong, opener.rules).plain("   ").plain(opener.sources);
            screen.wrapped(DETAIL, DETAIL + 2, &line)?;
        }
        self.notes(screen, Vec::new())?;
        self.example(screen)?;
        self.next(screen)
    }

    /// What keeps it from being the plain case; `more` beside that.
    fn notes(&self, screen: &mut Screen<'_>, more: Vec<String>) -> io::Result<()> {
        let mut notes = self.leading.map(notes).unwrap_or_default();
        notes.extend(more);
        if !notes.is_empty() {
            let line = notes.iter().fold(screen.line(), |line, note| line.part(Tone::Plain, note));
            screen.wrapped(DETAIL, DETAIL + 2, &line)?;
        }
        Ok(())
    }

    fn headline(&self, screen: &mut Screen<'_>) -> io::Result<()> {
        let finding = self.finding;
        let severity = format!("{:8}", finding.severity.word().to_uppercase());
        let left = screen.line().add(Tone::Rank(finding.severity), severity).plain("  ");
        let left = left.add(Tone::Strong, &finding.id).plain("  ").plain(&finding.message);
        let right = match finding.targets.as_slice() {
            [] => finding.subject.name.to_string(),
            [target] => self.target(target, "  "),
            targets => counted(targets.len() as u64, "target"),
        };
        let line = left.clone().plain("      ").add(Tone::Strong, &right);
        if screen.style.width.is_none_or(|width| line.columns() <= width) {
            return screen.whole(0, &line);
        }
        screen.wrapped(0, DETAIL, &left)?;
        let right = screen.line().add(Tone::Strong, right);
        screen.wrapped(DETAIL, DETAIL + 2, &right)
    }

    /// Lists the targets where the headline has only their number.
    fn targets(&self, screen: &mut Screen<'_>) -> io::Result<()> {
        let targets = &self.finding.targets;
        if targets.len() < 2 {
            return Ok(());
        }
        let listed: Vec<_> =
            targets.iter().take(TARGETS_MAX).map(|target| self.target(target, " ")).collect();
        let cut = targets.len().saturating_sub(TARGETS_MAX);
        let more = if cut == 0 { String::new() } else { format!(" +{} more", Grouped(cut as u64)) };
        screen.wrapped(DETAIL, DETAIL + 2, &screen.line().plain(listed.join(", ")).plain(more))
    }

    /// The name of a target and the addresses it is reached at.
    fn target(&self, target: &Target, space: &str) -> String {
        let mine = self.exposures.iter().filter(|exposure| exposure.target.key == target.key);
        let seen_at = |exposure: &'_ &&Exposure| {
            let fronts = exposure.fronts.iter();
            fronts.filter_map(|entrance| seen_at(entrance, exposure)).collect::<Vec<_>>()
        };
        let mut fronts: Vec<(IpAddr, String)> = mine.flat_map(|exposure| seen_at(&exposure)).collect();
        fronts.sort();
        fronts.dedup();
        let fronts = abridged(fronts.into_iter().map(|(_, text)| text), FRONTS_MAX, 0);
        if fronts.is_empty() { target.name.to_string() } else { format!("{}{space}{fronts}", target.name) }
    }

    fn example(&self, screen: &mut Screen<'_>) -> io::Result<()> {
        let name = self.leading.map_or(&self.finding.subject.name, |exposure| &exposure.target.name);
        let example =
            self.finding.witness.as_ref().map(|witness| example(witness, name) + self.supposed(witness));
        let place = self.outcome.places.text(None, self.finding.provenance);
        let gap = if example.is_some() && place.is_some() { "          " } else { "" };
        let line: Line = screen.line().plain(example.unwrap_or_default()).plain(gap);
        let line = line.add(Tone::Faint, place.unwrap_or_default());
        if line.columns() == 0 { Ok(()) } else { screen.wrapped(DETAIL, DETAIL + 2, &line) }
    }

    /// What an example supposes: where targets are not known, one of them is made up.
    fn supposed(&self, witness: &Witness) -> &'static str {
        let paths = || self.finding.targets.iter().flat_map(|target| &target.paths);
        let is_open = |path: &Path| match &path.destinations {
            Destinations::SomeOf(set) => set.contains(witness.packet.destination),
            Destinations::These(_) | Destinations::Endpoint(_) => false,
        };
        let supposed = witness.front.is_none() && paths().any(is_open);
        if supposed { ", if that address is behind it" } else { "" }
    }

    fn next(&self, screen: &mut Screen<'_>) -> io::Result<()> {
        let Some(typed) = self.outcome.run.typed else { return Ok(()) };
        let inputs: String = typed.iter().map(|input| format!(" {}", quoted(input))).collect();
        let line = screen.line().add(Tone::Faint, "next: ");
        screen.whole(DETAIL, &line.plain(format!("wideopen explain {}{inputs}", self.finding.id)))
    }
}

/// What keeps an exposure from being the plain case, where everything is known and everybody gets in.
fn notes(exposure: &Exposure) -> Vec<String> {
    let certainty = match exposure.certainty {
        Certainty::Proved => None,
        Certainty::Possible => Some("possible: it rests on what was not understood".to_owned()),
    };
    let rentable =
        exposure.sources.rentable.then(|| "rentable: an attacker can rent an address inside".to_owned());
    let power = exposure.target.power.as_ref().map(|power| format!("power: {power}"));
    let unfiltered = exposure.passages.is_empty() && exposure.opened_by.is_empty();
    let unfiltered = unfiltered.then(|| "no filter stands in between".to_owned());
    let notes = [unfiltered, reach(exposure.reach), certainty].into_iter().flatten();
    notes.chain(rentable).chain(power).collect()
}

fn reach(reach: Reach) -> Option<String> {
    let meaning = match reach {
        Reach::Exposed => return None,
        Reach::ViaProxy => "the target's own filter sees the address of a proxy",
        Reach::OneWay => "the packet arrives, the reply does not leave",
        Reach::Admitted => "the filter lets it in; whether a path leads there is not in the input",
        Reach::Latent => "the filter lets it in; not attached, no public address, or no gateway",
    };
    Some(format!("{}: {meaning}", reach.word()))
}

/// `20.50.1.20`; `20.50.1.20:50001` where the port there is not the target's; nothing where the address is not known.
fn seen_at(entrance: &Entrance, exposure: &Exposure) -> Option<(IpAddr, String)> {
    let address = entrance.front.address?;
    let text = match (address, entrance.ports == exposure.ports) {
        (_, true) => address.to_string(),
        (IpAddr::V4(_), false) => format!("{address}:{}", entrance.ports),
        (IpAddr::V6(_), false) => format!("[{address}]:{}", entrance.ports),
    };
    Some((address, text))
}

/// `for example 8.8.8.8:50000 -> 20.50.1.20:3389`, to the front where there is one; to the name of what has no address.
fn example(witness: &Witness, name: &str) -> String {
    format!("for example {}", proof::told(witness, name))
}

/// Where details start: below the id, right of the longest severity.
const DETAIL: usize = 10;
const TARGETS_MAX: usize = 4;
const FRONTS_MAX: usize = 2;

#[cfg(test)]
mod tests {
    use core::net::SocketAddr;
    use std::sync::Arc;

    use engine::Admission;
    use model::Front;
    use packet::{PortRange, PortSet, Protocol};

    use super::*;
    use crate::sample::{Estate, any_v4, estate, list, packet, rendered, rule, target};

    fn table(estate: &Estate, style: &Style) -> String {
        rendered("table", &estate.outcome(), style)
    }

    /// The block of the first finding.
    fn block(estate: &Estate) -> String {
        let text = table(estate, &Style::PLAIN);
        text.split("\n\n").next().unwrap().to_owned()
    }

    fn change(estate: &mut Estate, edit: impl Fn(&mut Exposure)) {
        estate.exposures.iter_mut().for_each(edit);
    }

    #[test]
    fn the_first_screen() {
        let expected = "\
CRITICAL  WO-7F3K2M9Q  tcp/22 (SSH) open to the whole IPv4 Internet: 3,702,258,431 addresses      vm-web-nic  20.50.1.20
          nsg-web / allow-rdp (100)   sources 0.0.0.0/0
          for example 8.8.8.8:50000 -> 20.50.1.20:3389          nsgs.json:14
          next: wideopen explain WO-7F3K2M9Q nsgs.json 'my nics.json'

LOW       WO-00000000  `old` never decides: `allow-rdp` comes before it      nsg-web
          next: wideopen explain WO-00000000 nsgs.json 'my nics.json'

INCOMPLETE  1 gap: part of the input was not understood
  unknown-service-tag  widened: the answer may hold more than the truth
    nics.json:3  `Foo` is not known

1 critical · 1 low
assessed 1,200 of 1,200 network security groups
  subnets are not in the input; add `az network vnet list`
scope: inbound from the Internet; not egress, not between machines, not from on-premises
";
        assert_eq!(table(&estate(), &Style::PLAIN), expected);
    }

    #[test]
    fn a_narrow_terminal_breaks_lines_and_no_command() {
        let style = Style { colour: false, width: Some(60), unicode: false };
        let mut estate = estate();
        estate.findings.truncate(1);
        let expected = "\
CRITICAL  WO-7F3K2M9Q  tcp/22 (SSH) open to the whole IPv4
          Internet: 3,702,258,431 addresses
          vm-web-nic  20.50.1.20
          nsg-web / allow-rdp (100)   sources 0.0.0.0/0
          for example 8.8.8.8:50000 -> 20.50.1.20:3389
            nsgs.json:14
          next: wideopen explain WO-7F3K2M9Q nsgs.json 'my nics.json'

INCOMPLETE  1 gap: part of the input was not understood
  unknown-service-tag  widened: the answer may hold more
    than the truth
    nics.json:3  `Foo` is not known

1 critical
assessed 1,200 of 1,200 network security groups
  subnets are not in the input; add `az network vnet list`
scope: inbound from the Internet; not egress, not between
  machines, not from on-premises
";
        assert_eq!(table(&estate, &style), expected);
    }

    #[test]
    fn colour_adds_nothing_to_the_words() {
        let coloured = table(&estate(), &Style { colour: true, ..Style::PLAIN });
        assert!(
            coloured.starts_with("\x1b[1;31mCRITICAL\x1b[0m  \x1b[1mWO-7F3K2M9Q\x1b[0m  "),
            "{coloured:?}"
        );
        let codes = ["\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[1;31m", "\x1b[1;33m"];
        let bare = codes.iter().fold(coloured, |text, code| text.replace(code, ""));
        assert_eq!(bare, table(&estate(), &Style::PLAIN));
    }

    #[test]
    fn many_targets_are_listed_up_to_a_few() {
        let mut estate = estate();
        let names = (1..=1_204).map(|n| Arc::new(target(&format!("vm-{n}"))));
        estate.findings[0].targets = names.collect();
        change(&mut estate, |exposure| exposure.target = Arc::new(target("vm-2")));
        let text = block(&estate);
        assert!(text.lines().next().unwrap().ends_with("addresses      1,204 targets"), "{text}");
        assert!(text.contains("\n          vm-1, vm-2 20.50.1.20, vm-3, vm-4 +1,200 more\n"), "{text}");
    }

    #[test]
    fn what_is_not_the_plain_case_is_noted() {
        let mut estate = estate();
        let sources = engine::Sources { rentable: true, ..any_v4() };
        change(&mut estate, |exposure| {
            exposure.reach = Reach::Admitted;
            exposure.certainty = Certainty::Possible;
            exposure.sources = Arc::new(sources.clone());
            exposure.target = Arc::new(Target { power: Some("deallocated".into()), ..target("vm-web-nic") });
        });
        let notes = "admitted: the filter lets it in; whether a path leads there is not in the input · \
            possible: it rests on what was not understood · rentable: an attacker can rent an address inside · power: deallocated";
        assert!(block(&estate).contains(&format!("\n          {notes}\n")), "{}", block(&estate));
    }

    #[test]
    fn the_worst_exposure_is_told() {
        let mut estate = estate();
        let mut better = estate.exposures[0].clone();
        better.fingerprint = Fingerprint([0x01; 32]);
        better.reach = Reach::Latent;
        better.witness = None;
        estate.findings[0].exposures.insert(0, better.fingerprint);
        estate.exposures.insert(0, better);
        let text = block(&estate);
        assert!(text.contains("for example 8.8.8.8:50000") && !text.contains("latent"), "{text}");
    }

    #[test]
    fn the_exposure_of_the_rule_at_the_place_is_told_before_a_worse_one() {
        let mut estate = estate();
        let mut other = estate.exposures[0].clone();
        other.fingerprint = Fingerprint([0x01; 32]);
        other.opened_by = vec![Admission { list: list("nsg-other", vec![rule("all", 100, &[])]), rule: 0 }];
        change(&mut estate, |exposure| exposure.reach = Reach::Admitted);
        estate.findings[0].exposures.insert(0, other.fingerprint);
        estate.exposures.insert(0, other);
        let text = block(&estate);
        assert!(text.contains("nsg-web / allow-rdp (100)") && !text.contains("nsg-other"), "{text}");
    }

    #[test]
    fn without_a_filter_it_says_so() {
        let mut estate = estate();
        change(&mut estate, |exposure| {
            exposure.passages.clear();
            exposure.opened_by.clear();
        });
        assert!(block(&estate).contains("\n          no filter stands in between\n"));
    }

    #[test]
    fn examples_name_the_packet() {
        let example = |protocol, source, destination, front: Option<&str>| {
            let packet = packet(protocol, source, destination);
            let front = front.map(|front| SocketAddr::new(front.parse().unwrap(), 50_001));
            let source_ports = Arc::new(PortSet::everything());
            let witness = Witness { packet, front, target: Some(packet.destination), source_ports };
            super::example(&witness, "vm-web-nic")
        };
        let six = example(Protocol::TCP, "2600::1", "fd00::4", Some("2001:db8::1"));
        assert_eq!(six, "for example [2600::1]:50000 -> [2001:db8::1]:50001");
        let udp = example(Protocol::UDP, "8.8.8.8", "10.0.0.4", None);
        assert_eq!(udp, "for example udp 8.8.8.8:50000 -> 10.0.0.4:3389");
        assert_eq!(
            example(Protocol::ICMP, "8.8.8.8", "10.0.0.4", None),
            "for example icmp 8/0 8.8.8.8 -> 10.0.0.4"
        );
        let served = Witness {
            packet: packet(Protocol::TCP, "8.8.8.8", "0.0.0.0"),
            front: None,
            target: None,
            source_ports: Arc::new(PortSet::everything()),
        };
        assert_eq!(super::example(&served, "sql-web"), "for example 8.8.8.8:50000 -> sql-web:3389");
        let limited = |ports: &[PortRange]| {
            let source_ports = Arc::new(ports.iter().copied().collect());
            super::example(&Witness { source_ports, ..served.clone() }, "sql-web")
        };
        assert!(limited(&[PortRange::new(443, 443).unwrap()]).ends_with(":3389, only from source port 443"));
        let high = PortRange::new(1024, u16::MAX).unwrap();
        assert!(limited(&[high]).ends_with(":3389, only from source ports 1024-65535"));
    }

    #[test]
    fn an_exposure_that_was_filtered_out_leaves_the_finding() {
        let mut estate = estate();
        estate.exposures.clear();
        let expected = "\
CRITICAL  WO-7F3K2M9Q  tcp/22 (SSH) open to the whole IPv4 Internet: 3,702,258,431 addresses      vm-web-nic
          nsg-web / allow-rdp (100)   sources 0.0.0.0/0
          for example 8.8.8.8:50000 -> 20.50.1.20:3389          nsgs.json:14
          next: wideopen explain WO-7F3K2M9Q nsgs.json 'my nics.json'";
        assert_eq!(block(&estate), expected);
    }

    #[test]
    fn no_command_is_told_where_none_would_work() {
        let estate = estate();
        let mut outcome = estate.outcome();
        outcome.run.typed = None;
        assert!(!rendered("table", &outcome, &Style::PLAIN).contains("next:"));
    }

    #[test]
    fn a_front_without_an_address_is_not_told() {
        let mut estate = estate();
        let unknown = Front { id: "/ips/later".into(), address: None };
        change(&mut estate, |exposure| {
            exposure.fronts = vec![Entrance { front: unknown.clone(), ports: exposure.ports.clone() }];
        });
        assert!(block(&estate).lines().next().unwrap().ends_with("      vm-web-nic"));
    }

    /// A person sees which port to try.
    #[test]
    fn a_front_under_another_port_is_told_with_it() {
        let mut estate = estate();
        change(&mut estate, |exposure| {
            exposure.fronts[0].ports = PortSet::only(50_001);
        });
        assert!(block(&estate).lines().next().unwrap().ends_with("      vm-web-nic  20.50.1.20:50001"));
    }

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(quoted("a/b_c-1.json"), "a/b_c-1.json");
        assert_eq!(quoted("it's $HOME"), r"'it'\''s $HOME'");
        assert_eq!(quoted(""), "''");
    }
}
