//! Events of one moment: whether their order matters, and which orders there are to try.

use cloud::audit::{Act, Bears, Edit, Event};

/// Where an event stands among those of its moment, where that says itself: what is made is made before anything is done
/// with it, and deleted after.
pub(crate) fn rank(event: &Event) -> u8 {
    match edits(event).first().map(|edit| &edit.act) {
        Some(Act::Put(_)) => 0,
        Some(Act::Merge(_) | Act::Set { .. } | Act::Insert { .. } | Act::Remove { .. }) | None => 1,
        Some(Act::Drop) => 2,
    }
}

/// The positions of events of one moment that come to something else in another order; empty where order says nothing.
pub(crate) fn disordered(events: &[Event]) -> Vec<usize> {
    let edits: Vec<&[Edit]> = events.iter().map(edits).collect();
    let says_itself = |one: &Edit, other: &Edit| {
        let is_part = |act: &Act| !matches!(act, Act::Put(_) | Act::Drop);
        is_part(&one.act) != is_part(&other.act)
    };
    let matters = |one: &[Edit], other: &[Edit]| {
        let pairs = one.iter().flat_map(|edit| other.iter().map(move |with| (edit, with)));
        pairs.into_iter().any(|(edit, with)| !edit.commutes_with(with) && !says_itself(edit, with))
    };
    let is_disordered = |position: &usize| {
        let own = edits.get(*position).copied().unwrap_or_default();
        let others = edits.iter().enumerate().filter(|(other, _)| other != position);
        others.into_iter().any(|(_, other)| matters(own, other))
    };
    (0..events.len()).filter(is_disordered).collect()
}

/// What an event edits.
fn edits(event: &Event) -> &[Edit] {
    match &event.bears {
        Bears::Edits(edits) => edits,
        Bears::Impairs(_) | Bears::Announces(_) | Bears::NotModelled { .. } | Bears::Nothing => &[],
    }
}

/// Orders of so many things: every one of few, the given and the reversed one of many.
pub(crate) fn orders(count: usize) -> Vec<Vec<usize>> {
    let given: Vec<usize> = (0..count).collect();
    if count > EVERY_ORDER_MAX {
        return vec![given.iter().rev().copied().collect(), given];
    }
    let mut orders = vec![Vec::new()];
    for next in given {
        orders = orders
            .into_iter()
            .flat_map(|order| {
                (0..=order.len()).map(move |position| {
                    let mut longer = order.clone();
                    longer.insert(position, next);
                    longer
                })
            })
            .collect();
    }
    orders.sort_unstable();
    orders
}

/// Four things have 24 orders.
const EVERY_ORDER_MAX: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_of_few_is_there_once() {
        let three = orders(3);
        assert_eq!(three.len(), 6);
        assert_eq!(three.first(), Some(&vec![0, 1, 2]));
        assert_eq!(orders(0), [Vec::<usize>::new()]);
        assert_eq!(orders(9).len(), 2);
    }
}
