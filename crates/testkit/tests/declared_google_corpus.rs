//! Real files of Google Cloud: one configuration as HCL, as a plan and as the assets that come of it.

use std::path::Path;

use testkit::estates::{Declared, declared};

/// Triples of which all three say the same, as far as firewalls go.
const TRIPLES: [&str; 4] = [
    "example_compute_network",
    "example_container_cluster",
    "full_compute_firewall",
    "full_sql_database_instance",
];

#[test]
fn configurations_plans_and_assets_say_the_same() {
    let Some(corpus) = std::env::var_os("WIDEOPEN_CORPUS") else {
        println!("WIDEOPEN_CORPUS is not set: the real triples are not compared");
        return;
    };
    let folder = Path::new(&corpus)
        .join("gcp/cai-tfvalidator/GoogleCloudPlatform__terraform-validator/testdata/templates");
    let (mut differing, mut open) = (Vec::new(), 0);
    for name in TRIPLES {
        let [configuration, plan, assets] = ["tf", "tfplan.json", "json"].map(|extension| {
            let text = std::fs::read_to_string(folder.join(format!("{name}.{extension}")))
                .expect("the corpus is whole");
            one(&format!("main.{extension}"), &filled(&text))
        });
        open += assets.exposures.len();
        if configuration.exposures != assets.exposures {
            differing.push(format!("{name} as configuration: {}", assets.unlike(&configuration)));
        }
        if plan.exposures != assets.exposures {
            differing.push(format!("{name} as plan: {}", assets.unlike(&plan)));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    println!("{} triples say the same: {open} exposures", TRIPLES.len());
    assert!(open > 0, "nothing is open");
}

fn one(path: &str, text: &str) -> Declared {
    declared([(path, text)])
}

/// The files are templates themselves: of a project, an organisation, a version.
fn filled(text: &str) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("{{") {
        filled.push_str(before);
        let (word, after) = behind.split_once("}}").unwrap_or((behind, ""));
        filled.push_str(match word.trim() {
            ".Provider.project" => "tailspin",
            ".Ancestry" => "organization/1",
            ".Provider.version" => "4",
            _ => "",
        });
        // A part for one case of several says nothing here.
        rest = if word.trim().starts_with("if") {
            after.split_once("{{end}}").map_or("", |(_, end)| end)
        } else {
            after
        };
    }
    filled.push_str(rest);
    filled
}
