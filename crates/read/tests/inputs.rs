//! Which files the inputs lead to, in which order and under which names.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod folder;

use folder::{Folder, read_from, summary};
use read::{Event, Reason};

#[test]
fn a_folder_gives_its_candidates_sorted_and_counts_the_others() {
    let folder = Folder::with(&[
        ("b.json", "2"),
        ("a/z.ndjson", "1"),
        ("B.JSON", "3"),
        ("c.jsonl", "4"),
        ("a/readme.txt", "no"),
        ("main.bicep", "no"),
        ("json", "no"),
    ]);
    let (events, tally) = folder.read(&["."]);
    assert_eq!(summary(&events), ["./B.JSON 3", "./a/z.ndjson 1", "./b.json 2", "./c.jsonl 4"]);
    assert_eq!((tally.documents, tally.unread, tally.passed_over), (4, 0, 3));
}

#[test]
fn templates_and_configurations_are_candidates() {
    let names =
        ["a.jsonc", "b.yaml", "c.yml", "d.template", "e.tf", "f.tofu", "g.tfvars", "h.tfstate", "i.tf.json"];
    let files: Vec<(&str, &str)> = names.iter().map(|name| (*name, "x")).collect();
    let folder = Folder::with(&files);
    let expected: Vec<String> = names.iter().map(|name| format!("./{name} x")).collect();
    assert_eq!(folder.summary(&["."]), expected);
}

#[test]
fn modules_that_were_installed_are_read_and_nothing_else_that_is_hidden() {
    let folder = Folder::with(&[
        ("a/main.tf", "1"),
        ("a/.terraform/modules/modules.json", "2"),
        ("a/.terraform/modules/vpc/main.tf", "3"),
        ("a/.terraform/modules/vpc/.git/x.json", "no"),
        ("a/.terraform/providers/x.json", "no"),
        ("a/.terraform/terraform.tfstate", "no"),
        ("b/.terraform", "no"),
    ]);
    let expected =
        ["./a/.terraform/modules/modules.json 2", "./a/.terraform/modules/vpc/main.tf 3", "./a/main.tf 1"];
    assert_eq!(folder.summary(&["."]), expected);
}

#[test]
fn paths_are_sorted_by_component_whatever_the_order_of_the_inputs() {
    let folder = Folder::with(&[("a/x.json", "1"), ("a-b.json", "2"), ("c.json", "3")]);
    let expected = ["a/x.json 1", "a-b.json 2", "c.json 3"];
    assert_eq!(folder.summary(&["a", "a-b.json", "c.json"]), expected);
    assert_eq!(folder.summary(&["c.json", "a-b.json", "a"]), expected);
}

#[test]
fn a_named_file_is_read_whatever_its_name() {
    let folder = Folder::with(&[("notes", "1"), (".hidden.txt", "2"), ("target/.git/x", "3")]);
    assert_eq!(
        folder.summary(&["notes", ".hidden.txt", "target/.git/x"]),
        [".hidden.txt 2", "notes 1", "target/.git/x 3"]
    );
}

#[test]
fn hidden_files_and_the_folders_of_tools_are_left_out() {
    let folder = Folder::with(&[
        (".x.json", "no"),
        (".git/x.json", "no"),
        ("node_modules/x.json", "no"),
        ("a/target/x.json", "no"),
        ("targets/x.json", "yes"),
    ]);
    assert_eq!(folder.summary(&["."]), ["./targets/x.json yes"]);
    assert_eq!(folder.summary(&["**/*.json"]), ["targets/x.json yes"]);
    assert_eq!(folder.summary(&["a/target"]), ["a/target/x.json no"]);
    assert_eq!(folder.summary(&[".git/*"]), [".git/x.json no"]);
    assert_eq!(folder.summary(&[".x*"]), [".x.json no"]);
    assert!(folder.summary(&["?x.json"])[0].ends_with("no file matches, check the pattern"));
}

#[test]
fn named_is_told_from_found() {
    let folder = Folder::with(&[("a/x.json", "1"), ("b.json", "2"), ("c.json", "3")]);
    let named: Vec<bool> =
        folder.documents(&["a", "b.json", "c.*"]).iter().map(|document| document.named).collect();
    assert_eq!(named, [false, true, false]);
}

