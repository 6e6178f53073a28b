//! Events of one moment: whether their order matters, and which orders there are to try.

use std::collections::BTreeMap;
use std::sync::Arc;

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
pub(crate) fn disordered(events: &[Arc<Event>]) -> Vec<usize> {
    if events.len() < 2 {
        return Vec::new();
    }
    let edits: Vec<&[Edit]> = events.iter().map(|event| edits(event)).collect();
    let says_itself = |one: &Edit, other: &Edit| {
        let is_part = |act: &Act| !matches!(act, Act::Put(_) | Act::Drop);
        is_part(&one.act) != is_part(&other.act)
    };
    let matters = |one: &[Edit], other: &[Edit]| {
        let pairs = one.iter().flat_map(|edit| other.iter().map(move |with| (edit, with)));
        pairs.into_iter().any(|(edit, with)| !edit.commutes_with(with) && !says_itself(edit, with))
    };
    let neighbours = Neighbours::new(&edits);
    let is_disordered = |position: &usize| {
        let own = edits.get(*position).copied().unwrap_or_default();
        let near: Vec<&[usize]> = own.iter().flat_map(|edit| neighbours.of(edit)).collect();
        if near.iter().map(|near| near.len()).sum::<usize>() > NEIGHBOURS_MAX {
            return true;
        }
        let others = near.into_iter().flatten().filter(|other| *other != position);
        others.filter_map(|other| edits.get(*other)).any(|other| matters(own, other))
    };
    (0..events.len()).filter(is_disordered).collect()
}

/// The positions of events by what they edit: only those of one object need be compared.
#[derive(Default)]
struct Neighbours<'e> {
    by_kind: BTreeMap<&'e str, Vec<usize>>,
    by_object: BTreeMap<(&'e str, String), Vec<usize>>,
    /// Of those that say their object by what it says.
    selectors: BTreeMap<&'e str, Vec<usize>>,
}

impl<'e> Neighbours<'e> {
    fn new(edits: &[&'e [Edit]]) -> Self {
        let mut all = Self::default();
        for (position, own) in edits.iter().enumerate() {
            for edit in *own {
                all.by_kind.entry(&edit.kind).or_default().push(position);
                all.by_object.entry(object(edit)).or_default().push(position);
                if is_selector(edit) {
                    all.selectors.entry(&edit.kind).or_default().push(position);
                }
            }
        }
        all
    }

    /// The positions of all events that may edit what an edit does.
    fn of(&self, edit: &'e Edit) -> [&[usize]; 2] {
        let kind = &*edit.kind;
        let [of_kind, selectors] =
            [&self.by_kind, &self.selectors].map(|map| map.get(kind).map_or(&[][..], Vec::as_slice));
        match is_selector(edit) {
            true => [of_kind, &[]],
            false => [self.by_object.get(&object(edit)).map_or(&[][..], Vec::as_slice), selectors],
        }
    }
}

fn object(edit: &Edit) -> (&str, String) {
    (&edit.kind, edit.id.to_ascii_lowercase())
}

fn is_selector(edit: &Edit) -> bool {
    edit.id.contains('=')
}

/// Of more events that edit one object in one moment it is taken that their order matters.
const NEIGHBOURS_MAX: usize = 2000;

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
