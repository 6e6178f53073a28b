//! One packet in both views, and the commands that send it or decide it again.

use core::net::{IpAddr, SocketAddr};

use serde::Serialize;

use super::saved::{Exposure, Witness};

/// A packet of what is explained.
#[derive(Debug, Serialize)]
pub(super) struct Proof {
    pub(super) protocol: String,
    /// As a caller sends it; `None` where no address leads there.
    pub(super) sent: Option<String>,
    /// As the filters of the target see it; `None` where the target's addresses are the provider's.
    pub(super) seen: Option<String>,
    /// Whether the address of the target is made up: which of those behind the filter are taken is not known.
    pub(super) supposed: bool,
    /// The command that decides it again, in words; `None` for a saved result.
    pub(super) test: Option<Vec<String>>,
    /// Commands that send something to where it goes.
    pub(super) tries: Vec<Vec<String>>,
}

impl Proof {
    pub(super) fn of(witness: &Witness, exposure: &Exposure, typed: Option<&[String]>) -> Self {
        let source = endpoint(&witness.source, witness.source_port);
        let seen = witness.target.as_ref().map(|target| endpoint(target, witness.target_port));
        let leads = !["admitted", "latent"].contains(&exposure.reach.as_str());
        let front = witness.front.as_deref().filter(|_| leads).and_then(address_and_port);
        Self {
            protocol: witness.protocol.clone(),
            sent: witness.front.as_ref().map(|front| format!("{source} -> {front}")),
            seen: seen.map(|seen| format!("{source} -> {seen}")),
            supposed: false,
            // Nothing leads to what is latent, so there is no answer but deny.
            test: typed.filter(|_| exposure.reach != "latent").map(|typed| test(witness, exposure, typed)),
            tries: front.map(|(address, port)| tries(&witness.protocol, address, port)).unwrap_or_default(),
        }
    }
}

fn test(witness: &Witness, exposure: &Exposure, typed: &[String]) -> Vec<String> {
    let front = witness.front.as_deref().and_then(address_and_port);
    let (to, port) = match front {
        Some((address, port)) => (address.to_string(), port),
        None => (exposure.target.id.clone(), witness.target_port),
    };
    let port = match port {
        Some(port) => format!("{port}/{}", witness.protocol),
        None => witness.protocol.clone(),
    };
    let words = ["wideopen", "test", "--from", &witness.source, "--to", &to, "--port", &port];
    let mut words: Vec<String> = words.map(str::to_owned).into();
    if let Some(source_port) = witness.source_port.filter(|port| *port != USUAL_SOURCE_PORT) {
        words.extend(["--source-port".to_owned(), source_port.to_string()]);
    }
    words.extend(typed.iter().cloned());
    words
}

fn tries(protocol: &str, address: IpAddr, port: Option<u16>) -> Vec<Vec<String>> {
    let address = address.to_string();
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    match (protocol, port.map(|port| port.to_string())) {
        ("tcp", Some(port)) => vec![
            words(&["nc", "-vz", "-w", "5", &address, &port]),
            words(&["Test-NetConnection", &address, "-Port", &port]),
        ],
        ("udp", Some(port)) => vec![words(&["nc", "-vzu", "-w", "5", &address, &port])],
        ("icmp" | "icmpv6", _) => vec![words(&["ping", &address])],
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
