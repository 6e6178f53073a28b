//! URL maps: to which backends requests go. A client writes host, path and headers itself, so it reaches all of them.

use cloud::{Quoted, Said, Stated};
use model::Effect;

use crate::intake::Intake;

use super::super::{Identity, Link, Origin};
use super::link;

/// A URL map, of one region or of none.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UrlMap {
    pub(crate) identity: Identity,
    /// Who gets requests, sorted by whom, each once.
    pub(crate) heirs: Vec<Heir>,
    /// Whether the load balancer answers some requests itself, by a redirect.
    pub(crate) answers: bool,
    /// Whether a part could not be read, which has been told: it may lead anywhere.
    pub(crate) is_unread: bool,
}

/// A backend service or bucket that gets requests.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Heir {
    pub(crate) to: Link,
    /// Whether its weight is zero: one call gives it requests.
    pub(crate) is_idle: bool,
}

impl UrlMap {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let identity = Identity::read(stated, "urlMaps", origin, intake)?;
        let mut reading = Reading::default();
        reading.routed(stated, intake);
        // A matcher that no host names gets no request.
        let hosts = stated.objects("hostRules", intake);
        let named: Option<Vec<&str>> = match &hosts {
            Said::This(hosts) => hosts.iter().map(|host| host.text("pathMatcher", intake).this()).collect(),
            Said::Nothing => Some(Vec::new()),
            Said::Unreadable => None,
        };
        for matcher in reading.parts(stated, "pathMatchers", intake) {
            let name = matcher.text("name", intake).this();
            let is_named = named.as_ref().zip(name).is_none_or(|(named, name)| named.contains(&name));
            if is_named {
                reading.matcher(&matcher, intake);
            }
        }
        Some(reading.map(identity))
    }
}

/// What was found so far.
#[derive(Default)]
struct Reading {
    heirs: Vec<Heir>,
    answers: bool,
    is_unread: bool,
}

impl Reading {
    fn map(mut self, identity: Identity) -> UrlMap {
        // Who gets requests by one rule and none by another gets some.
        self.heirs.sort_unstable();
        self.heirs.dedup_by(|next, kept| next.to == kept.to);
        UrlMap { identity, heirs: self.heirs, answers: self.answers, is_unread: self.is_unread }
    }

    fn parts<'n, 'a>(
        &mut self,
        stated: &Stated<'n, 'a>,
        key: &str,
        intake: &mut Intake<'_, 'a>,
    ) -> Vec<Stated<'n, 'a>> {
        match stated.objects(key, intake) {
            Said::This(parts) => parts,
            Said::Nothing => Vec::new(),
            Said::Unreadable => {
                self.is_unread = true;
                Vec::new()
            }
        }
    }

    fn part<'n, 'a>(
        &mut self,
        stated: &Stated<'n, 'a>,
        key: &str,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Stated<'n, 'a>> {
        let part = stated.object(key, intake);
        self.is_unread |= matches!(part, Said::Unreadable);
        part.this()
    }

    fn matcher<'a>(&mut self, matcher: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) {
        self.routed(matcher, intake);
        for key in ["pathRules", "routeRules"] {
            for rule in self.parts(matcher, key, intake) {
                self.heir(&rule, "service", intake);
                self.redirect(&rule, "urlRedirect", intake);
                self.action(&rule, "routeAction", intake);
            }
        }
    }

    /// What becomes of requests that no rule takes.
    fn routed<'a>(&mut self, stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) {
        self.heir(stated, "defaultService", intake);
        self.redirect(stated, "defaultUrlRedirect", intake);
        self.action(stated, "defaultRouteAction", intake);
    }

    fn redirect<'a>(&mut self, stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) {
        self.answers |= self.part(stated, key, intake).is_some();
    }

    fn action<'a>(&mut self, stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) {
        let Some(action) = self.part(stated, key, intake) else { return };
        for weighted in self.parts(&action, "weightedBackendServices", intake) {
            // protobuf leaves a zero out.
            let is_idle = weighted.number("weight", intake).this().unwrap_or_default() == 0;
            self.weighted(&weighted, is_idle, intake);
        }
        // A copy of each request goes there.
        if let Some(mirror) = self.part(&action, "requestMirrorPolicy", intake) {
            self.weighted(&mirror, false, intake);
        }
    }

    fn heir<'a>(&mut self, stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) {
        let to = link(stated, key, intake);
        self.is_unread |= to == Said::Unreadable;
        self.heirs.extend(to.this().map(|to| Heir { to, is_idle: false }));
    }

    fn weighted<'a>(&mut self, stated: &Stated<'_, 'a>, is_idle: bool, intake: &mut Intake<'_, 'a>) {
        match link(stated, "backendService", intake) {
            Said::This(to) => self.heirs.push(Heir { to, is_idle }),
            Said::Unreadable => self.is_unread = true,
            Said::Nothing => {
                self.is_unread = true;
                let sentence =
                    format!("{} is missing: who gets requests is not known", Quoted("backendService"));
                stated.tell("missing-field", Effect::Undecided, &sentence, intake);
            }
        }
    }
}
