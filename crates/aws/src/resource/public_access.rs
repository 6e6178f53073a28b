//! VPC Block Public Access (W17): the mode of an account in a region, and what is excluded from it.
//!
//! Which subnet is where is found in `lower`.

use cloud::{Quoted, Said, Stated};
use model::{Effect, Name};

use crate::intake::Intake;

use super::{Arn, Identity, Origin};

/// What an account and a region block. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Off,
    /// Whatever else it blocks: nothing that starts outside comes in.
    Blocks,
}

impl Mode {
    /// A mode under a key. A word nobody knows has been told.
    pub(super) fn read<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Said<Self> {
        let word = match stated.text(key, intake) {
            Said::This(word) => word,
            Said::Nothing => return Said::Nothing,
            Said::Unreadable => return Said::Unreadable,
        };
        if word.eq_ignore_ascii_case("off") {
            Said::This(Self::Off)
        } else if ["block-bidirectional", "block-ingress"]
            .iter()
            .any(|known| word.eq_ignore_ascii_case(known))
        {
            Said::This(Self::Blocks)
        } else {
            let sentence =
                format!("`{key}` is {}: whether public access is blocked is not known", Quoted(word));
            stated.tell("unknown-mode", Effect::Undecided, &sentence, intake);
            Said::Unreadable
        }
    }
}

/// The mode of one account in one region.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PublicAccess {
    pub(crate) identity: Identity,
    /// `None`: not known which of the two.
    pub(crate) mode: Option<Mode>,
    /// Whether exclusions count.
    pub(crate) takes_exclusions: bool,
}

impl PublicAccess {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let region = stated.text("AwsRegion", intake).this().map(|region| intake.name(region));
        let region = region.or_else(|| origin.region.clone());
        let id = format!("vpc-block-public-access/{}", region.as_deref().unwrap_or("unknown-region"));
        let mut identity = Identity::read(stated, &id, Some("VPC Block Public Access"), origin, intake);
        identity.region = region;
        let mode = match Mode::read(stated, "InternetGatewayBlockMode", intake) {
            Said::This(mode) => Some(mode),
            Said::Unreadable => None,
            Said::Nothing => {
                let sentence =
                    "`InternetGatewayBlockMode` is missing: whether public access is blocked is not known";
                stated.tell("missing-field", Effect::Undecided, sentence, intake);
                None
            }
        };
        let state = stated.text("State", intake).this();
        let settled = state.is_none_or(|state| !state.eq_ignore_ascii_case("update-in-progress"));
        if !settled {
            let sentence = "an update of Block Public Access is in progress: whether it blocks is not known";
            stated.tell("change-in-progress", Effect::Undecided, sentence, intake);
        }
        let allowed = stated.text("ExclusionsAllowed", intake);
        let is_read = allowed != Said::Unreadable;
        let takes_exclusions =
            is_read && allowed.this().is_none_or(|word| !word.eq_ignore_ascii_case("not-allowed"));
        // Where it is not known whether exclusions count, blocking is possible and no exclusion takes it away.
        let mode = mode.filter(|mode| settled && (is_read || *mode == Mode::Off));
        Some(Self { identity, mode, takes_exclusions })
    }
}

/// What one exclusion lets through.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PublicAccessExclusion {
    pub(crate) identity: Identity,
    /// The id of the VPC or of the subnet that it excludes; `None` when it cannot be read, which has been told.
    pub(crate) of: Option<Name>,
    pub(crate) lets_in: LetsIn,
}

/// Whether an exclusion lets in what starts outside. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LetsIn {
    Certainly,
    Possibly,
    Never,
}

impl PublicAccessExclusion {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let id = stated.text("ExclusionId", intake).this()?;
        let mut identity = Identity::read(stated, id, None, origin, intake);
        let resource = stated.text("ResourceArn", intake).this();
        let arn = resource.map(Arn::of);
        if identity.account.is_none() {
            identity.account = arn.and_then(|arn| arn.account).map(|account| intake.name(account));
        }
        let of = arn.and_then(|arn| arn.resource.split_once('/')).map(|(_, id)| intake.name(id));
        if of.is_none() {
            let sentence = "`ResourceArn` names no VPC and no subnet: what is excluded is not known";
            stated.tell("unreadable-reference", Effect::Undecided, sentence, intake);
        }
        let mode = Self::mode(stated, intake);
        let lets_in = match (mode, Self::holds(stated, intake)) {
            (_, LetsIn::Never) => LetsIn::Never,
            // What it changes from is not said.
            (LetsIn::Never, LetsIn::Possibly) if Self::is_changing(stated, intake) => LetsIn::Possibly,
            (LetsIn::Never, _) => LetsIn::Never,
            (LetsIn::Certainly, LetsIn::Certainly) => LetsIn::Certainly,
            (LetsIn::Certainly | LetsIn::Possibly, LetsIn::Certainly | LetsIn::Possibly) => LetsIn::Possibly,
        };
        Some(Self { identity, of, lets_in })
    }

    fn is_changing<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> bool {
        let state = stated.text("State", intake).this();
        state.is_some_and(|state| state.eq_ignore_ascii_case("update-in-progress"))
    }

    /// What its mode lets in.
    fn mode<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> LetsIn {
        let key = "InternetGatewayExclusionMode";
        match stated.text(key, intake) {
            Said::This(word) if word.eq_ignore_ascii_case("allow-bidirectional") => LetsIn::Certainly,
            Said::This(word) if word.eq_ignore_ascii_case("allow-egress") => LetsIn::Never,
            Said::This(word) => {
                let sentence = format!("`{key}` is {}: what it lets in is not known", Quoted(word));
                stated.tell("unknown-mode", Effect::Undecided, &sentence, intake);
                LetsIn::Possibly
            }
            Said::Nothing => {
                let sentence = format!("`{key}` is missing: what it lets in is not known");
                stated.tell("missing-field", Effect::Undecided, &sentence, intake);
                LetsIn::Possibly
            }
            Said::Unreadable => LetsIn::Possibly,
        }
    }

    /// Whether it is in force.
    fn holds<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> LetsIn {
        let state = match stated.text("State", intake) {
            Said::This(state) => state,
            // What the API lists has a state; without one it is taken as listed.
            Said::Nothing => return LetsIn::Certainly,
            Said::Unreadable => return LetsIn::Possibly,
        };
        let is_one_of = |words: &[&str]| words.iter().any(|word| state.eq_ignore_ascii_case(word));
        if is_one_of(&["create-complete", "update-complete"]) {
            LetsIn::Certainly
        } else if is_one_of(&["create-failed", "delete-complete", "disable-complete"]) {
            LetsIn::Never
        } else {
            let sentence = format!("its state is {}: whether it is in force is not known", Quoted(state));
            stated.tell("change-in-progress", Effect::Undecided, &sentence, intake);
            LetsIn::Possibly
        }
    }
}
