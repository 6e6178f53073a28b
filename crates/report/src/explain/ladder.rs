//! The way in, step by step: who sends, to which front, what passes it on, which filters let it in, what is reached.

use engine::{Admission, Exposure, Layer, Trace};
use model::{Action, Carries, Destinations, Hop, Rule, RuleList};
use serde::Serialize;

use super::saved::{self, Where, retold};
use crate::admission::numbered;
use crate::leading::{passages, way};
use crate::named::name_of;
use crate::{Places, wire};

/// One step.
#[derive(Debug, Serialize)]
pub(super) struct Rung {
    pub(super) step: &'static str,
    pub(super) id: Option<String>,
    pub(super) text: String,
    pub(super) provenance: Option<Where>,
}

/// The way of an exposure of this run, as `told` lets it in.
pub(super) fn of(
    exposure: &Exposure,
    trace: Option<&Trace>,
    told: &[Admission],
    idle: &dyn Fn(&RuleList) -> bool,
    places: &Places,
) -> Vec<Rung> {
    let place = |provenance| wire::Where::of(None, provenance, places).and_then(|place| retold(&place));
    let path = way(exposure);
    let front = path.and_then(|path| path.front.as_ref()).map(|front| {
        let entrance = exposure.fronts.iter().find(|entrance| entrance.front == *front);
        let has_types = exposure.protocol.is_some_and(packet::Protocol::has_types);
        let entrance = entrance.filter(|_| !has_types);
        let ports = entrance.map(|entrance| entrance.ports.to_string()).filter(|ports| !ports.is_empty());
        let ports = ports.map(|ports| ports_named(&ports)).unwrap_or_default();
        let name = name_of(&front.id);
        let own = path.is_some_and(|path| matches!(path.destinations, Destinations::Endpoint(_)));
        let text = match front.address {
            Some(address) if name.parse() == Ok(address) => format!("{address}{ports}"),
            Some(address) => format!("{address}{ports}, of {name}"),
            None if own => format!("{name}, its public endpoint{ports}"),
            None => format!("{UNKNOWN_ADDRESS}{ports}, of {name}"),
        };
        Rung { step: "front", id: Some(front.id.to_string()), text, provenance: None }
    });
    let hops = path.into_iter().flat_map(|path| path.hops.iter().map(|hop| (hop, &path.carries)));
    let hops = hops.map(|(hop, carries)| Rung {
        step: "passed on",
        id: Some(hop.id.to_string()),
        text: passed_on(hop, carries),
        provenance: place(hop.provenance),
    });
    let filter = |list: &RuleList, rule: Option<&Rule>, text: String| Rung {
        step: "filter",
        id: Some(list.id.to_string()),
        text,
        provenance: place(rule.and_then(|rule| rule.provenance).or(list.provenance)),
    };
    let filters: Vec<Rung> = match trace {
        Some(trace) => {
            let layers = trace.layers.iter().map(|layer| (layer, layer.rules.first()));
            let layers =
                layers.map(|(layer, rule)| (layer, rule.and_then(|&rule| layer.list.rules.get(rule))));
            layers.map(|(layer, rule)| filter(&layer.list, rule, decided(layer))).collect()
        }
        None => passages(told, exposure)
            .map(|(list, rule)| filter(list, rule, let_in(list, rule, idle)))
            .collect(),
    };
    let mut ladder = vec![internet(exposure.sources.rentable)];
    ladder.extend(front.into_iter().chain(hops).chain(filters));
    if path.is_some_and(|path| path.filter.lists().is_empty()) {
        ladder.push(unfiltered());
    }
    let target = &exposure.target;
    let attributes = target.attributes.iter().map(|(name, value)| format!("{name} {value}"));
    ladder.push(Rung {
        step: "target",
        id: Some(target.id.to_string()),
        text: reached(&target.name, target.kind, target.power.as_deref(), attributes),
        provenance: place(target.provenance),
    });
    ladder
}

/// The same with what a saved result holds.
pub(super) fn of_saved(exposure: &saved::Exposure, told: &[saved::OpenedBy]) -> Vec<Rung> {
    let mut ladder = vec![internet(exposure.rentable)];
    ladder.extend(exposure.path.iter().map(|hop| of_saved_hop(hop, exposure, told)));
    ladder
}

