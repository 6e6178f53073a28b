//! The rule matrix in words: each list of the path rule by rule, what a rule matches, and what it takes.
//!
//! Computes nothing: the engine says who takes what.

use engine::{Admission, Certainty, Closer, Matrix, Row, Taken};
use model::{Action, Matches, RuleList};
use packet::{Family, PortSet, Protocol, ProtocolSet};
use serde::Serialize;

use super::saved::Where;
use crate::admission;

/// What the rules of a path take of one family.
#[derive(Debug, Serialize)]
pub(super) struct Grid {
    pub(super) family: &'static str,
    /// Whether it says anything: rules with too many cells are not taken apart.
    pub(super) whole: bool,
    pub(super) lists: Vec<List>,
    pub(super) closed: Vec<Closed>,
}

#[derive(Debug, Serialize)]
pub(super) struct List {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: &'static str,
    pub(super) rules: Vec<Rule>,
}

#[derive(Debug, Serialize)]
pub(super) struct Rule {
    pub(super) name: String,
    pub(super) priority: Option<u32>,
    pub(super) action: &'static str,
    pub(super) built_in: bool,
    pub(super) matches: String,
    pub(super) takes: Vec<Part>,
    /// Whether it lets in what is explained.
    pub(super) admits: bool,
    pub(super) provenance: Option<Where>,
}

#[derive(Debug, Serialize)]
pub(super) struct Part {
    pub(super) packets: String,
    pub(super) certainty: &'static str,
    pub(super) addresses: Option<String>,
    pub(super) sources: Vec<String>,
    pub(super) sources_more: u64,
}

#[derive(Debug, Serialize)]
pub(super) struct Closed {
    pub(super) packets: String,
    pub(super) by: Vec<String>,
}

/// What is needed to say it.
pub(super) struct Words<'a> {
    pub(super) admissions: &'a [Admission],
    pub(super) protocols: ProtocolSet,
    pub(super) place: &'a dyn Fn(&model::Rule) -> Option<Where>,
}

impl Grid {
    pub(super) fn of(family: Family, matrix: &Matrix, words: &Words<'_>) -> Self {
        let mut lists: Vec<List> = Vec::new();
        let same_list = |a: &Row, b: &Row| a.list.id == b.list.id && a.rule < b.rule;
        for rows in matrix.rows.chunk_by(same_list) {
            let Some(first) = rows.first() else { continue };
            let list = &first.list;
            let rules = rows.iter().filter_map(|row| rule(row, family, words)).collect();
            lists.push(List { id: list.id.to_string(), name: list.name.to_string(), kind: list.kind, rules });
        }
        let universe = of_family(words.protocols, family);
        let (whole, family) = (
            matrix.is_whole,
            match family {
                Family::V4 => "IPv4",
                Family::V6 => "IPv6",
            },
        );
        Self { family, whole, lists, closed: closed(matrix, universe) }
    }
}

fn rule(row: &Row, family: Family, words: &Words<'_>) -> Option<Rule> {
    let rule = row.list.rules.get(row.rule)?;
    let is_it = |by: &Admission| by.position_in(&row.list) == Some(row.rule);
    Some(Rule {
        name: rule.name.to_string(),
        priority: rule.priority,
        action: match rule.action {
            Action::Allow => "allow",
            Action::Deny => "deny",
            Action::Pass => "pass",
        },
        built_in: rule.built_in,
        matches: matches(&rule.matches, &rule.written, words.protocols),
        takes: row.takes.iter().map(|taken| part(taken, of_family(words.protocols, family))).collect(),
        admits: words.admissions.iter().any(is_it),
        provenance: (words.place)(rule),
    })
}

fn part(taken: &Taken, universe: ProtocolSet) -> Part {
    let sources = &taken.sources;
    let measures: Vec<_> = [&sources.ipv4, &sources.ipv6].into_iter().flatten().collect();
    let prefixes = measures.iter().flat_map(|measure| &measure.cidrs.prefixes).map(ToString::to_string);
    let mut addresses =
        measures.iter().filter_map(|measure| measure.addresses).map(|count| count.to_string());
    Part {
        packets: packets(taken.protocols, &taken.ports, universe),
        certainty: match taken.certainty {
            Certainty::Proved => "proved",
            Certainty::Possible => "possible",
        },
        addresses: addresses.next_back(),
        sources: prefixes.chain(sources.tags.iter().map(ToString::to_string)).collect(),
        sources_more: measures.iter().map(|measure| measure.cidrs.more).sum(),
    }
}

