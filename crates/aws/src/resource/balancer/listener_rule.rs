//! Rules of listeners: which requests go elsewhere than by default.
//!
//! A client chooses the host, the path and everything else that it writes itself; its address it does not choose.

use std::sync::Arc;

use cloud::{Quoted, Said, Stated, grammar};
use model::{Effect, Name};
use packet::{AddressSet, Bounds};

use crate::intake::Intake;

use super::super::{Identity, Origin};
use super::{Forwarding, name};

/// A rule of a listener.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ListenerRule {
    pub(crate) identity: Identity,
    /// The ARN of its listener.
    pub(crate) listener: Name,
    /// Its place; `None` for the default, which comes last, and for one that cannot be read.
    pub(crate) priority: Option<u32>,
    pub(crate) is_default: bool,
    pub(crate) condition: Condition,
    pub(crate) action: Forwarding,
}

/// Which requests a rule takes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Condition {
    /// Whose: their addresses.
    pub(crate) sources: Bounds<Arc<AddressSet>>,
    /// Whether it asks for more than who sent them, which the client chooses.
    pub(crate) has_more: bool,
}

impl ListenerRule {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let id = stated.text("RuleArn", intake).this()?;
        let listener = name(stated, "ListenerArn", intake).this();
        let listener = listener.or_else(|| listener_of(id).map(|listener| intake.name(&listener)));
        let Some(listener) = listener else {
            let sentence = "its listener is not known: what it leads to may be exposed and is not told";
            stated.tell("unread-list", Effect::Narrowed, sentence, intake);
            return None;
        };
        let said = stated.text("Priority", intake);
        let is_told = said == Said::Unreadable;
        let word = said.this();
        let is_default = stated.flag("IsDefault", intake) == Said::This(true)
            || word.is_some_and(|word| word.eq_ignore_ascii_case("default"));
        let priority = word.and_then(|word| word.parse().ok());
        if priority.is_none() && !is_default && !is_told {
            let word = Quoted(word.unwrap_or("missing"));
            let sentence = format!("`Priority` is {word}, expected a number: it may come first");
            stated.tell("unreadable-priority", Effect::Undecided, &sentence, intake);
        }
        let called_by = if is_default { Some("default") } else { word };
        let called_by = called_by.map(|word| intake.name(word));
        let identity = super::called(Identity::read(stated, id, None, origin, intake), called_by);
        let condition = Condition::read(stated, intake);
        let action = Forwarding::read(stated, "Actions", intake);
        Some(Self { identity, listener, priority, is_default, condition, action })
    }
}

/// The ARN of the listener that the ARN of a rule holds.
fn listener_of(rule: &str) -> Option<String> {
    let (listener, _) = rule.rsplit_once('/')?;
    let (before, after) = listener.split_once(":listener-rule/")?;
    Some(format!("{before}:listener/{after}"))
}

impl Condition {
    fn read<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Self {
        let everything = Arc::clone(&intake.pool.common.everything);
        let mut condition = Self { sources: Bounds::exactly(everything), has_more: false };
        let listed = match stated.objects("Conditions", intake) {
            Said::This(listed) => listed,
            Said::Nothing => return condition,
            Said::Unreadable => {
                // Whom it takes is not known, nor whom it leaves.
                condition.sources.must = Arc::clone(&intake.pool.common.nothing);
                return condition;
            }
        };
        for one in &listed {
            let field = one.text("Field", intake);
            if field == Said::Unreadable {
                condition.sources.must = Arc::clone(&intake.pool.common.nothing);
                continue;
            }
            let field = field.this();
            if !field.is_some_and(|field| field.eq_ignore_ascii_case("source-ip")) {
                condition.has_more |= !takes_all(one, intake);
                continue;
            }
            let own = source_ip(one, intake);
            let both = |a: &AddressSet, b: &AddressSet| Arc::new(a.intersection(b));
            condition.sources = Bounds {
                must: both(&condition.sources.must, &own.must),
                may: both(&condition.sources.may, &own.may),
            };
        }
        condition
    }
}

/// Whether a condition holds for every request: any host, any path.
fn takes_all<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> bool {
    let configs = ["PathPatternConfig", "HostHeaderConfig"];
    let config = configs.iter().find_map(|key| stated.object(key, intake).this());
    let own = config.as_ref().map_or(stated, |config| config);
    // Of values that cannot be read nobody knows that they are all.
    let Said::This(values) = own.texts("Values", intake) else { return false };
    values.iter().any(|value| matches!(*value, "*" | "/*"))
}

/// The addresses of a `source-ip` condition: any of its values.
fn source_ip<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Bounds<Arc<AddressSet>> {
    let config = stated.object("SourceIpConfig", intake).this();
    let own = config.as_ref().map_or(stated, |config| config);
    let Said::This(values) = own.texts("Values", intake) else { return intake.pool.common.unknown() };
    let (mut all, mut is_read) = (AddressSet::empty(), true);
    for value in values {
        match grammar::prefix(value) {
            Ok(prefix) => all = all.union(&prefix.into()),
            Err(_) => {
                let sentence = format!("a `source-ip` is {}, expected a prefix", Quoted(value));
                stated.tell("unreadable-prefix", Effect::Undecided, &sentence, intake);
                is_read = false;
            }
        }
    }
    let all = intake.pool.set(all);
    let may = if is_read { Arc::clone(&all) } else { Arc::clone(&intake.pool.common.everything) };
    Bounds { must: all, may }
}
