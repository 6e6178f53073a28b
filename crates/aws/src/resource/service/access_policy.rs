//! The access policy of a domain (P22), as far as it is about packets.
//!
//! Network reach only: who a statement names is about authentication and bounds nothing, its conditions on the source do.
//! A denial takes away only what it denies to everyone for everything. Knows no endpoint.

use std::borrow::Cow;

use cloud::json::{Node, Tree};
use cloud::{Quoted, Said, Stated};
use model::{Action, Effect, Name};
use packet::{Bounds, PortSet};

use crate::intake::Intake;

use super::condition::Conditions;
use super::glob;
use super::line::{EVERYBODY, Line, tcp};

/// The domain that a policy is about.
pub(super) struct About<'d> {
    pub(super) arn: Option<&'d str>,
    pub(super) name: &'d str,
    pub(super) ports: Bounds<PortSet>,
}

/// The lines that the policy under a key comes to: denials first, they win over everything.
pub(super) fn lines<'a>(
    domain: &Stated<'_, 'a>,
    key: &str,
    about: &About<'_>,
    intake: &mut Intake<'_, 'a>,
) -> Vec<Line> {
    let numbers = tcp(about.ports.clone(), intake);
    let everybody = Line::everybody(key, Action::Allow, numbers, domain, intake);
    let policy = match domain.value(key) {
        None | Some(Tree::Null) => return vec![everybody],
        Some(Tree::Text(text)) if text.trim().is_empty() => return vec![everybody],
        Some(Tree::Object(policy)) => policy.clone(),
        Some(Tree::Text(text)) => match parsed(text) {
            Some(policy) => policy,
            None => {
                let sentence = format!("`{key}` is no JSON object: whom it lets in is not known");
                domain.tell("unreadable-policy", Effect::Undecided, &sentence, intake);
                return vec![everybody.possibly()];
            }
        },
        Some(other) => {
            domain.strange::<()>(key, other.json(), "a policy", intake);
            return vec![everybody.possibly()];
        }
    };
    // What is told of a policy stands where its domain does.
    let around = core::mem::replace(&mut intake.desk.around, domain.node().at);
    let lines = of_policy(&domain.part(&policy, intake), domain, about, everybody, intake);
    intake.desk.around = around;
    lines
}

fn of_policy<'a>(
    policy: &Stated<'_, 'a>,
    domain: &Stated<'_, 'a>,
    about: &About<'_>,
    everybody: Line,
    intake: &mut Intake<'_, 'a>,
) -> Vec<Line> {
    let statements = match policy.objects("Statement", intake) {
        Said::This(statements) => statements,
        Said::Nothing => Vec::new(),
        Said::Unreadable => return vec![everybody.possibly()],
    };
    let (mut denials, mut allowances) = (Vec::new(), Vec::new());
    for (number, statement) in (1_u32..).zip(statements) {
        let reading = Reading { statement, about, read_at: domain.read_at };
        let name = reading.name(number, intake);
        match statement.text("Effect", intake) {
            Said::This("Allow") => allowances.extend(reading.allowance(name, intake)),
            Said::This("Deny") => denials.extend(reading.denial(name, intake)),
            effect => {
                let word = effect.this().unwrap_or_default();
                let sentence = format!(
                    "`Effect` of a statement is {}, expected `Allow` or `Deny`: both are possible",
                    Quoted(word)
                );
                statement.tell("unknown-value", Effect::Undecided, &sentence, intake);
                let allowed = reading.allowance(name.clone(), intake);
                allowances.extend(allowed.into_iter().map(Line::possibly));
                denials.extend(reading.denial(name, intake).into_iter().map(Line::possibly));
            }
        }
    }
    // Nobody is named here: who is in the account gets in by a policy of its own, from anywhere.
    if allowances.is_empty() {
        allowances.push(everybody);
    }
    denials.into_iter().chain(allowances).collect()
}

struct Reading<'r, 'n, 'a> {
    statement: Stated<'n, 'a>,
    about: &'r About<'r>,
    read_at: cloud::ReadAt,
}

impl<'a> Reading<'_, '_, 'a> {
    fn name(&self, number: u32, intake: &mut Intake<'_, 'a>) -> Name {
        match self.statement.text("Sid", intake) {
            Said::This(name) => intake.name(name),
            Said::Nothing | Said::Unreadable => intake.name(&format!("statement {number}")),
        }
    }

    fn allowance(&self, name: Name, intake: &mut Intake<'_, 'a>) -> Option<Line> {
        let actions = self.actions(intake);
        if actions == Breadth::Nothing {
            return None;
        }
        let is_here = self.names_domain(intake);
        let has_principal = ["Principal", "NotPrincipal"].iter().any(|key| self.statement.has(key));
        let certain = is_here && has_principal && actions != Breadth::Unknown;
        Some(self.line(name, Action::Allow, certain, intake))
    }

    fn denial(&self, name: Name, intake: &mut Intake<'_, 'a>) -> Option<Line> {
        let actions = self.actions(intake);
        if actions == Breadth::Nothing {
            return None;
        }
        let certain = actions == Breadth::Everything && self.covers_domain(intake) && self.names_everyone();
        let line = self.line(name, Action::Deny, certain, intake);
        // Denying HTTP where nothing but HTTPS is taken denies nothing.
        Some(line).filter(|line| !line.numbers.ports.may.is_empty())
    }

