//! The values of a resource with what is not known in its place, and what that refers to.

use std::borrow::Cow;

use cloud::json::{Cause, Node, Reference, Tree, Unknown};

use crate::member::{as_object, items};

use super::change::{Changes, untold};
use super::configuration::{Home, Written};
use super::reference::resolve_each;

/// What finds out what is not known of a resource.
pub(super) struct Unknowns<'s, 'p, 'a> {
    pub(super) written: &'s Written<'p, 'a>,
    pub(super) changes: &'s Changes<'p, 'a>,
    pub(super) home: &'s Home<'p, 'a>,
}

/// What the configuration has in a place. Complete.
#[derive(Clone, Copy)]
enum Source<'p, 'a> {
    /// It is not in the plan.
    Untold,
    /// Nothing: the provider fills it in. Plans do not tell `dynamic` blocks, so a block may be written all the same.
    Nothing,
    /// An expression, a block or a list of blocks.
    This(&'p Tree<'a>),
}

impl<'p, 'a> Unknowns<'_, 'p, 'a> {
    /// The values of `after`, and the unknown ones.
    pub(super) fn filled(&self, after: Option<&Node<'a>>, unknown: Option<&Tree<'a>>) -> Node<'a> {
        let nothing = Node::default();
        let after = after.unwrap_or(&nothing);
        match unknown.and_then(as_object) {
            Some(unknown) => self.object(after, unknown, self.home.expressions()),
            None => after.clone(),
        }
    }

    fn object(&self, after: &Node<'a>, unknown: &Node<'a>, block: Option<&'p Node<'a>>) -> Node<'a> {
        let source = |key: &str| match block.map(|block| block.own(key)) {
            None => Source::Untold,
            Some(None) => Source::Nothing,
            Some(Some(expression)) => Source::This(expression),
        };
        let mut entries: Vec<(Cow<'a, str>, Tree<'a>)> = Vec::with_capacity(after.entries().len());
        for (key, value) in after.entries() {
            entries.push((key.clone(), self.value(value, unknown.own(key), source(key))));
        }
        for (key, mark) in unknown.entries().iter().filter(|(key, _)| after.own(key).is_none()) {
            // A mark without anything unknown in it stands for nothing.
            if has_unknown(mark) {
                entries.push((key.clone(), self.value(&Tree::Null, Some(mark), source(key))));
            }
        }
        Node::new(entries, after.at.or(unknown.at))
    }

    fn value(&self, after: &Tree<'a>, unknown: Option<&Tree<'a>>, source: Source<'p, 'a>) -> Tree<'a> {
        match unknown {
            Some(Tree::Flag(true)) => match source {
                Source::Untold => untold(),
                Source::Nothing => Tree::unknown(Cause::Computed, ""),
                Source::This(expression) => self.one(Some(expression)),
            },
            Some(Tree::Object(marks)) => {
                let nothing = Node::default();
                let after = as_object(after).unwrap_or(&nothing);
                match source {
                    Source::This(expression) if !is_expression(expression) => {
                        Tree::Object(self.object(after, marks, sole_block(expression)))
                    }
                    Source::This(expression) => Tree::Object(self.of_expression(after, marks, expression)),
                    Source::Untold | Source::Nothing => Tree::Object(self.object(after, marks, None)),
                }
            }
            Some(Tree::List(marks)) => {
                let after = if let Tree::List(items) = after { items.as_slice() } else { &[] };
                Tree::List(self.list(after, marks, source))
            }
            _ => after.clone(),
        }
    }

    fn list(&self, after: &[Tree<'a>], marks: &[Tree<'a>], source: Source<'p, 'a>) -> Vec<Tree<'a>> {
        if !marks.iter().any(has_unknown) {
            return after.to_vec();
        }
        let count = after.len().max(marks.len());
        let place = |number: usize| after.get(number).unwrap_or(&Tree::Null);
        let expression = match source {
            Source::This(expression) => expression,
            Source::Untold | Source::Nothing => {
                return (0..count)
                    .map(|number| self.value(place(number), marks.get(number), Source::Untold))
                    .collect();
            }
        };
        if is_expression(expression) {
            let unknown = marks.iter().filter(|mark| **mark == Tree::Flag(true)).count();
            let mut each = self.several(expression, unknown).into_iter();
            let one = |number: usize| match marks.get(number) {
                Some(Tree::Flag(true)) => each.next().unwrap_or_else(untold),
                mark => self.value(place(number), mark, Source::This(expression)),
            };
            return (0..count).map(one).collect();
        }
        let blocks = match expression {
            Tree::List(blocks) => blocks.as_slice(),
            alone => core::slice::from_ref(alone),
        };
        let matched = matched(after, blocks);
        let source = |number: usize| match matched
            .get(number)
            .copied()
            .flatten()
            .and_then(|place| blocks.get(place))
        {
            Some(block) => Source::This(block),
            None => Source::Untold,
        };
        (0..count).map(|number| self.value(place(number), marks.get(number), source(number))).collect()
    }

    /// Unknown parts of a value that one expression makes.
    fn of_expression(&self, after: &Node<'a>, marks: &Node<'a>, expression: &'p Tree<'a>) -> Node<'a> {
        let mut entries: Vec<(Cow<'a, str>, Tree<'a>)> = Vec::new();
        for (key, value) in after.entries() {
            entries.push((key.clone(), self.value(value, marks.own(key), Source::This(expression))));
        }
        for (key, mark) in marks.entries().iter().filter(|(key, _)| after.own(key).is_none()) {
            if has_unknown(mark) {
                entries.push((key.clone(), self.value(&Tree::Null, Some(mark), Source::This(expression))));
            }
        }
        Node::new(entries, after.at.or(marks.at))
    }

    /// An unknown value that an expression makes.
    pub(super) fn one(&self, expression: Option<&'p Tree<'a>>) -> Tree<'a> {
        let Some(expression) = expression else { return untold() };
        let references = references(expression);
        let text =
            if references.is_empty() { "(known after apply)".to_owned() } else { references.join(", ") };
        let mut each = resolve_each(&references, self.written, self.changes, self.home);
        // A set with one item that is not known is not known as a whole. Where all that its expression names can be
        // followed, these are its items; where it is no set, its reader finds a list in place of a value.
        if each.len() > 1 && each.iter().all(|(_, refers)| refers.is_some()) {
            let item = |(text, refers): (&str, _)| unknown(text.to_owned(), refers);
            return Tree::List(each.into_iter().map(item).collect());
        }
        let refers = if each.len() == 1 { each.pop().and_then(|(_, refers)| refers) } else { None };
        unknown(text, refers)
    }

    /// Unknown items of a list that an expression makes: as many as there are references to what is not known.
    fn several(&self, expression: &'p Tree<'a>, count: usize) -> Vec<Tree<'a>> {
        let references = references(expression);
        let resolved = resolve_each(&references, self.written, self.changes, self.home);
        if resolved.len() == count {
            let unknown = |(text, refers): (&str, _)| {
                Tree::Unknown(Box::new(Unknown {
                    cause: Cause::Computed,
                    text: text.to_owned().into(),
                    refers,
                }))
            };
            return resolved.into_iter().map(unknown).collect();
        }
        let text =
            if references.is_empty() { "(known after apply)".to_owned() } else { references.join(", ") };
        (0..count).map(|_| Tree::unknown(Cause::Computed, text.clone())).collect()
    }
}

