//! Conditions of Cloud Armor in its expression language: which clients a rule is for.
//!
//! Addresses are read exactly. Everything else is bounds, but for one thing: a signature of attacks (`evaluatePreconfiguredWaf`)
//! keeps out requests and no client.

use packet::{AddressSet, Bounds, Prefix};

use cloud::grammar;

/// A condition, as far as it is understood.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Condition {
    Constant(bool),
    /// The client is one of these.
    From(AddressSet),
    /// The request looks like an attack.
    Signature,
    /// Something else of the client or of the request.
    Unknown,
    Not(Box<Condition>),
    AllOf(Vec<Condition>),
    AnyOf(Vec<Condition>),
}

impl Condition {
    /// Reads an expression. What is not understood is unknown.
    pub(super) fn of(text: &str) -> Self {
        let mut reader = Reader { rest: text.trim(), depth: 0 };
        match reader.any_of() {
            Some(condition) if reader.rest.is_empty() => condition,
            Some(_) | None => Self::Unknown,
        }
    }

    /// Whether a signature of attacks is part of it.
    pub(super) fn has_signature(&self) -> bool {
        match self {
            Self::Signature => true,
            Self::Not(part) => part.has_signature(),
            Self::AllOf(parts) | Self::AnyOf(parts) => parts.iter().any(Self::has_signature),
            Self::Constant(_) | Self::From(_) | Self::Unknown => false,
        }
    }

    /// The clients of whom a rule that denies keeps every request out, or one that allows lets some request in.
    pub(super) fn clients(&self, denies: bool) -> Bounds<AddressSet> {
        self.clients_of(denies, false)
    }

    fn clients_of(&self, denies: bool, is_negated: bool) -> Bounds<AddressSet> {
        let everything = AddressSet::everything;
        match self {
            Self::Constant(holds) if *holds == is_negated => Bounds::exactly(AddressSet::empty()),
            Self::Constant(_) => Bounds::exactly(everything()),
            Self::From(set) if is_negated => Bounds::exactly(set.complement()),
            Self::From(set) => Bounds::exactly(set.clone()),
            // Whoever attacks may as well send something that no signature knows.
            Self::Signature if denies && !is_negated => Bounds::exactly(AddressSet::empty()),
            Self::Signature | Self::Unknown => Bounds::between(AddressSet::empty(), everything()),
            Self::Not(part) => part.clients_of(denies, !is_negated),
            Self::AllOf(parts) | Self::AnyOf(parts) => {
                let is_any = matches!(self, Self::AnyOf(_)) != is_negated;
                let whole = if is_any { AddressSet::empty() } else { everything() };
                let join =
                    |a: &AddressSet, b: &AddressSet| if is_any { a.union(b) } else { a.intersection(b) };
                parts.iter().fold(Bounds::exactly(whole), |joined, part| {
                    let part = part.clients_of(denies, is_negated);
                    Bounds { must: join(&joined.must, &part.must), may: join(&joined.may, &part.may) }
                })
            }
        }
    }
}

/// What is left to read of an expression.
struct Reader<'t> {
    rest: &'t str,
    depth: usize,
}

impl<'t> Reader<'t> {
    fn any_of(&mut self) -> Option<Condition> {
        self.joined("||", Self::all_of, Condition::AnyOf)
    }

    fn all_of(&mut self) -> Option<Condition> {
        self.joined("&&", Self::one, Condition::AllOf)
    }

    fn joined(
        &mut self,
        word: &str,
        part: fn(&mut Self) -> Option<Condition>,
        join: fn(Vec<Condition>) -> Condition,
    ) -> Option<Condition> {
        let first = part(self)?;
        let mut parts = vec![first];
        while self.takes(word) {
            parts.push(part(self)?);
        }
        match parts.len() {
            1 => parts.pop(),
            _ => Some(join(parts)),
        }
    }

    fn one(&mut self) -> Option<Condition> {
        if self.depth == DEPTH_MAX {
            return None;
        }
        self.depth += 1;
        let one = if self.takes("!") {
            self.one().map(|part| Condition::Not(Box::new(part)))
        } else if self.takes("(") {
            let inner = self.any_of()?;
            // What stands behind the bracket may be part of a longer term: `(a) == b`.
            self.takes(")").then_some(inner).filter(|_| self.is_at_end_of_term())
        } else {
            self.term()
        };
        self.depth -= 1;
        one
    }

