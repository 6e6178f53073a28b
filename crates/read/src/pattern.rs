//! Globs: `*`, `?` and `[…]` inside a name, `**` for any depth of folders.
//!
//! Knows nothing of candidates: a glob says itself which names it wants. Wildcards leave out hidden names
//! unless the pattern starts with a dot there, as a shell does.
//!
//! The matching of one name is the `glob` crate's; the walk is ours, because that crate's passes over names
//! that are not UTF-8 without a word.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use glob::MatchOptions;

use crate::reason::Reason;
use crate::tree::{Tree, entries};

/// A path with wildcards.
pub(crate) struct Pattern {
    // INVARIANT: at least one step is not exact
    steps: Vec<Step>,
}

/// One component of a pattern.
enum Step {
    Exact(OsString),
    Wild(glob::Pattern),
    /// `**`: the folder itself and every folder below it.
    Deep,
}

/// What a pattern matches.
pub(crate) struct Matches {
    /// Files and folders, and links that lead nowhere.
    pub(crate) paths: BTreeSet<PathBuf>,
    /// Folders that cannot be looked into.
    pub(crate) failures: Vec<(PathBuf, Reason)>,
}

impl Pattern {
    /// The pattern a path spells; none if it has no wildcard or a wrong one such as `a[`.
    pub(crate) fn parse(path: &Path) -> Option<Self> {
        let steps = path
            .components()
            .map(|component| Step::parse(component.as_os_str().to_os_string()))
            .collect::<Option<Vec<Step>>>()?;
        let is_pattern = steps.iter().any(|step| !matches!(step, Step::Exact(_)));
        is_pattern.then_some(Self { steps })
    }

    /// Looks for everything that matches.
    ///
    /// `**` at the end adds nothing: the folder before it is a match, and will be read as a folder.
    pub(crate) fn matches(&self, extensions: &'static [&'static str]) -> Matches {
        let mut matches = Matches { paths: BTreeSet::from([PathBuf::new()]), failures: Vec::new() };
        let steps = match self.steps.split_last() {
            Some((Step::Deep, before)) => before,
            _ => &self.steps,
        };
        for step in steps {
            for path in std::mem::take(&mut matches.paths) {
                step.take(path, extensions, &mut matches);
            }
        }
        matches.drop_absent();
        matches
    }
}

impl Step {
    fn parse(component: OsString) -> Option<Self> {
        let text = component.to_string_lossy();
        if text == "**" {
            Some(Self::Deep)
        } else if text.contains(['*', '?', '[']) {
            glob::Pattern::new(&text).ok().map(Self::Wild)
        } else {
            Some(Self::Exact(component))
        }
    }

    /// Goes one component further from `path`.
    fn take(&self, path: PathBuf, extensions: &'static [&'static str], matches: &mut Matches) {
        match self {
            Self::Exact(name) => {
                matches.paths.insert(path.join(name));
            }
            Self::Wild(pattern) => match wild(&path, pattern) {
                Ok(found) => matches.paths.extend(found),
                Err(error) => matches.fail(path, Reason::of(error)),
            },
            Self::Deep => {
                let Tree { folders, failures, .. } = Tree::below(&path, extensions);
                matches.paths.extend(folders);
                for (path, reason) in failures {
                    matches.fail(path, reason);
                }
            }
        }
    }
}

impl Matches {
    /// Keeps a failure, except that there is nothing at `path`: then it is no match, and nothing failed.
    fn fail(&mut self, path: PathBuf, reason: Reason) {
        if !matches!(reason, Reason::Missing) {
            self.failures.push((path, reason));
        }
    }

    /// Takes away the paths that an exact step only supposed.
    fn drop_absent(&mut self) {
        for path in std::mem::take(&mut self.paths) {
            match fs::symlink_metadata(&path) {
                Ok(_) => {
                    self.paths.insert(path);
                }
                Err(_) if path.as_os_str().is_empty() => {
                    self.paths.insert(path);
                }
                Err(error) => self.fail(path, Reason::of(error)),
            }
        }
    }
}

/// The entries of a folder whose names match.
fn wild(folder: &Path, pattern: &glob::Pattern) -> io::Result<Vec<PathBuf>> {
    let names = entries(folder)?.into_iter().map(|entry| entry.file_name());
    let matching = names.filter(|name| pattern.matches_with(&name.to_string_lossy(), OPTIONS));
    Ok(matching.map(|name| folder.join(name)).collect())
}

const OPTIONS: MatchOptions = MatchOptions {
    case_sensitive: !cfg!(windows),
    require_literal_separator: true,
    require_literal_leading_dot: true,
};