#[test]
fn a_file_reached_twice_is_delivered_once_under_the_name_that_was_typed() {
    let folder = Folder::with(&[("a/x.json", "1")]);
    for inputs in [
        &["a/x.json", "a", "a/*", "**/x.json", "./a/x.json", "a/../a/x.json"][..],
        &["a/../a/x.json", "**/x.json", "./a/x.json", "a", "a/x.json", "a/x.json"],
    ] {
        let documents = folder.documents(inputs);
        assert_eq!(documents.len(), 1);
        assert_eq!((documents[0].path.as_str(), documents[0].named), ("a/x.json", true));
    }
}

#[test]
fn two_files_with_the_same_bytes_are_two_documents() {
    let folder = Folder::with(&[("a.json", "1"), ("b.json", "1")]);
    assert_eq!(folder.summary(&["."]), ["./a.json 1", "./b.json 1"]);
}

#[test]
fn globs_match_names_sets_and_any_depth() {
    let folder = Folder::with(&[
        ("a1.json", "1"),
        ("a2.txt", "2"),
        ("b1.json", "3"),
        ("d/a1.json", "4"),
        ("d/e/a1.json", "5"),
    ]);
    assert_eq!(folder.summary(&["a?.*"]), ["a1.json 1", "a2.txt 2"]);
    assert_eq!(folder.summary(&["[!a]1.json"]), ["b1.json 3"]);
    assert_eq!(folder.summary(&["*/a1.json"]), ["d/a1.json 4"]);
    assert_eq!(folder.summary(&["**/a1.json"]), ["a1.json 1", "d/a1.json 4", "d/e/a1.json 5"]);
    assert_eq!(folder.summary(&["d/**/a1.json"]), ["d/a1.json 4", "d/e/a1.json 5"]);
    assert_eq!(folder.summary(&["d/../d/*/a1.json"]), ["d/../d/e/a1.json 5"]);
}

#[test]
fn a_glob_that_matches_a_folder_reads_the_folder() {
    let folder = Folder::with(&[("d/a.json", "1"), ("d/e/b.json", "2"), ("d/e/c.txt", "no")]);
    let expected = ["d/a.json 1", "d/e/b.json 2"];
    for input in ["d", "?", "d/**", "d*", "**"] {
        assert_eq!(folder.summary(&[input]), expected, "{input}");
    }
    assert_eq!(folder.summary(&["d/e/*"]), ["d/e/b.json 2", "d/e/c.txt no"]);
}

#[test]
fn an_absolute_glob_gives_absolute_paths() {
    let folder = Folder::with(&[("x.json", "1")]);
    let root = folder.path().to_str().unwrap();
    let (events, _) = read_from(&[format!("{root}/*.json")], b"");
    assert_eq!(summary(&events), [format!("{root}/x.json 1")]);
}

#[test]
fn a_relative_glob_gives_relative_paths() {
    // Cargo runs tests in the folder of the package.
    let path = |input: &str| match read_from(&[input], b"").0.pop() {
        Some(Event::Document(document)) => document.path,
        other => panic!("{other:?}"),
    };
    assert_eq!(path("Cargo.t*"), "Cargo.toml");
    assert_eq!(path("./Cargo.t*"), "./Cargo.toml");
    assert_eq!(path("s?c/[l]ib.rs"), "src/lib.rs");
    assert_eq!(path("**/lib.rs"), "src/lib.rs");
    assert_eq!(path("../*/src/patter?.rs"), "../read/src/pattern.rs");
}

#[test]
fn a_name_that_exists_is_no_glob() {
    let folder = Folder::with(&[("a[1].json", "1"), ("a1.json", "2")]);
    assert_eq!(folder.summary(&["a[1].json"]), ["a[1].json 1"]);
    assert_eq!(folder.summary(&["a[12].json"]), ["a1.json 2"]);
}

#[test]
fn a_wrong_glob_is_a_missing_file() {
    let folder = Folder::with(&[]);
    let unread = folder.unread(&["a[.json"]);
    assert!(matches!(unread.reason, Reason::Missing) && unread.named);
}

#[test]
fn a_dash_is_standard_input_and_read_once() {
    let (events, tally) = read_from(&["-", "-"], b"[1]");
    assert_eq!(summary(&events), ["<stdin> [1]"]);
    assert_eq!(tally.documents, 1);
}

#[test]
fn standard_input_is_left_alone_unless_it_is_named() {
    let folder = Folder::with(&[("x.json", "1"), ("-", "2")]);
    let mut stdin = "[1]".as_bytes();
    let inputs = [folder.path().join("x.json"), folder.path().join("-")];
    read::read(&inputs, &mut stdin, &read::Limits::STANDARD, &mut |_| {});
    assert_eq!(stdin, b"[1]");
}