fn of_saved_hop(hop: &saved::Hop, exposure: &saved::Exposure, told: &[saved::OpenedBy]) -> Rung {
    let name = name_of(&hop.id);
    // An exposure joins ports: the rule of the finding comes before the one that the exposure's witness met.
    let own = told.iter().find(|by| hop.hop == "filter" && by.filter == name);
    let own =
        own.or(exposure.opened_by.iter().find(|by| by.filter == name && Some(&by.rule) == hop.rule.as_ref()));
    let rule = own.map(saved::OpenedBy::named).or_else(|| hop.rule.clone());
    let by = rule.map(|rule| format!(" by {rule}")).unwrap_or_default();
    let (step, text) = match hop.hop.as_str() {
        "front" => {
            let front = exposure.fronts.iter().find(|front| front.id.as_deref() == Some(hop.id.as_str()));
            let front = front.or(exposure.fronts.first());
            let ports = front.map(|front| front.ports.join(",")).filter(|ports| !ports.is_empty());
            let ports = ports.map(|ports| ports_named(&ports)).unwrap_or_default();
            let endpoint = exposure.witness.as_ref().is_some_and(|witness| witness.target.is_none());
            let text = match front.map(|front| front.address.as_str()) {
                Some(address) if name == address => format!("{address}{ports}"),
                Some(address) => format!("{address}{ports}, of {name}"),
                None if endpoint => format!("{name}, its public endpoint{ports}"),
                None => format!("{UNKNOWN_ADDRESS}{ports}, of {name}"),
            };
            ("front", text)
        }
        "filter" => {
            let verdict = match hop.verdict.as_deref() {
                Some("allow") => "lets it in",
                Some("pass") => "leaves it to the next",
                // Else there were no such packet.
                Some("deny") => "would keep it out, and is overruled,",
                None if by.is_empty() => "has no rule that decides it for certain",
                Some(_) | None => "may let it in",
            };
            ("filter", format!("{name} {verdict}{by}"))
        }
        "deliver" => {
            let target = &exposure.target;
            let attributes = target.attributes.iter().map(|(name, value)| format!("{name} {value}"));
            ("target", reached(&target.name, &target.kind, exposure.power.as_deref(), attributes))
        }
        _ => ("passed on", format!("{name}{by}")),
    };
    Rung { step, id: Some(hop.id.clone()), text, provenance: own.and_then(|by| by.provenance.clone()) }
}

fn internet(rentable: bool) -> Rung {
    let text = if rentable {
        "the Internet, where an attacker can rent an address that gets in"
    } else {
        "the Internet"
    };
    Rung { step: "from", id: None, text: text.to_owned(), provenance: None }
}

fn unfiltered() -> Rung {
    Rung { step: "filter", id: None, text: "none stands in between".to_owned(), provenance: None }
}

fn passed_on(hop: &Hop, carries: &Carries) -> String {
    let rule = hop.rule.as_ref().map(|rule| format!(" by {rule}")).unwrap_or_default();
    let translated = match carries {
        Carries::Everything | Carries::Only { .. } => String::new(),
        Carries::Translated { from, to, .. } => {
            format!(": port {} becomes {to}", shortened(&from.to_string()))
        }
    };
    format!("{} ({}){rule}{translated}", hop.name, hop.kind.replace('-', " "))
}

/// What one list says of the packet.
fn decided(layer: &Layer) -> String {
    let rules: Vec<String> =
        layer.rules.iter().filter_map(|&rule| layer.list.rules.get(rule)).map(named).collect();
    let (list, rules) = (&layer.list.name, rules.join(" or "));
    if !layer.is_reached {
        return format!("{list} is not asked: one before it has decided");
    }
    match (layer.verdict, rules.as_str()) {
        (Some(Action::Allow), "") => format!("{list} lets it in: no rule of it matches"),
        (Some(Action::Allow), rules) => format!("{list} lets it in by {rules}"),
        (Some(Action::Pass), "") => format!("{list} has no rule that matches: the next decides"),
        (Some(Action::Pass), rules) => format!("{list} leaves it to the next by {rules}"),
        (Some(Action::Deny), "") => format!("{list} keeps it out: no rule of it matches"),
        (Some(Action::Deny), rules) => format!("{list} keeps it out by {rules}"),
        (None, "") => format!("{list} may let it in"),
        (None, rules) => format!("{list} may let it in: {rules} decides"),
    }
}

/// The same where there is no packet to ask with, by what is known to admit it.
fn let_in(list: &RuleList, rule: Option<&Rule>, idle: &dyn Fn(&RuleList) -> bool) -> String {
    match rule {
        Some(rule) => format!("{} lets it in by {}", list.name, named(rule)),
        None if idle(list) => format!("{} has no rule that matches: the next decides", list.name),
        None => format!("{}: its rules are below", list.name),
    }
}

fn named(rule: &Rule) -> String {
    numbered(&rule.name, rule.priority)
}

fn reached(name: &str, kind: &str, power: Option<&str>, attributes: impl Iterator<Item = String>) -> String {
    let power = power.map(|power| format!("power {power}"));
    let notes: Vec<_> = power.into_iter().chain(attributes).collect();
    let notes = if notes.is_empty() { String::new() } else { format!(", {}", notes.join(", ")) };
    format!("{name} ({}){notes}", kind.replace('-', " "))
}

fn ports_named(ports: &str) -> String {
    let noun = if ports.contains([',', '-']) { "ports" } else { "port" };
    format!(", {noun} {}", shortened(ports))
}

fn shortened(ports: &str) -> String {
    let listed: Vec<&str> = ports.split(',').collect();
    match listed.get(..PORTS_MAX) {
        Some(first) if listed.len() > PORTS_MAX => {
            format!("{},+{}", first.join(","), listed.len() - PORTS_MAX)
        }
        Some(_) | None => ports.to_owned(),
    }
}

const UNKNOWN_ADDRESS: &str = "an address the input does not have";
const PORTS_MAX: usize = 8;
