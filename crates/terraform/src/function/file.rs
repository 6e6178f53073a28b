//! Functions of files and of their paths. The files are the scope's to find.

use cloud::json::Cause;

use super::{encode, text, uncounted};
use crate::expression::{Budget, Found, Scope, Step, evaluate_template};
use crate::syntax;
use crate::value::{Fault, Kind, Object, Value, Wanted};

type Made<'a> = Wanted<'a, Value<'a>>;

fn missing<'a>(path: &str) -> Fault<'a> {
    Fault::Unknown(Value::unknown(Cause::Existing, format!("the file {path}")))
}

fn read<'a>(path: &Value<'a>, scope: &mut dyn Scope<'a>) -> Wanted<'a, &'a str> {
    let path = path.to_text()?;
    scope.file(&path).ok_or_else(|| missing(&path))
}

pub(super) fn file<'a>(values: &[Value<'a>], scope: &mut dyn Scope<'a>) -> Made<'a> {
    let [path] = values else { return uncounted() };
    Ok(Value::text(read(path, scope)?))
}

pub(super) fn base64<'a>(values: &[Value<'a>], scope: &mut dyn Scope<'a>) -> Made<'a> {
    let [path] = values else { return uncounted() };
    let text = read(path, scope)?;
    text::made(encode::base64(text.as_bytes()), scope.budget())
}

/// That a file is not in the input does not mean that it will not be there.
pub(super) fn exists<'a>(values: &[Value<'a>], scope: &mut dyn Scope<'a>) -> Made<'a> {
    let [path] = values else { return uncounted() };
    read(path, scope).map(|_| Value::flag(true))
}

pub(super) fn set<'a>(values: &[Value<'a>], scope: &mut dyn Scope<'a>) -> Made<'a> {
    let [folder, pattern] = values else { return uncounted() };
    let (folder, pattern) = (folder.to_text()?, pattern.to_text()?);
    let files = scope
        .folder(&folder)
        .ok_or_else(|| Fault::Unknown(Value::unknown(Cause::Existing, format!("the folder {}", &*folder))))?;
    if pattern.contains(['[', '{', '\\']) {
        return Err(Fault::Unsupported("a pattern of files"));
    }
    let pattern: Vec<&str> = pattern.split('/').collect();
    let mut matching = Vec::new();
    for file in files {
        if !scope.budget().spend(1 + pattern.len()) {
            return Err(Fault::TooLarge);
        }
        if matches(&pattern, &file.split('/').collect::<Vec<_>>(), 0) {
            matching.push(Value::text(file));
        }
    }
    Ok(Value::set(matching))
}

/// Whether the parts of a path match those of a pattern, of which `**` is any number of folders.
fn matches(pattern: &[&str], path: &[&str], depth: usize) -> bool {
    match (pattern, path) {
        ([], []) => true,
        (["**", rest @ ..], path) => {
            // Every one more is as many ways again.
            depth < 4
                && (0..=path.len())
                    .any(|skipped| matches(rest, path.get(skipped..).unwrap_or_default(), depth + 1))
        }
        ([part, rest @ ..], [name, names @ ..]) => matches_name(part, name) && matches(rest, names, depth),
        ([], [_, ..]) | ([_, ..], []) => false,
    }
}

/// Whether a name matches one part of a pattern: `*` is any text, `?` any letter.
fn matches_name(part: &str, name: &str) -> bool {
    let (part, name): (Vec<char>, Vec<char>) = (part.chars().collect(), name.chars().collect());
    // Whether what was read of the pattern so far matches so many letters.
    let mut reached = vec![false; name.len() + 1];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    for letter in part {
        let mut next = vec![false; name.len() + 1];
        let mut any_before = false;
        for (count, target) in next.iter_mut().enumerate() {
            let is_reached = |count: usize| reached.get(count).copied().unwrap_or(false);
            any_before |= is_reached(count);
            *target = match (letter, count.checked_sub(1)) {
                ('*', _) => any_before,
                (_, None) => false,
                (letter, Some(before)) => {
                    is_reached(before) && (letter == '?' || name.get(before) == Some(&letter))
                }
            };
        }
        reached = next;
    }
    reached.last().copied().unwrap_or(false)
}

