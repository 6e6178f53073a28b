//! The parts of a gateway, which refer to each other by id.

use core::net::IpAddr;

use cloud::{Quoted, Said, Stated, grammar};
use model::{Effect, Name};

use crate::intake::Intake;
use crate::resource::identity::Identity;
use crate::resource::stated::OfAzure as _;

/// Parts of a gateway, by key.
pub(super) struct Parts<'n, 'a>(pub(super) Vec<(Name, Stated<'n, 'a>)>);

impl<'n, 'a> Parts<'n, 'a> {
    /// The part of a key.
    pub(super) fn get(&self, key: &Name) -> Option<Stated<'n, 'a>> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, part)| *part)
    }
}

/// The parts under some keys, in order.
pub(super) fn parts<'n, 'a>(
    stated: &Stated<'n, 'a>,
    keys: &[&str],
    owner: &Identity,
    intake: &mut Intake<'_, 'a>,
) -> Parts<'n, 'a> {
    let mut found = Vec::new();
    for kind in keys {
        for part in stated.listed(kind, intake) {
            found.push((key_of(&part, (owner, kind), intake), part));
        }
    }
    Parts(found)
}

/// The key of a part: its id, or one made from that of its owner.
pub(super) fn key_of<'a>(
    part: &Stated<'_, 'a>,
    (owner, kind): (&Identity, &str),
    intake: &mut Intake<'_, 'a>,
) -> Name {
    if let Some(id) = part.text("id", intake).this() {
        return intake.pool.key(id);
    }
    let name = part.text("name", intake).this().unwrap_or_default();
    intake.pool.key(&format!("{}/{kind}/{name}", owner.key))
}

/// The port a part states; what is none is told where it is asked for.
pub(super) fn port_of<'a>(part: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<u16> {
    part.number("port", intake).this().and_then(|port| u16::try_from(port).ok())
}

/// The address under a key. What is none is told.
pub(super) fn address<'a>(part: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Option<IpAddr> {
    let text = part.text(key, intake).this()?;
    let address = grammar::address(text);
    if address.is_none() {
        let sentence = format!("`{key}` is {}, expected an address", Quoted(text));
        part.tell("unreadable-address", Effect::Undecided, &sentence, intake);
    }
    address
}

/// A configuration of a gateway, at which a public address may be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seat {
    pub(crate) key: Name,
    /// The key of the public address it names.
    pub(crate) public: Option<Name>,
    /// Whether it has none if it names none.
    pub(crate) tells_public: bool,
}

/// The configurations of a gateway.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seats {
    pub(crate) all: Vec<Seat>,
    /// Whether those are all of them.
    pub(crate) are_known: bool,
}

impl Seats {
    /// Of a gateway that has none.
    pub(crate) const fn none() -> Self {
        Self { all: Vec::new(), are_known: true }
    }
}

impl Seat {
    pub(super) fn read<'a>(
        part: &Stated<'_, 'a>,
        key: Name,
        is_projected: bool,
        intake: &mut Intake<'_, 'a>,
    ) -> Self {
        let public = part.reference("publicIPAddress", intake);
        // A full document leaves out what is not there.
        let tells_public = public.is_nothing() && (part.has("publicIPAddress") || !is_projected);
        Self { key, public: public.this(), tells_public }
    }
}

/// The configurations of a gateway and its subnet. What names neither an address nor a subnet is told.
pub(super) fn read_seats<'a>(
    stated: &Stated<'_, 'a>,
    owner: &Identity,
    intake: &mut Intake<'_, 'a>,
) -> (Seats, Option<Name>) {
    let is_projected = is_projected(stated);
    let listed = stated.objects("ipConfigurations", intake);
    let are_known = matches!(listed, Said::This(_)) || (listed.is_nothing() && !is_projected);
    let mut all = Vec::new();
    let mut subnet = None;
    for configuration in listed.this().unwrap_or_default() {
        if !configuration.has("publicIPAddress") && !configuration.has("subnet") {
            let sentence =
                "an ip-configuration names no address and no subnet: what leads to it is not known";
            configuration.tell("missing-field", Effect::Undecided, sentence, intake);
        }
        let key = key_of(&configuration, (owner, "ipConfigurations"), intake);
        all.push(Seat::read(&configuration, key, is_projected, intake));
        subnet = subnet.or(configuration.reference("subnet", intake).this());
    }
    (Seats { all, are_known }, subnet)
}

/// Whether a document says all that is under some keys. What it leaves out is told.
pub(super) fn tells_list<'a>(stated: &Stated<'_, 'a>, keys: [&str; 2], intake: &mut Intake<'_, 'a>) -> bool {
    let [main, other] = keys;
    let lists = keys.map(|key| stated.objects(key, intake));
    if lists.iter().any(|list| matches!(list, Said::Unreadable)) {
        return false;
    }
    let is_told = stated.has(main) || stated.has(other) || !is_projected(stated);
    if !is_told {
        let sentence = format!("`{main}` is missing: what it holds is not known");
        stated.tell("missing-field", Effect::Undecided, &sentence, intake);
    }
    is_told
}

/// Whether what is absent says nothing.
pub(super) fn is_projected(stated: &Stated<'_, '_>) -> bool {
    !stated.has("etag") && !stated.has("provisioningState")
}
