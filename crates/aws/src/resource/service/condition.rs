//! The conditions of a statement, as far as they are about the packet: its source, and whether it is HTTPS (P22).
//!
//! All others make bounds. Knows no effect and no principal.

use std::sync::Arc;

use cloud::json::{Node, Tree};
use cloud::{Quoted, Said, Stated};
use model::Effect;
use packet::{AddressSet, Bounds, PortSet};

use crate::intake::Intake;

use super::line::{anybody, prefixes};

/// What the conditions of a statement leave of all packets.
pub(super) struct Conditions {
    pub(super) sources: Bounds<Arc<AddressSet>>,
    /// The sources as they are written.
    pub(super) written: Vec<String>,
    pub(super) ports: PortSet,
    /// Whether nothing else has to hold.
    pub(super) certain: bool,
}

impl Conditions {
    /// No condition at all.
    fn none(intake: &Intake<'_, '_>) -> Self {
        Self {
            sources: Bounds::exactly(Arc::clone(&intake.pool.common.everything)),
            written: Vec::new(),
            ports: PortSet::everything(),
            certain: true,
        }
    }

    pub(super) fn read<'a>(statement: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Self {
        let mut conditions = Self::none(intake);
        match statement.object("Condition", intake) {
            Said::Nothing => {}
            Said::Unreadable => conditions.certain = false,
            Said::This(operators) => {
                for (operator, keys) in operators.node().entries() {
                    match keys {
                        Tree::Object(keys) => conditions.add_all(operator, keys, statement, intake),
                        other => {
                            operators.strange::<()>(operator, other.json(), "an object", intake);
                            conditions.certain = false;
                        }
                    }
                }
            }
        }
        conditions
    }

    fn add_all<'a>(
        &mut self,
        operator: &str,
        keys: &Node<'a>,
        statement: &Stated<'_, 'a>,
        intake: &mut Intake<'_, 'a>,
    ) {
        let keys = statement.part(keys, intake);
        for key in keys.keys() {
            match (plain(operator).as_str(), key.to_ascii_lowercase().as_str()) {
                ("ipaddress", "aws:sourceip") => self.add(&keys, key, false, intake),
                ("notipaddress", "aws:sourceip") => self.add(&keys, key, true, intake),
                ("bool", "aws:securetransport") => self.add_transport(&keys, key, intake),
                _ => {
                    self.certain = false;
                    let sentence = format!(
                        "its access policy has the condition {} on {}, which no packet tells: the statement is possible",
                        Quoted(operator),
                        Quoted(key)
                    );
                    statement.tell("unevaluated-condition", Effect::Undecided, &sentence, intake);
                }
            }
        }
    }

    /// Several conditions have to hold at once.
    fn add<'a>(&mut self, keys: &Stated<'_, 'a>, key: &str, is_not: bool, intake: &mut Intake<'_, 'a>) {
        let texts = keys.texts(key, intake);
        let named = match &texts {
            Said::This(texts) => {
                let named = prefixes(texts, keys, intake).into_iter().map(|(_, addresses)| addresses);
                named.fold(Bounds::exactly(AddressSet::empty()), |sum, one| Bounds {
                    must: sum.must.union(&one.must),
                    may: sum.may.union(&one.may),
                })
            }
            Said::Nothing | Said::Unreadable => {
                let unknown = anybody(intake);
                Bounds { must: AddressSet::clone(&unknown.must), may: AddressSet::clone(&unknown.may) }
            }
        };
        let named = match is_not {
            true => Bounds { must: named.may.complement(), may: named.must.complement() },
            false => named,
        };
        self.sources = Bounds {
            must: intake.pool.set(self.sources.must.intersection(&named.must)),
            may: intake.pool.set(self.sources.may.intersection(&named.may)),
        };
        let not = if is_not { "not " } else { "" };
        self.written.push(format!("{not}{}", texts.this().unwrap_or_default().join(",")));
    }

    fn add_transport<'a>(&mut self, keys: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) {
        let https = PortSet::only(HTTPS);
        match keys.flag(key, intake) {
            Said::This(true) => self.ports = self.ports.intersection(&https),
            Said::This(false) => self.ports = self.ports.difference(&https),
            Said::Nothing | Said::Unreadable => self.certain = false,
        }
    }
}

/// An operator without what makes no difference for a key that every request has, with one value: `IfExists`,
/// `ForAnyValue:`, `ForAllValues:`.
fn plain(operator: &str) -> String {
    let lower = operator.to_ascii_lowercase();
    let without_set = ["foranyvalue:", "forallvalues:"].iter().find_map(|set| lower.strip_prefix(set));
    let rest = without_set.unwrap_or(&lower);
    rest.strip_suffix("ifexists").unwrap_or(rest).to_owned()
}

const HTTPS: u16 = 443;