    /// A term: everything up to the next connective of its level.
    fn term(&mut self) -> Option<Condition> {
        let length = term_length(self.rest)?;
        let (term, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest.trim_start();
        (!term.trim().is_empty()).then(|| condition_of(term.trim()))
    }

    fn takes(&mut self, word: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(word) else { return false };
        self.rest = rest.trim_start();
        true
    }

    fn is_at_end_of_term(&self) -> bool {
        self.rest.is_empty() || ["||", "&&", ")"].iter().any(|word| self.rest.starts_with(word))
    }
}

/// How long the term is at which a text begins; `None` where brackets or quotes do not end, or it is a choice (`a ? b : c`).
fn term_length(text: &str) -> Option<usize> {
    let (mut depth, mut quote, mut is_escaped) = (0_usize, None, false);
    let mut before = ' ';
    for (place, character) in text.char_indices() {
        if let Some(open) = quote {
            match character {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                _ if character == open => quote = None,
                _ => {}
            }
            continue;
        }
        match character {
            '"' | '\'' => quote = Some(character),
            '(' | '[' | '{' => depth += 1,
            ')' if depth == 0 => return Some(place),
            ')' | ']' | '}' => depth = depth.checked_sub(1)?,
            '?' => return None,
            '|' | '&' if depth == 0 && before == character => return Some(place - 1),
            _ => {}
        }
        before = character;
    }
    (depth == 0 && quote.is_none()).then_some(text.len())
}

fn condition_of(term: &str) -> Condition {
    match term {
        "true" => Condition::Constant(true),
        "false" => Condition::Constant(false),
        _ => match call(term) {
            Some(("inIpRange" | "inIPRange", arguments)) => {
                range(arguments).map_or(Condition::Unknown, |range| Condition::From(range.into()))
            }
            // Lists of addresses that others keep have the same function.
            Some((_, arguments)) if arguments.contains(LISTS) => Condition::Unknown,
            Some(("evaluatePreconfiguredExpr" | "evaluatePreconfiguredWaf", _)) => Condition::Signature,
            Some(_) | None => Condition::Unknown,
        },
    }
}

/// The name and the arguments of a term that is one call and nothing else.
fn call(term: &str) -> Option<(&str, &str)> {
    let (name, rest) = term.split_once('(')?;
    let length = term_length(rest)?;
    let (arguments, end) = rest.split_at_checked(length)?;
    (end == ")").then(|| (name.trim_end(), arguments.trim()))
}

/// The range of `origin.ip, '203.0.113.0/24'`. Other addresses of a client stand in what it sends.
fn range(arguments: &str) -> Option<Prefix> {
    let (whose, range) = arguments.split_once(',')?;
    let range = range.trim();
    let quoted = |quote: char| range.strip_prefix(quote)?.strip_suffix(quote);
    let range = quoted('\'').or_else(|| quoted('"'))?;
    (whose.trim() == "origin.ip").then(|| grammar::prefix(range).ok()).flatten()
}

/// How names of lists of addresses begin.
const LISTS: &str = "sourceiplist";
/// How deep brackets are followed.
const DEPTH_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, denies: bool) -> String {
        let Bounds { must, may } = Condition::of(text).clients(denies);
        let name = |set: &AddressSet| match set {
            set if set.is_empty() => "none".to_owned(),
            set if *set == AddressSet::everything() => "all".to_owned(),
            set => format!("{:?}", set.v4_spans()),
        };
        if must == may { name(&must) } else { format!("{}..{}", name(&must), name(&may)) }
    }

    #[test]
    fn addresses_are_exact() {
        let eight = "[(134744064, 134744319)]";
        for text in [
            "inIpRange(origin.ip, '8.8.8.0/24')",
            "inIPRange(origin.ip, '8.8.8.0/24')",
            " ( inIpRange( origin.ip ,\"8.8.8.9/24\" ) ) ",
            "!(!inIpRange(origin.ip, '8.8.8.0/24'))",
            "inIpRange(origin.ip, '8.8.8.0/25') || inIpRange(origin.ip, '8.8.8.128/25')",
            "inIpRange(origin.ip, '8.0.0.0/8') && inIpRange(origin.ip, '8.8.8.0/24')",
            "false || inIpRange(origin.ip, '8.8.8.0/24') && true",
        ] {
            assert_eq!(told(text, true), eight, "{text}");
        }
        assert_eq!(told("true", true), "all");
        assert_eq!(told("!inIpRange(origin.ip, '0.0.0.0/0') && !inIpRange(origin.ip, '::/0')", true), "none");
    }

    #[test]
    fn everything_else_is_bounds() {
        for text in [
            "origin.region_code == 'US'",
            "request.path.matches('/admin') ",
            "inIpRange(origin.user_ip, '8.8.8.0/24')",
            "inIpRange(origin.ip, '8.8.8.0/24') == false",
            "(inIpRange(origin.ip, '8.8.8.0/24')) == false",
            "inIpRange(origin.ip, '8.8.8.0/24') ? false : true",
            "inIpRange(origin.ip, '8.8.8.0/24'",
            "inIpRange(origin.ip, '8.8.8.0/24') || ",
            "inIpRange(origin.ip, '8.8.8.0/24'))",
            "",
            "evaluatePreconfiguredExpr('sourceiplist-fastly')",
            "request.headers['x'].contains(\"a' || b\")",
        ] {
            assert_eq!(told(text, true), "none..all", "{text}");
        }
        assert_eq!(
            told("inIpRange(origin.ip, '0.0.0.0/0') || request.path == '/'", true),
            "[(0, 4294967295)]..all"
        );
        assert_eq!(told(&"(".repeat(100_000), true), "none..all");
        assert_eq!(told(&"!".repeat(100_000), true), "none..all");
    }

    #[test]
    fn a_signature_keeps_out_no_client() {
        let text = "evaluatePreconfiguredWaf('sqli-v33-stable', {'sensitivity': 1})";
        assert_eq!(told(text, true), "none");
        assert_eq!(told(text, false), "none..all");
        assert_eq!(told(&format!("!{text}"), true), "none..all");
        assert_eq!(told(&format!("{text} || evaluatePreconfiguredExpr('xss-stable')"), true), "none");
        assert_eq!(told(&format!("{text} == true"), true), "none..all");
    }
}
