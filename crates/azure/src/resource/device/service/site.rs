//! App Service and Functions (semantics P10): two sites with two lists, kept in a configuration beside them.

use cloud::json::Node;
use cloud::{Said, Stated};
use model::Effect;

use crate::intake::Intake;
use crate::resource::device::Device;
use crate::resource::stated::OfAzure as _;

use super::firewall::default_action;
use super::part::placed;
use super::site_entry::read_entries;
use super::{
    Entry, Firewall, Kept, OF_EDITS, Otherwise, PartContent, PublicAccess, Service, ServiceKind, flag_or,
    has_any, is_full, says_any,
};

pub(crate) static APP_SERVICE: ServiceKind = KIND;

/// The kind of the management site of an app, a target of its own.
pub(crate) const MANAGEMENT_SITE: &str = "app-service-scm";

/// Whom the two sites of an app let in; `None` where that is not said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SiteRules {
    pub(crate) access: PublicAccess,
    pub(crate) main: Option<Firewall>,
    pub(crate) management: Option<Firewall>,
}

impl SiteRules {
    pub(super) const fn untold() -> Self {
        Self { access: PublicAccess::Enabled, main: None, management: None }
    }

    /// Each takes from the other what it does not say itself.
    pub(super) fn complete_each_other(&mut self, other: &mut Self) {
        for (one, other) in [(&mut self.main, &mut other.main), (&mut self.management, &mut other.management)]
        {
            match (&one, &other) {
                (None, Some(list)) => *one = Some(list.clone()),
                (Some(list), None) => *other = Some(list.clone()),
                (None, None) | (Some(_), Some(_)) => {}
            }
        }
    }

    /// The lists of a configuration. Null says that there is no rule in the configuration itself; in the copy that
    /// lists of apps carry it says nothing.
    fn read<'a>(stated: &Stated<'_, 'a>, form: Form, intake: &mut Intake<'_, 'a>) -> Self {
        let main = read_list(stated, MAIN, form, intake);
        let is_said = form == Form::Whole || (form == Form::Copy && main.is_some());
        let without = is_said.then_some(false);
        let management = match flag_or(stated, &["scmIpSecurityRestrictionsUseMain"], without, intake) {
            Some(true) => main.clone(),
            Some(false) => read_list(stated, MANAGEMENT, form, intake),
            // It may follow the other; of an edit of that one alone it is taken that it does not.
            None if main.is_some() && !stated.has(OF_EDITS) => Some(Firewall::all(Otherwise::Either)),
            None => None,
        };
        let access = PublicAccess::read(stated, true, intake);
        Self { access, main, management }
    }
}

pub(crate) fn read<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed app", intake);
    let is_full = is_full(&stated, MARKS);
    let rules = match stated.object("siteConfig", intake) {
        Said::This(configuration) => {
            let form = if is_full { Form::Copy } else { Form::Projection };
            SiteRules::read(&configuration, form, intake)
        }
        Said::Nothing | Said::Unreadable => SiteRules::untold(),
    };
    let access = PublicAccess::read(&stated, is_full, intake);
    let access = agreed(&stated, access, rules.access, intake);
    let is_elsewhere = !stated.object("hostingEnvironmentProfile", intake).is_nothing();
    let says_access = says_any(&stated, &["publicNetworkAccess"]);
    let is_told = is_full || rules.main.is_some() || says_access;
    let is_whole = is_full || says_access;
    let power = stated.text("state", intake).this().map(|state| intake.name(&state.to_ascii_lowercase()));
    let service = Service::new(identity, &APP_SERVICE, access, Kept::Site(rules));
    Service { is_elsewhere, is_told, is_whole, power, ..service }.into()
}

