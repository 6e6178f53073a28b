//! Filters as short lines, for the message of a failed comparison.

use model::{Filter, Rule};
use packet::{AddressSet, Bounds, Family, PortSet};

/// One line for each rule, indented by its depth in the expression.
#[must_use]
pub fn filter_lines(filter: &Filter) -> Vec<String> {
    let mut lines = Vec::new();
    show(filter, 0, &mut lines);
    lines
}

fn show(filter: &Filter, depth: usize, lines: &mut Vec<String>) {
    let indent = "  ".repeat(depth);
    let (name, parts) = match filter {
        Filter::Always(action) => return lines.push(format!("{indent}always {action:?}")),
        Filter::FirstMatch(list) => {
            lines.push(format!("{indent}first match of {}", list.id));
            return lines.extend(list.rules.iter().map(|rule| format!("{indent}  {}", rule_line(rule))));
        }
        Filter::Chain(parts) => ("chain", parts),
        Filter::AllOf(parts) => ("all of", parts),
        Filter::AnyOf(parts) => ("any of", parts),
    };
    lines.push(format!("{indent}{name}"));
    parts.iter().for_each(|part| show(part, depth + 1, lines));
}

fn rule_line(rule: &Rule) -> String {
    let matches = &rule.matches;
    let protocols =
        |set: packet::ProtocolSet| set.iter().map(|p| p.to_string()).collect::<Vec<_>>().join("+");
    let tags: String = matches.tags.iter().map(|tag| format!(" tag {}", tag.name)).collect();
    format!(
        "{} {:?} {} from {}{tags} source ports {} to {} ports {} types {}",
        rule.rank,
        rule.action,
        bounds(&matches.protocols, |set| protocols(*set)),
        bounds(&matches.sources, |set| addresses(set)),
        bounds(&matches.source_ports, |set| ports(set)),
        bounds(&matches.destinations, |set| addresses(set)),
        bounds(&matches.ports, |set| ports(set)),
        bounds(&matches.types, |set| ports(set)),
    )
}

fn bounds<T: Clone + PartialEq>(bounds: &Bounds<T>, show: impl Fn(&T) -> String) -> String {
    let must = show(&bounds.must);
    if bounds.is_exact() { must } else { format!("[{must} .. {}]", show(&bounds.may)) }
}

fn ports(set: &PortSet) -> String {
    if set.is_everything() { "*".to_owned() } else { set.to_string() }
}

fn addresses(set: &AddressSet) -> String {
    if *set == AddressSet::everything() {
        return "*".to_owned();
    }
    let v4 = set.v4_spans().iter().map(|(first, last)| (Family::V4, u128::from(*first), u128::from(*last)));
    let v6 = set.v6_spans().iter().map(|(first, last)| (Family::V6, *first, *last));
    let spans = v4
        .chain(v6)
        .map(|(family, first, last)| format!("{}-{}", family.address(first), family.address(last)));
    let spans: Vec<String> = spans.collect();
    if spans.is_empty() { "nothing".to_owned() } else { spans.join(",") }
}
