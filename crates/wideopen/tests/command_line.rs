//! The command line as a person and a script use it: exit code, standard output, standard error, for every verb and
//! format × clean, findings, incomplete, wrong usage.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken fixture is a failed test"
)]

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const FORMATS: [&str; 8] = ["table", "short", "json", "jsonl", "sarif", "csv", "md", "junit"];

/// A group that names nothing it is attached to, in the form of a projected list.
fn group(rules: &str) -> String {
    format!(r#"[{{"name": "nsg-web", "resourceGroup": "rg", "securityRules": [{rules}]}}]"#)
}

fn rule(source: &str, port: &str) -> String {
    format!(
        r#"{{"name": "r-{port}", "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
            "sourceAddressPrefix": "{source}", "sourcePortRange": "*",
            "destinationAddressPrefix": "*", "destinationPortRange": "{port}"}}"#
    )
}

/// A folder with one file of each fate.
struct Inputs {
    folder: TempDir,
}

impl Inputs {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let inputs = Self { folder };
        inputs.put("clean.json", group(&rule("10.0.0.0/8", "22")));
        inputs.put("findings.json", group(&rule("0.0.0.0/0", "22")));
        let open = group(&rule("0.0.0.0/0", "22"));
        inputs.put("incomplete.json", &group(&rule("NoSuchTag", "8080"))[..]);
        inputs.put("truncated.json", &open[..open.len() - 20]);
        inputs
    }

    fn put(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Runs in the folder, without what the machine's environment may say.
    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wideopen"));
        for (name, _) in
            std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("WIDEOPEN_"))
        {
            command.env_remove(name);
        }
        command.args(arguments).current_dir(self.folder.path()).env_remove("NO_COLOR");
        command.env("XDG_CONFIG_HOME", self.folder.path().join("no-such-folder"));
        command
    }
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", out(output)))
}

/// No stack trace, no panic, whatever happens.
fn is_civil(output: &Output) -> bool {
    let said = err(output);
    !said.contains("panicked") && !said.contains("RUST_BACKTRACE") && !said.contains("internal error")
}

/// The table of exit codes: clean, findings, incomplete, wrong usage, and what wins where several hold; the same for
/// every format.
#[test]
fn scan_ends_alike_in_every_format() {
    let inputs = Inputs::new();
    let table: &[(&[&str], i32)] = &[
        (&["clean.json"], 0),
        (&["findings.json"], 1),
        (&["nowhere.json"], 2),
        (&["clean.json", "--port", "ssh"], 2),
        (&["truncated.json"], 3),
        (&["incomplete.json"], 3),
        (&["findings.json", "truncated.json"], 1),
        (&["findings.json", "nowhere.json"], 2),
        (&["truncated.json", "--fail-on", "none"], 0),
        (&["findings.json", "--fail-on", "none"], 0),
    ];
    for format in FORMATS {
        for (arguments, expected) in table {
            let output = inputs.run(&[&["scan", "-f", format], *arguments].concat());
            assert_eq!(code(&output), *expected, "{format} {arguments:?}: {}", err(&output));
            assert!(is_civil(&output), "{}", err(&output));
        }
        let output = inputs.run(&["scan", "findings.json", "-f", format, "--no-such-flag"]);
        assert_eq!((code(&output), out(&output).as_str()), (2, ""), "{format}");
        assert!(err(&output).contains("--no-such-flag"));
    }
}

