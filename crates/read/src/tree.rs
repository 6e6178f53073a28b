//! What lies below a folder: its folders, and the files whose names say that they may hold a document.
//!
//! Knows names and links, never what is in a file.

use std::collections::{BTreeSet, VecDeque};
use std::ffi::OsStr;
use std::fs::{self, DirEntry, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use crate::reason::Reason;

/// The endings of names that are read in a folder, in any letter case.
///
/// Exports and audit logs are `.json`, `.jsonl` or `.ndjson`, and every cloud delivers its logs as `.gz`. Templates are
/// `.json`, `.jsonc`, `.yaml`, `.yml` or `.template`; configurations are `.tf`, with values in `.tfvars` and what they made
/// in `.tfstate`. A file that is named is read whatever it is called.
pub const CANDIDATE_EXTENSIONS: [&str; 12] =
    ["json", "jsonl", "ndjson", "gz", "jsonc", "yaml", "yml", "template", "tf", "tofu", "tfvars", "tfstate"];

/// Everything below one folder.
pub(crate) struct Tree {
    /// The folder itself and every folder below it.
    pub(crate) folders: Vec<PathBuf>,
    /// The candidates, not yet sorted.
    pub(crate) files: Vec<TreeFile>,
    /// Folders and candidates that cannot be looked at.
    pub(crate) failures: Vec<(PathBuf, Reason)>,
    /// How many other files there are.
    pub(crate) passed_over: u64,
}

/// A candidate.
pub(crate) struct TreeFile {
    pub(crate) path: PathBuf,
    /// The path without links, the same for every way to this file.
    pub(crate) identity: PathBuf,
    /// Whether a link below the root of the tree was followed on the way.
    pub(crate) linked: bool,
}

impl Tree {
    /// Lists the tree below `root`; the empty path is the working folder. Candidates have one of these endings.
    pub(crate) fn below(root: &Path, extensions: &'static [&'static str]) -> Self {
        let tree = Self { folders: Vec::new(), files: Vec::new(), failures: Vec::new(), passed_over: 0 };
        let mut walk = Walk { tree, extensions, entered: BTreeSet::new(), pending: VecDeque::new() };
        walk.pending.push_back(Folder { path: root.to_path_buf(), linked: false });
        while let Some(folder) = walk.pending.pop_front() {
            if let Err(error) = walk.enter(&folder) {
                walk.tree.failures.push((folder.path, Reason::of(error)));
            }
        }
        walk.tree
    }
}

/// A folder to be entered.
struct Folder {
    path: PathBuf,
    linked: bool,
}

/// A walk on its way.
struct Walk {
    tree: Tree,
    extensions: &'static [&'static str],
    /// The folders that were entered, without links. Entering each once is what ends a loop of links, and
    /// keeps folders that all link to each other from multiplying.
    entered: BTreeSet<PathBuf>,
    /// What is left. Links wait behind real folders, so that a file is found under its own name first.
    pending: VecDeque<Folder>,
}

impl Walk {
    fn enter(&mut self, folder: &Folder) -> io::Result<()> {
        let real = fs::canonicalize(here(&folder.path))?;
        if !self.entered.insert(real.clone()) {
            return Ok(());
        }
        for entry in entries(&folder.path)? {
            let name = entry.file_name();
            if !is_left_out(&name) {
                self.sort_in(folder, &real, &entry)?;
            } else if name == HIDDEN.0 && entry.file_type()?.is_dir() {
                self.add_hidden(folder, &entry.path().join(HIDDEN.1));
            }
        }
        self.tree.folders.push(folder.path.clone());
        Ok(())
    }

    /// Decides what one entry of a folder is.
    fn sort_in(&mut self, folder: &Folder, real: &Path, entry: &DirEntry) -> io::Result<()> {
        let name = entry.file_name();
        let path = folder.path.join(&name);
        let kind = entry.file_type()?;
        if kind.is_dir() {
            self.add_folder(Folder { path, linked: folder.linked });
        } else if kind.is_symlink() {
            self.follow(path);
        } else if kind.is_file() && self.is_candidate(&path) {
            self.tree.files.push(TreeFile { path, identity: real.join(name), linked: folder.linked });
        } else {
            self.tree.passed_over += 1;
        }
        Ok(())
    }

    fn follow(&mut self, path: PathBuf) {
        match fs::canonicalize(&path).and_then(|real| Ok((fs::metadata(&real)?, real))) {
            Ok((found, _)) if found.is_dir() => self.add_folder(Folder { path, linked: true }),
            Ok((found, identity)) if found.is_file() && self.is_candidate(&path) => {
                self.tree.files.push(TreeFile { path, identity, linked: true });
            }
            Err(error) if self.is_candidate(&path) => self.tree.failures.push((path, Reason::of(error))),
            Ok(_) | Err(_) => self.tree.passed_over += 1,
        }
    }

    /// A folder in a hidden one, where it is there.
    fn add_hidden(&mut self, folder: &Folder, path: &Path) {
        if fs::symlink_metadata(path).is_ok_and(|found| found.is_dir()) {
            self.add_folder(Folder { path: path.to_path_buf(), linked: folder.linked });
        }
    }

    fn is_candidate(&self, path: &Path) -> bool {
        path.extension().is_some_and(|extension| {
            self.extensions.iter().any(|candidate| extension.eq_ignore_ascii_case(candidate))
        })
    }

    fn add_folder(&mut self, folder: Folder) {
        if folder.linked {
            self.pending.push_back(folder);
        } else {
            self.pending.push_front(folder);
        }
    }
}

/// The entries of a folder by name, so that nothing depends on the order the file system keeps them in.
pub(crate) fn entries(folder: &Path) -> io::Result<Vec<DirEntry>> {
    let mut entries = fs::read_dir(here(folder))?.collect::<io::Result<Vec<DirEntry>>>()?;
    entries.sort_by_key(DirEntry::file_name);
    Ok(entries)
}

/// What is at a path, after following links; the empty path is the working folder.
pub(crate) fn look(path: &Path) -> io::Result<Metadata> {
    fs::metadata(here(path))
}

/// The empty path is what is left of a relative one when nothing has been entered yet.
fn here(path: &Path) -> &Path {
    if path.as_os_str().is_empty() { Path::new(".") } else { path }
}

fn is_left_out(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".") || LEFT_OUT.iter().any(|left_out| name == *left_out)
}

/// Folders of tools, full of other people's JSON.
const LEFT_OUT: [&str; 2] = ["node_modules", "target"];
/// The hidden folder, and the one in it that is entered: there Terraform puts the modules that a configuration calls.
const HIDDEN: (&str, &str) = (".terraform", "modules");