/// A value that is told when something is made.
fn unknown<'a>(text: String, refers: Option<Reference>) -> Tree<'a> {
    Tree::Unknown(Box::new(Unknown { cause: Cause::Computed, text: text.into(), refers }))
}

/// What an expression refers to, as the plan writes it.
pub(super) fn references<'p>(expression: &'p Tree<'_>) -> Vec<&'p str> {
    let Some(node) = as_object(expression) else { return Vec::new() };
    let text = |item: &'p Tree<'_>| if let Tree::Text(text) = item { Some(&**text) } else { None };
    items(node, "references").iter().filter_map(text).collect()
}

/// Whether this is the expression of an argument, and not a block or several.
fn is_expression(tree: &Tree<'_>) -> bool {
    as_object(tree).is_some_and(|node| {
        node.own("constant_value").is_some() || matches!(node.own("references"), Some(Tree::List(_)))
    })
}

/// The block that stands where one may.
fn sole_block<'p, 'a>(expression: &'p Tree<'a>) -> Option<&'p Node<'a>> {
    match expression {
        Tree::List(blocks) => match blocks.as_slice() {
            [block] => as_object(block),
            _ => None,
        },
        other => as_object(other),
    }
}

fn has_unknown(mark: &Tree<'_>) -> bool {
    match mark {
        Tree::Flag(flag) => *flag,
        Tree::List(items) => items.iter().any(has_unknown),
        Tree::Object(node) => node.entries().iter().any(|(_, value)| has_unknown(value)),
        Tree::Null | Tree::Text(_) | Tree::Unknown(_) => false,
    }
}

