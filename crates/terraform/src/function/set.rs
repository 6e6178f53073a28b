//! Functions of sets.

use super::uncounted;
use crate::expression::Budget;
use crate::value::{Fault, Sequence, Shape, Value, Wanted, equals, of_one_type};

type Made<'a> = Wanted<'a, Value<'a>>;

/// All arguments as sets of one type.
fn sets<'a>(values: &[Value<'a>], budget: &mut Budget) -> Wanted<'a, Vec<Vec<Value<'a>>>> {
    let (mut all, mut sizes) = (Vec::new(), Vec::new());
    for set in values {
        let items = set.to_items()?;
        sizes.push(items.len());
        all.extend_from_slice(items);
    }
    if !budget.spend(all.len().saturating_mul(values.len())) {
        return Err(Fault::TooLarge);
    }
    let mut all = of_one_type(all);
    let mut sets: Vec<Vec<Value<'a>>> = Vec::with_capacity(sizes.len());
    for size in sizes.into_iter().rev() {
        sets.push(all.split_off(all.len().saturating_sub(size)));
    }
    sets.reverse();
    Ok(sets)
}

fn has(set: &[Value<'_>], item: &Value<'_>) -> Option<bool> {
    let mut is_certain = true;
    for own in set {
        match equals(own, item) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => is_certain = false,
        }
    }
    is_certain.then_some(false)
}

pub(super) fn union<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    // What is known of some is in the union, be others not known.
    let (unknown, known): (Vec<Value<'a>>, Vec<Value<'a>>) =
        values.iter().cloned().partition(Value::is_unknown);
    let mut all = sets(&known, budget)?.concat();
    all.extend(unknown.iter().map(Value::because));
    Ok(Value::set(all))
}

pub(super) fn intersection<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let sets = sets(values, budget)?;
    let Some((first, others)) = sets.split_first() else { return uncounted() };
    let mut common = Vec::new();
    for item in first {
        let answers: Vec<Option<bool>> = others.iter().map(|set| has(set, item)).collect();
        if answers.contains(&Some(false)) {
            continue;
        }
        match item.first_unknown() {
            Some(unknown) if !others.is_empty() => common.push(unknown.because()),
            _ if answers.contains(&None) => {
                common.push(
                    others
                        .iter()
                        .flatten()
                        .find_map(Value::first_unknown)
                        .unwrap_or_else(Value::null)
                        .because(),
                );
            }
            _ => common.push(item.clone()),
        }
    }
    Ok(Value::set(common))
}

pub(super) fn subtract<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let sets = sets(values, budget)?;
    let [from, without] = sets.as_slice() else { return uncounted() };
    let mut left = Vec::new();
    for item in from {
        match (has(without, item), item.first_unknown()) {
            (Some(true), _) => {}
            (Some(false), _) => left.push(item.clone()),
            (None, Some(unknown)) => left.push(unknown.because()),
            (None, None) => {
                left.push(
                    without.iter().find_map(Value::first_unknown).unwrap_or_else(Value::null).because(),
                );
            }
        }
    }
    Ok(Value::set(left))
}

pub(super) fn product<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let is_list =
        values.iter().all(|value| value.as_sequence().is_some_and(|sequence| sequence.shape() != Shape::Set));
    let mut products: Vec<Vec<Value<'a>>> = vec![Vec::new()];
    let mut is_counted = true;
    for list in values {
        let items = list.to_items()?;
        is_counted &= list.as_sequence().is_some_and(Sequence::is_counted);
        let count = products.len().saturating_mul(items.len());
        if !budget.spend(count.saturating_mul(values.len())) {
            return Err(Fault::TooLarge);
        }
        let with = |product: &Vec<Value<'a>>| {
            items
                .iter()
                .map(|item| [product.as_slice(), std::slice::from_ref(item)].concat())
                .collect::<Vec<_>>()
        };
        products = products.iter().flat_map(with).collect();
    }
    if !is_counted {
        // An item of unknown number is in products of unknown number.
        let unknown = values.iter().find_map(Value::first_unknown);
        return Err(unknown.map_or(Fault::Unsupported("a product"), Fault::Unknown));
    }
    let products = products.into_iter().map(|product| {
        let at = product.iter().find_map(|item| item.at);
        Value::tuple(product).with_at(at)
    });
    Ok(if is_list { Value::list(products.collect()) } else { Value::set(products.collect()) })
}
