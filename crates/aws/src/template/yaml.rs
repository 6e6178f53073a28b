//! YAML as templates have it: tags become the functions that they are short for, anchors are followed within bounds.
//!
//! Every object keeps a piece of the text. Knows no section of a template.

use std::borrow::Cow;
use std::collections::BTreeMap;

use cloud::json::{Node, Tree};
use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

/// What is wrong with a text, and where.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) offset: usize,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) expected: String,
}

/// The one document of a text.
///
/// # Errors
/// Where the text is not YAML, too deep, or more than it may be once its aliases are followed, and where a second document
/// stands behind the first: nobody deploys both.
pub(super) fn read(text: &str) -> Result<Tree<'_>, Broken> {
    let mut builder = Builder::new(text);
    let (mut whole, mut began) = (None, None);
    for event in Parser::new_from_str(text) {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                let mark = error.marker();
                let offset = builder.offset(mark.index());
                let (line, column) = (mark.line(), mark.col() + 1);
                return Err(Broken { offset, line, column, expected: error.info().to_owned() });
            }
        };
        if let Event::DocumentStart(_) = event {
            began = Some(span);
        }
        match (builder.take(event, span).map_err(|reason| builder.broken(&span, reason))?, &whole) {
            (None, _) | (Some(Tree::Null), Some(_)) => {}
            (Some(tree), None) => whole = Some(tree),
            (Some(_), Some(_)) => {
                return Err(builder.broken(&began.unwrap_or(span), "one document, and no second"));
            }
        }
    }
    Ok(whole.unwrap_or(Tree::Null))
}

/// A collection that is not at its end.
enum Open<'a> {
    List(Vec<Tree<'a>>),
    Object { node: Node<'a>, key: Option<Key<'a>> },
}

/// A key that waits for its value.
enum Key<'a> {
    Is(Cow<'a, str>),
    /// `<<`: the entries of the value are taken over.
    Merge,
}

struct Frame<'a> {
    open: Open<'a>,
    anchor: usize,
    function: Option<Cow<'a, str>>,
    /// Where it begins.
    at: Option<&'a str>,
}