/// Which block each value was made of. Blocks may be sorted otherwise than they are written, and `dynamic` ones are not in
/// the plan: what a block states as a constant tells it, then its place.
fn matched(after: &[Tree<'_>], blocks: &[Tree<'_>]) -> Vec<Option<usize>> {
    if after.len().saturating_mul(blocks.len()) > MATCHED_MAX {
        return vec![None; after.len()];
    }
    let fits = |value: &Tree<'_>, block: &Tree<'_>| match (as_object(value), as_object(block)) {
        (Some(value), Some(block)) => agrees(value, block),
        _ => false,
    };
    let mut open: Vec<Vec<usize>> = after
        .iter()
        .map(|value| {
            blocks
                .iter()
                .enumerate()
                .filter(|(_, block)| fits(value, block))
                .map(|(place, _)| place)
                .collect()
        })
        .collect();
    let mut matched = vec![None; after.len()];
    // Whoever has one block left takes it from the others, until nobody does.
    while let Some((number, place)) = open
        .iter()
        .enumerate()
        .find_map(|(number, left)| if let [one] = left.as_slice() { Some((number, *one)) } else { None })
    {
        if let Some(slot) = matched.get_mut(number) {
            *slot = Some(place);
        }
        open.iter_mut().for_each(|left| left.retain(|one| *one != place));
    }
    // What is left are blocks that nothing tells apart: any order of them says the same.
    if after.len() == blocks.len() {
        for number in 0..after.len() {
            let Some(left) = open.get(number) else { continue };
            let Some(place) =
                left.iter().copied().find(|place| *place == number).or_else(|| left.first().copied())
            else {
                continue;
            };
            if let Some(slot) = matched.get_mut(number) {
                *slot = Some(place);
            }
            open.iter_mut().for_each(|left| left.retain(|one| *one != place));
        }
    }
    matched
}

/// Whether a block may have made a value, by its constants.
fn agrees(value: &Node<'_>, block: &Node<'_>) -> bool {
    block.entries().iter().all(|(key, expression)| {
        let constant = as_object(expression).and_then(|node| node.own("constant_value"));
        constant.is_none_or(|constant| value.own(key).is_some_and(|own| words(own) == words(constant)))
    })
}

/// What a value says, whatever its type and the order of its items.
fn words(value: &Tree<'_>) -> Vec<String> {
    let mut words = match value {
        Tree::Null | Tree::Unknown(_) => Vec::new(),
        Tree::Flag(flag) => vec![flag.to_string()],
        Tree::Text(text) => vec![text.to_string()],
        Tree::List(items) => items.iter().flat_map(words).collect(),
        Tree::Object(node) => node.entries().iter().flat_map(|(key, value)| words_of(key, value)).collect(),
    };
    words.sort_unstable();
    words
}

fn words_of(key: &str, value: &Tree<'_>) -> Vec<String> {
    words(value).into_iter().map(|word| format!("{key}={word}")).collect()
}

/// How many pairs of values and blocks are compared.
const MATCHED_MAX: usize = 40_000;
