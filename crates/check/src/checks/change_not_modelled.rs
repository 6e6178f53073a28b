//! Something was changed that may open something, and what it does is not modelled.

use std::sync::Arc;

use crate::changed::{About, Changes, Group, grouped};
use crate::{Check, Found, Run, Severity, Subject, controls};

pub(crate) static CHECK: Check = Check {
    name: "change-not-modelled",
    summary: "something was changed that may open something, and its effect is not modelled",
    page: PAGE,
    attack: &["T1686.001", "T1562.007"],
    controls: controls::CHANGED,
    recommendations: &[],
    run: Run::Changes(run),
};

fn run(changes: &Changes<'_>) -> Vec<Found> {
    let own = changes.judged.iter().filter(|change| change.is_not_modelled());
    let groups = grouped(own, |change| (change.cloud, change.scope.as_ref(), &change.kind));
    groups.iter().filter_map(finding).collect()
}

fn finding(group: &Group<'_>) -> Option<Found> {
    let first = group.changes.first()?;
    let kind = &first.kind;
    let number = match group.changes.len() {
        1 => "a change".to_owned(),
        number => format!("{number} changes"),
    };
    let (operations, actors) = (group.operations(), group.actors());
    let message = format!("{number} of what is not modelled, {kind}: {operations} {actors}");
    let subject = Subject { id: Arc::clone(kind), kind: "not-modelled", name: Arc::clone(kind) };
    let about = About { subject, scope: first.scope.clone() };
    group.finding(&CHECK, about, Severity::Info, message)
}

const PAGE: &str = "\
# change-not-modelled

Something was changed that may open something, and its effect is not modelled.

## What it finds

Changes of kinds of resources that may lead the Internet somewhere or keep it out, and that this tool does not take
apart. One finding for each kind, with every change of it.

## Why it matters

That nothing is said of such a change does not mean that it opened nothing.

## How bad it is

Info: how bad it is, is not known.

## What to do

Look at the changes that are listed, each in its event.

## What it does not say

What the changes did. Changes of kinds that cannot open anything to the Internet are not told at all.
";

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::estate::{Act, found};

    #[test]
    fn each_kind_is_one_finding() {
        let vpn = |at| Act::at(at).not_modelled("client VPN endpoint").named("CreateEndpoint");
        let acts =
            [vpn(0), vpn(1).by("bob"), vpn(2).denied(), Act::at(3).kind("other").noted("something else")];
        let expected = [
            "info: 2 changes of what is not modelled, client VPN endpoint: 2 x `CreateEndpoint` by 2 actors, `alice` first",
        ];
        assert_eq!(found(&acts, &CHECK), expected);
    }
}