struct Builder<'a> {
    text: &'a str,
    /// The bytes at which characters begin; empty where every character is a byte.
    starts: Vec<usize>,
    frames: Vec<Frame<'a>>,
    anchors: BTreeMap<usize, (Tree<'a>, usize)>,
    /// How many values there are, those of aliases counted each time.
    values: usize,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str) -> Self {
        let starts =
            if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(byte, _)| byte).collect() };
        Self { text, starts, frames: Vec::new(), anchors: BTreeMap::new(), values: 0 }
    }

    fn offset(&self, character: usize) -> usize {
        if self.starts.is_empty() {
            return character.min(self.text.len());
        }
        self.starts.get(character).copied().unwrap_or(self.text.len())
    }

    fn broken(&self, span: &Span, expected: &str) -> Broken {
        let offset = self.offset(span.start.index());
        let (line, column) = (span.start.line(), span.start.col() + 1);
        Broken { offset, line, column, expected: expected.to_owned() }
    }

    fn piece(&self, span: &Span) -> Option<&'a str> {
        let (start, end) = (self.offset(span.start.index()), self.offset(span.end.index()));
        self.text.get(start..end.max(start))
    }

    /// Takes an event; gives the value of the document at its end.
    fn take(&mut self, event: Event<'a>, span: Span) -> Result<Option<Tree<'a>>, &'static str> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => Ok(None),
            Event::DocumentEnd => Ok(None),
            Event::Alias(anchor) => {
                let known = self.anchors.get(&anchor);
                let size = known.map(|(_, size)| *size).ok_or("an alias of something before it")?;
                self.count(size)?;
                let tree = self.anchors.get(&anchor).map_or(Tree::Null, |(tree, _)| tree.clone());
                self.put(tree, None)
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.count(1)?;
                let piece = self.piece(&span);
                let text = borrowed(piece, text);
                let is_key = self.awaits_key();
                let tree = scalar(text, style, tag.as_deref(), piece, is_key);
                self.keep(anchor, &tree, 1);
                self.put(tree, piece)
            }
            Event::SequenceStart(anchor, tag) => {
                self.open(Open::List(Vec::new()), anchor, tag.as_deref(), &span)
            }
            Event::MappingStart(anchor, tag) => {
                let node = Node::default();
                self.open(Open::Object { node, key: None }, anchor, tag.as_deref(), &span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
        }
    }

    fn count(&mut self, values: usize) -> Result<(), &'static str> {
        self.values += values;
        if self.values > VALUES_MAX {
            Err("no more than a million values, those of aliases counted")
        } else {
            Ok(())
        }
    }

    fn awaits_key(&self) -> bool {
        matches!(self.frames.last(), Some(Frame { open: Open::Object { key: None, .. }, .. }))
    }

    fn keep(&mut self, anchor: usize, tree: &Tree<'a>, size: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, (tree.clone(), size));
        }
    }

    fn open(
        &mut self,
        open: Open<'a>,
        anchor: usize,
        tag: Option<&Tag>,
        span: &Span,
    ) -> Result<Option<Tree<'a>>, &'static str> {
        self.count(1)?;
        if self.frames.len() >= DEPTH_MAX {
            return Err("no more than 100 levels");
        }
        let at =
            self.text.get(self.offset(span.start.index())..).and_then(|rest| rest.get(..1).or(Some(rest)));
        self.frames.push(Frame { open, anchor, function: function(tag), at });
        Ok(None)
    }

    fn close(&mut self) -> Result<Option<Tree<'a>>, &'static str> {
        let Some(Frame { open, anchor, function, at }) = self.frames.pop() else { return Ok(None) };
        let tree = match open {
            Open::List(items) => Tree::List(items),
            Open::Object { mut node, .. } => {
                node.at = node.at.or(at);
                Tree::Object(node)
            }
        };
        let tree = match function {
            Some(name) => Tree::Object(Node::new(vec![(name, tree)], at)),
            None => tree,
        };
        let size = if anchor > 0 { size(&tree) } else { 0 };
        self.keep(anchor, &tree, size);
        self.put(tree, None)
    }

    /// Puts a value where it belongs: a key, the value of one, an item, the whole.
    fn put(&mut self, tree: Tree<'a>, piece: Option<&'a str>) -> Result<Option<Tree<'a>>, &'static str> {
        let Some(frame) = self.frames.last_mut() else { return Ok(Some(tree)) };
        match &mut frame.open {
            Open::List(items) => items.push(tree),
            Open::Object { node, key } => match key.take() {
                None => *key = Some(key_of(tree, piece, node)?),
                Some(Key::Is(name)) => node.push(name, tree),
                Some(Key::Merge) => merge(node, tree)?,
            },
        }
        Ok(None)
    }
}

/// Text as a piece of the document where it is spelled there as it reads.
fn borrowed<'a>(piece: Option<&'a str>, text: Cow<'a, str>) -> Cow<'a, str> {
    match piece.and_then(|piece| piece.find(&*text).and_then(|start| piece.get(start..start + text.len()))) {
        Some(own) if !text.is_empty() => Cow::Borrowed(own),
        Some(_) | None => text,
    }
}

fn scalar<'a>(
    text: Cow<'a, str>,
    style: ScalarStyle,
    tag: Option<&Tag>,
    piece: Option<&'a str>,
    is_key: bool,
) -> Tree<'a> {
    if let Some(name) = function(tag) {
        return Tree::Object(Node::new(vec![(name, Tree::Text(text))], piece));
    }
    let is_text = tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
    if style == ScalarStyle::Plain && !is_text && !is_key {
        super::scalar::plain(text)
    } else {
        Tree::Text(text)
    }
}

/// A key is text as it is written.
fn key_of<'a>(tree: Tree<'a>, piece: Option<&'a str>, node: &mut Node<'a>) -> Result<Key<'a>, &'static str> {
    let Tree::Text(text) = tree else { return Err("a text as key") };
    if node.at.is_none() {
        node.at = piece;
    }
    Ok(if text == "<<" { Key::Merge } else { Key::Is(text) })
}

