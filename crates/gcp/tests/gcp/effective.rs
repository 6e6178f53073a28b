//! Recorded effective firewalls agree with what is computed from the resources recorded beside them.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a test reads files and says what it found"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::estate::{API, scan};

/// In each folder of recordings: what is told with the answers, and what is computed from their rules as a list of rules. No
/// recording has a list of rules beside it, so it is made of the rules of the answers, which are whole; networks are those
/// recorded beside them.
#[test]
fn recorded_answers_agree_with_what_is_computed() {
    let Some(corpus) = std::env::var_os("WIDEOPEN_CORPUS") else {
        eprintln!("not run: WIDEOPEN_CORPUS does not name the corpus");
        return;
    };
    let mut folders = BTreeMap::new();
    walk(&Path::new(&corpus).join("gcp"), &mut folders);
    assert!(!folders.is_empty(), "no recorded effective firewalls in the corpus");
    for (folder, answers) in folders {
        let (mut networks, mut rules, mut recordings) = (Vec::new(), Vec::new(), Vec::new());
        for path in answers {
            let text = std::fs::read_to_string(&path).unwrap();
            let recording: Value = serde_json::from_str(&text).unwrap();
            let asked = recording["headers"]["content-location"].as_str().unwrap();
            let network =
                asked.split("/compute/v1/").nth(1).unwrap().split("/getEffectiveFirewalls").next().unwrap();
            let body = &recording["body"];
            assert!(body["firewallPolicys"].is_null(), "{}: has policies: compare them, too", path.display());
            networks.push(json!({"kind": "compute#network", "name": network.rsplit('/').next(), "selfLink": format!("{API}{network}")}));
            rules.extend(body["firewalls"].as_array().cloned().unwrap_or_default());
            recordings.push(text);
        }
        let beside = folder.join("get-compute-v1-projects-cloud-custodian-global-networks_1.json");
        let networks = match std::fs::read_to_string(beside) {
            Ok(recorded) => recorded,
            Err(_) => Value::Array(networks).to_string(),
        };
        let list = json!({"kind": "compute#firewallList", "id": "projects/cloud-custodian/global/firewalls", "items": rules});
        let viewed = scan(&[vec![networks.clone()], recordings].concat());
        let computed = scan(&[networks, list.to_string()]);
        assert!(!viewed.exposures().is_empty(), "{}", folder.display());
        assert_eq!(viewed.exposures(), computed.exposures(), "{}", folder.display());
        assert_eq!(viewed.codes(), computed.codes(), "{}", folder.display());
        println!("{}: {} exposures agree", folder.display(), viewed.exposures().len());
    }
}

/// The recorded answers, by folder.
fn walk(folder: &Path, found: &mut BTreeMap<PathBuf, Vec<PathBuf>>) {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            walk(&path, found);
        } else if path.file_name().unwrap().to_string_lossy().contains("getEffectiveFirewalls") {
            found.entry(folder.to_owned()).or_default().push(path);
        }
    }
}
