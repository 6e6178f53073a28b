//! `wideopen test`: one packet, and what every layer on its way says.
//!
//! Wiring only: what becomes of the packet is the engine's to say, how it is told the report's.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};
use std::net::IpAddr;
use std::sync::Arc;

use engine::{Aim, Answer, Reason, Sent, Verdict, send};
use model::{Effect, Path, Snapshot, Target};
use packet::Protocol;
use report::Tried;

use crate::arguments::Test;
use crate::complain;
use crate::documents::Documents;
use crate::exit::{Exit, Fault};
use crate::outputs::screen_style;
use crate::progress::Progress;
use crate::selection::{is_called, is_last, is_of_machine, nearest};

/// Runs the verb.
pub(crate) fn run(request: &Test) -> Result<Exit, Fault> {
    let wish = Wish::of(request)?;
    let (configuration, mistaken) = request.beside.configuration(&request.inputs);
    let progress = Progress::new(request.quiet);
    let catalogues = request.beside.catalogues(&configuration);
    let mut documents = Documents::read(&request.inputs, &catalogues, &mut io::stdin().lock(), &progress);
    let snapshots: Vec<Snapshot> = documents.take_snapshots(configuration.thresholds).collect();
    drop(progress);
    let gaps = || documents.gaps.iter().chain(snapshots.iter().flat_map(|snapshot| &snapshot.gaps));
    for gap in gaps().filter(|gap| gap.effect == Effect::Skipped).take(COMPLAINTS_MAX) {
        complain(&gap.message);
    }
    let (snapshot, targets, is_front) = aimed_at(&snapshots, &request.to)?;
    let sent = wish.sent(is_front);
    let unread: Vec<String> =
        gaps().filter(|gap| may_hide(gap.effect)).map(|gap| gap.message.clone()).collect();
    let answer = send(snapshot, &targets, &sent);
    let answer = if unread.is_empty() { answer } else { answer.in_unread() };
    let places = documents.places(&report::rules_at(&answer));
    let tried = Tried {
        sent: &sent,
        to: &request.to,
        is_internet: snapshot.internet.addresses().contains(sent.source),
        answer: &answer,
        gaps: gaps().count() as u64,
        unread: if answer.reason == Reason::Unread { &unread } else { &[] },
        missing: &snapshot.missing,
        places: &places,
    };
    let misused = mistaken || documents.named_missing;
    let exit = if misused { Exit::Usage } else { exit(&answer) };
    print(request, &tried, exit)
}

/// Whether what was not understood may hold a way in that no bound speaks of. What is undecided is in the bounds of the
/// filters and paths it is about; what is widened is less open than it is told.
const fn may_hide(effect: Effect) -> bool {
    match effect {
        Effect::Skipped | Effect::Narrowed => true,
        Effect::Undecided | Effect::Widened => false,
    }
}

const fn exit(answer: &Answer<'_>) -> Exit {
    match answer.verdict {
        Verdict::Allow => Exit::Clean,
        Verdict::Deny => Exit::Findings,
        Verdict::Undecided => Exit::Incomplete,
    }
}

fn print(request: &Test, tried: &Tried<'_>, exit: Exit) -> Result<Exit, Fault> {
    let format = report::TEST_FORMATS.iter().find(|format| format.name == request.format);
    let Some(format) = format else {
        return Err(Fault::Usage(format!("there is no format `{}` of `test`", request.format)));
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let written = (format.write)(tried, &screen_style(request.color), &mut out).and_then(|()| out.flush());
    written.map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Fault::ReaderGone(exit),
        _ => Fault::Unwritten("standard output".to_owned(), error),
    })?;
    Ok(exit)
}

/// What the user wants to send.
struct Wish {
    protocol: Protocol,
    source: IpAddr,
    source_port: Option<u16>,
    port: u16,
    /// Where it is sent, when that is an address.
    address: Option<IpAddr>,
}

impl Wish {
    fn of(request: &Test) -> Result<Self, Fault> {
        let (protocol, port) = port(&request.port)?;
        if let Some(source_port) = request.source_port.filter(|_| !protocol.has_ports()) {
            return Err(Fault::Usage(format!("`--source-port {source_port}`: {protocol} has no ports")));
        }
        let (source, source_port) = (request.from, request.source_port);
        Ok(Self { protocol, source, source_port, port, address: request.to.parse().ok() })
    }

