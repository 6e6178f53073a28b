//! What stands in a block: its arguments, and the blocks in it, those among them that expressions make.

use cloud::json::{Cause, Reference};

use super::Run;
use super::rounds::{Names, ROUNDS_MAX, why};
use crate::syntax::{Block, Body, Form};
use crate::value::{Kind, Shape, Text, Value};

/// Whose block it is: what its computed attributes are attributes of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Owner<'o> {
    /// Where the resource is declared.
    pub(super) address: &'o str,
    /// Why an attribute is not known that nobody wrote.
    pub(super) cause: Cause,
}

/// What blocks are made from.
struct Elements<'a> {
    known: Vec<(Value<'a>, Value<'a>)>,
    /// Why there may be more.
    more: Option<Value<'a>>,
}

impl<'m, 'a> Run<'m, 'a> {
    /// What a block of a resource says; `path` leads to it.
    pub(super) fn object(
        &mut self,
        instance: usize,
        names: &Names<'a>,
        body: &'m Body<'a>,
        place: (Owner<'_>, &str, &'a str),
    ) -> Value<'a> {
        let (owner, path, at) = place;
        let is_top = path.is_empty();
        let mut entries: Vec<(Text<'a>, Value<'a>)> = Vec::new();
        for attribute in &body.attributes {
            if is_top && META_ARGUMENTS.contains(&&*attribute.name) {
                continue;
            }
            let value = self.evaluate(instance, names, &attribute.value);
            entries.push((attribute.name.clone().into(), value));
        }
        let mut kinds: Vec<(&str, Vec<Value<'a>>)> = Vec::new();
        for block in &body.blocks {
            let kind = made(block);
            if is_top && META_BLOCKS.contains(&kind) {
                continue;
            }
            let position = kinds.iter().position(|(known, _)| *known == kind).unwrap_or(kinds.len());
            if position == kinds.len() {
                kinds.push((kind, Vec::new()));
            }
            let Some((_, blocks)) = kinds.get_mut(position) else { continue };
            self.blocks(instance, names, block, (owner, &joined(path, kind)), blocks);
        }
        for (kind, blocks) in kinds {
            let shape = if blocks.iter().any(Value::is_unknown) { Shape::Partial } else { Shape::Tuple };
            entries.push((Text::from(kind.to_owned()), Value::sequence(shape, blocks)));
        }
        let of = Reference { address: owner.address.to_owned(), attribute: path.to_owned() };
        Value::open_object(entries, Some(at), owner.cause, of)
    }

    /// The blocks that a block is or makes.
    fn blocks(
        &mut self,
        instance: usize,
        names: &Names<'a>,
        block: &'m Block<'a>,
        (owner, path): (Owner<'_>, &str),
        made: &mut Vec<Value<'a>>,
    ) {
        if block.kind != DYNAMIC {
            let path = format!("{path}[{}]", made.len());
            made.push(self.object(instance, names, &block.body, (owner, &path, block.at)));
            return;
        }
        let wrong = |what: &str| Value::unknown(Cause::Wrong, what.to_owned());
        let (Some(label), Some(each), Some(content)) =
            (block.labels.first(), block.body.value("for_each"), block.body.blocks_of("content").next())
        else {
            made.push(wrong("`dynamic` needs `for_each` and `content`"));
            return;
        };
        let iterator = match block.body.value("iterator") {
            None => label.clone(),
            Some(name) => match (&name.form, name.literal()) {
                (Form::Name(name), _) => name.clone(),
                (_, Some(_)) => name.at.trim_matches('"').into(),
                (_, None) => return made.push(wrong("`iterator` is no name")),
            },
        };
        let each = self.evaluate(instance, names, each);
        let Elements { known, more } = elements(&each);
        let mut inner = names.clone();
        for (key, value) in known {
            if !self.budget.spend(1) {
                made.push(Value::unknown(Cause::TooLarge, "dynamic blocks"));
                return;
            }
            let at = value.at.unwrap_or(block.at);
            let entries = vec![(Text::from("key"), key), (Text::from("value"), value)];
            inner.iterators.push((iterator.clone().into(), Value::object(entries)));
            let path = format!("{path}[{}]", made.len());
            made.push(self.object(instance, &inner, &content.body, (owner, &path, at)));
            inner.iterators.pop();
        }
        made.extend(more);
    }
}

fn joined(path: &str, kind: &str) -> String {
    if path.is_empty() { kind.to_owned() } else { format!("{path}.{kind}") }
}

/// The kind of the blocks that a block is or makes.
fn made<'b>(block: &'b Block<'_>) -> &'b str {
    match block.labels.first() {
        Some(label) if block.kind == DYNAMIC => label,
        _ => &block.kind,
    }
}

fn elements<'a>(each: &Value<'a>) -> Elements<'a> {
    let unknown = |cause: Cause, text: &str| Elements {
        known: Vec::new(),
        more: Some(Value::unknown(cause, text.to_owned()).with_at(each.at)),
    };
    match &each.kind {
        Kind::Object(object) if object.entries().len() <= ROUNDS_MAX => Elements {
            known: object
                .entries()
                .iter()
                .map(|(key, value)| (Value::text(key.clone()), value.clone()))
                .collect(),
            more: object.unknown_keys(),
        },
        Kind::Sequence(sequence) if sequence.items().len() <= ROUNDS_MAX => {
            let items = sequence.items().iter();
            match sequence.shape() {
                Shape::Tuple | Shape::List => {
                    let numbered =
                        items.enumerate().map(|(number, item)| (Value::count(number), item.clone()));
                    Elements { known: numbered.collect(), more: None }
                }
                Shape::Set => {
                    Elements { known: items.map(|item| (item.clone(), item.clone())).collect(), more: None }
                }
                Shape::Partial => {
                    let key = Value::unknown(Cause::Unset, "the key of an item");
                    let more = items.clone().find(|item| item.is_unknown()).map(Value::because);
                    let known = items.filter(|item| !item.is_unknown());
                    Elements { known: known.map(|item| (key.clone(), item.clone())).collect(), more }
                }
            }
        }
        Kind::Object(_) | Kind::Sequence(_) => unknown(Cause::TooLarge, "for_each"),
        Kind::Unknown(why) => unknown(why.cause, &why.text),
        Kind::Null | Kind::Flag(_) | Kind::Number(_) | Kind::Text(_) => unknown(why(each), "for_each"),
    }
}

/// The kind of blocks that make others.
const DYNAMIC: &str = "dynamic";
/// Arguments that every resource has, about how it is made.
const META_ARGUMENTS: [&str; 4] = ["count", "for_each", "depends_on", "provider"];
/// Blocks that every resource has, about how it is made.
const META_BLOCKS: [&str; 4] = ["lifecycle", "provisioner", "connection", "timeouts"];
