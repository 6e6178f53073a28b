//! Values made of values. Their size and depth are bounded where they are made, so every later walk ends.

use std::rc::Rc;

use cloud::json::{Cause, Reference};

use super::{Text, Value};

/// What a sequence is. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Items of any type each: what brackets make.
    Tuple,
    /// Items of one type.
    List,
    /// Items of one type, sorted, each once. One that is not known may be equal to another.
    Set,
    /// The known items are among its items; each that is not known stands for any number of items.
    Partial,
}

/// A tuple, list or set.
#[derive(Clone, Debug)]
pub(crate) struct Sequence<'a> {
    shape: Shape,
    items: Rc<[Value<'a>]>,
    size: Size,
}

/// An object or map.
#[derive(Clone, Debug)]
pub(crate) struct Object<'a> {
    is_map: bool,
    /// Sorted by their keys, each of them once.
    entries: Rc<[(Text<'a>, Value<'a>)]>,
    /// What the values of all other keys are, where it has more keys than are known.
    rest: Option<Rc<Rest>>,
    size: Size,
}

/// What the values of keys are that are not told.
#[derive(Debug)]
struct Rest {
    cause: Cause,
    /// What the object is an attribute of; of the resource itself the attribute is empty.
    of: Reference,
}

#[derive(Clone, Copy, Debug)]
struct Size {
    weight: usize,
    depth: usize,
    is_wholly_known: bool,
}

impl Size {
    /// `None` where it is more than values may be.
    fn of<'v, 'a: 'v>(parts: impl Iterator<Item = &'v Value<'a>>, own: usize) -> Option<Self> {
        let mut size = Self { weight: own, depth: 0, is_wholly_known: true };
        for part in parts {
            size.weight = size.weight.saturating_add(part.weight());
            size.depth = size.depth.max(part.depth());
            size.is_wholly_known &= part.is_wholly_known();
        }
        size.depth += 1;
        (size.weight <= WEIGHT_MAX && size.depth <= DEPTH_MAX).then_some(size)
    }
}

impl<'a> Sequence<'a> {
    pub(super) fn new(shape: Shape, items: Vec<Value<'a>>) -> Option<Self> {
        let mut size = Size::of(items.iter(), 1)?;
        size.is_wholly_known &= shape != Shape::Partial;
        Some(Self { shape, items: items.into(), size })
    }

    pub(crate) const fn shape(&self) -> Shape {
        self.shape
    }

    pub(crate) fn items(&self) -> &[Value<'a>] {
        &self.items
    }

    /// Whether it is known how many items it has, be they unknown.
    pub(crate) fn is_counted(&self) -> bool {
        match self.shape {
            Shape::Tuple | Shape::List => true,
            // One that is not known may be another of the set.
            Shape::Set => self.is_wholly_known() || matches!(&*self.items, [item] if !item.is_unknown()),
            Shape::Partial => false,
        }
    }

    /// The one item that stands for all, where it is not known how many of a resource there are: the resource, or an
    /// attribute of it.
    pub(crate) fn stand_in(&self) -> Option<&Value<'a>> {
        let [item] = &*self.items else { return None };
        let refers = || item.as_unknown().is_some_and(|unknown| unknown.refers.is_some());
        let is_one = item.as_object().is_some_and(Object::is_open) || refers();
        (self.shape == Shape::Partial && is_one).then_some(item)
    }

    pub(super) const fn is_wholly_known(&self) -> bool {
        self.size.is_wholly_known
    }

    pub(super) const fn weight(&self) -> usize {
        self.size.weight
    }

    pub(super) const fn depth(&self) -> usize {
        self.size.depth
    }
}

impl<'a> Object<'a> {
    pub(super) fn new(is_map: bool, mut entries: Vec<(Text<'a>, Value<'a>)>) -> Option<Self> {
        // Of a key that is given twice the later value: it comes first, and the others go.
        entries.reverse();
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        entries.dedup_by(|(later, _), (earlier, _)| later == earlier);
        let keys = entries.iter().map(|(key, _)| key.len() / super::TEXT_STEP).sum::<usize>();
        let size = Size::of(entries.iter().map(|(_, value)| value), 1 + keys)?;
        Some(Self { is_map, entries: entries.into(), rest: None, size })
    }

    /// The same with more keys than are known: attributes of something declared.
    pub(super) fn with_rest(mut self, cause: Cause, of: Reference) -> Self {
        self.rest = Some(Rc::new(Rest { cause, of }));
        self.size.is_wholly_known = false;
        self
    }

    /// Whether it has more keys than are known.
    pub(crate) const fn is_open(&self) -> bool {
        self.rest.is_some()
    }

    /// What is made with all of its keys, where they are not known.
    pub(crate) fn unknown_keys(&self) -> Option<Value<'a>> {
        let rest = self.rest.as_ref()?;
        Some(Value::unknown(rest.cause, words(&rest.of)))
    }

    /// Whether its values are of one type.
    pub(crate) const fn is_map(&self) -> bool {
        self.is_map
    }

    pub(crate) fn entries(&self) -> &[(Text<'a>, Value<'a>)] {
        &self.entries
    }

    /// The value of a key, where it is told.
    pub(crate) fn get(&self, key: &str) -> Option<&Value<'a>> {
        let position = self.entries.binary_search_by(|(own, _)| (**own).cmp(key)).ok()?;
        self.entries.get(position).map(|(_, value)| value)
    }

    /// The value of a key; where it is not told and the object has more keys, one that is not known.
    pub(crate) fn find(&self, key: &str) -> Option<Value<'a>> {
        self.get(key).cloned().or_else(|| {
            let rest = self.rest.as_ref()?;
            let attribute = joined(&rest.of.attribute, key);
            let to = Reference { address: rest.of.address.clone(), attribute };
            Some(Value::refers(rest.cause, words(&to), to))
        })
    }

    pub(super) const fn is_wholly_known(&self) -> bool {
        self.size.is_wholly_known
    }

    pub(super) const fn weight(&self) -> usize {
        self.size.weight
    }

    pub(super) const fn depth(&self) -> usize {
        self.size.depth
    }
}

/// An attribute as people write it.
fn words(reference: &Reference) -> String {
    joined(&reference.address, &reference.attribute)
}

/// A name with another behind it.
pub(crate) fn joined(before: &str, name: &str) -> String {
    match (before, name) {
        ("", name) => name.to_owned(),
        (before, "") => before.to_owned(),
        (before, name) if name.starts_with('[') => format!("{before}{name}"),
        (before, name) => format!("{before}.{name}"),
    }
}

/// No value of a configuration that people write is near to these.
const WEIGHT_MAX: usize = 1_000_000;
const DEPTH_MAX: usize = 100;