#[test]
fn no_input_gives_no_event() {
    let (events, tally) = read_from::<&str>(&[], b"");
    assert!(events.is_empty());
    assert_eq!((tally.documents, tally.unread, tally.passed_over), (0, 0, 0));
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::fs;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn loops_of_links_end() {
        let folder = Folder::with(&[("a/x.json", "1"), ("b/y.json", "2")]);
        symlink("..", folder.path().join("a/up")).unwrap();
        symlink("../b", folder.path().join("a/to-b")).unwrap();
        symlink("../a", folder.path().join("b/to-a")).unwrap();
        let expected = ["./a/x.json 1", "./b/y.json 2"];
        assert_eq!(folder.summary(&["."]), expected);
        assert_eq!(folder.summary(&["**/*.json"]), ["a/x.json 1", "b/y.json 2"]);
    }

    #[test]
    fn a_link_to_a_folder_outside_is_followed() {
        let folder = Folder::with(&[("outside/x.json", "1"), ("inside/y.json", "2")]);
        symlink("../outside", folder.path().join("inside/a")).unwrap();
        assert_eq!(folder.summary(&["inside"]), ["inside/a/x.json 1", "inside/y.json 2"]);
    }

    #[test]
    fn a_file_is_shown_under_its_own_name_before_that_of_a_link() {
        let folder = Folder::with(&[("x-real.json", "1"), ("z/y.json", "2")]);
        symlink("x-real.json", folder.path().join("a.json")).unwrap();
        symlink("z", folder.path().join("b")).unwrap();
        assert_eq!(folder.summary(&["."]), ["./x-real.json 1", "./z/y.json 2"]);
        assert_eq!(folder.summary(&["*", "**/*.json"]), ["x-real.json 1", "z/y.json 2"]);
        assert_eq!(folder.summary(&[".", "a.json"]), ["a.json 1", "./z/y.json 2"]);
    }

    #[test]
    fn a_link_that_leads_nowhere_is_told_if_it_is_a_candidate() {
        let folder = Folder::with(&[]);
        symlink("gone", folder.path().join("a.json")).unwrap();
        symlink("b.json", folder.path().join("b.json")).unwrap();
        symlink("gone", folder.path().join("readme")).unwrap();
        let (events, tally) = folder.read(&["."]);
        assert!(summary(&events)[0].starts_with("./a.json: no such file"));
        assert!(summary(&events)[1].starts_with("./b.json: cannot be read"));
        assert_eq!((tally.unread, tally.passed_over), (2, 1));
    }

    #[test]
    fn odd_names_are_kept_as_they_are() {
        let names = ["a\nb.json", "a\u{202e}nosj.json", "a\tb\u{1b}[31m.json", " .json", "*.json"];
        let folder = Folder::with(&names.map(|name| (name, "1")));
        let mut expected = names.map(str::to_owned);
        expected.sort();
        let paths: Vec<String> = folder.documents(&["*.json"]).into_iter().map(|d| d.path).collect();
        assert_eq!(paths, ["*.json"], "an existing name is no glob");
        let paths: Vec<String> = folder.documents(&["**/*.json"]).into_iter().map(|d| d.path).collect();
        assert_eq!(paths, expected);
        assert_eq!(folder.documents(&["a\nb.json"])[0].path, "a\nb.json");
    }

    #[test]
    fn names_that_are_not_utf8_are_read_and_shown_with_a_replacement() {
        let folder = Folder::with(&[]);
        let name = OsStr::from_bytes(b"\xe9.json");
        fs::write(folder.path().join(name), "1").unwrap();
        assert_eq!(folder.summary(&["."]), ["./\u{fffd}.json 1"]);
        assert_eq!(folder.summary(&["?.json"]), ["\u{fffd}.json 1"]);
        let (events, _) = read_from(&[folder.path().join(name)], b"");
        assert!(summary(&events)[0].ends_with("/\u{fffd}.json 1"));
    }

    #[test]
    fn a_pipe_is_read_when_named_and_passed_over_when_found() {
        let folder = Folder::with(&[]);
        let pipe = folder.path().join("pipe.json");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let (events, tally) = folder.read(&["."]);
        assert!(summary(&events)[0].starts_with(".: no file to read"));
        assert_eq!((events.len(), tally.passed_over), (1, 1));
        assert!(summary(&folder.read(&["*.json"]).0)[0].starts_with("*.json: no file matches"));

        let writer = std::thread::spawn(move || fs::write(pipe, "[1]").unwrap());
        assert_eq!(folder.summary(&["pipe.json"]), ["pipe.json [1]"]);
        writer.join().unwrap();
    }
}