/// The same table for the verbs that answer one question.
#[test]
fn verbs_that_answer_one_question_end_alike_in_every_format() {
    let inputs = Inputs::new();
    let id = |file: &str| {
        let short = out(&inputs.run(&["scan", file, "-q", "-f", "short"]));
        short.split('\t').nth(1).unwrap_or("WO-00000000").to_owned()
    };
    let open = id("findings.json");
    // Groups alone say what is admitted, and so nothing gets in for certain.
    let question = ["--from", "8.8.8.8", "--to", "nsg-web", "--port"];
    for format in ["table", "json"] {
        let ends = |verb: &str, rest: &[&str]| {
            let output = inputs.run(&[&[verb, "-f", format], rest].concat());
            assert!(is_civil(&output), "{}", err(&output));
            code(&output)
        };
        let test = |port: &str, files: &[&str]| ends("test", &[&question[..], &[port], files].concat());
        assert_eq!(test("23", &["findings.json"]), 1, "{format}");
        assert_eq!(test("22", &["findings.json"]), 3, "{format}");
        assert_eq!(test("23", &["findings.json", "truncated.json"]), 3, "{format}");
        assert_eq!(test("23", &["findings.json", "nowhere.json"]), 2, "{format}");
        assert_eq!(test("nothing", &["findings.json"]), 2, "{format}");
        assert_eq!(ends("explain", &[&open, "findings.json"]), 0, "{format}");
        assert_eq!(ends("explain", &[&open, "findings.json", "truncated.json"]), 0, "{format}");
        assert_eq!(ends("explain", &[&open, "findings.json", "nowhere.json"]), 2, "{format}");
        assert_eq!(ends("explain", &[&open, "clean.json"]), 2, "{format}");
        assert_eq!(ends("explain", &["no-filter"]), 0, "{format}");
    }
}

/// Never green on what was not read, whatever reads the file.
#[test]
fn every_format_of_a_file_says_what_was_not_understood() {
    let inputs = Inputs::new();
    for format in FORMATS {
        let output = inputs.run(&["scan", "truncated.json", "-q", "-o", &format!("{format}=result")]);
        assert_eq!(code(&output), 3, "{format}");
        let told = fs::read_to_string(inputs.path("result")).unwrap();
        let sign = match format {
            "table" => "INCOMPLETE",
            "json" | "jsonl" => "\"incomplete\"",
            "sarif" => "\"executionSuccessful\": false",
            "csv" => "gap,",
            "md" => "**incomplete**",
            "junit" => "<error ",
            // One line for each finding, and nothing else: what goes beside it is on standard error.
            _ => continue,
        };
        assert!(told.contains(sign), "{format}: {told}");
    }
}

#[test]
fn findings_of_every_format_name_the_id_and_the_next_command_explains_it() {
    let inputs = Inputs::new();
    let short = out(&inputs.run(&["scan", "findings.json", "-q", "-f", "short"]));
    let id = short.split('\t').nth(1).unwrap();
    for format in FORMATS {
        let told = out(&inputs.run(&["scan", "findings.json", "-q", "-f", format]));
        assert!(told.contains(id), "{format}: {told}");
    }
    let table = out(&inputs.run(&["scan", "findings.json", "-q", "-f", "table"]));
    assert!(table.contains(&format!("next: wideopen explain {id} findings.json\n")), "{table}");
    assert_eq!(code(&inputs.run(&["explain", id, "findings.json"])), 0);
}

/// Code scanning takes no result without a file and a line, and what was not read has neither.
#[test]
fn every_result_of_sarif_has_a_line() {
    let inputs = Inputs::new();
    for file in ["findings.json", "truncated.json", "nowhere.json", "."] {
        let sarif = json(&inputs.run(&["scan", file, "-q", "-f", "sarif"]));
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        assert!(!results.is_empty(), "{file}");
        for result in results {
            let place = &result["locations"][0]["physicalLocation"];
            assert!(place["region"]["startLine"].is_u64(), "{file}: {result}");
            assert!(place["artifactLocation"]["uri"].is_string(), "{file}: {result}");
        }
    }
}

