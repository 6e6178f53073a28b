//! How PowerShell writes what REST returns: `Get-Az… | ConvertTo-Json` and its siblings.
//!
//! Most of it is letter case, which matters to nobody here. What is left: names that differ, lists of one written as
//! the one, lists in an object with their length, lists of words in one text, JSON inside of `…Text`, numbers for the
//! words of an enumeration.

mod names;

use std::borrow::Cow;

use cloud::json::{Node, Tree, is_cut};
use serde::Deserialize as _;

use super::element::Element;
use super::replay;

use names::{LISTS, NAMED_BY, NAMES, OPENED, SQL_RULES, WORDS};

/// An element written as REST writes it.
pub(crate) struct Respelled<'a> {
    pub(crate) element: Element<'a>,
    /// Whether only PowerShell writes what was read, and not a projection with capitals of its own.
    pub(crate) is_of_powershell: bool,
}

/// An object of PowerShell as REST would write it.
pub(crate) fn respelled(node: Node<'_>) -> Option<Respelled<'_>> {
    let is_sign = |key: &str| {
        ["ResourceGroupName", "TagsTable", "EffectiveSecurityRules"].contains(&key)
            || key.strip_suffix("Text").is_some_and(|twin| node.own(twin).is_some())
    };
    // Groups of rule collections keep what they say in an object of their own.
    let is_wrapped = match node.own("properties") {
        Some(Tree::Object(properties)) => properties.keys().any(|key| key == "RuleCollection"),
        _ => false,
    };
    let is_of_powershell = is_wrapped || node.keys().any(is_sign);
    let mut node = object(node);
    complete(&mut node);
    replay::element(node).map(|element| Respelled { element, is_of_powershell })
}

fn object(node: Node<'_>) -> Node<'_> {
    let at = node.at;
    let is_taken = |(_, name): &&(&str, &str)| node.own(name).is_some();
    let taken: Vec<&str> = NAMES.iter().filter(is_taken).map(|(known, _)| *known).collect();
    let entries = node.into_entries();
    let mut written = Vec::with_capacity(entries.len());
    let texts: Vec<(String, Cow<'_, str>)> = entries.iter().filter_map(json_text).collect();
    for (key, mut tree) in entries {
        if texts.iter().any(|(twin, _)| is_text_of(&key, twin)) {
            continue;
        }
        // What the depth cut off may stand beside it, whole.
        if let Some((_, text)) = texts.iter().find(|(twin, _)| twin.eq_ignore_ascii_case(&key))
            && holds_cut(&tree)
            && let Some(whole) = parsed(text)
        {
            tree = whole;
        }
        let value = value(&key, tree);
        // Restrictions of apps have a word there, or null, which says what their addresses are.
        let keeps_name = taken.contains(&&*key) || (key == "Tag" && !matches!(value, Tree::Object(_)));
        written.push((if keeps_name { key } else { renamed(key) }, value));
    }
    for (twin, text) in texts {
        let is_there = written.iter().any(|(key, _)| key.eq_ignore_ascii_case(&twin));
        if let Some(whole) = parsed(&text).filter(|_| !is_there) {
            let value = value(&twin, whole);
            written.push((Cow::Owned(twin), value));
        }
    }
    Node::new(written, at)
}

/// The key that a `…Text` repeats, and its JSON.
fn json_text<'a>((key, tree): &(Cow<'a, str>, Tree<'a>)) -> Option<(String, Cow<'a, str>)> {
    let twin = key.strip_suffix("Text").filter(|twin| !twin.is_empty())?;
    match tree {
        Tree::Text(text) if text.trim_start().starts_with(['[', '{', 'n', '"']) => {
            Some((twin.to_owned(), text.clone()))
        }
        _ => None,
    }
}

fn is_text_of(key: &str, twin: &str) -> bool {
    key.strip_suffix("Text") == Some(twin)
}

/// The JSON of a text, no piece of which stands in the document.
fn parsed<'a>(text: &str) -> Option<Tree<'a>> {
    let mut reader = serde_json::Deserializer::from_reader(text.as_bytes());
    Tree::deserialize(&mut reader).ok()
}

fn holds_cut(tree: &Tree<'_>) -> bool {
    match tree {
        Tree::Text(text) => is_cut(text),
        Tree::List(items) => items.iter().any(holds_cut),
        Tree::Object(node) => node.entries().iter().any(|(_, value)| holds_cut(value)),
        Tree::Null | Tree::Flag(_) | Tree::Unknown(_) => false,
    }
}

fn value<'a>(key: &str, tree: Tree<'a>) -> Tree<'a> {
    let is = |known: &&str| known.eq_ignore_ascii_case(key);
    match tree {
        Tree::Object(node) => match counted_list(node) {
            Ok(items) => list(key, items),
            Err(node) if LISTS.iter().any(is) => list(key, vec![Tree::Object(node)]),
            Err(node) => Tree::Object(object(node)),
        },
        Tree::List(items) => list(key, items),
        // Az.Network says so of an address that is not given yet.
        Tree::Text(text) if text.trim().eq_ignore_ascii_case("not assigned") && is(&"IpAddress") => {
            Tree::Null
        }
        Tree::Text(text) if text.trim().is_empty() && LISTS.iter().any(is) => Tree::List(Vec::new()),
        // Below its depth a list of words is its words in a row.
        Tree::Text(text) if WORDS.iter().any(is) && !is_cut(&text) && text.trim().contains(' ') => {
            Tree::List(text.split_whitespace().map(|word| Tree::Text(Cow::Owned(word.to_owned()))).collect())
        }
        other @ (Tree::Text(_) | Tree::Null | Tree::Flag(_) | Tree::Unknown(_)) => other,
    }
}

