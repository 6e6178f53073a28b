//! Just-in-time access: somebody asks for ports of a machine for a time, and Defender opens them.
//!
//! What Defender then writes to groups is told by events of its own; asking announces them. Writing the policies is not
//! told: what they change in groups comes as writes to these groups too.

use cloud::audit::{Announcement, Bears, Outcome};
use cloud::grammar;
use cloud::json::{Node, Tree};
use model::{Moment, Name};
use packet::{AddressSet, PortSet, Protocol, ProtocolSet};

use super::body::Content;
use super::envelope::Call;
use super::field::text;
use super::time::moment;

/// What was asked for, an announcement for each machine, port, end and set of sources.
pub(super) fn initiate(call: &Call<'_, '_>) -> Vec<Bears> {
    let asked = |content: &Content| match content {
        Content::Is(node) => announced(node, call.at()),
        Content::Nothing | Content::Unreadable(_) => Vec::new(),
    };
    let announced = Some(asked(call.response())).filter(|found| !found.is_empty());
    let mut announced = announced.unwrap_or_else(|| asked(call.request()));
    // Who was refused is told, whatever was asked for.
    if announced.is_empty() && call.outcome() == Outcome::Denied {
        announced.push(unsaid());
    }
    announced.into_iter().map(Box::new).map(Bears::Announces).collect()
}

/// What was asked for where the log does not say it: it announces nothing.
fn unsaid() -> Announcement {
    Announcement {
        targets: Vec::new(),
        within: "".into(),
        protocols: ProtocolSet::EMPTY,
        ports: PortSet::empty(),
        sources: AddressSet::empty(),
        until: Moment(0),
    }
}

fn announced(node: &Node<'_>, at: Option<Moment>) -> Vec<Announcement> {
    let mut announcements: Vec<Announcement> = Vec::new();
    for machine in objects(node, "virtualMachines") {
        let Some(id) = text(machine, &["id"]) else { continue };
        for port in objects(machine, "ports") {
            let Some(one) = announcement(port, id, at) else { continue };
            let is_beside = |known: &&mut Announcement| {
                let same = PortSet::clone(&known.ports);
                **known == Announcement { ports: same, ..one.clone() }
            };
            match announcements.iter_mut().find(is_beside) {
                Some(known) => known.ports = known.ports.union(&one.ports),
                None => announcements.push(one),
            }
        }
    }
    announcements
}

/// What is announced of one port; nothing where it cannot be read: what is then opened was not announced.
fn announcement(port: &Node<'_>, machine: &str, at: Option<Moment>) -> Option<Announcement> {
    let number: u16 = text(port, &["number"])?.parse().ok()?;
    let until = match text(port, &["endTimeUtc"]) {
        Some(end) => moment(end)?,
        None => Moment(at?.0.checked_add(duration(text(port, &["duration"])?)?)?),
    };
    Some(Announcement {
        targets: vec![Name::from(machine)],
        // What is opened is an interface, and says the name of its machine: there is one of that name in a group of
        // resources. Of an interface in another group than its machine it cannot be told.
        within: group_of(machine).into(),
        // Which of those that have ports is said in the policy; a request has ports alone.
        protocols: [Protocol::TCP, Protocol::UDP].into_iter().collect(),
        ports: PortSet::only(number),
        sources: sources(port),
        until,
    })
}

/// The group of resources that a resource is in, as its id begins.
fn group_of(id: &str) -> &str {
    let end = id.to_ascii_lowercase().find("/providers/").map_or(0, |at| at + 1);
    id.get(..end).unwrap_or_default()
}

/// The addresses that one asked for: one prefix, several with commas, or a list; a star is everybody.
fn sources(port: &Node<'_>) -> AddressSet {
    let one =
        text(port, &["allowedSourceAddressPrefix"]).into_iter().flat_map(|prefixes| prefixes.split(','));
    let listed =
        match port.own("allowedSourceAddressPrefixes").or_else(|| port.own("allowedSourceAddressPrefix")) {
            Some(Tree::List(items)) => items.as_slice(),
            _ => &[],
        };
    let listed = listed.iter().filter_map(|item| match item {
        Tree::Text(prefix) => Some(prefix.as_ref()),
        _ => None,
    });
    one.chain(listed).map(str::trim).fold(AddressSet::empty(), |sum, prefix| match prefix {
        "*" => AddressSet::everything(),
        prefix => grammar::prefix(prefix).map_or(sum.clone(), |prefix| sum.union(&AddressSet::from(prefix))),
    })
}

/// The objects of a list, or the one that PowerShell writes in its place.
fn objects<'n, 'a>(node: &'n Node<'a>, key: &str) -> Vec<&'n Node<'a>> {
    match node.own(key) {
        Some(Tree::List(items)) => items
            .iter()
            .filter_map(|item| match item {
                Tree::Object(node) => Some(node),
                _ => None,
            })
            .collect(),
        Some(Tree::Object(node)) => vec![node],
        _ => Vec::new(),
    }
}

/// The milliseconds of `PT3H30M`.
fn duration(text: &str) -> Option<i64> {
    let mut rest = text.strip_prefix("PT")?;
    let mut millis: i64 = 0;
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let (figures, behind) = rest.split_at_checked(end)?;
        let unit = match behind.chars().next()? {
            'H' => 3_600_000,
            'M' => 60_000,
            'S' => 1000,
            _ => return None,
        };
        millis = millis.checked_add(figures.parse::<i64>().ok()?.checked_mul(unit)?)?;
        rest = behind.get(1..)?;
    }
    Some(millis)
}