/// Protocols that the same things close in the same ports stand together.
fn closed(matrix: &Matrix, universe: ProtocolSet) -> Vec<Closed> {
    let mut told: Vec<(PortSet, Vec<String>, ProtocolSet)> = Vec::new();
    for closed in &matrix.closed {
        let by: Vec<String> = closed.by.iter().map(closer).collect();
        let own = ProtocolSet::only(closed.protocol);
        match told.iter_mut().find(|(ports, known, _)| *ports == closed.ports && *known == by) {
            Some((_, _, protocols)) => *protocols = protocols.union(own),
            None => told.push((closed.ports.clone(), by, own)),
        }
    }
    // People ask for ports first.
    told.sort_by_key(|(_, _, protocols)| !protocols.iter().any(Protocol::has_ports));
    let words = |(ports, by, protocols): (PortSet, Vec<String>, ProtocolSet)| Closed {
        packets: packets(protocols, &ports, universe),
        by,
    };
    told.into_iter().map(words).collect()
}

fn closer(closer: &Closer) -> String {
    match closer {
        Closer::Rule { list, rule } => named(list, *rule),
        Closer::End { list } => format!("{}, where no rule matches and what follows denies", list.name),
        Closer::Carries => "the way, which does not carry such packets".to_owned(),
        Closer::Always => "a denial that stands in no list".to_owned(),
    }
}

/// `nsg-web / allow-rdp (100)`.
fn named(list: &RuleList, rule: usize) -> String {
    let Some(rule) = list.rules.get(rule) else { return list.name.to_string() };
    format!("{} / {}", list.name, admission::numbered(&rule.name, rule.priority))
}

fn of_family(protocols: ProtocolSet, family: Family) -> ProtocolSet {
    let of = protocols.iter().filter(|protocol| protocol.is_of(family)).map(ProtocolSet::only);
    of.fold(ProtocolSet::EMPTY, ProtocolSet::union)
}

/// `tcp/22,3380-3400`, `tcp+udp/53`, `icmp`, `icmp/8,3/4`, `every protocol and port`.
fn packets(protocols: ProtocolSet, ports: &PortSet, universe: ProtocolSet) -> String {
    if protocols.is_subset(TYPED) && !ports.is_empty() && !ports.is_everything() {
        return format!("{}/{}", names(protocols.iter()), types(ports));
    }
    let every = universe.is_subset(protocols);
    let all_ports = ports.is_everything();
    match (every, all_ports || ports.is_empty()) {
        (true, true) => return "every protocol and port".to_owned(),
        (true, false) => return format!("every protocol, ports {}", ranges(ports)),
        (false, _) => {}
    }
    let with_ports = |has: bool| protocols.iter().filter(move |protocol| protocol.has_ports() == has);
    let (ported, portless) = (names(with_ports(true)), portless(protocols, universe));
    let ported = match (ported.is_empty(), all_ports) {
        (true, _) => String::new(),
        (false, true) => format!("{ported}, every port"),
        (false, false) => format!("{ported}/{}", ranges(ports)),
    };
    let both = [ported, portless].into_iter().filter(|text| !text.is_empty());
    both.collect::<Vec<_>>().join(" and ")
}

/// Those without ports; of nearly all of them, those that are not.
fn portless(protocols: ProtocolSet, universe: ProtocolSet) -> String {
    let of = |set: ProtocolSet| set.iter().filter(|protocol| !protocol.has_ports());
    let rest: Vec<Protocol> = of(universe).filter(|protocol| !protocols.contains(*protocol)).collect();
    match of(protocols).count() {
        few if few <= PROTOCOLS_MAX || few < rest.len() => names(of(protocols)),
        _ if rest.is_empty() => "every protocol without ports".to_owned(),
        _ => format!("every protocol without ports but {}", names(rest.into_iter())),
    }
}

/// `icmp+esp`; where they are many, the first and how many more.
fn names(protocols: impl Iterator<Item = Protocol>) -> String {
    let all: Vec<String> = protocols.map(|protocol| protocol.to_string()).collect();
    let (listed, more) = match all.split_at_checked(PROTOCOLS_MAX) {
        Some((listed, rest)) if !rest.is_empty() => (listed, format!(" +{} more protocols", rest.len())),
        Some(_) | None => (all.as_slice(), String::new()),
    };
    listed.join("+") + &more
}