fn list<'a>(key: &str, items: Vec<Tree<'a>>) -> Tree<'a> {
    let item = |tree| match tree {
        Tree::Object(node) => match counted_list(node) {
            Ok(items) => list(key, items),
            Err(node) => {
                let mut item = object(node);
                if key.eq_ignore_ascii_case("IpRules") {
                    // So Cognitive Services names what is let in.
                    item.rename("IpAddress", "value");
                }
                Tree::Object(item)
            }
        },
        // Key Vault has the addresses alone where REST has objects.
        Tree::Text(text) if key.eq_ignore_ascii_case("IpAddressRanges") => {
            Tree::Object(Node::new(vec![(Cow::Borrowed("value"), Tree::Text(text))], None))
        }
        other => other,
    };
    Tree::List(items.into_iter().map(item).collect())
}

/// The items of a list that Windows PowerShell writes with its length: `{"value": […], "Count": 2}`.
fn counted_list(node: Node<'_>) -> Result<Vec<Tree<'_>>, Node<'_>> {
    let is_one = node.entries().len() == 2 && node.own("Count").is_some();
    if !is_one || !matches!(node.own("value"), Some(Tree::List(_))) {
        return Err(node);
    }
    let items = node.into_entries().into_iter().find_map(|(_, value)| match value {
        Tree::List(items) => Some(items),
        _ => None,
    });
    Ok(items.unwrap_or_default())
}

fn renamed(key: Cow<'_, str>) -> Cow<'_, str> {
    match NAMES.iter().find(|(known, _)| *known == key) {
        Some((_, name)) => Cow::Owned((*name).to_owned()),
        None => key,
    }
}

/// What only the kind of a resource tells.
fn complete(node: &mut Node<'_>) {
    let text = |node: &Node<'_>, key: &str| match node.own(key) {
        Some(Tree::Text(text)) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        _ => None,
    };
    let mut more = Vec::new();
    if text(node, "name").is_none() {
        let name = NAMED_BY.iter().find_map(|key| text(node, key));
        more.extend(name.map(|name| ("name", name)));
    }
    if text(node, "id").is_none() {
        // Groups of rule collections have their id inside.
        let within = match node.own("properties") {
            Some(Tree::Object(properties)) => text(properties, "id"),
            _ => None,
        };
        more.extend(text(node, "ResourceId").or(within).map(|id| ("id", id)));
    }
    // Rules of SQL servers have no id. What can be said of it is, so that those of two servers are two.
    for (key, list) in SQL_RULES {
        if text(node, "id").is_none()
            && let Some(rule) = text(node, key)
            && let Some(server) = text(node, "ServerName")
        {
            let group = text(node, "resourceGroup").unwrap_or_default();
            let server = format!("/resourceGroups/{group}/providers/Microsoft.Sql/servers/{server}");
            more.push(("id", format!("{server}/{list}/{rule}")));
        }
    }
    if text(node, "VaultName").is_some() {
        node.edit("networkAcls", vault_words);
    }
    for (key, text) in more {
        node.push(Cow::Owned(key.to_owned()), Tree::Text(Cow::Owned(text)));
    }
    // Rules of Redis caches have the name of their cache.
    if let Some(name) = text(node, "RuleName") {
        node.edit("name", |own| *own = Tree::Text(Cow::Owned(name)));
    }
    for (parts, whole) in OPENED {
        gather(node, parts, whole);
    }
}

/// What newer modules write side by side, as the object that REST has.
fn gather<'a>(node: &mut Node<'a>, parts: &[(&str, &'static str)], whole: &'static str) {
    if node.own(whole).is_some() {
        return;
    }
    let found = parts.iter().filter_map(|(part, key)| Some((Cow::Borrowed(*key), node.own(part)?.clone())));
    let found: Vec<(Cow<'a, str>, Tree<'a>)> = found.collect();
    if found.iter().any(|(_, value)| *value != Tree::Null) {
        node.push(Cow::Borrowed(whole), Tree::Object(Node::new(found, node.at)));
    }
}

/// Key Vault's numbers have had one meaning in every version. Those of storage accounts changed theirs: a number there
/// stays one, and is not understood.
fn vault_words(tree: &mut Tree<'_>) {
    let Tree::Object(rules) = tree else { return };
    rules.edit("DefaultAction", |action| {
        let word = match action {
            Tree::Text(number) if number == "0" => "Allow",
            Tree::Text(number) if number == "1" => "Deny",
            _ => return,
        };
        *action = Tree::Text(Cow::Owned(word.to_owned()));
    });
}
