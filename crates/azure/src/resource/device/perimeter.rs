//! Network security perimeters: who is inside, and which sources each profile lets in (semantics P6).
//!
//! A rule for subscriptions admits identities, not addresses, and one for names is outbound: neither says anything of
//! the Internet. What a service's own list says beside its perimeter is put together in `lower`.

use std::borrow::Cow;
use std::sync::Arc;

use cloud::json::Node;
use cloud::{Quoted, Said, Stated};
use model::{Effect, Name};

use crate::intake::Intake;
use crate::resource::id::parent_of;
use crate::resource::identity::Identity;
use crate::resource::rule_intake::{Origin, RuleIntake};
use crate::resource::side::{Side, SideNames, read_side};
use crate::resource::stated::OfAzure as _;
use crate::wire::{RuleSide, Text, Texts};

use super::Device;

/// A network security perimeter.
#[derive(Clone, Debug, PartialEq)]
pub struct Perimeter {
    pub(crate) identity: Identity,
}

/// A profile of a perimeter: the name under which its rules are.
#[derive(Clone, Debug, PartialEq)]
pub struct PerimeterProfile {
    pub(crate) identity: Identity,
}

/// One inbound access rule of a profile. Outbound ones are read too, and admit nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct PerimeterRule {
    pub(crate) identity: Identity,
    /// The key of its profile.
    pub(crate) profile: Option<Name>,
    /// The sources it admits; `None` when it admits no address.
    pub(crate) sources: Option<Arc<Side>>,
    /// Whether it is an inbound rule for certain.
    pub(crate) is_certain: bool,
}

/// A resource that is inside a perimeter.
#[derive(Clone, Debug, PartialEq)]
pub struct PerimeterMember {
    pub(crate) identity: Identity,
    /// The key of the resource.
    pub(crate) resource: Option<Name>,
    /// The key of the profile whose rules hold for it.
    pub(crate) profile: Option<Name>,
    pub(crate) mode: PerimeterMode,
}

/// What a perimeter does about a packet that none of its rules admits. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PerimeterMode {
    /// It is kept out.
    Enforced,
    /// The resource's own rules decide on it.
    Learning,
    /// Not known which.
    Unreadable,
}

pub(crate) fn read<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    Perimeter { identity: Stated::resource(node, "unnamed perimeter", intake).0 }.into()
}

pub(crate) fn read_profile<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    PerimeterProfile { identity: Stated::resource(node, "unnamed perimeter profile", intake).0 }.into()
}

pub(crate) fn read_rule<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed access rule", intake);
    let profile = parent_of(&identity.id).map(|profile| intake.pool.key(profile));
    let inbound = is_inbound(&stated, intake);
    let sources = match inbound {
        Some(false) => None,
        Some(true) | None => read_sources(&stated, &identity, intake),
    };
    PerimeterRule { identity, profile, sources, is_certain: inbound == Some(true) }.into()
}

/// Whether a rule is inbound; `None` when it does not say so in a known word.
fn is_inbound<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<bool> {
    match stated.text("direction", intake) {
        Said::This(word) if word.eq_ignore_ascii_case("inbound") => Some(true),
        Said::This(word) if word.eq_ignore_ascii_case("outbound") => Some(false),
        Said::This(word) => {
            let sentence = format!(
                "`direction` is {}, expected `Inbound` or `Outbound`: the rule is possible",
                Quoted(word)
            );
            stated.tell("unknown-direction", Effect::Undecided, &sentence, intake);
            None
        }
        Said::Nothing => {
            let sentence = "`direction` is missing, expected `Inbound` or `Outbound`: the rule is possible";
            stated.tell("missing-field", Effect::Undecided, sentence, intake);
            None
        }
        Said::Unreadable => None,
    }
}

/// The addresses and service tags a rule admits; both are of one rule, and either is enough.
fn read_sources<'a>(
    stated: &Stated<'_, 'a>,
    identity: &Identity,
    intake: &mut Intake<'_, 'a>,
) -> Option<Arc<Side>> {
    let mut words: Vec<Text<'static>> = Vec::new();
    for key in ["addressPrefixes", "serviceTags"] {
        match stated.texts(key, intake) {
            Said::This(texts) => {
                words.extend(texts.into_iter().map(|text| Text::Is(Cow::Owned(text.to_owned()))));
            }
            Said::Nothing => {}
            Said::Unreadable => return Some(Arc::new(Side::unknown(intake.pool))),
        }
    }
    if words.is_empty() {
        return None;
    }
    let side = RuleSide { prefixes: Texts::Many(words), ..RuleSide::default() };
    let rule = Arc::clone(&identity.name);
    let mut rule = RuleIntake {
        intake,
        origin: Origin::Stated,
        list: "perimeter",
        rule,
        place: stated.read_at.0,
        denies: false,
    };
    Some(read_side(&side, &SOURCE_NAMES, &mut rule))
}

pub(crate) fn read_member<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed association", intake);
    let resource = stated.reference("privateLinkResource", intake).this();
    let profile = stated.reference("profile", intake).this();
    let mode = read_mode(&stated, intake);
    PerimeterMember { identity, resource, profile, mode }.into()
}

/// Without a word the mode is `Learning`, its documented default.
fn read_mode<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> PerimeterMode {
    match stated.text("accessMode", intake) {
        Said::This(word) if word.eq_ignore_ascii_case("enforced") => PerimeterMode::Enforced,
        // Renamed: https://learn.microsoft.com/azure/private-link/network-security-perimeter-concepts
        Said::This(word)
            if word.eq_ignore_ascii_case("learning") || word.eq_ignore_ascii_case("transition") =>
        {
            PerimeterMode::Learning
        }
        Said::Nothing => PerimeterMode::Learning,
        Said::This(word) => {
            let sentence = format!(
                "`accessMode` is {}, expected `Enforced` or `Learning`: both are taken as possible",
                Quoted(word)
            );
            stated.tell("unknown-access-mode", Effect::Undecided, &sentence, intake);
            PerimeterMode::Unreadable
        }
        Said::Unreadable => PerimeterMode::Unreadable,
    }
}

const SOURCE_NAMES: SideNames = SideNames {
    prefix: "addressPrefixes",
    prefixes: "addressPrefixes",
    groups: "subscriptions",
    expanded: "serviceTags",
};