#[test]
fn sarif_has_the_exit_code_and_junit_the_threshold() {
    let inputs = Inputs::new();
    let sarif = json(&inputs.run(&["scan", "findings.json", "-q", "-f", "sarif"]));
    assert_eq!(sarif["runs"][0]["invocations"][0]["exitCode"], 1);
    assert_eq!(sarif["runs"][0]["results"][0]["level"], "error");
    let junit = |fail_on: &str| {
        out(&inputs.run(&["scan", "findings.json", "-q", "-f", "junit", "--fail-on", fail_on]))
    };
    assert!(junit("high").contains("failures=\"1\""));
    assert!(junit("critical").contains("failures=\"0\"") && junit("none").contains("failures=\"0\""));
}

#[test]
fn findings_go_to_standard_output_and_everything_else_to_standard_error() {
    let inputs = Inputs::new();
    let output = inputs.run(&["scan", "findings.json"]);
    assert_eq!(out(&output).lines().count(), 1, "a pipe gets one line for each finding");
    assert!(out(&output).starts_with("high\tWO-"), "admitted is one step lower: {}", out(&output));
    assert!(err(&output).contains("assessed 1 of 1 network security group"));
    let quiet = inputs.run(&["scan", "findings.json", "-q"]);
    assert_eq!((out(&quiet), err(&quiet).as_str()), (out(&output), ""));
    let clean = inputs.run(&["scan", "clean.json", "-f", "table"]);
    assert!(out(&clean).contains("scope: inbound from the Internet"), "{}", out(&clean));
    assert_eq!(err(&clean), "");
}

#[test]
fn json_follows_the_schema_that_the_binary_prints() {
    let inputs = Inputs::new();
    let printed = inputs.run(&["schema", "result"]);
    assert_eq!(code(&printed), 0);
    let schema = jsonschema::validator_for(&json(&printed)).unwrap();
    for file in ["clean.json", "findings.json", "incomplete.json", "truncated.json", "nowhere.json"] {
        let result = json(&inputs.run(&["scan", file, "-f", "json"]));
        let mistakes: Vec<String> = schema.iter_errors(&result).map(|mistake| mistake.to_string()).collect();
        assert!(mistakes.is_empty(), "{file}: {mistakes:?}");
        let complete = ["clean.json", "findings.json"].contains(&file);
        assert_eq!(result["run"]["status"], if complete { "complete" } else { "incomplete" }, "{file}");
    }
    assert_eq!(code(&inputs.run(&["schema", "nothing"])), 2);
}

#[test]
fn schemas_are_listed_and_each_is_one() {
    let inputs = Inputs::new();
    let listed = out(&inputs.run(&["schema"]));
    assert_eq!(listed.lines().count(), 4, "{listed}");
    for line in listed.lines() {
        let (name, document) = line.split_once(' ').unwrap();
        let schema = json(&inputs.run(&["schema", name]));
        assert!(jsonschema::draft202012::meta::is_valid(&schema), "{name}");
        assert!(document.contains(schema["properties"]["schema"]["const"].as_str().unwrap()), "{line}");
    }
}

