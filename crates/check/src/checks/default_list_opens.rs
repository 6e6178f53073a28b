//! The list that everything gets which names none lets the Internet in.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::{Admission, Exposure};
use model::{Reach, Rule, RuleList};
use packet::{AddressSet, PortSet};

use crate::hole::{Hit, Hole, holes_in};
use crate::{Check, Class, Facts, Found, Run, Severity, controls, message};

pub(crate) static CHECK: Check = Check {
    name: "default-list-opens",
    summary: "the list that everything gets which names none lets the Internet in",
    page: PAGE,
    attack: &["T1686.001", "T1562.007"],
    controls: controls::DEFAULT_LIST,
    recommendations: &[],
    run: Run::Estate(run),
};

fn run(facts: &Facts<'_>) -> Vec<Found> {
    let whole = facts.snapshot.lists.iter().filter(|list| choice(list).is_some());
    let whole: BTreeMap<&str, &RuleList> = whole.map(|list| (&*list.id, &**list)).collect();
    holes_in(facts.exposures.iter().filter_map(|exposure| hit(exposure, &whole)))
        .iter()
        .map(finding)
        .collect()
}

/// What a default list lets in of an exposure, and which one does; others may let in the same.
fn hit<'a>(
    exposure: &'a Exposure,
    whole: &BTreeMap<&str, &RuleList>,
) -> Option<(&'a Arc<RuleList>, Hit<'a>)> {
    let rule =
        |by: &'a Admission| by.list.rules.get(by.rule).filter(|rule| is_for_all(&by.list, rule, whole));
    let of_default = |by: &&'a Admission| choice(&by.list).is_some() && rule(by).is_some();
    let list = &exposure.opened_by.iter().find(of_default)?.list;
    let Some(protocol) = exposure.protocol else { return Some((list, Hit::of(exposure, &Class::ALL)?)) };
    let own = exposure.opened_by.iter().filter(|by| by.list.id == list.id);
    let rules = own.filter_map(rule);
    let rules = rules.filter(|rule| rule.matches.protocols.may.contains(protocol));
    let ports = rules.filter_map(|rule| rule.matches.numbers(protocol));
    let ports = ports.fold(PortSet::empty(), |all, ports| all.union(&ports.may));
    // A protocol with neither ports nor types has no numbers to restrict.
    let ports =
        if exposure.ports.is_empty() { PortSet::empty() } else { ports.intersection(&exposure.ports) };
    let is_some = !ports.is_empty() || exposure.ports.is_empty();
    is_some.then(|| Some((list, Hit::on(exposure, &ports, &Class::ALL)?))).flatten()
}

/// Whether a rule is for everything that has the list, as the whole list says it: one that is for some of it only says
/// whom there, and is not met by what is started without a choice.
fn is_for_all(list: &RuleList, rule: &Rule, whole: &BTreeMap<&str, &RuleList>) -> bool {
    let stated = whole.get(&*list.id).and_then(|list| list.rules.iter().find(|own| own.name == rule.name));
    stated.is_none_or(|own| *own.matches.destinations.may == AddressSet::everything())
}

fn finding(hole: &Hole<'_>) -> Found {
    let choice = hole.list().and_then(|list| choice(list)).unwrap_or("list");
    let said = format!("whatever names no {choice} of its own gets this one: {}", message::told(hole));
    let mut found = hole.finding(&CHECK, said);
    let is_reached = hole.exposures().any(|exposure| exposure.reach != Reach::Latent);
    let most = if is_reached { Severity::Medium } else { Severity::Low };
    found.finding.severity = found.finding.severity.min(most);
    found
}

/// What somebody has to name who does not want a list that is one by default.
fn choice(list: &RuleList) -> Option<&'static str> {
    let is_it =
        |(kind, name, _): &&(&str, &str, _)| *kind == list.kind && name.eq_ignore_ascii_case(&list.name);
    DEFAULTS.iter().find(is_it).map(|(.., choice)| *choice)
}

/// Lists that a provider makes, and gives to what names no other: their kind, their name, and what one has to name to
/// get another.
const DEFAULTS: &[(&str, &str, &str)] =
    &[("security-group", "default", "list"), ("vpc-firewall", "default", "network")];

const PAGE: &str = "\
# default-list-opens

The list that everything gets which names none lets the Internet in.

