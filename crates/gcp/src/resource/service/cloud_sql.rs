//! Instances of Cloud SQL (P30): whether one has a public address, and which networks may use it.
//!
//! The port of the connectors (3307) is not in any list: it is there while the instance has a public address, and asks
//! for a certificate that the Admin API gives out. Reads no clock: of an entry that expires nobody knows whether it has.

use core::net::IpAddr;

use cloud::{Quoted, Said, Stated, grammar};
use model::{Effect, Name};
use packet::{Bounds, PortSet};

use crate::intake::Intake;
use crate::resource::{Identity, Origin, is_whole};

use super::line::{Line, power};

/// An instance of Cloud SQL.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CloudSqlInstance {
    pub(crate) identity: Identity,
    pub(crate) region: Option<Name>,
    /// Whom it lets in. None where it has no public address.
    pub(crate) lines: Vec<Line>,
    pub(crate) ports: Bounds<PortSet>,
    /// Whether it has a public address; `None`: not known.
    pub(crate) is_public: Option<bool>,
    pub(crate) address: Option<IpAddr>,
    /// Instances of the first generation have an address of IPv6 too, and no other has.
    pub(crate) has_ipv6: bool,
    pub(crate) power: Option<Name>,
}

impl CloudSqlInstance {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let identity = identity(stated, origin, intake)?;
        let settings = stated.object("settings", intake);
        let configuration = match &settings {
            Said::This(settings) => settings.object("ipConfiguration", intake),
            Said::Nothing => Said::Nothing,
            Said::Unreadable => Said::Unreadable,
        };
        let address = public_address(stated, intake);
        let is_public = is_public(stated, &configuration, &address, intake);
        let is_whole = has_tier(&settings, intake) || is_whole(stated, origin);
        let lines = match (is_public, is_direct(&settings, intake)) {
            // P30: closed, whatever the list says. It holds for the private address too.
            (Some(false), _) | (_, Some(false)) => Vec::new(),
            (Some(true), Some(true)) => authorized(stated, &configuration, is_whole, intake),
            (None, _) | (_, None) => {
                let lines = authorized(stated, &configuration, is_whole, intake);
                lines.into_iter().map(Line::possibly).collect()
            }
        };
        let is_stopped = match &settings {
            Said::This(settings) => settings.text("activationPolicy", intake) == Said::This("NEVER"),
            Said::Nothing | Said::Unreadable => false,
        };
        let power = if is_stopped { Some(intake.name("stopped")) } else { power(stated, "state", intake) };
        Some(Self {
            region: stated.text("region", intake).this().map(|region| intake.name(region)),
            ports: ports(stated, &settings, intake),
            is_public,
            address: address.this().flatten(),
            has_ipv6: stated.text("ipv6Address", intake).this().is_some(),
            lines,
            power,
            identity,
        })
    }
}

/// Whether anybody gets in but by a connector: where these are required, no authorised network counts. `None` where that
/// is not known.
fn is_direct<'a>(settings: &Said<Stated<'_, 'a>>, intake: &mut Intake<'_, 'a>) -> Option<bool> {
    let Said::This(settings) = settings else { return Some(true) };
    match settings.text(ENFORCEMENT, intake) {
        Said::Nothing | Said::This("NOT_REQUIRED" | "CONNECTOR_ENFORCEMENT_UNSPECIFIED") => Some(true),
        Said::This("REQUIRED") => Some(false),
        Said::This(word) => {
            let sentence = format!(
                "`{ENFORCEMENT}` is {}, expected REQUIRED or NOT_REQUIRED: whether the list counts is not known",
                Quoted(word)
            );
            settings.tell("unknown-word", Effect::Undecided, &sentence, intake);
            None
        }
        Said::Unreadable => None,
    }
}