/// `<<`: keys that the object has itself count.
fn merge<'a>(node: &mut Node<'a>, tree: Tree<'a>) -> Result<(), &'static str> {
    let merged = match tree {
        Tree::Object(other) => vec![other],
        Tree::List(items) => {
            let own = |item| if let Tree::Object(other) = item { Ok(other) } else { Err("objects to merge") };
            items.into_iter().map(own).collect::<Result<_, _>>()?
        }
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => return Err("an object to merge"),
    };
    let mut entries = Vec::new();
    for other in merged {
        for (key, value) in other.into_entries() {
            if !entries.iter().any(|(known, _)| *known == key) {
                entries.push((key, value));
            }
        }
    }
    let own = core::mem::take(node);
    let at = own.at;
    // Of a key that is given twice the later counts: what is merged goes first.
    let own = own.into_entries();
    entries.retain(|(key, _)| !own.iter().any(|(known, _)| known == key));
    entries.extend(own);
    *node = Node::new(entries, at);
    Ok(())
}

/// The function that a tag is short for; `None` where it is none of CloudFormation's.
fn function(tag: Option<&Tag>) -> Option<Cow<'static, str>> {
    let tag = tag.filter(|tag| tag.handle == "!" && !tag.suffix.is_empty())?;
    Some(match tag.suffix.as_str() {
        "Ref" => Cow::Borrowed("Ref"),
        "Condition" => Cow::Borrowed("Condition"),
        other => Cow::Owned(format!("Fn::{other}")),
    })
}

fn size(tree: &Tree<'_>) -> usize {
    match tree {
        Tree::List(items) => 1 + items.iter().map(size).sum::<usize>(),
        Tree::Object(node) => 1 + node.entries().iter().map(|(_, value)| size(value)).sum::<usize>(),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => 1,
    }
}

const VALUES_MAX: usize = 1_000_000;
const DEPTH_MAX: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Tree<'_> {
        Tree::Text(text.into())
    }

    #[test]
    fn tags_are_functions_and_pieces_lead_to_lines() {
        let source =
            "# ä\r\nA:\r\n  B: !Ref C\r\n  D:\r\n    - E: !GetAtt [F, G]\r\n      H: |\r\n        x\r\n";
        let Tree::Object(whole) = read(source).unwrap() else { panic!() };
        let Some(Tree::Object(a)) = whole.own("A") else { panic!() };
        let Some(Tree::Object(reference)) = a.own("B") else { panic!() };
        assert_eq!(reference.own("Ref"), Some(&text("C")));
        let Some(Tree::List(items)) = a.own("D") else { panic!() };
        let Tree::Object(item) = &items[0] else { panic!() };
        let at = item.at.unwrap();
        assert_eq!(at, "E");
        let offset = at.as_ptr() as usize - source.as_ptr() as usize;
        assert_eq!(source[..offset].lines().count(), 5);
        let Some(Tree::Object(get)) = item.own("E") else { panic!() };
        assert_eq!(get.own("Fn::GetAtt"), Some(&Tree::List(vec![text("F"), text("G")])));
        assert_eq!(item.own("H"), Some(&text("x\n")));
    }

    #[test]
    fn aliases_and_merges_are_followed() {
        let Tree::Object(whole) = read("a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\nc: *a\n").unwrap() else {
            panic!()
        };
        let Some(Tree::Object(b)) = whole.own("b") else { panic!() };
        assert_eq!((b.own("x"), b.own("y")), (Some(&text("1")), Some(&text("3"))));
        assert_eq!(whole.own("a"), whole.own("c"));
    }

    #[test]
    fn a_bomb_of_aliases_and_depth_are_bounded() {
        let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for level in 1..12 {
            let before = vec![format!("*a{}", level - 1); 10].join(",");
            bomb += &format!("a{level}: &a{level} [{before}]\n");
        }
        assert!(read(&bomb).is_err());
        assert!(read(&"[".repeat(5000)).is_err());
        assert!(read(&"- ".repeat(5000)).is_err());
        assert!(read("a: [1, 2\nb: }").is_err());
        assert!(read("a: *nothing\n").is_err());
    }
}