/// Pipelines set what they have no value for to the empty text.
#[test]
fn a_variable_that_is_set_to_nothing_is_not_set() {
    let inputs = Inputs::new();
    let said = |verb: &str, empty: bool| {
        let help = out(&inputs.run(&[verb, "--help"]));
        let names = help.split("[env: ").skip(1).filter_map(|rest| rest.split('=').next());
        let names: Vec<String> = names.map(str::to_owned).collect();
        assert!(names.len() > 4, "{help}");
        let arguments: &[&str] = match verb {
            "scan" => &["scan", "findings.json"],
            "test" => &["test", "--from", "8.8.8.8", "--to", "nsg-web", "--port", "22", "findings.json"],
            _ => &["explain", "no-filter"],
        };
        let mut command = inputs.command(arguments);
        names.iter().filter(|_| empty).for_each(|name| {
            command.env(name, "");
        });
        let output = command.output().unwrap();
        (code(&output), out(&output), err(&output))
    };
    for verb in ["scan", "test", "explain"] {
        assert_eq!(said(verb, true), said(verb, false), "{verb}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_of_results_is_as_readable_as_any_other() {
    use std::os::unix::fs::PermissionsExt;
    let inputs = Inputs::new();
    inputs.put("other", "");
    inputs.run(&["scan", "findings.json", "-q", "-o", "json=result.json"]);
    let mode = |name: &str| fs::metadata(inputs.path(name)).unwrap().permissions().mode();
    assert_eq!(mode("result.json"), mode("other"));
}

#[test]
fn json_lines_have_their_type_first_and_the_run_last() {
    let inputs = Inputs::new();
    let output = inputs.run(&["scan", "findings.json", "-f", "jsonl"]);
    let lines: Vec<Value> = out(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(out(&output).lines().all(|line| line.starts_with("{\"type\":\"")));
    assert_eq!(lines.first().unwrap()["type"], "exposure");
    assert_eq!(lines.last().unwrap()["type"], "run");
}

/// The contract's own example: two halves are everything, and places name file, line and pointer.
#[test]
fn an_exposure_says_what_the_contract_says() {
    let inputs = Inputs::new();
    let halves = rule("0.0.0.0/1", "22") + "," + &rule("128.0.0.0/1", "22").replace("100", "110");
    inputs.put("halves.json", group(&halves));
    let result = json(&inputs.run(&["scan", "halves.json", "-f", "json"]));
    let exposure = &result["exposures"][0];
    assert_eq!(result["exposures"].as_array().unwrap().len(), 1);
    assert_eq!(exposure["sources"]["ipv4"]["addresses"], "3702258431");
    assert_eq!(exposure["sources"]["ipv4"]["cidrs"], serde_json::json!(["0.0.0.0/0"]));
    assert_eq!(exposure["sources"]["ipv6"], Value::Null);
    assert_eq!((&exposure["reach"], &exposure["certainty"]), (&"admitted".into(), &"proved".into()));
    assert_eq!(exposure["opened_by"][0]["provenance"]["pointer"], "/0/securityRules/0");
    assert_eq!(exposure["opened_by"][0]["provenance"]["line"], 1);
    let input = &result["run"]["inputs"][0];
    assert_eq!((&input["format"], &input["resources"]), (&"azure/cli".into(), &1.into()));
    assert_eq!(input["sha256"].as_str().unwrap().len(), 64);
}

#[test]
fn thresholds_decide_the_exit_code() {
    let inputs = Inputs::new();
    let ends = |arguments: &[&str]| code(&inputs.run(&[&["scan"], arguments].concat()));
    assert_eq!(ends(&["findings.json", "--fail-on", "none"]), 0);
    assert_eq!(ends(&["findings.json", "--fail-on", "critical"]), 0);
    assert_eq!(ends(&["findings.json", "--fail-on", "high"]), 1);
    assert_eq!(ends(&["findings.json", "--severity", "critical"]), 1, "what is hidden still counts");
    assert_eq!(ends(&["findings.json", "--skip", "internet-reaches-admin-port"]), 0);
    assert_eq!(ends(&["incomplete.json"]), 3);
    assert_eq!(ends(&["incomplete.json", "--fail-on", "high"]), 0);
    assert_eq!(ends(&["findings.json", "truncated.json"]), 1, "findings before incomplete");
    assert_eq!(ends(&["findings.json", "nowhere.json"]), 2, "usage before findings");
    assert_eq!(ends(&["findings.json", "--fail-on", "hihg"]), 2);
    assert_eq!(ends(&["findings.json", "--select", "no-such-check"]), 2);
    assert_eq!(ends(&["findings.json", "--port", "ssh"]), 2);
    assert_eq!(ends(&[]), 2);
}

#[test]
fn filters_show_what_was_asked_for() {
    let inputs = Inputs::new();
    inputs.put("two.json", group(&(rule("*", "22") + "," + &rule("*", "1433").replace("100", "110"))));
    let checks = |arguments: &[&str]| -> Vec<String> {
        let output = inputs.run(&[&["scan", "two.json", "-q"], arguments].concat());
        out(&output).lines().map(|line| line.split('\t').nth(2).unwrap().to_owned()).collect()
    };
    assert_eq!(checks(&["--select", "internet-reaches-database-port"]), ["internet-reaches-database-port"]);
    assert_eq!(
        checks(&["--port", "22/tcp", "--select", "internet-reaches-admin-port"]),
        ["internet-reaches-admin-port"]
    );
    assert!(checks(&["--port", "23"]).is_empty());
    assert!(checks(&["--port", "22/udp"]).is_empty());
    let unknown = inputs.run(&["scan", "two.json", "--target", "nsg-wed"]);
    assert_eq!((code(&unknown), out(&unknown).as_str()), (2, ""));
    assert!(err(&unknown).contains("did you mean `nsg-web`?"), "{}", err(&unknown));
    assert_eq!(checks(&["--target", "NSG-WEB", "--select", "internet-reaches-admin-port"]).len(), 1);
}

#[test]
fn what_can_be_read_is_assessed_beside_what_cannot() {
    let inputs = Inputs::new();
    let output = inputs.run(&["scan", "truncated.json", "findings.json", "nowhere.json", "-f", "json"]);
    let result = json(&output);
    assert_eq!(result["findings"][0]["check"], "internet-reaches-admin-port");
    let codes: Vec<&str> =
        result["gaps"].as_array().unwrap().iter().map(|gap| gap["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"missing-input"), "{codes:?}");
    assert_eq!(codes.len(), 2, "{codes:?}");
}

/// Issue 2, "Bad input": a message with the file and what was expected, the rest still assessed, exit 3.
#[test]
fn bad_input_is_told_and_never_fatal() {
    let inputs = Inputs::new();
    let nested = format!("{}{}", "[".repeat(2_000), "]".repeat(2_000));
    let mut utf16: Vec<u8> = vec![0xff, 0xfe];
    utf16.extend(group(&rule("0.0.0.0/0", "22")).encode_utf16().flat_map(u16::to_le_bytes));
    let bad: [(&str, Vec<u8>); 9] = [
        ("empty.json", Vec::new()),
        ("picture.json", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()),
        ("utf8.json", b"[{\"name\": \"\xff\"}]".to_vec()),
        ("nested.json", nested.into_bytes()),
        ("wrong.json", br#"[{"name": "g", "securityRules": {"a": 1}}]"#.to_vec()),
        (
            "types.json",
            group(r#"{"name": 5, "priority": "high", "direction": [], "access": {}}"#).into_bytes(),
        ),
        ("prefix.json", group(&rule("0.0.0.0/33", "22")).into_bytes()),
        ("port.json", group(&rule("0.0.0.0/0", "22-")).into_bytes()),
        ("range.json", group(&rule("0.0.0.0/0", "70000")).into_bytes()),
    ];
    for (name, content) in bad {
        inputs.put(name, content);
        let output = inputs.run(&["scan", name, "findings.json", "-f", "json"]);
        assert!(is_civil(&output), "{name}: {}", err(&output));
        let result = json(&output);
        let gap = &result["gaps"][0];
        assert!(gap["where"]["path"].as_str().is_some_and(|path| path.ends_with(name)), "{name}: {gap}");
        assert_eq!(result["run"]["status"], "incomplete", "{name}");
        let admin = |finding: &Value| {
            finding["check"] == "internet-reaches-admin-port" && finding["severity"] == "high"
        };
        assert!(
            result["findings"].as_array().unwrap().iter().any(admin),
            "{name}: the rest is still assessed"
        );
        let alone = inputs.run(&["scan", name, "--fail-on", "incomplete"]);
        assert_eq!(code(&alone), 3, "{name}: {}", err(&alone));
        assert!(err(&alone).contains(name), "{name}: {}", err(&alone));
    }
    for (name, content) in [
        ("bom.json", [b"\xef\xbb\xbf".as_slice(), group(&rule("0.0.0.0/0", "22")).as_bytes()].concat()),
        ("wide.json", utf16),
        ("windows.json", group(&rule("0.0.0.0/0", "22")).replace('\n', "\r\n").into_bytes()),
    ] {
        inputs.put(name, content);
        assert_eq!(code(&inputs.run(&["scan", name])), 1, "{name} is read as what it is");
    }
}

#[test]
fn an_empty_folder_is_incomplete_and_an_empty_list_is_not() {
    let inputs = Inputs::new();
    fs::create_dir(inputs.path("none")).unwrap();
    fs::create_dir(inputs.path("alien")).unwrap();
    inputs.put("alien/package.json", r#"{"name": "not an export", "version": "1.0.0"}"#);
    inputs.put("list.json", "[]");
    assert_eq!(code(&inputs.run(&["scan", "none"])), 3);
    assert_eq!(code(&inputs.run(&["scan", "alien"])), 3);
    assert_eq!(code(&inputs.run(&["scan", "no*such"])), 3);
    assert_eq!(code(&inputs.run(&["scan", "list.json"])), 0);
}

#[test]
fn names_never_reach_the_terminal_raw() {
    let inputs = Inputs::new();
    let evil = group(&rule("0.0.0.0/0", "22")).replace("nsg-web", "evil\\u001b[2J\\u202e\\u0007");
    inputs.put("evil.json", evil);
    for format in ["table", "short"] {
        let output = inputs.run(&["scan", "evil.json", "-f", format, "--color", "never"]);
        let all = out(&output) + &err(&output);
        assert!(all.contains("\\u{1b}[2J\\u{202e}\\u{7}"), "{all}");
        assert!(!all.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{all:?}");
    }
}

#[test]
fn standard_input_is_an_input() {
    let inputs = Inputs::new();
    let mut child = inputs
        .command(&["scan", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(group(&rule("0.0.0.0/0", "22")).as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 1);
    assert!(out(&output).contains("<stdin>:1"), "{}", out(&output));
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let inputs = Inputs::new();
    let many: Vec<String> =
        (0..4_000).map(|n| group(&rule("0.0.0.0/0", "22")).replace("nsg-web", &format!("nsg-{n}"))).collect();
    inputs.put("many.json", many.join("\n"));
    let mut child = inputs
        .command(&["scan", "many.json", "-f", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 100];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 1, "{}", err(&output));
    assert!(is_civil(&output) && !err(&output).to_lowercase().contains("broken pipe"), "{}", err(&output));
}

#[test]
fn results_go_to_files_whole() {
    let inputs = Inputs::new();
    let output = inputs.run(&[
        "scan",
        "findings.json",
        "-f",
        "short",
        "-o",
        "json=result.json",
        "-o",
        "table=result.txt",
    ]);
    assert_eq!(code(&output), 1);
    let written: Value =
        serde_json::from_str(&fs::read_to_string(inputs.path("result.json")).unwrap()).unwrap();
    assert_eq!(written["schema"], "wideopen.result/1");
    assert!(fs::read_to_string(inputs.path("result.txt")).unwrap().contains("nsg-web"));
    assert_eq!(code(&inputs.run(&["scan", "findings.json", "-o", "result.json"])), 2);
    assert_eq!(code(&inputs.run(&["scan", "findings.json", "-o", "json=no/such/folder/x.json"])), 2);
    let left = fs::read_dir(inputs.folder.path())
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with(".wideopen-"));
    assert_eq!(left.count(), 0, "nothing half written stays");
}

#[test]
fn configuration_is_found_from_the_input_upwards() {
    let inputs = Inputs::new();
    fs::create_dir_all(inputs.path("estate/exports")).unwrap();
    fs::copy(inputs.path("findings.json"), inputs.path("estate/exports/nsgs.json")).unwrap();
    inputs.put("estate/wideopen.toml", "[severities]\ninternet-reaches-admin-port = \"low\"\n");
    assert_eq!(code(&inputs.run(&["scan", "estate/exports"])), 0);
    assert_eq!(code(&inputs.run(&["scan", "estate/exports", "--no-config"])), 1);
    inputs.put("estate/wideopen.toml", "fail_on = \"high\"\n");
    let output = inputs.run(&["scan", "estate/exports", "-f", "short"]);
    assert_eq!(code(&output), 2);
    assert!(
        err(&output).contains("wideopen.toml:1:1") && err(&output).contains("did you mean `fail-on`?"),
        "{}",
        err(&output)
    );
    assert!(out(&output).contains("internet-reaches-admin-port"), "what can be read is still assessed first");
}

#[test]
fn the_environment_is_heard_and_the_command_line_wins() {
    let inputs = Inputs::new();
    let run = |arguments: &[&str], name: &str, value: &str| {
        inputs.command(arguments).env(name, value).output().unwrap()
    };
    assert!(out(&run(&["scan", "findings.json"], "WIDEOPEN_FORMAT", "json")).starts_with('{'));
    assert!(
        !out(&run(&["scan", "findings.json", "-f", "short"], "WIDEOPEN_FORMAT", "json")).starts_with('{')
    );
    assert_eq!(code(&run(&["scan", "findings.json"], "WIDEOPEN_FAIL_ON", "none")), 0);
    assert_eq!(code(&run(&["scan", "findings.json"], "WIDEOPEN_FORMAT", "yaml")), 2);
    for (value, quiet) in [("1", true), ("true", true), ("0", false), ("", false)] {
        assert_eq!(
            err(&run(&["scan", "findings.json"], "WIDEOPEN_QUIET", value)).is_empty(),
            quiet,
            "{value:?}"
        );
    }
}

#[test]
fn colour_follows_the_flag() {
    let inputs = Inputs::new();
    let has_colour = |flag| {
        out(&inputs.run(&["scan", "findings.json", "-f", "table", "--color", flag])).contains('\u{1b}')
    };
    assert!(has_colour("always"));
    assert!(!has_colour("never"));
    assert!(!has_colour("auto"), "a pipe is no terminal");
}

#[test]
fn support_verbs_answer_and_refuse() {
    let inputs = Inputs::new();
    let run = |arguments: &[&str]| inputs.run(arguments);
    assert_eq!(code(&run(&["init"])), 0);
    assert!(fs::read_to_string(Path::new(&inputs.path("wideopen.toml"))).unwrap().contains("# fail-on"));
    assert_eq!(code(&run(&["scan", "clean.json"])), 0, "what init writes is a configuration");
    let again = run(&["init"]);
    assert_eq!(code(&again), 2);
    assert!(err(&again).contains("already has a wideopen.toml"));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = run(&["completions", shell]);
        assert!(code(&output) == 0 && out(&output).contains("wideopen"), "{shell}");
    }
    assert_eq!(code(&run(&["completions", "sh"])), 2);
    let man = run(&["man"]);
    assert!(code(&man) == 0 && out(&man).contains(".TH wideopen"));
    let help = run(&["--help"]);
    assert!(code(&help) == 0 && out(&help).contains("Exit codes"));
    assert_eq!(code(&run(&["--version"])), 0);
    let unknown = run(&["scna"]);
    assert_eq!(code(&unknown), 2);
    assert!(err(&unknown).contains("scan"), "a near verb is named: {}", err(&unknown));
}

/// An untouched copy of what the README runs.
#[test]
fn the_example_is_told_as_the_readme_shows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = Command::new(env!("CARGO_BIN_EXE_wideopen"))
        .args(["scan", "examples/contoso", "--no-config", "-f", "table", "--color", "never"])
        .current_dir(&root)
        .output()
        .unwrap();
    assert_eq!(code(&output), 1);
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let told = out(&output);
    assert!(readme.contains(told.trim_end()), "README.md does not show this any more:\n{told}");
}
