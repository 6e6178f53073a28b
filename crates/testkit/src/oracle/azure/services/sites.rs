//! App Service and Functions: restrictions of the site and of its management site (P10).

use serde_json::{Value, json};

use super::super::Estate;
use super::super::fields::{field, has, number, same, text};
use super::super::verdict::{Match, Verdict};
use super::super::way::Way;
use super::clients::{Clients, Interval, Restriction};
use super::{Access, endpoint_of};

impl Estate {
    /// The ways to sites and to their management sites, which are targets of their own.
    pub(super) fn site_ways(&self) -> Vec<Way> {
        let mut ways = Vec::new();
        for site in self.all("microsoft.web/sites") {
            let settings = self.children("microsoft.web/sites/config", site).next();
            let settings = settings.or_else(|| field(site, "siteConfig"));
            let access = match (
                Access::of(site),
                settings.filter(|it| has(it, "publicNetworkAccess")).map_or(Access::Untold, Access::of),
            ) {
                (Access::Enabled | Access::Untold, Access::Untold) => Access::of(site),
                (Access::Enabled | Access::Untold, nested) => nested,
                (stated, _) => stated,
            };
            let main = || restricted(settings, "ipSecurityRestrictions");
            let own = || restricted(settings, "scmIpSecurityRestrictions");
            let shared = settings.and_then(|it| field(it, "scmIpSecurityRestrictionsUseMain"));
            let management = match shared.and_then(Value::as_bool) {
                Some(true) => main(),
                Some(false) => own(),
                None => Clients::Always(Verdict::Undecided),
            };
            let scm = text(site, "name").map(|name| json!({"name": format!("{name}.scm")}));
            ways.extend(endpoint_of(site, [true, true], &[80, 443], access.over(main())));
            ways.extend(
                scm.and_then(|scm| endpoint_of(&scm, [true, true], &[80, 443], access.over(management))),
            );
        }
        ways
    }
}

fn restricted(settings: Option<&Value>, name: &str) -> Clients {
    let list = settings.and_then(|it| Some((it, field(it, name)?.as_array()?)));
    let Some((settings, list)) = list else { return Clients::Always(Verdict::Undecided) };
    let rest = match text(settings, &format!("{name}DefaultAction")) {
        Some(action) if same(action, "Allow") => Verdict::Allow,
        Some(action) if same(action, "Deny") => Verdict::Deny,
        Some(_) => Verdict::Undecided,
        None if list.is_empty() => Verdict::Allow,
        None => Verdict::Deny,
    };
    let mut restrictions: Vec<Restriction> = list.iter().map(restriction).collect();
    restrictions.sort_by_key(|it| it.priority);
    Clients::Ordered(restrictions, rest)
}

fn restriction(rule: &Value) -> Restriction {
    let action = match text(rule, "action") {
        Some(action) if same(action, "Allow") => Verdict::Allow,
        Some(action) if same(action, "Deny") => Verdict::Deny,
        Some(_) | None => Verdict::Undecided,
    };
    let headers = field(rule, "headers").and_then(Value::as_object).is_some_and(|it| !it.is_empty());
    // The most that can be known: a condition on headers holds or not.
    let certain = if headers { Match::Maybe } else { Match::Yes };
    let stated = text(rule, "ipAddress").map(str::trim);
    let tagged = text(rule, "tag").is_some_and(|it| same(it, "ServiceTag"));
    let subnet = text(rule, "vnetSubnetResourceId").is_some();
    let (sources, inside, outside) = match stated {
        Some(any) if same(any, "Any") || any == "*" => (Vec::new(), certain, certain),
        Some(_) if tagged => (Vec::new(), Match::Maybe, Match::Maybe),
        Some(list) => {
            let parts: Vec<Option<Interval>> = list.split(',').map(Interval::of).collect();
            let unread = if parts.iter().any(Option::is_none) { Match::Maybe } else { Match::No };
            (parts.into_iter().flatten().collect(), certain, unread)
        }
        None if subnet => (Vec::new(), Match::No, Match::No),
        None => (Vec::new(), Match::Maybe, Match::Maybe),
    };
    Restriction { priority: number(rule).unwrap_or_default(), action, sources, inside, outside }
}
