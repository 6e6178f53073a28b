//! Every worked case and every statement of the semantics that concerns these resources has a spec.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use testkit::cases::{aws, azure, gcp, named, statements};

fn specs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs")
}

#[test]
fn every_case_has_a_spec_that_names_it() {
    let named = named(&specs());
    let missing: Vec<String> = azure().chain(aws()).chain(gcp()).filter(|id| !named.contains(id)).collect();
    assert!(missing.is_empty(), "cases without a spec: {missing:?}");
}

#[test]
fn every_statement_has_a_spec_that_names_it() {
    let named = named(&specs());
    let missing: Vec<String> = statements().filter(|id| !named.contains(id)).collect();
    assert!(missing.is_empty(), "statements without a spec: {missing:?}");
}

/// The table of ids in `cases` is complete. Needs the worked cases beside the corpus.
#[test]
fn the_table_of_cases_is_complete() {
    let Some(corpus) = std::env::var_os("WIDEOPEN_CORPUS") else {
        println!("not run: WIDEOPEN_CORPUS does not name the corpus");
        return;
    };
    let table = Path::new(&corpus).join("../semantics-cases.csv");
    let text = std::fs::read_to_string(&table).unwrap_or_else(|error| panic!("{}: {error}", table.display()));
    let rows = text.lines().skip(1).filter_map(|row| row.split_once(','));
    let rows: Vec<(&str, &str)> = rows.collect();
    let ours: [(_, BTreeSet<String>); 3] =
        [("azure,", azure().collect()), ("aws,", aws().collect()), ("gcp,", gcp().collect())];
    for (cloud, ours) in ours {
        let theirs = rows.iter().filter(|(_, rest)| rest.starts_with(cloud)).map(|(id, _)| *id);
        assert_eq!(ours.iter().map(String::as_str).collect::<BTreeSet<_>>(), theirs.collect(), "{cloud}");
    }
}
