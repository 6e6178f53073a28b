//! `wideopen test` as a person uses it: exit code, stdout and stderr.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code: a broken invariant is a failed test"
)]

use std::fs;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

const NETWORK: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network";
const COMPUTE: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute";

/// A machine with a public address, one that has none, two of one name, and one behind a rule that is not understood.
struct Inputs {
    folder: TempDir,
}

impl Inputs {
    fn new() -> Self {
        let inputs = Self { folder: tempfile::tempdir().unwrap() };
        inputs.put("nsgs.json", &json!([group("nsg-web", "10.0.0.0/8"), group("nsg-odd", "NoSuchTag")]));
        inputs.put(
            "nics.json",
            &json!([
                nic("rg", "vm-web-nic", "nsg-web", Some("pip-web")),
                nic("rg", "vm-odd-nic", "nsg-odd", Some("pip-odd")),
                nic("rg", "vm-alone-nic", "nsg-web", None),
                nic("rg", "twin", "nsg-web", None),
                nic("rg2", "twin", "nsg-web", None),
            ]),
        );
        let public = ["pip-web", "pip-odd"].into_iter().zip(["203.0.113.10", "203.0.113.11"]);
        inputs.put("public-ips.json", &public.map(|(name, address)| public_address(name, address)).collect());
        inputs.put("vnets.json", &json!([network()]));
        inputs.put("vms.json", &json!([machine()]));
        inputs
    }

    fn put(&self, name: &str, content: &Value) {
        fs::write(self.folder.path().join(name), content.to_string()).unwrap();
    }

    /// Runs in the folder, without what the machine's environment may say.
    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wideopen"));
        for (name, _) in
            std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("WIDEOPEN_"))
        {
            command.env_remove(name);
        }
        command.args(arguments).current_dir(self.folder.path()).env_remove("NO_COLOR");
        command.env("XDG_CONFIG_HOME", self.folder.path().join("no-such-folder"));
        command.output().unwrap()
    }

    fn test(&self, from: &str, to: &str, port: &str) -> Output {
        self.run(&["test", "--from", from, "--to", to, "--port", port, "."])
    }
}

fn group(name: &str, denied: &str) -> Value {
    let rule = |name: &str, priority: u32, access: &str, source: &str, protocol: &str, port: &str| {
        json!({
            "name": name, "priority": priority, "direction": "Inbound", "access": access, "protocol": protocol,
            "sourceAddressPrefix": source, "sourcePortRange": "*",
            "destinationAddressPrefix": "*", "destinationPortRange": port
        })
    };
    json!({
        "id": format!("{NETWORK}/networkSecurityGroups/{name}"), "name": name, "resourceGroup": "rg",
        "type": "Microsoft.Network/networkSecurityGroups",
        "securityRules": [
            rule("deny-some", 100, "Deny", denied, "*", "*"),
            rule("allow-rdp", 200, "Allow", "8.8.8.0/24", "Tcp", "3389"),
            rule("allow-dns", 210, "Allow", "*", "Udp", "53"),
            rule("allow-ping", 220, "Allow", "*", "Icmp", "*"),
        ]
    })
}

fn nic(resource_group: &str, name: &str, group: &str, public: Option<&str>) -> Value {
    let id = format!(
        "/subscriptions/s/resourceGroups/{resource_group}/providers/Microsoft.Network/networkInterfaces/{name}"
    );
    json!({
        "id": id, "name": name, "resourceGroup": resource_group, "type": "Microsoft.Network/networkInterfaces",
        "networkSecurityGroup": { "id": format!("{NETWORK}/networkSecurityGroups/{group}") },
        "virtualMachine": if name == "vm-web-nic" {
            json!({ "id": format!("{COMPUTE}/virtualMachines/vm-web") })
        } else {
            Value::Null
        },
        "ipConfigurations": [{
            "id": format!("{id}/ipConfigurations/one"), "name": "one", "privateIPAddress": "10.0.0.4",
            "privateIPAddressVersion": "IPv4",
            "publicIPAddress": public.map(|name| json!({ "id": format!("{NETWORK}/publicIPAddresses/{name}") })),
            "subnet": { "id": format!("{NETWORK}/virtualNetworks/vnet/subnets/one") }
        }]
    })
}

fn public_address(name: &str, address: &str) -> Value {
    json!({
        "id": format!("{NETWORK}/publicIPAddresses/{name}"), "name": name, "resourceGroup": "rg",
        "type": "Microsoft.Network/publicIPAddresses", "ipAddress": address,
        "publicIPAddressVersion": "IPv4", "publicIPAllocationMethod": "Static", "sku": { "name": "Standard" }
    })
}

fn network() -> Value {
    json!({
        "id": format!("{NETWORK}/virtualNetworks/vnet"), "name": "vnet", "resourceGroup": "rg",
        "type": "Microsoft.Network/virtualNetworks", "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] },
        "subnets": [{
            "id": format!("{NETWORK}/virtualNetworks/vnet/subnets/one"), "name": "one",
            "addressPrefix": "10.0.0.0/24", "networkSecurityGroup": null, "routeTable": null
        }]
    })
}

