//! Instances: whether they run, their interfaces, and what rules tell them by (G4, G8, G13, G20, G21).
//!
//! Knows nothing of what leads to them.

use std::collections::BTreeSet;
use std::sync::Arc;

use cloud::json::Tree;
use cloud::{Quoted, Said, Stated};
use model::{Effect, Name};

use crate::intake::Intake;

use super::names::names;
use super::{Identity, Interface, Link, Origin, is_whole};

/// An instance.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Instance {
    pub(crate) identity: Identity,
    /// The number by which tag bindings name it.
    pub(crate) number: Option<Name>,
    /// The name of its zone.
    pub(crate) zone: Option<Name>,
    /// What made it: the path of a group's manager, as its metadata has it.
    pub(crate) created_by: Option<Link>,
    /// RUNNING, TERMINATED and so on, in lower case.
    pub(crate) power: Option<Name>,
    /// Its network tags, in lower case. Nothing: the input does not say whether it has some.
    pub(crate) tags: Said<Vec<Name>>,
    /// The emails of its service accounts, in lower case. Nothing: the input does not say whether it has some.
    pub(crate) accounts: Said<Vec<Name>>,
    /// Its interfaces.
    pub(crate) interfaces: Vec<Interface>,
}

impl Instance {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let identity = Identity::read(stated, "instances", origin, intake)?;
        let number = stated.text("id", intake).this().map(|number| intake.name(number));
        let power = stated.text("status", intake).this().map(|power| intake.name(&power.to_lowercase()));
        let is_whole = is_whole(stated, origin);
        let tags = match stated.object("tags", intake) {
            Said::This(tags) => or_none(names(&tags, "items", intake), true),
            Said::Nothing => or_none(Said::Nothing, is_whole || stated.is_null("tags")),
            Said::Unreadable => Said::Unreadable,
        };
        let has_told = is_whole || stated.is_null("serviceAccounts");
        let accounts = match or_none(stated.objects("serviceAccounts", intake), has_told) {
            Said::This(accounts) => emails(&accounts, intake),
            Said::Nothing => Said::Nothing,
            Said::Unreadable => Said::Unreadable,
        };
        if !stated.has("networkInterfaces") {
            // Every instance has one.
            let sentence = "its interfaces are not told: what the Internet reaches there is not in the answer; export \
                            `networkInterfaces` too";
            stated.tell("untold-interfaces", Effect::Narrowed, sentence, intake);
        }
        let listed = stated.listed("networkInterfaces", intake);
        let each = listed.iter().enumerate();
        let interfaces = each.map(|(number, one)| {
            Interface::read(one, number, Interface::is_whole(one, origin, is_whole), intake)
        });
        let mut interfaces: Vec<Interface> = interfaces.collect();
        tell_apart(&mut interfaces, stated, intake);
        let zone = zone(stated, &identity, intake);
        let created_by = created_by(stated, intake);
        Some(Self { identity, number, zone, created_by, power, tags, accounts, interfaces })
    }
}

/// An interface is known by its name: of two with one name the later gets another.
fn tell_apart<'a>(interfaces: &mut [Interface], stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) {
    let mut known: BTreeSet<Name> = BTreeSet::new();
    for (number, interface) in interfaces.iter_mut().enumerate() {
        if !known.insert(Arc::clone(&interface.name)) {
            let sentence = format!(
                "two of its interfaces are called {}, expected one: the later is told as number {number}",
                Quoted(&interface.name)
            );
            stated.tell("duplicate-name", Effect::Undecided, &sentence, intake);
            interface.name = intake.name(&format!("{}#{number}", interface.name));
            known.insert(Arc::clone(&interface.name));
        }
    }
}

/// Who an instance runs as; every one of them has to say it.
fn emails<'a>(accounts: &[Stated<'_, 'a>], intake: &mut Intake<'_, 'a>) -> Said<Vec<Name>> {
    let mut emails = Vec::with_capacity(accounts.len());
    for account in accounts {
        // The default account of a project has the number of the project in its name, which is told when it is made.
        if account.is_computed("email") {
            return Said::Nothing;
        }
        match account.text("email", intake) {
            Said::This(email) => emails.push(intake.name(&email.to_ascii_lowercase())),
            Said::Nothing => {
                let sentence = "a service account is without its `email`: it may be any";
                account.tell("missing-field", Effect::Undecided, sentence, intake);
                return Said::Unreadable;
            }
            Said::Unreadable => return Said::Unreadable,
        }
    }
    Said::This(emails)
}

/// The zone as it says, else as its path says.
fn zone<'a>(stated: &Stated<'_, 'a>, identity: &Identity, intake: &mut Intake<'_, 'a>) -> Option<Name> {
    let said = stated.text("zone", intake).this().map(Link::of);
    let path = Link::from(&identity.id);
    let zone = said.as_ref().map(Link::name).or_else(|| path.after("zones"))?;
    Some(intake.name(zone))
}

/// What a group's manager writes into the metadata of what it makes.
fn created_by<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<Link> {
    let metadata = stated.object("metadata", intake).this()?;
    let items = metadata.objects("items", intake).this()?;
    let is_it =
        |item: &&Stated<'_, 'a>| matches!(item.value("key"), Some(Tree::Text(key)) if key == "created-by");
    items.iter().find(is_it)?.text("value", intake).this().map(Link::of)
}

/// A list that is empty where it is left out although it is told.
fn or_none<T>(said: Said<Vec<T>>, is_told: bool) -> Said<Vec<T>> {
    match said {
        Said::Nothing if is_told => Said::This(Vec::new()),
        other => other,
    }
}