/// What an app and the copy of its configuration in it say of its access. One that says nothing follows the other; where
/// both speak and one of them is disabled, it is not known which is old.
fn agreed<'a>(
    stated: &Stated<'_, 'a>,
    own: PublicAccess,
    copied: PublicAccess,
    intake: &mut Intake<'_, 'a>,
) -> PublicAccess {
    let is_said = says_any(stated, &["publicNetworkAccess"]);
    if (own, copied, is_said) != (PublicAccess::Enabled, PublicAccess::Disabled, true) {
        return own.and(copied);
    }
    let sentence =
        "`publicNetworkAccess` is `Enabled`, and `Disabled` in its configuration: both are taken as possible";
    stated.tell("contradicting-access", Effect::Undecided, sentence, intake);
    PublicAccess::Untold
}

/// A configuration of an app, of which only the one called `web` has lists.
pub(crate) fn read_configuration<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed configuration", intake);
    let is_web = identity.key.ends_with("/config/web") || has_any(&stated, &[MAIN[0], MANAGEMENT[0]]);
    // An edit of something else in a configuration that nobody stated.
    let is_silent = stated.has(OF_EDITS) && !has_any(&stated, LETS_IN);
    let content = if is_web && !is_silent {
        let form = if is_full(&stated, CONFIGURATION_MARKS) { Form::Whole } else { Form::Projection };
        PartContent::Site(SiteRules::read(&stated, form, intake))
    } else {
        PartContent::Unrelated
    };
    placed((&APP_SERVICE, "app-service-configuration"), identity, content, &stated, intake)
}

/// A list with its default action.
fn read_list<'a>(
    stated: &Stated<'_, 'a>,
    [list, default]: [&str; 2],
    form: Form,
    intake: &mut Intake<'_, 'a>,
) -> Option<Firewall> {
    let entries = match stated.objects(list, intake) {
        Said::Nothing if form == Form::Whole => Vec::new(),
        Said::Nothing => return None,
        Said::Unreadable => return Some(Firewall::all(Otherwise::Either)),
        Said::This(rules) => read_entries(&rules, intake),
    };
    let everything = &intake.pool.common.everything;
    let is_about_all = |entry: &Entry| entry.certain && entry.sources.addresses.must == *everything;
    let otherwise = if form == Form::Projection && !stated.has(default) && !entries.iter().any(is_about_all) {
        let sentence = format!("its restrictions are projected without `{default}`: others may be let in");
        stated.tell("missing-field", Effect::Undecided, &sentence, intake);
        Otherwise::Either
    } else {
        let without = if entries.is_empty() { Otherwise::Allow } else { Otherwise::Deny };
        default_action(stated, default, without, intake)
    };
    Some(Firewall { entries, otherwise })
}

/// What the object is that lists stand in. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A configuration itself: what it leaves out is not there.
    Whole,
    /// The copy in an app: a list it leaves out may be there.
    Copy,
    /// What a query asked for: whatever it leaves out may be there.
    Projection,
}

const KIND: ServiceKind = ServiceKind::new(
    ["app-service", "app-service-restrictions", "App Service and Functions apps", LISTED_BY],
    &[80, 443],
)
.beside("access restrictions", "az webapp config show")
.dual();

/// `az webapp list` leaves out functions and slots.
const LISTED_BY: &str = "az webapp list`, `az functionapp list`, `az webapp deployment slot list";

const MAIN: [&str; 2] = ["ipSecurityRestrictions", "ipSecurityRestrictionsDefaultAction"];
const MANAGEMENT: [&str; 2] = ["scmIpSecurityRestrictions", "scmIpSecurityRestrictionsDefaultAction"];

/// Keys of a configuration that say whom an app lets in.
const LETS_IN: &[&str] = &[
    MAIN[0],
    MAIN[1],
    MANAGEMENT[0],
    MANAGEMENT[1],
    "scmIpSecurityRestrictionsUseMain",
    "publicNetworkAccess",
];

/// Keys that a full export has, and a list of names has not.
const MARKS: &[&str] = &["defaultHostName", "hostNames", "enabledHostNames", "serverFarmId"];

/// Keys that a whole configuration has, and a projection of it has not.
const CONFIGURATION_MARKS: &[&str] =
    &["numberOfWorkers", "ftpsState", "minTlsVersion", "http20Enabled", "alwaysOn"];