    fn line(&self, name: Name, action: Action, certain: bool, intake: &mut Intake<'_, 'a>) -> Line {
        let conditions = Conditions::read(&self.statement, intake);
        let ports = Bounds {
            must: self.about.ports.must.intersection(&conditions.ports),
            may: self.about.ports.may.intersection(&conditions.ports),
        };
        let written = match conditions.written.as_slice() {
            [] => EVERYBODY.to_owned(),
            written => written.join(" and "),
        };
        Line {
            name,
            written: intake.name(&written),
            action,
            sources: conditions.sources,
            numbers: tcp(ports, intake),
            certain: certain && conditions.certain,
            built_in: false,
            read_at: self.read_at,
        }
    }

    /// How many of the requests that the endpoint takes a statement is about.
    fn actions(&self, intake: &mut Intake<'_, 'a>) -> Breadth {
        let (key, is_not) = match self.statement.has("NotAction") {
            true => ("NotAction", true),
            false => ("Action", false),
        };
        let Said::This(patterns) = self.statement.texts(key, intake) else { return Breadth::Unknown };
        let is_meant =
            |request: &&&str| patterns.iter().any(|pattern| glob::matches(pattern, request)) != is_not;
        match REQUESTS.iter().filter(is_meant).count() {
            0 => Breadth::Nothing,
            all if all == REQUESTS.len() => Breadth::Everything,
            _ => Breadth::Something,
        }
    }

    /// Whether what a statement is about may be in this domain: a pattern and the domain go together as far as both are
    /// written out.
    fn names_domain(&self, intake: &mut Intake<'_, 'a>) -> bool {
        let Said::This(patterns) = self.statement.texts("Resource", intake) else { return false };
        let Some(within) = self.within() else { return patterns.contains(&"*") };
        patterns.iter().any(|pattern| {
            let plain = pattern.split(['*', '?']).next().unwrap_or_default();
            let is_open = plain.len() < pattern.len();
            let goes_on = |one: &str, other: &str| other.get(..one.len()).is_some_and(|start| start == one);
            goes_on(&within, plain) || (is_open && goes_on(plain, &within))
        })
    }

    /// Whether it is about everything in this domain.
    fn covers_domain(&self, intake: &mut Intake<'_, 'a>) -> bool {
        let Said::This(patterns) = self.statement.texts("Resource", intake) else { return false };
        let whole = match self.within() {
            // No index has such a name.
            Some(within) => format!("{within}\u{1}/\u{1}"),
            None => "\u{1}".to_owned(),
        };
        patterns.iter().any(|pattern| glob::matches(pattern, &whole))
    }

    /// What the ARNs of all that is in the domain start with.
    fn within(&self) -> Option<String> {
        let suffix = format!("domain/{}", self.about.name);
        self.about.arn.filter(|arn| arn.ends_with(&suffix)).map(|arn| format!("{arn}/"))
    }

    fn names_everyone(&self) -> bool {
        let is_star = |tree: &Tree<'_>| match tree {
            Tree::Text(text) => text.trim() == EVERYBODY,
            Tree::List(items) => {
                items.iter().any(|item| matches!(item, Tree::Text(text) if text.trim() == EVERYBODY))
            }
            Tree::Null | Tree::Flag(_) | Tree::Object(_) | Tree::Unknown(_) => false,
        };
        match self.statement.value("Principal") {
            Some(Tree::Object(by_kind)) => by_kind.own("AWS").is_some_and(is_star),
            Some(other) => is_star(other),
            None => false,
        }
    }
}

/// How much of all that there is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Breadth {
    Nothing,
    Something,
    Everything,
    Unknown,
}

/// What the endpoint of a domain is asked for. Other actions are asked of the service, whose endpoint is another.
const REQUESTS: [&str; 6] =
    ["es:ESHttpDelete", "es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPatch", "es:ESHttpPost", "es:ESHttpPut"];

/// A policy in a text, as an object that stands for itself.
fn parsed(text: &str) -> Option<Node<'static>> {
    match serde_json::from_str::<Tree<'_>>(text) {
        Ok(Tree::Object(node)) => Some(detached(node)),
        Ok(_) | Err(_) => None,
    }
}

fn detached(node: Node<'_>) -> Node<'static> {
    let own = |(key, value): (Cow<'_, str>, Tree<'_>)| (Cow::Owned(key.into_owned()), detached_value(value));
    Node::new(node.into_entries().into_iter().map(own).collect(), None)
}

fn detached_value(value: Tree<'_>) -> Tree<'static> {
    match value {
        Tree::Null => Tree::Null,
        Tree::Flag(flag) => Tree::Flag(flag),
        Tree::Text(text) => Tree::Text(Cow::Owned(text.into_owned())),
        Tree::List(items) => Tree::List(items.into_iter().map(detached_value).collect()),
        Tree::Object(node) => Tree::Object(detached(node)),
        Tree::Unknown(unknown) => Tree::unknown(unknown.cause, unknown.text.into_owned()),
    }
}