    fn sent(&self, front: Option<IpAddr>) -> Sent {
        let aim = match front.or(self.address) {
            Some(address) => Aim::Front(address, self.port),
            None => Aim::Port(self.port),
        };
        Sent { protocol: self.protocol, source: self.source, source_port: self.source_port, aim }
    }
}

/// `3389/tcp`, `3389`, `53/udp`, `icmp`, `icmp:3/4`, and for protocols without a name of ours `/89`.
fn port(wish: &str) -> Result<(Protocol, u16), Fault> {
    let wrong = |why: &str| {
        Fault::Usage(format!(
            "`--port {wish}`: {why}, expected e.g. 3389/tcp, 53/udp, icmp, icmp:3/4, esp or /89"
        ))
    };
    if let Some((name, of_type)) = wish.split_once(':') {
        let name = name.trim();
        let protocol = protocol(name).ok_or_else(|| wrong(&format!("`{name}` is no protocol")))?;
        if !protocol.has_types() {
            return Err(wrong(&format!("{protocol} has no types")));
        }
        let number =
            type_and_code(of_type).ok_or_else(|| wrong(&format!("`{of_type}` is no type and code")))?;
        return Ok((protocol, number));
    }
    let (number, name) = match wish.split_once('/') {
        Some((number, name)) => (number.trim(), name.trim()),
        None if wish.bytes().next().is_some_and(|first| first.is_ascii_digit()) => (wish.trim(), "tcp"),
        None => ("", wish.trim()),
    };
    let protocol = protocol(name).ok_or_else(|| wrong(&format!("`{name}` is no protocol")))?;
    match (protocol.has_ports(), number) {
        (true, "") => Err(wrong(&format!("{protocol} needs a port"))),
        // People who say no type mean ping.
        (false, "") => Ok((protocol, protocol.echo_request().unwrap_or(0))),
        (false, _) => Err(wrong(&format!("{protocol} has no ports"))),
        (true, number) => {
            let is_plain = number.bytes().all(|byte| byte.is_ascii_digit());
            let parsed = number.parse().ok().filter(|_| is_plain);
            Ok((protocol, parsed.ok_or_else(|| wrong(&format!("`{number}` is no port")))?))
        }
    }
}

/// `8`, `3/4`: type and code, code 0 where none is said.
fn type_and_code(text: &str) -> Option<u16> {
    let (of_type, code) = text.split_once('/').unwrap_or((text, "0"));
    let byte = |text: &str| {
        let text = text.trim();
        text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
    };
    Some(packet::number(byte(of_type)?, byte(code)?))
}

/// A protocol by its name or number.
fn protocol(name: &str) -> Option<Protocol> {
    let named = (0..=u8::MAX).map(Protocol);
    let mut named = named.filter(|protocol| protocol.to_string().eq_ignore_ascii_case(name));
    named.next().or_else(|| name.parse().ok().map(Protocol))
}

/// The targets a packet is for, and the address it is sent to where they are named by that.
type Aimed<'a> = (&'a Snapshot, Vec<&'a Arc<Target>>, Option<IpAddr>);

