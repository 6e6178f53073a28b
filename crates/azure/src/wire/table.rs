//! The rows of an answer of Resource Graph: a list of objects, or a table whose columns are named apart.

use std::borrow::Cow;

use cloud::json::{Json, Key, Lenient, Node, Seed, Tree};
use serde::de::{IgnoredAny, MapAccess, SeqAccess};

use super::fields::{Fields, Level, List, Object};
use super::leaf::Text;
use super::page::{Entries, Item, Listing, Source};
use super::replay;

/// Hands out the rows below `data`; says how many there were, `None` when it holds no rows.
pub(super) struct Rows<'t, 'a> {
    pub(super) take: &'t mut dyn FnMut(Item<'a>),
    pub(super) source: Source<'a>,
}

impl<'de> Lenient<'de> for Rows<'_, 'de> {
    type Value = Option<u64>;

    fn absent(self) -> Option<u64> {
        None
    }

    fn not(self, _json: Json) -> Option<u64> {
        None
    }

    fn list<A: SeqAccess<'de>>(self, list: A) -> Result<Option<u64>, A::Error> {
        Entries { take: self.take, listing: Listing::Rows, source: self.source }.list(list)
    }

    fn object<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<u64>, A::Error> {
        let mut columns = None;
        // Rows that stand before the columns have to wait for them.
        let mut waiting: Option<Vec<Tree<'de>>> = None;
        let mut count = None;
        while let Some(Key(key)) = map.next_key::<Key<'de>>()? {
            if key.eq_ignore_ascii_case("columns") {
                columns = names(map.next_value()?);
            } else if key.eq_ignore_ascii_case("rows") {
                match &columns {
                    Some(columns) => {
                        (self.take)(Item::List(Listing::Rows));
                        let rows = Paired { take: &mut *self.take, columns, source: self.source };
                        count = map.next_value_seed(Seed(rows))?;
                    }
                    None => {
                        waiting = match map.next_value()? {
                            List::Items(rows) => Some(rows),
                            List::Absent | List::Not(_) => None,
                        };
                    }
                }
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        if let Some(rows) = waiting {
            (self.take)(Item::List(Listing::Rows));
            count = Some(rows.len() as u64);
            for row in rows {
                (self.take)(pair(columns.as_deref().unwrap_or_default(), row, self.source));
            }
        }
        Ok(count)
    }
}

/// The names of the columns; `None` when one has none.
fn names<'a>(columns: List<Object<Column<'a>>>) -> Option<Vec<String>> {
    let List::Items(columns) = columns else { return None };
    let name = |column: &Object<Column<'a>>| column.get()?.name.get().map(str::to_owned);
    columns.iter().map(name).collect()
}

/// Hands out rows whose columns are known.
struct Paired<'t, 'a> {
    take: &'t mut dyn FnMut(Item<'a>),
    columns: &'t [String],
    source: Source<'a>,
}

impl<'de> Lenient<'de> for Paired<'_, 'de> {
    type Value = Option<u64>;

    fn absent(self) -> Option<u64> {
        None
    }

    fn not(self, _json: Json) -> Option<u64> {
        None
    }

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<Option<u64>, A::Error> {
        let mut count = 0;
        while let Some(row) = list.next_element()? {
            count += 1;
            (self.take)(pair(self.columns, row, self.source));
        }
        Ok(Some(count))
    }
}

/// A row as the object it stands for. The names of columns are not where the row is, so they are not borrowed.
fn pair<'a>(columns: &[String], row: Tree<'a>, source: Source<'a>) -> Item<'a> {
    let Tree::List(cells) = row else { return Item::Strange };
    if cells.len() != columns.len() {
        return Item::Strange;
    }
    let at = cells.iter().find_map(place);
    let entries = columns.iter().map(|name| Cow::Owned(name.clone())).zip(cells);
    replay::item(Tree::Object(Node::new(entries.collect(), at)), source.around())
}

/// A piece of the document inside a value.
fn place<'a>(tree: &Tree<'a>) -> Option<&'a str> {
    match tree {
        Tree::Text(Cow::Borrowed(text)) => Some(text),
        Tree::Object(node) => node.at,
        Tree::List(items) => items.iter().find_map(place),
        Tree::Text(Cow::Owned(_)) | Tree::Null | Tree::Flag(_) | Tree::Unknown(_) => None,
    }
}

/// A column of a table.
#[derive(Clone, Debug, Default, PartialEq)]
struct Column<'a> {
    name: Text<'a>,
}

impl<'de> Fields<'de> for Column<'de> {
    const KEYS: &'static [&'static str] = &["name"];

    fn take<A: MapAccess<'de>>(&mut self, key: &str, _level: Level, map: &mut A) -> Result<bool, A::Error> {
        if key != "name" {
            return Ok(false);
        }
        self.name = map.next_value()?;
        Ok(true)
    }

    fn from_text(text: Cow<'de, str>) -> Option<Self> {
        Some(Self { name: Text::Is(text) })
    }
}