pub(super) fn template<'a>(values: &[Value<'a>], scope: &mut dyn Scope<'a>) -> Made<'a> {
    let [path, names] = values else { return uncounted() };
    let text = read(path, scope)?;
    rendered(text, names, scope)
}

/// A template in a string: only one that stands in a document has parts to point at.
pub(super) fn template_of_text<'a>(values: &[Value<'a>], scope: &mut dyn Scope<'a>) -> Made<'a> {
    let [text, names] = values else { return uncounted() };
    match &text.kind {
        Kind::Text(crate::value::Text::Here(text)) => rendered(text, names, scope),
        Kind::Text(_) => Err(Fault::Unsupported("a template that is made")),
        _ => text.not("a string"),
    }
}

fn rendered<'a>(text: &'a str, names: &Value<'a>, scope: &mut dyn Scope<'a>) -> Made<'a> {
    let Kind::Object(names) = &names.kind else { return names.not("an object") };
    if !scope.budget().spend(text.len() / 16) {
        return Err(Fault::TooLarge);
    }
    let parts = syntax::template(text).map_err(|_| Fault::Wrong("the template cannot be read".to_owned()))?;
    let made = evaluate_template(&parts, &mut Names { names, outer: scope });
    match made.as_unknown() {
        Some(unknown) if unknown.cause == Cause::Wrong => {
            Err(Fault::Wrong(unknown.text.clone().into_owned()))
        }
        Some(_) | None => Ok(made),
    }
}

/// What the names of a template mean: what it is given, and nothing else.
struct Names<'s, 'a> {
    names: &'s Object<'a>,
    outer: &'s mut dyn Scope<'a>,
}

impl<'a> Scope<'a> for Names<'_, 'a> {
    fn find(&mut self, root: &str, _: &[Step<'a>]) -> Found<'a> {
        match self.names.find(root) {
            Some(value) => Found::This { value, used: 0 },
            None => Found::Wrong(format!("the template is given no `{root}`")),
        }
    }

    fn budget(&mut self) -> &mut Budget {
        self.outer.budget()
    }

    fn file(&mut self, path: &str) -> Option<&'a str> {
        self.outer.file(path)
    }

    fn folder(&mut self, path: &str) -> Option<Vec<String>> {
        self.outer.folder(path)
    }
}

/// Where the folders begin is the machine's to say.
pub(super) fn absolute<'a>(values: &[Value<'a>], _: &mut dyn Scope<'a>) -> Made<'a> {
    let [path] = values else { return uncounted() };
    let path = path.to_text()?;
    if path.starts_with('/') {
        return Ok(Value::text(cleaned(&path)));
    }
    Err(Fault::Unknown(Value::unknown(Cause::Existing, format!("the folder of {}", &*path))))
}

pub(super) fn expand<'a>(values: &[Value<'a>], _: &mut dyn Scope<'a>) -> Made<'a> {
    let [path] = values else { return uncounted() };
    let path = path.to_text()?;
    if path.starts_with('~') {
        return Err(Fault::Unknown(Value::unknown(Cause::Existing, "the home folder")));
    }
    Ok(Value::text(path))
}

pub(super) fn basename<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let [path] = values else { return uncounted() };
    let path = path.to_text()?;
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    Ok(Value::text(match name {
        "" if path.is_empty() => ".".to_owned(),
        "" => "/".to_owned(),
        name => name.to_owned(),
    }))
}

pub(super) fn dirname<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let [path] = values else { return uncounted() };
    let path = path.to_text()?;
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    Ok(Value::text(cleaned(if folder.is_empty() && path.starts_with('/') { "/" } else { folder })))
}

/// A path without parts that lead nowhere.
fn cleaned(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if path.starts_with('/') => {}
            part => parts.push(part),
        }
    }
    match (path.starts_with('/'), parts.join("/")) {
        (true, parts) => format!("/{parts}"),
        (false, parts) if parts.is_empty() => ".".to_owned(),
        (false, parts) => parts,
    }
}
