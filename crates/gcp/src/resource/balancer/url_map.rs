//! URL maps: to which backends requests go. A client writes host, path and headers itself, so it reaches all of them.

use cloud::{Said, Stated};
use model::Effect;

use crate::intake::Intake;

use super::super::{Identity, Link, Origin};
use super::{is_told, link};

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
        let matchers = reading.parts(stated, "pathMatchers", intake);
        if !stated.has("pathMatchers") && !is_told(stated, "pathMatchers", origin) {
            reading.miss(
                stated,
                "missing-field",
                "`pathMatchers` is not told: requests may go elsewhere, too",
                intake,
            );
        }
        let names: Vec<Option<&str>> =
            matchers.iter().map(|matcher| matcher.text("name", intake).this()).collect();
        // A host that names a matcher which is not there may mean any.
        let named = named.filter(|named| named.iter().all(|name| names.contains(&Some(name))));
        if named.is_none() && !matches!(hosts, Said::Unreadable) {
            let sentence = "a rule for hosts names no matcher that is there: who gets requests is not known";
            reading.miss(stated, "dangling-reference", sentence, intake);
        }
        for (matcher, name) in matchers.iter().zip(names) {
            let is_named = named.as_ref().zip(name).is_none_or(|(named, name)| named.contains(&name));
            if is_named {
                reading.matcher(matcher, intake);
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
                self.leads(&rule, ["service", "urlRedirect", "routeAction"], intake);
                self.errors(&rule, "customErrorResponsePolicy", intake);
            }
        }
    }

    /// What becomes of requests that no rule takes.
    fn routed<'a>(&mut self, stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) {
        self.leads(stated, ["defaultService", "defaultUrlRedirect", "defaultRouteAction"], intake);
        self.errors(stated, "defaultCustomErrorResponsePolicy", intake);
    }

    /// A bucket that has the pages for requests that fail: whoever asks for nonsense gets them.
    fn errors<'a>(&mut self, stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) {
        if let Some(policy) = self.part(stated, key, intake) {
            self.heir(&policy, "errorService", intake);
        }
    }

    /// Where requests go by one of three keys: each rule, and each default, has to say it.
    fn leads<'a>(
        &mut self,
        stated: &Stated<'_, 'a>,
        [service, redirect, action]: [&str; 3],
        intake: &mut Intake<'_, 'a>,
    ) {
        let before = (self.heirs.len(), self.is_unread);
        self.heir(stated, service, intake);
        let answers = self.part(stated, redirect, intake).is_some();
        self.answers |= answers;
        self.action(stated, action, intake);
        if !answers && before == (self.heirs.len(), self.is_unread) {
            let sentence = format!("`{service}` is missing: who gets requests is not known");
            self.miss(stated, "missing-field", &sentence, intake);
        }
    }

    /// Something is not there that says who gets requests.
    fn miss<'a>(
        &mut self,
        stated: &Stated<'_, 'a>,
        code: &'static str,
        sentence: &str,
        intake: &mut Intake<'_, 'a>,
    ) {
        self.is_unread = true;
        stated.tell(code, Effect::Undecided, sentence, intake);
    }

    fn action<'a>(&mut self, stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) {
        let Some(action) = self.part(stated, key, intake) else { return };
        for weighted in self.parts(&action, "weightedBackendServices", intake) {
            // protobuf leaves a zero out; and with a weight that cannot be read it is no more certain.
            let weight = weighted.number("weight", intake);
            let is_idle = matches!(weight, Said::Nothing | Said::Unreadable | Said::This(0));
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
                let sentence = "`backendService` is missing: who gets requests is not known";
                self.miss(stated, "missing-field", sentence, intake);
            }
        }
    }
}
