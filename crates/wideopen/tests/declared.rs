//! What is about to be, as a person gives it: folders of Terraform, templates, stacks; exit code, places, gaps.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken fixture is a failed test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wideopen"))
        .args(arguments)
        .args(["--no-config", "--color", "never"])
        .env_clear()
        .current_dir(folder)
        .output()
        .unwrap()
}

fn result(folder: &Path, inputs: &[&str]) -> (i32, Value) {
    let output = run(folder, &[&["scan"], inputs, &["-f", "json"]].concat());
    (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap())
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

const GROUP: &str = r#"variable "source" {
  type = string
}

resource "azurerm_network_security_group" "web" {
  name                = "nsg-web"
  resource_group_name = "rg"
  location            = "westeurope"

  security_rule {
    name                       = "allow-ssh"
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    destination_port_range     = "22"
    source_address_prefix      = var.source
    destination_address_prefix = "*"
  }
}
"#;

fn codes(result: &Value) -> Vec<&str> {
    result["gaps"].as_array().unwrap().iter().map(|gap| gap["code"].as_str().unwrap()).collect()
}

#[test]
fn the_example_is_told_as_the_readme_shows() {
    let words = ["scan", "examples/contoso-terraform", "-f", "short", "--severity", "critical"];
    let output = run(&root(), &words);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stdout).unwrap();
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.contains(told.trim_end()), "README.md does not show this any more:\n{told}");
}

#[test]
fn a_variable_without_a_value_is_incomplete_and_never_closed() {
    let folder = folder(&[("main.tf", GROUP)]);
    let (code, told) = result(folder.path(), &["."]);
    assert_eq!((code, codes(&told)), (3, vec!["unresolved-expression"]), "{told}");
    let exposures = told["exposures"].as_array().unwrap();
    assert!(exposures.iter().all(|exposure| exposure["certainty"] == "possible"), "{told}");
    assert!(!exposures.is_empty(), "{told}");
}

#[test]
fn a_value_makes_it_certain_and_the_place_is_the_rules() {
    let folder = folder(&[("main.tf", GROUP), ("terraform.tfvars", "source = \"0.0.0.0/0\"\n")]);
    let (code, told) = result(folder.path(), &["."]);
    assert_eq!((code, codes(&told)), (1, vec![]), "{told}");
    let output = run(folder.path(), &["scan", ".", "-f", "short"]);
    let line = String::from_utf8(output.stdout).unwrap();
    assert!(line.lines().next().unwrap().ends_with("main.tf:10"), "{line}");
}

#[test]
fn a_module_outside_of_the_input_is_read() {
    let root = "module \"net\" {\n  source = \"../modules/net\"\n  source_range = \"0.0.0.0/0\"\n}\n";
    let module = GROUP
        .replace("variable \"source\"", "variable \"source_range\"")
        .replace("var.source", "var.source_range");
    let folder = folder(&[("prod/main.tf", root), ("modules/net/main.tf", &module)]);
    let (code, told) = result(folder.path(), &["prod"]);
    assert_eq!((code, codes(&told)), (1, vec![]), "{told}");
    let missing = self::folder(&[("prod/main.tf", root)]);
    let (code, told) = result(missing.path(), &["prod"]);
    assert_eq!((code, codes(&told)), (3, vec!["missing-module"]), "{told}");
}

#[test]
fn a_mistake_has_its_line_and_the_other_files_are_read() {
    let broken = "resource \"aws_vpc\" \"a\" {\n  cidr_block = = 1\n}\n";
    let folder = folder(&[
        ("a/main.tf", GROUP),
        ("a/terraform.tfvars", "source = \"0.0.0.0/0\"\n"),
        ("b/broken.tf", broken),
    ]);
    let (code, told) = result(folder.path(), &["."]);
    assert_eq!(code, 1, "{told}");
    let gap = told["gaps"].as_array().unwrap().iter().find(|gap| gap["code"] == "malformed-hcl").unwrap();
    assert!(gap["message"].as_str().unwrap().contains("line 2"), "{gap}");
}

#[test]
fn yaml_that_is_nobodys_makes_no_folder_incomplete() {
    let folder = folder(&[
        ("main.tf", GROUP),
        ("terraform.tfvars", "source = \"10.0.0.0/8\"\n"),
        ("deploy.yaml", "apiVersion: v1\nkind: Service\nspec: {ports: []}\n"),
        ("outputs.tf", ""),
    ]);
    let (code, told) = result(folder.path(), &["."]);
    assert_eq!((code, codes(&told)), (0, vec![]), "{told}");
}