## What it finds

Lists that a provider makes and gives to whatever is started without naming another one, where a rule that is for all
of it lets Internet addresses in: the default group of a network, the rules of the default network of a project. The
first is made with no opening; the second is made with administration ports open to everybody.

## Why it matters

The opening is not of one machine. Whoever starts the next one and thinks of no list opens it as well, and no change of
a rule tells.

## How bad it is

Medium, low where nothing that has the list is reached today; less where few get in or the ports are meant for the web.
What is reached today is told by the checks of ports, as bad as it is.

## What to do

Take every rule out of the list, and give each machine one that says what it needs. A default network that nothing
is in can be deleted.

## What it does not say

Whether anything has the list only because nobody named another.
";

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use model::{Action, Filter, RuleList};
    use packet::Bounds;

    use super::CHECK;
    use crate::estate::{Estate, addresses, allow, list, target};

    fn estate(name: &str, kind: &'static str, sources: &str) -> Estate {
        let rules = vec![allow("tcp", &[sources], &["22"])];
        let list = Arc::new(RuleList { kind, ..RuleList::clone(&list(name, rules)) });
        Estate {
            targets: vec![target("vm-web", &[Arc::clone(&list)])],
            lists: vec![list],
            ..Estate::of(vec![])
        }
    }

    #[test]
    fn a_default_list_that_opens_is_told() {
        let told = estate("default", "security-group", "0.0.0.0/0").told(&CHECK);
        let expected = "medium: whatever names no list of its own gets this one: tcp/22 (SSH) open to the whole IPv4 \
                        Internet: 3,702,258,431 addresses";
        assert_eq!(told, [expected]);
        let latent = estate("default", "security-group", "0.0.0.0/0").latent().told(&CHECK);
        assert!(
            latent[0].starts_with("low: whatever names no list of its own gets this one: "),
            "{latent:?}"
        );
        assert!(estate("default", "security-group", "8.8.8.8/32").told(&CHECK)[0].starts_with("low: "));
    }

    /// Another list beside it lets in the same and more: what this one lets in is told of this one.
    #[test]
    fn what_another_list_lets_in_as_well_is_told_still() {
        let of = |name, ports: &[&str]| {
            let rules = vec![allow("tcp", &["0.0.0.0/0"], ports)];
            Arc::new(RuleList { kind: "security-group", ..RuleList::clone(&list(name, rules)) })
        };
        let lists = [of("default", &["22"]), of("web", &["22", "443"])];
        let mut target = target("vm-web", &lists);
        let either = Filter::AnyOf(lists.iter().cloned().map(Filter::FirstMatch).collect());
        target.paths[0].filter = Arc::new(Filter::Chain(vec![either, Filter::Always(Action::Deny)]));
        let estate = Estate { targets: vec![target], ..Estate::of(vec![]) };
        let found = estate.found(&CHECK);
        assert_eq!(found.len(), 1);
        assert_eq!(&*found[0].subject.name, "default");
        assert!(found[0].message.contains("gets this one: tcp/22 (SSH) open to"), "{}", found[0].message);
    }

    /// A network is such a list too; a rule of it that is for some machines is not met by the next one.
    #[test]
    fn a_default_network_that_opens_to_all_of_it_is_told() {
        let told = estate("default", "vpc-firewall", "0.0.0.0/0").told(&CHECK);
        let expected = "medium: whatever names no network of its own gets this one: tcp/22 (SSH) open to the whole IPv4 \
                        Internet: 3,702,258,431 addresses";
        assert_eq!(told, [expected]);
        let mut tagged = estate("default", "vpc-firewall", "0.0.0.0/0");
        let mut whole = RuleList::clone(&tagged.lists[0]);
        whole.rules[0].matches.destinations = Bounds::exactly(addresses(&["10.0.0.4"]));
        tagged.lists = vec![Arc::new(whole)];
        assert!(tagged.told(&CHECK).is_empty());
    }

    #[test]
    fn what_opens_nothing_and_other_lists_are_not() {
        assert!(estate("default", "security-group", "10.0.0.0/8").told(&CHECK).is_empty());
        assert!(estate("web", "security-group", "0.0.0.0/0").told(&CHECK).is_empty());
        assert!(estate("default", "network-acl", "0.0.0.0/0").told(&CHECK).is_empty());
    }
}