/// By its self link, the asset, or project and name, which its connection name holds too.
fn identity<'a>(stated: &Stated<'_, 'a>, origin: &Origin, intake: &mut Intake<'_, 'a>) -> Option<Identity> {
    let named = stated.text("name", intake).this();
    if stated.has("selfLink") || origin.asset.is_some() {
        return Identity::read(stated, COLLECTION, origin, intake);
    }
    let connection = stated.text("connectionName", intake).this();
    // A project may have its domain before it: `example.com:p:region:name`.
    let parts = connection.and_then(|text| text.rsplit_once(':'));
    let project = match (stated.text("project", intake), parts) {
        (Said::This(project), _) => Some(project),
        (_, Some((before, _))) => before.rsplit_once(':').map(|(project, _)| project),
        (_, None) => None,
    };
    let name = named.or(parts.map(|(_, name)| name));
    let Some(name) = name else {
        let sentence = "`name` is missing: nothing of it is in the answer";
        stated.tell("missing-field", Effect::Skipped, sentence, intake);
        return None;
    };
    let holder = project.map(|project| format!("projects/{project}/"));
    let holder = holder.or_else(|| origin.holder.as_deref().map(|holder| format!("{holder}/")));
    let path = format!("{}{COLLECTION}/{name}", holder.unwrap_or_default());
    Some(Identity::of(&path, Some(name), stated.read_at, intake))
}

/// The address for connections that come in, where the addresses are told: `This(None)` is that it has none.
fn public_address<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Said<Option<IpAddr>> {
    let mappings = match stated.objects("ipAddresses", intake) {
        Said::This(mappings) => mappings,
        Said::Nothing => return Said::Nothing,
        Said::Unreadable => return Said::Unreadable,
    };
    let mut found = None;
    for mapping in mappings {
        let kind = match mapping.text("type", intake) {
            Said::This(kind) => kind,
            // Answers of the first years have no type: all were public.
            Said::Nothing => "PRIMARY",
            Said::Unreadable => return Said::Unreadable,
        };
        if kind.eq_ignore_ascii_case("PRIMARY") {
            match mapping.text("ipAddress", intake).this().and_then(grammar::address) {
                Some(address) => found = Some(address),
                None => return Said::Unreadable,
            }
        }
    }
    Said::This(found)
}

/// P30. `None` where it is not known.
fn is_public<'a>(
    stated: &Stated<'_, 'a>,
    configuration: &Said<Stated<'_, 'a>>,
    address: &Said<Option<IpAddr>>,
    intake: &mut Intake<'_, 'a>,
) -> Option<bool> {
    let enabled = match configuration {
        Said::This(configuration) => configuration.flag(ENABLED, intake),
        Said::Nothing => Said::Nothing,
        Said::Unreadable => Said::Unreadable,
    };
    match (enabled, address) {
        (Said::This(true), _) => Some(true),
        (Said::This(false), Said::This(Some(_))) => {
            let sentence = "`ipv4Enabled` is false, and it has an address of type `PRIMARY`: either may hold";
            stated.tell("contradicting-parts", Effect::Undecided, sentence, intake);
            None
        }
        (Said::This(false), _) => Some(false),
        // An instance outside, of which Cloud SQL keeps a note: it has no endpoint here.
        (Said::Nothing, _) if is_elsewhere(stated, intake) => Some(false),
        (Said::Nothing | Said::Unreadable, Said::This(Some(_))) => Some(true),
        (Said::Nothing, Said::This(None)) => Some(false),
        (Said::Nothing, Said::Nothing | Said::Unreadable) => {
            let sentence = "`settings.ipConfiguration.ipv4Enabled` is missing: whether it has a public address is not \
                            known";
            stated.tell("missing-field", Effect::Undecided, sentence, intake);
            None
        }
        (Said::Unreadable, _) => None,
    }
}

fn is_elsewhere<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> bool {
    stated.text("instanceType", intake) == Said::This("ON_PREMISES_INSTANCE")
}

/// Whether the settings are whole, so that a list that is not there is empty.
fn has_tier<'a>(settings: &Said<Stated<'_, 'a>>, intake: &mut Intake<'_, 'a>) -> bool {
    match settings {
        Said::This(settings) => matches!(settings.text("tier", intake), Said::This(_)),
        Said::Nothing | Said::Unreadable => false,
    }
}

