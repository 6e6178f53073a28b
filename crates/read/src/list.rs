//! The reading list: what the inputs lead to, every file once and in order.
//!
//! Knows where things are and never opens a file.

use std::collections::BTreeMap;
use std::collections::btree_map;
use std::fs;
use std::path::{self, Path, PathBuf};

use crate::pattern::{Matches, Pattern};
use crate::reason::Reason;
use crate::tree::{self, Tree};

/// What is to be read.
pub(crate) struct ReadingList {
    /// By the path without links, which is the same for every way to a file.
    entries: BTreeMap<PathBuf, Entry>,
    /// The endings of names that are read in a folder.
    extensions: &'static [&'static str],
    passed_over: u64,
}

/// One thing to be read, or known to be unreadable.
pub(crate) struct Entry {
    pub(crate) path: PathBuf,
    pub(crate) origin: Origin,
    reached: Reached,
}

/// Where the bytes are.
pub(crate) enum Origin {
    File,
    Stdin,
    Nowhere(Reason),
}

/// How an input led to a path, the way that is shown first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reached {
    Named,
    Found,
    Linked,
}

impl Reached {
    /// How something is reached that is not named, by a link or not.
    fn through(linked: bool) -> Self {
        if linked { Self::Linked } else { Self::Found }
    }
}

impl ReadingList {
    /// An empty list, for files whose names end so when they are found in a folder.
    pub(crate) fn new(extensions: &'static [&'static str]) -> Self {
        Self { entries: BTreeMap::new(), extensions, passed_over: 0 }
    }

    /// Adds what one input leads to.
    pub(crate) fn add(&mut self, input: &Path) {
        if input.as_os_str() == "-" {
            let stdin =
                Entry { path: PathBuf::from("<stdin>"), origin: Origin::Stdin, reached: Reached::Named };
            self.insert(PathBuf::from("-"), stdin);
            return;
        }
        match fs::metadata(input) {
            Ok(found) if found.is_dir() => self.add_folder(input),
            Ok(_) => self.add_file(input.to_path_buf(), Reached::Named),
            Err(error) => match Pattern::parse(input) {
                Some(pattern) => self.add_matches(input, pattern.matches(self.extensions)),
                None => self.add_failure(input.to_path_buf(), Reason::of(error), Reached::Named),
            },
        }
    }

    /// How many files in folders are not on the list because of what they are or how they are called.
    pub(crate) fn passed_over(&self) -> u64 {
        self.passed_over
    }

    /// The list, sorted by path.
    pub(crate) fn into_entries(self) -> Vec<Entry> {
        let mut entries: Vec<Entry> = self.entries.into_values().collect();
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        entries
    }

    fn add_folder(&mut self, folder: &Path) {
        if self.add_tree(folder, Reached::Named) == 0 {
            self.add_failure(
                folder.to_path_buf(),
                Reason::EmptyFolder { expected: self.extensions },
                Reached::Named,
            );
        }
    }

    fn add_matches(&mut self, pattern: &Path, matches: Matches) {
        let mut added = matches.failures.len();
        for (path, reason) in matches.failures {
            self.add_failure(path, reason, Reached::Found);
        }
        for path in matches.paths {
            added += self.add_match(path);
        }
        if added == 0 {
            self.add_failure(pattern.to_path_buf(), Reason::NoMatch, Reached::Named);
        }
    }

    /// Adds what a glob matches and returns how many entries that gave.
    fn add_match(&mut self, path: PathBuf) -> usize {
        let reached = Reached::through(path.is_symlink());
        match tree::look(&path) {
            Ok(found) if found.is_dir() => return self.add_tree(&path, reached),
            Ok(found) if found.is_file() => self.add_file(path, reached),
            Ok(_) => {
                self.passed_over += 1;
                return 0;
            }
            Err(error) => self.add_failure(path, Reason::of(error), Reached::Found),
        }
        1
    }

    /// Adds the files and failures below a folder, itself `reached` so, and returns how many there are.
    fn add_tree(&mut self, root: &Path, reached: Reached) -> usize {
        let tree = Tree::below(root, self.extensions);
        let added = tree.files.len() + tree.failures.len();
        self.passed_over += tree.passed_over;
        for file in tree.files {
            let reached = reached.max(Reached::through(file.linked));
            self.insert(file.identity, Entry { path: file.path, origin: Origin::File, reached });
        }
        for (path, reason) in tree.failures {
            let reached = if path == root { reached } else { Reached::Found };
            self.add_failure(path, reason, reached);
        }
        added
    }

    fn add_file(&mut self, path: PathBuf, reached: Reached) {
        self.insert(identity(&path), Entry { path, origin: Origin::File, reached });
    }

    fn add_failure(&mut self, path: PathBuf, reason: Reason, reached: Reached) {
        self.insert(identity(&path), Entry { path, origin: Origin::Nowhere(reason), reached });
    }

    /// Keeps the better of two ways to the same thing, whichever came first.
    fn insert(&mut self, identity: PathBuf, entry: Entry) {
        match self.entries.entry(identity) {
            btree_map::Entry::Vacant(vacant) => {
                vacant.insert(entry);
            }
            btree_map::Entry::Occupied(mut kept) if entry.rank() < kept.get().rank() => {
                kept.insert(entry);
            }
            btree_map::Entry::Occupied(_) => {}
        }
    }
}

impl Entry {
    pub(crate) fn is_named(&self) -> bool {
        self.reached == Reached::Named
    }

    /// Orders the ways to one file: as it was typed first, then the shortest.
    fn rank(&self) -> (Reached, usize, &Path) {
        (self.reached, self.path.as_os_str().len(), &self.path)
    }
}

/// The path without links. Where there is none, as for a missing file or a pipe of the shell
/// (`/dev/fd/63`), the absolute path has to do.
fn identity(path: &Path) -> PathBuf {
    fs::canonicalize(path).or_else(|_| path::absolute(path)).unwrap_or_else(|_| path.to_path_buf())
}