fn machine() -> Value {
    json!({
        "id": format!("{COMPUTE}/virtualMachines/vm-web"), "name": "vm-web", "resourceGroup": "rg",
        "type": "Microsoft.Compute/virtualMachines",
        "networkProfile": { "networkInterfaces": [{ "id": format!("{NETWORK}/networkInterfaces/vm-web-nic") }] }
    })
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

#[test]
fn a_packet_gets_in_stays_out_or_is_undecided() {
    let inputs = Inputs::new();
    for (from, to, port, expected, said) in [
        ("8.8.8.8", "203.0.113.10", "3389/tcp", 0, "allow-rdp (200)"),
        ("8.8.8.8", "203.0.113.10", "3389", 0, "allow-rdp (200)"),
        ("8.8.8.8", "vm-web-nic", "3389/tcp", 0, "allow-rdp (200)"),
        ("8.8.8.8", "VM-WEB", "3389/tcp", 0, "allow-rdp (200)"),
        ("1.2.3.4", "vm-web-nic", "53/udp", 0, "allow-dns (210)"),
        ("1.2.3.4", "vm-web-nic", "icmp", 0, "allow-ping (220)"),
        ("1.2.3.4", "vm-web-nic", "icmp:3/4", 0, "icmp 3/4 1.2.3.4 -> 203.0.113.10"),
        ("9.9.9.9", "203.0.113.10", "3389/tcp", 1, "DenyAllInBound"),
        ("8.8.8.8", "vm-web-nic", "22", 1, "kept out by nsg-web / DenyAllInBound"),
        ("8.8.8.8", "vm-web-nic", "esp", 1, "DenyAllInBound"),
        ("8.8.8.8", "vm-web-nic", "gre", 1, "the cloud carries no gre"),
        ("10.1.2.3", "vm-web-nic", "3389", 1, "10.1.2.3 is no Internet address"),
        ("2600::1", "vm-web-nic", "3389", 1, "no way that leads there is of the family of the source"),
        ("8.8.8.8", "vm-alone-nic", "3389", 1, "no path: its filters would let it in"),
        (
            "9.9.9.9",
            "vm-alone-nic",
            "3389",
            1,
            "no path: it is not attached, has no public address, or no gateway",
        ),
        ("8.8.8.8", "vm-odd-nic", "3389", 3, "deny-some (100) or allow-rdp (200)"),
        ("9.9.9.9", "vm-odd-nic", "3389", 1, "kept out by nsg-odd"),
    ] {
        let output = inputs.test(from, to, port);
        let question = format!("{from} > {to} {port}");
        assert_eq!(code(&output), expected, "{question}: {}{}", out(&output), err(&output));
        assert!(out(&output).contains(said), "{question}: {}", out(&output));
        assert!(out(&output).contains("scope: inbound from the Internet"), "{question}");
        let verdict = ["ALLOW ", "DENY ", "", "UNDECIDED "][expected as usize];
        assert!(out(&output).starts_with(verdict), "{question}: {}", out(&output));
    }
}

/// Never closed on what was not read: any document may hold another way in.
#[test]
fn what_is_kept_out_is_undecided_beside_what_was_not_read() {
    let inputs = Inputs::new();
    let ask = |from: &str, port: &str| inputs.test(from, "vm-web-nic", port);
    assert_eq!(code(&ask("9.9.9.9", "3389")), 1);
    fs::write(inputs.folder.path().join("balancers.json"), "[{\"frontendIPConfigurations\": [").unwrap();
    let output = ask("9.9.9.9", "3389");
    assert_eq!(code(&output), 3, "{}", out(&output));
    let told = out(&output);
    assert!(told.starts_with("UNDECIDED "), "{told}");
    assert!(told.contains("kept out by nsg-web / DenyAllInBound, as far as the input was read"), "{told}");
    assert!(told.contains("not read: "), "{told}");
    // What gets in gets in, and what the cloud does not carry stays out, whatever was not read.
    assert_eq!(code(&ask("8.8.8.8", "3389")), 0);
    assert_eq!(code(&ask("8.8.8.8", "gre")), 1);
    // A page that is cut off is as good as a file that is.
    fs::remove_file(inputs.folder.path().join("balancers.json")).unwrap();
    let page = json!({
        "value": [], "nextLink": "https://management.azure.com/subscriptions/s/providers/x?page=2"
    });
    inputs.put("page.json", &page);
    let output = ask("9.9.9.9", "3389");
    assert_eq!(code(&output), 3, "{}{}", out(&output), err(&output));
}

#[test]
fn wrong_usage_says_what_to_change() {
    let inputs = Inputs::new();
    for (from, to, port, said) in [
        ("8.8.8.8", "vm-wev-nic", "3389", "did you mean `vm-web-nic`?"),
        ("8.8.8.8", "203.0.113.99", "3389", "nothing in the input is seen from outside at that address"),
        ("8.8.8.8", "vm-web-nic", "3389/icmp", "icmp has no ports"),
        ("8.8.8.8", "vm-web-nic", "tcp", "tcp needs a port"),
        ("8.8.8.8", "vm-web-nic", "tcp:22", "tcp has no types"),
        ("8.8.8.8", "vm-web-nic", "icmp:8/256", "`8/256` is no type and code"),
        ("8.8.8.8", "vm-web-nic", "70000", "`70000` is no port"),
        ("somebody", "vm-web-nic", "3389", "--from"),
    ] {
        let output = inputs.test(from, to, port);
        assert_eq!((code(&output), out(&output).as_str()), (2, ""), "{to} {port}");
        assert!(err(&output).contains(said), "{to} {port}: {}", err(&output));
    }
    let output = inputs.run(&["test", "--from", "8.8.8.8", "--to", "vm-web-nic", "."]);
    assert_eq!(code(&output), 2, "no port");
    let question = ["test", "--from", "8.8.8.8", "--to", "vm-web-nic", "--port"];
    let ping = [&question[..], &["icmp", "--source-port", "5", "."]].concat();
    assert_eq!(code(&inputs.run(&ping)), 2);
    // What can be read is still answered first.
    let nowhere = [&question[..], &["3389", ".", "nowhere.json"]].concat();
    let output = inputs.run(&nowhere);
    assert_eq!(code(&output), 2);
    assert!(out(&output).starts_with("ALLOW"), "{}", out(&output));
    assert!(err(&output).contains("nowhere.json"), "{}", err(&output));
}

#[test]
fn an_ambiguous_name_lists_its_candidates() {
    let inputs = Inputs::new();
    let output = inputs.test("8.8.8.8", "twin", "3389");
    assert_eq!((code(&output), out(&output).as_str()), (2, ""));
    let said = err(&output);
    assert!(said.contains("is the name of several"), "{said}");
    assert!(said.contains("/resourceGroups/rg/") && said.contains("/resourceGroups/rg2/"), "{said}");
    let id = format!("{NETWORK}/networkInterfaces/twin");
    assert_eq!(code(&inputs.test("8.8.8.8", &id, "3389")), 1);
}

#[test]
fn json_follows_the_schema_that_the_binary_prints() {
    let inputs = Inputs::new();
    let printed = inputs.run(&["schema", "test"]);
    assert_eq!(code(&printed), 0);
    let schema = jsonschema::validator_for(&serde_json::from_slice(&printed.stdout).unwrap()).unwrap();
    for (from, to, port, expected, verdict) in [
        ("8.8.8.8", "203.0.113.10", "3389", 0, "allow"),
        ("9.9.9.9", "vm-web-nic", "3389", 1, "deny"),
        ("8.8.8.8", "vm-alone-nic", "3389", 1, "deny"),
        ("8.8.8.8", "vm-odd-nic", "3389", 3, "undecided"),
        ("8.8.8.8", "vm-web-nic", "gre", 1, "deny"),
    ] {
        let output = inputs.run(&["test", "--from", from, "--to", to, "--port", port, "-f", "json", "."]);
        assert_eq!(code(&output), expected);
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        let mistakes: Vec<String> = schema.iter_errors(&document).map(|it| it.to_string()).collect();
        assert!(mistakes.is_empty(), "{mistakes:?}");
        assert_eq!(document["verdict"], verdict);
    }
    let output =
        inputs.run(&["test", "--from", "8.8.8.8", "--to", "vm-web", "--port", "3389", "-f", "json", "."]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        document["packet"],
        json!({
            "protocol": "tcp", "source": "8.8.8.8", "source_port": 50000,
            "front": "203.0.113.10:3389", "target": "10.0.0.4", "target_port": 3389, "icmp": null
        })
    );
    assert_eq!(document["layers"][0]["rule"], "allow-rdp");
    assert_eq!(document["layers"][0]["rules"][0]["provenance"]["line"], 1);
    assert_eq!(code(&inputs.run(&["test", "-f", "sarif"])), 2);
}

/// A rule of source ports: the caller chooses, unless the user says from which.
#[test]
fn the_source_port_is_the_callers_choice_unless_it_is_said() {
    let inputs = Inputs::new();
    let mut groups = json!([group("nsg-web", "10.0.0.0/8")]);
    groups[0]["securityRules"][1]["sourcePortRange"] = json!("1000-2000");
    inputs.put("nsgs.json", &groups);
    let question = ["test", "--from", "8.8.8.8", "--to", "vm-web", "--port", "3389", "."];
    let output = inputs.run(&question);
    assert_eq!(code(&output), 0, "{}", out(&output));
    assert!(out(&output).contains("8.8.8.8:1000 -> 203.0.113.10:3389"), "{}", out(&output));
    assert_eq!(code(&inputs.run(&[&question[..], &["--source-port", "2000"]].concat())), 0);
    assert_eq!(code(&inputs.run(&[&question[..], &["--source-port", "2001"]].concat())), 1);
}