/// The union of the networks that may use the public address; none is nobody.
fn authorized<'a>(
    stated: &Stated<'_, 'a>,
    configuration: &Said<Stated<'_, 'a>>,
    is_whole: bool,
    intake: &mut Intake<'_, 'a>,
) -> Vec<Line> {
    let said = match configuration {
        Said::This(configuration) => configuration.objects(NETWORKS, intake),
        Said::Nothing => Said::Nothing,
        Said::Unreadable => Said::Unreadable,
    };
    let is_empty = match configuration {
        // A projection has null for what it was asked for and is not there.
        Said::This(configuration) => {
            is_whole && configuration.has(ENABLED) || configuration.is_null(NETWORKS)
        }
        Said::Nothing | Said::Unreadable => false,
    };
    match said {
        Said::This(entries) => entries.iter().map(|entry| network(entry, intake)).collect(),
        Said::Nothing if is_empty => Vec::new(),
        Said::Nothing => {
            let sentence =
                format!("`settings.ipConfiguration.{NETWORKS}` is missing: every address is possible");
            stated.tell("missing-field", Effect::Undecided, &sentence, intake);
            vec![unknown(stated, intake)]
        }
        Said::Unreadable => vec![unknown(stated, intake)],
    }
}

fn network<'a>(entry: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Line {
    let line = Line::entry(entry, ["value", "name"], intake);
    match entry.text("expirationTime", intake) {
        Said::Nothing => line,
        Said::This(end) => {
            let written = intake.name(&format!("{} until {end}", line.written));
            Line { written, ..line }.possibly()
        }
        Said::Unreadable => line.possibly(),
    }
}

/// Some addresses, and nobody knows which.
fn unknown(stated: &Stated<'_, '_>, intake: &mut Intake<'_, '_>) -> Line {
    Line::everybody(NETWORKS, stated, intake).possibly()
}

/// By engine; where that is not known, one of all. The pooler of PostgreSQL has a port of its own.
fn ports<'a>(
    stated: &Stated<'_, 'a>,
    settings: &Said<Stated<'_, 'a>>,
    intake: &mut Intake<'_, 'a>,
) -> Bounds<PortSet> {
    let version = stated.text("databaseVersion", intake);
    let engine = match &version {
        Said::This(word) => ENGINES.iter().find(|(engine, _)| word.to_ascii_uppercase().starts_with(engine)),
        Said::Nothing | Said::Unreadable => None,
    };
    let Some((engine, port)) = engine else {
        let every = ENGINES.iter().map(|(_, port)| PortSet::only(*port));
        let every = every.fold(PortSet::empty(), |sum, port| sum.union(&port));
        let sentence = match version {
            Said::This(word) => {
                format!(
                    "`databaseVersion` is {}, of no engine that is known: its port is not known",
                    Quoted(word)
                )
            }
            Said::Nothing | Said::Unreadable => {
                "`databaseVersion` is missing: its port is not known".to_owned()
            }
        };
        stated.tell("unknown-word", Effect::Undecided, &sentence, intake);
        return Bounds::between(PortSet::empty(), every);
    };
    let port = PortSet::only(*port);
    let may = if *engine == POSTGRES && has_pooler(settings, intake) {
        port.union(&PortSet::only(POOLER))
    } else {
        port.clone()
    };
    Bounds::between(port, may)
}

fn has_pooler<'a>(settings: &Said<Stated<'_, 'a>>, intake: &mut Intake<'_, 'a>) -> bool {
    let Said::This(settings) = settings else { return false };
    match settings.object("connectionPoolConfig", intake) {
        Said::This(pool) => pool.flag("connectionPoolingEnabled", intake) != Said::This(false),
        Said::Nothing => false,
        Said::Unreadable => true,
    }
}

const COLLECTION: &str = "instances";
const ENFORCEMENT: &str = "connectorEnforcement";
const ENABLED: &str = "ipv4Enabled";
const NETWORKS: &str = "authorizedNetworks";
const POSTGRES: &str = "POSTGRES";
const ENGINES: [(&str, u16); 3] = [("MYSQL", 3306), (POSTGRES, 5432), ("SQLSERVER", 1433)];
/// Where the documentation says that poolers listen; whether they ask the same list it does not say.
const POOLER: u16 = 6432;
