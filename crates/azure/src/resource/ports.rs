//! Ports of a rule: one range, or a list of ranges.

use std::sync::Arc;

use cloud::{Quoted, grammar};
use model::Effect;
use packet::{Bounds, PortSet};

use crate::wire::Texts;

use super::rule_intake::RuleIntake;

/// The two fields in which a rule states the ports of one side.
pub(super) struct PortFields<'f, 'a> {
    pub(super) range: (&'static str, &'f Texts<'a>),
    pub(super) ranges: (&'static str, &'f Texts<'a>),
}

/// Reads the ports of one side: the union of both fields (semantics A10). What cannot be read may be every port.
pub(super) fn read_ports(
    fields: &PortFields<'_, '_>,
    rule: &mut RuleIntake<'_, '_, '_>,
) -> Bounds<Arc<PortSet>> {
    if let Some(ports) = plain_ports(fields, rule) {
        return Bounds::exactly(ports);
    }
    let (range, range_readable) = read_field(fields.range, rule);
    let (ranges, ranges_readable) = read_field(fields.ranges, rule);
    let must = match (range, ranges) {
        (Some(one), None) | (None, Some(one)) => one,
        (Some(one), Some(many)) => {
            if one != many {
                rule.both_fields(fields.range.0, fields.ranges.0);
            }
            if one == many { one } else { rule.intake.pool.port_set(one.union(&many)) }
        }
        (None, None) => {
            if range_readable && ranges_readable {
                rule.missing(fields.range.0, "one port, a range like `22-25`, or `*`");
            }
            return Bounds::between(
                Arc::clone(&rule.intake.pool.common.no_port),
                Arc::clone(&rule.intake.pool.common.every_port),
            );
        }
    };
    if range_readable && ranges_readable {
        Bounds::exactly(must)
    } else {
        Bounds::between(must, Arc::clone(&rule.intake.pool.common.every_port))
    }
}

/// The ports of one readable text: nearly every rule has nothing else.
fn plain_ports(fields: &PortFields<'_, '_>, rule: &mut RuleIntake<'_, '_, '_>) -> Option<Arc<PortSet>> {
    let Texts::One(text) = fields.range.1 else { return None };
    if !fields.ranges.1.is_empty() {
        return None;
    }
    match text.trim() {
        "*" => Some(Arc::clone(&rule.intake.pool.common.every_port)),
        text => rule.intake.pool.ports(text, || read_text(text)),
    }
}

/// The ports of one field, `None` without any, and whether all of it could be read.
fn read_field(
    (field, texts): (&'static str, &Texts<'_>),
    rule: &mut RuleIntake<'_, '_, '_>,
) -> (Option<Arc<PortSet>>, bool) {
    let mut readable = true;
    if let Some(json) = texts.unexpected() {
        rule.unexpected(field, json, "one port or a range like `22-25`");
        readable = false;
    }
    let mut ports: Option<Arc<PortSet>> = None;
    for text in texts.iter() {
        let Some(more) = rule.intake.pool.ports(text, || read_text(text)) else {
            let stated = Quoted(text);
            rule.note(
                "unreadable-port-range",
                Effect::Undecided,
                format_args!("`{field}` is {stated}, expected one port or a range like `22-25`"),
            );
            readable = false;
            continue;
        };
        ports = Some(match ports {
            None => more,
            Some(ports) => rule.intake.pool.port_set(ports.union(&more)),
        });
    }
    (ports, readable)
}

fn read_text(text: &str) -> Option<PortSet> {
    // C3: `*` and `Any` are every port, and so is any list that covers 0-65535.
    if text == "*" || text.eq_ignore_ascii_case("any") {
        return Some(PortSet::everything());
    }
    grammar::port_range(text).ok().map(|range| [range].into_iter().collect())
}