fn aimed_at<'a>(snapshots: &'a [Snapshot], to: &str) -> Result<Aimed<'a>, Fault> {
    let everything = || {
        let of = |snapshot: &'a Snapshot| snapshot.targets.iter().map(move |target| (snapshot, target));
        snapshots.iter().flat_map(of)
    };
    if let Ok(address) = to.parse::<IpAddr>() {
        let is_at = |path: &Path| path.front.as_ref().is_some_and(|front| front.address == Some(address));
        let found = everything().filter(|(_, target)| target.paths.iter().any(is_at));
        return together(found, Some(address)).ok_or_else(|| {
            Fault::Usage(format!("`--to {to}`: nothing in the input is seen from outside at that address"))
        });
    }
    let is_named =
        |target: &Target| [&target.id, &target.key, &target.name].into_iter().any(|name| is_called(name, to));
    let seen_at = |address: IpAddr| {
        aimed_at(snapshots, &address.to_string()).map(|(cloud, targets, _)| (cloud, targets, Some(address)))
    };
    let fronts = |is: &dyn Fn(&str) -> bool| -> BTreeSet<IpAddr> {
        let fronts =
            everything().flat_map(|(_, target)| &target.paths).filter_map(|path| path.front.as_ref());
        fronts.filter(|front| is(&front.id)).filter_map(|front| front.address).collect()
    };
    let mut found: Vec<_> = everything().filter(|(_, target)| is_named(target)).collect();
    if found.is_empty()
        && let Some(address) = fronts(&|id| is_called(id, to)).first()
    {
        return seen_at(*address);
    }
    if found.is_empty() {
        found.extend(everything().filter(|(_, target)| is_of_machine(target, to)));
    }
    if found.is_empty() {
        let fronts: Vec<IpAddr> = fronts(&|id| is_last(id, to)).into_iter().collect();
        match fronts.as_slice() {
            [] => {}
            [address] => return seen_at(*address),
            several => {
                let addresses = listed(several.iter().map(IpAddr::to_string));
                return Err(Fault::Usage(format!(
                    "`--to {to}` is the name of several, give an address: {addresses}"
                )));
            }
        }
    }
    match found.as_slice() {
        [(snapshot, target)] => Ok((snapshot, vec![target], None)),
        [] => {
            let names = everything().flat_map(|(_, target)| [target.name.as_ref(), target.id.as_ref()]);
            let meant = nearest(to, names).map(|name| format!(", did you mean `{name}`?"));
            let meant = meant.unwrap_or_default();
            Err(Fault::Usage(format!("`--to {to}`: nothing in the input has that name{meant}")))
        }
        several => {
            let ids = listed(several.iter().map(|(_, target)| target.id.to_string()));
            Err(Fault::Usage(format!("`--to {to}` is the name of several, give one's id: {ids}")))
        }
    }
}

fn listed(candidates: impl ExactSizeIterator<Item = String>) -> String {
    let cut = candidates.len().saturating_sub(CANDIDATES_MAX);
    let more = if cut == 0 { String::new() } else { format!(" and {cut} more") };
    let first: Vec<String> = candidates.take(CANDIDATES_MAX).collect();
    format!("{}{more}", first.join(", "))
}

/// The name of a target where `--to` takes it for this target and no other.
pub(crate) fn name<'a>(snapshots: &[Snapshot], target: &'a Target) -> Option<&'a str> {
    let (_, targets, _) = aimed_at(snapshots, &target.name).ok()?;
    let is_it = matches!(targets.as_slice(), [only] if only.key == target.key);
    is_it.then_some(&target.name)
}

/// Targets that are reached at one address, of the first cloud that has one.
fn together<'a>(
    mut found: impl Iterator<Item = (&'a Snapshot, &'a Arc<Target>)>,
    address: Option<IpAddr>,
) -> Option<Aimed<'a>> {
    let (snapshot, first) = found.next()?;
    let same = found.filter(|(other, _)| core::ptr::eq(*other, snapshot)).map(|(_, target)| target);
    Some((snapshot, [first].into_iter().chain(same).collect(), address))
}

const CANDIDATES_MAX: usize = 8;
const COMPLAINTS_MAX: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_say_their_protocol() {
        for (text, expected) in [
            ("3389/tcp", (6, 3389)),
            ("3389", (6, 3389)),
            ("53/UDP", (17, 53)),
            ("53/17", (17, 53)),
            ("icmp", (1, 8 << 8)),
            ("ICMP:8", (1, 8 << 8)),
            ("icmp:3/4", (1, 3 << 8 | 4)),
            ("1:0/0", (1, 0)),
            ("icmpv6", (58, 128 << 8)),
            ("icmpv6:129/1", (58, 129 << 8 | 1)),
            ("ESP", (50, 0)),
            ("/89", (89, 0)),
        ] {
            let (protocol, number) = port(text).unwrap();
            assert_eq!((protocol.0, number), expected, "{text}");
        }
        let numbers = ["", "tcp", "70000/tcp", "+22/tcp", "22/icmp", "22/nothing", "22-23/tcp", "/6", "/256"];
        let types =
            ["tcp:22", "icmp:", "icmp:256", "icmp:+8", "icmp:8/", "icmp:8/0/0", "icmp:8-9", "ping:8", ":8"];
        for wrong in numbers.into_iter().chain(types) {
            assert!(port(wrong).is_err(), "{wrong}");
        }
    }
}
