//! One packet in both views, and the commands that send it or decide it again.

use core::net::{IpAddr, SocketAddr};

use serde::Serialize;

use super::saved::{Exposure, Witness};
use crate::proof::only_from;

/// A packet of what is explained.
#[derive(Debug, Serialize)]
pub(super) struct Proof {
    pub(super) protocol: String,
    /// Its type and code, of ICMP.
    pub(super) icmp: Option<String>,
    /// All source ports from which it gets in.
    pub(super) source_ports: Vec<String>,
    /// As a caller sends it; `None` where no address leads there.
    pub(super) sent: Option<String>,
    /// As the filters of the target see it; by its name where the target's addresses are the provider's.
    pub(super) seen: Option<String>,
    /// Whether the address of the target is made up: which of those behind the filter are taken is not known.
    pub(super) supposed: bool,
    /// The command that decides it again, in words; `None` for a saved result.
    pub(super) test: Option<Vec<String>>,
    /// Commands that send something to where it goes.
    pub(super) tries: Vec<Vec<String>>,
}

/// What a command that asks again is made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    /// The inputs as they were typed.
    pub(super) typed: &'a [String],
    /// The name of the target, where it is the only one of that name.
    pub(super) called: Option<&'a str>,
}

impl Proof {
    pub(super) fn of(witness: &Witness, exposure: &Exposure, asked: Option<Asked<'_>>) -> Self {
        let source = endpoint(&witness.source, witness.source_port);
        let target = match (&witness.target, witness.target_port) {
            (Some(target), port) => endpoint(target, port),
            // The provider's addresses: people call it by its name.
            (None, Some(port)) => format!("{}:{port}", exposure.target.name),
            (None, None) => exposure.target.name.clone(),
        };
        let leads = !["admitted", "latent"].contains(&exposure.reach.as_str());
        let front = witness.front.as_deref().filter(|_| leads).and_then(address_and_port);
        // Without an address of its own it is sent to as it is seen.
        let sent = witness.front.clone().or(witness.target.is_none().then(|| target.clone()));
        Self {
            protocol: witness.protocol.clone(),
            icmp: witness.icmp.clone(),
            source_ports: witness.source_ports.clone(),
            sent: sent.map(|front| format!("{source} -> {front}")),
            seen: Some(format!("{source} -> {target}")),
            supposed: false,
            // Nothing leads to what is latent, so there is no answer but deny.
            test: asked.filter(|_| exposure.reach != "latent").map(|asked| test(witness, exposure, asked)),
            tries: front.map(|(address, port)| tries(witness, address, port)).unwrap_or_default(),
        }
    }
}

impl Proof {
    /// The source ports from which it gets in, where that is not every one.
    pub(super) fn only_from(&self) -> String {
        match self.source_ports.as_slice() {
            [] => String::new(),
            [every] if every == "0-65535" => String::new(),
            some => only_from(some),
        }
    }
}

fn test(witness: &Witness, exposure: &Exposure, asked: Asked<'_>) -> Vec<String> {
    let front = witness.front.as_deref().and_then(address_and_port);
    let (to, port) = match front {
        Some((address, port)) => (address.to_string(), port),
        None => (asked.called.unwrap_or(&exposure.target.id).to_owned(), witness.target_port),
    };
    let port = match port {
        Some(port) => format!("{port}/{}", witness.protocol),
        None => match witness.icmp.as_ref().filter(|_| !is_echo_request(witness)) {
            Some(type_and_code) => format!("{}:{type_and_code}", witness.protocol),
            None => witness.protocol.clone(),
        },
    };
    let words = ["wideopen", "test", "--from", &witness.source, "--to", &to, "--port", &port];
    let mut words: Vec<String> = words.map(str::to_owned).into();
    if let Some(source_port) = witness.source_port.filter(|port| *port != USUAL_SOURCE_PORT) {
        words.extend(["--source-port".to_owned(), source_port.to_string()]);
    }
    words.extend(asked.typed.iter().cloned());
    words
}

/// What `ping` sends; what a saved result sends that does not say it.
fn is_echo_request(witness: &Witness) -> bool {
    witness
        .icmp
        .as_deref()
        .is_none_or(|icmp| [("icmp", "8/0"), ("icmpv6", "128/0")].contains(&(&witness.protocol, icmp)))
}

fn tries(witness: &Witness, address: IpAddr, port: Option<u16>) -> Vec<Vec<String>> {
    let address = address.to_string();
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    match (witness.protocol.as_str(), port.map(|port| port.to_string())) {
        ("tcp", Some(port)) => vec![
            words(&["nc", "-vz", "-w", "5", &address, &port]),
            words(&["Test-NetConnection", &address, "-Port", &port]),
        ],
        ("udp", Some(port)) => vec![words(&["nc", "-vzu", "-w", "5", &address, &port])],
        ("icmp" | "icmpv6", _) if is_echo_request(witness) => vec![words(&["ping", &address])],
        _ => Vec::new(),
    }
}

fn endpoint(address: &str, port: Option<u16>) -> String {
    match (address.parse::<IpAddr>(), port) {
        (Ok(address), Some(port)) => SocketAddr::new(address, port).to_string(),
        (Ok(_) | Err(_), _) => address.to_owned(),
    }
}

fn address_and_port(front: &str) -> Option<(IpAddr, Option<u16>)> {
    if let Ok(front) = front.parse::<SocketAddr>() {
        return Some((front.ip(), Some(front.port())));
    }
    Some((front.parse().ok()?, None))
}

/// The port a caller comes from where nobody restricts it.
const USUAL_SOURCE_PORT: u16 = 50_000;