/// What a rule matches: sources in its owner's words, everything else as it was understood.
fn matches(matches: &Matches, written: &str, universe: ProtocolSet) -> String {
    let protocols = matches.protocols.may;
    let ports = &matches.ports.may;
    let any_protocol = universe.is_subset(protocols);
    let packets = match (any_protocol, ports.is_everything()) {
        (true, true) => "any protocol and port".to_owned(),
        (true, false) => format!("any protocol, ports {}", ranges(ports)),
        (false, _) => numbered(matches),
    };
    // Among other protocols those of ICMP are told with their types behind.
    let types = match types_told(matches).filter(|_| any_protocol || !protocols.is_subset(TYPED)) {
        Some(types) => format!(", of ICMP types {types}"),
        None => String::new(),
    };
    let sources = if written.is_empty() { sources(matches) } else { written.to_owned() };
    let source_ports = &matches.source_ports.may;
    let source_ports = if source_ports.is_everything() {
        String::new()
    } else {
        format!(", source ports {}", ranges(source_ports))
    };
    let destinations = &matches.destinations.may;
    let whole = Family::BOTH.into_iter().all(|family| {
        destinations.is_empty_in(family)
            || packet::AddressSet::everything().only(family).is_subset(destinations)
    });
    let destinations = if whole { String::new() } else { format!(" to {}", prefixes(destinations)) };
    let unsure = if matches.is_exact() { "" } else { " (not all of it was understood)" };
    format!("{packets}{types} from {sources}{source_ports}{destinations}{unsure}")
}

/// The types a rule matches, where it tells them apart.
fn types_told(matches: &Matches) -> Option<String> {
    let own = &matches.types.may;
    let speaks = !matches.protocols.may.intersection(TYPED).is_empty() && !own.is_everything();
    speaks.then(|| types(own))
}

fn numbered(matches: &Matches) -> String {
    let protocols = matches.protocols.may;
    let is_typed = protocols.is_subset(TYPED);
    let numbers = if is_typed { &matches.types.may } else { &matches.ports.may };
    packets(protocols, numbers, ProtocolSet::EVERYTHING)
}

fn sources(matches: &Matches) -> String {
    let tags = matches.tags.iter().map(|tag| tag.name.to_string());
    let known = prefixes(&matches.sources.may);
    let known = if known.is_empty() { None } else { Some(known) };
    let all: Vec<_> = tags.chain(known).collect();
    if all.is_empty() { "nowhere".to_owned() } else { all.join(", ") }
}

fn prefixes(set: &packet::AddressSet) -> String {
    let universe = packet::AddressSet::everything();
    let mut listed = Vec::new();
    let mut more = 0;
    for family in Family::BOTH {
        let cover = packet::cover(set, &universe, family, PREFIXES_MAX.saturating_sub(listed.len()));
        listed.extend(cover.prefixes.iter().map(ToString::to_string));
        more += cover.more;
    }
    let more = if more == 0 { String::new() } else { format!(" +{more} more") };
    listed.join(" + ") + &more
}

fn ranges(ports: &PortSet) -> String {
    let listed: Vec<_> = ports.ranges().take(RANGES_MAX).map(|range| range.to_string()).collect();
    let cut = ports.ranges().len().saturating_sub(RANGES_MAX);
    let more = if cut == 0 { String::new() } else { format!(",+{cut}") };
    listed.join(",") + &more
}

fn types(numbers: &PortSet) -> String {
    let all = packet::types(numbers);
    let listed: Vec<_> = all.iter().take(RANGES_MAX).map(ToString::to_string).collect();
    let more = match all.len().saturating_sub(RANGES_MAX) {
        0 => String::new(),
        cut => format!(",+{cut}"),
    };
    listed.join(",") + &more
}

const TYPED: ProtocolSet = ProtocolSet::only(Protocol::ICMP).union(ProtocolSet::only(Protocol::ICMPV6));
const RANGES_MAX: usize = 12;
const PROTOCOLS_MAX: usize = 8;
const PREFIXES_MAX: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_are_told_in_one_word_where_there_is_one() {
        let of = |numbers: &[u8]| {
            numbers
                .iter()
                .fold(ProtocolSet::EMPTY, |set, &number| set.union(ProtocolSet::only(Protocol(number))))
        };
        let azure = of(&[1, 6, 17, 50, 51]);
        let every = PortSet::everything();
        assert_eq!(packets(azure, &every, azure), "every protocol and port");
        assert_eq!(packets(of(&[6]), &PortSet::only(22), azure), "tcp/22");
        assert_eq!(packets(of(&[6, 17]), &PortSet::only(53), azure), "tcp+udp/53");
        assert_eq!(packets(of(&[1]), &PortSet::empty(), azure), "icmp");
        assert_eq!(packets(of(&[1]), &PortSet::only(packet::number(8, 0)), azure), "icmp/8/0");
        assert_eq!(packets(of(&[1, 6]), &every, azure), "tcp, every port and icmp");
        assert_eq!(packets(azure, &PortSet::only(22), azure), "every protocol, ports 22");
    }
}
